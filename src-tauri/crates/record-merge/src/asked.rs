//! What is wrong with a question or a policy that cannot be read, in words of our own.

use crate::json::{Document, Kind, NodeId};
use crate::model::Policy;

/// Reads the JSON object that `merge --policy` and `merge --batch` take.
///
/// # Errors
/// Words saying what in it is wrong, and what it may be.
pub fn policy(bytes: &[u8]) -> Result<Policy, String> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let words = || match Document::parse(bytes) {
        Err(error) => format!("it is not JSON: {error}"),
        Ok(document) => wrong_policy(&document, document.root())
            .unwrap_or_else(|| "a text in it has half a character in it".to_owned()),
    };
    // a list would be taken for the members in their order
    if !bytes.trim_ascii_start().starts_with(b"{") {
        return Err(words());
    }
    let policy = serde_json::from_slice(bytes).map_err(|_| words())?;
    crate::pattern::check(&policy).map_err(|error| error.to_string())?;
    Ok(policy)
}

/// Why a line is no question.
pub(crate) fn wrong_question(line: &str) -> String {
    let document = match Document::parse(line.as_bytes()) {
        Ok(document) => document,
        Err(error) => return format!("this line is not a question to merge: it is not JSON: {error}"),
    };
    let root = document.root();
    let words = if document.kind(root) != Kind::Object {
        "it must be an object with \"format\", \"base\", \"mine\" and \"theirs\"".to_owned()
    } else if document.is_atomic(root) {
        "a name is there twice".to_owned()
    } else {
        wrong_member(&document, root)
    };
    format!("this line is not a question to merge: {words}")
}

fn wrong_member(document: &Document, root: NodeId) -> String {
    match document.member(root, "format").map(|id| document.kind(id)) {
        Some(Kind::String) => {}
        None => return "it names no \"format\". Use json, text, vcard or icalendar".to_owned(),
        Some(_) => return "\"format\" must be json, text, vcard or icalendar".to_owned(),
    }
    for name in ["base", "mine", "theirs"] {
        let Some(id) = document.member(root, name) else { continue };
        match document.kind(id) {
            Kind::Null => {}
            Kind::String if document.string(id).is_some() => {}
            Kind::String => {
                return format!("{name:?} has half a character in it (a surrogate without the other half)");
            }
            _ => {
                return format!(
                    "{name:?} must be the source text as a string; leave it out if there is no such version"
                );
            }
        }
    }
    let policy = document.member(root, "policy");
    policy
        .and_then(|id| wrong_policy(document, id))
        .unwrap_or_else(|| "a text in it has half a character in it".to_owned())
}

const MODES: &str = "\"set\", \"sequence\", \"atomic\" or {\"identity\": KEY or [KEYS]}";
const RULES: &[&str] = &["mine", "server", "newest", "union", "sum", "higher"];
const ORIGINS: &[&str] = &["person", "profile", "schema"];
const NAMES: &[&str] =
    &["arrays", "rules", "origins", "groups", "texts", "server_kept", "null_is_missing", "words", "me"];

fn wrong_policy(document: &Document, id: NodeId) -> Option<String> {
    if document.kind(id) != Kind::Object {
        return Some("a policy must be an object".to_owned());
    }
    if document.is_atomic(id) {
        return Some("a name is there twice in the policy".to_owned());
    }
    document.members(id).find_map(|(name, value)| wrong_entry(document, &name, value))
}

fn wrong_entry(document: &Document, name: &str, value: NodeId) -> Option<String> {
    let kind = document.kind(value);
    let texts = |id: NodeId| {
        document.kind(id) == Kind::Array && document.children(id).all(|id| document.string(id).is_some())
    };
    let one_of = |all: &[&str]| -> Option<String> {
        let known = |id| document.string(id).is_some_and(|text| all.contains(&&*text));
        each(document, name, value, &known, &format!("one of {}", all.join(", ")))
    };
    let may_be = |fits: bool, words: &str| (!fits).then(|| format!("{name:?} in the policy must be {words}"));
    match name {
        "arrays" => each(document, name, value, &|id| is_mode(document, id), MODES),
        "rules" => one_of(RULES),
        "origins" => one_of(ORIGINS),
        "groups" => {
            let fits = kind == Kind::Array && document.children(value).all(texts);
            may_be(fits, "a list of lists of field names")
        }
        "texts" | "server_kept" | "me" => may_be(texts(value), "a list of texts"),
        "null_is_missing" | "words" => may_be(kind == Kind::Boolean, "true or false"),
        _ => Some(format!("a policy has no {name:?}; it may have {}", NAMES.join(", "))),
    }
}

/// Each pattern has a value that fits.
fn each(
    document: &Document,
    name: &str,
    value: NodeId,
    fits: &dyn Fn(NodeId) -> bool,
    words: &str,
) -> Option<String> {
    if document.kind(value) != Kind::Object {
        return Some(format!("{name:?} in the policy must be an object: path patterns, each with {words}"));
    }
    let (pattern, wrong) = document.members(value).find(|(_, id)| !fits(*id))?;
    let shown: String = document.text(wrong).chars().take(60).collect();
    Some(format!("{name:?} in the policy has {shown} for {pattern:?}; it may be {words}"))
}

fn is_mode(document: &Document, id: NodeId) -> bool {
    if let Some(text) = document.string(id) {
        return matches!(&*text, "set" | "sequence" | "atomic");
    }
    let keys = document.member(id, "identity").filter(|_| document.children(id).count() == 1);
    keys.is_some_and(|keys| match document.kind(keys) {
        Kind::String => document.string(keys).is_some(),
        Kind::Array => document.children(keys).all(|key| document.string(key).is_some()),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_said_in_our_words() {
        for (text, words) in [
            ("", "it is not JSON: line 1, column 1"),
            ("[]", "a policy must be an object"),
            (r#"{"arays":{}}"#, "a policy has no \"arays\"; it may have arrays, rules"),
            (r#"{"words":1}"#, "\"words\" in the policy must be true or false"),
            (r#"{"arrays":[]}"#, "\"arrays\" in the policy must be an object"),
            (r#"{"arrays":{"tags":"setx"}}"#, "has \"setx\" for \"tags\"; it may be \"set\", \"sequence\""),
            (r#"{"arrays":{"tags":{"identity":1}}}"#, "{\"identity\":1}"),
            (r#"{"arrays":{"tags":{"id":"a"}}}"#, "{\"identity\": KEY"),
            (r#"{"rules":{"a":"ours"}}"#, "has \"ours\" for \"a\"; it may be one of mine, server"),
            (r#"{"groups":["a"]}"#, "a list of lists"),
            (r#"{"texts":"a"}"#, "a list of texts"),
            (r#"{"words":true,"words":true}"#, "there twice"),
            (r#"{"texts":["\ud800"]}"#, "a list of texts"),
        ] {
            let found = policy(text.as_bytes()).unwrap_err();
            assert!(found.contains(words), "{text}: {found}");
            assert!(!found.contains("variant") && !found.contains("expected one of"), "{found}");
        }
        assert!(policy("\u{feff}{\"words\":true}".as_bytes()).unwrap().words);
    }
}
