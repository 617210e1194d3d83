//! JSON read for checking only: any number is taken, also one no float can hold (`1e400`), so that a limit on one member
//! never refuses a document for the spelling of another.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use serde_json::{Map, Number, Value};

use crate::members::members;

/// Deepest nesting walked.
const MAX_DEPTH: usize = 128;

/// The value of a JSON text; of members that come twice the last counts. `None`: not JSON, or nested too deeply.
pub(crate) fn parse(text: &[u8]) -> Option<Value> {
    // The common case needs one pass.
    if let Ok(value) = serde_json::from_slice(text) {
        return Some(value);
    }
    let raw: &RawValue = serde_json::from_slice(text).ok()?;
    walk(raw, 0)
}

fn walk(raw: &RawValue, depth: usize) -> Option<Value> {
    if depth > MAX_DEPTH {
        return None;
    }
    let text = raw.get();
    match text.as_bytes().first()? {
        b'{' => {
            let by_name: BTreeMap<String, &RawValue> = members(text.as_bytes())?.into_iter().collect();
            let mut map = Map::new();
            for (name, value) in by_name {
                map.insert(name, walk(value, depth + 1)?);
            }
            Some(Value::Object(map))
        }
        b'[' => {
            let list: Vec<&RawValue> = serde_json::from_str(text).ok()?;
            list.into_iter()
                .map(|value| walk(value, depth + 1))
                .collect::<Option<Vec<Value>>>()
                .map(Value::Array)
        }
        b'-' | b'0'..=b'9' => serde_json::from_str(text).ok().or_else(|| {
            let number: f64 = text.parse().ok()?;
            Number::from_f64(number.clamp(f64::MIN, f64::MAX)).map(Value::Number)
        }),
        _ => serde_json::from_str(text).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_beyond_floats() {
        for (text, wanted) in [
            (r#"{"a":1e400,"b":[1,{"c":-1e999}]}"#, Some(json!({"a": f64::MAX, "b": [1, {"c": f64::MIN}]}))),
            (r#"{"a":1,"a":"x","z":1e400}"#, Some(json!({"a": "x", "z": f64::MAX}))),
            (r#"{"a":20.00}"#, Some(json!({"a": 20.0}))),
            ("{", None),
        ] {
            assert_eq!(parse(text.as_bytes()), wanted, "{text}");
        }
        let deep = "[".repeat(1000) + &"]".repeat(1000);
        assert_eq!(parse(deep.as_bytes()), None);
    }
}
