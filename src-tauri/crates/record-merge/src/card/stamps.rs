//! Properties that are never compared: revision times and counters, and what becomes of them (merge.md 2.6).

use super::chunks::{Chunk, Chunks};
use super::kinds::group;
use super::unproject::Place;
use crate::content_line::write::{folded, with_line_ends};
use crate::content_line::{Component, File, Line};
use std::collections::{BTreeMap, BTreeSet};

/// The later one of both is sent.
fn is_time(name: &str) -> bool {
    matches!(name, "REV" | "DTSTAMP" | "LAST-MODIFIED" | "CREATED" | "ACKNOWLEDGED" | "X-MOZ-LASTACK")
}

/// The higher one of both is sent.
fn is_counter(name: &str) -> bool {
    matches!(name, "SEQUENCE" | "X-MOZ-GENERATION")
}

/// Digits of a time, to be compared as text: `2026-03-01T10:00:00Z` and `20260301T100000Z` are one.
fn digits(value: &str) -> String {
    value.chars().filter(char::is_ascii_digit).take(14).collect()
}

pub(super) fn number(line: Option<&Line>) -> Option<u64> {
    line?.value.trim().parse().ok()
}

fn is_later(name: &str, other: &Line, own: &Line) -> bool {
    if is_time(name) {
        digits(&other.value) > digits(&own.value)
    } else {
        is_counter(name) && number(Some(other)) > number(Some(own))
    }
}

/// The bytes of such a line of the carrier.
pub(super) fn written(
    line: &Line,
    file: &File,
    other: Option<(&File, &BTreeMap<&str, &Line>)>,
    sequence: Option<u64>,
) -> Vec<u8> {
    if let (Some(sequence), "SEQUENCE") = (sequence, line.name.as_str()) {
        return folded(&format!("{}:{sequence}", line.spelled), file.line_end);
    }
    let later = other.and_then(|(other_file, first)| {
        let found = *first.get(line.name.as_str())?;
        is_later(&line.name, found, line).then_some((other_file, found))
    });
    match later {
        Some((other_file, found)) => with_line_ends(other_file.slice(&found.span), file.line_end),
        None => file.slice(&line.span).to_vec(),
    }
}

/// Times and counters that only the other version has, and a revision number where nobody had one.
pub(super) fn add(
    place: Place<'_>,
    (component, other_file): (&Component, &File),
    sequence: Option<u64>,
    file: &File,
    chunks: &mut Chunks,
) {
    let Some(carrier) = place.components.get(place.carrier).copied().flatten() else { return };
    let base = place.components.first().copied().flatten();
    for (at, line) in added(carrier, base, component) {
        // Raised below.
        if line.name == "SEQUENCE" && sequence.is_some() {
            continue;
        }
        let bytes = with_line_ends(other_file.slice(&line.span), file.line_end);
        let before = component.lines.get(..at).unwrap_or_default().iter().rev();
        let leader = |name: &str| group(&component.name, name).map(str::to_owned);
        let after = before.into_iter().find_map(|line| {
            chunks.last_named(&line.name).or_else(|| chunks.last_named(&leader(&line.name)?))
        });
        let chunk = Chunk { field: Some((line.name.clone(), None)), kind: None, bytes };
        chunks.insert_after(after, chunk);
    }
    if let (Some(sequence), None) = (sequence, carrier.value("SEQUENCE")) {
        let bytes = folded(&format!("SEQUENCE:{sequence}"), file.line_end);
        chunks.push(Chunk { field: Some(("SEQUENCE".to_owned(), None)), kind: None, bytes });
    }
}

/// Such lines that only the other version has, each with its position: times that were not there before, and counters,
/// of which the higher one counts (a number that is missing is the lowest).
fn added<'a>(
    carrier: &Component,
    base: Option<&Component>,
    other: &'a Component,
) -> impl Iterator<Item = (usize, &'a Line)> {
    let (carrier, base) = (carrier.first_of_each(), base.map(Component::first_of_each).unwrap_or_default());
    let names: BTreeSet<&str> = other
        .first_of_each()
        .into_keys()
        .filter(|name| !carrier.contains_key(name))
        .filter(|name| is_counter(name) || (is_time(name) && !base.contains_key(name)))
        .collect();
    other.lines.iter().enumerate().filter(move |(_, line)| names.contains(line.name.as_str()))
}
