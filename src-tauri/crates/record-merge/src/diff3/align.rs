//! Ways to see one sequence as edits of another. Where several ways are equally good (an inserted line that could also
//! be the next one, a removed one of several like ones), a merge must not depend on which.

use super::once::Once;
use super::shortest::{Table, at_least, push};
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::ops::Range;

/// Steps of comparing one side with the base, in one piece; and once more if it had to be cut into stretches.
const STEPS: usize = 2_000_000;
/// So many elements are few.
const SHORT: usize = 1_000;
/// Up to this many pairs of elements, another algorithm is asked for its opinion, too.
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

/// Ways to see `side` as edits of `base`: the two outermost of the shortest ones, between which all others lie
/// ([`Table`]), and for texts of common size what another algorithm finds, whose edits may be longer but are often those
/// that people made. All with their edits as far down and as far up as they go.
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
    if size <= SECOND_OPINION {
        add(edits(Algorithm::Histogram, old, new, head, head));
    }
    if base != side {
        // What is short is compared faster than counted.
        let fewest = if old.len() + new.len() > SHORT { at_least(old, new) } else { 0 };
        let mut steps = if fewest.saturating_mul(fewest) / 2 > STEPS { 0 } else { STEPS };
        match Table::of(base, side, &mut steps) {
            Some(table) => table.outermost().into_iter().for_each(&mut add),
            None => by_stretches(old, new, head).into_iter().for_each(&mut add),
        }
    }
    ways
}

/// Long sequences: cut at the elements that both have exactly once, then stretch by stretch.
fn by_stretches(old: &[u32], new: &[u32], offset: usize) -> [Way; 2] {
    let mut ways = [Way::new(), Way::new()];
    let mut steps = STEPS;
    let (mut from_old, mut from_new) = (0, 0);
    let end = std::iter::once((old.len(), new.len()));
    for (to_old, to_new) in anchors(old, new).into_iter().chain(end) {
        let a = old.get(from_old..to_old).unwrap_or_default();
        let b = new.get(from_new..to_new).unwrap_or_default();
        let found = Table::of(a, b, &mut steps).map(|table| table.outermost());
        let found = found.unwrap_or_else(|| {
            let (head, tail) = common(a, b);
            let whole = vec![Edit { base: head..a.len() - tail, side: head..b.len() - tail }];
            [whole.clone(), whole]
        });
        let moved = |range: Range<usize>, by: usize| range.start + by..range.end + by;
        for (way, found) in ways.iter_mut().zip(found) {
            for edit in found {
                let base = moved(edit.base, offset + from_old);
                push(way, Edit { base, side: moved(edit.side, offset + from_new) });
            }
        }
        (from_old, from_new) = ((to_old + 1).min(old.len()), (to_new + 1).min(new.len()));
    }
    ways
}

/// Elements that are there exactly once in both, and of which no other one changed sides.
fn anchors(old: &[u32], new: &[u32]) -> Vec<(usize, usize)> {
    let Some([in_old, in_new]) = Once::of([old, new]) else { return Vec::new() };
    let pairs: Vec<(usize, usize)> =
        old.iter().filter_map(|element| in_old.place(*element).zip(in_new.place(*element))).collect();
    let mut behind = usize::MAX;
    let mut stays: Vec<bool> = Vec::with_capacity(pairs.len());
    for (_, at) in pairs.iter().rev() {
        stays.push(*at < behind);
        behind = behind.min(*at);
    }
    let mut before = None;
    let mut anchors = Vec::new();
    for ((place, at), stays) in pairs.into_iter().zip(stays.into_iter().rev()) {
        if stays && before.is_none_or(|before| before < at) {
            anchors.push((place, at));
        }
        before = before.max(Some(at));
    }
    anchors
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
        // c and d changed places, b, e and f did not
        assert_eq!(pairs, [(1, 1), (4, 4), (5, 5)]);
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
        fn every_way_leads_to_the_side(
            base in proptest::collection::vec(0u32..4, 0..12),
            side in proptest::collection::vec(0u32..4, 0..12),
        ) {
            for way in ways(&base, &side) {
                proptest::prop_assert_eq!(applied(&way, &base, &side), side.clone());
            }
            for way in by_stretches(&base, &side, 0) {
                proptest::prop_assert_eq!(applied(&way, &base, &side), side.clone());
            }
        }
    }
}
