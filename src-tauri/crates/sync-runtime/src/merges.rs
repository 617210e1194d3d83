//! The merges of the records that people look at. A person decides row after row of the same three versions: a screen of
//! a thousand rows is merged once for all of them, and not several times for each choice.

use std::sync::{Arc, Mutex, PoisonError};
use sync_engine::{Prepared, Record, Rules};

/// Merges kept: of the screen, and of the version that the server has by now while the screen still shows the one before.
const KEPT: usize = 2;

/// The merges made last for a screen, newest at the end.
#[derive(Debug, Default)]
pub(crate) struct Merges(Mutex<Vec<Arc<Prepared>>>);

impl Merges {
    /// The merge of a record, if it was made for a screen and nothing it was made of changed.
    pub fn known(&self, record: &Record, rules: &Rules) -> Option<Arc<Prepared>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|prepared| prepared.is_of(record, rules)).cloned()
    }

    /// The merge of a record for a screen: known for the next choice.
    pub fn shown(&self, record: &Record, rules: &Rules) -> Arc<Prepared> {
        // Made without the lock: a large record takes a while, and others only want to look.
        let prepared = self.known(record, rules).unwrap_or_else(|| Arc::new(Prepared::of(record, rules)));
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|other| !other.is_of(record, rules));
        kept.push(Arc::clone(&prepared));
        let beyond = kept.len().saturating_sub(KEPT);
        kept.drain(..beyond);
        prepared
    }
}
