//! The record form, from the schema or inferred.

use crate::Value;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// The form of a record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FormView {
    /// Fields in order; empty when the document is no JSON object (use the Source tab).
    pub fields: Vec<FieldView>,
}

/// What a field looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// One line.
    Text,
    /// Several lines.
    LongText,
    /// A number, with unit.
    Number,
    /// Yes or no.
    Boolean,
    /// `YYYY-MM-DD`.
    Date,
    /// RFC 3339 date and time.
    DateTime,
    /// One of `options`.
    Choice,
    /// A list of short texts.
    Tags,
    /// A list of objects: `columns` and `rows`.
    Table,
    /// An object: `fields`.
    Object,
    /// Anything else, as JSON text.
    Json,
}

/// What is known about a field, without its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FieldMeta {
    /// JSON pointer.
    pub pointer: String,
    /// Name for people: schema title, else the key in words.
    pub label: String,
    /// What it looks like.
    pub kind: FieldKind,
    /// Must be there.
    pub required: bool,
    /// Kept by the server: shown, not editable.
    pub read_only: bool,
    /// Unit behind a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub unit: Option<String>,
    /// A sentence of help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub help: Option<String>,
    /// What a choice offers.
    pub options: Vec<FieldOption>,
    /// Names for people of the members of an object, or of the entries of a list, by key, where the schema has them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub titles: Option<BTreeMap<String, String>>,
}

/// One option of a choice field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FieldOption {
    /// JSON text of the value.
    pub json: String,
    /// Name for people.
    pub title: String,
}

/// A field with its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FieldView {
    /// What is known about it.
    pub meta: FieldMeta,
    /// Value now.
    pub value: Value,
    /// Value of the last synced version, when it differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub before: Option<Value>,
    /// What is wrong with it, in words (schema, or the server's refusal).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub error: Option<String>,
    /// It is an open row of the merge screen.
    pub needs_choice: bool,
    /// Members of an object.
    pub fields: Vec<FieldView>,
    /// Columns of a table.
    pub columns: Vec<FieldMeta>,
    /// Rows of a table, each with its cells in the order of `columns`.
    pub rows: Vec<Vec<FieldView>>,
}
