//! `matchbookctl` as a program, against the reference server.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

mod creates;
mod deletes;
mod exits;
mod lists;
mod merges;
mod past;
mod queue;
mod serving;
mod settling;
mod sources;
mod story;
mod trouble;
mod world;
