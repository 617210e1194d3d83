//! Components inside components: events by UID and instance, alarms by content (RFC 5545 3.6; merge.md 2.6).

use super::instances::Occurrence;
use super::project::{Refusal, Versions, project};
use super::several;
use super::shown::{Below, Shown};
use super::times::date;
use super::value::set_entries;
use crate::content_line::{Component, File};
use crate::model::Format;
use std::collections::{BTreeMap, BTreeSet};

/// The instance a component stands for, as the key of its series names it.
pub(super) fn key_of(component: &Component) -> Option<String> {
    let uid = component.value("UID").map(str::trim).filter(|uid| !uid.is_empty())?;
    Some(match component.named("RECURRENCE-ID").next() {
        Some(line) => {
            let range = line.param("RANGE").map(|range| format!(" {range}")).unwrap_or_default();
            format!("{uid} {}{range}", date(&line.value, line.param("TZID")))
        }
        None => uid.to_owned(),
    })
}

/// `VTIMEZONE` follows the server; what the result needs is added when it is written.
fn is_shown(component: &Component) -> bool {
    component.name != "VTIMEZONE"
}

/// Adds the components inside to all three versions.
pub(super) fn components(versions: Versions<'_>, out: &mut [Shown; 3]) -> Result<(), Refusal> {
    let kinds: BTreeSet<&str> = versions
        .iter()
        .flatten()
        .flat_map(|component| &component.components)
        .filter(|inner| is_shown(inner))
        .map(|inner| inner.name.as_str())
        .collect();
    for kind in kinds {
        let named = [0, 1, 2].map(|side| keyed(versions, side, kind));
        let [base, mine, theirs] = named;
        add_known(kind, versions, [base?, mine?, theirs?], out)?;
        several::unnamed(kind, versions, out)?;
    }
    Ok(())
}

/// What one version has of an instance.
#[derive(Default)]
struct Instance {
    at: Option<usize>,
    excluded: bool,
    occurrence: Option<Occurrence>,
}

/// The instances of one version by key.
fn keyed(versions: Versions<'_>, side: usize, kind: &str) -> Result<BTreeMap<String, Instance>, Refusal> {
    let mut found: BTreeMap<String, Instance> = BTreeMap::new();
    let Some(outer) = versions.get(side).copied().flatten() else { return Ok(found) };
    for (at, inner) in outer.components.iter().enumerate().filter(|(_, inner)| inner.name == kind) {
        let Some(key) = key_of(inner) else { continue };
        let instance = found.entry(key).or_default();
        if instance.at.is_some() {
            let words = format!("two entries have the same UID {:?}", inner.value("UID").unwrap_or_default());
            return Err((side, inner.begin.start, words));
        }
        instance.at = Some(at);
        if let (Some(line), Some(uid)) = (inner.named("RECURRENCE-ID").next(), inner.value("UID")) {
            let date = date(&line.value, line.param("TZID"));
            instance.occurrence = Some(Occurrence { uid: uid.trim().to_owned(), date });
        }
    }
    for inner in outer.components.iter().filter(|inner| inner.name == kind) {
        let (Some(uid), None) = (inner.value("UID").map(str::trim), inner.value("RECURRENCE-ID")) else {
            continue;
        };
        for entry in inner.named("EXDATE").flat_map(|line| set_entries(line, true)) {
            let instance = found.entry(format!("{uid} {entry}")).or_default();
            instance.excluded = true;
            instance.occurrence = Some(Occurrence { uid: uid.to_owned(), date: entry });
        }
    }
    Ok(found)
}

fn inner(versions: Versions<'_>, side: usize, at: Option<usize>) -> Option<&Component> {
    versions.get(side).copied().flatten()?.components.get(at?)
}

fn add_known(
    kind: &str,
    versions: Versions<'_>,
    named: [BTreeMap<String, Instance>; 3],
    out: &mut [Shown; 3],
) -> Result<(), Refusal> {
    let keys: BTreeSet<&String> = named.iter().flat_map(BTreeMap::keys).collect();
    for key in keys {
        let instances = named.each_ref().map(|side| side.get(key));
        let places = instances.map(|instance| instance.and_then(|instance| instance.at));
        let [base, mine, theirs] = places;
        let three = [inner(versions, 0, base), inner(versions, 1, mine), inner(versions, 2, theirs)];
        let shown = project(Format::Icalendar, three)?;
        for (((shown_outer, shown), instance), at) in out.iter_mut().zip(shown).zip(instances).zip(places) {
            let Some(instance) = instance else { continue };
            shown_outer.below.push(Below {
                kind: kind.to_owned(),
                key: key.clone(),
                at,
                excluded: instance.excluded,
                occurrence: instance.occurrence.clone(),
                uncertain: false,
                shown,
            });
        }
    }
    Ok(())
}

/// Time zones that the lines of a file name.
pub(super) fn zones_named(file: &File) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    let mut stack: Vec<&Component> = file.components.iter().collect();
    while let Some(component) = stack.pop() {
        if component.name == "VTIMEZONE" {
            continue;
        }
        found.extend(component.lines.iter().filter_map(|line| line.param("TZID")));
        stack.extend(&component.components);
    }
    found
}

/// The time zones a calendar brings along.
pub(super) fn zones_defined(calendar: &Component) -> BTreeMap<&str, &Component> {
    let zones = calendar.components.iter().filter(|inner| inner.name == "VTIMEZONE");
    zones.filter_map(|zone| Some((zone.value("TZID")?.trim(), zone))).collect()
}
