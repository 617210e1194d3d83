//! Fields as lines again. What a version already says is taken from its bytes; only the rest is spelled here.

use super::kinds::{Shape, is_idle};
use super::mains::is_about_another;
use super::shown::Slot;
use super::spell::value_text;
use super::value::{Value, is_of_value, params};
use crate::content_line::text::{encode_param, escape, unescape};
use crate::content_line::write::{folded, unfolded, with_line_ends};
use crate::content_line::{Component, File, Line};
use std::collections::{BTreeMap, BTreeSet};

/// A version that has the field.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) file: &'a File,
    pub(super) component: &'a Component,
    pub(super) slot: &'a Slot,
    /// 0 base, 1 mine, 2 theirs.
    pub(super) side: usize,
    /// The version whose bytes the result is made of.
    pub(super) is_carrier: bool,
}

impl<'a> Source<'a> {
    pub(super) fn lines(&self) -> impl Iterator<Item = &'a Line> + use<'a> {
        let component = self.component;
        self.slot.lines.iter().filter_map(|at| component.lines.get(*at))
    }

    pub(super) fn main(&self) -> Option<&'a Line> {
        self.lines().next()
    }
}

/// How new lines are spelled.
pub(super) struct Style<'a> {
    pub(super) line_end: &'a str,
    /// A card of version 4, or a calendar.
    pub(super) modern: bool,
    pub(super) is_card: bool,
    /// Groups that the result already has.
    pub(super) groups: BTreeSet<String>,
    /// All numbers up to this one are taken.
    pub(super) numbered: u32,
    /// The groups of other versions, by version and name, as they are called here.
    pub(super) taken: BTreeMap<(usize, String), String>,
}

impl Style<'_> {
    /// The group for a field of another version; `None` = the one it has there. What is said there about several
    /// properties together is said about them here.
    fn group_for(&mut self, source: &Source<'_>, group: &str) -> Option<String> {
        let shared = is_about_another(&source.slot.name) || source.slot.value.member("group").is_some();
        if let Some(known) = self.taken.get(&(source.side, group.to_owned())).filter(|_| shared) {
            return Some(known.clone()).filter(|known| known != group);
        }
        let name = if !self.groups.contains(group) {
            self.groups.insert(group.to_owned());
            group.to_owned()
        } else {
            self.fresh_group()
        };
        self.taken.insert((source.side, group.to_owned()), name.clone());
        Some(name).filter(|name| name != group)
    }

    /// A group that nothing has yet.
    fn fresh_group(&mut self) -> String {
        let mut number = self.numbered.saturating_add(1);
        while self.groups.contains(&format!("item{number}")) {
            number += 1;
        }
        self.numbered = number;
        let group = format!("item{number}");
        self.groups.insert(group.clone());
        group
    }

    pub(super) fn write(&self, line: &str) -> Vec<u8> {
        folded(line, self.line_end)
    }
}

/// What a field is to be.
pub(super) struct Wanted<'a> {
    pub(super) name: &'a str,
    pub(super) key: Option<&'a str>,
    pub(super) shape: Shape,
    pub(super) value: &'a Value,
    pub(super) params: &'a [(String, Value)],
}

/// The bytes of lines, by the position of the line of the carrier they replace; `None` = new.
pub(super) type Written = Vec<(Option<usize>, Vec<u8>)>;

/// Two lists of parameters say the same.
fn same_params(a: &[(String, Value)], b: &[(String, Value)]) -> bool {
    Value::Fields(a.to_vec()).same(&Value::Fields(b.to_vec()))
}

/// The lines of a field. `sources`: the carrier first.
pub(super) fn lines(wanted: &Wanted<'_>, sources: &[Source<'_>], style: &mut Style<'_>) -> Written {
    let same = sources.iter().find(|source| {
        source.slot.value.same(wanted.value) && same_params(&source.slot.params, wanted.params)
    });
    match same {
        Some(source) if source.is_carrier => {
            let line = |at: &usize| {
                let line = source.component.lines.get(*at)?;
                Some((Some(*at), source.file.slice(&line.span).to_vec()))
            };
            return source.slot.lines.iter().filter_map(line).collect();
        }
        Some(source) if !sources.iter().any(|other| other.is_carrier) => {
            return vec![(None, taken_over(source, style))];
        }
        _ => {}
    }
    if sources.iter().any(|source| source.slot.grouped) {
        return super::sets::group(wanted, sources, style);
    }
    if matches!(wanted.shape, Shape::Set | Shape::Dates) && wanted.key.is_none() {
        return super::sets::set(wanted, sources, style);
    }
    let at =
        sources.iter().find(|source| source.is_carrier).and_then(|source| source.slot.lines.first()).copied();
    // Taken from another version as it stands, if that takes it into no other group.
    if let (Some(source), Some(carrier)) = (same, sources.iter().find(|source| source.is_carrier))
        && let ([_], Some(line), Some(old)) = (source.slot.lines.as_slice(), source.main(), carrier.main())
        && (line.group.is_none() || line.group == old.group)
    {
        return vec![(at, with_line_ends(source.file.slice(&line.span), style.line_end))];
    }
    vec![(at, line(wanted, sources, style))]
}

/// All lines of another version's field, in a group of their own.
fn taken_over(source: &Source<'_>, style: &mut Style<'_>) -> Vec<u8> {
    let renamed = source.main().and_then(|line| style.group_for(source, line.group.as_ref()?));
    let mut out = Vec::new();
    for line in source.lines() {
        let bytes = with_line_ends(source.file.slice(&line.span), style.line_end);
        match (&renamed, &line.group) {
            (Some(new), Some(old)) if bytes.get(old.len()) == Some(&b'.') => {
                out.extend_from_slice(new.as_bytes());
                out.extend_from_slice(bytes.get(old.len()..).unwrap_or_default());
            }
            _ => out.extend_from_slice(&bytes),
        }
    }
    out
}

/// One property, with what is said about it.
fn line(wanted: &Wanted<'_>, sources: &[Source<'_>], style: &mut Style<'_>) -> Vec<u8> {
    let model = sources.first().and_then(|source| source.main());
    let spelled = model.map_or(wanted.name, |line| line.spelled.as_str());
    if wanted.shape == Shape::Opaque && wanted.value.text().is_some() {
        return style.write(&opaque(spelled, wanted.value.text().unwrap_or_default()));
    }
    let (value, parameters, about) = taken_apart(wanted);
    let about: Vec<(&str, &str)> =
        about.iter().filter_map(|(name, value)| Some((*name, value.text()?))).collect();
    let group = match (model.and_then(|line| line.group.clone()), sources.first()) {
        // What was said about it is gone, and the group with it.
        (Some(_), Some(source)) if source.is_carrier && source.slot.lines.len() > 1 && about.is_empty() => {
            None
        }
        (Some(group), Some(source)) if source.is_carrier => Some(group),
        (Some(group), _) if !style.groups.contains(&group) => {
            style.groups.insert(group.clone());
            Some(group)
        }
        (None, _) if about.is_empty() => None,
        _ => Some(style.fresh_group()),
    };
    let prefix = group.map(|group| format!("{group}.")).unwrap_or_default();
    let (raw_value, coupled) = value_text(value, wanted, sources, style);
    let mut pieces = parameters_text(&parameters, wanted.shape, sources);
    pieces.extend(coupled);
    let pieces: String = pieces.iter().map(|piece| format!(";{piece}")).collect();
    let mut out = as_it_was(&format!("{prefix}{spelled}{pieces}:{raw_value}"), sources, style);
    for (name, text) in about {
        let known = sources
            .iter()
            .flat_map(Source::lines)
            .find(|line| line.name == name && unescape(&line.value) == text);
        let (spelled, value) = known.map_or_else(
            || (if name == "X-ABLABEL" { "X-ABLabel" } else { name }.to_owned(), escape(text)),
            |line| (line.spelled.clone(), line.value.clone()),
        );
        out.extend(as_it_was(&format!("{prefix}{spelled}:{value}"), sources, style));
    }
    out
}

/// A line of which the carrier has the very same keeps its folding.
fn as_it_was(line: &str, sources: &[Source<'_>], style: &Style<'_>) -> Vec<u8> {
    let carrier = sources.iter().filter(|source| source.is_carrier);
    for (source, own) in carrier.flat_map(|source| source.lines().map(move |own| (source, own))) {
        let bytes = source.file.slice(&own.span);
        if unfolded(bytes) == line.as_bytes() {
            return bytes.to_vec();
        }
    }
    style.write(line)
}

/// A line that is kept as it stands, written by a person.
fn opaque(name: &str, text: &str) -> String {
    let text = text.replace("\r\n", "\\n").replace(['\n', '\r'], "\\n");
    let quotes_fit = text.split(':').next().unwrap_or_default().matches('"').count().is_multiple_of(2);
    if text.starts_with(':') || (text.starts_with(';') && text.contains(':') && quotes_fit) {
        format!("{name}{text}")
    } else {
        format!("{name}:{text}")
    }
}

type Parameters = Vec<(String, Value)>;

/// The value, the parameters, and what other properties of the group say.
fn taken_apart<'w>(wanted: &'w Wanted<'_>) -> (&'w Value, Parameters, Vec<(&'w str, &'w Value)>) {
    if wanted.key.is_none() {
        return (wanted.value, wanted.params.to_vec(), Vec::new());
    }
    let mut value = wanted.value;
    let mut parameters = Vec::new();
    let mut about = Vec::new();
    for (name, member) in wanted.value.members() {
        match name.as_str() {
            "value" => value = member,
            "label" => about.push(("X-ABLABEL", member)),
            "group" => {}
            "type" => parameters.push((name.clone(), member.clone())),
            other if other.starts_with("X-AB") || other.starts_with("X-APPLE-SUB") => {
                about.push((other, member))
            }
            other if other.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') => {
                parameters.push((other.to_ascii_uppercase(), member.clone()));
            }
            // Nothing that could stand in a line.
            _ => {}
        }
    }
    (value, parameters, about)
}

/// The parameters that are no part of the value.
fn parameters_text(wanted: &[(String, Value)], shape: Shape, sources: &[Source<'_>]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut missing: Vec<&(String, Value)> = wanted.iter().collect();
    let lines: Vec<&Line> = sources.iter().filter_map(Source::main).collect();
    let spelled = |name: &str, value: &Value| -> Option<Vec<String>> {
        let line = lines
            .iter()
            .find(|line| params(shape, line).iter().any(|(own, other)| own == name && other.same(value)))?;
        Some(pieces(line, name))
    };
    let mut done = BTreeSet::new();
    for (line, param) in lines.first().into_iter().flat_map(|line| line.params.iter().map(move |p| (line, p)))
    {
        if is_of_value(shape, &param.name, line) || (shape == Shape::Bytes && param.name == "TYPE") {
            continue;
        }
        let name = if param.name == "TYPE" { "type" } else { param.name.as_str() };
        if param.values.iter().all(|value| is_idle(&param.name, value))
            && !wanted.iter().any(|(own, _)| own == name)
        {
            out.push(param.raw.clone());
            continue;
        }
        if !done.insert(name.to_owned()) {
            continue;
        }
        if let Some(position) = missing.iter().position(|(own, _)| own == name) {
            let (name, value) = missing.remove(position);
            let own = lines.first().filter(|_| name == "type").and_then(|line| types(line, value));
            out.extend(spelled(name, value).or(own).unwrap_or_else(|| new_param(name, value)));
        }
    }
    for (name, value) in missing {
        out.extend(spelled(name, value).unwrap_or_else(|| new_param(name, value)));
    }
    out
}

fn pieces(line: &Line, name: &str) -> Vec<String> {
    let wanted = if name == "type" { "TYPE" } else { name };
    line.params.iter().filter(|param| param.name == wanted).map(|param| param.raw.clone()).collect()
}

/// The types of a line with some gone and some new, as the line has them: in one list or each by itself.
fn types(line: &Line, wanted: &Value) -> Option<Vec<String>> {
    let Value::List(wanted) = wanted else { return None };
    let plain = |word: &str| word.trim().to_ascii_lowercase();
    let stay: BTreeSet<String> = wanted.iter().map(|word| word.to_ascii_lowercase()).collect();
    let mut there: BTreeSet<String> = BTreeSet::new();
    let mut out: Vec<String> = Vec::new();
    for param in line.params.iter().filter(|param| param.name == "TYPE") {
        let words: Vec<&str> = param.values.iter().flat_map(|value| value.split(',')).collect();
        let kept: Vec<&str> = words.iter().filter(|word| stay.contains(&plain(word))).copied().collect();
        there.extend(words.iter().map(|word| plain(word)));
        if kept.len() == words.len() {
            out.push(param.raw.clone());
        } else if !kept.is_empty() {
            let name = param.raw.split('=').next().filter(|_| param.raw.contains('=')).unwrap_or("TYPE");
            out.push(format!("{name}={}", kept.join(",")));
        }
    }
    let missing = wanted.iter().filter(|word| !there.contains(&word.to_ascii_lowercase()));
    let missing: Vec<String> = missing.map(|word| encode_param(word)).collect();
    match out.as_mut_slice() {
        _ if missing.is_empty() => {}
        [only] if only.contains('=') && !only.ends_with('"') => {
            only.push(',');
            only.push_str(&missing.join(","));
        }
        [] => out.push(format!("TYPE={}", missing.join(","))),
        _ => out.extend(missing.iter().map(|word| format!("TYPE={word}"))),
    }
    Some(out)
}

fn new_param(name: &str, value: &Value) -> Vec<String> {
    match (name, value) {
        ("type", Value::List(types)) if types.is_empty() => Vec::new(),
        ("type", Value::List(types)) => {
            let types: Vec<String> = types.iter().map(|word| encode_param(word)).collect();
            vec![format!("TYPE={}", types.join(","))]
        }
        ("type", Value::Text(text)) => vec![format!("TYPE={}", encode_param(text))],
        (name, Value::Text(text)) => vec![format!("{name}={}", encode_param(text))],
        (name, Value::List(values)) => {
            let values: Vec<String> = values.iter().map(|value| encode_param(value)).collect();
            vec![format!("{name}={}", values.join(","))]
        }
        _ => Vec::new(),
    }
}
