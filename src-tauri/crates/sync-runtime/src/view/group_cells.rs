//! One record under the rules of a group: what each rule answers, what it offers, what the table shows.

use super::ViewContext;
use super::group_plan::GroupRules;
use super::lookup::Lookup;
use super::merge_state::{MergeState, for_now};
use super::merge_view::asks;
use super::value::value;
use ipc_types::{GroupRule, PlanCell, Provenance};
use record_merge::json::{Document, Kind};
use record_merge::{Choice, Decision, Group, Lexeme, Merge, Merged, Path, ReviewedRow, Row, Rule, value_at};
use std::collections::BTreeSet;
use sync_engine::Body;

/// The same merge with the rules that only the merge itself can work out.
pub(super) fn by_rule(
    ctx: &ViewContext<'_>,
    state: &MergeState<'_>,
    group: &GroupRules,
) -> Option<(Merge, Vec<u8>)> {
    let of = |rule: &GroupRule| match rule {
        GroupRule::Higher => Some(Rule::Higher),
        GroupRule::Sum => Some(Rule::Sum),
        GroupRule::Union => Some(Rule::Union),
        _ => None,
    };
    let wanted: Vec<(&String, Rule)> =
        group.rules.iter().filter_map(|(pattern, rule)| Some((pattern, of(rule)?))).collect();
    if wanted.is_empty() {
        return None;
    }
    let mut policy = ctx.rules.merge.clone();
    policy.rules.extend(wanted.into_iter().map(|(pattern, rule)| (pattern.clone(), rule)));
    let bytes = |body: Option<&Body>| body.map(|body| body.bytes.clone());
    let (base, mine) = (bytes(state.base), bytes(state.edit.change.body()));
    let theirs = bytes(state.theirs_body());
    let inputs = record_merge::Inputs::new(base.as_deref(), mine.as_deref(), theirs.as_deref());
    let merge = record_merge::merge(state.merge.format(), inputs, &policy).ok()?;
    let open: Vec<Decision> = merge.open().map(|row| for_now(row, Choice::Theirs)).collect();
    match merge.result_fields(&open).ok()? {
        Merged::Document(bytes) => Some((merge, bytes)),
        Merged::Deleted => None,
    }
}

/// What rules answer in one record.
pub(super) struct Answers<'a> {
    pub(super) ctx: &'a ViewContext<'a>,
    pub(super) state: &'a MergeState<'a>,
    pub(super) times: (i64, Option<i64>),
    pub(super) by_rule: Option<(Merge, Vec<u8>)>,
}

impl Answers<'_> {
    pub(super) fn answer(
        &self,
        rule: GroupRule,
        row: &Row,
    ) -> Result<(Choice, Option<Lexeme>), &'static str> {
        let plain = |choice: Choice| match row.choices.contains(&choice) {
            true => Ok((choice, None)),
            false => Err("do not go together"),
        };
        match rule {
            GroupRule::Theirs => plain(Choice::Theirs),
            GroupRule::Mine => plain(Choice::Mine),
            GroupRule::Both => plain(Choice::Both),
            GroupRule::Newest => match self.times {
                (mine, Some(theirs)) if mine > theirs => plain(Choice::Mine),
                (mine, Some(theirs)) if mine < theirs => plain(Choice::Theirs),
                _ => Err("nobody knows the order of"),
            },
            GroupRule::Higher | GroupRule::Sum | GroupRule::Union => self.worked_out(rule, row),
            GroupRule::Later => Err("are decided later"),
        }
    }

    fn worked_out(&self, rule: GroupRule, row: &Row) -> Result<(Choice, Option<Lexeme>), &'static str> {
        let why = match rule {
            GroupRule::Higher => "cannot be put in order",
            GroupRule::Sum => "cannot be added up",
            _ => "are no two lists",
        };
        let (merge, body) = self.by_rule.as_ref().ok_or(why)?;
        let same_row = merge.row(&row.path, row.part);
        if same_row.is_some_and(|row| row.group == Group::Open) || !row.with.is_empty() {
            return Err(why);
        }
        let found = value_at(body, &row.path).map_err(|_| why)?;
        let is = |side: &Option<Lexeme>| merge.same_value(&row.path, found.as_deref(), side.as_deref());
        Ok(match found {
            found if is(&row.theirs) => {
                drop(found);
                (Choice::Theirs, None)
            }
            _ if is(&row.mine) => (Choice::Mine, None),
            found => (Choice::Edit, found),
        })
    }

    /// What can be said about a field of this record: what each of its rows offers.
    pub(super) fn offers(&self, field: &str) -> BTreeSet<GroupRule> {
        let rows = self.state.reviewed.iter().filter(|row| asks(row));
        let rows = rows.filter(|row| self.state.pattern(&row.row) == field);
        let mut all: Option<BTreeSet<GroupRule>> = None;
        for row in rows {
            let own = self.offers_of(&row.row);
            all = Some(all.map_or(own.clone(), |all| all.intersection(&own).copied().collect()));
        }
        all.unwrap_or_default()
    }

    fn offers_of(&self, row: &Row) -> BTreeSet<GroupRule> {
        let mut offers = BTreeSet::new();
        let mut offer = |rule, when: bool| {
            if when {
                offers.insert(rule);
            }
        };
        let (theirs, mine) = (kind(&row.theirs), kind(&row.mine));
        let both = |kind| theirs == Some(kind) && mine == Some(kind);
        let field = self.ctx.schema.field(&row.path);
        let dates = field.is_some_and(|f| matches!(f.format, super::Format::Date | super::Format::DateTime));
        let plain = !row.path.is_root() && row.with.is_empty();
        let whole = |lexeme: &Option<Lexeme>| {
            lexeme.as_deref().is_some_and(|l| l.bytes().all(|b| b.is_ascii_digit() || b == b'-'))
        };
        let counted = whole(&row.before) && whole(&row.theirs) && whole(&row.mine);
        let named = field.is_some_and(|f| !f.allowed.is_empty());
        offer(GroupRule::Theirs, row.choices.contains(&Choice::Theirs));
        offer(GroupRule::Mine, row.choices.contains(&Choice::Mine));
        // Both records, or both in one value: for lists that is the union.
        let lists = both(Kind::Array);
        offer(GroupRule::Both, plain && !lists && row.choices.contains(&Choice::Both));
        offer(GroupRule::Union, plain && lists);
        offer(GroupRule::Higher, plain && !named && (both(Kind::Number) || (dates && both(Kind::String))));
        offer(GroupRule::Sum, plain && !named && counted);
        offer(
            GroupRule::Newest,
            !row.path.is_root() && self.times.1.is_some_and(|theirs| theirs != self.times.0),
        );
        offers
    }
}

fn kind(lexeme: &Option<Lexeme>) -> Option<Kind> {
    let document = Document::parse(lexeme.as_deref()?.as_bytes()).ok()?;
    Some(document.kind(document.root()))
}

/// Cells of one record.
pub(super) struct Cells<'a> {
    pub(super) state: &'a MergeState<'a>,
    pub(super) reviewed: &'a [ReviewedRow],
    pub(super) outcome: Option<&'a Lookup>,
}

impl Cells<'_> {
    fn rows(&self, field: &str) -> impl Iterator<Item = &ReviewedRow> {
        // Also what asked before the rule decided it.
        let asked = |at: usize| self.state.reviewed.get(at).is_some_and(asks);
        let rows = self.reviewed.iter().enumerate().filter(move |(at, row)| asks(row) || asked(*at));
        rows.map(|(_, row)| row).filter(move |row| self.state.pattern(&row.row) == field)
    }

    pub(super) fn cell(&self, field: &str) -> PlanCell {
        let Some(first) = self.rows(field).next() else {
            let none = || value(None);
            return PlanCell {
                before: none(),
                theirs: none(),
                mine: none(),
                result: None,
                provenance: None,
                by_hand: false,
                more: 0,
            };
        };
        let row = &first.row;
        // Whole records say nothing in a cell.
        let shown = |lexeme: &Option<Lexeme>| value(lexeme.as_deref().filter(|_| !row.path.is_root()));
        let decided = first.standing.acting();
        let sent = decided.and_then(|decision| self.sent(decision.choice, row));
        let by_hand = self.state.reviewed.iter().any(|before| {
            before.row.path == row.path && before.row.part == row.part && before.standing.acting().is_some()
        });
        PlanCell {
            before: shown(&row.before),
            theirs: shown(&row.theirs),
            mine: shown(&row.mine),
            result: decided.map(|_| shown(&sent)),
            provenance: decided.map(|decision| self.provenance(decision.choice, row, &sent)),
            by_hand,
            more: u32::try_from(self.rows(field).count().saturating_sub(1)).unwrap_or(u32::MAX),
        }
    }

    /// What is at the row's place in the outcome.
    fn sent(&self, choice: Choice, row: &Row) -> Option<Lexeme> {
        match choice {
            _ if row.path.is_root() => return None,
            // Fields that are one row: their value is no single place of the document.
            Choice::Theirs if !row.with.is_empty() => return row.theirs.clone(),
            Choice::Mine if !row.with.is_empty() => return row.mine.clone(),
            _ => {}
        }
        lexeme_at(self.outcome?, &row.path)
    }

    fn provenance(&self, choice: Choice, row: &Row, sent: &Option<Lexeme>) -> Provenance {
        match choice {
            Choice::Theirs | Choice::Later => Provenance::Server,
            Choice::Mine => Provenance::Mine,
            Choice::Both => Provenance::Both,
            Choice::Edit if *sent == row.theirs => Provenance::Server,
            Choice::Edit => Provenance::Both,
        }
    }
}

/// The JSON text of what is at a place.
pub(super) fn lexeme_at(lookup: &Lookup, path: &Path) -> Option<Lexeme> {
    lookup.at(path).map(|id| lookup.document().text(id).to_owned())
}
