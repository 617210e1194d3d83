//! Tables `batch` and `batch_item`: one decision for many records, and what became of each.

use crate::columns::{Columns, to_name};
use crate::{Reader, Result, Tx};
use rusqlite::Row;
use serde::{Deserialize, Serialize};
use sync_engine::{ConflictKind, LocalKey, RunId, Timestamp};

/// Batches kept to look at and to undo.
const KEPT: i64 = 20;

/// Names a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BatchId(pub i64);

/// What a batch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BatchWhat {
    /// A rule per field for the records of one shape.
    Group,
    /// Records that need no choice.
    Ready,
}

/// How a batch stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BatchState {
    /// It goes on by itself.
    Running,
    /// The person stopped it; requests on the wire are waited for.
    Stopping,
    /// It waits for the person: to go on, or to be undone.
    Stopped,
    /// Every record has its result.
    Done,
    /// It is being undone.
    Undoing,
    /// It was undone.
    Undone,
}

/// How one record of a batch stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// Not decided yet.
    Waiting,
    /// Some of its rows are decided; others are left to the person.
    Decided,
    /// Decided; its edit is kept back until its turn.
    Queued,
    /// Its edit was let go; the answer is awaited.
    Sending,
    /// The server has it.
    Sent,
    /// Nothing had to be sent: the server had it already.
    Settled,
    /// The server had changed it again: it is open.
    ChangedAgain,
    /// The server refused it.
    Refused,
    /// It was left out and stays open.
    LeftOut,
    /// The person took the edit back meanwhile.
    TakenBack,
}

/// What an undo did to one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Undone {
    /// It is open again as it was; nothing had been sent.
    OpenAgain,
    /// A new write brings back what it was.
    WrittenBack,
    /// It stays as it is; the words say why.
    Kept,
}

/// A batch to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBatch {
    /// What it is.
    pub what: BatchWhat,
    /// Name of the source; empty = several.
    pub source: String,
    /// Title of the collection; empty = several.
    pub collection: String,
    /// Kind of its records; `None` = several.
    pub kind: Option<ConflictKind>,
    /// The rule of each field: a JSON list of the caller's own.
    pub fields: String,
    /// Its records, in order.
    pub items: Vec<NewItem>,
}

/// A record of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewItem {
    /// Which.
    pub key: LocalKey,
    /// Its title.
    pub title: String,
    /// The server's version the person saw, in words of the caller's own.
    pub seen: String,
}

/// A batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Names it.
    pub id: BatchId,
    /// What it is.
    pub what: BatchWhat,
    /// Name of the source; empty = several.
    pub source: String,
    /// Title of the collection; empty = several.
    pub collection: String,
    /// Kind of its records.
    pub kind: Option<ConflictKind>,
    /// The rule of each field: JSON.
    pub fields: String,
    /// How it stands.
    pub state: BatchState,
    /// The run that works on it.
    pub run: RunId,
    /// When it began.
    pub made_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// A record of a batch, as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptItem {
    /// Its place in the batch.
    pub position: u32,
    /// Which.
    pub key: LocalKey,
    /// Its title when the batch began.
    pub title: String,
    /// The server's version the person saw.
    pub seen: String,
    /// How it stands.
    pub state: ItemState,
    /// What an undo did.
    pub undone: Option<Undone>,
    /// Why, or what the server said.
    pub words: Option<String>,
    /// What is sent, one value per field: JSON of the caller's own.
    pub value: Option<String>,
    /// Number of the version that was Before.
    pub base_version: Option<u32>,
    /// Number of the version that was Yours; `None` = a removal.
    pub mine_version: Option<u32>,
    /// Decisions there were before, and those it left: JSON of the caller's own, an array.
    pub decisions: Option<String>,
    /// What an undo writes back after it was sent: JSON of the caller's own.
    pub back: Option<String>,
    /// When it came to its state.
    pub at: Timestamp,
}

/// Records of a batch by what became of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ItemCounts(pub std::collections::BTreeMap<ItemState, u32>);

impl ItemCounts {
    /// Records in this state.
    pub fn of(&self, state: ItemState) -> u32 {
        self.0.get(&state).copied().unwrap_or(0)
    }

    /// All.
    pub fn all(&self) -> u32 {
        self.0.values().sum()
    }

    /// Records in one of these states.
    pub fn among(&self, states: &[ItemState]) -> u32 {
        states.iter().map(|state| self.of(*state)).sum()
    }
}

const BATCH: &str = "id, what, source, collection, kind, fields, state, run, made_at, ended_at";
const ITEM: &str = "position, key, title, seen, state, undone, words, value, base_version, mine_version, decisions, back, at";

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
        back: columns.take()?,
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

    /// Number of the synced version of a record.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn base_version(&self, key: LocalKey) -> Result<Option<u32>> {
        self.value("SELECT version FROM base WHERE key = ?1", [key.0])
    }

    /// Number of the last version of a record in its history.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn last_version(&self, key: LocalKey) -> Result<u32> {
        let found = self.value("SELECT versions FROM record WHERE key = ?1", [key.0])?;
        Ok(found.unwrap_or(0))
    }
}

impl Tx<'_> {
    /// Keeps a batch with its records, waiting. Batches that ended long ago are dropped.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn add_batch(&mut self, new: &NewBatch, now: Timestamp) -> Result<BatchId> {
        self.execute(
            "DELETE FROM batch WHERE state IN ('done', 'undone', 'stopped')
                 AND id NOT IN (SELECT id FROM batch ORDER BY id DESC LIMIT ?1)",
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
                 back = ?9, at = ?10
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
                &item.back,
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
