//! What is saved is what is loaded.

use crate::any;
use crate::given::{self, COLLECTION};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use sync_engine::{Body, Record, SourceId, Theirs};

/// Any record follows any other under one key, sometimes ends, and sometimes comes back: what is loaded is what was
/// saved, versions are numbered without a gap, and every body of the server that was ever shown can be found.
#[test]
fn any_record_follows_any_other() {
    let given = given::store();
    let strategy = proptest::collection::vec(
        (any::record(SourceId(1), COLLECTION), any::history(), prop::bool::weighted(0.1)),
        1..8,
    );
    let mut runner = TestRunner::new(Config { cases: 300, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&strategy, |story| {
        let mut before = given.new_record(None);
        let mut seen: Vec<Body> = Vec::new();
        for (mut after, history, ends) in story {
            let is_new = before.base.is_none() && before.edit.is_none();
            after.key = before.key;
            after.id =
                after.id.map(|id| sync_engine::RemoteId(format!("{}-{}", given.store.next_seq(), id.0)));
            before = given.save(&before, &after, history.clone());
            note(&mut seen, &before);
            if ends && !is_new {
                given.end(&before, history);
                before = Record::new(before.key, before.source, before.collection, None);
            }
        }
        let key = before.key;
        let (lines, bodies) = given
            .store
            .read_blocking(move |r| {
                let lines = r.history(key)?;
                let mut bodies = Vec::new();
                for line in &lines {
                    bodies.extend(r.version(key, line.version)?.and_then(|v| v.body));
                }
                bodies.extend(r.load(key)?.and_then(|r| match r.theirs?.what {
                    Theirs::Present(version) => Some(version.body),
                    Theirs::Gone => None,
                }));
                Ok::<_, record_store::StoreError>((lines, bodies))
            })
            .unwrap();
        let numbers: Vec<u32> = lines.iter().map(|l| l.version).collect();
        prop_assert_eq!(&numbers, &(1..=u32::try_from(lines.len()).unwrap()).collect::<Vec<_>>());
        for body in seen {
            prop_assert!(bodies.iter().any(|b| b.bytes == body.bytes), "{:?} is lost", body);
        }
        Ok(())
    });
    outcome.unwrap();
}

fn note(seen: &mut Vec<Body>, record: &Record) {
    seen.extend(record.base.as_ref().map(|b| b.body.clone()));
    if let Some(Theirs::Present(version)) = record.theirs.as_ref().map(|t| &t.what) {
        seen.push(version.body.clone());
    }
}
