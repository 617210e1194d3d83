//! The server changes again during a merge, sentence by sentence (merge.md M46 to M48).

use crate::bench::*;
use record_merge::{Choice, Decision, Path, Standing, review};
use sync_engine::*;

/// `a` and `c` changed here.
const HERE: &str = r#"{"a":10,"b":2,"c":30}"#;

/// In "Needs you": `a` clashes, `c` is mine, `b` is the server's.
fn met() -> Bench {
    let mut bench = Bench::synced();
    bench.save(HERE).due().answer(failed(Some(Current::Present(version(r#"{"a":11,"b":20,"c":3}"#, 2)))));
    assert_eq!(bench.state(), Some(State::NeedsYou));
    bench
}

fn decide(bench: &mut Bench, pointer: &str, choice: Choice, value: Option<&str>) {
    let path = Path::from_pointer(pointer).unwrap();
    let merge = merge_of(bench.record(), &bench.rules);
    let row = merge.row(&path, None).unwrap().clone();
    let mut list = bench.record().conflict.as_ref().unwrap().decisions.clone();
    list.push(Decision {
        path: row.path,
        part: None,
        choice,
        value: value.map(str::to_owned),
        validator: Some("\"2\"".to_owned()),
        theirs_then: row.theirs,
        mine_then: row.mine,
    });
    bench.take(Event::Decided(list));
}

/// How the row of a place stands.
fn standing(bench: &Bench, pointer: &str) -> Option<String> {
    let path = Path::from_pointer(pointer).unwrap();
    let merge = merge_of(bench.record(), &bench.rules);
    let decisions = &bench.record().conflict.as_ref().unwrap().decisions;
    let rows = review(&merge, decisions, None);
    let row = rows.into_iter().find(|row| row.row.path.same(&path))?;
    let words = match row.standing {
        Standing::Undecided => "undecided".to_owned(),
        Standing::Automatic => "automatic".to_owned(),
        Standing::Decided(d) => format!("decided {:?}", d.choice),
        Standing::Suggested(d) => format!("suggested {:?} {:?}", d.choice, d.value),
        Standing::Followed(d) => format!("followed {:?}", d.choice),
        Standing::Overridden(d) => format!("overridden {:?}", d.choice),
        Standing::Resting(d) => format!("resting {:?}", d.choice),
    };
    Some(words)
}

fn resolve() -> Event {
    Event::Resolved { seen: None, all: None }
}

#[test]
fn a_row_decided_that_the_server_left_alone_is_kept() {
    let mut bench = met();
    decide(&mut bench, "/a", Choice::Mine, None);
    bench.theirs(there(r#"{"a":11,"b":21,"c":3}"#, 3));
    assert_eq!(standing(&bench, "/a").as_deref(), Some("decided Mine"));
    bench.take(resolve());
    assert_eq!(bench.mine(), Some(r#"{"a":10,"b":21,"c":30}"#));
    assert_eq!(bench.base().unwrap().1, Some(&mark(3)), "sent for the newest version");
}

#[test]
fn the_servers_value_that_was_taken_follows() {
    let mut bench = met();
    decide(&mut bench, "/a", Choice::Theirs, None);
    bench.theirs(there(r#"{"a":12,"b":20,"c":3}"#, 3));
    assert_eq!(standing(&bench, "/a").as_deref(), Some("followed Theirs"));
    bench.take(resolve());
    assert_eq!(bench.mine(), Some(r#"{"a":12,"b":20,"c":30}"#));
}

#[test]
fn mine_or_written_is_asked_again_and_nothing_written_is_lost() {
    for (choice, value, expected) in [
        (Choice::Mine, None, "suggested Mine None"),
        (Choice::Edit, Some("77"), "suggested Edit Some(\"77\")"),
    ] {
        let mut bench = met();
        decide(&mut bench, "/a", choice, value);
        bench.theirs(there(r#"{"a":12,"b":20,"c":3}"#, 3));
        assert_eq!(standing(&bench, "/a").as_deref(), Some(expected));
        assert!(matches!(bench.try_take(resolve()), Err(StepError::StillOpen(open)) if open.len() == 1));
        let kept = &bench.record().conflict.as_ref().unwrap().decisions[0];
        assert_eq!(kept.theirs_then.as_deref(), Some("11"), "what the server had when it was chosen");
        // Back to what it was: the choice acts again.
        bench.theirs(there(r#"{"a":11,"b":20,"c":3}"#, 4));
        assert!(standing(&bench, "/a").unwrap().starts_with("decided"));
    }
}

#[test]
fn an_undecided_row_keeps_the_original_base() {
    let mut bench = met();
    for (n, a) in [(3, 12), (4, 13)] {
        bench.theirs(there(&format!(r#"{{"a":{a},"b":20,"c":3}}"#), n));
        let merge = merge_of(bench.record(), &bench.rules);
        let row = merge.row(&Path::from_pointer("/a").unwrap(), None).unwrap();
        assert_eq!((row.before.as_deref(), row.theirs.clone()), (Some("1"), Some(a.to_string())));
    }
    assert_eq!(bench.base(), Some((BASE, Some(&mark(1)))));
}

#[test]
fn a_new_clash_is_a_new_open_row() {
    let mut bench = met();
    decide(&mut bench, "/a", Choice::Mine, None);
    let before = bench.record().conflict.as_ref().unwrap().rows.clone();
    bench.theirs(there(r#"{"a":11,"b":20,"c":33,"d":4}"#, 3));
    assert_eq!(standing(&bench, "/c").as_deref(), Some("undecided"));
    assert_eq!(standing(&bench, "/a").as_deref(), Some("decided Mine"));
    let after = &bench.record().conflict.as_ref().unwrap().rows;
    assert!(after.starts_with(&before) && after.len() == before.len() + 1, "{after:?}");
    let still_open = bench.try_take(resolve());
    assert!(
        matches!(still_open, Err(StepError::StillOpen(open)) if open == [Path::from_pointer("/c").unwrap()])
    );
}

#[test]
fn decisions_rest_while_it_is_gone_and_act_when_it_comes_back() {
    let mut bench = met();
    decide(&mut bench, "/a", Choice::Edit, Some("77"));
    bench.theirs(Theirs::Gone);
    assert_eq!(bench.kind(), Some(ConflictKind::EditDelete));
    assert_eq!(standing(&bench, "/a").as_deref(), Some("resting Edit"));
    let mut back = Bench { record: bench.record.clone(), ..Bench::needs_you() };
    back.seq = bench.seq;
    back.theirs(there(r#"{"a":11,"b":20,"c":3}"#, 5));
    assert_eq!(
        (back.kind(), standing(&back, "/a").as_deref()),
        (Some(ConflictKind::EditEdit), Some("decided Edit"))
    );
    back.take(resolve());
    assert_eq!(back.mine(), Some(r#"{"a":77,"b":20,"c":30}"#));
    // Come back as something else: asked again.
    bench.theirs(there(r#"{"a":15,"b":20,"c":3}"#, 5));
    assert_eq!(standing(&bench, "/a").as_deref(), Some("suggested Edit Some(\"77\")"));
}

#[test]
fn after_it_was_sent_the_base_is_the_version_that_was_looked_at() {
    let mut bench = met();
    decide(&mut bench, "/a", Choice::Mine, None);
    bench.take(resolve()).due();
    assert_eq!(bench.written().map(condition).as_deref(), Some("If-Match: \"2\""));
    // Refused again, `b` moved: the choice is not asked again.
    let moved = version(r#"{"a":11,"b":21,"c":3}"#, 3);
    bench.answer(failed(Some(Current::Present(moved))));
    assert_eq!(bench.base(), Some((r#"{"a":11,"b":20,"c":3}"#, Some(&mark(2)))));
    assert_eq!(bench.state(), Some(State::NeedsYou), "every new difference is shown");
    bench.take(resolve());
    assert_eq!(bench.mine(), Some(r#"{"a":10,"b":21,"c":30}"#));
}

/// M48: at most five merges by itself in a row, with growing pauses; then it is told.
#[test]
fn it_stops_sending_by_itself() {
    let mut bench = Bench::edited();
    bench.rules.policy = MergePolicy::Auto;
    let mut pauses = Vec::new();
    for n in 2..20 {
        let moved = version(&format!(r#"{{"a":1,"b":{n},"c":3}}"#), n);
        bench.due();
        if bench.state() != Some(State::Sending) {
            break;
        }
        bench.answer(failed(Some(Current::Present(moved))));
        if bench.state() != Some(State::Edited) {
            break;
        }
        pauses.push(bench.edit().not_before.map_or(0, |at| at.0 - bench.now));
        bench.now = bench.edit().not_before.map_or(bench.now, |at| at.0);
    }
    assert_eq!(bench.state(), Some(State::NeedsYou));
    assert_eq!(pauses.len(), 5, "{pauses:?}");
    assert!(pauses.is_sorted() && pauses[0] == 0 && pauses[4] > pauses[1], "{pauses:?}");
    assert!(bench.record().conflict.as_ref().unwrap().must_look);
    assert!(standing(&bench, "/a").is_some() && bench.wrote(What::MergedByItself));
}
