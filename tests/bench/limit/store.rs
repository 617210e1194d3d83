//! What the limit client keeps.

use super::{Answer, Edit, Item};
use anyhow::{Context as _, Result};
use rusqlite::{Connection, OptionalExtension as _, Transaction};
use serde_json::Value;
use std::path::Path;

const TABLES: &str = "
CREATE TABLE place (one INTEGER PRIMARY KEY CHECK (one = 1), cursor TEXT NOT NULL, etag TEXT NOT NULL) STRICT;
CREATE TABLE record (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, etag TEXT NOT NULL, title TEXT NOT NULL,
    body BLOB NOT NULL) STRICT;
CREATE TABLE edit (key INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
CREATE TABLE theirs (key INTEGER PRIMARY KEY, etag TEXT, body BLOB) STRICT;
CREATE VIRTUAL TABLE record_text USING fts5 (
    text, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO record_text (record_text, rank) VALUES ('automerge', 16);
INSERT INTO record_text (record_text, rank) VALUES ('crisismerge', 64);
";

/// One SQLite file.
pub struct Store {
    connection: Connection,
    full: bool,
}

/// A connection as both sides of a comparison have it.
pub fn connect(file: &Path) -> Result<Connection> {
    let connection = Connection::open(file)?;
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "wal_autocheckpoint", 4_000)?;
    connection.pragma_update(None, "cache_size", -16_000)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

impl Store {
    /// Opens (or makes) the file in this folder.
    pub fn open(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let file = folder.join("limit.db");
        let fresh = !file.exists();
        let connection = connect(&file)?;
        if fresh {
            connection.execute_batch(TABLES)?;
        }
        Ok(Self { connection, full: true })
    }

    /// Edits are flushed to the disk with their commit; what the server can tell again need not be.
    fn begin(&mut self, full: bool) -> Result<Transaction<'_>> {
        if self.full != full {
            self.connection.pragma_update(None, "synchronous", if full { "FULL" } else { "NORMAL" })?;
            self.full = full;
        }
        Ok(self.connection.transaction()?)
    }

    /// Cursor and tag of the last listing.
    pub fn place(&self) -> Result<Option<(String, String)>> {
        let sql = "SELECT cursor, etag FROM place";
        Ok(self.connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
    }

    /// Stores a page. `fresh`: nothing was there before this listing.
    pub fn take(&mut self, items: &[Item<'_>], fresh: bool, end: Option<(&str, &str)>) -> Result<()> {
        let tx = self.begin(false)?;
        for item in items {
            let known = if fresh { None } else { find(&tx, &item.id)? };
            match (item.record, known) {
                (Some(record), None) => insert(&tx, item, record.get())?,
                (Some(record), Some((key, true))) => {
                    stand_against(&tx, key, item.etag.as_deref(), Some(record.get()))?
                }
                (Some(record), Some((key, false))) => update(&tx, key, item, record.get())?,
                (None, Some((key, true))) if item.deleted => stand_against(&tx, key, None, None)?,
                (None, Some((key, false))) if item.deleted => {
                    tx.prepare_cached("DELETE FROM record_text WHERE rowid = ?1")?.execute([key])?;
                    tx.prepare_cached("DELETE FROM record WHERE key = ?1")?.execute([key])?;
                }
                (None, _) => {}
            }
        }
        if let Some((cursor, etag)) = end {
            tx.execute(
                "INSERT OR REPLACE INTO place (one, cursor, etag) VALUES (1, ?1, ?2)",
                (cursor, etag),
            )?;
        }
        Ok(tx.commit()?)
    }

    /// The document of a record: the edit, else the server's.
    pub fn body(&self, id: &str) -> Result<String> {
        let sql = "SELECT coalesce(e.body, r.body) FROM record r LEFT JOIN edit e USING (key) WHERE id = ?1";
        let bytes: Vec<u8> = self.connection.prepare_cached(sql)?.query_row([id], |row| row.get(0))?;
        Ok(String::from_utf8(bytes)?)
    }

    /// Saves an edit: flushed to the disk when this returns.
    pub fn save(&mut self, id: &str, body: &str) -> Result<()> {
        let tx = self.begin(true)?;
        let (key, _) = find(&tx, id)?.context("there is no such record")?;
        let sql = "INSERT INTO edit (key, body) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET body = ?2";
        tx.prepare_cached(sql)?.execute((key, body.as_bytes()))?;
        let sql = "INSERT OR REPLACE INTO record_text (rowid, text) VALUES (?1, ?2)";
        tx.prepare_cached(sql)?.execute((key, words(body)?.1))?;
        Ok(tx.commit()?)
    }

    /// The edits that may go out.
    pub fn edits(&self) -> Result<Vec<Edit>> {
        let sql = "SELECT e.key, r.id, r.etag, e.body FROM edit e JOIN record r USING (key)
                   WHERE NOT EXISTS (SELECT 1 FROM theirs t WHERE t.key = e.key) ORDER BY e.key";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| {
            let body: Vec<u8> = row.get(3)?;
            let body = String::from_utf8_lossy(&body).into_owned();
            Ok(Edit { key: row.get(0)?, id: row.get(1)?, etag: row.get(2)?, body })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Stores what the server said to some edits. Edits applied, and edits refused.
    pub fn answered(&mut self, answers: &[Answer]) -> Result<(usize, usize)> {
        let tx = self.begin(false)?;
        let mut done = (0, 0);
        for answer in answers {
            match answer {
                Answer::Applied { key, etag } => {
                    let sql = "UPDATE record SET etag = ?2, body = (SELECT body FROM edit WHERE key = ?1)
                               WHERE key = ?1";
                    tx.prepare_cached(sql)?.execute((key, etag))?;
                    tx.prepare_cached("DELETE FROM edit WHERE key = ?1")?.execute([key])?;
                    done.0 += 1;
                }
                Answer::Changed { key, etag, body } => {
                    stand_against(&tx, *key, etag.as_deref(), body.as_deref())?;
                    done.1 += 1;
                }
            }
        }
        tx.commit()?;
        Ok(done)
    }

    /// Edits that another version stands against.
    pub fn contested(&self) -> Result<usize> {
        let sql = "SELECT count(*) FROM edit JOIN theirs USING (key)";
        Ok(self.connection.query_row(sql, [], |row| row.get(0))?)
    }

    /// The first 50 records by title that hold words beginning so, and how many there are.
    pub fn search(&self, typed: &str) -> Result<(usize, Vec<(i64, String)>)> {
        let quoted: Vec<String> = typed.split_whitespace().map(|word| format!("\"{word}\"*")).collect();
        let expression = quoted.join(" AND ");
        let sql = "SELECT count(*) FROM record_text WHERE record_text MATCH ?1";
        let total = self.connection.prepare_cached(sql)?.query_row([&expression], |row| row.get(0))?;
        let sql = "SELECT r.key, r.title FROM record_text t JOIN record r ON r.key = t.rowid
                   WHERE record_text MATCH ?1 ORDER BY r.title LIMIT 50";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([&expression], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok((total, rows.collect::<rusqlite::Result<_>>()?))
    }
}

/// Key of a record, and whether it has an edit.
fn find(tx: &Transaction<'_>, id: &str) -> Result<Option<(i64, bool)>> {
    let sql = "SELECT key, EXISTS (SELECT 1 FROM edit e WHERE e.key = r.key) FROM record r WHERE id = ?1";
    Ok(tx.prepare_cached(sql)?.query_row([id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

fn insert(tx: &Transaction<'_>, item: &Item<'_>, body: &str) -> Result<()> {
    let (title, text) = words(body)?;
    let sql = "INSERT INTO record (id, etag, title, body) VALUES (?1, ?2, ?3, ?4)";
    let etag = item.etag.as_deref().unwrap_or_default();
    let key = tx.prepare_cached(sql)?.insert((&item.id, etag, title, body.as_bytes()))?;
    tx.prepare_cached("INSERT INTO record_text (rowid, text) VALUES (?1, ?2)")?.execute((key, text))?;
    Ok(())
}

fn update(tx: &Transaction<'_>, key: i64, item: &Item<'_>, body: &str) -> Result<()> {
    let etag = item.etag.as_deref().unwrap_or_default();
    let sql = "SELECT 1 FROM record WHERE key = ?1 AND etag = ?2";
    if tx.prepare_cached(sql)?.exists((key, etag))? {
        return Ok(());
    }
    let (title, text) = words(body)?;
    let sql = "UPDATE record SET etag = ?2, title = ?3, body = ?4 WHERE key = ?1";
    tx.prepare_cached(sql)?.execute((key, etag, title, body.as_bytes()))?;
    let sql = "INSERT OR REPLACE INTO record_text (rowid, text) VALUES (?1, ?2)";
    tx.prepare_cached(sql)?.execute((key, text))?;
    Ok(())
}

/// Another version under an edit: kept beside it, and the edit is not sent.
fn stand_against(tx: &Transaction<'_>, key: i64, etag: Option<&str>, body: Option<&str>) -> Result<()> {
    let sql = "SELECT 1 FROM record WHERE key = ?1 AND etag = ?2";
    if tx.prepare_cached(sql)?.exists((key, etag))? {
        return Ok(());
    }
    let sql = "INSERT OR REPLACE INTO theirs (key, etag, body) VALUES (?1, ?2, ?3)";
    tx.prepare_cached(sql)?.execute((key, etag, body.map(str::as_bytes)))?;
    Ok(())
}

/// Title, and all texts and numbers.
fn words(body: &str) -> Result<(String, String)> {
    let value: Value = serde_json::from_str(body)?;
    let title = value.get("title").and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut text = String::with_capacity(body.len());
    leaves(&value, &mut text);
    Ok((title, text))
}

fn leaves(value: &Value, out: &mut String) {
    match value {
        Value::String(text) => {
            out.push_str(text);
            out.push('\n');
        }
        Value::Number(number) => {
            out.push_str(&number.to_string());
            out.push('\n');
        }
        Value::Array(items) => items.iter().for_each(|item| leaves(item, out)),
        Value::Object(members) => members.values().for_each(|member| leaves(member, out)),
        Value::Null | Value::Bool(_) => {}
    }
}
