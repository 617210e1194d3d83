//! Opening the file: pragmas, the check after an unclean stop, version.

use crate::{OpenError, Result, StoreError, migrate};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// `PRAGMA application_id`: "MBK1".
pub(crate) const APPLICATION_ID: i64 = 0x4D42_4B31;

/// The file in the data folder.
pub(crate) fn file(home: &Path) -> PathBuf {
    home.join("matchbook.db")
}

/// What the writer found when it opened the file.
pub(crate) struct Opened {
    pub(crate) connection: Connection,
    pub(crate) migrated_from: Option<i64>,
}

/// Opens the file for writing and brings it up to date. The caller holds the lock.
pub(crate) fn for_writing(home: &Path) -> Result<Opened, OpenError> {
    let path = file(home);
    let there = path.metadata().is_ok_and(|m| m.len() > 0);
    // A clean stop leaves no log behind.
    let unclean = there && path.with_extension("db-wal").metadata().is_ok_and(|m| m.len() > 0);
    let found = if there { inspect(&path)? } else { 0 };
    let mut connection = writer(&path)?;
    if unclean {
        quick_check(&connection)?;
    }
    migrate::run(&mut connection, home, found, migrate::MIGRATIONS)?;
    Ok(Opened {
        connection,
        migrated_from: (there && found > 0 && found < migrate::newest()).then_some(found),
    })
}

/// Looks at a file without changing it: is it ours, and of which version?
fn inspect(path: &Path) -> Result<i64, OpenError> {
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .map_err(damaged)?;
    busy(&connection)?;
    let number =
        |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).map_err(damaged);
    let (application, version) = (number("application_id")?, number("user_version")?);
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(damaged)?;
    match application {
        APPLICATION_ID => {}
        0 if tables == 0 && version == 0 => {}
        _ => return Err(OpenError::NotOurs(path.to_owned())),
    }
    let known = migrate::newest();
    if version > known {
        return Err(OpenError::Newer { found: version, known });
    }
    Ok(version)
}

fn damaged(error: rusqlite::Error) -> OpenError {
    match StoreError::from(error) {
        StoreError::Disk { trouble: crate::DiskTrouble::Damaged, .. } => {
            OpenError::Damaged { words: "it is not a database".to_owned() }
        }
        error => OpenError::Store(error),
    }
}

/// The one connection that writes.
pub(crate) fn writer(path: &Path) -> Result<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    busy(&connection)?;
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // Plain fsync on macOS does not flush the drive's cache; without effect elsewhere.
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // 16 MB of log before a commit has to take it over; the writer does that when nobody waits.
    connection.pragma_update(None, "wal_autocheckpoint", 4_000)?;
    connection.pragma_update(None, "cache_size", -16_000)?;
    common(&connection)?;
    Ok(connection)
}

/// A connection that only reads.
pub(crate) fn reader(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    busy(&connection)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.pragma_update(None, "cache_size", -8_000)?;
    common(&connection)?;
    Ok(connection)
}

/// Readers for a process without the lock: the version must be ours.
pub(crate) fn check_for_reading(home: &Path) -> Result<PathBuf, OpenError> {
    let path = file(home);
    if !path.exists() {
        return Err(OpenError::NothingThere(home.to_owned()));
    }
    match inspect(&path)? {
        0 => Err(OpenError::NothingThere(home.to_owned())),
        found if found < migrate::newest() => Err(OpenError::Older { found }),
        _ => Ok(path),
    }
}

fn busy(connection: &Connection) -> Result<()> {
    Ok(connection.busy_timeout(Duration::from_secs(5))?)
}

/// A file from elsewhere must not run code, and damage must be noticed.
fn common(connection: &Connection) -> Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    // Plans hold for all values. Without this SQLite compiles many statements anew at each execution.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(())
}

/// Looks for damage.
pub(crate) fn quick_check(connection: &Connection) -> Result<(), OpenError> {
    let words: String =
        connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(damaged)?;
    if words == "ok" { Ok(()) } else { Err(OpenError::Damaged { words }) }
}
