//! What fits together by the letter and may still be wrong: questions, and what asks for a look.

use super::converted::converted;
use super::ended::orphans;
use super::instances::missed;
use super::preferred;
use super::shown::Shown;
use crate::model::{Choice, Group, Path, Row, RowKind, Token};
use std::collections::BTreeMap;

const REPEATED: &str =
    "It is there more than once, and both sides changed that: which of them is meant cannot be told.";
const SERIES_MOVED: &str =
    "One side moved the series, the other left days out of it: those may not be days of the series any more.";
const SERIES_ENDED: &str = "One side ended the series or made it a single event, the other changed days of it that would belong to no series any more.";
const CONVERTED: &str =
    "One side made it another kind of entry, such as a task of an event, and the other side changed it, too.";
const NO_IDENTITY: &str = "One side took the identifier (UID) away while the other changed the record: servers know a record by it, and many refuse one without.";

/// The places that are a question: entries that cannot be told apart, and two preferred ones where only one was before.
pub(super) fn questions(shown: &[Shown; 3]) -> Vec<(Path, String)> {
    let mut found = Vec::new();
    collect(shown.each_ref().map(Some), &[], &mut found);
    if lost_identity(shown) {
        found.push((vec!["UID".to_owned()], NO_IDENTITY.to_owned()));
    }
    found
        .into_iter()
        .map(|(names, why)| (Path(names.into_iter().map(Token::Member).collect()), why))
        .collect()
}

fn collect(shown: [Option<&Shown>; 3], outer: &[String], found: &mut Vec<(Vec<String>, String)>) {
    let at = |names: &[&str]| -> Vec<String> {
        outer.iter().cloned().chain(names.iter().map(|name| (*name).to_owned())).collect()
    };
    for slot in shown.iter().flatten().flat_map(|shown| &shown.slots).filter(|slot| slot.uncertain) {
        found.push((at(&[&slot.name, slot.key.as_deref().unwrap_or_default()]), REPEATED.to_owned()));
    }
    for rivals in preferred::rivals(shown) {
        let why = rivals.words();
        found.extend(rivals.keys.map(|key| (at(&[rivals.name, &key]), why.to_owned())));
    }
    let moved = missed(shown).into_iter().map(|place| (place, SERIES_MOVED));
    let ended = orphans(shown).into_iter().map(|place| (place, SERIES_ENDED));
    for (place, why) in moved.chain(ended) {
        let names: Vec<&str> = place.iter().map(String::as_str).collect();
        found.push((at(&names), why.to_owned()));
    }
    for place in converted(shown).places {
        found.push((at(&place.each_ref().map(String::as_str)), CONVERTED.to_owned()));
    }
    for below in shown.iter().flatten().flat_map(|shown| &shown.below).filter(|below| below.uncertain) {
        found.push((at(&[&below.kind, &below.key]), REPEATED.to_owned()));
    }
    for ((kind, key), shown) in inner(shown) {
        collect(shown, &at(&[kind, key]), found);
    }
}

/// A side has no identifier any more, and the other side changed something. What one side did alone is taken as it is.
fn lost_identity(shown: &[Shown; 3]) -> bool {
    let [base, mine, theirs] = shown;
    let has = |shown: &Shown| shown.has_entries("UID").is_some();
    let changed = |side: &Shown| side.in_one_order() != base.in_one_order();
    match [base, mine, theirs].map(has) {
        [true, false, true] => changed(theirs),
        [true, true, false] => changed(mine),
        _ => false,
    }
}

/// The components inside, by kind and key.
pub(super) fn inner(shown: [Option<&Shown>; 3]) -> BTreeMap<(&str, &str), [Option<&Shown>; 3]> {
    let mut inner: BTreeMap<(&str, &str), [Option<&Shown>; 3]> = BTreeMap::new();
    for (side, shown) in shown.into_iter().enumerate() {
        for below in shown.into_iter().flat_map(|shown| &shown.below) {
            if let Some(slot) = inner.entry((&below.kind, &below.key)).or_default().get_mut(side) {
                *slot = Some(&below.shown);
            }
        }
    }
    inner
}

/// Asks for a look at what fits together by the letter and may still be wrong: a series moved by one side of which the
/// other changed an instance, and a second note, title or picture where most programs show one.
pub(crate) fn look_at(rows: &mut [Row]) {
    let side =
        |row: &Row| row.automatic.filter(|_| matches!(row.kind, RowKind::MineOnly | RowKind::TheirsOnly));
    let names = |row: &Row| -> Vec<String> {
        let name = |token: &Token| match token {
            Token::Member(name) => name.clone(),
            other => format!("{other:?}"),
        };
        row.path.0.iter().map(name).collect()
    };
    let mut moved: BTreeMap<(String, String), Vec<Choice>> = BTreeMap::new();
    let mut instances: Vec<(usize, Vec<String>, Choice)> = Vec::new();
    let mut added: BTreeMap<String, Vec<(usize, Choice)>> = BTreeMap::new();
    for (number, row) in rows.iter().enumerate() {
        let Some(own) = side(row) else { continue };
        let path = names(row);
        match path.as_slice() {
            [kind, uid, time] if matches!(time.as_str(), "DTSTART" | "DUE") => {
                moved.entry((kind.clone(), uid.clone())).or_default().push(own);
            }
            [_, key, ..] if key.contains(' ') => instances.push((number, path, own)),
            [name, _] if row.before.is_none() && is_mostly_one(name) => {
                added.entry(name.clone()).or_default().push((number, own));
            }
            _ => {}
        }
    }
    let mut found: Vec<usize> = Vec::new();
    for (number, path, own) in instances {
        let [kind, key, ..] = path.as_slice() else { continue };
        let mut of =
            key.match_indices(' ').filter_map(|(at, _)| Some((kind.clone(), key.get(..at)?.to_owned())));
        if of.any(|series| moved.get(&series).is_some_and(|by| by.iter().any(|other| *other != own))) {
            found.push(number);
        }
    }
    for entries in added.values() {
        let both =
            [Choice::Mine, Choice::Theirs].iter().all(|side| entries.iter().any(|(_, own)| own == side));
        if both {
            found.extend(entries.iter().map(|(number, _)| *number));
        }
    }
    for number in found {
        if let Some(row) = rows.get_mut(number) {
            row.please_look = true;
        }
    }
}

/// A question is a clash, whatever the row was before it became one.
pub(crate) fn name_clashes(rows: &mut [Row]) {
    for row in rows.iter_mut().filter(|row| row.group == Group::Open) {
        if matches!(row.kind, RowKind::MineOnly | RowKind::TheirsOnly) {
            row.kind =
                if row.before.is_none() { RowKind::AddedDifferently } else { RowKind::EditedDifferently };
        }
    }
}

/// Most programs show one of these.
fn is_mostly_one(name: &str) -> bool {
    matches!(name, "NOTE" | "TITLE" | "ROLE" | "ORG" | "PHOTO" | "LOGO" | "SOUND" | "TZ" | "GEO")
}
