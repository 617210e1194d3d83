//! The schema of a collection: what its fields are called, look like and may hold.
//!
//! A tolerant subset of JSON Schema 2020-12. What is not known is ignored, what is broken counts as not said: a
//! schema helps to show a record, it is never a reason not to.

use super::words::label;
use record_merge::{ArrayMode, Path, Rule, Token};
use regex::Regex;
use std::collections::BTreeSet;

/// A JSON type as schemas name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum JsonType {
    /// `null`
    Null,
    /// `boolean`
    Boolean,
    /// `integer`
    Integer,
    /// `number`
    Number,
    /// `string`
    String,
    /// `array`
    Array,
    /// `object`
    Object,
}

/// The `format` of a text, where it is one that is shown or checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Not said, or not known here.
    #[default]
    Any,
    /// `date`
    Date,
    /// `date-time`
    DateTime,
    /// `email`
    Email,
    /// `uri`
    Uri,
}

/// A limit for numbers, as the schema spells it.
#[derive(Clone, Debug)]
pub struct Limit {
    /// For comparing.
    pub number: f64,
    /// For people.
    pub text: String,
}

/// One of the values a field may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// JSON text.
    pub json: String,
    /// For people.
    pub title: String,
}

/// A pattern for texts; one that cannot be read here is never applied.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// As the schema writes it.
    pub source: String,
    pub(crate) regex: Option<Regex>,
}

/// What a schema says about merging a field (`x-merge`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldMerge {
    /// How the list merges.
    Mode(ArrayMode),
    /// What answers its clashes.
    Rule(Rule),
    /// The server keeps it by itself.
    Follow,
}

/// What the schema says about one field.
#[derive(Clone, Debug, Default)]
pub struct Field {
    /// Name for people.
    pub title: Option<String>,
    /// A sentence of help.
    pub help: Option<String>,
    /// Types allowed; empty = any.
    pub types: BTreeSet<JsonType>,
    /// Members, in the order of the schema.
    pub properties: Vec<(String, Field)>,
    /// Members that must be there.
    pub required: BTreeSet<String>,
    /// The values allowed; empty = any.
    pub allowed: Vec<Allowed>,
    /// Format of texts.
    pub format: Format,
    /// Elements of a list.
    pub items: Option<Box<Field>>,
    /// Each element at most once.
    pub unique_items: bool,
    /// Members that tell the elements of a list apart (`x-identity`).
    pub identity: Vec<String>,
    /// What it says about merging besides (`x-merge`).
    pub merge: Vec<FieldMerge>,
    /// Names of members that are one row together (`x-merge-groups`).
    pub merge_groups: Vec<Vec<String>>,
    /// Fewest and most elements.
    pub item_count: (Option<u64>, Option<u64>),
    /// Smallest and largest number.
    pub range: (Option<Limit>, Option<Limit>),
    /// Number that must be exceeded, and the one that must not be reached.
    pub outside: (Option<Limit>, Option<Limit>),
    /// Fewest and most characters.
    pub length: (Option<u64>, Option<u64>),
    /// Patterns of texts; all of them hold.
    pub patterns: Vec<Pattern>,
    /// Kept by the server.
    pub read_only: bool,
    /// Unit behind a number (`x-unit`).
    pub unit: Option<String>,
    /// Shown with several lines.
    pub long_text: bool,
    /// JSON text of the value a new record begins with.
    pub default: Option<String>,
}

impl Field {
    /// The member of that name.
    pub fn property(&self, name: &str) -> Option<&Field> {
        self.properties.iter().find(|(own, _)| own == name).map(|(_, field)| field)
    }

    /// The field one step below.
    pub fn step(&self, token: &Token) -> Option<&Field> {
        match token {
            Token::Member(name) => self.property(name).or_else(|| {
                let position = !name.is_empty() && name.bytes().all(|b| b.is_ascii_digit());
                self.items.as_deref().filter(|_| position)
            }),
            Token::Index(_) | Token::Identity(_) => self.items.as_deref(),
        }
    }

    /// The value may be of that type.
    pub fn allows(&self, r#type: JsonType) -> bool {
        self.types.is_empty() || self.types.contains(&r#type)
    }

    /// The only type it may have besides `null`.
    pub fn only_type(&self) -> Option<JsonType> {
        let mut types = self.types.iter().filter(|t| **t != JsonType::Null);
        match (types.next(), types.next()) {
            (Some(only), None) => Some(*only),
            (Some(JsonType::Integer), Some(JsonType::Number)) => Some(JsonType::Number),
            _ => None,
        }
    }
}

/// The schema of a collection, read once.
#[derive(Clone, Debug)]
pub struct CollectionSchema {
    /// The fields of a record.
    pub root: Field,
    /// What one record is called: `x-noun`, else "record".
    pub noun: String,
    /// The field a record is named by (`x-title-field`).
    pub title_field: Option<Path>,
    /// The fields shown in lists (`x-columns`).
    pub columns: Option<Vec<Path>>,
    /// The member that says who changed a record (`x-author`).
    pub author: Option<Path>,
    /// The member that says when (`x-changed-at`).
    pub changed_at: Option<Path>,
    /// `null` and a missing member mean the same (`x-merge-null-is-missing`).
    pub null_is_missing: bool,
}

impl Default for CollectionSchema {
    /// Nothing is known.
    fn default() -> Self {
        Self {
            root: Field::default(),
            noun: "record".to_owned(),
            title_field: None,
            columns: None,
            author: None,
            changed_at: None,
            null_is_missing: false,
        }
    }
}

impl CollectionSchema {
    /// Reads a schema; text that is none gives the empty schema.
    pub fn read(bytes: &[u8]) -> Self {
        super::schema_read::read(bytes).unwrap_or_default()
    }

    /// Name of the collection for people: the schema's title, else the last part of its name in words.
    pub fn collection_title(&self, name: &str) -> String {
        let last = || label(name.trim_end_matches('/').rsplit('/').next().unwrap_or(name));
        self.root.title.clone().unwrap_or_else(last)
    }

    /// The field at a path.
    pub fn field(&self, path: &Path) -> Option<&Field> {
        path.0.iter().try_fold(&self.root, |field, token| field.step(token))
    }

    /// The field at a path must be there.
    pub fn is_required(&self, path: &Path) -> bool {
        let Some((Token::Member(name), parents)) = path.0.split_last() else { return false };
        let parent = parents.iter().try_fold(&self.root, |field, token| field.step(token));
        parent.is_some_and(|parent| parent.required.contains(name))
    }
}
