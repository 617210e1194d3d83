//! The history as a file, and where to put it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

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
