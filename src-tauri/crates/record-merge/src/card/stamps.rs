//! Properties that are never compared: revision times and counters, and what becomes of them (merge.md 2.6).

use crate::content_line::write::{folded, with_line_ends};
use crate::content_line::{Component, File, Line};

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
    other: Option<(&File, &Component)>,
    sequence: Option<u64>,
) -> Vec<u8> {
    if let (Some(sequence), "SEQUENCE") = (sequence, line.name.as_str()) {
        return folded(&format!("{}:{sequence}", line.spelled), file.line_end);
    }
    let later = other.and_then(|(other_file, component)| {
        let found = component.named(&line.name).next()?;
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
    carrier: &'a Component,
    base: Option<&'a Component>,
    other: &'a Component,
) -> impl Iterator<Item = (usize, &'a Line)> {
    other.lines.iter().enumerate().filter(move |(_, line)| {
        let there = |component: &Component| component.named(&line.name).next().is_some();
        !there(carrier) && (is_counter(&line.name) || (is_time(&line.name) && !base.is_some_and(there)))
    })
}
