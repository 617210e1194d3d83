//! Accepted, not confirmed: 202, or a 2xx that does not say enough (sync.md section 2).

use crate::bench::*;
use sync_engine::*;

fn accepted() -> Bench {
    let mut bench = Bench::sending();
    bench.answer(WriteOutcome::Accepted);
    assert_eq!(bench.state(), Some(State::Sending));
    bench
}

#[test]
fn what_we_changed_is_there_so_it_is_done_even_if_the_server_adjusted_more() {
    let adjusted = r#"{"a":10,"b":2,"c":3,"by":"server"}"#;
    let mut bench = accepted();
    bench.due().take(found(adjusted, 2));
    assert_eq!((bench.state(), bench.base()), (Some(State::Synced), Some((adjusted, Some(&mark(2))))));
}

#[test]
fn a_changed_leaf_that_is_missing_is_shown_with_the_old_base() {
    for policy in [MergePolicy::Review, MergePolicy::Auto] {
        let mut bench = accepted();
        bench.rules.policy = policy;
        bench.take(found(THEIRS, 3));
        assert_eq!((bench.state(), bench.base()), (Some(State::NeedsYou), Some((BASE, Some(&mark(1))))));
    }
    // Also when the server shows the content of before under another mark: somebody took ours back.
    let mut bench = accepted();
    assert_eq!(bench.take(found(BASE, 3)).state(), Some(State::NeedsYou));
}

#[test]
fn not_done_yet_is_read_again_growingly_later_and_then_told() {
    let mut bench = accepted();
    let mut waits = Vec::new();
    while bench.state() == Some(State::Sending) {
        bench.due();
        assert!(bench.looks() && bench.written().is_none(), "it is never sent again by itself");
        bench.take(found(BASE, 1));
        waits.extend(bench.wait().filter(|_| bench.state() == Some(State::Sending)));
    }
    assert_eq!(waits, [4, 8, 16, 32, 64, 128, 256, 512].map(|s| s * 1_000));
    assert_eq!((bench.state(), bench.mine()), (Some(State::NeedsYou), Some(MINE)));
}

#[test]
fn a_removal_and_a_new_record_wait_likewise() {
    let mut bench = Bench::deleting();
    bench.answer(WriteOutcome::Accepted).take(found(BASE, 1));
    assert_eq!(bench.state(), Some(State::Sending));
    assert_eq!(bench.take(Event::Looked(ReadOutcome::Gone)).state(), None);
    let mut bench = Bench::deleting();
    bench.answer(WriteOutcome::Accepted).take(found(BASE, 5));
    assert_eq!((bench.state(), bench.kind()), (Some(State::NeedsYou), Some(ConflictKind::DeleteEdit)));
    let mut bench = Bench::creating(Creates::OwnAddress);
    bench.answer(WriteOutcome::Accepted).take(Event::Looked(ReadOutcome::Gone));
    assert_eq!(bench.state(), Some(State::Sending));
    bench.take(found(MINE, 2));
    assert_eq!(bench.state(), Some(State::Synced));
}

#[test]
fn somebody_else_removed_it_meanwhile() {
    let mut bench = accepted();
    bench.take(Event::Looked(ReadOutcome::Gone));
    assert_eq!((bench.state(), bench.kind()), (Some(State::NeedsYou), Some(ConflictKind::EditDelete)));
}

#[test]
fn after_a_restart_it_is_uncertain_and_looked_at() {
    let mut bench = accepted();
    bench.restart();
    assert_eq!(bench.state(), Some(State::Uncertain));
    assert!(bench.due().looks());
}
