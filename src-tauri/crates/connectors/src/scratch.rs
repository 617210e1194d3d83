//! Bodies and validators for the check-up's scratch records. These are ours: no person's record goes through here
//! other than as the example that patterns are copied from.

use crate::envelope::{self, Object, quoted};
use serde_json::Value;
use sync_engine::{Body, Validator};

/// The text in scratch records, so that whoever meets one knows what it is.
const TEXT: &str = "Matchbook check-up";
/// Deepest nesting that is filled in.
const DEEPEST: usize = 8;

/// A small JSON body that fits a schema. Values for members with a pattern come from `like`. Members in `leave_out` are
/// the server's own. Without a schema: one member, `title`.
pub(crate) fn body(schema: Option<&str>, like: Option<&Body>, leave_out: &[&str]) -> Body {
    let root: Option<Value> = schema.and_then(|text| serde_json::from_str(text).ok());
    let example = like.and_then(|body| envelope::parse(&body.bytes).ok()).and_then(Object::of);
    let maker = Maker { root: root.as_ref().unwrap_or(&Value::Null), leave_out };
    let text = match &root {
        Some(schema @ Value::Object(_)) => maker.object(schema, example.as_ref(), 0),
        _ => format!("{{\"title\":{}}}", quoted(TEXT)),
    };
    Body::json(text.into_bytes())
}

struct Maker<'a> {
    root: &'a Value,
    leave_out: &'a [&'a str],
}

impl Maker<'_> {
    fn object(&self, schema: &Value, example: Option<&Object<'_>>, depth: usize) -> String {
        let mut required: Vec<&str> = Vec::new();
        let mut parts = vec![self.resolve(schema)];
        for all in list(schema, "allOf") {
            parts.push(self.resolve(all));
        }
        for part in &parts {
            required.extend(list(part, "required").iter().filter_map(Value::as_str));
        }
        // A name people see in lists, where there is one.
        let known = |name: &str| parts.iter().find_map(|part| part.get("properties")?.get(name));
        let title = ["title", "name", "label"].into_iter().find(|n| depth == 0 && known(n).is_some());
        required.extend(title);
        let mut seen = std::collections::BTreeSet::new();
        let members: Vec<String> = required
            .into_iter()
            .filter(|name| seen.insert(*name) && (depth > 0 || !self.leave_out.contains(name)))
            .map(|name| {
                let own = example.and_then(|e| e.get(name));
                let value = match (known(name), own) {
                    (Some(schema), own) => self.value(schema, own.map(|raw| raw.get()), depth + 1),
                    (None, Some(own)) => own.get().to_owned(),
                    (None, None) => quoted(TEXT),
                };
                format!("{}:{value}", quoted(name))
            })
            .collect();
        format!("{{{}}}", members.join(","))
    }

    fn value(&self, schema: &Value, own: Option<&str>, depth: usize) -> String {
        let schema = self.resolve(schema);
        if let Some(fixed) = fixed(schema) {
            return fixed.to_string();
        }
        if let (Some(own), true) = (own, schema.get("pattern").is_some()) {
            return own.to_owned();
        }
        for choice in ["oneOf", "anyOf"] {
            if let Some(first) = list(schema, choice).first().filter(|_| depth < DEEPEST) {
                return self.value(first, own, depth + 1);
            }
        }
        match kind(schema) {
            "integer" | "number" => number(schema),
            "boolean" => "false".to_owned(),
            "null" => "null".to_owned(),
            "array" => {
                let count = schema.get("minItems").and_then(Value::as_u64).unwrap_or(0).min(16);
                let item = schema.get("items").unwrap_or(&Value::Null);
                let count = if depth < DEEPEST { count } else { 0 };
                let items: Vec<String> = (0..count).map(|_| self.value(item, None, depth + 1)).collect();
                format!("[{}]", items.join(","))
            }
            "object" if depth < DEEPEST => self.object(schema, None, depth),
            "object" => "{}".to_owned(),
            _ => quoted(&string(schema)),
        }
    }

    /// Follows references inside the schema.
    fn resolve<'s>(&'s self, schema: &'s Value) -> &'s Value {
        let mut at = schema;
        for _ in 0..DEEPEST {
            let Some(pointer) = at.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix('#'))
            else {
                break;
            };
            match self.root.pointer(pointer) {
                Some(next) => at = next,
                None => break,
            }
        }
        at
    }
}

fn list<'s>(schema: &'s Value, name: &str) -> &'s [Value] {
    schema.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn fixed(schema: &Value) -> Option<&Value> {
    schema
        .get("const")
        .or_else(|| schema.get("default"))
        .or_else(|| list(schema, "enum").first())
        .or_else(|| list(schema, "examples").first())
}

fn kind(schema: &Value) -> &str {
    match schema.get("type") {
        Some(Value::String(kind)) => kind,
        Some(Value::Array(kinds)) => {
            kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or("null")
        }
        _ if schema.get("properties").is_some() => "object",
        _ if schema.get("items").is_some() => "array",
        _ => "string",
    }
}

fn number(schema: &Value) -> String {
    let bound = |name: &str| schema.get(name).and_then(Value::as_f64);
    let mut least = bound("minimum").unwrap_or(0.0);
    if let Some(open) = bound("exclusiveMinimum") {
        least = least.max(open.floor() + 1.0);
    }
    let step = bound("multipleOf").filter(|step| *step > 0.0);
    let value = step.map_or(least.ceil(), |step| (least / step).ceil() * step);
    let most = bound("maximum").unwrap_or(f64::INFINITY);
    let value = if value > most {
        most
    } else {
        value.max(if bound("minimum").is_none() && most < 0.0 { most } else { value })
    };
    if value.fract() == 0.0 && value.abs() < 1e15 {
        format!("{value:.0}")
    } else {
        Value::from(value).to_string()
    }
}

fn string(schema: &Value) -> String {
    let of_format = match schema.get("format").and_then(Value::as_str) {
        Some("date") => Some("2000-01-01"),
        Some("date-time") => Some("2000-01-01T00:00:00Z"),
        Some("time") => Some("00:00:00Z"),
        Some("duration") => Some("P1D"),
        Some("email" | "idn-email") => Some("check@example.org"),
        Some("hostname" | "idn-hostname") => Some("example.org"),
        Some("uri" | "uri-reference" | "iri" | "iri-reference" | "url") => Some("https://example.org/"),
        Some("uuid") => Some("00000000-0000-4000-8000-000000000000"),
        Some("ipv4") => Some("192.0.2.1"),
        Some("ipv6") => Some("2001:db8::1"),
        _ => None,
    };
    if let Some(text) = of_format {
        return text.to_owned();
    }
    let length = |name: &str| schema.get(name).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
    let mut text = TEXT.to_owned();
    let least = length("minLength").unwrap_or(0).min(10_000);
    while text.chars().count() < least {
        text.push('.');
    }
    match length("maxLength") {
        Some(most) => text.chars().take(most).collect(),
        None => text,
    }
}

/// `current` with its last digit (or letter) changed: as well-formed as the real one, and of no version.
pub(crate) fn stale_tag(current: &Validator) -> Option<Validator> {
    let text = current.as_str();
    let start = text.find('"').map_or(0, |at| at + 1);
    let place =
        |wanted: fn(&char) -> bool| text.char_indices().rev().find(|(at, c)| *at >= start && wanted(c));
    let (at, c) = place(|c| c.is_ascii_digit()).or_else(|| place(|c| c.is_ascii_alphabetic()))?;
    let other = match c {
        '0' => '1',
        '1'..='9' => '0',
        'a' => 'b',
        'A' => 'B',
        c if c.is_ascii_uppercase() => 'A',
        _ => 'a',
    };
    let mut changed = String::with_capacity(text.len());
    changed.push_str(text.get(..at)?);
    changed.push(other);
    changed.push_str(text.get(at + 1..)?);
    Validator::new(changed).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_fit_their_schema() {
        let like = Body::json(&b"{\"sku\":\"AB-1\",\"n\":12345678901234567890}"[..]);
        for (schema, wanted) in [
            ("not json", "{\"title\":\"Matchbook check-up\"}"),
            ("true", "{\"title\":\"Matchbook check-up\"}"),
            ("{}", "{}"),
            ("{\"properties\":{\"title\":{\"type\":\"string\",\"maxLength\":5}}}", "{\"title\":\"Match\"}"),
            (
                "{\"required\":[\"sku\",\"kind\",\"n\",\"on\",\"at\",\"x\"],\"properties\":{
                  \"sku\":{\"type\":\"string\",\"pattern\":\"^[A-Z]{2}-[0-9]$\"},
                  \"kind\":{\"enum\":[\"hand\",\"power\"]},
                  \"n\":{\"type\":[\"null\",\"integer\"],\"minimum\":3},
                  \"on\":{\"type\":\"boolean\"},
                  \"at\":{\"type\":\"string\",\"format\":\"date\"},
                  \"x\":{\"$ref\":\"#/$defs/x\"}},
                  \"$defs\":{\"x\":{\"type\":\"array\",\"minItems\":2,\"items\":{\"type\":\"number\",\"exclusiveMinimum\":0,\"multipleOf\":0.5}}}}",
                "{\"sku\":\"AB-1\",\"kind\":\"hand\",\"n\":3,\"on\":false,\"at\":\"2000-01-01\",\"x\":[1,1]}",
            ),
            ("{\"allOf\":[{\"required\":[\"id\",\"n\"]}]}", "{\"n\":12345678901234567890}"),
            ("{\"$ref\":\"#\",\"required\":[\"a\"]}", "{\"a\":\"Matchbook check-up\"}"),
        ] {
            let made = body(Some(schema), Some(&like), &["id"]);
            assert_eq!(std::str::from_utf8(&made.bytes).unwrap(), wanted, "{schema}");
        }
    }

    #[test]
    fn stale_tags_are_well_formed() {
        for (tag, wanted) in [
            ("\"57-ab\"", Some("\"50-ab\"")),
            ("\"1795348852746\"", Some("\"1795348852740\"")),
            ("W/\"0\"", Some("W/\"1\"")),
            ("W/\"abc\"", Some("W/\"aba\"")),
            ("\"a\"", Some("\"b\"")),
            ("\"-\"", None),
            ("3-rev", Some("0-rev")),
        ] {
            let stale = stale_tag(&Validator::new(tag).unwrap());
            assert_eq!(stale.as_ref().map(Validator::as_str), wanted, "{tag}");
        }
    }
}
