//! Table `gone`: records that are no more, for their history.

use crate::columns::Columns;
use crate::{CollectionId, Reader, Result, StoreError, Tx, history};
use rusqlite::Row;
use sync_engine::{HistoryEntry, LocalKey, RemoteId, Rev, Seq, SourceId, Timestamp};

/// A record that is no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    /// Its key; saving a record with this key brings it back with its history.
    pub key: LocalKey,
    /// Its source.
    pub source: SourceId,
    /// Its collection.
    pub collection: CollectionId,
    /// Its collection, as the source names it.
    pub collection_name: String,
    /// Its id there, if it had one.
    pub id: Option<RemoteId>,
    /// Its last `rev`.
    pub rev: Rev,
    /// When it went, in the order of requests: what a request shows that began earlier does not count.
    pub answered: Seq,
    /// Its last title.
    pub title: String,
    /// When it went.
    pub at: Timestamp,
}

const SELECT: &str =
    "SELECT g.key, g.source_id, g.collection_id, c.name, g.remote_id, g.rev, g.answered, g.title, g.at
    FROM gone g JOIN collection c ON c.id = g.collection_id";

fn read(row: &Row<'_>) -> Result<Gone> {
    let mut columns = Columns::new(row, "gone", 0);
    Ok(Gone {
        key: LocalKey(columns.take()?),
        source: SourceId(columns.take()?),
        collection: CollectionId(columns.take()?),
        collection_name: columns.take()?,
        id: columns.take::<Option<String>>()?.map(RemoteId),
        rev: Rev(columns.take()?),
        answered: Seq(columns.take()?),
        title: columns.take()?,
        at: Timestamp(columns.take()?),
    })
}

/// A record that is no more, with what its history still holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deleted {
    /// The record.
    pub gone: Gone,
    /// The last line of its history is the person's.
    pub by_me: bool,
    /// Versions kept.
    pub versions: u32,
    /// Number of the newest version with a representation.
    pub newest: Option<u32>,
}

impl Reader<'_> {
    /// Records that are no more, newest first, and how many there are in all.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn deleted(
        &self,
        source: Option<SourceId>,
        text: &str,
        offset: usize,
        limit: usize,
    ) -> Result<(Vec<Deleted>, u64)> {
        let wanted = text.trim().to_lowercase();
        let sql = format!("{SELECT} WHERE (?1 IS NULL OR g.source_id = ?1) ORDER BY g.at DESC, g.key DESC");
        let (mut total, mut found) = (0_u64, Vec::new());
        self.each(&sql, [source.map(|s| s.0)], |row| {
            let gone = read(row)?;
            if gone.title.to_lowercase().contains(&wanted) {
                total += 1;
                if total > offset as u64 && found.len() < limit {
                    found.push(gone);
                }
            }
            Ok(())
        })?;
        let rows = found.into_iter().map(|gone| self.with_history(gone)).collect::<Result<Vec<_>>>()?;
        Ok((rows, total))
    }

    fn with_history(&self, gone: Gone) -> Result<Deleted> {
        let sql = "SELECT count(*), max(CASE WHEN body IS NOT NULL THEN version END),
                 coalesce((SELECT by_me FROM history WHERE key = ?1 ORDER BY version DESC LIMIT 1), 0)
             FROM history WHERE key = ?1";
        let found = self.row(sql, [gone.key.0], |row| {
            let mut columns = Columns::new(row, "history", gone.key.0);
            Ok((columns.take()?, columns.take()?, columns.take()?))
        })?;
        let (versions, newest, by_me) = found.unwrap_or((0, None, false));
        Ok(Deleted { gone, by_me, versions, newest })
    }

    /// A record that is no more, by its key.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn gone(&self, key: LocalKey) -> Result<Option<Gone>> {
        self.row(&format!("{SELECT} WHERE g.key = ?1"), [key.0], read)
    }

    /// The newest record that was at this address and is no more.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn gone_at(&self, source: SourceId, collection: &str, id: &RemoteId) -> Result<Option<Gone>> {
        let sql = format!(
            "{SELECT} WHERE g.source_id = ?1 AND c.name = ?2 AND g.remote_id = ?3 ORDER BY g.key DESC LIMIT 1"
        );
        self.row(&sql, (source.0, collection, &id.0), read)
    }
}

impl Tx<'_> {
    /// Adds a version to the history of a record that is no more; its number. `None` = no such record went.
    ///
    /// # Errors
    /// Those of the disk; a number of versions beyond all counting.
    pub fn add_to_gone(
        &mut self,
        key: LocalKey,
        entry: &HistoryEntry,
        now: Timestamp,
    ) -> Result<Option<u32>> {
        let versions: Option<u32> = self.value("SELECT versions FROM gone WHERE key = ?1", [key.0])?;
        let Some(versions) = versions else { return Ok(None) };
        let number =
            versions.checked_add(1).ok_or_else(|| StoreError::row("gone", key.0, "too many versions"))?;
        history::insert(self, key, number.into(), now, entry)?;
        self.execute("UPDATE gone SET versions = ?2 WHERE key = ?1", (key.0, number))?;
        Ok(Some(number))
    }
}

/// Notes that a record goes away; its rows are still there.
pub(crate) fn save(tx: &Tx<'_>, key: LocalKey, at: Timestamp) -> Result<()> {
    tx.execute(
        "INSERT INTO gone (key, source_id, collection_id, remote_id, rev, answered, versions, title, at)
         SELECT key, source_id, collection_id, remote_id, rev, ?3, versions, title, ?2 FROM record WHERE key = ?1",
        (key.0, at.0, tx.next_seq().0),
    )?;
    Ok(())
}

/// The newest record that was at this address and is no more, and when it went.
pub(crate) fn at(tx: &Tx<'_>, collection: CollectionId, id: &RemoteId) -> Result<Option<(LocalKey, Seq)>> {
    let sql = "SELECT key, answered FROM gone WHERE collection_id = ?1 AND remote_id = ?2 ORDER BY key DESC LIMIT 1";
    tx.row(sql, (collection.0, &id.0), |row| Ok((LocalKey(row.get(0)?), Seq(row.get(1)?))))
}

/// Takes it out again; the number of versions it had.
pub(crate) fn take(tx: &Tx<'_>, key: LocalKey) -> Result<i64> {
    let versions = tx.value("SELECT versions FROM gone WHERE key = ?1", [key.0])?;
    if versions.is_some() {
        tx.execute("DELETE FROM gone WHERE key = ?1", [key.0])?;
    }
    Ok(versions.unwrap_or(0))
}
