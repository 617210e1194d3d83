//! The merge screen of one record.

use super::card;
use super::changes::{body_text, body_value};
use super::context::address;
use super::lookup::Lookup;
use super::merge_row::Rows;
use super::orphans::orphans;
use super::place::{Place, Places, is_kept};
use super::row_list::lists;
use super::row_marks::Marker;
use super::row_text::Texts;
use super::value::{in_words, value_of};
use super::{ViewContext, ViewError, field_changes, seen_of};
use ipc_types::{
    ConflictKind, ExternalView, FieldChange, MergeRow, MergeSource, MergeView, Standing, TypedText,
    UnchangedField, Value,
};
use record_merge::json::{Document, NodeId};
use record_merge::{
    Choice, Decision, Format, Group, Merge, Merged, Path, ReviewedRow, RowKind, StillOpen, Token, review,
    standing_decisions,
};
use std::collections::BTreeMap;
use sync_engine::{Body, Conflict, Creates, Edit, Record, RowNumber, Theirs, TheirsSeen, Validator};

/// A record in "Needs you", merged as it stands now.
#[derive(Clone, Debug)]
pub struct MergeState<'a> {
    pub(crate) edit: &'a Edit,
    pub(crate) theirs: &'a TheirsSeen,
    pub(crate) conflict: &'a Conflict,
    pub(crate) base: Option<&'a Body>,
    /// The merge.
    pub merge: Merge,
    /// Its rows with their decisions, in document order.
    pub reviewed: Vec<ReviewedRow>,
    /// The numbers of the rows, in the same order.
    pub numbers: Vec<u32>,
}

/// What is known of a merge besides the versions and the decisions.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Who made the server's version, if its log says so.
    pub who: Option<String>,
    /// When, from the same line.
    pub at: Option<i64>,
    /// The last line of the server's log about a top field, by the name of the member.
    pub log: BTreeMap<String, LogLine>,
    /// Text typed that is no decision yet.
    pub typed: Vec<Typed>,
    /// The source of the whole record as typed.
    pub source_typed: Option<TypedText>,
    /// The server's words, where it refused this person before.
    pub no_right: Option<String>,
    /// The other program the versions were opened in.
    pub external: Option<ExternalView>,
}

/// Who changed a field on the server, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogLine {
    /// Who.
    pub who: Option<String>,
    /// When.
    pub at: Option<i64>,
}

/// Text typed into a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// The place of the row.
    pub path: Path,
    /// Its part.
    pub part: Option<u32>,
    /// The text.
    pub text: TypedText,
}

impl Known {
    pub(crate) fn typed_at(&self, path: &Path, part: Option<u32>) -> Option<TypedText> {
        let found = self.typed.iter().find(|typed| typed.part == part && typed.path.same(path))?;
        Some(found.text.clone())
    }
}

/// Merges a record that needs the person. Versions that cannot be merged by fields are merged as one value each.
///
/// # Errors
/// [`ViewError::NotInMerge`] if the record has no merge.
pub fn merge_of<'a>(ctx: &ViewContext<'_>, record: &'a Record) -> Result<MergeState<'a>, ViewError> {
    let (Some(edit), Some(theirs), Some(conflict)) = (&record.edit, &record.theirs, &record.conflict) else {
        return Err(ViewError::NotInMerge);
    };
    let base = record.base.as_ref().map(|base| &base.body);
    // The engine's own merge, so that the screen and the decision never differ.
    let merge = sync_engine::merge_of(record, ctx.rules);
    let reviewed = review(&merge, &conflict.decisions, validator_of(theirs).map(Validator::as_str));
    let numbers = numbers(&reviewed, conflict);
    Ok(MergeState { edit, theirs, conflict, base, merge, reviewed, numbers })
}

fn validator_of(theirs: &TheirsSeen) -> Option<&Validator> {
    match &theirs.what {
        Theirs::Present(version) => version.validator.as_ref(),
        Theirs::Gone => None,
    }
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

impl MergeState<'_> {
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
        decisions.extend(open.map(|row| theirs_for_now(&row.row.path, row.row.part)));
        // A decision that has no meaning any more: its row is shown open, and nothing can be sent.
        document(result(&self.merge, &decisions).unwrap_or_else(|_| all_theirs(&self.merge)))
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

fn theirs_for_now(path: &Path, part: Option<u32>) -> Decision {
    Decision {
        path: path.clone(),
        part,
        choice: Choice::Theirs,
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

/// The merge screen.
///
/// # Errors
/// [`ViewError::NotInMerge`] if the record has no merge.
pub fn merge_view(ctx: &ViewContext<'_>, record: &Record, known: &Known) -> Result<MergeView, ViewError> {
    let state = merge_of(ctx, record)?;
    let mine = state.edit.change.body();
    let theirs = state.theirs_body();
    let result = state.result_so_far();
    let format = state.merge.format();
    let fields = matches!(format, Format::Json | Format::Vcard | Format::Icalendar);
    let lookups = card::versions(&state.merge).unwrap_or_else(|| {
        [theirs, mine, state.base].map(|body| body.filter(|_| fields).and_then(Lookup::of))
    });
    let result_fields = state.fields_so_far().filter(|_| fields);
    let result_lookup = result_fields
        .and_then(|bytes| Document::parse(&bytes).ok())
        .map(|document| Lookup::new(document, format));
    let versions = lookups.iter().flatten().collect();
    let text_result = result.as_deref().filter(|_| !fields).and_then(|bytes| std::str::from_utf8(bytes).ok());
    // A client that forgot to set the members that say who and when did not change them, either.
    let says = |body: Option<&Body>| (ctx.who(body), ctx.made_at(body));
    let said = theirs.filter(|_| says(theirs) != says(state.base));
    let who = known.who.clone().or_else(|| ctx.who(said));
    let known = &Known { who, ..known.clone() };
    let maker = Rows {
        ctx,
        merge: &state.merge,
        versions,
        result: result_lookup.as_ref(),
        fields,
        text: text_result,
        known,
        marker: Marker::default(),
        texts: Texts::new(&state.merge, parts(&state)),
        files: files(&state),
    };
    let rows = rows(&state, &maker);
    let changes = changes(ctx, &state);
    let unchanged = match (fields, result_lookup.as_ref().or(lookups.iter().flatten().next())) {
        (true, Some(lookup)) => unchanged(ctx, &state, lookup),
        _ => Vec::new(),
    };
    let open = rows.iter().filter(|row| row.open);
    let decided = open.clone().filter(|row| matches!(row.standing, Standing::Decided | Standing::Followed));
    let text = |body: Option<&Body>| body.and_then(body_text).map(str::to_owned);
    Ok(MergeView {
        key: record.key.to_string(),
        address: address(ctx.source, record),
        breadcrumbs: ctx.breadcrumbs(record),
        title: ctx.title_of(record),
        noun: ctx.schema.noun.clone(),
        kind: kind_of(state.conflict.kind),
        who: known.who.clone(),
        mine_at: Some(state.edit.saved_at.0),
        // The server's log knows better than a member that a client may have forgotten to set.
        theirs_at: known
            .at
            .or_else(|| said.and_then(|body| super::context::made_exactly_at(body, ctx.schema))),
        seen_at: state.theirs.seen_at.0,
        theirs_validator: validator_of(state.theirs).map(|v| v.as_str().to_owned()),
        seen: seen_of(record),
        choices: count(open.count()),
        decided: count(decided.count()),
        lists: if fields { lists(ctx, &state.reviewed, &maker.versions) } else { Vec::new() },
        rows,
        orphans: orphans(ctx, &state),
        unchanged,
        changes,
        can_create: ctx.rules.creates != Creates::No,
        no_right: known.no_right.clone(),
        source_typed: known.source_typed.clone(),
        external: known.external.clone(),
        source: MergeSource {
            before: text(state.base),
            theirs: text(theirs),
            mine: text(mine),
            result: result.and_then(|bytes| String::from_utf8(bytes).ok()),
        },
    })
}

/// Before, the server's and the person's where they are no text: they are shown, not compared.
fn files(state: &MergeState<'_>) -> Option<[Value; 3]> {
    let versions = [state.base, state.theirs_body(), state.edit.change.body()];
    let binary = state.merge.format() == Format::Binary;
    let file = binary && versions.iter().flatten().any(|body| body_text(body).is_none());
    file.then(|| versions.map(body_value))
}

/// The numbers of the rows of parts.
fn parts(state: &MergeState<'_>) -> BTreeMap<(String, u32), u32> {
    let rows = state.reviewed.iter().zip(&state.numbers);
    rows.filter_map(|(row, number)| Some(((row.row.path.to_pointer(), row.row.part?), *number))).collect()
}

/// Rows that need a choice first, then the automatic ones, each in document order.
fn rows(state: &MergeState<'_>, maker: &Rows<'_>) -> Vec<MergeRow> {
    let both = || state.reviewed.iter().zip(&state.numbers);
    let (open, automatic) = (both().filter(|(r, _)| is_open(r)), both().filter(|(r, _)| !is_open(r)));
    open.chain(automatic).map(|(row, number)| maker.row(*number, row)).collect()
}

fn is_open(row: &ReviewedRow) -> bool {
    row.row.group == Group::Open
}

pub(crate) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Where one side deleted the record: what the other changed.
fn changes(ctx: &ViewContext<'_>, state: &MergeState<'_>) -> Vec<FieldChange> {
    if !state.is_whole() || state.base.is_none() {
        return Vec::new();
    }
    let living = state.edit.change.body().or(state.theirs_body());
    field_changes(ctx, state.base, living)
}

/// The fields that no side changed, or both equally.
pub(crate) fn unchanged(
    ctx: &ViewContext<'_>,
    state: &MergeState<'_>,
    lookup: &Lookup,
) -> Vec<UnchangedField> {
    let places = if state.is_whole() {
        let living = state.edit.change.body().or(state.theirs_body());
        Places::new(&super::changes::Compared::new(ctx, state.base, living).paths)
    } else {
        // An object that both added is no change of its own: its members have rows.
        let rows = state.reviewed.iter().filter(|row| row.row.kind != RowKind::AddedByBoth);
        Places::new(rows.map(|row| &row.row.path))
    };
    unchanged_outside(ctx, lookup, &places)
}

/// The fields of a version that lie on none of these places. Objects with some of them inside are gone through.
pub(crate) fn unchanged_outside(
    ctx: &ViewContext<'_>,
    lookup: &Lookup,
    places: &Places,
) -> Vec<UnchangedField> {
    let mut out = Vec::new();
    let mut stack: Vec<(Path, NodeId)> = vec![(Path::root(), lookup.root())];
    while let Some((path, id)) = stack.pop() {
        let pointer = path.to_pointer();
        let opens = lookup.opens(id);
        if opens && (path.is_root() || places.only_inside(&pointer)) {
            let members: Vec<(Path, NodeId)> = lookup
                .document()
                .members(id)
                .map(|(name, id)| (path.child(Token::Member(name.into_owned())), id))
                .filter(|(path, _)| !is_kept(&ctx.rules.merge, path))
                .collect();
            stack.extend(members.into_iter().rev());
        } else if !places.touch(&pointer) {
            let label = Place::in_format(lookup.format(), &path, ctx.schema, &[lookup]).full();
            let value = in_words(value_of(lookup.document(), Some(id)), ctx.schema.field(&path));
            out.push(UnchangedField { label, value });
        }
    }
    out
}
