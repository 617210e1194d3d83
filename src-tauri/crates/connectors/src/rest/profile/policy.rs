//! `[merge]` of a profile: how the records of a service merge (merge.md 2.4, M18, M22, M38), with the keys of the JSON
//! object that `matchbookctl merge --policy` takes.

use super::check::{pointer, wrong};
use crate::ProfileError;
use record_merge::{ArrayMode, Origin, Policy, read_policy};
use toml::{Table, Value};

/// The keys there are. `origins` is no key of a profile: its rules are rules of the source.
const KEYS: [&str; 8] =
    ["arrays", "rules", "groups", "texts", "server_kept", "null_is_missing", "words", "me"];

/// Reads and checks the table. `server_kept` are the members that `[records]` names besides.
pub(super) fn policy(table: &Table, kept: &[String]) -> Result<Policy, ProfileError> {
    if let Some(unknown) = table.keys().find(|key| !KEYS.contains(&key.as_str())) {
        let words = format!("is no key of a profile. In [merge] there are: {}.", KEYS.join(", "));
        return Err(wrong(&format!("merge.{unknown}"), words));
    }
    // Each key by itself, so that the error names it.
    for (key, value) in table {
        read(&Table::from_iter([(key.clone(), value.clone())])).map_err(|words| {
            let own = words.strip_prefix(&format!("\"{key}\" in the policy ")).unwrap_or(&words).to_owned();
            wrong(&format!("merge.{key}"), format!("{own}."))
        })?;
    }
    let mut policy = read(table).map_err(|words| wrong("merge", format!("cannot be read: {words}.")))?;
    check(&policy)?;
    named("records.server_kept", kept)?;
    policy.server_kept.splice(0..0, kept.iter().cloned());
    policy.rules = policy.rules.into_iter().map(|(pattern, rule)| (plain(&pattern), rule)).collect();
    policy.arrays = policy.arrays.into_iter().map(|(pattern, mode)| (plain(&pattern), mode)).collect();
    policy.origins = policy.rules.keys().map(|pattern| (pattern.clone(), Origin::Profile)).collect();
    Ok(policy)
}

fn read(table: &Table) -> Result<Policy, String> {
    let json = serde_json::to_vec(&Value::Table(table.clone())).map_err(|error| error.to_string())?;
    read_policy(&json)
}

fn check(policy: &Policy) -> Result<(), ProfileError> {
    for (pattern, mode) in &policy.arrays {
        if matches!(mode, ArrayMode::Identity(keys) if keys.iter().all(String::is_empty)) {
            let words =
                format!("has no member under identity for \"{pattern}\". Name at least one, as \"id\".");
            return Err(wrong("merge.arrays", words));
        }
    }
    if policy.rules.contains_key("") {
        let words = "has a rule for the record as a whole. Name a member, as \"price\": whole records are decided by a person.";
        return Err(wrong("merge.rules", words));
    }
    for group in &policy.groups {
        let wildcard = |name: &String| matches!(name.rsplit('/').next(), Some("*" | "**" | ""));
        if group.len() < 2 || group.iter().any(wildcard) {
            let words = format!(
                "has [{}]. A group has two names or more, as [\"price\", \"currency\"], and none ends in a wildcard.",
                group.join(", ")
            );
            return Err(wrong("merge.groups", words));
        }
    }
    if let Some(text) = policy.me.iter().find(|text| !text.contains('@')) {
        return Err(wrong(
            "merge.me",
            format!("holds \"{text}\". Give mail addresses, as \"ada@example.org\"."),
        ));
    }
    named("merge.texts", &policy.texts)?;
    named("merge.server_kept", &policy.server_kept)
}

/// Names of members, or pointers.
fn named(key: &str, given: &[String]) -> Result<(), ProfileError> {
    for text in given {
        if text.starts_with('/') {
            pointer(key, text)?;
        } else if text.is_empty() {
            return Err(wrong(key, "holds an empty text. Name members, as /updated_at."));
        }
    }
    Ok(())
}

/// One spelling of a place: `/price` is `price`. The member without a name keeps its `/`.
fn plain(pattern: &str) -> String {
    pattern
        .strip_prefix('/')
        .filter(|rest| !rest.is_empty() && !rest.starts_with('/'))
        .unwrap_or(pattern)
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use record_merge::Rule;

    fn read_toml(text: &str) -> Result<Policy, ProfileError> {
        policy(&text.parse::<Table>().unwrap(), &["/updated_at".to_owned()])
    }

    #[test]
    fn the_keys_are_those_of_the_json_object() {
        let found = read_toml(
            r#"groups = [["price", "currency"], ["stay/from", "stay/to"]]
            texts = ["notes"]
            server_kept = ["**/etag"]
            null_is_missing = true
            words = true
            me = ["ada@example.org"]
            [arrays]
            "/tags" = "set"
            command = "atomic"
            steps = "sequence"
            lines = { identity = "id" }
            "a/parts" = { identity = ["kind", "no"] }
            [rules]
            "/visits" = "sum"
            "**/seen_at" = "higher"
            "#,
        )
        .unwrap();
        let json = r#"{"arrays":{"tags":"set","command":"atomic","steps":"sequence","lines":{"identity":"id"},
            "a/parts":{"identity":["kind","no"]}},"rules":{"visits":"sum","**/seen_at":"higher"},
            "origins":{"visits":"profile","**/seen_at":"profile"},"groups":[["price","currency"],["stay/from","stay/to"]],
            "texts":["notes"],"server_kept":["/updated_at","**/etag"],"null_is_missing":true,"words":true,"me":["ada@example.org"]}"#;
        assert_eq!(found, read_policy(json.as_bytes()).unwrap());
        assert_eq!(found.rules.get("visits"), Some(&Rule::Sum));
        assert_eq!(read_toml("").unwrap().server_kept, ["/updated_at"]);
    }

    #[test]
    fn what_is_wrong_is_named_with_what_is_allowed() {
        for (text, words) in [
            ("array = {}", "merge.array is no key of a profile. In [merge] there are: arrays, rules"),
            ("origins = {}", "merge.origins is no key"),
            ("arrays = \"set\"", "merge.arrays must be an object: path patterns"),
            (
                "arrays = { tags = \"bag\" }",
                "merge.arrays has \"bag\" for \"tags\"; it may be \"set\", \"sequence\", \"atomic\"",
            ),
            ("arrays = { tags = { identity = [] } }", "merge.arrays has no member under identity"),
            (
                "rules = { price = \"ours\" }",
                "merge.rules has \"ours\" for \"price\"; it may be one of mine, server",
            ),
            ("rules = { \"\" = \"mine\" }", "merge.rules has a rule for the record as a whole"),
            ("groups = [\"a\", \"b\"]", "merge.groups must be a list of lists"),
            ("groups = [[\"a\"]]", "merge.groups has [a]"),
            ("groups = [[\"a\", \"b/*\"]]", "merge.groups has [a, b/*]"),
            ("texts = [\"\"]", "merge.texts holds an empty text"),
            ("words = 1", "merge.words must be true or false"),
            ("me = [\"Ada\"]", "merge.me holds \"Ada\""),
            ("server_kept = [\"/a~2\"]", "merge.server_kept"),
            ("null_is_missing = 1979-05-27", "merge.null_is_missing must be true or false"),
        ] {
            let found = read_toml(text).unwrap_err().to_string();
            assert!(found.contains(words), "{text}: {found}");
        }
    }
}
