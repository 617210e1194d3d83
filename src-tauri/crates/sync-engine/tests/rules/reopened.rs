//! A decision for many is taken back: nothing of it was sent, so the question is open again.

use crate::bench::*;
use record_merge::{Choice, Decision, Path};
use sync_engine::*;

fn reopen(bench: &mut Bench, result: &str, decisions: Vec<Decision>) -> Result<(), StepError> {
    let undo = Undo {
        version: 7,
        result: Base { body: body(result), validator: None, seen_at: Timestamp(9) },
        sent: false,
        back: body(result),
        mine: Some(body(MINE)),
        before: Some(Base { body: body(BASE), validator: Some(mark(1)), seen_at: Timestamp(5) }),
    };
    bench.try_take(Event::Reopened { undo: Box::new(undo), decisions })
}

fn is_open_as_before(bench: &Bench, theirs: &str, validator: u32) {
    assert_eq!((bench.state(), bench.mine()), (Some(State::NeedsYou), Some(MINE)));
    assert_eq!(bench.base(), Some((BASE, Some(&mark(1)))));
    assert_eq!(bench.server(), Some(&there(theirs, validator)));
}

#[test]
fn one_that_left_nothing_to_send() {
    let mut bench = Bench::needs_you();
    bench.take(Event::Resolved { seen: None, all: Some(Choice::Theirs) });
    assert_eq!(bench.state(), Some(State::Synced));
    reopen(&mut bench, CLASH, vec![]).unwrap();
    is_open_as_before(&bench, CLASH, 2);
    // No decision of the batch is left.
    assert!(matches!(
        bench.try_take(Event::Resolved { seen: None, all: None }),
        Err(StepError::StillOpen(_))
    ));
}

#[test]
fn one_that_waits_with_the_decisions_of_before() {
    let mut bench = Bench::needs_you();
    bench.take(Event::Resolved { seen: None, all: Some(Choice::Mine) });
    let result = bench.mine().unwrap().to_owned();
    let before = Decision {
        path: Path::from_pointer("/a").unwrap(),
        part: None,
        choice: Choice::Theirs,
        value: None,
        validator: None,
        theirs_then: Some("11".to_owned()),
        mine_then: Some("10".to_owned()),
    };
    reopen(&mut bench, &result, vec![before.clone()]).unwrap();
    is_open_as_before(&bench, CLASH, 2);
    assert_eq!(bench.record().conflict.as_ref().unwrap().decisions, [before]);
}

#[test]
fn one_that_was_changed_since_stays_as_it_is() {
    let mut bench = Bench::needs_you();
    bench.take(Event::Resolved { seen: None, all: Some(Choice::Mine) });
    bench.take(Event::EditSaved(body(r#"{"a":77}"#)));
    assert!(matches!(reopen(&mut bench, MINE, vec![]), Err(StepError::NotNow(_))));
    assert_eq!(bench.mine(), Some(r#"{"a":77}"#));
    // On the wire nothing is taken back.
    let mut bench = Bench::needs_you();
    bench.take(Event::Resolved { seen: None, all: Some(Choice::Mine) });
    let result = bench.mine().unwrap().to_owned();
    bench.due();
    assert!(matches!(reopen(&mut bench, &result, vec![]), Err(StepError::NotNow(_))));
}
