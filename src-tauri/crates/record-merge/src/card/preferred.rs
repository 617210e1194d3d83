//! The preferred phone number, address or link: there is one of each, so two that were made it are one matter.

use super::doubt::inner;
use super::shown::Shown;
use super::value::Value;
use crate::apply::Operation;
use crate::json::{Document, quote};
use crate::model::{Path, Token};

/// Where each side made another entry the preferred one, and only one was before.
pub(super) struct Rivals {
    /// The property.
    pub(super) name: &'static str,
    /// Of the person's entry and of the server's.
    pub(super) keys: [String; 2],
    /// Both entries were there before: they can be one choice, and nothing is lost with the other one.
    pub(super) were_there: bool,
}

impl Rivals {
    /// Why a person is asked.
    pub(super) fn words(&self) -> &'static str {
        if self.were_there {
            "Only one can be the preferred one."
        } else {
            "Only one can be the preferred one. If both stay, it is the server's."
        }
    }
}

/// Those of one card in three versions.
pub(super) fn rivals(shown: [Option<&Shown>; 3]) -> Vec<Rivals> {
    let [Some(base), Some(mine), Some(theirs)] = shown else { return Vec::new() };
    let mut found = Vec::new();
    for name in ["TEL", "EMAIL", "ADR", "URL", "IMPP"] {
        let preferred = [base, mine, theirs].map(|shown| {
            let mut keys = shown.slots.iter().filter(|slot| slot.name == name && is_preferred(&slot.value));
            let first = keys.next().and_then(|slot| slot.key.clone());
            if keys.next().is_some() { None } else { Some(first) }
        });
        if let [Some(before), Some(Some(mine)), Some(Some(theirs))] = preferred
            && mine != theirs
            && before.as_ref() != Some(&mine)
            && before.as_ref() != Some(&theirs)
        {
            let were_there = [&mine, &theirs].iter().all(|key| base.slot(name, Some(key)).is_some());
            found.push(Rivals { name, keys: [mine, theirs], were_there });
        }
    }
    found
}

/// Where they are: the path of the person's entry, and of the server's.
pub(super) fn places(shown: &[Shown; 3]) -> Vec<[Path; 2]> {
    let mut found = Vec::new();
    let mut add = |shown: [Option<&Shown>; 3], outer: &[&str]| {
        for Rivals { name, keys, .. } in rivals(shown) {
            let path = |key: String| {
                let names = outer.iter().map(|name| (*name).to_owned()).chain([name.to_owned(), key]);
                Path(names.map(Token::Member).collect())
            };
            found.push(keys.map(path));
        }
    };
    let shown = shown.each_ref().map(Some);
    add(shown, &[]);
    // Several cards in one file.
    for ((kind, key), shown) in inner(shown) {
        add(shown, &[kind, key]);
    }
    found
}

/// The fields with one preferred entry where decisions left two: the server's stays. `None` = nothing to change.
pub(super) fn only_one(json: &[u8], places: &[[Path; 2]]) -> Option<Vec<u8>> {
    let document = Document::parse(json).ok()?;
    let entry = |path: &Path| Some(Value::of(&document, document.at(path)?)).filter(is_preferred);
    let mut less = Vec::new();
    for [mine, theirs] in places {
        let (Some(own), Some(_)) = (entry(mine), entry(theirs)) else { continue };
        if own.member("PREF").and_then(Value::text) == Some("1") {
            less.push(Operation::Unset { path: mine.child(Token::Member("PREF".to_owned())) });
        }
        if let Some(Value::List(types)) = own.member("type") {
            let types = types.iter().filter(|word| *word != "pref").map(|word| quote(word));
            let value = format!("[{}]", types.collect::<Vec<_>>().join(","));
            less.push(Operation::Set { path: mine.child(Token::Member("type".to_owned())), value });
        }
    }
    if less.is_empty() { None } else { crate::apply(json, &less).ok() }
}

fn is_preferred(entry: &Value) -> bool {
    let of_type =
        matches!(entry.member("type"), Some(Value::List(types)) if types.iter().any(|word| word == "pref"));
    of_type || entry.member("PREF").and_then(Value::text) == Some("1")
}
