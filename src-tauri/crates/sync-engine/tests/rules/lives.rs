//! Runs tests/protocol-cases/lives.toml (its head says how to read it).

use crate::bench::*;
use record_merge::Choice;
use serde::Deserialize;
use sync_engine::*;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    it: String,
    #[serde(default)]
    new: bool,
    #[serde(default)]
    auto: bool,
    steps: Vec<String>,
    then: String,
    yours: Option<String>,
    before: Option<String>,
}

/// `a=1 b=2` as JSON.
fn record(members: &str) -> String {
    let members: Vec<String> = members
        .split_whitespace()
        .map(|member| member.split_once('=').expect("name=value"))
        .map(|(name, value)| format!("\"{name}\":{value}"))
        .collect();
    format!("{{{}}}", members.join(","))
}

/// JSON as `a=1 b=2`.
fn members(text: &str) -> String {
    text.trim_matches(['{', '}']).replace('"', "").replace(':', "=").replace(',', " ")
}

/// `a=1 b=2 mark 3`, or `gone`.
fn there_now(words: &str) -> Option<Version> {
    let (members, mark) = words.split_once(" mark ")?;
    Some(version(&record(members), mark.parse().expect("a number")))
}

/// What is shown with some members changed.
fn edited(shown: Option<&Body>, change: &str) -> String {
    let shown = shown.map(|b| members(text(b))).unwrap_or_default();
    let mut all: Vec<String> = shown.split_whitespace().map(str::to_owned).collect();
    for new in change.split_whitespace() {
        let name = new.split_once('=').expect("name=value").0;
        match all.iter_mut().find(|old| old.split_once('=').is_some_and(|(n, _)| n == name)) {
            Some(old) => new.clone_into(old),
            None => all.push(new.to_owned()),
        }
    }
    record(&all.join(" "))
}

fn answer(words: &str) -> WriteOutcome {
    match words.split_once(' ').unwrap_or((words, "")) {
        ("applied", "") => WriteOutcome::Applied { validator: None, body: None, id: None },
        ("applied", n) => applied(n.parse().expect("a number")),
        ("accepted", _) => WriteOutcome::Accepted,
        ("changed", "there") => failed(None),
        ("not", "there") => WriteOutcome::NotThere,
        ("refused", _) => refused(),
        ("unknown", _) => unknown(),
        _ => panic!("an answer: {words}"),
    }
}

fn step(bench: &mut Bench, words: &str) {
    let all = |side| Event::Resolved { seen: None, all: Some(side) };
    let (first, rest) = words.split_once(' ').unwrap_or((words, ""));
    match (first, rest) {
        ("edit", change) => {
            let next = edited(bench.record().visible(), change);
            bench.save(&next);
        }
        ("remove", _) => drop(bench.take(Event::DeleteSaved)),
        ("send", condition_line) => {
            bench.due();
            let line = bench.written().map(condition).expect("a request");
            if let Some(wanted) = condition_line.strip_prefix("with ") {
                assert_eq!(line, wanted);
            }
        }
        ("nothing", "is sent") => assert_eq!(bench.due().written(), None),
        ("answer:", outcome) => drop(bench.answer(answer(outcome))),
        ("look:", now) => {
            let outcome = there_now(now).map_or(ReadOutcome::Gone, ReadOutcome::Found);
            bench.take(Event::Looked(outcome));
        }
        ("list:", now) => drop(bench.theirs(there_now(now).map_or(Theirs::Gone, Theirs::Present))),
        ("restart", _) => drop(bench.restart()),
        ("choose", "mine") => drop(bench.take(all(Choice::Mine))),
        ("choose", "theirs") => drop(bench.take(all(Choice::Theirs))),
        ("hold", _) => drop(bench.take(Event::Held(true))),
        ("take", "back") => drop(bench.take(Event::Discarded)),
        _ => panic!("a step: {words}"),
    }
}

fn begin(case: &Case) -> Bench {
    let mut bench = Bench::synced();
    if case.new {
        let id = bench.record().id.clone();
        bench.record = Some(Record::new(LocalKey(1), SourceId(1), "things", id));
        bench.record_mut().id_is_ours = true;
    }
    if case.auto {
        bench.rules.policy = MergePolicy::Auto;
    }
    bench
}

#[test]
fn the_lives_of_records_that_anybody_can_read() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/protocol-cases/lives.toml");
    let text = std::fs::read_to_string(path).expect("the cases");
    let file: File = toml::from_str(&text).expect("cases");
    assert!(file.case.len() >= 30);
    for case in &file.case {
        eprintln!("{}", case.it);
        let mut bench = begin(case);
        for words in &case.steps {
            step(&mut bench, words);
        }
        assert_eq!(bench.state().map_or("gone", State::name), case.then, "{}", case.it);
        if let Some(yours) = &case.yours {
            assert_eq!(bench.mine().map(members).as_ref(), Some(yours), "{}", case.it);
        }
        if let Some(before) = &case.before {
            assert_eq!(bench.base().map(|b| members(b.0)).as_ref(), Some(before), "{}", case.it);
        }
    }
}
