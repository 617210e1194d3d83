//! Records that are gone and can be brought back.

use crate::Millis;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which deleted records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct DeletedQuery {
    /// Only of this source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub source: Option<String>,
    /// Only with this in the title.
    pub text: String,
    /// First row.
    pub offset: u32,
    /// Rows wanted, at most 500.
    pub limit: u32,
}

/// One page of deleted records, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DeletedPage {
    /// All of them.
    pub total: u32,
    /// First row of this page.
    pub offset: u32,
    /// The rows.
    pub rows: Vec<DeletedRow>,
}

/// A record that is gone, with its versions kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DeletedRow {
    /// Local key.
    pub key: String,
    /// Its last title.
    pub title: String,
    /// Source name.
    pub source: String,
    /// Collection title.
    pub collection: String,
    /// When it went.
    pub at: Millis,
    /// The person deleted it (else it was deleted on the server, or settled away).
    pub by_you: bool,
    /// Versions kept.
    pub versions: u32,
    /// The newest version that can be brought back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub newest: Option<u32>,
}
