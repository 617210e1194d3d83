//! What lists, discovery, history and dry runs answer, without status numbers.

use crate::Request;
use sync_engine::{PauseReason, ReadOutcome, RemoteId, Timestamp, Validator, Version, WriteOutcome};

/// Why a read gave nothing usable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failed {
    /// Later: 423, 425, 429, 503.
    Later {
        /// Not before, if the server said when.
        not_before: Option<Timestamp>,
        /// The server's words.
        words: String,
    },
    /// No usable answer.
    Unknown {
        /// In words.
        words: String,
    },
    /// The server could not be reached.
    NotSent {
        /// In words.
        words: String,
    },
    /// Not from our server.
    NotOurs {
        /// In words.
        words: String,
    },
    /// Sign in first.
    SignIn(PauseReason),
    /// This person may not read it.
    Forbidden {
        /// The server's words.
        words: String,
    },
    /// 404, 410. For a list: the collection is not there; nothing is deleted because of it.
    NotThere {
        /// The server's words.
        words: String,
    },
}

impl From<Failed> for ReadOutcome {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Later { not_before, words } => Self::Later { not_before, words },
            Failed::Unknown { words } => Self::Unknown { words },
            Failed::NotSent { words } => Self::NotSent { words },
            Failed::NotOurs { words } => Self::NotOurs { words },
            Failed::SignIn(reason) => Self::SignIn(reason),
            Failed::Forbidden { words } => Self::Forbidden { words },
            Failed::NotThere { .. } => Self::Gone,
        }
    }
}

/// Answer to one request of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListOutcome {
    /// Items, and how it goes on. Items and cursor are stored in one transaction.
    Page {
        /// In the order of the answer. An id may come twice: the last one counts.
        items: Vec<Item>,
        /// How it goes on.
        next: PageNext,
        /// Items of the whole list, if the server tells.
        total: Option<u64>,
    },
    /// Nothing changed since the cursor.
    Unchanged,
    /// The cursor means nothing to the server any more (flushed, restored): list again with no cursor. What is missing
    /// then may be much: ask before taking it for deleted.
    CursorLost {
        /// In words.
        words: String,
    },
    /// Nothing usable.
    Failed(Failed),
}

/// One line of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its id.
    pub id: RemoteId,
    /// What is there.
    pub what: ItemWhat,
}

/// What a listing says about a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemWhat {
    /// This.
    Present(Version),
    /// It was deleted.
    Gone,
    /// It is there and must be read, unless the record here has this canonical validator.
    Stale(Option<Validator>),
}

/// How a listing goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageNext {
    /// There is more: list again with this cursor, stored with the page so that a restart goes on here.
    More(String),
    /// That was all.
    Done {
        /// To be given next time; empty = start over.
        cursor: String,
        /// Every existing record was listed since the listing began with no cursor: what was not is gone.
        /// `false` for a delta, and for a listing whose pages led in a circle.
        complete: bool,
    },
}

impl PageNext {
    /// The cursor, either way.
    pub fn cursor(&self) -> &str {
        match self {
            Self::More(cursor) | Self::Done { cursor, .. } => cursor,
        }
    }
}

/// Answer to one request of a discovery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Discovery {
    /// Collections found so far, and requests that find more. Empty `more` = done.
    Step {
        /// Found by this answer.
        found: Vec<FoundCollection>,
        /// To be sent next, in any order.
        more: Vec<Request>,
    },
    /// A server of this family that does not list its collections: the person has to name them.
    Unlisted {
        /// In words, with what to do.
        words: String,
    },
    /// Not a server of this family.
    NotThisFamily {
        /// In words.
        words: String,
    },
    /// Nothing usable.
    Failed(Failed),
}

/// A collection a server offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundCollection {
    /// As the family names it; what the other calls take.
    pub name: String,
    /// Name for people.
    pub title: String,
    /// What one record is called, if the server tells.
    pub noun: Option<String>,
    /// Records, if the server tells.
    pub count: Option<u64>,
}

/// One line of a server's own history of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    /// When, if it can be read.
    pub at: Option<Timestamp>,
    /// Who.
    pub actor: Option<String>,
    /// Validator before; `None` = it did not exist.
    pub from: Option<Validator>,
    /// Validator after; `None` = it was deleted.
    pub to: Option<Validator>,
    /// Top-level members that changed.
    pub changed: Vec<String>,
    /// Id of the request, for support.
    pub request_id: Option<String>,
}

/// Answer to a write sent as a dry run. Nothing was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DryRun {
    /// It would be applied.
    WouldApply,
    /// It would not be, and this would be the answer.
    WouldNot(WriteOutcome),
    /// The server did not say that it was a dry run: it may have been applied. Treat the record as after a lost answer.
    NotKept {
        /// In words.
        words: String,
    },
}

/// Answer to a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BatchOutcome {
    /// One outcome per write, in their order.
    Each(Vec<WriteOutcome>),
    /// The batch as such was refused and nothing was applied: send the writes one by one.
    Singly {
        /// In words.
        words: String,
    },
}

/// Who made a version and when, if the record itself says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// Who.
    pub by: Option<String>,
    /// When.
    pub at: Option<Timestamp>,
}

/// Answer to the question for a published profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WellKnown {
    /// The text of a profile, not parsed yet.
    Profile(String),
    /// The server publishes none.
    None,
    /// Nothing usable.
    Failed(Failed),
}
