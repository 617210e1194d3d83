//! What a source, a schema or a person says about merging: array modes, rules, groups (merge.md 2.4, M18, M22, M38).

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How one array is merged (merge.md 2.4). [`Atomic`](ArrayMode::Atomic) can be said of an object and of a text, too.
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

/// The answer to every clash at a place, given once for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The person's value.
    Mine,
    /// The server's value.
    Server,
    /// The value of the version that was made later. Without both times, or with the same time, the clash stays open.
    Newest,
    /// Lists: what either side has, without what either side removed.
    Union,
    /// Numbers: both changes added up, `mine + theirs - before`, exactly.
    Sum,
    /// The greater number, or the later of two dates or moments.
    Higher,
}

/// Who gave a rule or an array mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The person ("use this for similar ones from now on").
    Person,
    /// The profile of the source.
    Profile,
    /// The schema of the records.
    Schema,
}

/// The answer to every clash of fields that are one row, given once for all. It answers that row, with just these fields,
/// and none of them alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowRule {
    /// The fields, by their patterns: members of one object.
    pub fields: Vec<String>,
    /// A side, or the newest: nothing else can be said about several fields at once.
    pub rule: Rule,
    /// Who gave it, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

/// What a source, a schema or a person says about merging its records.
/// Patterns are member names joined by `/`, `*` for any one name, `**/x` at any depth; inside a name `~0` is `~`, `~1` is
/// `/` and `~2` is `*` ([`pattern_name`](crate::pattern_name)).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// Array mode by path pattern; of what is no array, only that it is one value.
    pub arrays: BTreeMap<String, ArrayMode>,
    /// Rules for clashes by path pattern; one holds for all that is below its place, too. The most exact pattern wins.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub rules: BTreeMap<String, Rule>,
    /// Rules for fields that are one row.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub row_rules: Vec<RowRule>,
    /// Who gave the rule of a pattern, where that is known.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub origins: BTreeMap<String, Origin>,
    /// Fields that are one row together (M22). Those of one group are members of one object.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Vec<String>>,
    /// Strings merged as text even without a line break, by path pattern.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub texts: Vec<String>,
    /// Members the server keeps by itself: never rows, left out of comparison, follow the server (M18).
    pub server_kept: Vec<String>,
    /// `null` and a missing member mean the same (truth table row 11).
    pub null_is_missing: bool,
    /// Word-level merging of texts is wanted.
    pub words: bool,
    /// Addresses of the person: events they organise get a higher `SEQUENCE` when a merge moves them (RFC 5546 2.1.4).
    pub me: Vec<String>,
}
