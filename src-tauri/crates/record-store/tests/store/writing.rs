//! Transactions: order, undoing, groups, readers beside them.

use crate::given;
use record_store::{Priority, Store, StoreError};
use std::sync::mpsc::{channel, sync_channel};
use tokio::runtime::Builder;

fn setting(store: &Store, name: &'static str) -> Option<String> {
    store.read_blocking(move |r| r.setting(name)).map_err(|e: StoreError| e).unwrap()
}

/// Keeps the writing thread busy until the sender is dropped.
fn busy(store: &Store) -> std::sync::mpsc::SyncSender<()> {
    let (hold, held) = sync_channel::<()>(0);
    let (started, has_started) = channel();
    drop(store.write(Priority::Person, move |_| {
        started.send(()).unwrap();
        held.recv().ok();
        Ok(())
    }));
    has_started.recv().unwrap();
    hold
}

#[test]
fn people_go_first() {
    let given = given::store();
    let hold = busy(&given.store);
    let (say, said) = channel();
    for (priority, word) in [(Priority::Sync, "pull"), (Priority::Person, "edit"), (Priority::Sync, "answer")]
    {
        let say = say.clone();
        drop(given.store.write(priority, move |tx| {
            assert!(!tx.should_pause(), "nobody waits who would go first");
            say.send(word).unwrap();
            Ok(())
        }));
    }
    drop((hold, say));
    assert_eq!(said.iter().collect::<Vec<_>>(), ["edit", "pull", "answer"]);
}

#[test]
fn a_waiting_person_is_noticed_by_a_pull() {
    let given = given::store();
    let hold = busy(&given.store);
    let store = given.store.clone();
    let pull = given.store.write(Priority::Sync, move |tx| {
        let before = tx.should_pause();
        drop(store.write(Priority::Person, |_| Ok(())));
        Ok((before, tx.should_pause()))
    });
    drop(hold);
    let runtime = Builder::new_current_thread().build().unwrap();
    assert_eq!(runtime.block_on(pull).unwrap(), (false, true));
}

#[test]
fn errors_and_panics_undo_their_own_transaction_only() {
    let given = given::store();
    let failed = given.store.write_blocking(Priority::Person, |tx| {
        tx.set_setting("a", Some("1"))?;
        Err::<(), _>(StoreError::Missing("tea".to_owned()))
    });
    assert!(matches!(failed, Err(StoreError::Missing(_))));
    let panicked = given.store.write_blocking(Priority::Person, |tx| -> Result<(), StoreError> {
        tx.set_setting("b", Some("1"))?;
        panic!("a defect")
    });
    assert!(matches!(panicked, Err(StoreError::Panicked)));
    given::write(&given.store, |tx| tx.set_setting("c", Some("1")));
    assert_eq!((setting(&given.store, "a"), setting(&given.store, "b")), (None, None));
    assert_eq!(setting(&given.store, "c").as_deref(), Some("1"));
    let read = given.store.read_blocking(|_| -> Result<(), StoreError> { panic!("a defect") });
    assert!(matches!(read, Err(StoreError::Panicked)));
}

#[derive(Debug, thiserror::Error)]
enum Own {
    #[error("not now")]
    NotNow,
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[test]
fn errors_of_the_caller_come_back_as_they_are() {
    let given = given::store();
    let result = given.store.write_blocking(Priority::Person, |tx| {
        tx.set_setting("a", Some("1"))?;
        Err::<(), _>(Own::NotNow)
    });
    assert!(matches!(result, Err(Own::NotNow)));
    assert_eq!(setting(&given.store, "a"), None);
}

/// Answers queued together share a commit; one that fails is undone alone.
#[test]
fn a_group_of_answers() {
    let given = given::store();
    let hold = busy(&given.store);
    let mut answers = Vec::new();
    for n in 0..10 {
        answers.push(given.store.write_relaxed(move |tx| {
            tx.set_setting(&format!("n{n}"), Some("1"))?;
            if n == 4 {
                return Err(StoreError::Missing("tea".to_owned()));
            }
            if n == 5 {
                panic!("a defect");
            }
            Ok(n)
        }));
    }
    drop(hold);
    let runtime = Builder::new_current_thread().build().unwrap();
    for (n, answer) in answers.into_iter().enumerate() {
        let answer = runtime.block_on(answer);
        match n {
            4 => assert!(matches!(answer, Err(StoreError::Missing(_)))),
            5 => assert!(matches!(answer, Err(StoreError::Panicked))),
            n => assert_eq!(answer.unwrap(), n),
        }
    }
    let there: Vec<bool> = ["n3", "n4", "n5", "n6"].map(|n| setting(&given.store, n).is_some()).into();
    assert_eq!(there, [true, false, false, true]);
}

#[test]
fn a_group_whose_first_answer_fails() {
    let given = given::store();
    let hold = busy(&given.store);
    let failed = given.store.write_relaxed(|tx| {
        tx.set_setting("a", Some("1"))?;
        Err::<(), _>(StoreError::Missing("tea".to_owned()))
    });
    let fine = given.store.write_relaxed(|tx| tx.set_setting("b", Some("1")));
    drop(hold);
    let runtime = Builder::new_current_thread().build().unwrap();
    assert!(runtime.block_on(failed).is_err());
    runtime.block_on(fine).unwrap();
    assert_eq!((setting(&given.store, "a"), setting(&given.store, "b").as_deref()), (None, Some("1")));
}

#[test]
fn reads_go_on_during_a_long_write_and_see_what_was_committed() {
    let given = given::store();
    given::write(&given.store, |tx| tx.set_setting("a", Some("old")));
    let (hold, held) = sync_channel::<()>(0);
    let (started, has_started) = channel();
    let long = given.store.write(Priority::Person, move |tx| {
        tx.set_setting("a", Some("new"))?;
        started.send(()).unwrap();
        held.recv().ok();
        Ok(())
    });
    has_started.recv().unwrap();
    assert_eq!(setting(&given.store, "a").as_deref(), Some("old"));
    drop(hold);
    Builder::new_current_thread().build().unwrap().block_on(long).unwrap();
    assert_eq!(setting(&given.store, "a").as_deref(), Some("new"));
}

#[test]
fn what_was_asked_for_is_done_before_the_store_closes() {
    let given = given::store();
    let hold = busy(&given.store);
    drop(given.store.write(Priority::Sync, |tx| tx.set_setting("last", Some("1"))));
    let given::Given { home, store, .. } = given;
    drop(hold);
    drop(store);
    let store = Store::open(home.path()).unwrap();
    assert_eq!(setting(&store, "last").as_deref(), Some("1"));
}

/// The last clone may be dropped by a job of its own store.
#[test]
fn a_job_may_hold_the_last_clone() {
    let given = given::store();
    let hold = busy(&given.store);
    let (ended, has_ended) = channel();
    let clone = given.store.clone();
    drop(given.store.write(Priority::Sync, move |_| {
        drop(clone);
        ended.send(()).unwrap();
        Ok(())
    }));
    let store = given.store;
    std::thread::spawn(move || drop(store));
    drop(hold);
    has_ended.recv().unwrap();
}
