//! Elements that a side moved: taken out in one region, put in again in another. If one of the two is a question, so is
//! the other, and it is the same one: decided apart, an answer could hold the element twice, or lose it. What both sides
//! moved to different places is a question, too.

use super::once::Once;
use super::{Change, Region};
use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

/// Which regions are one question: consecutive stretches of them, most of one region.
///
/// `open` says which of the regions are questions by themselves. Only elements that are there exactly once before and
/// after can be followed.
pub(crate) fn together(
    regions: &[Region],
    base: &[u32],
    mine: &[u32],
    theirs: &[u32],
    open: &[bool],
) -> Vec<Range<usize>> {
    let moves = Moves::of(regions, base, mine, theirs);
    let ends = moves.map(|moves| moves.followed(open)).unwrap_or_else(|| (1..=regions.len()).collect());
    let mut all: Vec<Range<usize>> = Vec::new();
    for (at, end) in ends.into_iter().enumerate() {
        match all.last_mut() {
            Some(last) if at < last.end => last.end = last.end.max(end),
            _ => all.push(at..end),
        }
    }
    all
}

/// Several regions as one that both sides changed differently.
pub(crate) fn joined(regions: &[Region], mine: &[u32], theirs: &[u32]) -> Option<Region> {
    let (first, last) = (regions.first()?, regions.last()?);
    let edits = regions.iter().filter_map(|region| match region.change {
        Change::Clash => Some(region.number),
        Change::Mine | Change::Both => Some(region.base.start),
        Change::Theirs | Change::None => None,
    });
    Some(Region {
        change: Change::Clash,
        base: first.base.start..last.base.end,
        mine: first.mine.start..last.mine.end,
        theirs: first.theirs.start..last.theirs.end,
        number: edits.min().unwrap_or(first.base.start),
        beside: beside(regions, mine, theirs),
    })
}

/// The regions if nobody minds that changes touch; none if some overlap, or if both sides put in the same at two places.
fn beside(regions: &[Region], mine: &[u32], theirs: &[u32]) -> Vec<Region> {
    let mut all = Vec::new();
    for region in regions {
        match region.change {
            Change::Clash if region.beside.is_empty() => return Vec::new(),
            Change::Clash => all.extend(region.beside.iter().cloned()),
            _ => all.push(region.clone()),
        }
    }
    let put_in = |change: Change, side: &[u32], range: fn(&Region) -> Range<usize>| -> HashSet<u32> {
        let changed = all.iter().filter(|region| region.change == change);
        changed.flat_map(|region| side.get(range(region)).unwrap_or_default()).copied().collect()
    };
    let here = put_in(Change::Mine, mine, |region| region.mine.clone());
    let there = put_in(Change::Theirs, theirs, |region| region.theirs.clone());
    if here.is_disjoint(&there) { all } else { Vec::new() }
}

/// Where elements were moved from and to, by number of the region.
struct Moves {
    /// In both directions, sorted.
    pairs: Vec<(usize, usize)>,
    /// Regions from which both sides moved something, to different places.
    apart: Vec<usize>,
}

impl Moves {
    /// `None` if no move can matter: nothing was changed by both, or only one place was changed at all.
    fn of(regions: &[Region], base: &[u32], mine: &[u32], theirs: &[u32]) -> Option<Moves> {
        let by_both = regions.iter().any(|region| matches!(region.change, Change::Both | Change::Clash));
        let changed = regions.iter().filter(|region| region.change != Change::None);
        if !by_both || changed.count() < 2 {
            return None;
        }
        let [in_base, in_mine, in_theirs] = Once::of([base, mine, theirs])?;
        let mut moves = Moves { pairs: Vec::new(), apart: Vec::new() };
        for (from, region) in regions.iter().enumerate().filter(|(_, region)| region.change != Change::None) {
            let was = base.get(region.base.clone()).unwrap_or_default();
            for element in was.iter().filter(|element| in_base.place(**element).is_some()) {
                let to_mine = in_mine.place(*element);
                let to_mine = to_mine.map(|at| regions.partition_point(|region| region.mine.end <= at));
                let to_theirs = in_theirs.place(*element);
                let to_theirs = to_theirs.map(|at| regions.partition_point(|region| region.theirs.end <= at));
                let moved = [to_mine, to_theirs].map(|to| to.filter(|to| *to != from));
                for to in moved.into_iter().flatten() {
                    moves.pairs.extend([(from, to), (to, from)]);
                }
                if let [Some(mine), Some(theirs)] = moved
                    && mine != theirs
                {
                    moves.apart.push(from);
                }
            }
        }
        moves.pairs.sort_unstable();
        moves.pairs.dedup();
        Some(moves)
    }

    /// From each question to where its elements came from and went to. For each region, up to where it reaches.
    fn followed(&self, open: &[bool]) -> Vec<usize> {
        let mut ends: Vec<usize> = (1..=open.len()).collect();
        let asks = open.iter().enumerate().filter(|(_, open)| **open).map(|(at, _)| at);
        let mut look: Vec<usize> = asks.chain(self.apart.iter().copied()).collect();
        look.dedup();
        let mut rest: BTreeSet<usize> = (0..open.len()).collect();
        rest.retain(|at| !open.get(*at).copied().unwrap_or_default());
        while let Some(from) = look.pop() {
            let first = self.pairs.partition_point(|(at, _)| *at < from);
            let pairs = self.pairs.iter().skip(first).take_while(|(at, _)| *at == from);
            let (low, high) = pairs.fold((from, from), |(low, high), (_, to)| (low.min(*to), high.max(*to)));
            if let Some(end) = ends.get_mut(low) {
                *end = (*end).max(high + 1);
            }
            while let Some(between) = rest.range(low..=high).next().copied() {
                rest.remove(&between);
                look.push(between);
            }
        }
        ends
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff3::regions;

    /// The regions as one question each, letter by letter; what both agree on is told as it stands.
    fn drawn(base: &str, mine: &str, theirs: &str) -> String {
        let [b, m, t] = [base, mine, theirs].map(|text| text.chars().map(u32::from).collect::<Vec<_>>());
        let all = regions(&b, &m, &t);
        let open: Vec<bool> = all.iter().map(|region| region.change == Change::Clash).collect();
        let part = |text: &str, range: Range<usize>| text.get(range).unwrap().to_owned();
        let group = |range: Range<usize>| {
            let region = match &all[range] {
                [one] => one.clone(),
                several => joined(several, &m, &t).unwrap(),
            };
            match region.change {
                Change::None => part(base, region.base),
                Change::Mine => format!("({})", part(mine, region.mine)),
                Change::Theirs => format!("[{}]", part(theirs, region.theirs)),
                Change::Both => format!("={}=", part(mine, region.mine)),
                Change::Clash => {
                    let both = region.beside.iter().map(|region| match region.change {
                        Change::Mine => part(mine, region.mine.clone()),
                        _ => part(theirs, region.theirs.clone()),
                    });
                    let both: String = both.collect();
                    let number = region.number;
                    format!("<{number} {}|{}|{both}>", part(mine, region.mine), part(theirs, region.theirs))
                }
            }
        };
        together(&all, &b, &m, &t, &open).into_iter().map(group).collect()
    }

    #[test]
    fn what_was_moved_is_one_question_with_its_place() {
        for (base, mine, theirs, expected) in [
            // moved here, and changed beside where it was
            ("AwxByCz", "ByAwxCz", "AwXByCz", "<0 ByAwx|AwXBy|ByAwX>Cz"),
            ("AwxByCz", "AwXByCz", "ByAwxCz", "<2 AwXBy|ByAwx|ByAwX>Cz"),
            // moved and changed
            ("abcd", "dabc", "abcD", "<0 dabc|abcD|>"),
            // moved to where the other side put something in
            ("axyz", "xyza", "axyzn", "<0 xyza|axyzn|>"),
            // moved by both
            ("abcdefg", "acdbefg", "acdefbg", "a<1 cdbef|cdefb|>g"),
            ("abcdefg", "acdebfg", "acdebfg", "a==cde=b=fg"),
            // nothing is asked, so nothing belongs together
            ("abcdef", "bcadef", "abcdeF", "()bc(a)de[F]"),
            ("abcdef", "bcadef", "bcdef", "==bc(a)def"),
            // from a question into the next, and on from there
            ("abcdefgh", "bcaDefgh", "Abcdefgh", "<0 bcaD|Abcd|>efgh"),
        ] {
            assert_eq!(drawn(base, mine, theirs), expected, "{base} {mine} {theirs}");
        }
    }

    #[test]
    fn what_is_there_several_times_is_not_followed() {
        assert!(drawn("axbxcd", "xabxcd", "aXbxcd").contains('<'));
        assert_eq!(drawn("abcd.e", "Abcde", "bbcd.e."), "<0 A|b|>bcd()e[.]");
    }
}
