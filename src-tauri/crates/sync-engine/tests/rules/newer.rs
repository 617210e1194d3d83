//! What was typed while an answer was awaited is never lost and never overwritten (sync.md rule 2).

use crate::bench::*;
use sync_engine::*;

#[test]
fn an_acknowledgement_goes_under_what_was_typed_meanwhile() {
    let mut bench = Bench::sending();
    bench.save(NEWER).answer(applied(2));
    assert_eq!((bench.state(), bench.mine()), (Some(State::Edited), Some(NEWER)));
    assert_eq!(bench.base(), Some((MINE, Some(&mark(2)))));
    assert_eq!(bench.edit().base_validator, Some(mark(2)));
    bench.due();
    assert_eq!(bench.written().map(condition).as_deref(), Some("If-Match: \"2\""));
}

#[test]
fn what_the_server_adjusted_goes_under_it_too() {
    let adjusted = r#"{"a":10,"b":2,"c":3,"by":"server"}"#;
    let mut bench = Bench::sending();
    bench.save(NEWER);
    bench.answer(WriteOutcome::Applied { validator: Some(mark(2)), body: Some(body(adjusted)), id: None });
    assert_eq!(bench.state(), Some(State::Edited), "it is our own write: nobody is asked");
    assert_eq!(bench.base(), Some((adjusted, Some(&mark(2)))));
    assert_eq!(bench.mine(), Some(r#"{"a":10,"b":2,"c":30,"by":"server"}"#));
}

#[test]
fn typing_back_what_was_sent_leaves_nothing_to_send() {
    let mut bench = Bench::sending();
    bench.save(NEWER).save(MINE).answer(applied(2));
    assert_eq!((bench.state(), bench.base()), (Some(State::Synced), Some((MINE, Some(&mark(2))))));
}

#[test]
fn no_answer_loses_what_was_typed_meanwhile() {
    let later = WriteOutcome::Later { not_before: None, words: words() };
    let outcomes = [
        refused(),
        later,
        WriteOutcome::NotSent { words: words() },
        WriteOutcome::SignIn(PauseReason::SignIn),
        WriteOutcome::Full { words: words() },
        WriteOutcome::NotOurs { words: words() },
        WriteOutcome::Accepted,
        WriteOutcome::NotThere,
        unknown(),
        failed(None),
        failed(Some(Current::Gone)),
        failed(Some(Current::Present(version(CLASH, 2)))),
        failed(Some(Current::Present(version(BASE, 2)))),
        failed(Some(Current::Present(version(MINE, 2)))),
        WriteOutcome::Differs { current: Current::Present(version(THEIRS, 2)) },
        applied(2),
    ];
    for outcome in outcomes {
        let mut bench = Bench::sending();
        bench.save(NEWER).answer(outcome.clone());
        assert_eq!(bench.mine(), Some(NEWER), "{outcome:?}");
        assert_ne!(
            bench.state(),
            Some(State::Rejected),
            "what is refused is not what is wanted now: {outcome:?}"
        );
    }
}

#[test]
fn a_removal_typed_meanwhile_is_sent_with_the_new_mark() {
    let mut bench = Bench::sending();
    bench.take(Event::DeleteSaved).answer(applied(2)).due();
    assert!(matches!(bench.written(), Some(Write::Delete { .. })));
    assert_eq!(bench.written().map(condition).as_deref(), Some("If-Match: \"2\""));
}

#[test]
fn an_edit_after_a_removal_on_the_wire_becomes_a_new_record() {
    let mut bench = Bench::deleting();
    bench.save(NEWER);
    assert_eq!(
        bench.edit().change,
        Change::Replace(body(NEWER)),
        "not removed yet: a change of what is there"
    );
    bench.answer(applied(0)).due();
    assert_eq!(bench.edit().change, Change::Create(body(NEWER)));
    assert_eq!(bench.written().map(condition).as_deref(), Some("If-None-Match: *"));
    // Not applied: it is a change of what is still there.
    let mut bench = Bench::deleting();
    bench.save(NEWER).answer(WriteOutcome::NotSent { words: words() }).due();
    assert_eq!(bench.written().map(condition).as_deref(), Some("If-Match: \"1\""));
    // And if it was only taken back, there is nothing to send.
    let mut bench = Bench::deleting();
    bench.save(BASE).answer(WriteOutcome::NotSent { words: words() });
    assert_eq!(bench.state(), Some(State::Synced));
}

#[test]
fn a_record_made_and_removed_before_the_answer_is_removed_there_or_nowhere() {
    let surely_not = [
        refused(),
        WriteOutcome::Later { not_before: None, words: words() },
        WriteOutcome::NotSent { words: words() },
        WriteOutcome::SignIn(PauseReason::SignIn),
        WriteOutcome::Full { words: words() },
    ];
    for outcome in surely_not {
        for creates in [Creates::OwnAddress, Creates::Post, Creates::PostWithKey] {
            let mut bench = Bench::creating(creates);
            bench.take(Event::DeleteSaved);
            assert_eq!(bench.state(), Some(State::Sending), "it waits for the answer");
            assert_eq!(bench.answer(outcome.clone()).state(), None, "{creates:?} {outcome:?}");
            assert!(bench.kept(MINE));
        }
    }
    let mut bench = Bench::creating(Creates::OwnAddress);
    bench.take(Event::DeleteSaved).answer(applied(2)).due();
    assert!(matches!(bench.written(), Some(Write::Delete { .. })), "a removal with the adopted mark");
    let mut bench = Bench::creating(Creates::OwnAddress);
    bench.take(Event::DeleteSaved).answer(unknown()).take(Event::Looked(ReadOutcome::Gone));
    assert_eq!(bench.state(), None, "it never arrived");
}

#[test]
fn a_listing_seen_while_sending_is_judged_after_the_answer() {
    // 2xx: which came first is not known, so it is read.
    let mut bench = Bench::sending();
    bench.theirs(there(THEIRS, 2)).answer(applied(3));
    assert_eq!(bench.state(), Some(State::Sending));
    bench.due().take(found(MINE, 3));
    assert_eq!(bench.state(), Some(State::Synced));
    // Not applied: it is the news that waits.
    let mut bench = Bench::sending();
    bench.theirs(there(THEIRS, 2)).answer(WriteOutcome::NotSent { words: words() });
    assert_eq!((bench.state(), bench.server()), (Some(State::Edited), Some(&there(THEIRS, 2))));
    assert_eq!(bench.due().state(), Some(State::NeedsYou), "nothing is sent that will be refused");
}
