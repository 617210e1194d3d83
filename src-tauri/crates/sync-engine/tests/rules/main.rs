//! The rules of the design as tables: every state with every event, every answer, every way to settle a lost one.
//! The names read as rules; docs/sync-protocol.md says the same in prose.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod accepted;
mod again;
mod answers;
mod bench;
mod creates;
mod decisions;
mod events;
mod fits;
mod lives;
mod loops;
mod newer;
mod queue;
mod reopened;
mod settling;
mod undo;
