//! `matchbookctl` as a program, against the reference server.

mod creates;
mod deletes;
mod exits;
mod lists;
mod merges;
mod queue;
mod serving;
mod sources;
mod story;
mod world;
