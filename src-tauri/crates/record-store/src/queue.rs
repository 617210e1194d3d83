//! Work for the threads: closures in two lanes, people first.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Who waits for a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Priority {
    /// A person: goes first.
    Person,
    /// The server's answers and pulls.
    Sync,
}

/// What [`Queue::pop`] answers.
pub(crate) enum Next<J> {
    /// A job.
    Job(J),
    /// Nothing came in the time given.
    Quiet,
    /// Closed, and nothing is left.
    Closed,
}

/// Two lanes of jobs.
pub(crate) struct Queue<J> {
    lanes: Mutex<Lanes<J>>,
    filled: Condvar,
}

struct Lanes<J> {
    person: VecDeque<J>,
    sync: VecDeque<J>,
    closed: bool,
}

impl<J> Queue<J> {
    pub(crate) fn new() -> Self {
        let lanes = Lanes { person: VecDeque::new(), sync: VecDeque::new(), closed: false };
        Self { lanes: Mutex::new(lanes), filled: Condvar::new() }
    }

    fn lanes(&self) -> MutexGuard<'_, Lanes<J>> {
        // Jobs run outside the lock, so a panic cannot leave the lanes half changed.
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a job; gives it back when the queue is closed.
    pub(crate) fn push(&self, priority: Priority, job: J) -> Result<(), J> {
        let mut lanes = self.lanes();
        if lanes.closed {
            return Err(job);
        }
        match priority {
            Priority::Person => lanes.person.push_back(job),
            Priority::Sync => lanes.sync.push_back(job),
        }
        drop(lanes);
        self.filled.notify_one();
        Ok(())
    }

    /// The next job; waits for one, at most for `patience` if there is one.
    pub(crate) fn pop(&self, patience: Option<Duration>) -> Next<J> {
        let mut lanes = self.lanes();
        loop {
            if let Some(job) = lanes.person.pop_front() {
                return Next::Job(job);
            }
            if let Some(job) = lanes.sync.pop_front() {
                return Next::Job(job);
            }
            if lanes.closed {
                return Next::Closed;
            }
            lanes = match patience {
                None => self.filled.wait(lanes).unwrap_or_else(PoisonError::into_inner),
                Some(patience) => {
                    let (lanes, waited) =
                        self.filled.wait_timeout(lanes, patience).unwrap_or_else(PoisonError::into_inner);
                    if waited.timed_out() && lanes.person.is_empty() && lanes.sync.is_empty() && !lanes.closed
                    {
                        return Next::Quiet;
                    }
                    lanes
                }
            };
        }
    }

    /// The next job of the lower lane if it fits and nobody waits in the upper one; does not wait.
    pub(crate) fn pop_sync_if(&self, fits: impl FnOnce(&J) -> bool) -> Option<J> {
        let mut lanes = self.lanes();
        if !lanes.person.is_empty() || !lanes.sync.front().is_some_and(fits) {
            return None;
        }
        lanes.sync.pop_front()
    }

    /// A person waits.
    pub(crate) fn person_waits(&self) -> bool {
        !self.lanes().person.is_empty()
    }

    /// Takes no more jobs; those waiting are still done.
    pub(crate) fn close(&self) {
        self.lanes().closed = true;
        self.filled.notify_all();
    }
}
