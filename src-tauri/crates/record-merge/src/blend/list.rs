//! Entries of one Markdown list, put together as a sequence (merge.md 2.6, step 6): a check box that one side changed
//! stays changed, removals of both sides hold, new entries stay behind the entry they follow.
//!
//! Only where nothing is in doubt: every entry is one line of its own, at one level, and there once in the whole list on
//! each side; nobody put entries in another order; no place got two different entries; no entry was changed by one side
//! and removed by the other. Where entries are numbered, all three have the same entries with the same numbers: nobody
//! can tell which number the others would get. Everything else stays a clash.

use super::lines::Text;
use super::markdown::Kind;
use super::{BASE, MINE, THEIRS};
use crate::marks::Invisible;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A line of the outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// This line of one side.
    Of(usize, usize),
    /// A line that looks the same on all sides.
    Kept([Option<usize>; 3]),
}

/// The entries of one version within the clash.
struct Entries {
    /// What the entry says, without marker and check box; how marker and box are spelled; the line.
    all: Vec<(String, String, usize)>,
    place: BTreeMap<String, usize>,
    /// One of them has a number.
    numbered: bool,
}

impl Entries {
    fn of(text: &Text<'_>, kinds: &[Kind], range: &Range<usize>) -> Option<Entries> {
        let item = |at: usize| match kinds.get(at) {
            Some(Kind::Item { indent, text, bullet }) => Some((*indent, *text, *bullet)),
            _ => None,
        };
        let (mut start, mut end) = (range.start, range.end);
        while start > 0 && kinds.get(start - 1).is_some_and(|kind| is_list(*kind)) {
            start -= 1;
        }
        while kinds.get(end).is_some_and(|kind| is_list(*kind)) {
            end += 1;
        }
        let mut all = Vec::new();
        let mut seen = BTreeSet::new();
        let (mut level, mut numbered) = (None, false);
        for at in start..end {
            let (indent, from, bullet) = item(at)?;
            numbered |= !bullet;
            if *level.get_or_insert(indent) != indent {
                return None;
            }
            let read = text.read(at);
            let (box_, says) = read.split_at_checked(from)?;
            let says = Invisible::seen(says.to_owned().into()).into_owned();
            if says.is_empty() || !seen.insert(says.clone()) {
                return None;
            }
            if range.contains(&at) {
                all.push((says, box_.trim_end().to_owned(), at));
            }
        }
        let place = all.iter().enumerate().map(|(place, (says, _, _))| (says.clone(), place)).collect();
        Some(Entries { all, place, numbered })
    }

    fn has(&self, says: &str) -> bool {
        self.place.contains_key(says)
    }

    fn get(&self, says: &str) -> Option<(&str, usize)> {
        let (_, state, at) = self.all.get(*self.place.get(says)?)?;
        Some((state, *at))
    }

    /// The same entries one after another, with the same markers; check boxes may differ.
    fn same_but_boxes(&self, other: &Entries) -> bool {
        let entries = |side: &'_ Entries| {
            side.all
                .iter()
                .map(|(says, state, _)| (says.clone(), without_box(state).to_owned()))
                .collect::<Vec<_>>()
        };
        entries(self) == entries(other)
    }

    /// What both have stands in the same order in both.
    fn same_order(&self, other: &Entries) -> bool {
        self.all.iter().filter_map(|(says, _, _)| other.place.get(says)).is_sorted()
    }
}

/// The marker of an entry, of marker and check box.
fn without_box(state: &str) -> &str {
    state.split_once('[').map_or(state, |(marker, _)| marker).trim_end()
}

/// A check box as people read it: a small and a large cross are one.
fn crossed(state: &str) -> String {
    state.replace("[X]", "[x]")
}

/// What belongs to a list or to an entry of it.
fn is_list(kind: Kind) -> bool {
    matches!(kind, Kind::Item { .. } | Kind::Whole)
}

/// The lines of the outcome; `None` if these are not the entries of one list, or something is in doubt.
pub(super) fn merge(
    texts: &[Text<'_>; 3],
    kinds: &[Vec<Kind>; 3],
    ranges: [&Range<usize>; 3],
) -> Option<Vec<Line>> {
    if ranges.iter().all(|range| range.is_empty()) {
        return None;
    }
    let entries = |side: usize| Entries::of(texts.get(side)?, kinds.get(side)?, ranges.get(side)?);
    let (base, mine, theirs) = (entries(BASE)?, entries(MINE)?, entries(THEIRS)?);
    if !base.same_order(&mine) || !base.same_order(&theirs) || !mine.same_order(&theirs) {
        return None;
    }
    let numbered = base.numbered || mine.numbered || theirs.numbered;
    if numbered && !(base.same_but_boxes(&mine) && base.same_but_boxes(&theirs)) {
        return None;
    }
    let new = |entries: &Entries| -> BTreeSet<String> {
        entries.all.iter().map(|entry| entry.0.clone()).filter(|says| !base.has(says)).collect()
    };
    let (mut in_mine, mut in_theirs) = (new(&mine), new(&theirs));
    let stays = |says: &String| base.has(says) && mine.has(says) && theirs.has(says);
    let gaps = [&base, &mine, &theirs].map(|side| gaps(side, &stays));
    let [base_gaps, mine_gaps, theirs_gaps] = &gaps;
    let survivors: Vec<&String> = base.all.iter().map(|entry| &entry.0).filter(|says| stays(says)).collect();
    let mut out = Vec::new();
    for (number, gone) in base_gaps.iter().enumerate() {
        let from_mine = added(&mine, mine_gaps.get(number)?, &base);
        let from_theirs = added(&theirs, theirs_gaps.get(number)?, &base);
        let read = |entries: &Entries, added: &[usize]| -> Vec<(String, String)> {
            let entry =
                |at: &usize| entries.all.get(*at).map(|(says, state, _)| (says.clone(), state.clone()));
            added.iter().filter_map(entry).collect()
        };
        let same = read(&mine, &from_mine) == read(&theirs, &from_theirs);
        if !from_mine.is_empty() && !from_theirs.is_empty() && !same {
            return None;
        }
        for at in gone {
            let (says, state, _) = base.all.get(*at)?;
            let kept = mine.get(says).or(theirs.get(says));
            // Changed by one side and removed by the other; or removed by both, and replaced by one.
            if kept.is_some_and(|(now, _)| now != state) || (kept.is_none() && !same) {
                return None;
            }
        }
        let (side, entries, added) =
            if from_theirs.is_empty() { (MINE, &mine, from_mine) } else { (THEIRS, &theirs, from_theirs) };
        for at in added {
            let (says, _, line) = entries.all.get(at)?;
            let twice = if side == MINE { in_theirs.contains(says) } else { in_mine.contains(says) };
            if twice && !same {
                return None;
            }
            in_mine.remove(says);
            in_theirs.remove(says);
            out.push(Line::Of(side, *line));
        }
        // The entry that all have and that ends this gap.
        if let Some(says) = survivors.get(number) {
            out.push(kept(says, &base, &mine, &theirs)?);
        }
    }
    Some(out)
}

fn kept(says: &str, base: &Entries, mine: &Entries, theirs: &Entries) -> Option<Line> {
    let ((b, b_at), (m, m_at), (t, t_at)) = (base.get(says)?, mine.get(says)?, theirs.get(says)?);
    match (m == b, t == b) {
        (true, true) => Some(Line::Kept([Some(b_at), Some(m_at), Some(t_at)])),
        (true, false) => Some(Line::Of(THEIRS, t_at)),
        (false, true) => Some(Line::Of(MINE, m_at)),
        (false, false) => (crossed(m) == crossed(t)).then_some(Line::Kept([None, Some(m_at), Some(t_at)])),
    }
}

/// The places of what does not stay, between those that do.
fn gaps(entries: &Entries, stays: &impl Fn(&String) -> bool) -> Vec<Vec<usize>> {
    let mut gaps = vec![Vec::new()];
    for (place, (says, _, _)) in entries.all.iter().enumerate() {
        if stays(says) {
            gaps.push(Vec::new());
        } else if let Some(gap) = gaps.last_mut() {
            gap.push(place);
        }
    }
    gaps
}

/// What the base does not have.
fn added(entries: &Entries, gap: &[usize], base: &Entries) -> Vec<usize> {
    let new = |at: &usize| entries.all.get(*at).is_some_and(|(says, _, _)| !base.has(says));
    gap.iter().copied().filter(new).collect()
}
