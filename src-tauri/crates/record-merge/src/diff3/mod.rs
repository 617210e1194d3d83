//! Three-way comparison of sequences (lines, words, array elements), each element given as a number: equal elements,
//! equal numbers. Changes that touch are one region, as in git.
//!
//! Where git takes the one comparison it happens to find, this asks what all shortest comparisons have in common:
//! 1. An element of the base that every shortest way ([`shortest`]), and every other one that was found ([`align`]), leaves
//!    at the same place is *firm*. Between two firm elements is a *gap*.
//! 2. A gap that only one side changed is that side's, however its edits are seen. If both changed it to the same, it is
//!    that. If both changed it differently, their edits are put together ([`weave`]) in every combination of *all* shortest
//!    ways. All must come to the same, without overlap, and as `git` sees them (edits as far down as they go) an unchanged
//!    element must be between them; else the gap is a question.
//! 3. Edits that touch a run of like elements make the whole run part of the gap, and a gap with such a run that both
//!    sides changed is a question (merge.md 2.6, duplicate-run guard).

mod align;
mod moved;
mod once;
mod shortest;
mod weave;

use align::{Edit, Way, common, ways};
pub(crate) use moved::{joined, together};
use shortest::Table;
use std::cell::Cell;
use std::ops::Range;
use weave::{Gap, State, Woven, weave};

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
    /// For a clash: where in the base the person's first edit in it begins. It names the clash: other changes of the
    /// server leave it as it is, while base and mine stay.
    pub(crate) number: usize,
    /// For a clash of changes that do not overlap: the regions it has if nobody minds that they touch.
    pub(crate) beside: Vec<Region>,
}

/// The regions, in order. What would take too long to compare counts as changed as a whole.
pub(crate) fn regions(base: &[u32], mine: &[u32], theirs: &[u32]) -> Vec<Region> {
    regions_apart(base, mine, theirs, &|_| true)
}

/// The same, where only some elements can keep changes apart (words can, the spaces between them cannot).
pub(crate) fn regions_apart(
    base: &[u32],
    mine: &[u32],
    theirs: &[u32],
    separates: &dyn Fn(u32) -> bool,
) -> Vec<Region> {
    if let Some(whole) = too_long(base, mine, theirs) {
        return whole;
    }
    let (mine_ways, theirs_ways) = (ways(base, mine), ways(base, theirs));
    let mut firm: Vec<bool> = base.iter().map(|element| separates(*element)).collect();
    let mine_at = places(base, &mine_ways, &mut firm);
    let theirs_at = places(base, &theirs_ways, &mut firm);
    let compare = Compare {
        base,
        mine,
        theirs,
        mine_ways: &mine_ways,
        theirs_ways: &theirs_ways,
        separates,
        steps: Cell::new(STEPS),
    };
    let mut state = State { regions: Vec::new(), base: 0, mine: 0, theirs: 0 };
    let ends = Some((base.len(), mine.len(), theirs.len()));
    let anchors = firm.iter().enumerate().filter(|(_, firm)| **firm).map(|(at, _)| {
        let place = |places: &[usize]| places.get(at).copied().unwrap_or_default();
        (at, place(&mine_at), place(&theirs_at))
    });
    for (b, m, t) in anchors.chain(ends) {
        let gap = Gap { base: state.base..b, mine: state.mine..m, theirs: state.theirs..t };
        if !(gap.base.is_empty() && gap.mine.is_empty() && gap.theirs.is_empty()) {
            compare.gap(&gap, &mut state);
        }
        state.unchanged((b + 1).min(base.len()));
    }
    state.regions
}

/// So many elements of the three together are compared one by one: a text of 1 MB in lines of five letters has as many.
const LONG: usize = 600_000;

/// What is longer than that is one region between what all three begin and end with (merge.md 2.6.7).
fn too_long(base: &[u32], mine: &[u32], theirs: &[u32]) -> Option<Vec<Region>> {
    if base.len() + mine.len() + theirs.len() <= LONG {
        return None;
    }
    let (edited, other) = (common(base, mine), common(base, theirs));
    let shortest = base.len().min(mine.len()).min(theirs.len());
    let head = edited.0.min(other.0);
    let tail = edited.1.min(other.1).min(shortest - head);
    let between = |all: &[u32]| head..all.len() - tail;
    let gap = Gap { base: between(base), mine: between(mine), theirs: between(theirs) };
    let change = change(base, mine, theirs, &gap);
    let mut state = State { regions: Vec::new(), base: 0, mine: 0, theirs: 0 };
    state.unchanged(head);
    state.add(change, gap.base.len(), gap.mine.len(), gap.theirs.len());
    if let (Change::Clash, Some(clash)) = (change, state.regions.last_mut()) {
        clash.number = edited.0;
    }
    state.unchanged(base.len());
    Some(state.regions)
}

/// Where each element of the base is in the side, by the first way. Elements that other ways see elsewhere, that were
/// changed, or that stand in a run an edit touches, are not firm.
fn places(base: &[u32], ways: &[Way], firm: &mut [bool]) -> Vec<usize> {
    let mut first: Vec<usize> = Vec::new();
    for (number, way) in ways.iter().enumerate() {
        let mut at = Vec::with_capacity(base.len());
        let mut side = 0;
        for edit in way {
            at.extend(side..side + edit.base.start.saturating_sub(at.len()));
            at.extend(std::iter::repeat_n(usize::MAX, edit.base.len()));
            side = edit.side.end;
            let run = touched_run(base, edit);
            firm.get_mut(run).into_iter().flatten().for_each(|firm| *firm = false);
        }
        at.extend(side..side + base.len().saturating_sub(at.len()));
        if number == 0 {
            first = at;
            for (firm, place) in firm.iter_mut().zip(&first) {
                *firm &= *place != usize::MAX;
            }
        } else {
            for ((firm, place), other) in firm.iter_mut().zip(&first).zip(&at) {
                *firm &= place == other;
            }
        }
    }
    first
}

/// The edit with the runs of like elements that it takes from, or stands in the middle of.
fn touched_run(base: &[u32], edit: &Edit) -> Range<usize> {
    let like = |a: usize, b: usize| base.get(a).is_some() && base.get(a) == base.get(b);
    let (mut start, mut end) = (edit.base.start, edit.base.end);
    if edit.base.is_empty() && (start == 0 || !like(start - 1, start)) {
        return start..end;
    }
    while start > 0 && like(start - 1, start) {
        start -= 1;
    }
    end = end.max(start + 1);
    while like(end - 1, end) {
        end += 1;
    }
    start..end.min(base.len())
}

struct Compare<'a> {
    base: &'a [u32],
    mine: &'a [u32],
    theirs: &'a [u32],
    mine_ways: &'a [Way],
    theirs_ways: &'a [Way],
    separates: &'a dyn Fn(u32) -> bool,
    /// Left for looking at all ways in gaps that both changed.
    steps: Cell<usize>,
}

/// So many ways of a side are looked at in a gap that both changed.
const WAYS: usize = 24;
/// Steps for that, in all gaps together.
const STEPS: usize = 2_000_000;

impl Compare<'_> {
    fn gap(&self, gap: &Gap, state: &mut State) {
        match change(self.base, self.mine, self.theirs, gap) {
            Change::Clash => self.both(gap, state),
            known => state.add(known, gap.base.len(), gap.mine.len(), gap.theirs.len()),
        }
    }

    /// Both sides changed something in the gap.
    fn both(&self, gap: &Gap, state: &mut State) {
        let beside = match self.woven(gap) {
            Some((woven, true)) if !woven.beside => {
                for region in woven.regions {
                    state.add(region.change, region.base.len(), region.mine.len(), region.theirs.len());
                }
                return;
            }
            other => other.map(|(woven, _)| woven.regions).unwrap_or_default(),
        };
        let (b, m, t) = (gap.base.clone(), gap.mine.clone(), gap.theirs.clone());
        let same = |at: [Option<usize>; 3]| {
            let [b, m, t] = at;
            let base = b.and_then(|at| self.base.get(at));
            base.is_some()
                && base == m.and_then(|at| self.mine.get(at))
                && base == t.and_then(|at| self.theirs.get(at))
        };
        let shortest = b.len().min(m.len()).min(t.len());
        let at = |n: usize| [Some(b.start + n), Some(m.start + n), Some(t.start + n)];
        let head = (0..shortest).take_while(|n| same(at(*n))).count();
        let back = |n: usize| [&b, &m, &t].map(|range| range.end.checked_sub(n + 1));
        let tail = (0..shortest - head).take_while(|n| same(back(*n))).count();
        state.unchanged(b.start + head);
        let cut = |range: &Range<usize>| range.len() - head - tail;
        let number = self.number(gap);
        state.add(Change::Clash, cut(&b), cut(&m), cut(&t));
        if let Some(clash) = state.regions.last_mut() {
            clash.number = number;
            clash.beside = beside.into_iter().filter_map(|region| within(region, clash)).collect();
        }
        state.unchanged(b.end);
    }

    /// The edits of both put together; `None` if they overlap, or if that depends on how one looks at them. Whether they
    /// touch is what the first way of each side says. Comes with whether all shortest ways were looked at.
    fn woven(&self, gap: &Gap) -> Option<(Woven, bool)> {
        let found = |ways: &'_ [Way]| -> Vec<Vec<Edit>> {
            let mut all: Vec<Vec<Edit>> = Vec::new();
            for way in ways {
                let edits = inside(way, &gap.base).to_vec();
                if !all.contains(&edits) {
                    all.push(edits);
                }
            }
            all
        };
        let (mut mine, mut theirs) = (found(self.mine_ways), found(self.theirs_ways));
        let touches = |edits: &[Edit], side: &[u32]| edits.iter().any(|edit| self.in_run(edit, side));
        if mine.iter().any(|edits| touches(edits, self.mine))
            || theirs.iter().any(|edits| touches(edits, self.theirs))
        {
            return None;
        }
        let complete = self.complete(&mut mine, self.mine, gap, &gap.mine)
            && self.complete(&mut theirs, self.theirs, gap, &gap.theirs);
        let mut first: Option<(Woven, Vec<u32>)> = None;
        for mine in &mine {
            for theirs in &theirs {
                let woven = self.weave(gap, mine, theirs)?;
                let outcome = self.outcome(&woven);
                match &first {
                    None => first = Some((woven, outcome)),
                    Some((_, other)) if *other != outcome => return None,
                    Some(_) => {}
                }
            }
        }
        first.map(|(woven, _)| (woven, complete))
    }

    /// Adds the shortest ways that are missing; `false` if they are too many.
    fn complete(&self, ways: &mut Vec<Vec<Edit>>, side: &[u32], gap: &Gap, range: &Range<usize>) -> bool {
        let (Some(old), Some(new)) = (self.base.get(gap.base.clone()), side.get(range.clone())) else {
            return false;
        };
        let mut steps = self.steps.get();
        let all = Table::of(old, new, &mut steps).and_then(|table| table.all(WAYS));
        self.steps.set(steps.saturating_sub(WAYS * WAYS * (old.len() + new.len())));
        let Some(all) = all else { return false };
        let moved = |range: Range<usize>, by: usize| range.start + by..range.end + by;
        for way in all {
            let place = |edit: Edit| Edit {
                base: moved(edit.base, gap.base.start),
                side: moved(edit.side, range.start),
            };
            let way: Vec<Edit> = way.into_iter().map(place).collect();
            if !ways.contains(&way) {
                ways.push(way);
            }
        }
        true
    }

    fn weave(&self, gap: &Gap, mine: &[Edit], theirs: &[Edit]) -> Option<Woven> {
        let same = |a: &Edit, b: &Edit| self.mine.get(a.side.clone()) == self.theirs.get(b.side.clone());
        let separates = |range: Range<usize>| {
            self.base.get(range).unwrap_or_default().iter().any(|element| (self.separates)(*element))
        };
        weave(gap, mine, theirs, same, separates)
    }

    fn outcome(&self, woven: &Woven) -> Vec<u32> {
        let part = |region: &Region| match region.change {
            Change::Mine => self.mine.get(region.mine.clone()),
            _ => self.theirs.get(region.theirs.clone()),
        };
        woven.regions.iter().flat_map(|region| part(region).unwrap_or_default()).copied().collect()
    }

    /// The edit takes from a run of like elements, stands in one, or makes one.
    fn in_run(&self, edit: &Edit, side: &[u32]) -> bool {
        let run = touched_run(self.base, edit);
        let like = |all: &[u32], range: &Range<usize>| {
            let from = range.start.saturating_sub(1);
            let around = all.get(from..(range.end + 1).min(all.len())).unwrap_or_default();
            around.windows(2).any(|pair| matches!(pair, [a, b] if a == b && (self.separates)(*a)))
        };
        (run.len() > edit.base.len() && like(self.base, &run))
            || (!edit.base.is_empty() && like(self.base, &edit.base))
            || (!edit.side.is_empty() && like(side, &edit.side))
    }

    fn number(&self, gap: &Gap) -> usize {
        let first = self.mine_ways.first().map(|way| inside(way, &gap.base)).unwrap_or_default();
        first.first().map_or(gap.base.start, |edit| edit.base.start)
    }
}

/// Who changed a stretch.
fn change(base: &[u32], mine: &[u32], theirs: &[u32], gap: &Gap) -> Change {
    let base = base.get(gap.base.clone());
    let (mine, theirs) = (mine.get(gap.mine.clone()), theirs.get(gap.theirs.clone()));
    match (mine == base, theirs == base) {
        (true, true) => Change::None,
        (true, false) => Change::Theirs,
        (false, true) => Change::Mine,
        _ if mine == theirs => Change::Both,
        _ => Change::Clash,
    }
}

/// The edits of a way in a gap. Gaps end at firm elements, which no way changes: edits are in a gap as a whole.
fn inside<'w>(way: &'w Way, gap: &Range<usize>) -> &'w [Edit] {
    let start = way.partition_point(|edit| edit.base.start < gap.start);
    let end = way.partition_point(|edit| edit.base.start <= gap.end);
    way.get(start..end).unwrap_or_default()
}

/// The part of a region within a clash that was cut at head and tail.
fn within(region: Region, clash: &Region) -> Option<Region> {
    let cut = |part: &Range<usize>, whole: &Range<usize>| {
        part.start.clamp(whole.start, whole.end)..part.end.clamp(whole.start, whole.end)
    };
    let cut = Region {
        base: cut(&region.base, &clash.base),
        mine: cut(&region.mine, &clash.mine),
        theirs: cut(&region.theirs, &clash.theirs),
        ..region
    };
    let empty = cut.base.is_empty() && cut.mine.is_empty() && cut.theirs.is_empty();
    (!empty).then_some(cut)
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

    #[test]
    fn what_is_very_long_is_one_region() {
        let base: Vec<u32> = (0..200_000).collect();
        let with = |at: usize, value: u32| {
            let mut side = base.clone();
            side.insert(at, value);
            side
        };
        let changes = |mine: &[u32], theirs: &[u32]| {
            let found = regions(&base, mine, theirs);
            found.iter().map(|r| (r.change, r.base.clone(), r.number)).collect::<Vec<_>>()
        };
        let (mine, theirs) = (with(10, 7), with(199_000, 7));
        assert_eq!(
            changes(&mine, &theirs),
            [(Change::None, 0..10, 0), (Change::Clash, 10..199_000, 10), (Change::None, 199_000..200_000, 0)]
        );
        assert_eq!(changes(&mine, &base).first().map(|(change, ..)| *change), Some(Change::None));
        let told = |mine: &[u32], theirs: &[u32]| {
            changes(mine, theirs)
                .into_iter()
                .map(|(change, ..)| change)
                .filter(|c| *c != Change::None)
                .collect::<Vec<_>>()
        };
        assert_eq!(told(&mine, &base), [Change::Mine]);
        assert_eq!(told(&base, &theirs), [Change::Theirs]);
        assert_eq!(told(&mine, &mine), [Change::Both]);
        assert_eq!(told(&base, &base), []);
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
