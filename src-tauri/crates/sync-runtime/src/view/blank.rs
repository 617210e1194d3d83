//! The document a new record begins with.

use super::schema::{CollectionSchema, Field, JsonType};
use record_merge::json::quote;
use record_merge::{Path, Token};

/// A small document with the needed fields of the schema, at their `default`, else empty or at the first value allowed;
/// with the other defaults; and with the objects that hold fields, because a field can only be filled in where its
/// object is there. `{}` without a schema.
pub fn blank(schema: &CollectionSchema) -> String {
    let title = schema.title_field.as_ref().and_then(first_member);
    object(&schema.root, title, 0)
}

fn first_member(path: &Path) -> Option<&str> {
    match path.0.first() {
        Some(Token::Member(name)) => Some(name),
        _ => None,
    }
}

fn object(field: &Field, title: Option<&str>, depth: usize) -> String {
    let indent = "  ".repeat(depth + 1);
    let member = |(name, below): &(String, Field)| {
        let is_object = below.only_type() == Some(JsonType::Object) && !below.properties.is_empty();
        let always = field.required.contains(name) || title == Some(name) || below.default.is_some();
        let opens = is_object && !below.allows(JsonType::Null);
        if below.read_only || !(always || opens) {
            return None;
        }
        let value = match &below.default {
            Some(value) => value.clone(),
            None if is_object => object(below, None, depth + 1),
            None => value(below).to_owned(),
        };
        Some(format!("{indent}{}: {value}", quote(name)))
    };
    let members: Vec<String> = field.properties.iter().filter_map(member).collect();
    if members.is_empty() {
        return "{}".to_owned();
    }
    format!("{{\n{}\n{}}}", members.join(",\n"), "  ".repeat(depth))
}

fn value(field: &Field) -> &str {
    if let Some(first) = field.allowed.first() {
        return &first.json;
    }
    match field.only_type() {
        Some(JsonType::Boolean) => "false",
        Some(JsonType::Integer | JsonType::Number) => "0",
        Some(JsonType::Array) => "[]",
        Some(JsonType::Object) => "{}",
        Some(JsonType::Null) => "null",
        Some(JsonType::String) | None => "\"\"",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needed_fields_defaults_and_the_title() {
        let schema = br#"{"x-title-field":"name","required":["number","status","by"],"properties":{
            "name":{"type":"string"},"number":{"type":"string"},"status":{"enum":["free","lent"]},"note":{"type":"string"},
            "deposit":{"default":20.00},"by":{"readOnly":true},"maybe":{"type":["object","null"],"properties":{"x":{}}},
            "address":{"type":"object","required":["zip"],"properties":{"zip":{"type":"string"},"town":{}}}}}"#;
        let made = blank(&CollectionSchema::read(schema));
        let expected = [
            "{",
            "  \"name\": \"\",",
            "  \"number\": \"\",",
            "  \"status\": \"free\",",
            "  \"deposit\": 20.00,",
            "  \"address\": {",
            "    \"zip\": \"\"",
            "  }",
            "}",
        ];
        assert_eq!(made.lines().collect::<Vec<_>>(), expected);
        assert_eq!(blank(&CollectionSchema::default()), "{}");
    }
}
