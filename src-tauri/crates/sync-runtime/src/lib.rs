//! The thin side: what the pure crates decide is done here, and shown in the words of the window.
//!
//! [`SyncHandle`] is the engine in use: one per data folder. It owns the store, the connections and the driver that
//! lets things happen when they are due.

mod check_up;
mod checking;
mod clock;
mod desk;
mod driver;
mod engine;
mod external;
mod fault;
mod files;
mod gates;
mod handle;
mod hub;
mod keychain;
mod live;
mod merges;
mod page;
mod pull;
mod push;
mod radar;
pub mod transport;
pub mod view;

pub use clock::rfc3339;
pub use fault::{Answered, Fault};
pub use files::write_whole;
pub use handle::{
    ConflictHead, ConflictRow, ListRequest, ListedRecord, Options, RoundReport, RoundRequest, SyncHandle,
    VersionBytes, Which, default_home,
};
pub use keychain::{Keychain, KeychainError, Secret};
