//! Bringing versions back, and undoing merges (merge.md M49, M50).

use crate::bench::*;
use record_merge::Choice;
use sync_engine::*;

/// Both changed `a`; the person kept theirs, and it waits to be sent.
fn merged() -> (Bench, Undo) {
    let mut bench = Bench::needs_you();
    bench.take(Event::Resolved { seen: None, all: Some(Choice::Mine) });
    let undo = undo(&bench, 1_000_000, Some(mark(2)));
    (bench, undo)
}

fn undo(bench: &Bench, at: i64, validator: Option<Validator>) -> Undo {
    let result = bench.history.iter().rev().find(|h| matches!(h.note, Some(Note::Merge(_)))).unwrap();
    let result = result.body.clone().unwrap();
    Undo {
        version: 7,
        result: Base { body: result, validator, seen_at: Timestamp(at) },
        sent: false,
        back: body(CLASH),
        mine: Some(body(MINE)),
        before: Some(Base { body: body(BASE), validator: Some(mark(1)), seen_at: Timestamp(5) }),
    }
}

/// The same, sent and confirmed as version 3.
fn sent() -> (Bench, Undo) {
    let (mut bench, mut undo) = merged();
    bench.due();
    bench.answer(applied(3));
    assert_eq!(bench.state(), Some(State::Synced));
    undo.result.validator = Some(mark(3));
    undo.sent = true;
    (bench, undo)
}

fn take(bench: &mut Bench, undo: &Undo) -> Result<(), StepError> {
    bench.try_take(Event::MergeUndone(Box::new(undo.clone())))
}

#[test]
fn an_undo_before_it_was_sent_opens_it_again() {
    let (mut bench, undo) = merged();
    take(&mut bench, &undo).unwrap();
    assert_eq!((bench.state(), bench.mine()), (Some(State::NeedsYou), Some(MINE)));
    assert_eq!(bench.base(), Some((BASE, Some(&mark(1)))));
    assert_eq!(bench.server(), Some(&there(CLASH, 2)));
    // The decision is as it was: one key sends it again.
    bench.take(Event::Resolved { seen: None, all: None });
    assert_eq!(bench.mine(), Some(MINE));
    assert!(bench.wrote(What::Undone));
}

#[test]
fn an_undo_after_it_was_sent_is_a_write_of_its_own() {
    let (mut bench, undo) = sent();
    take(&mut bench, &undo).unwrap();
    assert_eq!((bench.state(), bench.mine()), (Some(State::Edited), Some(CLASH)));
    bench.due();
    let write = bench.written().unwrap();
    assert_eq!(condition(write), "If-Match: \"3\"");
    assert!(matches!(write, Write::Replace { body: sent, .. } if *sent == body(CLASH)));
}

#[test]
fn an_undo_keeps_what_others_changed_since() {
    // Somebody changed another field after the merge was sent.
    let since = r#"{"a":10,"b":2,"c":33}"#;
    for policy in [MergePolicy::Review, MergePolicy::Auto] {
        let (mut bench, undo) = sent();
        bench.rules.policy = policy;
        bench.theirs(there(since, 4));
        take(&mut bench, &undo).unwrap();
        let state = bench.state();
        match policy {
            // Nothing clashes, but the person looks before it is sent.
            MergePolicy::Review => {
                assert_eq!(state, Some(State::NeedsYou));
                bench.take(Event::Resolved { seen: None, all: None });
            }
            MergePolicy::Auto => assert_eq!(state, Some(State::Edited)),
        }
        assert_eq!(bench.mine(), Some(r#"{"a":11,"b":2,"c":33}"#), "{policy:?}");
        bench.due();
        assert_eq!(condition(bench.written().unwrap()), "If-Match: \"4\"");
    }
}

#[test]
fn an_undo_that_clashes_asks() {
    let since = r#"{"a":12,"b":2,"c":3}"#;
    let (mut bench, undo) = sent();
    bench.rules.policy = MergePolicy::Auto;
    bench.theirs(there(since, 4));
    take(&mut bench, &undo).unwrap();
    assert_eq!((bench.state(), bench.kind()), (Some(State::NeedsYou), Some(ConflictKind::EditEdit)));
    assert_eq!(bench.base(), Some((MINE, Some(&mark(3)))), "the merged version is what both began with");
    assert_eq!((bench.mine(), bench.server()), (Some(CLASH), Some(&there(since, 4))));
    // Taking the server's leaves it as it is now.
    bench.take(Event::Resolved { seen: None, all: Some(Choice::Theirs) });
    assert_eq!((bench.state(), bench.base()), (Some(State::Synced), Some((since, Some(&mark(4))))));
}

#[test]
fn an_undo_under_a_later_edit_leaves_the_edit() {
    let (mut bench, undo) = sent();
    bench.save(r#"{"a":10,"b":2,"c":99}"#);
    take(&mut bench, &undo).unwrap();
    assert_eq!((bench.state(), bench.mine()), (Some(State::Edited), Some(r#"{"a":11,"b":2,"c":99}"#)));
    let (mut bench, undo) = sent();
    bench.save(r#"{"a":98,"b":2,"c":3}"#);
    assert!(matches!(take(&mut bench, &undo), Err(StepError::NotNow(_))));
    assert_eq!(bench.mine(), Some(r#"{"a":98,"b":2,"c":3}"#), "nothing changed");
    // Not sent yet and edited further: undoing it would take away the edit it came from.
    let (mut bench, undo) = merged();
    bench.save(r#"{"a":10,"b":2,"c":99}"#);
    assert!(matches!(take(&mut bench, &undo), Err(StepError::NotNow(_))));
}

#[test]
fn an_undo_waits_for_answers_and_choices() {
    let (_, undo) = sent();
    for state in [State::Sending, State::Uncertain, State::Contested, State::NeedsYou] {
        let mut bench = Bench::in_state(state);
        assert!(matches!(take(&mut bench, &undo), Err(StepError::NotNow(_))), "{state:?}");
        assert_eq!(bench.state(), Some(state));
    }
}

#[test]
fn what_the_server_has_already_is_not_written() {
    let (mut bench, undo) = sent();
    bench.theirs(there(CLASH, 4));
    assert!(matches!(take(&mut bench, &undo), Err(StepError::NotNow(_))));
    assert_eq!(bench.state(), Some(State::Synced));
}

#[test]
fn a_merge_says_why() {
    let mut bench = Bench::contested();
    bench.take(found(r#"{"a":11,"b":20,"c":3}"#, 2));
    bench.take(Event::Resolved { seen: None, all: Some(Choice::Mine) });
    let notes: Vec<&MergeNote> = bench
        .history
        .iter()
        .filter_map(|h| match &h.note {
            Some(Note::Merge(note)) => Some(note),
            _ => None,
        })
        .collect();
    let [note] = notes.as_slice() else { panic!("{notes:?}") };
    assert_eq!(note.kind, ConflictKind::EditEdit);
    let rows: Vec<(String, Choice, bool)> =
        note.rows.iter().map(|r| (r.path.to_pointer(), r.choice, r.by_person)).collect();
    assert_eq!(rows, [("/a".to_owned(), Choice::Mine, true), ("/b".to_owned(), Choice::Theirs, false)]);
}

#[test]
fn what_is_set_aside_is_as_old_as_the_edit() {
    let mut bench = Bench::edited();
    let saved = bench.edit().saved_at;
    bench.theirs(there(THEIRS, 2));
    bench.now += 60_000;
    bench.take(Event::TakenIn);
    let aside = bench.history.iter().find(|h| h.what == What::SetAside).unwrap();
    assert_eq!(aside.at, Some(saved));
    assert!(bench.wrote(What::TakenIn));
}

#[test]
fn a_version_is_brought_back_as_an_edit_with_its_number() {
    let mut bench = Bench::synced();
    bench.take(Event::BroughtBack { body: body(MINE), version: 3 });
    assert_eq!((bench.state(), bench.mine()), (Some(State::Edited), Some(MINE)));
    assert!(bench.history.iter().any(|h| h.note == Some(Note::BroughtBack { version: 3 })));
    // What is there already is no edit.
    let lines = bench.history.len();
    bench.take(Event::BroughtBack { body: body(MINE), version: 3 });
    assert_eq!(bench.history.len(), lines);
}

#[test]
fn a_refusal_is_a_line_of_the_history() {
    let bench = Bench::rejected();
    let note = Note::Rejected { words: words() };
    assert!(bench.history.iter().any(|h| h.what == What::Rejected && h.note == Some(note.clone())));
}

/// As [`sent`], of a decision for many.
fn undo_of_many(bench: &mut Bench, undo: &Undo) -> Result<(), StepError> {
    bench.try_take(Event::SentUndone(Box::new(undo.clone())))
}

#[test]
fn an_undo_of_many_writes_only_what_the_server_had() {
    // Sent was {"a":10}, before it the server had {"a":11}; the person once wanted {"a":10}, and never {"a":11}.
    for (now, policy, written) in [
        // Nobody was there since: the version before, as it was.
        (None, MergePolicy::Review, Some(CLASH)),
        // Somebody changed something else: that stays, and nobody is asked about an undo without a clash.
        (Some(r#"{"a":10,"b":2,"c":33}"#), MergePolicy::Review, Some(r#"{"a":11,"b":2,"c":33}"#)),
        (Some(r#"{"a":10,"b":2,"c":33}"#), MergePolicy::Auto, Some(r#"{"a":11,"b":2,"c":33}"#)),
        // Somebody changed the same: theirs stays.
        (Some(r#"{"a":12,"b":2,"c":3}"#), MergePolicy::Review, None),
        (Some(r#"{"a":12,"b":2,"c":3}"#), MergePolicy::Auto, None),
        // The server has the version before again: nothing is to be written.
        (Some(CLASH), MergePolicy::Review, None),
    ] {
        let (mut bench, undo) = sent();
        bench.rules.policy = policy;
        if let Some(now) = now {
            bench.theirs(there(now, 4));
        }
        undo_of_many(&mut bench, &undo).unwrap();
        assert_eq!(bench.mine(), written, "{now:?}");
        let mark = mark(if now.is_some() { 4 } else { 3 });
        match written {
            Some(written) => {
                assert_eq!(bench.state(), Some(State::Edited), "{now:?}");
                bench.due();
                let write = bench.written().unwrap();
                assert_eq!(condition(write), format!("If-Match: {mark}"));
                assert!(matches!(write, Write::Replace { body, .. } if text(body) == written));
            }
            None => {
                assert_eq!(bench.state(), Some(State::Synced), "{now:?}");
                assert_eq!(bench.base(), Some((now.unwrap(), Some(&mark))));
                assert!(!bench.wrote(What::Undone));
            }
        }
    }
}

#[test]
fn an_undo_of_many_keeps_what_was_edited_since() {
    let (mut bench, undo) = sent();
    bench.save(r#"{"a":10,"b":2,"c":99}"#);
    undo_of_many(&mut bench, &undo).unwrap();
    assert_eq!((bench.state(), bench.mine()), (Some(State::Edited), Some(r#"{"a":11,"b":2,"c":99}"#)));
    // The same field: the later edit stays.
    let (mut bench, undo) = sent();
    bench.save(r#"{"a":77,"b":2,"c":3}"#);
    assert!(matches!(undo_of_many(&mut bench, &undo), Err(StepError::NotNow(_))));
    assert_eq!(bench.mine(), Some(r#"{"a":77,"b":2,"c":3}"#));
}
