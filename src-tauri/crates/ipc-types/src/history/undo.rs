//! Undoing a merge.

use crate::{Saved, Side};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

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
