//! Three versions of one record, and what the laws ask of their merge.

use crate::common::number;
use crate::draw::Draw;
use crate::json::{changed, record, related, scripts};
use record_merge::json::{Document, Kind, NodeId};
use record_merge::{
    ArrayMode, Choice, Decision, Format, Inputs, Merge, Path, Policy, Side, Token, equal, merge,
};

/// One record perturbed into three.
#[derive(Clone, Debug)]
pub struct Three {
    pub format: Format,
    pub base: String,
    pub mine: String,
    pub theirs: String,
    pub policy: Policy,
}

/// Any JSON record, changed on both sides, often at the same places.
pub fn three(d: &mut Draw) -> Three {
    let policy = policy(d);
    let styles = [d.byte(), d.byte(), d.byte()];
    let tree = record(d);
    let here = scripts(d);
    let there = related(d, &here);
    let mine = changed(tree.clone(), &here);
    let theirs = changed(tree.clone(), &there);
    Three {
        format: Format::Json,
        base: tree.source(styles[0]),
        mine: mine.source(styles[1]),
        theirs: theirs.source(styles[2]),
        policy,
    }
}

/// Modes for lists, and now and then more. Without rules that prefer a side.
fn policy(d: &mut Draw) -> Policy {
    let mut policy = Policy {
        arrays: [("**/tags".to_owned(), ArrayMode::Set), ("**/pos".to_owned(), ArrayMode::Atomic)].into(),
        ..Policy::default()
    };
    policy.words = d.chance(64);
    policy.null_is_missing = d.chance(16);
    if d.chance(32) {
        policy.texts.push("**/a".to_owned());
    }
    if d.chance(32) {
        policy.groups.push(vec!["a".to_owned(), "b".to_owned()]);
    }
    policy
}

impl Three {
    pub fn merge(&self) -> Merge {
        self.of(Some(&self.base), Some(&self.mine), Some(&self.theirs))
    }

    /// Other versions under the same policy.
    pub fn of(&self, base: Option<&str>, mine: Option<&str>, theirs: Option<&str>) -> Merge {
        let [base, mine, theirs] = [base, mine, theirs].map(|text| text.map(str::as_bytes));
        merge(self.format, Inputs::new(base, mine, theirs), &self.policy).unwrap()
    }

    pub fn same(&self, a: &str, b: &str) -> bool {
        equal(self.format, a.as_bytes(), b.as_bytes(), &self.policy)
    }

    /// Values that the policy takes for the same: with "null means missing", inside of them, too.
    pub fn like(&self, a: Option<&str>, b: Option<&str>) -> bool {
        if !self.policy.null_is_missing {
            return same_value(a, b);
        }
        let policy = Policy { null_is_missing: true, ..Policy::default() };
        let [a, b] = [a, b].map(|value| value.unwrap_or("null").as_bytes());
        a == b || equal(Format::Json, a, b, &policy)
    }

    /// For words about a broken law.
    pub fn shown(&self) -> String {
        format!(
            "base   {}\nmine   {}\ntheirs {}\npolicy {:?}",
            self.base, self.mine, self.theirs, self.policy
        )
    }
}

/// What came of a merge; `(deleted)` for no record.
pub fn words(merged: record_merge::Merged) -> String {
    crate::common::text(merged).unwrap_or_else(|| "(deleted)".to_owned())
}

/// The law is broken unless this holds.
#[macro_export]
macro_rules! hold {
    ($three:expr, $truth:expr, $($words:tt)+) => {
        if !$truth {
            return Err(format!("{}\n{}", format!($($words)+), $three.shown()));
        }
    };
}

/// A document parsed once, to ask for many places.
pub fn parsed(source: &str) -> Document {
    Document::parse(source.as_bytes()).unwrap()
}

/// The value at a path; `None` = not there.
pub fn at<'d>(document: &'d Document, path: &Path) -> Option<&'d str> {
    document.at(path).map(|id| document.text(id))
}

pub fn same_value(a: Option<&str>, b: Option<&str>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) if a == b => true,
        (Some(a), Some(b)) => equal(Format::Json, a.as_bytes(), b.as_bytes(), &Policy::default()),
        (a, b) => a.is_none() && b.is_none(),
    }
}

/// Leaves by path; empty objects, arrays and objects with repeated names are leaves. A list in which every element has
/// its own `id` is taken apart by it.
pub fn leaves(source: &str) -> Vec<(Path, String)> {
    fn go(document: &Document, id: NodeId, path: Path, out: &mut Vec<(Path, String)>) {
        if document.kind(id) == Kind::Array {
            let ids: Vec<_> =
                document.children(id).filter_map(|child| document.member(child, "id")).collect();
            let plain: std::collections::BTreeSet<String> = ids
                .iter()
                .map(|id| match document.kind(*id) {
                    Kind::Number => number(document.text(*id)),
                    _ => document.text(*id).to_owned(),
                })
                .collect();
            if !ids.is_empty() && plain.len() == document.children(id).count() {
                for (child, key) in document.children(id).zip(ids) {
                    let token = Token::Identity([("id".to_owned(), document.text(key).to_owned())].into());
                    go(document, child, path.child(token), out);
                }
                return;
            }
        }
        let opens = document.kind(id) == Kind::Object && !document.is_atomic(id);
        if !opens || document.members(id).next().is_none() {
            out.push((path, document.text(id).to_owned()));
            return;
        }
        for (name, child) in document.members(id) {
            go(document, child, path.child(Token::Member(name.into_owned())), out);
        }
    }
    let document = parsed(source);
    let mut out = Vec::new();
    go(&document, document.root(), Path::root(), &mut out);
    out
}

/// An object without members: it stays one when others put members in, or when all were removed.
pub fn empty(value: &str) -> bool {
    value.starts_with('{') && value.trim_matches(['{', '}', ' ', '\n', '\t']).is_empty()
}

/// A path with its numbers in one spelling: keys that only the sides have are spelled as the carrier does.
pub fn respelled(path: &Path) -> String {
    let token = |token: &Token| match token {
        Token::Identity(keys) => {
            let plain = |value: &String| match value.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
                true => number(value),
                false => value.clone(),
            };
            Token::Identity(keys.iter().map(|(name, value)| (name.clone(), plain(value))).collect())
        }
        other => other.clone(),
    };
    Path(path.0.iter().map(token).collect()).to_pointer()
}

pub fn decision(
    merge: &Merge,
    path: &Path,
    part: Option<u32>,
    choice: Choice,
    value: Option<&str>,
) -> Decision {
    let row = merge.row(path, part);
    Decision {
        path: path.clone(),
        part,
        choice,
        value: value.map(str::to_owned),
        validator: None,
        theirs_then: row.map_or_else(|| merge.value(Side::Theirs, path), |row| row.theirs.clone()),
        mine_then: row.map_or_else(|| merge.value(Side::Mine, path), |row| row.mine.clone()),
    }
}

/// Every open row decided by the draws.
pub fn decisions(merge: &Merge, d: &mut Draw) -> Vec<Decision> {
    merge
        .open()
        .map(|row| match d.below(4) {
            0 => decision(merge, &row.path, row.part, Choice::Theirs, None),
            1 if row.with.is_empty() => decision(merge, &row.path, row.part, Choice::Edit, Some("\"typed\"")),
            _ => decision(merge, &row.path, row.part, Choice::Mine, None),
        })
        .collect()
}
