//! Rules, groups and checks: what a policy says to a clash (M18, M22, M38, M53).
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{decide, member, outcome, run, shown};
use record_merge::{
    ArrayMode, Choice, Decision, Format, Group, Inputs, Origin, Path, Policy, Provenance, Row, RowKind, Rule,
    Standing, batch::run_batch_line, merge, resolve, review,
};

fn inputs<'a>(base: &'a str, mine: &'a str, theirs: &'a str) -> Inputs<'a> {
    Inputs::new(Some(base.as_bytes()), Some(mine.as_bytes()), Some(theirs.as_bytes()))
}

fn rules(all: &[(&str, Rule)]) -> Policy {
    let rules = all.iter().map(|(pattern, rule)| ((*pattern).to_owned(), *rule)).collect();
    Policy { rules, ..Policy::default() }
}

fn groups(all: &[&[&str]]) -> Policy {
    let groups = all.iter().map(|group| group.iter().map(|name| (*name).to_owned()).collect()).collect();
    Policy { groups, ..Policy::default() }
}

#[test]
fn rules_answer_clashes_and_say_so() {
    // rule, base, mine, theirs, the outcome
    let cases = [
        (Rule::Mine, "1", "2", "3", "2"),
        (Rule::Server, "1", "2", "3", "3"),
        (Rule::Mine, "1", "-", "3", "-"),
        (Rule::Server, "1", "2", "-", "-"),
        (Rule::Mine, "1", "null", "-", "null"),
        (Rule::Mine, "{\"a\":1}", "{\"a\":2}", "{\"a\":3}", "{\"a\":2}"),
        (Rule::Server, "{\"a\":1,\"b\":1}", "{\"a\":2,\"b\":2}", "{\"a\":3,\"b\":1}", "{\"a\":3,\"b\":2}"),
        (Rule::Mine, "{\"a\":1}", "7", "{\"a\":3}", "7"),
        (Rule::Mine, "[1]", "[1,2]", "[1,3]", "[1,2]"),
        (Rule::Server, "[{\"id\":1}]", "[{\"id\":1,\"n\":1}]", "[]", "[]"),
        (Rule::Mine, r#""a\nb\nc""#, r#""A\nb\nx""#, r#""a\nb\ny""#, r#""A\nb\nx""#),
        (Rule::Server, r#""a\nb\nc\nd""#, r#""A\nb\nx\nd""#, r#""a\nb\ny\nd""#, r#""A\nb\ny\nd""#),
        // without times nobody knows which is newer
        (Rule::Newest, "1", "2", "3", "?"),
        (Rule::Union, "[1,2]", "[1,2,3]", "[1,2,4]", "[1,2,4,3]"),
        (Rule::Union, "[1,2]", "[1,3]", "[1,2,4]", "[1,4,3]"),
        (Rule::Union, "[0,0]", "[0,0,3]", "[0,0,4]", "[0,0,4,3]"),
        (Rule::Union, "-", "[\"a\"]", "[\"b\",\"a\"]", "[\"b\",\"a\"]"),
        (Rule::Union, "\"a\"", "\"b\"", "\"c\"", "?"),
        (Rule::Union, "[1]", "[2]", "-", "?"),
        (Rule::Sum, "10", "12", "9", "11"),
        (Rule::Sum, "1.5", "2.5", "0.5", "1.5"),
        (Rule::Sum, "0.1", "0.3", "0.2", "0.4"),
        (Rule::Sum, "9007199254740993", "9007199254740994", "9007199254740995", "9007199254740996"),
        (Rule::Sum, "1", "\"2\"", "3", "?"),
        (Rule::Sum, "-", "2", "3", "?"),
        (Rule::Sum, "1", "2", "-", "?"),
        (Rule::Sum, "1", "null", "3", "?"),
        (Rule::Higher, "1", "2", "10", "10"),
        (Rule::Higher, "5", "-1", "-2", "-1"),
        (Rule::Higher, "1", "2e0", "1.9999999999999999999999", "2e0"),
        (Rule::Higher, "1", "2", "\"3\"", "?"),
        (Rule::Higher, "\"a\"", "\"b\"", "\"c\"", "?"),
        (Rule::Higher, "\"2026-01-01\"", "\"2026-02-01\"", "\"2026-01-15\"", "\"2026-02-01\""),
        (
            Rule::Higher,
            "null",
            "\"2026-02-01T10:00:00Z\"",
            "\"2026-02-01T10:30:00+01:00\"",
            "\"2026-02-01T10:00:00Z\"",
        ),
        (Rule::Higher, "null", "\"2026-02-01T10:00:00Z\"", "\"2026-02-01T11:00:00+01:00\"", "?"),
        (Rule::Higher, "null", "\"2026-02-01\"", "\"2026-02-01T11:00:00+01:00\"", "?"),
    ];
    for (rule, base, mine, theirs, expected) in cases {
        let words = format!("{rule:?}: {base} | {mine} | {theirs}");
        let m = run(&member(base), &member(mine), &member(theirs), &rules(&[("v", rule)]));
        let found = outcome(&m);
        if expected == "?" {
            assert!(found.starts_with("? /v"), "{words}: {found}");
            continue;
        }
        assert_eq!(found, member(expected), "{words}");
        let by_rule = |row: &&Row| matches!(&row.rule, Some(Provenance::Rule { rule: own, pattern, origin: None }) if *own == rule && pattern == "v");
        let told: Vec<&Row> = m.rows.iter().filter(by_rule).collect();
        assert_eq!(told.len(), 1, "{words}: {:?}", m.rows);
        assert_eq!((told[0].group, told[0].automatic.is_some()), (Group::Automatic, true), "{words}");
        // it can be turned round, to both sides
        for (choice, value) in
            [(Choice::Mine, told[0].mine.clone()), (Choice::Theirs, told[0].theirs.clone())]
        {
            let turned = shown(resolve(&m, &[decide(told[0], choice, None)], None).unwrap());
            if told[0].part.is_none() {
                let there = record_merge::value_at(turned.as_bytes(), &told[0].path).unwrap();
                assert_eq!(there.is_some(), value.is_some(), "{words}: {turned}");
            }
        }
        // turned round, the sides change their names
        let other = match rule {
            Rule::Mine => Rule::Server,
            Rule::Server => Rule::Mine,
            same => same,
        };
        let back = run(&member(base), &member(theirs), &member(mine), &rules(&[("v", other)]));
        assert!(back.is_clean(), "turned: {words}");
        let lists = rule == Rule::Union;
        assert!(
            lists
                || record_merge::equal(
                    Format::Json,
                    outcome(&back).as_bytes(),
                    found.as_bytes(),
                    &Policy::default()
                ),
            "turned: {words}"
        );
    }
}

#[test]
fn rules_leave_alone_what_does_not_clash() {
    for rule in [Rule::Mine, Rule::Server, Rule::Newest, Rule::Union, Rule::Sum, Rule::Higher] {
        let policy = rules(&[("v", rule)]);
        for (base, mine, theirs, expected) in [
            ("1", "5", "1", "5"),
            ("9", "9", "2", "2"),
            ("1", "7", "7", "7"),
            ("[1]", "[2,1]", "[1,3]", "[2,1,3]"),
        ] {
            let m = run(&member(base), &member(mine), &member(theirs), &policy);
            assert_eq!(outcome(&m), member(expected), "{rule:?}: {base} | {mine} | {theirs}");
            assert!(m.rows.iter().all(|row| !matches!(row.rule, Some(Provenance::Rule { .. }))), "{rule:?}");
        }
    }
    // a record as a whole is never answered by a rule
    let policy = rules(&[("**", Rule::Server), ("", Rule::Mine)]);
    let gone = Inputs { theirs: None, ..inputs("{\"a\":1}", "{\"a\":2}", "") };
    assert!(!merge(Format::Json, gone, &policy).unwrap().is_clean());
    assert!(!run("1", "2", "3", &policy).is_clean());
}

#[test]
fn the_most_exact_rule_holds() {
    let policy =
        rules(&[("**", Rule::Server), ("a", Rule::Mine), ("a/b", Rule::Sum), ("lines/price", Rule::Higher)]);
    let cases = [
        (r#"{"x":1}"#, r#"{"x":2}"#, r#"{"x":3}"#, r#"{"x":3}"#),
        (
            r#"{"a":{"x":1,"b":1}}"#,
            r#"{"a":{"x":2,"b":2}}"#,
            r#"{"a":{"x":3,"b":3}}"#,
            r#"{"a":{"x":2,"b":4}}"#,
        ),
        (
            r#"{"lines":[{"id":1,"price":1,"n":1}]}"#,
            r#"{"lines":[{"id":1,"price":5,"n":2}]}"#,
            r#"{"lines":[{"id":1,"price":3,"n":3}]}"#,
            r#"{"lines":[{"id":1,"price":5,"n":3}]}"#,
        ),
        // a rule for a value that this is not: nobody else's rule takes its place
        (r#"{"a":{"b":1}}"#, r#"{"a":{"b":"x"}}"#, r#"{"a":{"b":2}}"#, "? /a/b"),
    ];
    for (base, mine, theirs, expected) in cases {
        assert_eq!(outcome(&run(base, mine, theirs, &policy)), expected, "{base} | {mine} | {theirs}");
    }
    let mut policy = rules(&[("a", Rule::Mine)]);
    policy.origins.insert("a".into(), Origin::Person);
    let m = run(r#"{"a":1}"#, r#"{"a":2}"#, r#"{"a":3}"#, &policy);
    let why = Provenance::Rule { rule: Rule::Mine, pattern: "a".into(), origin: Some(Origin::Person) };
    assert_eq!(m.rows[0].rule, Some(why));
}

#[test]
fn the_newest_version_by_its_time() {
    let policy = rules(&[("v", Rule::Newest)]);
    let (base, mine, theirs) = (member("1"), member("2"), member("3"));
    for (mine_at, theirs_at, expected) in [
        (Some(2), Some(1), Some("2")),
        (Some(1), Some(2), Some("3")),
        (Some(2), Some(2), None),
        (Some(2), None, None),
        (None, Some(2), None),
    ] {
        let three = inputs(&base, &mine, &theirs).made_at(mine_at, theirs_at);
        let m = merge(Format::Json, three, &policy).unwrap();
        assert_eq!(outcome(&m), expected.map_or("? /v".to_owned(), member), "{mine_at:?} {theirs_at:?}");
        // and as a line of `merge --batch`
        let mut line = serde_json::json!({
            "format": "json", "base": base, "mine": mine, "theirs": theirs, "policy": {"rules": {"v": "newest"}},
        });
        for (name, at) in [("mine_at", mine_at), ("theirs_at", theirs_at)] {
            line.as_object_mut().unwrap().extend(at.map(|at| (name.to_owned(), at.into())));
        }
        let answer: serde_json::Value = serde_json::from_str(&run_batch_line(&line.to_string())).unwrap();
        assert_eq!(answer["merged"].as_str(), expected.map(member).as_deref(), "{line}");
        assert_eq!(answer["conflicts"].as_array().unwrap().is_empty(), expected.is_some(), "{line}");
    }
}

#[test]
fn an_overruled_rule_stays_overruled() {
    let policy = rules(&[("v", Rule::Server)]);
    let first = run(&member("1"), &member("2"), &member("3"), &policy);
    let own = decide(&first.rows[0], Choice::Mine, None);
    let again = run(&member("1"), &member("2"), r#"{"k":9,"v":3}"#, &policy);
    assert!(matches!(review(&again, std::slice::from_ref(&own), None)[1].standing, Standing::Overridden(_)));
    let changed = run(&member("1"), &member("2"), &member("4"), &policy);
    assert!(review(&changed, &[own], None)[0].standing.is_open());
}

#[test]
fn fields_that_belong_together_are_one_row() {
    let record = |start: &str, end: &str| format!("{{\"t\":0,\"start\":{start},\"x\":1,\"end\":{end}}}");
    let m = run(&record("1", "2"), &record("5", "2"), &record("1", "7"), &Policy::default());
    assert_eq!(outcome(&m), "? /start");
    let row = &m.rows[0];
    assert_eq!((m.rows.len(), row.kind), (1, RowKind::EditedDifferently));
    assert_eq!(row.with, [Path::from_pointer("/end").unwrap()]);
    let values = [&row.before, &row.mine, &row.theirs].map(|value| value.as_deref().unwrap());
    assert_eq!(values, [r#"{"start":1,"end":2}"#, r#"{"start":5,"end":2}"#, r#"{"start":1,"end":7}"#]);
    for (choice, value, expected) in [
        (Choice::Mine, None, Some(record("5", "2"))),
        (Choice::Theirs, None, Some(record("1", "7"))),
        (Choice::Edit, Some(r#"{"end": 8.0, "start":6}"#), Some(record("6", "8.0"))),
        (Choice::Edit, Some(r#"{"end":7e0}"#), Some(r#"{"t":0,"x":1,"end":7}"#.to_owned())),
        (Choice::Edit, None, Some(r#"{"t":0,"x":1}"#.to_owned())),
        (Choice::Edit, Some("6"), None),
        (Choice::Edit, Some(r#"{"start":1,"other":2}"#), None),
        (Choice::Edit, Some(r#"{"start":1,"start":2}"#), None),
        (Choice::Both, None, None),
    ] {
        let found = m.result(&[decide(row, choice, value)]).ok().map(shown);
        assert_eq!(found, expected, "{choice:?} {value:?}");
    }
    assert_eq!((shown(m.all_mine()), shown(m.all_theirs())), (record("5", "2"), record("1", "7")));
    // one side only: one row, automatic
    let m = run(&record("1", "2"), &record("5", "6"), &record("1", "2"), &Policy::default());
    assert_eq!(
        (m.rows.len(), m.rows[0].automatic, m.rows[0].rule.clone()),
        (1, Some(Choice::Mine), Some(Provenance::OnlyMine))
    );
    assert_eq!(outcome(&m), record("5", "6"));
    assert_eq!(shown(m.result(&[decide(&m.rows[0], Choice::Theirs, None)]).unwrap()), record("1", "2"));
    // the same on both sides, or not touched: no row
    assert!(
        run(&record("1", "2"), &record("5", "6"), &record("5.0", "6"), &Policy::default()).rows.is_empty()
    );
    // both changed, one of them more
    let m = run(&record("1", "2"), &record("5", "2"), &record("5", "7"), &Policy::default());
    assert_eq!(outcome(&m), "? /start");
}

#[test]
fn members_of_a_group_come_and_go_together() {
    let cases = [
        // added differently, removed against changed
        ("{}", r#"{"lat":1}"#, r#"{"lon":2}"#, RowKind::AddedDifferently, r#"{"lat":1}"#, r#"{"lon":2}"#),
        (
            r#"{"lat":1,"lon":1}"#,
            "{}",
            r#"{"lat":1,"lon":2}"#,
            RowKind::DeletedByMeEditedByServer,
            "{}",
            r#"{"lat":1,"lon":2}"#,
        ),
        (
            r#"{"lat":1,"lon":1}"#,
            r#"{"lat":5,"lon":1}"#,
            r#"{"lat":1}"#,
            RowKind::EditedDifferently,
            r#"{"lat":5,"lon":1}"#,
            r#"{"lat":1}"#,
        ),
    ];
    for (base, mine, theirs, kind, all_mine, all_theirs) in cases {
        let m = run(base, mine, theirs, &Policy::default());
        assert_eq!((m.rows.len(), m.rows[0].kind), (1, kind), "{base} | {mine} | {theirs}");
        let same = |a: String, b: &str| {
            record_merge::equal(Format::Json, a.as_bytes(), b.as_bytes(), &Policy::default())
        };
        assert!(same(shown(m.all_mine()), all_mine), "{base} | {mine} | {theirs}: {}", shown(m.all_mine()));
        assert!(same(shown(m.all_theirs()), all_theirs), "{base} | {mine} | {theirs}");
        let back = run(base, theirs, mine, &Policy::default());
        assert_eq!(back.rows.len(), 1);
        assert!(same(shown(back.all_theirs()), all_mine), "turned: {base} | {mine} | {theirs}");
    }
}

#[test]
fn pairs_are_known_by_name() {
    let pair = |a: &str, b: &str, x: u8, y: u8| format!("{{\"{a}\":{x},\"{b}\":{y}}}");
    for (a, b, together) in [
        ("start", "end", true),
        ("start_time", "end_time", true),
        ("startsAt", "endsAt", true),
        ("start-date", "end-date", true),
        ("startdate", "enddate", true),
        ("eventStart", "eventEnd", true),
        ("start", "finish", true),
        ("start", "stop", true),
        ("started_at", "stopped_at", true),
        // the day of the start and the hour of the end are of one time
        ("start_date", "end_time", true),
        ("date", "time", true),
        ("start", "duration", true),
        ("startTime", "durationMinutes", true),
        ("start", "timeZone", true),
        ("startDate", "start_time_zone", true),
        ("end", "tz", true),
        ("due", "timezone", true),
        ("start", "allDay", true),
        ("checkIn", "checkOut", true),
        ("from", "to", true),
        ("valid_from", "valid_until", true),
        ("min", "max", true),
        ("minPrice", "maxPrice", true),
        ("temperature_low", "temperature_high", true),
        ("amount", "currency", true),
        ("price", "currency", true),
        ("price", "priceCurrency", true),
        ("price_amount", "price_currency", true),
        ("value", "unit", true),
        ("quantity", "unit", true),
        ("net_weight", "weightUnit", true),
        ("length", "unit", true),
        ("value", "system", true),
        ("given_name", "family_name", true),
        ("firstName", "lastName", true),
        ("firstName", "surname", true),
        ("first", "last", true),
        ("lat", "lng", true),
        ("latitude", "longitude", true),
        ("street", "city", true),
        ("streetAddress", "addressLocality", true),
        ("postalCode", "city", true),
        ("zip", "state", true),
        ("line", "city", true),
        ("city", "country", true),
        ("region", "country", true),
        ("billing_street", "billing_city", true),
        ("address_line_1", "address_zip", true),
        // not of one thing
        ("name", "email", false),
        ("name", "city", false),
        ("state", "country", false),
        ("unit", "line", false),
        ("start", "title", false),
        ("title", "end", false),
        ("duration", "end", false),
        ("duration", "timezone", false),
        ("date", "duration", false),
        ("due", "date", false),
        ("backend", "restart", false),
        ("min_price", "max_weight", false),
        ("event_start", "sale_end", false),
        ("billing_street", "shipping_city", false),
        ("first_seen", "last_seen", false),
        ("lat", "alt", false),
        ("price", "quantity", false),
        ("quantity", "note", false),
        ("code", "system", false),
    ] {
        for (a, b) in [(a, b), (b, a)] {
            let m = run(&pair(a, b, 1, 1), &pair(a, b, 2, 1), &pair(a, b, 1, 2), &Policy::default());
            assert_eq!(m.is_clean(), !together, "{a} {b}");
            assert_eq!(m.rows.len(), if together { 1 } else { 2 }, "{a} {b}");
        }
        // one side alone never asks
        let m = run(&pair(a, b, 1, 1), &pair(a, b, 2, 2), &pair(a, b, 1, 1), &Policy::default());
        assert!(m.is_clean(), "{a} {b}");
    }
    // in another object: no pair
    let m = run(
        r#"{"start":1,"o":{"end":1}}"#,
        r#"{"start":2,"o":{"end":1}}"#,
        r#"{"start":1,"o":{"end":2}}"#,
        &Policy::default(),
    );
    assert!(m.is_clean());
}

#[test]
fn more_than_two_that_belong_together() {
    // base, mine, theirs, what is asked
    for (base, mine, theirs, expected) in [
        // numbers change without each other; with another unit or currency they are other numbers
        (
            r#"{"price":1,"deposit":1,"currency":"EUR"}"#,
            r#"{"price":2,"deposit":1,"currency":"EUR"}"#,
            r#"{"price":1,"deposit":2,"currency":"EUR"}"#,
            r#"{"price":2,"deposit":2,"currency":"EUR"}"#,
        ),
        (
            r#"{"price":1,"deposit":1,"currency":"EUR"}"#,
            r#"{"price":1,"deposit":2,"currency":"EUR"}"#,
            r#"{"price":1,"deposit":1,"currency":"USD"}"#,
            "? /price",
        ),
        (
            r#"{"lat":1,"lon":1,"alt":1}"#,
            r#"{"lat":1,"lon":2,"alt":1}"#,
            r#"{"lat":1,"lon":1,"alt":2}"#,
            "? /lat",
        ),
        (
            r#"{"startDate":1,"startTime":1,"endDate":1,"endTime":1}"#,
            r#"{"startDate":2,"startTime":1,"endDate":1,"endTime":1}"#,
            r#"{"startDate":1,"startTime":1,"endDate":1,"endTime":2}"#,
            "? /startDate",
        ),
        (
            r#"{"line":["Rua A 1"],"city":"Porto","postalCode":"4000","country":"PT"}"#,
            r#"{"line":["Rua B 2"],"city":"Porto","postalCode":"4000","country":"PT"}"#,
            r#"{"line":["Rua A 1"],"city":"Lisboa","postalCode":"1000","country":"PT"}"#,
            "? /city",
        ),
        (
            r#"{"value":10,"unit":"mg","system":"ucum","code":"mg"}"#,
            r#"{"value":12,"unit":"mg","system":"ucum","code":"mg"}"#,
            r#"{"value":10,"unit":"ml","system":"ucum","code":"ml"}"#,
            "? /value",
        ),
        // the people of a message are lists of their own
        (
            r#"{"from":"a","to":["b"]}"#,
            r#"{"from":"c","to":["b"]}"#,
            r#"{"from":"a","to":["b","d"]}"#,
            r#"{"from":"c","to":["b","d"]}"#,
        ),
        // two times in one record, and one zone for both
        (
            r#"{"sale_start":1,"sale_end":1,"event_start":1,"event_end":1,"timezone":"A"}"#,
            r#"{"sale_start":2,"sale_end":1,"event_start":1,"event_end":1,"timezone":"A"}"#,
            r#"{"sale_start":1,"sale_end":1,"event_start":1,"event_end":2,"timezone":"A"}"#,
            r#"{"sale_start":2,"sale_end":1,"event_start":1,"event_end":2,"timezone":"A"}"#,
        ),
        (
            r#"{"sale_start":1,"sale_end":1,"event_start":1,"event_end":1,"timezone":"A"}"#,
            r#"{"sale_start":2,"sale_end":1,"event_start":1,"event_end":1,"timezone":"A"}"#,
            r#"{"sale_start":1,"sale_end":1,"event_start":1,"event_end":1,"timezone":"B"}"#,
            "? /event_start",
        ),
        // one number, one unit, and only the number was changed: a row of its own, for which rules hold
        (
            r#"{"value":1,"unit":"mg"}"#,
            r#"{"value":2,"unit":"mg"}"#,
            r#"{"value":3,"unit":"mg"}"#,
            "? /value",
        ),
        // a word with a unit in it is no unit
        (
            r#"{"unit_price":1,"price":1}"#,
            r#"{"unit_price":2,"price":1}"#,
            r#"{"unit_price":1,"price":2}"#,
            r#"{"unit_price":2,"price":2}"#,
        ),
    ] {
        let m = run(base, mine, theirs, &Policy::default());
        assert_eq!(outcome(&m), expected, "{mine} | {theirs}");
        let back = run(base, theirs, mine, &Policy::default());
        assert_eq!(outcome(&back), expected, "turned round: {mine} | {theirs}");
        if expected.starts_with('?') {
            let same = |found: record_merge::Merged, wanted: &str| {
                let found = shown(found);
                assert!(
                    record_merge::equal(
                        Format::Json,
                        found.as_bytes(),
                        wanted.as_bytes(),
                        &Policy::default()
                    ),
                    "{found}"
                );
            };
            same(m.all_mine(), mine);
            same(m.all_theirs(), theirs);
        }
    }
}

#[test]
fn declared_groups() {
    let policy = groups(&[&["a/x", "a/y", "a/z"], &["**/w", "**/h"]]);
    let m = run(r#"{"a":{"x":1,"y":1}}"#, r#"{"a":{"x":2,"y":1}}"#, r#"{"a":{"x":1,"y":2}}"#, &policy);
    assert_eq!(outcome(&m), "? /a/x");
    assert_eq!(m.rows[0].with.len(), 2);
    // the row stays where it is when another member appears
    let m = run(r#"{"a":{"y":1,"z":1}}"#, r#"{"a":{"y":2,"z":1}}"#, r#"{"a":{"y":1,"z":2}}"#, &policy);
    assert_eq!(outcome(&m), "? /a/x");
    let m = run(
        r#"{"l":[{"id":1,"w":1,"h":1}]}"#,
        r#"{"l":[{"id":1,"w":2,"h":1}]}"#,
        r#"{"l":[{"id":1,"w":1,"h":2}]}"#,
        &policy,
    );
    assert_eq!(outcome(&m), "? /l/id=1/w");
    // fields of different objects are held together by the object around them
    let policy = groups(&[&["price/amount", "currency"]]);
    let m = run(
        r#"{"price":{"amount":1},"currency":"EUR"}"#,
        r#"{"price":{"amount":2},"currency":"EUR"}"#,
        r#"{"price":{"amount":1},"currency":"USD"}"#,
        &policy,
    );
    assert_eq!(outcome(&m), "? /price");
    // what the server keeps by itself is no part of a group
    let policy = Policy { server_kept: vec!["end".into()], ..Policy::default() };
    let m = run(r#"{"start":1,"end":1}"#, r#"{"start":2,"end":1}"#, r#"{"start":1,"end":2}"#, &policy);
    assert_eq!(outcome(&m), r#"{"start":2,"end":2}"#);
    // a rule for all members answers for the group; one for some of them does not
    let mut policy = rules(&[("start", Rule::Mine), ("end", Rule::Mine)]);
    let three = (r#"{"start":1,"end":1}"#, r#"{"start":2,"end":1}"#, r#"{"start":1,"end":2}"#);
    assert_eq!(outcome(&run(three.0, three.1, three.2, &policy)), three.1);
    policy.rules.insert("end".into(), Rule::Server);
    assert_eq!(outcome(&run(three.0, three.1, three.2, &policy)), "? /start");
}

#[test]
fn decisions_about_groups_survive() {
    let record = |x: u8, start: u8, end: u8| format!("{{\"x\":{x},\"start\":{start},\"end\":{end}}}");
    let first = run(&record(0, 1, 1), &record(0, 2, 1), &record(0, 1, 2), &Policy::default());
    let own = decide(&first.rows[0], Choice::Mine, None);
    let again = run(&record(0, 1, 1), &record(0, 2, 1), &record(5, 1, 2), &Policy::default());
    assert_eq!(shown(resolve(&again, std::slice::from_ref(&own), None).unwrap()), record(5, 2, 1));
    let changed = run(&record(0, 1, 1), &record(0, 2, 1), &record(0, 1, 3), &Policy::default());
    assert!(matches!(review(&changed, std::slice::from_ref(&own), None)[0].standing, Standing::Suggested(_)));
    // a decision from the time before the fields were one row is not lost, and does not act
    let end = Decision {
        path: Path::from_pointer("/end").unwrap(),
        choice: Choice::Edit,
        value: Some("9".into()),
        ..own
    };
    let reviewed = review(&first, std::slice::from_ref(&end), None);
    assert!(
        matches!(&reviewed[0].standing, Standing::Suggested(known) if known.value.as_deref() == Some("9"))
    );
    assert!(resolve(&first, &[end], None).is_err());
}

#[test]
fn automatic_rows_that_break_a_check_are_asked() {
    let (base, mine, theirs) =
        (r#"{"few":1,"many":5,"n":1}"#, r#"{"few":4,"many":5,"n":2}"#, r#"{"few":1,"many":3,"n":1}"#);
    let mut m = run(base, mine, theirs, &Policy::default());
    let merged = outcome(&m);
    assert_eq!(merged, r#"{"few":4,"many":3,"n":2}"#);
    m.open_if(|row, value| {
        let broken = row.path.to_pointer() == "/many" && value == Some("3");
        broken.then(|| "The least is more than the most.".to_owned())
    });
    assert_eq!(outcome(&m), "? /many");
    let row = m.row(&Path::from_pointer("/many").unwrap(), None).unwrap();
    assert_eq!((row.group, row.automatic, row.rule.clone()), (Group::Open, None, None));
    assert_eq!(row.reason.as_deref(), Some("The least is more than the most."));
    assert!(review(&m, &[], None).iter().any(|row| row.standing == Standing::Undecided));
    let own = decide(row, Choice::Mine, None);
    assert_eq!(shown(resolve(&m, &[own], None).unwrap()), mine);
    assert_eq!(shown(m.all_theirs()), r#"{"few":4,"many":3,"n":2}"#);
    // by place, as a check of the whole record finds it
    let mut m = run(base, mine, theirs, &Policy::default());
    m.open_at(&[(Path::from_pointer("/few").unwrap(), "Too much.".to_owned())]);
    assert_eq!(outcome(&m), "? /few");
    let mut m = run(base, mine, theirs, &Policy::default());
    m.open_at(&[(Path::root(), "No.".to_owned())]);
    assert_eq!(m.open().count(), 3);
    // texts and lists that were put together get their outcome checked
    let list = |text: &str| format!("{{\"l\":{text}}}");
    let mut m = run(&list("[1,2]"), &list("[0,1,2]"), &list("[1,2,3]"), &Policy::default());
    m.open_if(|_, value| (value == Some("[0,1,2,3]")).then(|| "Too many.".to_owned()));
    assert_eq!(outcome(&m), "? /l");
    assert_eq!(shown(m.result(&[decide(&m.rows[0], Choice::Both, None)]).unwrap()), list("[0,1,2,3]"));
    let note = |text: &str| format!("{{\"l\":\"{text}\"}}");
    let mut m = run(&note(r"a\nb\nc\nd"), &note(r"A\nb\nc\nd"), &note(r"a\nb\nc\nD"), &Policy::default());
    m.open_if(|_, value| (value == Some(r#""A\nb\nc\nD""#)).then(|| "No.".to_owned()));
    assert_eq!(outcome(&m), "? /l");
}

#[test]
fn null_is_missing_where_that_is_said() {
    let policy = Policy { null_is_missing: true, ..Policy::default() };
    for (base, mine, theirs, expected) in [
        ("1", "null", "-", "-"),
        ("-", "null", "-", "-"),
        ("1", "null", "1", "null"),
        ("null", "2", "-", "2"),
    ] {
        let m = run(&member(base), &member(mine), &member(theirs), &policy);
        let found = outcome(&m);
        let same = record_merge::equal(Format::Json, found.as_bytes(), member(expected).as_bytes(), &policy);
        assert!(same, "{base} | {mine} | {theirs}: {found}");
    }
    assert_eq!(outcome(&run(&member("1"), &member("null"), &member("2"), &policy)), "? /v");
}

#[test]
fn a_policy_is_read_and_written_as_the_contract_says() {
    let text = r#"{"arrays":{"l":{"identity":"no"}},"rules":{"price":"higher","**/n":"sum"},"origins":{"price":"person"},"groups":[["a","b"]],"texts":["note"],"server_kept":["rev"],"null_is_missing":true,"words":true}"#;
    let policy: Policy = serde_json::from_str(text).unwrap();
    assert_eq!(policy.rules["price"], Rule::Higher);
    assert_eq!(policy.arrays["l"], ArrayMode::Identity(vec!["no".into()]));
    let back: Policy = serde_json::from_str(&serde_json::to_string(&policy).unwrap()).unwrap();
    assert_eq!(back, policy);
    assert!(serde_json::from_str::<Policy>(r#"{"rules":{"a":"first"}}"#).is_err());
}
