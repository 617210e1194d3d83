//! "Needs you": what clashes in each record, and records by the shape of it (M36, M37).

use super::card::is_card;
use super::lookup::Lookup;
use super::merge_state::{MergeState, kind_of, merge_of};
use super::merge_view::{asks, count};
use super::place::Place;
use super::rule_cards::card_label;
use super::value::value;
use super::{ViewContext, ViewError};
use ipc_types::{ConflictKind, NeedsYou, NeedsYouGroup, NeedsYouRecord, Value};
use record_merge::{ReviewedRow, Row, RowKind, Token, pattern_of};
use record_store::{NeedsYouRow, Shape, ShapeField};
use std::collections::{BTreeMap, BTreeSet};
use sync_engine::{Record, Timestamp};

/// Characters of a value in the list.
const SHOWN: usize = 120;

/// What a list of records that need a person knows of one collection.
#[derive(Clone, Copy, Debug)]
pub struct NeedsYouPlace<'a> {
    /// Source name.
    pub source: &'a str,
    /// Collection title.
    pub collection: &'a str,
    /// What one record is called.
    pub noun: &'a str,
}

type Key = (String, String, ConflictKind, Vec<ShapeField>);

/// Groups the records; those without a place or a shape are left out. Larger groups first, then by name; records stay in
/// their order.
pub fn needs_you<'a>(
    rows: Vec<NeedsYouRow>,
    place: impl Fn(&NeedsYouRow) -> Option<NeedsYouPlace<'a>>,
) -> NeedsYou {
    let mut shapes: BTreeMap<Key, (String, Vec<NeedsYouRecord>)> = BTreeMap::new();
    for row in rows {
        let (Some(place), Some(shape)) = (place(&row), row.shape) else { continue };
        let key = (place.source.to_owned(), place.collection.to_owned(), kind_of(row.kind), shape.fields);
        let shown = |json: Option<String>| json.and_then(|json| serde_json::from_str::<Value>(&json).ok());
        let (_, records) = shapes.entry(key).or_insert_with(|| (place.noun.to_owned(), Vec::new()));
        records.push(NeedsYouRecord {
            key: row.key.to_string(),
            title: row.title,
            open: shape.open,
            decided: shape.decided,
            automatic: shape.automatic,
            look: shape.look,
            mine_at: row.saved_at.0,
            theirs_at: shape.made_at.map(|at| at.0),
            who: shape.who,
            seen_at: row.seen_at.0,
            theirs: shown(shape.theirs),
            mine: shown(shape.mine),
        });
    }
    let mut groups: Vec<NeedsYouGroup> = shapes
        .into_iter()
        .map(|((source, collection, kind, fields), (noun, records))| {
            let (patterns, fields) = fields.into_iter().map(|f| (f.pattern, f.label)).unzip();
            NeedsYouGroup { source, collection, noun, kind, fields, patterns, records }
        })
        .collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.records.len()));
    NeedsYou { total: count(groups.iter().map(|group| group.records.len()).sum()), groups }
}

/// What clashes in a record that needs a person.
///
/// # Errors
/// [`ViewError::NotInMerge`] if it does not.
pub fn shape(ctx: &ViewContext<'_>, record: &Record, made_by: i64) -> Result<Shape, ViewError> {
    Ok(shape_of(ctx, &merge_of(ctx, record)?, made_by))
}

/// As [`shape`], of a record that is merged already.
pub fn shape_of(ctx: &ViewContext<'_>, state: &MergeState<'_>, made_by: i64) -> Shape {
    let open = || state.reviewed.iter().filter(|row| asks(row));
    let first = open().find(|row| row.standing.is_open()).or_else(|| open().next());
    // Whole records are too large for a list, and say nothing in it.
    let first = first.filter(|row| !row.row.path.is_root());
    let automatic = || state.reviewed.iter().filter(|row| !asks(row));
    let wants_a_look = |row: &ReviewedRow| row.row.please_look || row.row.kind == RowKind::Combined;
    let theirs = state.theirs_body();
    let short = |lexeme: Option<&str>| serde_json::to_string(&cut(value(lexeme))).ok();
    Shape {
        made_by,
        fields: clashing(ctx, state),
        open: count(open().filter(|row| row.standing.is_open()).count()),
        decided: count(open().filter(|row| !row.standing.is_open()).count()),
        automatic: count(automatic().count()),
        look: automatic().any(wants_a_look),
        who: ctx.who(theirs),
        asked: false,
        made_at: theirs.and_then(|body| super::context::made_exactly_at(body, ctx.schema)).map(Timestamp),
        theirs: first.and_then(|row| short(row.row.theirs.as_deref())),
        mine: first.and_then(|row| short(row.row.mine.as_deref())),
    }
}

/// What was found out about the server's version besides its content holds on.
pub(crate) fn still_known(shape: Shape, earlier: &Shape) -> Shape {
    Shape {
        who: shape.who.or_else(|| earlier.who.clone()),
        made_at: earlier.made_at.or(shape.made_at),
        asked: earlier.asked,
        ..shape
    }
}

/// The fields of the open group, decided or not, sorted, each once. Where one side deleted the record, the kind says it
/// all: none.
pub(crate) fn clashing(ctx: &ViewContext<'_>, state: &MergeState<'_>) -> Vec<ShapeField> {
    if state.is_whole() {
        return Vec::new();
    }
    let bodies = [state.theirs_body(), state.edit.change.body(), state.base];
    let lookups = bodies.map(|body| body.and_then(Lookup::shown));
    let versions: Vec<&Lookup> = lookups.iter().flatten().collect();
    let rows = state.reviewed.iter().filter(|row| asks(row));
    let mut fields: Vec<ShapeField> = rows.map(|row| shape_field(ctx, state, &row.row, &versions)).collect();
    fields.sort_by(|a, b| (&a.label, &a.pattern, &a.others).cmp(&(&b.label, &b.pattern, &b.others)));
    fields.dedup();
    fields
}

/// The name of a row's field.
pub(crate) fn label(ctx: &ViewContext<'_>, state: &MergeState<'_>, row: &Row) -> String {
    let bodies = [state.theirs_body(), state.edit.change.body(), state.base];
    let lookups = bodies.map(|body| body.and_then(Lookup::shown));
    let versions: Vec<&Lookup> = lookups.iter().flatten().collect();
    shape_field(ctx, state, row, &versions).label
}

/// A row's field without the entries of lists it lies in.
fn shape_field(ctx: &ViewContext<'_>, state: &MergeState<'_>, row: &Row, versions: &[&Lookup]) -> ShapeField {
    let format = state.merge.format();
    let pattern = state.pattern(row);
    let others = state.other_patterns(row);
    let entries = row.with.iter().any(|other| pattern_of(format, other) == pattern);
    let once = entries || row.reason.is_some();
    // Contacts and calendars have names of their own, whichever entry it is.
    if is_card(format) && !row.path.is_root() {
        // A rule can be made for it: it says what that would be about.
        let named = |path| card_label(format, &pattern_of(format, path));
        let mut label = named(&row.path);
        for other in row.with.iter().map(named).filter(|other| *other != label).collect::<BTreeSet<_>>() {
            label = format!("{label} + {other}");
        }
        return ShapeField { pattern, label, others, once };
    }
    let named = |path| Place::in_format(format, path, ctx.schema, versions);
    let place = named(&row.path);
    let names = place.breadcrumbs.iter().chain([&place.label]).zip(&row.path.0);
    let mut names: Vec<&str> =
        names.filter(|(_, token)| is_name(token)).map(|(name, _)| name.as_str()).collect();
    if names.is_empty() {
        names.push(&place.label);
    }
    let mut label = names.join(", ");
    for other in &row.with {
        label = format!("{label} + {}", named(other).label);
    }
    ShapeField { pattern, label, others, once }
}

fn is_name(token: &Token) -> bool {
    matches!(token, Token::Member(_))
}

/// A value as short as a line of a list is.
fn cut(mut value: Value) -> Value {
    if value.text.chars().nth(SHOWN).is_some() {
        let short: String = value.text.chars().take(SHOWN).chain(['\u{2026}']).collect();
        // Lists and objects are shown by their JSON: what is cut is shown as text.
        value.r#type = ipc_types::ValueType::Text;
        value.json = record_merge::json::quote(&short);
        value.text = short;
    }
    value
}
