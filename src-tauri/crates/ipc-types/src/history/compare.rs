//! Two versions beside each other, and bringing a field back.

use crate::{FieldMeta, Mark, Value};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Compare two versions of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CompareVersions {
    /// Local key.
    pub key: String,
    /// Version on the left; absent = nothing (all of `to` is new).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub from: Option<u32>,
    /// Version on the right; absent = the record as it is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub to: Option<u32>,
}

/// Two versions beside each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Comparison {
    /// Fields that differ, in document order.
    pub rows: Vec<ComparedField>,
    /// Fields that are the same in both.
    pub same: Vec<SameField>,
    /// Lines of the two texts, for records that have no fields.
    pub lines: Vec<Mark>,
    /// The version on the left as text; absent when binary or not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub from_text: Option<String>,
    /// The version on the right as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub to_text: Option<String>,
}

/// A field that differs between two versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ComparedField {
    /// Opaque name of the place; goes into [`BringBackField`].
    pub place: String,
    /// The field: elements of lists under the name of their list.
    pub label: String,
    /// Which part of it: "Charger, serial number".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub part: Option<String>,
    /// What is known about it.
    pub field: FieldMeta,
    /// Value on the left.
    pub from: Value,
    /// Value on the right.
    pub to: Value,
    /// Word marks: equal and removed pieces are the left value, equal and added ones the right.
    pub marks: Vec<Mark>,
    /// Name of a difference that cannot be seen (M26).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub invisible: Option<String>,
    /// Kept by the server: not to be brought back.
    pub kept: bool,
}

/// A field that is the same in two versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SameField {
    /// Name.
    pub label: String,
    /// Value.
    pub value: Value,
}

/// Bring one field back as it was in a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BringBackField {
    /// Local key.
    pub key: String,
    /// The version to take it from.
    pub version: u32,
    /// The place, as [`ComparedField`] names it.
    pub place: String,
}
