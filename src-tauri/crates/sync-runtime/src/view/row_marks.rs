//! Marks of words, with a budget for one screen (M23 to M27).

use ipc_types::{Mark, MarkKind, Value, ValueType};
use record_merge::json::{Document, Kind};
use record_merge::{Row, RowKind, marks};
use std::cell::Cell;

use super::value::scalar_text;

/// Characters times characters that are compared for the marks of one screen; beyond, values are marked as a whole.
/// Counted, not timed: the same answer on every machine. About half a second.
const SCREEN: usize = 400_000_000;
/// The most of it for one comparison: about 50 milliseconds.
const ROW: usize = SCREEN / 10;

/// What is left of the work for one screen.
#[derive(Debug)]
pub(crate) struct Marker(Cell<usize>);

impl Default for Marker {
    fn default() -> Self {
        Self(Cell::new(SCREEN))
    }
}

impl Marker {
    /// Something is left of it.
    pub(crate) fn has_work(&self) -> bool {
        self.0.get() > 0
    }

    /// The words of one text against an earlier one; a text that is not there has no marks.
    pub(crate) fn marks(&self, from: Option<&str>, to: Option<&str>) -> Vec<Mark> {
        let one = |kind, text: &str| match text {
            "" => Vec::new(),
            text => vec![Mark { kind, text: text.to_owned() }],
        };
        match (from, to) {
            (None, None) => Vec::new(),
            (Some(from), None) => one(MarkKind::Removed, from),
            (None, Some(to)) => one(MarkKind::Added, to),
            (Some(from), Some(to)) => {
                let cost = middle(from, to);
                if self.0.get().min(ROW) < cost {
                    return [one(MarkKind::Removed, from), one(MarkKind::Added, to)].concat();
                }
                self.0.set(self.0.get() - cost);
                marks::marks(from, to).into_iter().map(ipc_mark).collect()
            }
        }
    }
}

/// The work of comparing what is between the common beginning and the common end of two texts.
fn middle(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let head = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let rest = a.len().min(b.len()) - head;
    let tail = a.iter().rev().zip(b.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    (a.len() - head - tail).saturating_mul(b.len() - head - tail)
}

pub(crate) fn ipc_mark(mark: marks::Mark) -> Mark {
    let kind = match mark.kind {
        marks::MarkKind::Equal => MarkKind::Equal,
        marks::MarkKind::Removed => MarkKind::Removed,
        marks::MarkKind::Added => MarkKind::Added,
    };
    Mark { kind, text: mark.text }
}

/// The text that marks are made on: what a person reads. Lists of single values as one line; `None` for what is not
/// there, has no value, or is no text.
pub(crate) fn mark_text(document: &Document) -> Option<String> {
    let root = document.root();
    if document.kind(root) != Kind::Array {
        return scalar_text(document, root).map(std::borrow::Cow::into_owned);
    }
    let entries: Option<Vec<_>> = document.children(root).map(|child| scalar_text(document, child)).collect();
    entries.filter(|entries| !entries.is_empty()).map(|entries| entries.join(", "))
}

/// The names of the differences that cannot be seen: between the sides, or of the one side that changed.
pub(crate) fn invisible<'v>(
    row: &Row,
    before: &'v Value,
    theirs: &'v Value,
    mine: &'v Value,
) -> Option<String> {
    let text = |value: &'v Value| (value.r#type == ValueType::Text).then_some(value.text.as_str());
    let (a, b) = match row.kind {
        RowKind::TheirsOnly => (before, theirs),
        RowKind::MineOnly => (before, mine),
        _ => (theirs, mine),
    };
    marks::invisible_words(text(a)?, text(b)?)
}
