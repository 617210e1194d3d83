//! Saving: what [`sync_engine::step`] answered becomes rows, and nothing else is written.

use crate::base::Numbered;
use crate::waiting::Duty;
use crate::{
    CollectionId, Reader, Result, StoreError, Tx, base, columns, conflict, edit, gone, history, in_flight,
    refusal, text, theirs,
};
use sync_engine::{
    Base, Body, Change, Edit, LocalKey, Record, RemoteId, Rev, SourceId, State, Step, Timestamp, Validator,
    What,
};

/// What the caller derives from the representation and the schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meta {
    /// Title for people.
    pub title: String,
    /// Last change known: the person's, else the server's.
    pub changed_at: Timestamp,
    /// What full-text search finds it by, its title included; `None` = as before.
    pub search_text: Option<String>,
    /// The time: of the history entries of this save.
    pub now: Timestamp,
}

/// What the caller adds to one of [`Step::copies`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCopy {
    /// Its id, drawn by the caller, where the client chooses addresses.
    pub id: Option<RemoteId>,
    /// Title and text.
    pub meta: Meta,
}

/// What was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// The record's key, drawn now if it is new.
    pub key: LocalKey,
    /// Its state; `None` = it is gone.
    pub state: Option<State>,
    /// Keys of the copies.
    pub copies: Vec<LocalKey>,
}

/// What became of an item of a pull.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pulled {
    /// It was not there: stored as a synced record.
    New(LocalKey),
    /// It is there with these bytes under this validator and without an edit: nothing to do.
    Same(LocalKey),
    /// It is there: load it and let the engine decide.
    Known(LocalKey),
}

/// The versions of the record that were numbered in this save.
struct Numbers {
    last: i64,
    base: Option<(i64, bool)>,
}

impl Tx<'_> {
    /// Saves what the engine answered to an event: only the rows that changed, the history entries, the copies.
    ///
    /// `before` is the record as it was loaded in this transaction; one made by [`Record::new`] is inserted, with a new
    /// key if its key is 0, else with that one (which brings a gone record back with its history). A record that the
    /// engine ended is removed; its history stays. `copies` has one element for each of `step.copies`.
    ///
    /// # Errors
    /// [`StoreError::Exists`] if another record has the address, [`StoreError::Row`] if the rows would fit no state.
    pub fn save(&mut self, before: &Record, step: &Step, meta: &Meta, copies: &[NewCopy]) -> Result<Saved> {
        let is_new = before.base.is_none() && before.edit.is_none();
        if copies.len() != step.copies.len() {
            return Err(StoreError::row("record", before.key.0, "copies without titles"));
        }
        let (key, state) = match &step.record {
            Some(after) => {
                let key = self.save_record(before, after, is_new, step, meta)?;
                (key, Some(self.state_of(after)?))
            }
            None => {
                if !is_new {
                    self.end_record(before, step, meta.now)?;
                }
                (before.key, None)
            }
        };
        let mut keys = Vec::with_capacity(copies.len());
        for (body, copy) in step.copies.iter().zip(copies) {
            keys.push(self.save_copy(before, body, copy)?);
        }
        Ok(Saved { key, state, copies: keys })
    }

    /// Inserts a record as it is: one with a base or an edit, and no history yet.
    ///
    /// # Errors
    /// As [`Tx::save`].
    pub fn insert_record(&mut self, record: &Record, meta: &Meta) -> Result<LocalKey> {
        let empty = Record::new(record.key, record.source, record.collection.clone(), record.id.clone());
        let step = Step {
            record: Some(record.clone()),
            history: Vec::new(),
            copies: Vec::new(),
            effects: Vec::new(),
        };
        Ok(self.save(&empty, &step, meta, &[])?.key)
    }

    /// The quick way for items of a pull: stores what is new, skips what is the same, and leaves the rest to
    /// [`sync_engine::step`]. `meta` is asked only for a new record.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn pull(
        &mut self,
        source: SourceId,
        collection: CollectionId,
        id: &RemoteId,
        base: &Base,
        meta: impl FnOnce() -> Meta,
    ) -> Result<Pulled> {
        let sql = "SELECT r.key, r.state = 'synced' AND b.validator IS ?3 AND b.body = ?4 AND b.media_type = ?5
                   FROM record r LEFT JOIN base b ON b.key = r.key WHERE r.collection_id = ?1 AND r.remote_id = ?2";
        let validator = columns::validator(base.validator.as_ref());
        let params = (collection.0, &id.0, validator, &*base.body.bytes, &*base.body.media_type);
        let found =
            self.row(sql, params, |row| Ok((LocalKey(row.get(0)?), row.get::<_, Option<bool>>(1)?)))?;
        match found {
            Some((key, Some(true))) => return Ok(Pulled::Same(key)),
            Some((key, _)) => return Ok(Pulled::Known(key)),
            None => {}
        }
        let meta = meta();
        let key = self.execute_insert_synced(source, collection, id, &meta)?;
        base::save(self, key, base, Numbered { version: 1, in_history: false, from: None })?;
        text::insert(self, key, meta.search_text.as_deref().unwrap_or(&meta.title))?;
        Ok(Pulled::New(key))
    }

    fn execute_insert_synced(
        &self,
        source: SourceId,
        collection: CollectionId,
        id: &RemoteId,
        meta: &Meta,
    ) -> Result<LocalKey> {
        let key = self.insert(
            &id.0,
            "INSERT INTO record (source_id, collection_id, remote_id, id_is_ours, rev, answered, versions, title,
                 sort_key, state, changed_at)
             VALUES (?1, ?2, ?3, 0, 0, 0, 1, ?4, ?5, 'synced', ?6)",
            (source.0, collection.0, &id.0, &meta.title, text::sort_key(&meta.title), meta.changed_at.0),
        )?;
        Ok(LocalKey(key))
    }

    fn state_of(&self, record: &Record) -> Result<State> {
        record.state(self.run()).map_err(|e| StoreError::row("record", record.key.0, e.words))
    }

    fn save_record(
        &self,
        before: &Record,
        after: &Record,
        is_new: bool,
        step: &Step,
        meta: &Meta,
    ) -> Result<LocalKey> {
        let state = self.state_of(after)?;
        let duty = Duty::of(after, self.run());
        let key = if is_new {
            self.insert_row(before.key, after, state, &duty, meta)?
        } else {
            self.update_row(before, after, state, &duty, meta)?;
            before.key
        };
        let base_changed = before.base != after.base;
        let same_bytes = match (&before.base, &after.base) {
            (Some(old), Some(new)) => old.body.bytes == new.body.bytes,
            _ => false,
        };
        let new_base = if base_changed && !same_bytes { after.base.as_ref() } else { None };
        if base_changed && !same_bytes && before.base.is_some() {
            history::keep_base(self, key)?;
        }
        let numbers = self.save_history(key, step, new_base, meta.now)?;
        self.save_rows(key, before, after, &numbers, step)?;
        match &meta.search_text {
            Some(words) if is_new => text::insert(self, key, words)?,
            Some(words) => text::save(self, key, words)?,
            None if is_new => text::insert(self, key, &meta.title)?,
            None => {}
        }
        Ok(key)
    }

    fn insert_row(
        &self,
        key: LocalKey,
        record: &Record,
        state: State,
        duty: &Duty,
        meta: &Meta,
    ) -> Result<LocalKey> {
        let collection = self.collection_id(record.source, &record.collection)?;
        let versions = if key.0 == 0 { 0 } else { gone::take(self, key)? };
        let key = self.insert(
            record.id.as_ref().map_or(record.collection.as_str(), |id| &id.0),
            "INSERT INTO record (key, source_id, collection_id, remote_id, id_is_ours, rev, answered, versions, title,
                 sort_key, state, changed_at, task, held, due, queued_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
            rusqlite::params![
                (key.0 != 0).then_some(key.0),
                record.source.0,
                collection.0,
                record.id.as_ref().map(|id| &id.0),
                record.id_is_ours,
                record.rev.0,
                record.answered.0,
                versions,
                meta.title,
                text::sort_key(&meta.title),
                state.name(),
                meta.changed_at.0,
                duty.task_name(),
                duty.held,
                duty.due,
                duty.queued_at,
            ],
        )?;
        Ok(LocalKey(key))
    }

    fn update_row(
        &self,
        before: &Record,
        record: &Record,
        state: State,
        duty: &Duty,
        meta: &Meta,
    ) -> Result<()> {
        if (before.source, &before.collection) != (record.source, &record.collection) {
            return Err(StoreError::row("record", before.key.0, "a record cannot change its collection"));
        }
        let sql = "UPDATE record SET remote_id = ?2, id_is_ours = ?3, rev = ?4, answered = ?5, title = ?6, sort_key = ?7,
                       state = ?8, changed_at = ?9, task = ?10, held = ?11, due = ?12, queued_at = ?13 WHERE key = ?1";
        let changed = self.unique(
            record.id.as_ref().map_or("", |id| &id.0),
            sql,
            rusqlite::params![
                before.key.0,
                record.id.as_ref().map(|id| &id.0),
                record.id_is_ours,
                record.rev.0,
                record.answered.0,
                meta.title,
                text::sort_key(&meta.title),
                state.name(),
                meta.changed_at.0,
                duty.task_name(),
                duty.held,
                duty.due,
                duty.queued_at,
            ],
        )?;
        if changed == 1 { Ok(()) } else { Err(StoreError::Missing(format!("record {}", before.key))) }
    }

    /// Numbers and stores the entries of this step, and finds the number of a new base: that of the entry (or of the
    /// newest version kept) with its bytes, else one of its own.
    fn save_history(
        &self,
        key: LocalKey,
        step: &Step,
        new_base: Option<&Base>,
        now: Timestamp,
    ) -> Result<Numbers> {
        if step.history.is_empty() && new_base.is_none() {
            return Ok(Numbers { last: 0, base: None });
        }
        let versions: Option<i64> = self.value("SELECT versions FROM record WHERE key = ?1", [key.0])?;
        let first = versions.ok_or_else(|| StoreError::Missing(format!("record {key}")))?;
        let mut numbers = Numbers { last: first, base: None };
        for entry in &step.history {
            numbers.last += 1;
            let is_base = new_base.is_some_and(|b| {
                entry.what == What::Seen
                    && entry.body.as_ref() == Some(&b.body)
                    && entry.validator == b.validator
            });
            if is_base && numbers.base.is_none() {
                numbers.base = Some((numbers.last, false));
            } else {
                history::insert(self, key, numbers.last, now, entry)?;
            }
        }
        if let (Some(base), None) = (new_base, numbers.base) {
            numbers.base = Some(match history::recognise(self, key, base)? {
                Some(version) => (version, true),
                None => {
                    numbers.last += 1;
                    (numbers.last, false)
                }
            });
        }
        if numbers.last != first {
            self.execute("UPDATE record SET versions = ?2 WHERE key = ?1", (key.0, numbers.last))?;
        }
        Ok(numbers)
    }

    /// Writes the rows that changed, in an order that keeps every constraint true after each statement.
    fn save_rows(
        &self,
        key: LocalKey,
        before: &Record,
        after: &Record,
        numbers: &Numbers,
        step: &Step,
    ) -> Result<()> {
        if let (Some(new), true) = (&after.base, before.base != after.base) {
            match numbers.base {
                Some((version, in_history)) => {
                    let from = from_validator(step, new, before);
                    base::save(self, key, new, Numbered { version, in_history, from })?;
                }
                None => base::touch(self, key, new)?,
            }
        }
        // A change of a record never synced is allowed only beside its creation under way, which needs the edit first.
        let creating = |r: &Record| {
            r.base.is_none() && matches!(&r.edit, Some(e) if matches!(e.change, Change::Replace(_)))
        };
        let late = creating(after) && before.in_flight.is_none();
        if let (Some(new), true) = (&after.edit, before.edit != after.edit) {
            self.save_edit(key, before.edit.as_ref(), new, late)?;
        }
        if before.conflict.is_some() && after.conflict.is_none() {
            conflict::delete(self, key)?;
        }
        if before.refusal.is_some() && after.refusal.is_none() {
            refusal::delete(self, key)?;
        }
        if before.in_flight.is_some() && after.in_flight.is_none() {
            in_flight::delete(self, key)?;
        }
        if let (Some(new), true) = (&after.theirs, before.theirs != after.theirs) {
            theirs::save(self, key, new)?;
        }
        if let (Some(new), true) = (&after.in_flight, before.in_flight != after.in_flight) {
            in_flight::save(self, key, new)?;
        }
        if let (Some(edit), true) = (&after.edit, late) {
            edit::set_change(self, key, edit::change_name(&edit.change))?;
        }
        if let (Some(new), true) = (&after.conflict, before.conflict != after.conflict) {
            conflict::save(self, key, new, before.conflict.as_ref())?;
        }
        if let (Some(new), true) = (&after.refusal, before.refusal != after.refusal) {
            refusal::save(self, key, new)?;
        }
        if before.theirs.is_some() && after.theirs.is_none() {
            theirs::delete(self, key)?;
        }
        if before.edit.is_some() && after.edit.is_none() {
            edit::delete(self, key)?;
        }
        if before.base.is_some() && after.base.is_none() {
            base::delete(self, key)?;
        }
        Ok(())
    }

    fn save_edit(&self, key: LocalKey, before: Option<&Edit>, edit: &Edit, late: bool) -> Result<()> {
        let change = if late { "create" } else { edit::change_name(&edit.change) };
        edit::save(self, key, edit, change)?;
        let earlier_before = before.map(|b| b.earlier.as_slice()).unwrap_or_default();
        if earlier_before != edit.earlier.as_slice() {
            conflict::save_decisions(self, key, true, &edit.earlier)?;
        }
        Ok(())
    }

    /// The engine ended the record: its history stays, with its synced version as it was.
    fn end_record(&self, before: &Record, step: &Step, now: Timestamp) -> Result<()> {
        let key = before.key;
        history::keep_base(self, key)?;
        self.save_history(key, step, None, now)?;
        gone::save(self, key, now)?;
        text::delete(self, key)?;
        if self.execute("DELETE FROM record WHERE key = ?1", [key.0])? == 1 {
            Ok(())
        } else {
            Err(StoreError::Missing(format!("record {key}")))
        }
    }

    fn save_copy(&mut self, original: &Record, body: &Body, copy: &NewCopy) -> Result<LocalKey> {
        let mut record =
            Record::new(LocalKey(0), original.source, original.collection.clone(), copy.id.clone());
        record.id_is_ours = copy.id.is_some();
        record.rev = Rev(1);
        record.edit = Some(Edit {
            change: Change::Create(body.clone()),
            base_validator: None,
            base_hash: None,
            refused_validator: None,
            not_before: None,
            wait: None,
            attempts: 0,
            touched: 0,
            held: false,
            saved_at: copy.meta.now,
            was_sent: false,
            key: None,
            earlier: Vec::new(),
        });
        self.insert_record(&record, &copy.meta)
    }
}

/// The validator a new base came after: as its entry says, else the one of the base before.
fn from_validator<'a>(step: &'a Step, new: &Base, before: &'a Record) -> Option<&'a Validator> {
    let entry = step.history.iter().find(|e| e.what == What::Seen && e.body.as_ref() == Some(&new.body));
    match entry {
        Some(entry) => entry.from_validator.as_ref(),
        None => before.base.as_ref().and_then(|b| b.validator.as_ref()),
    }
}

impl Reader<'_> {
    /// The row of a collection by source and name.
    pub(crate) fn collection_id(&self, source: SourceId, name: &str) -> Result<CollectionId> {
        let id =
            self.value("SELECT id FROM collection WHERE source_id = ?1 AND name = ?2", (source.0, name))?;
        id.map(CollectionId).ok_or_else(|| StoreError::Missing(format!("collection {name}")))
    }
}
