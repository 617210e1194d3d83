//! What holds for each source right now: open, signed out, unreachable, throttled, how many requests are out.

use ipc_types::Millis;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use sync_engine::{Gate, LocalKey, PauseReason, SourceId, Timestamp};

/// Requests at once to one source (performance.md section 1).
pub(crate) const LANES: usize = 8;

#[derive(Clone, Debug)]
pub(crate) struct GateState {
    pub paused: Option<PauseReason>,
    /// The last request found no server; probed until one answers.
    pub unreachable: bool,
    /// Pull before push: writes wait for the first reading after a start or a reconnection.
    pub pull_first: bool,
    pub pulling: bool,
    pub checking: BTreeSet<String>,
    pub not_before: Option<Timestamp>,
    pub in_use: usize,
    pub next_pull: Timestamp,
    pub synced_at: Option<Millis>,
    pub answered: bool,
}

impl Default for GateState {
    fn default() -> Self {
        Self {
            paused: None,
            unreachable: false,
            pull_first: true,
            pulling: false,
            checking: BTreeSet::new(),
            not_before: None,
            in_use: 0,
            next_pull: Timestamp(0),
            synced_at: None,
            answered: false,
        }
    }
}

impl GateState {
    fn gate(&self) -> Gate {
        Gate {
            closed: self.unreachable || matches!(self.paused, Some(r) if r != PauseReason::ServerFull),
            writes_closed: self.pull_first || self.paused == Some(PauseReason::ServerFull),
            not_before: self.not_before,
            lanes: LANES,
            in_use: self.in_use,
        }
    }
}

/// All gates, and the records with a request under way.
#[derive(Debug, Default)]
pub(crate) struct Gates {
    states: Mutex<BTreeMap<SourceId, GateState>>,
    busy: Mutex<BTreeSet<LocalKey>>,
}

impl Gates {
    fn states(&self) -> MutexGuard<'_, BTreeMap<SourceId, GateState>> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn with<T>(&self, source: SourceId, change: impl FnOnce(&mut GateState) -> T) -> T {
        change(self.states().entry(source).or_default())
    }

    pub fn state(&self, source: SourceId) -> GateState {
        self.states().get(&source).cloned().unwrap_or_default()
    }

    pub fn all(&self) -> BTreeMap<SourceId, Gate> {
        self.states().iter().map(|(id, s)| (*id, s.gate())).collect()
    }

    pub fn forget(&self, source: SourceId) {
        self.states().remove(&source);
    }

    pub fn busy(&self) -> MutexGuard<'_, BTreeSet<LocalKey>> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
