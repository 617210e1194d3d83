//! Table `audit`: the server's own log of a record, kept so that it can be read offline.

use crate::columns::{Columns, to_json, validator};
use crate::{Reader, Result, Tx};
use sync_engine::{LocalKey, Timestamp, Validator};

/// One line of the server's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    /// When, by the server's clock.
    pub at: Option<Timestamp>,
    /// Who.
    pub who: Option<String>,
    /// Validator before; `None` = it did not exist.
    pub from: Option<Validator>,
    /// Validator after; `None` = it was deleted.
    pub to: Option<Validator>,
    /// Members that changed.
    pub changed: Vec<String>,
    /// Id of the request.
    pub request_id: Option<String>,
}

const COLUMNS: &str = "at, who, from_validator, to_validator, changed, request_id";

impl Reader<'_> {
    /// The lines of a record as they were read last, oldest first.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn audit(&self, key: LocalKey) -> Result<Vec<Audit>> {
        let sql = format!("SELECT {COLUMNS} FROM audit WHERE key = ?1 ORDER BY position");
        self.rows(&sql, [key.0], |row| {
            let mut columns = Columns::new(row, "audit", key.0);
            Ok(Audit {
                at: columns.take::<Option<i64>>()?.map(Timestamp),
                who: columns.take()?,
                from: columns.validator()?,
                to: columns.validator()?,
                changed: columns.json()?,
                request_id: columns.take()?,
            })
        })
    }
}

impl Tx<'_> {
    /// Keeps the server's log of a record. A log that was cut or began anew does not take away what was read before:
    /// only lines that continue or repeat it are known ones.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn keep_audit(&mut self, key: LocalKey, lines: &[Audit], seen_at: Timestamp) -> Result<bool> {
        let kept = self.audit(key)?;
        let known =
            |line: &Audit| kept.iter().any(|k| (&k.from, &k.to, k.at) == (&line.from, &line.to, line.at));
        let next = i64::try_from(kept.len()).unwrap_or(i64::MAX);
        let mut news = false;
        for (position, line) in (next..).zip(lines.iter().filter(|line| !known(line))) {
            self.execute(
                "INSERT INTO audit (key, position, at, who, from_validator, to_validator, changed, request_id, seen_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                (
                    key.0,
                    position,
                    line.at.map(|at| at.0),
                    line.who.as_deref(),
                    validator(line.from.as_ref()),
                    validator(line.to.as_ref()),
                    to_json(&line.changed)?,
                    line.request_id.as_deref(),
                    seen_at.0,
                ),
            )?;
            news = true;
        }
        Ok(news)
    }
}
