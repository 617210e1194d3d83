//! What must come out of a merge of entries, counted line by line and without the crate under test.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// One line: its value, its types, its other words.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    pub value: String,
    /// Words that are a set.
    pub sets: BTreeSet<String>,
    /// Words of which there is one each.
    pub words: BTreeMap<String, String>,
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.value)?;
        self.sets.iter().try_for_each(|word| write!(f, " {word}"))?;
        self.words.iter().try_for_each(|(name, word)| write!(f, " {name}={word}"))
    }
}

impl Entry {
    /// `+351911 home label=Boat`; `_` stands for a space in the value.
    pub fn of(text: &str) -> Entry {
        let mut words = text.split(' ');
        let value = words.next().unwrap().replace('_', " ");
        let mut entry = Entry { value, ..Entry::default() };
        for word in words {
            match word.split_once('=') {
                Some((name, word)) => drop(entry.words.insert(name.to_owned(), word.to_owned())),
                None => drop(entry.sets.insert(word.to_owned())),
            }
        }
        entry
    }

    fn known_as(&self) -> String {
        self.value.to_lowercase()
    }
}

/// What is said about a value, without the value.
type About = (BTreeSet<String>, BTreeMap<String, String>);

fn about(entry: &Entry) -> About {
    (entry.sets.clone(), entry.words.clone())
}

/// Both sides' changes; `None` = they clash.
fn both(base: &About, mine: &About, theirs: &About) -> Option<About> {
    let keeps = |word: &&String| {
        let (b, m, t) = (base.0.contains(*word), mine.0.contains(*word), theirs.0.contains(*word));
        if m == b { t } else { m }
    };
    let sets = base.0.iter().chain(&mine.0).chain(&theirs.0).filter(keeps).cloned().collect();
    let names: BTreeSet<&String> = base.1.keys().chain(mine.1.keys()).chain(theirs.1.keys()).collect();
    let mut words = BTreeMap::new();
    for name in names {
        let (b, m, t) = (base.1.get(name), mine.1.get(name), theirs.1.get(name));
        let word = match () {
            () if m == t || t == b => m,
            () if m == b => t,
            () => return None,
        };
        words.extend(word.map(|word| (name.clone(), word.clone())));
    }
    Some((sets, words))
}

/// Judges an answer that came without a question.
pub fn judge(three: &[Vec<Entry>; 3], result: &[Entry]) -> Result<(), String> {
    let [base, mine, theirs] = three;
    let values: BTreeSet<String> =
        base.iter().chain(mine).chain(theirs).chain(result).map(Entry::known_as).collect();
    for value in values {
        let of = |list: &[Entry]| -> Vec<Entry> {
            list.iter().filter(|entry| entry.known_as() == value).cloned().collect()
        };
        let four = [of(base), of(mine), of(theirs), of(result)];
        if four[..3].iter().any(|list| list.len() > 1) {
            by_line(&four)?;
        } else {
            by_value(&value, three, &four, result)?;
        }
    }
    preferred(three, result)
}

/// A value that stands there several times: nothing is certain but how often each line is there.
fn by_line([base, mine, theirs, result]: &[Vec<Entry>; 4]) -> Result<(), String> {
    let lines: BTreeSet<&Entry> = base.iter().chain(mine).chain(theirs).chain(result).collect();
    for line in lines {
        let count =
            |list: &[Entry]| i64::try_from(list.iter().filter(|entry| *entry == line).count()).unwrap();
        let (b, m, t, r) = (count(base), count(mine), count(theirs), count(result));
        let (by_mine, by_theirs) = (m - b, t - b);
        if by_mine != 0 && by_theirs != 0 && by_mine != by_theirs {
            return Err(format!("{line}: {by_mine} here and {by_theirs} there, and nobody was asked"));
        }
        let wanted = if by_mine == 0 { t } else { m };
        if r != wanted {
            return Err(format!("{line} is there {r} times instead of {wanted}"));
        }
    }
    Ok(())
}

/// A value that each version has once at most is the same entry everywhere.
fn by_value(
    value: &str,
    [base, mine, theirs]: &[Vec<Entry>; 3],
    [b, m, t, r]: &[Vec<Entry>; 4],
    result: &[Entry],
) -> Result<(), String> {
    let wanted = if m.len() == b.len() { t.len() } else { m.len() };
    if r.len() != wanted {
        return Err(format!("{value} is there {} times instead of {wanted}", r.len()));
    }
    let (b, m, t) = (b.first(), m.first(), t.first());
    let new_in = |list: &[Entry]| -> Vec<Entry> {
        list.iter()
            .filter(|entry| base.iter().all(|old| old.known_as() != entry.known_as()))
            .cloned()
            .collect()
    };
    // One side removed it and the other changed what is said about it: only if it lives on under another value.
    for (gone, changed, there) in [(m, t, mine), (t, m, theirs)] {
        if let (Some(old), None, Some(changed)) = (b, gone, changed)
            && about(old) != about(changed)
        {
            let lives = |new: &Entry| {
                let wanted = both(&about(old), &about(new), &about(changed));
                result.iter().any(|e| e.known_as() == new.known_as() && Some(about(e)) == wanted)
            };
            if !new_in(there).iter().any(lives) {
                return Err(format!("{value} was changed here and removed there, and nobody was asked"));
            }
        }
    }
    let Some(found) = r.first() else { return Ok(()) };
    let mut right: Vec<Option<About>> = Vec::new();
    match (b, m, t) {
        (Some(b), Some(m), Some(t)) => right.push(both(&about(b), &about(m), &about(t))),
        (None, Some(m), Some(t)) => {
            right.push(both(&About::default(), &about(m), &about(t)));
            right.extend(base.iter().map(|old| both(&about(old), &about(m), &about(t))));
        }
        (_, Some(own), None) => {
            right.push(Some(about(own)));
            right.extend(moved(base, theirs, own));
        }
        (_, None, Some(own)) => {
            right.push(Some(about(own)));
            right.extend(moved(base, mine, own));
        }
        _ => {}
    }
    if right.contains(&Some(about(found))) { Ok(()) } else { Err(format!("{found} is what nobody wrote")) }
}

/// A new value in the place of an old one takes what the other side said about that.
fn moved(base: &[Entry], other: &[Entry], own: &Entry) -> Vec<Option<About>> {
    base.iter()
        .filter_map(|old| {
            let there = other.iter().find(|entry| entry.known_as() == old.known_as())?;
            Some(both(&about(old), &about(own), &about(there)))
        })
        .collect()
}

/// Nobody had two preferred ones, so nobody gets two.
fn preferred(three: &[Vec<Entry>; 3], result: &[Entry]) -> Result<(), String> {
    let count = |list: &[Entry]| {
        let first = |entry: &&Entry| {
            entry.sets.contains("pref") || entry.words.get("PREF").is_some_and(|word| word == "1")
        };
        list.iter().filter(first).count()
    };
    if three.iter().all(|list| count(list) <= 1) && count(result) > 1 {
        return Err("two are the preferred one now, and nobody was asked".to_owned());
    }
    Ok(())
}
