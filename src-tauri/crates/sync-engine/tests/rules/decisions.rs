//! The person decides (merge.md M46 to M48, 1.9).

use crate::bench::*;
use record_merge::{Choice, Decision, Path};
use sync_engine::*;

/// The decision about one row as it stands.
fn decision(bench: &Bench, pointer: &[&str], choice: Choice, value: Option<&str>) -> Decision {
    let merge = merge_of(bench.record(), &bench.rules);
    let path = Path(pointer.iter().map(|name| record_merge::Token::Member((*name).to_owned())).collect());
    let row = merge.rows.iter().find(|r| r.path == path).unwrap_or_else(|| panic!("{:?}", merge.rows));
    Decision {
        path,
        part: None,
        choice,
        value: value.map(str::to_owned),
        validator: None,
        theirs_then: row.theirs.clone(),
        mine_then: row.mine.clone(),
    }
}

fn decide(bench: &mut Bench, pointer: &[&str], choice: Choice, value: Option<&str>) {
    let made = decision(bench, pointer, choice, value);
    bench.take(Event::Decided(vec![made]));
}

fn resolve(all: Option<Choice>) -> Event {
    Event::Resolved { seen: None, all }
}

#[test]
fn an_open_row_needs_a_choice() {
    let mut bench = Bench::needs_you();
    assert!(matches!(bench.try_take(resolve(None)), Err(StepError::StillOpen(open)) if open.len() == 1));
    decide(&mut bench, &["a"], Choice::Edit, Some("12"));
    bench.take(resolve(None));
    assert_eq!((bench.state(), bench.mine()), (Some(State::Edited), Some(r#"{"a":12,"b":2,"c":3}"#)));
    assert_eq!(bench.base(), Some((CLASH, Some(&mark(2)))));
    assert!(bench.kept(MINE), "what was set aside is in the history");
    bench.due();
    assert_eq!(
        bench.written().map(condition).as_deref(),
        Some("If-Match: \"2\""),
        "of the version the person saw"
    );
}

#[test]
fn all_mine_and_all_theirs() {
    let mut bench = Bench::needs_you();
    bench.take(resolve(Some(Choice::Mine)));
    assert_eq!((bench.state(), bench.mine()), (Some(State::Edited), Some(MINE)));
    let mut bench = Bench::needs_you();
    bench.take(resolve(Some(Choice::Theirs)));
    assert_eq!((bench.state(), bench.base()), (Some(State::Synced), Some((CLASH, Some(&mark(2))))));
    assert!(bench.kept(MINE));
}

#[test]
fn what_the_person_did_not_see_is_not_decided() {
    let mut bench = Bench::needs_you();
    let seen = Some(Seen::Present(Some(mark(2)), body(CLASH).hash()));
    bench.theirs(there(r#"{"a":12,"b":2,"c":3}"#, 3));
    let resolved = bench.try_take(Event::Resolved { seen: seen.clone(), all: Some(Choice::Mine) });
    assert_eq!(resolved, Err(StepError::ChangedOnServer));
    assert_eq!(bench.try_take(Event::KeptBoth { seen }), Err(StepError::ChangedOnServer));
    assert_eq!(bench.state(), Some(State::NeedsYou));
}

#[test]
fn a_question_stays_until_both_sides_are_equal() {
    // Theirs went back to what it was.
    let mut bench = Bench::needs_you();
    bench.theirs(there(BASE, 3));
    assert_eq!((bench.state(), bench.mine()), (Some(State::NeedsYou), Some(MINE)));
    // Equal now: nothing to ask.
    bench.theirs(there(MINE, 4));
    assert_eq!((bench.state(), bench.base()), (Some(State::Synced), Some((MINE, Some(&mark(4))))));
    // Nor does a new record that nothing stands in the way of any more go out by itself.
    let mut bench = Bench::creating(Creates::OwnAddress);
    bench.answer(failed(Some(Current::Present(version(CLASH, 2))))).theirs(Theirs::Gone);
    assert_eq!((bench.state(), bench.kind()), (Some(State::NeedsYou), Some(ConflictKind::EditDelete)));
}

#[test]
fn decisions_stand_while_nothing_changes_at_their_place() {
    let mut bench = Bench::needs_you();
    decide(&mut bench, &["a"], Choice::Mine, None);
    bench.theirs(there(r#"{"a":11,"b":20,"c":3}"#, 3)).take(resolve(None));
    assert_eq!(bench.mine(), Some(r#"{"a":10,"b":20,"c":3}"#));
    // Changed there again: open again.
    let mut bench = Bench::needs_you();
    decide(&mut bench, &["a"], Choice::Mine, None);
    bench.theirs(there(r#"{"a":12,"b":2,"c":3}"#, 3));
    assert!(matches!(bench.try_take(resolve(None)), Err(StepError::StillOpen(_))));
    // Changed here again: open again.
    let mut bench = Bench::needs_you();
    decide(&mut bench, &["a"], Choice::Mine, None);
    bench.save(r#"{"a":13,"b":2,"c":3}"#);
    assert!(matches!(bench.try_take(resolve(None)), Err(StepError::StillOpen(_))));
    assert_eq!(bench.record().conflict.as_ref().map(|c| c.decisions.len()), Some(1), "the suggestion stays");
}

#[test]
fn a_second_412_keeps_the_decisions_as_suggestions() {
    let mut bench = Bench::needs_you();
    decide(&mut bench, &["a"], Choice::Mine, None);
    bench.take(resolve(None)).due();
    bench.answer(failed(Some(Current::Present(version(r#"{"a":14,"b":2,"c":3}"#, 3)))));
    assert_eq!(bench.record().conflict.as_ref().map(|c| c.decisions.len()), Some(1));
    assert_eq!(bench.base(), Some((CLASH, Some(&mark(2)))), "the version the person looked at");
}

#[test]
fn rows_keep_their_numbers() {
    let mut bench = Bench::needs_you();
    let first = bench.record().conflict.as_ref().expect("a conflict").rows.clone();
    bench.theirs(there(r#"{"a":11,"b":20,"c":30}"#, 3));
    let rows = &bench.record().conflict.as_ref().expect("a conflict").rows;
    assert!(rows.len() == 3 && rows.starts_with(&first), "{rows:?}");
    bench.theirs(there(CLASH, 4));
    assert_eq!(bench.record().conflict.as_ref().map(|c| c.rows.len()), Some(3));
}

#[test]
fn deleted_there_can_be_brought_back_let_go_or_kept_as_a_copy() {
    let gone = || {
        let mut bench = Bench::needs_you();
        bench.theirs(Theirs::Gone);
        bench
    };
    assert!(matches!(gone().try_take(resolve(None)), Err(StepError::StillOpen(_))));
    let mut bench = gone();
    bench.take(resolve(Some(Choice::Mine))).due();
    assert_eq!(bench.written().map(condition).as_deref(), Some("If-None-Match: *"));
    let mut bench = gone();
    assert_eq!(bench.take(resolve(Some(Choice::Theirs))).state(), None);
    assert!(bench.kept(MINE));
    let mut bench = gone();
    assert_eq!(bench.take(Event::KeptBoth { seen: Some(Seen::Gone) }).state(), None);
    assert_eq!(bench.copies, [body(MINE)]);
}

#[test]
fn bringing_it_back_uses_the_decisions_made_before() {
    let mut bench = Bench::needs_you();
    decide(&mut bench, &["a"], Choice::Edit, Some("77"));
    bench.theirs(Theirs::Gone).take(resolve(Some(Choice::Mine)));
    assert_eq!(bench.mine(), Some(r#"{"a":77,"b":2,"c":3}"#), "typed text is never lost");
    assert!(bench.kept(MINE), "what it replaces is in the history");
}

#[test]
fn a_decision_to_delete_holds_for_the_version_it_was_made_about_only() {
    let mut bench = Bench::deleting();
    bench.answer(failed(Some(Current::Present(version(CLASH, 2)))));
    decide(&mut bench, &[], Choice::Mine, None);
    let mut same = Bench { history: Vec::new(), effects: Vec::new(), copies: Vec::new(), ..bench };
    let before = same.record().clone();
    same.take(resolve(None)).due();
    assert_eq!(same.written().map(condition).as_deref(), Some("If-Match: \"2\""));
    let mut changed = same;
    changed.record = Some(before);
    changed.theirs(there(THEIRS, 3));
    let resolved = changed.try_take(resolve(None));
    assert!(matches!(resolved, Err(StepError::StillOpen(_))), "{resolved:?}");
    changed.take(resolve(Some(Choice::Theirs)));
    assert_eq!((changed.state(), changed.base()), (Some(State::Synced), Some((THEIRS, Some(&mark(3))))));
}

#[test]
fn both_records_can_be_kept() {
    let mut bench = Bench::creating(Creates::OwnAddress);
    bench.answer(failed(Some(Current::Present(version(CLASH, 2)))));
    bench.take(Event::KeptBoth { seen: None });
    assert_eq!((bench.state(), bench.base()), (Some(State::Synced), Some((CLASH, Some(&mark(2))))));
    assert_eq!(bench.copies, [body(MINE)]);
}

#[test]
fn news_can_be_taken_in_or_opened_before_its_turn() {
    let mut bench = Bench::edited();
    bench.theirs(there(THEIRS, 2)).take(Event::TakenIn);
    assert_eq!((bench.state(), bench.mine()), (Some(State::Edited), Some(r#"{"a":10,"b":20,"c":3}"#)));
    assert_eq!(bench.base(), Some((THEIRS, Some(&mark(2)))));
    let mut bench = Bench::edited();
    bench.theirs(there(CLASH, 2));
    assert!(matches!(bench.try_take(Event::TakenIn), Err(StepError::StillOpen(_))));
    assert_eq!(bench.take(Event::NewsOpened).state(), Some(State::NeedsYou));
    assert!(Bench::edited().try_take(Event::TakenIn).is_err(), "there is no news");
    assert!(Bench::edited().try_take(Event::NewsOpened).is_err(), "there is no news");
}

#[test]
fn by_default_every_difference_is_shown_and_auto_sends_only_what_does_not_overlap() {
    let table = [
        (MergePolicy::Review, THEIRS, State::NeedsYou),
        (MergePolicy::Review, CLASH, State::NeedsYou),
        (MergePolicy::Auto, THEIRS, State::Sending),
        (MergePolicy::Auto, CLASH, State::NeedsYou),
    ];
    for (policy, now_there, state) in table {
        let mut bench = Bench::edited();
        bench.rules.policy = policy;
        bench.theirs(there(now_there, 2)).due();
        assert_eq!(bench.state(), Some(state), "{policy:?} {now_there}");
        assert_eq!(bench.wrote(What::MergedByItself), state == State::Sending);
    }
}

#[test]
fn a_whole_version_of_another_type_keeps_its_type() {
    let mut bench = Bench::synced();
    let picture = Body::new(*b"\x89picture", "image/png");
    bench
        .take(Event::EditSaved(picture.clone()))
        .due()
        .answer(failed(Some(Current::Present(version(CLASH, 2)))));
    bench.take(resolve(Some(Choice::Mine)));
    assert_eq!(bench.edit().change, Change::Replace(picture));
}
