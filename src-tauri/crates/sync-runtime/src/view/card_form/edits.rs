//! What a person changes in the form, as edits of the fields of a card.

use super::build::TABLES;
use super::times::{Moment, typed};
use super::{Tree, address_name};
use record_merge::json::{Document, Kind, NodeId, quote};
use record_merge::{Operation, Path, Token};
use sync_engine::Body;

/// Why nothing can be saved, as a sentence.
pub(super) type Refused = String;
pub(super) type Edits = Result<Option<Vec<Operation>>, Refused>;

/// Members that the form of an event can write or refuses to.
const OF_EVENT: [&str; 14] = [
    "SUMMARY",
    "LOCATION",
    "DESCRIPTION",
    "STATUS",
    "URL",
    "CATEGORIES",
    "ATTENDEE",
    "start",
    "end",
    "due",
    "repeats",
    "length",
    "dates",
    "reminders",
];

/// The edits for a value set (or removed) at a place of the form; `None` = it is no place of the form, but one of the
/// fields themselves.
///
/// # Errors
/// A value that does not fit there.
pub(crate) fn edits(body: &Body, path: &Path, value: Option<&str>) -> Edits {
    let Some(tree) = Tree::of(body) else { return Ok(None) };
    let names: Option<Vec<String>> = path
        .0
        .iter()
        .map(|token| match token {
            Token::Member(name) => Some(name.clone()),
            Token::Index(at) => Some(at.to_string()),
            Token::Identity(_) => None,
        })
        .collect();
    let Some(names) = names else { return Ok(None) };
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let Some((first, rest)) = names.split_first() else { return Ok(None) };
    let is_contact = tree.prefix.is_empty();
    let desk = Desk { tree: &tree };
    match *first {
        name if name == "ADR" || name.starts_with("ADR ") => {
            let number = (0..400).find(|number| address_name(*number) == name);
            match (number, is_contact) {
                (Some(number), true) => desk.address(number, rest, value),
                _ => Ok(None),
            }
        }
        // A property of the calendar around the event.
        name if !is_contact && !OF_EVENT.contains(&name) => Ok(None),
        "N" if is_contact => desk.parts(rest, value),
        "ORG" | "department" if is_contact && tree.entries("ORG").is_none() => {
            desk.organisation(usize::from(*first == "department"), rest, value)
        }
        "start" | "end" | "due" | "repeats" if !is_contact => desk.time(first, value).map(Some),
        "length" | "dates" | "reminders" if !is_contact => {
            Err("This cannot be changed in the form. Change it in the Source tab.".to_owned())
        }
        name if tree.entries(name).is_some() || (TABLES.contains(&name) && !is_text(&tree, name)) => {
            desk.table(name, rest, value)
        }
        name if rest.is_empty() => desk.text(name, value),
        name => desk.tag(name, rest, value),
    }
}

fn is_text(tree: &Tree, name: &str) -> bool {
    // The web page of an event stands there once.
    name == "URL" && !tree.prefix.is_empty()
}

/// Where the edits of one record are made.
pub(super) struct Desk<'a> {
    pub(super) tree: &'a Tree,
}

pub(super) fn set(path: Path, value: String) -> Operation {
    Operation::Set { path, value }
}

impl Desk<'_> {
    pub(super) fn set_or_unset(&self, path: Path, there: bool, value: Option<String>) -> Vec<Operation> {
        match value {
            Some(value) => vec![set(path, value)],
            None if there => vec![Operation::Unset { path }],
            None => Vec::new(),
        }
    }

    /// A text alone; an empty one goes with its line.
    fn text(&self, name: &str, value: Option<&str>) -> Edits {
        let document = &self.tree.document;
        let there = self.tree.at(name);
        let is_list = there.is_some_and(|id| document.kind(id) == Kind::Array);
        let value = value.filter(|json| *json != "\"\"" || name == "FN");
        let with_params = there.filter(|id| document.kind(*id) == Kind::Object);
        let names = [name, "value"];
        let used = if with_params.is_some() && value.is_some() {
            names.as_slice()
        } else {
            names.get(..1).unwrap_or_default()
        };
        let path = self.tree.path(used.iter().copied());
        let value = value.filter(|json| !(is_list && *json == "[]"));
        Ok(Some(self.set_or_unset(path, there.is_some(), value.map(str::to_owned))))
    }

    /// One of the short texts of a list; the last one goes with its line.
    fn tag(&self, name: &str, rest: &[&str], value: Option<&str>) -> Edits {
        let document = &self.tree.document;
        let Some(list) = self.tree.at(name).filter(|id| document.kind(*id) == Kind::Array) else {
            return Ok(None);
        };
        if value.is_none() && rest.len() == 1 && document.children(list).count() == 1 {
            return Ok(Some(vec![Operation::Unset { path: self.tree.path([name]) }]));
        }
        let path = self.tree.path(std::iter::once(name).chain(rest.iter().copied()));
        Ok(Some(self.set_or_unset(path, true, value.map(str::to_owned))))
    }

    fn parts(&self, rest: &[&str], value: Option<&str>) -> Edits {
        let there = self.tree.at("N");
        let value = value.filter(|json| *json != "\"\"");
        let document = &self.tree.document;
        Ok(Some(match (rest, there) {
            ([], _) => {
                let empty = value == Some("{}") && there.is_none();
                if empty {
                    Vec::new()
                } else {
                    self.set_or_unset(self.tree.path(["N"]), there.is_some(), value.map(str::to_owned))
                }
            }
            ([part], Some(id)) => {
                let known = document.member(id, part).is_some();
                self.set_or_unset(self.tree.path(["N", part]), known, value.map(str::to_owned))
            }
            ([part], None) => {
                let made =
                    value.map(|value| set(self.tree.path(["N"]), format!("{{{}:{value}}}", quote(part))));
                made.into_iter().collect()
            }
            _ => return Ok(None),
        }))
    }

    fn organisation(&self, level: usize, rest: &[&str], value: Option<&str>) -> Edits {
        if !rest.is_empty() {
            return Ok(None);
        }
        let document = &self.tree.document;
        let list = self.tree.at("ORG").into_iter().flat_map(|id| document.children(id));
        let mut levels: Vec<String> = list.map(|id| document.text(id).to_owned()).collect();
        let there = !levels.is_empty();
        if levels.len() <= level {
            levels.resize(level + 1, "\"\"".to_owned());
        }
        if let Some(slot) = levels.get_mut(level) {
            *slot = value.unwrap_or("\"\"").to_owned();
        }
        while levels.last().is_some_and(|last| last == "\"\"") {
            levels.pop();
        }
        let value = (!levels.is_empty()).then(|| format!("[{}]", levels.join(",")));
        Ok(Some(self.set_or_unset(self.tree.path(["ORG"]), there, value)))
    }

    fn address(&self, number: usize, rest: &[&str], value: Option<&str>) -> Edits {
        let entries = self.tree.entries("ADR");
        let there = entries.is_some();
        let entries = entries.unwrap_or_default();
        let value = value.filter(|json| *json != "\"\"");
        let found = entries.get(number);
        // Raw places of the tree begin with the key of an entry.
        if let [key, ..] = rest
            && entries.iter().any(|(own, _)| own == key)
        {
            return Ok(None);
        }
        let path = |key: &str, inside: &[&str]| {
            self.tree.path(["ADR", key].into_iter().chain(inside.iter().copied()))
        };
        let gone = |key: &str| {
            let path = if entries.len() == 1 { self.tree.path(["ADR"]) } else { path(key, &[]) };
            vec![Operation::Unset { path }]
        };
        Ok(Some(match (rest, found, value) {
            ([], Some((key, _)), None) => gone(key),
            // Made when something stands in it.
            ([], None, _) => Vec::new(),
            ([], Some(_), Some(_)) => return Err("Change the parts of the address one by one.".to_owned()),
            (["type"], Some((key, entry)), value) => {
                self.r#type(*entry, &|inside| path(key, inside), value)?
            }
            ([part], Some((key, entry)), value) => {
                let document = &self.tree.document;
                let parts = document.member(*entry, "value");
                let known = parts.and_then(|id| document.member(id, part)).is_some();
                let others =
                    parts.map_or(0, |id| document.members(id).filter(|(name, _)| name != part).count());
                match value {
                    // Nothing is left of it.
                    None if others == 0 => gone(key),
                    value => self.set_or_unset(path(key, &["value", part]), known, value.map(str::to_owned)),
                }
            }
            ([part], None, Some(value)) => {
                let inner = if *part == "type" {
                    format!("{{\"value\":{{}},\"type\":[{value}]}}")
                } else {
                    format!("{{\"value\":{{{}:{value}}}}}", quote(part))
                };
                let key = format!("new {number}");
                vec![if there {
                    set(path(&key, &[]), inner)
                } else {
                    set(self.tree.path(["ADR"]), format!("{{{}:{inner}}}", quote(&key)))
                }]
            }
            ([_], None, None) => Vec::new(),
            _ => return Ok(None),
        }))
    }

    fn time(&self, field: &str, value: Option<&str>) -> Result<Vec<Operation>, Refused> {
        let (group, there) = self.tree.times();
        let document = &self.tree.document;
        let name = match field {
            "start" => "DTSTART",
            "end" => "DTEND",
            "due" => "DUE",
            _ => "RRULE",
        };
        let known = there.and_then(|id| document.member(id, name));
        let text = match value {
            Some(json) => {
                Some(text_of(json).ok_or("This must be a text.")?).filter(|text| !text.trim().is_empty())
            }
            None => None,
        };
        let value = match (field, text) {
            ("repeats", Some(text)) if text == "NEVER" => None,
            ("repeats", Some(text)) => {
                let offered = super::repeats::SIMPLE.iter().any(|(word, _)| *word == text);
                if !offered {
                    return Err("Choose how often it repeats.".to_owned());
                }
                Some(format!("FREQ={text}"))
            }
            (_, Some(text)) => Some(self.moment(&text, known, field == "end")?),
            (_, None) => None,
        };
        if value.is_none() && field == "start" && known.is_some() {
            return Err("An event needs its start.".to_owned());
        }
        let value = value.map(|text| quote(&text));
        Ok(match (there, value) {
            (None, Some(value)) => vec![set(self.tree.path([group]), format!("{{{}:{value}}}", quote(name)))],
            (_, value) => self.set_or_unset(self.tree.path([group, name]), known.is_some(), value),
        })
    }

    /// A typed time in the zone of the event.
    fn moment(&self, text: &str, known: Option<NodeId>, is_end: bool) -> Result<String, Refused> {
        let document = &self.tree.document;
        let of = |id: NodeId| self.tree.text(id).and_then(|text| Moment::of(&text));
        let group = self.tree.times().1;
        let any = ["DTSTART", "DUE", "DTEND"].iter().find_map(|name| of(document.member(group?, name)?));
        let like = known.and_then(of).or(any);
        let whole_day = like.as_ref().map_or_else(|| text.trim().len() == 10, Moment::is_whole_day);
        let zone = like.and_then(|moment| moment.zone);
        typed(text, zone.as_deref(), whole_day, is_end).ok_or_else(|| {
            let example = if whole_day { "2026-12-01" } else { "2026-12-01 10:30" };
            format!("This is no date the event can have. Write it like {example}.")
        })
    }
}

pub(super) fn text_of(json: &str) -> Option<String> {
    let document = Document::parse(json.as_bytes()).ok()?;
    document.string(document.root()).map(std::borrow::Cow::into_owned)
}
