//! New records: addresses of our own, keys, and what a lost POST may have made (architecture.md, decision 2).

use crate::bench::*;
use sync_engine::*;

fn id(n: &str) -> RemoteId {
    RemoteId(n.to_owned())
}

fn twins(found: &[(&str, &str, u32)]) -> Event {
    Event::TwinsSearched(found.iter().map(|(at, text, n)| (id(at), version(text, *n))).collect())
}

fn lost(creates: Creates) -> Bench {
    let mut bench = Bench::creating(creates);
    bench.answer(unknown()).due();
    assert_eq!(bench.effects, [Effect::SearchTwins]);
    bench
}

#[test]
fn each_kind_of_collection_has_its_condition() {
    let table = [(Creates::OwnAddress, "If-None-Match: *"), (Creates::Post, "new")];
    for (creates, line) in table {
        assert_eq!(Bench::creating(creates).written().map(condition).as_deref(), Some(line));
    }
    let keyed = Bench::creating(Creates::PostWithKey);
    assert!(keyed.written().map(condition).is_some_and(|line| line.starts_with("Idempotency-Key: key-")));
    let mut none = Bench::new_record(Creates::Post);
    none.rules.creates = Creates::No;
    none.due();
    assert_eq!((none.written(), none.refusal()), (None, Some(RefusalKind::Protocol)));
}

#[test]
fn the_address_in_the_answer_is_adopted() {
    let mut bench = Bench::creating(Creates::Post);
    bench.answer(WriteOutcome::Applied { validator: Some(mark(2)), body: None, id: Some(id("s1")) });
    assert_eq!((bench.state(), bench.record().id.clone()), (Some(State::Synced), Some(id("s1"))));
}

#[test]
fn a_2xx_without_an_address_is_searched_for() {
    let mut bench = Bench::creating(Creates::Post);
    bench.answer(applied(2));
    assert_eq!(bench.state(), Some(State::Sending), "a record without an address is not synced");
    bench.due();
    assert_eq!(bench.effects, [Effect::SearchTwins]);
    bench.take(twins(&[("other", CLASH, 7), ("s1", MINE, 2)]));
    assert_eq!((bench.state(), bench.record().id.clone()), (Some(State::Synced), Some(id("s1"))));
    // Not listed yet: searched again, then asked.
    let mut bench = Bench::creating(Creates::Post);
    bench.answer(applied(2));
    for _ in 0..8 {
        bench.due().take(twins(&[]));
        assert!(!bench.record().in_flight.as_ref().is_some_and(|f| f.asks) && bench.wait() > Some(0));
    }
    bench.due().take(twins(&[]));
    assert!(bench.record().in_flight.as_ref().is_some_and(|f| f.asks));
    bench.take(Event::SettledAs { id: id("s1"), version: version(MINE, 2) });
    assert_eq!(bench.state(), Some(State::Synced));
}

#[test]
fn one_twin_of_a_keyed_post_is_adopted() {
    let mut bench = lost(Creates::PostWithKey);
    bench.take(twins(&[("s1", MINE, 2)]));
    assert_eq!((bench.state(), bench.record().id.clone()), (Some(State::Synced), Some(id("s1"))));
    // A listing that began before does not know it yet.
    let began = Seq(bench.record().answered.0 - 1);
    bench.take(Event::TheirsSeen { theirs: Theirs::Gone, began });
    assert_eq!(bench.state(), Some(State::Synced));
}

#[test]
fn no_twin_of_a_keyed_post_is_sent_again_with_the_same_key() {
    let mut bench = Bench::creating(Creates::PostWithKey);
    let first = bench.written().map(condition);
    bench.answer(unknown()).due().take(twins(&[])).due();
    assert_eq!(bench.written().map(condition), first);
}

#[test]
fn a_key_vouches_for_one_body_only() {
    // Typed since: the server may hold the first body under this key, so the person is asked.
    let mut bench = lost(Creates::PostWithKey);
    bench.save(NEWER).take(twins(&[]));
    assert!(bench.record().in_flight.as_ref().is_some_and(|f| f.asks));
    let first = bench.edit().key.clone();
    bench.take(Event::SettledAsNew).due();
    assert!(bench.edit().key.is_some() && bench.edit().key != first);
    // Refused and corrected: another request. Refused and tried again: the same.
    let mut bench = Bench::creating(Creates::PostWithKey);
    let first = bench.edit().key.clone();
    bench.answer(refused()).take(Event::Retried).due();
    assert_eq!(bench.edit().key, first);
    let mut bench = Bench::creating(Creates::PostWithKey);
    let first = bench.edit().key.clone();
    bench.answer(refused()).save(NEWER).due();
    assert!(bench.edit().key.is_some() && bench.edit().key != first);
    // Any other answer proves nothing about an earlier try: the key stays.
    for outcome in [WriteOutcome::NotSent { words: words() }, WriteOutcome::Full { words: words() }] {
        let mut bench = Bench::creating(Creates::PostWithKey);
        let first = bench.edit().key.clone();
        bench.answer(unknown()).take(twins(&[])).due().answer(outcome).due();
        assert_eq!(bench.edit().key, first);
    }
}

#[test]
fn a_lost_post_without_a_key_is_never_sent_again_unasked() {
    for found in [&[][..], &[("s1", MINE, 2)], &[("s1", MINE, 2), ("s2", MINE, 3)]] {
        let mut bench = lost(Creates::Post);
        bench.take(twins(found));
        let flight = bench.record().in_flight.clone().expect("in flight");
        assert_eq!(
            (bench.state(), flight.asks, flight.twins.len()),
            (Some(State::Uncertain), true, found.len())
        );
        bench.due();
        assert_eq!(bench.effects, []);
    }
    let mut bench = lost(Creates::Post);
    bench.take(twins(&[])).take(Event::SettledAsNew).due();
    assert!(bench.written().is_some());
    let mut bench = lost(Creates::Post);
    bench.take(twins(&[("s1", MINE, 2)])).take(Event::SettledAs { id: id("s1"), version: version(MINE, 2) });
    assert_eq!((bench.state(), bench.base()), (Some(State::Synced), Some((MINE, Some(&mark(2))))));
}

#[test]
fn a_list_that_is_not_there_says_nothing_about_a_lost_post() {
    for creates in [Creates::Post, Creates::PostWithKey] {
        let mut bench = lost(creates);
        bench.take(Event::Looked(ReadOutcome::Gone));
        assert_eq!(bench.state(), Some(State::Uncertain), "{creates:?}");
        assert!(bench.wait() > Some(0));
    }
}

#[test]
fn what_the_server_added_to_is_offered_but_not_adopted() {
    let added = r#"{"a":10,"b":2,"c":3,"by":"server"}"#;
    let mut bench = lost(Creates::Post);
    bench.take(twins(&[("s1", added, 2), ("other", CLASH, 7)]));
    assert_eq!(bench.record().in_flight.as_ref().map(|f| f.twins.clone()), Some(vec![id("s1")]));
    bench.take(Event::SettledAs { id: id("s1"), version: version(added, 2) });
    assert_eq!((bench.state(), bench.base()), (Some(State::Synced), Some((added, Some(&mark(2))))));
}

#[test]
fn trying_again_searches_again() {
    let mut bench = lost(Creates::Post);
    bench.take(twins(&[])).take(Event::Retried).due();
    assert_eq!(bench.effects, [Effect::SearchTwins]);
}

#[test]
fn removed_while_it_is_asked_what_became_of_it() {
    let mut bench = lost(Creates::Post);
    bench.take(Event::DeleteSaved).take(twins(&[]));
    assert_eq!(bench.state(), None, "none was made, none is wanted");
    let mut bench = lost(Creates::Post);
    bench.take(Event::DeleteSaved).take(twins(&[("s1", MINE, 2)]));
    bench.take(Event::SettledAs { id: id("s1"), version: version(MINE, 2) }).due();
    assert!(matches!(bench.written(), Some(Write::Delete { .. })));
}

#[test]
fn a_post_that_is_refused_without_an_address_is_told_and_never_looped() {
    for outcome in [failed(None), failed(Some(Current::Present(version(CLASH, 2)))), WriteOutcome::NotThere] {
        for creates in [Creates::Post, Creates::PostWithKey] {
            let mut bench = Bench::creating(creates);
            assert_eq!(bench.answer(outcome.clone()).state(), Some(State::Rejected), "{outcome:?}");
        }
    }
}

#[test]
fn made_on_both_sides_is_adopted_if_equal_else_asked() {
    let mut bench = Bench::creating(Creates::OwnAddress);
    bench.answer(failed(Some(Current::Present(version(MINE, 2)))));
    assert_eq!(bench.state(), Some(State::Synced));
    for policy in [MergePolicy::Review, MergePolicy::Auto] {
        let mut bench = Bench::creating(Creates::OwnAddress);
        bench.rules.policy = policy;
        bench.answer(failed(Some(Current::Present(version(THEIRS, 2)))));
        assert_eq!(bench.kind(), Some(ConflictKind::CreateCreate), "no real base, no merge by itself");
    }
    let mut bench = Bench::new_record(Creates::OwnAddress);
    bench.theirs(there(CLASH, 2)).due();
    assert_eq!((bench.written(), bench.kind()), (None, Some(ConflictKind::CreateCreate)));
}
