//! The time machine: versions, comparison, bringing back, undo, keeping, export.

use crate::{FieldMeta, FormView, Mark, Millis, Provenance, Saved, Side, Value};
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

/// Compare two versions of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CompareVersions {
    /// Local key.
    pub key: String,
    /// Version on the left; absent = nothing (all of `to` is new).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub from: Option<u32>,
    /// Version on the right; absent = the record as it is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub to: Option<u32>,
}

/// Two versions beside each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Comparison {
    /// Fields that differ, in document order.
    pub rows: Vec<ComparedField>,
    /// Fields that are the same in both.
    pub same: Vec<SameField>,
    /// Lines of the two texts, for records that have no fields.
    pub lines: Vec<Mark>,
    /// The version on the left as text; absent when binary or not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub from_text: Option<String>,
    /// The version on the right as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub to_text: Option<String>,
}

/// A field that differs between two versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ComparedField {
    /// Opaque name of the place; goes into [`BringBackField`].
    pub place: String,
    /// The field: elements of lists under the name of their list.
    pub label: String,
    /// Which part of it: "Charger, serial number".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub part: Option<String>,
    /// What is known about it.
    pub field: FieldMeta,
    /// Value on the left.
    pub from: Value,
    /// Value on the right.
    pub to: Value,
    /// Word marks: equal and removed pieces are the left value, equal and added ones the right.
    pub marks: Vec<Mark>,
    /// Name of a difference that cannot be seen (M26).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub invisible: Option<String>,
    /// Kept by the server: not to be brought back.
    pub kept: bool,
}

/// A field that is the same in two versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SameField {
    /// Name.
    pub label: String,
    /// Value.
    pub value: Value,
}

/// Bring one field back as it was in a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BringBackField {
    /// Local key.
    pub key: String,
    /// The version to take it from.
    pub version: u32,
    /// The place, as [`ComparedField`] names it.
    pub place: String,
}

/// Undo a merge: before it was sent it is open again; after that a new three-way merge brings the earlier version
/// back (merge.md M49).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UndoMerge {
    /// Local key.
    pub key: String,
    /// Number of the merged version; absent = the newest merge of the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub version: Option<u32>,
    /// What is to be brought back: the server's version before the merge (default), or the person's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub to: Option<Side>,
}

/// What became of an undo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum UndoneHow {
    /// It was not sent yet: the record needs the person again, with the choices as they were.
    Reopened,
    /// A new edit waits to be sent.
    Queued,
    /// The server changed it since: the record needs the person, with the three versions of the undo.
    NeedsYou,
    /// The server has that version already.
    Nothing,
}

/// Answer to [`UndoMerge`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Undone {
    /// The record now.
    pub saved: Saved,
    /// What became of it.
    pub how: UndoneHow,
}

/// Which deleted records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct DeletedQuery {
    /// Only of this source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub source: Option<String>,
    /// Only with this in the title.
    pub text: String,
    /// First row.
    pub offset: u32,
    /// Rows wanted, at most 500.
    pub limit: u32,
}

/// One page of deleted records, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DeletedPage {
    /// All of them.
    pub total: u32,
    /// First row of this page.
    pub offset: u32,
    /// The rows.
    pub rows: Vec<DeletedRow>,
}

/// A record that is gone, with its versions kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DeletedRow {
    /// Local key.
    pub key: String,
    /// Its last title.
    pub title: String,
    /// Source name.
    pub source: String,
    /// Collection title.
    pub collection: String,
    /// When it went.
    pub at: Millis,
    /// The person deleted it (else it was deleted on the server, or settled away).
    pub by_you: bool,
    /// Versions kept.
    pub versions: u32,
    /// The newest version that can be brought back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub newest: Option<u32>,
}

/// How long versions are kept, and what they take.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Keeping {
    /// Days; absent = for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub days: Option<u32>,
    /// What the versions take, by source.
    pub sources: Vec<KeptBySource>,
    /// All versions.
    pub versions: u32,
    /// Bytes that all versions take on the disk, with what the file needs to find them.
    pub bytes: f64,
    /// Size of the file in all.
    pub file: f64,
    /// Bytes of the file that are free for new versions.
    pub free: f64,
    /// A clean-up is under way.
    pub cleaning: bool,
}

/// What the versions of one source take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct KeptBySource {
    /// Source name.
    pub source: String,
    /// Versions.
    pub versions: u32,
    /// Bytes on the disk.
    pub bytes: f64,
    /// The oldest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub oldest: Option<Millis>,
}

/// How long versions are to be kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SetKeeping {
    /// Days; absent = for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub days: Option<u32>,
}

/// What would be removed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct KeepingPreview {
    /// Versions.
    pub versions: u32,
    /// Their bytes.
    pub bytes: f64,
    /// Deleted records that could not be brought back any more.
    pub records: u32,
    /// Versions that are old enough and stay: an unsent edit, an open choice, or an undo needs them.
    pub needed: u32,
}

/// Format of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// One JSON document.
    Json,
    /// RFC 4180, one line for each version.
    Csv,
}

/// Export the history of one record, a collection, a source, or all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExportHistory {
    /// Format.
    pub format: ExportFormat,
    /// Only this record (local key).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub key: Option<String>,
    /// Only this source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub source: Option<String>,
    /// Only this collection of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub collection: Option<String>,
    /// The file to write; it is replaced only once the new one is complete.
    pub path: String,
}

/// What was exported.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Exported {
    /// The file.
    pub path: String,
    /// Records.
    pub records: u32,
    /// Versions and lines of the server's log.
    pub versions: u32,
    /// Size of the file.
    pub bytes: f64,
}

/// Ask the person for a place of a new file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AskForFile {
    /// Proposed name, with its extension.
    pub name: String,
}

/// The place the person chose.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChosenFile {
    /// The file; absent = the person chose none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub path: Option<String>,
}

/// What the window shows: records on the screen are looked at on the server more often.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Watched {
    /// Local key of the record that is open; absent = none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub key: Option<String>,
    /// The window can be seen.
    pub shown: bool,
}
