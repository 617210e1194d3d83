//! Table `theirs`: what the server has, when it differs from base.

use crate::columns::{Columns, bytes, media_type, validator};
use crate::{Result, Tx};
use sync_engine::{LocalKey, Theirs, TheirsSeen, Timestamp, Version};

/// For the JOIN, with alias `t`.
pub(crate) const COLUMNS: &str = "t.gone, t.body, t.media_type, t.validator, t.seen_at";
const COUNT: usize = 5;

/// Reads [`COLUMNS`].
pub(crate) fn read(columns: &mut Columns<'_, '_>) -> Result<Option<TheirsSeen>> {
    columns.of("theirs");
    let Some(gone) = columns.take::<Option<bool>>()? else {
        columns.skip(COUNT - 1);
        return Ok(None);
    };
    let (body, validator) = (columns.body()?, columns.validator()?);
    let what = match (gone, body) {
        (true, None) => Theirs::Gone,
        (false, Some(body)) => Theirs::Present(Version { body, validator }),
        _ => return Err(columns.wrong("neither there nor gone")),
    };
    Ok(Some(TheirsSeen { what, seen_at: Timestamp(columns.take()?) }))
}

/// Stores or replaces it.
pub(crate) fn save(tx: &Tx<'_>, key: LocalKey, theirs: &TheirsSeen) -> Result<()> {
    let version = match &theirs.what {
        Theirs::Present(version) => Some(version),
        Theirs::Gone => None,
    };
    let body = version.map(|v| &v.body);
    tx.execute(
        "INSERT INTO theirs (key, gone, body, media_type, validator, seen_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (key) DO UPDATE SET gone = ?2, body = ?3, media_type = ?4, validator = ?5, seen_at = ?6",
        (
            key.0,
            version.is_none(),
            bytes(body),
            media_type(body),
            validator(version.and_then(|v| v.validator.as_ref())),
            theirs.seen_at.0,
        ),
    )?;
    Ok(())
}

/// Removes it.
pub(crate) fn delete(tx: &Tx<'_>, key: LocalKey) -> Result<()> {
    tx.execute("DELETE FROM theirs WHERE key = ?1", [key.0])?;
    Ok(())
}
