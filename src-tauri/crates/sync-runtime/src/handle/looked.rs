//! The server's versions that merge screens showed lately. A screen is not moved under the hands of the person when the
//! server changes again (M46): what they decide on it counts as decided against the version they see.

use crate::view;
use std::sync::{Mutex, PoisonError};
use sync_engine::{LocalKey, Record, TheirsSeen};

/// Versions remembered.
const KEPT: usize = 64;

/// Versions by record and `seen`.
#[derive(Debug, Default)]
pub(crate) struct Looked(Mutex<Vec<(LocalKey, String, TheirsSeen)>>);

impl Looked {
    /// Remembers the server's version that is shown now.
    pub fn note(&self, record: &Record) {
        let Some(theirs) = &record.theirs else { return };
        let seen = view::seen_of(record);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|(key, known, _)| (*key, known) != (record.key, &seen));
        if all.len() >= KEPT {
            all.remove(0);
        }
        all.push((record.key, seen, theirs.clone()));
    }

    /// The record as a screen showed it; `None` if that version is not known any more.
    pub fn as_seen(&self, record: &Record, seen: &str) -> Option<Record> {
        if view::seen_of(record) == seen {
            return Some(record.clone());
        }
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, _, theirs) = all.iter().find(|(key, known, _)| *key == record.key && known == seen)?;
        let mut then = record.clone();
        then.theirs = Some(theirs.clone());
        Some(then)
    }
}
