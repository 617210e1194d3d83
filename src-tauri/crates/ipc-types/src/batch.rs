//! "Needs you" for many: one rule per field for a group, what it would do, what became of each record, and rules that
//! hold from then on (merge.md M36 to M41).

use crate::{ConflictKind, LeftOut, Millis, Provenance, Value};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a person can say once for one field of many records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum GroupRule {
    /// The server's.
    Theirs,
    /// Mine.
    Mine,
    /// Both.
    Both,
    /// That of the version made later.
    Newest,
    /// The greater number, or the later date.
    Higher,
    /// Both changes added up.
    Sum,
    /// What either list has.
    Union,
    /// Decide later.
    Later,
}

/// A field of a group, and what is said about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FieldRule {
    /// Where: a pattern of a merge policy; "" = the whole record.
    pub pattern: String,
    /// The rule.
    pub rule: GroupRule,
}

/// Records of one shape as the person sees them, and what is said about their fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GroupRequest {
    /// Local keys, in the order of the list.
    pub keys: Vec<String>,
    /// The kind they share.
    pub kind: ConflictKind,
    /// The clashing fields they share, as patterns.
    pub patterns: Vec<String>,
    /// A rule for each; a field without one is decided later.
    pub rules: Vec<FieldRule>,
}

/// A field all records of a group share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GroupField {
    /// Where.
    pub pattern: String,
    /// Its name; "" for the whole record.
    pub label: String,
    /// What every record of the group offers here, server's first, `later` last.
    pub rules: Vec<GroupRule>,
    /// It is a number: shown to the right.
    pub numeric: bool,
    /// Unit behind a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub unit: Option<String>,
    /// It is a question about these records that no rule answers later: there is no "from now on".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub once: Option<bool>,
    /// The rule that holds for it from now on, if the person made one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub made: Option<MergeRuleView>,
}

/// One field of one record under the rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlanCell {
    /// Value before.
    pub before: Value,
    /// On the server.
    pub theirs: Value,
    /// Yours.
    pub mine: Value,
    /// Will be sent; absent while it is to be decided later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub result: Option<Value>,
    /// Where that comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub provenance: Option<Provenance>,
    /// The person decided this one by hand before: the rule does not touch it.
    pub by_hand: bool,
    /// Other entries of a list in this record that clash in the same field, decided alike.
    pub more: u32,
}

/// One record under the rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlanRow {
    /// Local key.
    pub key: String,
    /// Title.
    pub title: String,
    /// The server's version shown; goes into `start_batch`.
    pub seen: String,
    /// One for each field of the group, in its order.
    pub cells: Vec<PlanCell>,
    /// It would be written to the server (else the server has it already).
    pub writes: bool,
}

/// What the rules would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GroupPlan {
    /// Fields with what can be said about them.
    pub fields: Vec<GroupField>,
    /// Every record that would be decided.
    pub rows: Vec<PlanRow>,
    /// Left out, with the reason; they stay open.
    pub left_out: Vec<LeftOut>,
    /// Records that would be sent or settled (else some field is decided later).
    pub complete: bool,
    /// Writes it would take.
    pub writes: u32,
}

/// A record of a batch with the version the person saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BatchMember {
    /// Local key.
    pub key: String,
    /// `seen` of its plan row.
    pub seen: String,
}

/// Decide many: the one confirmation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StartBatch {
    /// Which, each for the version shown.
    pub members: Vec<BatchMember>,
    /// The kind they share.
    pub kind: ConflictKind,
    /// The clashing fields they share, as patterns; empty with no rules = they need no choice.
    pub patterns: Vec<String>,
    /// A rule for each.
    pub rules: Vec<FieldRule>,
    /// Patterns whose rule is to hold for similar ones from now on.
    pub keep: Vec<String>,
}

/// Which batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BatchKey {
    /// Its number.
    pub batch: String,
}

/// How a batch stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BatchState {
    /// It goes on by itself.
    Running,
    /// Stopped by the person; what is on the wire is waited for.
    Stopping,
    /// It waits for the person.
    Stopped,
    /// Every record has its result.
    Done,
    /// It is being undone.
    Undoing,
    /// It was undone.
    Undone,
}

/// How one record of a batch stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BatchItemState {
    /// Not decided yet.
    Waiting,
    /// Some of its fields are decided; it is still open.
    Decided,
    /// Decided; it waits its turn in the Outbox.
    Queued,
    /// On its way.
    Sending,
    /// The server has it.
    Sent,
    /// Nothing had to be sent.
    Settled,
    /// The server had changed it again; it is open.
    ChangedAgain,
    /// The server refused it.
    Refused,
    /// Left out; it is open.
    LeftOut,
    /// Taken back by the person meanwhile.
    TakenBack,
}

/// What undo did to one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BatchUndone {
    /// It is open again as it was.
    OpenAgain,
    /// A new write brings back what it was.
    WrittenBack,
    /// It stays as it is.
    Kept,
}

/// One record of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BatchItem {
    /// Local key.
    pub key: String,
    /// Title.
    pub title: String,
    /// How it stands.
    pub state: BatchItemState,
    /// What undo did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub undone: Option<BatchUndone>,
    /// What was decided, one for each field.
    pub values: Vec<Value>,
    /// What happened, in words; the server's own in quotation marks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub words: Option<String>,
    /// The record is not here any more.
    pub gone: bool,
}

/// A field of a batch and what was said about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BatchField {
    /// Where.
    pub pattern: String,
    /// Its name.
    pub label: String,
    /// The rule.
    pub rule: GroupRule,
    /// It is a number.
    pub numeric: bool,
}

/// One decision for many records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BatchView {
    /// Its number.
    pub batch: String,
    /// How it stands.
    pub state: BatchState,
    /// Source name; "" = several.
    pub source: String,
    /// Collection title; "" = several.
    pub collection: String,
    /// The kind its records share; absent for records that needed no choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub kind: Option<ConflictKind>,
    /// What was said; empty = they needed no choice.
    pub fields: Vec<BatchField>,
    /// When it began.
    pub made_at: Millis,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub ended_at: Option<Millis>,
    /// Records in all.
    pub all: u32,
    /// Of them with a result.
    pub done: u32,
    /// Sent.
    pub sent: u32,
    /// Nothing had to be sent.
    pub settled: u32,
    /// Changed again.
    pub changed_again: u32,
    /// Refused.
    pub refused: u32,
    /// Left out, partly decided or taken back.
    pub other: u32,
    /// Records an undo would change.
    pub undoable: u32,
    /// Of those, records that need a new write.
    pub undo_writes: u32,
    /// Why nothing moves, in words: working offline, no connection, sign-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub waits: Option<String>,
    /// It stopped because Matchbook was closed or ended in the middle.
    pub interrupted: bool,
    /// The records, in order.
    pub items: Vec<BatchItem>,
}

/// A batch without its records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BatchHead {
    /// Its number.
    pub batch: String,
    /// How it stands.
    pub state: BatchState,
    /// Collection title; "" = several.
    pub collection: String,
    /// What was said.
    pub fields: Vec<BatchField>,
    /// When it began.
    pub made_at: Millis,
    /// Records in all.
    pub all: u32,
    /// Of them with a result.
    pub done: u32,
}

/// A rule a person made ("use this for similar ones from now on").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MergeRuleView {
    /// Its number.
    pub id: String,
    /// Source name.
    pub source: String,
    /// Collection title.
    pub collection: String,
    /// Where.
    pub pattern: String,
    /// Name of the field.
    pub field: String,
    /// What it answers; `later` where it says something else.
    pub rule: GroupRule,
    /// How the field merges, where that is what it says.
    pub how: Option<FieldHow>,
    /// Names of the fields that are one row with it.
    pub with: Vec<String>,
    /// It is switched on.
    pub enabled: bool,
    /// When it was made.
    pub made_at: Millis,
}

/// Switch a rule on or off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SetMergeRule {
    /// Its number.
    pub id: String,
    /// On or off.
    pub enabled: bool,
}

/// Which rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MergeRuleKey {
    /// Its number.
    pub id: String,
}

/// How a field merges, said by a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FieldHow {
    /// The server keeps it by itself: it is never asked, and the server's value counts.
    Follow,
    /// It is one value: a list or an object is never taken apart.
    Atomic,
    /// It is a list without order.
    Set,
    /// It is one row together with other fields.
    Together,
}

/// Which collection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RulePlace {
    /// Source name.
    pub source: String,
    /// Collection name.
    pub collection: String,
}

/// A field a rule can be made for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RuleField {
    /// Where: a pattern of a merge policy.
    pub pattern: String,
    /// Its name.
    pub label: String,
    /// What can answer its clashes.
    pub rules: Vec<GroupRule>,
    /// How it can merge.
    pub how: Vec<FieldHow>,
}

/// A rule to make: either `rule` or `how`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AddMergeRule {
    /// Source name.
    pub source: String,
    /// Collection name.
    pub collection: String,
    /// Pattern of the field.
    pub pattern: String,
    /// What answers its clashes.
    pub rule: Option<GroupRule>,
    /// How it merges.
    pub how: Option<FieldHow>,
    /// Patterns of the other fields; only for `together`.
    pub with: Vec<String>,
}
