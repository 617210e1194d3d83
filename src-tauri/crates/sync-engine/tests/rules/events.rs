//! Events by state (sync.md 3.1).

use crate::bench::*;
use sync_engine::*;

use State::{Contested, Edited, NeedsYou, Rejected, Sending, Synced, Uncertain};

/// What follows: the state, or that it is not possible now.
type Follows = Result<Option<State>, ()>;

fn run(event: &Event, table: [(State, Follows); 7]) {
    for (state, follows) in table {
        let mut bench = Bench::in_state(state);
        let before = bench.record().clone();
        let done = bench.try_take(event.clone());
        match (&done, follows) {
            (Ok(()), Ok(after)) => assert_eq!(bench.state(), after, "{state:?} {event:?}"),
            (Err(_), Err(())) => assert_eq!(*bench.record(), before, "{state:?} {event:?}"),
            other => panic!("{state:?} {event:?}: {other:?}"),
        }
    }
}

#[test]
fn a_saved_edit_never_disturbs_what_is_on_the_wire() {
    let table = [
        (Synced, Ok(Some(Edited))),
        (Edited, Ok(Some(Edited))),
        (Sending, Ok(Some(Sending))),
        (Uncertain, Ok(Some(Uncertain))),
        (Contested, Ok(Some(Contested))),
        (NeedsYou, Ok(Some(NeedsYou))),
        (Rejected, Ok(Some(Edited))),
    ];
    run(&Event::EditSaved(body(NEWER)), table);
    for (state, _) in table {
        let mut bench = Bench::in_state(state);
        let before = bench.record().clone();
        bench.save(NEWER);
        assert_eq!(bench.record().rev, before.rev.next(), "{state:?}");
        assert_eq!(bench.mine(), Some(NEWER), "{state:?}");
        assert_eq!(bench.record().in_flight, before.in_flight, "{state:?}");
        assert_eq!(bench.record().base, before.base, "the first base stays: {state:?}");
        assert_eq!(bench.edit().base_validator, Some(mark(1)), "{state:?}");
        assert_eq!(bench.edit().base_hash, Some(body(BASE).hash()), "{state:?}");
        assert_eq!(bench.record().refusal, None, "{state:?}");
    }
}

#[test]
fn saving_what_is_shown_changes_nothing() {
    for state in State::ALL {
        let mut bench = Bench::in_state(state);
        let before = bench.record().clone();
        let shown = before.visible().cloned().expect("a body");
        bench.take(Event::EditSaved(shown));
        assert_eq!(*bench.record(), before, "{state:?}");
    }
}

#[test]
fn news_of_the_server_counts_where_nothing_is_on_the_wire() {
    let news = Event::TheirsSeen { theirs: there(THEIRS, 2), began: Seq(10_000) };
    let table = [
        (Synced, Ok(Some(Synced))),
        (Edited, Ok(Some(Edited))),
        (Sending, Ok(Some(Sending))),
        (Uncertain, Ok(Some(NeedsYou))),
        (Contested, Ok(Some(NeedsYou))),
        (NeedsYou, Ok(Some(NeedsYou))),
        (Rejected, Ok(Some(Rejected))),
    ];
    run(&news, table);
    for (state, _) in table {
        let mut bench = Bench::in_state(state);
        bench.take(news.clone());
        if state == Synced {
            assert_eq!(bench.base(), Some((THEIRS, Some(&mark(2)))));
        } else {
            assert_eq!(bench.server(), Some(&there(THEIRS, 2)), "{state:?}");
            assert_eq!((bench.mine(), bench.base()), (Some(MINE), Some((BASE, Some(&mark(1))))), "{state:?}");
        }
    }
}

#[test]
fn a_removal_on_the_server_never_removes_an_edit() {
    let news = Event::TheirsSeen { theirs: Theirs::Gone, began: Seq(10_000) };
    let table = [
        (Synced, Ok(None)),
        (Edited, Ok(Some(Edited))),
        (Sending, Ok(Some(Sending))),
        (Uncertain, Ok(Some(NeedsYou))),
        (Contested, Ok(Some(NeedsYou))),
        (NeedsYou, Ok(Some(NeedsYou))),
        (Rejected, Ok(Some(Rejected))),
    ];
    run(&news, table);
    for (state, _) in table.into_iter().skip(1) {
        let mut bench = Bench::in_state(state);
        bench.take(news.clone());
        assert_eq!((bench.server(), bench.mine()), (Some(&Theirs::Gone), Some(MINE)), "{state:?}");
        let asked = bench.state() == Some(NeedsYou);
        assert_eq!(bench.kind(), asked.then_some(ConflictKind::EditDelete), "{state:?}");
    }
}

#[test]
fn a_listing_that_began_before_the_last_answer_is_dropped() {
    for state in State::ALL {
        let mut bench = Bench::in_state(state);
        bench.record_mut().answered = Seq(50);
        let before = bench.record().clone();
        bench.take(Event::TheirsSeen { theirs: there(THEIRS, 2), began: Seq(49) });
        assert_eq!(*bench.record(), before, "{state:?}");
        // Nothing else would find out that it was newer after all.
        assert_eq!(bench.looks(), state == Synced, "{state:?}");
        bench.take(Event::TheirsSeen { theirs: there(THEIRS, 2), began: Seq(51) });
        assert_ne!(*bench.record(), before, "{state:?}");
    }
}

#[test]
fn only_answers_that_say_what_is_there_make_listings_too_old() {
    let later = WriteOutcome::Later { not_before: None, words: words() };
    let not_sent = WriteOutcome::NotSent { words: words() };
    let table = [
        (applied(2), true),
        (WriteOutcome::Accepted, true),
        (failed(None), true),
        (unknown(), true),
        (WriteOutcome::NotThere, true),
        (refused(), false),
        (later, false),
        (not_sent, false),
        (WriteOutcome::SignIn(PauseReason::SignIn), false),
        (WriteOutcome::Full { words: words() }, false),
    ];
    for (outcome, counts) in table {
        let mut bench = Bench::sending();
        let before = bench.record().answered;
        bench.answer(outcome.clone());
        assert_eq!(bench.record().answered != before, counts, "{outcome:?}");
    }
}

#[test]
fn an_edit_is_taken_back_only_when_its_fate_is_known() {
    let table = [
        (Synced, Err(())),
        (Edited, Ok(Some(Synced))),
        (Sending, Err(())),
        (Uncertain, Err(())),
        (Contested, Ok(Some(Synced))),
        (NeedsYou, Ok(Some(Synced))),
        (Rejected, Ok(Some(Synced))),
    ];
    run(&Event::Discarded, table);
    for (state, follows) in table {
        let mut bench = Bench::in_state(state);
        if follows.is_err() {
            continue;
        }
        bench.take(Event::Discarded);
        assert!(bench.kept(MINE) && bench.wrote(What::Discarded), "{state:?}");
        let shown = if state == NeedsYou { (CLASH, Some(&mark(2))) } else { (BASE, Some(&mark(1))) };
        assert_eq!(
            bench.base().map(|(b, v)| (b.to_owned(), v.cloned())),
            Some((shown.0.to_owned(), shown.1.cloned()))
        );
    }
}

#[test]
fn a_new_record_taken_back_is_gone_with_its_text_in_the_history() {
    let mut bench = Bench::new_record(Creates::OwnAddress);
    bench.take(Event::Discarded);
    assert_eq!(bench.state(), None);
    assert!(bench.kept(MINE));
}

#[test]
fn trying_again_clears_the_wait_and_the_refusal() {
    let table = [
        (Synced, Err(())),
        (Edited, Ok(Some(Edited))),
        (Sending, Ok(Some(Sending))),
        (Uncertain, Ok(Some(Uncertain))),
        (Contested, Ok(Some(Contested))),
        (NeedsYou, Ok(Some(NeedsYou))),
        (Rejected, Ok(Some(Edited))),
    ];
    run(&Event::Retried, table);
    let mut bench = Bench::sending();
    bench.answer(WriteOutcome::Later { not_before: Some(Timestamp(9_000_000)), words: words() });
    assert_eq!(bench.edit().not_before, Some(Timestamp(9_000_000)));
    assert_eq!(bench.take(Event::Retried).edit().not_before, None);
    for state in [Uncertain, Contested] {
        assert!(Bench::in_state(state).take(Event::Retried).due().looks(), "{state:?}");
    }
    let mut bench = Bench::rejected();
    assert!(bench.take(Event::Retried).due().written().is_some(), "sent once unchanged");
}

#[test]
fn holding_keeps_an_edit_back_and_nothing_else() {
    for state in State::ALL.into_iter().filter(|s| *s != Synced) {
        let mut bench = Bench::in_state(state);
        bench.take(Event::Held(true));
        assert!(bench.edit().held && bench.state() == Some(state), "{state:?}");
    }
    assert!(Bench::synced().try_take(Event::Held(true)).is_err());
    let mut bench = Bench::edited();
    bench.take(Event::Held(true)).due();
    assert_eq!((bench.written(), bench.state()), (None, Some(Edited)));
    bench.take(Event::Held(false)).due();
    assert!(bench.written().is_some());
    // After the answer, a lost one is still looked for; the result of a merge stays held.
    let mut bench = Bench::uncertain();
    assert!(bench.take(Event::Held(true)).due().looks());
    let mut bench = Bench::needs_you();
    bench.take(Event::Held(true));
    bench.take(Event::Resolved { seen: None, all: Some(record_merge::Choice::Mine) }).due();
    assert_eq!((bench.written(), bench.edit().held), (None, true));
}

#[test]
fn a_removal_folds_into_what_waits() {
    let table = [
        (Synced, Ok(Some(Edited))),
        (Edited, Ok(Some(Edited))),
        (Sending, Ok(Some(Sending))),
        (Uncertain, Ok(Some(Uncertain))),
        (Contested, Ok(Some(Contested))),
        (NeedsYou, Ok(Some(NeedsYou))),
        (Rejected, Ok(Some(Edited))),
    ];
    run(&Event::DeleteSaved, table);
    for (state, _) in table {
        let mut bench = Bench::in_state(state);
        bench.take(Event::DeleteSaved);
        assert_eq!(bench.edit().change, Change::Delete, "{state:?}");
        assert!(state == Synced || bench.kept(MINE), "{state:?}");
    }
    let mut bench = Bench::needs_you();
    assert_eq!(bench.take(Event::DeleteSaved).kind(), Some(ConflictKind::DeleteEdit));
}

#[test]
fn folding_keeps_the_kind_of_change() {
    // add + change = add
    let mut bench = Bench::new_record(Creates::OwnAddress);
    assert!(matches!(bench.save(NEWER).edit().change, Change::Create(_)));
    // add + delete = nothing
    assert_eq!(bench.take(Event::DeleteSaved).state(), None);
    // change + delete = delete; delete + add = change
    let mut bench = Bench::edited();
    assert_eq!(bench.take(Event::DeleteSaved).edit().change, Change::Delete);
    assert_eq!(bench.save(NEWER).edit().change, Change::Replace(body(NEWER)));
    // back to what it was = nothing
    assert_eq!(bench.save(BASE).state(), Some(Synced));
}

#[test]
fn two_removals_make_nothing_to_ask() {
    let mut bench = Bench::edited();
    bench.theirs(Theirs::Gone).take(Event::DeleteSaved);
    assert_eq!(bench.state(), None);
    let mut bench = Bench::synced();
    bench.take(Event::DeleteSaved).theirs(Theirs::Gone);
    assert_eq!(bench.state(), None);
}

#[test]
fn news_that_says_the_same_is_no_news() {
    let mut bench = Bench::edited();
    bench.theirs(there(r#"{ "c":3, "b":2, "a":1.0 }"#, 5));
    assert_eq!((bench.server(), bench.state()), (None, Some(Edited)));
    assert_eq!(bench.edit().base_validator, Some(mark(5)));
    let mut bench = Bench::edited();
    bench.theirs(there(r#"{"a":10.0,"b":2,"c":3}"#, 5));
    assert_eq!(bench.state(), Some(Synced), "the server has it already");
}

#[test]
fn a_listing_without_marks_keeps_the_mark_that_is_known() {
    for state in [Synced, Edited, Rejected] {
        let mut bench = Bench::in_state(state);
        bench.theirs(Theirs::Present(Version { body: body(BASE), validator: None }));
        assert_eq!(bench.base(), Some((BASE, Some(&mark(1)))), "{state:?}");
    }
    // It settles nothing, though: somebody may have been there and gone.
    for state in [Uncertain, Contested] {
        let mut bench = Bench::in_state(state);
        bench.theirs(Theirs::Present(Version { body: body(BASE), validator: None }));
        assert_eq!(bench.state(), Some(state));
    }
}

#[test]
fn a_read_out_of_interest_that_fails_does_not_delay_the_edit() {
    for outcome in [
        ReadOutcome::Unknown { words: words() },
        ReadOutcome::Forbidden { words: words() },
        ReadOutcome::Later { not_before: None, words: words() },
    ] {
        for state in [Synced, Edited, NeedsYou, Rejected] {
            let mut bench = Bench::in_state(state);
            let before = bench.record().clone();
            bench.take(Event::Looked(outcome.clone()));
            assert_eq!(*bench.record(), before, "{state:?} {outcome:?}");
        }
    }
}

#[test]
fn an_edit_over_somebody_elses_new_record_is_not_lost_from_sight() {
    // Made here, and by somebody else at the same address; removed here: theirs is there.
    let mut bench = Bench::new_record(Creates::OwnAddress);
    bench.theirs(there(CLASH, 4)).take(Event::DeleteSaved);
    assert_eq!((bench.state(), bench.base()), (Some(Synced), Some((CLASH, Some(&mark(4))))));
}
