//! The sync engine, pure: it decides, others do.
//!
//! [`step`] is the policy for one record: it gets the record, an event and the time, and answers the record as it
//! is to be saved, what goes into its history, and effects to perform after the commit. [`next`] is the policy for
//! the queue. Neither opens a socket, reads a clock or draws a random number. Rules: docs/sync-protocol.md.

mod body;
mod event;
mod fit;
mod ids;
mod judge;
mod note;
mod operation;
mod outcome;
mod prepared;
mod queue;
mod record;
mod rules;
mod step;
mod validator;

pub use body::{Body, Hash};
pub use event::{Context, Effect, Event, HistoryEntry, PauseReason, Seen, Step, StepError, Undo, What};
pub use ids::{LocalKey, RemoteId, Rev, RunId, Seq, SourceId, Timestamp};
pub use judge::merge_of;
pub use note::{MergeNote, Note, NoteRow};
pub use operation::{IdempotencyKey, Precondition, Read, Write};
pub use outcome::{Current, Pointed, ReadOutcome, Refusal, RefusalKind, Version, WriteOutcome};
pub use prepared::Prepared;
pub use queue::{Gate, Next, Task, Waiting, next};
pub use record::{
    Base, Change, Conflict, ConflictKind, Edit, Fate, InFlight, Record, RowNumber, Sent, State, StateError,
    Theirs, TheirsSeen, WaitReason,
};
pub use rules::{Creates, Grade, MergePolicy, Misfit, Rules, Shape, Shaped};
pub use step::step;
pub use validator::{Usable, Validator, ValidatorError, ValidatorProfile};
