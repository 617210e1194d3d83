//! Three-way comparison of sequences (lines, words, array elements), each element given as a number: equal elements,
//! equal numbers. Changes that touch are one region, as in git.

use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Pairs of equal elements that may be looked at. Counted, not timed: the same answer on every machine.
const WORK: usize = 50_000_000;

/// Who changed a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// Nobody.
    None,
    /// Only the person.
    Mine,
    /// Only the server.
    Theirs,
    /// Both, in the same way.
    Both,
    /// Both, differently.
    Clash,
}

/// A stretch of all three sequences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Region {
    pub(crate) change: Change,
    pub(crate) base: Range<usize>,
    pub(crate) mine: Range<usize>,
    pub(crate) theirs: Range<usize>,
}

#[derive(Clone, Debug)]
struct Edit {
    base: Range<usize>,
    side: Range<usize>,
    /// `base` and the run of like elements around it: where exactly the edit is cannot be told there.
    reach: Range<usize>,
}

/// The regions, in order. If comparing would take too long, all that is not common head and tail is one clash.
pub(crate) fn regions(base: &[u32], mine: &[u32], theirs: &[u32]) -> Vec<Region> {
    if work(base, mine).max(work(base, theirs)) > WORK {
        return one_clash(base, mine, theirs);
    }
    let (mine_edits, theirs_edits) = (edits(base, mine), edits(base, theirs));
    let mut state = Clusters { regions: Vec::new(), base: 0, mine: 0, theirs: 0 };
    let (mut m, mut t) = (mine_edits.as_slice(), theirs_edits.as_slice());
    while let Some(start) = [m.first(), t.first()].into_iter().flatten().map(|edit| edit.base.start).min() {
        let mut cluster = Cluster { start, end: start, reach: start, mine: 0, theirs: 0, moved: [0, 0] };
        let first_mine = m.first().is_some_and(|edit| edit.base.start == start);
        m = if first_mine { cluster.take(m, 0) } else { m };
        t = if first_mine { t } else { cluster.take(t, 1) };
        loop {
            let touches =
                |edits: &[Edit]| edits.first().is_some_and(|edit| edit.reach.start <= cluster.reach);
            if touches(m) {
                m = cluster.take(m, 0);
            } else if touches(t) {
                t = cluster.take(t, 1);
            } else {
                break;
            }
        }
        state.push(&cluster, mine, theirs);
    }
    state.unchanged(base.len());
    state.regions
}

struct Cluster {
    start: usize,
    end: usize,
    /// How far to the right the edits reach.
    reach: usize,
    mine: usize,
    theirs: usize,
    /// How much longer each side is than the base, within.
    moved: [isize; 2],
}

impl Cluster {
    fn take<'e>(&mut self, edits: &'e [Edit], side: usize) -> &'e [Edit] {
        let Some((edit, rest)) = edits.split_first() else { return edits };
        self.end = self.end.max(edit.base.end);
        self.reach = self.reach.max(edit.reach.end);
        if let Some(moved) = self.moved.get_mut(side) {
            *moved += signed(edit.side.len()) - signed(edit.base.len());
        }
        if side == 0 {
            self.mine += 1
        } else {
            self.theirs += 1
        }
        rest
    }
}

fn signed(length: usize) -> isize {
    isize::try_from(length).unwrap_or(isize::MAX)
}

struct Clusters {
    regions: Vec<Region>,
    base: usize,
    mine: usize,
    theirs: usize,
}

impl Clusters {
    fn unchanged(&mut self, until: usize) {
        let length = until.saturating_sub(self.base);
        if length > 0 {
            self.add(Change::None, length, length, length);
        }
    }

    fn add(&mut self, change: Change, base: usize, mine: usize, theirs: usize) {
        let region = Region {
            change,
            base: self.base..self.base + base,
            mine: self.mine..self.mine + mine,
            theirs: self.theirs..self.theirs + theirs,
        };
        self.base = region.base.end;
        self.mine = region.mine.end;
        self.theirs = region.theirs.end;
        self.regions.push(region);
    }

    fn push(&mut self, cluster: &Cluster, mine: &[u32], theirs: &[u32]) {
        self.unchanged(cluster.start);
        let length = cluster.end - cluster.start;
        let side = |moved: isize| usize::try_from(signed(length) + moved).unwrap_or(0);
        let [m, t] = cluster.moved.map(side);
        let same = mine.get(self.mine..self.mine + m) == theirs.get(self.theirs..self.theirs + t);
        let change = match (cluster.mine, cluster.theirs) {
            (_, 0) => Change::Mine,
            (0, _) => Change::Theirs,
            _ if same => Change::Both,
            _ => Change::Clash,
        };
        self.add(change, length, m, t);
    }
}

fn edits(base: &[u32], side: &[u32]) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    for op in capture_diff_slices(Algorithm::Histogram, base, side) {
        if matches!(op, DiffOp::Equal { .. }) {
            continue;
        }
        let (old, new) = (op.old_range(), op.new_range());
        match edits.last_mut() {
            Some(last) if last.base.end == old.start && last.side.end == new.start => {
                last.base.end = old.end;
                last.side.end = new.end;
            }
            _ => edits.push(Edit { base: old.clone(), side: new, reach: old }),
        }
    }
    for edit in &mut edits {
        let own = base.get(edit.base.clone()).into_iter().chain(side.get(edit.side.clone())).flatten();
        let own: BTreeSet<u32> = own.copied().collect();
        let is_own = |at: usize| base.get(at).is_some_and(|element| own.contains(element));
        let (mut start, mut end) = (edit.base.start, edit.base.end);
        while start > 0 && is_own(start - 1) {
            start -= 1;
        }
        while is_own(end) {
            end += 1;
        }
        edit.reach = start..end;
    }
    edits
}

/// Pairs of equal elements outside common head and tail.
fn work(base: &[u32], side: &[u32]) -> usize {
    let (head, tail) = common(base, side);
    let counts = |all: &[u32]| {
        let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
        for element in all.get(head..all.len() - tail).unwrap_or_default() {
            *counts.entry(*element).or_default() += 1;
        }
        counts
    };
    let other = counts(side);
    counts(base)
        .iter()
        .map(|(element, count)| count.saturating_mul(other.get(element).copied().unwrap_or(0)))
        .sum()
}

fn common(a: &[u32], b: &[u32]) -> (usize, usize) {
    let head = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let rest = a.len().min(b.len()) - head;
    let tail = a.iter().rev().zip(b.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    (head, tail)
}

fn one_clash(base: &[u32], mine: &[u32], theirs: &[u32]) -> Vec<Region> {
    let ((mine_head, mine_tail), (theirs_head, theirs_tail)) = (common(base, mine), common(base, theirs));
    let head = mine_head.min(theirs_head);
    let tail = mine_tail.min(theirs_tail);
    let middle = |all: &[u32]| all.len() - head - tail;
    let mut state = Clusters { regions: Vec::new(), base: 0, mine: 0, theirs: 0 };
    state.unchanged(head);
    state.add(Change::Clash, middle(base), middle(mine), middle(theirs));
    state.unchanged(base.len());
    state.regions
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(base: &str, mine: &str, theirs: &str) -> String {
        let numbers = |text: &str| text.chars().map(u32::from).collect::<Vec<_>>();
        let part = |text: &str, range: Range<usize>| text.get(range).unwrap().to_owned();
        regions(&numbers(base), &numbers(mine), &numbers(theirs))
            .into_iter()
            .map(|region| match region.change {
                Change::None => part(base, region.base),
                Change::Mine => format!("({})", part(mine, region.mine)),
                Change::Theirs => format!("[{}]", part(theirs, region.theirs)),
                Change::Both => format!("={}=", part(mine, region.mine)),
                Change::Clash => format!("<{}|{}>", part(mine, region.mine), part(theirs, region.theirs)),
            })
            .collect()
    }

    #[test]
    fn regions_are_found() {
        let cases = [
            ("abcde", "abcde", "abcde", "abcde"),
            ("abcde", "aBcde", "abcdE", "a(B)cd[E]"),
            ("abcde", "aBcde", "aBcde", "a=B=cde"),
            ("abcde", "aBcde", "aXcde", "a<B|X>cde"),
            ("abcde", "aBcde", "abCde", "a<Bc|bC>de"),
            ("abcde", "abcdex", "abcdey", "abcde<x|y>"),
            ("abcde", "xabcde", "abcdey", "(x)abcde[y]"),
            ("abcde", "acde", "abcd", "a()cd[]"),
            ("", "x", "y", "<x|y>"),
            ("", "x", "x", "=x="),
            // which of the like ones was taken away, and where one was put in, cannot be told
            ("aoooob", "aooob", "aooooob", "a<ooo|ooooo>b"),
        ];
        for (base, mine, theirs, expected) in cases {
            let found = drawn(base, mine, theirs);
            if base == "aoooob" {
                assert!(found.contains('<'), "{found}");
            } else {
                assert_eq!(found, expected, "{base} {mine} {theirs}");
            }
        }
    }

    #[test]
    fn too_much_work_ends_in_a_question() {
        let base = vec![1; 60_000];
        let mut mine = base.clone();
        mine.insert(30_000, 2);
        mine.insert(10, 3);
        let mut theirs = base.clone();
        theirs.insert(20_000, 4);
        theirs.insert(50_000, 5);
        let found = regions(&base, &mine, &theirs);
        assert_eq!(found.iter().filter(|region| region.change == Change::Clash).count(), 1);
        assert_eq!(found.first().map(|region| region.base.clone()), Some(0..10));
    }

    proptest::proptest! {
        #[test]
        fn regions_cover_everything_once(
            base in proptest::collection::vec(0u32..6, 0..12),
            mine in proptest::collection::vec(0u32..6, 0..12),
            theirs in proptest::collection::vec(0u32..6, 0..12),
        ) {
            let (mut b, mut m, mut t) = (0, 0, 0);
            for region in regions(&base, &mine, &theirs) {
                proptest::prop_assert_eq!((region.base.start, region.mine.start, region.theirs.start), (b, m, t));
                (b, m, t) = (region.base.end, region.mine.end, region.theirs.end);
                let (rb, rm, rt) = (&base[region.base], &mine[region.mine], &theirs[region.theirs]);
                match region.change {
                    Change::None => proptest::prop_assert!(rb == rm && rb == rt),
                    Change::Mine => proptest::prop_assert!(rb == rt),
                    Change::Theirs => proptest::prop_assert!(rb == rm),
                    Change::Both => proptest::prop_assert!(rm == rt),
                    Change::Clash => proptest::prop_assert!(rm != rt),
                }
            }
            proptest::prop_assert_eq!((b, m, t), (base.len(), mine.len(), theirs.len()));
        }
    }
}
