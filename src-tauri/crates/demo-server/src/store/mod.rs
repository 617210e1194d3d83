//! The database on its own threads: one writer, two readers. Work is sent to them as closures.

pub(crate) mod collections;
pub(crate) mod history;
pub(crate) mod records;
pub(crate) mod replay;
mod schema;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;

use rusqlite::{CachedStatement, Connection};
use tokio::sync::{oneshot, watch};

use crate::options::RequestObserver;
use crate::problem::Fail;
use crate::validation::Compiled;

/// Threads that answer reads.
const READERS: usize = 2;

/// A connection with its prepared statements.
pub(crate) struct Db {
    conn: Connection,
    /// Schemas this thread has compiled.
    pub compiled: Compiled,
    /// Told about items of a batch.
    pub observer: Option<RequestObserver>,
}

impl Db {
    fn new(conn: Connection, observer: Option<RequestObserver>) -> Self {
        Self { conn, compiled: Compiled::default(), observer }
    }

    /// A prepared statement, kept for the next time.
    pub(crate) fn prepare(&self, sql: &str) -> rusqlite::Result<CachedStatement<'_>> {
        self.conn.prepare_cached(sql)
    }

    /// Runs one statement without parameters.
    fn run(&self, sql: &str) -> rusqlite::Result<()> {
        self.prepare(sql)?.execute([]).map(drop)
    }

    /// Runs `work` in a savepoint, which is a transaction when there is none around it. What it did is kept only if it
    /// returns `Ok` and `keep` says so.
    pub(crate) fn scope<T>(
        &self,
        work: impl FnOnce(&Db) -> Result<T, Fail>,
        keep: impl FnOnce(&T) -> bool,
    ) -> Result<T, Fail> {
        self.run("SAVEPOINT scope")?;
        let outcome = work(self);
        if !outcome.as_ref().is_ok_and(keep) {
            self.run("ROLLBACK TO scope")?;
        }
        self.run("RELEASE scope")?;
        outcome
    }
}

type Job = Box<dyn FnOnce(&Db) + Send>;

enum Message {
    Work(Job),
    Stop,
}

/// The database of a server.
pub(crate) struct Store {
    writer: mpsc::Sender<Message>,
    readers: mpsc::Sender<Message>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    changed: Arc<watch::Sender<u64>>,
}

impl Store {
    /// Opens (or makes) the database file and starts the threads.
    pub(crate) fn open(
        path: &Path,
        lasting: bool,
        observer: Option<RequestObserver>,
    ) -> rusqlite::Result<Self> {
        let conn = schema::open_writer(path, lasting)?;
        let readers: Vec<Connection> =
            (0..READERS).map(|_| schema::open_reader(path)).collect::<rusqlite::Result<_>>()?;
        let mut threads = Vec::new();
        let (writer, write_queue) = mpsc::channel();
        let (read_sender, read_queue) = mpsc::channel();
        let read_queue = Arc::new(Mutex::new(read_queue));
        for conn in readers {
            let queue = Arc::clone(&read_queue);
            threads.push(std::thread::spawn(move || {
                work(&Db::new(conn, None), || queue.lock().unwrap_or_else(PoisonError::into_inner).recv());
            }));
        }
        threads.push(std::thread::spawn(move || work(&Db::new(conn, observer), || write_queue.recv())));
        let changed = Arc::new(watch::Sender::new(0));
        Ok(Self { writer, readers: read_sender, threads: Mutex::new(threads), changed })
    }

    /// Runs `job` on the writer's thread. `None`: the server is stopping, or the job panicked.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Db) -> T + Send + 'static,
    ) -> Option<T> {
        let changed = Arc::clone(&self.changed);
        let answer = submit(&self.writer, move |db| {
            let before = db.conn.total_changes();
            let answer = job(db);
            if db.conn.total_changes() != before {
                changed.send_modify(|n| *n = n.wrapping_add(1));
            }
            answer
        });
        answer?.await.ok()
    }

    /// Runs `job` on a reader's thread. `None`: the server is stopping, or the job panicked.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Db) -> T + Send + 'static,
    ) -> Option<T> {
        submit(&self.readers, job)?.await.ok()
    }

    /// Rises after every write.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Ends the threads after what is queued, so that the file is closed and may be opened again. Blocks until then.
    pub(crate) fn close(&self) {
        let threads: Vec<_> = self.threads.lock().unwrap_or_else(PoisonError::into_inner).drain(..).collect();
        if threads.is_empty() {
            return;
        }
        // A thread that is gone already needs no message.
        let _ = self.writer.send(Message::Stop);
        for _ in 0..READERS {
            let _ = self.readers.send(Message::Stop);
        }
        for thread in threads {
            if thread.join().is_err() {
                tracing::error!("a database thread ended by a panic");
            }
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.close();
    }
}

fn submit<T: Send + 'static>(
    queue: &mpsc::Sender<Message>,
    job: impl FnOnce(&Db) -> T + Send + 'static,
) -> Option<oneshot::Receiver<T>> {
    let (send, receive) = oneshot::channel();
    let job: Job = Box::new(move |db| {
        // The client may have gone away; what was asked is done all the same.
        let _ = send.send(job(db));
    });
    queue.send(Message::Work(job)).ok()?;
    Some(receive)
}

fn work(db: &Db, next: impl Fn() -> Result<Message, mpsc::RecvError>) {
    while let Ok(Message::Work(job)) = next() {
        if catch_unwind(AssertUnwindSafe(|| job(db))).is_err() {
            tracing::error!("a request made the database thread panic; its changes are taken back");
        }
        if !db.conn.is_autocommit()
            && let Err(error) = db.conn.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "an unfinished transaction could not be taken back");
        }
    }
}
