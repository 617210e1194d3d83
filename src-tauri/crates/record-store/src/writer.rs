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
    /// What cannot be done inside a transaction: the file is tidied up as a whole.
    pub(crate) bare: bool,
    pub(crate) work: Work,
}

/// Gets the transaction, or why there is none.
pub(crate) type Work = Box<dyn FnOnce(Result<&mut Tx<'_>>) -> Done + Send>;

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
                Next::Job(job) if job.bare => self.bare(job, queue),
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

    /// A job without a transaction around it.
    fn bare(&mut self, job: Job, queue: &Queue<Job>) {
        if let Err(error) = self.connect() {
            ((job.work)(Err(error)).tell)(Ok(()));
            return;
        }
        let Some(connection) = &self.connection else { return };
        let group = Group { connection, run: self.run, queue, seqs: &self.seqs, began: Instant::now() };
        let (done, broken) = group.alone(job);
        (done.tell)(Ok(()));
        if broken {
            self.connection = None;
        }
    }

    /// One transaction: a job, or several relaxed ones.
    fn transaction(&mut self, first: Job, queue: &Queue<Job>) {
        let relaxed = first.relaxed;
        if let Err(error) = self.begin(relaxed) {
            ((first.work)(Err(error)).tell)(Ok(()));
            return;
        }
        let Some(connection) = &self.connection else { return };
        let group = Group { connection, run: self.run, queue, seqs: &self.seqs, began: Instant::now() };
        let (done, mut broken) = group.alone(first);
        let mut told = vec![done];
        // A first one that failed leaves nothing to share a commit with.
        while relaxed && !broken && group.goes_on(&told) {
            let Some(job) = queue.pop_sync_if(|job| job.relaxed && !job.bare) else { break };
            let (done, broke) = group.in_savepoint(job);
            told.push(done);
            broken |= broke;
        }
        let end = group.end(&told, broken);
        broken |= end.as_ref().is_err_and(StoreError::breaks_connection);
        for done in told {
            // Those that failed by themselves tell their own error.
            (done.tell)(match &end {
                Ok(()) => Ok(()),
                Err(error) => Err(copy(error)),
            });
        }
        if broken {
            self.connection = None;
        }
    }

    /// A connection, opened anew and checked if the last one broke.
    fn connect(&mut self) -> Result<()> {
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
        Ok(())
    }

    /// Begins a transaction.
    fn begin(&mut self, relaxed: bool) -> Result<()> {
        self.connect()?;
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

/// A transaction under way.
struct Group<'c> {
    connection: &'c Connection,
    run: RunId,
    queue: &'c Queue<Job>,
    seqs: &'c Seqs,
    began: Instant,
}

impl Group<'_> {
    /// Runs a job; the flag says that the disk failed under it.
    fn alone(&self, job: Job) -> (Done, bool) {
        let mut tx = Tx::new(Reader::new(self.connection, self.run), self.queue, self.seqs, self.began);
        let done = (job.work)(Ok(&mut tx));
        (done, tx.broken())
    }

    /// Runs a job that may be undone without those before it. Costs a copy of every page it changes, so the first one
    /// goes without.
    fn in_savepoint(&self, job: Job) -> (Done, bool) {
        if let Err(error) = self.connection.execute_batch("SAVEPOINT job") {
            return ((job.work)(Err(error.into())), false);
        }
        let (done, broken) = self.alone(job);
        let sql = if done.ok { "RELEASE job" } else { "ROLLBACK TO job; RELEASE job" };
        if !self.connection.is_autocommit() && self.connection.execute_batch(sql).is_err() {
            // The whole transaction is undone: every job of it is told so.
            roll_back(self.connection);
        }
        (done, broken)
    }

    /// Another job may share the commit.
    fn goes_on(&self, told: &[Done]) -> bool {
        told.first().is_some_and(|done| done.ok)
            && told.len() < GROUP
            && self.began.elapsed() < SLICE
            && !self.connection.is_autocommit()
    }

    fn end(&self, told: &[Done], broken: bool) -> Result<()> {
        if !told.iter().any(|done| done.ok) {
            roll_back(self.connection);
            return Ok(());
        }
        if broken || self.connection.is_autocommit() {
            // The disk failed under one of them, or SQLite rolled everything back by itself.
            roll_back(self.connection);
            return Err(lost());
        }
        self.connection.execute_batch("COMMIT").map_err(|error| {
            roll_back(self.connection);
            StoreError::from(error)
        })
    }
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
    Job { relaxed, bare: false, work: Box::new(work) }
}
