//! What can happen to a record, and what follows from it.

use crate::{
    Base, Body, IdempotencyKey, Note, Prepared, Read, ReadOutcome, Record, RemoteId, Rules, RunId, Seq,
    Theirs, Timestamp, Validator, Version, Write, WriteOutcome,
};
use record_merge::{Choice, Decision};
use serde::{Deserialize, Serialize};

/// Something happened to one record.
#[derive(Clone, Debug)]
pub enum Event {
    /// The person saved a representation.
    EditSaved(Body),
    /// The person deleted the record.
    DeleteSaved,
    /// The person takes the edit back.
    Discarded,
    /// The person wants it tried now.
    Retried,
    /// The person keeps it back (`true`) or releases it.
    Held(bool),
    /// Its turn came: look, fetch, confirm, judge or send.
    Due {
        /// A fresh key, should this become a POST.
        key: IdempotencyKey,
    },
    /// The answer to the write in flight.
    Answered(WriteOutcome),
    /// The answer to a look, fetch or confirmation.
    Looked(ReadOutcome),
    /// The list was searched for what a lost POST may have made.
    TwinsSearched(Vec<(RemoteId, Version)>),
    /// A listing or a change feed shows this.
    TheirsSeen {
        /// What the server has.
        theirs: Theirs,
        /// When that request began.
        began: Seq,
    },
    /// The person takes the server's news into the waiting edit.
    TakenIn,
    /// The person wants to see the server's news beside the waiting edit: it needs them from now on.
    NewsOpened,
    /// The person decided rows: the whole list as it is now.
    Decided(Vec<Decision>),
    /// The person is done.
    Resolved {
        /// Validator of the server's version the person saw; `None` = whatever is newest.
        seen: Option<Seen>,
        /// One side for every open row.
        all: Option<Choice>,
    },
    /// The person keeps both records.
    KeptBoth {
        /// The version the person saw.
        seen: Option<Seen>,
    },
    /// The person says which record a lost POST made.
    SettledAs {
        /// Its id.
        id: RemoteId,
        /// What is there.
        version: Version,
    },
    /// The person says that a lost POST made none: send it again.
    SettledAsNew,
    /// The person brings an earlier version back: an edit like any other, and a line of the history.
    BroughtBack {
        /// Its representation.
        body: Body,
        /// Its number in the history.
        version: u32,
    },
    /// The person undoes a merge.
    MergeUndone(Box<Undo>),
    /// The person undoes what was decided for many and sent: the version before comes back where nobody changed the
    /// same since.
    SentUndone(Box<Undo>),
    /// The person takes back what was decided for many: nothing of it is on the server (any more), so the question is
    /// open again.
    Reopened {
        /// The merge.
        undo: Box<Undo>,
        /// The decisions there were before.
        decisions: Vec<Decision>,
    },
}

/// A merge to be undone, with the versions it was made of (merge.md M49).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undo {
    /// Number of the merged version in the history.
    pub version: u32,
    /// The merged version as the server confirmed it, else as it was queued; `seen_at` as the history has it.
    pub result: Base,
    /// It was on the wire at least once.
    pub sent: bool,
    /// What is to be brought back once it was sent: the server's version before the merge, or the person's.
    pub back: Body,
    /// What the person had, for an undo before it was sent; `None` = they deleted it.
    pub mine: Option<Body>,
    /// The version before, for an undo before it was sent; `None` = both made the record.
    pub before: Option<Base>,
}

/// The server's version a person looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Present, with this validator and content hash.
    Present(Option<Validator>, crate::Hash),
    /// Deleted.
    Gone,
}

/// Why a source pauses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseReason {
    /// The source asks to sign in (401).
    SignIn,
    /// A proxy asks to sign in (407).
    ProxySignIn,
    /// The network asks to sign in (511, or a page that is not from our server).
    NetworkSignIn,
    /// The server has no room (507, 402): pushes pause, pulls go on.
    ServerFull,
}

/// What to do after the commit. A hint: whatever must happen after a crash follows from the rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Send this write; the record holds its frozen copy.
    Send(Write),
    /// Read the record.
    Look(Read),
    /// Search the listing for what a lost POST may have made.
    SearchTwins,
    /// Pause the source.
    PauseSource(PauseReason),
    /// The server asks everyone to come back later.
    SourceNotBefore(Timestamp),
    /// The server could not be reached.
    Unreachable,
}

/// What happened to a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The server's version, first seen.
    Seen,
    /// The person's version, sent for the first time.
    Sent,
    /// The person's version, set aside by a decision.
    SetAside,
    /// The result of a merge, queued.
    Merged,
    /// Put together by itself, queued.
    MergedByItself,
    /// The person took it back.
    Discarded,
    /// Deleted by the person.
    Deleted,
    /// Deleted on the server.
    Gone,
    /// Equal to what the server got already: our own write, its answer was lost.
    Recognised,
    /// The server's news, taken under the waiting edit by the person.
    TakenIn,
    /// An earlier version, brought back by the person.
    BroughtBack,
    /// The person undid a merge.
    Undone,
    /// The server refused what was sent.
    Rejected,
}

impl What {
    /// Its stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Seen => "seen",
            Self::Sent => "sent",
            Self::SetAside => "set_aside",
            Self::Merged => "merged",
            Self::MergedByItself => "merged_by_itself",
            Self::Discarded => "discarded",
            Self::Deleted => "deleted",
            Self::Gone => "gone",
            Self::Recognised => "recognised",
            Self::TakenIn => "taken_in",
            Self::BroughtBack => "brought_back",
            Self::Undone => "undone",
            Self::Rejected => "rejected",
        }
    }
}

/// One version for the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEntry {
    /// What happened.
    pub what: What,
    /// The person made it (else the server).
    pub by_me: bool,
    /// The representation; `None` = a removal.
    pub body: Option<Body>,
    /// Its validator, if it has one.
    pub validator: Option<Validator>,
    /// Validator of the version it was made from.
    pub from_validator: Option<Validator>,
    /// When it was made, where that is not now: an edit set aside was made earlier.
    pub at: Option<Timestamp>,
    /// Why it is as it is.
    pub note: Option<Note>,
}

/// What [`crate::step`] answers.
#[derive(Clone, Debug)]
pub struct Step {
    /// The record to save; `None` = it is gone (its history stays).
    pub record: Option<Record>,
    /// Versions to keep, saved in the same transaction.
    pub history: Vec<HistoryEntry>,
    /// New records to create in the same collection, in the same transaction ("save my copy as new").
    pub copies: Vec<Body>,
    /// After the commit.
    pub effects: Vec<Effect>,
}

/// Everything [`crate::step`] may know besides the record and the event.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The time.
    pub now: Timestamp,
    /// The present run.
    pub run: RunId,
    /// Sequence number of this transaction: stored as the record's last answer when the event is one.
    pub seq: Seq,
    /// Rules of the collection.
    pub rules: &'a Rules,
    /// A number from 0 to 1, drawn by the runtime: jitter of the back-off.
    pub jitter: f64,
    /// The merge of the record, if somebody made it before; used where it [is of](Prepared::is_of) this record.
    pub prepared: Option<&'a Prepared>,
}

/// Why an event cannot be taken now. Nothing changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StepError {
    /// Not possible in this state.
    #[error("{0}")]
    NotNow(&'static str),
    /// Rows are open.
    #[error("{} still need a choice", .0.len())]
    StillOpen(Vec<record_merge::Path>),
    /// The server has another version by now.
    #[error("the server's version changed since you looked at it")]
    ChangedOnServer,
    /// The versions cannot be merged; a whole side can be taken.
    #[error("{0}")]
    Unmergeable(String),
    /// The rows fit no state.
    #[error(transparent)]
    State(#[from] crate::StateError),
}
