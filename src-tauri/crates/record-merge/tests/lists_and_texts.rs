//! Arrays (merge.md 2.4) and long texts (2.6), with both sides turned round where the answer must mirror.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{decide, outcome, run, shown};
use record_merge::{
    ArrayMode, Choice, Format, Group, Inputs, Merge, Path, Policy, RowKind, merge, resolve, review,
};

fn run_as(format: Format, base: &str, mine: &str, theirs: &str, policy: &Policy) -> Merge {
    let inputs = Inputs::new(Some(base.as_bytes()), Some(mine.as_bytes()), Some(theirs.as_bytes()));
    merge(format, inputs, policy).unwrap()
}

fn with(mode: ArrayMode) -> Policy {
    Policy { arrays: [("l".to_owned(), mode)].into(), ..Policy::default() }
}

fn check(mode: Option<ArrayMode>, cases: &[(&str, &str, &str, &str)]) {
    let policy = mode.map_or_else(Policy::default, with);
    for (base, mine, theirs, expected) in cases {
        let list = |text: &str| format!("{{\"l\":{text}}}");
        let m = run(&list(base), &list(mine), &list(theirs), &policy);
        let found = outcome(&m);
        let expected = if expected.starts_with('?') { (*expected).to_owned() } else { list(expected) };
        assert_eq!(found, expected, "{base} | {mine} | {theirs}");
        let back = run(&list(base), &list(theirs), &list(mine), &policy);
        assert_eq!(
            outcome(&back).starts_with('?'),
            expected.starts_with('?'),
            "turned: {base} | {mine} | {theirs}"
        );
        if expected.starts_with('?') {
            for side in [m.all_mine(), m.all_theirs()] {
                assert!(record_merge::value_at(shown(side).as_bytes(), &Path::root()).is_ok());
            }
        }
    }
}

#[test]
fn elements_with_ids_merge_one_by_one() {
    check(
        None,
        &[
            (
                r#"[{"id":1,"n":1},{"id":2,"n":1}]"#,
                r#"[{"id":1,"n":2},{"id":2,"n":1}]"#,
                r#"[{"id":1,"n":1},{"id":2,"n":3}]"#,
                r#"[{"id":1,"n":2},{"id":2,"n":3}]"#,
            ),
            (r#"[{"id":1,"n":1}]"#, r#"[{"id":1,"n":2}]"#, r#"[{"id":1,"n":3}]"#, "? /l/id=1/n"),
            (r#"[{"id":1,"n":1}]"#, "[]", r#"[{"id":1,"n":3}]"#, "? /l/id=1"),
            (
                r#"[{"id":1}]"#,
                r#"[{"id":1},{"id":2}]"#,
                r#"[{"id":1},{"id":3}]"#,
                r#"[{"id":1},{"id":3},{"id":2}]"#,
            ),
            (
                r#"[{"id":1},{"id":2}]"#,
                r#"[{"id":0},{"id":1},{"id":2}]"#,
                r#"[{"id":1}, {"id":2}, {"id":3}]"#,
                r#"[{"id":0}, {"id":1}, {"id":2}, {"id":3}]"#,
            ),
            (
                r#"[{"id":1},{"id":2},{"id":3}]"#,
                r#"[{"id":1},{"id":3}]"#,
                r#"[{"id":1},{"id":2},{"id":3},{"id":4}]"#,
                r#"[{"id":1},{"id":3},{"id":4}]"#,
            ),
            ("[]", r#"[{"id":1,"a":1}]"#, r#"[{"id":1,"b":1}]"#, r#"[{"id":1,"a":1,"b":1}]"#),
            // number 1 and text "1" are different
            (
                r#"[{"id":1}]"#,
                r#"[{"id":1},{"id":"1"}]"#,
                r#"[{"id":1,"x":1}]"#,
                r#"[{"id":1,"x":1},{"id":"1"}]"#,
            ),
            // not unique: not taken apart by id
            (
                r#"[{"id":1,"n":1},{"id":1,"n":2}]"#,
                r#"[{"id":1,"n":1},{"id":1,"n":3}]"#,
                r#"[{"id":1,"n":1},{"id":1,"n":4}]"#,
                "? /l",
            ),
            // one side put them in another order while the other changed one
            (
                r#"[{"id":1},{"id":2}]"#,
                r#"[{"id":2},{"id":1}]"#,
                r#"[{"id":1,"n":1},{"id":2}]"#,
                r#"[{"id":2},{"id":1,"n":1}]"#,
            ),
            (
                r#"[{"id":1},{"id":2}]"#,
                r#"[{"id":2},{"id":1}]"#,
                r#"[{"id":1},{"id":2}]"#,
                r#"[{"id":2},{"id":1}]"#,
            ),
        ],
    );
    check(
        Some(ArrayMode::Identity(vec!["name".into()])),
        &[(
            r#"[{"name":"a","n":1},{"name":"b","n":1}]"#,
            r#"[{"name":"a","n":2},{"name":"b","n":1}]"#,
            r#"[{"name":"a","n":1},{"name":"b","n":2}]"#,
            r#"[{"name":"a","n":2},{"name":"b","n":2}]"#,
        )],
    );
}

#[test]
fn sets_never_clash() {
    check(
        Some(ArrayMode::Set),
        &[
            (r#"["a","b"]"#, r#"["a","b","c"]"#, r#"["b","d"]"#, r#"["b","d","c"]"#),
            (r#"["a","b"]"#, r#"["a"]"#, r#"["b"]"#, "[]"),
            (r#"["a"]"#, r#"["a","x"]"#, r#"["x","a","y"]"#, r#"["x","a","y"]"#),
            ("[1]", "[1,2]", "[1,2.0,3]", "[1,2.0,3]"),
            ("[]", "[2,1]", "[1,2]", "[1,2]"),
        ],
    );
}

#[test]
fn sequences_follow_their_neighbours() {
    check(
        None,
        &[
            (r#"["a","b","c"]"#, r#"["a","b","c","d"]"#, r#"["a","b"]"#, r#"["a","b","d"]"#),
            (r#"["a","b","c"]"#, r#"["x","a","b","c"]"#, r#"["a","b","c","y"]"#, r#"["x","a","b","c","y"]"#),
            (r#"["a"]"#, r#"["a","x"]"#, r#"["a","y"]"#, "? /l"),
            (r#"["a"]"#, r#"["a","x"]"#, r#"["a","x"]"#, r#"["a","x"]"#),
            (r#"["a","b"]"#, r#"["a","B"]"#, r#"["a"]"#, "? /l"),
            (r#"["a","b"]"#, r#"["b","a"]"#, r#"["a","b","c"]"#, r#"["b","a","c"]"#),
            // repeated elements: as lines of a text
            ("[0,0,1,2,3]", "[9,0,0,1,2,3]", "[0,0,1,2,4]", "[9,0,0,1,2,4]"),
            ("[0,0,0]", "[0,0]", "[0,0,0,0]", "? /l"),
            ("[1,2]", "[3]", "[4]", "? /l"),
        ],
    );
    check(Some(ArrayMode::Atomic), &[("[1,2]", "[1,2,3]", "[0,1,2]", "? /l")]);
    let m = run(r#"{"l":["a"]}"#, r#"{"l":["a","x"]}"#, r#"{"l":["a","y"]}"#, &Policy::default());
    assert!(m.rows[0].choices.contains(&Choice::Both));
    assert_eq!(shown(m.result(&[decide(&m.rows[0], Choice::Both, None)]).unwrap()), r#"{"l":["a","y","x"]}"#);
}

#[test]
fn whole_documents_may_be_lists() {
    let m = run("[1,2]\n", "[1,2,3]\n", "[0, 1, 2]\n", &Policy::default());
    assert_eq!(outcome(&m), "[0, 1, 2, 3]\n");
    let m = run_as(
        Format::Json,
        r#"[{"id":1}]"#,
        r#"[{"id":1,"a":1}]"#,
        r#"[{"id":1},{"id":2}]"#,
        &Policy::default(),
    );
    assert_eq!(outcome(&m), r#"[{"id":1,"a":1},{"id":2}]"#);
}

#[test]
fn long_texts_merge_line_by_line() {
    let policy = Policy::default();
    let note = |text: &str| format!("{{\"n\":1,\"note\":\"{text}\"}}");
    let m = run(&note(r"a\nb\nc\nd"), &note(r"A\nb\nc\nd"), &note(r"a\nb\nc\nD \u00e9"), &policy);
    assert_eq!(outcome(&m), note(r"A\nb\nc\nD \u00e9"));
    let row = &m.rows[0];
    assert_eq!((row.kind, row.group, row.please_look), (RowKind::Combined, Group::Automatic, true));
    assert_eq!(shown(m.result(&[decide(&m.rows[0], Choice::Mine, None)]).unwrap()), note(r"A\nb\nc\nd"));

    // one clash and nothing else: one row for the text
    let m = run(&note(r"a\nb"), &note(r"a\nx"), &note(r"a\ny"), &policy);
    assert_eq!(m.rows.len(), 1);
    assert_eq!((m.rows[0].kind, m.rows[0].part), (RowKind::EditedDifferently, None));
    assert_eq!(shown(m.result(&[decide(&m.rows[0], Choice::Both, None)]).unwrap()), note(r"a\ny\nx"));

    // a clash beside lines that fit: the fitting ones in an automatic row, the clash by itself
    let m = run(&note(r"a\nb\nc\nd\ne"), &note(r"A\nb\nx\nd\ne"), &note(r"a\nb\ny\nd\nE"), &policy);
    let rows: Vec<_> = m.rows.iter().map(|row| (row.kind, row.part)).collect();
    assert_eq!(rows, [(RowKind::Combined, None), (RowKind::EditedDifferently, Some(2))]);
    assert_eq!(m.rows[1].theirs.as_deref(), Some(r#""y\n""#));
    for (choice, value, expected) in [
        (Choice::Mine, None, r"A\nb\nx\nd\nE"),
        (Choice::Theirs, None, r"A\nb\ny\nd\nE"),
        (Choice::Both, None, r"A\nb\ny\nx\nd\nE"),
        (Choice::Edit, Some(r#""\u007a\n""#), r"A\nb\u007a\nd\nE"),
        (Choice::Edit, None, r"A\nb\nd\nE"),
    ] {
        let expected = expected.replace(r"b\u007a", r"b\n\u007a");
        assert_eq!(
            shown(m.result(&[decide(&m.rows[1], choice, value)]).unwrap()),
            note(&expected),
            "{choice:?}"
        );
    }
    assert!(m.result(&[decide(&m.rows[1], Choice::Edit, Some("7"))]).is_err());
    assert_eq!(shown(m.all_mine()), note(r"A\nb\nx\nd\nE"));
    // the text as a whole settles its parts
    let whole = decide(&m.rows[0], Choice::Edit, Some("\"mine alone\""));
    assert_eq!(shown(resolve(&m, std::slice::from_ref(&whole), None).unwrap()), note("mine alone"));
    assert!(review(&m, &[whole], None).iter().all(|row| !row.standing.is_open()));
    // one line each and no line breaks: one value
    let m = run(&note("a b"), &note("A b"), &note("a B"), &policy);
    assert_eq!(outcome(&m), "? /note");
}

#[test]
fn what_nobody_sees_is_no_question_in_a_line() {
    let name = |text: &str| if text == "-" { "{}".to_owned() } else { format!("{{\"n\":\"{text}\"}}") };
    for (base, mine, theirs, expected) in [
        ("Ana", "Anna", "Ana ", "Anna"),
        ("Ana", r"Ana\u00a0", "Anna", "Anna"),
        ("Ze\u{301}", "Zé", "Zoé", "Zoé"),
        ("Ana", "Anna", "Anna ", "Anna "),
        ("Ana", "Anna ", "Anna", "Anna"),
        ("-", "Anna ", "Anna", "Anna"),
        // both seen; one that is read in another way; nothing left of one
        ("Ana", "Anna", "Anne ", "?"),
        ("Ana", "Ana\u{200b}", "Anna", "?"),
        ("Ana", "Ana ", "", "?"),
        ("Ana", "", "Ana ", "?"),
        ("-", "Anna", "Anne", "?"),
        ("Ana", r"\ud800", "Ana ", "?"),
        ("a b", r"a\nb", "a b ", r"a\nb"),
    ] {
        for (mine, theirs, turned) in [(mine, theirs, false), (theirs, mine, true)] {
            let m = run(&name(base), &name(mine), &name(theirs), &Policy::default());
            let expected = match expected {
                "?" => "? /n".to_owned(),
                // What both changed, and nobody sees, is the server's.
                _ if turned && expected.trim_end() == "Anna" && theirs.trim_end() == "Anna" => name(theirs),
                seen => name(seen),
            };
            assert_eq!(outcome(&m), expected, "{base:?} {mine:?} {theirs:?}");
        }
    }
}

/// A text box knows only `\n`. Typed between lines that all end the Windows way, a line ends like them; sent and refused
/// again, it is still what was typed (soak, L11).
#[test]
fn typed_lines_end_like_the_lines_around_them() {
    let windows = |text: &str| text.replace('\n', "\r\n");
    let note = |text: &str| format!(r#"{{"n":"{}"}}"#, text.replace('\n', "\\r\\n"));
    let own = Some(r#""z\nC:\\new\n""#);
    let [base, mine, theirs] = ["a\nb\nc\nd\ne\n", "A\nb\nx\nd\ne\n", "a\nb\ny\nd\nE\n"];
    let merged = "A\nb\nz\nC:\\new\nd\nE\n";
    let policy = Policy::default();
    let m = run_as(Format::Text, &windows(base), &windows(mine), &windows(theirs), &policy);
    let decided = decide(&m.rows[1], Choice::Edit, own);
    let sent = shown(m.result(std::slice::from_ref(&decided)).unwrap());
    assert_eq!(sent, windows(merged));
    let again = run_as(Format::Text, &windows(theirs), &sent, &windows("a\nb\ny\nd\nE\nf\n"), &policy);
    assert_eq!(shown(resolve(&again, &[decided], None).unwrap()), windows(&format!("{merged}f\n")));
    let m = run(&note(base), &note(mine), &note(theirs), &policy);
    let sent = shown(m.result(&[decide(&m.rows[1], Choice::Edit, own)]).unwrap());
    assert_eq!(sent, note("A\nb\nz\nC:\\\\new\nd\nE\n"));
    // ends of several kinds: as it was typed
    let m = run_as(Format::Text, "a\nb\r\nc\n", "a\nx\r\nc\n", "a\ny\r\nc\n", &policy);
    let parts = m.rows.iter().filter(|row| row.part.is_some()).count();
    assert_eq!(parts, 0, "one clash and nothing else is the text as a whole");
    assert_eq!(shown(m.result(&[decide(&m.rows[0], Choice::Edit, Some(r#""o\n""#))]).unwrap()), "o\n");
}

#[test]
fn text_documents_merge_line_by_line() {
    let policy = Policy::default();
    let m = run_as(Format::Text, "a\nb\nc\nd\n", "A\nb\nc\nd\n", "a\nb\nc\nD\n", &policy);
    assert_eq!(outcome(&m), "A\nb\nc\nD\n");
    let m = run_as(Format::Text, "a\nb\nc\nd\ne\n", "A\nb\nx\nd\ne\n", "a\nb\ny\nd\nE\n", &policy);
    assert_eq!(outcome(&m), "? ");
    assert_eq!(shown(m.all_mine()), "A\nb\nx\nd\nE\n");
    assert_eq!(
        shown(m.result(&[decide(&m.rows[1], Choice::Edit, Some("\"z\\n\""))]).unwrap()),
        "A\nb\nz\nd\nE\n"
    );
    assert_eq!(shown(m.result(&[decide(&m.rows[0], Choice::Theirs, None)]).unwrap()), "a\nb\ny\nd\nE\n");
    let m = run_as(Format::Text, "one\n", "two\n", "three\n", &policy);
    assert_eq!((m.rows.len(), m.rows[0].kind), (1, RowKind::EditedDifferently));
    assert_eq!(shown(m.all_mine()), "two\n");
    let words = Policy { words: true, ..Policy::default() };
    let m = run_as(
        Format::Text,
        "The old drill is in the cellar.\n",
        "The new drill is in the cellar.\n",
        "The old drill is in the attic.\n",
        &words,
    );
    assert_eq!(outcome(&m), "The new drill is in the attic.\n");
}
