//! Activity and the tour.

use crate::{HistoryMerge, Millis};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One line of Activity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ActivityEntry {
    /// When.
    pub at: Millis,
    /// Local key of the record concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub key: Option<String>,
    /// Its title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub title: Option<String>,
    /// As in [`crate::HistoryEntry`] `what`.
    pub what: String,
    /// Who.
    pub by: String,
    /// Names of the fields concerned.
    pub changed: Vec<String>,
    /// Number of the version in the record's history.
    pub version: u32,
    /// How a merge came about; it says whether it can be undone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub merge: Option<HistoryMerge>,
    /// The server's words, of a refusal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub words: Option<String>,
}

/// Where the tour stands (picture 09).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Tour {
    /// It is shown.
    pub active: bool,
    /// Step 1 to 4; 5 = done.
    pub step: u32,
    /// Local key of the record the tour uses, once it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub key: Option<String>,
    /// Collection of that record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub collection: Option<String>,
    /// Name of the demo source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub source: Option<String>,
    /// What the colleague did, in words, once done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub colleague: Option<String>,
}

/// What to do with the tour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TourAction {
    /// Start (again): makes the demo source if there is none.
    Start,
    /// Do the present step for me.
    DoIt,
    /// Next step.
    Next,
    /// Leave.
    Leave,
}
