//! What is wrong with a value, in words: as the rest of a sentence that begins with the field's name.

use super::lookup::Lookup;
use super::schema::{Field, Format, JsonType, Pattern};
use super::value::string_of;
use super::when;
use super::words::label;
use record_merge::json::{Document, Kind, NodeId};
use record_merge::{Format as BodyFormat, Path, Policy, Token, equal};
use std::collections::BTreeSet;

/// Most elements and members that are looked into.
const MOST: usize = 10_000;
/// Most options named in a sentence.
const NAMED: usize = 8;

/// What the schema says against a value (`None` = not there), with everything inside it: "must be a number",
/// "is needed". `None` = nothing.
pub fn problem(field: &Field, required: bool, lexeme: Option<&str>) -> Option<String> {
    let Some(lexeme) = lexeme else { return required.then(|| "is needed".to_owned()) };
    let Some(lookup) = Lookup::parse(lexeme.as_bytes()) else {
        return Some("is not written as JSON".to_owned());
    };
    let mut left = MOST;
    deep(field, &lookup, lookup.root(), 0, &mut left)
}

/// All that a schema says against a document, outermost first, with the places. Required members that are not there are
/// named at their own place.
pub(crate) fn problems(root: &Field, lookup: &Lookup) -> Vec<(Path, String)> {
    let mut found = Vec::new();
    let mut left = MOST;
    collect(root, lookup, lookup.root(), &Path::root(), &mut left, &mut found);
    found
}

fn collect(
    field: &Field,
    lookup: &Lookup,
    id: NodeId,
    path: &Path,
    left: &mut usize,
    found: &mut Vec<(Path, String)>,
) {
    let Some(rest) = left.checked_sub(1).filter(|_| path.0.len() <= 16) else { return };
    *left = rest;
    if let Some(words) = shallow(field, lookup.document(), id) {
        found.push((path.clone(), words));
    }
    match lookup.document().kind(id) {
        Kind::Object if lookup.opens(id) => {
            let names = lookup.names(id);
            for (name, below) in &field.properties {
                let at = path.child(Token::Member(name.clone()));
                match names.get(name) {
                    Some(member) => collect(below, lookup, *member, &at, left, found),
                    None if field.required.contains(name) => found.push((at, "is needed".to_owned())),
                    None => {}
                }
            }
        }
        Kind::Array => {
            let Some(items) = field.items.as_deref() else { return };
            for (at, element) in lookup.document().children(id).enumerate() {
                collect(items, lookup, element, &path.child(Token::Index(at)), left, found);
            }
        }
        _ => {}
    }
}

/// Like [`problem`], without looking into members and elements: they have fields of their own.
pub(crate) fn own_problem(
    field: &Field,
    required: bool,
    lookup: &Lookup,
    id: Option<NodeId>,
) -> Option<String> {
    match id {
        None => required.then(|| "is needed".to_owned()),
        Some(id) => shallow(field, lookup.document(), id),
    }
}

fn deep(field: &Field, lookup: &Lookup, id: NodeId, depth: usize, left: &mut usize) -> Option<String> {
    *left = left.checked_sub(1)?;
    if depth > 16 {
        return None;
    }
    if let Some(words) = shallow(field, lookup.document(), id) {
        return Some(words);
    }
    match lookup.document().kind(id) {
        Kind::Object if lookup.opens(id) => {
            let names = lookup.names(id);
            field.properties.iter().find_map(|(name, below)| {
                let words = match names.get(name) {
                    Some(member) => deep(below, lookup, *member, depth + 1, left),
                    None => field.required.contains(name).then(|| "is needed".to_owned()),
                }?;
                Some(format!("has a field that does not fit: {} {words}", name_of(name, below)))
            })
        }
        Kind::Array => {
            let items = field.items.as_deref()?;
            lookup.document().children(id).enumerate().find_map(|(at, element)| {
                let words = deep(items, lookup, element, depth + 1, left)?;
                Some(format!("has an entry that does not fit: number {} {words}", at + 1))
            })
        }
        _ => None,
    }
}

fn name_of(name: &str, field: &Field) -> String {
    field.title.clone().unwrap_or_else(|| label(name))
}

fn shallow(field: &Field, document: &Document, id: NodeId) -> Option<String> {
    let lexeme = document.text(id);
    wrong_type(field, document, id).or_else(|| not_allowed(field, lexeme)).or_else(|| {
        match document.kind(id) {
            Kind::Number => number(field, lexeme),
            Kind::String => text(field, &string_of(document, id)),
            Kind::Array => list(field, document, id),
            Kind::Object if !document.is_atomic(id) => missing_unnamed(field, document, id),
            _ => None,
        }
    })
}

fn wrong_type(field: &Field, document: &Document, id: NodeId) -> Option<String> {
    use JsonType::{Array, Boolean, Integer, Null, Number, Object, String};
    let fits = match document.kind(id) {
        Kind::Null => field.allows(Null),
        Kind::Boolean => field.allows(Boolean),
        Kind::Number => field.allows(Number) || (field.allows(Integer) && is_whole(document.text(id))),
        Kind::String => field.allows(String),
        Kind::Array => field.allows(Array),
        Kind::Object => field.allows(Object),
    };
    // A list of allowed values that has null allows it, whatever the type says beside it.
    if fits {
        return None;
    }
    if document.kind(id) == Kind::Null {
        return Some("needs a value".to_owned());
    }
    let wanted: Vec<&str> = field
        .types
        .iter()
        .filter_map(|t| match t {
            Null => None,
            Boolean => Some("yes or no"),
            Integer => Some("a whole number"),
            Number => Some("a number"),
            String => Some("text"),
            Array => Some("a list"),
            Object => Some("a group of fields"),
        })
        .collect();
    Some(if wanted.is_empty() {
        "must have no value".to_owned()
    } else {
        format!("must be {}", wanted.join(" or "))
    })
}

/// `1.0` and `1e2` are whole (JSON Schema 2020-12 section 6.1.1).
fn is_whole(lexeme: &str) -> bool {
    match lexeme.parse::<f64>() {
        Ok(number) if number.is_finite() => number.fract() == 0.0,
        _ => true,
    }
}

fn not_allowed(field: &Field, lexeme: &str) -> Option<String> {
    let same = |json: &str| equal(BodyFormat::Json, json.as_bytes(), lexeme.as_bytes(), &Policy::default());
    if field.allowed.is_empty() || field.allowed.iter().any(|a| same(&a.json)) {
        return None;
    }
    let named: Vec<&str> = field.allowed.iter().take(NAMED).map(|a| a.title.as_str()).collect();
    Some(match field.allowed.len() {
        n if n > NAMED => format!("must be one of {n}: {}, ...", named.join(", ")),
        1 => format!("must be {}", named.join("")),
        _ => format!("must be one of these: {}", named.join(", ")),
    })
}

fn number(field: &Field, lexeme: &str) -> Option<String> {
    let n: f64 = lexeme.parse().ok()?;
    if let Some(limit) = field.range.0.as_ref().filter(|limit| n < limit.number) {
        return Some(format!("must be at least {}", limit.text));
    }
    if let Some(limit) = field.range.1.as_ref().filter(|limit| n > limit.number) {
        return Some(format!("must be at most {}", limit.text));
    }
    if let Some(limit) = field.outside.0.as_ref().filter(|limit| n <= limit.number) {
        return Some(format!("must be more than {}", limit.text));
    }
    field
        .outside
        .1
        .as_ref()
        .filter(|limit| n >= limit.number)
        .map(|l| format!("must be less than {}", l.text))
}

fn text(field: &Field, text: &str) -> Option<String> {
    let count = text.chars().count() as u64;
    if let Some(least) = field.length.0.filter(|least| count < *least) {
        return Some(match (least, text.is_empty()) {
            (1, _) => "must not be empty".to_owned(),
            _ => format!("must have at least {least} characters"),
        });
    }
    if let Some(most) = field.length.1.filter(|most| count > *most) {
        return Some(format!("must have at most {most} characters, it has {count}"));
    }
    let fits = match field.format {
        Format::Any => true,
        Format::Date => when::is_date(text),
        Format::DateTime => when::is_date_time(text),
        Format::Email => is_email(text),
        Format::Uri => is_uri(text),
    };
    if !fits {
        return Some(
            match field.format {
                Format::Date => "must be a date like 2026-09-14",
                Format::DateTime => "must be a date and time like 2026-09-14T10:30:00Z",
                Format::Email => "must be an e-mail address",
                _ => "must be an address like https://example.org",
            }
            .to_owned(),
        );
    }
    let wrong = |pattern: &&Pattern| pattern.regex.as_ref().is_some_and(|regex| !regex.is_match(text));
    field.patterns.iter().find(wrong).map(|pattern| match &field.help {
        Some(help) => format!("is not written as expected ({})", help.trim_end_matches('.')),
        None => format!("is not written as expected (pattern {})", pattern.source),
    })
}

fn is_email(text: &str) -> bool {
    text.rsplit_once('@').is_some_and(|(who, host)| !who.is_empty() && !host.is_empty())
        && !text.chars().any(char::is_whitespace)
}

fn is_uri(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, rest)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
            && !rest.is_empty()
    }) && !text.chars().any(char::is_whitespace)
}

fn list(field: &Field, document: &Document, id: NodeId) -> Option<String> {
    let count = document.children(id).count() as u64;
    let entries = |n: u64| if n == 1 { "1 entry".to_owned() } else { format!("{n} entries") };
    if let Some(least) = field.item_count.0.filter(|least| count < *least) {
        return Some(format!("must have at least {}", entries(least)));
    }
    if let Some(most) = field.item_count.1.filter(|most| count > *most) {
        return Some(format!("must have at most {}", entries(most)));
    }
    if !field.unique_items {
        return None;
    }
    let mut seen = BTreeSet::new();
    let twice = document.children(id).take(MOST).find(|child| {
        let text = match document.kind(*child) {
            Kind::String => string_of(document, *child).into_owned(),
            _ => document.text(*child).to_owned(),
        };
        !seen.insert((document.kind(*child), text))
    })?;
    Some(format!("must not have the same entry twice ({})", short(document, twice)))
}

fn short(document: &Document, id: NodeId) -> String {
    let text = match document.kind(id) {
        Kind::String => string_of(document, id),
        _ => document.text(id).into(),
    };
    let cut: String = text.chars().take(40).collect();
    if cut.len() < text.len() { format!("{cut}...") } else { cut }
}

/// Members that must be there and that the schema says nothing else about: no field shows their absence.
fn missing_unnamed(field: &Field, document: &Document, id: NodeId) -> Option<String> {
    let missing = field
        .required
        .iter()
        .find(|name| field.property(name).is_none() && document.member(id, name).is_none())?;
    Some(format!("needs {}", label(missing)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::CollectionSchema;

    #[test]
    fn problems_in_words() {
        let cases: [(&str, &str, Option<&str>); 36] = [
            (r#"{"type":"number"}"#, r#""12""#, Some("must be a number")),
            (r#"{"type":"number"}"#, "12", None),
            (r#"{"type":"integer"}"#, "1.5", Some("must be a whole number")),
            (r#"{"type":"integer"}"#, "1.0", None),
            (r#"{"type":"integer"}"#, "1e400", None),
            (r#"{"type":["string","null"]}"#, "null", None),
            (r#"{"type":["string","boolean"]}"#, "1", Some("must be yes or no or text")),
            (r#"{"type":"string"}"#, "null", Some("needs a value")),
            (r#"{"type":"null"}"#, "1", Some("must have no value")),
            (r#"{"minimum":0}"#, "-0.01", Some("must be at least 0")),
            (r#"{"minimum":0}"#, "0", None),
            (r#"{"maximum":1e2}"#, "101", Some("must be at most 1e2")),
            (r#"{"exclusiveMinimum":0}"#, "0", Some("must be more than 0")),
            (r#"{"exclusiveMaximum":5}"#, "5", Some("must be less than 5")),
            (r#"{"minLength":1}"#, r#""""#, Some("must not be empty")),
            (r#"{"minLength":3}"#, r#""ab""#, Some("must have at least 3 characters")),
            (r#"{"maxLength":2}"#, r#""äöü""#, Some("must have at most 2 characters, it has 3")),
            (r#"{"format":"date"}"#, r#""2026-02-30""#, Some("must be a date like 2026-09-14")),
            (r#"{"format":"date-time"}"#, r#""2026-09-14T10:30:00Z""#, None),
            (r#"{"format":"email"}"#, r#""ines at home""#, Some("must be an e-mail address")),
            (
                r#"{"format":"uri"}"#,
                r#""tools.example""#,
                Some("must be an address like https://example.org"),
            ),
            (r#"{"format":"uri"}"#, r#""mailto:ines@example.org""#, None),
            (r#"{"format":"made-up"}"#, r#""x""#, None),
            (
                r#"{"pattern":"^T-[0-9]+$","description":"T- and a number."}"#,
                r#""118""#,
                Some("is not written as expected (T- and a number)"),
            ),
            (
                r#"{"pattern":"^T-[0-9]+$"}"#,
                r#""118""#,
                Some("is not written as expected (pattern ^T-[0-9]+$)"),
            ),
            (r#"{"pattern":"^(?=x)"}"#, r#""y""#, None),
            (r#"{"enum":["in_repair","lent"]}"#, r#""gone""#, Some("must be one of these: In repair, Lent")),
            (r#"{"enum":[1.0]}"#, "1", None),
            (r#"{"oneOf":[{"const":"a","title":"Ah"}]}"#, r#""b""#, Some("must be Ah")),
            (r#"{"minItems":1}"#, "[]", Some("must have at least 1 entry")),
            (r#"{"maxItems":1}"#, "[1,2]", Some("must have at most 1 entry")),
            (r#"{"uniqueItems":true}"#, r#"["a","\u0061"]"#, Some("must not have the same entry twice (a)")),
            (
                r#"{"items":{"type":"string"}}"#,
                r#"["a",1]"#,
                Some("has an entry that does not fit: number 2 must be text"),
            ),
            (
                r#"{"required":["street"],"properties":{"street":{"type":"string"}}}"#,
                "{}",
                Some("has a field that does not fit: Street is needed"),
            ),
            (r#"{"required":["postcode"]}"#, "{}", Some("needs Postcode")),
            ("{}", "nonsense", Some("is not written as JSON")),
        ];
        for (schema, lexeme, expected) in cases {
            let schema = CollectionSchema::read(schema.as_bytes());
            assert_eq!(problem(&schema.root, false, Some(lexeme)).as_deref(), expected, "{lexeme}");
        }
        assert_eq!(problem(&Field::default(), true, None).as_deref(), Some("is needed"));
        assert_eq!(problem(&Field::default(), false, None), None);
    }
}
