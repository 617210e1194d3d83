//! Arrays whose elements are put together by value: sets and sequences (merge.md 2.4).

use crate::blend::Blend;
use crate::diff3::{Change, regions};
use crate::json::Document;
use crate::json::splice::{NewItem, Splice};
use std::collections::{BTreeMap, BTreeSet};

/// An array taken apart.
pub(super) struct Elements<'a> {
    /// Classes: equal elements, equal numbers.
    pub(super) classes: Vec<u32>,
    /// Source texts.
    pub(super) texts: Vec<&'a str>,
}

impl Elements<'_> {
    fn set(&self) -> BTreeSet<u32> {
        self.classes.iter().copied().collect()
    }

    fn unique(&self) -> bool {
        self.set().len() == self.classes.len()
    }
}

/// What came of putting two arrays together.
pub(super) enum Joined {
    /// The same elements; only a set can say so.
    Same,
    /// No question.
    Clean(Blend),
    /// A question, with what "both" would give, where that has a meaning.
    Clash(Option<Blend>),
}

/// An element of the outcome.
enum Item {
    /// By position in theirs; positions only rise.
    Theirs(usize),
    /// From mine.
    Mine(String),
}

/// Elements in any order, each once: what either side added stays, what either side removed goes.
/// `None` if an element is there twice.
pub(super) fn set(
    base: &Elements<'_>,
    mine: &Elements<'_>,
    theirs: &Elements<'_>,
    source: &str,
) -> Option<Joined> {
    if !(base.unique() && mine.unique() && theirs.unique()) {
        return None;
    }
    let (in_base, in_mine, in_theirs) = (base.set(), mine.set(), theirs.set());
    if in_mine == in_theirs {
        return Some(Joined::Same);
    }
    let stays = |class: &u32| in_mine.contains(class) || !in_base.contains(class);
    let mut items: Vec<Item> = theirs
        .classes
        .iter()
        .enumerate()
        .filter(|(_, class)| stays(class))
        .map(|(position, _)| Item::Theirs(position))
        .collect();
    let new = |class: &u32| !in_base.contains(class) && !in_theirs.contains(class);
    items.extend(
        mine.classes
            .iter()
            .zip(&mine.texts)
            .filter(|(class, _)| new(class))
            .map(|(_, text)| Item::Mine((*text).to_owned())),
    );
    Some(Joined::Clean(Blend::done(rebuild(source, &items))))
}

/// Elements by neighbours. Unique ones are followed by value; with repeated ones, as lines of a text.
pub(super) fn sequence(
    base: &Elements<'_>,
    mine: &Elements<'_>,
    theirs: &Elements<'_>,
    source: &str,
) -> Joined {
    if base.unique() && mine.unique() && theirs.unique() {
        return unique_sequence(base, mine, theirs, source);
    }
    let mut items = Vec::new();
    let mut clash = false;
    for region in regions(&base.classes, &mine.classes, &theirs.classes) {
        if region.change != Change::Mine {
            items.extend(region.theirs.clone().map(Item::Theirs));
        }
        if matches!(region.change, Change::Mine | Change::Clash) {
            items.extend(
                mine.texts
                    .get(region.mine.clone())
                    .into_iter()
                    .flatten()
                    .map(|text| Item::Mine((*text).to_owned())),
            );
        }
        clash |= region.change == Change::Clash;
    }
    let blend = Blend::done(rebuild(source, &items));
    if clash { Joined::Clash(Some(blend)) } else { Joined::Clean(blend) }
}

/// What stands between two elements that nobody removed.
#[derive(Default)]
struct Gap {
    base: Vec<u32>,
    mine: Vec<usize>,
    theirs: Vec<usize>,
}

fn unique_sequence(base: &Elements<'_>, mine: &Elements<'_>, theirs: &Elements<'_>, source: &str) -> Joined {
    if !same_order(base, mine) || !same_order(base, theirs) || !same_order(mine, theirs) {
        return Joined::Clash(None);
    }
    let (in_base, in_mine, in_theirs) = (base.set(), mine.set(), theirs.set());
    let survives =
        |class: &u32| in_base.contains(class) && in_mine.contains(class) && in_theirs.contains(class);
    let mut gaps: Vec<Gap> = vec![Gap::default()];
    fill(&mut gaps, &base.classes, survives, |gap, _, class| gap.base.push(class));
    fill(&mut gaps, &mine.classes, survives, |gap, position, _| gap.mine.push(position));
    fill(&mut gaps, &theirs.classes, survives, |gap, position, _| gap.theirs.push(position));
    let survivors: Vec<usize> = theirs
        .classes
        .iter()
        .enumerate()
        .filter(|(_, class)| survives(class))
        .map(|(position, _)| position)
        .collect();

    let class = |side: &Elements<'_>, position: &usize| side.classes.get(*position).copied().unwrap_or(0);
    let mut items = Vec::new();
    let mut clash = false;
    for (number, gap) in gaps.iter().enumerate() {
        let new_mine: Vec<u32> =
            gap.mine.iter().map(|p| class(mine, p)).filter(|c| !in_base.contains(c)).collect();
        let new_theirs: Vec<u32> =
            gap.theirs.iter().map(|p| class(theirs, p)).filter(|c| !in_base.contains(c)).collect();
        let gone_on_both = gap.base.iter().any(|c| !in_mine.contains(c) && !in_theirs.contains(c));
        clash |= !new_mine.is_empty() && !new_theirs.is_empty() && new_mine != new_theirs;
        // Removed there, and here replaced by something else: an edit and a deletion of one element.
        clash |= gone_on_both && new_mine != new_theirs;
        // What only one side still has of the base was removed by the other.
        let kept = gap.theirs.iter().filter(|p| !in_base.contains(&class(theirs, p)));
        items.extend(kept.map(|position| Item::Theirs(*position)));
        let added = gap.mine.iter().filter(|p| {
            let class = class(mine, p);
            !in_base.contains(&class) && !in_theirs.contains(&class)
        });
        items.extend(added.filter_map(|p| mine.texts.get(*p)).map(|text| Item::Mine((*text).to_owned())));
        items.extend(survivors.get(number).map(|position| Item::Theirs(*position)));
    }
    let blend = Blend::done(rebuild(source, &items));
    if clash { Joined::Clash(Some(blend)) } else { Joined::Clean(blend) }
}

/// Sorts elements that do not survive into the gaps between those that do.
fn fill(
    gaps: &mut Vec<Gap>,
    classes: &[u32],
    survives: impl Fn(&u32) -> bool,
    put: impl Fn(&mut Gap, usize, u32),
) {
    let mut at = 0;
    for (position, class) in classes.iter().enumerate() {
        if survives(class) {
            at += 1;
            if gaps.len() <= at {
                gaps.push(Gap::default());
            }
        } else if let Some(gap) = gaps.get_mut(at) {
            put(gap, position, *class);
        }
    }
}

/// What both have stands in the same order in both.
pub(super) fn same_order(a: &Elements<'_>, b: &Elements<'_>) -> bool {
    let places: BTreeMap<u32, usize> = b.classes.iter().enumerate().map(|(at, class)| (*class, at)).collect();
    let found: Vec<usize> = a.classes.iter().filter_map(|class| places.get(class).copied()).collect();
    found.is_sorted()
}

/// The array of theirs with these elements.
fn rebuild(source: &str, items: &[Item]) -> String {
    let Ok(document) = Document::parse(source.as_bytes()) else { return source.to_owned() };
    let array = document.root();
    let nodes: Vec<_> = document.children(array).collect();
    let mut splice = Splice::new(&document);
    let mut kept = BTreeSet::new();
    let mut anchor = None;
    for item in items {
        match item {
            Item::Theirs(position) => {
                anchor = nodes.get(*position).copied();
                kept.extend(anchor);
            }
            Item::Mine(text) => {
                splice.insert_after(array, anchor, NewItem { name: None, value: text.clone() })
            }
        }
    }
    for node in nodes.iter().filter(|node| !kept.contains(node)) {
        splice.remove(array, *node);
    }
    String::from_utf8(splice.finish()).unwrap_or_else(|_| source.to_owned())
}
