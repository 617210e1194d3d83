//! Table `history`: versions, and the synced version as the newest of them.
//!
//! The synced version is not copied: its number is reserved in `base`, and it moves here when it is replaced.

use crate::columns::{Columns, bytes, media_type, to_json, validator};
use crate::{CollectionId, Reader, Result, Tx};
use rusqlite::Row;
use sync_engine::{Base, Body, HistoryEntry, LocalKey, Note, SourceId, Timestamp, Validator};

/// One line of a record's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its number, rising from 1.
    pub version: u32,
    /// When.
    pub at: Timestamp,
    /// What happened ([`sync_engine::What::name`]).
    pub what: String,
    /// The person made it (else the server).
    pub by_me: bool,
    /// Its validator, if it has one.
    pub validator: Option<Validator>,
    /// Validator of the version it was made from.
    pub from_validator: Option<Validator>,
    /// A representation is kept, of this many bytes; `None` = a removal.
    pub size: Option<u64>,
    /// Name of the computer it was made on, for versions of this program.
    pub device: Option<String>,
    /// Why it is as it is; `None` also for one that a newer program wrote.
    pub note: Option<Note>,
}

/// One version with its representation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptVersion {
    /// The line.
    pub version: Version,
    /// The representation; `None` = a removal.
    pub body: Option<Body>,
}

/// One line of what happened lately.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    /// Which record; it may be gone.
    pub key: LocalKey,
    /// Its last title.
    pub title: String,
    /// The line.
    pub version: Version,
}

const COLUMNS: &str = "version, at, what, by_me, validator, from_validator, length(body), device, note";
const BASE_COLUMNS: &str =
    "version, seen_at, 'seen', 0, validator, from_validator, length(body), NULL AS device, NULL AS note";

fn read(columns: &mut Columns<'_, '_>) -> Result<Version> {
    columns.of("history");
    Ok(Version {
        version: columns.take()?,
        at: Timestamp(columns.take()?),
        what: columns.take()?,
        by_me: columns.take()?,
        validator: columns.validator()?,
        from_validator: columns.validator()?,
        size: columns.take()?,
        device: columns.take()?,
        note: columns.take::<Option<String>>()?.and_then(|text| serde_json::from_str(&text).ok()),
    })
}

impl Reader<'_> {
    /// The versions of a record, oldest first; also of one that is gone.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn history(&self, key: LocalKey) -> Result<Vec<Version>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM history WHERE key = ?1 UNION ALL
             SELECT {BASE_COLUMNS} FROM base WHERE key = ?1 AND NOT in_history ORDER BY 1"
        );
        self.rows(&sql, [key.0], |row| read(&mut Columns::new(row, "history", key.0)))
    }

    /// Visits the versions of a record with their representations, oldest first: one at a time, so that many of them do
    /// not fill the memory.
    ///
    /// # Errors
    /// Those of the disk, and of `visit`.
    pub fn each_version(
        &self,
        key: LocalKey,
        mut visit: impl FnMut(KeptVersion) -> Result<()>,
    ) -> Result<()> {
        let sql = format!(
            "SELECT {COLUMNS}, body, media_type FROM history WHERE key = ?1 UNION ALL
             SELECT {BASE_COLUMNS}, body, media_type FROM base WHERE key = ?1 AND NOT in_history ORDER BY 1"
        );
        self.each(&sql, [key.0], |row| {
            let mut columns = Columns::new(row, "history", key.0);
            visit(KeptVersion { version: read(&mut columns)?, body: columns.body()? })
        })
    }

    /// The newest merge of a record.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn newest_merge(&self, key: LocalKey) -> Result<Option<u32>> {
        self.value(
            "SELECT version FROM history WHERE key = ?1 AND what IN ('merged', 'merged_by_itself', 'taken_in')
             ORDER BY version DESC LIMIT 1",
            [key.0],
        )
    }

    /// Local keys that have versions, rising, from the one after `after`: at most `limit`, of a source or one of its
    /// collections or of all. Records that are gone are among them.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn keys_with_history(
        &self,
        after: LocalKey,
        source: Option<SourceId>,
        collection: Option<CollectionId>,
        limit: usize,
    ) -> Result<Vec<LocalKey>> {
        let sql = "SELECT key FROM (
                 SELECT key, source_id, collection_id FROM record UNION ALL SELECT key, source_id, collection_id FROM gone
             ) WHERE key > ?1 AND (?2 IS NULL OR source_id = ?2) AND (?3 IS NULL OR collection_id = ?3)
             ORDER BY key LIMIT ?4";
        self.rows(sql, (after.0, source.map(|s| s.0), collection.map(|c| c.0), limit), |row| {
            Ok(LocalKey(Columns::new(row, "record", 0).take()?))
        })
    }

    /// One version with its representation.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn version(&self, key: LocalKey, version: u32) -> Result<Option<KeptVersion>> {
        let sql = format!(
            "SELECT {COLUMNS}, body, media_type FROM history WHERE key = ?1 AND version = ?2 UNION ALL
             SELECT {BASE_COLUMNS}, body, media_type FROM base WHERE key = ?1 AND version = ?2 AND NOT in_history"
        );
        self.row(&sql, (key.0, version), |row| {
            let mut columns = Columns::new(row, "history", key.0);
            Ok(KeptVersion { version: read(&mut columns)?, body: columns.body()? })
        })
    }

    /// What happened lately, newest first. First readings of a record are left out.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn activity(&self, limit: usize) -> Result<Vec<Activity>> {
        let title = "coalesce((SELECT title FROM record r WHERE r.key = l.key),
                              (SELECT title FROM gone g WHERE g.key = l.key), '')";
        let sql = format!(
            "SELECT l.key, {title}, l.* FROM (
                 SELECT * FROM (SELECT key, {COLUMNS}, id FROM history WHERE NOT (version = 1 AND what = 'seen')
                                ORDER BY at DESC, id DESC LIMIT ?1)
                 UNION ALL
                 SELECT * FROM (SELECT key, {BASE_COLUMNS}, 0 AS id FROM base WHERE version > 1 AND in_history = 0
                                ORDER BY seen_at DESC LIMIT ?1)
             ) l ORDER BY l.at DESC, l.id DESC LIMIT ?1"
        );
        self.rows(&sql, [limit], |row: &Row<'_>| {
            let mut columns = Columns::new(row, "history", 0);
            let key = LocalKey(columns.take()?);
            columns.set_id(key.0);
            let title = columns.take()?;
            columns.skip(1);
            Ok(Activity { key, title, version: read(&mut columns)? })
        })
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

/// Adds a version.
pub(crate) fn insert(
    tx: &Tx<'_>,
    key: LocalKey,
    version: i64,
    at: Timestamp,
    entry: &HistoryEntry,
) -> Result<()> {
    let note = entry.note.as_ref().map(to_json).transpose()?;
    tx.execute(
        "INSERT INTO history (key, version, at, what, by_me, body, media_type, validator, from_validator, device, note)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,
             CASE WHEN ?5 THEN (SELECT value FROM setting WHERE name = 'device') END, ?10)",
        (
            key.0,
            version,
            entry.at.unwrap_or(at).0,
            entry.what.name(),
            entry.by_me,
            bytes(entry.body.as_ref()),
            media_type(entry.body.as_ref()),
            validator(entry.validator.as_ref()),
            validator(entry.from_validator.as_ref()),
            note,
        ),
    )?;
    Ok(())
}

/// Moves the synced version here, unless it is here already. To be called before it is replaced or removed.
pub(crate) fn keep_base(tx: &Tx<'_>, key: LocalKey) -> Result<()> {
    tx.execute(
        "INSERT INTO history (key, version, at, what, by_me, body, media_type, validator, from_validator)
         SELECT key, version, seen_at, 'seen', 0, body, media_type, validator, from_validator
         FROM base WHERE key = ?1 AND NOT in_history",
        [key.0],
    )?;
    Ok(())
}

/// The newest version here, if it is this representation under the same validator or one not known until now:
/// then it need not be kept twice. It gets the validator.
pub(crate) fn recognise(tx: &Tx<'_>, key: LocalKey, base: &Base) -> Result<Option<i64>> {
    let sql = "SELECT version, body, media_type, validator FROM history WHERE key = ?1 ORDER BY version DESC LIMIT 1";
    let newest = tx.row(sql, [key.0], |row| {
        let mut columns = Columns::new(row, "history", key.0);
        Ok((columns.take::<i64>()?, columns.body()?, columns.validator()?))
    })?;
    let Some((version, Some(body), validator)) = newest else { return Ok(None) };
    if body.bytes != base.body.bytes || (validator.is_some() && validator != base.validator) {
        return earlier(tx, key, base);
    }
    tx.execute(
        "UPDATE history SET validator = ?3 WHERE key = ?1 AND version = ?2 AND validator IS NULL",
        (key.0, version, base.validator.as_ref().map(Validator::as_str)),
    )?;
    Ok(Some(version))
}

/// An earlier version that became the base again (an undone merge): the same in all, and as old. What the server went
/// back to by itself was seen at another time, and is a version of its own.
fn earlier(tx: &Tx<'_>, key: LocalKey, base: &Base) -> Result<Option<i64>> {
    tx.value(
        "SELECT version FROM history WHERE key = ?1 AND at = ?2 AND validator IS ?3 AND body = ?4
         ORDER BY version DESC LIMIT 1",
        (key.0, base.seen_at.0, base.validator.as_ref().map(Validator::as_str), &*base.body.bytes),
    )
}
