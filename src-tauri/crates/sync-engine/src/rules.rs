//! What holds for one collection: its profile, what the check-up found, what the person chose.

use crate::{Body, ValidatorProfile};
use record_merge::{Path, Policy};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How safely a collection can be written to (UI.md section 4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// The check-up has not run: sending waits for it.
    #[default]
    NotChecked,
    /// It could not be tested: the person is asked.
    Unknown,
    /// Nothing can be overwritten unseen.
    Protected,
    /// Protected with care that is taken by itself.
    Partly,
    /// Read-only until the person allows sending; then read, compare, write.
    Unprotected,
}

/// What happens to a difference that opens no row (merge.md M21).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MergePolicy {
    /// A person looks at it first.
    #[default]
    Review,
    /// Sent by itself when fields do not overlap.
    Auto,
}

/// How a collection takes new records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Creates {
    /// At an address of the client's choice, with `If-None-Match: *`.
    #[default]
    OwnAddress,
    /// By POST with `Idempotency-Key`.
    PostWithKey,
    /// By POST.
    Post,
    /// Not at all.
    No,
}

/// Something a representation has that its collection does not allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// Where; elements of lists by position.
    pub path: Path,
    /// What, as the rest of a sentence: "must be at least 0", "is needed".
    pub words: String,
}

/// What a collection asks of its records: its schema, which this crate does not read.
pub trait Shape: std::fmt::Debug + Send + Sync {
    /// What of a representation does not fit.
    fn misfits(&self, body: &Body) -> Vec<Misfit>;
    /// When a representation was made, in milliseconds since 1970, if it says so itself.
    fn made_at(&self, body: &Body) -> Option<i64>;
}

/// The shape of a collection, if it has one. Two are the same if they are one object.
#[derive(Clone, Debug, Default)]
pub struct Shaped(Option<Arc<dyn Shape>>);

impl Shaped {
    /// Records have this shape.
    pub fn new(shape: Arc<dyn Shape>) -> Self {
        Self(Some(shape))
    }

    /// The shape.
    pub fn get(&self) -> Option<&dyn Shape> {
        self.0.as_deref()
    }
}

impl PartialEq for Shaped {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (None, None) => true,
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            _ => false,
        }
    }
}

impl Eq for Shaped {}

/// The rules of one collection.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    /// How records are compared and merged; `server_kept` holds the members the server keeps by itself.
    pub merge: Policy,
    /// Review or auto.
    pub policy: MergePolicy,
    /// Which validators protect a write.
    pub validators: ValidatorProfile,
    /// The server rewrites bodies or lets two writers win: a 2xx is confirmed by a read (servers.md traps 15-17).
    pub confirm: bool,
    /// How it takes new records.
    pub creates: Creates,
    /// The grade.
    pub grade: Grade,
    /// The person allowed sending although it is not protected.
    pub allow_unprotected: bool,
    /// What its records look like; a merge by itself that would not fit is asked (merge.md M22). Never stored.
    #[serde(skip)]
    pub shape: Shaped,
}

impl Rules {
    /// Writes may be sent: checked, or allowed by the person.
    pub fn may_send(&self) -> bool {
        match self.grade {
            Grade::Protected | Grade::Partly => true,
            Grade::NotChecked => false,
            Grade::Unknown | Grade::Unprotected => self.allow_unprotected,
        }
    }

    /// Writes are compared just before instead of protected by a validator.
    pub fn compares(&self) -> bool {
        self.grade == Grade::Unprotected && self.allow_unprotected
    }
}
