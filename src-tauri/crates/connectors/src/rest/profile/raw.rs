//! A profile as it stands in TOML; docs/connectors.md explains the keys. What is allowed is checked in `check`.

use serde::Deserialize;
use std::collections::BTreeMap;

/// One pointer, or several that are tried in turn.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Several {
    One(String),
    Many(Vec<String>),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Raw {
    #[serde(default)]
    pub title: Option<String>,
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    pub records: Records,
    #[serde(default)]
    pub validator: Validator,
    pub current: Option<Current>,
    pub list: List,
    #[serde(default)]
    pub paging: Paging,
    pub delta: Option<Delta>,
    pub batch: Option<Batch>,
    pub dry_run: Option<DryRun>,
    pub history: Option<History>,
    pub schema: Option<Schema>,
    pub collections: Option<Collections>,
    /// A merge policy, with the keys of its JSON object; read by `policy`.
    #[serde(default)]
    pub merge: toml::Table,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Create {
    #[default]
    Put,
    Post,
    PostWithKey,
    None,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Conflict {
    #[default]
    Changed,
    Refused,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum WriteAnswer {
    #[default]
    Ignored,
    Record,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Records {
    pub url: String,
    #[serde(default)]
    pub accept: Option<String>,
    #[serde(default)]
    pub content_type: Option<String>,
    #[serde(default)]
    pub create: Create,
    #[serde(default)]
    pub create_url: Option<String>,
    #[serde(default)]
    pub record: String,
    #[serde(default)]
    pub answer: WriteAnswer,
    #[serde(default)]
    pub id: Option<String>,
    #[serde(default)]
    pub server_kept: Vec<String>,
    #[serde(default)]
    pub conflict: Conflict,
    #[serde(default)]
    pub confirm: bool,
    #[serde(default)]
    pub author: Option<String>,
    #[serde(default)]
    pub time: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Validator {
    #[serde(default)]
    pub header: Option<String>,
    #[serde(default)]
    pub member: Option<String>,
    #[serde(default)]
    pub quoted: bool,
    #[serde(default)]
    pub weak_enforced: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Current {
    pub record: String,
    #[serde(default)]
    pub etag: Option<String>,
    #[serde(default = "yes")]
    pub etag_quoted: bool,
    #[serde(default)]
    pub gone: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Covers {
    #[default]
    None,
    Page,
    Collection,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct List {
    pub url: String,
    pub items: Several,
    pub id: Several,
    #[serde(default)]
    pub etag: Option<String>,
    #[serde(default = "yes")]
    pub etag_quoted: bool,
    #[serde(default)]
    pub record: Option<String>,
    #[serde(default)]
    pub deleted: Option<String>,
    #[serde(default)]
    pub total: Option<String>,
    #[serde(default)]
    pub covers: Covers,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Paging {
    #[serde(default)]
    pub next: Option<Several>,
    #[serde(default)]
    pub token: Option<String>,
    #[serde(default)]
    pub token_parameter: Option<String>,
    #[serde(default)]
    pub limit_parameter: Option<String>,
    #[serde(default)]
    pub limit: Option<u32>,
    #[serde(default)]
    pub stable: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Take {
    #[default]
    First,
    Last,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Delta {
    #[serde(default)]
    pub url: Option<String>,
    pub parameter: String,
    #[serde(default)]
    pub cursor: Option<String>,
    #[serde(default)]
    pub cursor_header: Option<String>,
    #[serde(default)]
    pub take: Take,
    #[serde(default)]
    pub lost: Option<Vec<u16>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Batch {
    pub url: String,
    pub size: usize,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DryRun {
    pub header: String,
    pub value: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct History {
    pub url: String,
    #[serde(default)]
    pub lines: String,
    #[serde(default)]
    pub at: Option<String>,
    #[serde(default)]
    pub actor: Option<String>,
    #[serde(default)]
    pub from: Option<String>,
    #[serde(default)]
    pub to: Option<String>,
    #[serde(default)]
    pub changed: Option<String>,
    #[serde(default)]
    pub request_id: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Schema {
    pub url: String,
    #[serde(default)]
    pub schema: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Collections {
    pub url: String,
    #[serde(default)]
    pub items: String,
    pub name: String,
    #[serde(default)]
    pub title: Option<String>,
    #[serde(default)]
    pub noun: Option<String>,
    #[serde(default)]
    pub count: Option<String>,
}

fn yes() -> bool {
    true
}
