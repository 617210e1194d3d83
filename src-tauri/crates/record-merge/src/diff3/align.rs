//! Ways to see one sequence as edits of another. Where several ways are equally good (an inserted line that could also
//! be the next one, a removed one of several like ones), all that were found are kept: a merge must not depend on which.

use similar::{Algorithm, DiffOp, capture_diff_slices};
// Only asked, never gone through: their order is nobody's.
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Up to this many pairs of elements (equal or not), a stretch is compared thoroughly.
const THOROUGH: usize = 4_000_000;
/// So many pairs in all stretches together.
const THOROUGH_IN_ALL: usize = 16_000_000;
/// Steps that may be made to see whether a longer stretch has few differences.
const STEPS: usize = 4_000_000;
/// Up to this many pairs of elements, other algorithms are asked for their opinion, too.
const SECOND_OPINION: usize = 1_000_000;

/// Elements of the base that were replaced by elements of a side; either may be empty, not both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) base: Range<usize>,
    pub(super) side: Range<usize>,
}

impl Edit {
    fn is_insertion(&self) -> bool {
        self.base.is_empty()
    }

    fn is_removal(&self) -> bool {
        self.side.is_empty()
    }
}

/// The edits in order. What is between them is equal.
pub(super) type Way = Vec<Edit>;

/// The ways that were found; the first is the one git would take: each edit as far down as it goes.
///
/// All work is counted, not timed: the same answer on every machine. A stretch that would take too long is one edit.
pub(super) fn ways(base: &[u32], side: &[u32]) -> Vec<Way> {
    let (head, tail) = common(base, side);
    let old = base.get(head..base.len() - tail).unwrap_or_default();
    let new = side.get(head..side.len() - tail).unwrap_or_default();
    let mut ways: Vec<Way> = Vec::new();
    let mut add = |way: Way| {
        for down in [true, false] {
            let slid = slid(&way, base, side, down);
            if !ways.contains(&slid) {
                ways.push(slid);
            }
        }
    };
    let size = old.len().saturating_mul(new.len());
    if size <= THOROUGH {
        add(edits(Algorithm::Histogram, old, new, head, head));
    } else {
        add(by_stretches(old, new, head));
    }
    if size <= SECOND_OPINION && size > 0 && (repeats(base) || repeats(side)) {
        add(edits(Algorithm::Myers, old, new, head, head));
        add(backwards(old, new, head));
    }
    ways
}

/// Long sequences: cut at the elements that both have exactly once, then stretch by stretch.
fn by_stretches(old: &[u32], new: &[u32], offset: usize) -> Way {
    let mut way = Way::new();
    let mut left = THOROUGH_IN_ALL;
    let mut steps = STEPS;
    let (mut from_old, mut from_new) = (0, 0);
    let end = std::iter::once((old.len(), new.len()));
    for (to_old, to_new) in anchors(old, new).into_iter().chain(end) {
        let stretch = |all: &'_ [u32], range: Range<usize>| all.get(range).unwrap_or_default().to_vec();
        let (a, b) = (stretch(old, from_old..to_old), stretch(new, from_new..to_new));
        let (head, tail) = common(&a, &b);
        let (at_old, at_new) = (offset + from_old + head, offset + from_new + head);
        let a = a.get(head..a.len() - tail).unwrap_or_default();
        let b = b.get(head..b.len() - tail).unwrap_or_default();
        let size = a.len().saturating_mul(b.len());
        let found = if size <= THOROUGH.min(left) {
            left -= size;
            edits(Algorithm::Histogram, a, b, at_old, at_new)
        } else if few_differences(a, b, &mut steps) {
            edits(Algorithm::Myers, a, b, at_old, at_new)
        } else {
            vec![Edit { base: at_old..at_old + a.len(), side: at_new..at_new + b.len() }]
        };
        found.into_iter().for_each(|edit| push(&mut way, edit));
        (from_old, from_new) = ((to_old + 1).min(old.len()), (to_new + 1).min(new.len()));
    }
    way
}

/// Elements that are there exactly once in both, as many as stand in the same order (patience).
fn anchors(old: &[u32], new: &[u32]) -> Vec<(usize, usize)> {
    let once = |all: &[u32]| {
        let mut places: HashMap<u32, Option<usize>> = HashMap::new();
        for (at, element) in all.iter().enumerate() {
            places.entry(*element).and_modify(|place| *place = None).or_insert(Some(at));
        }
        places
    };
    let (in_old, in_new) = (once(old), once(new));
    let pairs: Vec<(usize, usize)> = old
        .iter()
        .enumerate()
        .filter(|(_, element)| in_old.get(element).is_some_and(Option::is_some))
        .filter_map(|(at, element)| Some((at, (*in_new.get(element)?)?)))
        .collect();
    // The longest rising row: for each length the pair it ends with that leaves most room.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    let place = |number: usize| pairs.get(number).map_or(0, |pair| pair.1);
    for (number, (_, at)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| place(*end) < *at);
        before.push(length.checked_sub(1).and_then(|shorter| ends.get(shorter)).copied());
        match ends.get_mut(length) {
            Some(end) => *end = number,
            None => ends.push(number),
        }
    }
    let mut row = Vec::new();
    let mut next = ends.last().copied();
    while let Some(number) = next {
        row.extend(pairs.get(number).copied());
        next = before.get(number).copied().flatten();
    }
    row.reverse();
    row
}

/// The greedy algorithm of Myers, only to see whether it ends within so many steps; they are counted down.
fn few_differences(old: &[u32], new: &[u32], steps: &mut usize) -> bool {
    let mut reached: Vec<usize> = vec![0, 0];
    for distance in 0usize.. {
        // Diagonals from -distance to +distance in steps of two; `reached` holds how far into `old` each got.
        let mut next = Vec::with_capacity(reached.len() + 1);
        for diagonal in 0..=distance {
            let left = diagonal.checked_sub(1).and_then(|at| reached.get(at)).map_or(0, |x| x + 1);
            let above = if diagonal < distance { reached.get(diagonal).copied().unwrap_or(0) } else { 0 };
            let mut x = if distance == 0 { 0 } else { left.max(above) };
            // x - y = 2 * diagonal - distance
            let Some(mut y) = (x + distance).checked_sub(2 * diagonal) else {
                next.push(x);
                continue;
            };
            while x < old.len() && old.get(x) == new.get(y) {
                (x, y) = (x + 1, y + 1);
                *steps = steps.saturating_sub(1);
            }
            if x >= old.len() && y >= new.len() {
                return true;
            }
            *steps = steps.saturating_sub(1);
            next.push(x.min(old.len()));
        }
        if *steps == 0 || distance >= old.len() + new.len() {
            return false;
        }
        reached = next;
    }
    false
}

fn edits(algorithm: Algorithm, old: &[u32], new: &[u32], at_old: usize, at_new: usize) -> Way {
    let mut edits: Way = Vec::new();
    for op in capture_diff_slices(algorithm, old, new) {
        if matches!(op, DiffOp::Equal { .. }) {
            continue;
        }
        let moved = |range: Range<usize>, by: usize| range.start + by..range.end + by;
        push(&mut edits, Edit { base: moved(op.old_range(), at_old), side: moved(op.new_range(), at_new) });
    }
    edits
}

/// The same question asked from the end.
fn backwards(old: &[u32], new: &[u32], offset: usize) -> Way {
    let turned = |all: &[u32]| all.iter().rev().copied().collect::<Vec<u32>>();
    let turn =
        |range: &Range<usize>, length: usize| offset + length - range.end..offset + length - range.start;
    let mut way: Way = Vec::new();
    for edit in edits(Algorithm::Histogram, &turned(old), &turned(new), 0, 0).iter().rev() {
        push(&mut way, Edit { base: turn(&edit.base, old.len()), side: turn(&edit.side, new.len()) });
    }
    way
}

/// Edits that touch are one.
fn push(way: &mut Way, edit: Edit) {
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

/// All edits as far down, or up, as they go without another outcome.
fn slid(way: &Way, base: &[u32], side: &[u32], down: bool) -> Way {
    let mut done: Way = Vec::with_capacity(way.len());
    if down {
        let mut limit = base.len();
        for edit in way.iter().rev() {
            let mut edit = edit.clone();
            while edit.base.end < limit && slides_down(&edit, base, side) {
                edit = Edit {
                    base: edit.base.start + 1..edit.base.end + 1,
                    side: edit.side.start + 1..edit.side.end + 1,
                };
            }
            limit = edit.base.start;
            done.push(edit);
        }
        done.reverse();
    } else {
        let mut limit = 0;
        for edit in way {
            let mut edit = edit.clone();
            while edit.base.start > limit && slides_up(&edit, base, side) {
                edit = Edit {
                    base: edit.base.start - 1..edit.base.end - 1,
                    side: edit.side.start - 1..edit.side.end - 1,
                };
            }
            limit = edit.base.end;
            done.push(edit);
        }
    }
    let mut joined: Way = Vec::with_capacity(done.len());
    done.into_iter().for_each(|edit| push(&mut joined, edit));
    joined
}

fn slides_down(edit: &Edit, base: &[u32], side: &[u32]) -> bool {
    let next = base.get(edit.base.end);
    (edit.is_insertion() && next == side.get(edit.side.start))
        || (edit.is_removal() && next == base.get(edit.base.start))
}

fn slides_up(edit: &Edit, base: &[u32], side: &[u32]) -> bool {
    let before = edit.base.start.checked_sub(1).and_then(|at| base.get(at));
    let last =
        |range: &Range<usize>, all: &[u32]| range.end.checked_sub(1).and_then(|at| all.get(at)).copied();
    (edit.is_insertion() && before.copied() == last(&edit.side, side))
        || (edit.is_removal() && before.copied() == last(&edit.base, base))
}

fn repeats(all: &[u32]) -> bool {
    let mut seen = HashSet::new();
    !all.iter().all(|element| seen.insert(element))
}

/// Lengths of the common head and tail; they do not overlap.
pub(super) fn common(a: &[u32], b: &[u32]) -> (usize, usize) {
    let head = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let rest = a.len().min(b.len()) - head;
    let tail = a.iter().rev().zip(b.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    (head, tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(text: &str) -> Vec<u32> {
        text.chars().map(u32::from).collect()
    }

    /// The side, told by the edits.
    fn applied(way: &Way, base: &[u32], side: &[u32]) -> Vec<u32> {
        let mut out = Vec::new();
        let mut at = 0;
        for edit in way {
            out.extend_from_slice(&base[at..edit.base.start]);
            out.extend_from_slice(&side[edit.side.clone()]);
            at = edit.base.end;
        }
        out.extend_from_slice(&base[at..]);
        out
    }

    #[test]
    fn edits_that_slide_are_seen_both_ways() {
        let (base, side) = (letters("aob"), letters("aoxob"));
        let found: Vec<Range<usize>> =
            ways(&base, &side).iter().flat_map(|way| way.iter().map(|edit| edit.base.clone())).collect();
        assert_eq!(found, [2..2, 1..1]);
        let (base, side) = (letters("aooob"), letters("aoob"));
        let found: Vec<Range<usize>> =
            ways(&base, &side).iter().flat_map(|way| way.iter().map(|edit| edit.base.clone())).collect();
        assert_eq!(found, [3..4, 1..2]);
    }

    #[test]
    fn long_sequences_are_cut_at_what_is_there_once() {
        let base: Vec<u32> = (0..6000).map(|n| if n % 3 == 0 { 7_000_000 } else { n }).collect();
        let mut side = base.clone();
        side[5000] = 1_000_000;
        side.remove(3000);
        side.insert(10, 2_000_000);
        let way = &ways(&base, &side)[0];
        assert_eq!(applied(way, &base, &side), side);
        assert_eq!(way.len(), 3);
        let pairs = anchors(&letters("abcdefa"), &letters("xbdcefya"));
        assert_eq!(pairs.len(), 4);
    }

    #[test]
    fn what_takes_too_long_is_one_edit() {
        let base: Vec<u32> = (0..9000).map(|n| n % 2).collect();
        let side: Vec<u32> = (0..9000).map(|n| (n / 3) % 2).collect();
        let way = &ways(&base, &side)[0];
        assert_eq!(applied(way, &base, &side), side);
        assert_eq!(way.len(), 1);
        // repetitive, but hardly changed
        let mut side = base.clone();
        side.insert(4000, 5);
        side.remove(10);
        side.remove(8000);
        let way = &ways(&base, &side)[0];
        assert_eq!(applied(way, &base, &side), side);
        assert!(way.len() >= 3);
    }

    proptest::proptest! {
        #[test]
        fn differences_are_counted_as_myers_does(
            base in proptest::collection::vec(0u32..4, 0..12),
            side in proptest::collection::vec(0u32..4, 0..12),
        ) {
            // Steps for all of it are enough, none are not enough if anything differs.
            proptest::prop_assert!(few_differences(&base, &side, &mut 10_000));
            if base != side {
                proptest::prop_assert!(!few_differences(&base, &side, &mut 0));
            }
            for way in ways(&base, &side) {
                proptest::prop_assert_eq!(applied(&way, &base, &side), side.clone());
            }
            let cut = by_stretches(&base, &side, 0);
            proptest::prop_assert_eq!(applied(&cut, &base, &side), side.clone());
        }
    }
}
