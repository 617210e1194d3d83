//! Writes a document as a person would format it: two spaces, short lists on one line, numbers as they are spelled.

use crate::message::json_string;

/// A value with its spelling.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// Text.
    Text(String),
    /// Anything already spelled: `20.00`, `true`.
    Raw(String),
    /// A list on one line.
    Line(Vec<Value>),
    /// A list of objects, one to a line.
    Rows(Vec<Object>),
    /// An object in the object.
    Inner(Object),
}

/// Members in order.
pub(super) type Object = Vec<(&'static str, Value)>;

/// Text.
pub(super) fn text(value: impl Into<String>) -> Value {
    Value::Text(value.into())
}

/// A spelled number.
pub(super) fn raw(value: impl ToString) -> Value {
    Value::Raw(value.to_string())
}

/// A list of short texts.
pub(super) fn words<S: AsRef<str>>(list: &[S]) -> Value {
    Value::Line(list.iter().map(|word| text(word.as_ref())).collect())
}

/// The document, without white space around it.
pub(super) fn document(object: &Object) -> String {
    let mut out = String::from("{\n");
    for (position, (name, value)) in object.iter().enumerate() {
        let comma = if position + 1 < object.len() { "," } else { "" };
        out.push_str(&format!("  {}: {}{comma}\n", json_string(name), spelled(value)));
    }
    out.push('}');
    out
}

fn spelled(value: &Value) -> String {
    match value {
        Value::Text(text) => json_string(text),
        Value::Raw(raw) => raw.clone(),
        Value::Line(list) => format!("[{}]", list.iter().map(spelled).collect::<Vec<_>>().join(", ")),
        Value::Rows(rows) if rows.is_empty() => "[]".to_owned(),
        Value::Rows(rows) => {
            let rows: Vec<String> = rows.iter().map(|row| format!("    {}", on_one_line(row))).collect();
            format!("[\n{}\n  ]", rows.join(",\n"))
        }
        Value::Inner(object) => on_one_line(object),
    }
}

fn on_one_line(object: &Object) -> String {
    let members: Vec<String> =
        object.iter().map(|(name, value)| format!("{}: {}", json_string(name), spelled(value))).collect();
    format!("{{ {} }}", members.join(", "))
}
