//! What goes out now.

use std::collections::{BTreeMap, BTreeSet};
use sync_engine::*;

const A: SourceId = SourceId(1);
const B: SourceId = SourceId(2);
const NOW: Timestamp = Timestamp(1_000);

fn waiting(key: i64, source: SourceId, task: Task) -> Waiting {
    Waiting { key: LocalKey(key), source, task, not_before: None, held: false, may_send: true }
}

fn gate(lanes: usize) -> Gate {
    Gate { lanes, ..Gate::default() }
}

fn decide(waiting: &[Waiting], gates: &[(SourceId, Gate)], busy: &[i64], batch: usize) -> Next {
    let busy: BTreeSet<LocalKey> = busy.iter().map(|k| LocalKey(*k)).collect();
    let sizes = BTreeMap::from([(A, batch)]);
    next(waiting, &gates.iter().copied().collect(), &busy, &sizes, false, NOW)
}

fn sent(keys: &[i64]) -> Next {
    Next::Send(keys.iter().map(|k| LocalKey(*k)).collect())
}

#[test]
fn a_record_has_one_lane_and_never_stops_another() {
    let all = [1, 2, 3].map(|k| waiting(k, A, Task::Write));
    assert_eq!(decide(&all, &[(A, gate(8))], &[2], 1), sent(&[1, 3]));
}

#[test]
fn a_source_has_its_lanes_and_its_batches() {
    let all: Vec<Waiting> = (1..=9).map(|k| waiting(k, A, Task::Write)).collect();
    assert_eq!(decide(&all, &[(A, gate(2))], &[], 1), sent(&[1, 2]));
    assert_eq!(decide(&all, &[(A, Gate { in_use: 1, ..gate(2) })], &[], 4), sent(&[1, 2, 3, 4]));
    let none = decide(&all, &[(A, Gate { in_use: 2, ..gate(2) })], &[], 4);
    assert!(!matches!(none, Next::Send(_)));
}

#[test]
fn a_read_takes_a_lane_also_where_writes_go_in_batches() {
    let all: Vec<Waiting> = (1..=50).map(|k| waiting(k, A, Task::Read)).collect();
    assert_eq!(decide(&all, &[(A, gate(3))], &[], 25), sent(&[1, 2, 3]));
}

#[test]
fn what_is_held_not_allowed_or_has_no_room_waits_and_reads_go_on() {
    let held = Waiting { held: true, ..waiting(1, A, Task::Write) };
    let shut = Waiting { may_send: false, ..waiting(2, A, Task::Write) };
    let read = Waiting { held: true, may_send: false, ..waiting(3, A, Task::Read) };
    let full = Gate { writes_closed: true, ..gate(8) };
    assert_eq!(decide(&[held.clone(), shut.clone(), read.clone()], &[(A, gate(8))], &[], 1), sent(&[3]));
    assert_eq!(decide(&[waiting(4, A, Task::Write), read.clone()], &[(A, full)], &[], 1), sent(&[3]));
    assert_eq!(decide(&[held, shut], &[(A, gate(8))], &[], 1), Next::Paused);
    let closed = Gate { closed: true, ..gate(8) };
    assert_eq!(decide(&[read], &[(A, closed)], &[], 1), Next::Paused);
    assert_eq!(decide(&[], &[(A, gate(8))], &[], 1), Next::Idle);
}

#[test]
fn one_throttle_per_source_and_the_earliest_moment_wins() {
    let late = Waiting { not_before: Some(Timestamp(5_000)), ..waiting(1, A, Task::Write) };
    let later = Waiting { not_before: Some(Timestamp(9_000)), ..waiting(2, A, Task::Write) };
    assert_eq!(
        decide(&[later.clone(), late.clone()], &[(A, gate(8))], &[], 1),
        Next::WaitUntil(Timestamp(5_000))
    );
    let throttled = Gate { not_before: Some(Timestamp(7_000)), ..gate(8) };
    assert_eq!(decide(&[late.clone(), later], &[(A, throttled)], &[], 1), Next::WaitUntil(Timestamp(7_000)));
    let other = waiting(3, B, Task::Write);
    assert_eq!(decide(&[late, other], &[(A, throttled), (B, gate(8))], &[], 1), sent(&[3]));
}

#[test]
fn offline_nothing_goes_out() {
    let gates = BTreeMap::from([(A, gate(8))]);
    let all = [waiting(1, A, Task::Read)];
    assert_eq!(next(&all, &gates, &BTreeSet::new(), &BTreeMap::new(), true, NOW), Next::Paused);
}
