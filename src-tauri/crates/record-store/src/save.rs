//! Saving: what [`sync_engine::step`] answered becomes rows, and nothing else is written.

use crate::base::Numbered;
use crate::waiting::Duty;
use crate::{
    CollectionId, Reader, Result, StoreError, Tx, base, conflict, edit, gone, history, in_flight, refusal,
    shape, text, theirs,
};
use sync_engine::{
    Base, Body, Change, Edit, HistoryEntry, LocalKey, Note, Record, RemoteId, Rev, SourceId, State, Step,
    Theirs, Timestamp, What,
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

/// The number of a new base, and whether the history holds it already.
type BaseNumber = Option<(i64, bool)>;

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

    fn insert_row(
        &self,
        key: LocalKey,
        record: &Record,
        state: State,
        duty: &Duty,
        meta: &Meta,
    ) -> Result<LocalKey> {
        let collection = self.collection_id(record.source, &record.collection)?;
        let words = meta.search_text.as_deref().unwrap_or(&meta.title);
        let versions = if key.0 == 0 { 0 } else { gone::take(self, key)? };
        let key = self.insert(
            record.id.as_ref().map_or(record.collection.as_str(), |id| &id.0),
            "INSERT INTO record (key, source_id, collection_id, remote_id, id_is_ours, rev, answered, versions, title,
                 sort_key, state, changed_at, task, held, due, queued_at, text_hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
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
                text::hash(words),
            ],
        )?;
        let key = LocalKey(key);
        text::insert(self, key, (record.source, collection), words)?;
        Ok(key)
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
        // An index is written anew for every column that is set, changed or not: the address hardly ever is.
        let sql = if before.id == record.id {
            "UPDATE record SET id_is_ours = ?3, rev = ?4, answered = ?5, title = ?6, sort_key = ?7, state = ?8,
                 changed_at = ?9, task = ?10, held = ?11, due = ?12, queued_at = ?13 WHERE key = ?1"
        } else {
            "UPDATE record SET remote_id = ?2, id_is_ours = ?3, rev = ?4, answered = ?5, title = ?6, sort_key = ?7,
                 state = ?8, changed_at = ?9, task = ?10, held = ?11, due = ?12, queued_at = ?13 WHERE key = ?1"
        };
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

    /// Numbers and stores, in this order: a version of the server that was seen and is superseded without ever having
    /// been the base, the new base (unless it is the newest version kept, with its answer now), the entries of the step.
    fn save_history(
        &self,
        key: LocalKey,
        before: &Record,
        step: &Step,
        new_base: Option<&Base>,
        now: Timestamp,
    ) -> Result<BaseNumber> {
        let superseded = superseded(before, step.record.as_ref());
        if step.history.is_empty() && new_base.is_none() && superseded.is_none() {
            return Ok(None);
        }
        let versions: Option<i64> = self.value("SELECT versions FROM record WHERE key = ?1", [key.0])?;
        let mut last = versions.ok_or_else(|| StoreError::Missing(format!("record {key}")))?;
        let mut number = None;
        if let Some((seen_at, entry)) = superseded {
            last += 1;
            history::insert(self, key, last, seen_at, &entry)?;
        }
        if let Some(base) = new_base {
            number = history::recognise(self, key, base)?.map(|version| (version, true));
            if number.is_none() {
                last += 1;
                number = Some((last, false));
            }
        }
        let mut numbers = MergeNumbers::of(self, key, step, number)?;
        for entry in &step.history {
            last += 1;
            history::insert(self, key, last, now, &numbers.filled(entry, last))?;
        }
        self.execute("UPDATE record SET versions = ?2 WHERE key = ?1", (key.0, last))?;
        Ok(number)
    }

    /// Writes the rows that changed, in an order that keeps every constraint true after each statement.
    fn save_rows(&self, key: LocalKey, before: &Record, after: &Record, number: BaseNumber) -> Result<()> {
        if let (Some(new), true) = (&after.base, before.base != after.base) {
            match number {
                Some((version, in_history)) => {
                    let from = before.base.as_ref().and_then(|b| b.validator.as_ref());
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
        let same_sides =
            before.base == after.base && before.edit == after.edit && before.theirs == after.theirs;
        if after.conflict.is_some() && !(same_sides && before.conflict == after.conflict) {
            // What was kept about it is of other versions or decisions: whoever saves says anew what clashes.
            shape::forget(self, key)?;
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
            conflict::save_decisions(self, key, true, earlier_before, &edit.earlier)?;
        }
        Ok(())
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

/// The numbers of the versions a merge was made of, for its note.
#[derive(Default)]
struct MergeNumbers {
    before: Option<u32>,
    theirs: Option<u32>,
    mine: Option<u32>,
}

impl MergeNumbers {
    /// To be asked before the new base is stored.
    fn of(tx: &Tx<'_>, key: LocalKey, step: &Step, new_base: BaseNumber) -> Result<Self> {
        if !step.history.iter().any(|entry| matches!(entry.note, Some(Note::Merge(_)))) {
            return Ok(Self::default());
        }
        let before: Option<u32> = tx.value("SELECT version FROM base WHERE key = ?1", [key.0])?;
        let theirs = new_base.and_then(|(version, _)| u32::try_from(version).ok());
        Ok(Self { before, theirs: theirs.or(before), mine: None })
    }

    fn filled(&mut self, entry: &HistoryEntry, number: i64) -> HistoryEntry {
        let mut entry = entry.clone();
        if entry.what == What::SetAside {
            self.mine = u32::try_from(number).ok();
        }
        if let Some(Note::Merge(note)) = &mut entry.note {
            (note.before, note.theirs, note.mine) = (self.before, self.theirs, self.mine);
        }
        entry
    }
}

/// A version of the server that is replaced or dropped without becoming the base: seen, so kept (merge.md M49a).
fn superseded(before: &Record, after: Option<&Record>) -> Option<(Timestamp, HistoryEntry)> {
    let seen = before.theirs.as_ref()?;
    let Theirs::Present(version) = &seen.what else { return None };
    let same = |body: &Body| body.bytes == version.body.bytes;
    let still_there = after.and_then(|r| r.theirs.as_ref()).is_some_and(|t| match &t.what {
        Theirs::Present(v) => same(&v.body),
        Theirs::Gone => false,
    });
    let is_base = |r: &Record| r.base.as_ref().is_some_and(|b| same(&b.body));
    if still_there || after.is_some_and(is_base) || is_base(before) {
        return None;
    }
    let entry = HistoryEntry {
        what: What::Seen,
        by_me: false,
        body: Some(version.body.clone()),
        validator: version.validator.clone(),
        from_validator: before.base.as_ref().and_then(|b| b.validator.clone()),
        at: None,
        note: None,
    };
    Some((seen.seen_at, entry))
}

impl Reader<'_> {
    /// The row of a collection by source and name.
    pub(crate) fn collection_id(&self, source: SourceId, name: &str) -> Result<CollectionId> {
        let id =
            self.value("SELECT id FROM collection WHERE source_id = ?1 AND name = ?2", (source.0, name))?;
        id.map(CollectionId).ok_or_else(|| StoreError::Missing(format!("collection {name}")))
    }
}
