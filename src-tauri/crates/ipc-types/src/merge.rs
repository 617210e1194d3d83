//! The merge screen, "Needs you" and decisions.

use crate::{ExternalView, MergeList, MergeRow, Millis, ReadyKind, RequestPreview, TypedText, Value};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The kinds of two changes meeting (merge.md 1.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ConflictKind {
    /// Both changed it.
    EditEdit,
    /// Edited here, deleted on the server.
    EditDelete,
    /// Deleted here, edited on the server.
    DeleteEdit,
    /// Created in both places.
    CreateCreate,
}

/// What a person can say about a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// The server's.
    Theirs,
    /// Mine.
    Mine,
    /// Both.
    Both,
    /// My own writing.
    Edit,
    /// Decide later: open again.
    Later,
}

/// How a row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Open.
    Undecided,
    /// Decided by the person.
    Decided,
    /// Open again, the earlier choice is suggested (M47).
    Suggested,
    /// The person took the server's value, which changed again since: it follows.
    Followed,
    /// Taken automatically.
    Automatic,
    /// Automatic, but the person took the other one.
    Overridden,
}

/// Where a value of the result comes from (M6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Provenance {
    /// Yours.
    Mine,
    /// The server's.
    Server,
    /// Both.
    Both,
    /// Written here.
    Edited,
    /// Put together from both.
    Combined,
}

/// A field no side changed, or both equally.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UnchangedField {
    /// Name.
    pub label: String,
    /// Value.
    pub value: Value,
}

/// The merge screen of one record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MergeView {
    /// Local key.
    pub key: String,
    /// `source/collection/id`.
    pub address: String,
    /// Source, collection title and number or id, for the line over the title.
    pub breadcrumbs: Vec<String>,
    /// Title.
    pub title: String,
    /// What one record is called.
    pub noun: String,
    /// Kind.
    pub kind: ConflictKind,
    /// Who changed it on the server, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub who: Option<String>,
    /// When the person's edit was made here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub mine_at: Option<Millis>,
    /// When the server's version was made, if it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub theirs_at: Option<Millis>,
    /// When this computer saw it.
    pub seen_at: Millis,
    /// Version mark of the server's version shown; goes into `resolve`. Absent when deleted there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub theirs_validator: Option<String>,
    /// Identifies this very view of the server's side, also when deleted there.
    pub seen: String,
    /// Rows that need a choice first, then the automatic ones, each in document order.
    pub rows: Vec<MergeRow>,
    /// Choices in all (open group).
    pub choices: u32,
    /// Of them decided.
    pub decided: u32,
    /// Lists that differ, in document order: heads of the cards that rows with `list` stand in.
    pub lists: Vec<MergeList>,
    /// Earlier choices that have no row any more, because the texts are cut otherwise now. They decide nothing and are
    /// shown, so that what was typed is not lost.
    pub orphans: Vec<OrphanChoice>,
    /// Group 3.
    pub unchanged: Vec<UnchangedField>,
    /// For edit_delete and delete_edit: what the living side changed against before.
    pub changes: Vec<FieldChange>,
    /// The server takes new records (save my copy as new, keep both). If not, the copy stays on this computer, and says
    /// so.
    pub can_create: bool,
    /// Why the result could not be sent by this person, in the server's words of the last refusal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub no_right: Option<String>,
    /// The source of the whole record as it was typed, not taken yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub source_typed: Option<TypedText>,
    /// The other program the versions were opened in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub external: Option<ExternalView>,
    /// The three documents and the result so far as text (Show source); absent = not there.
    pub source: MergeSource,
}

/// A choice made for a part that is none any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OrphanChoice {
    /// The field.
    pub label: String,
    /// It was about a paragraph of it.
    pub part: bool,
    /// What was chosen.
    pub choice: Choice,
    /// What it came to: the text typed, or the value of the side chosen then. Absent = nothing there, or both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub value: Option<Value>,
}

/// The documents of a merge.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MergeSource {
    /// Before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub before: Option<String>,
    /// On the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub theirs: Option<String>,
    /// Yours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub mine: Option<String>,
    /// Will be sent, open rows at the server's value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub result: Option<String>,
}

/// One field that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FieldChange {
    /// Name.
    pub label: String,
    /// From.
    pub from: Value,
    /// To.
    pub to: Value,
    /// Whose value it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub provenance: Option<Provenance>,
}

/// Decide one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Decide {
    /// Local key.
    pub key: String,
    /// Row numbers; several = one step ("All mine").
    pub rows: Vec<u32>,
    /// The choice; `later` opens again.
    pub choice: Choice,
    /// JSON text for `edit`; absent with `edit` = remove the field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub json: Option<String>,
    /// With `edit`: take this value made ready from both sides; `json` is not read then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub ready: Option<ReadyKind>,
    /// `seen` of the view decided on. An earlier one of this run may be named: the decision is kept as made against
    /// that version, and the answer shows the newest (M46).
    pub seen: String,
}

/// The three lists before sending (M44).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MergePreview {
    /// You change on the server.
    pub change: Vec<FieldChange>,
    /// You take from the server.
    pub take: Vec<FieldChange>,
    /// Left as it is.
    pub same: Vec<UnchangedField>,
    /// The exact request; absent when nothing will be sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub request: Option<RequestPreview>,
    /// `seen` it was made for.
    pub seen: String,
}

/// Which side for every open row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The server's.
    Theirs,
    /// Yours.
    Mine,
}

/// Queue the merged record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Resolve {
    /// Local key.
    pub key: String,
    /// `seen` of the view the person looked at; absent = take the newest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub seen: Option<String>,
    /// One side for every open row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub all: Option<Side>,
}

/// "Needs you".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NeedsYou {
    /// Records in all.
    pub total: u32,
    /// Groups by shape: same collection, same clashing fields, same kind.
    pub groups: Vec<NeedsYouGroup>,
}

/// Records with the same shape.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NeedsYouGroup {
    /// Source name.
    pub source: String,
    /// Collection title.
    pub collection: String,
    /// What one record is called.
    pub noun: String,
    /// Kind.
    pub kind: ConflictKind,
    /// Names of the clashing fields; empty = nothing clashes, ready to send after a look.
    pub fields: Vec<String>,
    /// Where they are, as patterns, in the same order.
    pub patterns: Vec<String>,
    /// The records.
    pub records: Vec<NeedsYouRecord>,
}

/// One record that needs the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NeedsYouRecord {
    /// Local key.
    pub key: String,
    /// Title.
    pub title: String,
    /// Rows still open.
    pub open: u32,
    /// Rows decided.
    pub decided: u32,
    /// Rows put together automatically.
    pub automatic: u32,
    /// Something was put together in it that asks for a look.
    pub look: bool,
    /// When the person's change was saved.
    pub mine_at: Millis,
    /// When the server's version was made, if it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub theirs_at: Option<Millis>,
    /// Who changed it on the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub who: Option<String>,
    /// When it was seen.
    pub seen_at: Millis,
    /// First clashing value on the server, for the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub theirs: Option<Value>,
    /// First clashing value here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub mine: Option<Value>,
}

/// What became of `resolve_ready`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ResolvedReady {
    /// Keys of the records queued.
    pub queued: Vec<String>,
    /// Left out, with the reason.
    pub left_out: Vec<LeftOut>,
}

/// A record that was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LeftOut {
    /// Local key.
    pub key: String,
    /// Title.
    pub title: String,
    /// Why.
    pub words: String,
}
