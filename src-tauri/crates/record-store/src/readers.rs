//! Threads with read-only connections: a long write never stops a list.

use crate::queue::{Next, Queue};
use crate::{Reader, Result, StoreError};
use rusqlite::Connection;
use std::panic::{AssertUnwindSafe, catch_unwind};
use sync_engine::RunId;

/// One read.
pub(crate) type ReadJob = Box<dyn FnOnce(&Reader<'_>) + Send>;

/// Works until the queue is closed and empty.
pub(crate) fn work(connection: &Connection, run: RunId, queue: &Queue<ReadJob>) {
    while let Next::Job(job) = queue.pop(None) {
        // One transaction: everything a closure reads is of one moment.
        let begun = connection.execute_batch("BEGIN").is_ok();
        job(&Reader::new(connection, run));
        if begun {
            let _ = connection.execute_batch("ROLLBACK");
        }
    }
}

/// Wraps work into a job.
pub(crate) fn job<T, E, F, A>(work: F, answer: A) -> ReadJob
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
    F: FnOnce(&Reader<'_>) -> Result<T, E> + Send + 'static,
    A: FnOnce(Result<T, E>) + Send + 'static,
{
    Box::new(move |reader| {
        let result = catch_unwind(AssertUnwindSafe(|| work(reader)));
        answer(result.unwrap_or_else(|_| Err(E::from(StoreError::Panicked))));
    })
}
