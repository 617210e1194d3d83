//! Stories over the real engine, the real SQLite file and real servers.
//!
//! A story is written once and runs against a reference server of its own and, all on one server, against a real Kinto.
//! What needs a server to be set up in a special way runs against the reference server only.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(missing_docs)]

mod person;
mod servers;
mod stage;
mod stories;
