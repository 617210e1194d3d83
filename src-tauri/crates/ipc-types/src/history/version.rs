//! Versions of a record, and how each came about.

use crate::{FormView, Millis, Provenance};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Whose clock a time was read from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    /// This computer's.
    #[default]
    Here,
    /// The server's, or the record's own member.
    Server,
}

/// One version in a record's history, or one line of the server's own log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct HistoryEntry {
    /// Number, rising; 0 = only in the server's log.
    pub version: u32,
    /// When, by `clock`.
    pub at: Millis,
    /// Whose clock `at` is.
    pub clock: Clock,
    /// When this computer saw it, where `at` is the server's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub seen_at: Option<Millis>,
    /// What happened: `seen`, `sent`, `set_aside`, `merged`, `merged_by_itself`, `taken_in`, `brought_back`, `undone`,
    /// `rejected`, `recognised` (our own write, its answer was lost), `deleted`, `gone` (deleted on the server),
    /// `discarded`, `server` (a line of the server's log without a version here).
    pub what: String,
    /// Who: "you", a person, or "server".
    pub by: String,
    /// Name of the computer it was made on, where that was this program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub device: Option<String>,
    /// Version mark, if the server gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub validator: Option<String>,
    /// Version mark of the version before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub from_validator: Option<String>,
    /// Names of the fields that differ from the version before.
    pub changed: Vec<String>,
    /// The body is kept and can be brought back.
    pub restorable: bool,
    /// Bytes of the body.
    pub bytes: u32,
    /// This line only tells what became of that version: it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub sent_of: Option<u32>,
    /// How a merge came about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub merge: Option<HistoryMerge>,
    /// The version that was brought back, or the merge that was undone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub of_version: Option<u32>,
    /// The server's words, of a refusal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub words: Option<String>,
    /// The other program it came back from, when its merge was over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub program: Option<String>,
    /// Id of the request, as the server's log has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub request_id: Option<String>,
    /// It is in the server's own log.
    pub in_log: bool,
}

/// A merge as it was: the versions it was made of, and why each row is as it is (merge.md M49, M53).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HistoryMerge {
    /// Number of the version before, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub before: Option<u32>,
    /// Number of the server's version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub theirs: Option<u32>,
    /// Number of the person's version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub mine: Option<u32>,
    /// Fields decided by the person.
    pub by_you: u32,
    /// Fields put together automatically.
    pub automatic: u32,
    /// Fields of the result that come from the server.
    pub from_server: u32,
    /// Fields of the result that come from the person.
    pub from_you: u32,
    /// The rows.
    pub rows: Vec<MergeReason>,
    /// It can be undone ([`UndoMerge`]).
    pub can_undo: bool,
}

/// Why a field of a merged version is as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MergeReason {
    /// Name of the field.
    pub label: String,
    /// Where its value comes from.
    pub from: Provenance,
    /// The person decided it (else it was put together automatically).
    pub by_you: bool,
    /// The rule, in words: "only the server changed it".
    pub words: String,
}

/// One version with its body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct VersionView {
    /// The entry.
    pub entry: HistoryEntry,
    /// The body as text; absent when binary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub text: Option<String>,
    /// Its form, compared with the version now.
    pub form: FormView,
}
