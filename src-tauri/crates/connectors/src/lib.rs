//! Server families, pure: operations become HTTP requests, answers become outcomes. Status numbers end here.
//!
//! [`connector`] makes the [`Connector`] of a source from its family, its address and, for `rest`, a declarative
//! profile. The caller sends the requests and hands the answers back; see docs/connectors.md.

mod address;
mod batch;
mod connector;
mod cursor;
mod envelope;
mod judge;
mod kinto;
mod message;
mod outcome;
mod problem;
mod rest;
mod scratch;
mod time;
mod well_known;

pub use address::ProfileError;
pub use connector::{BuildError, Connector, FamilyInfo, connector, families};
pub use message::{Answer, Request, Response, TransportError};
pub use outcome::{
    AuditLine, BatchOutcome, Discovery, DryRun, Failed, FoundCollection, Item, ItemWhat, ListOutcome,
    PageNext, Stamp, WellKnown,
};
pub use rest::profile::{DEFAULT_PROFILE, REFERENCE_PROFILE};
pub use time::not_before;
pub use well_known::{well_known, well_known_answer};
