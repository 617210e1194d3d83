//! Reading batches and their records.

use super::{Batch, BatchId, ItemCounts, ItemState, KeptItem};
use crate::columns::{Columns, to_name};
use crate::{Reader, Result};
use rusqlite::Row;
use sync_engine::{LocalKey, RunId, Timestamp};

const BATCH: &str = "id, what, source, collection, kind, fields, state, run, made_at, ended_at";
const ITEM: &str =
    "position, key, title, seen, state, undone, words, value, base_version, mine_version, decisions, at";

fn batch(row: &Row<'_>) -> Result<Batch> {
    let mut columns = Columns::new(row, "batch", 0);
    let id = columns.take()?;
    columns.set_id(id);
    Ok(Batch {
        id: BatchId(id),
        what: columns.name()?,
        source: columns.take()?,
        collection: columns.take()?,
        kind: columns.name_or_null()?,
        fields: columns.take()?,
        state: columns.name()?,
        run: RunId(columns.take()?),
        made_at: Timestamp(columns.take()?),
        ended_at: columns.take::<Option<i64>>()?.map(Timestamp),
    })
}

fn item(row: &Row<'_>) -> Result<KeptItem> {
    let mut columns = Columns::new(row, "batch_item", 0);
    Ok(KeptItem {
        position: columns.take()?,
        key: LocalKey(columns.take()?),
        title: columns.take()?,
        seen: columns.take()?,
        state: columns.name()?,
        undone: columns.name_or_null()?,
        words: columns.take()?,
        value: columns.take()?,
        base_version: columns.take()?,
        mine_version: columns.take()?,
        decisions: columns.take()?,
        at: Timestamp(columns.take()?),
    })
}

impl Reader<'_> {
    /// One batch.
    ///
    /// # Errors
    /// Those of the disk; [`crate::StoreError::Row`] for a damaged row.
    pub fn batch(&self, id: BatchId) -> Result<Option<Batch>> {
        self.row(&format!("SELECT {BATCH} FROM batch WHERE id = ?1"), [id.0], batch)
    }

    /// The batches kept, newest first.
    ///
    /// # Errors
    /// As [`Reader::batch`].
    pub fn batches(&self) -> Result<Vec<Batch>> {
        self.rows(&format!("SELECT {BATCH} FROM batch ORDER BY id DESC"), [], batch)
    }

    /// Records of a batch in order; only those in these states, if any are given, and only the first `limit` of them.
    ///
    /// # Errors
    /// As [`Reader::batch`].
    pub fn batch_items(
        &self,
        id: BatchId,
        states: &[ItemState],
        limit: Option<usize>,
    ) -> Result<Vec<KeptItem>> {
        let names = states.iter().map(to_name).collect::<Result<Vec<_>>>()?;
        let sql = format!(
            "SELECT {ITEM} FROM batch_item WHERE batch_id = ?1
                 AND (?2 = '[]' OR state IN (SELECT value FROM json_each(?2))) ORDER BY position LIMIT ?3"
        );
        self.rows(&sql, (id.0, crate::columns::to_json(&names)?, limit.unwrap_or(usize::MAX >> 1)), item)
    }

    /// How many records of a batch are in which state.
    ///
    /// # Errors
    /// As [`Reader::batch`].
    pub fn batch_counts(&self, id: BatchId) -> Result<ItemCounts> {
        let mut counts = ItemCounts::default();
        let sql = "SELECT state, count(*) FROM batch_item INDEXED BY batch_item_by_state WHERE batch_id = ?1 GROUP BY state";
        self.each(sql, [id.0], |row| {
            let mut columns = Columns::new(row, "batch_item", id.0);
            counts.0.insert(columns.name()?, columns.take()?);
            Ok(())
        })?;
        Ok(counts)
    }

    /// The place in a batch of a record whose answer is awaited for it.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn awaited(&self, key: LocalKey) -> Result<Option<(BatchId, u32)>> {
        let sql = "SELECT batch_id, position FROM batch_item INDEXED BY batch_item_awaited
                   WHERE key = ?1 AND state IN ('queued', 'sending') ORDER BY batch_id DESC LIMIT 1";
        self.row(sql, [key.0], |row| Ok((BatchId(row.get(0)?), row.get(1)?)))
    }

    /// The item of a batch whose undo is being written back for this record.
    ///
    /// # Errors
    /// As [`Reader::batch`].
    pub fn written_back(&self, key: LocalKey) -> Result<Option<(BatchId, KeptItem)>> {
        let sql = "SELECT batch_id FROM batch_item INDEXED BY batch_item_written_back
                   WHERE key = ?1 AND undone = 'written_back' ORDER BY batch_id DESC LIMIT 1";
        let Some(id) = self.value::<i64>(sql, [key.0])? else { return Ok(None) };
        let sql = format!(
            "SELECT {ITEM} FROM batch_item WHERE batch_id = ?1 AND key = ?2 AND undone = 'written_back' LIMIT 1"
        );
        Ok(self.row(&sql, (id, key.0), item)?.map(|item| (BatchId(id), item)))
    }
}
