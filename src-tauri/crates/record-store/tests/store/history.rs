//! Versions: numbered, kept once, readable after the record is gone.

use crate::given::{self, Given, base, body, edit, entry, meta, tag};
use record_store::{NewCopy, StoreError, Version};
use sync_engine::{
    Change, LocalKey, Record, RemoteId, Rev, Step, Theirs, TheirsSeen, Timestamp, Version as Seen, What,
};

/// Version, what, validator, size of its body.
fn lines(given: &Given, key: LocalKey) -> Vec<(u32, String, Option<String>, Option<u64>)> {
    let lines: Vec<Version> =
        given.store.read_blocking(move |r| r.history(key)).map_err(|e: StoreError| e).unwrap();
    lines
        .into_iter()
        .map(|l| (l.version, l.what, l.validator.map(|v| v.as_str().to_owned()), l.size))
        .collect()
}

fn line(
    version: u32,
    what: &str,
    mark: Option<&str>,
    size: Option<u64>,
) -> (u32, String, Option<String>, Option<u64>) {
    (version, what.to_owned(), mark.map(|m| format!("\"{m}\"")), size)
}

#[test]
fn a_synced_record_has_one_version_without_a_copy() {
    let given = given::store();
    let r = given.save(&given.new_record(Some("1")), &given.synced("1", "{}", "a"), vec![]);
    assert_eq!(lines(&given, r.key), [line(1, "seen", Some("a"), Some(2))]);
    let copies: i64 = given::write(&given.store, |tx| Ok(tx.activity(10)?.len().try_into().unwrap()));
    assert_eq!(copies, 0, "a first reading is no news");
}

#[test]
fn the_base_moves_into_the_history_when_it_is_replaced() {
    let given = given::store();
    let first = given.save(&given.new_record(Some("1")), &given.synced("1", "{}", "a"), vec![]);
    let mut second = first.clone();
    second.base = Some(base("{\"b\":1}", "b", 200));
    let second = given.save(&first, &second, vec![]);
    // Only the validator moved: no version.
    let mut touched = second.clone();
    touched.base = Some(base("{\"b\":1}", "c", 300));
    let touched = given.save(&second, &touched, vec![]);
    let expected = [line(1, "seen", Some("a"), Some(2)), line(2, "seen", Some("c"), Some(7))];
    assert_eq!(lines(&given, first.key), expected);
    let key = touched.key;
    let old =
        given.store.read_blocking(move |r| r.version(key, 1)).map_err(|e: StoreError| e).unwrap().unwrap();
    assert_eq!(old.body, Some(body("{}")));
    assert_eq!(old.version.at, Timestamp(100));
    let news = given.store.read_blocking(|r| r.activity(10)).map_err(|e: StoreError| e).unwrap();
    assert_eq!(news.iter().map(|a| (a.key, a.version.version)).collect::<Vec<_>>(), [(key, 2)]);
}

#[test]
fn what_was_sent_and_then_confirmed_is_one_version() {
    let given = given::store();
    let synced = given.save(&given.new_record(Some("1")), &given.synced("1", "{}", "a"), vec![]);
    let mut edited = synced.clone();
    edited.edit = Some(edit(Change::Replace(body("{\"x\":1}"))));
    let edited = given.save(&synced, &edited, vec![entry(What::Sent, true, Some("{\"x\":1}"))]);
    let mut answered = edited.clone();
    answered.edit = None;
    answered.base = Some(base("{\"x\":1}", "b", 300));
    let answered = given.save(&edited, &answered, vec![]);
    let expected = [line(1, "seen", Some("a"), Some(2)), line(2, "sent", Some("b"), Some(7))];
    assert_eq!(lines(&given, answered.key), expected);
    // The next one does not copy it either.
    let mut later = answered.clone();
    later.base = Some(base("[]", "c", 400));
    given.save(&answered, &later, vec![]);
    assert_eq!(lines(&given, later.key).len(), 3);
}

#[test]
fn a_version_seen_and_superseded_is_kept() {
    let given = given::store();
    let synced = given.save(&given.new_record(Some("1")), &given.synced("1", "{}", "a"), vec![]);
    let with_theirs = |before: &Record, text: &str| {
        let mut r = before.clone();
        r.edit.get_or_insert(edit(Change::Replace(body("[1]"))));
        let version = Seen { body: body(text), validator: Some(tag(text)) };
        r.theirs = Some(TheirsSeen { what: Theirs::Present(version), seen_at: Timestamp(250) });
        given.save(before, &r, vec![])
    };
    let second = with_theirs(&synced, "[2]");
    let third = with_theirs(&second, "[3]");
    let mut merged = third.clone();
    merged.base = Some(base("[3]", "[3]", 400));
    merged.theirs = None;
    merged.edit = Some(edit(Change::Replace(body("[1,3]"))));
    let history = vec![entry(What::SetAside, true, Some("[1]")), entry(What::Merged, true, Some("[1,3]"))];
    given.save(&third, &merged, history);
    let expected = [
        line(1, "seen", Some("a"), Some(2)),
        line(2, "seen", Some("[2]"), Some(3)),
        line(3, "seen", Some("[3]"), Some(3)),
        line(4, "set_aside", None, Some(3)),
        line(5, "merged", None, Some(5)),
    ];
    assert_eq!(lines(&given, merged.key), expected);
}

#[test]
fn a_record_that_is_gone_is_found_and_comes_back_with_its_history() {
    let given = given::store();
    let synced = given.save(&given.new_record(Some("1")), &given.synced("1", "{}", "a"), vec![]);
    given.end(&synced, vec![entry(What::Gone, false, None)]);
    let expected = [line(1, "seen", Some("a"), Some(2)), line(2, "gone", None, None)];
    assert_eq!(lines(&given, synced.key), expected);
    let (key, source) = (synced.key, given.source);
    let (gone, at, found, listed) = given
        .store
        .read_blocking(move |r| {
            let id = RemoteId("1".to_owned());
            Ok::<_, StoreError>((
                r.gone(key)?,
                r.gone_at(source, given::COLLECTION, &id)?,
                r.find(source, given::COLLECTION, &id)?,
                r.counts(None)?.records,
            ))
        })
        .unwrap();
    let gone = gone.unwrap();
    assert_eq!(
        (gone.key, gone.title.as_str(), gone.id.clone()),
        (key, "Ann", Some(RemoteId("1".to_owned())))
    );
    assert_eq!((at, found, listed), (Some(gone), None, 0));
    // Brought back: same key, numbers go on.
    let mut again = Record::new(key, source, given::COLLECTION, Some(RemoteId("1".to_owned())));
    let before = again.clone();
    again.edit = Some(edit(Change::Create(body("{}"))));
    let again = given.save(&before, &again, vec![entry(What::Sent, true, Some("{}"))]);
    assert_eq!((again.key, lines(&given, key).len()), (key, 3));
    assert_eq!(given.store.read_blocking(move |r| r.gone(key)).map_err(|e: StoreError| e).unwrap(), None);
}

#[test]
fn copies_are_new_records_beside_it() {
    let given = given::store();
    let synced = given.save(&given.new_record(Some("1")), &given.synced("1", "{}", "a"), vec![]);
    let before = synced.clone();
    let (saved, copy) = given::write(&given.store, move |tx| {
        let step = Step {
            record: Some(before.clone()),
            history: vec![],
            copies: vec![body("[9]")],
            effects: vec![],
        };
        let copy = NewCopy { id: Some(RemoteId("new".to_owned())), meta: meta("Ann (copy)", 7) };
        assert!(tx.save(&before, &step, &meta("Ann", 7), &[]).is_err(), "a copy without its title");
        let saved = tx.save(&before, &step, &meta("Ann", 7), &[copy])?;
        let copy = tx.load(saved.copies[0])?;
        Ok((saved, copy))
    });
    let copy = copy.unwrap();
    assert_ne!(copy.key, saved.key);
    assert_eq!((copy.rev, copy.id_is_ours), (Rev(1), true));
    assert_eq!(copy.edit.unwrap().change, Change::Create(body("[9]")));
}

#[test]
fn two_records_never_share_an_address() {
    let given = given::store();
    given.save(&given.new_record(Some("1")), &given.synced("1", "{}", "a"), vec![]);
    let refused = given.try_save(&given.new_record(Some("1")), Some(given.synced("1", "[]", "b")), vec![]);
    assert!(matches!(refused, Err(StoreError::Exists(what)) if what == "1"));
}

#[test]
fn a_record_that_is_gone_still_takes_a_version() {
    let given = given::store();
    let record = given.save(&given.new_record(Some("1")), &given.synced("1", "{}", "a"), vec![]);
    let key = record.key;
    let add = move |given: &Given, text: &str| {
        let aside = entry(What::SetAside, true, Some(text));
        given::write(&given.store, move |tx| tx.add_to_gone(key, &aside, Timestamp(300)))
    };
    assert_eq!(add(&given, "[1]"), None, "it is there: its own history takes it");
    given.end(&record, vec![]);
    assert_eq!((add(&given, "[1]"), add(&given, "[2]")), (Some(2), Some(3)));
    let expected = [
        line(1, "seen", Some("a"), Some(2)),
        line(2, "set_aside", None, Some(3)),
        line(3, "set_aside", None, Some(3)),
    ];
    assert_eq!(lines(&given, key), expected);
    // Brought back, it counts on from there.
    let mut back = given.new_record(Some("1"));
    back.key = key;
    let mut again = back.clone();
    again.edit = Some(edit(Change::Create(body("{}"))));
    given.save(&back, &again, vec![entry(What::BroughtBack, true, Some("{}"))]);
    assert_eq!(lines(&given, key).last(), Some(&line(4, "brought_back", None, Some(2))));
}
