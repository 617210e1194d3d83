//! The merge screen of one record.

use super::card::{self, is_card};
use super::changes::{body_text, body_value};
use super::context::address;
use super::lookup::Lookup;
use super::merge_row::Rows;
use super::merge_state::{MergeState, kind_of, merge_of};
use super::orphans::orphans;
use super::place::{Place, Places, is_kept};
use super::row_list::lists;
use super::row_marks::Marker;
use super::row_text::Texts;
use super::value::{in_words, value_of};
use super::{ViewContext, ViewError, field_changes, seen_of};
use ipc_types::{
    ExternalView, FieldChange, MergeRow, MergeSource, MergeView, Standing, TypedText, UnchangedField, Value,
};
use record_merge::json::{Document, NodeId};
use record_merge::{Format, Group, Path, ReviewedRow, RowKind, Token};
use std::collections::BTreeMap;
use sync_engine::{Body, Creates, Record};

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

/// The merge screen.
///
/// # Errors
/// [`ViewError::NotInMerge`] if the record has no merge.
pub fn merge_view(ctx: &ViewContext<'_>, record: &Record, known: &Known) -> Result<MergeView, ViewError> {
    Ok(merge_view_of(ctx, &merge_of(ctx, record)?, known))
}

/// As [`merge_view`], of a record that is merged already.
pub fn merge_view_of(ctx: &ViewContext<'_>, state: &MergeState<'_>, known: &Known) -> MergeView {
    let record = state.record;
    let format = state.merge.format();
    let fields = format == Format::Json || is_card(format);
    let lookups = versions(state, fields);
    let result = state.result_so_far();
    let shown = result_fields(state, fields, result.as_deref());
    let said = said(ctx, state);
    let who = known.who.clone().or_else(|| ctx.who(said));
    let known = &Known { who, ..known.clone() };
    let maker = Rows {
        ctx,
        merge: &state.merge,
        versions: lookups.iter().flatten().collect(),
        result: shown.as_ref(),
        fields,
        text: result.as_deref().filter(|_| !fields).and_then(|bytes| std::str::from_utf8(bytes).ok()),
        known,
        marker: Marker::default(),
        texts: Texts::new(&state.merge, parts(state)),
        files: files(state),
    };
    let rows = rows(state, &maker);
    let whole = shown.as_ref().or(lookups.iter().flatten().next()).filter(|_| fields);
    let open = rows.iter().filter(|row| row.open);
    // Also where a choice around it settled the row.
    let decided =
        open.clone().filter(|row| !matches!(row.standing, Standing::Undecided | Standing::Suggested));
    MergeView {
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
        theirs_validator: state.theirs_validator().map(|v| v.as_str().to_owned()),
        seen: seen_of(record),
        choices: count(open.count()),
        decided: count(decided.count()),
        lists: if fields { lists(ctx, &state.reviewed, &maker.versions) } else { Vec::new() },
        rows,
        orphans: orphans(ctx, state),
        unchanged: whole.map(|lookup| unchanged(ctx, state, lookup)).unwrap_or_default(),
        changes: changes(ctx, state),
        can_create: ctx.rules.creates != Creates::No,
        no_right: known.no_right.clone(),
        source_typed: known.source_typed.clone(),
        external: known.external.clone(),
        source: source(state, result),
    }
}

/// Theirs, mine and before as the rows see them; none of a text or a file.
fn versions(state: &MergeState<'_>, fields: bool) -> [Option<Lookup>; 3] {
    card::versions(&state.merge).unwrap_or_else(|| {
        let bodies = [state.theirs_body(), state.edit.change.body(), state.base];
        bodies.map(|body| body.filter(|_| fields).and_then(Lookup::of))
    })
}

/// The result as the rows see it. Only a card is written otherwise than it is merged.
fn result_fields(state: &MergeState<'_>, fields: bool, result: Option<&[u8]>) -> Option<Lookup> {
    let format = state.merge.format();
    let document = match format {
        Format::Json => Document::parse(result?),
        _ if fields => Document::parse(&state.fields_so_far()?),
        _ => return None,
    };
    Some(Lookup::new(document.ok()?, format))
}

/// The server's version, where it says anew who made it and when: a client that forgot to set these members did not
/// change them, either.
fn said<'a>(ctx: &ViewContext<'_>, state: &'a MergeState<'_>) -> Option<&'a Body> {
    let says = |body: Option<&Body>| (ctx.who(body), ctx.made_at(body));
    state.theirs_body().filter(|theirs| says(Some(theirs)) != says(state.base))
}

/// The documents, as text.
fn source(state: &MergeState<'_>, result: Option<Vec<u8>>) -> MergeSource {
    let text = |body: Option<&Body>| body.and_then(body_text).map(str::to_owned);
    MergeSource {
        before: text(state.base),
        theirs: text(state.theirs_body()),
        mine: text(state.edit.change.body()),
        result: result.and_then(|bytes| String::from_utf8(bytes).ok()),
    }
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
    let (open, automatic) = (both().filter(|(r, _)| asks(r)), both().filter(|(r, _)| !asks(r)));
    open.chain(automatic).map(|(row, number)| maker.row(*number, row)).collect()
}

/// The row is among those that ask: both sides clash in it, or what was chosen instead of the automatic result does not
/// stand any more (M47).
pub(crate) fn asks(row: &ReviewedRow) -> bool {
    row.row.group == Group::Open || row.standing.is_open()
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
