//! The audit log: how a record came to its current tag.

use rusqlite::params;

use super::Db;
use crate::message::{Request, json_string};

/// One change.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// When.
    pub at_ms: i64,
    /// Who.
    pub actor: String,
    /// Opaque tag before; `None` = it did not exist.
    pub from: Option<String>,
    /// Opaque tag after; `None` = it was deleted.
    pub to: Option<String>,
    /// JSON list of the names of top-level members that changed.
    pub changed: String,
    /// Id of the request.
    pub request_id: String,
}

/// Writes a line for a change of the record with this row key.
pub(crate) fn append(
    db: &Db,
    record: i64,
    request: &Request,
    from: Option<&str>,
    to: Option<&str>,
    changed: &[String],
) -> rusqlite::Result<()> {
    let names: Vec<String> = changed.iter().map(|name| json_string(name)).collect();
    db.prepare(
        "INSERT INTO history (record, at_ms, actor, from_tag, to_tag, changed, request_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        record,
        request.at_ms,
        request.actor,
        from,
        to,
        format!("[{}]", names.join(",")),
        request.request_id
    ])
    .map(drop)
}

/// All changes of a record, oldest first.
pub(crate) fn of(db: &Db, record: i64) -> rusqlite::Result<Vec<Entry>> {
    db.prepare(
        "SELECT at_ms, actor, from_tag, to_tag, changed, request_id FROM history WHERE record = ?1 ORDER BY key",
    )?
    .query_map([record], |row| {
        Ok(Entry {
            at_ms: row.get(0)?,
            actor: row.get(1)?,
            from: row.get(2)?,
            to: row.get(3)?,
            changed: row.get(4)?,
            request_id: row.get(5)?,
        })
    })?
    .collect()
}
