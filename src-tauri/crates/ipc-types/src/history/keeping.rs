//! How long versions are kept, and what they take.

use crate::Millis;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

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
