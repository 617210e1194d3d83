//! Equality (merge.md 2.2) as numbers: equal values of the documents compared get the same class.
//!
//! Classes are given bottom-up, so comparing at every level of a deep document costs no more than reading it once.

use super::{Document, Kind, NodeId, number, string};
use crate::lookup::Lookup;
use crate::model::{Path, Policy, Token};
use crate::pattern::{Patterns, Spot, segments};

/// What is not there.
pub(crate) const MISSING: u32 = 0;

#[derive(PartialEq, Eq, Hash)]
enum Key {
    Scalar(Kind, Vec<u8>),
    Array(Vec<u32>),
    /// Name and value classes, sorted: members in any order are equal.
    Object(Vec<(u32, u32)>),
    /// Repeated names: only the same members in the same order are equal.
    Ordered(Vec<(u32, u32)>),
}

/// Hands out classes; one for all documents that are compared with each other.
#[derive(Default)]
pub(crate) struct Classes {
    known: Lookup<Key, u32>,
}

impl Classes {
    fn class(&mut self, key: Key) -> u32 {
        let next = u32::try_from(self.known.len() + 1).unwrap_or(u32::MAX);
        *self.known.entry(key).or_insert(next)
    }

    /// The class of each value of `document`, which stands at `place` in its record.
    pub(crate) fn of(&mut self, document: &Document, place: &Path, policy: &Policy) -> Graded {
        let kept = server_kept(document, place, policy);
        let mut classes = vec![MISSING; document.len()];
        for id in document.ids().rev() {
            let key = match document.kind(id) {
                Kind::Array => Key::Array(document.children(id).map(|child| get(&classes, child)).collect()),
                Kind::Object => self.object(document, id, &classes, &kept, policy),
                Kind::Number => Key::Scalar(Kind::Number, number::canonical(document.text(id)).into_bytes()),
                Kind::String => {
                    Key::Scalar(Kind::String, string::code_points(document.text(id)).into_owned())
                }
                kind => Key::Scalar(kind, document.text(id).as_bytes().to_vec()),
            };
            let class = self.class(key);
            if let Some(slot) = classes.get_mut(id.number()) {
                *slot = class;
            }
        }
        if policy.null_is_missing {
            forget_nulls(document, &mut classes);
        }
        Graded { classes, kept }
    }

    fn object(
        &mut self,
        document: &Document,
        id: NodeId,
        classes: &[u32],
        kept: &Kept,
        policy: &Policy,
    ) -> Key {
        let mut members = Vec::new();
        for child in document.children(id) {
            let leave_out =
                kept.contains(child) || (policy.null_is_missing && document.kind(child) == Kind::Null);
            if !leave_out {
                let name = string::code_points(document.name_text(child)).into_owned();
                members.push((self.class(Key::Scalar(Kind::String, name)), get(classes, child)));
            }
        }
        if document.is_atomic(id) {
            return Key::Ordered(members);
        }
        members.sort_unstable();
        Key::Object(members)
    }
}

/// Under "null means missing" a null member is of the same class as no member.
fn forget_nulls(document: &Document, classes: &mut [u32]) {
    for id in
        document.ids().filter(|id| document.kind(*id) == Kind::Null && !document.name_text(*id).is_empty())
    {
        if let Some(slot) = classes.get_mut(id.number()) {
            *slot = MISSING;
        }
    }
}

fn get(classes: &[u32], id: NodeId) -> u32 {
    classes.get(id.number()).copied().unwrap_or(MISSING)
}

/// The classes of one document.
#[derive(Clone, Debug, Default)]
pub(crate) struct Graded {
    classes: Vec<u32>,
    kept: Kept,
}

impl Graded {
    pub(crate) fn class(&self, id: Option<NodeId>) -> u32 {
        id.map_or(MISSING, |id| get(&self.classes, id))
    }

    /// The server keeps this member by itself.
    pub(crate) fn is_kept(&self, id: NodeId) -> bool {
        self.kept.contains(id)
    }
}

/// Members the policy leaves to the server.
#[derive(Clone, Debug, Default)]
struct Kept(Vec<bool>);

impl Kept {
    fn contains(&self, id: NodeId) -> bool {
        self.0.get(id.number()).copied().unwrap_or(false)
    }
}

fn server_kept(document: &Document, place: &Path, policy: &Policy) -> Kept {
    if policy.server_kept.is_empty() {
        return Kept::default();
    }
    let patterns = Patterns::of(policy.server_kept.iter().map(|text| segments(text)));
    let names = place.0.iter().filter_map(|token| match token {
        Token::Member(name) => Some(name.as_str()),
        _ => None,
    });
    let outer = patterns.at(names);
    let mut kept = vec![false; document.len()];
    // The members around the value looked at, each with the number of the first value after it.
    let mut around: Vec<(Spot, usize)> = Vec::new();
    for id in document.ids() {
        while around.last().is_some_and(|(_, past)| *past <= id.number()) {
            around.pop();
        }
        let Some(name) = document.name(id) else { continue };
        let spot = patterns.enter(around.last().map_or(&outer, |(spot, _)| spot), &name);
        if let Some(slot) = kept.get_mut(id.number()) {
            *slot = spot.matches().next().is_some();
        }
        if document.kind(id).is_container() {
            around.push((spot, document.past(id)));
        }
    }
    Kept(kept)
}

/// Two JSON values are equal; values that cannot be read are equal only byte for byte. Single values are compared as they
/// stand: a list is searched for a key with this, so it must cost next to nothing.
pub(crate) fn same_lexeme(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let is_string = |text: &str| text.len() > 1 && text.starts_with('"') && text.ends_with('"');
    let is_number = |text: &str| {
        let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
        let bytes = text.strip_prefix('-').unwrap_or(text).as_bytes();
        digit(bytes.first())
            && digit(bytes.last())
            && bytes.iter().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(byte))
    };
    let is_whole = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match (is_string(a), is_string(b)) {
        (true, true) => string::code_points(a) == string::code_points(b),
        (true, false) | (false, true) => same_alone(a, b),
        // Whole numbers have one spelling.
        _ if is_whole(a) && is_whole(b) => false,
        _ if is_number(a) && is_number(b) => number::canonical(a) == number::canonical(b),
        _ => same_alone(a, b),
    }
}

fn same_alone(a: &str, b: &str) -> bool {
    same_value(Some(a), Some(b), &Path::root(), &Policy::default())
}

/// Two values at one place are equal under a policy; `None` = not there.
pub(crate) fn same_value(a: Option<&str>, b: Option<&str>, place: &Path, policy: &Policy) -> bool {
    let (Some(a), Some(b)) = (a, b) else {
        let null = |value: Option<&str>| value.is_none_or(|text| text.trim() == "null");
        return a == b || (policy.null_is_missing && !place.is_root() && null(a) && null(b));
    };
    if a == b {
        return true;
    }
    let (Ok(a), Ok(b)) = (Document::parse(a.as_bytes()), Document::parse(b.as_bytes())) else { return false };
    same_document(&a, &b, place, policy)
}

/// Two documents at one place are equal under a policy.
pub(crate) fn same_document(a: &Document, b: &Document, place: &Path, policy: &Policy) -> bool {
    let mut classes = Classes::default();
    let first = classes.of(a, place, policy);
    let second = classes.of(b, place, policy);
    first.class(Some(a.root())) == second.class(Some(b.root()))
}

#[cfg(test)]
mod tests {
    use super::{same_alone, same_lexeme};

    #[test]
    fn single_values_compare_as_documents_do() {
        let all = [
            "1",
            "1.0",
            "10e-1",
            "-1",
            "0",
            "-0",
            "12",
            "\"1\"",
            "\"a\"",
            "\"\\u0061\"",
            " \"a\" ",
            "\"\"",
            "\"",
            "",
            "null",
            "true",
            "[1]",
            "[1.0]",
            "{\"a\":1}",
            "1x",
            "--",
            " 1",
        ];
        for (a, b) in all.iter().flat_map(|a| all.iter().map(move |b| (*a, *b))) {
            let nonsense = ["--", "1x", "\"", ""].iter().any(|bad| *bad == a || *bad == b);
            assert!(same_lexeme(a, b) == same_alone(a, b) || (nonsense && a != b), "{a} {b}");
            assert!(!nonsense || a == b || !same_lexeme(a, b), "{a} {b}");
        }
    }
}
