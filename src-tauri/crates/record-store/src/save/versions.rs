//! The versions that a save adds to the history, and their numbers.

use crate::{Result, StoreError, Tx, history};
use sync_engine::{Base, Body, HistoryEntry, LocalKey, Note, Record, Step, Theirs, Timestamp, What};

/// The number of a new base, and whether the history holds it already.
pub(super) type BaseNumber = Option<(i64, bool)>;

impl Tx<'_> {
    /// Numbers and stores, in this order: a version of the server that was seen and is superseded without ever having
    /// been the base, the new base (unless it is the newest version kept, with its answer now), the entries of the step.
    pub(super) fn save_history(
        &self,
        key: LocalKey,
        before: &Record,
        step: &Step,
        new_base: Option<&Base>,
        now: Timestamp,
    ) -> Result<BaseNumber> {
        let superseded = superseded(before, step.record.as_ref());
        if step.history.is_empty() && new_base.is_none() && superseded.is_none() {
            return Ok(None);
        }
        let versions: Option<i64> = self.value("SELECT versions FROM record WHERE key = ?1", [key.0])?;
        let mut last = versions.ok_or_else(|| StoreError::Missing(format!("record {key}")))?;
        let mut number = None;
        if let Some((seen_at, entry)) = superseded {
            last += 1;
            history::insert(self, key, last, seen_at, &entry)?;
        }
        if let Some(base) = new_base {
            number = history::recognise(self, key, base)?.map(|version| (version, true));
            if number.is_none() {
                last += 1;
                number = Some((last, false));
            }
        }
        let mut numbers = MergeNumbers::of(self, key, step, number)?;
        for entry in &step.history {
            last += 1;
            history::insert(self, key, last, now, &numbers.filled(entry, last))?;
        }
        self.execute("UPDATE record SET versions = ?2 WHERE key = ?1", (key.0, last))?;
        Ok(number)
    }
}

/// The numbers of the versions a merge was made of, for its note.
#[derive(Default)]
struct MergeNumbers {
    before: Option<u32>,
    theirs: Option<u32>,
    mine: Option<u32>,
}

impl MergeNumbers {
    /// To be asked before the new base is stored.
    fn of(tx: &Tx<'_>, key: LocalKey, step: &Step, new_base: BaseNumber) -> Result<Self> {
        if !step.history.iter().any(|entry| matches!(entry.note, Some(Note::Merge(_)))) {
            return Ok(Self::default());
        }
        let before: Option<u32> = tx.value("SELECT version FROM base WHERE key = ?1", [key.0])?;
        let theirs = new_base.and_then(|(version, _)| u32::try_from(version).ok());
        Ok(Self { before, theirs: theirs.or(before), mine: None })
    }

    fn filled(&mut self, entry: &HistoryEntry, number: i64) -> HistoryEntry {
        let mut entry = entry.clone();
        if entry.what == What::SetAside {
            self.mine = u32::try_from(number).ok();
        }
        if let Some(Note::Merge(note)) = &mut entry.note {
            (note.before, note.theirs, note.mine) = (self.before, self.theirs, self.mine);
        }
        entry
    }
}

/// A version of the server that is replaced or dropped without becoming the base: seen, so kept (merge.md M49a).
fn superseded(before: &Record, after: Option<&Record>) -> Option<(Timestamp, HistoryEntry)> {
    let seen = before.theirs.as_ref()?;
    let Theirs::Present(version) = &seen.what else { return None };
    let same = |body: &Body| body.bytes == version.body.bytes;
    let still_there = after.and_then(|r| r.theirs.as_ref()).is_some_and(|t| match &t.what {
        Theirs::Present(v) => same(&v.body),
        Theirs::Gone => false,
    });
    let is_base = |r: &Record| r.base.as_ref().is_some_and(|b| same(&b.body));
    if still_there || after.is_some_and(is_base) || is_base(before) {
        return None;
    }
    let entry = HistoryEntry {
        what: What::Seen,
        by_me: false,
        body: Some(version.body.clone()),
        validator: version.validator.clone(),
        from_validator: before.base.as_ref().and_then(|b| b.validator.clone()),
        at: None,
        note: None,
    };
    Some((seen.seen_at, entry))
}
