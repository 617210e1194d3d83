//! What closures get: a [`Reader`], or a [`Tx`] that can also write.

use crate::queue::Queue;
use crate::store::Seqs;
use crate::writer::{Job, SLICE, lost};
use crate::{Result, StoreError};
use rusqlite::{Connection, OptionalExtension, Params, Row};
use std::cell::Cell;
use std::ops::Deref;
use std::time::Instant;
use sync_engine::{RunId, Seq};

/// Reads of one moment.
pub struct Reader<'c> {
    pub(crate) connection: &'c Connection,
    run: RunId,
    broken: Cell<bool>,
}

impl<'c> Reader<'c> {
    pub(crate) fn new(connection: &'c Connection, run: RunId) -> Self {
        Self { connection, run, broken: Cell::new(false) }
    }

    /// The present run.
    pub fn run(&self) -> RunId {
        self.run
    }

    /// The disk failed under this connection.
    pub(crate) fn broken(&self) -> bool {
        self.broken.get()
    }

    /// Notes errors after which the connection is not to be trusted.
    fn noted<T>(&self, result: rusqlite::Result<T>) -> Result<T> {
        result.map_err(|error| {
            let error = StoreError::from(error);
            if error.breaks_connection() {
                self.broken.set(true);
            }
            error
        })
    }

    /// One row or none.
    pub(crate) fn row<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        let mut statement = self.noted(self.connection.prepare_cached(sql))?;
        let mut rows = self.noted(statement.query(params))?;
        self.noted(rows.next())?.map(read).transpose()
    }

    /// One value or none.
    pub(crate) fn value<T: rusqlite::types::FromSql>(
        &self,
        sql: &str,
        params: impl Params,
    ) -> Result<Option<T>> {
        let mut statement = self.noted(self.connection.prepare_cached(sql))?;
        self.noted(statement.query_row(params, |row| row.get(0)).optional())
    }

    /// All rows.
    pub(crate) fn rows<T>(
        &self,
        sql: &str,
        params: impl Params,
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut found = Vec::new();
        self.each(sql, params, |row| {
            found.push(read(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// Visits all rows.
    pub(crate) fn each(
        &self,
        sql: &str,
        params: impl Params,
        mut visit: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut statement = self.noted(self.connection.prepare_cached(sql))?;
        let mut rows = self.noted(statement.query(params))?;
        while let Some(row) = self.noted(rows.next())? {
            visit(row)?;
        }
        Ok(())
    }
}

/// One transaction.
pub struct Tx<'c> {
    reader: Reader<'c>,
    queue: &'c Queue<Job>,
    seqs: &'c Seqs,
    began: Instant,
}

impl<'c> Tx<'c> {
    pub(crate) fn new(reader: Reader<'c>, queue: &'c Queue<Job>, seqs: &'c Seqs, began: Instant) -> Self {
        Self { reader, queue, seqs, began }
    }

    /// As [`crate::Store::next_seq`].
    pub fn next_seq(&self) -> Seq {
        self.seqs.next()
    }

    /// A long write should end here and go on in another transaction: a person's edit waits, or 20 ms are over.
    pub fn should_pause(&self) -> bool {
        self.began.elapsed() >= SLICE || self.queue.person_waits()
    }

    /// After some errors SQLite ends the transaction by itself; what followed would be stored without the rest.
    pub(crate) fn still_open(&self) -> Result<()> {
        if self.connection.is_autocommit() { Err(lost()) } else { Ok(()) }
    }

    /// Executes statements outside of a transaction (`Store::shrink`).
    pub(crate) fn bare(&self, sql: &str) -> Result<()> {
        let mut statement = self.noted(self.connection.prepare(sql))?;
        let mut rows = self.noted(statement.query([]))?;
        while self.noted(rows.next())?.is_some() {}
        Ok(())
    }

    /// Executes a statement; the number of rows changed.
    pub(crate) fn execute(&self, sql: &str, params: impl Params) -> Result<usize> {
        self.still_open()?;
        let mut statement = self.noted(self.connection.prepare_cached(sql))?;
        self.noted(statement.execute(params))
    }

    /// Executes a statement; `what` exists already if a UNIQUE constraint says so.
    pub(crate) fn unique(&self, what: &str, sql: &str, params: impl Params) -> Result<usize> {
        self.still_open()?;
        let mut statement = self.noted(self.connection.prepare_cached(sql))?;
        match statement.execute(params) {
            Err(error) if is_unique(&error) => Err(StoreError::Exists(what.to_owned())),
            other => self.noted(other),
        }
    }

    /// Inserts a row and tells its id; `what` exists already if a UNIQUE constraint says so.
    pub(crate) fn insert(&self, what: &str, sql: &str, params: impl Params) -> Result<i64> {
        self.still_open()?;
        let mut statement = self.noted(self.connection.prepare_cached(sql))?;
        match statement.insert(params) {
            Err(error) if is_unique(&error) => Err(StoreError::Exists(what.to_owned())),
            other => self.noted(other),
        }
    }
}

/// A UNIQUE constraint refused it.
fn is_unique(error: &rusqlite::Error) -> bool {
    use rusqlite::ffi::{SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE};
    let code = error.sqlite_error().map(|e| e.extended_code);
    matches!(code, Some(SQLITE_CONSTRAINT_UNIQUE | SQLITE_CONSTRAINT_PRIMARYKEY))
}

impl<'c> Deref for Tx<'c> {
    type Target = Reader<'c>;
    fn deref(&self) -> &Reader<'c> {
        &self.reader
    }
}
