//! What a field looks like: as the schema says where the value agrees, else as the value is.

use super::schema::{Field, Format, JsonType};
use super::value::string_of;
use super::when;
use ipc_types::{FieldKind, FieldMeta, FieldOption};
use record_merge::json::{Document, Kind, NodeId};
use std::collections::BTreeMap;

/// A text longer than this, in characters, gets several lines.
const LONG: usize = 120;
/// Longest entry of a list of short texts, in characters.
const SHORT_ENTRY: usize = 60;
/// Most rows of a table; longer lists are shown as text.
pub(crate) const MOST_ROWS: usize = 500;

/// A value in its document.
pub(crate) type Node<'a> = (&'a Document, NodeId);

/// The kind for a field that has, had or may get these values; the first that is not null decides where the schema
/// does not.
pub(crate) fn kind_for(field: Option<&Field>, nodes: &[Node<'_>]) -> FieldKind {
    let values: Vec<Node<'_>> = nodes.iter().copied().filter(|(d, id)| d.kind(*id) != Kind::Null).collect();
    if let Some(declared) = field.and_then(declared)
        && values.iter().all(|node| fits(declared, *node))
    {
        let is_long =
            declared == FieldKind::Text && values.iter().any(|node| inferred(*node) == FieldKind::LongText);
        return if is_long { FieldKind::LongText } else { declared };
    }
    let Some(first) = values.first() else { return FieldKind::Text };
    let kind = inferred(*first);
    let texts = [FieldKind::Text, FieldKind::LongText, FieldKind::Date, FieldKind::DateTime];
    // One side may hold a date where the other holds words.
    if texts.contains(&kind) && values.iter().any(|node| inferred(*node) != kind) {
        let all_short = values.iter().all(|node| inferred(*node) != FieldKind::LongText);
        return if all_short { FieldKind::Text } else { FieldKind::LongText };
    }
    kind
}

/// What the schema says.
fn declared(field: &Field) -> Option<FieldKind> {
    if field.allowed.len() > 1 {
        return Some(FieldKind::Choice);
    }
    let r#type = field.only_type().or_else(|| {
        let no_type = field.types.is_empty();
        if no_type && (field.format != Format::Any || field.long_text) {
            Some(JsonType::String)
        } else if no_type && !field.properties.is_empty() {
            Some(JsonType::Object)
        } else if no_type && field.items.is_some() {
            Some(JsonType::Array)
        } else {
            None
        }
    })?;
    Some(match r#type {
        JsonType::Boolean => FieldKind::Boolean,
        JsonType::Integer | JsonType::Number => FieldKind::Number,
        JsonType::Object => FieldKind::Object,
        JsonType::Null => return None,
        JsonType::String => match field.format {
            _ if field.long_text => FieldKind::LongText,
            Format::Date => FieldKind::Date,
            Format::DateTime => FieldKind::DateTime,
            _ => FieldKind::Text,
        },
        JsonType::Array => match field.items.as_deref().and_then(declared) {
            Some(FieldKind::Object) => FieldKind::Table,
            Some(FieldKind::Text | FieldKind::Choice) => FieldKind::Tags,
            _ => FieldKind::Json,
        },
    })
}

/// A value can be shown as that kind.
fn fits(kind: FieldKind, (document, id): Node<'_>) -> bool {
    let r#type = document.kind(id);
    let text = || string_of(document, id);
    match kind {
        FieldKind::Text | FieldKind::LongText => r#type == Kind::String,
        FieldKind::Number => r#type == Kind::Number,
        FieldKind::Boolean => r#type == Kind::Boolean,
        FieldKind::Date => r#type == Kind::String && (text().is_empty() || when::is_date(&text())),
        FieldKind::DateTime => r#type == Kind::String && (text().is_empty() || when::is_date_time(&text())),
        FieldKind::Choice => !r#type.is_container(),
        FieldKind::Tags => r#type == Kind::Array && is_tags(document, id),
        FieldKind::Table => r#type == Kind::Array && is_table(document, id),
        FieldKind::Object => r#type == Kind::Object && !document.is_atomic(id),
        FieldKind::Json => true,
    }
}

/// What the value itself looks like.
fn inferred((document, id): Node<'_>) -> FieldKind {
    match document.kind(id) {
        Kind::Null => FieldKind::Text,
        Kind::Boolean => FieldKind::Boolean,
        Kind::Number => FieldKind::Number,
        Kind::String => {
            let text = string_of(document, id);
            if when::is_date(&text) {
                FieldKind::Date
            } else if when::is_date_time(&text) {
                FieldKind::DateTime
            } else if text.contains(['\n', '\r']) || text.chars().nth(LONG).is_some() {
                FieldKind::LongText
            } else {
                FieldKind::Text
            }
        }
        Kind::Object if document.is_atomic(id) => FieldKind::Json,
        Kind::Object => FieldKind::Object,
        // An empty list does not say what belongs into it.
        Kind::Array if document.children(id).next().is_none() => FieldKind::Json,
        Kind::Array if is_tags(document, id) => FieldKind::Tags,
        Kind::Array if is_table(document, id) => FieldKind::Table,
        Kind::Array => FieldKind::Json,
    }
}

fn is_tags(document: &Document, id: NodeId) -> bool {
    document.children(id).take(MOST_ROWS + 1).enumerate().all(|(at, child)| {
        let text = string_of(document, child);
        at < MOST_ROWS
            && document.kind(child) == Kind::String
            && !text.contains(['\n', '\r'])
            && text.chars().nth(SHORT_ENTRY).is_none()
    })
}

fn is_table(document: &Document, id: NodeId) -> bool {
    document.children(id).take(MOST_ROWS + 1).enumerate().all(|(at, child)| {
        at < MOST_ROWS && document.kind(child) == Kind::Object && !document.is_atomic(child)
    })
}

/// What is known of a field, from the schema.
pub(crate) fn meta(pointer: String, label: String, kind: FieldKind, field: Option<&Field>) -> FieldMeta {
    let offered = match kind {
        FieldKind::Choice => field,
        FieldKind::Tags => field.and_then(|field| field.items.as_deref()),
        _ => None,
    };
    let options = offered.iter().flat_map(|field| &field.allowed);
    FieldMeta {
        pointer,
        label,
        kind,
        required: false,
        read_only: field.is_some_and(|field| field.read_only),
        unit: field.and_then(|field| field.unit.clone()),
        help: field.and_then(|field| field.help.clone()),
        options: options.map(|a| FieldOption { json: a.json.clone(), title: a.title.clone() }).collect(),
        titles: field.map(titles).filter(|titles| !titles.is_empty()),
    }
}

/// The titles of members, at any depth; of two members with the same key the outer one names it.
fn titles(field: &Field) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut level: Vec<&Field> = vec![field];
    while !level.is_empty() {
        let inside = level.iter().flat_map(|field| field.items.as_deref()).collect::<Vec<_>>();
        let members = level.iter().flat_map(|field| &field.properties).collect::<Vec<_>>();
        for (key, member) in &members {
            if let Some(title) = &member.title {
                found.entry(key.clone()).or_insert_with(|| title.clone());
            }
        }
        level = inside.into_iter().chain(members.into_iter().map(|(_, member)| member)).collect();
    }
    found
}
