//! Values of records, as strings with a type tag.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The JSON type of a value; `missing` is a word of its own (M14).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ValueType {
    /// The member is not there.
    Missing,
    /// JSON `null`.
    Null,
    /// A string.
    Text,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// An array.
    List,
    /// An object.
    Object,
}

/// One value of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Value {
    /// Its JSON type.
    pub r#type: ValueType,
    /// For people: the unescaped text of a string, the spelling of a number, the JSON text of lists and objects.
    pub text: String,
    /// The JSON text as the document spells it; empty when missing.
    pub json: String,
}

/// One piece of a comparison of two texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Mark {
    /// Same in both, only in the first, only in the second.
    pub kind: MarkKind,
    /// The piece.
    pub text: String,
}

/// Kind of a [`Mark`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MarkKind {
    /// In both.
    Equal,
    /// Only in the earlier text.
    Removed,
    /// Only in the later text.
    Added,
}

/// One change of a document, applied to the newest version here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum BodyOperation {
    /// Set the value at a JSON pointer (RFC 6901); the parent must exist, an index equal to the length appends.
    Set {
        /// Where.
        pointer: String,
        /// JSON text of the new value.
        json: String,
    },
    /// Remove the member or element at a JSON pointer.
    Unset {
        /// Where.
        pointer: String,
    },
    /// Replace the whole document by this text (Source tab).
    Replace {
        /// The new document.
        text: String,
    },
}
