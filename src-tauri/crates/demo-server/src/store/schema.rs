//! Tables and connections.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

/// Version of the tables, in `user_version`.
const VERSION: i64 = 1;

const TABLES: &str = "
CREATE TABLE collections (
  key      INTEGER PRIMARY KEY,
  name     TEXT NOT NULL UNIQUE,
  epoch    TEXT NOT NULL,
  seq      INTEGER NOT NULL DEFAULT 0,
  count    INTEGER NOT NULL DEFAULT 0 CHECK (count >= 0),
  revision INTEGER NOT NULL DEFAULT 1,
  policy   TEXT NOT NULL CHECK (policy IN ('compare-and-set', 'weak', 'last-write-wins')),
  schema   BLOB
) STRICT;
CREATE TABLE records (
  key        INTEGER PRIMARY KEY,
  collection INTEGER NOT NULL REFERENCES collections (key),
  id         TEXT NOT NULL,
  seq        INTEGER NOT NULL,
  etag       TEXT NOT NULL,
  deleted    INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1)),
  plain      INTEGER NOT NULL CHECK (plain IN (0, 1)),
  media_type TEXT NOT NULL,
  body       BLOB NOT NULL,
  UNIQUE (collection, id)
) STRICT;
CREATE UNIQUE INDEX records_by_seq ON records (collection, seq);
CREATE TABLE history (
  key        INTEGER PRIMARY KEY,
  record     INTEGER NOT NULL REFERENCES records (key),
  at_ms      INTEGER NOT NULL,
  actor      TEXT NOT NULL,
  from_tag   TEXT,
  to_tag     TEXT,
  changed    TEXT NOT NULL,
  request_id TEXT NOT NULL
) STRICT;
CREATE INDEX history_by_record ON history (record, key);
CREATE TABLE replays (
  actor       TEXT NOT NULL,
  key         TEXT NOT NULL,
  at_ms       INTEGER NOT NULL,
  fingerprint BLOB NOT NULL,
  status      INTEGER NOT NULL,
  headers     TEXT NOT NULL,
  body        BLOB NOT NULL,
  PRIMARY KEY (actor, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX replays_by_age ON replays (at_ms);
";

/// The one connection that writes; makes the tables in a new file.
///
/// `lasting`: the file is to outlive the server. Then a crash of the process loses nothing, and a power cut at most the
/// last moments of a demonstration; otherwise nothing needs to reach the disk at all.
pub(super) fn open_writer(path: &Path, lasting: bool) -> rusqlite::Result<Connection> {
    let mut conn = Connection::open(path)?;
    conn.pragma_update(None, "journal_mode", "WAL")?;
    conn.pragma_update(None, "synchronous", if lasting { "NORMAL" } else { "OFF" })?;
    conn.pragma_update(None, "wal_autocheckpoint", 4000)?;
    common(&conn)?;
    let found: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found == 0 {
        let tx = conn.transaction()?;
        tx.execute_batch(TABLES)?;
        tx.pragma_update(None, "user_version", VERSION)?;
        tx.commit()?;
    } else if found != VERSION {
        let words =
            format!("the database has tables of version {found}, this server knows version {VERSION}");
        return Err(rusqlite::Error::SqliteFailure(
            rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_MISMATCH),
            Some(words),
        ));
    }
    Ok(conn)
}

/// A connection that only reads.
pub(super) fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    let conn = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI,
    )?;
    common(&conn)?;
    Ok(conn)
}

fn common(conn: &Connection) -> rusqlite::Result<()> {
    conn.set_prepared_statement_cache_capacity(64);
    conn.busy_timeout(std::time::Duration::from_secs(5))?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "cache_size", -16_000)
}
