//! The table of answers to a write (sync.md section 2), for a change on the wire.

use crate::bench::*;
use sync_engine::*;

#[test]
fn a_2xx_with_a_mark_makes_what_was_sent_the_base() {
    let mut bench = Bench::sending();
    bench.answer(applied(2));
    assert_eq!((bench.state(), bench.base()), (Some(State::Synced), Some((MINE, Some(&mark(2))))));
}

#[test]
fn the_body_in_the_answer_is_the_base() {
    let adjusted = r#"{"a":10,"b":2,"c":3,"by":"server"}"#;
    let mut bench = Bench::sending();
    let rev = bench.record().rev;
    bench.answer(WriteOutcome::Applied { validator: Some(mark(2)), body: Some(body(adjusted)), id: None });
    assert_eq!((bench.state(), bench.base()), (Some(State::Synced), Some((adjusted, Some(&mark(2))))));
    assert!(bench.record().rev > rev, "the person sees something new");
}

#[test]
fn a_2xx_without_a_mark_that_protects_is_confirmed_by_a_read() {
    let weak = Validator::new("W/\"2\"").expect("a mark");
    for validator in [None, Some(weak.clone())] {
        let mut bench = Bench::sending();
        bench.answer(WriteOutcome::Applied { validator, body: None, id: None });
        assert_eq!(bench.state(), Some(State::Sending));
        assert!(bench.due().looks());
        bench.take(found(MINE, 2));
        assert_eq!((bench.state(), bench.base()), (Some(State::Synced), Some((MINE, Some(&mark(2))))));
    }
    // Where weak marks are enforced, they protect.
    let mut bench = Bench::sending();
    bench.rules.validators.weak_enforced = true;
    bench.answer(WriteOutcome::Applied { validator: Some(weak), body: None, id: None });
    assert_eq!(bench.state(), Some(State::Synced));
    // Where the check-up found rewriting or races, every write is confirmed.
    let mut bench = Bench::sending();
    bench.rules.confirm = true;
    assert_eq!(bench.answer(applied(2)).state(), Some(State::Sending));
}

#[test]
fn a_412_is_looked_at_and_told_apart() {
    use ConflictKind::*;
    let table: [(Option<Version>, State, Option<ConflictKind>); 4] = [
        (Some(version(MINE, 2)), State::Synced, None),
        (Some(version(BASE, 2)), State::Edited, None),
        (Some(version(CLASH, 2)), State::NeedsYou, Some(EditEdit)),
        (None, State::NeedsYou, Some(EditDelete)),
    ];
    for (now, state, kind) in table {
        let current = now.clone().map_or(Current::Gone, Current::Present);
        // The answer carries it, or a read does.
        let mut told = Bench::sending();
        told.answer(failed(Some(current)));
        let mut read = Bench::contested();
        read.due();
        assert!(read.looks());
        read.take(Event::Looked(now.clone().map_or(ReadOutcome::Gone, ReadOutcome::Found)));
        for bench in [told, read] {
            assert_eq!((bench.state(), bench.kind()), (Some(state), kind), "{now:?}");
            assert_eq!(bench.edit_refused(), now.is_none() || state != State::Synced, "{now:?}");
        }
    }
}

impl Bench {
    fn edit_refused(&self) -> bool {
        self.record().edit.as_ref().is_some_and(|e| e.refused_validator == Some(mark(1)))
    }
}

#[test]
fn a_touched_record_goes_on_with_the_new_mark() {
    let mut bench = Bench::contested();
    bench.take(found(BASE, 2)).due();
    assert_eq!(bench.written().map(condition).as_deref(), Some("If-Match: \"2\""));
    // Also with what was typed since.
    let mut bench = Bench::contested();
    bench.save(NEWER).take(found(BASE, 2)).due();
    assert_eq!(bench.written().and_then(Write::body), Some(&body(NEWER)));
}

#[test]
fn the_same_write_never_goes_out_twice_under_a_mark_that_was_refused() {
    // The server refuses the mark that it gives itself (a weak comparison, a compressed suffix).
    let mut bench = Bench::contested();
    bench.take(found(BASE, 1));
    assert_eq!((bench.state(), bench.refusal()), (Some(State::Rejected), Some(RefusalKind::Protocol)));
    // The same mark on other content: after the merge it is not sent either.
    let mut bench = Bench::contested();
    bench
        .take(found(CLASH, 1))
        .take(Event::Resolved { seen: None, all: Some(record_merge::Choice::Mine) })
        .due();
    assert_eq!((bench.written(), bench.refusal()), (None, Some(RefusalKind::Protocol)));
    let mut bench = Bench::deleting();
    bench.answer(failed(Some(Current::Present(version(CLASH, 1)))));
    bench.take(Event::Resolved { seen: None, all: Some(record_merge::Choice::Mine) }).due();
    assert_eq!((bench.written(), bench.refusal()), (None, Some(RefusalKind::Protocol)));
}

#[test]
fn not_there_is_done_for_a_removal_and_a_question_for_a_change() {
    let mut bench = Bench::deleting();
    assert_eq!(bench.answer(WriteOutcome::NotThere).state(), None);
    let mut bench = Bench::sending();
    bench.answer(WriteOutcome::NotThere);
    assert_eq!(bench.state(), Some(State::Contested));
    bench.due().take(Event::Looked(ReadOutcome::Gone));
    assert_eq!((bench.state(), bench.kind()), (Some(State::NeedsYou), Some(ConflictKind::EditDelete)));
    assert_eq!(bench.mine(), Some(MINE));
}

#[test]
fn a_removal_refused_shows_what_they_changed() {
    let mut bench = Bench::deleting();
    bench.answer(failed(Some(Current::Present(version(CLASH, 2)))));
    assert_eq!((bench.state(), bench.kind()), (Some(State::NeedsYou), Some(ConflictKind::DeleteEdit)));
    let mut bench = Bench::deleting();
    assert_eq!(bench.answer(failed(Some(Current::Gone))).state(), None, "both removed it");
}

#[test]
fn a_refusal_keeps_the_words_and_the_places() {
    for kind in [RefusalKind::Content, RefusalKind::Permission, RefusalKind::Protocol] {
        let pointers = vec![Pointed { pointer: "/a".to_owned(), words: words() }];
        let refusal = Refusal { kind, words: words(), pointers };
        let mut bench = Bench::sending();
        bench.answer(WriteOutcome::Refused(refusal.clone()));
        assert_eq!(bench.state(), Some(State::Rejected));
        assert_eq!(bench.record().refusal, Some(refusal));
        assert_eq!(bench.mine(), Some(MINE));
    }
}

#[test]
fn later_means_later() {
    let mut bench = Bench::sending();
    bench.answer(WriteOutcome::Later { not_before: Some(Timestamp(5_000_000)), words: words() });
    assert_eq!((bench.state(), bench.edit().not_before), (Some(State::Edited), Some(Timestamp(5_000_000))));
    assert_eq!(bench.edit().wait, Some(WaitReason::ServerBusy));
    assert_eq!(bench.effects, [Effect::SourceNotBefore(Timestamp(5_000_000))], "one throttle per host");
    let mut bench = Bench::sending();
    bench.answer(WriteOutcome::Later { not_before: None, words: words() });
    assert_eq!(bench.wait(), Some(2_000));
}

#[test]
fn an_answer_that_says_nothing_is_uncertain_and_never_sent_again_blind() {
    let not_ours = WriteOutcome::NotOurs { words: words() };
    for outcome in [unknown(), not_ours] {
        let mut bench = Bench::sending();
        bench.answer(outcome.clone());
        assert_eq!(bench.state(), Some(State::Uncertain), "{outcome:?}");
        bench.due();
        assert!(bench.looks() && bench.written().is_none(), "{outcome:?}");
    }
    let mut bench = Bench::sending();
    bench.answer(WriteOutcome::NotOurs { words: words() });
    assert_eq!(bench.effects, [Effect::PauseSource(PauseReason::NetworkSignIn)]);
}

#[test]
fn signing_in_and_room_are_matters_of_the_source() {
    let table = [
        (WriteOutcome::SignIn(PauseReason::SignIn), Effect::PauseSource(PauseReason::SignIn)),
        (WriteOutcome::SignIn(PauseReason::ProxySignIn), Effect::PauseSource(PauseReason::ProxySignIn)),
        (WriteOutcome::Full { words: words() }, Effect::PauseSource(PauseReason::ServerFull)),
        (WriteOutcome::NotSent { words: words() }, Effect::Unreachable),
    ];
    for (outcome, effect) in table {
        let mut bench = Bench::sending();
        bench.answer(outcome);
        assert_eq!((bench.state(), bench.mine()), (Some(State::Edited), Some(MINE)));
        assert_eq!(bench.effects, [effect]);
    }
}

#[test]
fn compared_just_before_and_different_is_told_apart_like_a_412() {
    let mut bench = Bench::edited();
    bench.rules.grade = Grade::Unprotected;
    bench.rules.allow_unprotected = true;
    bench.due();
    let hash = Some(body(BASE).hash());
    assert_eq!(bench.written().map(Write::precondition), Some(&Precondition::ComparedJustBefore { hash }));
    // The server spells the same content anew with each read: that is compared next time.
    let spelled = r#"{"a": 1, "b": 2, "c": 3}"#;
    bench.answer(WriteOutcome::Differs { current: Current::Present(version(spelled, 1)) }).due();
    let hash = Some(body(spelled).hash());
    assert_eq!(bench.written().map(Write::precondition), Some(&Precondition::ComparedJustBefore { hash }));
    bench.answer(WriteOutcome::Differs { current: Current::Present(version(CLASH, 1)) });
    assert_eq!(bench.state(), Some(State::NeedsYou));
}

#[test]
fn an_answer_nobody_waits_for_changes_nothing() {
    for state in State::ALL.into_iter().filter(|s| *s != State::Sending) {
        for outcome in [applied(9), failed(Some(Current::Gone)), refused(), unknown()] {
            let mut bench = Bench::in_state(state);
            let before = bench.record().clone();
            bench.answer(outcome.clone());
            assert_eq!(*bench.record(), before, "{state:?} {outcome:?}");
        }
    }
    let mut bench = Bench::sending();
    bench.restart();
    let before = bench.record().clone();
    bench.answer(applied(9));
    assert_eq!(*bench.record(), before, "an answer of another run");
}

#[test]
fn no_write_goes_out_unprotected() {
    // Without a mark, or with a weak one that is not enforced, the record is read first.
    for validator in [None, Validator::new("W/\"1\"").ok()] {
        let mut bench = Bench::synced();
        bench.take(Event::Looked(ReadOutcome::Found(Version { body: body(BASE), validator })));
        bench.save(MINE).due();
        assert!(bench.looks() && bench.written().is_none());
        assert_eq!(
            (bench.state(), bench.edit().wait),
            (Some(State::Edited), Some(WaitReason::NoVersionMark))
        );
        bench.take(found(BASE, 7)).due();
        assert_eq!(bench.written().map(condition).as_deref(), Some("If-Match: \"7\""));
    }
    // Not before the check-up, not where it is unprotected.
    for grade in [Grade::NotChecked, Grade::Unknown, Grade::Unprotected] {
        let mut bench = Bench::edited();
        bench.rules.grade = grade;
        assert_eq!(bench.due().written(), None, "{grade:?}");
    }
}

#[test]
fn reading_the_mark_goes_on_while_held_and_never_spins() {
    let mut bench = Bench::synced();
    bench.take(Event::Looked(ReadOutcome::Found(Version { body: body(BASE), validator: None })));
    bench.save(MINE).due();
    bench.take(Event::Held(true)).due();
    assert!(bench.looks() && bench.wait() > Some(0));
    bench.theirs(there(CLASH, 3)).due();
    assert_eq!((bench.edit().wait, bench.written()), (None, None), "it waits for the person now");
}
