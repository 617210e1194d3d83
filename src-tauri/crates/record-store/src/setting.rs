//! Table `setting`: names and values, and the number of the run.

use crate::{Reader, Result, StoreError, Tx};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use sync_engine::RunId;

const RUN: &str = "run";

impl Reader<'_> {
    /// The value of a setting.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn setting(&self, name: &str) -> Result<Option<String>> {
        self.value("SELECT value FROM setting WHERE name = ?1", [name])
    }
}

impl Tx<'_> {
    /// Sets or (`None`) removes a setting.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn set_setting(&mut self, name: &str, value: Option<&str>) -> Result<()> {
        match value {
            Some(value) => {
                self.execute("INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)", (name, value))
            }
            None => self.execute("DELETE FROM setting WHERE name = ?1", [name]),
        }?;
        Ok(())
    }
}

/// Draws the number of this run and marks what other runs had under way.
pub(crate) fn draw_run(connection: &Connection) -> Result<RunId> {
    let tx = rusqlite::Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    let run = RunId(last_run(&tx)?.0 + 1);
    tx.execute("INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)", (RUN, run.0.to_string()))?;
    crate::waiting::mark_other_runs_lost(&tx, run)?;
    tx.commit()?;
    Ok(run)
}

/// The last run there was; 0 = none.
pub(crate) fn last_run(connection: &Connection) -> Result<RunId> {
    let text: Option<String> = connection
        .query_row("SELECT value FROM setting WHERE name = ?1", [RUN], |row| row.get(0))
        .optional()?;
    let number = text.map(|t| t.parse().map_err(|e| StoreError::row("setting", 0, e))).transpose()?;
    Ok(RunId(number.unwrap_or(0)))
}
