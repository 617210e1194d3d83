//! What differs between two versions: fields by name, lines of text.

use super::ViewContext;
use super::card::{self, is_card};
use super::file::file_value;
use super::lookup::Lookup;
use super::place::{Place, WHOLE, is_kept};
use super::value::{in_words, text_value, value, value_of};
use ipc_types::{FieldChange, Mark, MarkKind, Value};
use record_merge::json::{Document, Kind, NodeId};
use record_merge::{Format, Inputs, Path, Token, changed_paths};
use similar::{Algorithm, ChangeTag, TextDiff};
use sync_engine::Body;

/// Most lines that are compared one by one; beyond, the changed middle is one block.
const MOST_LINES: usize = 6_000;

/// The document as text, for people; `None` if it is binary.
pub fn body_text(body: &Body) -> Option<&str> {
    if body.format() == Format::Binary {
        return None;
    }
    std::str::from_utf8(&body.bytes).ok()
}

/// A whole body as a value: that of a JSON document, the text of a text, words about anything else.
pub(crate) fn body_value(body: Option<&Body>) -> Value {
    let Some(body) = body else { return value(None) };
    match (Lookup::of(body), body_text(body)) {
        (Some(lookup), _) => value_of(lookup.document(), Some(lookup.root())),
        (None, Some(text)) => text_value(text),
        (None, None) => file_value(body),
    }
}

/// Two versions, and where they differ: places outside of lists, outermost first, in document order.
pub(crate) struct Compared {
    pub(crate) before: Option<Lookup>,
    pub(crate) after: Option<Lookup>,
    pub(crate) paths: Vec<Path>,
}

impl Compared {
    pub(crate) fn new(ctx: &ViewContext<'_>, before: Option<&Body>, after: Option<&Body>) -> Self {
        let [old, new] = [before, after].map(|body| body.map(|body| &*body.bytes));
        let lookups = match card::together(before.or(after), [old, None, new]) {
            Some([before, _, after]) => (before, after),
            None => (before.and_then(Lookup::of), after.and_then(Lookup::of)),
        };
        let paths = match (before, after) {
            (None, None) => Vec::new(),
            (Some(before), Some(after)) => {
                let format = if before.format() == after.format() { after.format() } else { Format::Binary };
                changed_paths(format, &before.bytes, &after.bytes, &ctx.rules.merge)
            }
            (None, Some(_)) => members(ctx, lookups.1.as_ref()),
            (Some(_), None) => vec![Path::root()],
        };
        Self { before: lookups.0, after: lookups.1, paths }
    }

    /// The name of a place, elements of lists as the later version has them.
    pub(crate) fn place(&self, ctx: &ViewContext<'_>, path: &Path) -> Place {
        let versions: Vec<&Lookup> = self.after.iter().chain(&self.before).collect();
        let format = versions.first().map_or(Format::Json, |lookup| lookup.format());
        Place::in_format(format, path, ctx.schema, &versions)
    }

    /// The change at a place, in words. The bodies are those compared.
    pub(crate) fn change(
        &self,
        ctx: &ViewContext<'_>,
        path: &Path,
        before: Option<&Body>,
        after: Option<&Body>,
    ) -> FieldChange {
        if path.is_root() {
            return whole_change(before, after);
        }
        let field = ctx.schema.field(path);
        let at = |lookup: &Option<Lookup>| match lookup {
            Some(lookup) => in_words(value_of(lookup.document(), lookup.at(path)), field),
            None => value(None),
        };
        let label = self.place(ctx, path).full();
        FieldChange { label, from: at(&self.before), to: at(&self.after), provenance: None }
    }
}

/// Every member of a new record; the record as a whole if it has none.
fn members(ctx: &ViewContext<'_>, lookup: Option<&Lookup>) -> Vec<Path> {
    let Some(lookup) = lookup.filter(|l| l.opens(l.root())) else { return vec![Path::root()] };
    let all = lookup
        .document()
        .members(lookup.root())
        .map(|(name, _)| Path(vec![Token::Member(name.into_owned())]));
    all.filter(|path| !is_kept(&ctx.rules.merge, path)).collect()
}

/// The fields that differ, named, with both values. A new record: all its fields; a removed one: the whole record.
/// `None` = there is no such version.
pub fn field_changes(ctx: &ViewContext<'_>, before: Option<&Body>, after: Option<&Body>) -> Vec<FieldChange> {
    if let Some(changes) = card_changes(ctx, before, after) {
        return changes;
    }
    let compared = Compared::new(ctx, before, after);
    compared.paths.iter().map(|path| compared.change(ctx, path, before, after)).collect()
}

/// What differs between two contacts or calendars, by property: as a merge sees it that only one side changed, because
/// only a merge knows which entries of two versions are the same one. `None` for anything else.
fn card_changes(
    ctx: &ViewContext<'_>,
    before: Option<&Body>,
    after: Option<&Body>,
) -> Option<Vec<FieldChange>> {
    let (before, after) = before.zip(after)?;
    let format = after.format();
    if !is_card(format) || before.format() != format {
        return None;
    }
    let inputs = Inputs::new(Some(&before.bytes), Some(&before.bytes), Some(&after.bytes));
    let merge = record_merge::merge(format, inputs, &ctx.rules.merge).ok()?;
    let change = |row: &record_merge::Row| FieldChange {
        label: Place::in_format(format, &row.path, ctx.schema, &[]).full(),
        from: value(row.before.as_deref()),
        to: value(row.theirs.as_deref()),
        provenance: None,
    };
    Some(merge.rows.iter().filter(|row| row.part.is_none()).map(change).collect())
}

/// The names of the fields that differ.
pub fn field_names(ctx: &ViewContext<'_>, before: Option<&Body>, after: Option<&Body>) -> Vec<String> {
    if let Some(changes) = card_changes(ctx, before, after) {
        return changes.into_iter().map(|change| change.label).collect();
    }
    let compared = Compared::new(ctx, before, after);
    let mut names: Vec<String> = Vec::new();
    for path in &compared.paths {
        names.push(compared.place(ctx, path).full());
    }
    names.dedup();
    names
}

/// The fields of a record in all: members that are no objects, lists as one; 1 for what is no JSON object.
pub fn count_fields(body: &Body) -> u32 {
    let Some(lookup) = Lookup::of(body).filter(|l| l.opens(l.root())) else { return 1 };
    u32::try_from(leaves(lookup.document(), lookup.root())).unwrap_or(u32::MAX)
}

fn leaves(document: &Document, root: NodeId) -> usize {
    let mut stack = vec![root];
    let mut count = 0;
    while let Some(id) = stack.pop() {
        let empty = document.children(id).next().is_none();
        if document.kind(id) == Kind::Object && !document.is_atomic(id) && !(empty && id != root) {
            stack.extend(document.children(id));
        } else {
            count += 1;
        }
    }
    count
}

/// The lines of a body against the version before, in order; neighbouring lines of one kind are one mark. Empty for
/// binary bodies.
pub fn body_diff(before: Option<&Body>, after: &Body) -> Vec<Mark> {
    let Some(new) = body_text(after) else { return Vec::new() };
    let old = before.and_then(body_text).unwrap_or_default();
    let (old, new): (Vec<&str>, Vec<&str>) =
        (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let part = |lines: &[&str], from: usize, to: usize| lines.get(from..to).unwrap_or_default().concat();
    let mut marks = Vec::new();
    push(&mut marks, MarkKind::Equal, &part(&new, 0, head));
    let (old_end, new_end) = (old.len() - tail, new.len() - tail);
    let (old_middle, new_middle) = (part(&old, head, old_end), part(&new, head, new_end));
    if old_end + new_end > MOST_LINES + 2 * head {
        push(&mut marks, MarkKind::Removed, &old_middle);
        push(&mut marks, MarkKind::Added, &new_middle);
    } else {
        let mut config = TextDiff::configure();
        let diff = config.algorithm(Algorithm::Myers).diff_lines(old_middle.as_str(), new_middle.as_str());
        for change in diff.iter_all_changes() {
            let kind = match change.tag() {
                ChangeTag::Equal => MarkKind::Equal,
                ChangeTag::Delete => MarkKind::Removed,
                ChangeTag::Insert => MarkKind::Added,
            };
            push(&mut marks, kind, change.value());
        }
    }
    push(&mut marks, MarkKind::Equal, &part(&new, new_end, new.len()));
    marks
}

fn push(marks: &mut Vec<Mark>, kind: MarkKind, text: &str) {
    if text.is_empty() {
        return;
    }
    match marks.last_mut().filter(|last| last.kind == kind) {
        Some(last) => last.text.push_str(text),
        None => marks.push(Mark { kind, text: text.to_owned() }),
    }
}

/// The whole record as one change.
pub(crate) fn whole_change(from: Option<&Body>, to: Option<&Body>) -> FieldChange {
    FieldChange { label: WHOLE.to_owned(), from: body_value(from), to: body_value(to), provenance: None }
}
