//! Values as they are spelled in a line: as a version spells them, where one has them, else anew.

use super::encode::{Source, Style, Wanted};
use super::kinds::{ADDRESS_PARTS, Shape};
use super::value::{Value, is_of_value, shown};
use crate::content_line::text::{encode_param, escape, spelled_lines, split, unescape};
use std::collections::BTreeMap;

/// The value as it is spelled, and the parameters that belong to it.
pub(super) fn value_text(
    value: &Value,
    wanted: &Wanted<'_>,
    sources: &[Source<'_>],
    style: &Style<'_>,
) -> (String, Vec<String>) {
    let mains = || sources.iter().filter_map(Source::main);
    if let Some(line) = mains().find(|line| shown(wanted.shape, line).same(value)) {
        let coupled = |name: &str| {
            is_of_value(wanted.shape, name, line) || (wanted.shape == Shape::Bytes && name == "TYPE")
        };
        let pieces = line.params.iter().filter(|param| coupled(&param.name));
        return (line.value.clone(), pieces.map(|param| param.raw.clone()).collect());
    }
    let known: Vec<&str> = mains().map(|line| line.value.as_str()).collect();
    let (inner, mut coupled) = match value.member("value") {
        Some(inner) => {
            let rest = value.members().iter().filter(|(name, _)| name != "value");
            let pieces = rest.filter_map(|(name, v)| Some(format!("{name}={}", encode_param(v.text()?))));
            (inner, pieces.collect())
        }
        None => (value, Vec::new()),
    };
    let text = match (wanted.shape, inner) {
        (Shape::Text, Value::Text(text)) => long_text(text, &known),
        (Shape::Parts(names), members) => parts(members, names, &known),
        (Shape::Levels, Value::List(levels)) => joined(levels, &known, 0),
        (Shape::Set, Value::List(entries)) => {
            entries.iter().map(|entry| escape(entry)).collect::<Vec<_>>().join(",")
        }
        (Shape::Date, Value::Text(text)) if coupled.iter().any(|p| p.eq_ignore_ascii_case("VALUE=text")) => {
            escape(text)
        }
        (Shape::Date, Value::Text(text)) => {
            let (date, pieces) = date_text(text, &known, style);
            coupled.extend(pieces);
            date
        }
        (Shape::Bytes, Value::Text(text)) => {
            if style.is_card && !style.modern && coupled.is_empty() {
                coupled.push("VALUE=uri".to_owned());
            }
            one_line(text)
        }
        (_, Value::Text(text)) => one_line(text),
        (_, Value::List(list)) => list.iter().map(|entry| escape(entry)).collect::<Vec<_>>().join(","),
        (_, other) => {
            let mut json = super::value::Json::default();
            json.value(other);
            escape(&json.finish())
        }
    };
    (text, coupled)
}

pub(super) fn one_line(text: &str) -> String {
    text.replace("\r\n", "\\n").replace(['\n', '\r'], "\\n")
}

/// A text, its lines spelled as they were where a version has them.
pub(super) fn long_text(text: &str, known: &[&str]) -> String {
    let mut spelled: BTreeMap<String, &str> = BTreeMap::new();
    // How a line begins: by the line before it and itself, by itself, anyhow.
    let mut between: BTreeMap<(String, String), &str> = BTreeMap::new();
    let mut before: BTreeMap<String, &str> = BTreeMap::new();
    let mut breaks = None;
    for value in known {
        let (lines, own_breaks) = spelled_lines(value);
        breaks = breaks.or(own_breaks.first().copied());
        let plain: Vec<String> = lines.iter().map(|line| unescape(line)).collect();
        for ((pair, own_break), line) in plain.windows(2).zip(&own_breaks).zip(plain.iter().skip(1)) {
            if let [first, second] = pair {
                between.entry((first.clone(), second.clone())).or_insert(own_break);
            }
            before.entry(line.clone()).or_insert(own_break);
        }
        for (line, plain) in lines.into_iter().zip(plain) {
            spelled.entry(plain).or_insert(line);
        }
    }
    let mut out = String::new();
    let mut last: Option<String> = None;
    for line in text.split('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line).to_owned();
        if let Some(last) = last.take() {
            let own = between.get(&(last, line.clone())).or_else(|| before.get(&line)).copied();
            out.push_str(own.or(breaks).unwrap_or("\\n"));
        }
        out.push_str(&spelled.get(&line).map_or_else(|| escape(&line), |known| (*known).to_owned()));
        last = Some(line);
    }
    out
}

/// Named parts, each spelled as it was where a version has it.
fn parts(members: &Value, names: &[&str], known: &[&str]) -> String {
    let mut levels: Vec<String> = names
        .iter()
        .map(|name| members.member(name).and_then(Value::text).unwrap_or_default().to_owned())
        .collect();
    // A typed text instead of parts: the main part.
    if let Value::Text(text) = members {
        let main = if names == ADDRESS_PARTS { 2 } else { 0 };
        if let Some(slot) = levels.get_mut(main) {
            text.clone_into(slot);
        }
    }
    for (name, value) in members.members() {
        let number = name.strip_prefix("part ").and_then(|number| number.parse::<usize>().ok());
        if let (Some(number @ 1..=64), Some(text)) = (number, value.text()) {
            if levels.len() < number {
                levels.resize(number, String::new());
            }
            if let Some(slot) = levels.get_mut(number - 1) {
                text.clone_into(slot);
            }
        }
    }
    joined(&levels, known, names.len())
}

fn joined(levels: &[String], known: &[&str], at_least: usize) -> String {
    let old: Vec<Vec<&str>> = known.iter().map(|value| split(value, ';')).collect();
    let length = levels.len().max(at_least.min(1));
    let spelled = (0..length).map(|at| {
        let text = levels.get(at).map(String::as_str).unwrap_or_default();
        let same = old.iter().filter_map(|parts| parts.get(at)).find(|part| unescape(part) == text);
        same.map_or_else(|| escape(text), |part| (*part).to_owned())
    });
    spelled.collect::<Vec<_>>().join(";")
}

/// A date as the file spells dates, and the parameters it needs.
pub(super) fn date_text(text: &str, known: &[&str], style: &Style<'_>) -> (String, Vec<String>) {
    let text = one_line(text.trim());
    let (plain, zone) = match text.split_once(' ') {
        Some((plain, zone)) => (plain, Some(zone.trim())),
        None => (text.as_str(), None),
    };
    let day_length = plain.find('T').unwrap_or(plain.len());
    let (day, time) = plain.split_at(day_length);
    let shaped = day.len() == 10
        && day
            .bytes()
            .enumerate()
            .all(|(at, b)| if at == 4 || at == 7 { b == b'-' } else { b.is_ascii_digit() });
    if !shaped {
        let is_partial = plain.starts_with("--") || plain.bytes().all(|b| b.is_ascii_digit());
        let needs_type = style.is_card && style.modern && !is_partial;
        return (
            if needs_type { escape(&text) } else { text.clone() },
            needs_type.then(|| "VALUE=text".to_owned()).into_iter().collect(),
        );
    }
    let extended = match known.first() {
        Some(value) => value.contains('-') && !value.starts_with("--"),
        None => style.is_card && !style.modern,
    };
    let written = if extended { plain.to_owned() } else { plain.replace(['-', ':'], "") };
    let mut pieces = Vec::new();
    if let Some(zone) = zone {
        pieces.push(format!("TZID={}", encode_param(zone)));
    }
    if !style.is_card && time.is_empty() {
        pieces.push("VALUE=DATE".to_owned());
    }
    (written, pieces)
}
