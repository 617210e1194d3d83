//! What crosses between the app and its window: requests, replies, events, and a closed list of error codes.
//!
//! Ids and validators are strings, values of records are strings with a type tag (JavaScript loses integers above
//! 2^53), times are milliseconds since 1970 UTC. TypeScript types and the command map are generated from here
//! ([`typescript`]); the generated file is committed and a test compares it.

mod activity;
mod batch;
mod command;
mod error;
mod form;
mod history;
mod merge;
mod merge_more;
mod merge_row;
mod outbox;
mod record;
mod source;
mod status;
mod typescript;
mod value;

pub use activity::*;
pub use batch::*;
pub use command::*;
pub use error::*;
pub use form::*;
pub use history::*;
pub use merge::*;
pub use merge_more::*;
pub use merge_row::*;
pub use outbox::*;
pub use record::*;
pub use source::*;
pub use status::*;
pub use typescript::typescript;
pub use value::*;

/// Milliseconds since 1970-01-01 UTC.
pub type Millis = i64;
