//! What a person changes in the form, as edits of the fields of a card.

use super::build::{TABLES, TYPES, label, shown_type, types};
use super::times::{Moment, typed};
use super::{Tree, address_name};
use record_merge::json::{Document, Kind, NodeId, quote};
use record_merge::{Operation, Path, Token};
use sync_engine::Body;

/// Why nothing can be saved, as a sentence.
type Refused = String;
type Edits = Result<Option<Vec<Operation>>, Refused>;

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

struct Desk<'a> {
    tree: &'a Tree,
}

fn set(path: Path, value: String) -> Operation {
    Operation::Set { path, value }
}

impl Desk<'_> {
    fn set_or_unset(&self, path: Path, there: bool, value: Option<String>) -> Vec<Operation> {
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

    fn table(&self, name: &str, rest: &[&str], value: Option<&str>) -> Edits {
        let entries = self.tree.entries(name);
        let there = entries.is_some();
        let entries = entries.unwrap_or_default();
        let Some((number, rest)) = rest.split_first() else {
            return self.whole_table(name, &entries, there, value).map(Some);
        };
        let Ok(number) = number.parse::<usize>() else { return Ok(None) };
        let Some((key, entry)) = entries.get(number) else {
            // Not a row: a key of the tree itself, or a new row at the end.
            let is_new = number == entries.len() && rest.is_empty();
            return match value.filter(|_| is_new) {
                Some(value) => self.new_row(name, &entries, there, value).map(Some),
                None => Ok(None),
            };
        };
        let path =
            |inside: &[&str]| self.tree.path([name, key.as_str()].into_iter().chain(inside.iter().copied()));
        match (rest, value) {
            ([], None) if entries.len() == 1 => {
                Ok(Some(vec![Operation::Unset { path: self.tree.path([name]) }]))
            }
            ([], None) => Ok(Some(vec![Operation::Unset { path: path(&[]) }])),
            ([], Some(value)) => Ok(Some(vec![set(path(&[]), self.row(name, value)?)])),
            (["value"], value) => {
                let value = self.cell(name, value.unwrap_or("\"\""))?;
                Ok(Some(vec![set(path(self.inside(*entry)), value)]))
            }
            (["type"], value) => self.r#type(*entry, &path, value).map(Some),
            (["CN"], value) if name == "ATTENDEE" => {
                let known = self.tree.document.member(*entry, "CN").is_some();
                let value = value.filter(|json| *json != "\"\"").map(str::to_owned);
                Ok(Some(self.set_or_unset(path(&["CN"]), known, value)))
            }
            _ => Ok(None),
        }
    }

    /// Where the value of an entry is.
    fn inside(&self, entry: NodeId) -> &'static [&'static str] {
        let document = &self.tree.document;
        if document.kind(entry) != Kind::Object {
            return &[];
        }
        match document.member(entry, "value").filter(|id| document.kind(*id) == Kind::Object) {
            Some(value) if document.member(value, "value").is_some() => &["value", "value"],
            _ => &["value"],
        }
    }

    /// The value of a cell as the tree has it.
    fn cell(&self, name: &str, json: &str) -> Result<String, Refused> {
        let text = text_of(json).ok_or("This must be a text.")?;
        let is_address = name == "ATTENDEE" && text.contains('@') && !text.contains(':');
        Ok(if is_address { quote(&format!("mailto:{}", text.trim())) } else { json.to_owned() })
    }

    fn new_row(
        &self,
        name: &str,
        entries: &[(String, NodeId)],
        there: bool,
        value: &str,
    ) -> Result<Vec<Operation>, Refused> {
        let row = self.row(name, value)?;
        let fresh = (1..).map(|number| format!("new {number}"));
        let key = fresh.into_iter().find(|key| entries.iter().all(|(own, _)| own != key)).unwrap_or_default();
        Ok(vec![if there {
            set(self.tree.path([name, key.as_str()]), row)
        } else {
            set(self.tree.path([name]), format!("{{{}:{row}}}", quote(&key)))
        }])
    }

    /// All rows at once: each goes into the entry at its position, so that what the form does not show stays.
    fn whole_table(
        &self,
        name: &str,
        entries: &[(String, NodeId)],
        there: bool,
        value: Option<&str>,
    ) -> Result<Vec<Operation>, Refused> {
        let document =
            Document::parse(value.unwrap_or("[]").as_bytes()).map_err(|error| format!("{error}."))?;
        let rows: Vec<NodeId> = document.children(document.root()).collect();
        if rows.is_empty() {
            return Ok(self.set_or_unset(self.tree.path([name]), there, None));
        }
        if !there {
            let made = rows.iter().enumerate().map(|(at, row)| {
                Ok(format!("{}:{}", quote(&format!("new {at}")), self.row(name, document.text(*row))?))
            });
            let made = made.collect::<Result<Vec<String>, Refused>>()?;
            return Ok(vec![set(self.tree.path([name]), format!("{{{}}}", made.join(",")))]);
        }
        let mut out = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            let Some((key, entry)) = entries.get(at) else {
                let row = self.row(name, document.text(*row))?;
                out.push(set(self.tree.path([name, &format!("new {at}")]), row));
                continue;
            };
            let path = |inside: &[&str]| {
                self.tree.path([name, key.as_str()].into_iter().chain(inside.iter().copied()))
            };
            let cell = |cell: &str| document.member(*row, cell).map(|id| document.text(id));
            let value = self.cell(name, cell("value").unwrap_or("\"\""))?;
            let place = path(self.inside(*entry));
            let now = self.tree.document.at(&place).map(|id| self.tree.document.text(id));
            if now != Some(value.as_str()) {
                out.push(set(place, value));
            }
            if name != "ATTENDEE" && self.tree.document.kind(*entry) == Kind::Object {
                out.extend(self.r#type(*entry, &path, cell("type"))?);
            }
        }
        let left = entries.iter().skip(rows.len());
        out.extend(left.map(|(key, _)| Operation::Unset { path: self.tree.path([name, key.as_str()]) }));
        Ok(out)
    }

    /// A row of the form as an entry of the tree.
    fn row(&self, name: &str, json: &str) -> Result<String, Refused> {
        let document = Document::parse(json.as_bytes()).map_err(|error| format!("{error}."))?;
        let mut members = Vec::new();
        for (cell, id) in document.members(document.root()) {
            let text = document.text(id);
            match &*cell {
                "value" => members.push(format!("\"value\":{}", self.cell(name, text)?)),
                "type" => members.push(format!("\"type\":[{text}]")),
                "CN" | "PARTSTAT" if name == "ATTENDEE" => members.push(format!("{}:{text}", quote(&cell))),
                _ => {}
            }
        }
        if members.is_empty() {
            members.push("\"value\":\"\"".to_owned());
        }
        Ok(format!("{{{}}}", members.join(",")))
    }

    /// One type for people; those that say something to programs stay. A label goes when another type comes.
    fn r#type(
        &self,
        entry: NodeId,
        path: &dyn Fn(&[&str]) -> Path,
        value: Option<&str>,
    ) -> Result<Vec<Operation>, Refused> {
        let wanted = match value {
            Some(json) => Some(text_of(json).ok_or("This must be a text.")?).filter(|word| !word.is_empty()),
            None => None,
        };
        if wanted == shown_type(self.tree, entry) {
            return Ok(Vec::new());
        }
        let old = types(self.tree, entry);
        let mut words: Vec<String> =
            old.iter().filter(|word| !TYPES.contains(&word.as_str())).cloned().collect();
        let several = wanted.iter().flat_map(|word| word.split(", ")).map(str::to_owned);
        words.extend(several.filter(|word| TYPES.contains(&word.as_str())));
        words.sort();
        words.dedup();
        let mut out = Vec::new();
        if self.tree.document.kind(entry) != Kind::Object {
            return Err("This entry has no type. Change it in the Source tab.".to_owned());
        }
        if label(self.tree, entry).is_some() {
            out.push(Operation::Unset { path: path(&["label"]) });
        }
        let json: Vec<String> = words.iter().map(|word| quote(word)).collect();
        let list = (!words.is_empty()).then(|| format!("[{}]", json.join(",")));
        out.extend(self.set_or_unset(path(&["type"]), !old.is_empty(), list));
        Ok(out)
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

fn text_of(json: &str) -> Option<String> {
    let document = Document::parse(json.as_bytes()).ok()?;
    document.string(document.root()).map(std::borrow::Cow::into_owned)
}
