//! Table `edit`: what the person wants.

use crate::columns::{Columns, bytes, media_type, to_name, validator};
use crate::{Result, Tx};
use sync_engine::{Change, Edit, Hash, IdempotencyKey, LocalKey, Timestamp};

/// For the JOIN, with alias `e`.
pub(crate) const COLUMNS: &str = "e.change, e.body, e.media_type, e.base_validator, e.base_hash,
    e.refused_validator, e.not_before, e.wait, e.attempts, e.touched, e.held, e.saved_at, e.was_sent,
    e.idempotency_key, EXISTS (SELECT 1 FROM decision d WHERE d.key = e.key AND d.earlier)";
const COUNT: usize = 15;

/// Reads [`COLUMNS`]; the flag says that earlier decisions are still to be read.
pub(crate) fn read(columns: &mut Columns<'_, '_>) -> Result<Option<(Edit, bool)>> {
    columns.of("edit");
    let Some(change) = columns.take::<Option<String>>()? else {
        columns.skip(COUNT - 1);
        return Ok(None);
    };
    let change = match (change.as_str(), columns.body()?) {
        ("create", Some(body)) => Change::Create(body),
        ("replace", Some(body)) => Change::Replace(body),
        ("delete", None) => Change::Delete,
        _ => return Err(columns.wrong("change and representation do not fit")),
    };
    let edit = Edit {
        change,
        base_validator: columns.validator()?,
        base_hash: columns.take::<Option<[u8; 32]>>()?.map(Hash),
        refused_validator: columns.validator()?,
        not_before: columns.take::<Option<i64>>()?.map(Timestamp),
        wait: columns.name_or_null()?,
        attempts: columns.take()?,
        touched: columns.take()?,
        held: columns.take()?,
        saved_at: Timestamp(columns.take()?),
        was_sent: columns.take()?,
        key: columns.take::<Option<String>>()?.map(IdempotencyKey),
        earlier: Vec::new(),
    };
    Ok(Some((edit, columns.take()?)))
}

/// The word of a change.
pub(crate) fn change_name(change: &Change) -> &'static str {
    match change {
        Change::Create(_) => "create",
        Change::Replace(_) => "replace",
        Change::Delete => "delete",
    }
}

/// Stores or replaces it, without its decisions. `change` is its word; it differs from the edit's own only for a
/// moment (see `save`).
pub(crate) fn save(tx: &Tx<'_>, key: LocalKey, edit: &Edit, change: &str) -> Result<()> {
    let body = edit.change.body();
    tx.execute(
        "INSERT INTO edit (key, change, body, media_type, base_validator, base_hash, refused_validator, not_before,
             wait, attempts, touched, held, saved_at, was_sent, idempotency_key)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
         ON CONFLICT (key) DO UPDATE SET change = ?2, body = ?3, media_type = ?4, base_validator = ?5, base_hash = ?6,
             refused_validator = ?7, not_before = ?8, wait = ?9, attempts = ?10, touched = ?11, held = ?12,
             saved_at = ?13, was_sent = ?14, idempotency_key = ?15",
        rusqlite::params![
            key.0,
            change,
            bytes(body),
            media_type(body),
            validator(edit.base_validator.as_ref()),
            edit.base_hash.map(|h| h.0),
            validator(edit.refused_validator.as_ref()),
            edit.not_before.map(|t| t.0),
            edit.wait.as_ref().map(to_name).transpose()?,
            edit.attempts,
            edit.touched,
            edit.held,
            edit.saved_at.0,
            edit.was_sent,
            edit.key.as_ref().map(|k| &k.0),
        ],
    )?;
    Ok(())
}

/// Sets the word of the change alone.
pub(crate) fn set_change(tx: &Tx<'_>, key: LocalKey, change: &str) -> Result<()> {
    tx.execute("UPDATE edit SET change = ?2 WHERE key = ?1", (key.0, change))?;
    Ok(())
}

/// Removes it with its earlier decisions.
pub(crate) fn delete(tx: &Tx<'_>, key: LocalKey) -> Result<()> {
    tx.execute("DELETE FROM edit WHERE key = ?1", [key.0])?;
    Ok(())
}
