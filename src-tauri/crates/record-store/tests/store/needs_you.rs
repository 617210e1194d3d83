//! "Needs you": what clashes, rules, batches.

use crate::given::{self, Given, edit, meta, tag};
use record_merge::{Choice, Decision, Path, Rule, Token};
use record_store::{
    BatchState, BatchWhat, ItemState, KeptItem, NewBatch, NewItem, NewMergeRule, Said, Shape, ShapeField,
    Store, Undone,
};
use sync_engine::{
    Change, Conflict, ConflictKind, LocalKey, Record, State, Step, Theirs, TheirsSeen, Timestamp, Version,
};

fn contested(given: &Given, id: &str) -> Record {
    let before = given.save(&given.new_record(Some(id)), &given.synced(id, "{\"a\":1}", "1"), vec![]);
    let mut record = before.clone();
    record.edit = Some(edit(Change::Replace(given::body("{\"a\":2}"))));
    record.theirs = Some(theirs("{\"a\":3}", "2"));
    record.conflict =
        Some(Conflict { kind: ConflictKind::EditEdit, decisions: vec![], rows: vec![], must_look: false });
    given.save(&before, &record, vec![])
}

fn theirs(text: &str, mark: &str) -> TheirsSeen {
    let version = Version { body: given::body(text), validator: Some(tag(mark)) };
    TheirsSeen { what: Theirs::Present(version), seen_at: Timestamp(700) }
}

/// Only what differs is written: from the first decision that is another one.
#[test]
fn decisions_are_those_of_the_last_save() {
    let given = given::store();
    let decision = |name: char, choice| Decision {
        path: Path(vec![Token::Member(name.to_string())]),
        part: None,
        choice,
        value: None,
        validator: None,
        theirs_then: Some("3".to_owned()),
        mine_then: Some("2".to_owned()),
    };
    let mut record = contested(&given, "decided");
    for names in ["abc", "abcd", "aBcd", "acd", "acdb", "Acdb", "c", "", "ab"] {
        let mut after = record.clone();
        let side = |name: char| if name.is_uppercase() { Choice::Theirs } else { Choice::Mine };
        let decisions: Vec<Decision> =
            names.chars().map(|name| decision(name.to_ascii_lowercase(), side(name))).collect();
        after.conflict.as_mut().unwrap().decisions = decisions;
        // This compares with what is loaded.
        record = given.save(&record, &after, vec![]);
    }
}

fn shape() -> Shape {
    Shape {
        made_by: 7,
        fields: vec![ShapeField {
            pattern: "a".to_owned(),
            label: "A".to_owned(),
            others: Vec::new(),
            once: false,
        }],
        open: 1,
        decided: 0,
        automatic: 2,
        look: true,
        who: None,
        asked: false,
        made_at: Some(Timestamp(600)),
        theirs: Some("{\"text\":\"3\"}".to_owned()),
        mine: None,
    }
}

fn keep(given: &Given, key: LocalKey) {
    given::write(&given.store, move |tx| tx.set_shape(key, &shape()));
}

#[test]
fn what_clashes_is_kept_beside_the_conflict_and_goes_when_it_changes() {
    let given = given::store();
    let record = contested(&given, "b");
    contested(&given, "a");
    let key = record.key;
    keep(&given, key);
    let rows = given::read(&given.store, |r| r.needs_you());
    assert_eq!(rows.len(), 2);
    let row = rows.iter().find(|row| row.key == key).unwrap();
    assert_eq!(
        (row.kind, row.saved_at, row.seen_at),
        (ConflictKind::EditEdit, Timestamp(500), Timestamp(700))
    );
    assert_eq!(row.shape, Some(shape()));
    let kept = |given: &Given| given::read(&given.store, move |r| r.shape(key));

    given::write(&given.store, move |tx| tx.set_author(key, Some("Ines"), Some(Timestamp(650))));
    let told = kept(&given).unwrap();
    assert_eq!((told.who.as_deref(), told.asked, told.made_at), (Some("Ines"), true, Some(Timestamp(650))));
    // Nobody knows: asked once all the same.
    given::write(&given.store, move |tx| tx.set_author(key, None, None));
    assert_eq!(kept(&given).unwrap().who.as_deref(), Some("Ines"));

    // Held is no version: what clashes stays. A newer version of the server, a decision or an edit: it goes.
    type Make = fn(&mut Record);
    let changes: [(&str, Make); 3] = [
        ("theirs", |r| r.theirs = Some(theirs("{\"a\":4}", "3"))),
        ("edit", |r| r.edit = Some(edit(Change::Replace(given::body("{\"a\":5}"))))),
        ("conflict", |r| r.conflict.as_mut().unwrap().must_look = true),
    ];
    let mut now = record;
    for (what, change) in changes {
        keep(&given, key);
        let mut after = now.clone();
        change(&mut after);
        now = given.save(&now, &after, vec![]);
        assert_eq!(kept(&given), None, "{what}");
    }
    // No conflict, nothing kept, and nothing can be.
    keep(&given, key);
    let mut after = now.clone();
    after.conflict = None;
    given.save(&now, &after, vec![]);
    keep(&given, key);
    assert_eq!(kept(&given), None);
    assert_eq!(given::read(&given.store, |r| r.needs_you()).len(), 1);
}

#[test]
fn rules_are_one_a_field_switched_and_removed() {
    let given = given::store();
    let collection = given.collection;
    let new = move |pattern: &str, rule| NewMergeRule {
        others: Vec::new(),
        collection,
        pattern: pattern.to_owned(),
        label: pattern.to_uppercase(),
        said: Said::Answer(rule),
    };
    let (first, second) = given::write(&given.store, move |tx| {
        let first = tx.set_merge_rule(&new("a", Rule::Server), Timestamp(1))?;
        let second = tx.set_merge_rule(&new("lines/*", Rule::Higher), Timestamp(2))?;
        Ok((first, second))
    });
    let again = given::write(&given.store, move |tx| tx.set_merge_rule(&new("a", Rule::Mine), Timestamp(3)));
    assert!(again != first);
    assert!(given::write(&given.store, move |tx| tx.enable_merge_rule(second, false)));
    assert!(!given::write(&given.store, move |tx| tx.enable_merge_rule(first, false)));
    let rules = given::read(&given.store, |r| r.merge_rules());
    let told: Vec<_> =
        rules.iter().map(|r| (r.settings.pattern.as_str(), r.settings.said, r.enabled)).collect();
    assert_eq!(told, [("lines/*", Said::Answer(Rule::Higher), false), ("a", Said::Answer(Rule::Mine), true)]);
    assert!(given::write(&given.store, move |tx| tx.remove_merge_rule(second)));
    // A row of which it is the first field has a rule of its own.
    let row = move || NewMergeRule { others: vec!["b".to_owned()], ..new("a", Rule::Server) };
    let first = given::write(&given.store, move |tx| tx.set_merge_rule(&row(), Timestamp(4)));
    let again = given::write(&given.store, move |tx| tx.set_merge_rule(&row(), Timestamp(5)));
    assert!(first != again);
    let rules = given::read(&given.store, |r| r.merge_rules());
    let told: Vec<_> = rules.iter().map(|r| (r.settings.others.as_slice(), r.settings.said)).collect();
    assert_eq!(
        told,
        [
            ([].as_slice(), Said::Answer(Rule::Mine)),
            (["b".to_owned()].as_slice(), Said::Answer(Rule::Server))
        ]
    );
    // What answers a clash and how it merges stand beside each other.
    for (said, other) in [
        (Said::Atomic, ""),
        (Said::Set, ""),
        (Said::Follow, ""),
        (Said::Together, "b"),
        (Said::Together, "c"),
    ] {
        let others = if other.is_empty() { Vec::new() } else { vec![other.to_owned()] };
        let more = NewMergeRule { said, others, ..new("a", Rule::Mine) };
        given::write(&given.store, move |tx| tx.set_merge_rule(&more, Timestamp(4)));
    }
    let told: Vec<Said> =
        given::read(&given.store, |r| r.merge_rules()).into_iter().map(|r| r.settings.said).collect();
    let answers = [Said::Answer(Rule::Mine), Said::Answer(Rule::Server)];
    assert_eq!(told, [&answers[..], &[Said::Set, Said::Follow, Said::Together]].concat());
    // With its collection a rule goes.
    given::write(&given.store, move |tx| tx.remove_collection(collection));
    assert!(given::read(&given.store, |r| r.merge_rules()).is_empty());
}

fn batch(keys: &[i64]) -> NewBatch {
    NewBatch {
        what: BatchWhat::Group,
        source: "Team".to_owned(),
        collection: "Contacts".to_owned(),
        kind: Some(ConflictKind::EditEdit),
        fields: "[]".to_owned(),
        items: keys
            .iter()
            .map(|key| NewItem { key: LocalKey(*key), title: format!("no {key}"), seen: "s".to_owned() })
            .collect(),
    }
}

#[test]
fn a_batch_and_its_records_survive_and_stop_with_their_run() {
    let given = given::store();
    let id = given::write(&given.store, |tx| tx.add_batch(&batch(&[5, 6, 7]), Timestamp(9)));
    given::write(&given.store, move |tx| {
        let item = tx.batch_items(id, &[], None)?.remove(1);
        let decided = KeptItem {
            state: ItemState::Queued,
            value: Some("[1]".to_owned()),
            base_version: Some(1),
            mine_version: Some(3),
            decisions: Some("[]".to_owned()),
            at: Timestamp(10),
            ..item
        };
        tx.set_item_decided(id, &decided)?;
        tx.set_item_state((id, 0), ItemState::LeftOut, Some("It changed."), Timestamp(11))
    });
    let awaited = |key| given::read(&given.store, move |r| r.awaited(LocalKey(key)));
    assert_eq!((awaited(5), awaited(6), awaited(7)), (None, Some((id, 1)), None));
    let Given { home, store, .. } = given;
    let run = store.run();
    drop(store);

    let store = Store::open(home.path()).unwrap();
    let running = given::read(&store, move |r| r.batch(id)).unwrap();
    assert_eq!((running.state, running.run), (BatchState::Running, run));
    assert_eq!(given::write(&store, |tx| tx.stop_batches_of_other_runs()), 1);
    assert_eq!(given::write(&store, |tx| tx.stop_batches_of_other_runs()), 0);
    let counts = given::read(&store, move |r| r.batch_counts(id));
    assert_eq!((counts.all(), counts.of(ItemState::Queued), counts.of(ItemState::LeftOut)), (3, 1, 1));
    let queued =
        given::read(&store, move |r| r.batch_items(id, &[ItemState::Queued, ItemState::Sending], Some(5)));
    assert_eq!((queued.len(), queued[0].title.as_str(), queued[0].mine_version), (1, "no 6", Some(3)));
    given::write(&store, move |tx| {
        tx.set_item_undone((id, 1), Undone::OpenAgain, None, Timestamp(12))?;
        tx.set_batch_state(id, BatchState::Undone, Some(Timestamp(13)))
    });
    let ended = given::read(&store, move |r| r.batch(id)).unwrap();
    assert_eq!((ended.state, ended.ended_at), (BatchState::Undone, Some(Timestamp(13))));
    assert_eq!(given::read(&store, move |r| r.batch_items(id, &[], None))[1].undone, Some(Undone::OpenAgain));
    // What an undo is writing back is found by its record, until that has come.
    let key = given::read(&store, move |r| r.batch_items(id, &[], None))[0].key;
    let back = |store| given::read(store, move |r| r.written_back(key)).map(|(id, item)| (id, item.position));
    assert_eq!(back(&store), None);
    given::write(&store, move |tx| tx.set_item_undone((id, 0), Undone::WrittenBack, None, Timestamp(13)));
    assert_eq!(back(&store), Some((id, 0)));
    given::write(&store, move |tx| tx.set_item_undone((id, 0), Undone::OpenAgain, None, Timestamp(14)));
    assert_eq!(back(&store), None);
}

#[test]
fn the_last_twenty_batches_are_kept() {
    let given = given::store();
    for n in 0..23 {
        given::write(&given.store, move |tx| {
            let id = tx.add_batch(&batch(&[n]), Timestamp(n))?;
            // One that still runs is never dropped.
            if n == 0 { Ok(()) } else { tx.set_batch_state(id, BatchState::Done, Some(Timestamp(n))) }
        });
    }
    let kept = given::read(&given.store, |r| r.batches());
    assert_eq!(kept.len(), 21);
    assert_eq!((kept[0].made_at, kept[20].state), (Timestamp(22), BatchState::Running));
}

/// Ten thousand records that are in step cost the list nothing: it goes by the index of those that are not.
#[test]
fn the_list_goes_by_index() {
    let given = given::store();
    let record = contested(&given, "a");
    let step = Step { record: Some(record.clone()), history: vec![], copies: vec![], effects: vec![] };
    drop((step, meta("A", 1)));
    drop(given.store);
    let connection = rusqlite::Connection::open(given.home.path().join("matchbook.db")).unwrap();
    let plan: Vec<String> = connection
        .prepare("EXPLAIN QUERY PLAN SELECT r.key FROM record r INDEXED BY record_unsynced JOIN conflict k ON k.key = r.key
                  WHERE r.state = 'needs_you' AND r.state <> 'synced' ORDER BY r.sort_key, r.key")
        .unwrap()
        .query_map([], |row| row.get(3))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert!(plan.iter().any(|line| line.contains("record_unsynced (state=?)")), "{plan:?}");
    assert!(!plan.iter().any(|line| line.contains("TEMP B-TREE")), "{plan:?}");
    assert_eq!(record.state(sync_engine::RunId(1)), Ok(State::NeedsYou));
}
