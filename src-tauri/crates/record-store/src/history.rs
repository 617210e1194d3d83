//! Table `history`: versions, and the synced version as the newest of them.
//!
//! The synced version is not copied: its number is reserved in `base`, and it moves here when it is replaced.

use crate::columns::{Columns, bytes, media_type, validator};
use crate::{Reader, Result, Tx};
use rusqlite::Row;
use sync_engine::{Base, Body, HistoryEntry, LocalKey, Timestamp, Validator};

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

const COLUMNS: &str = "version, at, what, by_me, validator, from_validator, length(body)";
const BASE_COLUMNS: &str = "version, seen_at, 'seen', 0, validator, from_validator, length(body)";

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
}

/// Adds a version.
pub(crate) fn insert(
    tx: &Tx<'_>,
    key: LocalKey,
    version: i64,
    at: Timestamp,
    entry: &HistoryEntry,
) -> Result<()> {
    tx.execute(
        "INSERT INTO history (key, version, at, what, by_me, body, media_type, validator, from_validator)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        (
            key.0,
            version,
            at.0,
            entry.what.name(),
            entry.by_me,
            bytes(entry.body.as_ref()),
            media_type(entry.body.as_ref()),
            validator(entry.validator.as_ref()),
            validator(entry.from_validator.as_ref()),
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
        return Ok(None);
    }
    tx.execute(
        "UPDATE history SET validator = ?3 WHERE key = ?1 AND version = ?2 AND validator IS NULL",
        (key.0, version, base.validator.as_ref().map(Validator::as_str)),
    )?;
    Ok(Some(version))
}
