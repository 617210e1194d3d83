//! The store: one writing thread, a few reading ones.

use crate::lock::Lock;
use crate::queue::{Priority, Queue};
use crate::readers::{self, ReadJob};
use crate::writer::{self, Job, Writer};
use crate::{OpenError, Reader, Result, StoreError, Tx, open, setting};
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use sync_engine::{RunId, Seq};
use tokio::sync::oneshot;

const READERS: usize = 3;

/// Sequence numbers: the run times 2^32 plus a count, so that they rise over restarts without a write per request.
#[derive(Debug)]
pub(crate) struct Seqs(AtomicI64);

impl Seqs {
    fn of(run: RunId) -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(run.0.saturating_mul(1 << 32))))
    }

    pub(crate) fn next(&self) -> Seq {
        Seq(self.0.fetch_add(1, Ordering::Relaxed).saturating_add(1))
    }
}

/// The open data folder. Cheap to clone; the last clone closes the file, waiting for writes already asked for.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    home: PathBuf,
    run: RunId,
    seqs: Arc<Seqs>,
    writes: Option<Arc<Queue<Job>>>,
    reads: Arc<Queue<ReadJob>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    migrated_from: Option<i64>,
    lock: Mutex<Option<Lock>>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("home", &self.0.home).field("run", &self.0.run).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the data folder for reading and writing, making it if needed: takes the lock, looks for damage after an
    /// unclean stop, makes a backup and migrates an older file, draws a new [`RunId`] and marks what another run had
    /// under way as uncertain.
    ///
    /// # Errors
    /// See [`OpenError`]; an existing file is unchanged then.
    pub fn open(home: &Path) -> Result<Self, OpenError> {
        let lock = Lock::take(home)?;
        let opened = open::for_writing(home)?;
        let connection = opened.connection;
        let run = setting::draw_run(&connection)?;
        let writes = Arc::new(Queue::new());
        let path = open::file(home);
        let mut threads = Vec::new();
        let seqs = Seqs::of(run);
        let writer = Writer::new(connection, path.clone(), run, Arc::clone(&seqs));
        let queue = Arc::clone(&writes);
        threads.push(spawn(home, "store-writer", move || writer.work(&queue))?);
        let reads = start_readers(home, &path, run, &mut threads)?;
        Ok(Self(Arc::new(Inner {
            home: home.to_owned(),
            run,
            seqs,
            writes: Some(writes),
            reads,
            threads: Mutex::new(threads),
            migrated_from: opened.migrated_from,
            lock: Mutex::new(Some(lock)),
        })))
    }

    /// As [`Store::open`], waiting up to `patience` for another program to let go of the lock.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_waiting(home: &Path, patience: Duration) -> Result<Self, OpenError> {
        let began = Instant::now();
        loop {
            match Self::open(home) {
                Err(OpenError::Locked { .. }) if began.elapsed() < patience => {
                    std::thread::sleep(Duration::from_millis(50));
                }
                other => return other,
            }
        }
    }

    /// Opens the data folder without the lock, for commands that only read; writes answer [`StoreError::Closed`].
    ///
    /// # Errors
    /// [`OpenError::NothingThere`] for an empty folder, else as [`Store::open`].
    pub fn open_read_only(home: &Path) -> Result<Self, OpenError> {
        let path = open::check_for_reading(home)?;
        let run = setting::last_run(&open::reader(&path)?)?;
        let mut threads = Vec::new();
        let reads = start_readers(home, &path, run, &mut threads)?;
        Ok(Self(Arc::new(Inner {
            home: home.to_owned(),
            run,
            seqs: Seqs::of(run),
            writes: None,
            reads,
            threads: Mutex::new(threads),
            migrated_from: None,
            lock: Mutex::new(None),
        })))
    }

    /// The data folder.
    pub fn home(&self) -> &Path {
        &self.0.home
    }

    /// This run: drawn when the store was opened for writing (else the last one).
    pub fn run(&self) -> RunId {
        self.0.run
    }

    /// It may be written to.
    pub fn writable(&self) -> bool {
        self.0.writes.is_some()
    }

    /// The version of the file before this opening brought it up to date, if it did.
    pub fn migrated_from(&self) -> Option<i64> {
        self.0.migrated_from
    }

    /// The next sequence number: higher than every one before, also those of earlier runs.
    pub fn next_seq(&self) -> Seq {
        self.0.seqs.next()
    }

    /// Runs `work` in one transaction on the writing thread: committed and flushed to the disk before the future
    /// answers `Ok`, undone on `Err` and on a panic. It is queued by this call, not by the first poll, and runs also if
    /// the future is dropped.
    pub fn write<T, F>(
        &self,
        priority: Priority,
        work: F,
    ) -> impl Future<Output = Result<T>> + Send + use<T, F>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        self.try_write(priority, work)
    }

    /// As [`Store::write`] with the caller's own error.
    pub fn try_write<T, E, F>(
        &self,
        priority: Priority,
        work: F,
    ) -> impl Future<Output = Result<T, E>> + Send + use<T, E, F>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job = writer::job(false, work, move |result| drop(answer.send(result)));
        self.push(priority, job);
        async move { answered.await.unwrap_or_else(|_| Err(E::from(StoreError::Closed))) }
    }

    /// As [`Store::write`] for what a server can tell again (answers, pulls): atomic, but power loss may forget it, and
    /// several may share one commit.
    pub fn write_relaxed<T, F>(&self, work: F) -> impl Future<Output = Result<T>> + Send + use<T, F>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        self.try_write_relaxed(work)
    }

    /// As [`Store::write_relaxed`] with the caller's own error.
    pub fn try_write_relaxed<T, E, F>(
        &self,
        work: F,
    ) -> impl Future<Output = Result<T, E>> + Send + use<T, E, F>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job = writer::job(true, work, move |result| drop(answer.send(result)));
        self.push(Priority::Sync, job);
        async move { answered.await.unwrap_or_else(|_| Err(E::from(StoreError::Closed))) }
    }

    /// As [`Store::try_write`], waiting here. Not to be called from a job of this store.
    ///
    /// # Errors
    /// Those of `work`, and of the commit.
    pub fn write_blocking<T, E, F>(&self, priority: Priority, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let (answer, answered) = mpsc::sync_channel(1);
        self.push(priority, writer::job(false, work, move |result| drop(answer.send(result))));
        answered.recv().unwrap_or_else(|_| Err(E::from(StoreError::Closed)))
    }

    /// Gives the free room of the file back to the disk. Writes wait meanwhile: about a second for 200 MB.
    ///
    /// # Errors
    /// The disk has no room for a second copy of the file, or another program reads it; nothing is lost then.
    pub fn shrink(&self) -> impl Future<Output = Result<()>> + Send + use<> {
        let (answer, answered) = oneshot::channel();
        let work = |tx: &mut Tx<'_>| -> Result<()> {
            tx.bare("VACUUM")?;
            tx.bare("PRAGMA wal_checkpoint(TRUNCATE)")
        };
        let mut job = writer::job(false, work, move |result| drop(answer.send(result)));
        job.bare = true;
        self.push(Priority::Sync, job);
        async move { answered.await.unwrap_or(Err(StoreError::Closed)) }
    }

    /// Runs `read` on a read-only connection: all it sees is of one moment, and writes go on beside it.
    pub fn read<T, F>(&self, read: F) -> impl Future<Output = Result<T>> + Send + use<T, F>
    where
        T: Send + 'static,
        F: FnOnce(&Reader<'_>) -> Result<T> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let _ =
            self.0.reads.push(Priority::Person, readers::job(read, move |result| drop(answer.send(result))));
        async move { answered.await.unwrap_or(Err(StoreError::Closed)) }
    }

    /// As [`Store::read`], waiting here.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn read_blocking<T, E, F>(&self, read: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&Reader<'_>) -> Result<T, E> + Send + 'static,
    {
        let (answer, answered) = mpsc::sync_channel(1);
        let _ =
            self.0.reads.push(Priority::Person, readers::job(read, move |result| drop(answer.send(result))));
        answered.recv().unwrap_or_else(|_| Err(E::from(StoreError::Closed)))
    }

    /// A job that is not taken is dropped: its caller learns that the store is closed.
    fn push(&self, priority: Priority, job: Job) {
        if let Some(writes) = &self.0.writes {
            let _ = writes.push(priority, job);
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.reads.close();
        if let Some(writes) = &self.writes {
            writes.close();
        }
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        let own = std::thread::current().id();
        for thread in threads {
            // The last clone may be dropped by a job: its own thread ends by itself.
            if thread.thread().id() != own {
                let _ = thread.join();
            }
        }
        self.lock.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

fn start_readers(
    home: &Path,
    path: &Path,
    run: RunId,
    threads: &mut Vec<JoinHandle<()>>,
) -> Result<Arc<Queue<ReadJob>>, OpenError> {
    let reads = Arc::new(Queue::new());
    for _ in 0..READERS {
        let connection = open::reader(path)?;
        let queue = Arc::clone(&reads);
        threads.push(spawn(home, "store-reader", move || readers::work(&connection, run, &queue))?);
    }
    Ok(reads)
}

fn spawn(home: &Path, name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, OpenError> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(work)
        .map_err(|error| OpenError::Folder { folder: home.to_owned(), words: error.to_string() })
}
