//! What many tests begin with.

use record_store::{CollectionId, Meta, NewCollection, NewSource, Priority, Saved, Store, StoreError, Tx};
use sync_engine::{
    Base, Body, Change, Edit, Grade, HistoryEntry, LocalKey, MergePolicy, Record, RemoteId, Rules, SourceId,
    Step, Timestamp, Validator, What,
};
use tempfile::TempDir;

/// A store in a folder of its own with one source and one collection that may be written to.
pub struct Given {
    pub home: TempDir,
    pub store: Store,
    pub source: SourceId,
    pub collection: CollectionId,
}

pub const COLLECTION: &str = "contacts";

pub fn store() -> Given {
    let home = tempfile::tempdir().unwrap();
    let store = Store::open(home.path()).unwrap();
    let (source, collection) = write(&store, |tx| {
        let source = tx.add_source(&source("Team"))?;
        Ok((source, tx.add_collection(&collection(source, COLLECTION, Grade::Protected))?))
    });
    Given { home, store, source, collection }
}

pub fn source(name: &str) -> NewSource {
    NewSource {
        name: name.to_owned(),
        url: "http://127.0.0.1:1/".to_owned(),
        family: "rest".to_owned(),
        user: Some("ann".to_owned()),
        headers: vec![("X-Team".to_owned(), "blue".to_owned())],
        profile: None,
        policy: MergePolicy::Review,
        allow_unprotected: false,
        demo: false,
    }
}

pub fn collection(source: SourceId, name: &str, grade: Grade) -> NewCollection {
    NewCollection {
        source,
        name: name.to_owned(),
        title: "Contacts".to_owned(),
        noun: "contact".to_owned(),
        schema: None,
        rules: Rules { grade, ..Rules::default() },
    }
}

pub fn write<T: Send + 'static>(
    store: &Store,
    work: impl FnOnce(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
) -> T {
    store.write_blocking(Priority::Person, work).unwrap()
}

pub fn read<T: Send + 'static>(
    store: &Store,
    work: impl FnOnce(&record_store::Reader<'_>) -> Result<T, StoreError> + Send + 'static,
) -> T {
    store.read_blocking(work).unwrap()
}

impl Given {
    /// A record of this collection that exists nowhere yet.
    pub fn new_record(&self, id: Option<&str>) -> Record {
        Record::new(LocalKey(0), self.source, COLLECTION, id.map(|id| RemoteId(id.to_owned())))
    }

    /// A synced record.
    pub fn synced(&self, id: &str, text: &str, tag: &str) -> Record {
        let mut record = self.new_record(Some(id));
        record.base = Some(base(text, tag, 100));
        record
    }

    /// Saves `after` as what a step made of `before`, and answers the record as loaded.
    pub fn save(&self, before: &Record, after: &Record, history: Vec<HistoryEntry>) -> Record {
        let (saved, loaded) = self.try_save(before, Some(after.clone()), history).unwrap();
        let mut expected = after.clone();
        expected.key = saved.key;
        assert_eq!(loaded.as_ref(), Some(&expected));
        expected
    }

    /// The record ends.
    pub fn end(&self, before: &Record, history: Vec<HistoryEntry>) {
        let (_, loaded) = self.try_save(before, None, history).unwrap();
        assert_eq!(loaded, None);
    }

    pub fn try_save(
        &self,
        before: &Record,
        after: Option<Record>,
        history: Vec<HistoryEntry>,
    ) -> Result<(Saved, Option<Record>), StoreError> {
        let before = before.clone();
        self.store.write_blocking(Priority::Person, move |tx| {
            let step = Step { record: after, history, copies: Vec::new(), effects: Vec::new() };
            let saved = tx.save(&before, &step, &meta("Ann", 1_000), &[])?;
            let loaded = tx.load(saved.key)?;
            Ok((saved, loaded))
        })
    }
}

pub fn meta(title: &str, now: i64) -> Meta {
    Meta {
        title: title.to_owned(),
        changed_at: Timestamp(now),
        search_text: Some(title.to_owned()),
        now: Timestamp(now),
    }
}

pub fn body(text: &str) -> Body {
    Body::json(text.as_bytes())
}

pub fn tag(text: &str) -> Validator {
    Validator::new(format!("\"{text}\"")).unwrap()
}

pub fn base(text: &str, mark: &str, at: i64) -> Base {
    Base { body: body(text), validator: Some(tag(mark)), seen_at: Timestamp(at) }
}

pub fn edit(change: Change) -> Edit {
    Edit::untried(change, None, Timestamp(500))
}

pub fn entry(what: What, by_me: bool, text: Option<&str>) -> HistoryEntry {
    let body = text.map(body);
    HistoryEntry { what, by_me, body, validator: None, from_validator: None, at: None, note: None }
}
