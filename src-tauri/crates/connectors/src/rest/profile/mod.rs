//! Profiles: how one REST service spells things. Checked once, so that nothing later has to doubt them.

mod check;
mod policy;
mod raw;

use crate::address::Template;
use crate::envelope::Pointer;
use crate::judge::Conflict;
use record_merge::Policy;
use sync_engine::Creates;

/// What is assumed of a REST service that publishes no profile.
pub const DEFAULT_PROFILE: &str = include_str!("../../../profiles/default.toml");
/// The profile that the reference server publishes.
pub const REFERENCE_PROFILE: &str = include_str!("../../../profiles/reference.toml");

pub(crate) use raw::{Covers, Take};

/// A checked profile.
#[derive(Clone, Debug)]
pub(crate) struct Profile {
    pub headers: Vec<(String, String)>,
    pub url: Template,
    pub accept: String,
    pub content_type: Option<String>,
    pub creates: Creates,
    pub create_url: Template,
    /// Where the record is in an answer, and in what is sent.
    pub record: Pointer,
    /// A 2xx to a write carries the record.
    pub answer_is_record: bool,
    pub id: Option<Pointer>,
    /// How records merge; with the members the server keeps by itself.
    pub merge: Policy,
    pub conflict: Conflict,
    pub confirm: bool,
    pub author: Option<Pointer>,
    pub time: Option<Pointer>,
    pub validator: Source,
    pub weak_enforced: bool,
    pub current: Option<Current>,
    pub list: List,
    pub paging: Paging,
    pub delta: Option<Delta>,
    pub batch: Option<(Template, usize)>,
    pub dry_run: Option<(String, String)>,
    pub history: Option<History>,
    pub schema: Option<(Template, Pointer)>,
    pub collections: Option<Collections>,
}

/// Where the canonical validator is.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    Header(String),
    Member(Pointer, bool),
}

#[derive(Clone, Debug)]
pub(crate) struct Current {
    pub record: Pointer,
    pub etag: Option<Pointer>,
    pub etag_quoted: bool,
    pub gone: Option<Pointer>,
}

#[derive(Clone, Debug)]
pub(crate) struct List {
    pub url: Template,
    pub items: Vec<Pointer>,
    pub id: Vec<Pointer>,
    pub etag: Option<Pointer>,
    pub etag_quoted: bool,
    pub record: Option<Pointer>,
    pub deleted: Option<Pointer>,
    pub total: Option<Pointer>,
    pub covers: Covers,
}

#[derive(Clone, Debug)]
pub(crate) struct Paging {
    pub next: Vec<Pointer>,
    /// Where the token of the next page is, and the parameter it goes into.
    pub token: Option<(Pointer, String)>,
    pub limit: Option<(String, u32)>,
    pub stable: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Delta {
    pub url: Template,
    pub parameter: String,
    pub cursor: Option<Pointer>,
    pub cursor_header: Option<String>,
    pub take: Take,
    pub lost: Vec<u16>,
}

#[derive(Clone, Debug)]
pub(crate) struct History {
    pub url: Template,
    pub lines: Pointer,
    pub at: Pointer,
    pub actor: Pointer,
    pub from: Pointer,
    pub to: Pointer,
    pub changed: Pointer,
    pub request_id: Pointer,
}

#[derive(Clone, Debug)]
pub(crate) struct Collections {
    pub url: Template,
    pub items: Pointer,
    pub name: Pointer,
    pub title: Option<Pointer>,
    pub noun: Option<Pointer>,
    pub count: Option<Pointer>,
}

impl Profile {
    /// Records may be web pages here.
    pub(crate) fn takes_html(&self) -> bool {
        self.accept.contains("text/html") || self.accept.contains("application/xhtml")
    }
}
