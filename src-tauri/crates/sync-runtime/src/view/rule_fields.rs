//! The fields of a collection that a person can make a rule for (merge.md M18, M40).

use super::CollectionSchema;
use super::card::is_card;
use super::lookup::Lookup;
use super::rule_cards::{CardFields, card_label};
use super::schema::{Field, JsonType};
use super::words::label;
use ipc_types::{FieldHow, GroupRule, RuleField};
use record_merge::json::{Document, Kind, NodeId};
use record_merge::{Format, pattern_name};
use std::collections::{BTreeMap, BTreeSet};
use sync_engine::Body;

/// Deepest field.
const DEEPEST: usize = 4;
/// Most fields.
const MOST: usize = 300;
/// Most entries of a list that are looked at.
const ENTRIES: usize = 20;

/// Properties of cards and calendars whose values are dates or numbers.
const IN_ORDER: &[&str] =
    &["BDAY", "ANNIVERSARY", "X-ANNIVERSARY", "DEATHDATE", "COMPLETED", "PERCENT-COMPLETE", "PRIORITY"];

/// Fields in the order they are met, each with the types its values have.
#[derive(Default)]
struct Found {
    order: Vec<(String, Vec<String>)>,
    types: BTreeMap<String, BTreeSet<JsonType>>,
}

impl Found {
    fn add(&mut self, names: &[String], types: impl IntoIterator<Item = JsonType>) {
        let at = names.iter().map(|name| pattern_name(name)).collect::<Vec<_>>().join("/");
        if at.is_empty() || (self.order.len() >= MOST && !self.types.contains_key(&at)) {
            return;
        }
        if !self.types.contains_key(&at) {
            self.order.push((at.clone(), names.to_vec()));
        }
        self.types.entry(at).or_default().extend(types);
    }

    fn declared(&mut self, field: &Field, names: &mut Vec<String>) {
        if let Some(items) = field.items.as_deref() {
            self.declared(items, names);
        }
        if names.len() >= DEEPEST {
            return;
        }
        for (name, below) in &field.properties {
            names.push(name.clone());
            self.add(names, below.types.iter().copied());
            self.declared(below, names);
            names.pop();
        }
    }

    fn seen(&mut self, document: &Document, id: NodeId, names: &mut Vec<String>) {
        match document.kind(id) {
            Kind::Array => {
                for entry in document.children(id).take(ENTRIES) {
                    self.seen(document, entry, names);
                }
            }
            Kind::Object if names.len() < DEEPEST => {
                for (name, below) in document.members(id).take(MOST) {
                    names.push(name.into_owned());
                    self.add(names, type_of(document.kind(below)));
                    self.seen(document, below, names);
                    names.pop();
                }
            }
            _ => {}
        }
    }
}

/// The fields of the schema, then those that only records have. Members the server keeps by itself are not asked about.
pub(crate) fn rule_fields(schema: &CollectionSchema, bodies: &[Body]) -> Vec<RuleField> {
    let mut found = Found::default();
    found.declared(&schema.root, &mut Vec::new());
    let mut cards = CardFields::default();
    for lookup in bodies.iter().filter_map(Lookup::shown) {
        if is_card(lookup.format()) {
            cards.seen(&lookup);
        } else {
            found.seen(lookup.document(), lookup.root(), &mut Vec::new());
        }
    }
    let Found { order, types } = found;
    let fields = order.into_iter().filter(|(_, names)| !field_at(schema, names).is_some_and(|f| f.read_only));
    fields
        .map(|(pattern, names)| {
            let types = types.get(&pattern).cloned().unwrap_or_default();
            RuleField { label: name_of(schema, &names), rules: rules(&types), how: how(&types), pattern }
        })
        .chain(cards.all().map(|(pattern, label, types)| RuleField {
            rules: card_rules(&pattern, &types),
            pattern,
            label,
            how: vec![FieldHow::Follow, FieldHow::Together],
        }))
        .collect()
}

/// The name of a pattern's field for people, in records of this format.
pub(crate) fn field_label(schema: &CollectionSchema, format: Format, pattern: &str) -> String {
    if is_card(format) {
        return card_label(format, pattern);
    }
    let names: Vec<String> = pattern
        .split('/')
        .map(|name| name.replace("~2", "*").replace("~1", "/").replace("~0", "~"))
        .collect();
    name_of(schema, &names)
}

fn name_of(schema: &CollectionSchema, names: &[String]) -> String {
    let upto = |end: usize| names.get(..end).unwrap_or_default();
    let titles = names.iter().enumerate().map(|(at, name)| {
        let title = field_at(schema, upto(at + 1)).and_then(|field| field.title.clone());
        title.unwrap_or_else(|| label(name))
    });
    titles.collect::<Vec<_>>().join(", ")
}

/// The field of these names, through the entries of lists.
fn field_at<'a>(schema: &'a CollectionSchema, names: &[String]) -> Option<&'a Field> {
    names.iter().try_fold(&schema.root, |mut field, name| {
        while let Some(items) = field.items.as_deref().filter(|_| field.property(name).is_none()) {
            field = items;
        }
        field.property(name)
    })
}

pub(super) fn type_of(kind: Kind) -> Option<JsonType> {
    Some(match kind {
        Kind::Object => JsonType::Object,
        Kind::Array => JsonType::Array,
        Kind::String => JsonType::String,
        Kind::Number => JsonType::Number,
        Kind::Boolean => JsonType::Boolean,
        Kind::Null => return None,
    })
}

fn rules(types: &BTreeSet<JsonType>) -> Vec<GroupRule> {
    let is = |wanted: &[JsonType]| types.is_empty() || wanted.iter().any(|one| types.contains(one));
    let number = is(&[JsonType::Number, JsonType::Integer]);
    let mut out = vec![GroupRule::Theirs, GroupRule::Mine, GroupRule::Newest];
    if number || is(&[JsonType::String]) {
        out.push(GroupRule::Higher);
    }
    if number {
        out.push(GroupRule::Sum);
    }
    if is(&[JsonType::Array]) {
        out.push(GroupRule::Union);
    }
    out
}

/// Texts of a card are in no order, but for dates and numbers.
fn card_rules(pattern: &str, types: &BTreeSet<JsonType>) -> Vec<GroupRule> {
    let name = pattern.rsplit('/').next().unwrap_or_default();
    let mut rules = rules(types);
    rules.retain(|rule| *rule != GroupRule::Higher || IN_ORDER.contains(&name));
    rules
}

fn how(types: &BTreeSet<JsonType>) -> Vec<FieldHow> {
    let is = |wanted: JsonType| types.is_empty() || types.contains(&wanted);
    let mut out = vec![FieldHow::Follow];
    if is(JsonType::Array) || is(JsonType::Object) {
        out.push(FieldHow::Atomic);
    }
    if is(JsonType::Array) {
        out.push(FieldHow::Set);
    }
    out.push(FieldHow::Together);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_the_schema_and_of_the_records() {
        let schema = CollectionSchema::read(
            br#"{"properties":{"price":{"type":"number","title":"Price new"},"tags":{"type":"array"},"at":{"readOnly":true},
              "lines":{"type":"array","items":{"properties":{"note":{"type":"string"}}}}}}"#,
        );
        let bodies = [
            Body::json(&br#"{"price":1,"lines":[{"a/b":true}],"place":{"x":1},"extra":null}"#[..]),
            Body::json(&b"[1"[..]),
        ];
        let fields = rule_fields(&schema, &bodies);
        let told: Vec<(&str, &str)> =
            fields.iter().map(|field| (field.pattern.as_str(), field.label.as_str())).collect();
        assert_eq!(
            told,
            [
                ("price", "Price new"),
                ("tags", "Tags"),
                ("lines", "Lines"),
                ("lines/note", "Lines, Note"),
                ("lines/a~1b", "Lines, A b"),
                ("place", "Place"),
                ("place/x", "Place, X"),
                ("extra", "Extra"),
            ]
        );
        let of = |pattern: &str| fields.iter().find(|field| field.pattern == pattern).unwrap();
        assert!(
            of("price").rules.contains(&GroupRule::Sum) && !of("price").rules.contains(&GroupRule::Union)
        );
        assert!(of("tags").rules.contains(&GroupRule::Union) && of("tags").how.contains(&FieldHow::Set));
        assert!(!of("lines/note").how.contains(&FieldHow::Atomic));
        assert_eq!(of("place").how, [FieldHow::Follow, FieldHow::Atomic, FieldHow::Together]);
        // Of what is never there with a value nothing is known.
        assert!(of("extra").how.contains(&FieldHow::Set) && of("extra").rules.contains(&GroupRule::Sum));
        assert_eq!(field_label(&schema, Format::Json, "lines/note"), "Lines, Note");
    }
}
