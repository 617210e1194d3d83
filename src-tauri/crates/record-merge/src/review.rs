//! Decisions seen again when the server or the person has changed the record since (M46 to M47a; sync.md 3.1).

use crate::json::string;
use crate::merge::{Merge, Merged, Side, StillOpen};
use crate::model::{Choice, Decision, Group, Path, Row, RowKind};
use std::collections::BTreeMap;

/// How a decision and a row stand to each other now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Open, nothing chosen.
    Undecided,
    /// Chosen, and nothing here changed since.
    Decided(Decision),
    /// Chosen earlier, but the server's or the person's value here is another one now: open again, the earlier choice
    /// is proposed. Does not act.
    Suggested(Decision),
    /// The server's value was chosen and has changed since: the newer one is taken.
    Followed(Decision),
    /// Merged by itself, nothing chosen.
    Automatic,
    /// Merged by itself, and the person chose otherwise.
    Overridden(Decision),
    /// The record is gone on the server: the decision is kept and used if the record is brought back.
    Resting(Decision),
}

impl Standing {
    /// The row needs a choice before anything is sent.
    pub fn is_open(&self) -> bool {
        matches!(self, Standing::Undecided | Standing::Suggested(_))
    }

    /// The decision that acts, if one does.
    pub fn acting(&self) -> Option<&Decision> {
        match self {
            Standing::Decided(decision)
            | Standing::Followed(decision)
            | Standing::Overridden(decision)
            | Standing::Resting(decision) => Some(decision),
            Standing::Undecided | Standing::Suggested(_) | Standing::Automatic => None,
        }
    }
}

/// A row and where its decision stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewedRow {
    /// The row.
    pub row: Row,
    /// Where its decision stands.
    pub standing: Standing,
}

/// All rows with their standing. Text that the person typed and that has no row any more (both versions agree on
/// something else now) comes as a row of its own after the others, open and suggested.
///
/// `theirs_validator` is that of the version merged now. Values decide whether something changed; the validator only
/// vouches for decisions that were stored without the server's value.
pub fn review(merge: &Merge, decisions: &[Decision], theirs_validator: Option<&str>) -> Vec<ReviewedRow> {
    let mut last_of_row: BTreeMap<usize, &Decision> = BTreeMap::new();
    for decision in decisions {
        if let Some(number) = merge.row_number(&decision.path, decision.part) {
            last_of_row.insert(number, decision);
        }
    }
    let mut reviewed: Vec<ReviewedRow> = merge
        .rows
        .iter()
        .enumerate()
        .map(|(number, row)| {
            let decision =
                last_of_row.get(&number).copied().filter(|decision| row.choices.contains(&decision.choice));
            ReviewedRow { standing: standing(merge, row, decision, theirs_validator), row: row.clone() }
        })
        .collect();
    settle_enclosed(merge, &mut reviewed);
    for (decision, _) in merge.extras(decisions) {
        let row = typed_row(merge, &decision.path);
        reviewed.push(ReviewedRow { standing: standing(merge, &row, Some(decision), theirs_validator), row });
    }
    for decision in decisions.iter().filter(|decision| merge.rests(decision)) {
        let same_place = |other: &&Decision| other.part == decision.part && other.path.same(&decision.path);
        let is_latest =
            decisions.iter().rev().find(same_place).is_some_and(|last| std::ptr::eq(last, decision));
        if is_latest && merge.row(&decision.path, decision.part).is_none() {
            let mut row = typed_row(merge, &decision.path);
            row.part = decision.part;
            row.group = Group::Automatic;
            row.automatic = Some(Choice::Mine);
            reviewed.push(ReviewedRow { row, standing: Standing::Resting(decision.clone()) });
        }
    }
    reviewed
}

/// Where a row around it was decided as a whole, a row needs no choice of its own.
fn settle_enclosed(merge: &Merge, reviewed: &mut [ReviewedRow]) {
    let whole: Vec<bool> = reviewed
        .iter()
        .map(|row| row.standing.acting().is_some_and(|decision| decision.choice != Choice::Both))
        .collect();
    for (number, row) in reviewed.iter_mut().enumerate() {
        let mut outer = merge.enclosing(number);
        while let Some(at) = outer {
            if row.standing.is_open() && whole.get(at) == Some(&true) {
                row.standing = Standing::Automatic;
            }
            outer = merge.enclosing(at);
        }
    }
}

/// The decisions that act now: what [`Merge::result`] is to be given once no row [is open](Standing::is_open).
pub fn standing_decisions(reviewed: &[ReviewedRow]) -> Vec<Decision> {
    reviewed.iter().filter_map(|row| row.standing.acting().cloned()).collect()
}

/// Reviews the decisions and merges by those that stand.
///
/// # Errors
/// Every row that is undecided, or whose decision is only suggested now.
pub fn resolve(
    merge: &Merge,
    decisions: &[Decision],
    theirs_validator: Option<&str>,
) -> Result<Merged, StillOpen> {
    let reviewed = review(merge, decisions, theirs_validator);
    let standing = standing_decisions(&reviewed);
    let outcome = merge.result(&standing);
    // The result knows which rows are settled by a decision around them; suggestions it does not know.
    let suggested =
        reviewed.iter().filter(|row| suggested_open(row, &standing)).map(|row| row.row.path.clone());
    let mut open = outcome.as_ref().err().map(|still| still.open.clone()).unwrap_or_default();
    for path in suggested {
        if !open.contains(&path) {
            open.push(path);
        }
    }
    match outcome {
        Ok(merged) if open.is_empty() => Ok(merged),
        _ => Err(StillOpen { open, unused: merge.unused(decisions) }),
    }
}

/// A suggestion waits for an answer unless a decision around it has settled the matter.
fn suggested_open(row: &ReviewedRow, standing: &[Decision]) -> bool {
    let inside = |decision: &Decision| {
        decision.path.0.len() < row.row.path.0.len()
            && decision.choice != Choice::Both
            && row.row.path.starts_with(&decision.path)
    };
    matches!(row.standing, Standing::Suggested(_)) && !standing.iter().any(inside)
}

fn standing(merge: &Merge, row: &Row, decision: Option<&Decision>, validator: Option<&str>) -> Standing {
    let Some(decision) = decision.filter(|decision| decision.choice != Choice::Later) else {
        return if row.group == Group::Open { Standing::Undecided } else { Standing::Automatic };
    };
    let decided = decision.clone();
    let same = |then: &Option<String>, now: &Option<String>| {
        merge.same_value(&row.path, then.as_deref(), now.as_deref())
    };
    let vouched = decision.theirs_then.is_none()
        && decision.validator.is_some()
        && decision.validator.as_deref() == validator;
    // After a merge was sent and refused again, mine is what the decisions made of it (M47): that is no new edit.
    let made_of_it = match decision.choice {
        // and after a second refusal the server's value of then is behind both: nothing of mine is left here to ask about
        Choice::Theirs => same(&decision.theirs_then, &row.mine) || same(&row.before, &row.mine),
        Choice::Edit => same(&decision.value, &row.mine) || (row.part.is_some() && typed_as(decision, row)),
        _ => false,
    };
    if !merge.can_act(row, decision) || (!same(&decision.mine_then, &row.mine) && !made_of_it) {
        // A choice for a record's part does not act where the whole was decided for the server. Sent like that, and
        // refused again, nothing of mine is left here, and nobody is to be asked about it.
        let settled_around = same(&decision.theirs_then, &row.mine) && same(&row.before, &row.mine);
        if settled_around && row.group == Group::Automatic && decision.choice != Choice::Edit {
            return Standing::Automatic;
        }
        return Standing::Suggested(decided);
    }
    match (same(&decision.theirs_then, &row.theirs) || vouched, decision.choice) {
        (true, choice) if row.group == Group::Automatic && row.automatic != Some(choice) => {
            Standing::Overridden(decided)
        }
        (true, _) => Standing::Decided(decided),
        (false, Choice::Theirs) => Standing::Followed(decided),
        (false, _) => Standing::Suggested(decided),
    }
}

/// Lines typed into a text are what is there now, but for their ends: those they got from the text around them.
fn typed_as(decision: &Decision, row: &Row) -> bool {
    let lines = |text: &Option<String>| {
        let text = text.as_deref().and_then(string::unescape)?;
        Some(text.replace("\r\n", "\n").replace('\r', "\n"))
    };
    let (typed, mine) = (lines(&decision.value), lines(&row.mine));
    typed.is_some() && typed == mine
}

/// A row for a place where the versions do not differ, or not any more.
fn typed_row(merge: &Merge, path: &Path) -> Row {
    Row {
        before: merge.value(Side::Base, path),
        mine: merge.value(Side::Mine, path),
        theirs: merge.value(Side::Theirs, path),
        ..Row::open(path.clone(), RowKind::EditedDifferently)
    }
}
