//! Which entries of three versions are the same one (merge.md 2.6; RFC 6350 section 7).
//!
//! Where a value stands there several times, nothing tells its entries apart but their lines. Those that are equal are
//! paired; what is left is removed and added, not edited; and if both sides changed how often one line is there, the
//! entries are marked as uncertain: a person is asked.

use crate::lookup::Lookup;
use std::collections::{BTreeMap, BTreeSet};

/// What is known of an entry.
#[derive(Clone, Debug, Default)]
pub(crate) struct Candidate {
    /// Its value in one spelling: phone digits, an e-mail address in small letters. Also what its path shows.
    pub(crate) norm: String,
    /// All of it.
    pub(crate) exact: String,
    /// Its parameters: an entry that changed its value is known by them, if it is the only one.
    pub(crate) class: String,
    /// Its label.
    pub(crate) label: Option<String>,
    /// Property identifiers, with the client that gave them.
    pub(crate) pids: Vec<String>,
}

/// One entry, by its position in each version.
pub(crate) type Same = [Option<usize>; 3];

/// An entry of the three versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Paired {
    /// The same in all versions.
    pub(crate) key: String,
    pub(crate) found: Same,
    /// Which of several equal ones each side changed cannot be told.
    pub(crate) uncertain: bool,
}

/// The entries, each with its key.
pub(crate) fn pair(versions: [&[Candidate]; 3]) -> Vec<Paired> {
    let [base, mine, theirs] = versions;
    let repeated = repeated(versions);
    let (mut in_mine, mut in_theirs) = (sure(base, mine), sure(base, theirs));
    let (by_mine, by_theirs) =
        (likely(base, mine, &in_mine, &repeated), likely(base, theirs, &in_theirs, &repeated));
    // Where one side changed an entry into what the other side added, both mean the new one.
    let agreed =
        |from: &[Option<usize>], other: &[Option<usize>], own: &[Candidate], others: &[Candidate]| {
            if from.iter().all(Option::is_none) {
                return from.to_vec();
            }
            let mut known: Lookup<&str, BTreeSet<Option<usize>>> = Lookup::default();
            for (candidate, theirs) in others.iter().zip(other) {
                known.entry(&candidate.norm).or_default().insert(*theirs);
            }
            let unsettled = |at: usize, proposal: Option<usize>| {
                let same = own.get(at).and_then(|candidate| known.get(candidate.norm.as_str()));
                same.is_some_and(|same| same.iter().any(|theirs| *theirs != proposal))
            };
            from.iter()
                .enumerate()
                .map(|(at, proposal)| proposal.filter(|_| !unsettled(at, *proposal)))
                .collect::<Vec<_>>()
        };
    let all = |sure: &[Option<usize>], likely: &[Option<usize>]| -> Vec<Option<usize>> {
        sure.iter().zip(likely).map(|(a, b)| a.or(*b)).collect()
    };
    let (mine_all, theirs_all) = (all(&in_mine, &by_mine), all(&in_theirs, &by_theirs));
    let mine_kept = agreed(&by_mine, &theirs_all, mine, theirs);
    let theirs_kept = agreed(&by_theirs, &mine_all, theirs, mine);
    merge_into(&mut in_mine, &mine_kept);
    merge_into(&mut in_theirs, &theirs_kept);
    named(versions, same(base.len(), &in_mine, &in_theirs, mine, theirs, &repeated), &repeated)
}

/// How often each line is there: base, mine, theirs.
type Counts<'a> = BTreeMap<&'a str, [u32; 3]>;

/// The values that one of the versions has more than once, each with its lines.
fn repeated<'a>(versions: [&'a [Candidate]; 3]) -> BTreeMap<&'a str, Counts<'a>> {
    let mut often: Lookup<&str, [u32; 3]> = Lookup::default();
    let mut repeated: BTreeMap<&str, Counts<'_>> = BTreeMap::new();
    for (side, list) in versions.into_iter().enumerate() {
        for candidate in list {
            if let Some(count) = often.entry(&candidate.norm).or_default().get_mut(side) {
                *count += 1;
                if *count == 2 {
                    repeated.entry(&candidate.norm).or_default();
                }
            }
        }
    }
    if repeated.is_empty() {
        return repeated;
    }
    for (side, list) in versions.into_iter().enumerate() {
        for candidate in list {
            let Some(counts) = repeated.get_mut(candidate.norm.as_str()) else { continue };
            if let Some(count) = counts.entry(&candidate.exact).or_default().get_mut(side) {
                *count += 1;
            }
        }
    }
    repeated
}

/// Both sides changed how often one of the lines is there, and not both in all the same way.
fn is_uncertain(counts: &Counts<'_>) -> bool {
    let agree = counts.values().all(|[_, mine, theirs]| mine == theirs);
    !agree && counts.values().any(|[base, mine, theirs]| mine != base && theirs != base)
}

fn merge_into(sure: &mut [Option<usize>], likely: &[Option<usize>]) {
    for (slot, found) in sure.iter_mut().zip(likely) {
        *slot = slot.or(*found);
    }
}

/// A value, or a value and a class.
type Word<'a> = (&'a str, &'a str);
/// What an entry may be found by: its first word, its second, as long as there are more.
type Words = fn(&Candidate, usize) -> Option<Word<'_>>;

/// Entries by their words, those of one word in a row: the first that is free is it.
#[derive(Default)]
struct Places<'a> {
    /// Where a row begins and ends among the links.
    rows: Lookup<Word<'a>, (usize, usize)>,
    /// An entry, and the link after it.
    links: Vec<(usize, Option<usize>)>,
}

impl<'a> Places<'a> {
    fn add(&mut self, word: Word<'a>, at: usize) {
        let link = self.links.len();
        self.links.push((at, None));
        let (_, last) = self.rows.entry(word).or_insert((link, link));
        if let Some((_, next)) = self.links.get_mut(*last).filter(|_| *last != link) {
            *next = Some(link);
        }
        *last = link;
    }

    fn first_free(&mut self, word: Word<'a>, taken: &[bool]) -> Option<usize> {
        let (first, _) = self.rows.get_mut(&word)?;
        loop {
            let (at, next) = *self.links.get(*first)?;
            if taken.get(at) == Some(&false) {
                return Some(at);
            }
            *first = next?;
        }
    }
}

/// For each entry of `side` the one of `base` that it surely is.
fn sure(base: &[Candidate], side: &[Candidate]) -> Vec<Option<usize>> {
    let mut found = vec![None; side.len()];
    let mut taken = vec![false; base.len()];
    let passes: [Words; 4] = [
        |one, number| one.pids.get(number).map(|pid| (pid.as_str(), "")),
        |one, number| (number == 0).then_some((one.exact.as_str(), "")),
        |one, number| (number == 0).then_some((one.norm.as_str(), one.class.as_str())),
        |one, number| (number == 0).then_some((one.norm.as_str(), "")),
    ];
    // In the same order on both sides, wherever the lines stand.
    let mut order: Vec<usize> = (0..side.len()).collect();
    order.sort_by_key(|at| side.get(*at).map(|candidate| &candidate.exact));
    for word in passes {
        let mut places = Places::default();
        for (at, candidate) in base.iter().enumerate().filter(|(at, _)| taken.get(*at) == Some(&false)) {
            for word in (0..).map_while(|number| word(candidate, number)) {
                places.add(word, at);
            }
        }
        if places.links.is_empty() {
            continue;
        }
        for at in &order {
            let (Some(slot @ None), Some(candidate)) = (found.get_mut(*at), side.get(*at)) else { continue };
            let words = (0..).map_while(|number| word(candidate, number));
            if let Some(at) = words.filter_map(|word| places.first_free(word, &taken)).min() {
                *slot = Some(at);
                if let Some(taken) = taken.get_mut(at) {
                    *taken = true;
                }
            }
        }
    }
    found
}

/// For entries left over: the same label, or the same parameters, and nothing else that could be meant.
fn likely(
    base: &[Candidate],
    side: &[Candidate],
    sure: &[Option<usize>],
    repeated: &BTreeMap<&str, Counts<'_>>,
) -> Vec<Option<usize>> {
    let is_single = |list: &[Candidate], at: usize| {
        list.get(at).is_some_and(|candidate| !repeated.contains_key(candidate.norm.as_str()))
    };
    let mut found = vec![None; side.len()];
    let mut taken: BTreeSet<usize> = sure.iter().flatten().copied().collect();
    let passes: [fn(&Candidate) -> Option<&str>; 2] = [|c| c.label.as_deref(), |c| Some(c.class.as_str())];
    for word in passes {
        let mut old: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, candidate) in base.iter().enumerate().filter(|(at, _)| !taken.contains(at)) {
            if let Some(word) = word(candidate) {
                old.entry(word).or_default().push(at);
            }
        }
        let mut new: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, candidate) in side.iter().enumerate() {
            let is_free =
                sure.get(at).copied().flatten().is_none() && found.get(at).copied().flatten().is_none();
            if let Some(word) = word(candidate).filter(|_| is_free) {
                new.entry(word).or_default().push(at);
            }
        }
        for (word, own) in new {
            if let ([own], Some([only])) = (own.as_slice(), old.get(word).map(Vec::as_slice))
                && is_single(base, *only)
                && is_single(side, *own)
                && let Some(slot) = found.get_mut(*own)
            {
                *slot = Some(*only);
                taken.insert(*only);
            }
        }
    }
    found
}

fn same(
    length: usize,
    in_mine: &[Option<usize>],
    in_theirs: &[Option<usize>],
    mine: &[Candidate],
    theirs: &[Candidate],
    repeated: &BTreeMap<&str, Counts<'_>>,
) -> Vec<Same> {
    let places = |side: &[Option<usize>]| -> BTreeMap<usize, usize> {
        let known = side.iter().enumerate().rev();
        known.filter_map(|(at, found)| Some(((*found)?, at))).collect()
    };
    let (places_mine, places_theirs) = (places(in_mine), places(in_theirs));
    let mut all: Vec<Same> = (0..length)
        .map(|at| [Some(at), places_mine.get(&at).copied(), places_theirs.get(&at).copied()])
        .collect();
    // What both added.
    let new_mine: Vec<usize> = (0..mine.len()).filter(|at| in_mine.get(*at) == Some(&None)).collect();
    let new_theirs: Vec<usize> = (0..theirs.len()).filter(|at| in_theirs.get(*at) == Some(&None)).collect();
    let pick = |list: &[usize], from: &[Candidate]| -> Vec<Candidate> {
        list.iter().filter_map(|at| from.get(*at)).cloned().collect()
    };
    let (picked_mine, picked_theirs) = (pick(&new_mine, mine), pick(&new_theirs, theirs));
    let mut pairs = sure(&picked_mine, &picked_theirs);
    // Two that both added are one if they are equal, or the only ones of their value.
    for (slot, added) in pairs.iter_mut().zip(&picked_theirs) {
        let other = slot.and_then(|at| picked_mine.get(at));
        let equal = other.is_some_and(|other| {
            other.exact == added.exact || other.pids.iter().any(|pid| added.pids.contains(pid))
        });
        if repeated.contains_key(added.norm.as_str()) && !equal {
            *slot = None;
        }
    }
    let paired: BTreeSet<usize> = pairs.iter().flatten().copied().collect();
    let mut added: Vec<Same> = Vec::new();
    for (at, pair) in new_theirs.iter().zip(&pairs) {
        added.push([None, pair.and_then(|pair| new_mine.get(pair)).copied(), Some(*at)]);
    }
    for (position, at) in new_mine.iter().enumerate() {
        if !paired.contains(&position) {
            added.push([None, Some(*at), None]);
        }
    }
    // Numbered the same, whichever side is whose.
    let exact = |list: &[Candidate], at: Option<usize>| {
        at.and_then(|at| list.get(at)).map(|candidate| candidate.exact.clone())
    };
    added.sort_by_cached_key(|[_, own, there]| {
        let (own, there) = (exact(mine, *own), exact(theirs, *there));
        (own.is_none() || there.is_none(), own.max(there))
    });
    all.extend(added);
    all
}

/// A key for each: the value before, else the one it has; numbered where that is not enough.
fn named(versions: [&[Candidate]; 3], all: Vec<Same>, repeated: &BTreeMap<&str, Counts<'_>>) -> Vec<Paired> {
    let doubtful: BTreeSet<&str> =
        repeated.iter().filter(|(_, counts)| is_uncertain(counts)).map(|(norm, _)| *norm).collect();
    let norm = |entry: &Same, side: usize| -> Option<&str> {
        let candidate = versions.get(side)?.get((*entry.get(side)?)?)?;
        Some(candidate.norm.as_str())
    };
    let mut named: Vec<Paired> = all
        .into_iter()
        .map(|entry| {
            let uncertain = (0..3).filter_map(|side| norm(&entry, side)).any(|norm| doubtful.contains(norm));
            // Without a base the same key whichever side is whose.
            let words = norm(&entry, 0).or_else(|| match (norm(&entry, 1), norm(&entry, 2)) {
                (Some(mine), Some(theirs)) => Some(mine.min(theirs)),
                (mine, theirs) => mine.or(theirs),
            });
            Paired { key: words.unwrap_or_default().to_owned(), found: entry, uncertain }
        })
        .collect();
    // Those of the base keep their keys, whatever is added.
    let mut used: Lookup<String, u32> = Lookup::default();
    for Paired { key, .. } in &mut named {
        let times = used.entry(key.clone()).or_insert(0);
        *times += 1;
        if *times > 1 {
            *key = format!("{key} ({times})");
        }
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(words: &str) -> Vec<Candidate> {
        let candidate = |word: &str| {
            let mut parts = word.split('/');
            let norm = parts.next().unwrap_or_default().to_owned();
            let class = parts.next().unwrap_or_default().to_owned();
            let label = parts.next().filter(|l| !l.is_empty()).map(str::to_owned);
            let pids = parts.next().map(|pid| vec![pid.to_owned()]).unwrap_or_default();
            Candidate { exact: word.to_owned(), norm, class, label, pids }
        };
        words.split_whitespace().map(candidate).collect()
    }

    fn drawn(base: &str, mine: &str, theirs: &str) -> String {
        let (b, m, t) = (entries(base), entries(mine), entries(theirs));
        let show = |list: &[Candidate], at: Option<usize>| {
            at.and_then(|at| list.get(at)).map_or("-".to_owned(), |c| c.norm.clone())
        };
        let mut lines: Vec<String> = pair([&b, &m, &t])
            .into_iter()
            .map(|Paired { key, found: [x, y, z], uncertain }| {
                let mark = if uncertain { "?" } else { "" };
                format!("{key}{mark}:{},{},{}", show(&b, x), show(&m, y), show(&t, z))
            })
            .collect();
        lines.sort();
        lines.join(" ")
    }

    #[test]
    fn entries_are_found_again() {
        for (base, mine, theirs, expected) in [
            // a number with another type is the same number
            ("1/home", "1/work", "1/home", "1:1,1,1"),
            // the only one with these parameters: an edit
            ("1/home 2/work", "1/home 3/work", "1/home 2/work", "1:1,1,1 2:2,3,2"),
            // two could be meant: removed and added
            ("1/home 2/home", "3/home", "1/home 2/home", "1:1,-,1 2:2,-,2 3:-,3,-"),
            // both changed it
            ("1/home", "2/home", "3/home", "1:1,2,3"),
            ("1/home", "2/home", "2/home", "1:1,2,2"),
            // both added the same
            ("1/home", "1/home 2/work", "1/home 2/cell", "1:1,1,1 2:-,2,2"),
            // one changed it into what the other added
            ("1/home", "2/home", "1/home 2/work", "1:1,-,1 2:-,2,2"),
            // the label tells
            ("1/x/Boat 2/x", "3/x/Boat 2/x", "1/x/Boat 2/x", "1:1,3,1 2:2,2,2"),
            // identifiers tell, whatever else changed
            ("1/a//p1 2/a//p2", "8/b//p2 9/b//p1", "1/a//p1 2/a//p2", "1:1,9,1 2:2,8,2"),
            // the same value twice
            ("1/a 1/a", "1/a", "1/a 1/a", "1 (2):1,-,1 1:1,1,1"),
            ("", "1/a", "2/a", "1:-,1,- 2:-,-,2"),
            // one removed here, one more there
            ("1/a 1/a", "1/a", "1/a 1/a 1/a", "1 (2)?:1,-,1 1 (3)?:-,-,1 1?:1,1,1"),
            // one of two was changed here, the other one or the same one there
            ("1/a 1/a", "1/a 1/b", "1/c 1/a", "1 (2)?:1,1,1 1?:1,1,1"),
            // another line of the same number
            ("1/a 1/b", "1/a 1/c", "1/d 1/b", "1 (2):1,1,1 1:1,1,1"),
            // two different lines of one number are two entries
            ("1/a", "1/a 1/b", "1/a 1/c", "1 (2):-,1,- 1 (3):-,-,1 1:1,1,1"),
            // of two equal ones nobody knows which became another number
            ("1/a 1/a", "1/a 2/a", "1/a 1/a", "1 (2):1,-,1 1:1,1,1 2:-,2,-"),
        ] {
            assert_eq!(drawn(base, mine, theirs), expected, "{base} | {mine} | {theirs}");
        }
    }
}
