//! The reference ETag server: records in SQLite behind conditional HTTP requests.
//!
//! It is the embedded demo of the app, `matchbookctl serve`, and the counterpart of tests. A record is a document kept
//! and returned byte for byte; every change needs a precondition (RFC 9110 section 13) and is one compare-and-set
//! statement; a refused change is answered with the representation the server has now (RFC 9457 problem details).
//! `openapi.json` describes every route; `docs/reference-server.md` is the short introduction.
//!
//! ```no_run
//! # async fn demo() -> Result<(), demo_server::StartError> {
//! let server = demo_server::start(demo_server::Options { sample: true, ..Default::default() }).await?;
//! println!("base={}", server.base_url());
//! server.stop().await;
//! # Ok(())
//! # }
//! ```
#![deny(missing_docs)]

mod clock;
mod document;
mod etag;
mod lenient;
mod members;
mod message;
mod options;
mod patching;
mod precondition;
mod problem;
mod query;
mod rate;
mod routes;
mod sample;
mod server;
mod sign_in;
mod store;
mod stream;
mod surface;
mod target;
mod validation;
mod version;

pub use options::{Options, Rate, RequestLine, RequestObserver};
pub use server::{Server, StartError, start};

/// Largest record accepted, in bytes; more is answered with 413.
pub const MAX_RECORD: usize = 16 * 1024 * 1024;
/// Largest batch request accepted, in bytes.
pub const MAX_BATCH: usize = 64 * 1024 * 1024;
/// Most requests in one batch.
pub const MAX_BATCH_ITEMS: usize = 100;
/// Most items on one page of a list.
pub const MAX_PAGE: usize = 1000;
