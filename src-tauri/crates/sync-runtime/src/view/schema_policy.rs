//! What a schema says about merging (merge.md 2.3 row 6, 2.4, M18, M22): the standard `uniqueItems`, `readOnly` and
//! `contentMediaType`, and the keywords `x-identity`, `x-long-text`, `x-merge`, `x-merge-groups`,
//! `x-merge-null-is-missing`.

use super::schema::{CollectionSchema, Field, FieldMerge, JsonType};
use record_merge::{ArrayMode, Origin, Policy, pattern_name};

impl CollectionSchema {
    /// A policy with what the schema says besides: `uniqueItems` over single values makes a set, `x-identity` names
    /// the key of list elements, `readOnly` members are kept by the server, long texts merge line by line, and
    /// `x-merge` says the rest. What `policy` says itself comes first.
    pub fn merge_policy(&self, policy: &Policy) -> Policy {
        let mut out = policy.clone();
        out.null_is_missing |= self.null_is_missing;
        if !self.root.merge.is_empty() {
            // A record can be a list; a rule for a whole record is none.
            add_array_mode(&mut out, &self.root, "");
        }
        add_members(&mut out, &self.root, "");
        out
    }
}

/// The members of an object, or of the objects in a list: positions are no part of a pattern.
fn add_members(policy: &mut Policy, field: &Field, around: &str) {
    let at = |name: &str| {
        let name = pattern_name(name);
        if around.is_empty() { name } else { format!("{around}/{name}") }
    };
    for names in &field.merge_groups {
        let group: Vec<String> = names.iter().map(|name| at(name)).collect();
        let taken = policy.groups.iter().flatten().any(|other| group.contains(other));
        if !taken {
            policy.groups.push(group);
        }
    }
    for (name, below) in &field.properties {
        let pattern = at(name);
        add(policy, below, &pattern);
        add_members(policy, below, &pattern);
    }
    if let Some(items) = &field.items {
        if is_long_text(items) && !around.is_empty() {
            push(&mut policy.texts, around);
        }
        add_members(policy, items, around);
    }
}

fn add(policy: &mut Policy, field: &Field, pattern: &str) {
    let follows = field.read_only || field.merge.contains(&FieldMerge::Follow);
    if follows {
        push(&mut policy.server_kept, pattern);
    }
    if is_long_text(field) {
        push(&mut policy.texts, pattern);
    }
    add_array_mode(policy, field, pattern);
    let mut rules = field.merge.iter().filter_map(|merge| match merge {
        FieldMerge::Rule(rule) => Some(*rule),
        _ => None,
    });
    if let Some(rule) = rules.next()
        && !policy.rules.contains_key(pattern)
    {
        policy.rules.insert(pattern.to_owned(), rule);
        policy.origins.insert(pattern.to_owned(), Origin::Schema);
    }
}

fn add_array_mode(policy: &mut Policy, field: &Field, pattern: &str) {
    if let Some(mode) = array_mode(field) {
        policy.arrays.entry(pattern.to_owned()).or_insert(mode);
    }
}

fn push(list: &mut Vec<String>, pattern: &str) {
    if !list.iter().any(|known| known.strip_prefix('/').unwrap_or(known) == pattern) {
        list.push(pattern.to_owned());
    }
}

fn is_long_text(field: &Field) -> bool {
    field.long_text && field.allows(JsonType::String)
}

fn array_mode(field: &Field) -> Option<ArrayMode> {
    let said = field.merge.iter().find_map(|merge| match merge {
        FieldMerge::Mode(mode) => Some(mode.clone()),
        _ => None,
    });
    if said.is_some() {
        return said;
    }
    if !field.identity.is_empty() {
        return Some(ArrayMode::Identity(field.identity.clone()));
    }
    let items = field.items.as_deref()?;
    let single = match items.only_type() {
        Some(r#type) => !matches!(r#type, JsonType::Array | JsonType::Object),
        None => !items.allowed.is_empty(),
    };
    (field.unique_items && single).then_some(ArrayMode::Set)
}

#[cfg(test)]
mod tests {
    use super::*;
    use record_merge::Rule;

    fn policy_of(schema: &str, policy: &Policy) -> Policy {
        CollectionSchema::read(schema.as_bytes()).merge_policy(policy)
    }

    const SCHEMA: &str = r##"{"type":"object","x-merge-null-is-missing":true,"x-merge-groups":[["preis","waehrung"],["one"]],
      "properties":{"preis":{"type":"number"},"waehrung":{"type":"string"},
        "tags":{"type":"array","x-merge":"set"},"command":{"x-merge":"atomic"},"steps":{"x-merge":["sequence","server"]},
        "lines":{"x-merge":{"identity":["a","b"]},"items":{"x-merge-groups":[["n","unit"]],"properties":{"n":{"x-merge":"sum"}}}},
        "stamp":{"x-merge":"follow"},"visits":{"x-merge":"sum"},"seen/at":{"x-merge":"higher"},"by":{"x-merge":"newest"},
        "own":{"x-merge":"mine"},"all":{"x-merge":"union"},"odd":{"x-merge":"bag"},"odder":{"x-merge":{"identity":[]}},
        "notes":{"type":"string","x-long-text":true},"page":{"type":"string","contentMediaType":"text/markdown"},
        "picture":{"type":"string","contentMediaType":"image/png"},"parts":{"items":{"type":"string","x-long-text":true}}}}"##;

    #[test]
    fn what_a_schema_says_about_merging() {
        let found = policy_of(SCHEMA, &Policy::default());
        let expected = r#"{"arrays":{"tags":"set","command":"atomic","steps":"sequence","lines":{"identity":["a","b"]}},
          "rules":{"steps":"server","lines/n":"sum","visits":"sum","seen~1at":"higher","by":"newest","own":"mine","all":"union"},
          "origins":{"steps":"schema","lines/n":"schema","visits":"schema","seen~1at":"schema","by":"schema","own":"schema","all":"schema"},
          "groups":[["preis","waehrung"],["lines/n","lines/unit"]],"texts":["notes","page","parts"],
          "server_kept":["stamp"],"null_is_missing":true}"#;
        assert_eq!(found, record_merge::read_policy(expected.as_bytes()).unwrap());
    }

    #[test]
    fn what_the_source_says_comes_first() {
        let own = r#"{"arrays":{"tags":"sequence"},"rules":{"visits":"server"},"origins":{"visits":"profile"},
          "groups":[["waehrung","land"]],"server_kept":["/stamp"]}"#;
        let found = policy_of(SCHEMA, &record_merge::read_policy(own.as_bytes()).unwrap());
        assert_eq!(found.arrays["tags"], ArrayMode::Sequence);
        assert_eq!((found.rules["visits"], found.origins["visits"]), (Rule::Server, Origin::Profile));
        assert_eq!(found.groups[0], ["waehrung", "land"]);
        assert!(found.groups.len() == 2 && found.server_kept == ["/stamp"], "{found:?}");
    }

    #[test]
    fn the_parts_of_all_of_count_together() {
        let schema = r##"{"title":"Case","allOf":[{"$ref":"#/$defs/base"},
            {"required":["b"],"properties":{"a":{"maxLength":5,"pattern":"^x"},"b":{"allOf":[{"$ref":"#/$defs/kept"}],"title":"Bee"}}}],
          "properties":{"c":{"allOf":[{"$ref":"#/$defs/kept"}],"nullable":true}},"required":["c"],
          "$defs":{"base":{"title":"Base","required":["a"],"allOf":[{"properties":{"who":{"x-author":true,"type":"string"}}}],
              "properties":{"a":{"type":["string","null"],"minLength":2,"maxLength":9,"pattern":"y$","title":"Ay"}}},
            "kept":{"type":"integer","readOnly":true,"minimum":3}}}"##;
        let read = CollectionSchema::read(schema.as_bytes());
        let names: Vec<&str> = read.root.properties.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["c", "a", "who", "b"]);
        assert_eq!(read.root.required.iter().collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!(read.collection_title("x"), "Case");
        let a = read.root.property("a").unwrap();
        assert_eq!((a.length, a.title.as_deref()), ((Some(2), Some(5)), Some("Ay")));
        assert_eq!(a.patterns.iter().map(|p| p.source.as_str()).collect::<Vec<_>>(), ["y$", "^x"]);
        let b = read.root.property("b").unwrap();
        assert_eq!(
            (b.read_only, b.title.as_deref(), b.only_type()),
            (true, Some("Bee"), Some(JsonType::Integer))
        );
        let c = read.root.property("c").unwrap();
        assert!(c.allows(JsonType::Null) && c.read_only && c.range.0.as_ref().unwrap().text == "3");
        assert_eq!(read.merge_policy(&Policy::default()).server_kept, ["c", "b"]);
        assert_eq!(read.author.unwrap().to_pointer(), "/who");
    }

    #[test]
    fn all_of_that_holds_itself_ends() {
        for schema in [
            r##"{"properties":{"a":{"allOf":[{"$ref":"#"},{"$ref":"#/properties/a"}],"type":"object"}}}"##,
            r##"{"allOf":[{"$ref":"#"},{"allOf":[{"$ref":"#"},{"$ref":"#"}]}],"properties":{"a":{"type":"object"}}}"##,
            r##"{"$ref":"#","properties":{"a":{"type":"object"}}}"##,
        ] {
            let read = CollectionSchema::read(schema.as_bytes());
            assert_eq!(read.root.property("a").unwrap().only_type(), Some(JsonType::Object), "{schema}");
        }
    }
}
