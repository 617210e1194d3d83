//! Fields that usually belong together, known by their names (M22): two halves of one thing, written by two people, would
//! be something that nobody wrote.

mod names;

use super::words::words;
use names::Part::{Clock, Day, Due, First, Hub, More, Second};
use names::Thing::{
    Account, Attached, Coded, Dialled, Linked, Measure, Money, Name, Place, Point, Range, Span, Term, Time,
};
use names::{ALONE, OF_PLACE, OF_TIME, Part, Thing, meanings};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// A field, as its name is understood.
#[derive(Clone, Debug)]
struct Named<'n> {
    name: &'n str,
    thing: Thing,
    part: Part,
    rank: usize,
    /// The words besides: `billing` in `billing_street`. Fields of one thing have the same.
    of: String,
}

/// Each meaning of a name, with the longest run of its words that has it.
fn understood(name: &str) -> Vec<Named<'_>> {
    let words = words(name);
    let mut found: BTreeMap<Thing, (usize, bool, Named<'_>)> = BTreeMap::new();
    for from in 0..words.len() {
        let mut joined = String::new();
        for to in from..words.len() {
            joined.extend(words.get(to).map(String::as_str));
            let rest = || words.iter().take(from).chain(words.iter().skip(to + 1)).map(String::as_str);
            let alone = ALONE.contains(&joined.as_str()) && words.len() > to - from + 1;
            for (thing, part, rank) in meanings(&joined).filter(|_| !alone) {
                // the unit comes last: `price_currency`; a `unit_price` is a price
                let counted = matches!(thing, Money | Measure) && part == Hub;
                if counted && to + 1 < words.len() {
                    continue;
                }
                let silent = |word: &&str| says_nothing(thing, part, word);
                let of = rest().filter(|word| !silent(word)).collect::<Vec<_>>().join(" ");
                // `start_date` is a start, not a day
                let plain = !matches!(part, Day | Clock) && !OF_PLACE.contains(&joined.as_str());
                let better = found.get(&thing).is_none_or(|(length, was_plain, _)| {
                    (counted || plain, to - from + 1) > (*was_plain && !counted, *length)
                });
                if better {
                    found.insert(thing, (to - from + 1, plain, Named { name, thing, part, rank, of }));
                }
            }
        }
    }
    found.into_values().map(|(_, _, named)| named).collect()
}

/// The name means something here.
pub(super) fn means(name: &str) -> bool {
    !understood(name).is_empty()
}

fn says_nothing(thing: Thing, part: Part, word: &str) -> bool {
    match thing {
        Time | Span => {
            // the zone of the start is a zone of the whole
            let whose = part == Hub && meanings(word).any(|(thing, part, _)| thing == Time && part < More);
            OF_TIME.contains(&word) || whose
        }
        Place => OF_PLACE.contains(&word),
        _ => false,
    }
}

/// What is asked about a field, by its name.
pub(super) struct Facts<'f> {
    /// Neither an object nor a list in any version.
    pub(super) single: &'f dyn Fn(&str) -> bool,
    /// A number in some version.
    pub(super) number: &'f dyn Fn(&str) -> bool,
    /// Not in both as it was.
    pub(super) touched: &'f dyn Fn(&str) -> bool,
}

/// The groups in which something differs. `members`: which fields differ between the sides.
pub(super) fn groups<'n>(members: &'n BTreeMap<Cow<'_, str>, bool>, facts: &Facts<'_>) -> Vec<Vec<String>> {
    if !members.iter().any(|(name, differs)| *differs && means(name)) {
        return Vec::new();
    }
    let mut of_one: BTreeMap<(Thing, String), Vec<Named<'n>>> = BTreeMap::new();
    for named in members.keys().flat_map(|name| understood(name)) {
        let needs_one = matches!(named.thing, Span | Money | Measure) || named.name == "address";
        if !needs_one || (facts.single)(named.name) {
            of_one.entry((named.thing, named.of.clone())).or_default().push(named);
        }
    }
    let differs = |named: &Named<'_>| members.get(named.name) == Some(&true);
    let zones: Vec<Named<'n>> = of_one
        .get(&(Time, String::new()))
        .into_iter()
        .flatten()
        .filter(|named| named.part == Hub)
        .cloned()
        .collect();
    let mut found: Vec<Vec<Named<'n>>> = Vec::new();
    for ((thing, of), all) in &of_one {
        let mut group = match thing {
            Time => time(all),
            Span | Range | Point | Name | Coded | Linked | Attached | Account | Dialled => halves(all),
            // `code` and `system` by themselves are too many other things
            Term if all.iter().all(|named| named.part != More) => continue,
            Term => halves(all),
            Place => place(all),
            Money | Measure => continue,
        };
        // A zone that only one of them changed turns the hours of the other into hours nobody meant.
        if matches!(thing, Time | Span) && !group.is_empty() && (*thing == Span || !of.is_empty()) {
            group.extend(zones.iter().filter(|zone| differs(zone)).cloned());
        }
        found.push(group);
    }
    let numbers = |thing: Thing| -> Vec<Named<'n>> {
        of_one
            .iter()
            .filter(|((other, _), _)| *other == thing)
            .flat_map(|(_, all)| all.iter().cloned())
            .collect()
    };
    for thing in [Money, Measure] {
        found.extend(measured(&numbers(thing), members, facts));
    }
    let mut groups = joined(found);
    // Where only one of them was touched, either choice gives one side's whole.
    groups.retain(|names| names.iter().filter(|name| (facts.touched)(name)).count() > 1);
    groups
}

/// Both halves, and what belongs to them.
fn halves<'n>(all: &[Named<'n>]) -> Vec<Named<'n>> {
    let has = |part| all.iter().any(|named| named.part == part);
    if has(First) && has(Second) { all.to_vec() } else { Vec::new() }
}

fn time<'n>(all: &[Named<'n>]) -> Vec<Named<'n>> {
    let has = |part| all.iter().any(|named| named.part == part);
    let starts = has(First) || (has(Day) && has(Clock));
    let belongs = |named: &&Named<'n>| match named.part {
        First | Second => true,
        Day => has(First) || has(Second) || has(Clock),
        Clock => has(Day),
        // a deadline, and the zone it is in
        Due => starts || has(Hub),
        More => starts,
        Hub => starts || has(Second) || has(Due),
    };
    let together = has(Hub) || (starts && all.len() > 1) || (has(Day) && has(Second));
    if together { all.iter().filter(belongs).cloned().collect() } else { Vec::new() }
}

fn place<'n>(all: &[Named<'n>]) -> Vec<Named<'n>> {
    if all.iter().any(|named| named.part == First) {
        return all.to_vec();
    }
    all.iter().filter(|named| named.part == Second).cloned().collect()
}

/// Numbers and what they are counted in, where the unit itself differs: else each of them may be changed without it.
fn measured<'n>(
    all: &[Named<'n>],
    members: &'n BTreeMap<Cow<'_, str>, bool>,
    facts: &Facts<'_>,
) -> Vec<Vec<Named<'n>>> {
    let mut found = Vec::new();
    let differs = |hub: &&Named<'n>| hub.part == Hub && members.get(hub.name) == Some(&true);
    for hub in all.iter().filter(differs) {
        let counted = |belongs: &dyn Fn(&str) -> bool| -> Vec<Named<'n>> {
            let names = members.keys().map(|name| name.as_ref()).filter(|name| belongs(name));
            let rank = hub.rank.saturating_sub(1);
            names.map(|name| Named { name, part: First, rank, ..hub.clone() }).collect()
        };
        let mut numbers: Vec<Named<'n>> = if hub.of.is_empty() {
            let known: Vec<Named<'n>> = all.iter().filter(|named| named.part == First).cloned().collect();
            // Whatever it is called: a number that changed beside the only unit there is counted in it.
            let counts = |name: &str| {
                understood(name).iter().all(|named| matches!(named.thing, Money | Measure | Coded))
            };
            let beside = |name: &str| {
                members.get(name) == Some(&true)
                    && counts(name)
                    && (facts.number)(name)
                    && (facts.single)(name)
            };
            if known.is_empty() { counted(&beside) } else { known }
        } else {
            counted(&|name| counted_in(name, hub) && (facts.single)(name))
        };
        if !numbers.is_empty() {
            numbers.push(hub.clone());
            found.push(numbers);
        }
    }
    found
}

/// `weight_unit` is that of `weight` and `net_weight`, `price_currency` that of `price_amount`.
fn counted_in(name: &str, hub: &Named<'_>) -> bool {
    let words = words(name);
    let of: Vec<&str> = hub.of.split(' ').collect();
    let ends = words.iter().rev().map(String::as_str).take(of.len()).eq(of.iter().rev().copied());
    let begins = words.len() == of.len() + 1 && words.iter().zip(&of).all(|(word, of)| word == of);
    let number = || understood(name).iter().any(|named| named.thing == hub.thing && named.part == First);
    name != hub.name && ((ends && words.len() == of.len()) || ((ends || begins) && number()))
}

/// The names of each group; groups that share a field are one.
fn joined(groups: Vec<Vec<Named<'_>>>) -> Vec<Vec<String>> {
    let mut found: Vec<BTreeSet<(usize, &str)>> = Vec::new();
    for group in groups.into_iter().filter(|group| group.len() > 1) {
        let mut all: BTreeSet<(usize, &str)> = group.iter().map(|named| (named.rank, named.name)).collect();
        let names: BTreeSet<&str> = group.iter().map(|named| named.name).collect();
        let (shared, apart): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|other| other.iter().any(|(_, name)| names.contains(name)));
        all.extend(shared.into_iter().flatten());
        found = apart;
        found.push(all);
    }
    let names = |group: BTreeSet<(usize, &str)>| {
        let mut seen = BTreeSet::new();
        let once = group.into_iter().filter(|(_, name)| seen.insert(*name));
        once.map(|(_, name)| name.to_owned()).collect::<Vec<String>>()
    };
    found.into_iter().map(names).filter(|names| names.len() > 1).collect()
}
