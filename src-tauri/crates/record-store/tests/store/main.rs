//! The store as its users see it.

mod any;
mod crash;
mod disk;
mod forbidden;
mod given;
mod history;
mod lists;
mod opening;
mod pulling;
mod roundtrip;
mod sources;
mod waiting;
mod writing;
