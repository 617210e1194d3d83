//! The row of the record itself: what lists, the queue and the search go by.

use super::Meta;
use crate::waiting::Duty;
use crate::{Result, StoreError, Tx, gone, text};
use sync_engine::{LocalKey, Record, State};

impl Tx<'_> {
    pub(super) fn insert_row(
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

    pub(super) fn update_row(
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
}
