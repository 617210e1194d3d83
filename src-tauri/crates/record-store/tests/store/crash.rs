//! A killed process: what was acknowledged is there, what was not is not half there.

use crate::given::{self, COLLECTION, body, edit, meta};
use record_store::{OpenError, Priority, Store, StoreError};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use sync_engine::{Change, LocalKey, Record, RemoteId, SourceId, State};

const HOME: &str = "RECORD_STORE_CRASH_HOME";

fn spawn(home: &Path) -> (Child, BufReader<std::process::ChildStdout>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["crash::child", "--exact", "--nocapture", "--ignored"])
        .env(HOME, home)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    (child, out)
}

/// The process that is killed: saves edits one after the other, saying each once it is acknowledged; beside them a pull
/// that never ends.
#[test]
#[ignore = "run by its parent"]
fn child() {
    let Some(home) = std::env::var_os(HOME) else { return };
    let store = Store::open(Path::new(&home)).unwrap();
    for n in 0_u32.. {
        store
            .write_blocking::<_, StoreError, _>(Priority::Person, move |tx| {
                let id = RemoteId(n.to_string());
                let mut record = Record::new(LocalKey(0), SourceId(1), COLLECTION, Some(id));
                record.edit = Some(edit(Change::Create(body(&n.to_string()))));
                tx.insert_record(&record, &meta("Ann", 1))
            })
            .unwrap();
        println!("\nacknowledged {n}");
        // Two settings that belong together, in one transaction each time.
        drop(store.write_relaxed(move |tx| {
            tx.set_setting("one", Some(&n.to_string()))?;
            tx.set_setting("two", Some(&n.to_string()))
        }));
    }
}

#[test]
fn acknowledged_edits_survive_a_kill() {
    let given = given::store();
    let given::Given { home, store, .. } = given;
    drop(store);
    let (mut process, out) = spawn(home.path());
    let mut acknowledged = None;
    for line in out.lines() {
        let line = line.unwrap();
        if let Some(n) = line.strip_prefix("acknowledged ") {
            let n: u32 = n.parse().unwrap();
            acknowledged = Some(n);
            if n == 5 {
                let error = Store::open(home.path()).unwrap_err();
                let named = format!("process {}", process.id());
                assert!(matches!(&error, OpenError::Locked { holder } if holder.contains(&named)), "{error}");
            }
            if n == 60 {
                process.kill().unwrap();
            }
        }
    }
    process.wait().unwrap();
    let acknowledged = acknowledged.unwrap();
    assert!(acknowledged >= 60);
    // Also without the lock what it left in the log is read.
    let reader = Store::open_read_only(home.path()).unwrap();
    let seen = reader.read_blocking(|r| r.counts(None)).map_err(|e: StoreError| e).unwrap();
    assert!(seen.records > u64::from(acknowledged));
    drop(reader);
    // The lock went with the process; the file is found clean.
    let store = Store::open(home.path()).unwrap();
    let (count, one, two) = store
        .read_blocking(move |r| {
            for n in 0..=acknowledged {
                let id = RemoteId(n.to_string());
                let key = r.find(SourceId(1), COLLECTION, &id)?.unwrap_or_else(|| panic!("edit {n} is lost"));
                let record = r.load(key)?.unwrap();
                assert_eq!(record.edit.unwrap().change, Change::Create(body(&n.to_string())));
            }
            Ok::<_, StoreError>((r.counts(None)?.of(State::Edited), r.setting("one")?, r.setting("two")?))
        })
        .unwrap();
    assert!(count > u64::from(acknowledged));
    assert_eq!(one, two);
}
