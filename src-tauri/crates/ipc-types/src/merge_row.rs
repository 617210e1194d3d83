//! One row of the merge screen, with all that its cells show.

use crate::{Choice, FieldMeta, Mark, Millis, Provenance, Standing, Value};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A value that is not there to see has a word (M14). Each is another thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Absent {
    /// The member is not there, and was not before: "(not there)".
    NotThere,
    /// JSON `null`: "(no value)".
    NoValue,
    /// An empty text: "(empty)".
    Empty,
    /// A list without entries: "(empty list)".
    EmptyList,
    /// It was there before, and this side took it away: "(removed)".
    Removed,
}

/// The words of the four values of a row; absent = the value itself is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RowAbsent {
    /// Before; never `removed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub before: Option<Absent>,
    /// On the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub theirs: Option<Absent>,
    /// Yours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub mine: Option<Absent>,
    /// Will be sent; absent, too, while the row is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub result: Option<Absent>,
}

/// A value made ready from both sides, taken with `decide { choice: "edit", ready: kind }`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReadyKind {
    /// The words of both sides in one text: "Use combined: ...".
    Combined,
    /// Both, yours first ("both" itself puts the server's first).
    MineFirst,
}

/// A value made ready from both sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReadyValue {
    /// Which.
    pub kind: ReadyKind,
    /// What would be sent.
    pub value: Value,
    /// Its words against before.
    pub marks: Vec<Mark>,
    /// The row is decided so.
    pub chosen: bool,
    /// Both sides begin with a date, and this order is that of time (M13): offered first, "In order of date".
    pub by_date: bool,
}

/// One field of a row that holds several (start and end, amount and currency; M22).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RowMember {
    /// Name of the member in the JSON object that the row's values are: what `edit` sends is such an object.
    pub name: String,
    /// Field, with label, kind and unit.
    pub field: FieldMeta,
    /// Value before.
    pub before: Value,
    /// On the server.
    pub theirs: Value,
    /// Yours.
    pub mine: Value,
    /// Will be sent; absent while undecided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub result: Option<Value>,
    /// The server's change against before.
    pub theirs_marks: Vec<Mark>,
    /// Your change against before.
    pub mine_marks: Vec<Mark>,
    /// What stands for values that are not there.
    pub absent: RowAbsent,
    /// What is wrong with the result of this member, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub error: Option<String>,
}

/// What one side did to an element of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum EntryChange {
    /// Put in.
    Added,
    /// Taken out.
    Removed,
    /// Changed inside.
    Changed,
    /// Put at another place.
    Moved,
}

/// What the sides did to the element a row is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RowEntry {
    /// The server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub theirs: Option<EntryChange>,
    /// You.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub mine: Option<EntryChange>,
}

/// How paragraphs of the three versions stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ParagraphKind {
    /// The same everywhere; `count` of them folded into one bar.
    Equal,
    /// Only the server changed it.
    Server,
    /// Only you changed it.
    Mine,
    /// Both changed it to the same.
    Same,
    /// Both changed it differently.
    Clash,
    /// Both changed it differently, and it was put together: entries of a list, words of a sentence.
    Combined,
}

/// A stretch of a long text, paired over the versions (M7). Joined in order they are the whole text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Paragraph {
    /// How the versions stand to each other.
    pub kind: ParagraphKind,
    /// Paragraphs in it: what the folded bar counts.
    pub count: u32,
    /// Before; absent = not there.
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
    /// The server's change against before.
    pub theirs_marks: Vec<Mark>,
    /// Your change against before.
    pub mine_marks: Vec<Mark>,
    /// The row that decides it, where it has one of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub row: Option<u32>,
}

/// Text typed into a row that is no decision yet; it is kept until the row is decided or it is taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TypedText {
    /// As it was typed.
    pub text: String,
    /// When it was kept.
    pub at: Millis,
}

/// One row of the merge screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MergeRow {
    /// Number, stable for the life of the conflict.
    pub row: u32,
    /// Field, with label, kind and unit; pointer "" = the whole record.
    pub field: FieldMeta,
    /// Names of the objects around it, outermost first.
    pub breadcrumbs: Vec<String>,
    /// Part of a text or list, from 0, where one place has several rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub part: Option<u32>,
    /// Name of the part: "Paragraph 3", "Last paragraph, added by both".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub part_name: Option<String>,
    /// Pointer of the list it is in, the key of [`crate::MergeList`]; a row that is the list itself has its own pointer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub list: Option<String>,
    /// What the sides did, where the row is about a whole element of a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub entry: Option<RowEntry>,
    /// Open (needs a choice) or put together automatically.
    pub open: bool,
    /// Why it is there, as in `record-merge` (`edited_differently`, `theirs_only`, ...).
    pub kind: String,
    /// The rule that put it together, or why it needs a choice, in words: "Only the server changed it." (M53)
    pub rule: String,
    /// It was put together by itself, but the outcome would not fit: why it needs a choice after all (M22).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub why: Option<String>,
    /// What else is to be known: "Both sides put the entries in another order; the server's order is used."
    pub notices: Vec<String>,
    /// What happened, in one plain sentence (M32): "Ines changed 'cellar' to 'attic'; you changed it to 'shed'."
    pub sentence: String,
    /// Who changed it on the server, if the server's log says so for this field; else see the view's `who`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub who: Option<String>,
    /// When, from the same line of the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub theirs_at: Option<Millis>,
    /// Value before.
    pub before: Value,
    /// On the server.
    pub theirs: Value,
    /// Yours.
    pub mine: Value,
    /// Will be sent; absent while undecided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub result: Option<Value>,
    /// What stands for values that are not there.
    pub absent: RowAbsent,
    /// The server's change against before.
    pub theirs_marks: Vec<Mark>,
    /// Your change against before.
    pub mine_marks: Vec<Mark>,
    /// Server's against yours (key X).
    pub sides_marks: Vec<Mark>,
    /// The server's value now against the one when you chose, with `theirs_then`.
    pub then_marks: Vec<Mark>,
    /// Paragraphs of a long text; on the row of the whole text where it has parts.
    pub paragraphs: Vec<Paragraph>,
    /// The fields of a row that holds several; empty = it is one field.
    pub members: Vec<RowMember>,
    /// How it stands.
    pub standing: Standing,
    /// The choice that acts, or is suggested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub choice: Option<Choice>,
    /// For `suggested` and `followed`: the server's value when you chose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub theirs_then: Option<Value>,
    /// For a suggested choice `edit`: what you wrote then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub wrote: Option<Value>,
    /// What may be chosen, server's first.
    pub choices: Vec<Choice>,
    /// Values made ready from both sides, to choose beside `choices`.
    pub ready: Vec<ReadyValue>,
    /// What the choice `both` comes to, where it is offered: shown at once, so that nothing moves when the answer comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub both: Option<Value>,
    /// Where the result comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub provenance: Option<Provenance>,
    /// Asks for a look (M20).
    pub please_look: bool,
    /// Name of an invisible difference (M26).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub invisible: Option<String>,
    /// What is wrong with the result, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub error: Option<String>,
    /// Typed here, not a decision yet ("save_typed").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub typed: Option<TypedText>,
}
