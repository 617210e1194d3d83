//! The thread that owns the one writing connection.

use crate::open;
use crate::queue::{Next, Queue};
use crate::store::Seqs;
use crate::{OpenError, Reader, Result, StoreError, Tx};
use rusqlite::Connection;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use sync_engine::RunId;

/// A page of a pull is cut here, and so is a group of answers: a waiting edit goes next.
pub(crate) const SLICE: Duration = Duration::from_millis(20);

/// So long nobody wrote: time to tidy up.
const QUIET: Duration = Duration::from_millis(500);

/// Answers that share one commit.
const GROUP: usize = 64;

/// What a job hands back: did it succeed, and whom to tell once the transaction has ended.
pub(crate) struct Done {
    pub(crate) ok: bool,
    pub(crate) tell: Box<dyn FnOnce(Result<()>) + Send>,
}

/// One job.
pub(crate) struct Job {
    /// A commit that power loss may forget (never a damaged file).
    pub(crate) relaxed: bool,
    pub(crate) work: Box<dyn FnOnce(Result<&mut Tx<'_>>) -> Done + Send>,
}

pub(crate) struct Writer {
    connection: Option<Connection>,
    path: PathBuf,
    run: RunId,
    seqs: Arc<Seqs>,
    relaxed: bool,
}

impl Writer {
    pub(crate) fn new(connection: Connection, path: PathBuf, run: RunId, seqs: Arc<Seqs>) -> Self {
        Self { connection: Some(connection), path, run, seqs, relaxed: false }
    }

    /// Works until the queue is closed and empty, then leaves a clean file.
    pub(crate) fn work(mut self, queue: &Queue<Job>) {
        let mut written = false;
        loop {
            match queue.pop(written.then_some(QUIET)) {
                Next::Job(job) => {
                    self.transaction(job, queue);
                    written = true;
                }
                Next::Quiet => {
                    self.checkpoint();
                    written = false;
                }
                Next::Closed => break,
            }
        }
        if let Some(connection) = self.connection.take() {
            // Without effect on what is stored: a later opening does the same.
            let _ = connection.execute_batch("PRAGMA optimize");
            let _ = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        }
    }

    /// Takes the log over into the file while nobody waits: else it would be part of somebody's commit.
    fn checkpoint(&mut self) {
        let Some(connection) = &self.connection else { return };
        let result = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
        if result.is_err_and(|error| StoreError::from(error).breaks_connection()) {
            self.connection = None;
        }
    }

    /// One transaction: a job, or several relaxed ones.
    fn transaction(&mut self, first: Job, queue: &Queue<Job>) {
        let began = Instant::now();
        let relaxed = first.relaxed;
        if let Err(error) = self.begin(relaxed) {
            ((first.work)(Err(error)).tell)(Ok(()));
            return;
        }
        let Some(connection) = &self.connection else { return };
        let mut told = Vec::new();
        let mut broken = false;
        let mut next = Some(first);
        while let Some(job) = next.take() {
            let mut tx = Tx::new(Reader::new(connection, self.run), queue, &self.seqs, began);
            told.push(savepoint(connection, &mut tx, job, &mut broken));
            if relaxed
                && !broken
                && told.len() < GROUP
                && began.elapsed() < SLICE
                && !connection.is_autocommit()
            {
                next = queue.pop_sync_if(|job| job.relaxed);
            }
        }
        let end = if !told.iter().any(|done| done.ok) {
            roll_back(connection);
            Ok(())
        } else if broken || connection.is_autocommit() {
            // The disk failed under one of them, or SQLite rolled everything back by itself.
            roll_back(connection);
            Err(lost())
        } else {
            connection.execute_batch("COMMIT").map_err(|error| {
                roll_back(connection);
                StoreError::from(error)
            })
        };
        broken |= end.as_ref().is_err_and(StoreError::breaks_connection);
        for done in told {
            // Those that failed by themselves tell their own error.
            let result = match &end {
                Ok(()) => Ok(()),
                Err(error) => Err(copy(error)),
            };
            (done.tell)(result);
        }
        if broken {
            self.connection = None;
        }
    }

    /// Begins a transaction, on a connection opened anew and checked if the last one broke.
    fn begin(&mut self, relaxed: bool) -> Result<()> {
        if self.connection.is_none() {
            let connection = open::writer(&self.path)?;
            open::quick_check(&connection).map_err(|error| match error {
                OpenError::Store(error) => error,
                error => StoreError::Disk { trouble: crate::DiskTrouble::Damaged, words: error.to_string() },
            })?;
            tracing::warn!("the data file was opened again after an error of the disk");
            self.connection = Some(connection);
            self.relaxed = false;
        }
        let Some(connection) = &self.connection else { return Err(StoreError::Closed) };
        if self.relaxed != relaxed {
            connection.pragma_update(None, "synchronous", if relaxed { "NORMAL" } else { "FULL" })?;
            self.relaxed = relaxed;
        }
        let begun = connection.execute_batch("BEGIN IMMEDIATE").map_err(StoreError::from);
        if begun.as_ref().is_err_and(StoreError::breaks_connection) {
            self.connection = None;
        }
        begun
    }
}

/// Runs one job inside its own savepoint; undone if it fails or panics. `broken` is set if the disk failed under it.
fn savepoint(connection: &Connection, tx: &mut Tx<'_>, job: Job, broken: &mut bool) -> Done {
    if let Err(error) = connection.execute_batch("SAVEPOINT job") {
        return (job.work)(Err(error.into()));
    }
    let done = (job.work)(Ok(&mut *tx));
    *broken |= tx.broken();
    let sql = if done.ok { "RELEASE job" } else { "ROLLBACK TO job; RELEASE job" };
    if !connection.is_autocommit() && connection.execute_batch(sql).is_err() {
        // The whole transaction is undone: every job of it is told so.
        roll_back(connection);
    }
    done
}

fn roll_back(connection: &Connection) {
    if !connection.is_autocommit() {
        let _ = connection.execute_batch("ROLLBACK");
    }
}

pub(crate) fn lost() -> StoreError {
    StoreError::Disk {
        trouble: crate::DiskTrouble::Broken,
        words: "The disk refused the change. Nothing was saved; try again.".to_owned(),
    }
}

/// The same error for each job of a group.
fn copy(error: &StoreError) -> StoreError {
    match error {
        StoreError::Disk { trouble, words } => StoreError::Disk { trouble: *trouble, words: words.clone() },
        StoreError::Busy => StoreError::Busy,
        error => StoreError::row("record", 0, error),
    }
}

/// Wraps work into a job. `answer` gets its result after the transaction has ended.
pub(crate) fn job<T, E, F, A>(relaxed: bool, work: F, answer: A) -> Job
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
    F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    A: FnOnce(Result<T, E>) + Send + 'static,
{
    let work = move |tx: Result<&mut Tx<'_>>| {
        let result = match tx {
            Err(error) => Err(E::from(error)),
            Ok(tx) => catch_unwind(AssertUnwindSafe(|| work(tx))).unwrap_or_else(|_| {
                tracing::error!("a write panicked and was undone");
                Err(E::from(StoreError::Panicked))
            }),
        };
        let ok = result.is_ok();
        let tell = move |end: Result<()>| {
            answer(match end {
                Err(error) if ok => Err(E::from(error)),
                _ => result,
            });
        };
        Done { ok, tell: Box::new(tell) }
    };
    Job { relaxed, work: Box::new(work) }
}
