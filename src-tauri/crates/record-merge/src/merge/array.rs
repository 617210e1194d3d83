//! Arrays whose elements are put together by value: sets and sequences (merge.md 2.4).

use super::order::{Order, arranged, moved, order};
use crate::diff3::{Change, Region, regions};
use crate::json::classes::Classes;
use crate::json::splice::{Entry, NewItem, Splice, Text};
use crate::json::{Document, Kind};
use crate::model::{ArrayMode, Notice, Path, Policy, Token};
use std::collections::{BTreeMap, BTreeSet};

/// An array taken apart.
pub(super) struct Elements<'a> {
    /// Classes: equal elements, equal numbers.
    pub(super) classes: Vec<u32>,
    /// Source texts.
    pub(super) texts: Vec<&'a str>,
    /// Classes of the texts, numbers and groups inside each element; nothing for single values.
    pub(super) inside: Vec<Vec<u32>>,
    /// They come from a record that is written over several lines.
    pub(super) lines: bool,
}

impl Elements<'_> {
    pub(super) fn set(&self) -> BTreeSet<u32> {
        self.classes.iter().copied().collect()
    }

    /// How often each is there.
    fn counted(&self) -> BTreeMap<u32, usize> {
        counts(self, &(0..self.classes.len()))
    }

    fn unique(&self) -> bool {
        self.set().len() == self.classes.len()
    }
}

/// What came of putting two arrays together.
pub(super) struct Joined {
    pub(super) answer: Answer,
    /// How it was merged; not always as declared.
    pub(super) mode: ArrayMode,
    pub(super) notices: Vec<Notice>,
}

pub(super) enum Answer {
    /// The same elements; only a set can say so.
    Same,
    /// No question.
    Clean(String),
    /// A question, with what "both" gives: the server's first, and the person's first.
    Clash(String, String),
}

/// Elements in any order: what either side added stays, what either side removed goes. Never a question. One that is there
/// several times is left so often as it is there, unless one side changed that.
pub(super) fn set(base: &Elements<'_>, mine: &Elements<'_>, theirs: &Elements<'_>, source: &str) -> Joined {
    let [in_base, in_mine, in_theirs] = [base, mine, theirs].map(Elements::counted);
    let often = |class: &u32| {
        let [base, mine, theirs] =
            [&in_base, &in_mine, &in_theirs].map(|side| side.get(class).copied().unwrap_or(0));
        if mine == base {
            theirs
        } else if theirs == base {
            mine
        } else {
            // removed by one side: gone; made more or less by both: a set needs it no more often than it must be
            mine.min(theirs)
        }
    };
    let mut left: BTreeMap<u32, usize> =
        in_mine.keys().chain(in_theirs.keys()).map(|class| (*class, often(class))).collect();
    // The server's stand where they stand; what is still wanted of the person's comes after them.
    let mut take = |class: &u32| match left.get_mut(class) {
        Some(more) if *more > 0 => {
            *more -= 1;
            true
        }
        _ => false,
    };
    let kept = theirs.classes.iter().enumerate().filter(|(_, class)| take(class));
    let mut items: Vec<Item> = kept.map(|(at, _)| Item::Theirs(at)).collect();
    let all_there = items.len() == theirs.classes.len();
    let mut own: Vec<(usize, &str)> = mine
        .classes
        .iter()
        .zip(&mine.texts)
        .enumerate()
        .rev()
        .filter(|(_, (class, _))| take(class))
        .map(|(at, (_, text))| (at, *text))
        .collect();
    own.reverse();
    let same = all_there && own.is_empty() && in_mine.keys().eq(in_theirs.keys());
    items.extend(own.into_iter().map(|(_, text)| Item::Mine(text.to_owned())));
    let answer = if same { Answer::Same } else { Answer::Clean(put_together(source, items, mine.lines)) };
    Joined { answer, mode: ArrayMode::Set, notices: Vec::new() }
}

/// Elements by neighbours. Unique ones are followed by value; with repeated ones, as lines of a text.
pub(super) fn sequence(
    base: &Elements<'_>,
    mine: &Elements<'_>,
    theirs: &Elements<'_>,
    source: &str,
) -> Joined {
    let (answer, notices) = if base.unique() && mine.unique() && theirs.unique() {
        let unique = Unique::of(base, mine, theirs);
        (unique.answer(source), unique.notices())
    } else {
        (repeated(base, mine, theirs, source), Vec::new())
    };
    Joined { answer, mode: ArrayMode::Sequence, notices }
}

/// What "union" gives for a clash: all elements of theirs and what mine has besides, without what only one side removed.
pub(super) fn union(base: &Elements<'_>, mine: &Elements<'_>, theirs: &Elements<'_>, source: &str) -> String {
    let as_set = set(base, mine, theirs, source);
    if let Answer::Clean(text) = as_set.answer {
        return text;
    }
    let in_theirs = theirs.set();
    let mut seen = BTreeSet::new();
    let new = mine
        .classes
        .iter()
        .zip(&mine.texts)
        .filter(|(class, _)| !in_theirs.contains(class) && seen.insert(**class));
    let mut items: Vec<Item> = (0..theirs.classes.len()).map(Item::Theirs).collect();
    items.extend(new.map(|(_, text)| Item::Mine((*text).to_owned())));
    put_together(source, items, mine.lines)
}

/// Who moved what when only one side changed an array of unique elements.
pub(super) fn moves(base: &Elements<'_>, side: &Elements<'_>) -> Vec<Token> {
    if !(base.unique() && side.unique()) {
        return Vec::new();
    }
    let moved = moved(&base.classes, &side.classes, true);
    positions(side, &moved)
}

fn positions(side: &Elements<'_>, chosen: &BTreeSet<u32>) -> Vec<Token> {
    let all = side.classes.iter().enumerate().filter(|(_, class)| chosen.contains(class));
    all.map(|(position, _)| Token::Index(position)).collect()
}

/// A sequence in which no element is there twice, on no side.
struct Unique<'a, 'b> {
    base: &'a Elements<'b>,
    mine: &'a Elements<'b>,
    theirs: &'a Elements<'b>,
    in_base: BTreeSet<u32>,
    in_mine: BTreeSet<u32>,
    in_theirs: BTreeSet<u32>,
    order: Order,
}

/// The element in front of a gap that all three have; elements behind the last such one are at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    Front,
    After(u32),
    End,
}

impl<'a, 'b> Unique<'a, 'b> {
    fn of(base: &'a Elements<'b>, mine: &'a Elements<'b>, theirs: &'a Elements<'b>) -> Self {
        let order = order(&base.classes, &mine.classes, &theirs.classes);
        let (in_base, in_mine, in_theirs) = (base.set(), mine.set(), theirs.set());
        Unique { base, mine, theirs, in_base, in_mine, in_theirs, order }
    }

    fn answer(&self, source: &str) -> Answer {
        let all = |others_first: bool| {
            let (mine, theirs) = (&self.mine.classes, &self.theirs.classes);
            let all = match self.order {
                // The gaps of the frame are the person's then: "others" are the server's.
                Order::Mine => arranged(mine, theirs, !others_first),
                _ => arranged(theirs, mine, others_first),
            };
            let stays = |class: &u32| {
                let (m, t) = (self.in_mine.contains(class), self.in_theirs.contains(class));
                (m && t) || !self.in_base.contains(class)
            };
            all.into_iter().filter(stays).collect::<Vec<u32>>()
        };
        let build = |others_first| rebuild(source, &all(others_first), self.theirs, self.mine);
        if self.clashes() { Answer::Clash(build(false), build(true)) } else { Answer::Clean(build(false)) }
    }

    fn notices(&self) -> Vec<Notice> {
        let by_mine = positions(self.mine, &moved(&self.base.classes, &self.mine.classes, true));
        let by_server = positions(self.theirs, &moved(&self.base.classes, &self.theirs.classes, true));
        let mut notices = Vec::new();
        if self.order == Order::Both {
            notices.push(Notice::Order);
        }
        if !by_server.is_empty() {
            notices.push(Notice::MovedByServer { entries: by_server });
        }
        if !by_mine.is_empty() {
            notices.push(Notice::MovedByMe { entries: by_mine });
        }
        notices
    }

    /// What is in the gaps between the elements that all three have, of those `keep` lets through.
    fn gaps(&self, side: &Elements<'_>, keep: impl Fn(&u32) -> bool) -> BTreeMap<Gap, Vec<u32>> {
        let survives = |class: &u32| {
            self.in_base.contains(class) && self.in_mine.contains(class) && self.in_theirs.contains(class)
        };
        let mut gaps: BTreeMap<Gap, Vec<u32>> = BTreeMap::new();
        let mut gap = Gap::Front;
        let mut last: Vec<u32> = Vec::new();
        for class in &side.classes {
            if survives(class) {
                if !last.is_empty() {
                    gaps.insert(gap, std::mem::take(&mut last));
                }
                gap = Gap::After(*class);
            } else if keep(class) {
                last.push(*class);
            }
        }
        if !last.is_empty() {
            gaps.insert(Gap::End, last);
        }
        gaps
    }

    fn clashes(&self) -> bool {
        let new = |class: &u32| !self.in_base.contains(class);
        let (new_mine, new_theirs) = (self.gaps(self.mine, new), self.gaps(self.theirs, new));
        // Different new elements in one gap: which comes first?
        let one_gap =
            new_mine.iter().any(|(gap, mine)| new_theirs.get(gap).is_some_and(|theirs| mine != theirs));
        // The same new element in different gaps: where does it go?
        let place_of = |gaps: &BTreeMap<Gap, Vec<u32>>| -> BTreeMap<u32, Gap> {
            gaps.iter().flat_map(|(gap, all)| all.iter().map(|class| (*class, *gap))).collect()
        };
        let (mine_places, theirs_places) = (place_of(&new_mine), place_of(&new_theirs));
        let two_places =
            mine_places.iter().any(|(class, gap)| theirs_places.get(class).is_some_and(|other| other != gap));
        one_gap
            || two_places
            || self.replaced_and_removed(&new_mine, &new_theirs)
            || self.moved_and_replaced(self.mine, self.theirs, &new_theirs)
            || self.moved_and_replaced(self.theirs, self.mine, &new_mine)
    }

    /// An element that is gone on both sides while one side put something else in: that may be an edit of it, which the
    /// other side removed. Where nothing moved, only the same gap counts, or an element that is alike.
    fn replaced_and_removed(
        &self,
        new_mine: &BTreeMap<Gap, Vec<u32>>,
        new_theirs: &BTreeMap<Gap, Vec<u32>>,
    ) -> bool {
        if new_mine == new_theirs {
            return false;
        }
        let gone =
            self.gaps(self.base, |class| !self.in_mine.contains(class) && !self.in_theirs.contains(class));
        if gone.is_empty() {
            return false;
        }
        let in_order =
            [self.mine, self.theirs].iter().all(|side| in_old_order(&self.base.classes, &side.classes));
        let in_gap = |gap: &Gap| new_mine.get(gap) != new_theirs.get(gap);
        let parts = |side: &Elements<'_>, chosen: &dyn Fn(&u32) -> bool| -> BTreeSet<u32> {
            let all = side.classes.iter().zip(&side.inside).filter(|(class, _)| chosen(class));
            all.flat_map(|(_, inside)| inside.iter().copied()).collect()
        };
        let mut added =
            parts(self.mine, &|class| !self.in_base.contains(class) && !self.in_theirs.contains(class));
        added.extend(parts(self.theirs, &|class| {
            !self.in_base.contains(class) && !self.in_mine.contains(class)
        }));
        let lost =
            parts(self.base, &|class| !self.in_mine.contains(class) && !self.in_theirs.contains(class));
        !in_order || gone.keys().any(in_gap) || !added.is_disjoint(&lost)
    }

    /// `mover` put elements in another order, `other` replaced some: where the new one goes cannot be told, and an
    /// element that was moved there may be the one that was replaced here.
    fn moved_and_replaced(
        &self,
        mover: &Elements<'_>,
        other: &Elements<'_>,
        new: &BTreeMap<Gap, Vec<u32>>,
    ) -> bool {
        let in_mover = mover.set();
        let in_other = other.set();
        let only_new = |all: &[u32]| all.iter().any(|class| !in_mover.contains(class));
        if !new.values().any(|all| only_new(all)) {
            return false;
        }
        let moved = moved(&self.base.classes, &mover.classes, false);
        if moved.is_empty() {
            return false;
        }
        let removed = self.gaps(self.base, |class| !in_other.contains(class));
        let in_one_gap = removed.keys().any(|gap| new.get(gap).is_some_and(|all| only_new(all)));
        in_one_gap || moved.iter().any(|class| !in_other.contains(class))
    }
}

fn in_old_order(base: &[u32], side: &[u32]) -> bool {
    order(base, base, side) == Order::Same
}

/// Sequences in which elements repeat: by neighbours, as lines of a text.
fn repeated(base: &Elements<'_>, mine: &Elements<'_>, theirs: &Elements<'_>, source: &str) -> Answer {
    let regions = regions(&base.classes, &mine.classes, &theirs.classes);
    let items = |mine_first: bool| {
        let mut items = Vec::new();
        for region in &regions {
            let own = |items: &mut Vec<Item>| items.extend(region.theirs.clone().map(Item::Theirs));
            let other = |items: &mut Vec<Item>| {
                let texts = mine.texts.get(region.mine.clone()).into_iter().flatten();
                items.extend(texts.map(|text| Item::Mine((*text).to_owned())));
            };
            match region.change {
                Change::None | Change::Theirs | Change::Both => own(&mut items),
                Change::Mine => other(&mut items),
                Change::Clash if mine_first => {
                    other(&mut items);
                    own(&mut items);
                }
                Change::Clash => {
                    own(&mut items);
                    other(&mut items);
                }
            }
        }
        items
    };
    let clash = regions.iter().any(|region| region.change == Change::Clash)
        || moved_and_touched(&regions, base, mine, theirs);
    let text = put_together(source, items(false), mine.lines);
    if clash {
        Answer::Clash(text, put_together(source, items(true), mine.lines))
    } else {
        Answer::Clean(text)
    }
}

/// One side took an element away here and put its like in there (it moved it), and the other side touched elements like it:
/// then nobody can tell what became of which.
fn moved_and_touched(
    regions: &[Region],
    base: &Elements<'_>,
    mine: &Elements<'_>,
    theirs: &Elements<'_>,
) -> bool {
    #[derive(Default)]
    struct Seen {
        less: [bool; 2],
        more: [bool; 2],
        apart: bool,
    }
    let mut seen: BTreeMap<u32, Seen> = BTreeMap::new();
    for region in regions.iter().filter(|region| region.change != Change::None) {
        let old = counts(base, &region.base);
        let sides = [counts(mine, &region.mine), counts(theirs, &region.theirs)];
        for (at, side) in sides.iter().enumerate() {
            for class in old.keys().chain(side.keys()) {
                let (was, is) = (old.get(class).unwrap_or(&0), side.get(class).unwrap_or(&0));
                if was == is {
                    continue;
                }
                let entry = seen.entry(*class).or_default();
                entry.apart |= region.change != Change::Both;
                let slot = if is < was { entry.less.get_mut(at) } else { entry.more.get_mut(at) };
                if let Some(slot) = slot {
                    *slot = true;
                }
            }
        }
    }
    let both = |seen: &Seen| {
        let [mine, theirs] = [0, 1].map(|at: usize| {
            let (less, more) = (seen.less.get(at) == Some(&true), seen.more.get(at) == Some(&true));
            (less && more, less || more)
        });
        seen.apart && ((mine.0 && theirs.1) || (theirs.0 && mine.1))
    };
    seen.values().any(both)
}

fn counts(side: &Elements<'_>, range: &std::ops::Range<usize>) -> BTreeMap<u32, usize> {
    let mut counts = BTreeMap::new();
    for class in side.classes.get(range.clone()).into_iter().flatten() {
        *counts.entry(*class).or_default() += 1;
    }
    counts
}

/// An element of the outcome.
enum Item {
    /// By position in theirs.
    Theirs(usize),
    /// From mine.
    Mine(String),
}

/// The array of theirs with the elements of these classes; what theirs has keeps its bytes.
fn rebuild(source: &str, classes: &[u32], theirs: &Elements<'_>, mine: &Elements<'_>) -> String {
    let places: BTreeMap<u32, usize> =
        theirs.classes.iter().enumerate().map(|(at, class)| (*class, at)).collect();
    let others: BTreeMap<u32, &str> = mine.classes.iter().copied().zip(mine.texts.iter().copied()).collect();
    let item = |class: &u32| match places.get(class) {
        Some(at) => Item::Theirs(*at),
        None => Item::Mine(others.get(class).map_or_else(String::new, |text| (*text).to_owned())),
    };
    put_together(source, classes.iter().map(item).collect(), mine.lines)
}

/// The array of theirs with these elements. `lines`: those of mine come from a record written over several lines.
fn put_together(source: &str, items: Vec<Item>, lines: bool) -> String {
    let Ok(document) = Document::parse(source.as_bytes()) else { return source.to_owned() };
    let array = document.root();
    let nodes: Vec<_> = document.children(array).collect();
    let mut splice = Splice::new(&document);
    let entry = |item| match item {
        Item::Theirs(position) => nodes.get(position).copied().map(Entry::Old),
        Item::Mine(text) => Some(Entry::New(NewItem { name: None, value: Text::Foreign { text, lines } })),
    };
    splice.arrange(array, items.into_iter().filter_map(entry).collect());
    String::from_utf8(splice.finish()).unwrap_or_else(|_| source.to_owned())
}

/// The array of mine, with the bytes of theirs for every element that is equal there. `None` if one is no array, or theirs
/// has no bytes to give.
pub(super) fn as_mine(
    mine: &str,
    theirs: &str,
    place: &Path,
    policy: &Policy,
    lines: bool,
) -> Option<String> {
    let (mine, source) = (Document::parse(mine.as_bytes()).ok()?, Document::parse(theirs.as_bytes()).ok()?);
    let are_arrays = mine.kind(mine.root()) == Kind::Array && source.kind(source.root()) == Kind::Array;
    if !are_arrays || source.len() == 1 {
        return None;
    }
    let mut classes = Classes::default();
    let there = classes.of(&source, place, policy);
    let here = classes.of(&mine, place, policy);
    let mut known: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    let positions: Vec<_> = source.children(source.root()).enumerate().collect();
    for (position, id) in positions.into_iter().rev() {
        known.entry(there.class(Some(id))).or_default().push(position);
    }
    let items = mine.children(mine.root()).map(|id| {
        let same = known.get_mut(&here.class(Some(id))).and_then(Vec::pop);
        same.map_or_else(|| Item::Mine(mine.text(id).to_owned()), Item::Theirs)
    });
    Some(put_together(theirs, items.collect(), lines))
}
