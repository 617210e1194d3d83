//! Fields of several lines: sets, and properties that are one field together.

use super::encode::{Source, Style, Wanted, Written};
use super::kinds::Shape;
use super::spell::{date_text, one_line};
use super::value::{Value, set_entries};
use crate::content_line::Line;
use crate::content_line::text::{escape, split};
use crate::content_line::write::with_line_ends;
use std::collections::BTreeSet;

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

/// An entry of a set as a version spells it, with the parameters of its line.
struct Spelled<'a> {
    raw: &'a str,
    line: &'a Line,
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
    let shown_entry = |raw: &str, line: &Line| {
        let single = Line { value: raw.to_owned(), ..line.clone() };
        set_entries(&single, dates).into_iter().next()
    };
    let mut out: Written = Vec::new();
    // Carrier's lines as parts, with what is kept of each.
    let mut kept: Vec<(usize, &Line, Vec<String>, bool)> = Vec::new();
    if let Some(carrier) = sources.iter().find(|source| source.is_carrier) {
        for at in &carrier.slot.lines {
            let Some(line) = carrier.component.lines.get(*at) else { continue };
            let parts = split(&line.value, ',');
            let stays: Vec<String> = parts
                .iter()
                .filter(|part| {
                    shown_entry(part, line)
                        .is_none_or(|entry| missing.remove(entry.as_str()) || entry.is_empty())
                })
                .map(|part| (*part).to_owned())
                .collect();
            let whole = stays.len() == parts.len();
            let empty = stays.iter().all(|part| part.trim().is_empty());
            if whole || !empty {
                kept.push((*at, line, stays, whole));
            }
        }
    }
    let mut added: Vec<Vec<u8>> = Vec::new();
    for entry in entries.iter().filter(|entry| missing.contains(entry.as_str())) {
        let spelled = sources.iter().flat_map(Source::lines).find_map(|line| {
            let raw = split(&line.value, ',')
                .into_iter()
                .find(|raw| shown_entry(raw, line).as_deref() == Some(entry))?;
            Some(Spelled { raw, line })
        });
        let raw_params = |line: &Line| line.params.iter().map(|p| format!(";{}", p.raw)).collect::<String>();
        let (raw, pieces) = match &spelled {
            Some(spelled) => (spelled.raw.to_owned(), raw_params(spelled.line)),
            None if dates => {
                let (raw, pieces) = date_text(entry, &[], style);
                (raw, pieces.iter().map(|piece| format!(";{piece}")).collect())
            }
            None => (escape(entry), String::new()),
        };
        let home = kept.iter_mut().rev().find(|(_, line, stays, _)| {
            raw_params(line).eq_ignore_ascii_case(&pieces) && (!dates || stays.len() > 1)
        });
        match home {
            Some((_, _, stays, whole)) => {
                stays.push(raw);
                *whole = false;
            }
            None => added.push(style.write(&format!("{name}{pieces}:{raw}"))),
        }
    }
    for (at, line, stays, whole) in kept {
        let bytes = match (whole, sources.iter().find(|source| source.is_carrier)) {
            (true, Some(carrier)) => carrier.file.slice(&line.span).to_vec(),
            _ => {
                let pieces: String = line.params.iter().map(|p| format!(";{}", p.raw)).collect();
                let group = line.group.as_ref().map(|group| format!("{group}.")).unwrap_or_default();
                style.write(&format!("{group}{}{pieces}:{}", line.spelled, stays.join(",")))
            }
        };
        out.push((Some(at), bytes));
    }
    out.extend(added.into_iter().map(|bytes| (None, bytes)));
    out
}
