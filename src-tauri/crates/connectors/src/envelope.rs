//! JSON envelopes around records: what is needed is looked up, records are cut out as the bytes they are.

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;

/// A pointer of a profile (RFC 6901), taken apart. Empty = the whole value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pointer(Vec<String>);

impl Pointer {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "is \"{text}\". It must be a JSON pointer: empty for the whole, or steps that start with /, as /data/id."
            )
        };
        if text.is_empty() {
            return Ok(Self::default());
        }
        let rest = text.strip_prefix('/').ok_or_else(wrong)?;
        let steps = rest.split('/').map(|step| {
            let bare = step.replace("~0", "").replace("~1", "");
            if bare.contains('~') { Err(wrong()) } else { Ok(step.replace("~1", "/").replace("~0", "~")) }
        });
        Ok(Self(steps.collect::<Result<_, _>>()?))
    }

    pub(crate) fn is_whole(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn steps(&self) -> &[String] {
        &self.0
    }
}

/// The members of an object, in the order of the text.
pub(crate) struct Object<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Object<'a> {
    /// `None` for another type, and for names that are not text.
    pub(crate) fn of(raw: &'a RawValue) -> Option<Self> {
        serde_json::from_str(raw.get()).ok()
    }

    /// The last member of that name.
    pub(crate) fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.0.iter().rev().find(|(own, _)| own == name).map(|(_, value)| *value)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), *value))
    }

    /// The value at a pointer below this object; `None` for the empty pointer.
    pub(crate) fn at(&self, pointer: &Pointer) -> Option<&'a RawValue> {
        let (first, rest) = pointer.steps().split_first()?;
        walk(self.get(first)?, rest)
    }
}

struct Name<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Name<'de>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a name")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Object<'de>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<Name<'de>, &'de RawValue>()? {
                    members.push((name.0, value));
                }
                Ok(Object(members))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

/// A whole answer, taken apart once however many places are looked up: pages are large.
pub(crate) struct Root<'a> {
    raw: &'a RawValue,
    object: Option<Object<'a>>,
}

impl<'a> Root<'a> {
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, String> {
        let raw = parse(bytes)?;
        Ok(Self::of(raw))
    }

    pub(crate) fn of(raw: &'a RawValue) -> Self {
        let object = if raw.get().starts_with('{') { Object::of(raw) } else { None };
        Self { raw, object }
    }

    /// The value at a pointer.
    pub(crate) fn at(&self, pointer: &Pointer) -> Option<&'a RawValue> {
        match &self.object {
            _ if pointer.is_whole() => Some(self.raw),
            Some(object) => object.at(pointer),
            None => at(self.raw, pointer),
        }
    }
}

/// Reads one JSON text; a byte-order mark is skipped. The value borrows from `bytes`.
pub(crate) fn parse(bytes: &[u8]) -> Result<&RawValue, String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}

/// The elements of an array; `None` for another type.
pub(crate) fn elements(raw: &RawValue) -> Option<Vec<&RawValue>> {
    // A cheap look first: parsing a large object only to learn that it is none would double the work.
    if !raw.get().starts_with('[') {
        return None;
    }
    serde_json::from_str(raw.get()).ok()
}

/// The value at a pointer.
pub(crate) fn at<'a>(raw: &'a RawValue, pointer: &Pointer) -> Option<&'a RawValue> {
    walk(raw, pointer.steps())
}

fn walk<'a>(raw: &'a RawValue, steps: &[String]) -> Option<&'a RawValue> {
    let Some((step, rest)) = steps.split_first() else { return Some(raw) };
    let next = match elements(raw) {
        Some(items) => *items.get(step.parse::<usize>().ok()?)?,
        None => Object::of(raw)?.get(step)?,
    };
    walk(next, rest)
}

/// The characters of a string value.
pub(crate) fn text(raw: &RawValue) -> Option<String> {
    serde_json::from_str(raw.get()).ok()
}

/// A string's characters, or a number as it is spelled: ids and cursors come as either.
pub(crate) fn word(raw: &RawValue) -> Option<String> {
    match raw.get().as_bytes().first()? {
        b'"' => text(raw),
        b'-' | b'0'..=b'9' => Some(raw.get().to_owned()),
        _ => None,
    }
}

/// A count.
pub(crate) fn count(raw: &RawValue) -> Option<u64> {
    raw.get().parse().ok()
}

/// Neither `null`, `false`, `0` nor empty.
pub(crate) fn is_set(raw: &RawValue) -> bool {
    !matches!(raw.get(), "null" | "false" | "0" | "\"\"")
}

/// `bytes` inside objects with the members of a pointer: `/data` gives `{"data":BYTES}`.
pub(crate) fn wrap(pointer: &Pointer, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 16);
    for step in pointer.steps() {
        out.push(b'{');
        out.extend_from_slice(quoted(step).as_bytes());
        out.push(b':');
    }
    out.extend_from_slice(bytes);
    out.extend(std::iter::repeat_n(b'}', pointer.steps().len()));
    out
}

/// A text as a JSON string.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointer(text: &str) -> Pointer {
        Pointer::parse(text).unwrap()
    }

    #[test]
    fn spans_are_the_bytes() {
        let text = "\u{feff} {\"a\": [ {\"x\" : 1.0 , \"y\":12345678901234567890}, null ], \"e\\u0301\":\"\\ud83d\\ude00\", \"a~b/c\":{\"\":1e400}}";
        let raw = parse(text.as_bytes()).unwrap();
        for (path, wanted) in [
            ("/a/0", Some("{\"x\" : 1.0 , \"y\":12345678901234567890}")),
            ("/a/0/x", Some("1.0")),
            ("/a/1", Some("null")),
            ("/a/2", None),
            ("/e\u{301}", Some("\"\\ud83d\\ude00\"")),
            ("/a~0b~1c/", Some("1e400")),
            ("/a/x", None),
            ("/none", None),
        ] {
            assert_eq!(at(raw, &pointer(path)).map(RawValue::get), wanted, "{path}");
        }
    }

    #[test]
    fn the_last_of_repeated_names_counts() {
        let raw = parse(b"{\"a\":1,\"a\":2}").unwrap();
        assert_eq!(at(raw, &pointer("/a")).unwrap().get(), "2");
    }

    #[test]
    fn broken_and_deep_texts_do_not_panic() {
        let deep = "[".repeat(100_000);
        let deep_whole = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
        for text in ["", "{", "[1,]", "\"\\ud800", "nul", "{\"a\":NaN}", deep.as_str()] {
            assert!(parse(text.as_bytes()).is_err(), "{:.20}", text);
        }
        assert!(parse(b"{\"a\":\"\xff\"}").is_err());
        let raw = parse(deep_whole.as_bytes()).unwrap();
        assert!(at(raw, &pointer("/0/0/0")).is_some());
    }

    #[test]
    fn wrapping() {
        assert_eq!(wrap(&pointer("/data"), b"{\"a\": 1.0}"), b"{\"data\":{\"a\": 1.0}}");
        assert_eq!(wrap(&pointer("/a/b\""), b"1"), b"{\"a\":{\"b\\\"\":1}}");
        assert_eq!(wrap(&pointer(""), b"1"), b"1");
    }

    #[test]
    fn bad_pointers() {
        for bad in ["a", "a/b", "/~", "/~2"] {
            assert!(Pointer::parse(bad).unwrap_err().contains("JSON pointer"), "{bad}");
        }
    }
}
