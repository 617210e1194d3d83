//! The queue, the outbox and counts.

use crate::given::{self, Given, body, edit};
use record_store::{Store, StoreError};
use sync_engine::{
    Change, Fate, Grade, InFlight, LocalKey, Record, Refusal, RefusalKind, Rev, RunId, Sent, State, Task,
    Timestamp, WaitReason, Waiting,
};

fn waiting(store: &Store, limit: usize) -> Vec<Waiting> {
    store.read_blocking(move |r| r.waiting(limit)).map_err(|e: StoreError| e).unwrap()
}

fn add(given: &Given, id: &str, change: impl FnOnce(&mut Record)) -> LocalKey {
    let mut record = given.synced(id, "{}", "a");
    record.edit = Some(edit(Change::Replace(body("[]"))));
    change(&mut record);
    given.save(&given.new_record(Some(id)), &record, vec![]).key
}

fn in_flight(run: RunId, fate: Fate) -> Option<InFlight> {
    Some(InFlight {
        sent: Sent::Replace(body("[]")),
        rev: Rev(0),
        precondition: "If-Match: \"a\"".to_owned(),
        run,
        fate,
        twins: vec![],
        asks: false,
    })
}

#[test]
fn who_waits_for_what() {
    let given = given::store();
    let run = given.store.run();
    let other = RunId(run.0 - 1);
    type Make = Box<dyn FnOnce(&mut Record)>;
    let cases: Vec<(&str, Option<Task>, State, Make)> = vec![
        ("edited", Some(Task::Write), State::Edited, Box::new(|_| {})),
        (
            "mark",
            Some(Task::Read),
            State::Edited,
            Box::new(|r| {
                r.edit.as_mut().unwrap().wait = Some(WaitReason::NoVersionMark);
            }),
        ),
        ("open", None, State::Sending, Box::new(move |r| r.in_flight = in_flight(run, Fate::Open))),
        (
            "accepted",
            Some(Task::Read),
            State::Sending,
            Box::new(move |r| {
                r.in_flight = in_flight(run, Fate::Accepted);
            }),
        ),
        (
            "lost",
            Some(Task::Read),
            State::Uncertain,
            Box::new(move |r| r.in_flight = in_flight(run, Fate::Lost)),
        ),
        (
            "other run",
            Some(Task::Read),
            State::Uncertain,
            Box::new(move |r| {
                r.in_flight = in_flight(other, Fate::Open);
            }),
        ),
        (
            "refused",
            Some(Task::Read),
            State::Contested,
            Box::new(move |r| {
                r.in_flight = in_flight(run, Fate::Refused);
            }),
        ),
        (
            "asks",
            None,
            State::Uncertain,
            Box::new(move |r| {
                r.in_flight = in_flight(run, Fate::Lost);
                r.in_flight.as_mut().unwrap().asks = true;
            }),
        ),
        (
            "rejected",
            None,
            State::Rejected,
            Box::new(|r| {
                r.refusal =
                    Some(Refusal { kind: RefusalKind::Content, words: "no".to_owned(), pointers: vec![] });
            }),
        ),
    ];
    let mut expected = Vec::new();
    for (id, task, state, make) in cases {
        let key = add(&given, id, make);
        expected.extend(task.map(|t| (key, t)));
        let brief =
            given.store.read_blocking(move |r| r.brief(key)).map_err(|e: StoreError| e).unwrap().unwrap();
        assert_eq!(brief.state, state, "{id}");
    }
    expected.sort_by_key(|(key, task)| (*task, *key));
    let got: Vec<_> = waiting(&given.store, 99).into_iter().map(|w| (w.key, w.task)).collect();
    assert_eq!(got, expected);
    assert!(waiting(&given.store, 99).iter().all(|w| w.may_send && w.source == given.source));
}

#[test]
fn due_ones_come_before_backed_off_and_held_ones_under_a_limit() {
    let given = given::store();
    let mut keys = Vec::new();
    for n in 0..6_i64 {
        keys.push(add(&given, &n.to_string(), |r| {
            let edit = r.edit.as_mut().unwrap();
            edit.saved_at = Timestamp(100 - n);
            edit.held = n == 5;
            edit.not_before = (n >= 3).then_some(Timestamp(9_000 - n));
        }));
    }
    let got: Vec<_> = waiting(&given.store, 3).into_iter().map(|w| (w.key, w.held)).collect();
    // The latest saved first here, as it was saved earliest; the held one is known about beside the limit.
    assert_eq!(got, [(keys[5], true), (keys[2], false), (keys[1], false), (keys[0], false)]);
    let all = waiting(&given.store, 99);
    assert_eq!(all.iter().find(|w| w.key == keys[4]).unwrap().not_before, Some(Timestamp(8_996)));
    assert_eq!(all.len(), 6);
}

#[test]
fn collections_that_may_not_be_written_to_say_so() {
    let given = given::store();
    add(&given, "1", |_| {});
    let collection = given.collection;
    for (grade, may_send) in [(Grade::NotChecked, false), (Grade::Partly, true), (Grade::Unprotected, false)]
    {
        given::write(&given.store, move |tx| {
            let mut c = tx.collection(collection)?.unwrap();
            c.settings.rules.grade = grade;
            tx.save_collection(&c)
        });
        assert_eq!(waiting(&given.store, 9)[0].may_send, may_send, "{grade:?}");
    }
}

#[test]
fn another_run_finds_them_uncertain() {
    let given = given::store();
    let run = given.store.run();
    let key = add(&given, "1", move |r| r.in_flight = in_flight(run, Fate::Open));
    add(&given, "2", move |r| r.in_flight = in_flight(run, Fate::Refused));
    let before = given.store.next_seq();
    assert_eq!(waiting(&given.store, 9).len(), 1);
    let given::Given { home, store, .. } = given;
    drop(store);
    let store = Store::open(home.path()).unwrap();
    assert!(store.run() > run);
    assert!(store.next_seq() > before);
    let waits: Vec<_> = waiting(&store, 9).into_iter().map(|w| (w.key.0, w.task)).collect();
    assert_eq!(waits, [(1, Task::Read), (2, Task::Read)]);
    let (counts, outbox, record) = store
        .read_blocking(move |r| {
            Ok::<_, StoreError>((r.counts(None)?, r.outbox(&State::ALL, 9)?, r.load(key)?))
        })
        .unwrap();
    assert_eq!((counts.records, counts.of(State::Uncertain), counts.of(State::Contested)), (2, 1, 1));
    assert_eq!(counts.of(State::Synced), 0);
    assert_eq!(outbox[0].fate, Some(Fate::Open));
    assert_eq!(outbox[0].precondition.as_deref(), Some("If-Match: \"a\""));
    assert_eq!(record.unwrap().state(store.run()), Ok(State::Uncertain));
}
