//! The queue: what waits, in order, and counts. All by index.

use crate::columns::Columns;
use crate::record::{BRIEF, brief};
use crate::{Brief, CollectionId, Reader, Result, Tx};
use rusqlite::Connection;
use std::collections::BTreeMap;
use sync_engine::{
    Fate, LocalKey, Record, Refusal, RunId, SourceId, State, Task, Timestamp, Validator, WaitReason, Waiting,
};

/// What a record has to do, kept in its row for the index.
pub(crate) struct Duty {
    pub(crate) task: Option<Task>,
    pub(crate) held: bool,
    pub(crate) due: i64,
    pub(crate) queued_at: i64,
}

impl Duty {
    /// Derives it from the rows. What is on the wire in this run waits for its answer, what asks or is refused for a
    /// person.
    pub(crate) fn of(record: &Record, run: RunId) -> Self {
        let Some(edit) = &record.edit else { return Self { task: None, held: false, due: 0, queued_at: 0 } };
        let task = match &record.in_flight {
            Some(f) if f.asks || (f.fate == Fate::Open && f.run == run) => None,
            Some(_) => Some(Task::Read),
            None if record.conflict.is_some() || record.refusal.is_some() => None,
            None if edit.wait == Some(WaitReason::NoVersionMark) => Some(Task::Read),
            None => Some(Task::Write),
        };
        let due = edit.not_before.map_or(0, |t| t.0);
        Self { task, held: edit.held, due, queued_at: edit.saved_at.0 }
    }

    pub(crate) fn task_name(&self) -> Option<&'static str> {
        self.task.map(|task| match task {
            Task::Read => "read",
            Task::Write => "write",
        })
    }
}

/// Requests of other runs have lost their answers: their records are uncertain and to be looked at.
pub(crate) fn mark_other_runs_lost(connection: &Connection, run: RunId) -> Result<()> {
    connection.execute(
        "UPDATE record SET state = 'uncertain', task = iif(f.asks, NULL, 'read'),
             due = coalesce((SELECT not_before FROM edit e WHERE e.key = record.key), 0)
         FROM in_flight f WHERE f.key = record.key AND f.run <> ?1 AND f.fate IN ('open', 'accepted')",
        [run.0],
    )?;
    Ok(())
}

/// How many records are in which state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All records.
    pub records: u64,
    /// By state; those that are zero are missing, and so is `Synced`.
    pub unsynced: BTreeMap<State, u64>,
}

impl Counts {
    /// Records in this state.
    pub fn of(&self, state: State) -> u64 {
        match state {
            State::Synced => self.records.saturating_sub(self.unsynced.values().sum()),
            state => self.unsynced.get(&state).copied().unwrap_or(0),
        }
    }
}

/// Counts of one collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CollectionCounts {
    /// Its source.
    pub source: SourceId,
    /// Which.
    pub collection: CollectionId,
    /// How many.
    pub counts: Counts,
}

/// A record that is not synced, for the outbox and for "Needs you".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxRow {
    /// The record.
    pub record: Brief,
    /// `create`, `replace` or `delete`.
    pub change: String,
    /// Requests made.
    pub attempts: u32,
    /// Not before.
    pub not_before: Option<Timestamp>,
    /// Why it waits, if it is not simply its turn.
    pub wait: Option<WaitReason>,
    /// When the person's last change was saved.
    pub saved_at: Timestamp,
    /// Validator of the version edited.
    pub base_validator: Option<Validator>,
    /// The condition of the request under way.
    pub precondition: Option<String>,
    /// What is known of it.
    pub fate: Option<Fate>,
    /// The person has to say what became of it.
    pub asks: bool,
    /// Validator of the server's version, if it differs.
    pub theirs_validator: Option<Validator>,
    /// The server's refusal.
    pub refusal: Option<Refusal>,
    /// The collection may be written to.
    pub may_send: bool,
}

impl Tx<'_> {
    /// Marks what other runs had under way as uncertain; opening the store has done it already.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn mark_other_runs_lost(&mut self, run: RunId) -> Result<()> {
        mark_other_runs_lost(self.connection, run)
    }
}

impl Reader<'_> {
    /// What waits, for [`sync_engine::next`]: per collection at most `limit` reads and `limit` writes, those due first,
    /// reads before writes, earlier edits before later ones; and one held edit, if there is any. What is on the wire
    /// in this run is left out.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn waiting(&self, limit: usize) -> Result<Vec<Waiting>> {
        let collections = self.rows(
            "SELECT id, may_send FROM collection c
             WHERE EXISTS (SELECT 1 FROM record r WHERE r.collection_id = c.id AND r.task IS NOT NULL) ORDER BY id",
            [],
            |row| Ok((row.get::<_, i64>(0)?, row.get::<_, bool>(1)?)),
        )?;
        let mut found = Vec::new();
        for (collection, may_send) in collections {
            for (task, name, held, limit) in [
                (Task::Read, "read", false, limit),
                (Task::Read, "read", true, limit),
                (Task::Write, "write", false, limit),
                (Task::Write, "write", true, 1),
            ] {
                let sql = "SELECT queued_at, key, source_id, due FROM record INDEXED BY record_queue
                           WHERE collection_id = ?1 AND task = ?2 AND held = ?3 ORDER BY due, queued_at, key LIMIT ?4";
                self.each(sql, (collection, name, held, limit), |row| {
                    let due: i64 = row.get(3)?;
                    let waiting = Waiting {
                        key: LocalKey(row.get(1)?),
                        source: SourceId(row.get(2)?),
                        task,
                        not_before: (due != 0).then_some(Timestamp(due)),
                        held,
                        may_send,
                    };
                    found.push((task, row.get::<_, i64>(0)?, waiting));
                    Ok(())
                })?;
            }
        }
        found.sort_by_key(|(task, queued_at, waiting)| (*task, *queued_at, waiting.key));
        Ok(found.into_iter().map(|(_, _, waiting)| waiting).collect())
    }

    /// Counts of all records, or of those of a source.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn counts(&self, source: Option<SourceId>) -> Result<Counts> {
        let mut counts = Counts::default();
        for c in self.counts_by_collection()? {
            if source.is_none_or(|s| s == c.source) {
                counts.records += c.counts.records;
                for (state, n) in c.counts.unsynced {
                    *counts.unsynced.entry(state).or_default() += n;
                }
            }
        }
        Ok(counts)
    }

    /// Counts of every collection.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn counts_by_collection(&self) -> Result<Vec<CollectionCounts>> {
        let mut all = self.rows(
            "SELECT source_id, id, (SELECT count(*) FROM record r WHERE r.collection_id = c.id) FROM collection c
             ORDER BY source_id, id",
            [],
            |row| {
                let counts = Counts { records: row.get(2)?, unsynced: BTreeMap::new() };
                Ok(CollectionCounts { source: SourceId(row.get(0)?), collection: CollectionId(row.get(1)?), counts })
            },
        )?;
        let sql = "SELECT state, collection_id, count(*) FROM record INDEXED BY record_unsynced WHERE state <> 'synced'
                   GROUP BY state, collection_id";
        self.each(sql, [], |row| {
            let mut columns = Columns::new(row, "record", 0);
            let (state, collection, n) = (columns.name()?, CollectionId(columns.take()?), columns.take()?);
            if let Some(c) = all.iter_mut().find(|c| c.collection == collection) {
                c.counts.unsynced.insert(state, n);
            }
            Ok(())
        })?;
        Ok(all)
    }

    /// Records in these states (never `Synced`), in the order their edits were saved.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn outbox(&self, states: &[State], limit: usize) -> Result<Vec<OutboxRow>> {
        let names: Vec<&str> = states.iter().map(|s| s.name()).collect();
        let sql = format!(
            "SELECT {BRIEF}, e.change, e.attempts, e.not_before, e.wait, e.saved_at, e.base_validator,
                 f.precondition, f.fate, coalesce(f.asks, 0), t.validator, c.may_send, x.kind, x.words, x.pointers
             FROM edit e JOIN record r ON r.key = e.key
             JOIN source s ON s.id = r.source_id JOIN collection c ON c.id = r.collection_id
             LEFT JOIN base b ON b.key = r.key LEFT JOIN in_flight f ON f.key = r.key
             LEFT JOIN theirs t ON t.key = r.key LEFT JOIN refusal x ON x.key = r.key
             WHERE r.state IN (SELECT value FROM json_each(?1)) ORDER BY e.saved_at, e.key LIMIT ?2"
        );
        self.rows(&sql, (crate::columns::to_json(&names)?, limit), |row| {
            let mut columns = Columns::new(row, "record", 0);
            let record = brief(&mut columns)?;
            columns.of("edit");
            Ok(OutboxRow {
                record,
                change: columns.take()?,
                attempts: columns.take()?,
                not_before: columns.take::<Option<i64>>()?.map(Timestamp),
                wait: columns.name_or_null()?,
                saved_at: Timestamp(columns.take()?),
                base_validator: columns.validator()?,
                precondition: columns.take()?,
                fate: columns.name_or_null()?,
                asks: columns.take()?,
                theirs_validator: columns.validator()?,
                may_send: columns.take()?,
                refusal: crate::refusal::read(&mut columns)?,
            })
        })
    }
}
