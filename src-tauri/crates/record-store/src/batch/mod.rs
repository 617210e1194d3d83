//! Tables `batch` and `batch_item`: one decision for many records, and what became of each.

mod read;
mod write;

use serde::{Deserialize, Serialize};
use sync_engine::{ConflictKind, LocalKey, RunId, Timestamp};

/// Names a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BatchId(pub i64);

/// What a batch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BatchWhat {
    /// A rule per field for the records of one shape.
    Group,
    /// Records that need no choice.
    Ready,
}

/// How a batch stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BatchState {
    /// It goes on by itself.
    Running,
    /// The person stopped it; requests on the wire are waited for.
    Stopping,
    /// It waits for the person: to go on, or to be undone.
    Stopped,
    /// Every record has its result.
    Done,
    /// It is being undone.
    Undoing,
    /// It was undone.
    Undone,
}

/// How one record of a batch stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// Not decided yet.
    Waiting,
    /// Some of its rows are decided; others are left to the person.
    Decided,
    /// Decided; its edit is kept back until its turn.
    Queued,
    /// Its edit was let go; the answer is awaited.
    Sending,
    /// The server has it.
    Sent,
    /// Nothing had to be sent: the server had it already.
    Settled,
    /// The server had changed it again: it is open.
    ChangedAgain,
    /// The server refused it.
    Refused,
    /// It was left out and stays open.
    LeftOut,
    /// The person took the edit back meanwhile.
    TakenBack,
}

/// What an undo did to one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Undone {
    /// It is open again as it was, and the server has nothing of it.
    OpenAgain,
    /// A new write takes it back, and is under way: once the server has it, the record is [open again](Undone::OpenAgain).
    WrittenBack,
    /// It stays as it is; the words say why.
    Kept,
}

/// A batch to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBatch {
    /// What it is.
    pub what: BatchWhat,
    /// Name of the source; empty = several.
    pub source: String,
    /// Title of the collection; empty = several.
    pub collection: String,
    /// Kind of its records; `None` = several.
    pub kind: Option<ConflictKind>,
    /// The rule of each field: a JSON list of the caller's own.
    pub fields: String,
    /// Its records, in order.
    pub items: Vec<NewItem>,
}

/// A record of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewItem {
    /// Which.
    pub key: LocalKey,
    /// Its title.
    pub title: String,
    /// The server's version the person saw, in words of the caller's own.
    pub seen: String,
}

/// A batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Names it.
    pub id: BatchId,
    /// What it is.
    pub what: BatchWhat,
    /// Name of the source; empty = several.
    pub source: String,
    /// Title of the collection; empty = several.
    pub collection: String,
    /// Kind of its records.
    pub kind: Option<ConflictKind>,
    /// The rule of each field: JSON.
    pub fields: String,
    /// How it stands.
    pub state: BatchState,
    /// The run that works on it.
    pub run: RunId,
    /// When it began.
    pub made_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// A record of a batch, as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptItem {
    /// Its place in the batch.
    pub position: u32,
    /// Which.
    pub key: LocalKey,
    /// Its title when the batch began.
    pub title: String,
    /// The server's version the person saw.
    pub seen: String,
    /// How it stands.
    pub state: ItemState,
    /// What an undo did.
    pub undone: Option<Undone>,
    /// Why, or what the server said.
    pub words: Option<String>,
    /// What is sent, one value per field: JSON of the caller's own.
    pub value: Option<String>,
    /// Number of the version that was Before.
    pub base_version: Option<u32>,
    /// Number of the version that was Yours; `None` = a removal.
    pub mine_version: Option<u32>,
    /// Decisions there were before, and those it left: JSON of the caller's own, an array.
    pub decisions: Option<String>,
    /// When it came to its state.
    pub at: Timestamp,
}

/// Records of a batch by what became of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ItemCounts(pub std::collections::BTreeMap<ItemState, u32>);

impl ItemCounts {
    /// Records in this state.
    pub fn of(&self, state: ItemState) -> u32 {
        self.0.get(&state).copied().unwrap_or(0)
    }

    /// All.
    pub fn all(&self) -> u32 {
        self.0.values().sum()
    }

    /// Records in one of these states.
    pub fn among(&self, states: &[ItemState]) -> u32 {
        states.iter().map(|state| self.of(*state)).sum()
    }
}
