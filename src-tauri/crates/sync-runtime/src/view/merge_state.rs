//! A record that needs a person, merged as it stands now: what its screen, its list and its preview are made from.

use super::{ViewContext, ViewError};
use ipc_types::ConflictKind;
use record_merge::{
    Choice, Decision, Lexeme, Merge, Merged, Path, ReviewedRow, Row, RowKind, StillOpen, pattern_of, review,
    standing_decisions,
};
use std::collections::BTreeMap;
use std::sync::Arc;
use sync_engine::{Body, Conflict, Edit, Record, RowNumber, Theirs, TheirsSeen, Validator};

/// A record in "Needs you", merged.
#[derive(Clone, Debug)]
pub struct MergeState<'a> {
    pub(crate) record: &'a Record,
    pub(crate) edit: &'a Edit,
    pub(crate) theirs: &'a TheirsSeen,
    pub(crate) conflict: &'a Conflict,
    pub(crate) base: Option<&'a Body>,
    /// The merge.
    pub merge: Arc<Merge>,
    /// Its rows with their decisions, in document order.
    pub reviewed: Vec<ReviewedRow>,
    /// The numbers of the rows, in the same order.
    pub numbers: Vec<u32>,
}

/// Merges a record that needs the person. Versions that cannot be merged by fields are merged as one value each.
///
/// # Errors
/// [`ViewError::NotInMerge`] if the record has no merge.
pub fn merge_of<'a>(ctx: &ViewContext<'_>, record: &'a Record) -> Result<MergeState<'a>, ViewError> {
    if record.conflict.is_none() {
        return Err(ViewError::NotInMerge);
    }
    // The engine's own merge, so that the screen and the decision never differ.
    MergeState::new(record, Arc::new(sync_engine::merge_of(record, ctx.rules)))
}

fn validator_of(theirs: &TheirsSeen) -> Option<&Validator> {
    match &theirs.what {
        Theirs::Present(version) => version.validator.as_ref(),
        Theirs::Gone => None,
    }
}

/// Takes back what was decided about a row, however its place is spelled.
pub(crate) fn undecide(decisions: &mut Vec<Decision>, row: &Row) {
    decisions.retain(|d| d.part != row.part || !d.path.same(&row.path));
}

/// The decisions with one step of them taken back: where what the step made still stands, it is again as it was before.
/// What the person decided since stays as they left it.
pub(crate) fn without_step(now: &[Decision], made: &[Decision], before: &[Decision]) -> Vec<Decision> {
    let at = |list: &[Decision], place: &Decision| {
        list.iter().rev().find(|d| d.part == place.part && d.path.same(&place.path)).cloned()
    };
    let since = |place: &Decision| at(now, place) != at(made, place);
    let back = before.iter().filter(|decision| !since(decision));
    back.chain(now.iter().filter(|decision| since(decision))).cloned().collect()
}

/// The number each row keeps; rows that have none yet are counted on.
fn numbers(reviewed: &[ReviewedRow], conflict: &Conflict) -> Vec<u32> {
    let known: BTreeMap<(String, Option<u32>), usize> = conflict
        .rows
        .iter()
        .enumerate()
        .rev()
        .map(|(at, RowNumber { path, part })| ((path.to_pointer(), *part), at + 1))
        .collect();
    let mut next = conflict.rows.len();
    let number = |row: &ReviewedRow| {
        let key = (row.row.path.to_pointer(), row.row.part);
        let found = known.get(&key).copied().unwrap_or_else(|| {
            next += 1;
            next
        });
        u32::try_from(found).unwrap_or(u32::MAX)
    };
    reviewed.iter().map(number).collect()
}

impl<'a> MergeState<'a> {
    /// The pattern of a merge policy that fits the place of a row, in every entry of the lists it lies in. "" = the whole
    /// record.
    pub(crate) fn pattern(&self, row: &Row) -> String {
        pattern_of(self.merge.format(), &row.path)
    }

    /// The patterns of the other fields of a row.
    pub(crate) fn other_patterns(&self, row: &Row) -> Vec<String> {
        let (own, format) = (self.pattern(row), self.merge.format());
        let mut others: Vec<String> = Vec::new();
        for other in row.with.iter().map(|path| pattern_of(format, path)).filter(|other| *other != own) {
            if !others.contains(&other) {
                others.push(other);
            }
        }
        others
    }

    /// As [`merge_of`], with the merge of this very record.
    ///
    /// # Errors
    /// [`ViewError::NotInMerge`] if the record has no merge.
    pub fn new(record: &'a Record, merge: Arc<Merge>) -> Result<Self, ViewError> {
        let (Some(edit), Some(theirs), Some(conflict)) = (&record.edit, &record.theirs, &record.conflict)
        else {
            return Err(ViewError::NotInMerge);
        };
        let base = record.base.as_ref().map(|base| &base.body);
        let reviewed = review(&merge, &conflict.decisions, validator_of(theirs).map(Validator::as_str));
        let numbers = numbers(&reviewed, conflict);
        Ok(Self { record, edit, theirs, conflict, base, merge, reviewed, numbers })
    }

    /// Rows that need a choice before anything is sent.
    pub fn still_open(&self) -> Vec<u32> {
        let open = self.reviewed.iter().zip(&self.numbers).filter(|(row, _)| row.standing.is_open());
        open.map(|(_, number)| *number).collect()
    }

    /// The result with open rows at the server's value; `None` = nothing is left of the record.
    pub(crate) fn result_so_far(&self) -> Option<Vec<u8>> {
        self.so_far(Merge::result, Merge::all_theirs)
    }

    /// The same as JSON, in which the paths of the rows lead: of a contact or calendar its fields.
    pub(crate) fn fields_so_far(&self) -> Option<Vec<u8>> {
        self.so_far(Merge::result_fields, Merge::all_theirs_fields)
    }

    fn so_far(
        &self,
        result: fn(&Merge, &[Decision]) -> Result<Merged, StillOpen>,
        all_theirs: fn(&Merge) -> Merged,
    ) -> Option<Vec<u8>> {
        let mut decisions = standing_decisions(&self.reviewed);
        if decisions.is_empty() {
            return document(all_theirs(&self.merge));
        }
        let open = self.reviewed.iter().filter(|row| row.standing.is_open());
        decisions.extend(open.map(|row| for_now(&row.row, Choice::Theirs)));
        // A decision that has no meaning any more: its row is shown open, and nothing can be sent.
        document(result(&self.merge, &decisions).unwrap_or_else(|_| all_theirs(&self.merge)))
    }

    /// The place of a row by its number; also of one that is not there now, and of one that has no number in the store yet.
    pub(crate) fn place_of(&self, number: u32) -> Option<(Path, Option<u32>)> {
        let at = usize::try_from(number).ok()?.checked_sub(1)?;
        if let Some(RowNumber { path, part }) = self.conflict.rows.get(at) {
            return Some((path.clone(), *part));
        }
        let at = self.numbers.iter().position(|known| *known == number)?;
        self.reviewed.get(at).map(|reviewed| (reviewed.row.path.clone(), reviewed.row.part))
    }

    /// A choice about a row of it, to be stored: with the values it was made on.
    pub(crate) fn decision(&self, row: &Row, choice: Choice, value: Option<Lexeme>) -> Decision {
        Decision {
            path: row.path.clone(),
            part: row.part,
            choice,
            value,
            validator: self.theirs_validator().map(|validator| validator.as_str().to_owned()),
            theirs_then: row.theirs.clone(),
            mine_then: row.mine.clone(),
        }
    }

    /// Validator of the server's version.
    pub(crate) fn theirs_validator(&self) -> Option<&Validator> {
        validator_of(self.theirs)
    }

    /// The server's body, when it is there.
    pub(crate) fn theirs_body(&self) -> Option<&Body> {
        match &self.theirs.what {
            Theirs::Present(version) => Some(&version.body),
            Theirs::Gone => None,
        }
    }

    /// The record was deleted on one side: one choice for the whole of it.
    pub(crate) fn is_whole(&self) -> bool {
        self.reviewed.first().is_some_and(|row| {
            row.row.path.is_root() && matches!(row.row.kind, RowKind::EditDelete | RowKind::DeleteEdit)
        })
    }
}

fn document(merged: Merged) -> Option<Vec<u8>> {
    match merged {
        Merged::Document(bytes) => Some(bytes),
        Merged::Deleted => None,
    }
}

/// A choice only to see what comes of it: it is stored nowhere.
pub(crate) fn for_now(row: &Row, choice: Choice) -> Decision {
    Decision {
        path: row.path.clone(),
        part: row.part,
        choice,
        value: None,
        validator: None,
        theirs_then: None,
        mine_then: None,
    }
}

/// The kind for the window.
pub(crate) fn kind_of(kind: sync_engine::ConflictKind) -> ConflictKind {
    match kind {
        sync_engine::ConflictKind::EditEdit => ConflictKind::EditEdit,
        sync_engine::ConflictKind::EditDelete => ConflictKind::EditDelete,
        sync_engine::ConflictKind::DeleteEdit => ConflictKind::DeleteEdit,
        sync_engine::ConflictKind::CreateCreate => ConflictKind::CreateCreate,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_taken_back_but_not_what_was_decided_since() {
        // A field and how it was decided: the person's value, the server's, or words of one's own.
        let decision = |name: char, how: char| Decision {
            path: record_merge::Path(vec![record_merge::Token::Member(name.to_string())]),
            part: None,
            choice: match how {
                'm' => Choice::Mine,
                't' => Choice::Theirs,
                _ => Choice::Edit,
            },
            value: how.is_ascii_digit().then(|| how.to_string()),
            validator: None,
            theirs_then: None,
            mine_then: None,
        };
        let list = |text: &str| -> Vec<Decision> {
            let pairs =
                text.split_whitespace().filter_map(|pair| pair.chars().next().zip(pair.chars().nth(1)));
            pairs.map(|(name, how)| decision(name, how)).collect()
        };
        for (before, made, now, expected) in [
            ("", "am", "am", ""),
            ("at", "am", "am", "at"),
            // Another field was written since, in words of one's own.
            ("at", "am bm", "am bm c1", "at c1"),
            // The same field was decided again, or opened again.
            ("at", "am", "a1", "a1"),
            ("at", "am", "", ""),
            // What the step left alone, and what it took away.
            ("at bm", "at bt", "bt at", "at bm"),
            ("at", "", "", "at"),
            ("at", "", "am", "am"),
        ] {
            let found = without_step(&list(now), &list(made), &list(before));
            assert_eq!(found, list(expected), "{before} -> {made} -> {now}");
        }
    }
}
