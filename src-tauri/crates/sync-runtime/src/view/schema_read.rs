//! Reading a JSON Schema. Broken parts count as not said.

use super::schema::{Allowed, CollectionSchema, Field, Format, JsonType, Limit, Pattern};
use super::value::string_of;
use super::words::label;
use record_merge::json::{Document, Kind, NodeId};
use record_merge::{Path, Token};
use regex::RegexBuilder;
use std::cell::Cell;

/// Deepest nesting of fields that is read; also ends schemas that refer to themselves.
const DEEPEST: usize = 16;
/// Most fields that are read.
const MOST_FIELDS: usize = 5_000;
/// Most values of an `enum` that are offered.
const MOST_ALLOWED: usize = 1_000;

pub(super) fn read(bytes: &[u8]) -> Option<CollectionSchema> {
    let document = Document::parse(bytes).ok()?;
    let reader = Reader { document: &document, left: Cell::new(MOST_FIELDS) };
    let id = document.root();
    if document.kind(id) != Kind::Object {
        return None;
    }
    let root = reader.field(id, 0);
    let named =
        |word: &str| reader.text(id, word).and_then(|text| place(&text)).or_else(|| reader.marked(id, word));
    Some(CollectionSchema {
        noun: reader.text(id, "x-noun").unwrap_or_else(|| "record".to_owned()),
        title_field: named("x-title-field"),
        columns: reader.columns(id),
        author: named("x-author"),
        changed_at: named("x-changed-at"),
        root,
    })
}

/// A member name or a JSON pointer.
fn place(text: &str) -> Option<Path> {
    match text.strip_prefix('/') {
        Some(_) => Path::from_pointer(text).ok(),
        None => Some(Path(vec![Token::Member(text.to_owned())])).filter(|_| !text.is_empty()),
    }
}

struct Reader<'a> {
    document: &'a Document,
    left: Cell<usize>,
}

impl Reader<'_> {
    fn member(&self, id: NodeId, name: &str) -> Option<NodeId> {
        (self.document.kind(id) == Kind::Object).then(|| self.document.member(id, name)).flatten()
    }

    fn text(&self, id: NodeId, name: &str) -> Option<String> {
        let found = self.member(id, name).filter(|id| self.document.kind(*id) == Kind::String)?;
        Some(string_of(self.document, found).trim().to_owned()).filter(|text| !text.is_empty())
    }

    fn flag(&self, id: NodeId, name: &str) -> bool {
        self.member(id, name).is_some_and(|id| self.document.text(id) == "true")
    }

    fn limit(&self, id: NodeId, name: &str) -> Option<Limit> {
        let found = self.member(id, name).filter(|id| self.document.kind(*id) == Kind::Number)?;
        let text = self.document.text(found).to_owned();
        text.parse().ok().map(|number| Limit { number, text })
    }

    fn count(&self, id: NodeId, name: &str) -> Option<u64> {
        self.limit(id, name).and_then(|limit| limit.text.parse().ok())
    }

    /// The texts of a list, or one text alone.
    fn texts(&self, id: NodeId, name: &str) -> Vec<String> {
        let Some(found) = self.member(id, name) else { return Vec::new() };
        let one = |id| string_of(self.document, id).into_owned();
        match self.document.kind(found) {
            Kind::String => vec![one(found)],
            Kind::Array => self
                .document
                .children(found)
                .filter(|id| self.document.kind(*id) == Kind::String)
                .map(one)
                .collect(),
            _ => Vec::new(),
        }
    }

    fn columns(&self, id: NodeId) -> Option<Vec<Path>> {
        self.member(id, "x-columns")?;
        Some(self.texts(id, "x-columns").iter().filter_map(|text| place(text)).collect())
    }

    /// The property that carries a mark like `"x-author": true`.
    fn marked(&self, id: NodeId, word: &str) -> Option<Path> {
        let properties = self.member(id, "properties")?;
        let found = self.document.members(properties).find(|(_, field)| self.flag(*field, word));
        found.map(|(name, _)| Path(vec![Token::Member(name.into_owned())]))
    }

    /// Follows `$ref` within the document, and `anyOf`/`oneOf` of one schema and `null`.
    fn resolved(&self, id: NodeId) -> (NodeId, bool) {
        let (mut id, mut nullable) = (id, false);
        for _ in 0..DEEPEST {
            if let Some(target) = self.text(id, "$ref").and_then(|r| self.referred(&r)) {
                id = target;
                continue;
            }
            let Some(options) = self.member(id, "anyOf").or_else(|| self.member(id, "oneOf")) else { break };
            let (nulls, others): (Vec<NodeId>, Vec<NodeId>) =
                self.document.children(options).partition(|o| self.texts(*o, "type") == ["null"]);
            match others.as_slice() {
                [only] if !nulls.is_empty() && self.member(*only, "const").is_none() => {
                    (id, nullable) = (*only, true);
                }
                _ => break,
            }
        }
        (id, nullable)
    }

    fn referred(&self, reference: &str) -> Option<NodeId> {
        let pointer = reference.strip_prefix('#')?;
        self.document.at(&Path::from_pointer(pointer).ok()?)
    }

    fn field(&self, outer: NodeId, depth: usize) -> Field {
        let (id, nullable) = self.resolved(outer);
        self.left.set(self.left.get().saturating_sub(1));
        // What stands beside a reference comes before what it refers to.
        let text = |name: &str| self.text(outer, name).or_else(|| self.text(id, name));
        let deeper = depth < DEEPEST && self.left.get() > 0;
        let mut types: std::collections::BTreeSet<JsonType> =
            self.texts(id, "type").iter().filter_map(|name| json_type(name)).collect();
        if nullable && !types.is_empty() {
            types.insert(JsonType::Null);
        }
        Field {
            title: text("title"),
            help: text("description"),
            types,
            properties: if deeper { self.properties(id, depth) } else { Vec::new() },
            required: self.texts(id, "required").into_iter().collect(),
            allowed: self.allowed(id, nullable),
            format: self.text(id, "format").map_or(Format::Any, |name| format(&name)),
            items: self
                .member(id, "items")
                .filter(|_| deeper)
                .map(|items| Box::new(self.field(items, depth + 1))),
            unique_items: self.flag(id, "uniqueItems"),
            identity: self.texts(id, "x-identity"),
            item_count: (self.count(id, "minItems"), self.count(id, "maxItems")),
            range: (self.limit(id, "minimum"), self.limit(id, "maximum")),
            outside: (self.limit(id, "exclusiveMinimum"), self.limit(id, "exclusiveMaximum")),
            length: (self.count(id, "minLength"), self.count(id, "maxLength")),
            pattern: self.text(id, "pattern").map(pattern),
            read_only: self.flag(outer, "readOnly") || self.flag(id, "readOnly"),
            unit: text("x-unit"),
            default: self.member(outer, "default").map(|value| self.document.text(value).to_owned()),
            long_text: self.flag(id, "x-long-text")
                || text("contentMediaType").is_some_and(|m| m.starts_with("text/")),
        }
    }

    fn properties(&self, id: NodeId, depth: usize) -> Vec<(String, Field)> {
        let Some(properties) = self.member(id, "properties") else { return Vec::new() };
        let mut out: Vec<(String, Field)> = Vec::new();
        for (name, field) in self.document.members(properties) {
            if self.left.get() > 0 {
                out.push((name.into_owned(), self.field(field, depth + 1)));
            }
        }
        out
    }

    /// `enum`, or `oneOf`/`anyOf` with a `const` and a `title` each.
    fn allowed(&self, id: NodeId, nullable: bool) -> Vec<Allowed> {
        let mut allowed = self.listed(id);
        if nullable && !allowed.is_empty() {
            allowed.push(Allowed { json: "null".to_owned(), title: "(no value)".to_owned() });
        }
        allowed
    }

    fn listed(&self, id: NodeId) -> Vec<Allowed> {
        if let Some(values) = self.member(id, "enum") {
            return self
                .document
                .children(values)
                .take(MOST_ALLOWED)
                .map(|v| self.one_allowed(v, None))
                .collect();
        }
        let options = self.member(id, "oneOf").or_else(|| self.member(id, "anyOf"));
        let Some(options) = options else {
            return self.member(id, "const").map(|v| vec![self.one_allowed(v, None)]).unwrap_or_default();
        };
        let each = self.document.children(options).take(MOST_ALLOWED);
        let read = each.map(|o| self.member(o, "const").map(|v| self.one_allowed(v, self.text(o, "title"))));
        // One option that is no constant makes it something else than a choice.
        read.collect::<Option<Vec<_>>>().unwrap_or_default()
    }

    fn one_allowed(&self, value: NodeId, title: Option<String>) -> Allowed {
        let json = self.document.text(value).to_owned();
        let title = title.unwrap_or_else(|| match self.document.kind(value) {
            Kind::String => match string_of(self.document, value) {
                text if text.is_empty() => "(empty)".to_owned(),
                text if is_key(&text) => label(&text),
                text => text.into_owned(),
            },
            Kind::Null => "(no value)".to_owned(),
            Kind::Boolean => if json == "true" { "yes" } else { "no" }.to_owned(),
            _ => json.clone(),
        });
        Allowed { json, title }
    }
}

/// A value written for programs (`in_repair`), that people should see in words.
fn is_key(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-')
        && text.bytes().next().is_some_and(|b| b.is_ascii_lowercase())
}

fn json_type(name: &str) -> Option<JsonType> {
    Some(match name {
        "null" => JsonType::Null,
        "boolean" => JsonType::Boolean,
        "integer" => JsonType::Integer,
        "number" => JsonType::Number,
        "string" => JsonType::String,
        "array" => JsonType::Array,
        "object" => JsonType::Object,
        _ => return None,
    })
}

fn format(name: &str) -> Format {
    match name {
        "date" => Format::Date,
        "date-time" => Format::DateTime,
        "email" | "idn-email" => Format::Email,
        "uri" | "url" | "iri" => Format::Uri,
        _ => Format::Any,
    }
}

/// Patterns of JSON Schema are ECMA-262; those with look-around cannot be read here.
fn pattern(source: String) -> Pattern {
    let regex = RegexBuilder::new(&source).size_limit(1 << 20).build().ok();
    Pattern { source, regex }
}
