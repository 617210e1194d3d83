//! Values as people read them, and as JSON.

use super::kinds::{Shape, in_any_case, is_coupled, is_idle};
use super::times::{date, duration, rule};
use crate::content_line::text::{split, unescape};
use crate::content_line::{Line, Param};
use crate::json::{Document, Kind, NodeId, quote};
use std::collections::BTreeMap;

/// A value of a projection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Text(String),
    List(Vec<String>),
    /// Members that are one value together.
    Whole(Vec<(String, Value)>),
    /// Members that are merged one by one.
    Fields(Vec<(String, Value)>),
}

impl Value {
    /// The value without what makes no difference: order of members, which kind of object.
    fn plain(&self) -> Value {
        match self {
            Value::Whole(members) | Value::Fields(members) => {
                let mut members: Vec<(String, Value)> =
                    members.iter().map(|(name, value)| (name.clone(), value.plain())).collect();
                members.sort_by(|a, b| a.0.cmp(&b.0));
                Value::Fields(members)
            }
            other => other.clone(),
        }
    }

    pub(crate) fn same(&self, other: &Value) -> bool {
        let single = |value: &Value| matches!(value, Value::Text(_) | Value::List(_));
        self == other || (!single(self) && !single(other) && self.plain() == other.plain())
    }

    pub(crate) fn member(&self, name: &str) -> Option<&Value> {
        match self {
            Value::Whole(members) | Value::Fields(members) => {
                members.iter().find(|(own, _)| own == name).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    pub(crate) fn members(&self) -> &[(String, Value)] {
        match self {
            Value::Whole(members) | Value::Fields(members) => members,
            _ => &[],
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A value of a document; what is neither text, list nor object comes as its text.
    pub(crate) fn of(document: &Document, id: NodeId) -> Value {
        let scalar = |id: NodeId| {
            document.string(id).map_or_else(|| document.text(id).to_owned(), std::borrow::Cow::into_owned)
        };
        match document.kind(id) {
            Kind::Object => Value::Fields(
                document
                    .members(id)
                    .map(|(name, child)| (name.into_owned(), Value::of_member(document, child)))
                    .collect(),
            ),
            Kind::Array => Value::List(document.children(id).map(scalar).collect()),
            _ => Value::Text(scalar(id)),
        }
    }

    /// One level below: deeper than any projection goes, everything is text.
    fn of_member(document: &Document, id: NodeId) -> Value {
        match document.kind(id) {
            Kind::Object => {
                let flat = |id: NodeId| match document.kind(id) {
                    Kind::Array => Value::List(
                        document.children(id).map(|child| Value::scalar(document, child)).collect(),
                    ),
                    _ => Value::Text(Value::scalar(document, id)),
                };
                Value::Fields(
                    document.members(id).map(|(name, child)| (name.into_owned(), flat(child))).collect(),
                )
            }
            Kind::Array => {
                Value::List(document.children(id).map(|child| Value::scalar(document, child)).collect())
            }
            _ => Value::Text(Value::scalar(document, id)),
        }
    }

    fn scalar(document: &Document, id: NodeId) -> String {
        document.string(id).map_or_else(|| document.text(id).to_owned(), std::borrow::Cow::into_owned)
    }
}

/// JSON while it is written; knows which of its values are to be kept whole.
#[derive(Default)]
pub(crate) struct Json {
    text: String,
    /// Values written so far.
    count: u32,
    whole: Vec<u32>,
    /// The next member or element needs a comma.
    comma: bool,
}

impl Json {
    pub(crate) fn open(&mut self) {
        self.count += 1;
        self.text.push('{');
        self.comma = false;
    }

    pub(crate) fn close(&mut self) {
        self.text.push('}');
        self.comma = true;
    }

    /// Goes on with the object that was closed last.
    pub(crate) fn reopen(&mut self) {
        self.text.pop();
        self.comma = !self.text.ends_with('{');
    }

    /// The text.
    pub(crate) fn finish(self) -> String {
        self.text
    }

    pub(crate) fn name(&mut self, name: &str) {
        if self.comma {
            self.text.push(',');
        }
        self.text.push_str(&quote(name));
        self.text.push(':');
        self.comma = false;
    }

    pub(crate) fn value(&mut self, value: &Value) {
        match value {
            Value::Text(text) => {
                self.count += 1;
                self.text.push_str(&quote(text));
            }
            Value::List(entries) => {
                self.count += 1 + u32::try_from(entries.len()).unwrap_or(u32::MAX - 1);
                let entries: Vec<String> = entries.iter().map(|entry| quote(entry)).collect();
                self.text.push_str(&format!("[{}]", entries.join(",")));
            }
            Value::Whole(members) | Value::Fields(members) => {
                if matches!(value, Value::Whole(_)) {
                    self.whole.push(self.count);
                }
                self.open();
                for (name, value) in members {
                    self.name(name);
                    self.value(value);
                }
                self.close();
            }
        }
        self.comma = true;
    }

    /// The document; `None` cannot happen, since what is written here is JSON.
    pub(crate) fn document(self) -> Option<Document> {
        let mut document = Document::parse(self.text.as_bytes()).ok()?;
        for number in self.whole {
            document.keep_whole(number);
        }
        Some(document)
    }
}

/// The value of a line.
pub(crate) fn shown(shape: Shape, line: &Line) -> Value {
    if shape == Shape::Opaque {
        return Value::Text(opaque(line));
    }
    let value = match shape {
        Shape::Text => Value::Text(unescape(&line.value)),
        Shape::Word if matches!(line.name.as_str(), "RRULE" | "EXRULE") => Value::Text(rule(&line.value)),
        Shape::Word => Value::Text(unescape(line.value.trim())),
        Shape::Date if line.param("VALUE").is_some_and(|value| value.eq_ignore_ascii_case("text")) => {
            Value::Text(unescape(&line.value))
        }
        Shape::Date if line.name == "DURATION" => Value::Text(duration(&line.value)),
        Shape::Date => Value::Text(date(&line.value, line.param("TZID"))),
        Shape::Parts(names) => parts(&line.value, names),
        Shape::Levels => levels(&line.value),
        Shape::Set => Value::List(set_entries(line, false)),
        Shape::Dates => Value::List(set_entries(line, true)),
        Shape::Bytes => Value::Text(bytes(line)),
        Shape::Address => Value::Text(address(&line.value)),
        Shape::Opaque => Value::Text(String::new()),
    };
    let coupled: Vec<(String, Value)> = line
        .params
        .iter()
        .filter(|param| is_of_value(shape, &param.name, line) && !follows(shape, param, line))
        .map(|param| (param.name.clone(), Value::Text(param.values.join(","))))
        .collect();
    if coupled.is_empty() {
        return value;
    }
    Value::Whole(std::iter::once(("value".to_owned(), value)).chain(coupled).collect())
}

/// The parameter belongs to the value. What kind of data an address leads to cannot be seen from the address: that stands
/// by itself.
pub(crate) fn is_of_value(shape: Shape, name: &str, line: &Line) -> bool {
    let is_kind = shape == Shape::Bytes && matches!(name, "MEDIATYPE" | "FMTTYPE");
    is_coupled(name) && (!is_kind || is_inline(line))
}

/// The data itself, not its address.
fn is_inline(line: &Line) -> bool {
    let encoded = line.param("ENCODING").is_some_and(|encoding| {
        encoding.eq_ignore_ascii_case("b") || encoding.eq_ignore_ascii_case("base64")
    });
    encoded || line.value.trim().get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"))
}

/// The parameter says nothing that the value does not show by itself.
fn follows(shape: Shape, param: &Param, line: &Line) -> bool {
    let value = param.values.first().map(|value| value.to_ascii_lowercase()).unwrap_or_default();
    match (param.name.as_str(), shape) {
        ("TZID", Shape::Date | Shape::Dates) | ("MEDIATYPE" | "FMTTYPE", Shape::Bytes) => true,
        ("ENCODING", _) => matches!(value.as_str(), "8bit" | "7bit") || shape == Shape::Bytes,
        ("VALUE", Shape::Date | Shape::Dates) => value != "text",
        ("VALUE", Shape::Bytes | Shape::Address) => true,
        ("VALUE", Shape::Word) => {
            matches!(value.as_str(), "text" | "recur" | "integer" | "float" | "duration")
                || (value == "uri" && line.value.contains(':'))
        }
        ("VALUE", _) => value == "text",
        _ => false,
    }
}

/// A line that is kept byte for byte: its value, with its parameters if it has some.
fn opaque(line: &Line) -> String {
    // Before the beginning, unless something else is said (RFC 5545 3.2.14, 3.8.6.3).
    let is_usual = |param: &Param| {
        let value = param.values.first().map(|value| value.to_ascii_uppercase()).unwrap_or_default();
        matches!((param.name.as_str(), value.as_str()), ("RELATED", "START") | ("VALUE", "DURATION"))
    };
    if line.name == "TRIGGER" && line.params.iter().all(is_usual) {
        return duration(&line.value);
    }
    if line.params.is_empty() && !line.value.starts_with([';', ':']) {
        return line.value.clone();
    }
    let params: String = line.params.iter().map(|param| format!(";{}", param.raw)).collect();
    let value = if line.name == "TRIGGER" { duration(&line.value) } else { line.value.clone() };
    format!("{params}:{value}")
}

fn parts(value: &str, names: &[&str]) -> Value {
    let members = split(value, ';')
        .into_iter()
        .enumerate()
        .map(|(at, part)| {
            let name = names.get(at).map_or_else(|| format!("part {}", at + 1), |name| (*name).to_owned());
            (name, Value::Text(unescape(part)))
        })
        .filter(|(_, part)| part.text() != Some(""));
    Value::Whole(members.collect())
}

fn levels(value: &str) -> Value {
    let mut levels: Vec<String> = split(value, ';').into_iter().map(unescape).collect();
    while levels.last().is_some_and(String::is_empty) {
        levels.pop();
    }
    Value::List(levels)
}

/// The entries of one line.
pub(crate) fn set_entries(line: &Line, dates: bool) -> Vec<String> {
    spelled_entries(line, dates)
        .into_iter()
        .map(|(_, entry)| entry)
        .filter(|entry| !entry.is_empty())
        .collect()
}

/// The entries of one line, each as it is spelled and as it is shown; empty ones among them.
pub(crate) fn spelled_entries(line: &Line, dates: bool) -> Vec<(&str, String)> {
    let zone = line.param("TZID");
    let shown = |raw: &str| if dates { date(raw, zone) } else { unescape(raw.trim()) };
    split(&line.value, ',').into_iter().map(|raw| (raw, shown(raw))).collect()
}

/// `mailto:` in small letters.
fn address(value: &str) -> String {
    let value = value.trim();
    let is_mail = value.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
    if is_mail { value.to_lowercase() } else { value.to_owned() }
}

/// Type, size and digest of data in the line; an address as it stands.
fn bytes(line: &Line) -> String {
    let inline = line.value.trim();
    let is_data = inline.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"));
    if !is_inline(line) {
        return inline.to_owned();
    }
    let (media, data) = match is_data.then(|| inline.split_once(',')).flatten() {
        Some((head, data)) => {
            (head.get(5..).and_then(|rest| rest.split(';').next()).unwrap_or_default().to_owned(), data)
        }
        None => {
            let media =
                line.param("FMTTYPE").or_else(|| line.param("MEDIATYPE")).or_else(|| line.param("TYPE"));
            (media.unwrap_or_default().to_owned(), inline)
        }
    };
    let data: String = data.chars().filter(|c| !c.is_whitespace()).collect();
    let size = data.trim_end_matches('=').len() * 3 / 4;
    let digest = blake3::hash(data.as_bytes()).to_hex();
    let media = if media.is_empty() { "data".to_owned() } else { media.to_ascii_lowercase() };
    format!("{media}, {size} bytes, {}", digest.get(..16).unwrap_or_default())
}

/// The parameters that are no part of the value, in one order. Types in small letters.
pub(crate) fn params(shape: Shape, line: &Line) -> Vec<(String, Value)> {
    if shape == Shape::Opaque {
        return Vec::new();
    }
    let mut named: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
    for param in &line.params {
        named.entry(&param.name).or_default().extend(&param.values);
    }
    let mut out = Vec::new();
    for (name, values) in named {
        if is_of_value(shape, name, line) || (shape == Shape::Bytes && name == "TYPE") {
            continue;
        }
        let in_capitals = in_any_case(name);
        let mut values: Vec<String> = values
            .into_iter()
            .filter(|value| !is_idle(name, value))
            .map(|value| if in_capitals { value.to_ascii_uppercase() } else { value.clone() })
            .collect();
        if values.is_empty() {
            continue;
        }
        if name == "TYPE" {
            let mut types: Vec<String> = values
                .iter()
                .flat_map(|value| value.split(','))
                .map(|value| value.trim().to_ascii_lowercase())
                .filter(|value| !value.is_empty())
                .collect();
            types.sort();
            types.dedup();
            out.push(("type".to_owned(), Value::List(types)));
        } else {
            let text = if values.len() == 1 { values.remove(0) } else { values.join(", ") };
            out.push((name.to_owned(), Value::Text(text)));
        }
    }
    // RFC 5545 3.2.12: who has said nothing has not answered.
    if line.name == "ATTENDEE" && line.param("PARTSTAT").is_none() {
        out.push(("PARTSTAT".to_owned(), Value::Text("NEEDS-ACTION".to_owned())));
    }
    out
}
