//! New bytes from old ones: only the spans that change are written, all else is copied (merge.md 2.5).

use super::{Document, NodeId};
use std::collections::{BTreeMap, BTreeSet};

/// A member or element that the document does not have yet.
#[derive(Clone, Debug)]
pub(crate) struct NewItem {
    /// Source text of the name, with quotes; `None` in an array.
    pub(crate) name: Option<String>,
    /// Source text of the value.
    pub(crate) value: String,
}

/// Changes to one container.
#[derive(Clone, Debug, Default)]
struct Changes {
    removed: BTreeSet<NodeId>,
    /// New items by the old one they follow; `None` = before all old ones.
    after: BTreeMap<Option<NodeId>, Vec<NewItem>>,
    /// New items at the end.
    last: Vec<NewItem>,
}

/// Collects changes to one document. They must not overlap: nothing is changed inside what is replaced or removed.
#[derive(Clone, Debug)]
pub(crate) struct Splice<'d> {
    document: &'d Document,
    replaced: BTreeMap<NodeId, String>,
    containers: BTreeMap<NodeId, Changes>,
}

struct Edit {
    start: u32,
    end: u32,
    text: String,
}

impl<'d> Splice<'d> {
    pub(crate) fn new(document: &'d Document) -> Splice<'d> {
        Splice { document, replaced: BTreeMap::new(), containers: BTreeMap::new() }
    }

    /// The value gets another text.
    pub(crate) fn replace(&mut self, value: NodeId, text: &str) {
        self.replaced.insert(value, text.trim_matches(is_space).to_owned());
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

    /// The new bytes.
    pub(crate) fn finish(self) -> Vec<u8> {
        let mut edits: Vec<Edit> = Vec::new();
        for (id, text) in &self.replaced {
            if let Some((start, end)) = self.document.span(*id) {
                edits.push(Edit { start, end, text: text.clone() });
            }
        }
        for (id, changes) in &self.containers {
            self.container(*id, changes, &mut edits);
        }
        edits.sort_by_key(|edit| (edit.start, edit.end));
        let mut out = String::with_capacity(self.document.source().len());
        let mut at = 0;
        for edit in edits {
            // An edit inside one already written cannot be placed any more; the outer one has spoken.
            if edit.start >= at {
                out.push_str(self.document.slice(at, edit.start));
                out.push_str(&edit.text);
                at = edit.end;
            }
        }
        out.push_str(self.document.source().get(at as usize..).unwrap_or_default());
        out.into_bytes()
    }

    /// Rewrites the gaps between the kept items of one container; the items themselves stay where they are.
    fn container(&self, id: NodeId, changes: &Changes, edits: &mut Vec<Edit>) {
        let Some((start, end)) = self.document.span(id) else { return };
        let (open, close) = (start + 1, end.saturating_sub(1));
        let gaps = Gaps::of(self.document, id, open, close);
        let mut gap_start = open;
        let mut gap = String::new();
        let mut first = true;
        let mut changed = false;
        self.write_new(changes.after.get(&None), &gaps, &mut first, &mut gap, &mut changed);
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
                    edits.push(Edit { start: gap_start, end: item.start, text: std::mem::take(&mut gap) });
                }
                gap.clear();
                changed = false;
                gap_start = item.end;
                gap.push_str(&item.trail);
            }
            self.write_new(changes.after.get(&Some(item.id)), &gaps, &mut first, &mut gap, &mut changed);
        }
        self.write_new(Some(&changes.last), &gaps, &mut first, &mut gap, &mut changed);
        if changed {
            if !first {
                gap.push_str(&gaps.closing);
            }
            edits.push(Edit { start: gap_start, end: close, text: gap });
        }
    }

    fn write_new(
        &self,
        items: Option<&Vec<NewItem>>,
        gaps: &Gaps,
        first: &mut bool,
        gap: &mut String,
        changed: &mut bool,
    ) {
        for item in items.into_iter().flatten() {
            if *first {
                gap.push_str(gaps.first_lead());
            } else {
                gap.push(',');
                gap.push_str(&gaps.lead);
            }
            *first = false;
            *changed = true;
            if let Some(name) = &item.name {
                gap.push_str(name);
                gap.push_str(&gaps.colon);
            }
            gap.push_str(item.value.trim_matches(is_space));
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
    fn of(document: &Document, id: NodeId, open: u32, close: u32) -> Gaps {
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
        let style = Style::of(document, id);
        let inner = document.slice(at, close).to_owned();
        let colon = document
            .children(id)
            .find_map(|child| document.colon(child))
            .map_or_else(|| style.colon.clone(), str::to_owned);
        if items.is_empty() {
            return Gaps {
                items,
                lead: style.lead.clone(),
                empty_lead: style.lead,
                closing: style.closing,
                colon,
            };
        }
        let lead = match (items.get(1), items.first()) {
            (Some(second), _) => second.lead.clone(),
            (None, Some(only)) if only.lead.contains('\n') => only.lead.clone(),
            _ => style.inline,
        };
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
    fn of(document: &Document, id: NodeId) -> Style {
        let sample = document.ids().find_map(|id| document.colon(id)).unwrap_or(":");
        let colon = if sample.contains('\n') { ":" } else { sample }.to_owned();
        let inline = if colon.ends_with(' ') { " " } else { "" }.to_owned();
        let outer = document.source();
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
        let start = document.item_span(id).map_or(0, |(start, _)| start as usize);
        let line_start = outer.get(..start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
        let line = outer.get(line_start..start).unwrap_or_default();
        let indent: String = line.chars().take_while(|character| matches!(character, ' ' | '\t')).collect();
        Style {
            lead: format!("{line_break}{indent}{unit}"),
            closing: format!("{line_break}{indent}"),
            colon,
            inline,
        }
    }
}
