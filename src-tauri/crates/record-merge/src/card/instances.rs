//! Instances of series: which of them may be one although they are spelled differently, and which days a moved series
//! no longer meets (RFC 5545 3.8.4.4, 3.8.5.1).

use super::shown::Below;
use super::together::{Three, Touched, start_touched};
use crate::moment::days;
use std::collections::{BTreeMap, BTreeSet};

/// The instance a component or a left-out date stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Occurrence {
    /// The UID of its series.
    pub(crate) uid: String,
    /// As [`super::times::date`] writes it.
    pub(crate) date: String,
}

/// More groups than this are one.
const GROUPS: usize = 16;
/// Minutes that clocks of two places can be apart, and that one can be from universal time.
const APART: i64 = 26 * 60;
pub(super) const FROM_UTC: i64 = 14 * 60;
pub(super) const DAY: i64 = 24 * 60;
/// No two instances are one that are farther apart than this.
const FARTHEST: i64 = DAY + FROM_UTC;
/// If more pairs than this would have to be compared, all are one group.
const PAIRS: usize = 2_000_000;

/// A date and time without its zone, in minutes, and how it is spelled: the zone, `Z`, nothing, or `date`. `None` if it
/// cannot be read.
pub(super) type Spelled<'a> = Option<(i64, &'a str)>;

pub(super) fn spelled(date: &str) -> Spelled<'_> {
    let (plain, zone) = date.split_once(' ').unwrap_or((date, ""));
    let digits = |from: usize, to: usize| plain.get(from..to)?.parse::<i64>().ok();
    let day = days(plain.get(..10)?)?;
    if plain.len() == 10 {
        return Some((day * DAY, "date"));
    }
    let minutes = day * DAY + digits(11, 13)? * 60 + digits(14, 16)?;
    Some((minutes, if plain.ends_with('Z') { "Z" } else { zone }))
}

/// Two instances of one series that have two keys and may be the same moment somewhere: spelled in two ways, or one for
/// that day alone and one for all days from it on (`RANGE`).
fn may_be_one(a: Spelled<'_>, b: Spelled<'_>) -> bool {
    let (Some((a, a_zone)), Some((b, b_zone))) = (a, b) else { return true };
    if a_zone == b_zone {
        return a == b;
    }
    let apart = (a - b).abs();
    match (a_zone, b_zone) {
        ("date", _) | (_, "date") => apart < FARTHEST,
        ("Z", _) | (_, "Z") => apart <= FROM_UTC && apart % 15 == 0,
        _ => apart <= APART && apart % 15 == 0,
    }
}

pub(super) type Kinds<'a> =
    BTreeMap<(&'a str, &'a str), BTreeMap<&'a str, (&'a str, [Option<&'a Below>; 3])>>;

/// By kind and UID, then by key: the date and what each version has.
pub(super) fn by_series(three: Three<'_>) -> Kinds<'_> {
    let mut all: Kinds<'_> = BTreeMap::new();
    for (side, shown) in three.into_iter().enumerate() {
        for below in shown.into_iter().flat_map(|shown| &shown.below) {
            let Some(of) = &below.occurrence else { continue };
            let series = all.entry((&below.kind, &of.uid)).or_default();
            let entry = series.entry(&below.key).or_insert((&of.date, [None; 3]));
            if let Some(slot) = entry.1.get_mut(side) {
                *slot = Some(below);
            }
        }
    }
    all
}

pub(super) fn touched(versions: [Option<&Below>; 3]) -> Touched {
    let seen = |below: Option<&Below>| {
        below.map(|below| (below.at.is_some(), below.excluded, below.shown.in_one_order()))
    };
    Touched::of(versions.map(seen), |a, b| a == b)
}

/// An instance that a side touched.
struct Changed<'a> {
    key: &'a str,
    date: Spelled<'a>,
    by: Touched,
    /// A side has a component for it.
    stays: bool,
}

/// Instances touched by one side that may be one that the other side touched, in groups.
fn met<'a>(changed: &[Changed<'a>]) -> Vec<BTreeSet<&'a str>> {
    // By their minute; what cannot be read stands before all others.
    let of_theirs = changed.iter().enumerate().filter(|(_, other)| other.by.theirs);
    let mut theirs: Vec<(Option<i64>, usize)> =
        of_theirs.map(|(at, other)| (other.date.map(|(minute, _)| minute), at)).collect();
    theirs.sort_unstable();
    let after = |minute: Option<i64>| theirs.partition_point(|(other, _)| *other < minute);
    let unread = after(Some(i64::MIN));
    let mut pairs = 0;
    let mut joined = Joined((0..changed.len()).collect());
    let mut meets = vec![false; changed.len()];
    for (at, own) in changed.iter().enumerate().filter(|(_, own)| own.by.mine) {
        let near = own.date.map_or(unread..theirs.len(), |(minute, _)| {
            after(Some(minute - FARTHEST))..after(Some(minute + FARTHEST + 1))
        });
        let others = theirs.get(..unread).into_iter().chain(theirs.get(near)).flatten();
        for (other_at, other) in others.filter_map(|(_, at)| Some((*at, changed.get(*at)?))) {
            pairs += 1;
            // Left out on both sides, in two spellings: it is left out.
            if at != other_at && (own.stays || other.stays) && may_be_one(own.date, other.date) {
                joined.join(at, other_at);
                for at in [at, other_at] {
                    meets.get_mut(at).into_iter().for_each(|meets| *meets = true);
                }
            }
        }
        if pairs > PAIRS {
            return vec![changed.iter().map(|changed| changed.key).collect()];
        }
    }
    let mut groups: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
    for (at, changed) in changed.iter().enumerate().filter(|(at, _)| meets.get(*at) == Some(&true)) {
        groups.entry(joined.first(at)).or_default().insert(changed.key);
    }
    let groups: Vec<_> = groups.into_values().collect();
    if groups.len() > GROUPS { vec![groups.into_iter().flatten().collect()] } else { groups }
}

/// Which numbers belong together: each leads to another one of its group, or is the first of it.
struct Joined(Vec<usize>);

impl Joined {
    fn first(&mut self, mut at: usize) -> usize {
        while let Some(next) = self.0.get(at).copied().filter(|next| *next != at) {
            let over = self.0.get(next).copied().unwrap_or(next);
            if let Some(slot) = self.0.get_mut(at) {
                *slot = over;
            }
            at = next;
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.first(a), self.first(b));
        if let Some(slot) = self.0.get_mut(a.max(b)) {
            *slot = a.min(b);
        }
    }
}

/// Instances that one side touched and the other side touched under another key: kind and keys, one group each.
pub(super) fn same_instances(three: Three<'_>) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    for ((kind, _), instances) in by_series(three) {
        let zones: BTreeSet<_> =
            instances.values().map(|(date, _)| spelled(date).map(|(_, zone)| zone)).collect();
        let dates: BTreeSet<&str> = instances.values().map(|(date, _)| *date).collect();
        if zones.len() < 2 && dates.len() == instances.len() {
            continue;
        }
        let changed: Vec<Changed<'_>> = instances
            .iter()
            .map(|(key, (date, versions))| Changed {
                key,
                date: spelled(date),
                by: touched(*versions),
                stays: versions.iter().skip(1).flatten().any(|below| below.at.is_some()),
            })
            .filter(|changed| changed.by.any())
            .collect();
        let has_component = |key: &&str| {
            instances.get(key).is_some_and(|(_, versions)| versions.iter().flatten().any(|b| b.at.is_some()))
        };
        for group in met(&changed) {
            let (first, rest): (Vec<&str>, Vec<&str>) = group.into_iter().partition(has_component);
            let keys = first.into_iter().chain(rest).map(str::to_owned).collect();
            found.push((kind.to_owned(), keys));
        }
    }
    found
}

/// Days that one side left out of a series, or took back into it, while the other side moved the series: where
/// those are, and the time of the series.
pub(super) fn missed(three: Three<'_>) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for ((kind, uid), instances) in by_series(three) {
        let series = three.map(|shown| shown.and_then(|shown| shown.inner(kind, uid)));
        let moved = moved(series.map(|below| below.map(|below| &below.shown)));
        if !moved.any() {
            continue;
        }
        let left_out = |versions: &[Option<&Below>; 3]| {
            let is_out = versions.map(|below| below.is_some_and(|b| b.at.is_none() || b.excluded));
            Touched::of(is_out, |a, b| a == b)
        };
        let days: Vec<(&str, Touched)> = instances
            .iter()
            .map(|(key, (_, versions))| (*key, left_out(versions)))
            .filter(|(_, by)| by.any())
            .collect();
        // Days that the side that moved it left out, or took back, go with the move.
        if days.iter().any(|(_, by)| (moved.theirs && by.mine) || (moved.mine && by.theirs)) {
            found.extend(days.into_iter().map(|(key, _)| vec![kind.to_owned(), key.to_owned()]));
            let time = |name: &str| vec![kind.to_owned(), uid.to_owned(), name.to_owned()];
            found.extend(["DTSTART", "DUE"].map(time));
        }
    }
    found
}

/// Who changed the days or the hour of a series.
fn moved(series: Three<'_>) -> Touched {
    let mut all = Touched::default();
    for name in ["DTSTART", "DUE"] {
        let slots = series.map(|shown| shown.and_then(|shown| shown.slot(name, None)));
        let start = start_touched(&slots);
        let rule = Touched::of(slots.map(|slot| slot.and_then(|slot| days_of(&slot.value))), |a, b| a == b);
        all = Touched {
            mine: all.mine || start.mine || rule.mine,
            theirs: all.theirs || start.theirs || rule.theirs,
        };
    }
    all
}

/// A rule without how long it goes on.
fn days_of(time: &super::value::Value) -> Option<String> {
    Some(rule_days(time.member("RRULE")?.text()?))
}

/// The same of a rule alone.
pub(super) fn rule_days(rule: &str) -> String {
    let parts = rule.split(';').filter(|part| !part.starts_with("UNTIL=") && !part.starts_with("COUNT="));
    parts.collect::<Vec<_>>().join(";")
}
