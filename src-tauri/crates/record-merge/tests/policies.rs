//! Rules and checks: what a policy says to a clash (M18, M22, M38, M53).
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{decide, member, outcome, rules, run, shown};
use record_merge::{
    ArrayMode, Choice, Format, Group, Inputs, Origin, Path, Policy, Provenance, Row, Rule, Standing,
    batch::run_batch_line, merge, resolve, review,
};

fn inputs<'a>(base: &'a str, mine: &'a str, theirs: &'a str) -> Inputs<'a> {
    Inputs::new(Some(base.as_bytes()), Some(mine.as_bytes()), Some(theirs.as_bytes()))
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

#[test]
fn names_with_signs_of_patterns_in_them_can_be_meant() {
    let body = |a: &str, b: &str| format!("{{\"in/out\":{a},\"*\":{b},\"x\":{a}}}");
    let (base, mine, theirs) = (body("1", "1"), body("2", "2"), body("3", "3"));
    let policy = rules(&[("in~1out", Rule::Mine), ("~2", Rule::Server)]);
    let inputs = Inputs::new(Some(base.as_bytes()), Some(mine.as_bytes()), Some(theirs.as_bytes()));
    let m = merge(Format::Json, inputs, &policy).unwrap();
    let answers: Vec<_> = m.rows.iter().map(|row| (row.path.to_pointer(), row.automatic)).collect();
    assert_eq!(
        answers,
        [
            ("/in~1out".to_owned(), Some(Choice::Mine)),
            ("/*".to_owned(), Some(Choice::Theirs)),
            ("/x".to_owned(), None)
        ]
    );
}

#[test]
fn a_pattern_with_an_escape_that_means_nothing_is_refused_in_words() {
    for policy in [r#"{"arrays":{"a~b":"set"}}"#, r#"{"groups":[["a","~"]]}"#, r#"{"server_kept":["~3"]}"#] {
        let words = record_merge::read_policy(policy.as_bytes()).unwrap_err();
        assert!(words.contains("~ must be followed by 0, 1 or 2"), "{words}");
        let line =
            format!(r#"{{"id":1,"format":"json","base":"1","mine":"1","theirs":"1","policy":{policy}}}"#);
        let answer = run_batch_line(&line);
        assert!(answer.contains("\"error\"") && answer.contains("is not a path pattern"), "{answer}");
    }
}

/// "One value" holds for an object and a text as for a list: nothing there is taken apart.
#[test]
fn one_value_is_not_taken_apart() {
    let policy = Policy { arrays: [("v".to_owned(), ArrayMode::Atomic)].into(), ..Policy::default() };
    // base, mine, theirs, the outcome
    for (base, mine, theirs, expected) in [
        (r#"{"a":1,"b":1}"#, r#"{"a":2,"b":1}"#, r#"{"a":1,"b":2}"#, "?"),
        (r#"{"a":1,"b":1}"#, r#"{"a":2,"b":1}"#, r#"{"b":1,"a":1.0}"#, r#"{"a":2,"b":1}"#),
        (r#"{"a":1}"#, r#"{"a":1}"#, r#"{"a":2}"#, r#"{"a":2}"#),
        (r#"{"a":1}"#, r#"{"a":2}"#, r#"{"a":2}"#, r#"{"a":2}"#),
        ("-", r#"{"a":1}"#, r#"{"b":1}"#, "?"),
        (r#"{"a":1}"#, "-", r#"{"a":1,"b":2}"#, "?"),
        (r#""x -f\nb\nc""#, r#""X -f\nb\nc""#, r#""x -f\nb\nC""#, "?"),
        (r#""x -f\nb\nc""#, r#""X -f\nb\nc""#, r#""x -f \nb\nc""#, r#""X -f\nb\nc""#),
        ("[1,2]", "[1,2,3]", "[0,1,2]", "?"),
    ] {
        let m = run(&member(base), &member(mine), &member(theirs), &policy);
        let open: Vec<&Row> = m.open().collect();
        if expected == "?" {
            assert_eq!(open.len(), 1, "{base} {mine} {theirs}");
            assert!(open[0].path.to_pointer() == "/v" && open[0].suggestion.is_none(), "{:?}", open[0]);
            assert_eq!(shown(m.all_mine()), member(mine));
            assert_eq!(shown(m.all_theirs()), member(theirs));
        } else {
            assert_eq!(outcome(&m), member(expected), "{base} {mine} {theirs}");
        }
    }
    // entries of a contact are looked at one by one all the same
    let card = |lines: &str| format!("BEGIN:VCARD\r\nVERSION:4.0\r\nUID:u\r\nFN:A\r\n{lines}END:VCARD\r\n");
    let [base, mine, theirs] = [("Club", "Firm"), ("Club 1", "Firm"), ("Club", "Firm 2")]
        .map(|(a, b)| card(&format!("ORG;TYPE=home:{a};Board\r\nORG;TYPE=work:{b};Sales\r\n")));
    let inputs = inputs(&base, &mine, &theirs);
    let merged = merge(Format::Vcard, inputs, &Policy::default()).unwrap().result(&[]).unwrap();
    assert_eq!(shown(merged), card("ORG;TYPE=home:Club 1;Board\r\nORG;TYPE=work:Firm 2;Sales\r\n"));
}
