//! Fields that belong together: known by their names, or declared (M22).
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{decide, outcome, rules, run, shown};
use record_merge::{
    Choice, Decision, Format, Inputs, Merged, Origin, Path, Policy, Provenance, RowKind, RowRule, Rule,
    Standing, merge, resolve, review,
};

fn groups(all: &[&[&str]]) -> Policy {
    let groups = all.iter().map(|group| group.iter().map(|name| (*name).to_owned()).collect()).collect();
    Policy { groups, ..Policy::default() }
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
        ("reference", "display", true),
        ("digest", "data", true),
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
        // whatever it is called, it is counted in the only unit there is
        ("temperature", "unit", true),
        ("miles", "unit", true),
        ("price", "unit", true),
        ("rent", "currency", true),
        ("x", "y", true),
        ("iban", "bic", true),
        ("phone", "extension", true),
        // in other languages
        ("von", "bis", true),
        ("beginn", "ende", true),
        ("début", "fin", true),
        ("fecha_inicio", "fecha_fin", true),
        ("preis", "währung", true),
        ("prix", "devise", true),
        ("Menge", "Einheit", true),
        ("vorname", "nachname", true),
        ("prenom", "nom", true),
        ("nombre", "apellidos", true),
        ("strasse", "ort", true),
        ("rue", "ville", true),
        ("nom", "ville", false),
        ("x", "width", false),
        ("x_label", "y_label", false),
        ("phone", "mobile", false),
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
    let policy = groups(&[&["a/x", "a/y", "a/z"], &["**/w", "**/h"], &["price/amount", "currency"]]);
    for (base, mine, theirs, expected) in [
        (r#"{"a":{"x":1,"y":1}}"#, r#"{"a":{"x":2,"y":1}}"#, r#"{"a":{"x":1,"y":2}}"#, "? /a/x"),
        // the row stays where it is when another member appears
        (r#"{"a":{"y":1,"z":1}}"#, r#"{"a":{"y":2,"z":1}}"#, r#"{"a":{"y":1,"z":2}}"#, "? /a/x"),
        (
            r#"{"l":[{"id":1,"w":1,"h":1}]}"#,
            r#"{"l":[{"id":1,"w":2,"h":1}]}"#,
            r#"{"l":[{"id":1,"w":1,"h":2}]}"#,
            "? /l/id=1/w",
        ),
        // fields of different objects are held together by the object around them
        (
            r#"{"price":{"amount":1},"currency":"EUR"}"#,
            r#"{"price":{"amount":2},"currency":"EUR"}"#,
            r#"{"price":{"amount":1},"currency":"USD"}"#,
            "? /price",
        ),
    ] {
        let m = run(base, mine, theirs, &policy);
        assert_eq!(outcome(&m), expected);
        assert!(expected != "? /a/x" || m.rows[0].with.len() == 2);
    }
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
fn a_rule_for_a_row_answers_that_row_and_none_of_its_fields_alone() {
    let rule = |fields: &[&str], rule| RowRule {
        fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        rule,
        origin: Some(Origin::Person),
    };
    let run = |rules: Vec<RowRule>, [base, mine, theirs]: [&str; 3]| {
        let policy = Policy { row_rules: rules, ..Policy::default() };
        let inputs = Inputs::new(Some(base.as_bytes()), Some(mine.as_bytes()), Some(theirs.as_bytes()));
        let inputs = inputs.made_at(Some(2), Some(1));
        merge(Format::Json, inputs, &policy).unwrap()
    };
    let both = [
        r#"{"amount":1,"currency":"EUR","title":"a"}"#,
        r#"{"amount":2,"currency":"CHF","title":"a"}"#,
        r#"{"amount":3,"currency":"USD","title":"a"}"#,
    ];
    let pair = ["amount", "currency"];
    for (rules, [base, mine, theirs], amount) in [
        (vec![rule(&pair, Rule::Server)], both, Some("3")),
        (vec![rule(&["currency", "amount"], Rule::Mine)], both, Some("2")),
        (vec![rule(&pair, Rule::Newest)], both, Some("2")),
        (vec![], both, None),
        // A sum of two amounts in two currencies is nothing.
        (vec![rule(&pair, Rule::Sum)], both, None),
        // A rule for another row, for one more field, or for one of them alone.
        (vec![rule(&["amount", "title"], Rule::Server)], both, None),
        (vec![rule(&["amount", "currency", "title"], Rule::Server)], both, None),
        (vec![rule(&["prices/amount", "prices/currency"], Rule::Server)], both, None),
        // One of the fields alone is another question.
        (
            vec![rule(&pair, Rule::Server)],
            [
                r#"{"amount":1,"currency":"EUR"}"#,
                r#"{"amount":2,"currency":"EUR"}"#,
                r#"{"amount":3,"currency":"EUR"}"#,
            ],
            None,
        ),
    ] {
        let merged = run(rules.clone(), [base, mine, theirs]);
        assert_eq!(merged.open().count(), usize::from(amount.is_none()), "{rules:?}");
        let Some(amount) = amount else { continue };
        let Ok(Merged::Document(bytes)) = merged.result(&[]) else { panic!("{rules:?}") };
        assert!(String::from_utf8(bytes).unwrap().contains(&format!("\"amount\":{amount},")), "{rules:?}");
        let why = merged.rows[0].rule.clone();
        assert!(
            matches!(&why, Some(Provenance::Rule { origin: Some(Origin::Person), pattern, .. }) if *pattern == rules[0].fields.join(" + ")),
            "{why:?}"
        );
    }
    // In every entry of a list.
    let lines = both.map(|text| format!(r#"{{"lines":[{{"id":1,{}]}}"#, &text[1..]));
    let merged =
        run(vec![rule(&["lines/amount", "lines/currency"], Rule::Server)], [&lines[0], &lines[1], &lines[2]]);
    assert_eq!(merged.open().count(), 0);
}
