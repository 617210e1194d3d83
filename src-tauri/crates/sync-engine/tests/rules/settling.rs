//! Settling a lost answer (sync.md 2.1).

use crate::bench::*;
use sync_engine::*;

#[test]
fn what_we_sent_is_there_so_it_was_applied() {
    for crashed in [false, true] {
        let mut bench = if crashed { Bench::sending() } else { Bench::uncertain() };
        if crashed {
            bench.restart();
            assert_eq!(bench.state(), Some(State::Uncertain), "a request of another run is lost");
        }
        bench.due();
        assert!(bench.looks());
        bench.take(found(r#"{"c":3,"b":2,"a":10.0}"#, 2));
        assert_eq!((bench.state(), bench.base().and_then(|b| b.1)), (Some(State::Synced), Some(&mark(2))));
        assert!(bench.wrote(What::Recognised));
    }
}

#[test]
fn what_we_sent_and_more_by_others_is_applied_too() {
    let mut bench = Bench::uncertain();
    bench.take(found(r#"{"a":10,"b":20,"c":3}"#, 3));
    assert_eq!(bench.state(), Some(State::Synced));
}

#[test]
fn unmoved_means_the_same_request_again() {
    let mut bench = Bench::uncertain();
    bench.take(found(BASE, 1)).due();
    assert_eq!(bench.written().map(condition).as_deref(), Some("If-Match: \"1\""));
    assert_eq!(bench.written().and_then(Write::body), Some(&body(MINE)));
}

#[test]
fn the_old_content_under_a_new_mark_may_be_ours_taken_back_so_a_person_looks() {
    for policy in [MergePolicy::Review, MergePolicy::Auto] {
        let mut bench = Bench::uncertain();
        bench.rules.policy = policy;
        bench.take(found(BASE, 3));
        assert_eq!(
            (bench.state(), bench.kind()),
            (Some(State::NeedsYou), Some(ConflictKind::EditEdit)),
            "{policy:?}"
        );
        // No row is open: one key sends it.
        bench.take(Event::Resolved { seen: None, all: None }).due();
        assert_eq!(bench.written().map(condition).as_deref(), Some("If-Match: \"3\""));
    }
    let mut bench = Bench::deleting();
    bench.answer(unknown()).take(found(BASE, 3));
    assert_eq!((bench.state(), bench.kind()), (Some(State::NeedsYou), Some(ConflictKind::DeleteEdit)));
}

#[test]
fn a_removal_is_done_when_nothing_is_there_and_asked_when_something_else_is() {
    let mut bench = Bench::deleting();
    assert_eq!(bench.answer(unknown()).take(Event::Looked(ReadOutcome::Gone)).state(), None);
    let mut bench = Bench::deleting();
    bench.answer(unknown()).take(found(BASE, 1)).due();
    assert!(matches!(bench.written(), Some(Write::Delete { .. })));
    let mut bench = Bench::deleting();
    assert_eq!(bench.answer(unknown()).take(found(CLASH, 2)).kind(), Some(ConflictKind::DeleteEdit));
}

#[test]
fn anything_else_is_compared() {
    let mut bench = Bench::uncertain();
    bench.take(found(CLASH, 2));
    assert_eq!((bench.state(), bench.kind()), (Some(State::NeedsYou), Some(ConflictKind::EditEdit)));
    let mut bench = Bench::uncertain();
    bench.take(Event::Looked(ReadOutcome::Gone));
    assert_eq!((bench.state(), bench.kind()), (Some(State::NeedsYou), Some(ConflictKind::EditDelete)));
    let mut bench = Bench::uncertain();
    bench.rules.policy = MergePolicy::Auto;
    bench.take(found(THEIRS, 2));
    assert_eq!((bench.state(), bench.mine()), (Some(State::Edited), Some(r#"{"a":10,"b":20,"c":3}"#)));
}

#[test]
fn our_own_earlier_write_is_never_taken_for_somebody_elses() {
    // Sent a and b, both applied, b taken back by somebody; c typed since.
    let mut bench = Bench::synced();
    bench.save(r#"{"a":10,"b":20,"c":3}"#).due().answer(unknown());
    bench.save(r#"{"a":11,"b":20,"c":30}"#).take(found(r#"{"a":10,"b":2,"c":3}"#, 3));
    assert_eq!(bench.state(), Some(State::NeedsYou), "never sent without a look");
    let merge = merge_of(bench.record(), &bench.rules);
    assert!(
        merge.rows.iter().all(|row| row.automatic == Some(record_merge::Choice::Mine)),
        "{:?}",
        merge.rows
    );
    // The same without a newer edit, under a policy that sends by itself.
    let mut bench = Bench::synced();
    bench.rules.policy = MergePolicy::Auto;
    bench.save(r#"{"a":10,"b":20,"c":3}"#).due().answer(unknown());
    bench.take(found(r#"{"a":10,"b":2,"c":3}"#, 3));
    assert_eq!(bench.state(), Some(State::NeedsYou));
}

#[test]
fn a_look_is_newer_than_a_listing_that_came_while_the_answer_was_awaited() {
    let mut bench = Bench::sending();
    bench.theirs(there(CLASH, 2)).answer(unknown()).take(found(BASE, 1));
    assert_eq!((bench.state(), bench.server()), (Some(State::Edited), None));
}

#[test]
fn a_look_that_fails_leaves_it_uncertain_and_comes_back_later_each_time() {
    let mut bench = Bench::uncertain();
    let mut waits = Vec::new();
    for outcome in [
        ReadOutcome::Unknown { words: words() },
        ReadOutcome::Forbidden { words: words() },
        ReadOutcome::Later { not_before: None, words: words() },
        ReadOutcome::Unknown { words: words() },
    ] {
        bench.take(Event::Looked(outcome));
        assert_eq!(bench.state(), Some(State::Uncertain));
        waits.push(bench.wait());
    }
    assert_eq!(waits, [4_000, 8_000, 16_000, 32_000].map(Some));
}

#[test]
fn what_may_not_be_read_after_a_refusal_is_told() {
    let mut bench = Bench::contested();
    bench.take(Event::Looked(ReadOutcome::Forbidden { words: words() }));
    assert_eq!((bench.state(), bench.refusal()), (Some(State::Rejected), Some(RefusalKind::Permission)));
    assert_eq!(bench.mine(), Some(MINE));
}

#[test]
fn a_lost_create_at_our_own_address_is_recognised_by_the_address() {
    let mut bench = Bench::creating(Creates::OwnAddress);
    bench.answer(unknown()).due();
    assert!(bench.looks());
    // Not there: the same request again.
    bench.take(Event::Looked(ReadOutcome::Gone)).due();
    assert_eq!(bench.written().map(condition).as_deref(), Some("If-None-Match: *"));
    // From then on others may know the address.
    bench.answer(unknown()).take(found(CLASH, 4));
    assert_eq!(bench.kind(), Some(ConflictKind::CreateCreate));
    // There, and changed since: ours was applied, theirs is the news.
    let mut bench = Bench::creating(Creates::OwnAddress);
    bench.answer(unknown()).take(found(CLASH, 4));
    assert_eq!((bench.state(), bench.base()), (Some(State::Synced), Some((CLASH, Some(&mark(4))))));
    assert!(bench.kept(MINE));
    // With something typed since, both meet.
    let mut bench = Bench::creating(Creates::OwnAddress);
    bench.answer(unknown()).save(NEWER).take(found(r#"{"a":10,"b":20,"c":3}"#, 4));
    assert_eq!((bench.state(), bench.mine()), (Some(State::NeedsYou), Some(NEWER)));
    assert_eq!(bench.base(), Some((MINE, None)));
}

#[test]
fn an_address_that_others_knew_proves_nothing() {
    // Made, removed with something typed meanwhile, made again: whose it is now is not known.
    let mut bench = Bench::creating(Creates::OwnAddress);
    bench.answer(applied(2)).take(Event::DeleteSaved).due();
    bench.save(NEWER).answer(applied(3)).due();
    assert_eq!(bench.written().map(condition).as_deref(), Some("If-None-Match: *"));
    bench.answer(unknown()).take(found(CLASH, 9));
    assert_eq!((bench.state(), bench.kind()), (Some(State::NeedsYou), Some(ConflictKind::CreateCreate)));
}
