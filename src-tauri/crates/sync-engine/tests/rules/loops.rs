//! Nothing loops (merge.md M42, M48): against a server that always says the same, an hour sees few requests.

use crate::bench::*;
use sync_engine::*;

/// Answers every request of the record for an hour, jumping to the moment it is due; counts the requests.
fn hour(
    bench: &mut Bench,
    mut wrote: impl FnMut(&Write, u32) -> WriteOutcome,
    mut read: impl FnMut(u32) -> ReadOutcome,
) -> u32 {
    let end = bench.now + 3_600_000;
    let mut requests = 0;
    let mut idle = 0;
    while bench.now < end && idle < 3 && requests < 1_000 {
        let waits = bench.record.as_ref().and_then(|r| r.edit.as_ref()).and_then(|e| e.not_before);
        bench.now = bench.now.max(waits.map_or(0, |at| at.0));
        let Some(record) = &bench.record else { break };
        if record.conflict.is_some() || record.refusal.is_some() || record.edit.is_none() {
            break;
        }
        bench.due();
        idle = if bench.effects.is_empty() { idle + 1 } else { 0 };
        for effect in bench.effects.clone() {
            requests += 1;
            match effect {
                Effect::Send(write) => bench.answer(wrote(&write, requests)),
                Effect::Look(_) => bench.take(Event::Looked(read(requests))),
                Effect::SearchTwins => bench.take(Event::TwinsSearched(Vec::new())),
                other => panic!("{other:?}"),
            };
        }
    }
    requests
}

#[test]
fn a_server_that_always_refuses_the_condition() {
    let mut bench = Bench::edited();
    let n = hour(&mut bench, |_, _| failed(None), |_| ReadOutcome::Found(version(BASE, 1)));
    assert_eq!((n, bench.state()), (2, Some(State::Rejected)));
}

#[test]
fn a_server_with_a_new_mark_at_each_read() {
    let mut bench = Bench::edited();
    let n = hour(&mut bench, |_, _| failed(None), |n| ReadOutcome::Found(version(BASE, n + 1)));
    assert_eq!((n, bench.state()), (12, Some(State::Rejected)));
    // A person may try once more, and it ends again.
    bench.take(Event::Retried);
    let n = hour(&mut bench, |_, _| failed(None), |n| ReadOutcome::Found(version(BASE, n + 100)));
    assert_eq!((n, bench.state()), (12, Some(State::Rejected)));
}

#[test]
fn a_server_that_flaps_between_two_marks() {
    let mut bench = Bench::edited();
    let n = hour(&mut bench, |_, _| failed(None), |n| ReadOutcome::Found(version(BASE, n / 2 % 2 + 1)));
    assert!(n <= 12, "{n}");
    assert_eq!(bench.state(), Some(State::Rejected));
}

#[test]
fn a_server_that_always_fails() {
    let mut bench = Bench::edited();
    let n = hour(&mut bench, |_, _| unknown(), |_| ReadOutcome::Found(version(BASE, 1)));
    assert!(n <= 30, "{n}");
    let mut bench = Bench::edited();
    let n = hour(&mut bench, |_, _| unknown(), |_| ReadOutcome::Unknown { words: words() });
    assert!(n <= 20, "{n}");
    assert_eq!(bench.mine(), Some(MINE));
}

#[test]
fn a_server_that_is_always_busy() {
    let busy = || WriteOutcome::Later { not_before: None, words: words() };
    let mut bench = Bench::edited();
    let n = hour(&mut bench, |_, _| busy(), |_| ReadOutcome::Later { not_before: None, words: words() });
    assert!(n <= 20, "{n}");
}

#[test]
fn a_server_that_takes_everything_and_does_nothing() {
    for outcome in [WriteOutcome::Accepted, WriteOutcome::Applied { validator: None, body: None, id: None }] {
        let mut bench = Bench::edited();
        let n = hour(&mut bench, |_, _| outcome.clone(), |_| ReadOutcome::Found(version(BASE, 1)));
        assert!(n <= 12, "{n}");
        assert_eq!(bench.state(), Some(State::NeedsYou));
    }
}

#[test]
fn a_server_without_marks() {
    let mut bench = Bench::synced();
    bench.take(Event::Looked(ReadOutcome::Found(Version { body: body(BASE), validator: None }))).save(MINE);
    let bare = || ReadOutcome::Found(Version { body: body(BASE), validator: None });
    let n = hour(&mut bench, |w, _| panic!("unprotected: {w:?}"), |_| bare());
    assert!(n <= 20, "{n}");
    assert_eq!((bench.state(), bench.edit().wait), (Some(State::Edited), Some(WaitReason::NoVersionMark)));
}

#[test]
fn a_collection_that_is_not_there() {
    let mut bench = Bench::new_record(Creates::OwnAddress);
    let n = hour(&mut bench, |_, _| failed(None), |_| ReadOutcome::Gone);
    assert!(n <= 6, "{n}");
    assert_eq!(bench.state(), Some(State::Rejected));
}

#[test]
fn a_keyed_post_that_never_arrives() {
    let mut bench = Bench::new_record(Creates::PostWithKey);
    let n = hour(&mut bench, |_, _| unknown(), |_| ReadOutcome::Gone);
    assert!(n <= 30, "{n}");
}

#[test]
fn five_merges_by_themselves_in_a_row_then_it_is_told() {
    let mut bench = Bench::edited();
    bench.rules.policy = MergePolicy::Auto;
    let mut writes = 0;
    let busy_writer = |n: u32| version(&format!(r#"{{"a":1,"b":{},"c":3}}"#, 100 + n), 100 + n);
    let n = hour(
        &mut bench,
        |_, n| {
            writes += 1;
            failed(Some(Current::Present(busy_writer(n))))
        },
        |_| panic!("the answer told"),
    );
    assert_eq!((n, writes, bench.state()), (6, 6, Some(State::NeedsYou)), "the first, and five more");
    assert!(bench.record().conflict.as_ref().is_some_and(|c| c.must_look));
    assert_eq!(bench.history.iter().filter(|h| h.what == What::MergedByItself).count(), 5);
}

#[test]
fn pauses_grow_to_a_quarter_of_an_hour_and_start_at_a_second() {
    let mut bench = Bench::uncertain();
    for attempts in 0..40 {
        bench.record_mut().edit.as_mut().expect("an edit").attempts = attempts;
        bench.take(Event::Looked(ReadOutcome::Unknown { words: words() }));
        let expected = 1_000_i64.checked_shl(attempts + 1).unwrap_or(i64::MAX).clamp(0, 900_000);
        let expected = if attempts >= 10 { 900_000 } else { expected };
        assert_eq!(bench.wait(), Some(expected), "{attempts}");
    }
    bench.jitter = 0.0;
    bench.take(Event::Looked(ReadOutcome::Unknown { words: words() }));
    assert_eq!(bench.wait(), Some(200));
    bench.jitter = f64::NAN;
    bench.take(Event::Looked(ReadOutcome::Unknown { words: words() }));
    assert_eq!(bench.wait(), Some(200));
}
