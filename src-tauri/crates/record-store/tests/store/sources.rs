//! Sources, collections, settings.

use crate::given::{self, collection, source};
use record_store::{Store, StoreError};
use sync_engine::{Creates, Grade, MergePolicy, PauseReason, Timestamp};

#[test]
fn a_source_there_and_back() {
    let given = given::store();
    let id = given.source;
    let mut changed =
        given.store.read_blocking(move |r| r.source(id)).map_err(|e: StoreError| e).unwrap().unwrap();
    assert_eq!(changed.settings, source("Team"));
    changed.settings.name = "Office".to_owned();
    changed.settings.policy = MergePolicy::Auto;
    changed.settings.profile = Some("family = \"rest\"".to_owned());
    changed.paused = Some(PauseReason::SignIn);
    changed.synced_at = Some(Timestamp(7));
    let save = changed.clone();
    given::write(&given.store, move |tx| tx.save_source(&save));
    let loaded =
        given.store.read_blocking(|r| r.source_named("Office")).map_err(|e: StoreError| e).unwrap().unwrap();
    assert_eq!(loaded, changed);
    given::write(&given.store, move |tx| {
        tx.set_paused(id, None)?;
        tx.set_synced_at(id, Timestamp(8))
    });
    let loaded = given.store.read_blocking(|r| r.sources()).map_err(|e: StoreError| e).unwrap();
    assert_eq!((loaded[0].paused, loaded[0].synced_at), (None, Some(Timestamp(8))));
    let again =
        given.store.write_blocking(record_store::Priority::Person, |tx| tx.add_source(&source("Office")));
    assert!(matches!(again, Err(StoreError::Exists(what)) if what == "the source Office"));
}

#[test]
fn a_collection_there_and_back() {
    let given = given::store();
    let (id, of) = (given.collection, given.source);
    let mut changed =
        given.store.read_blocking(move |r| r.collection(id)).map_err(|e: StoreError| e).unwrap().unwrap();
    assert_eq!(changed.settings, collection(of, given::COLLECTION, Grade::Protected));
    changed.settings.schema = Some("{\"type\":\"object\"}".to_owned());
    changed.settings.rules.merge.server_kept = vec!["modified".to_owned()];
    changed.settings.rules.creates = Creates::PostWithKey;
    changed.settings.rules.grade = Grade::Partly;
    changed.cursor = Some("page 7".to_owned());
    changed.report = Some("{\"tests\":[]}".to_owned());
    changed.guard = Some("{\"listed\":0,\"kept\":99}".to_owned());
    let save = changed.clone();
    given::write(&given.store, move |tx| tx.save_collection(&save));
    let loaded = given
        .store
        .read_blocking(move |r| r.collection_named(of, given::COLLECTION))
        .map_err(|e: StoreError| e)
        .unwrap()
        .unwrap();
    assert_eq!(loaded, changed);
    given::write(&given.store, move |tx| {
        tx.set_cursor(id, None)?;
        tx.set_guard(id, None)
    });
    let loaded =
        given.store.read_blocking(move |r| r.collections(Some(of))).map_err(|e: StoreError| e).unwrap();
    assert_eq!((&loaded[0].cursor, &loaded[0].guard), (&None, &None));
}

#[test]
fn removing_a_source_removes_all_of_it_and_nothing_else() {
    let given = given::store();
    given::write(&given.store, |tx| {
        let other = tx.add_source(&source("Other"))?;
        tx.add_collection(&collection(other, given::COLLECTION, Grade::Protected))?;
        Ok(())
    });
    let r = given.save(&given.new_record(Some("1")), &given.synced("1", "{}", "a"), vec![]);
    let gone = given.save(&given.new_record(Some("2")), &given.synced("2", "{}", "a"), vec![]);
    given.end(&gone, vec![]);
    let mut other = given.synced("1", "{}", "a");
    other.source.0 += 1;
    let mut empty = given.new_record(Some("1"));
    empty.source.0 += 1;
    let kept = given.save(&empty, &other, vec![]);
    let source = given.source;
    given::write(&given.store, move |tx| tx.remove_source(source));
    let (a, b, c, found, sources) = given
        .store
        .read_blocking(move |x| {
            let query = record_store::Query { text: "ann".to_owned(), ..Default::default() };
            Ok::<_, StoreError>((
                x.history(r.key)?.len(),
                x.history(gone.key)?.len(),
                x.history(kept.key)?.len(),
                x.list(&query)?.total,
                x.sources()?.len(),
            ))
        })
        .unwrap();
    assert_eq!((a, b, c, found, sources), (0, 0, 1, 1, 1));
}

#[test]
fn removing_a_collection_leaves_the_others() {
    let given = given::store();
    let r = given.save(&given.new_record(Some("1")), &given.synced("1", "{}", "a"), vec![]);
    let (source, collection) = (given.source, given.collection);
    let (gone, left) = given::write(&given.store, move |tx| {
        tx.add_collection(&collection_named(source, "other"))?;
        tx.remove_collection(collection)?;
        Ok((tx.load(r.key)?, tx.collections(Some(source))?))
    });
    assert_eq!(gone, None);
    assert_eq!(left.iter().map(|c| c.settings.name.as_str()).collect::<Vec<_>>(), ["other"]);
}

fn collection_named(source: sync_engine::SourceId, name: &str) -> record_store::NewCollection {
    collection(source, name, Grade::Protected)
}

#[test]
fn settings_outlive_the_program() {
    let given = given::store();
    given::write(&given.store, |tx| {
        tx.set_setting("offline", Some("1"))?;
        tx.set_setting("tour", Some("2"))?;
        tx.set_setting("tour", None)
    });
    let given::Given { home, store, .. } = given;
    drop(store);
    let store = Store::open(home.path()).unwrap();
    let read =
        store.read_blocking(|r| Ok::<_, StoreError>((r.setting("offline")?, r.setting("tour")?))).unwrap();
    assert_eq!(read, (Some("1".to_owned()), None));
}
