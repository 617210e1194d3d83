//! New bytes from old ones: only the spans that change are written, all else is copied (merge.md 2.5).

use super::layout::Layout;
use super::{Document, Kind, NodeId};
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

/// Longest white space that is repeated before new items, in bytes: enough for every indentation, and no way to make a
/// record of a thousand items a thousand times as long.
const LONGEST_LEAD: usize = 256;

/// A value that comes into the document.
#[derive(Clone, Debug)]
pub(crate) enum Text {
    /// As it is: it has the layout of the document already.
    Ready(String),
    /// To be laid out like the document. `lines`: it comes from a document that is written over several lines, so that
    /// its own line breaks are meant.
    Foreign { text: String, lines: bool },
}

impl Text {
    /// By a person or a program, outside of any document.
    pub(crate) fn alone(text: &str) -> Text {
        Text::Foreign { text: text.to_owned(), lines: text.contains('\n') }
    }
}

/// A member or element that the document does not have yet.
#[derive(Clone, Debug)]
pub(crate) struct NewItem {
    /// Source text of the name, with quotes; `None` in an array.
    pub(crate) name: Option<String>,
    pub(crate) value: Text,
}

/// One place in a container whose items are listed anew.
#[derive(Clone, Debug)]
pub(crate) enum Entry {
    /// An item that is there already; it may have changes inside.
    Old(NodeId),
    New(NewItem),
}

/// Changes to one container.
#[derive(Clone, Debug, Default)]
struct Changes {
    removed: BTreeSet<NodeId>,
    /// All items in a new order; the other changes do not count then.
    order: Option<Vec<Entry>>,
    /// New items by the old one they follow; `None` = before all old ones.
    after: BTreeMap<Option<NodeId>, Vec<NewItem>>,
    /// New items at the end.
    last: Vec<NewItem>,
}

/// Collects changes to one document. They must not overlap: nothing is changed inside what is replaced or removed.
#[derive(Clone, Debug)]
pub(crate) struct Splice<'d> {
    document: &'d Document,
    replaced: BTreeMap<NodeId, Text>,
    containers: BTreeMap<NodeId, Changes>,
    /// Looked up when it is needed.
    layout: OnceCell<Layout>,
}

/// New text by the span it replaces. Spans may lie inside each other: the outer one counts.
type Edits = BTreeMap<(u32, u32), String>;

impl<'d> Splice<'d> {
    pub(crate) fn new(document: &'d Document) -> Splice<'d> {
        Splice { document, replaced: BTreeMap::new(), containers: BTreeMap::new(), layout: OnceCell::new() }
    }

    /// The value gets another text.
    pub(crate) fn replace(&mut self, value: NodeId, text: Text) {
        self.replaced.insert(value, text);
    }

    fn layout(&self) -> &Layout {
        self.layout.get_or_init(|| Layout::of(self.document))
    }

    /// A value that takes the place of another one.
    fn in_place(&self, id: NodeId, text: &Text) -> String {
        let (text, meant) = match text {
            Text::Foreign { text, lines } if id != self.document.root() => (text, *lines),
            Text::Ready(text) | Text::Foreign { text, .. } => return text.trim_matches(is_space).to_owned(),
        };
        let text = text.trim_matches(is_space);
        if !text.starts_with(['{', '[']) {
            return text.to_owned();
        }
        let (start, _) = self.document.item_span(id).unwrap_or_default();
        let span = self.document.span(id).unwrap_or_default();
        let (indent, alone) = self.layout().indent(self.document, start);
        if alone {
            return self.layout().lay(text, indent, true, meant);
        }
        let (last, _) = self.layout().indent(self.document, span.1.saturating_sub(1));
        self.layout().lay(text, last, self.layout().has_lines(span), meant)
    }

    /// A new item behind this white space.
    fn write_item(&self, id: NodeId, item: &NewItem, gaps: &Gaps, lead: &str, out: &mut String) {
        if let Some(name) = &item.name {
            out.push_str(name);
            out.push_str(&gaps.colon);
        }
        let (text, meant) = match &item.value {
            Text::Foreign { text, lines } => (text.trim_matches(is_space), *lines),
            Text::Ready(text) => return out.push_str(text.trim_matches(is_space)),
        };
        if !text.starts_with(['{', '[']) {
            return out.push_str(text);
        }
        let layout = self.layout();
        if let Some((_, indent)) = lead.rsplit_once('\n') {
            return out.push_str(&layout.lay(text, indent, true, meant));
        }
        let span = self.document.span(id).unwrap_or_default();
        let (indent, _) = layout.indent(self.document, span.1.saturating_sub(1));
        out.push_str(&layout.lay(text, indent, self.layout().has_lines(span), meant));
    }

    /// The member or element goes, with one comma.
    pub(crate) fn remove(&mut self, container: NodeId, item: NodeId) {
        self.containers.entry(container).or_default().removed.insert(item);
    }

    /// A new item right after an old one (and after those inserted there before).
    pub(crate) fn insert_after(&mut self, container: NodeId, anchor: Option<NodeId>, item: NewItem) {
        self.containers.entry(container).or_default().after.entry(anchor).or_default().push(item);
    }

    /// A new item at the end.
    pub(crate) fn append(&mut self, container: NodeId, item: NewItem) {
        self.containers.entry(container).or_default().last.push(item);
    }

    /// The items of a container from now on, in this order. Old ones that are not listed go; those listed are moved with
    /// their bytes. Where the old ones keep their order, nothing between them is touched.
    pub(crate) fn arrange(&mut self, container: NodeId, entries: Vec<Entry>) {
        let old: Vec<NodeId> = entries
            .iter()
            .filter_map(|entry| match entry {
                Entry::Old(id) => Some(*id),
                Entry::New(_) => None,
            })
            .collect();
        let changes = self.containers.entry(container).or_default();
        if !old.is_sorted_by(|a, b| a < b) {
            changes.order = Some(entries);
            return;
        }
        let kept: BTreeSet<NodeId> = old.into_iter().collect();
        changes.removed.extend(self.document.children(container).filter(|id| !kept.contains(id)));
        let mut anchor = None;
        for entry in entries {
            match entry {
                Entry::Old(id) => anchor = Some(id),
                Entry::New(item) => changes.after.entry(anchor).or_default().push(item),
            }
        }
    }

    /// The new bytes.
    pub(crate) fn finish(self) -> Vec<u8> {
        let mut edits = Edits::new();
        for (id, text) in &self.replaced {
            if let Some(span) = self.document.span(*id) {
                edits.insert(span, self.in_place(*id, text));
            }
        }
        for (id, changes) in self.containers.iter().filter(|(_, changes)| changes.order.is_none()) {
            self.container(*id, changes, &mut edits);
        }
        // Inner containers stand later in the text: they are put in order before what holds them is.
        for (id, changes) in self.containers.iter().rev() {
            if let Some(order) = &changes.order {
                self.reorder(*id, order, &mut edits);
            }
        }
        let end = u32::try_from(self.document.source().len()).unwrap_or(u32::MAX);
        let mut out = String::with_capacity(self.document.source().len());
        self.write(0, end, &edits, &mut out);
        out.into_bytes()
    }

    /// Writes a span of the document with the edits in it.
    fn write(&self, start: u32, end: u32, edits: &Edits, out: &mut String) {
        let mut at = start;
        for ((from, to), text) in edits.range((start, 0)..(end, 0)) {
            // What is put in right before a span belongs to the gap, not to it; the same text belongs to the whole.
            let before = *to == start && start > 0;
            // An edit inside one already written cannot be placed any more; the outer one has spoken.
            if *from >= at && !before {
                out.push_str(self.document.slice(at, *from));
                out.push_str(text);
                at = *to;
            }
        }
        out.push_str(self.document.slice(at, end.max(at)));
    }

    /// Puts the items of one container in a new order. Spaces and commas stay with the places, not with the items.
    fn reorder(&self, id: NodeId, order: &[Entry], edits: &mut Edits) {
        let Some((start, end)) = self.document.span(id) else { return };
        let (open, close) = (start + 1, end.saturating_sub(1));
        let gaps = Gaps::of(self, id, open, close);
        let mut text = String::new();
        for (position, entry) in order.iter().enumerate() {
            if position > 0 {
                let before = gaps.items.get(position - 1).filter(|_| position < gaps.items.len());
                text.push_str(before.map_or("", |item| &item.trail));
                text.push(',');
            }
            let lead = gaps.items.get(position).map(|item| item.lead.as_str());
            let lead = lead.unwrap_or(if position == 0 { gaps.first_lead() } else { &gaps.lead });
            text.push_str(lead);
            match entry {
                Entry::Old(item) => {
                    if let Some((from, to)) = self.document.item_span(*item) {
                        self.write(from, to, edits, &mut text);
                    }
                }
                Entry::New(item) => self.write_item(id, item, &gaps, lead, &mut text),
            }
        }
        text.push_str(&gaps.closing);
        let inner: Vec<(u32, u32)> = edits
            .range((open, 0)..=(close, u32::MAX))
            .map(|(span, _)| *span)
            .filter(|(_, to)| *to <= close)
            .collect();
        for span in inner {
            edits.remove(&span);
        }
        edits.insert((open, close), text);
    }

    /// Rewrites the gaps between the kept items of one container; the items themselves stay where they are.
    fn container(&self, id: NodeId, changes: &Changes, edits: &mut Edits) {
        let Some((start, end)) = self.document.span(id) else { return };
        let (open, close) = (start + 1, end.saturating_sub(1));
        let gaps = Gaps::of(self, id, open, close);
        let mut gap_start = open;
        let mut gap = String::new();
        let mut first = true;
        let mut changed = false;
        self.write_new(id, changes.after.get(&None), &gaps, &mut first, &mut gap, &mut changed);
        for (position, item) in gaps.items.iter().enumerate() {
            if changes.removed.contains(&item.id) {
                changed = true;
            } else {
                if first {
                    gap.push_str(gaps.first_lead());
                } else {
                    gap.push(',');
                    gap.push_str(if position == 0 { &gaps.lead } else { &item.lead });
                }
                first = false;
                if changed {
                    edits.insert((gap_start, item.start), std::mem::take(&mut gap));
                }
                gap.clear();
                changed = false;
                gap_start = item.end;
                gap.push_str(&item.trail);
            }
            self.write_new(id, changes.after.get(&Some(item.id)), &gaps, &mut first, &mut gap, &mut changed);
        }
        self.write_new(id, Some(&changes.last), &gaps, &mut first, &mut gap, &mut changed);
        if changed {
            if !first {
                gap.push_str(&gaps.closing);
            }
            edits.insert((gap_start, close), gap);
        }
    }

    fn write_new(
        &self,
        id: NodeId,
        items: Option<&Vec<NewItem>>,
        gaps: &Gaps,
        first: &mut bool,
        gap: &mut String,
        changed: &mut bool,
    ) {
        for item in items.into_iter().flatten() {
            let lead = if *first { gaps.first_lead() } else { &gaps.lead };
            if !*first {
                gap.push(',');
            }
            gap.push_str(lead);
            *first = false;
            *changed = true;
            self.write_item(id, item, gaps, lead, gap);
        }
    }
}

fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r')
}

struct Item {
    id: NodeId,
    start: u32,
    end: u32,
    /// Space before it.
    lead: String,
    /// Space between it and the comma that follows; that of the last item belongs to the closing bracket.
    trail: String,
}

/// The space around the items of a container, and the style for new ones.
struct Gaps {
    items: Vec<Item>,
    /// Space before a new item that is not the first.
    lead: String,
    /// Space before the first item when the container was empty.
    empty_lead: String,
    closing: String,
    colon: String,
}

impl Gaps {
    fn of(splice: &Splice<'_>, id: NodeId, open: u32, close: u32) -> Gaps {
        let document = splice.document;
        let mut items: Vec<Item> = Vec::new();
        let mut at = open;
        for child in document.children(id) {
            let Some((start, end)) = document.item_span(child) else { continue };
            let before = document.slice(at, start);
            // Only white space and one comma can stand here.
            let (trail, lead) = before.split_once(',').unwrap_or(("", before));
            if let Some(previous) = items.last_mut() {
                previous.trail = trail.to_owned();
            }
            items.push(Item { id: child, start, end, lead: lead.to_owned(), trail: String::new() });
            at = end;
        }
        let inner = document.slice(at, close).to_owned();
        let own_colon = document.children(id).find_map(|child| document.colon(child)).map(str::to_owned);
        let colon = |style: &Style| own_colon.clone().unwrap_or_else(|| style.colon.clone());
        if items.is_empty() {
            let style = Style::of(splice, id);
            let colon = colon(&style);
            let (lead, empty_lead) = (style.lead.clone(), style.lead);
            return Gaps { items, lead, empty_lead, closing: style.closing, colon };
        }
        let style = || Style::of(splice, id);
        let lead = match (items.get(1), items.first()) {
            (Some(second), _) => second.lead.clone(),
            (None, Some(only)) if only.lead.contains('\n') => only.lead.clone(),
            _ => style().inline,
        };
        let lead = if lead.len() > LONGEST_LEAD { String::new() } else { lead };
        let is_array = document.kind(id) == Kind::Array;
        let colon = own_colon.clone().unwrap_or_else(|| if is_array { String::new() } else { style().colon });
        Gaps { items, lead, empty_lead: String::new(), closing: inner, colon }
    }

    fn first_lead(&self) -> &str {
        self.items.first().map_or(&self.empty_lead, |item| &item.lead)
    }
}

/// How the document is laid out, where a container itself does not show it.
struct Style {
    lead: String,
    closing: String,
    colon: String,
    /// Space after a comma on one line.
    inline: String,
}

impl Style {
    fn of(splice: &Splice<'_>, id: NodeId) -> Style {
        let document = splice.document;
        let sample = document.ids().find_map(|id| document.colon(id)).unwrap_or(":");
        let colon = if sample.contains('\n') { ":" } else { sample }.to_owned();
        let inline = if colon.ends_with(' ') { " " } else { "" }.to_owned();
        let root = document.root();
        let first = document.children(root).next().and_then(|child| document.item_span(child));
        let root_lead = match (document.span(root), first) {
            (Some((start, _)), Some((first, _))) => document.slice(start + 1, first),
            _ => "",
        };
        let Some(break_at) = root_lead.rfind('\n') else {
            return Style { lead: String::new(), closing: String::new(), colon, inline };
        };
        let unit = root_lead.get(break_at + 1..).unwrap_or_default();
        let line_break = if root_lead.contains("\r\n") { "\r\n" } else { "\n" };
        let start = document.item_span(id).map_or(0, |(start, _)| start);
        let (indent, _) = splice.layout().indent(document, start);
        Style {
            lead: format!("{line_break}{indent}{unit}"),
            closing: format!("{line_break}{indent}"),
            colon,
            inline,
        }
    }
}
