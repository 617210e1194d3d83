//! Two versions of a record beside each other: by the same walk as a merge, so that entries of lists are told apart by
//! what they are and not by where they stand.

use super::ViewContext;
use super::changes::{body_diff, body_text};
use super::kind::{Node, kind_for, meta};
use super::lookup::Lookup;
use super::merge_view::unchanged_outside;
use super::place::{Place, Places, is_kept};
use super::row_marks::{Marker, mark_text};
use super::value::{scalar_text, value_of};
use ipc_types::{ComparedField, Comparison, SameField, ValueType};
use record_merge::json::{Document, Kind, NodeId};
use record_merge::{Format, Inputs, Path, marks};
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
    let before = from.and_then(Lookup::of);
    let after = to.and_then(Lookup::of);
    let fields = |lookup: &Lookup| lookup.opens(lookup.root());
    let has_fields =
        [&before, &after].into_iter().flatten().all(fields) && (before.is_some() || after.is_some());
    if !has_fields {
        comparison.lines =
            to.or(from).map(|body| body_diff(from.filter(|_| to.is_some()), body)).unwrap_or_default();
        return comparison;
    }
    let paths = differences(ctx, from, to);
    let rows = Rows { ctx, before: before.as_ref(), after: after.as_ref(), marker: Marker::default() };
    comparison.rows = paths.iter().map(|path| rows.row(path)).collect();
    let places = Places::new(&paths);
    if let Some(lookup) = after.as_ref().filter(|_| before.is_some()) {
        let same = unchanged_outside(ctx, lookup, &places);
        comparison.same = same.into_iter().map(|f| SameField { label: f.label, value: f.value }).collect();
    }
    comparison
}

/// The places where two versions differ, as a merge names them that only one side changed.
fn differences(ctx: &ViewContext<'_>, from: Option<&Body>, to: Option<&Body>) -> Vec<Path> {
    let bytes = |body: Option<&Body>| body.map_or(b"{}".to_vec(), |b| b.bytes.to_vec());
    let (from, to) = (bytes(from), bytes(to));
    let inputs = Inputs::new(Some(&from), Some(&from), Some(&to));
    let Ok(merge) = record_merge::merge(Format::Json, inputs, &ctx.rules.merge) else {
        return vec![Path::root()];
    };
    let mut paths: Vec<Path> = Vec::new();
    for row in merge.rows.iter() {
        for path in std::iter::once(&row.path).chain(&row.with) {
            if !paths.iter().any(|known| path.starts_with(known)) {
                paths.push(path.clone());
            }
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
        let mut names = Place::of(path, self.ctx.schema, &versions);
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
