//! Fields of several lines: sets, and properties that are one field together.

use super::encode::{Source, Style, Wanted, Written};
use super::kinds::Shape;
use super::spell::{date_text, one_line};
use super::value::{Value, spelled_entries};
use crate::content_line::Line;
use crate::content_line::text::escape;
use crate::content_line::write::with_line_ends;
use std::collections::{BTreeMap, BTreeSet};

/// Several properties that are one field.
pub(super) fn group(wanted: &Wanted<'_>, sources: &[Source<'_>], style: &mut Style<'_>) -> Written {
    let mut out: Written = Vec::new();
    for (name, value) in wanted.value.members() {
        let same =
            sources.iter().find(|source| source.slot.value.member(name).is_some_and(|own| own.same(value)));
        let of_name = |source: &Source<'_>| -> Vec<usize> {
            let named = |at: &&usize| source.component.lines.get(**at).is_some_and(|line| line.name == *name);
            source.slot.lines.iter().filter(named).copied().collect()
        };
        let place = sources
            .iter()
            .find(|source| source.is_carrier)
            .and_then(|source| of_name(source).first().copied());
        let bytes = match same {
            Some(source) if source.is_carrier => {
                for at in of_name(source) {
                    if let Some(line) = source.component.lines.get(at) {
                        out.push((Some(at), source.file.slice(&line.span).to_vec()));
                    }
                }
                continue;
            }
            Some(source) => of_name(source)
                .into_iter()
                .filter_map(|at| source.component.lines.get(at))
                .flat_map(|line| with_line_ends(source.file.slice(&line.span), style.line_end))
                .collect(),
            None => typed_time(name, value, sources, style),
        };
        out.push((place, bytes));
    }
    out
}

/// A time or rule that a person typed.
fn typed_time(name: &str, value: &Value, sources: &[Source<'_>], style: &Style<'_>) -> Vec<u8> {
    let fits = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let Some(text) = value.text().filter(|_| fits) else { return Vec::new() };
    let text = text.split(" (").next().unwrap_or_default();
    let known: Vec<&str> = sources
        .iter()
        .flat_map(Source::lines)
        .filter(|line| line.name == name)
        .map(|l| l.value.as_str())
        .collect();
    let is_date = matches!(name, "DTSTART" | "DTEND" | "DUE" | "COMPLETED");
    let (value, pieces) = if is_date { date_text(text, &known, style) } else { (one_line(text), Vec::new()) };
    let pieces: String = pieces.iter().map(|piece| format!(";{piece}")).collect();
    style.write(&format!("{name}{pieces}:{value}"))
}

/// All lines of a set.
pub(super) fn set(wanted: &Wanted<'_>, sources: &[Source<'_>], style: &mut Style<'_>) -> Written {
    let entries: Vec<String> = match wanted.value {
        Value::List(entries) => entries.clone(),
        Value::Text(text) if !text.is_empty() => vec![text.clone()],
        _ => Vec::new(),
    };
    set_lines(wanted.name, &entries, wanted.shape == Shape::Dates, sources, style)
}

/// A line of the carrier with the entries that stay.
struct Kept<'a> {
    at: usize,
    line: &'a Line,
    stays: Vec<String>,
    /// As it was.
    whole: bool,
}

/// The parameters of a line as they stand there.
fn raw_params(line: &Line) -> String {
    line.params.iter().map(|param| format!(";{}", param.raw)).collect()
}

/// The lines of a set with these entries. Lines of the carrier lose what is gone; what is new goes to the last line
/// with the same parameters.
pub(super) fn set_lines(
    name: &str,
    entries: &[String],
    dates: bool,
    sources: &[Source<'_>],
    style: &mut Style<'_>,
) -> Written {
    let mut missing: BTreeSet<&str> = entries.iter().map(String::as_str).collect();
    let carrier = sources.iter().find(|source| source.is_carrier);
    let mut kept = carrier.map(|carrier| kept(carrier, &mut missing, dates)).unwrap_or_default();
    // A day is not put beside a single one: the line of that one would look as if it had been changed.
    let homes = kept.iter().enumerate().filter(|(_, kept)| !dates || kept.stays.len() > 1);
    let homes: BTreeMap<String, usize> =
        homes.map(|(number, kept)| (raw_params(kept.line).to_ascii_lowercase(), number)).collect();
    let mut spelled: BTreeMap<String, (&str, &Line)> = BTreeMap::new();
    for line in sources.iter().flat_map(Source::lines).take_while(|_| !missing.is_empty()) {
        for (raw, entry) in spelled_entries(line, dates) {
            spelled.entry(entry).or_insert((raw, line));
        }
    }
    let mut added: Vec<Vec<u8>> = Vec::new();
    for entry in entries.iter().filter(|entry| missing.contains(entry.as_str())) {
        let (raw, pieces) = match spelled.get(entry) {
            Some((raw, line)) => ((*raw).to_owned(), raw_params(line)),
            None if dates => {
                let (raw, pieces) = date_text(entry, &[], style);
                (raw, pieces.iter().map(|piece| format!(";{piece}")).collect())
            }
            None => (escape(entry), String::new()),
        };
        match homes.get(&pieces.to_ascii_lowercase()).and_then(|number| kept.get_mut(*number)) {
            Some(home) => {
                home.stays.push(raw);
                home.whole = false;
            }
            None => added.push(style.write(&format!("{name}{pieces}:{raw}"))),
        }
    }
    let rewritten = |kept: Kept<'_>| {
        let bytes = match carrier {
            Some(carrier) if kept.whole => carrier.file.slice(&kept.line.span).to_vec(),
            _ => {
                let line = kept.line;
                let group = line.group.as_ref().map(|group| format!("{group}.")).unwrap_or_default();
                let (pieces, entries) = (raw_params(line), kept.stays.join(","));
                style.write(&format!("{group}{}{pieces}:{entries}", line.spelled))
            }
        };
        (Some(kept.at), bytes)
    };
    let out = kept.into_iter().map(rewritten);
    out.chain(added.into_iter().map(|bytes| (None, bytes))).collect()
}

/// The lines of the carrier with what is kept of each; that is not `missing` any more.
fn kept<'a>(carrier: &Source<'a>, missing: &mut BTreeSet<&str>, dates: bool) -> Vec<Kept<'a>> {
    let mut kept = Vec::new();
    for at in &carrier.slot.lines {
        let Some(line) = carrier.component.lines.get(*at) else { continue };
        let parts = spelled_entries(line, dates);
        let stays: Vec<String> = parts
            .iter()
            .filter(|(_, entry)| entry.is_empty() || missing.remove(entry.as_str()))
            .map(|(raw, _)| (*raw).to_owned())
            .collect();
        let whole = stays.len() == parts.len();
        if whole || !stays.iter().all(|part| part.trim().is_empty()) {
            kept.push(Kept { at: *at, line, stays, whole });
        }
    }
    kept
}
