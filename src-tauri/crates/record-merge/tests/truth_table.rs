//! Every row of the truth table (merge.md 2.3), both ways round, with the bytes each choice gives.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{member, mirrored, shown};
use record_merge::{Choice, Format, Group, Inputs, Merge, Merged, Path, Policy, RowKind, Token, merge};

fn run(base: Option<&str>, mine: Option<&str>, theirs: Option<&str>, policy: &Policy) -> Merge {
    let inputs = Inputs::new(base.map(str::as_bytes), mine.map(str::as_bytes), theirs.map(str::as_bytes));
    merge(Format::Json, inputs, policy).unwrap()
}

fn path(pointer: &str) -> Path {
    Path::from_pointer(pointer).unwrap()
}

/// base, mine, theirs, and the value after the merge; rows 1 to 3 of the table.
const AUTOMATIC: &[(&str, &str, &str, &str)] = &[
    // 1: the same on both sides, whatever was before; spelled as the server does
    ("1", "2", "2.0", "2.0"),
    ("1", "1", "1", "1"),
    ("-", "\"é\"", "\"\\u00e9\"", "\"\\u00e9\""),
    ("1", "-", "-", "-"),
    ("-", "{\"a\":1,\"b\":2}", "{\"b\":2e0,\"a\":1}", "{\"b\":2e0,\"a\":1}"),
    // 2: only the server changed
    ("1", "1", "2", "2"),
    ("1", "1.0", "2", "2"),
    ("1", "1", "-", "-"),
    ("-", "-", "{\"new\":[1]}", "{\"new\":[1]}"),
    ("null", "null", "1", "1"),
    ("1", "1", "null", "null"),
    ("[1]", "[1]", "[1,2]", "[1,2]"),
    // 3: only the person changed
    ("1", "2", "1", "2"),
    ("1", "2", "1.0", "2"),
    ("1", "-", "1", "-"),
    ("-", "{ \"new\" : 1e0 }", "-", "{ \"new\" : 1e0 }"),
    ("{\"a\":1}", "\"text\"", "{\"a\":1}", "\"text\""),
    ("[1]", "[]", "[1]", "[]"),
    ("null", "-", "null", "-"),
];

#[test]
fn rows_1_to_3_merge_by_themselves() {
    for (base, mine, theirs, expected) in AUTOMATIC {
        let m = run(Some(&member(base)), Some(&member(mine)), Some(&member(theirs)), &Policy::default());
        assert_eq!(shown(m.result(&[]).unwrap()), member(expected), "{base} | {mine} | {theirs}");
        assert!(m.is_clean());
        for row in &m.rows {
            assert_eq!(row.group, Group::Automatic);
            assert!(row.choices.contains(&row.automatic.unwrap()));
        }
    }
}

/// base, mine, theirs, the kind and the path below `v`.
const OPEN: &[(&str, &str, &str, RowKind, &str)] = &[
    // 7 and 8: removed on one side, changed on the other
    ("1", "-", "2", RowKind::DeletedByMeEditedByServer, ""),
    ("{\"a\":1,\"b\":2}", "-", "{\"a\":1,\"b\":3}", RowKind::DeletedByMeEditedByServer, ""),
    ("{\"a\":1}", "{}", "{\"a\":2}", RowKind::DeletedByMeEditedByServer, "/a"),
    ("1", "2", "-", RowKind::EditedByMeDeletedByServer, ""),
    // 9: added with different values
    ("-", "1", "2", RowKind::AddedDifferently, ""),
    ("-", "1", "\"1\"", RowKind::AddedDifferently, ""),
    ("-", "null", "0", RowKind::AddedDifferently, ""),
    ("-", "{\"a\":1}", "[1]", RowKind::AddedDifferently, ""),
    // 10: null is a value
    ("1", "null", "2", RowKind::EditedDifferently, ""),
    ("{\"a\":1}", "null", "{\"a\":2}", RowKind::EditedDifferently, ""),
    // 11: before 7 and 8
    ("1", "null", "-", RowKind::NullVsMissing, ""),
    ("{\"a\":1}", "{\"a\":null}", "{}", RowKind::NullVsMissing, "/a"),
    // 12: at the node that lost its members, not at the leaf
    ("{\"a\":1}", "7", "{\"a\":2}", RowKind::TypeChanged, ""),
    ("{\"a\":{\"b\":1}}", "{\"a\":[]}", "{\"a\":{\"b\":2}}", RowKind::TypeChanged, "/a"),
    // 13: the base has no members
    ("7", "{\"a\":1}", "{\"a\":2}", RowKind::TypeChanged, ""),
    ("[]", "{\"a\":1}", "{\"b\":2}", RowKind::TypeChanged, ""),
    ("null", "{\"a\":1}", "{\"a\":2}", RowKind::TypeChanged, ""),
    // 14
    ("1", "2", "3", RowKind::EditedDifferently, ""),
    ("9007199254740992", "9007199254740993", "9007199254740994", RowKind::EditedDifferently, ""),
    ("1", "\"1\"", "true", RowKind::EditedDifferently, ""),
    ("{\"a\":1,\"b\":1}", "{\"a\":2,\"b\":1}", "{\"a\":3,\"b\":2}", RowKind::EditedDifferently, "/a"),
    ("{\"a\":1}", "7", "[]", RowKind::EditedDifferently, ""),
    // names that are there twice: never taken apart
    ("{\"a\":1}", "{\"a\":1,\"a\":2}", "{\"a\":3}", RowKind::EditedDifferently, ""),
];

#[test]
fn rows_7_to_14_ask_and_mirror() {
    for (base, mine, theirs, kind, below) in OPEN {
        let place = path(&format!("/v{below}"));
        for (m_text, t_text, expected) in [(mine, theirs, *kind), (theirs, mine, mirrored(*kind))] {
            let words = format!("{base} | {m_text} | {t_text}");
            let m =
                run(Some(&member(base)), Some(&member(m_text)), Some(&member(t_text)), &Policy::default());
            let open: Vec<_> = m.open().collect();
            assert_eq!(open.len(), 1, "{words}");
            assert_eq!((open[0].kind, &open[0].path), (expected, &place), "{words}");
            assert_eq!(open[0].automatic, None);
            assert!(open[0].mine != open[0].theirs);
            assert_eq!(m.result(&[]).unwrap_err().open, vec![place.clone()], "{words}");
            let at = |body: &str| record_merge::value_at(body.as_bytes(), &place).unwrap();
            assert_eq!(at(&shown(m.all_mine())), at(&member(m_text)), "{words}");
            assert_eq!(at(&shown(m.all_theirs())), at(&member(t_text)), "{words}");
        }
    }
}

#[test]
fn row_4_goes_into_objects_and_lists_what_both_added() {
    let base = r#"{"o":{"a":1,"b":1}}"#;
    let m = run(
        Some(base),
        Some(r#"{"o":{"a":2,"b":1,"mine":1}}"#),
        Some(r#"{"o":{"a":1,"theirs":1,"b":3}}"#),
        &Policy::default(),
    );
    assert_eq!(shown(m.result(&[]).unwrap()), r#"{"o":{"a":2,"theirs":1,"b":3,"mine":1}}"#);

    let m =
        run(Some("{}"), Some(r#"{"o":{"a":1,"c":5}}"#), Some(r#"{"o":{"b":1,"c":5}}"#), &Policy::default());
    assert_eq!(shown(m.result(&[]).unwrap()), r#"{"o":{"b":1,"c":5,"a":1}}"#);
    let union = m.rows.iter().find(|row| row.kind == RowKind::AddedByBoth).unwrap();
    assert_eq!((union.path.clone(), union.please_look, union.group), (path("/o"), true, Group::Automatic));
    assert_eq!(union.automatic, Some(Choice::Both));

    let m = run(Some("{}"), Some(r#"{"o":{"a":1}}"#), Some(r#"{"o":{"a":2}}"#), &Policy::default());
    assert_eq!(m.open().map(|row| row.kind).collect::<Vec<_>>(), vec![RowKind::AddedDifferently]);
    // the union decided as a whole settles what is below
    let whole = record_merge::Decision {
        path: path("/o"),
        part: None,
        choice: Choice::Mine,
        value: None,
        validator: None,
        theirs_then: None,
        mine_then: None,
    };
    assert_eq!(shown(m.result(&[whole]).unwrap()), r#"{"o":{"a":1}}"#);
}

#[test]
fn row_5_arrays_in_both_changed_differently_are_one_row() {
    for (base, mine, theirs) in [("[1]", "[2]", "[3]"), ("{\"a\":[1,2]}", "{\"a\":[1]}", "{\"a\":[2]}")] {
        let policy = Policy {
            arrays: [("**".to_owned(), record_merge::ArrayMode::Atomic)].into(),
            ..Policy::default()
        };
        let m = run(Some(&member(base)), Some(&member(mine)), Some(&member(theirs)), &policy);
        assert_eq!(m.open().map(|row| row.kind).collect::<Vec<_>>(), vec![RowKind::EditedDifferently]);
    }
}

#[test]
fn null_means_missing_where_the_policy_says_so() {
    let policy = Policy { null_is_missing: true, ..Policy::default() };
    for (mine, theirs, expected) in [("null", "-", "-"), ("-", "null", "null")] {
        let m = run(Some(&member("1")), Some(&member(mine)), Some(&member(theirs)), &policy);
        assert!(m.rows.is_empty());
        assert_eq!(shown(m.result(&[]).unwrap()), member(expected));
    }
    let m = run(Some(&member("null")), Some(&member("-")), Some(&member("5")), &policy);
    assert_eq!(shown(m.result(&[]).unwrap()), member("5"));
}

/// The same table with the whole document as the node; `-` = no document.
#[test]
fn whole_documents() {
    let doc = |text: &'static str| if text == "-" { None } else { Some(text) };
    let automatic = [
        ("1", "-", "1", "(deleted)"),
        ("1", "1", "-", "(deleted)"),
        ("1", "-", "-", "(deleted)"),
        ("-", "-", "-", "(deleted)"),
        ("-", "{\"a\":1}\n", "-", "{\"a\":1}\n"),
        ("-", "-", "{\"a\":1}\n", "{\"a\":1}\n"),
        ("-", "{\"a\":1}", "{\"a\":1.0}\n", "{\"a\":1.0}\n"),
        ("-", "{\"a\":1}", "{\"b\":2}", "{\"b\":2,\"a\":1}"),
    ];
    for (base, mine, theirs, expected) in automatic {
        let m = run(doc(base), doc(mine), doc(theirs), &Policy::default());
        assert_eq!(shown(m.result(&[]).unwrap()), expected, "{base} | {mine} | {theirs}");
    }
    let open = [
        ("{\"a\":1}", "{\"a\":2}", "-", RowKind::EditDelete),
        ("{\"a\":1}", "-", "{\"a\":2}", RowKind::DeleteEdit),
        ("-", "1", "2", RowKind::AddedDifferently),
        ("1", "2", "3", RowKind::EditedDifferently),
        ("{}", "[1]", "{\"a\":1}", RowKind::TypeChanged),
    ];
    for (base, mine, theirs, kind) in open {
        let m = run(doc(base), doc(mine), doc(theirs), &Policy::default());
        assert_eq!(m.rows.len(), 1);
        assert_eq!((m.rows[0].kind, m.rows[0].path.is_root()), (kind, true));
        let whole = |text: &str| if text == "-" { "(deleted)".to_owned() } else { text.to_owned() };
        assert_eq!(shown(m.all_mine()), whole(mine));
        assert_eq!(shown(m.all_theirs()), whole(theirs));
    }
}

#[test]
fn text_and_binary_are_one_value() {
    let policy = Policy::default();
    let inputs =
        |b: &'static [u8], m: &'static [u8], t: &'static [u8]| Inputs::new(Some(b), Some(m), Some(t));
    let m = merge(Format::Binary, inputs(b"\xff1", b"\xff2", b"\xff3"), &policy).unwrap();
    assert_eq!(m.rows[0].choices, vec![Choice::Theirs, Choice::Mine, Choice::Later]);
    assert_eq!(m.all_mine(), Merged::Document(b"\xff2".to_vec()));
    let m = merge(Format::Binary, inputs(b"\xff1", b"\xff1", b"\xff3"), &policy).unwrap();
    assert_eq!(m.result(&[]), Ok(Merged::Document(b"\xff3".to_vec())));
    let m = merge(Format::Text, inputs(b"one", b"two \"x\"", b"three"), &policy).unwrap();
    assert_eq!(m.rows[0].mine.as_deref(), Some(r#""two \"x\"""#));
    assert_eq!(m.rows[0].path.0, Vec::<Token>::new());
}
