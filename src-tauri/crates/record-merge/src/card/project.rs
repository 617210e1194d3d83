//! A component as fields: three versions at once, so that an entry has the same path in all of them.

use super::kinds::{Many, Shape, group, property};
use super::mains::Mains;
use super::shown::{Shown, Slot};
use super::value::{Value, params, shown};
use crate::content_line::{Component, Line};
use crate::model::Format;
use std::collections::{BTreeMap, BTreeSet};

/// A component in the three versions.
pub(super) type Versions<'a> = [Option<&'a Component>; 3];
/// Which version, where in its lines, and words.
pub(super) type Refusal = (usize, usize, String);

const MANY_PARAMETERS: usize = 256;

/// One component in three versions.
pub(super) fn project(format: Format, versions: Versions<'_>) -> Result<[Shown; 3], Refusal> {
    let mains = versions.map(|component| Mains::of(format, component));
    let kind = versions.iter().flatten().next().map(|component| component.name.clone()).unwrap_or_default();
    let names: BTreeSet<&String> = mains.iter().flat_map(|mains| mains.named.keys()).collect();
    let mut out: [Shown; 3] = Default::default();
    for name in names {
        let projector = Projector { format, kind: &kind, name, versions, mains: &mains };
        projector.add(&mut out);
    }
    if format == Format::Icalendar {
        super::calendar::components(versions, &mut out)?;
    }
    for (shown, component) in out.iter_mut().zip(versions) {
        finish(shown, component);
    }
    empty_lists(&mut out, versions);
    Ok(out)
}

/// Groups that came by several names are one slot; slots in the order of the file.
fn finish(shown: &mut Shown, component: Option<&Component>) {
    let mut slots: Vec<Slot> = Vec::new();
    let mut grouped: BTreeMap<String, usize> = BTreeMap::new();
    for slot in std::mem::take(&mut shown.slots) {
        let known = grouped.get(&slot.name).copied().filter(|_| slot.grouped);
        match known.and_then(|at| slots.get_mut(at)) {
            Some(other) => {
                other.lines.extend(slot.lines);
                if let (Value::Whole(all), Value::Whole(more)) = (&mut other.value, slot.value) {
                    all.extend(more);
                }
            }
            None => {
                if slot.grouped {
                    grouped.insert(slot.name.clone(), slots.len());
                }
                slots.push(slot);
            }
        }
    }
    for slot in slots.iter_mut().filter(|slot| slot.grouped) {
        slot.lines.sort_unstable();
        if let Value::Whole(members) = &mut slot.value {
            members.sort_by(|a, b| a.0.cmp(&b.0));
        }
    }
    slots.sort_by_key(|slot| slot.lines.iter().min().copied());
    shown.slots = slots;
    if component.is_some() {
        shown.below.sort_by_key(|below| below.at.unwrap_or(usize::MAX));
    }
    shown.number();
}

/// Lists of the base that lost all they had on a side are empty there, not gone: what the other side did is compared
/// entry by entry.
fn empty_lists(out: &mut [Shown; 3], versions: Versions<'_>) {
    let [base, sides @ ..] = out;
    let mut lists: BTreeMap<&str, Value> = BTreeMap::new();
    for slot in &base.slots {
        match (&slot.key, slot.shape, &slot.value) {
            (Some(_), _, _) => lists.insert(&slot.name, Value::Fields(Vec::new())),
            (None, Shape::Set | Shape::Dates, Value::List(_)) => {
                lists.insert(&slot.name, Value::List(Vec::new()))
            }
            _ => None,
        };
    }
    let kinds: BTreeSet<&str> = base.below.iter().map(|below| below.kind.as_str()).collect();
    for (shown, component) in sides.iter_mut().zip(versions.into_iter().skip(1)) {
        if component.is_none() {
            continue;
        }
        let gone = lists.iter().filter(|(name, _)| shown.has_entries(name).is_none());
        let mut empty: Vec<(String, Value)> =
            gone.map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let there: BTreeSet<&str> = shown.below.iter().map(|below| below.kind.as_str()).collect();
        let gone = kinds.iter().filter(|kind| !there.contains(*kind));
        empty.extend(gone.map(|kind| ((*kind).to_owned(), Value::Fields(Vec::new()))));
        shown.empty = empty;
    }
}

/// One property of a component in three versions, while it becomes fields.
pub(super) struct Projector<'a> {
    format: Format,
    kind: &'a str,
    pub(super) name: &'a str,
    versions: Versions<'a>,
    pub(super) mains: &'a [Mains; 3],
}

impl Projector<'_> {
    pub(super) fn line(&self, side: usize, at: usize) -> Option<&Line> {
        self.versions.get(side).copied().flatten()?.lines.get(at)
    }

    pub(super) fn lines(&self, side: usize) -> &[usize] {
        self.mains.get(side).map_or(&[], |mains| mains.lines(self.name))
    }

    fn add(&self, out: &mut [Shown; 3]) {
        let mut known = property(self.format, self.name);
        if self.is_crowded() {
            known.shape = Shape::Opaque;
        }
        if self.format == Format::Icalendar && self.is_in_key() {
            return;
        }
        if let Some(leader) = group(self.kind, self.name) {
            return self.grouped(leader, out);
        }
        let has_params = |side: usize| {
            self.lines(side).iter().filter_map(|at| self.line(side, *at)).any(|line| {
                !params(known.shape, line).is_empty() || matches!(shown(known.shape, line), Value::Whole(_))
            })
        };
        if matches!(known.shape, Shape::Set | Shape::Dates) && !(0..3).any(has_params) {
            return self.set(known.shape, out);
        }
        if self.as_entries(known.shape, known.many) {
            return self.entries(known.shape, out);
        }
        for (side, shown) in out.iter_mut().enumerate() {
            if let Some(at) = self.lines(side).first() {
                shown.slots.extend(self.single(side, *at, known.shape));
            }
        }
    }

    /// A line has more parameters than anybody could look through: it is one value.
    fn is_crowded(&self) -> bool {
        let lines = |side: usize| self.lines(side).iter().filter_map(move |at| self.line(side, *at));
        (0..3).flat_map(lines).any(|line| line.params.len() > MANY_PARAMETERS)
    }

    /// Part of the key of the component, not of its fields.
    fn is_in_key(&self) -> bool {
        match self.name {
            "UID" => true,
            "RECURRENCE-ID" => self.kind != "VCALENDAR",
            "EXDATE" => matches!(self.kind, "VEVENT" | "VTODO" | "VJOURNAL"),
            _ => false,
        }
    }

    fn as_entries(&self, shape: Shape, many: Many) -> bool {
        let lines = [0, 1, 2].map(|side| self.lines(side));
        let repeated = lines.iter().any(|lines| lines.len() > 1);
        let about = (0..3).any(|side| {
            let satellites = self.mains.get(side).map(|mains| &mains.satellites);
            self.lines(side).iter().any(|at| satellites.is_some_and(|map| map.contains_key(at)))
        });
        let added_by_both = || match lines {
            [[], [mine], [theirs]] => {
                let value = |side: usize, at: usize| self.line(side, at).map(|line| shown(shape, line));
                !value(1, *mine).zip(value(2, *theirs)).is_some_and(|(mine, theirs)| mine.same(&theirs))
            }
            _ => false,
        };
        match many {
            Many::Each => true,
            Many::Once => repeated || about,
            Many::Mostly => repeated || about || added_by_both(),
        }
    }

    fn single(&self, side: usize, at: usize, shape: Shape) -> Option<Slot> {
        let line = self.line(side, at)?;
        Some(Slot {
            name: self.name.to_owned(),
            key: None,
            lines: vec![at],
            shape,
            grouped: false,
            value: shown(shape, line),
            params: params(shape, line),
            uncertain: false,
        })
    }

    fn grouped(&self, leader: &str, out: &mut [Shown; 3]) {
        for (side, shown) in out.iter_mut().enumerate() {
            let lines = self.lines(side);
            let texts: Vec<String> =
                lines.iter().filter_map(|at| self.line(side, *at)).map(|line| self.time_text(line)).collect();
            let value = match texts.as_slice() {
                [] => continue,
                [only] => Value::Text(only.clone()),
                _ => Value::List(texts),
            };
            shown.slots.push(Slot {
                name: leader.to_owned(),
                key: None,
                lines: lines.to_vec(),
                shape: Shape::Date,
                grouped: true,
                value: Value::Whole(vec![(self.name.to_owned(), value)]),
                params: Vec::new(),
                uncertain: false,
            });
        }
    }

    /// One property of a group as a text, parameters that are no part of it behind.
    fn time_text(&self, line: &Line) -> String {
        let shape = property(self.format, &line.name).shape;
        let text = match shown(shape, line) {
            Value::Text(text) => text,
            other => other.member("value").and_then(Value::text).unwrap_or_default().to_owned(),
        };
        let more: Vec<String> = params(shape, line)
            .iter()
            .map(|(name, value)| format!("{name}={}", value.text().unwrap_or_default()))
            .collect();
        if more.is_empty() { text } else { format!("{text} ({})", more.join("; ")) }
    }

    /// All lines of that name are one set.
    fn set(&self, shape: Shape, out: &mut [Shown; 3]) {
        for (side, shown) in out.iter_mut().enumerate() {
            let lines = self.lines(side);
            if lines.is_empty() {
                continue;
            }
            let dates = shape == Shape::Dates;
            let entries: BTreeSet<String> = lines
                .iter()
                .filter_map(|at| self.line(side, *at))
                .flat_map(|line| super::value::set_entries(line, dates))
                .collect();
            shown.slots.push(Slot {
                name: self.name.to_owned(),
                key: None,
                lines: lines.to_vec(),
                shape,
                grouped: false,
                value: Value::List(entries.into_iter().collect()),
                params: Vec::new(),
                uncertain: false,
            });
        }
    }
}
