//! Phones, addresses of e-mail, guests: properties that stand there several times, as rows of a table.

use super::build::{TYPES, label, shown_type, types};
use super::edits::{Desk, Edits, Refused, set, text_of};
use record_merge::json::{Document, Kind, NodeId, quote};
use record_merge::{Operation, Path};

impl Desk<'_> {
    pub(super) fn table(&self, name: &str, rest: &[&str], value: Option<&str>) -> Edits {
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
    pub(super) fn r#type(
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
        let several = || wanted.iter().flat_map(|word| word.split(", ")).map(str::to_owned);
        let own_words = several().any(|word| !TYPES.contains(&word.as_str()));
        words.extend(several().filter(|_| !own_words));
        words.sort();
        words.dedup();
        let mut out = Vec::new();
        if self.tree.document.kind(entry) != Kind::Object {
            return Err("This entry has no type. Change it in the Source tab.".to_owned());
        }
        // Words of somebody's own are a label.
        let label_json = wanted.as_deref().filter(|_| own_words).map(quote);
        let there = label(self.tree, entry).is_some();
        out.extend(self.set_or_unset(path(&["label"]), there, label_json));
        let json: Vec<String> = words.iter().map(|word| quote(word)).collect();
        let list = (!words.is_empty()).then(|| format!("[{}]", json.join(",")));
        out.extend(self.set_or_unset(path(&["type"]), !old.is_empty(), list));
        Ok(out)
    }
}
