//! Entries of a calendar that one side made another kind of thing: an event that became a task, with the same UID. The
//! old one and the new one are one entry, whatever the other side did to it.

use super::instances::touched;
use super::shown::Below;
use super::together::{Three, Touched};
use std::collections::{BTreeMap, BTreeSet};

/// The kinds of component that have a UID and can become one another.
const KINDS: [&str; 3] = ["VEVENT", "VTODO", "VJOURNAL"];

/// What is one choice, if both sides touched it.
#[derive(Default)]
pub(super) struct Converted {
    /// Names of lists with nothing else in them than that entry.
    pub(super) lists: Vec<Vec<String>>,
    /// Kind and key, where there are other entries in those lists: a question each.
    pub(super) places: Vec<[String; 2]>,
}

/// Kind and key, with what each version has there.
type Parts<'a> = BTreeMap<(&'a str, &'a str), [Option<&'a Below>; 3]>;

pub(super) fn converted(three: Three<'_>) -> Converted {
    let mut by_uid: BTreeMap<&str, Parts<'_>> = BTreeMap::new();
    for (side, shown) in three.into_iter().enumerate() {
        let entries = shown.into_iter().flat_map(|shown| &shown.below);
        for below in entries.filter(|below| KINDS.contains(&below.kind.as_str())) {
            let uid = below.occurrence.as_ref().map_or(below.key.as_str(), |of| &of.uid);
            let parts = by_uid.entry(uid).or_default().entry((&below.kind, &below.key)).or_default();
            if let Some(slot) = parts.get_mut(side) {
                *slot = Some(below);
            }
        }
    }
    let mut found = Converted::default();
    let others = |kinds: &BTreeSet<&str>, uid: &str| {
        let mut other = by_uid.iter().filter(|(own, _)| **own != uid);
        other.any(|(_, parts)| parts.keys().any(|(kind, _)| kinds.contains(kind)))
    };
    for (uid, parts) in &by_uid {
        let kinds: BTreeSet<&str> = parts.keys().map(|(kind, _)| *kind).collect();
        if kinds.len() < 2 || !is_question(parts) {
            continue;
        }
        if others(&kinds, uid) {
            found.places.extend(parts.keys().map(|(kind, key)| [(*kind).to_owned(), (*key).to_owned()]));
        } else {
            found.lists.push(kinds.into_iter().map(str::to_owned).collect());
        }
    }
    found
}

/// A side made it another kind, the other one touched it too, and not in the same way.
fn is_question(parts: &Parts<'_>) -> bool {
    let kinds = |side: usize| -> BTreeSet<&str> {
        let there = |versions: &[Option<&Below>; 3]| {
            versions.get(side).copied().flatten().is_some_and(|below| below.at.is_some())
        };
        parts.iter().filter(|(_, versions)| there(versions)).map(|((kind, _), _)| *kind).collect()
    };
    let (base, mine, theirs) = (kinds(0), kinds(1), kinds(2));
    let became = |side: &BTreeSet<&str>| !base.is_subset(side) && !side.is_subset(&base);
    let by = parts.values().map(|versions| touched(*versions)).fold(Touched::default(), Touched::and);
    let both = (by.mine || mine != base) && (by.theirs || theirs != base);
    both && mine != theirs && (became(&mine) || became(&theirs))
}
