//! The document that the form shows, made of the fields of a card.

use super::times::Moment;
use super::{Tree, address_name, repeats};
use record_merge::Format;
use record_merge::json::{Kind, NodeId, quote};

/// Types of which an entry has one for people; others (`pref`, `voice`, `internet`) stay as they are.
pub(crate) const TYPES: [&str; 8] = ["cell", "home", "work", "main", "fax", "pager", "other", "iphone"];
/// Properties that are rows of a table.
pub(super) const TABLES: [&str; 5] = ["TEL", "EMAIL", "URL", "IMPP", "ATTENDEE"];
/// Most entries of one property that a form shows.
const MOST: usize = 400;

pub(super) struct Built {
    /// The document.
    pub(super) json: String,
    /// Types and labels in it.
    pub(super) types: Vec<String>,
    /// The time zone of the event.
    pub(super) zone: Option<String>,
}

/// `None` = more than a form can show.
pub(super) fn built(tree: &Tree, format: Format) -> Option<Built> {
    let mut builder = Builder { tree, members: Vec::new(), types: Vec::new(), zone: None };
    let lists = TABLES.iter().chain(&["ADR"]).filter_map(|name| tree.entries(name));
    if lists.into_iter().any(|entries| entries.len() > MOST) {
        return None;
    }
    match format {
        Format::Vcard => builder.contact(),
        _ => builder.event(),
    }
    let json = format!("{{{}}}", builder.members.join(","));
    Some(Built { json, types: builder.types, zone: builder.zone })
}

struct Builder<'a> {
    tree: &'a Tree,
    members: Vec<String>,
    types: Vec<String>,
    zone: Option<String>,
}

impl Builder<'_> {
    fn contact(&mut self) {
        for name in ["FN", "TITLE", "ROLE", "BDAY", "ANNIVERSARY", "NOTE", "PHOTO"] {
            self.text(name);
        }
        if let Some(parts) = self.tree.at("N").filter(|id| self.tree.document.kind(*id) == Kind::Object) {
            self.put("N", self.tree.document.text(parts).to_owned());
        }
        for name in ["NICKNAME", "CATEGORIES"] {
            self.tags(name);
        }
        self.organisation();
        for name in ["TEL", "EMAIL", "URL", "IMPP"] {
            self.table(name);
        }
        self.addresses();
    }

    fn event(&mut self) {
        for name in ["SUMMARY", "LOCATION", "DESCRIPTION", "STATUS", "URL"] {
            self.text(name);
        }
        self.tags("CATEGORIES");
        self.times();
        self.table("ATTENDEE");
        if let Some(organizer) = self.tree.at("ORGANIZER").and_then(|id| self.scalar(id)) {
            self.put("ORGANIZER", quote(bare_address(&organizer)));
        }
        self.dates();
        self.reminders();
    }

    fn put(&mut self, name: &str, json: String) {
        self.members.push(format!("{}:{json}", quote(name)));
    }

    /// The text of a value, also where parameters belong to it.
    fn scalar(&self, id: NodeId) -> Option<String> {
        let document = &self.tree.document;
        let value = if document.kind(id) == Kind::Object { document.member(id, "value")? } else { id };
        self.tree.text(value)
    }

    /// A text; a property that stands there several times as a table of values.
    fn text(&mut self, name: &str) {
        let Some(id) = self.tree.at(name) else { return };
        if self.tree.entries(name).is_some() {
            return self.table(name);
        }
        if let Some(text) = self.scalar(id) {
            self.put(name, quote(&text));
        }
    }

    fn tags(&mut self, name: &str) {
        let document = &self.tree.document;
        if let Some(id) = self.tree.at(name).filter(|id| document.kind(*id) == Kind::Array) {
            self.put(name, document.text(id).to_owned());
        }
    }

    fn organisation(&mut self) {
        let document = &self.tree.document;
        let Some(id) = self.tree.at("ORG").filter(|id| document.kind(*id) == Kind::Array) else {
            return self.text("ORG");
        };
        let mut levels = document.children(id).filter_map(|id| self.tree.text(id));
        let (first, second) = (levels.next(), levels.next());
        self.members.extend(first.map(|text| format!("\"ORG\":{}", quote(&text))));
        self.members.extend(second.map(|text| format!("\"department\":{}", quote(&text))));
    }

    fn table(&mut self, name: &str) {
        let Some(entries) = self.tree.entries(name) else { return };
        let mut rows = Vec::new();
        for (_, entry) in &entries {
            let mut cells = vec![format!("\"value\":{}", quote(&self.entry_value(name, *entry)))];
            if name == "ATTENDEE" {
                for cell in ["CN", "PARTSTAT"] {
                    let text = self.tree.document.member(*entry, cell).and_then(|id| self.tree.text(id));
                    cells.extend(text.map(|text| format!("\"{cell}\":{}", quote(&text))));
                }
            } else if let Some(word) = shown_type(self.tree, *entry) {
                cells.push(format!("\"type\":{}", quote(&word)));
                self.types.push(word);
            }
            rows.push(format!("{{{}}}", cells.join(",")));
        }
        self.put(name, format!("[{}]", rows.join(",")));
    }

    fn entry_value(&self, name: &str, entry: NodeId) -> String {
        let document = &self.tree.document;
        let inner = match document.kind(entry) {
            Kind::Object => document.member(entry, "value"),
            _ => Some(entry),
        };
        let text = inner.and_then(|id| match document.kind(id) {
            Kind::Array => {
                let all: Vec<String> = document.children(id).filter_map(|id| self.tree.text(id)).collect();
                Some(all.join(", "))
            }
            _ => self.scalar(id),
        });
        let text = text.unwrap_or_default();
        if name == "ATTENDEE" { bare_address(&text).to_owned() } else { text }
    }

    fn addresses(&mut self) {
        for (number, (_, entry)) in self.tree.entries("ADR").unwrap_or_default().into_iter().enumerate() {
            let document = &self.tree.document;
            let Some(value) = document.member(entry, "value") else { continue };
            let mut cells: Vec<String> = document
                .members(value)
                .map(|(name, id)| format!("{}:{}", quote(&name), document.text(id)))
                .collect();
            if let Some(word) = shown_type(self.tree, entry) {
                cells.push(format!("\"type\":{}", quote(&word)));
                self.types.push(word);
            }
            self.put(&address_name(number), format!("{{{}}}", cells.join(",")));
        }
    }

    fn times(&mut self) {
        let Some(group) = self.tree.times().1 else { return };
        let member = |name: &str| self.tree.document.member(group, name).and_then(|id| self.tree.text(id));
        let start = member("DTSTART").and_then(|text| Moment::of(&text));
        let end = member("DTEND").and_then(|text| Moment::of(&text));
        let due = member("DUE").and_then(|text| Moment::of(&text));
        let (length, rule) = (member("DURATION"), member("RRULE"));
        let end = end.map(|end| if end.is_whole_day() { end.last_day() } else { end });
        self.zone = start.as_ref().or(due.as_ref()).or(end.as_ref()).and_then(|moment| moment.zone.clone());
        for (name, moment) in [("start", start), ("end", end), ("due", due)] {
            if let Some(moment) = moment {
                self.put(name, quote(&moment.text));
            }
        }
        if let Some(length) = length.and_then(|text| repeats::length(&text)) {
            self.put("length", quote(&length));
        }
        let repeats = match &rule {
            None => "NEVER".to_owned(),
            Some(rule) => repeats::simple(rule).map_or_else(|| repeats::in_words(rule), str::to_owned),
        };
        self.put("repeats", quote(&repeats));
    }

    /// Instances of a series that are left out, or have something of their own.
    fn dates(&mut self) {
        let [kind, key] = self.tree.prefix.as_slice() else { return };
        let document = &self.tree.document;
        let Some(all) = document.member(document.root(), kind) else { return };
        let start = format!("{key} ");
        let mut found: Vec<String> = document
            .members(all)
            .filter_map(|(name, id)| {
                let at = name.strip_prefix(&start)?;
                let shown = Moment::of(at).map_or_else(|| at.to_owned(), |moment| moment.text);
                let what = if document.kind(id) == Kind::Object { "changed" } else { "left out" };
                Some(format!("{shown} {what}"))
            })
            .collect();
        found.sort();
        if !found.is_empty() {
            let all: Vec<String> = found.iter().map(|text| quote(text)).collect();
            self.put("dates", format!("[{}]", all.join(",")));
        }
    }

    fn reminders(&mut self) {
        let Some(alarms) = self.tree.at("VALARM") else { return };
        let document = &self.tree.document;
        let words = document.members(alarms).filter_map(|(_, alarm)| {
            let trigger = document.member(alarm, "TRIGGER").and_then(|id| self.scalar(id))?;
            let trigger = trigger.split(" (").next().unwrap_or_default();
            Some(match (repeats::length(trigger), trigger.starts_with('-')) {
                (Some(length), true) => format!("{length} before"),
                (Some(length), false) => format!("{length} after"),
                (None, _) if trigger.contains('P') => "At the time itself".to_owned(),
                (None, _) => trigger.to_owned(),
            })
        });
        let all: Vec<String> = words.map(|text| quote(&text)).collect();
        if !all.is_empty() {
            self.put("reminders", format!("[{}]", all.join(",")));
        }
    }
}

/// The label of an entry, else those of its types that say something to people.
pub(super) fn shown_type(tree: &Tree, entry: NodeId) -> Option<String> {
    if let Some(label) = label(tree, entry) {
        return Some(label);
    }
    let known: Vec<String> =
        types(tree, entry).into_iter().filter(|word| TYPES.contains(&word.as_str())).collect();
    (!known.is_empty()).then(|| known.join(", "))
}

/// Apple's own labels without what is around them: `_$!<HomePage>!$_`.
pub(crate) fn bare_label(label: &str) -> &str {
    label.strip_prefix("_$!<").and_then(|label| label.strip_suffix(">!$_")).unwrap_or(label)
}

pub(super) fn label(tree: &Tree, entry: NodeId) -> Option<String> {
    tree.document.member(entry, "label").and_then(|id| tree.text(id))
}

pub(super) fn types(tree: &Tree, entry: NodeId) -> Vec<String> {
    let list = tree.document.member(entry, "type");
    list.into_iter().flat_map(|id| tree.document.children(id)).filter_map(|id| tree.text(id)).collect()
}

/// Without `mailto:`.
pub(super) fn bare_address(text: &str) -> &str {
    match text.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => text.get(7..).unwrap_or_default(),
        _ => text,
    }
}
