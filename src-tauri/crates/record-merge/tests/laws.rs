//! The laws of merge.md 2.7, on one record perturbed into three.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use proptest::prelude::*;
use record_merge::json::{Document, Kind};
use record_merge::{
    Choice, Decision, Format, Inputs, Merge, Merged, Path, Policy, RowKind, Side, Token, equal, merge,
    resolve,
};

/// A JSON value as a tree, only here: the crate itself never has one.
#[derive(Clone, Debug, PartialEq)]
enum Tree {
    Leaf(String),
    List(Vec<Tree>),
    Members(Vec<(String, Tree)>),
}

impl Tree {
    /// The text; `style` shifts spaces, member order stays.
    fn text(&self, style: u8, out: &mut String) {
        let gap = ["", " ", "\n  ", "\t"][usize::from(style % 4)];
        match self {
            Tree::Leaf(lexeme) => out.push_str(lexeme),
            Tree::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    out.push_str(gap);
                    item.text(style, out);
                }
                out.push(']');
            }
            Tree::Members(members) => {
                out.push('{');
                for (at, (name, value)) in members.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    out.push_str(gap);
                    out.push_str(&format!("\"{name}\":{gap}"));
                    value.text(style, out);
                }
                out.push_str(if gap.contains('\n') { "\n}" } else { "}" });
            }
        }
    }

    fn source(&self, style: u8) -> String {
        let mut out = String::new();
        self.text(style, &mut out);
        out
    }
}

const LEAVES: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "1",
    "1.0",
    "1e0",
    "-0",
    "2",
    "1e400",
    "12345678901234567890",
    "\"\"",
    "\"a\"",
    "\"\\u0061\"",
    "\"b\"",
    "\"\\ud800\"",
    "\"é\"",
    "{}",
    "[]",
    "{\"d\":1,\"d\":2}",
    "9007199254740993",
    "\"a\\nb\\nc\"",
    "\"a\\nB\\nc\"",
    "\"a\\nb\\nC\"",
    "\"A\\nb\\nc\\n\"",
];
const NAMES: &[&str] = &["a", "b", "c", "d", "\\u0061x", "é", "$x"];

fn leaf() -> impl Strategy<Value = Tree> {
    proptest::sample::select(LEAVES).prop_map(|text| Tree::Leaf(text.to_owned()))
}

fn members(values: impl Strategy<Value = Tree>) -> impl Strategy<Value = Tree> {
    proptest::collection::vec((proptest::sample::select(NAMES), values), 0..5).prop_map(|pairs| {
        let mut members: Vec<(String, Tree)> = Vec::new();
        for (name, value) in pairs {
            if members.iter().all(|(other, _)| other != name) {
                members.push((name.to_owned(), value));
            }
        }
        Tree::Members(members)
    })
}

fn tree() -> impl Strategy<Value = Tree> {
    leaf().prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            3 => members(inner.clone()),
            1 => proptest::collection::vec(inner.clone(), 0..4).prop_map(Tree::List),
            2 => proptest::collection::vec((0..6u8, members(inner)), 0..4).prop_map(identified),
        ]
    })
}

/// A list of objects with an `id` each, mostly its own.
fn identified(items: Vec<(u8, Tree)>) -> Tree {
    let item = |(id, tree): (u8, Tree)| {
        let mut members = vec![("id".to_owned(), Tree::Leaf(id.to_string()))];
        if let Tree::Members(more) = tree {
            members.extend(more);
        }
        Tree::Members(members)
    };
    let mut seen = std::collections::BTreeSet::new();
    Tree::List(items.into_iter().filter(|(id, _)| seen.insert(*id % 7)).map(item).collect())
}

/// One change to a record.
#[derive(Clone, Debug)]
enum Change {
    Set(Vec<u8>, Tree),
    Remove(Vec<u8>),
    Add(Vec<u8>, &'static str, Tree),
    Respell(Vec<u8>),
    Turn(Vec<u8>),
    /// An element with that id goes into a list, at the front or at the end.
    Insert(Vec<u8>, u8, bool),
}

fn change() -> impl Strategy<Value = Change> {
    let place = proptest::collection::vec(any::<u8>(), 0..4);
    prop_oneof![
        4 => (place.clone(), leaf()).prop_map(|(place, value)| Change::Set(place, value)),
        1 => (place.clone(), tree()).prop_map(|(place, value)| Change::Set(place, value)),
        2 => place.clone().prop_map(Change::Remove),
        3 => (place.clone(), proptest::sample::select(NAMES), tree()).prop_map(|(p, n, v)| Change::Add(p, n, v)),
        1 => place.clone().prop_map(Change::Respell),
        2 => (place.clone(), 0..9u8, any::<bool>()).prop_map(|(place, id, front)| Change::Insert(place, id, front)),
        1 => place.prop_map(Change::Turn),
    ]
}

/// The node that the numbers lead to, going down as far as they can.
fn find<'t>(tree: &'t mut Tree, place: &[u8]) -> &'t mut Tree {
    let Some((first, rest)) = place.split_first() else { return tree };
    let inner = match tree {
        Tree::Members(members) if !members.is_empty() => Some(usize::from(*first) % members.len()),
        Tree::List(items) if !items.is_empty() => Some(usize::from(*first) % items.len()),
        _ => None,
    };
    match (tree, inner) {
        (Tree::Members(members), Some(at)) => find(&mut members[at].1, rest),
        (Tree::List(items), Some(at)) => find(&mut items[at], rest),
        (tree, _) => tree,
    }
}

fn changed(mut tree: Tree, changes: &[Change]) -> Tree {
    for change in changes {
        match change {
            Change::Set(place, value) => *find(&mut tree, place) = value.clone(),
            Change::Remove(place) => match find(&mut tree, place) {
                Tree::Members(members) => drop(members.pop()),
                Tree::List(items) => drop(items.pop()),
                Tree::Leaf(_) => {}
            },
            Change::Add(place, name, value) => match find(&mut tree, place) {
                Tree::Members(members) if members.iter().all(|(other, _)| other != name) => {
                    members.insert(members.len() / 2, ((*name).to_owned(), value.clone()));
                }
                Tree::List(items) => items.push(value.clone()),
                _ => {}
            },
            Change::Respell(place) => {
                if let Tree::Leaf(text) = find(&mut tree, place) {
                    *text = match text.as_str() {
                        "1" => "1.0".into(),
                        "1.0" => "10e-1".into(),
                        "\"a\"" => "\"\\u0061\"".into(),
                        other => other.to_owned(),
                    };
                }
            }
            Change::Insert(place, id, front) => {
                if let Tree::List(items) = find(&mut tree, place) {
                    let item = Tree::Members(vec![("id".to_owned(), Tree::Leaf(id.to_string()))]);
                    items.insert(if *front { 0 } else { items.len() }, item);
                }
            }
            Change::Turn(place) => {
                if let Tree::Members(members) = find(&mut tree, place) {
                    members.reverse();
                }
            }
        }
    }
    tree
}

#[derive(Clone, Debug)]
struct Three {
    base: String,
    mine: String,
    theirs: String,
}

fn three() -> impl Strategy<Value = Three> {
    let changes = || proptest::collection::vec(change(), 0..5);
    let record = prop_oneof![9 => members(tree()), 1 => tree()];
    (record, changes(), changes(), changes(), any::<[u8; 3]>()).prop_map(
        |(tree, common, here, there, styles)| Three {
            base: tree.source(styles[0]),
            mine: changed(changed(tree.clone(), &common), &here).source(styles[1]),
            theirs: changed(changed(tree, &common[..common.len() / 2]), &there).source(styles[2]),
        },
    )
}

fn run(base: Option<&str>, mine: Option<&str>, theirs: Option<&str>) -> Merge {
    let inputs = Inputs::new(base.map(str::as_bytes), mine.map(str::as_bytes), theirs.map(str::as_bytes));
    merge(Format::Json, inputs, &Policy::default()).unwrap()
}

fn of(three: &Three) -> Merge {
    run(Some(&three.base), Some(&three.mine), Some(&three.theirs))
}

/// One spelling for the numbers that [`Change::Respell`] respells.
fn number(text: &str) -> &str {
    match text {
        "1.0" | "10e-1" | "1e0" => "1",
        "-0" => "0",
        other => other,
    }
}

/// Keys that only the sides have are spelled as the carrier does.
fn respelled(path: &Path) -> String {
    path.to_pointer()
        .replace("id=1.0", "id=1")
        .replace("id=10e-1", "id=1")
        .replace("id=1e0", "id=1")
        .replace("id=-0", "id=0")
}

/// What both sides put into a list at one place stands in the order of the carrier: compared as sorted leaves.
fn same_but_for_order(a: &str, b: &str) -> bool {
    if a == b || same(a, b) {
        return true;
    }
    let sorted = |text: &str| {
        let mut all: Vec<String> = leaves(text).into_iter().map(|(path, _)| respelled(&path)).collect();
        all.sort();
        all
    };
    let same_leaves = |a: &str, b: &str| {
        leaves(a)
            .iter()
            .all(|(path, value)| same_value(at(b, path).as_deref(), Some(value)) || value.starts_with('['))
    };
    sorted(a) == sorted(b) && same_leaves(a, b) && same_leaves(b, a)
}

fn same(a: &str, b: &str) -> bool {
    equal(Format::Json, a.as_bytes(), b.as_bytes(), &Policy::default())
}

fn text(merged: Merged) -> String {
    match merged {
        Merged::Document(bytes) => String::from_utf8(bytes).unwrap(),
        Merged::Deleted => "(deleted)".to_owned(),
    }
}

/// Leaves by path; empty objects, arrays and objects with repeated names are leaves.
fn leaves(source: &str) -> Vec<(Path, String)> {
    fn go(document: &Document, id: record_merge::json::NodeId, path: Path, out: &mut Vec<(Path, String)>) {
        if document.kind(id) == Kind::Array {
            let ids: Vec<_> =
                document.children(id).filter_map(|child| document.member(child, "id")).collect();
            let texts: std::collections::BTreeSet<&str> =
                ids.iter().map(|id| number(document.text(*id))).collect();
            if !ids.is_empty() && texts.len() == document.children(id).count() {
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
    let document = Document::parse(source.as_bytes()).unwrap();
    let mut out = Vec::new();
    go(&document, document.root(), Path::root(), &mut out);
    out
}

fn at(source: &str, path: &Path) -> Option<String> {
    record_merge::value_at(source.as_bytes(), path).unwrap()
}

fn same_value(a: Option<&str>, b: Option<&str>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => same(a, b),
        (a, b) => a.is_none() && b.is_none(),
    }
}

/// An object without members: it stays one when others put members in, or when all were removed.
fn empty(value: &str) -> bool {
    value.starts_with('{') && value.trim_matches(['{', '}', ' ', '\n', '\t']).is_empty()
}

fn mirrored(kind: RowKind) -> RowKind {
    match kind {
        RowKind::DeletedByMeEditedByServer => RowKind::EditedByMeDeletedByServer,
        RowKind::EditedByMeDeletedByServer => RowKind::DeletedByMeEditedByServer,
        RowKind::MineOnly => RowKind::TheirsOnly,
        RowKind::TheirsOnly => RowKind::MineOnly,
        other => other,
    }
}

fn part(merge: &Merge, path: &Path, part: Option<u32>, choice: Choice, value: Option<&str>) -> Decision {
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

/// Every open row decided by the bits of `how`.
fn decisions(merge: &Merge, how: u64) -> Vec<Decision> {
    merge
        .open()
        .enumerate()
        .map(|(n, row)| match (how >> (2 * (n % 32))) & 3 {
            0 => part(merge, &row.path, row.part, Choice::Theirs, None),
            1 => part(merge, &row.path, row.part, Choice::Edit, Some("\"typed\"")),
            _ => part(merge, &row.path, row.part, Choice::Mine, None),
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn l1_identity(t in three()) {
        let m = run(Some(&t.mine), Some(&t.mine), Some(&t.mine));
        prop_assert!(m.rows.is_empty());
        prop_assert_eq!(text(m.result(&[]).unwrap()), t.mine);
    }

    #[test]
    fn l2_one_side(t in three()) {
        let mine_only = run(Some(&t.base), Some(&t.mine), Some(&t.base));
        prop_assert!(same(&text(mine_only.result(&[]).unwrap()), &t.mine));
        let theirs_only = run(Some(&t.base), Some(&t.base), Some(&t.theirs));
        prop_assert_eq!(text(theirs_only.result(&[]).unwrap()), t.theirs.clone());
        prop_assert_eq!(run(Some(&t.base), None, Some(&t.base)).result(&[]), Ok(Merged::Deleted));
        prop_assert_eq!(run(Some(&t.base), Some(&t.base), None).result(&[]), Ok(Merged::Deleted));
        prop_assert_eq!(text(run(None, Some(&t.mine), None).result(&[]).unwrap()), t.mine);
        prop_assert_eq!(text(run(None, None, Some(&t.theirs)).result(&[]).unwrap()), t.theirs);
    }

    #[test]
    fn l3_agreement(tree in members(tree()), base in tree(), one in any::<u8>(), other in any::<u8>()) {
        let (mine, theirs) = (tree.source(one), changed(tree, &[Change::Turn(vec![])]).source(other));
        let m = run(Some(&base.source(0)), Some(&mine), Some(&theirs));
        prop_assert!(m.rows.is_empty());
        prop_assert_eq!(text(m.result(&[]).unwrap()), theirs);
    }

    #[test]
    fn l4_symmetry(t in three()) {
        let there = of(&t);
        let back = run(Some(&t.base), Some(&t.theirs), Some(&t.mine));
        let list = |m: &Merge, turn: bool| {
            let mut rows: Vec<String> = m
                .rows
                .iter()
                .map(|row| format!("{} {:?}", respelled(&row.path), if turn { mirrored(row.kind) } else { row.kind }))
                .collect();
            rows.sort();
            rows
        };
        prop_assert_eq!(list(&there, false), list(&back, true));
        match (there.result(&[]), back.result(&[])) {
            (Ok(a), Ok(b)) => prop_assert!(same_but_for_order(&text(a), &text(b))),
            (a, b) => prop_assert_eq!(a.is_err(), b.is_err()),
        }
        prop_assert!(same_but_for_order(&text(there.all_mine()), &text(back.all_theirs())));
    }

    #[test]
    fn l5_no_loss_and_l6_no_invention(t in three()) {
        let m = of(&t);
        // open, or put together from both sides and listed; what a list is made of is in the tests of lists
        let inside = |path: &Path| m.rows.iter().any(|row| {
            let asked = row.group == record_merge::Group::Open || row.kind == RowKind::Combined;
            let in_list = row.path.0.iter().any(|token| matches!(token, Token::Identity(_)));
            (asked && path.starts_with(&row.path)) || ((asked || in_list) && row.path.starts_with(path))
        });
        for (all, side, other) in [(text(m.all_mine()), &t.mine, &t.theirs), (text(m.all_theirs()), &t.theirs, &t.mine)] {
            for (path, value) in leaves(side) {
                let edited = !same_value(at(&t.base, &path).as_deref(), Some(&value));
                let kept = same_value(at(&all, &path).as_deref(), Some(&value));
                // an empty object that the other side filled is still there, with more in it
                let filled = empty(&value) && at(&all, &path).is_some_and(|now| now.starts_with('{'));
                prop_assert!(!edited || kept || filled || inside(&path), "{} lost from {}", path.to_pointer(), side);
            }
            for (path, value) in leaves(&t.base) {
                let removed = at(side, &path).is_none();
                let gone = at(&all, &path).is_none();
                let changed_there = !same_value(at(other, &path).as_deref(), Some(&value));
                prop_assert!(!removed || gone || inside(&path) || changed_there, "{} came back", path.to_pointer());
            }
            for (path, value) in leaves(&all) {
                let known = [&t.base, &t.mine, &t.theirs].iter().any(|v| at(v, &path).is_some_and(|x| same(&x, &value)));
                prop_assert!(known || empty(&value) || inside(&path), "{} was invented", path.to_pointer());
            }
        }
    }

    #[test]
    fn l10_choices_are_complete_and_order_does_not_matter(t in three(), how in any::<u64>()) {
        let m = of(&t);
        let (mine, theirs) = (text(m.all_mine()), text(m.all_theirs()));
        for row in m.open().filter(|row| row.part.is_none()) {
            prop_assert!(same_value(at(&mine, &row.path).as_deref(), row.mine.as_deref()));
            prop_assert!(same_value(at(&theirs, &row.path).as_deref(), row.theirs.as_deref()));
        }
        let mut decided = decisions(&m, how);
        let one = m.result(&decided);
        prop_assert!(one.is_ok());
        decided.reverse();
        prop_assert_eq!(&one, &m.result(&decided));
        // an element written anew is not the same element any more
        let anew = |d: &Decision| d.choice == Choice::Edit && matches!(d.path.0.last(), Some(Token::Identity(_)));
        for decision in decided.iter().filter(|decision| decision.part.is_none() && !anew(decision)) {
            let wanted = match decision.choice {
                Choice::Mine => decision.mine_then.clone(),
                Choice::Theirs => decision.theirs_then.clone(),
                _ => decision.value.clone(),
            };
            let got = at(&text(one.clone().unwrap()), &decision.path);
            prop_assert!(same_value(got.as_deref(), wanted.as_deref()));
        }
        if let Some(left_out) = decided.pop() {
            prop_assert_eq!(m.result(&decided).unwrap_err().open, vec![left_out.path]);
        }
    }

    #[test]
    fn l11_rebase(t in three(), again in proptest::collection::vec(change(), 0..3), tree in members(tree()), how in any::<u64>()) {
        let first = of(&t);
        let decided = decisions(&first, how);
        prop_assert_eq!(resolve(&first, &decided, None), first.result(&decided));
        // theirs is another version now
        let second_theirs = changed(tree, &again).source(0);
        let second = run(Some(&t.base), Some(&t.mine), Some(&second_theirs));
        for row in record_merge::review(&second, &decided, None) {
            let Some(decision) = decided.iter().find(|decision| decision.part == row.row.part && decision.path.same(&row.row.path)) else { continue };
            let kept = same_value(decision.theirs_then.as_deref(), row.row.theirs.as_deref());
            if !row.row.choices.contains(&decision.choice) {
                continue;
            }
            let acts = row.standing.acting().is_some();
            prop_assert_eq!(acts, kept || decision.choice == Choice::Theirs);
        }
        // nothing decided in between: rows are computed, so the way there does not matter
        prop_assert_eq!(record_merge::review(&of(&t), &decided, None), record_merge::review(&first, &decided, None));
    }

    #[test]
    fn l13_fidelity(t in three()) {
        let m = of(&t);
        let merged = text(m.all_theirs());
        // untouched leaves keep their bytes, and the members of theirs their order
        let ours: Vec<(Path, String)> = leaves(&t.theirs);
        let after = leaves(&merged);
        let touched = |path: &Path| m.rows.iter().any(|row| {
            row.kind != RowKind::AddedByBoth && (path.starts_with(&row.path) || row.path.starts_with(path))
        });
        let mut last = 0;
        for (path, value) in ours.iter().filter(|(path, _)| !touched(path)) {
            let position = after.iter().position(|(other, _)| other == path);
            prop_assert!(position.is_some(), "{} is gone", path.to_pointer());
            let position = position.unwrap();
            prop_assert_eq!(&after[position].1, value);
            prop_assert!(position >= last);
            last = position;
        }
    }

    #[test]
    fn l14_any_bytes_give_an_answer(a in ".{0,60}", b in "[\\[\\]{}\",:0-9eE.+\\-a-z\\\\ ]{0,60}", c in proptest::collection::vec(any::<u8>(), 0..60)) {
        for format in [Format::Json, Format::Text, Format::Binary] {
            let inputs = Inputs::new(Some(a.as_bytes()), Some(b.as_bytes()), Some(&c));
            if let Ok(m) = merge(format, inputs, &Policy::default()) {
                let again = merge(format, inputs, &Policy::default()).unwrap();
                prop_assert_eq!(&m.rows, &again.rows);
                prop_assert_eq!(m.all_mine(), again.all_mine());
            }
            equal(format, a.as_bytes(), &c, &Policy::default());
            record_merge::changed_paths(format, b.as_bytes(), &c, &Policy::default());
        }
    }

    #[test]
    fn l15_cosmetic_differences_never_clash_and_l16_clashes_are_real(t in three()) {
        for row in of(&t).open() {
            prop_assert!(!same_value(row.mine.as_deref(), row.theirs.as_deref()));
            prop_assert!(!same_value(row.mine.as_deref(), row.before.as_deref()));
            prop_assert!(!same_value(row.theirs.as_deref(), row.before.as_deref()));
        }
    }
}

/// `MERGE_CASES=1000000` for a long run.
fn cases() -> u32 {
    std::env::var("MERGE_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(2_000)
}
