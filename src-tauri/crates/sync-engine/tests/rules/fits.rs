//! What would be put together by itself has to fit (merge.md M22); rules that ask for times get them.

use crate::bench::*;
use record_merge::{Group, Path, Rule, Token};
use std::sync::Arc;
use sync_engine::*;

/// Tags are at most three, a name is needed, the lower bound is not above the upper one.
#[derive(Debug)]
struct Asks;

impl Shape for Asks {
    fn misfits(&self, body: &Body) -> Vec<Misfit> {
        let read = |pointer: &str| {
            record_merge::value_at(&body.bytes, &Path::from_pointer(pointer).unwrap()).unwrap()
        };
        let misfit = |name: &str, words: &str| Misfit {
            path: Path(vec![Token::Member(name.to_owned())]),
            words: words.to_owned(),
        };
        let mut found = Vec::new();
        if read("/tags/3").is_some() {
            found.push(misfit("tags", "must have at most 3 entries"));
        }
        if read("/name").is_none() {
            found.push(misfit("name", "is needed"));
        }
        found
    }

    fn made_at(&self, body: &Body) -> Option<i64> {
        record_merge::value_at(&body.bytes, &Path::from_pointer("/at").unwrap()).unwrap()?.parse().ok()
    }
}

fn record(tags: &str, more: &str) -> String {
    format!(r#"{{"name":"x","tags":[{tags}]{more}}}"#)
}

/// Both sides changed it; sent by itself where that is allowed.
fn met(base: &str, mine: &str, theirs: &str) -> Bench {
    let mut bench = Bench::synced();
    bench.theirs(there(base, 5)).save(mine);
    bench.rules.policy = MergePolicy::Auto;
    bench.rules.shape = Shaped::new(Arc::new(Asks));
    bench.theirs(there(theirs, 6)).due();
    bench
}

fn reasons(bench: &Bench) -> Vec<(String, String)> {
    let merge = merge_of(bench.record(), &bench.rules);
    let open = merge.rows.iter().filter(|row| row.group == Group::Open);
    open.map(|row| (row.path.to_pointer(), row.reason.clone().unwrap_or_default())).collect()
}

#[test]
fn what_would_not_fit_is_asked_and_never_sent_by_itself() {
    let set = |bench: &mut Bench| {
        bench.rules.merge.arrays.insert("tags".to_owned(), record_merge::ArrayMode::Set);
    };
    let base = record(r#""a""#, "");
    let (mine, theirs) = (record(r#""a","b","c""#, ""), record(r#""a","d""#, ""));
    let mut bench = Bench::synced();
    bench.theirs(there(&base, 5)).save(&mine);
    bench.rules.policy = MergePolicy::Auto;
    set(&mut bench);
    bench.theirs(there(&theirs, 6));
    let mut without = Bench { record: bench.record.clone(), ..Bench::synced() };
    (without.rules.policy, without.seq) = (MergePolicy::Auto, bench.seq);
    set(&mut without);
    bench.rules.shape = Shaped::new(Arc::new(Asks));
    bench.due();
    assert_eq!(bench.state(), Some(State::NeedsYou));
    let expected = "Put together by itself, it would not fit: it must have at most 3 entries.";
    assert_eq!(reasons(&bench), [("/tags".to_owned(), expected.to_owned())]);
    // One side of it fits.
    bench.take(Event::Resolved { seen: None, all: Some(record_merge::Choice::Mine) });
    assert_eq!(bench.mine(), Some(mine.as_str()));
    without.due();
    assert_eq!(reasons(&without), [], "put together it needs a look only");
}

#[test]
fn a_needed_field_taken_away_is_asked() {
    let base = record("", r#","n":1"#);
    let theirs = record("", r#","n":2"#);
    let bench = met(&base, r#"{"tags":[],"n":1}"#, &theirs);
    assert_eq!(bench.state(), Some(State::NeedsYou));
    assert_eq!(reasons(&bench)[0].0, "/name");
    assert!(!bench.wrote(What::MergedByItself));
}

#[test]
fn what_the_server_holds_already_is_not_asked() {
    let tags = r#""a","b","c","d""#;
    let mut bench =
        met(&record(tags, r#","n":1"#), &record(tags, r#","n":2"#), &record(tags, r#","m":1,"n":1"#));
    assert_eq!(bench.state(), Some(State::Sending));
    bench.answer(applied(7));
    assert_eq!(bench.base(), Some((record(tags, r#","m":1,"n":2"#).as_str(), Some(&mark(7)))));
}

#[test]
fn the_newer_one_is_known_by_the_times_of_both_versions() {
    for (made, expected) in [(10, Some(State::Sending)), (9_000_000, Some(State::Synced))] {
        let mut bench = Bench::synced();
        let version = |n: u32, at: i64| format!(r#"{{"name":"x","tags":[],"n":{n},"at":{at}}}"#);
        bench.theirs(there(&version(1, 1), 5)).save(&version(2, 1));
        bench.rules.policy = MergePolicy::Auto;
        bench.rules.shape = Shaped::new(Arc::new(Asks));
        bench.rules.merge.server_kept.push("at".to_owned());
        bench.rules.merge.rules.insert("n".to_owned(), Rule::Newest);
        bench.theirs(there(&version(3, made), 6)).due();
        assert_eq!(bench.state(), expected, "made at {made}: {:?}", reasons(&bench));
    }
}
