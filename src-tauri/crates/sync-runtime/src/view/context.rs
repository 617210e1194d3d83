//! What the views of one collection know besides the record.

use super::lookup::Lookup;
use super::value::string_of;
use super::{CollectionSchema, title, when};
use ipc_types::Millis;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use record_merge::Path;
use record_merge::json::Kind;
use sync_engine::{Body, Record, Rules, RunId, Theirs, Timestamp};

/// What holds for the collection of the record shown.
#[derive(Clone, Copy, Debug)]
pub struct ViewContext<'a> {
    /// Its schema ([`CollectionSchema::default`] if the source has none).
    pub schema: &'a CollectionSchema,
    /// Its rules; `rules.merge` already holds what the schema says ([`CollectionSchema::merge_policy`]).
    pub rules: &'a Rules,
    /// The time.
    pub now: Timestamp,
    /// The present run.
    pub run: RunId,
    /// Source name.
    pub source: &'a str,
    /// Collection title for people.
    pub collection_title: &'a str,
}

/// Why a view cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ViewError {
    /// It has no merge.
    #[error("this record does not need you any more")]
    NotInMerge,
    /// Rows are open; their numbers.
    #[error("{} still need a choice", .0.len())]
    StillOpen(Vec<u32>),
    /// The rows of the record fit no state.
    #[error(transparent)]
    State(#[from] sync_engine::StateError),
}

/// Everything but the unreserved characters of RFC 3986.
const PART: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// `source/collection/id` as the command line takes it (cli.md); `source/collection/~KEY` without an id. An id that
/// starts with `~` has it encoded, so that it is no local key.
pub fn address(source: &str, record: &Record) -> String {
    let part = |text: &str| utf8_percent_encode(text, PART).to_string();
    let last = match &record.id {
        None => format!("~{}", record.key),
        Some(id) => match id.0.strip_prefix('~') {
            Some(rest) => format!("%7E{}", part(rest)),
            None => part(&id.0),
        },
    };
    format!("{}/{}/{last}", part(source), part(&record.collection))
}

impl ViewContext<'_> {
    /// Title of a record: of what the person sees, else of what was there before, else of the server's.
    pub(crate) fn title_of(&self, record: &Record) -> String {
        let id = record.id.as_ref().map_or_else(|| format!("New {}", self.schema.noun), |id| id.0.clone());
        title(best_body(record), self.schema, &id)
    }

    /// Source, collection, number or id.
    pub(crate) fn breadcrumbs(&self, record: &Record) -> Vec<String> {
        let mut crumbs = vec![self.source.to_owned(), self.collection_title.to_owned()];
        crumbs.extend(self.number_of(record));
        crumbs
    }

    /// The number people know the record by: a short member called so, else its id.
    fn number_of(&self, record: &Record) -> Option<String> {
        let lookup = best_body(record).and_then(Lookup::of);
        let number = lookup.and_then(|l| {
            ["number", "no", "code", "ref", "reference"].iter().find_map(|name| {
                let id = l.names(l.root()).get(*name).copied()?;
                match l.document().kind(id) {
                    Kind::Number => Some(l.document().text(id).to_owned()),
                    _ => Some(string_of(l.document(), id).into_owned()).filter(|s| !s.is_empty()),
                }
            })
        });
        number.filter(|text| text.chars().count() <= 40).or_else(|| record.id.as_ref().map(|id| id.0.clone()))
    }

    /// Who made the server's version, if the schema names the member that says so.
    pub(crate) fn who(&self, theirs: Option<&Body>) -> Option<String> {
        let text = member_text(theirs?, self.schema.author.as_ref()?)?;
        Some(text.trim().to_owned()).filter(|text| !text.is_empty() && text.chars().count() <= 200)
    }

    /// When the server's version was made, if the schema names the member that says so.
    pub(crate) fn made_at(&self, theirs: Option<&Body>) -> Option<Millis> {
        made_at(theirs?, self.schema)
    }
}

/// As [`made_at`], but only if the member says the time of day: a bare date is not the moment of a version.
pub(crate) fn made_exactly_at(body: &Body, schema: &CollectionSchema) -> Option<Millis> {
    let text = member_text(body, schema.changed_at.as_ref()?)?;
    if text.contains(['T', ':']) || text.bytes().all(|b| b.is_ascii_digit()) {
        when::millis(&text)
    } else {
        None
    }
}

/// When a representation was made, if the schema names the member that says so.
pub fn made_at(body: &Body, schema: &CollectionSchema) -> Option<Millis> {
    when::millis(&member_text(body, schema.changed_at.as_ref()?)?)
}

/// As [`made_at`], for a body that is read already.
pub(crate) fn made_at_in(lookup: &Lookup, schema: &CollectionSchema) -> Option<Millis> {
    when::millis(&text_at(lookup, schema.changed_at.as_ref()?)?)
}

fn member_text(body: &Body, path: &Path) -> Option<String> {
    text_at(&Lookup::of(body)?, path)
}

fn text_at(lookup: &Lookup, path: &Path) -> Option<String> {
    let id = lookup.at(path)?;
    match lookup.document().kind(id) {
        Kind::String => Some(string_of(lookup.document(), id).into_owned()),
        Kind::Number => Some(lookup.document().text(id).to_owned()),
        _ => None,
    }
}

/// The body to name a record by.
pub(crate) fn best_body(record: &Record) -> Option<&Body> {
    record.visible().or(record.base.as_ref().map(|b| &b.body)).or_else(|| theirs_body(record))
}

/// The server's version, when it differs from base and is there.
pub(crate) fn theirs_body(record: &Record) -> Option<&Body> {
    match &record.theirs.as_ref()?.what {
        Theirs::Present(version) => Some(&version.body),
        Theirs::Gone => None,
    }
}
