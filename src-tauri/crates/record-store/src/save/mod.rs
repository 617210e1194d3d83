//! Saving: what [`sync_engine::step`] answered becomes rows, and nothing else is written.

mod parts;
mod record_row;
mod versions;

use crate::waiting::Duty;
use crate::{Result, StoreError, Tx, gone, history, text};
use sync_engine::{Body, Change, Edit, LocalKey, Record, RemoteId, Rev, State, Step, Timestamp};

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
        let new_base = after.base.as_ref().filter(|_| base_changed && !same_bytes);
        if base_changed && !same_bytes {
            history::keep_base(self, key)?;
        }
        let number = self.save_history(key, before, step, new_base, meta.now)?;
        self.save_rows(key, before, after, number)?;
        if let (Some(words), false) = (&meta.search_text, is_new) {
            text::save(self, key, words)?;
        }
        Ok(key)
    }

    /// The engine ended the record: its history stays, with its synced version as it was.
    fn end_record(&self, before: &Record, step: &Step, now: Timestamp) -> Result<()> {
        let key = before.key;
        history::keep_base(self, key)?;
        self.save_history(key, before, step, None, now)?;
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
        record.edit = Some(Edit::untried(Change::Create(body.clone()), None, copy.meta.now));
        self.insert_record(&record, &copy.meta)
    }
}
