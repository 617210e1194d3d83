//! Patches as single edits of `record-merge`, one after the other.

use record_merge::json::{Document, Kind, NodeId};
use record_merge::{Format, Operation, Path, Policy, Token, apply, equal};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::members::members;

/// What came of a patch.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Patched {
    /// The new bytes.
    Done(Vec<u8>),
    /// The patch is not one.
    Malformed(String),
    /// A `test` of the patch does not hold.
    TestFailed {
        /// Where.
        pointer: String,
        /// Why.
        words: String,
    },
    /// The record has no such places, or cannot be taken apart.
    Impossible {
        /// Where.
        pointer: String,
        /// Why.
        words: String,
    },
}

/// JSON Merge Patch (RFC 7396).
pub(crate) fn merge_patch(body: &[u8], patch: &[u8]) -> Patched {
    let text = match std::str::from_utf8(patch) {
        Ok(text) => text.trim(),
        Err(_) => return Patched::Malformed("The patch is not UTF-8.".to_owned()),
    };
    let mut operations = Vec::new();
    let tree = match Document::parse(body) {
        Ok(tree) => tree,
        Err(error) => return impossible("", &error),
    };
    merge_into(&tree, Some(tree.root()), &Path::root(), text, &mut operations);
    match apply(body, &operations) {
        Ok(bytes) => Patched::Done(bytes),
        Err(error) => impossible("", &error),
    }
}

/// Collects the edits that bring a patch into the node at `path`.
fn merge_into(tree: &Document, node: Option<NodeId>, path: &Path, patch: &str, out: &mut Vec<Operation>) {
    let target = node.filter(|node| tree.kind(*node) == Kind::Object);
    let (Some(target), Some(list)) = (target, members(patch.as_bytes())) else {
        // No object on one of the sides: the patch is the new value, without its nulls.
        out.push(Operation::Set { path: path.clone(), value: without_nulls(patch) });
        return;
    };
    for (position, (name, value)) in list.iter().enumerate() {
        if list.iter().skip(position + 1).any(|(later, _)| later == name) {
            continue; // of members that come twice the last counts
        }
        let here = below(path, name);
        let existing = tree.member(target, name);
        match value.get() {
            "null" if existing.is_some() => out.push(Operation::Unset { path: here }),
            "null" => {}
            text => merge_into(tree, existing, &here, text, out),
        }
    }
}

/// A patch as the value it makes where nothing was: members that are `null` are left out, arrays stay as they are.
fn without_nulls(patch: &str) -> String {
    let Some(list) = members(patch.as_bytes()) else { return patch.to_owned() };
    if !patch.contains("null") {
        return patch.to_owned();
    }
    let parts: Vec<String> = list
        .iter()
        .filter(|(_, value)| value.get() != "null")
        .map(|(name, value)| format!("{}: {}", crate::message::json_string(name), without_nulls(value.get())))
        .collect();
    if parts.is_empty() { "{}".to_owned() } else { format!("{{{}}}", parts.join(", ")) }
}

#[derive(Deserialize)]
struct Step<'a> {
    op: String,
    path: String,
    #[serde(default)]
    from: Option<String>,
    #[serde(borrow, default)]
    value: Option<&'a RawValue>,
}

/// JSON Patch (RFC 6902): all operations or none.
pub(crate) fn json_patch(body: &[u8], patch: &[u8]) -> Patched {
    let steps: Vec<Step<'_>> = match serde_json::from_slice(patch) {
        Ok(steps) => steps,
        Err(error) => {
            return Patched::Malformed(format!(
                "The patch must be a list of operations with op and path: {error}."
            ));
        }
    };
    let mut bytes = body.to_vec();
    for step in &steps {
        bytes = match one(&bytes, step) {
            Ok(bytes) => bytes,
            Err(other) => return other,
        };
    }
    Patched::Done(bytes)
}

fn one(body: &[u8], step: &Step<'_>) -> Result<Vec<u8>, Patched> {
    let tree = Document::parse(body).map_err(|error| impossible(&step.path, &error))?;
    let path = pointer(&step.path)?;
    let value = || {
        step.value.map(|raw| raw.get().to_owned()).ok_or_else(|| {
            Patched::Malformed(format!("The operation {:?} at {:?} needs a value.", step.op, step.path))
        })
    };
    let from = || {
        let text = step.from.as_deref();
        let text =
            text.ok_or_else(|| Patched::Malformed(format!("The operation {:?} needs from.", step.op)))?;
        let from = pointer(text)?;
        let node = tree.at(&from).ok_or_else(|| nothing_at(text))?;
        Ok::<_, Patched>((from, tree.text(node).to_owned()))
    };
    match step.op.as_str() {
        "test" => {
            let node = tree.at(&path).ok_or_else(|| failed(step, "there is nothing here"))?;
            let (have, want) = (tree.text(node), value()?);
            if equal(Format::Json, have.as_bytes(), want.as_bytes(), &Policy::default()) {
                Ok(body.to_vec())
            } else {
                Err(failed(step, "the value is another one"))
            }
        }
        "add" => add(body, &tree, &path, &value()?),
        "replace" => {
            tree.at(&path).ok_or_else(|| nothing_at(&step.path))?;
            edit(body, Operation::Set { path, value: value()? })
        }
        "remove" => edit(body, Operation::Unset { path }),
        "copy" => {
            let (_, text) = from()?;
            add(body, &tree, &path, &text)
        }
        "move" => {
            let (from, text) = from()?;
            if path.same(&from) {
                return Ok(body.to_vec());
            }
            if path.starts_with(&from) {
                return Err(impossible(&step.path, &"a value cannot be moved into itself"));
            }
            let without = edit(body, Operation::Unset { path: from })?;
            let tree = Document::parse(&without).map_err(|error| impossible(&step.path, &error))?;
            add(&without, &tree, &path, &text)
        }
        other => Err(Patched::Malformed(format!("There is no operation {other:?}."))),
    }
}

/// `add`: sets a member, or inserts an element before the one at that position.
fn add(body: &[u8], tree: &Document, path: &Path, value: &str) -> Result<Vec<u8>, Patched> {
    let set = |path: Path, value: &str| edit(body, Operation::Set { path, value: value.to_owned() });
    let Some((last, parents)) = path.0.split_last() else { return set(path.clone(), value) };
    let parent = Path(parents.to_vec());
    let array = tree.at(&parent).filter(|node| tree.kind(*node) == Kind::Array);
    let (Some(array), Token::Member(step)) = (array, last) else { return set(path.clone(), value) };
    let length = tree.children(array).count();
    if step == "-" || *step == length.to_string() {
        let mut end = parent;
        end.0.push(Token::Index(length));
        return set(end, value);
    }
    let Some(element) = tree.step(array, last) else { return set(path.clone(), value) };
    // The element's text is a slice of the array's text; the new one goes in front of it, spaced like it.
    let (all, text) = (tree.text(array), tree.text(element));
    let at = (text.as_ptr() as usize).saturating_sub(all.as_ptr() as usize);
    let (Some(before), Some(after)) = (all.get(..at), all.get(at..)) else {
        return Err(impossible(&path.to_pointer(), &"the list cannot be taken apart"));
    };
    let space = before.get(before.trim_end().len()..).unwrap_or_default();
    set(parent, &format!("{before}{value},{space}{after}"))
}

fn edit(body: &[u8], operation: Operation) -> Result<Vec<u8>, Patched> {
    let pointer = match &operation {
        Operation::Set { path, .. } | Operation::Unset { path } => path.to_pointer(),
    };
    apply(body, &[operation]).map_err(|error| impossible(&pointer, &error))
}

fn pointer(text: &str) -> Result<Path, Patched> {
    Path::from_pointer(text).map_err(|error| Patched::Malformed(format!("{error}.")))
}

fn below(path: &Path, name: &str) -> Path {
    let mut path = path.clone();
    path.0.push(Token::Member(name.to_owned()));
    path
}

fn impossible(pointer: &str, why: &dyn std::fmt::Display) -> Patched {
    Patched::Impossible { pointer: pointer.to_owned(), words: why.to_string() }
}

fn nothing_at(pointer: &str) -> Patched {
    impossible(pointer, &"there is nothing here")
}

fn failed(step: &Step<'_>, why: &str) -> Patched {
    Patched::TestFailed { pointer: step.path.clone(), words: why.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done(patched: Patched) -> String {
        match patched {
            Patched::Done(bytes) => String::from_utf8(bytes).unwrap(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn merge_patches() {
        for (body, patch, wanted) in [
            (
                r#"{"a": 1.0, "big": 12345678901234567890}"#,
                r#"{"a":2.50}"#,
                r#"{"a": 2.50, "big": 12345678901234567890}"#,
            ),
            (r#"{"a":1,"b":2}"#, r#"{"a":null}"#, r#"{"b":2}"#),
            (r#"{"a":1}"#, r#"{"zz":null}"#, r#"{"a":1}"#),
            (
                r#"{"a":{"b":1, "c": 1e400}}"#,
                r#"{"a":{"b":[1,null]}}"#,
                r#"{"a":{"b":[1,null], "c": 1e400}}"#,
            ),
            (r#"{"a":"x"}"#, r#"{"a":{"b":null,"c":1}}"#, r#"{"a":{"c": 1}}"#),
            (r#"{"a":1}"#, "[1]", "[1]"),
            ("[1]", r#"{"a":1}"#, r#"{"a":1}"#),
        ] {
            assert_eq!(done(merge_patch(body.as_bytes(), patch.as_bytes())), wanted, "{body} {patch}");
        }
        let twice = merge_patch(br#"{"a":1,"a":2}"#, br#"{"b":1}"#);
        assert!(matches!(twice, Patched::Impossible { .. }), "{twice:?}");
    }

    #[test]
    fn json_patches() {
        let body = r#"{"a": [1.0, 2], "b": {"c": "x"}, "n": 20.00}"#;
        for (patch, wanted) in [
            (
                r#"[{"op":"replace","path":"/n","value":30.00}]"#,
                r#"{"a": [1.0, 2], "b": {"c": "x"}, "n": 30.00}"#,
            ),
            (
                r#"[{"op":"add","path":"/a/1","value":7}]"#,
                r#"{"a": [1.0, 7, 2], "b": {"c": "x"}, "n": 20.00}"#,
            ),
            (
                r#"[{"op":"add","path":"/a/0","value":7}]"#,
                r#"{"a": [7,1.0, 2], "b": {"c": "x"}, "n": 20.00}"#,
            ),
            (
                r#"[{"op":"add","path":"/a/-","value":7}]"#,
                r#"{"a": [1.0, 2, 7], "b": {"c": "x"}, "n": 20.00}"#,
            ),
            (r#"[{"op":"remove","path":"/b/c"}]"#, r#"{"a": [1.0, 2], "b": {}, "n": 20.00}"#),
            (
                r#"[{"op":"move","from":"/n","path":"/b/n"}]"#,
                r#"{"a": [1.0, 2], "b": {"c": "x", "n": 20.00}}"#,
            ),
            (
                r#"[{"op":"copy","from":"/a/0","path":"/b/c"}]"#,
                r#"{"a": [1.0, 2], "b": {"c": 1.0}, "n": 20.00}"#,
            ),
            (r#"[{"op":"test","path":"/n","value":2e1}]"#, body),
        ] {
            assert_eq!(done(json_patch(body.as_bytes(), patch.as_bytes())), wanted, "{patch}");
        }
        for (patch, wanted) in [
            (r#"[{"op":"test","path":"/n","value":21}]"#, "TestFailed"),
            (r#"[{"op":"test","path":"/x","value":21}]"#, "TestFailed"),
            (r#"[{"op":"replace","path":"/x","value":21}]"#, "Impossible"),
            (r#"[{"op":"remove","path":"/x"}]"#, "Impossible"),
            (r#"[{"op":"add","path":"/a/9","value":1}]"#, "Impossible"),
            (r#"[{"op":"add","path":"/x/y","value":1}]"#, "Impossible"),
            (r#"[{"op":"move","from":"/b","path":"/b/d"}]"#, "Impossible"),
            (r#"[{"op":"add","path":"x","value":1}]"#, "Malformed"),
            (r#"[{"op":"add","path":"/x"}]"#, "Malformed"),
            (r#"[{"op":"turn","path":"/x"}]"#, "Malformed"),
            (r#"{"a":1}"#, "Malformed"),
        ] {
            assert!(done(json_patch(body.as_bytes(), patch.as_bytes())).starts_with(wanted), "{patch}");
        }
        let half = r#"[{"op":"remove","path":"/n"},{"op":"test","path":"/n","value":1}]"#;
        assert!(matches!(json_patch(body.as_bytes(), half.as_bytes()), Patched::TestFailed { .. }));
    }
}
