//! Properties that are never compared: revision times and counters, and what becomes of them (merge.md 2.6).

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

/// Such lines that only the other version has, each with its position: times that were not there before, and counters,
/// of which the higher one counts (a number that is missing is the lowest).
pub(super) fn added<'a>(
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
