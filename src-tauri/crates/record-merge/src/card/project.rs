//! A component as fields: three versions at once, so that an entry has the same path in all of them.

use super::identity::{PidSources, class, clip, norm};
use super::kinds::{Many, Shape, group, is_stamp, property};
use super::pair::{Candidate, Paired, Same, pair};
use super::shown::{Below, Shown, Slot};
use super::value::{Json, Value, params, shown};
use crate::content_line::text::unescape;
use crate::content_line::{Component, Line};
use crate::model::Format;
use std::collections::{BTreeMap, BTreeSet};

type Versions<'a> = [Option<&'a Component>; 3];

const MANY_PARAMETERS: usize = 256;

/// The lines of one version that are not part of another line's entry.
struct Mains {
    /// By property name, in order.
    named: BTreeMap<String, Vec<usize>>,
    /// Lines that belong to a main one.
    satellites: BTreeMap<usize, Vec<usize>>,
    /// Groups of several properties about which something is said together.
    shared: BTreeSet<String>,
    sources: PidSources,
}

/// Apple's properties about another property of the same group.
pub(super) fn is_about_another(name: &str) -> bool {
    matches!(
        name,
        "X-ABLABEL" | "X-ABADR" | "X-ABORDER" | "X-APPLE-SUBLOCALITY" | "X-APPLE-SUBADMINISTRATIVEAREA"
    )
}

/// What is said about each property of a group, by their lines: about the only one, or about the one it stands behind if
/// every one has something behind it (a group name that was given twice). `None` = about all of them together.
fn about_each(main: &[usize], about: &[usize]) -> Option<BTreeMap<usize, Vec<usize>>> {
    if let ([only], false) = (main, about.is_empty()) {
        return Some(BTreeMap::from([(*only, about.to_vec())]));
    }
    let mut each: BTreeMap<usize, Vec<usize>> = main.iter().map(|at| (*at, Vec::new())).collect();
    for at in about {
        let (_, own) = each.range_mut(..at).next_back()?;
        own.push(*at);
    }
    (!each.is_empty() && each.values().all(|own| !own.is_empty())).then_some(each)
}

impl Mains {
    fn of(format: Format, component: Option<&Component>) -> Mains {
        let sources = PidSources::of(component);
        let mut mains =
            Mains { named: BTreeMap::new(), satellites: BTreeMap::new(), shared: BTreeSet::new(), sources };
        let Some(component) = component else { return mains };
        let mut groups: BTreeMap<&str, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for (at, line) in component.lines.iter().enumerate() {
            if let (Format::Vcard, Some(group)) = (format, line.group.as_deref()) {
                let (main, about) = groups.entry(group).or_default();
                if is_about_another(&line.name) { about.push(at) } else { main.push(at) }
            }
        }
        let mut attached = BTreeSet::new();
        for (group, (main, about)) in &groups {
            if let Some(each) = about_each(main, about) {
                attached.extend(about.iter().copied());
                mains.satellites.extend(each);
            } else if !about.is_empty() && main.len() + about.len() > 1 {
                mains.shared.insert((*group).to_owned());
            }
        }
        for (at, line) in component.lines.iter().enumerate() {
            if !attached.contains(&at) && !is_stamp(format, &line.name) {
                mains.named.entry(line.name.clone()).or_default().push(at);
            }
        }
        mains
    }

    fn lines(&self, name: &str) -> &[usize] {
        self.named.get(name).map_or(&[], Vec::as_slice)
    }

    fn with_satellites(&self, at: usize) -> Vec<usize> {
        let more = self.satellites.get(&at).cloned().unwrap_or_default();
        std::iter::once(at).chain(more).collect()
    }
}

/// One component in three versions.
pub(crate) fn project(format: Format, versions: Versions<'_>) -> Result<[Shown; 3], (usize, usize, String)> {
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

/// Several cards in one file, each known by its UID, else by its name.
pub(crate) fn project_cards(versions: Versions<'_>) -> Result<[Shown; 3], (usize, usize, String)> {
    let cards = versions.map(|root| root.map(|root| root.components.as_slice()).unwrap_or_default());
    let candidate = |card: &Component| -> Result<Candidate, (usize, usize, String)> {
        let [shown, _, _] = project(Format::Vcard, [Some(card), None, None])?;
        let uid = card.value("UID").map(str::trim).filter(|uid| !uid.is_empty());
        let words = uid.or_else(|| card.value("FN").map(str::trim)).unwrap_or("card");
        // Another UID is another card: nothing else makes two of them the same.
        let class = words.to_owned();
        Ok(Candidate { norm: clip(words), exact: shown.in_one_order(), class, ..Candidate::default() })
    };
    let mut candidates: [Vec<Candidate>; 3] = Default::default();
    for (own, list) in candidates.iter_mut().zip(cards) {
        *own = list.iter().map(candidate).collect::<Result<_, _>>()?;
    }
    let [base, mine, theirs] = &candidates;
    let mut out: [Shown; 3] = Default::default();
    for Paired { key, found, uncertain } in pair([base, mine, theirs]) {
        let [base, mine, theirs] = found;
        let [in_base, in_mine, in_theirs] = cards;
        let card = |list: &'_ [Component], at: Option<usize>| at.and_then(|at| list.get(at)).cloned();
        let three = [card(in_base, base), card(in_mine, mine), card(in_theirs, theirs)];
        let shown = project(Format::Vcard, three.each_ref().map(Option::as_ref))?;
        for ((outer, shown), at) in out.iter_mut().zip(shown).zip(found) {
            if at.is_some() {
                let kind = "VCARD".to_owned();
                outer.below.push(Below {
                    kind,
                    key: key.clone(),
                    at,
                    excluded: false,
                    occurrence: None,
                    uncertain,
                    shown,
                });
            }
        }
    }
    for shown in &mut out {
        shown.below.sort_by_key(|below| below.at);
        shown.number();
    }
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

/// The value with an empty set of types, where it had some before and lost all of them.
fn with_types(value: &Value, typed: bool) -> Value {
    let mut value = value.clone();
    if let Value::Fields(members) = &mut value
        && typed
        && !members.iter().any(|(name, _)| name == "type")
    {
        members.push(("type".to_owned(), Value::List(Vec::new())));
    }
    value
}

/// Lines, what they show, and what they are known by.
type Entry = (Vec<usize>, Value, Candidate);

struct Projector<'a> {
    format: Format,
    kind: &'a str,
    name: &'a str,
    versions: Versions<'a>,
    mains: &'a [Mains; 3],
}

impl Projector<'_> {
    fn line(&self, side: usize, at: usize) -> Option<&Line> {
        self.versions.get(side).copied().flatten()?.lines.get(at)
    }

    fn lines(&self, side: usize) -> &[usize] {
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

    fn entries(&self, shape: Shape, out: &mut [Shown; 3]) {
        let entries = [0, 1, 2].map(|side| -> Vec<Entry> {
            self.lines(side)
                .iter()
                .filter_map(|at| {
                    let mains = self.mains.get(side)?;
                    let lines = mains.with_satellites(*at);
                    let line = self.line(side, *at)?;
                    let value = self.entry(side, &lines, shape)?;
                    let candidate = self.candidate(line, &value, shape, &mains.sources);
                    Some((lines, value, candidate))
                })
                .collect()
        });
        let candidates =
            entries.each_ref().map(|list| list.iter().map(|(_, _, c)| c.clone()).collect::<Vec<_>>());
        let [base, mine, theirs] = &candidates;
        for Paired { key, found, uncertain } in pair([base, mine, theirs]) {
            let [in_base, _, _] = &entries;
            let before = found.first().copied().flatten().and_then(|at| in_base.get(at));
            let typed = before.is_some_and(|(_, value, _)| value.member("type").is_some());
            let spelling = (!uncertain).then(|| self.same_but_for_spelling(&entries, found, shape)).flatten();
            for (side, ((shown, list), at)) in out.iter_mut().zip(&entries).zip(found).enumerate() {
                let Some((lines, value, _)) = at.and_then(|at| list.get(at)) else { continue };
                let value = spelling.as_ref().filter(|_| side == 1).unwrap_or(value);
                let value = with_types(value, side > 0 && typed);
                shown.slots.push(Slot {
                    name: self.name.to_owned(),
                    key: Some(key.clone()),
                    lines: lines.clone(),
                    shape,
                    grouped: false,
                    value,
                    params: Vec::new(),
                    uncertain,
                });
            }
        }
    }

    /// The person's entry with the server's value, where both set the same number or address and only spell it in two
    /// ways: that is no question.
    fn same_but_for_spelling(&self, entries: &[Vec<Entry>; 3], found: Same, shape: Shape) -> Option<Value> {
        let [base, mine, theirs] = entries;
        let [in_base, in_mine, in_theirs] = found;
        let (_, mine, mine_known) = mine.get(in_mine?)?;
        let (_, theirs, theirs_known) = theirs.get(in_theirs?)?;
        let value = |entry: &Value| entry.member("value").cloned();
        let base = in_base.and_then(|at| base.get(at)).and_then(|(_, entry, _)| value(entry));
        let (own, there) = (value(mine)?, value(theirs)?);
        let both_changed = base.as_ref() != Some(&own) && base.as_ref() != Some(&there);
        if shape != Shape::Word || own == there || !both_changed || mine_known.norm != theirs_known.norm {
            return None;
        }
        let members = mine.members().iter().map(|(name, member)| match name.as_str() {
            "value" => (name.clone(), there.clone()),
            _ => (name.clone(), member.clone()),
        });
        Some(Value::Fields(members.collect()))
    }

    /// An entry: its value, its type, its label, its other parameters.
    fn entry(&self, side: usize, lines: &[usize], shape: Shape) -> Option<Value> {
        let (main, satellites) = lines.split_first()?;
        let line = self.line(side, *main)?;
        let value = shown(shape, line);
        if shape == Shape::Opaque && satellites.is_empty() {
            return Some(value);
        }
        let mut members = vec![("value".to_owned(), value)];
        members.extend(params(shape, line));
        if !satellites.is_empty() {
            for satellite in satellites.iter().filter_map(|at| self.line(side, *at)) {
                let name =
                    if satellite.name == "X-ABLABEL" { "label".to_owned() } else { satellite.name.clone() };
                let text = Value::Text(unescape(&satellite.value));
                match members.iter_mut().find(|(own, _)| *own == name) {
                    Some((_, Value::Text(own))) => {
                        own.push('\n');
                        own.push_str(text.text().unwrap_or_default());
                    }
                    _ => members.push((name, text)),
                }
            }
        } else if let Some(group) = line.group.as_deref().filter(|group| self.is_shared(side, group)) {
            members.push(("group".to_owned(), Value::Text(group.to_owned())));
        }
        Some(Value::Fields(members))
    }

    /// Several properties have this group, and something is said about them together.
    fn is_shared(&self, side: usize, group: &str) -> bool {
        self.mains.get(side).is_some_and(|mains| mains.shared.contains(group))
    }

    fn candidate(&self, line: &Line, value: &Value, shape: Shape, sources: &PidSources) -> Candidate {
        let mut json = Json::default();
        json.value(value);
        let norm = norm(self.name, shape, value);
        let class = match self.name {
            // A person, a member: another address is another one.
            "ATTENDEE" | "MEMBER" | "CLIENTPIDMAP" => norm.clone(),
            // The parent, a subtask, a neighbour: without a word it is the parent (RFC 5545 3.2.15).
            "RELATED-TO" => value.member("RELTYPE").and_then(Value::text).unwrap_or("PARENT").to_owned(),
            _ => class(value),
        };
        Candidate {
            exact: json.finish(),
            class,
            label: value.member("label").and_then(Value::text).map(str::to_owned),
            pids: sources.pids(line),
            norm,
        }
    }
}
