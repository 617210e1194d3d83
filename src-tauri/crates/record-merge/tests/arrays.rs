//! Lists in every mode (merge.md 2.4): tables, and every small list against every other.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{decide, ids, outcome, row, run, shown, words};
use record_merge::{
    ArrayMode, Choice, Decision, Group, Notice, Policy, Provenance, RowKind, Token, resolve, review,
};

#[test]
fn identity_lists_in_another_order() {
    let cases = [
        // one side moved, the other changed, added or removed
        ("1 2 3", "3 1 2", "1 2nx 3", "3 1 2nx"),
        ("1 2 3", "3 1 2", "1 2 3nx", "3nx 1 2"),
        ("1 2 3", "3 1 2", "1 3", "3 1"),
        ("1 2 3", "3 1 2", "1 2", "1 2"),
        ("1 2 3", "3 1 2", "1 2 3 4", "3 1 2 4"),
        ("1 2 3", "3 1 2", "0 1 2 3", "0 3 1 2"),
        ("1 2 3", "3 1 2", "1 9 2 3", "3 1 9 2"),
        ("1 2 3", "3 8 1 2", "1 9 2 3", "3 8 1 9 2"),
        ("1 2 3", "3 1 2 8", "1 2 3 9", "3 1 2 9 8"),
        ("1 2 3 4", "1nx 3 2 4", "1 2 3 4nx", "1nx 3 2 4nx"),
        // both in the same way
        ("1 2 3", "3 1 2nx", "3nx 1 2", "3nx 1 2nx"),
        // both differently: the server's
        ("1 2 3", "3 1 2nx", "1nx 3 2", "1nx 3 2nx"),
        ("1 2 3", "3 1 2 8", "9 1 3 2", "9 1 3 2 8"),
        // what one side put in between stays with the entry it follows
        ("1 2 3", "1 8 2 3", "3 2 1", "3 2 1 8"),
    ];
    for (base, mine, theirs, expected) in cases {
        let m = run(&ids(base), &ids(mine), &ids(theirs), &Policy::default());
        assert_eq!(outcome(&m), ids(expected), "{base} | {mine} | {theirs}");
        let back = run(&ids(base), &ids(theirs), &ids(mine), &Policy::default());
        assert!(back.is_clean(), "{base} | {theirs} | {mine}");
    }
    // an edit against a removal stays a question, whatever the order
    let m = run(&ids("1 2 3"), &ids("3nx 1 2"), &ids("1 2"), &Policy::default());
    assert_eq!(outcome(&m), "? /id=3");
    assert_eq!(shown(m.all_mine()), ids("3nx 1 2"));
    let m = run(&ids("1 2 3"), &ids("1 2"), &ids("3nx 1 2"), &Policy::default());
    assert_eq!(shown(m.all_theirs()), ids("3nx 1 2"));
    assert_eq!(shown(m.all_mine()), ids("1 2"));
}

#[test]
fn the_order_of_a_list_is_a_row_of_its_own() {
    let base = r#"{"l":[{"id":1},{"id":2},{"id":3}]}"#;
    let mine = r#"{"l":[{"id":3},{"id":1},{"id":2,"n":1}]}"#;
    let theirs = r#"{"l":[{"id":1,"n":1},{"id":3},{"id":2}]}"#;
    let m = run(base, mine, theirs, &Policy::default());
    let order = row(&m, "/l");
    assert_eq!(
        (order.kind, order.group, order.automatic),
        (RowKind::Reordered, Group::Automatic, Some(Choice::Theirs))
    );
    assert_eq!((order.rule.clone(), order.please_look), (Some(Provenance::ServerOrder), true));
    assert_eq!(order.mode, Some(ArrayMode::Identity(vec!["id".into()])));
    let values = [&order.before, &order.theirs, &order.mine].map(|value| value.as_deref().unwrap());
    assert_eq!(values, ["[1,2,3]", "[1,3,2]", "[3,1,2]"]);
    assert_eq!(order.choices, [Choice::Theirs, Choice::Mine, Choice::Later]);
    assert_eq!(order.notices[0], Notice::Order);
    let three = Token::Identity([("id".to_owned(), "3".to_owned())].into());
    assert!(order.notices.contains(&Notice::MovedByMe { entries: vec![three] }));
    assert_eq!(outcome(&m), r#"{"l":[{"id":1,"n":1},{"id":3},{"id":2,"n":1}]}"#);
    // the other order can be taken, and nothing else changes
    let own = decide(row(&m, "/l"), Choice::Mine, None);
    assert_eq!(
        shown(m.result(std::slice::from_ref(&own)).unwrap()),
        r#"{"l":[{"id":3},{"id":1,"n":1},{"id":2,"n":1}]}"#
    );
    // and stays chosen when the server changes or adds an entry
    let later = r#"{"l":[{"id":1,"n":9},{"id":3},{"id":2},{"id":4}]}"#;
    let again = run(base, mine, later, &Policy::default());
    let expected = r#"{"l":[{"id":3},{"id":1,"n":9},{"id":2,"n":1},{"id":4}]}"#;
    assert_eq!(shown(resolve(&again, std::slice::from_ref(&own), None).unwrap()), expected);
    // but not when the server orders them anew
    let later = r#"{"l":[{"id":2},{"id":3},{"id":1}]}"#;
    let again = run(base, mine, later, &Policy::default());
    assert!(review(&again, &[own], None)[0].standing.is_open());

    // one side only: its row says whose, and can be turned round
    let m = run(base, mine, base, &Policy::default());
    assert_eq!((row(&m, "/l").automatic, row(&m, "/l").please_look), (Some(Choice::Mine), false));
    let turned = decide(row(&m, "/l"), Choice::Theirs, None);
    assert_eq!(shown(m.result(&[turned]).unwrap()), r#"{"l":[{"id":1},{"id":2,"n":1},{"id":3}]}"#);
}

#[test]
fn moved_entries_take_their_bytes_along() {
    let base = "{\n  \"l\": [\n    {\"id\": 1, \"x\": 1.0},\n    {\"id\": 2},\n    {\"id\": 3, \"y\": \"\\u00e9\"}\n  ],\n  \"z\": 1e5\n}\n";
    let mine = r#"{"l":[{"y":"é","id":3.0,"q":[]},{"id":1,"x":1},{"id":2}],"z":100000}"#;
    let theirs = base.replace("{\"id\": 2}", "{ \"id\" : 2, \"new\":true }");
    let m = run(base, mine, &theirs, &Policy::default());
    let expected = "{\n  \"l\": [\n    {\"id\": 3, \"q\": [], \"y\": \"\\u00e9\"},\n    {\"id\": 1, \"x\": 1.0},\n    { \"id\" : 2, \"new\":true }\n  ],\n  \"z\": 1e5\n}\n";
    assert_eq!(outcome(&m), expected);
    // lists in lists, each in a new order
    let base = r#"[{"id":1,"l":[{"id":"a"},{"id":"b"},{"id":"c"}]}, {"id":2,"l":[{"id":"d"},{"id":"e"}]}]"#;
    let mine = r#"[{"id":2,"l":[{"id":"e"},{"id":"d"}]},{"id":1,"l":[{"id":"c"},{"id":"a"},{"id":"b"}]}]"#;
    let theirs = r#"[{"id":1,"l":[{"id":"a"},{"id":"b","n":1},{"id":"c"},{"id":"z"}]}, {"id":2,"l":[{"id":"d"},{"id":"e"}],"n":1}]"#;
    let m = run(base, mine, theirs, &Policy::default());
    let expected = r#"[{"id":2,"l":[{"id":"e"},{"id":"d"}],"n":1}, {"id":1,"l":[{"id":"c"},{"id":"a"},{"id":"b","n":1},{"id":"z"}]}]"#;
    assert_eq!(outcome(&m), expected);
    assert_eq!(m.rows.iter().filter(|row| row.kind == RowKind::Reordered).count(), 3);
}

#[test]
fn both_add_a_list_in_another_order() {
    let m = run(
        "{}",
        r#"{"l":[{"id":1,"a":1},{"id":2}]}"#,
        r#"{"l":[{"id":2},{"id":1,"b":1}]}"#,
        &Policy::default(),
    );
    assert_eq!(outcome(&m), r#"{"l":[{"id":2},{"id":1,"a":1,"b":1}]}"#);
    let united = row(&m, "/l");
    assert_eq!((united.kind, united.notices.clone()), (RowKind::AddedByBoth, vec![Notice::Order]));
    assert_eq!(m.rows.iter().filter(|row| row.path == united.path).count(), 1);
}

#[test]
fn people_are_known_by_address() {
    let list = |name: &str, text: &str| format!("{{\"{name}\":{text}}}");
    let base = r#"[{"email":"a@x","s":"?"},{"email":"b@x","s":"?"}]"#;
    let mine = r#"[{"email":"a@x","s":"yes"},{"email":"b@x","s":"?"}]"#;
    let theirs = r#"[{"email":"b@x","s":"no"},{"email":"a@x","s":"?"}]"#;
    for (name, merged) in
        [("attendees", true), ("Participants", true), ("cc", true), ("emails", false), ("addresses", false)]
    {
        let m = run(&list(name, base), &list(name, mine), &list(name, theirs), &Policy::default());
        let expected = list(name, r#"[{"email":"b@x","s":"no"},{"email":"a@x","s":"yes"}]"#);
        assert_eq!(outcome(&m), if merged { expected } else { format!("? /{name}") }, "{name}");
    }
    // never by name or type
    let named = |n: u8| format!(r#"{{"l":[{{"name":"a","n":{n}}}]}}"#);
    assert_eq!(outcome(&run(&named(1), &named(2), &named(3), &Policy::default())), "? /l");
}

#[test]
fn sequences_with_moves() {
    let cases = [
        ("abcd", "dabc", "abcdx", "dabcx"),
        ("abcd", "dabc", "xabcd", "xdabc"),
        ("abcd", "dabc", "acd", "dac"),
        ("abcd", "dabc", "abc", "abc"),
        ("abcd", "dabcx", "abcd", "dabcx"),
        ("abcd", "dabc", "dabc", "dabc"),
        ("abcd", "dabcx", "dabcx", "dabcx"),
        // both moved, differently: the server's order, as a notice
        ("abcd", "dabc", "bcda", "bcda"),
        // moved here, replaced there: that may be an edit of the moved one
        ("abcd", "dabc", "abcX", "?"),
        ("abcd", "bcda", "Xbcd", "?"),
        ("abcd", "dabc", "aXcd", "?"),
        // moved here, removed there while something else was put in elsewhere
        ("abcd", "dabc", "Xabc", "?"),
        // both at the end, or both at one place
        ("abcd", "dabcx", "abcdy", "?"),
        ("abcd", "abxcd", "abycd", "?"),
        ("abcd", "abxcd", "abxcd", "abxcd"),
        ("abcd", "abxcd", "abxycd", "?"),
        ("abcd", "xabcd", "abcdx", "?"),
        ("abcd", "abcdxy", "abcdyx", "?"),
        // removed on both sides
        ("abcd", "abd", "abdx", "abdx"),
        ("abcd", "abdx", "aby", "?"),
        ("abcd", "abd", "abXd", "?"),
        ("abcd", "xabd", "abdy", "xabdy"),
        // replaced here, another removed there
        ("abcd", "aXcd", "abd", "aXd"),
        ("abcd", "Xbcd", "aYcd", "?"),
        ("abcd", "Xbcd", "abcY", "XbcY"),
        ("abcd", "", "abc", ""),
        ("abcd", "", "abcdx", "x"),
        ("", "ab", "ab", "ab"),
        ("", "ab", "ba", "?"),
        ("", "ab", "c", "?"),
    ];
    for (base, mine, theirs, expected) in cases {
        let m = run(&words(base), &words(mine), &words(theirs), &Policy::default());
        let expected = if expected == "?" { "? ".to_owned() } else { words(expected) };
        assert_eq!(outcome(&m), expected, "{base} | {mine} | {theirs}");
        let back = run(&words(base), &words(theirs), &words(mine), &Policy::default());
        assert_eq!(back.is_clean(), m.is_clean(), "turned: {base} | {mine} | {theirs}");
        for (side, whole) in [(m.all_mine(), mine), (m.all_theirs(), theirs)] {
            assert!(m.is_clean() || shown(side) == words(whole), "{base} | {mine} | {theirs}");
        }
    }
    let m = run(&words("abcd"), &words("dabc"), &words("bcda"), &Policy::default());
    let moved = &m.rows[0];
    assert_eq!(
        (moved.kind, moved.please_look, moved.mode.clone()),
        (RowKind::Combined, true, Some(ArrayMode::Sequence))
    );
    let notices = [
        Notice::Order,
        Notice::MovedByServer { entries: vec![Token::Index(3)] },
        Notice::MovedByMe { entries: vec![Token::Index(0)] },
    ];
    assert_eq!(moved.notices, notices);
    assert_eq!(moved.rule, Some(Provenance::List));
    let m = run(&words("abcd"), &words("dabc"), &words("abcd"), &Policy::default());
    assert_eq!(m.rows[0].notices, [Notice::MovedByMe { entries: vec![Token::Index(0)] }]);
}

#[test]
fn repeated_entries_go_by_neighbours() {
    let cases = [
        ("aabcd", "xaabcd", "aabcy", "xaabcy"),
        ("aabcd", "aabXd", "aabcd", "aabXd"),
        ("aabcd", "aabXd", "aabYd", "?"),
        ("aaa", "aa", "aaaa", "?"),
        ("aabcd", "aacd", "aabc", "aac"),
        ("aabcde", "aacde", "aabcd", "aacd"),
        // moved here, removed there: it must not come back unseen
        ("aabcdef", "caabdef", "aabdef", "?"),
        ("aabcdef", "caabdef", "aabXdef", "?"),
        ("aabcdef", "caabdef", "aabcdeg", "caabdeg"),
        ("aabcdef", "caabdef", "caabdef", "caabdef"),
    ];
    for (base, mine, theirs, expected) in cases {
        let m = run(&words(base), &words(mine), &words(theirs), &Policy::default());
        let expected = if expected == "?" { "? ".to_owned() } else { words(expected) };
        assert_eq!(outcome(&m), expected, "{base} | {mine} | {theirs}");
        let back = run(&words(base), &words(theirs), &words(mine), &Policy::default());
        assert_eq!(outcome(&back), outcome(&m), "turned: {base} | {mine} | {theirs}");
    }
}

#[test]
fn both_orders_of_a_clash_can_be_chosen() {
    let list = |text: &str| format!("{{\"l\":{}}}", words(text));
    let m = run(&list("ab"), &list("amb"), &list("atb"), &Policy::default());
    let both = m.both(&m.rows[0]);
    assert_eq!(both, [words("atmb"), words("amtb")]);
    let take = |value: Option<&str>| m.result(&[decide(row(&m, "/l"), Choice::Both, value)]).map(shown);
    assert_eq!(take(None).unwrap(), list("atmb"));
    assert_eq!(take(Some(&both[0])).unwrap(), list("atmb"));
    assert_eq!(take(Some(r#" [ "a","m","t", "b"]"#)).unwrap(), list("amtb"));
    assert!(take(Some(r#"["a"]"#)).is_err());
    // a long text has both orders, too; so has a part of one
    let note = |text: &str| format!("{{\"l\":\"{text}\"}}");
    let m = run(&note(r"a\nb\n"), &note(r"a\nm\n"), &note(r"a\nt\n"), &Policy::default());
    assert_eq!(m.both(&m.rows[0]), [r#""a\nt\nm\n""#, r#""a\nm\nt\n""#]);
    let turned = decide(row(&m, "/l"), Choice::Both, Some(r#""a\nm\nt\n""#));
    assert_eq!(shown(m.result(&[turned]).unwrap()), note(r"a\nm\nt\n"));
    let m = run(&note(r"a\nb\nc\nd\n"), &note(r"A\nb\nm\nd\n"), &note(r"a\nb\nt\nd\n"), &Policy::default());
    assert_eq!(m.both(&m.rows[1]), [r#""t\nm\n""#, r#""m\nt\n""#]);
    assert!(m.both(&m.rows[0]).is_empty());
    let part = Decision { part: m.rows[1].part, ..decide(row(&m, "/l"), Choice::Both, Some(r#""m\nt\n""#)) };
    assert_eq!(shown(m.result(&[part]).unwrap()), note(r"A\nb\nm\nt\nd\n"));
    // no order where it makes no difference
    let m = run(&list("ab"), &list("a"), &list("aX"), &Policy::default());
    assert_eq!(m.both(&m.rows[0]), [words("aX")]);
}

#[test]
fn lists_in_lists_and_objects_without_identity() {
    let cases = [
        ("[[1],[5],[2]]", "[[1,9],[5],[2]]", "[[1],[5],[2,8]]", "[[1,9],[5],[2,8]]"),
        ("[[1],[2]]", "[[1,9],[2]]", "[[1],[2,8]]", "? "),
        (
            r#"[{"t":"a"},{"t":"b"},{"t":"c"}]"#,
            r#"[{"t":"A"},{"t":"b"},{"t":"c"}]"#,
            r#"[{"t":"a"},{"t":"b"},{"t":"C"}]"#,
            r#"[{"t":"A"},{"t":"b"},{"t":"C"}]"#,
        ),
        // changed on both sides, though in different members: nobody can tell that it is the same entry
        (r#"[{"t":"a","q":1}]"#, r#"[{"t":"a","q":2}]"#, r#"[{"t":"b","q":1}]"#, "? "),
        // moved and changed here, removed there
        (
            r#"[{"t":"a"},{"t":"b","q":1},{"t":"c"}]"#,
            r#"[{"t":"b","q":2},{"t":"a"},{"t":"c"}]"#,
            r#"[{"t":"a"},{"t":"c"}]"#,
            "? ",
        ),
        // removed on both sides, something else added
        (
            r#"[{"t":"a"},{"t":"b","d":true},{"t":"c"}]"#,
            r#"[{"t":"z","d":true},{"t":"a"},{"t":"c"}]"#,
            r#"[{"t":"a"},{"t":"c"}]"#,
            r#"[{"t":"z","d":true},{"t":"a"},{"t":"c"}]"#,
        ),
        // one entry without an id: not by id
        (r#"[{"id":1,"n":1},{"n":2}]"#, r#"[{"id":1,"n":3},{"n":2}]"#, r#"[{"id":1,"n":4},{"n":2}]"#, "? "),
        // the id itself changed: another entry
        (r#"[{"id":1,"n":1}]"#, r#"[{"id":9,"n":1}]"#, r#"[{"id":1,"n":2}]"#, "? /id=1"),
    ];
    for (base, mine, theirs, expected) in cases {
        assert_eq!(
            outcome(&run(base, mine, theirs, &Policy::default())),
            expected,
            "{base} | {mine} | {theirs}"
        );
        let back = outcome(&run(base, theirs, mine, &Policy::default()));
        assert!(back.starts_with('?') == expected.starts_with('?'), "turned: {base} | {mine} | {theirs}");
    }
}

#[test]
fn declared_modes_count_and_say_so() {
    let policy = |mode| Policy { arrays: [("l".to_owned(), mode)].into(), ..Policy::default() };
    let list = |text: &str| format!("{{\"l\":{text}}}");
    let keys = |keys: &[&str]| ArrayMode::Identity(keys.iter().map(|key| (*key).to_owned()).collect());
    let cases = [
        (ArrayMode::Set, "[1,2]", "[2,1.0,3]", "[4,1]", "[4,1,3]", ArrayMode::Set),
        (ArrayMode::Set, "[1,1]", "[1,1,3]", "[1,1,4]", "[1,1,4,3]", ArrayMode::Set),
        (
            ArrayMode::Set,
            r#"[{"a":1,"b":2}]"#,
            r#"[{"b":2.0,"a":1},7]"#,
            r#"[8,{"a":1,"b":2}]"#,
            r#"[8,{"a":1,"b":2},7]"#,
            ArrayMode::Set,
        ),
        (ArrayMode::Atomic, "[1,2]", "[1,2,3]", "[0,1,2]", "? /l", ArrayMode::Atomic),
        (
            ArrayMode::Atomic,
            r#"[{"id":1}]"#,
            r#"[{"id":1,"a":1}]"#,
            r#"[{"id":1,"b":1}]"#,
            "? /l",
            ArrayMode::Atomic,
        ),
        (
            ArrayMode::Sequence,
            r#"[{"id":1}]"#,
            r#"[{"id":1,"a":1}]"#,
            r#"[{"id":1,"b":1}]"#,
            "? /l",
            ArrayMode::Sequence,
        ),
        (
            keys(&["a", "b"]),
            r#"[{"a":1,"b":1},{"a":1,"b":2}]"#,
            r#"[{"a":1,"b":2},{"a":1,"b":1}]"#,
            r#"[{"a":1,"b":1,"x":1},{"a":1,"b":2}]"#,
            r#"[{"a":1,"b":2},{"a":1,"b":1,"x":1}]"#,
            keys(&["a", "b"]),
        ),
        (
            keys(&["a"]),
            r#"[{"a":1},{"a":1}]"#,
            r#"[{"a":1},{"a":2}]"#,
            r#"[{"a":1},{"a":3}]"#,
            "? /l",
            ArrayMode::Sequence,
        ),
    ];
    for (mode, base, mine, theirs, expected, used) in cases {
        let m = run(&list(base), &list(mine), &list(theirs), &policy(mode.clone()));
        let expected = if expected.starts_with('?') { expected.to_owned() } else { list(expected) };
        assert_eq!(outcome(&m), expected, "{mode:?} {base} | {mine} | {theirs}");
        assert_eq!(row(&m, "/l").mode, Some(used), "{mode:?} {base} | {mine} | {theirs}");
    }
    // a set in another order is the same set, and cosmetic differences stay the server's
    let m = run(&list("[1,2]"), &list("[2,1]"), &list("[1.0,2,3]"), &policy(ArrayMode::Set));
    assert_eq!(outcome(&m), list("[1.0,2,3]"));
    // what only the person changed keeps the server's spelling of the rest
    let m = run(
        &list(r#"["\u0061",1]"#),
        &list(r#"["a",1,"b"]"#),
        &list(r#"["\u0061", 1.0]"#),
        &policy(ArrayMode::Set),
    );
    assert_eq!(outcome(&m), list(r#"["\u0061", 1.0, "b"]"#));
}

#[test]
fn long_lists_take_no_time_and_too_long_ones_end_in_a_question() {
    let list =
        |items: &[usize]| format!("[{}]", items.iter().map(usize::to_string).collect::<Vec<_>>().join(","));
    let base: Vec<usize> = (0..10_000).collect();
    let mut mine = base.clone();
    mine.rotate_left(1);
    let mut theirs = base.clone();
    theirs.insert(5_000, 77_777);
    let m = run(&list(&base), &list(&mine), &list(&theirs), &Policy::default());
    let mut expected = mine.clone();
    expected.insert(4_999, 77_777);
    assert_eq!(outcome(&m), list(&expected));
    let objects = |items: &[usize]| {
        format!("[{}]", items.iter().map(|n| format!("{{\"id\":{n}}}")).collect::<Vec<_>>().join(","))
    };
    mine.reverse();
    let m = run(&objects(&base), &objects(&mine), &objects(&theirs), &Policy::default());
    assert!(m.is_clean() && outcome(&m).starts_with("[{\"id\":0},{\"id\":9999}"));
    // every element there twice: by neighbours
    let twice: Vec<usize> = base.iter().map(|n| n / 2).collect();
    let mut mine = twice.clone();
    mine.insert(10, 99_999);
    let mut theirs = twice.clone();
    theirs.push(88_888);
    assert!(run(&list(&twice), &list(&mine), &list(&theirs), &Policy::default()).is_clean());
    // the same element over and over, changed on both sides: too much to compare
    let base = vec![0; 30_000];
    let (mut mine, mut theirs) = (base.clone(), base.clone());
    mine.insert(10_000, 1);
    mine.insert(20_000, 1);
    theirs.insert(15_000, 2);
    theirs.insert(5_000, 2);
    assert_eq!(outcome(&run(&list(&base), &list(&mine), &list(&theirs), &Policy::default())), "? ");
}

#[test]
fn records_too_deep_for_rows_are_one_question() {
    let deep =
        |leaf: u8| format!("{}{leaf}{}", format!("{{\"x\":{leaf},\"a\":").repeat(9_000), "}".repeat(9_000));
    let m = run(&deep(1), &deep(2), &deep(3), &Policy::default());
    assert_eq!((m.rows.len(), m.rows[0].group, outcome(&m)), (1, Group::Open, "? ".to_owned()));
    assert_eq!((shown(m.all_mine()), shown(m.all_theirs())), (deep(2), deep(3)));
    let m = run(&deep(1), &deep(2), &deep(1), &Policy::default());
    assert_eq!(outcome(&m), deep(2));
    let m = run(&deep(1), &deep(1), &deep(3), &Policy::default());
    assert_eq!(outcome(&m), deep(3));
    // deep is fine where little changed, also with patterns that look everywhere
    let deep = |leaf: u8| format!("{}{leaf}{}", "{\"a\":".repeat(9_000), "}".repeat(9_000));
    let policy = Policy {
        rules: [("**/a".to_owned(), record_merge::Rule::Sum)].into(),
        groups: vec![vec!["**/a".into(), "**/b".into()]],
        server_kept: vec!["**/k".into()],
        ..Policy::default()
    };
    assert_eq!(outcome(&run(&deep(1), &deep(2), &deep(3), &policy)), deep(4));
}

#[test]
fn decisions_about_lists_survive() {
    let record = |x: u8, list: &str| format!("{{\"x\":{x},\"l\":{}}}", words(list));
    let first = run(&record(0, "ab"), &record(0, "amb"), &record(0, "atb"), &Policy::default());
    let turned = decide(row(&first, "/l"), Choice::Both, Some(&words("amtb")));
    // elsewhere the server changed again: the list stays as decided
    let again = run(&record(0, "ab"), &record(0, "amb"), &record(7, "atb"), &Policy::default());
    assert_eq!(shown(resolve(&again, std::slice::from_ref(&turned), None).unwrap()), record(7, "amtb"));
    // the list itself changed: asked again, the choice is proposed
    let again = run(&record(0, "ab"), &record(0, "amb"), &record(0, "atub"), &Policy::default());
    assert!(review(&again, std::slice::from_ref(&turned), None)[0].standing.is_open());
    assert!(resolve(&again, std::slice::from_ref(&turned), None).is_err());
    // an entry that was decided stays decided when others come, go or move
    let list = |text: &str| format!("{{\"l\":{}}}", ids(text));
    let first = run(&list("1na 2 3"), &list("1nb 2 3"), &list("1nc 2 3"), &Policy::default());
    let own = decide(row(&first, "/l/id=1/n"), Choice::Mine, None);
    let again = run(&list("1na 2 3"), &list("1nb 2 3"), &list("3 4 1nc"), &Policy::default());
    assert_eq!(shown(resolve(&again, &[own], None).unwrap()), list("3 4 1nb"));
}
