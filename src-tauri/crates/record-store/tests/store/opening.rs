//! Opening: the lock, foreign, newer, older and damaged files.

use crate::given;
use record_store::{OpenError, Priority, Store, StoreError};
use rusqlite::Connection;
use std::time::Duration;

fn file(home: &tempfile::TempDir) -> std::path::PathBuf {
    home.path().join("matchbook.db")
}

#[test]
fn the_holder_of_the_lock_is_named() {
    let given = given::store();
    for error in [
        Store::open(given.home.path()).unwrap_err(),
        Store::open_waiting(given.home.path(), Duration::from_millis(60)).unwrap_err(),
    ] {
        let words = error.to_string();
        assert!(words.contains("store-") && words.contains(&std::process::id().to_string()), "{words}");
    }
    // Reading goes without it.
    let reader = Store::open_read_only(given.home.path()).unwrap();
    assert!(!reader.writable());
    assert_eq!(reader.read_blocking(|r| r.sources()).map_err(|e: StoreError| e).unwrap().len(), 1);
    let refused = reader.write_blocking(Priority::Person, |tx| tx.set_setting("a", None));
    assert!(matches!(refused, Err(StoreError::Closed)));
    let given::Given { home, store, .. } = given;
    drop(store);
    Store::open_waiting(home.path(), Duration::ZERO).unwrap();
}

#[test]
fn a_newer_file_is_refused_untouched() {
    let given = given::store();
    let given::Given { home, store, .. } = given;
    drop(store);
    Connection::open(file(&home)).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let before = std::fs::read(file(&home)).unwrap();
    for error in [Store::open(home.path()).unwrap_err(), Store::open_read_only(home.path()).unwrap_err()] {
        assert!(matches!(error, OpenError::Newer { found: 99, .. }), "{error}");
    }
    assert_eq!(std::fs::read(file(&home)).unwrap(), before);
    assert!(!home.path().join("backup").exists());
}

#[test]
fn files_that_are_not_ours_are_refused_untouched() {
    type Make = fn(&std::path::Path);
    let cases: [(&str, Make); 3] = [
        ("another program's", |path| {
            Connection::open(path).unwrap().execute_batch("CREATE TABLE a (b)").unwrap();
        }),
        ("another application id", |path| {
            let sql = "PRAGMA application_id = 7; CREATE TABLE a (b)";
            Connection::open(path).unwrap().execute_batch(sql).unwrap();
        }),
        ("no database", |path| std::fs::write(path, vec![b'x'; 5000]).unwrap()),
    ];
    for (what, make) in cases {
        let home = tempfile::tempdir().unwrap();
        make(&file(&home));
        let before = std::fs::read(file(&home)).unwrap();
        let error = Store::open(home.path()).unwrap_err();
        assert!(matches!(error, OpenError::NotOurs(_) | OpenError::Damaged { .. }), "{what}: {error}");
        assert_eq!(std::fs::read(file(&home)).unwrap(), before, "{what}");
    }
}

#[test]
fn nothing_to_read_is_said() {
    let home = tempfile::tempdir().unwrap();
    assert!(matches!(Store::open_read_only(home.path()), Err(OpenError::NothingThere(_))));
    assert!(!file(&home).exists());
    // A file of no bytes, left by a crash before the first page, is as good as none.
    std::fs::write(file(&home), b"").unwrap();
    assert!(matches!(Store::open_read_only(home.path()), Err(OpenError::NothingThere(_))));
    Store::open(home.path()).unwrap();
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("file");
    std::fs::write(&file, b"").unwrap();
    let error = Store::open(&file.join("below")).unwrap_err();
    assert!(matches!(&error, OpenError::Folder { .. }) && error.to_string().contains("below"), "{error}");
}

#[test]
fn damage_after_an_unclean_stop_is_found_before_anything_is_written() {
    let given = given::store();
    for n in 0..200 {
        let id = n.to_string();
        given.save(&given.new_record(Some(&id)), &given.synced(&id, &"x".repeat(500), "a"), vec![]);
    }
    let given::Given { home, store, .. } = given;
    drop(store);
    let mut bytes = std::fs::read(file(&home)).unwrap();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 4096].fill(0xAB);
    std::fs::write(file(&home), &bytes).unwrap();
    // What an unclean stop leaves: a log that was not taken over. This one holds nothing valid.
    std::fs::write(home.path().join("matchbook.db-wal"), vec![0; 64]).unwrap();
    let error = Store::open(home.path()).unwrap_err();
    assert!(matches!(error, OpenError::Damaged { .. }), "{error}");
}

#[test]
fn a_clean_stop_leaves_one_file() {
    let given = given::store();
    let given::Given { home, store, .. } = given;
    drop(store);
    let log = home.path().join("matchbook.db-wal");
    assert!(!log.exists() || log.metadata().unwrap().len() == 0);
}
