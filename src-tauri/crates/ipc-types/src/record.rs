//! Records: list rows, one record, saving.

use crate::{BodyOperation, FormView, Millis, Value};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// State of a record (architecture.md section 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RecordState {
    /// Same as the server as far as we know.
    Synced,
    /// Saved on this computer, waiting.
    Edited,
    /// On the wire.
    Sending,
    /// The answer was lost; it is looked up first.
    Uncertain,
    /// Refused because the server has another version, which is being read ("Checking").
    Contested,
    /// Changed in two places.
    NeedsYou,
    /// The server refuses this content, this person or this request.
    Rejected,
}

/// What kind of edit waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum EditKind {
    /// A new record.
    Create,
    /// A changed record.
    Change,
    /// A deleted record.
    Delete,
}

/// Which records to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct RecordsQuery {
    /// Only this source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub source: Option<String>,
    /// Only this collection of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub collection: Option<String>,
    /// Full-text filter; empty = all.
    pub text: String,
    /// Only this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub state: Option<RecordState>,
    /// Column to sort by: `title` (default), `state`, `changed`, or the JSON pointer of a column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub sort: Option<String>,
    /// Sort downwards.
    pub descending: bool,
    /// First row.
    pub offset: u32,
    /// Rows wanted, at most 500.
    pub limit: u32,
    /// Local key: the page that holds this record instead of the one at `offset`, if the query finds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub around: Option<String>,
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordsPage {
    /// All rows of the query.
    pub total: u32,
    /// First row of this page.
    pub offset: u32,
    /// Row of the record asked for by `around`; absent if the query does not find it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub at: Option<u32>,
    /// Extra columns of this collection, if one is chosen (at most 4).
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<RecordRow>,
}

/// A column of the list, taken from the schema or inferred.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Column {
    /// JSON pointer of the member.
    pub pointer: String,
    /// Its name for people.
    pub label: String,
    /// Right-aligned.
    pub numeric: bool,
}

/// One row of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordRow {
    /// Local key.
    pub key: String,
    /// Title for people.
    pub title: String,
    /// State.
    pub state: RecordState,
    /// Kept back by the person.
    pub held: bool,
    /// Deleted here, not yet on the server.
    pub deleted: bool,
    /// Source name.
    pub source: String,
    /// Collection title.
    pub collection: String,
    /// Cells, in the order of the page's columns.
    pub cells: Vec<String>,
    /// Last change known: the person's, else the server's.
    pub changed_at: Millis,
}

/// A bar of news over a record (conflict radar).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct News {
    /// Names of the fields the server changed; empty when the record was deleted there.
    pub fields: Vec<String>,
    /// Deleted on the server.
    pub gone: bool,
    /// Some of them were changed here too.
    pub overlap: bool,
    /// Names of the fields that both changed.
    pub both: Vec<String>,
    /// When the server's version was made, by the server's clock, if it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub made_at: Option<Millis>,
    /// Who, if the server says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub who: Option<String>,
    /// When this computer saw it.
    pub seen_at: Millis,
}

/// One record, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordView {
    /// Local key.
    pub key: String,
    /// `source/collection/id` as the command line takes it.
    pub address: String,
    /// Source name.
    pub source: String,
    /// Collection, as the source names it.
    pub collection: String,
    /// Collection title for people.
    pub collection_title: String,
    /// What one record is called: "tool", "contact", else "record".
    pub noun: String,
    /// Remote id, if the server knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub id: Option<String>,
    /// Title.
    pub title: String,
    /// State.
    pub state: RecordState,
    /// Kept back by the person.
    pub held: bool,
    /// Kind of the waiting edit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub edit: Option<EditKind>,
    /// Counts the edits of this record; goes into `save_edit`.
    pub rev: u32,
    /// The form.
    pub form: FormView,
    /// The document as text (Source tab); absent when binary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub text: Option<String>,
    /// What it is where it is no text: kind and size in words; the JSON of a picture holds its data address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub file: Option<Value>,
    /// Media type.
    pub media_type: String,
    /// Version mark of the last synced version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub validator: Option<String>,
    /// When the last synced version was confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub synced_at: Option<Millis>,
    /// When the waiting edit was saved here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub saved_at: Option<Millis>,
    /// Names of fields changed here.
    pub changed: Vec<String>,
    /// Can be edited now; else `read_only_why` says why.
    pub editable: bool,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub read_only_why: Option<String>,
    /// The server's words, when Rejected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub refusal: Option<RefusalView>,
    /// What the server changed meanwhile, while the edit waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub news: Option<News>,
    /// Records that may be this one, after a lost answer to a create without an address.
    pub twins: Vec<Twin>,
}

/// A record on the server that may be what was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Twin {
    /// Remote id.
    pub id: String,
    /// Title.
    pub title: String,
}

/// Why the server refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// This content.
    Content,
    /// This person.
    Permission,
    /// This kind of request.
    Protocol,
}

/// A refusal in the server's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RefusalView {
    /// What is refused.
    pub kind: RefusalKind,
    /// The server's words.
    pub words: String,
    /// Fields it names.
    pub fields: Vec<RefusedField>,
}

/// One field the server refuses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RefusedField {
    /// JSON pointer.
    pub pointer: String,
    /// Name for people.
    pub label: String,
    /// The server's words.
    pub words: String,
}

/// Save an edit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SaveEdit {
    /// Which record.
    pub key: String,
    /// `rev` of the view the edit was made on.
    pub based_on_rev: u32,
    /// What changes.
    pub operations: Vec<BodyOperation>,
}

/// A new record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CreateRecord {
    /// Source name.
    pub source: String,
    /// Collection.
    pub collection: String,
    /// Its document; absent = the empty form of the collection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub text: Option<String>,
    /// Its id, where the person chooses one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub id: Option<String>,
}

/// Answer to a write on this computer: it is durable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Saved {
    /// Local key.
    pub key: String,
    /// State now; absent when the record is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub state: Option<RecordState>,
    /// Edit counter now.
    pub rev: u32,
    /// When it was saved.
    pub saved_at: Millis,
}
