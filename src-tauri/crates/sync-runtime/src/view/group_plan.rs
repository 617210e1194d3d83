//! One rule per field for many records (M38): what it makes of each, and why a record is left out. Pure: the batch that
//! carries it out asks here again, for the record as it is by then.

use super::card::is_card;
use super::group_cells::{Answers, Cells, by_rule, lexeme_at};
use super::lookup::Lookup;
use super::merge_state::{MergeState, for_now, kind_of, merge_of, undecide};
use super::merge_view::asks;
use super::needs_you::clashing;
use super::validate::problem;
use super::{ViewContext, ViewError};
use ipc_types::{ConflictKind, FieldRule, GroupRule, PlanCell};
use record_merge::json::Document;
use record_merge::{
    Choice, Decision, Format, Group, Merged, Origin, ReviewedRow, Row, RowKind, RowRule, Side, equal, review,
    standing_decisions,
};
use record_store::ShapeField;
use std::collections::{BTreeMap, BTreeSet};
use sync_engine::{Record, Rules, Validator};

/// What is said about the records of one shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRules {
    /// The kind they share.
    pub kind: ConflictKind,
    /// The clashing fields they share.
    pub patterns: BTreeSet<String>,
    /// The rule of each field that is not decided later.
    pub rules: BTreeMap<String, GroupRule>,
}

impl GroupRules {
    /// Of a request.
    pub fn new(kind: ConflictKind, patterns: &[String], rules: &[FieldRule]) -> Self {
        let said = rules.iter().filter(|rule| rule.rule != GroupRule::Later);
        Self {
            kind,
            patterns: patterns.iter().cloned().collect(),
            rules: said.map(|rule| (rule.pattern.clone(), rule.rule)).collect(),
        }
    }

    /// The fields there is something to say about: the clashing ones, or the record as a whole.
    pub fn fields(&self) -> Vec<&str> {
        let whole = matches!(self.kind, ConflictKind::EditDelete | ConflictKind::DeleteEdit);
        if whole { vec![""] } else { self.patterns.iter().map(String::as_str).collect() }
    }

    /// Every field has a rule.
    pub fn complete(&self) -> bool {
        self.fields().iter().all(|field| self.rules.contains_key(*field))
    }
}

/// What the rules make of one record.
#[derive(Clone, Debug)]
pub struct Planned {
    /// One for each of [`GroupRules::fields`].
    pub cells: Vec<PlanCell>,
    /// What can be said about each field of this record.
    pub offers: Vec<BTreeSet<GroupRule>>,
    /// All decisions of the record, with those of the rules.
    pub decisions: Vec<Decision>,
    /// No row is open then.
    pub complete: bool,
    /// It takes a write (else the server has the outcome already).
    pub writes: bool,
    /// Names of the fields.
    pub fields: Vec<ShapeField>,
}

/// The rules fit a record, or why not: the rest of a sentence that begins with its title.
pub type Fit = Result<Planned, String>;

/// Looks at a record as it is now. `theirs_at` = when the server's version was made, if that is known.
///
/// # Errors
/// [`ViewError::NotInMerge`] if it needs nobody any more.
pub fn plan(
    ctx: &ViewContext<'_>,
    record: &Record,
    group: &GroupRules,
    theirs_at: Option<i64>,
) -> Result<Fit, ViewError> {
    // A rule the person made for one of these fields (with this very group, perhaps) does not answer before the person.
    let own = without_rules(ctx, group);
    let ctx = &own.as_ref().map_or(*ctx, |rules| ViewContext { rules, ..*ctx });
    let state = merge_of(ctx, record)?;
    let found = clashing(ctx, &state);
    Ok(other_shape(&state, group, &found)
        .or_else(|| not_for_many(ctx, &state))
        .map_or_else(|| decide(ctx, &state, group, theirs_at, found), Err))
}

fn without_rules(ctx: &ViewContext<'_>, group: &GroupRules) -> Option<Rules> {
    let policy = &ctx.rules.merge;
    let made = |pattern: &&String| policy.origins.get(*pattern) == Some(&Origin::Person);
    let answered: Vec<&String> =
        group.patterns.iter().filter(made).filter(|p| policy.rules.contains_key(*p)).collect();
    let of_row = |rule: &RowRule| {
        let first = rule.fields.first().is_some_and(|first| group.patterns.contains(first));
        first && rule.origin == Some(Origin::Person)
    };
    if answered.is_empty() && !policy.row_rules.iter().any(of_row) {
        return None;
    }
    let mut rules = ctx.rules.clone();
    rules.merge.rules.retain(|pattern, _| !answered.contains(&pattern));
    rules.merge.row_rules.retain(|rule| !of_row(rule));
    Some(rules)
}

/// It is not of this shape (any more).
fn other_shape(state: &MergeState<'_>, group: &GroupRules, found: &[ShapeField]) -> Option<String> {
    let kind = kind_of(state.conflict.kind);
    if kind != group.kind {
        let now = match kind {
            ConflictKind::EditEdit => "was changed in two places meanwhile",
            ConflictKind::EditDelete => "was deleted on the server meanwhile",
            ConflictKind::DeleteEdit => "was deleted here meanwhile",
            ConflictKind::CreateCreate => "was created in both places",
        };
        return Some(now.to_owned());
    }
    let there: BTreeSet<&str> = found.iter().map(|f| f.pattern.as_str()).collect();
    let same_are_there = group.patterns.iter().all(|pattern| there.contains(pattern.as_str()));
    let more = found.iter().filter(|f| !group.patterns.contains(&f.pattern));
    let more: Vec<&str> = more.map(|f| f.label.as_str()).collect();
    match (same_are_there, more.is_empty()) {
        (true, true) => None,
        (true, false) => Some(format!("now also differs in {}", list(&more))),
        (false, true) => Some("does not differ in the same fields any more".to_owned()),
        // "Also" would say that it still differs in all of the group's.
        (false, false) => {
            let all: Vec<&str> = found.iter().map(|f| f.label.as_str()).collect();
            Some(format!("does not differ in the same fields any more, but in {}", list(&all)))
        }
    }
}

/// Text that was put together or written is looked at one by one (M38).
fn not_for_many(ctx: &ViewContext<'_>, state: &MergeState<'_>) -> Option<String> {
    let name = |row: &Row| super::needs_you::label(ctx, state, row);
    for row in &state.reviewed {
        let Row { group, please_look, kind, part, .. } = &row.row;
        let put_together = *group == Group::Automatic
            && row.standing.acting().is_none()
            && (*please_look || *kind == RowKind::Combined);
        if put_together || part.is_some() {
            return Some(format!("was put together in {} and asks for a look", name(&row.row)));
        }
        if row.standing.acting().is_some_and(|decision| decision.choice == Choice::Edit) {
            return Some(format!("has your own writing in {}", name(&row.row)));
        }
    }
    None
}

fn decide(
    ctx: &ViewContext<'_>,
    state: &MergeState<'_>,
    group: &GroupRules,
    theirs_at: Option<i64>,
    found: Vec<ShapeField>,
) -> Fit {
    let times = (state.edit.saved_at.0, theirs_at);
    let answers = Answers { ctx, state, times, by_rule: by_rule(ctx, state, group) };
    let open = || state.reviewed.iter().filter(|row| asks(row));
    let mut decisions: Vec<Decision> = state.conflict.decisions.clone();
    for row in open().filter(|row| row.standing.is_open()) {
        let Some(rule) = group.rules.get(&state.pattern(&row.row)) else { continue };
        let (choice, value) = answers.answer(*rule, &row.row).map_err(|why| {
            format!("has values in {} that {why}", super::needs_you::label(ctx, state, &row.row))
        })?;
        undecide(&mut decisions, &row.row);
        decisions.push(state.decision(&row.row, choice, value));
    }
    let reviewed = review(&state.merge, &decisions, state.theirs_validator().map(Validator::as_str));
    let complete = !reviewed.iter().any(|row| row.standing.is_open());
    let (outcome, fields) = outcome(state, &reviewed)?;
    let format = state.merge.format();
    let has_fields = format == Format::Json || is_card(format);
    let fields = fields.filter(|_| has_fields).and_then(|bytes| Document::parse(&bytes).ok());
    let shown = fields.map(|document| Lookup::new(document, format));
    if let Some(words) = complete.then(|| wrong(ctx, state, &reviewed, shown.as_ref())).flatten() {
        return Err(words);
    }
    let cells = Cells { state, reviewed: &reviewed, outcome: shown.as_ref() };
    Ok(Planned {
        cells: group.fields().into_iter().map(|field| cells.cell(field)).collect(),
        offers: group.fields().into_iter().map(|field| answers.offers(field)).collect(),
        complete,
        writes: writes(ctx, state, outcome.as_deref()),
        decisions,
        fields: found,
    })
}

/// A record, and its fields as JSON.
type Outcome = (Option<Vec<u8>>, Option<Vec<u8>>);

/// The document with every open row at the server's value, and its fields as the rows know them; `None` = nothing is left
/// of the record.
fn outcome(state: &MergeState<'_>, reviewed: &[ReviewedRow]) -> Result<Outcome, String> {
    let mut all = standing_decisions(reviewed);
    let open = reviewed.iter().filter(|row| row.standing.is_open());
    all.extend(open.map(|row| for_now(&row.row, Choice::Theirs)));
    match (state.merge.result(&all), state.merge.result_fields(&all)) {
        (Ok(Merged::Document(bytes)), Ok(Merged::Document(fields))) => Ok((Some(bytes), Some(fields))),
        (Ok(_), Ok(_)) => Ok((None, None)),
        _ => Err("cannot be decided by a rule".to_owned()),
    }
}

/// What the schema says against a value that would be sent (the server's own it has already).
fn wrong(
    ctx: &ViewContext<'_>,
    state: &MergeState<'_>,
    reviewed: &[ReviewedRow],
    outcome: Option<&Lookup>,
) -> Option<String> {
    let outcome = outcome?;
    for row in reviewed.iter().filter(|row| asks(row) || row.standing.acting().is_some()) {
        for path in std::iter::once(&row.row.path).chain(&row.row.with) {
            let Some(field) = ctx.schema.field(path).filter(|_| !path.is_root()) else { continue };
            let sent = lexeme_at(outcome, path);
            let theirs = state.merge.value(Side::Theirs, path);
            if state.merge.same_value(path, sent.as_deref(), theirs.as_deref()) {
                continue;
            }
            if let Some(words) = problem(field, ctx.schema.is_required(path), sent.as_deref()) {
                let name = super::needs_you::label(ctx, state, &row.row);
                return Some(format!("would not fit: {name} {words}"));
            }
        }
    }
    None
}

fn writes(ctx: &ViewContext<'_>, state: &MergeState<'_>, outcome: Option<&[u8]>) -> bool {
    match (outcome, state.theirs_body()) {
        (None, None) => false,
        (Some(outcome), Some(theirs)) => {
            !equal(state.merge.format(), outcome, &theirs.bytes, &ctx.rules.merge)
        }
        _ => true,
    }
}

/// "Notes", "Notes and Shelf", "Notes, Shelf and Deposit".
pub(crate) fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
