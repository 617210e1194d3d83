//! The rows beside the record's own: base, edit, request, the server's version, decisions, refusal.

use super::versions::BaseNumber;
use crate::base::Numbered;
use crate::{Result, Tx, base, conflict, edit, in_flight, refusal, shape, theirs};
use sync_engine::{Change, Edit, LocalKey, Record};

impl Tx<'_> {
    /// Writes the rows that changed, in an order that keeps every constraint true after each statement.
    pub(super) fn save_rows(
        &self,
        key: LocalKey,
        before: &Record,
        after: &Record,
        number: BaseNumber,
    ) -> Result<()> {
        if let (Some(new), true) = (&after.base, before.base != after.base) {
            match number {
                Some((version, in_history)) => {
                    let from = before.base.as_ref().and_then(|b| b.validator.as_ref());
                    base::save(self, key, new, Numbered { version, in_history, from })?;
                }
                None => base::touch(self, key, new)?,
            }
        }
        // A change of a record never synced is allowed only beside its creation under way, which needs the edit first.
        let creating = |r: &Record| {
            r.base.is_none() && matches!(&r.edit, Some(e) if matches!(e.change, Change::Replace(_)))
        };
        let late = creating(after) && before.in_flight.is_none();
        if let (Some(new), true) = (&after.edit, before.edit != after.edit) {
            self.save_edit(key, before.edit.as_ref(), new, late)?;
        }
        if before.conflict.is_some() && after.conflict.is_none() {
            conflict::delete(self, key)?;
        }
        if before.refusal.is_some() && after.refusal.is_none() {
            refusal::delete(self, key)?;
        }
        if before.in_flight.is_some() && after.in_flight.is_none() {
            in_flight::delete(self, key)?;
        }
        if let (Some(new), true) = (&after.theirs, before.theirs != after.theirs) {
            theirs::save(self, key, new)?;
        }
        if let (Some(new), true) = (&after.in_flight, before.in_flight != after.in_flight) {
            in_flight::save(self, key, new)?;
        }
        if let (Some(edit), true) = (&after.edit, late) {
            edit::set_change(self, key, edit::change_name(&edit.change))?;
        }
        if let (Some(new), true) = (&after.conflict, before.conflict != after.conflict) {
            conflict::save(self, key, new, before.conflict.as_ref())?;
        }
        let same_sides =
            before.base == after.base && before.edit == after.edit && before.theirs == after.theirs;
        if after.conflict.is_some() && !(same_sides && before.conflict == after.conflict) {
            // What was kept about it is of other versions or decisions: whoever saves says anew what clashes.
            shape::forget(self, key)?;
        }
        if let (Some(new), true) = (&after.refusal, before.refusal != after.refusal) {
            refusal::save(self, key, new)?;
        }
        if before.theirs.is_some() && after.theirs.is_none() {
            theirs::delete(self, key)?;
        }
        if before.edit.is_some() && after.edit.is_none() {
            edit::delete(self, key)?;
        }
        if before.base.is_some() && after.base.is_none() {
            base::delete(self, key)?;
        }
        Ok(())
    }

    fn save_edit(&self, key: LocalKey, before: Option<&Edit>, edit: &Edit, late: bool) -> Result<()> {
        let change = if late { "create" } else { edit::change_name(&edit.change) };
        edit::save(self, key, edit, change)?;
        let earlier_before = before.map(|b| b.earlier.as_slice()).unwrap_or_default();
        if earlier_before != edit.earlier.as_slice() {
            conflict::save_decisions(self, key, true, earlier_before, &edit.earlier)?;
        }
        Ok(())
    }
}
