//! Events for whoever watches: rising numbers, folded over 100 ms.

use ipc_types::{Change, Event};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::broadcast;

const FOLD: Duration = Duration::from_millis(100);
/// More records than this in one event are "many".
const MANY: usize = 200;

#[derive(Debug, Default)]
struct Pending {
    records: BTreeSet<i64>,
    conflicts: BTreeSet<i64>,
    batches: BTreeSet<i64>,
    outbox: bool,
    sources: bool,
    status: bool,
    number: u32,
    scheduled: bool,
}

/// Collects changes and tells them.
#[derive(Clone, Debug)]
pub(crate) struct Hub {
    pending: Arc<Mutex<Pending>>,
    sender: broadcast::Sender<Event>,
}

impl Hub {
    pub fn new() -> Self {
        Self { pending: Arc::default(), sender: broadcast::channel(256).0 }
    }

    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.sender.subscribe()
    }

    /// Number of the newest event.
    pub fn number(&self) -> u32 {
        self.lock().number
    }

    pub fn records(&self, keys: impl IntoIterator<Item = sync_engine::LocalKey>) {
        self.note(|p| {
            p.records.extend(keys.into_iter().map(|k| k.0));
            p.outbox = true;
            p.status = true;
        });
    }

    pub fn conflict(&self, key: sync_engine::LocalKey) {
        self.note(|p| {
            p.conflicts.insert(key.0);
            p.status = true;
        });
    }

    /// A batch, or a record of it.
    pub fn batch(&self, id: i64) {
        self.note(|p| {
            p.batches.insert(id);
        });
    }

    pub fn sources(&self) {
        self.note(|p| {
            p.sources = true;
            p.status = true;
        });
    }

    pub fn status(&self) {
        self.note(|p| p.status = true);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, change: impl FnOnce(&mut Pending)) {
        let first = {
            let mut pending = self.lock();
            change(&mut pending);
            !std::mem::replace(&mut pending.scheduled, true)
        };
        if !first {
            return;
        }
        let hub = self.clone();
        match tokio::runtime::Handle::try_current() {
            Ok(handle) => {
                handle.spawn(async move {
                    tokio::time::sleep(FOLD).await;
                    hub.tell();
                });
            }
            Err(_) => hub.tell(),
        }
    }

    fn tell(&self) {
        let event = {
            let mut pending = self.lock();
            let taken = Pending { number: pending.number.wrapping_add(1), ..Pending::default() };
            let told = std::mem::replace(&mut *pending, taken);
            Event { number: pending.number, changes: changes(told) }
        };
        // Nobody may be listening.
        let _ = self.sender.send(event);
    }
}

fn changes(pending: Pending) -> Vec<Change> {
    let mut changes = Vec::new();
    if !pending.records.is_empty() {
        let many = pending.records.len() > MANY;
        let keys = if many { Vec::new() } else { pending.records.iter().map(ToString::to_string).collect() };
        changes.push(Change::RecordsChanged { keys });
    }
    changes.extend(pending.conflicts.iter().map(|key| Change::ConflictChanged { key: key.to_string() }));
    changes.extend(pending.batches.iter().map(|id| Change::BatchChanged { batch: id.to_string() }));
    if pending.outbox {
        changes.push(Change::OutboxChanged);
    }
    if pending.sources {
        changes.push(Change::SourceChanged);
    }
    if pending.status {
        changes.push(Change::StatusChanged);
    }
    changes
}
