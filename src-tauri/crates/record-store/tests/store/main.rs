//! The store as its users see it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod any;
mod crash;
mod disk;
mod forbidden;
mod given;
mod history;
mod keeping;
mod lists;
mod needs_you;
mod opening;
mod pulling;
mod roundtrip;
mod sources;
mod version_1;
mod waiting;
mod writing;
