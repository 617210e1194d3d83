//! Top-level members of a JSON object, by their spelling.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserializer;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::document::Document;

/// Names and spellings of the members in order, doubles included; `None` if it is not an object.
pub(crate) fn members(text: &[u8]) -> Option<Vec<(String, &RawValue)>> {
    struct Members;
    impl<'de> Visitor<'de> for Members {
        type Value = Vec<(String, &'de RawValue)>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut list = Vec::new();
            while let Some(entry) = map.next_entry()? {
                list.push(entry);
            }
            Ok(list)
        }
    }
    let mut reader = serde_json::Deserializer::from_slice(text);
    reader.deserialize_map(Members).ok()
}

/// Names of the members that differ in spelling: the new document's order, then those that are gone. Everything, if
/// there was nothing before; empty where one of the two is not an object.
pub(crate) fn changed(before: Option<&[u8]>, after: &[u8]) -> Vec<String> {
    if before == Some(after) {
        return Vec::new();
    }
    let Some(after) = members(after) else { return Vec::new() };
    let Some(before) = before.map_or_else(|| Some(Vec::new()), members) else { return Vec::new() };
    let (old, new) = (by_name(&before), by_name(&after));
    let mut names: Vec<String> = Vec::new();
    for (name, _) in after.iter().chain(&before) {
        if old.get(name.as_str()) != new.get(name.as_str()) && !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

fn by_name<'a>(list: &'a [(String, &RawValue)]) -> BTreeMap<&'a str, Vec<&'a str>> {
    let mut map: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, value) in list {
        map.entry(name).or_default().push(value.get());
    }
    map
}

/// The id a document gives itself: its only member `id`, if that is a string or a whole number.
pub(crate) fn own_id(document: &Document) -> Option<String> {
    if !document.json {
        return None;
    }
    let list = members(document.text())?;
    let mut ids = list.iter().filter(|(name, _)| name == "id");
    let (Some((_, value)), None) = (ids.next(), ids.next()) else { return None };
    let text = value.get();
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return Some(text.to_owned());
    }
    serde_json::from_str::<String>(text).ok()
}

/// A string member of a document, for titles.
pub(crate) fn string_member(text: &[u8], wanted: &str) -> Option<String> {
    let list = members(text)?;
    let (_, value) = list.iter().find(|(name, _)| name == wanted)?;
    serde_json::from_str(value.get()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    #[test]
    fn what_changed() {
        for (before, after, wanted) in [
            (None, r#"{"a":1,"b":2}"#, vec!["a", "b"]),
            (Some(r#"{"a":1,"b":2}"#), r#"{"a":1,"b":3}"#, vec!["b"]),
            (Some(r#"{"a":1,"b":2}"#), r#"{"b":2, "a":1}"#, vec![]),
            (Some(r#"{"a":1,"b":2}"#), r#"{"c":{},"b":2}"#, vec!["c", "a"]),
            (Some(r#"{"a":1.0}"#), r#"{"a":1.00}"#, vec!["a"]),
            (Some(r#"{"a":1,"a":2}"#), r#"{"a":2}"#, vec!["a"]),
            (Some("7"), r#"{"a":1}"#, vec![]),
            (Some(r#"{"a":1}"#), "7", vec![]),
        ] {
            assert_eq!(changed(before.map(str::as_bytes), after.as_bytes()), wanted, "{before:?} {after}");
        }
    }

    #[test]
    fn own_ids() {
        for (body, wanted) in [
            (r#"{"id":"T-1"}"#, Some("T-1")),
            (r#"{"id":12345678901234567890}"#, Some("12345678901234567890")),
            (r#"{"id":1.5}"#, None),
            (r#"{"id":null}"#, None),
            (r#"{"id":"a","id":"b"}"#, None),
            (r#"["id"]"#, None),
            (r#"{}"#, None),
        ] {
            let document = Document::new("application/json".into(), Bytes::from(body)).unwrap();
            assert_eq!(own_id(&document).as_deref(), wanted, "{body}");
        }
    }
}
