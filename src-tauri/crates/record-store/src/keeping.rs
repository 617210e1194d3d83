//! How long versions are kept, and what they take.
//!
//! Nothing is removed that an unsent edit, an open conflict or the synced version needs, nor what an undo of a merge
//! within the time goes back to.

use crate::columns::Columns;
use crate::{Reader, Result, Tx};
use sync_engine::{SourceId, Timestamp};

/// Versions looked at in one transaction of a clean-up.
const CHUNK: usize = 200;

/// What the versions take.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// By source.
    pub sources: Vec<KeptBySource>,
    /// All versions.
    pub versions: u64,
    /// Bytes of the file that hold them, with their indexes.
    pub bytes: u64,
    /// Size of the file in bytes.
    pub file: u64,
    /// Bytes of it that are free.
    pub free: u64,
}

/// What the versions of one source take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptBySource {
    /// The source.
    pub source: SourceId,
    /// Versions.
    pub versions: u64,
    /// Their share of [`Kept::bytes`].
    pub bytes: u64,
    /// The oldest.
    pub oldest: Option<Timestamp>,
}

/// What is or would be removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// Versions.
    pub versions: u64,
    /// Their bytes, without what the file needs to find them.
    pub bytes: u64,
    /// Deleted records of which nothing is left.
    pub records: u64,
    /// Versions as old that stay because they are needed.
    pub needed: u64,
}

/// Bytes of a row of `history` besides the columns of any length.
const ROW: &str =
    "coalesce(length(h.body), 0) + coalesce(length(h.media_type), 0) + coalesce(length(h.note), 0) + 64";

/// A version `h` that something needs; `?1` = the end of the time.
const NEEDED: &str = "(
    EXISTS (SELECT 1 FROM edit e WHERE e.key = h.key)
    OR EXISTS (SELECT 1 FROM base b WHERE b.key = h.key AND b.version = h.version)
    OR EXISTS (SELECT 1 FROM history m WHERE m.key = h.key AND m.what IN ('merged', 'merged_by_itself', 'taken_in')
        AND m.at >= ?1 AND h.version IN (json_extract(m.note, '$.before'), json_extract(m.note, '$.theirs'),
            json_extract(m.note, '$.mine')))
    OR EXISTS (SELECT 1 FROM batch_item i WHERE i.key = h.key AND i.undone IS NULL AND i.at >= ?1
        AND h.version IN (i.base_version, i.mine_version)))";

impl Reader<'_> {
    /// What the versions take, on the disk: looks at each page of the history.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn kept(&self) -> Result<Kept> {
        let sql = format!(
            "SELECT p.source_id, count(*), sum({ROW}), min(h.at) FROM history h JOIN (
                 SELECT key, source_id FROM record UNION ALL SELECT key, source_id FROM gone) p ON p.key = h.key
             GROUP BY p.source_id ORDER BY p.source_id"
        );
        let mut sources = self.rows(&sql, [], |row| {
            let mut columns = Columns::new(row, "history", 0);
            Ok(KeptBySource {
                source: SourceId(columns.take()?),
                versions: columns.take()?,
                bytes: columns.take()?,
                oldest: columns.take::<Option<i64>>()?.map(Timestamp),
            })
        })?;
        let payload: u64 = sources.iter().map(|s| s.bytes).sum();
        let number = |sql: &str| -> Result<u64> { Ok(self.value::<u64>(sql, [])?.unwrap_or(0)) };
        let page = number("SELECT page_size FROM pragma_page_size()")?;
        let file = number("SELECT page_count FROM pragma_page_count()")? * page;
        let free = number("SELECT freelist_count FROM pragma_freelist_count()")? * page;
        let bytes = number(
            "SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE aggregate = TRUE AND name IN
                 (SELECT name FROM sqlite_schema WHERE tbl_name IN ('history', 'audit'))",
        )?
        .max(payload);
        for source in &mut sources {
            // Each source answers for its part of half-filled pages and of the indexes, too.
            let share = u128::from(source.bytes) * u128::from(bytes) / u128::from(payload.max(1));
            source.bytes = u64::try_from(share).unwrap_or(u64::MAX);
        }
        Ok(Kept { versions: sources.iter().map(|s| s.versions).sum(), sources, bytes, file, free })
    }

    /// What would be removed of what is older than `before`.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn removable(&self, before: Timestamp) -> Result<Removed> {
        let sql = format!(
            "SELECT coalesce(sum(needed = 0), 0), coalesce(sum(CASE WHEN needed THEN 0 ELSE size END), 0),
                 coalesce(sum(needed), 0)
             FROM (SELECT {NEEDED} AS needed, {ROW} AS size FROM history h WHERE h.at < ?1)"
        );
        let found = self.row(&sql, [before.0], |row| {
            let mut columns = Columns::new(row, "history", 0);
            Ok(Removed {
                versions: columns.take()?,
                bytes: columns.take()?,
                needed: columns.take()?,
                records: 0,
            })
        })?;
        let records = format!(
            "SELECT count(*) FROM gone g WHERE g.at < ?1
             AND NOT EXISTS (SELECT 1 FROM history h WHERE h.key = g.key AND (h.at >= ?1 OR {NEEDED}))"
        );
        let records = self.value(&records, [before.0])?.unwrap_or(0);
        Ok(Removed { records, ..found.unwrap_or_default() })
    }
}

/// How far a clean-up has come: the time and the row it looked at last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CleanedTo(i64, i64);

impl Tx<'_> {
    /// Removes some of what is older than `before`, from `from` on; `None` once all was looked at. To be called in one
    /// transaction after the other, so that nobody waits for it.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn remove_older(
        &mut self,
        before: Timestamp,
        from: Option<CleanedTo>,
    ) -> Result<(Removed, Option<CleanedTo>)> {
        let CleanedTo(at, id) = from.unwrap_or(CleanedTo(i64::MIN, 0));
        let sql = format!(
            "SELECT h.at, h.id, {NEEDED}, {ROW} FROM history h WHERE h.at < ?1 AND (h.at, h.id) > (?2, ?3)
             ORDER BY h.at, h.id LIMIT ?4"
        );
        let rows: Vec<(i64, i64, bool, u64)> = self.rows(&sql, (before.0, at, id, CHUNK), |row| {
            let mut columns = Columns::new(row, "history", 0);
            Ok((columns.take()?, columns.take()?, columns.take()?, columns.take()?))
        })?;
        let mut removed = Removed::default();
        for (_, id, needed, size) in &rows {
            if *needed {
                removed.needed += 1;
                continue;
            }
            self.execute("DELETE FROM history WHERE id = ?1", [id])?;
            removed.versions += 1;
            removed.bytes += size;
        }
        let next = rows.last().filter(|_| rows.len() == CHUNK).map(|(at, id, ..)| CleanedTo(*at, *id));
        if next.is_none() {
            removed.records = self.forget_gone(before)?;
        }
        Ok((removed, next))
    }

    /// Deleted records of which no version is left.
    fn forget_gone(&self, before: Timestamp) -> Result<u64> {
        let gone = "SELECT key FROM gone g WHERE g.at < ?1
             AND NOT EXISTS (SELECT 1 FROM history h WHERE h.key = g.key)";
        self.execute(&format!("DELETE FROM audit WHERE key IN ({gone})"), [before.0])?;
        let removed = self.execute(&format!("DELETE FROM gone WHERE key IN ({gone})"), [before.0])?;
        Ok(u64::try_from(removed).unwrap_or(u64::MAX))
    }
}
