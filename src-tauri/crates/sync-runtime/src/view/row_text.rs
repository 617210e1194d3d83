//! Long texts as paired paragraphs (M7).

use super::row_marks::{Marker, ipc_mark};
use super::value::string_of;
use ipc_types::{Paragraph, ParagraphKind};
use record_merge::json::{Document, Kind};
use record_merge::{Merge, Path, Side, marks};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The texts of a merge, each compared once.
pub(crate) struct Texts<'a> {
    merge: &'a Merge,
    /// Numbers of the rows of parts, by pointer and part.
    parts: BTreeMap<(String, u32), u32>,
    made: RefCell<BTreeMap<String, Rc<Vec<marks::Paragraph>>>>,
}

impl<'a> Texts<'a> {
    pub(crate) fn new(merge: &'a Merge, parts: BTreeMap<(String, u32), u32>) -> Self {
        Self { merge, parts, made: RefCell::default() }
    }

    /// The paragraphs of the text at a place; empty if it is no text of several lines, or not there on a side. `row` is
    /// the row that asks; where it is `open`, a clash without a row of its own is its own, otherwise it was put together.
    pub(crate) fn paragraphs(&self, path: &Path, row: u32, open: bool, marker: &Marker) -> Vec<Paragraph> {
        let pointer = path.to_pointer();
        let shown = |paragraph: &marks::Paragraph| {
            let clash = paragraph.kind == marks::ParagraphKind::Clash;
            let own = paragraph.part.and_then(|part| self.parts.get(&(pointer.clone(), part)).copied());
            let together = clash && own.is_none() && !open;
            Paragraph {
                kind: if together { ParagraphKind::Combined } else { kind(paragraph.kind) },
                count: paragraph.count,
                before: paragraph.before.clone(),
                theirs: paragraph.theirs.clone(),
                mine: paragraph.mine.clone(),
                theirs_marks: paragraph.theirs_marks.iter().cloned().map(ipc_mark).collect(),
                mine_marks: paragraph.mine_marks.iter().cloned().map(ipc_mark).collect(),
                row: own.or((clash && !together).then_some(row)),
            }
        };
        self.of(path, marker).iter().map(shown).collect()
    }

    /// The name of a part: "Paragraph 3", "Last paragraph, added by both".
    pub(crate) fn part_name(&self, path: &Path, part: u32, marker: &Marker) -> Option<String> {
        let all = self.of(path, marker);
        let at = all.iter().position(|paragraph| paragraph.part == Some(part))?;
        let number: u32 = all.iter().take(at).map(|paragraph| paragraph.count).sum::<u32>() + 1;
        let last = all.iter().skip(at + 1).all(|p| p.theirs.is_none() && p.mine.is_none());
        let name = if last { "Last paragraph".to_owned() } else { format!("Paragraph {number}") };
        let added = all.get(at).is_some_and(|paragraph| paragraph.before.is_none());
        Some(if added { format!("{name}, added by both") } else { name })
    }

    fn of(&self, path: &Path, marker: &Marker) -> Rc<Vec<marks::Paragraph>> {
        let pointer = path.to_pointer();
        if let Some(known) = self.made.borrow().get(&pointer) {
            return Rc::clone(known);
        }
        let made = Rc::new(self.make(path, marker).unwrap_or_default());
        self.made.borrow_mut().insert(pointer, Rc::clone(&made));
        made
    }

    fn make(&self, path: &Path, marker: &Marker) -> Option<Vec<marks::Paragraph>> {
        let text = |side| {
            let document = Document::parse(self.merge.value(side, path)?.as_bytes()).ok()?;
            let root = document.root();
            (document.kind(root) == Kind::String).then(|| string_of(&document, root).into_owned())
        };
        let (before, mine, theirs) = (text(Side::Base)?, text(Side::Mine)?, text(Side::Theirs)?);
        if ![&before, &mine, &theirs].iter().any(|text| text.trim_end().contains('\n')) {
            return None;
        }
        Some(marks::paragraphs(&before, &mine, &theirs, || marker.has_work()))
    }
}

fn kind(kind: marks::ParagraphKind) -> ParagraphKind {
    match kind {
        marks::ParagraphKind::Equal => ParagraphKind::Equal,
        marks::ParagraphKind::Server => ParagraphKind::Server,
        marks::ParagraphKind::Mine => ParagraphKind::Mine,
        marks::ParagraphKind::Same => ParagraphKind::Same,
        marks::ParagraphKind::Clash => ParagraphKind::Clash,
    }
}
