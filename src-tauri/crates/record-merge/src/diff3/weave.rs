//! The edits of both sides between two places that nobody changed, put together one way.

use super::align::Edit;
use super::{Change, Region};
use std::ops::Range;

/// A stretch of all three sequences.
#[derive(Clone, Debug)]
pub(super) struct Gap {
    pub(super) base: Range<usize>,
    pub(super) mine: Range<usize>,
    pub(super) theirs: Range<usize>,
}

/// What came of it.
pub(super) struct Woven {
    pub(super) regions: Vec<Region>,
    /// Changes of both sides have nothing unchanged between them.
    pub(super) beside: bool,
}

/// The regions in `gap`; `None` if changes of both sides overlap.
///
/// `separates` says whether something in a stretch of the base can keep changes apart.
pub(super) fn weave(
    gap: &Gap,
    mine: &[Edit],
    theirs: &[Edit],
    same: impl Fn(&Edit, &Edit) -> bool,
    separates: impl Fn(Range<usize>) -> bool,
) -> Option<Woven> {
    let mut state =
        State { regions: Vec::new(), base: gap.base.start, mine: gap.mine.start, theirs: gap.theirs.start };
    let mut beside = false;
    let mut ends: [Option<usize>; 2] = [None, None];
    let (mut m, mut t) = (mine, theirs);
    loop {
        let order = |edit: &Edit| (edit.base.start, edit.base.end);
        let (change, edit) = match (m.split_first(), t.split_first()) {
            (None, None) => break,
            (Some((a, rest_m)), Some((b, rest_t))) if a.base == b.base => {
                if !same(a, b) {
                    return None;
                }
                (m, t) = (rest_m, rest_t);
                (Change::Both, a)
            }
            (Some((a, _)), Some((b, rest))) if order(b) < order(a) => {
                if a.base.start < b.base.end {
                    return None;
                }
                t = rest;
                (Change::Theirs, b)
            }
            (Some((a, rest)), other) => {
                if other.is_some_and(|(b, _)| b.base.start < a.base.end) {
                    return None;
                }
                m = rest;
                (Change::Mine, a)
            }
            (None, Some((b, rest))) => {
                t = rest;
                (Change::Theirs, b)
            }
        };
        let near = |end: Option<usize>| end.is_some_and(|end| !separates(end..edit.base.start));
        let [mine_end, theirs_end] = ends;
        beside |= match change {
            Change::Mine => near(theirs_end),
            Change::Theirs => near(mine_end),
            _ => near(mine_end) || near(theirs_end),
        };
        ends = match change {
            Change::Mine => [Some(edit.base.end), theirs_end],
            Change::Theirs => [mine_end, Some(edit.base.end)],
            _ => [Some(edit.base.end); 2],
        };
        state.edit(change, edit);
    }
    state.unchanged(gap.base.end);
    Some(Woven { regions: state.regions, beside })
}

/// Regions, while they are collected.
pub(super) struct State {
    pub(super) regions: Vec<Region>,
    pub(super) base: usize,
    pub(super) mine: usize,
    pub(super) theirs: usize,
}

impl State {
    pub(super) fn unchanged(&mut self, until: usize) {
        let length = until.saturating_sub(self.base);
        if length > 0 {
            self.add(Change::None, length, length, length);
        }
    }

    fn edit(&mut self, change: Change, edit: &Edit) {
        self.unchanged(edit.base.start);
        let (old, new) = (edit.base.len(), edit.side.len());
        match change {
            Change::Mine => self.add(change, old, new, old),
            Change::Theirs => self.add(change, old, old, new),
            _ => self.add(change, old, new, new),
        }
    }

    pub(super) fn add(&mut self, change: Change, base: usize, mine: usize, theirs: usize) {
        let region = Region {
            change,
            base: self.base..self.base + base,
            mine: self.mine..self.mine + mine,
            theirs: self.theirs..self.theirs + theirs,
            number: 0,
            beside: Vec::new(),
        };
        self.base = region.base.end;
        self.mine = region.mine.end;
        self.theirs = region.theirs.end;
        match self.regions.last_mut() {
            Some(last) if change == Change::None && last.change == Change::None => {
                last.base.end = region.base.end;
                last.mine.end = region.mine.end;
                last.theirs.end = region.theirs.end;
            }
            _ => self.regions.push(region),
        }
    }
}
