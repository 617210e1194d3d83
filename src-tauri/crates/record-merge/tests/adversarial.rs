//! Records that somebody made to break a program: kept, or refused with words; never changed silently, never a panic, and
//! never without an end (nextest ends a test that hangs).
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use record_merge::json::{Document, MAX_DEPTH, quote};
use record_merge::{
    ArrayMode, Format, Inputs, Merge, Merged, Operation, Path, Policy, Rule, Token, apply, batch, equal,
    merge, merge_whole,
};

fn inputs<'a>(base: &'a str, mine: &'a str, theirs: &'a str) -> Inputs<'a> {
    Inputs::new(Some(base.as_bytes()), Some(mine.as_bytes()), Some(theirs.as_bytes()))
}

fn run(format: Format, base: &str, mine: &str, theirs: &str, policy: &Policy) -> Merge {
    let m = merge(format, inputs(base, mine, theirs), policy).unwrap();
    assert_ne!(m.all_mine(), Merged::Deleted);
    assert_ne!(m.all_theirs(), Merged::Deleted);
    m
}

fn clean(format: Format, base: &str, mine: &str, theirs: &str) -> String {
    let m = run(format, base, mine, theirs, &Policy::default());
    match m.result(&[]).unwrap_or_else(|still| panic!("{still}: {:?}", still.open)) {
        Merged::Document(bytes) => String::from_utf8(bytes).unwrap(),
        Merged::Deleted => panic!("deleted"),
    }
}

/// Refused with words that say whose version it is; one whole version can still be chosen.
fn refused(format: Format, base: &[u8], mine: &[u8], theirs: &[u8], words: &str) {
    let three = Inputs::new(Some(base), Some(mine), Some(theirs));
    let error = merge(format, three, &Policy::default()).unwrap_err().to_string();
    assert!(error.contains(words) && error.contains("You can still choose one whole version"), "{error}");
    let whole = merge_whole(three, &Policy::default());
    assert_eq!(whole.all_mine(), Merged::Document(mine.to_vec()));
    assert_eq!(whole.all_theirs(), Merged::Document(theirs.to_vec()));
}

#[test]
fn numbers_of_any_size_cost_nothing_and_never_turn_into_others() {
    let with = |n: &str, other: u8| format!("{{\"n\":{n},\"other\":{other}}}");
    let digits = "7".repeat(200_000);
    for n in ["1e400", "-0", "1E+5", "1e-999999999999", "-1e999999999999999999999", &digits] {
        assert_eq!(clean(Format::Json, &with("1", 1), &with("1", 2), &with(n, 1)), with(n, 2));
        assert_eq!(clean(Format::Json, &with("1", 1), &with(n, 1), &with("1", 2)), with(n, 2));
        let m = run(Format::Json, &with("1", 1), &with(n, 1), &with("2", 1), &Policy::default());
        assert_eq!(m.open().count(), 1, "{:.20}", n);
    }
    let eq = |a: &str, b: &str| equal(Format::Json, a.as_bytes(), b.as_bytes(), &Policy::default());
    assert!(eq("-0", "0e99999999999999999999999") && eq("1e5", "1E+5") && eq("100000", "1E+5"));
    assert!(
        !eq("1e400", "1e401")
            && !eq("1e-400", "0")
            && !eq("1e99999999999999999999", "1e99999999999999999998")
    );
}

#[test]
fn rules_that_count_never_build_a_number_nobody_could_store() {
    for rule in [Rule::Sum, Rule::Higher, Rule::Union, Rule::Newest] {
        let policy = Policy { rules: [("n".to_owned(), rule)].into(), ..Policy::default() };
        for (mine, theirs) in [
            ("1e999999999", "2"),
            ("1e-999999999", "1e999999999"),
            ("-1e99999999999999999999", "1e99999999999999999998"),
            ("\"2026-11-03\"", "1e9"),
            ("[1e999999999]", "[[]]"),
            ("null", "{}"),
        ] {
            let with = |n: &str| format!("{{\"n\":{n}}}");
            let m = run(Format::Json, &with("0"), &with(mine), &with(theirs), &policy);
            if let Ok(Merged::Document(bytes)) = m.result(&[]) {
                assert!(bytes.len() < 10_000, "{rule:?} made {} bytes", bytes.len());
                Document::parse(&bytes).unwrap();
            }
        }
    }
}

#[test]
fn ten_thousand_levels_of_every_kind() {
    let nested = |open: &str, close: &str, depth: usize, leaf: &str| {
        format!("{}{leaf}{}", open.repeat(depth), close.repeat(depth))
    };
    for (open, close, each) in
        [("{\"a\":", "}", 1), ("[", "]", 1), ("[{\"a\":", "}]", 2), ("[{\"id\":1,\"a\":", "}]", 2)]
    {
        let deep = |leaf: &str| nested(open, close, MAX_DEPTH / each, leaf);
        assert_eq!(clean(Format::Json, &deep("1"), &deep("2"), &deep("1")), deep("2"), "{open}");
        let m = run(Format::Json, &deep("1"), &deep("2"), &deep("3"), &Policy::default());
        assert_eq!(m.open().count(), 1, "{open}");
        assert_eq!(m.all_theirs(), Merged::Document(deep("3").into_bytes()), "{open}");
        let deeper = nested(open, close, MAX_DEPTH / each + 1, "1");
        refused(Format::Json, b"1", b"2", deeper.as_bytes(), "10,000 levels");
        batch::run_batch_line(&format!("{{\"format\":\"json\",\"mine\":{}}}", quote(&deeper)));
    }
    let pattern = "**/a/".repeat(200) + "**";
    let policy = Policy { arrays: [(pattern, ArrayMode::Set)].into(), ..Policy::default() };
    let deep = |leaf: &str| nested("{\"a\":", "}", 1_000, leaf);
    run(Format::Json, &deep("[1]"), &deep("[2]"), &deep("[3]"), &policy);
    let path = Path(vec![Token::Member("a".into()); MAX_DEPTH]);
    let body = nested("{\"a\":", "}", MAX_DEPTH, "1");
    let set = Operation::Set { path, value: "2".to_owned() };
    assert_eq!(apply(body.as_bytes(), &[set]).unwrap(), nested("{\"a\":", "}", MAX_DEPTH, "2").into_bytes());
    for kind in ["VCARD", "VEVENT"] {
        let file = nested(&format!("BEGIN:{kind}\r\n"), &format!("END:{kind}\r\n"), 20_000, "X:1\r\n");
        for format in [Format::Vcard, Format::Icalendar] {
            let m = merge(format, inputs(&file, &file, &file), &Policy::default());
            assert!(m.is_err() || m.is_ok_and(|m| m.rows.is_empty()));
        }
    }
}

/// Two edits, one at each end, and one in the middle of a long list.
#[test]
fn lists_of_a_hundred_thousand_entries() {
    let list = |entry: &dyn Fn(usize) -> String| -> String {
        let all: Vec<String> = (0..100_000).map(entry).filter(|entry| !entry.is_empty()).collect();
        format!("{{\"l\":[{}]}}", all.join(","))
    };
    type Entry = fn(usize) -> String;
    let kinds: [(Entry, Option<ArrayMode>); 4] = [
        (|n| n.to_string(), None),
        (|n| n.to_string(), Some(ArrayMode::Set)),
        (|n| format!("{{\"id\":{n},\"v\":1}}"), None),
        (|n| format!("{{\"a\":{n},\"b\":0}}"), Some(ArrayMode::Identity(vec!["a".into(), "b".into()]))),
    ];
    for (entry, mode) in kinds {
        let policy = Policy {
            arrays: mode.map(|mode| ("l".to_owned(), mode)).into_iter().collect(),
            ..Policy::default()
        };
        let base = list(&entry);
        let mine = list(&|n| if n == 5 { String::new() } else { entry(n) });
        let theirs = list(&|n| if n == 99_990 { String::new() } else { entry(n) });
        let wanted = list(&|n| if n == 5 || n == 99_990 { String::new() } else { entry(n) });
        let m = run(Format::Json, &base, &mine, &theirs, &policy);
        assert_eq!(m.result(&[]), Ok(Merged::Document(wanted.into_bytes())), "{:?}", policy.arrays);
        // all of it in another order: an answer, whatever it is
        let turned = list(&|n| entry(99_999 - n));
        run(Format::Json, &base, &turned, &theirs, &policy);
    }
    // nothing but repeats
    let zeros = |count: usize| format!("[{}0]", "0,".repeat(count));
    let m = run(Format::Json, &zeros(100_000), &zeros(100_001), &zeros(99_999), &Policy::default());
    assert_eq!(m.open().count(), 1);
}

#[test]
fn a_megabyte_in_one_text() {
    // a JSON string, a text, a property; all lines different, all lines equal, no lines at all
    let different =
        |mark: &str| (0..30_000).map(|n| format!("line {n} of {mark}, or so\n")).collect::<String>();
    let equal_lines = |count: usize| "the same line again\n".repeat(count);
    let long = |mark: &str| format!("{}{mark}", "x".repeat(1_000_000));
    for (base, mine, theirs) in [
        (different("one"), different("two"), different("three")),
        (equal_lines(50_000), equal_lines(50_001), equal_lines(49_999)),
        (long(""), long("a"), long("b")),
    ] {
        for words in [false, true] {
            let policy = Policy { words, ..Policy::default() };
            let m = run(Format::Text, &base, &mine, &theirs, &policy);
            assert!(!m.is_clean(), "nobody can know what was meant");
            let [b, m, t] = [&base, &mine, &theirs].map(|text| format!("{{\"note\":{}}}", quote(text)));
            assert!(!run(Format::Json, &b, &m, &t, &policy).is_clean());
            let card = |text: &str| {
                let text = text.replace('\n', "\\n");
                format!("BEGIN:VCARD\r\nVERSION:4.0\r\nFN:x\r\nNOTE:{text}\r\nEND:VCARD\r\n")
            };
            assert!(!run(Format::Vcard, &card(&base), &card(&mine), &card(&theirs), &policy).is_clean());
        }
    }
    let text = |first: &str, last: &str| format!("{first}\n{}{last}\n", different("same"));
    assert_eq!(clean(Format::Text, &text("a", "z"), &text("A", "z"), &text("a", "Z")), text("A", "Z"));
}

#[test]
fn zero_bytes_and_bytes_that_are_no_text() {
    refused(Format::Json, b"{}", b"{\"a\":1}", b"{\"a\":\"\0\"}", "escaped");
    refused(Format::Json, b"{}", b"{\"a\":1}\0", b"{\"a\":2}", "more after the end");
    refused(Format::Json, b"{}", b"{\"a\":1}", b"{\"a\":\"\xff\xfe\"}", "not UTF-8");
    refused(Format::Json, b"\xff", b"{\"a\":1}", b"{\"a\":2}", "The version before");
    // escaped it is a character as any other
    let zero = |n: u8| format!("{{\"a\":\"\\u0000\",\"n\":{n}}}");
    assert_eq!(clean(Format::Json, &zero(1), &zero(2), &zero(1)), zero(2));
    assert_eq!(clean(Format::Text, "a\0\nb\nc\n", "A\0\nb\nc\n", "a\0\nb\nC\0\n"), "A\0\nb\nC\0\n");
    // not text: one value, a whole version is chosen
    for format in [Format::Text, Format::Binary, Format::Vcard, Format::Icalendar] {
        let three = Inputs::new(Some(b"a\xff"), Some(b"b\xff"), Some(b"c\xff"));
        if let Ok(m) = merge(format, three, &Policy::default()) {
            assert_eq!(m.open().count(), 1, "{format:?}");
            assert_eq!(m.all_theirs(), Merged::Document(b"c\xff".to_vec()), "{format:?}");
        }
    }
}

#[test]
fn names_that_libraries_take_for_their_own() {
    for name in [
        "$serde_json::private::Number",
        "$serde_json::private::RawValue",
        "__proto__",
        "constructor",
        "\\u0000",
        "",
    ] {
        let with = |value: &str, n: u8| format!("{{\"a\":{{\"{name}\":{value}}},\"n\":{n}}}");
        assert_eq!(
            clean(Format::Json, &with("\"12\"", 1), &with("\"12\"", 2), &with("\"12\"", 1)),
            with("\"12\"", 2)
        );
        assert_eq!(
            clean(Format::Json, &with("\"12\"", 1), &with("13", 1), &with("\"12\"", 2)),
            with("13", 2)
        );
        let m = run(Format::Json, &with("1", 1), &with("2", 1), &with("3", 1), &Policy::default());
        assert_eq!(m.open().count(), 1);
    }
}

#[test]
fn repeated_names_and_lone_halves_are_one_value_and_stay() {
    for odd in [
        "{\"a\":1,\"a\":2}",
        "{\"\\ud800\":1,\"\\ud801\":2}",
        "{\"a\":1,\"\\u0061\":2}",
        "{\"é\":1,\"\\u00e9\":1}",
    ] {
        let with = |n: u8| format!("{{\"odd\":{odd},\"n\":{n}}}");
        assert_eq!(clean(Format::Json, &with(1), &with(2), &with(1)), with(2));
        let changed = with(1).replace("1}", "7}");
        let m = run(
            Format::Json,
            &with(1),
            &changed.replace("\"n\":7", "\"n\":1"),
            &with(1).replace(odd, "{}"),
            &Policy::default(),
        );
        for side in [m.all_mine(), m.all_theirs()] {
            let Merged::Document(bytes) = side else { panic!() };
            Document::parse(&bytes).unwrap();
        }
    }
    let text = |n: u8| format!("{{\"s\":\"\\ud800\\n\\udc00\\n{n}\",\"n\":{n}}}");
    assert_eq!(run(Format::Json, &text(1), &text(2), &text(3), &Policy::default()).open().count(), 2);
}

#[test]
fn contacts_and_calendars_without_an_end() {
    let card = |changed: usize, to: &str| {
        let phones: String = (0..3_000)
            .map(|n| {
                if n == changed {
                    format!("TEL;TYPE=x{n}:{to}\r\n")
                } else {
                    format!("TEL;TYPE=x{n}:+1 {n}\r\n")
                }
            })
            .collect();
        format!("BEGIN:VCARD\r\nVERSION:4.0\r\nFN:x\r\n{phones}END:VCARD\r\n")
    };
    let merged = clean(Format::Vcard, &card(9_999, ""), &card(5, "+2 5"), &card(2_990, "+2 9"));
    assert!(merged.contains("TEL;TYPE=x5:+2 5\r\n") && merged.contains("TEL;TYPE=x2990:+2 9\r\n"));
    let events = |changed: usize, to: &str| {
        let all: String = (0..1_000)
            .map(|n| {
                let title = if n == changed { to.to_owned() } else { format!("Day {n}") };
                format!("BEGIN:VEVENT\r\nUID:u{n}\r\nDTSTART:20260101T000000Z\r\nSUMMARY:{title}\r\nEND:VEVENT\r\n")
            })
            .collect();
        format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{all}END:VCALENDAR\r\n")
    };
    let merged = clean(Format::Icalendar, &events(9_999, ""), &events(5, "mine"), &events(990, "theirs"));
    assert!(merged.contains("SUMMARY:mine\r\n") && merged.contains("SUMMARY:theirs\r\n"));
    // one line of a megabyte, folded after each character
    let folded = |end: &str| {
        format!(
            "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:x\r\nNOTE:{}{end}\r\nEND:VCARD\r\n",
            "y\r\n ".repeat(250_000)
        )
    };
    run(Format::Vcard, &folded("a"), &folded("b"), &folded("c"), &Policy::default());
}

#[test]
fn ten_thousand_questions_are_answered_at_once() {
    let record = |value: &str| {
        let members: Vec<String> = (0..10_000).map(|n| format!("\"m{n}\":\"{value}\"")).collect();
        format!("{{{}}}", members.join(","))
    };
    let m = run(Format::Json, &record("a"), &record("b"), &record("c"), &Policy::default());
    assert_eq!(m.open().count(), 10_000);
    assert_eq!(m.all_mine(), Merged::Document(record("b").into_bytes()));
    let all: Vec<_> = m
        .open()
        .map(|row| record_merge::Decision {
            path: row.path.clone(),
            part: None,
            choice: record_merge::Choice::Mine,
            value: None,
            validator: None,
            theirs_then: row.theirs.clone(),
            mine_then: row.mine.clone(),
        })
        .collect();
    assert_eq!(record_merge::resolve(&m, &all, None), Ok(Merged::Document(record("b").into_bytes())));
}
