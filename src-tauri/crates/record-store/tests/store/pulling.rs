//! The quick way for pulls.

use crate::given::{self, base, body, edit, entry, meta};
use record_store::{Pulled, StoreError};
use sync_engine::{Change, LocalKey, RemoteId, Seq, State, What};

#[test]
fn what_is_new_the_same_known_and_stale() {
    let given = given::store();
    let at = (given.source, given.collection);
    let began = given.store.next_seq();
    let pull = move |id: &'static str, text: &'static str, mark: &'static str, began: Seq| {
        move |tx: &mut record_store::Tx<'_>| {
            tx.pull(at, &RemoteId(id.to_owned()), &base(text, mark, 100), began, || meta("Ann", 100))
        }
    };
    let store = &given.store;
    assert_eq!(given::write(store, pull("1", "{}", "a", began)), Pulled::New(LocalKey(1)));
    let loaded = store.read_blocking(|r| r.load(LocalKey(1))).map_err(|e: StoreError| e).unwrap().unwrap();
    let mut expected = given.synced("1", "{}", "a");
    expected.key = LocalKey(1);
    assert_eq!(loaded, expected);
    for (text, mark, known) in [("{}", "a", false), ("{}", "b", true), ("[]", "a", true)] {
        let expected = if known { Pulled::Known(LocalKey(1)) } else { Pulled::Same(LocalKey(1)) };
        assert_eq!(given::write(store, pull("1", text, mark, began)), expected, "{text} {mark}");
    }
    let mut edited = loaded.clone();
    edited.edit = Some(edit(Change::Replace(body("[2]"))));
    let edited = given.save(&loaded, &edited, vec![]);
    assert_eq!(given::write(store, pull("1", "{}", "a", began)), Pulled::Known(LocalKey(1)), "an edit waits");
    // Removed: an answer asked for before does not bring it back, one asked for later does, with its history.
    given.end(&edited, vec![entry(What::Deleted, true, None)]);
    assert_eq!(given::write(store, pull("1", "{}", "a", began)), Pulled::Stale(LocalKey(1)));
    let later = store.next_seq();
    assert_eq!(given::write(store, pull("1", "{}", "z", later)), Pulled::New(LocalKey(1)));
    let versions = store.read_blocking(|r| r.history(LocalKey(1))).map_err(|e: StoreError| e).unwrap();
    let words: Vec<_> = versions.iter().map(|v| (v.version, v.what.as_str())).collect();
    assert_eq!(words, [(1, "seen"), (2, "deleted"), (3, "seen")]);
}

#[test]
fn addresses_and_facts() {
    let given = given::store();
    let (source, collection) = (given.source, given.collection);
    for id in ["b", "a", "c"] {
        given.save(&given.new_record(Some(id)), &given.synced(id, "{}", id), vec![]);
    }
    let mut created = given.new_record(None);
    created.edit = Some(edit(Change::Create(body("{}"))));
    given.save(&given.new_record(None), &created, vec![]);
    let (ids, facts, none) = given
        .store
        .read_blocking(move |r| {
            let mut ids = Vec::new();
            r.each_address(collection, |f| {
                ids.push(f.id.0);
                Ok(())
            })?;
            let facts = r.facts(collection, &RemoteId("b".to_owned()))?;
            Ok::<_, StoreError>((ids, facts, r.find(source, "other", &RemoteId("b".to_owned()))?))
        })
        .unwrap();
    assert_eq!(ids, ["a", "b", "c"]);
    let facts = facts.unwrap();
    assert_eq!(
        (facts.state, facts.key, facts.validator.unwrap()),
        (State::Synced, LocalKey(1), given::tag("b"))
    );
    assert_eq!(none, None);
}

#[test]
fn a_long_write_knows_when_to_pause() {
    let given = given::store();
    let pulling = given.store.write(record_store::Priority::Sync, |tx| {
        let mut turns = 0_u64;
        while !tx.should_pause() {
            turns += 1;
            std::thread::yield_now();
        }
        Ok(turns)
    });
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    assert!(runtime.block_on(pulling).unwrap() > 0);
}
