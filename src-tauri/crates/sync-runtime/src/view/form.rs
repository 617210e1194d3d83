//! The form of a record.

use super::ViewContext;
use super::card::is_card;
use super::card_form::{self, CardForm};
use super::kind::{MOST_ROWS, Node, kind_for, meta};
use super::lookup::Lookup;
use super::place::{Places, is_kept};
use super::schema::Field;
use super::validate::own_problem;
use super::value::value_of;
use super::words::{capitalised, label};
use ipc_types::{FieldKind, FieldMeta, FieldView, FormView};
use record_merge::json::{Document, NodeId};
use record_merge::{Format, Path, Policy, Token, changed_paths, equal};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use sync_engine::{Body, Refusal, Rules};

/// Most members of a record that has a form; larger ones are edited as text.
const MOST_MEMBERS: usize = 2_000;
/// Most fields of a form with all its cells; what comes after is shown as JSON text.
const MOST_FIELDS: usize = 10_000;
/// Most columns of a table.
const MOST_COLUMNS: usize = 24;
/// Deepest nesting of objects; deeper ones are shown as JSON text.
const DEEPEST: usize = 6;

/// What a form is made from.
#[derive(Clone, Copy, Debug, Default)]
pub struct FormInputs<'a> {
    /// The version shown. Not JSON, or `None`: the form is empty.
    pub body: Option<&'a Body>,
    /// The version it is compared with ("Before"); `None` = nothing is marked as changed.
    pub before: Option<&'a Body>,
    /// The server's refusal, shown at the fields it names.
    pub refusal: Option<&'a Refusal>,
    /// Places of the open rows of its merge.
    pub open: &'a [Path],
}

/// The form: fields of the schema in its order, then the other members in theirs, then those only `before` has.
/// Fields of the schema that are not there are shown as missing.
pub fn form(ctx: &ViewContext<'_>, inputs: &FormInputs<'_>) -> FormView {
    let Some(body) = inputs.body else { return FormView::default() };
    if is_card(body.format()) {
        return CardForm::of(body).map(|card| of_card(ctx, inputs, card)).unwrap_or_default();
    }
    let Some(now) = Lookup::of(body) else { return FormView::default() };
    let before = inputs.before.and_then(Lookup::of);
    let changed = inputs.before.map(|b| changed_paths(Format::Json, &b.bytes, &body.bytes, &ctx.rules.merge));
    made(ctx, inputs, Versions { now: &now, before: before.as_ref(), changed, open: inputs.open })
}

/// A contact or event: the form of the document it is laid out as.
fn of_card(ctx: &ViewContext<'_>, inputs: &FormInputs<'_>, card: CardForm) -> FormView {
    let before = inputs.before.and_then(CardForm::of);
    let texts = before
        .as_ref()
        .map(|before| [&before.lookup, &card.lookup].map(|l| l.document().source().as_bytes()));
    let changed = texts.map(|[before, now]| changed_paths(Format::Json, before, now, &Policy::default()));
    let open: Vec<Path> = inputs.open.iter().filter_map(|path| card.place(path)).collect();
    let rules = Rules { merge: Policy::default(), ..ctx.rules.clone() };
    let ctx = ViewContext { schema: &card.schema, rules: &rules, ..*ctx };
    let before = before.as_ref().map(|before| &before.lookup);
    let mut form = made(&ctx, inputs, Versions { now: &card.lookup, before, changed, open: &open });
    card_form::finish(&mut form.fields);
    form
}

/// What the fields of a form show.
struct Versions<'a> {
    now: &'a Lookup,
    before: Option<&'a Lookup>,
    /// Places that differ; `None` = nothing to compare with.
    changed: Option<Vec<Path>>,
    open: &'a [Path],
}

fn made(ctx: &ViewContext<'_>, inputs: &FormInputs<'_>, versions: Versions<'_>) -> FormView {
    let Versions { now, before, changed, open } = versions;
    if !now.opens(now.root()) {
        return FormView::default();
    }
    let root = now.root();
    if now.document().children(root).nth(MOST_MEMBERS).is_some() {
        return FormView::default();
    }
    let refused = inputs.refusal.iter().flat_map(|refusal| &refusal.pointers);
    let builder = Builder {
        ctx,
        now,
        before,
        changed: Places::new(changed.iter().flatten()),
        open: Places::new(open),
        refused: refused.map(|p| (p.pointer.as_str(), p.words.as_str())).collect(),
        left: Cell::new(MOST_FIELDS),
    };
    let before_root = before.map(Lookup::root);
    let outer = Outer { path: Path::root(), field: Some(&ctx.schema.root), read_only: false, depth: 0 };
    FormView { fields: builder.members(&outer, Some(root), before_root) }
}

struct Builder<'a> {
    ctx: &'a ViewContext<'a>,
    now: &'a Lookup,
    before: Option<&'a Lookup>,
    changed: Places,
    open: Places,
    refused: BTreeMap<&'a str, &'a str>,
    left: Cell<usize>,
}

/// What is around a field.
struct Outer<'a> {
    path: Path,
    field: Option<&'a Field>,
    read_only: bool,
    depth: usize,
}

/// A field's value now and before.
#[derive(Clone, Copy)]
struct Pair {
    now: Option<NodeId>,
    before: Option<NodeId>,
}

impl Builder<'_> {
    fn members(&self, outer: &Outer<'_>, now: Option<NodeId>, before: Option<NodeId>) -> Vec<FieldView> {
        let names_now = now.map(|id| self.now.names(id)).unwrap_or_default();
        let names_before = before.zip(self.before).map(|(id, l)| l.names(id)).unwrap_or_default();
        let mut order: Vec<String> = Vec::new();
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let schema =
            outer.field.iter().flat_map(|field| field.properties.iter().map(|(name, _)| name.clone()));
        let mut add = |name: String| {
            if seen.insert(name.clone()) {
                order.push(name);
            }
        };
        schema.for_each(&mut add);
        for (lookup, id) in [(Some(self.now), now), (self.before, before)] {
            let Some((lookup, id)) = lookup.zip(id).filter(|(l, id)| l.opens(*id)) else { continue };
            lookup.document().members(id).for_each(|(name, _)| add(name.into_owned()));
        }
        let pair =
            |name: &str| Pair { now: names_now.get(name).copied(), before: names_before.get(name).copied() };
        order.into_iter().map(|name| self.member(outer, &name, pair(&name))).collect()
    }

    fn member(&self, outer: &Outer<'_>, name: &str, pair: Pair) -> FieldView {
        let path = outer.path.child(Token::Member(name.to_owned()));
        let field = outer.field.and_then(|field| field.property(name));
        let required = outer.field.is_some_and(|field| field.required.contains(name));
        let read_only = outer.read_only
            || field.is_some_and(|field| field.read_only)
            || is_kept(&self.ctx.rules.merge, &path);
        let title = field.and_then(|field| field.title.clone()).unwrap_or_else(|| label(name));
        let here = Outer { path, field, read_only, depth: outer.depth + 1 };
        self.field(&here, title, required, pair)
    }

    fn field(&self, here: &Outer<'_>, title: String, required: bool, pair: Pair) -> FieldView {
        let pointer = here.path.to_pointer();
        let kind = self.kind(here, pair);
        let mut meta = meta(pointer.clone(), title, kind, here.field);
        meta.required = required;
        meta.read_only = here.read_only;
        let in_table = here.path.0.iter().any(|token| matches!(token, Token::Index(_)));
        let changed = if in_table { self.cell_changed(pair) } else { self.changed.touch(&pointer) };
        let fields = match kind {
            FieldKind::Object => self.members(here, pair.now, pair.before),
            _ => Vec::new(),
        };
        let (columns, rows) = match kind {
            FieldKind::Table => self.table(here, pair),
            _ => (Vec::new(), Vec::new()),
        };
        FieldView {
            value: value_of(self.now.document(), pair.now),
            before: self.before.filter(|_| changed).map(|before| value_of(before.document(), pair.before)),
            error: self.error(here, &pointer, kind, required, pair),
            needs_choice: self.open.touch(&pointer),
            meta,
            fields,
            columns,
            rows,
        }
    }

    fn kind(&self, here: &Outer<'_>, pair: Pair) -> FieldKind {
        let now = pair.now.map(|id| (self.now.document(), id));
        let before = pair.before.zip(self.before).map(|(id, l)| (l.document(), id));
        let nodes: Vec<Node<'_>> = match now {
            Some(now) if now.0.kind(now.1) != record_merge::json::Kind::Null => vec![now],
            // What was there before says what may come again.
            _ => before.into_iter().collect(),
        };
        let kind = kind_for(here.field, &nodes);
        let room = self.left.get();
        self.left.set(room.saturating_sub(1));
        let size = pair.now.map_or(0, |id| self.now.document().children(id).take(MOST_MEMBERS).count());
        let in_cell = here.path.0.iter().any(|token| matches!(token, Token::Index(_)));
        match kind {
            FieldKind::Object | FieldKind::Table if in_cell || here.depth > DEEPEST || size > room => {
                FieldKind::Json
            }
            FieldKind::Object if size > MOST_ROWS => FieldKind::Json,
            FieldKind::Table if self.column_names(here, pair).len() * size.max(1) > room => FieldKind::Json,
            FieldKind::Table if self.column_names(here, pair).len() > MOST_COLUMNS => FieldKind::Json,
            kind => kind,
        }
    }

    /// Cells have no place that stays: they are compared only while the list has the same length.
    fn cell_changed(&self, pair: Pair) -> bool {
        let text = |document: &Document, id: NodeId| document.text(id).as_bytes().to_vec();
        match (pair.now, pair.before.zip(self.before)) {
            (Some(now), Some((before, lookup))) => {
                let (now, before) = (text(self.now.document(), now), text(lookup.document(), before));
                !equal(Format::Json, &now, &before, &Policy::default())
            }
            _ => false,
        }
    }

    fn column_names(&self, here: &Outer<'_>, pair: Pair) -> Vec<String> {
        let items = here.field.and_then(|field| field.items.as_deref());
        let mut names: Vec<String> =
            items.iter().flat_map(|f| f.properties.iter().map(|(n, _)| n.clone())).collect();
        let mut seen: BTreeSet<String> = names.iter().cloned().collect();
        let document = self.now.document();
        for row in pair.now.iter().flat_map(|id| document.children(*id)).take(MOST_ROWS) {
            for (name, _) in document.members(row) {
                if names.len() > MOST_COLUMNS {
                    return names;
                }
                if seen.insert(name.clone().into_owned()) {
                    names.push(name.into_owned());
                }
            }
        }
        names
    }

    fn table(&self, here: &Outer<'_>, pair: Pair) -> (Vec<FieldMeta>, Vec<Vec<FieldView>>) {
        let names = self.column_names(here, pair);
        let items = here.field.and_then(|field| field.items.as_deref());
        let rows_now: Vec<NodeId> =
            pair.now.iter().flat_map(|id| self.now.document().children(*id)).collect();
        let rows_before: Vec<NodeId> = pair
            .before
            .zip(self.before)
            .map(|(id, l)| l.document().children(id).filter(|row| l.opens(*row)).collect())
            .unwrap_or_default();
        let comparable = rows_now.len() == rows_before.len();
        let columns = names.iter().map(|name| self.column(items, name, &rows_now, here.read_only)).collect();
        let rows = rows_now.iter().enumerate().map(|(at, row)| {
            let path = here.path.child(Token::Index(at));
            let outer = Outer { path, field: items, read_only: here.read_only, depth: here.depth + 1 };
            let before = rows_before.get(at).filter(|_| comparable).copied();
            let cells = names.iter().map(|name| {
                let now = self.now.names(*row).get(name).copied();
                let before = before.zip(self.before).and_then(|(id, l)| l.names(id).get(name).copied());
                self.member(&outer, name, Pair { now, before })
            });
            cells.collect()
        });
        (columns, rows.collect())
    }

    /// A column; its pointer is that of the member within a row.
    fn column(&self, items: Option<&Field>, name: &str, rows: &[NodeId], read_only: bool) -> FieldMeta {
        let field = items.and_then(|items| items.property(name));
        let document = self.now.document();
        let values: Vec<Node<'_>> =
            rows.iter().filter_map(|row| self.now.names(*row).get(name).map(|id| (document, *id))).collect();
        let title = field.and_then(|field| field.title.clone()).unwrap_or_else(|| label(name));
        let pointer = Path(vec![Token::Member(name.to_owned())]).to_pointer();
        let kind = match kind_for(field, &values) {
            FieldKind::Object | FieldKind::Table => FieldKind::Json,
            kind => kind,
        };
        let mut meta = meta(pointer, title, kind, field);
        meta.required = items.is_some_and(|items| items.required.contains(name));
        meta.read_only |= read_only;
        meta
    }

    /// The server's words, else what the schema says against the value.
    fn error(
        &self,
        here: &Outer<'_>,
        pointer: &str,
        kind: FieldKind,
        required: bool,
        pair: Pair,
    ) -> Option<String> {
        let inside = format!("{pointer}/");
        // What has no fields of its own also shows what is said about places inside it.
        let mut below = self.refused.range(inside.as_str()..).take_while(|(p, _)| p.starts_with(&inside));
        let has_fields = matches!(kind, FieldKind::Object | FieldKind::Table);
        let refused =
            self.refused.get(pointer).or_else(|| below.next().filter(|_| !has_fields).map(|(_, w)| w));
        if let Some(words) = refused {
            return Some((*words).to_owned());
        }
        if here.read_only {
            return None;
        }
        let field = here.field?;
        let words = match pair.now {
            Some(id) if !has_fields && self.now.document().kind(id).is_container() => {
                super::problem(field, required, Some(self.now.document().text(id)))
            }
            now => own_problem(field, required, self.now, now),
        };
        words.map(|words| format!("{}.", capitalised(&words)))
    }
}
