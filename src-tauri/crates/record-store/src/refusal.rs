//! Table `refusal`: the server's words.

use crate::columns::{Columns, to_json, to_name};
use crate::{Result, Tx};
use sync_engine::{LocalKey, Refusal};

/// For the JOIN, with alias `x`.
pub(crate) const COLUMNS: &str = "x.kind, x.words, x.pointers";
const COUNT: usize = 3;

/// Reads [`COLUMNS`].
pub(crate) fn read(columns: &mut Columns<'_, '_>) -> Result<Option<Refusal>> {
    columns.of("refusal");
    let Some(kind) = columns.name_or_null()? else {
        columns.skip(COUNT - 1);
        return Ok(None);
    };
    Ok(Some(Refusal { kind, words: columns.take()?, pointers: columns.json()? }))
}

/// Stores or replaces it.
pub(crate) fn save(tx: &Tx<'_>, key: LocalKey, refusal: &Refusal) -> Result<()> {
    tx.execute(
        "INSERT INTO refusal (key, kind, words, pointers) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (key) DO UPDATE SET kind = ?2, words = ?3, pointers = ?4",
        (key.0, to_name(&refusal.kind)?, &refusal.words, to_json(&refusal.pointers)?),
    )?;
    Ok(())
}

/// Removes it.
pub(crate) fn delete(tx: &Tx<'_>, key: LocalKey) -> Result<()> {
    tx.execute("DELETE FROM refusal WHERE key = ?1", [key.0])?;
    Ok(())
}
