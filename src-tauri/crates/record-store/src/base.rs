//! Table `base`: the last representation the server confirmed.

use crate::columns::{Columns, validator};
use crate::{Result, Tx};
use sync_engine::{Base, LocalKey, Validator};

/// For the JOIN, with alias `b`.
pub(crate) const COLUMNS: &str = "b.key, b.body, b.media_type, b.validator, b.seen_at";
const COUNT: usize = 5;

/// Reads [`COLUMNS`].
pub(crate) fn read(columns: &mut Columns<'_, '_>) -> Result<Option<Base>> {
    columns.of("base");
    if columns.take::<Option<i64>>()?.is_none() {
        columns.skip(COUNT - 1);
        return Ok(None);
    }
    let body = columns.body()?.ok_or_else(|| columns.wrong("no representation"))?;
    Ok(Some(Base { body, validator: columns.validator()?, seen_at: sync_engine::Timestamp(columns.take()?) }))
}

/// The number of a base in the history.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Numbered<'a> {
    pub(crate) version: i64,
    /// The history table holds it already.
    pub(crate) in_history: bool,
    pub(crate) from: Option<&'a Validator>,
}

/// Stores or replaces it.
pub(crate) fn save(tx: &Tx<'_>, key: LocalKey, base: &Base, number: Numbered<'_>) -> Result<()> {
    tx.execute(
        "INSERT INTO base (key, body, media_type, validator, seen_at, version, in_history, from_validator)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (key) DO UPDATE SET body = ?2, media_type = ?3, validator = ?4, seen_at = ?5, version = ?6,
             in_history = ?7, from_validator = ?8",
        (
            key.0,
            &*base.body.bytes,
            &*base.body.media_type,
            validator(base.validator.as_ref()),
            base.seen_at.0,
            number.version,
            number.in_history,
            validator(number.from),
        ),
    )?;
    Ok(())
}

/// Stores what changes without a new version: the same bytes with another validator.
pub(crate) fn touch(tx: &Tx<'_>, key: LocalKey, base: &Base) -> Result<()> {
    tx.execute(
        "UPDATE base SET validator = ?2, media_type = ?3, seen_at = ?4 WHERE key = ?1",
        (key.0, validator(base.validator.as_ref()), &*base.body.media_type, base.seen_at.0),
    )?;
    Ok(())
}

/// Removes it.
pub(crate) fn delete(tx: &Tx<'_>, key: LocalKey) -> Result<()> {
    tx.execute("DELETE FROM base WHERE key = ?1", [key.0])?;
    Ok(())
}
