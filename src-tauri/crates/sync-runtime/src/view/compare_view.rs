//! Two versions of a record beside each other: by the same walk as a merge, so that entries of lists are told apart by
//! what they are and not by where they stand.

use super::ViewContext;
use super::card::{self, is_card};
use super::changes::{body_diff, body_text};
use super::kind::{Node, kind_for, meta};
use super::lookup::Lookup;
use super::merge_view::unchanged_outside;
use super::place::{Place, Places, is_kept};
use super::row_marks::{Marker, mark_text};
use super::value::{scalar_text, value_of};
use ipc_types::{ComparedField, Comparison, SameField, ValueType};
use record_merge::json::{Document, Kind, NodeId};
use record_merge::{Format, Inputs, Merge, Path, Side, marks};
use sync_engine::Body;

/// Most members of an object that its line names.
const NAMED: usize = 6;

/// What differs between two versions. `None` = there is no such version.
pub fn compare(ctx: &ViewContext<'_>, from: Option<&Body>, to: Option<&Body>) -> Comparison {
    let text = |body: Option<&Body>| body.and_then(body_text).map(str::to_owned);
    let mut comparison = Comparison {
        rows: Vec::new(),
        same: Vec::new(),
        lines: Vec::new(),
        from_text: text(from),
        to_text: text(to),
    };
    let Some(Sides { before, after, paths }) = Sides::of(ctx, from, to) else {
        comparison.lines =
            to.or(from).map(|body| body_diff(from.filter(|_| to.is_some()), body)).unwrap_or_default();
        return comparison;
    };
    let rows = Rows { ctx, before: before.as_ref(), after: after.as_ref(), marker: Marker::default() };
    comparison.rows = paths.iter().map(|path| rows.row(path)).collect();
    let places = Places::new(&paths);
    if let Some(lookup) = after.as_ref().filter(|_| before.is_some()) {
        let same = unchanged_outside(ctx, lookup, &places);
        comparison.same = same.into_iter().map(|f| SameField { label: f.label, value: f.value }).collect();
    }
    comparison
}

/// Two versions that have fields, and where they differ: as a merge names it that only one side changed, because only a
/// merge knows which entries of two versions are the same one.
struct Sides {
    before: Option<Lookup>,
    after: Option<Lookup>,
    paths: Vec<Path>,
}

impl Sides {
    /// `None`: there are no fields to compare.
    fn of(ctx: &ViewContext<'_>, from: Option<&Body>, to: Option<&Body>) -> Option<Self> {
        let format = to.or(from)?.format();
        let has_fields = format == Format::Json || is_card(format);
        if !has_fields || [from, to].into_iter().flatten().any(|body| body.format() != format) {
            return None;
        }
        let merge = match from.zip(to) {
            Some((from, to)) => one_sided(format, &from.bytes, &to.bytes, ctx)?,
            // A version that is not there has no fields.
            None => one_sided(Format::Json, &fields(from)?, &fields(to)?, ctx)?,
        };
        let side = |side, body: Option<&Body>| {
            let document = merge.fields(side).filter(|_| body.is_some())?;
            Some(Lookup::new(document.clone(), format))
        };
        let (before, after) = (side(Side::Base, from), side(Side::Theirs, to));
        let opens = [&before, &after].into_iter().flatten().all(|lookup| lookup.opens(lookup.root()));
        opens.then(|| Self { paths: places(&merge), before, after })
    }
}

fn one_sided(format: Format, from: &[u8], to: &[u8], ctx: &ViewContext<'_>) -> Option<Merge> {
    record_merge::merge(format, Inputs::new(Some(from), Some(from), Some(to)), &ctx.rules.merge).ok()
}

/// The fields of a version as JSON.
fn fields(body: Option<&Body>) -> Option<Vec<u8>> {
    match body {
        None => Some(b"{}".to_vec()),
        Some(body) if is_card(body.format()) => Some(card::fields(body)?.source().as_bytes().to_vec()),
        Some(body) => Some(body.bytes.to_vec()),
    }
}

/// The places of the rows, outermost.
fn places(merge: &Merge) -> Vec<Path> {
    let mut paths: Vec<Path> = Vec::new();
    for path in merge.rows.iter().flat_map(|row| std::iter::once(&row.path).chain(&row.with)) {
        if !paths.iter().any(|known| path.starts_with(known)) {
            paths.push(path.clone());
        }
    }
    paths
}

struct Rows<'a> {
    ctx: &'a ViewContext<'a>,
    before: Option<&'a Lookup>,
    after: Option<&'a Lookup>,
    marker: Marker,
}

impl Rows<'_> {
    fn row(&self, path: &Path) -> ComparedField {
        let versions: Vec<&Lookup> = self.after.into_iter().chain(self.before).collect();
        let format = versions.first().map_or(Format::Json, |lookup| lookup.format());
        let mut names = Place::in_format(format, path, self.ctx.schema, &versions);
        names.breadcrumbs.push(names.label);
        let mut names = names.breadcrumbs.into_iter();
        let label = names.next().unwrap_or_default();
        let part: Vec<String> = names.collect();
        let at = |lookup: Option<&Lookup>| lookup.and_then(|l| l.at(path));
        let (before, after) = (at(self.before), at(self.after));
        let field = self.ctx.schema.field(path);
        let nodes: Vec<Node<'_>> = [(self.after, after), (self.before, before)]
            .into_iter()
            .filter_map(|(lookup, id)| Some((lookup?.document(), id?)))
            .collect();
        let read = |lookup: Option<&Lookup>, id: Option<NodeId>| match lookup {
            Some(lookup) => value_of(lookup.document(), id),
            None => super::value(None),
        };
        let (from, to) = (read(self.before, before), read(self.after, after));
        let told = |lookup: Option<&Lookup>, id: Option<NodeId>| told(lookup?.document(), id?);
        let old = told(self.before, before);
        let new = told(self.after, after);
        let both_text = (from.r#type, to.r#type) == (ValueType::Text, ValueType::Text);
        let invisible = both_text.then(|| marks::invisible_difference(&from.text, &to.text)).flatten();
        ComparedField {
            place: serde_json::to_string(path).unwrap_or_default(),
            label,
            part: (!part.is_empty()).then(|| part.join(", ")),
            field: meta(
                path.to_pointer(),
                part.last().cloned().unwrap_or_default(),
                kind_for(field, &nodes),
                field,
            ),
            marks: self.marker.marks(old.as_deref(), new.as_deref()),
            invisible: invisible.map(|kind| kind.words().to_owned()),
            kept: is_kept(&self.ctx.rules.merge, path),
            from,
            to,
        }
    }
}

/// What a person reads for a value on one line: entries of a list, or of an object, one after the other.
fn told(document: &Document, id: NodeId) -> Option<String> {
    let part = Document::parse(document.text(id).as_bytes()).ok()?;
    if let Some(text) = mark_text(&part) {
        return Some(text);
    }
    let root = part.root();
    let named = |id: NodeId| match part.kind(id) {
        Kind::Object | Kind::Array => None,
        _ => scalar_text(&part, id).map(std::borrow::Cow::into_owned).filter(|text| !text.is_empty()),
    };
    let pieces: Vec<String> = match part.kind(root) {
        Kind::Object => part.members(root).filter_map(|(_, id)| named(id)).take(NAMED).collect(),
        Kind::Array => part
            .children(root)
            .filter_map(|id| named(id).or_else(|| part.members(id).find_map(|(_, id)| named(id))))
            .collect(),
        _ => Vec::new(),
    };
    (!pieces.is_empty()).then(|| pieces.join(", "))
}
