//! Do no harm (merge.md 2.5): what nobody touched goes back byte for byte.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use record_merge::json::{Document, MAX_DEPTH};
use record_merge::{
    ApplyError, Format, Inputs, Merged, Operation, Path, Policy, Side, apply, equal, merge, value_at,
};

fn merged(base: &str, mine: &str, theirs: &str) -> String {
    let inputs = Inputs::new(Some(base.as_bytes()), Some(mine.as_bytes()), Some(theirs.as_bytes()));
    match merge(Format::Json, inputs, &Policy::default()).unwrap().result(&[]).unwrap() {
        Merged::Document(bytes) => String::from_utf8(bytes).unwrap(),
        Merged::Deleted => panic!("deleted"),
    }
}

/// Values that decoders like to change. Each stands in theirs beside an edit of mine.
const DELICATE: &[&str] = &[
    "1e5",
    "1E5",
    "1E+5",
    "1e400",
    "-0",
    "1.0",
    "12345678901234567890",
    "9007199254740993",
    "0.1000000000000000055511151231257827",
    r#""\u00e9\/\ud83d\ude00""#,
    r#""\ud800 alone""#,
    r#"{"dup":1,"dup":2}"#,
    r#"{"$serde_json::private::Number":"12"}"#,
    r#"{"$serde_json::private::RawValue":{}}"#,
    r#"{"":{" ":[ ]},"z":1,"a":2}"#,
    "[1 , 2,3\n]",
];

#[test]
fn delicate_values_keep_their_bytes() {
    for value in DELICATE {
        let with = |edit: &str| format!("{{ \"keep\" :{value}, \"edit\":{edit} }}\n");
        assert_eq!(merged(&with("1"), &with("2"), &with("1")), with("2"));
        assert_eq!(merged(&with("1"), &with("1"), &with("2")), with("2"));
        let taken = merged("{\"edit\":1}", &format!("{{\"edit\":1,\"keep\":{value}}}"), "{\"edit\":2}");
        // White space between tokens is that of the server.
        let value = if *value == "[1 , 2,3\n]" { "[1,2,3]" } else { value };
        assert_eq!(taken, format!("{{\"edit\":2,\"keep\":{value}}}"));
    }
}

#[test]
fn repeated_names_are_one_value_and_never_lost() {
    let dup = r#"{"o":{"a":1,"a":2},"n":1}"#;
    assert_eq!(merged(dup, &dup.replace("\"n\":1", "\"n\":2"), dup), dup.replace("\"n\":1", "\"n\":2"));
    assert!(!equal(Format::Json, br#"{"a":1,"a":2}"#, br#"{"a":2}"#, &Policy::default()));
    assert!(!equal(Format::Json, br#"{"a":1,"a":2}"#, br#"{"a":2,"a":1}"#, &Policy::default()));
    assert!(equal(Format::Json, br#"{"a":1,"a":2}"#, br#"{ "a":1.0,"a":2 }"#, &Policy::default()));
}

#[test]
fn the_frame_of_the_text_stays() {
    let cases = [
        ("\u{feff}{\"a\":1}", "\u{feff}{\"a\":2}"),
        ("{\r\n\t\"a\": 1\r\n}\r\n", "{\r\n\t\"a\": 2\r\n}\r\n"),
        ("{\"a\":1}", "{\"a\":2}"),
        ("  {\"a\":1}\n\n", "  {\"a\":2}\n\n"),
    ];
    for (theirs, expected) in cases {
        assert_eq!(merged("{\"a\":1}", "{\"a\":2}", theirs), expected);
    }
}

/// theirs, mine, the outcome; the base is `{"a":1,"b":2,"c":3}`.
#[test]
fn members_come_and_go_in_the_style_of_the_server() {
    let cases = [
        (
            r#"{"a":1,"b":2,"c":3}"#,
            r#"{"a":1,"new":[ 9 ],"b":2,"c":3}"#,
            r#"{"a":1,"new":[ 9 ],"b":2,"c":3}"#,
        ),
        (
            r#"{"a": 1, "b": 2, "c": 3}"#,
            r#"{"a":1,"b":2,"c":3,"new":9}"#,
            r#"{"a": 1, "b": 2, "c": 3, "new": 9}"#,
        ),
        (r#"{"a":1,"b":2,"c":3}"#, r#"{"new":9,"a":1,"b":2,"c":3}"#, r#"{"a":1,"b":2,"c":3,"new":9}"#),
        (
            "{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3\n}\n",
            r#"{"a":1,"x":8,"y":9,"b":2,"c":3}"#,
            "{\n  \"a\": 1,\n  \"x\": 8,\n  \"y\": 9,\n  \"b\": 2,\n  \"c\": 3\n}\n",
        ),
        ("{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3\n}", r#"{"b":2}"#, "{\n  \"b\": 2\n}"),
        (r#"{ "a":1 , "b":2 , "c":3 }"#, r#"{"a":1,"c":3}"#, r#"{ "a":1 , "c":3 }"#),
        (r#"{"a":1,"b":2,"c":3}"#, "{}", "{}"),
        (r#"{"a":1,"b":2,"c":3}"#, r#"{"d":4}"#, r#"{"d":4}"#),
        (
            "{\r\n \"a\":1,\r\n \"b\":2,\r\n \"c\":3}",
            r#"{"a":1,"b":2,"c":3,"d":4}"#,
            "{\r\n \"a\":1,\r\n \"b\":2,\r\n \"c\":3,\r\n \"d\":4}",
        ),
        (r#"{"c":3,"b":2,"a":1}"#, r#"{"a":1,"n":0,"b":2,"c":3}"#, r#"{"c":3,"b":2,"a":1,"n":0}"#),
    ];
    for (theirs, mine, expected) in cases {
        assert_eq!(merged(r#"{"a":1,"b":2,"c":3}"#, mine, theirs), expected, "{mine} into {theirs}");
    }
}

/// theirs, what mine has besides `"a": 1` (all of mine), the outcome; the base is `{"a":1}`.
const LAID_OUT: &[(&str, &str, &str)] = &[
    // another indentation
    (
        "{\n    \"a\": 1\n}",
        "{\n  \"a\": 1,\n  \"o\": {\n    \"x\": [\n      1.0,\n      2\n    ],\n    \"e\": {}\n  }\n}",
        "{\n    \"a\": 1,\n    \"o\": {\n        \"x\": [\n            1.0,\n            2\n        ],\n        \"e\": {}\n    }\n}",
    ),
    // tabs, and lines that end as on Windows
    (
        "{\r\n\t\"a\": 1\r\n}\r\n",
        "{\n  \"a\": 1,\n  \"o\": {\n    \"x\": \"{\\n  \\\"y\\\" : 1}\"\n  }\n}\n",
        "{\r\n\t\"a\": 1,\r\n\t\"o\": {\r\n\t\t\"x\": \"{\\n  \\\"y\\\" : 1}\"\r\n\t}\r\n}\r\n",
    ),
    // the server writes in one line, with spaces or without
    (
        r#"{"a":1}"#,
        "{\n  \"a\": 1,\n  \"o\": {\n    \"x\": [\n      1,\n      2\n    ],\n    \"y\": {\n      \"z\": null\n    }\n  }\n}",
        r#"{"a":1,"o":{"x":[1,2],"y":{"z":null}}}"#,
    ),
    (
        r#"{"a": 1}"#,
        "{\n  \"a\": 1,\n  \"o\": {\n    \"x\": [\n      1,\n      2\n    ]\n  }\n}",
        r#"{"a": 1, "o": {"x": [1, 2]}}"#,
    ),
    (
        r#"{ "a": 1, "b": [1, 2] }"#,
        "{\"a\":1,\"b\":[1,2],\"o\":{\n\"x\":[3,4]}}",
        r#"{ "a": 1, "b": [1, 2], "o": { "x": [3, 4] } }"#,
    ),
    // what was in one line, where the server writes over several
    (
        "{\n  \"a\": 1\n}",
        r#"{"a":1,"o":{"x":[1,{}],"y":[]}}"#,
        "{\n  \"a\": 1,\n  \"o\": {\n    \"x\": [\n      1,\n      {}\n    ],\n    \"y\": []\n  }\n}",
    ),
    // and where it writes short lists and objects in one line
    (
        "{\n  \"a\": 1,\n  \"p\": {\"x\": 1},\n  \"l\": [1, 2]\n}",
        r#"{"a":1,"p":{"x":1},"l":[1,2],"o":{"x":[1,2]}}"#,
        "{\n  \"a\": 1,\n  \"p\": {\"x\": 1},\n  \"l\": [1, 2],\n  \"o\": {\"x\": [1, 2]}\n}",
    ),
    // what is meant stays: short lists in a line, empty lines, rows of numbers
    (
        "{\n    \"a\": 1\n}",
        "{\n  \"a\": 1,\n  \"o\": {\n    \"x\": [1, 2],\n\n    \"m\": [\n      1, 0,\n      0, 1\n    ]\n  }\n}",
        "{\n    \"a\": 1,\n    \"o\": {\n        \"x\": [1, 2],\n\n        \"m\": [\n            1, 0,\n            0, 1\n        ]\n    }\n}",
    ),
    // objects that begin in the line of their list
    (
        "{\n  \"a\": 1,\n  \"l\": [{\n    \"id\": 1\n  }]\n}",
        "{\n\t\"a\": 1,\n\t\"l\": [{\n\t\t\"id\": 1\n\t}, {\n\t\t\"id\": 2\n\t}]\n}",
        "{\n  \"a\": 1,\n  \"l\": [{\n    \"id\": 1\n  }, {\n    \"id\": 2\n  }]\n}",
    ),
    // commas at the end of a line with a space behind, closing brackets in the last line
    (
        "{\n    \"a\": 1, \n    \"b\": 2\n}",
        r#"{"a":1,"b":2,"o":{"x":1,"y":2}}"#,
        "{\n    \"a\": 1, \n    \"b\": 2, \n    \"o\": {\n        \"x\": 1, \n        \"y\": 2\n    }\n}",
    ),
    (
        "{\n \"a\":1,\n \"b\":2}",
        r#"{"a":1,"b":2,"o":{"x":1,"y":2}}"#,
        "{\n \"a\":1,\n \"b\":2,\n \"o\":{\n  \"x\":1,\n  \"y\":2}}",
    ),
];

#[test]
fn what_comes_in_is_laid_out_as_the_server_lays_out() {
    for (theirs, mine, expected) in LAID_OUT {
        let mut base = theirs.to_string();
        if !base.contains("\"b\"") && !base.contains("\"l\"") {
            base = r#"{"a":1}"#.to_owned();
        }
        assert_eq!(merged(&base, mine, theirs), *expected, "{mine} into {theirs}");
        // What has this layout already comes in byte for byte.
        assert_eq!(merged(&base, expected, theirs), *expected, "{expected} into {theirs}");
    }
}

#[test]
fn an_object_in_the_place_of_a_single_value_has_the_layout_of_the_server() {
    let cases = [
        (
            "{\n    \"a\": null\n}",
            "{\n  \"a\": {\n    \"x\": 1\n  }\n}",
            "{\n    \"a\": {\n        \"x\": 1\n    }\n}",
        ),
        (r#"{"a":null}"#, "{\n  \"a\": [\n    1\n  ]\n}", r#"{"a":[1]}"#),
        (
            "{\n  \"a\": [\n  ]\n}",
            r#"{"a":[{"x":1}]}"#,
            "{\n  \"a\": [\n    {\n      \"x\": 1\n    }\n  ]\n}",
        ),
    ];
    for (theirs, mine, expected) in cases {
        assert_eq!(merged(theirs, mine, theirs), expected, "{mine} into {theirs}");
        assert_eq!(merged(theirs, expected, theirs), expected);
    }
}

#[test]
fn what_is_nested_deep_does_not_become_indentation() {
    let deep = format!("{}{}", "[".repeat(9_000), "]".repeat(9_000));
    let mine = format!("{{\"a\":1,\"deep\":{deep}}}");
    let with = merged(r#"{"a":1}"#, &mine, "{\n    \"a\": 1\n}");
    assert_eq!(with, format!("{{\n    \"a\": 1,\n    \"deep\": {deep}\n}}"));
    let wide = format!("{{\n{}\"a\": 1\n}}", " ".repeat(500_000));
    let members: String = (0..2000).map(|n| format!(",\"m{n}\":{{\"x\":1}}")).collect();
    assert!(merged(&wide, &format!("{{\"a\":1{members}}}"), &wide).len() < 3_000_000);
}

#[test]
fn cosmetic_differences_are_no_changes() {
    let base = r#"{"a":1,"b":"é","c":{"x":1,"y":[1,2]}}"#;
    let spelled = "{ \"c\" : { \"y\" : [1.0,2e0] , \"x\" : 1 } , \"b\" : \"\\u00e9\", \"a\" : 10e-1 }\r\n";
    assert!(equal(Format::Json, base.as_bytes(), spelled.as_bytes(), &Policy::default()));
    assert_eq!(merged(base, base, spelled), spelled);
    assert_eq!(merged(base, spelled, base), base);
}

#[test]
fn large_exponents_and_integers_are_exact() {
    let eq = |a: &str, b: &str| equal(Format::Json, a.as_bytes(), b.as_bytes(), &Policy::default());
    assert!(eq("1e999999999", "10e999999998"));
    assert!(!eq("1e999999999", "1e999999998"));
    assert!(!eq("9007199254740992", "9007199254740993"));
    assert!(!eq("1", "true") && !eq("1", "\"1\"") && !eq("null", "0") && eq("0", "-0.0e7"));
    let digits = "7".repeat(1_000_000);
    assert!(eq(&digits, &format!("{digits}.0")));
}

#[test]
fn ten_thousand_levels_merge_and_more_are_refused_with_words() {
    let nested = |depth: usize, leaf: &str| format!("{}{leaf}{}", "{\"a\":".repeat(depth), "}".repeat(depth));
    let deep = |leaf| nested(MAX_DEPTH, leaf);
    assert_eq!(merged(&deep("{}").replace("{}", "1"), &deep("2"), &deep("1")), deep("2"));
    assert_eq!(merged(&deep("1"), &deep("1"), &deep("3")), deep("3"));
    let path = Path(vec![record_merge::Token::Member("a".into()); MAX_DEPTH]);
    assert_eq!(value_at(deep("7").as_bytes(), &path).unwrap().as_deref(), Some("7"));
    for too_deep in [nested(MAX_DEPTH + 1, "1"), "[".repeat(100_000)] {
        let inputs = Inputs::new(Some(b"1"), Some(b"2"), Some(too_deep.as_bytes()));
        let refused = merge(Format::Json, inputs, &Policy::default()).unwrap_err();
        assert_eq!(refused.side, Side::Theirs);
        assert!(refused.to_string().contains("10,000 levels"), "{refused}");
        // choosing a whole version still works
        let whole = merge(Format::Text, inputs, &Policy::default()).unwrap();
        assert_eq!(whole.all_theirs(), Merged::Document(too_deep.into_bytes()));
    }
}

#[test]
fn a_megabyte_in_one_string() {
    let long = "é\\n\\u0041".repeat(130_000);
    let with = |n: u32| format!("{{\"n\":{n},\"long\":\"{long}\"}}");
    assert_eq!(merged(&with(1), &with(2), &with(1)), with(2));
}

#[test]
fn what_is_not_json_is_refused_with_the_place() {
    let cases: &[(&[u8], usize, usize, &str)] = &[
        (b"", 1, 1, "the text ends"),
        (b"{\"a\":1,}", 1, 8, "a name in double quotes"),
        (b"{\n  \"a\" 1}", 2, 7, "colon"),
        (b"[1 2]", 1, 4, "comma or ]"),
        (b"[1}", 1, 3, "comma or ]"),
        (b"{\"a\":1]", 1, 7, "comma or }"),
        (b"01", 1, 2, "must not start with 0"),
        (b"1.", 1, 3, "digit"),
        (b"+1", 1, 1, "not a JSON value"),
        (b"1e", 1, 3, "digit"),
        (b"NaN", 1, 1, "not a JSON value"),
        (b"'a'", 1, 1, "not a JSON value"),
        (b"\"a\tb\"", 1, 3, "escaped"),
        (b"\"\\x\"", 1, 3, "escape"),
        (b"\"\\u12g4\"", 1, 6, "four hexadecimal"),
        (b"\"a", 1, 3, "closing double quote"),
        (b"1 2", 1, 3, "more after the end"),
        (b"[\"\xc3\xa9\", \xff]", 1, 7, "not UTF-8"),
        (b"\xef\xbb\xbf", 1, 2, "the text ends"),
        (b"tru", 1, 1, "not a JSON value"),
    ];
    for (bytes, line, column, words) in cases {
        let error = Document::parse(bytes).unwrap_err();
        assert!(error.words.contains(words), "{}: {error}", String::from_utf8_lossy(bytes));
        assert_eq!((error.line, error.column), (*line, *column), "{}", String::from_utf8_lossy(bytes));
        assert!(equal(Format::Json, bytes, bytes, &Policy::default()));
        assert!(!equal(Format::Json, bytes, b"1", &Policy::default()));
    }
    assert!(Document::parse(&vec![b' '; 16 * 1024 * 1024 + 1]).unwrap_err().words.contains("16 MiB"));
}

fn set(pointer: &str, value: &str) -> Operation {
    Operation::Set { path: Path::from_pointer(pointer).unwrap(), value: value.to_owned() }
}

fn unset(pointer: &str) -> Operation {
    Operation::Unset { path: Path::from_pointer(pointer).unwrap() }
}

#[test]
fn single_edits_are_spliced() {
    let cases = [
        (r#"{"a":1.0,"b":[1, 2]}"#, set("/a", " 2e1\n"), r#"{"a":2e1,"b":[1, 2]}"#),
        (r#"{"a":1.0}"#, set("/b", "\"x\""), r#"{"a":1.0,"b":"x"}"#),
        (r#"{"b":[1, 2]}"#, set("/b/2", "3"), r#"{"b":[1, 2, 3]}"#),
        (r#"{"b":[]}"#, set("/b/0", "3"), r#"{"b":[3]}"#),
        (r#"{"b":[1, 2]}"#, set("/b/0", "{}"), r#"{"b":[{}, 2]}"#),
        (r#"{"b":[1, 2]}"#, unset("/b/0"), r#"{"b":[2]}"#),
        (r#"{"b":[1]}"#, unset("/b/0"), r#"{"b":[]}"#),
        (r#"{"0":1}"#, set("/0", "2"), r#"{"0":2}"#),
        ("{}", set("/a~1b", "null"), r#"{"a/b":null}"#),
        (" [1] ", set("", "{\"x\":1}"), " {\"x\":1} "),
        ("{\n    \"a\": {}\n}", set("/a/b", "1"), "{\n    \"a\": {\n        \"b\": 1\n    }\n}"),
        (
            "{\n  \"a\": {\n    \"b\": 1\n  }\n}",
            set("/a/c", "2"),
            "{\n  \"a\": {\n    \"b\": 1,\n    \"c\": 2\n  }\n}",
        ),
        (r#"{"\u0061":1}"#, set("/a", "2"), r#"{"\u0061":2}"#),
    ];
    for (body, operation, expected) in cases {
        let bytes = apply(body.as_bytes(), std::slice::from_ref(&operation)).unwrap();
        assert_eq!(String::from_utf8(bytes).unwrap(), expected, "{operation:?}");
    }
    let both = apply(br#"{"a":1}"#, &[set("/b", "{}"), set("/b/c", "2"), unset("/a")]).unwrap();
    assert_eq!(both, br#"{"b":{"c":2}}"#);
}

#[test]
fn edits_that_cannot_be_made_say_why() {
    let body = br#"{"a":1,"l":[1],"d":{"x":1,"x":2}}"#;
    let cases = [
        (set("/p/q", "1"), "/p is not there, so /p/q cannot be set"),
        (set("/a/q", "1"), "/a has no fields"),
        (set("/l/3", "1"), "the list /l has 1 entries"),
        (set("/l/x", "1"), "the list /l has 1 entries"),
        (set("/a", "one"), "not JSON"),
        (set("/d/x", "1"), "more than once"),
        (unset("/zz"), "/zz is not there"),
        (unset("/p/q"), "/p/q is not there"),
        (unset(""), "whole record"),
    ];
    for (operation, words) in cases {
        let error = apply(body, &[set("/new", "1"), operation]).unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
    }
    assert!(matches!(apply(b"{", &[unset("/a")]), Err(ApplyError::Record(_))));
    let text = serde_json::to_string(&set("/a", "1")).unwrap();
    assert_eq!(text, r#"{"op":"set","path":["a"],"value":"1"}"#);
}
