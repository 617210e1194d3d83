//! The fields of contacts and calendars that a person can make a rule for: of every entry of a property that stands there
//! several times, whatever it is called in one record (merge.md M18, M40).

use super::lookup::Lookup;
use super::schema::JsonType;
use super::words::capitalised;
use record_merge::json::{Kind, NodeId};
use record_merge::{Format, Path, Token, label_of_kind, pattern_of};
use std::collections::{BTreeMap, BTreeSet};

/// Deepest field: what a reminder of an event says.
const DEEPEST: usize = 5;
/// Most fields.
const MOST: usize = 300;
/// What a card or calendar is known by, and what is not compared.
const KEPT: &[&str] =
    &["UID", "VERSION", "RECURRENCE-ID", "REV", "DTSTAMP", "LAST-MODIFIED", "CREATED", "SEQUENCE", "PRODID"];

/// Fields in the order they are met: of each its pattern, its name, and the types its values have.
#[derive(Default)]
pub(super) struct CardFields {
    order: Vec<(String, String)>,
    types: BTreeMap<String, BTreeSet<JsonType>>,
}

impl CardFields {
    /// The fields of one record.
    pub fn seen(&mut self, lookup: &Lookup) {
        self.below(lookup, lookup.root(), &mut Path(Vec::new()));
    }

    /// Each with its pattern, its name for people, and the types of its values.
    pub fn all(self) -> impl Iterator<Item = (String, String, BTreeSet<JsonType>)> {
        let Self { order, mut types } = self;
        order.into_iter().map(move |(pattern, label)| {
            let types = types.remove(&pattern).unwrap_or_default();
            (pattern, label, types)
        })
    }

    fn below(&mut self, lookup: &Lookup, id: NodeId, path: &mut Path) {
        let document = lookup.document();
        if document.kind(id) != Kind::Object || path.0.len() >= DEEPEST {
            return;
        }
        for (name, below) in document.members(id).take(MOST) {
            path.0.push(Token::Member(name.into_owned()));
            self.add(lookup.format(), path, document.kind(below));
            self.below(lookup, below, path);
            path.0.pop();
        }
    }

    fn add(&mut self, format: Format, path: &Path, kind: Kind) {
        let pattern = pattern_of(format, path);
        if !asked(&pattern) || (self.order.len() >= MOST && !self.types.contains_key(&pattern)) {
            return;
        }
        if !self.types.contains_key(&pattern) {
            self.order.push((pattern.clone(), card_label(format, &pattern)));
        }
        self.types.entry(pattern).or_default().extend(super::rule_fields::type_of(kind));
    }
}

/// There is something to say about it: an event as a whole is the record, one entry is said by what is in it, and what is
/// said about a property beside its value goes with it.
fn asked(pattern: &str) -> bool {
    let names: Vec<&str> = pattern.split('/').collect();
    let is_entry = names.last() == Some(&"*");
    let is_record = matches!(names.as_slice(), ["VEVENT" | "VTODO" | "VJOURNAL" | "VFREEBUSY" | "VCARD"]);
    let kept = names.iter().any(|name| KEPT.contains(name) || name.contains(' '));
    !is_entry && !is_record && !kept && names.last() != Some(&"group")
}

/// The name of a pattern's field in contacts or calendars: the value of an entry is told from the entry.
pub(crate) fn card_label(format: Format, pattern: &str) -> String {
    let names = || pattern.split('/').map(unescaped);
    let path = Path(names().map(Token::Member).collect());
    let mut words = label_of_kind(format, &path);
    let names: Vec<String> = names().collect();
    if let [.., property, key, value] = names.as_slice()
        && (key.as_str(), value.as_str()) == ("*", "value")
    {
        words.push(value_of(property).to_owned());
    }
    capitalised(&words.join(", "))
}

/// What the value of an entry is called, as in the form.
fn value_of(property: &str) -> &'static str {
    match property {
        "TEL" => "Number",
        "EMAIL" | "URL" | "IMPP" => "Address",
        "ADR" => "Parts",
        "ATTENDEE" => "E-mail",
        "CATEGORIES" | "NICKNAME" | "ORG" | "TITLE" | "ROLE" | "NOTE" => "Text",
        _ => "Value",
    }
}

fn unescaped(name: &str) -> String {
    // `*` stays what it is: the key of any entry.
    name.replace("~2", "*").replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(format: Format, text: &str) -> Vec<(String, String)> {
        let lookup = Lookup::new(record_merge::fields(format, text.as_bytes()).unwrap(), format);
        let mut fields = CardFields::default();
        fields.seen(&lookup);
        fields.all().map(|(pattern, label, _)| (pattern, label)).collect()
    }

    #[test]
    fn fields_are_those_of_every_record() {
        let card = "BEGIN:VCARD\nVERSION:3.0\nREV:2\nUID:1\nFN;X-A=b:Anna\nTEL;TYPE=CELL:1\nTEL:2\nitem1.ADR:;;Rua 1;;;;\n\
                    item1.X-ABLabel:Boat\nNOTE:n\nEND:VCARD\n";
        let told = |format, text| -> Vec<String> {
            fields(format, text).into_iter().map(|(pattern, label)| format!("{pattern} = {label}")).collect()
        };
        assert_eq!(
            told(Format::Vcard, card),
            [
                "FN = Name",
                "TEL = Phone",
                "TEL/*/value = Phone, Number",
                "TEL/*/type = Phone, Type",
                "ADR = Address",
                "ADR/*/value = Address, Parts",
                "ADR/*/label = Address, Label",
                "NOTE = Note",
            ]
        );
        let event = "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:a/b\nDTSTAMP:20260101T000000Z\nSUMMARY:s\n\
                     DTSTART:20260101T000000Z\nBEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT15M\nEND:VALARM\nEND:VEVENT\n\
                     END:VCALENDAR\n";
        assert_eq!(
            told(Format::Icalendar, event),
            [
                "VEVENT/*/SUMMARY = Title",
                "VEVENT/*/DTSTART = Time",
                "VEVENT/*/VALARM = Reminder",
                "VEVENT/*/VALARM/*/ACTION = Reminder, Kind",
                "VEVENT/*/VALARM/*/TRIGGER = Reminder, When",
            ]
        );
    }

    #[test]
    fn a_value_is_told_from_its_entry() {
        for (pattern, label) in [
            ("TEL/*", "Phone"),
            ("TEL/*/value", "Phone, Number"),
            ("VEVENT/*/ATTENDEE/*/value", "Guest, E-mail"),
            ("LABEL/*/value", "Label, Value"),
            ("X-A~1B/*/value", "A/b, Value"),
            ("FN", "Name"),
        ] {
            assert_eq!(card_label(Format::Icalendar, pattern), label, "{pattern}");
        }
    }
}
