//! What the merge screen asks for besides its rows: checking, the source, another program, a sample for support.

use crate::{Choice, Decide, FieldChange, MergeView, Millis, RefusedField};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How a list is put together (merge.md 2.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ListMode {
    /// One value.
    Atomic,
    /// Entries in any order, each at most once.
    Set,
    /// Entries by their neighbours.
    Sequence,
    /// Entries by the value of key members.
    Identity,
}

/// A list of the record that differs: the head of the card its rows stand in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MergeList {
    /// JSON pointer; rows of the list name it.
    pub pointer: String,
    /// Name, with what is around it.
    pub label: String,
    /// How it is put together.
    pub mode: ListMode,
    /// The same in words: "list, items matched by number".
    pub words: String,
}

/// Text typed into a row, before it is a decision: what would be wrong with it?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CheckValue {
    /// Local key.
    pub key: String,
    /// Row.
    pub row: u32,
    /// JSON text of the value; absent = removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub json: Option<String>,
}

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ValueCheck {
    /// In words, as a sentence; absent = nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub error: Option<String>,
    /// For a row of several fields: by the name of the member.
    pub members: Vec<RefusedField>,
}

/// Decide several rows at once, each its own way; one transaction. Undo and redo say with it what was before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DecideMany {
    /// Local key.
    pub key: String,
    /// What each row gets.
    pub rows: Vec<RowDecision>,
    /// `seen` of the view decided on.
    pub seen: String,
}

/// The decision of one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RowDecision {
    /// Row.
    pub row: u32,
    /// The choice; `later` opens again.
    pub choice: Choice,
    /// JSON text for `edit`; absent with `edit` = remove the field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub json: Option<String>,
}

/// Keep what was typed and is no decision yet. Durable when it answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SaveTyped {
    /// Local key.
    pub key: String,
    /// Row; absent = the source of the whole record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub row: Option<u32>,
    /// As it was typed; absent = forget it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub text: Option<String>,
    /// Of the source: as it was before it was changed; absent = as it was kept before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub shown: Option<String>,
}

/// The whole result, written as text (Show source).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SourceText {
    /// Local key.
    pub key: String,
    /// The whole record as it is to be sent.
    pub text: String,
    /// As it was before it was changed: where it still says the same, a row stays as it is, also open. Absent = as it was
    /// kept with the typed text, else the result so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub shown: Option<String>,
    /// `seen` of the view decided on.
    pub seen: String,
}

/// What the text of a whole record comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SourceCheck {
    /// It can be taken.
    pub ok: bool,
    /// What is wrong with it, as a sentence; absent = nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub error: Option<String>,
    /// Line of the mistake, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub line: Option<u32>,
    /// Column of the mistake, from 1, in characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub column: Option<u32>,
    /// Fields that do not fit the schema; it can be taken all the same.
    pub fields: Vec<RefusedField>,
    /// What it changes on the server.
    pub changes: Vec<FieldChange>,
}

/// Another program that merges texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ToolPreset {
    /// Stable name.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Its command with the placeholders {before} {server} {yours} {result}.
    pub command: String,
    /// It was found on this computer.
    pub found: bool,
}

/// The other program: what is chosen, what can be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExternalTools {
    /// The command that is used; absent = none is chosen yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub command: Option<String>,
    /// Name of its program, for "Open in ...".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub name: Option<String>,
    /// Programs that are known.
    pub presets: Vec<ToolPreset>,
}

/// Choose the other program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SetExternalTool {
    /// Its command; absent = none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub command: Option<String>,
}

/// Where the other program stands with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ExternalStanding {
    /// It is open; nothing happens before it ends.
    Open,
    /// Its result was taken into the rows. Nothing was sent.
    Taken,
    /// It ended without a change: nothing changed here.
    Unchanged,
    /// It failed, or its result cannot be used: nothing changed here, `words` say why. A result that is not in order is
    /// kept as typed source.
    Failed,
}

/// The other program and a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExternalView {
    /// Name of the program.
    pub name: String,
    /// Where it stands.
    pub standing: ExternalStanding,
    /// In a sentence.
    pub words: String,
    /// Since when.
    pub at: Millis,
    /// With `taken`: `leave_external { undo: true }` gives the decisions of before back.
    pub can_undo: bool,
}

/// Done with the other program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LeaveExternal {
    /// Local key.
    pub key: String,
    /// Give the decisions of before back, where its result was taken.
    pub undo: bool,
}

/// A text that came back from another program when its merge was over. It is not used and not lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UnusedText {
    /// Its name, for `close_unused`.
    pub id: String,
    /// Local key of the record; it may be gone.
    pub key: String,
    /// Name of the record, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub title: Option<String>,
    /// Name of the program.
    pub program: String,
    /// When it came.
    pub at: Millis,
    /// Number of the version in the record's history that holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub version: Option<u32>,
    /// The file it stays in, where no history could take it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub file: Option<String>,
}

/// The person has seen that a text was not used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UnusedKey {
    /// As in [`UnusedText::id`].
    pub id: String,
}

/// One conflict as a file for support.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExportConflict {
    /// Local key.
    pub key: String,
    /// Values are replaced by others of the same shape: same lengths, equal stays equal. Names of fields stay.
    pub redact: bool,
    /// The file to write (from `ask_for_file`); absent = it is only shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub file: Option<String>,
}

/// A conflict as a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExportedConflict {
    /// Its text: what leaves this computer, to be looked at first.
    pub text: String,
    /// Where it was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub file: Option<String>,
}

/// A merge to look at and try, never stored and never sent: an exported file, or the sample that comes with the app.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct TrySample {
    /// The file with the decisions so far, as the last answer gave it; absent = the sample of the app.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub text: Option<String>,
    /// Decide rows of it first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub decide: Option<Decide>,
}

/// A sample as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SampleMerge {
    /// The file, for the next call.
    pub text: String,
    /// Its screen. `key` is "sample".
    pub view: MergeView,
}
