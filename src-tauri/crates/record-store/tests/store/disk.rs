//! A full disk.

use crate::given::{self, COLLECTION, body, edit, meta};
use record_store::{DiskTrouble, Priority, Store, StoreError};
use std::path::Path;
use std::process::Command;
use sync_engine::{Change, LocalKey, Record, RemoteId, SourceId};

const HOME: &str = "RECORD_STORE_FULL_HOME";

fn save(store: &Store, n: usize, size: usize) -> Result<LocalKey, StoreError> {
    store.write_blocking(Priority::Person, move |tx| {
        let mut record = Record::new(LocalKey(0), SourceId(1), COLLECTION, Some(RemoteId(n.to_string())));
        record.edit = Some(edit(Change::Create(body(&"x".repeat(size)))));
        tx.insert_record(&record, &meta("Ann", 1))
    })
}

/// Runs under a limit of the size of files, as a full disk: fails, says so in words, and keeps what was acknowledged.
#[test]
#[ignore = "run by its parent"]
fn child() {
    let Some(home) = std::env::var_os(HOME) else { return };
    let store = Store::open(Path::new(&home)).unwrap();
    let mut acknowledged = 0;
    let error = loop {
        match save(&store, acknowledged, 50_000) {
            Ok(_) => acknowledged += 1,
            Err(error) => break error,
        }
        assert!(acknowledged < 1000, "the disk never was full");
    };
    let StoreError::Disk { trouble, words } = &error else { panic!("{error}") };
    assert!(matches!(trouble, DiskTrouble::Full | DiskTrouble::Broken), "{words}");
    assert!(words.contains("Nothing was saved"), "{words}");
    for n in 0..acknowledged {
        let found = store.read_blocking(move |r| r.find(SourceId(1), COLLECTION, &RemoteId(n.to_string())));
        assert!(found.map_err(|e: StoreError| e).unwrap().is_some(), "edit {n} is lost");
    }
    println!("\nacknowledged {acknowledged}");
    // Room again while it runs: the connection is opened anew, checked, and goes on.
    let lifted = Command::new("prlimit")
        .args(["--pid", &std::process::id().to_string(), "--fsize=unlimited:"])
        .status();
    if lifted.is_ok_and(|status| status.success()) {
        save(&store, acknowledged, 50_000).unwrap();
        println!("\nwent on");
    }
}

#[test]
fn a_full_disk_refuses_and_loses_nothing() {
    let given = given::store();
    let given::Given { home, store, .. } = given;
    drop(store);
    let program = std::env::current_exe().unwrap();
    let command = format!(
        "trap '' XFSZ; ulimit -S -f 2000; exec '{}' disk::child --exact --nocapture --ignored",
        program.display()
    );
    let output = Command::new("bash").args(["-c", &command]).env(HOME, home.path()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let acknowledged: usize =
        text.lines().find_map(|l| l.strip_prefix("acknowledged ")).unwrap().parse().unwrap();
    assert!(acknowledged > 3, "{acknowledged}");
    assert!(text.contains("went on"), "{text}");
    // Room again: everything is there and goes on.
    let store = Store::open(home.path()).unwrap();
    let kept = store.read_blocking(|r| r.counts(None)).map_err(|e: StoreError| e).unwrap().records;
    assert!(kept >= u64::try_from(acknowledged).unwrap());
    save(&store, 100_000, 10).unwrap();
}
