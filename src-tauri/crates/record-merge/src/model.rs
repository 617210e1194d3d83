//! The words of a merge: paths, choices, rows, decisions.
//!
//! Values are *lexemes*: the JSON text of one value, byte for byte as its document spells it. They never pass
//! through a number or string type, so nothing is re-spelled on its way to a person or back to a server.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// JSON text of one value, spelled as in its document. For text documents: the whole text as a JSON string.
pub type Lexeme = String;

/// One step of a [`Path`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Token {
    /// A member of an object, by its unescaped name.
    Member(String),
    /// An element of an array, by position.
    Index(usize),
    /// An element of an array, by identity: key member to the lexeme of its value (`{"id": "7"}` for number 7).
    Identity(BTreeMap<String, Lexeme>),
}

/// Where a node is in a record. Empty = the whole document.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Path(pub Vec<Token>);

/// How the bytes of a record are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// RFC 8259 JSON, merged node by node.
    Json,
    /// Any UTF-8 text, merged as one value for now.
    Text,
    /// Anything else: only equal or not.
    Binary,
}

/// How one array is merged (merge.md 2.4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArrayMode {
    /// One value.
    Atomic,
    /// Elements in any order, each at most once.
    Set,
    /// Elements by position.
    Sequence,
    /// Elements by the value of these key members; one name or a list of names.
    Identity(#[serde(deserialize_with = "one_or_many")] Vec<String>),
}

fn one_or_many<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Keys {
        One(String),
        Many(Vec<String>),
    }
    Ok(match Keys::deserialize(from)? {
        Keys::One(key) => vec![key],
        Keys::Many(keys) => keys,
    })
}

/// What a source, a schema or a person says about merging its records.
/// Patterns are member names joined by `/`, `**/x` at any depth.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// Array mode by path pattern.
    pub arrays: BTreeMap<String, ArrayMode>,
    /// Members the server keeps by itself: never rows, left out of comparison, follow the server (M18).
    pub server_kept: Vec<String>,
    /// `null` and a missing member mean the same (truth table row 11).
    pub null_is_missing: bool,
    /// Word-level merging of texts is wanted.
    pub words: bool,
}

/// The three versions of one document. `None` = does not exist.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// Last synced version ("Before").
    pub base: Option<&'a [u8]>,
    /// The person's version ("Yours").
    pub mine: Option<&'a [u8]>,
    /// The server's version ("On the server").
    pub theirs: Option<&'a [u8]>,
}

/// What a person can say about one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// The server's value.
    Theirs,
    /// The person's value.
    Mine,
    /// Both values, where that has a meaning.
    Both,
    /// A value of the person's own writing.
    Edit,
    /// Open again.
    Later,
}

/// Why a row is there (truth table, merge.md 2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowKind {
    /// Only the server changed it.
    TheirsOnly,
    /// Only the person changed it.
    MineOnly,
    /// Both changed it to different values.
    EditedDifferently,
    /// Both added it with different values.
    AddedDifferently,
    /// Both added an object here; its members were united (an automatic row that asks for a look).
    AddedByBoth,
    /// The person removed it, the server changed it.
    DeletedByMeEditedByServer,
    /// The person changed it, the server removed it.
    EditedByMeDeletedByServer,
    /// One side set `null`, the other removed it.
    NullVsMissing,
    /// One side changed its type, or both to different types.
    TypeChanged,
    /// Put together from both sides.
    Combined,
    /// The whole record: edited by me, deleted on the server.
    EditDelete,
    /// The whole record: deleted by me, edited on the server.
    DeleteEdit,
}

/// Which list of the merge screen a row is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// A true clash: a person has to choose.
    Open,
    /// Put together automatically, reversible.
    Automatic,
}

/// One line of the merge screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The node.
    pub path: Path,
    /// Part of a text or list, when a node has several rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<u32>,
    /// Which list it is in.
    pub group: Group,
    /// Why it is there.
    pub kind: RowKind,
    /// Value in base; `None` = not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Lexeme>,
    /// The person's value; `None` = not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mine: Option<Lexeme>,
    /// The server's value; `None` = not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theirs: Option<Lexeme>,
    /// What the merge takes by itself; `None` on an open row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automatic: Option<Choice>,
    /// Asks for a look although nothing clashes (M20).
    #[serde(default)]
    pub please_look: bool,
    /// What may be chosen here, server's first.
    pub choices: Vec<Choice>,
}

/// What a person decided for one row. Durable; rows are always computed anew (M47a).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The node decided.
    pub path: Path,
    /// Its part, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<u32>,
    /// What was chosen; never [`Choice::Later`] in a stored decision.
    pub choice: Choice,
    /// The person's own value for [`Choice::Edit`]; `None` there = remove the member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Lexeme>,
    /// Validator of the server's version the choice was made against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validator: Option<String>,
    /// The server's value at that time; `None` = not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theirs_then: Option<Lexeme>,
    /// The person's value at that time; `None` = not there. A decision stays only while mine here is unchanged (sync.md 3.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mine_then: Option<Lexeme>,
}
