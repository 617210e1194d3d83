//! Keeping batches, and what became of their records.

use super::{BatchId, BatchState, ItemState, KeptItem, NewBatch, Undone};
use crate::columns::to_name;
use crate::{Result, Tx};
use sync_engine::Timestamp;

/// Batches kept to look at and to undo.
const KEPT: i64 = 20;

impl Tx<'_> {
    /// Keeps a batch with its records, waiting. Batches that ended long ago are dropped.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn add_batch(&mut self, new: &NewBatch, now: Timestamp) -> Result<BatchId> {
        self.execute(
            "DELETE FROM batch WHERE state IN ('done', 'undone', 'stopped')
                 AND id NOT IN (SELECT id FROM batch ORDER BY id DESC LIMIT ?1)
                 AND id NOT IN (SELECT batch_id FROM batch_item WHERE undone = 'written_back')",
            [KEPT - 1],
        )?;
        let id = self.insert(
            "batch",
            "INSERT INTO batch (what, source, collection, kind, fields, state, run, made_at)
             VALUES (?1, ?2, ?3, ?4, ?5, 'running', ?6, ?7)",
            (
                to_name(&new.what)?,
                &new.source,
                &new.collection,
                new.kind.as_ref().map(to_name).transpose()?,
                &new.fields,
                self.run().0,
                now.0,
            ),
        )?;
        for (position, item) in new.items.iter().enumerate() {
            self.execute(
                "INSERT INTO batch_item (batch_id, position, key, title, seen, state, at)
                 VALUES (?1, ?2, ?3, ?4, ?5, 'waiting', ?6)",
                (id, position, item.key.0, &item.title, &item.seen, now.0),
            )?;
        }
        Ok(BatchId(id))
    }

    /// A batch comes to a state; this run works on it from now on. `ended` = when, if it ended.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn set_batch_state(
        &mut self,
        id: BatchId,
        state: BatchState,
        ended: Option<Timestamp>,
    ) -> Result<()> {
        let sql = "UPDATE batch SET state = ?2, run = ?3, ended_at = ?4 WHERE id = ?1";
        self.execute(sql, (id.0, to_name(&state)?, self.run().0, ended.map(|t| t.0)))?;
        Ok(())
    }

    /// Batches that another run was working on have stopped: nothing goes on by itself after a crash.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn stop_batches_of_other_runs(&mut self) -> Result<usize> {
        let sql = "UPDATE batch SET state = 'stopped'
                   WHERE state IN ('running', 'stopping', 'undoing') AND run <> ?1";
        self.execute(sql, [self.run().0])
    }

    /// A record of a batch comes to a state. Its words are replaced.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn set_item_state(
        &mut self,
        at: (BatchId, u32),
        state: ItemState,
        words: Option<&str>,
        now: Timestamp,
    ) -> Result<()> {
        let sql =
            "UPDATE batch_item SET state = ?3, words = ?4, at = ?5 WHERE batch_id = ?1 AND position = ?2";
        self.execute(sql, (at.0.0, at.1, to_name(&state)?, words, now.0))?;
        Ok(())
    }

    /// A record of a batch was decided: all that an undo needs.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn set_item_decided(&mut self, batch: BatchId, item: &KeptItem) -> Result<()> {
        self.execute(
            "UPDATE batch_item SET state = ?3, words = ?4, value = ?5, base_version = ?6, mine_version = ?7, decisions = ?8,
                 at = ?9
             WHERE batch_id = ?1 AND position = ?2",
            (
                batch.0,
                item.position,
                to_name(&item.state)?,
                &item.words,
                &item.value,
                item.base_version,
                item.mine_version,
                &item.decisions,
                item.at.0,
            ),
        )?;
        Ok(())
    }

    /// A record of a batch was undone, or could not be.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn set_item_undone(
        &mut self,
        at: (BatchId, u32),
        undone: Undone,
        words: Option<&str>,
        now: Timestamp,
    ) -> Result<()> {
        let sql =
            "UPDATE batch_item SET undone = ?3, words = ?4, at = ?5 WHERE batch_id = ?1 AND position = ?2";
        self.execute(sql, (at.0.0, at.1, to_name(&undone)?, words, now.0))?;
        Ok(())
    }
}
