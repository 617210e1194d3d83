//! The shortest ways to see one sequence as edits of another (Myers 1986, "An O(ND) difference algorithm").
//!
//! A way is a path from the start of both sequences to their ends: one step takes out an element, puts one in, or passes
//! one that both have. Of all paths with the fewest changes, two are outermost: one takes out wherever it can, the other
//! puts in wherever it can. All the others run between them, so an element that both pass at the same place, every
//! shortest way leaves there.

use super::align::{Edit, Way};
use super::once::per_element;

/// How far from the end of both sequences each number of changes leads back, on each diagonal.
pub(super) struct Table<'a> {
    old: &'a [u32],
    new: &'a [u32],
    /// Row `d` (at `d * (d + 1) / 2`) has `d + 1` entries: for the diagonals `-d`, `2 - d`, ... `d` (elements of the old
    /// sequence passed minus those of the new), counted from the end, the most elements of the old one.
    reached: Vec<usize>,
    /// The fewest changes.
    changes: usize,
}

/// No path of so many changes comes to this diagonal.
const NEVER: usize = usize::MAX;

impl<'a> Table<'a> {
    /// `None` if it takes more than so many steps; those taken are counted down.
    pub(super) fn of(old: &'a [u32], new: &'a [u32], steps: &mut usize) -> Option<Table<'a>> {
        let mut table = Table { old, new, reached: Vec::new(), changes: 0 };
        loop {
            let changes = table.changes;
            for diagonal in 0..=changes {
                let reached = table.go(diagonal, steps);
                table.reached.push(reached);
            }
            let ends = (changes + old.len()).checked_sub(new.len()).filter(|twice| twice % 2 == 0);
            if ends.and_then(|twice| table.at(changes, twice / 2)) == Some(old.len()) {
                return Some(table);
            }
            if *steps == 0 {
                return None;
            }
            table.changes += 1;
        }
    }

    /// The entry of a diagonal, counted from 0, in the row of so many changes.
    fn at(&self, changes: usize, diagonal: usize) -> Option<usize> {
        let row = changes * (changes + 1) / 2;
        let entry = if diagonal <= changes { self.reached.get(row + diagonal) } else { None };
        entry.copied().filter(|reached| *reached != NEVER)
    }

    /// How far a path of one change more comes on this diagonal.
    fn go(&self, diagonal: usize, steps: &mut usize) -> usize {
        let changes = self.changes;
        // x - y = 2 * diagonal - changes
        let inside = |x: &usize| {
            *x <= self.old.len()
                && (x + changes).checked_sub(2 * diagonal).is_some_and(|y| y <= self.new.len())
        };
        let start = match (changes.checked_sub(1), diagonal.checked_sub(1)) {
            (None, _) => Some(0),
            (Some(before), None) => self.at(before, diagonal).filter(inside),
            (Some(before), Some(lower)) => {
                let out = self.at(before, lower).map(|x| x + 1).filter(inside);
                let put_in = self.at(before, diagonal).filter(inside);
                let same = before.checked_sub(1).and_then(|before| self.at(before, lower));
                out.max(put_in).max(same)
            }
        };
        let Some(x) = start else { return NEVER };
        let rest = |all: &'a [u32], passed: usize| all.get(..all.len() - passed).unwrap_or_default();
        let pairs =
            rest(self.old, x).iter().rev().zip(rest(self.new, x + changes - 2 * diagonal).iter().rev());
        let length = pairs.take_while(|(a, b)| a == b).count();
        *steps = steps.saturating_sub(length + 1);
        x + length
    }

    /// So many changes are enough from here to the end.
    fn enough(&self, old: usize, new: usize, changes: usize) -> bool {
        let (Some(x), Some(y)) = (self.old.len().checked_sub(old), self.new.len().checked_sub(new)) else {
            return false;
        };
        let Some(twice) = (changes + x).checked_sub(y) else { return false };
        twice % 2 == 0 && self.at(changes, twice / 2).is_some_and(|reached| reached >= x)
    }

    /// All shortest ways; `None` if there are more than so many.
    pub(super) fn all(&self, most: usize) -> Option<Vec<Way>> {
        let mut found: Vec<Way> = Vec::new();
        // Where a path is, how many changes it has left, whether it has just put something in, and its edits so far.
        let mut open: Vec<(usize, usize, usize, bool, Way)> = vec![(0, 0, self.changes, false, Way::new())];
        while let Some((old, new, left, put_in, way)) = open.pop() {
            if open.len() + found.len() > most {
                return None;
            }
            if old == self.old.len() && new == self.new.len() {
                found.push(way);
                continue;
            }
            let mut to = |old_on: usize, new_on: usize| {
                let mut way = way.clone();
                push(&mut way, Edit { base: old..old + old_on, side: new..new + new_on });
                open.push((old + old_on, new + new_on, left.saturating_sub(1), new_on > 0, way));
            };
            if let Some(fewer) = left.checked_sub(1) {
                if self.enough(old, new + 1, fewer) {
                    to(0, 1);
                }
                // What is taken out and put in at one place is taken out first, or one edit would be seen many times.
                if !put_in && self.enough(old + 1, new, fewer) {
                    to(1, 0);
                }
            }
            if old < self.old.len() && self.old.get(old) == self.new.get(new) {
                open.push((old + 1, new + 1, left, false, way));
            }
        }
        Some(found)
    }

    /// The shortest way that takes out as early as it can, and the one that puts in as early as it can.
    pub(super) fn outermost(&self) -> [Way; 2] {
        [true, false].map(|take_out_first| {
            let mut way = Way::new();
            let (mut old, mut new, mut left) = (0, 0, self.changes);
            while old < self.old.len() || new < self.new.len() {
                let fewer = left.checked_sub(1);
                let can_take_out = || fewer.is_some_and(|left| self.enough(old + 1, new, left));
                let can_put_in = || fewer.is_some_and(|left| self.enough(old, new + 1, left));
                let takes_out = take_out_first && can_take_out();
                let puts_in = !take_out_first && can_put_in();
                let same = old < self.old.len() && self.old.get(old) == self.new.get(new);
                if !takes_out && !puts_in && same {
                    (old, new) = (old + 1, new + 1);
                    continue;
                }
                let takes_out = takes_out || (!puts_in && can_take_out()) || new >= self.new.len();
                let out = usize::from(takes_out && old < self.old.len());
                let edit = Edit { base: old..old + out, side: new..new + 1 - out };
                (old, new, left) = (edit.base.end, edit.side.end, left.saturating_sub(1));
                push(&mut way, edit);
            }
            way
        })
    }
}

/// There are at least so many changes: elements that one of both has more often.
pub(super) fn at_least(old: &[u32], new: &[u32]) -> usize {
    let Some(mut counts) = per_element(&[old, new], 0isize) else { return 0 };
    for (all, by) in [(old, 1), (new, -1)] {
        for element in all {
            if let Some(count) = usize::try_from(*element).ok().and_then(|element| counts.get_mut(element)) {
                *count += by;
            }
        }
    }
    counts.into_iter().map(isize::unsigned_abs).sum()
}

/// Edits that touch are one.
pub(super) fn push(way: &mut Way, edit: Edit) {
    if edit.base.is_empty() && edit.side.is_empty() {
        return;
    }
    match way.last_mut() {
        Some(last) if last.base.end == edit.base.start && last.side.end == edit.side.start => {
            last.base.end = edit.base.end;
            last.side.end = edit.side.end;
        }
        _ => way.push(edit),
    }
}
