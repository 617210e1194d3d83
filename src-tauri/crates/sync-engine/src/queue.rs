//! The policy for the queue: what may go out now.

use crate::{LocalKey, SourceId, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// What a waiting record needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Task {
    /// A read: settle a lost answer, fetch after a refusal, confirm an accepted write. Goes out before writes,
    /// also where writing is not allowed.
    Read,
    /// A write.
    Write,
}

/// One record with something to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Which.
    pub key: LocalKey,
    /// Its source.
    pub source: SourceId,
    /// Read or write.
    pub task: Task,
    /// Not before.
    pub not_before: Option<Timestamp>,
    /// Kept back by the person; reads go on.
    pub held: bool,
    /// The collection may be written to ([`crate::Rules::may_send`]).
    pub may_send: bool,
}

/// What holds for a source as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gate {
    /// Nothing goes out: signed out, or its address is unreachable until the next probe.
    pub closed: bool,
    /// Reads go out, writes do not (507).
    pub writes_closed: bool,
    /// One throttle per host (`Retry-After`, `Backoff`).
    pub not_before: Option<Timestamp>,
    /// Requests at once.
    pub lanes: usize,
    /// Of them in use.
    pub in_use: usize,
}

/// What to do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// These are due, in order, at most as many per source as it has free lanes times `batch`.
    Send(Vec<LocalKey>),
    /// Nothing now, something then.
    WaitUntil(Timestamp),
    /// Everything that waits is held, closed or not allowed.
    Paused,
    /// Nothing waits.
    Idle,
}

/// Decides what goes out. `busy` are records with a request under way: a record has one lane. `batch` is the
/// number of writes one request of a source can carry.
pub fn next(
    waiting: &[Waiting],
    gates: &BTreeMap<SourceId, Gate>,
    busy: &BTreeSet<LocalKey>,
    batch: &BTreeMap<SourceId, usize>,
    offline: bool,
    now: Timestamp,
) -> Next {
    let mut due = Vec::new();
    let mut earliest: Option<Timestamp> = None;
    let mut taken: BTreeMap<SourceId, usize> = BTreeMap::new();
    for w in waiting.iter().filter(|w| !busy.contains(&w.key)) {
        let gate = gates.get(&w.source).copied().unwrap_or_default();
        let write = w.task == Task::Write;
        if offline || gate.closed || (write && (w.held || !w.may_send || gate.writes_closed)) {
            continue;
        }
        let at = w.not_before.max(gate.not_before).filter(|at| *at > now);
        if let Some(at) = at {
            earliest = Some(earliest.map_or(at, |e| e.min(at)));
            continue;
        }
        let size = batch.get(&w.source).copied().unwrap_or(1).max(1);
        let room = gate.lanes.saturating_sub(gate.in_use) * size;
        let used = taken.entry(w.source).or_default();
        if *used < room {
            // Reads are never put together: each takes a lane.
            *used += if write { 1 } else { size };
            due.push(w.key);
        }
    }
    match (due.is_empty(), earliest) {
        (false, _) => Next::Send(due),
        (true, Some(at)) => Next::WaitUntil(at),
        (true, None) if waiting.iter().all(|w| busy.contains(&w.key)) => Next::Idle,
        (true, None) => Next::Paused,
    }
}
