//! Lexemes as values for the window.

use super::schema::Field;
use ipc_types::{Value, ValueType};
use record_merge::json::{Document, Kind, NodeId, quote};
use std::borrow::Cow;

/// The value of a lexeme (JSON text as its document spells it); `None` = not there. Text that is not JSON is shown as
/// it is.
pub fn value(lexeme: Option<&str>) -> Value {
    match lexeme {
        None => Value { r#type: ValueType::Missing, text: String::new(), json: String::new() },
        Some(lexeme) => match Document::parse(lexeme.as_bytes()) {
            Ok(document) => value_of(&document, Some(document.root())),
            Err(_) => text_value(lexeme),
        },
    }
}

/// A text as a value.
pub fn text_value(text: &str) -> Value {
    Value { r#type: ValueType::Text, text: text.to_owned(), json: quote(text) }
}

/// The value of a node; `None` = not there.
pub(crate) fn value_of(document: &Document, node: Option<NodeId>) -> Value {
    let Some(id) = node else { return value(None) };
    let json = document.text(id).to_owned();
    let (r#type, text) = match document.kind(id) {
        Kind::Null => (ValueType::Null, json.clone()),
        Kind::Boolean => (ValueType::Boolean, json.clone()),
        Kind::Number => (ValueType::Number, json.clone()),
        Kind::String => (ValueType::Text, string_of(document, id).into_owned()),
        Kind::Array => (ValueType::List, json.clone()),
        Kind::Object => (ValueType::Object, json.clone()),
    };
    Value { r#type, text, json }
}

/// The characters of a string node; lone surrogates become U+FFFD. Empty for other types.
pub(crate) fn string_of(document: &Document, id: NodeId) -> Cow<'_, str> {
    if document.kind(id) != Kind::String {
        return Cow::Borrowed("");
    }
    document.string(id).unwrap_or_else(|| Cow::Owned(lossy(document.text(id))))
}

/// Strings with lone surrogates are JSON but not text: serde_json hands them out as bytes only.
fn lossy(lexeme: &str) -> String {
    struct Bytes;
    impl serde::de::Visitor<'_> for Bytes {
        type Value = String;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a string")
        }
        fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<String, E> {
            Ok(String::from_utf8_lossy(bytes).into_owned())
        }
    }
    use serde::Deserializer as _;
    serde_json::Deserializer::from_str(lexeme).deserialize_bytes(Bytes).unwrap_or_else(|_| lexeme.to_owned())
}

/// What a person reads for a value that has one line: text, number, yes or no. `None` for lists and objects.
pub(crate) fn scalar_text(document: &Document, id: NodeId) -> Option<Cow<'_, str>> {
    match document.kind(id) {
        Kind::String => Some(string_of(document, id)),
        Kind::Number => Some(Cow::Borrowed(document.text(id))),
        Kind::Boolean => Some(Cow::Borrowed(if document.text(id) == "true" { "yes" } else { "no" })),
        Kind::Null | Kind::Array | Kind::Object => None,
    }
}

/// A value whose text is as people read it without its field beside it: options by name, numbers with their unit.
pub(crate) fn in_words(mut value: Value, field: Option<&Field>) -> Value {
    let Some(field) = field else { return value };
    if let Some(allowed) = field.allowed.iter().find(|allowed| allowed.json == value.json) {
        value.text = allowed.title.clone();
    }
    if let (ValueType::Number, Some(unit)) = (value.r#type, &field.unit) {
        value.text = format!("{} {unit}", value.text);
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lexemes_keep_their_spelling() {
        use ValueType::*;
        for (lexeme, r#type, text) in [
            ("30.00", Number, "30.00"),
            ("1e400", Number, "1e400"),
            ("9007199254740993", Number, "9007199254740993"),
            (r#""caf\u00e9 \"x\"\n""#, Text, "café \"x\"\n"),
            ("null", Null, "null"),
            ("true", Boolean, "true"),
            ("[1, 2]", List, "[1, 2]"),
            (r#"{"a":1,"a":2}"#, Object, r#"{"a":1,"a":2}"#),
            (r#""""#, Text, ""),
        ] {
            let v = value(Some(lexeme));
            assert_eq!((v.r#type, v.text.as_str(), v.json.as_str()), (r#type, text, lexeme));
        }
        assert_eq!(value(None).r#type, Missing);
        assert_eq!(value(Some("not json")), text_value("not json"));
    }

    #[test]
    fn lone_surrogates_are_shown_as_replacement_and_kept_in_json() {
        let v = value(Some(r#""a\ud800b""#));
        assert_eq!(v.json, r#""a\ud800b""#);
        assert!(
            v.text.starts_with('a') && v.text.ends_with('b') && v.text.contains('\u{fffd}'),
            "{}",
            v.text
        );
    }
}
