//! Reading a JSON Schema. Broken parts count as not said.

use super::schema::{Allowed, CollectionSchema, Field, FieldMerge, Format, JsonType, Limit, Pattern};
use super::value::string_of;
use super::words::label;
use record_merge::json::{Document, Kind, NodeId};
use record_merge::{ArrayMode, Path, Rule, Token};
use regex::RegexBuilder;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

/// Deepest nesting of fields that is read; also ends schemas that refer to themselves.
const DEEPEST: usize = 16;
/// Most fields that are read.
const MOST_FIELDS: usize = 5_000;
/// Most values of an `enum` that are offered.
const MOST_ALLOWED: usize = 1_000;
/// Most parts (`allOf`, references) that are read for one field; also ends those that hold themselves.
const MOST_PARTS: usize = 64;

pub(super) fn read(bytes: &[u8]) -> Option<CollectionSchema> {
    let document = Document::parse(bytes).ok()?;
    let reader = Reader { document: &document, left: Cell::new(MOST_FIELDS) };
    let id = document.root();
    if document.kind(id) != Kind::Object {
        return None;
    }
    let root = reader.field(&[id], 0);
    let parts: Vec<NodeId> = reader.parts(&[id]).into_iter().map(|part| part.id).collect();
    let text = |word: &str| parts.iter().find_map(|id| reader.text(*id, word));
    let named = |word: &str| {
        let marked = || parts.iter().find_map(|id| reader.marked(*id, word));
        text(word).and_then(|text| place(&text)).or_else(marked)
    };
    Some(CollectionSchema {
        noun: text("x-noun").unwrap_or_else(|| "record".to_owned()),
        title_field: named("x-title-field"),
        columns: parts.iter().find_map(|id| reader.columns(*id)),
        null_is_missing: parts.iter().any(|id| reader.flag(*id, "x-merge-null-is-missing")),
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

/// One of the nodes that stand for a place.
struct Part {
    id: NodeId,
    /// It may be `null` besides.
    nullable: bool,
    /// Its title and description are those of the place.
    names: bool,
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

    /// All that stands for one place: each node, what it refers to, and the parts of `allOf`, each once.
    fn parts(&self, nodes: &[NodeId]) -> Vec<Part> {
        let mut out: Vec<Part> = Vec::new();
        let mut waiting: Vec<(NodeId, bool)> = nodes.iter().rev().map(|id| (*id, true)).collect();
        while let Some((node, names)) = waiting.pop() {
            let (target, nullable) = self.resolved(node);
            let mut found = vec![node];
            found.extend((target != node).then_some(target));
            for id in found.iter().copied() {
                if out.len() >= MOST_PARTS || out.iter().any(|part| part.id == id) {
                    continue;
                }
                out.push(Part { id, nullable: nullable && id == target, names });
                let all = self.member(id, "allOf").filter(|all| self.document.kind(*all) == Kind::Array);
                let parts: Vec<NodeId> =
                    all.into_iter().flat_map(|all| self.document.children(all)).take(MOST_PARTS).collect();
                // What one of several parts is called is not what the whole is called.
                let names = names && parts.len() == 1;
                waiting.extend(parts.into_iter().rev().map(|part| (part, names)));
            }
        }
        out
    }

    fn field(&self, nodes: &[NodeId], depth: usize) -> Field {
        let parts = self.parts(nodes);
        self.left.set(self.left.get().saturating_sub(1));
        let ids = || parts.iter().map(|part| part.id);
        // What stands beside a reference comes before what it refers to.
        let text = |name: &str| ids().find_map(|id| self.text(id, name));
        let named = |name: &str| parts.iter().filter(|part| part.names).find_map(|p| self.text(p.id, name));
        let first = |name: &str| ids().map(|id| self.texts(id, name)).find(|texts| !texts.is_empty());
        let flag = |name: &str| ids().any(|id| self.flag(id, name));
        let most = |name: &str| ids().filter_map(|id| self.limit(id, name)).reduce(greater);
        let least = |name: &str| ids().filter_map(|id| self.limit(id, name)).reduce(smaller);
        let most_count = |name: &str| ids().filter_map(|id| self.count(id, name)).max();
        let least_count = |name: &str| ids().filter_map(|id| self.count(id, name)).min();
        let deeper = depth < DEEPEST && self.left.get() > 0;
        let items: Vec<NodeId> = ids().filter_map(|id| self.member(id, "items")).collect();
        Field {
            title: named("title"),
            help: named("description"),
            types: self.types(&parts),
            properties: if deeper { self.properties(&parts, depth) } else { Vec::new() },
            required: ids().flat_map(|id| self.texts(id, "required")).collect(),
            allowed: self.allowed(&parts),
            format: ids().find_map(|id| self.text(id, "format")).map_or(Format::Any, |name| format(&name)),
            items: (deeper && !items.is_empty()).then(|| Box::new(self.field(&items, depth + 1))),
            unique_items: flag("uniqueItems"),
            identity: first("x-identity").unwrap_or_default(),
            merge: ids().flat_map(|id| self.merges(id)).collect(),
            merge_groups: ids().flat_map(|id| self.merge_groups(id)).collect(),
            item_count: (most_count("minItems"), least_count("maxItems")),
            range: (most("minimum"), least("maximum")),
            outside: (most("exclusiveMinimum"), least("exclusiveMaximum")),
            length: (most_count("minLength"), least_count("maxLength")),
            patterns: ids().filter_map(|id| self.text(id, "pattern")).map(pattern).collect(),
            read_only: flag("readOnly"),
            unit: text("x-unit"),
            default: nodes
                .iter()
                .find_map(|id| self.member(*id, "default"))
                .map(|value| self.document.text(value).to_owned()),
            long_text: flag("x-long-text")
                || text("contentMediaType").is_some_and(|m| m.starts_with("text/")),
        }
    }

    /// The types that every part allows that names any.
    fn types(&self, parts: &[Part]) -> BTreeSet<JsonType> {
        let named = parts.iter().filter_map(|part| {
            let mut types: BTreeSet<JsonType> =
                self.texts(part.id, "type").iter().filter_map(|name| json_type(name)).collect();
            if part.nullable && !types.is_empty() {
                types.insert(JsonType::Null);
            }
            (!types.is_empty()).then_some(types)
        });
        let types: Option<BTreeSet<JsonType>> =
            named.reduce(|all, more| allowed_by(&all, &more).chain(allowed_by(&more, &all)).collect());
        let mut types = types.unwrap_or_default();
        // As OpenAPI 3.0 writes it.
        if !types.is_empty() && parts.iter().any(|part| self.flag(part.id, "nullable")) {
            types.insert(JsonType::Null);
        }
        types
    }

    fn properties(&self, parts: &[Part], depth: usize) -> Vec<(String, Field)> {
        let mut names: Vec<String> = Vec::new();
        let mut nodes: BTreeMap<String, Vec<NodeId>> = BTreeMap::new();
        for properties in parts.iter().filter_map(|part| self.member(part.id, "properties")) {
            for (name, field) in self.document.members(properties).take(MOST_FIELDS) {
                let all = nodes.entry(name.to_string()).or_default();
                if all.is_empty() {
                    names.push(name.into_owned());
                }
                all.push(field);
            }
        }
        let mut out: Vec<(String, Field)> = Vec::new();
        for name in names {
            if let Some(fields) = nodes.get(&name).filter(|_| self.left.get() > 0) {
                out.push((name, self.field(fields, depth + 1)));
            }
        }
        out
    }

    /// What `x-merge` says: one word, an identity, or a list of such. What is not known counts as not said.
    fn merges(&self, id: NodeId) -> Vec<FieldMerge> {
        let Some(found) = self.member(id, "x-merge") else { return Vec::new() };
        let each = match self.document.kind(found) {
            Kind::Array => self.document.children(found).collect(),
            _ => vec![found],
        };
        each.into_iter().filter_map(|one| self.one_merge(one)).collect()
    }

    fn one_merge(&self, id: NodeId) -> Option<FieldMerge> {
        if self.document.kind(id) == Kind::Object {
            let keys = self.texts(id, "identity");
            return (!keys.is_empty()).then_some(FieldMerge::Mode(ArrayMode::Identity(keys)));
        }
        Some(match self.document.string(id)?.trim() {
            "atomic" => FieldMerge::Mode(ArrayMode::Atomic),
            "set" => FieldMerge::Mode(ArrayMode::Set),
            "sequence" => FieldMerge::Mode(ArrayMode::Sequence),
            "server" => FieldMerge::Rule(Rule::Server),
            "mine" => FieldMerge::Rule(Rule::Mine),
            "newest" => FieldMerge::Rule(Rule::Newest),
            "higher" => FieldMerge::Rule(Rule::Higher),
            "sum" => FieldMerge::Rule(Rule::Sum),
            "union" => FieldMerge::Rule(Rule::Union),
            "follow" => FieldMerge::Follow,
            _ => return None,
        })
    }

    fn merge_groups(&self, id: NodeId) -> Vec<Vec<String>> {
        let Some(found) = self.member(id, "x-merge-groups") else { return Vec::new() };
        if self.document.kind(found) != Kind::Array {
            return Vec::new();
        }
        let names = |group: NodeId| -> Vec<String> {
            let texts = self.document.children(group).filter_map(|one| self.document.string(one));
            texts.map(|text| text.into_owned()).collect()
        };
        let lists = self.document.children(found).filter(|group| self.document.kind(*group) == Kind::Array);
        lists.map(names).filter(|group| group.len() > 1).collect()
    }

    /// `enum`, or `oneOf`/`anyOf` with a `const` and a `title` each; of several parts what all of them allow.
    fn allowed(&self, parts: &[Part]) -> Vec<Allowed> {
        let nullable = parts.iter().any(|part| part.nullable);
        let listed = parts.iter().map(|part| self.listed(part.id)).filter(|listed| !listed.is_empty());
        let both = |all: Vec<Allowed>, more: Vec<Allowed>| {
            let fit: Vec<Allowed> =
                all.iter().filter(|a| more.iter().any(|b| a.json == b.json)).cloned().collect();
            // Nothing left: one of them is meant in another way.
            if fit.is_empty() { all } else { fit }
        };
        let mut allowed = listed.reduce(both).unwrap_or_default();
        if nullable && !allowed.is_empty() && !allowed.iter().any(|one| one.json == "null") {
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

/// Those of `types` that `others` allow, too; every integer is a number.
fn allowed_by<'a>(
    types: &'a BTreeSet<JsonType>,
    others: &'a BTreeSet<JsonType>,
) -> impl Iterator<Item = JsonType> + 'a {
    let fits = move |one: &JsonType| {
        others.contains(one) || (*one == JsonType::Integer && others.contains(&JsonType::Number))
    };
    types.iter().filter(move |one| fits(one)).copied()
}

fn greater(a: Limit, b: Limit) -> Limit {
    if b.number > a.number { b } else { a }
}

fn smaller(a: Limit, b: Limit) -> Limit {
    if b.number < a.number { b } else { a }
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
