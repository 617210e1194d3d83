//! How long versions are kept, what they take, and that nothing needed is removed.

use crate::given::{self, Given, base, body, edit, entry, tag};
use record_store::{Audit, Priority, Removed, StoreError};
use sync_engine::{Change, ConflictKind, LocalKey, MergeNote, Note, Record, Rev, Timestamp, What};

/// Times in this test are days.
const OLD: i64 = 1_000;

/// A record with the versions 1 to `versions`, the last of them its base; all are old.
fn with_versions(given: &Given, id: &str, versions: usize) -> Record {
    let mut record = given.save(&given.new_record(Some(id)), &given.synced(id, "{\"v\":0}", "0"), vec![]);
    for n in 1..versions {
        let mut next = record.clone();
        next.base = Some(base(&format!("{{\"v\":{n}}}"), &n.to_string(), 100 + i64::try_from(n).unwrap()));
        record = given.save(&record, &next, vec![]);
    }
    record
}

fn numbers(given: &Given, key: LocalKey) -> Vec<u32> {
    given::read(&given.store, move |r| Ok(r.history(key)?.into_iter().map(|l| l.version).collect()))
}

fn clean(given: &Given, before: i64) -> Removed {
    let mut all = Removed::default();
    let mut from = None;
    loop {
        let (removed, next) = given::write(&given.store, move |tx| tx.remove_older(Timestamp(before), from));
        all.versions += removed.versions;
        all.records += removed.records;
        all.needed += removed.needed;
        all.bytes += removed.bytes;
        from = next;
        if from.is_none() {
            return all;
        }
    }
}

fn preview(given: &Given, before: i64) -> Removed {
    given::read(&given.store, move |r| r.removable(Timestamp(before)))
}

#[test]
fn what_is_old_is_removed_and_the_base_stays() {
    let given = given::store();
    let record = with_versions(&given, "1", 500);
    assert_eq!(numbers(&given, record.key).len(), 500);
    let told = preview(&given, OLD);
    assert_eq!((told.versions, told.needed), (499, 0), "the newest is the base itself");
    let done = clean(&given, OLD);
    assert_eq!((done.versions, done.bytes, done.records), (told.versions, told.bytes, told.records));
    assert_eq!(numbers(&given, record.key), [500]);
    let key = record.key;
    let loaded = given::read(&given.store, move |r| r.load(key)).unwrap();
    assert_eq!(loaded.base, record.base);
    // Numbers go on where they were.
    let mut next = loaded.clone();
    next.base = Some(base("{\"v\":\"new\"}", "n", 5_000));
    given.save(&loaded, &next, vec![]);
    assert_eq!(numbers(&given, record.key), [500, 501]);
    assert_eq!(preview(&given, 50).versions, 0, "nothing is that old");
}

#[test]
fn an_unsent_edit_keeps_all_versions_of_its_record() {
    let given = given::store();
    let record = with_versions(&given, "1", 5);
    let mut edited = record.clone();
    edited.rev = Rev(1);
    edited.edit = Some(edit(Change::Replace(body("{\"mine\":1}"))));
    given.save(&record, &edited, vec![]);
    let other = with_versions(&given, "2", 5);
    let told = preview(&given, OLD);
    assert_eq!((told.versions, told.needed), (4, 4));
    assert_eq!(clean(&given, OLD).needed, 4);
    assert_eq!((numbers(&given, record.key).len(), numbers(&given, other.key).len()), (5, 1));
}

#[test]
fn what_an_undo_goes_back_to_stays_as_long_as_the_merge() {
    let given = given::store();
    let record = with_versions(&given, "1", 3);
    // A merge at 1,000: before = 3, theirs = 4, mine = 5, the result = 6.
    let mut merged = record.clone();
    merged.rev = Rev(1);
    merged.base = Some(base("{\"theirs\":1}", "t", 200));
    merged.edit = Some(edit(Change::Replace(body("{\"both\":1}"))));
    let rows = Vec::new();
    let note = MergeNote { kind: ConflictKind::EditEdit, rows, before: None, theirs: None, mine: None };
    let mut aside = entry(What::SetAside, true, Some("{\"mine\":1}"));
    aside.at = Some(Timestamp(150));
    let mut result = entry(What::Merged, true, Some("{\"both\":1}"));
    result.note = Some(Note::Merge(note));
    let merged = given.save(&record, &merged, vec![aside, result]);
    let key = merged.key;
    let kept = given::read(&given.store, move |r| r.version(key, 6)).unwrap().version;
    let Some(Note::Merge(note)) = kept.note else { panic!("{kept:?}") };
    assert_eq!((note.before, note.theirs, note.mine), (Some(3), Some(4), Some(5)));
    let kept = given::read(&given.store, move |r| r.version(key, 5)).unwrap().version;
    assert_eq!(kept.at, Timestamp(150), "as old as the edit");
    // It was sent; the merged version is the base now.
    let mut sent = merged.clone();
    sent.edit = None;
    sent.base = Some(base("{\"both\":1}", "s", 2_000));
    given.save(&merged, &sent, vec![]);
    assert_eq!(clean(&given, 900).versions, 2, "1 and 2");
    assert_eq!(numbers(&given, key), [3, 4, 5, 6]);
    // The merge is too old by now, and so is its undo; the base stays.
    assert_eq!(clean(&given, 3_000).versions, 3);
    assert_eq!(numbers(&given, key), [6]);
}

#[test]
fn a_deleted_record_is_forgotten_with_its_last_version() {
    let given = given::store();
    let record = with_versions(&given, "1", 3);
    let key = record.key;
    let line = Audit {
        at: Some(Timestamp(7)),
        who: Some("Ines".to_owned()),
        from: None,
        to: Some(tag("0")),
        changed: vec!["v".to_owned()],
        request_id: None,
    };
    let lines = vec![line.clone()];
    assert!(given::write(&given.store, move |tx| tx.keep_audit(key, &lines, Timestamp(9))));
    given.end(&record, vec![entry(What::Deleted, true, None)]);
    let (rows, total) = given::read(&given.store, |r| r.deleted(None, " ANN", 0, 10));
    assert_eq!((total, rows[0].by_me, rows[0].versions, rows[0].newest), (1, true, 4, Some(3)));
    assert_eq!(given::read(&given.store, |r| r.deleted(None, "nobody", 0, 10)).1, 0);
    assert_eq!(preview(&given, 5_000).records, 1);
    let done = clean(&given, 5_000);
    assert_eq!((done.versions, done.records), (4, 1));
    assert_eq!(given::read(&given.store, |r| r.deleted(None, "", 0, 10)).1, 0);
    assert!(given::read(&given.store, move |r| r.audit(key)).is_empty());
}

#[test]
fn the_servers_log_is_kept_and_grows() {
    let given = given::store();
    let key = LocalKey(9);
    let line = |n: i64| Audit {
        at: Some(Timestamp(n)),
        who: Some(format!("person {n}")),
        from: (n > 1).then(|| tag(&(n - 1).to_string())),
        to: Some(tag(&n.to_string())),
        changed: vec!["a".to_owned(), "b\"c".to_owned()],
        request_id: Some(format!("r{n}")),
    };
    let keep =
        |lines: Vec<Audit>| given::write(&given.store, move |tx| tx.keep_audit(key, &lines, Timestamp(0)));
    assert!(keep(vec![line(1), line(2)]));
    assert!(!keep(vec![line(1), line(2)]), "nothing new");
    // The server cut its log: what was read before stays.
    assert!(keep(vec![line(2), line(3)]));
    assert_eq!(given::read(&given.store, move |r| r.audit(key)), [line(1), line(2), line(3)]);
}

#[test]
fn a_base_of_before_is_no_second_version() {
    let given = given::store();
    let record = with_versions(&given, "1", 3);
    let mut back = record.clone();
    back.base = Some(base("{\"v\":1}", "1", 101));
    let back = given.save(&record, &back, vec![]);
    assert_eq!(numbers(&given, record.key), [1, 2, 3], "version 2 is the base again");
    // The same under another mark is a version of its own: the server went back by itself.
    let mut again = back.clone();
    again.base = Some(base("{\"v\":2}", "2b", 900));
    given.save(&back, &again, vec![]);
    assert_eq!(numbers(&given, record.key), [1, 2, 3, 4]);
}

#[test]
fn what_versions_take_is_said_by_source_and_given_back() {
    let given = given::store();
    let device = |name: &'static str| {
        given::write(&given.store, move |tx| tx.set_setting("device", Some(name)));
    };
    device("laptop");
    let big = "x".repeat(20_000);
    let record = with_versions(&given, "1", 2);
    let mut edited = record.clone();
    edited.rev = Rev(1);
    edited.edit = Some(edit(Change::Replace(body("{}"))));
    let text = format!("{{\"x\":\"{big}\"}}");
    let history = (0..40).map(|_| entry(What::Sent, true, Some(&text))).collect();
    let edited = given.save(&record, &edited, history);
    let key = record.key;
    let lines = given::read(&given.store, move |r| r.history(key));
    assert_eq!(lines[1].device, None, "the server's");
    assert_eq!(lines[5].device.as_deref(), Some("laptop"));
    let kept = given::read(&given.store, |r| r.kept());
    assert_eq!((kept.versions, kept.sources.len(), kept.sources[0].source), (41, 1, given.source));
    assert!(kept.bytes > 40 * 20_000 && kept.bytes <= kept.file, "{kept:?}");
    assert_eq!(kept.sources[0].bytes, kept.bytes);

    let mut sent = edited.clone();
    sent.edit = None;
    given.save(&edited, &sent, vec![]);
    clean(&given, 5_000);
    let freed = given::read(&given.store, |r| r.kept());
    assert!(freed.free > 40 * 20_000, "{freed:?}");
    let file = given.home.path().join("matchbook.db");
    let before = {
        // What is in the log counts as well.
        given.store.write_blocking::<_, StoreError, _>(Priority::Person, |_| Ok(())).unwrap();
        freed.file
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(given.store.shrink()).unwrap();
    let after = given::read(&given.store, |r| r.kept());
    assert!(after.free < 4 * 4096 && after.file + 40 * 20_000 < before, "{after:?}");
    assert_eq!(std::fs::metadata(file).unwrap().len(), after.file, "the file on the disk is as small");
    // Writing goes on.
    with_versions(&given, "2", 2);
}
