//! What a server said to this person about writing to a collection (403): shown before the next merge is sent there, too.

use super::SyncHandle;
use crate::desk::Applied;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use sync_engine::{Record, RefusalKind, SourceId, State};

/// Records refused that are looked at.
const LOOKED_AT: usize = 50;

/// The server's words by source and collection.
#[derive(Debug, Default)]
pub(crate) struct Rights(Mutex<BTreeMap<(SourceId, String), String>>);

impl Rights {
    fn with<T>(&self, change: impl FnOnce(&mut BTreeMap<(SourceId, String), String>) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A refusal is remembered until a write to the collection is taken.
    pub fn note(&self, applied: &Applied) {
        let Some(record) = &applied.record else { return };
        let place = || (record.source, record.collection.clone());
        match &record.refusal {
            Some(refusal) if refusal.kind == RefusalKind::Permission => {
                self.with(|all| all.insert(place(), refusal.words.clone()));
            }
            _ if applied.before == Some(State::Sending) && applied.state == Some(State::Synced) => {
                self.with(|all| all.remove(&place()));
            }
            _ => {}
        }
    }
}

impl SyncHandle {
    /// Why this person may not write to the collection of a record, as the server said last.
    pub(crate) async fn no_right(&self, record: &Record) -> Option<String> {
        let place = (record.source, record.collection.clone());
        if let Some(words) = self.inner.rights.with(|all| all.get(&place).cloned()) {
            return Some(words);
        }
        // Of an earlier run: a record that is refused still.
        let refused = self
            .inner
            .store
            .read(move |r| {
                for row in r.outbox(&[State::Rejected], LOOKED_AT)? {
                    let refusal = r.load(row.record.key)?.and_then(|record| {
                        let here = (record.source, record.collection.clone()) == place;
                        record.refusal.filter(|refusal| here && refusal.kind == RefusalKind::Permission)
                    });
                    if let Some(refusal) = refusal {
                        return Ok(Some(refusal.words));
                    }
                }
                Ok(None)
            })
            .await;
        refused.ok().flatten()
    }
}
