//! Records: read, and changed by one statement that compares and sets.

use rusqlite::types::ValueRef;
use rusqlite::{OptionalExtension, params};

use super::Db;
use super::collections::{Collection, advance};
use crate::document::Document;
use crate::etag::new_opaque;
use crate::precondition::Guard;

/// A record or its tombstone.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    /// Row key.
    pub key: i64,
    /// Opaque tag.
    pub tag: String,
    /// It was deleted; `body` is empty.
    pub deleted: bool,
    /// It can be spliced into JSON.
    pub plain: bool,
    /// Media type as sent.
    pub media_type: String,
    /// The bytes as sent.
    pub body: Vec<u8>,
}

/// What a write left.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    /// Row key.
    pub key: i64,
    /// New opaque tag.
    pub tag: String,
}

/// A record or tombstone by id.
pub(crate) fn load(db: &Db, collection: i64, id: &str) -> rusqlite::Result<Option<Stored>> {
    let sql =
        "SELECT key, etag, deleted, plain, media_type, body FROM records WHERE collection = ?1 AND id = ?2";
    db.prepare(sql)?
        .query_row(params![collection, id], |row| {
            Ok(Stored {
                key: row.get(0)?,
                tag: row.get(1)?,
                deleted: row.get(2)?,
                plain: row.get(3)?,
                media_type: row.get(4)?,
                body: row.get(5)?,
            })
        })
        .optional()
}

/// Stores a document if the guard holds at that moment. `None`: it does not, and nothing was stored.
///
/// The caller's savepoint takes the number back in that case.
pub(crate) fn write(
    db: &Db,
    collection: &Collection,
    id: &str,
    document: &Document,
    guard: &Guard,
) -> rusqlite::Result<Option<Written>> {
    let create = *guard == Guard::Absent;
    let seq = advance(db, collection.key, i64::from(create))?;
    let tag = new_opaque(seq, &document.body);
    let body: &[u8] = &document.body;
    let key = if create {
        db.prepare(
            "INSERT INTO records (collection, id, seq, etag, plain, media_type, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (collection, id) DO UPDATE
               SET seq = ?3, etag = ?4, deleted = 0, plain = ?5, media_type = ?6, body = ?7 WHERE deleted = 1
             RETURNING key",
        )?
        .query_row(params![collection.key, id, seq, tag, document.plain, document.media_type, body], |r| r.get(0))
    } else {
        let (any, tags) = comparison(guard);
        db.prepare(
            "UPDATE records SET seq = ?3, etag = ?4, plain = ?5, media_type = ?6, body = ?7
             WHERE collection = ?1 AND id = ?2 AND deleted = 0 AND (?8 OR instr(?9, '|' || etag || '|') > 0)
             RETURNING key",
        )?
        .query_row(
            params![collection.key, id, seq, tag, document.plain, document.media_type, body, any, tags],
            |r| r.get(0),
        )
    };
    Ok(key.optional()?.map(|key| Written { key, tag }))
}

/// Turns a record into a tombstone if the guard holds at that moment. `None`: it does not.
pub(crate) fn remove(
    db: &Db,
    collection: &Collection,
    id: &str,
    guard: &Guard,
) -> rusqlite::Result<Option<Written>> {
    let seq = advance(db, collection.key, -1)?;
    let tag = new_opaque(seq, b"");
    let (any, tags) = comparison(guard);
    let key = db
        .prepare(
            "UPDATE records SET seq = ?3, etag = ?4, deleted = 1, plain = 0, body = x''
             WHERE collection = ?1 AND id = ?2 AND deleted = 0 AND (?5 OR instr(?6, '|' || etag || '|') > 0)
             RETURNING key",
        )?
        .query_row(params![collection.key, id, seq, tag, any, tags], |r| r.get(0))
        .optional()?;
    Ok(key.map(|key| Written { key, tag }))
}

fn comparison(guard: &Guard) -> (bool, &str) {
    match guard {
        Guard::Present => (true, ""),
        Guard::OneOf(bars) => (false, bars),
        // Nothing is there to be changed.
        Guard::Absent => (false, ""),
    }
}

/// One line of a list, with the bytes still in the database's own buffer.
pub(crate) struct Line<'a> {
    /// Id.
    pub id: &'a str,
    /// Opaque tag.
    pub tag: &'a str,
    /// Number of its last change.
    pub seq: i64,
    /// Deleted.
    pub deleted: bool,
    /// The bytes, if they can be spliced into JSON.
    pub body: Option<&'a [u8]>,
}

/// Which records, and in which order.
#[derive(Clone, Debug)]
pub(crate) enum Span {
    /// Existing ones by id, after this one.
    AfterId(String),
    /// Existing and deleted ones by number, after this one.
    AfterSeq(i64),
}

/// Reads lines one by one until `each` says stop.
pub(crate) fn scan(
    db: &Db,
    collection: i64,
    span: &Span,
    limit: usize,
    mut each: impl FnMut(Line<'_>) -> bool,
) -> rusqlite::Result<()> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let columns = "SELECT id, etag, seq, deleted, CASE WHEN plain AND NOT deleted THEN body END FROM records";
    let (mut statement, after): (_, &dyn rusqlite::ToSql) = match span {
        Span::AfterId(id) => (
            db.prepare(&format!(
                "{columns} WHERE collection = ?1 AND id > ?2 AND deleted = 0 ORDER BY id LIMIT ?3"
            ))?,
            id,
        ),
        Span::AfterSeq(seq) => {
            (db.prepare(&format!("{columns} WHERE collection = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3"))?, seq)
        }
    };
    let mut rows = statement.query(params![collection, after, limit])?;
    while let Some(row) = rows.next()? {
        let body = match row.get_ref(4)? {
            ValueRef::Blob(bytes) => Some(bytes),
            _ => None,
        };
        let line = Line {
            id: row.get_ref(0)?.as_str()?,
            tag: row.get_ref(1)?.as_str()?,
            seq: row.get(2)?,
            deleted: row.get(3)?,
            body,
        };
        if !each(line) {
            break;
        }
    }
    Ok(())
}
