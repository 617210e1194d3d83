//! Tables `conflict`, `decision`, `row_number`: two changes that met, and what is decided so far.

use crate::columns::{Columns, to_json, to_name};
use crate::{Reader, Result, Tx};
use record_merge::Decision;
use sync_engine::{Conflict, LocalKey, RowNumber};

/// For the JOIN, with alias `k`.
pub(crate) const COLUMNS: &str = "k.kind, k.must_look";
const COUNT: usize = 2;

/// Reads [`COLUMNS`]; decisions and numbers are read apart ([`fill`]).
pub(crate) fn read(columns: &mut Columns<'_, '_>) -> Result<Option<Conflict>> {
    columns.of("conflict");
    let Some(kind) = columns.name_or_null()? else {
        columns.skip(COUNT - 1);
        return Ok(None);
    };
    Ok(Some(Conflict { kind, decisions: Vec::new(), rows: Vec::new(), must_look: columns.take()? }))
}

/// Reads the decisions and row numbers of a conflict.
pub(crate) fn fill(reader: &Reader<'_>, key: LocalKey, conflict: &mut Conflict) -> Result<()> {
    conflict.decisions = decisions(reader, key, false)?;
    let sql = "SELECT path, part FROM row_number WHERE key = ?1 ORDER BY number";
    conflict.rows = reader.rows(sql, [key.0], |row| {
        let mut columns = Columns::new(row, "row_number", key.0);
        Ok(RowNumber { path: columns.json()?, part: columns.take()? })
    })?;
    Ok(())
}

/// Decisions in their order: for the conflict, or those the edit came from.
pub(crate) fn decisions(reader: &Reader<'_>, key: LocalKey, earlier: bool) -> Result<Vec<Decision>> {
    let sql = "SELECT path, part, choice, value, validator, theirs_then, mine_then
               FROM decision WHERE key = ?1 AND earlier = ?2 ORDER BY position";
    reader.rows(sql, (key.0, earlier), |row| {
        let mut columns = Columns::new(row, "decision", key.0);
        Ok(Decision {
            path: columns.json()?,
            part: columns.take()?,
            choice: columns.name()?,
            value: columns.take()?,
            validator: columns.take()?,
            theirs_then: columns.take()?,
            mine_then: columns.take()?,
        })
    })
}

/// Replaces the decisions by these. What stands before the first that differs stays: of a thousand decisions the last
/// one is written, not all of them again.
pub(crate) fn save_decisions(
    tx: &Tx<'_>,
    key: LocalKey,
    earlier: bool,
    before: &[Decision],
    decisions: &[Decision],
) -> Result<()> {
    let same = before.iter().zip(decisions).take_while(|(before, now)| before == now).count();
    let sql = "DELETE FROM decision WHERE key = ?1 AND earlier = ?2 AND position >= ?3";
    tx.execute(sql, (key.0, earlier, same))?;
    for (position, d) in decisions.iter().enumerate().skip(same) {
        tx.execute(
            "INSERT INTO decision (key, earlier, position, path, part, choice, value, validator, theirs_then, mine_then)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            (
                key.0,
                earlier,
                position,
                to_json(&d.path)?,
                d.part,
                to_name(&d.choice)?,
                &d.value,
                &d.validator,
                &d.theirs_then,
                &d.mine_then,
            ),
        )?;
    }
    Ok(())
}

/// Stores or replaces it with its decisions and row numbers.
pub(crate) fn save(tx: &Tx<'_>, key: LocalKey, conflict: &Conflict, before: Option<&Conflict>) -> Result<()> {
    tx.execute(
        "INSERT INTO conflict (key, kind, must_look) VALUES (?1, ?2, ?3)
         ON CONFLICT (key) DO UPDATE SET kind = ?2, must_look = ?3",
        (key.0, to_name(&conflict.kind)?, conflict.must_look),
    )?;
    let decided = before.map(|b| b.decisions.as_slice()).unwrap_or_default();
    if decided != conflict.decisions {
        save_decisions(tx, key, false, decided, &conflict.decisions)?;
    }
    if before.is_none_or(|b| b.rows != conflict.rows) {
        tx.execute("DELETE FROM row_number WHERE key = ?1", [key.0])?;
        for (number, row) in conflict.rows.iter().enumerate() {
            tx.execute(
                "INSERT INTO row_number (key, number, path, part) VALUES (?1, ?2, ?3, ?4)",
                (key.0, number + 1, to_json(&row.path)?, row.part),
            )?;
        }
    }
    Ok(())
}

/// Removes it with its decisions and row numbers.
pub(crate) fn delete(tx: &Tx<'_>, key: LocalKey) -> Result<()> {
    tx.execute("DELETE FROM decision WHERE key = ?1 AND NOT earlier", [key.0])?;
    tx.execute("DELETE FROM conflict WHERE key = ?1", [key.0])?;
    Ok(())
}
