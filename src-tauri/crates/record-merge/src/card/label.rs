//! Names of fields for people.

use crate::content_line::read;
use crate::content_line::text::unescape;
use crate::model::{Format, Path, Token};

/// The names of the steps of a path into a card or calendar, outermost first: `Phone`, `+351 912 345 678`, `Type`.
/// Empty for the whole record. Steps that say nothing to a person (the UID of the only event) are left out.
pub fn label_of(format: Format, path: &Path) -> Vec<String> {
    let mut names = Vec::new();
    let mut inside_components = format == Format::Icalendar;
    let mut key_next = false;
    for token in &path.0 {
        let Token::Member(name) = token else { continue };
        if std::mem::take(&mut key_next) {
            match (inside_components, name.rsplit_once(' ')) {
                // The UID of a series is no word; the instance is.
                (true, Some((_, instance))) if instance.contains('-') || instance.contains('/') => {
                    names.push(instance_words(name));
                }
                (true, _) => {}
                (false, _) => names.push(name.clone()),
            }
            continue;
        }
        let known = member(format, name);
        let is_component = known.is_some_and(|(_, kind)| kind == Step::Component);
        inside_components = is_component;
        key_next = known.is_some_and(|(_, kind)| kind != Step::Plain);
        match known {
            Some((_, Step::Component)) if name == "VEVENT" || name == "VCARD" => {}
            Some((words, _)) => names.push(words.to_owned()),
            None => names.push(plain(name)),
        }
    }
    names
}

fn instance_words(key: &str) -> String {
    let mut words: Vec<&str> = key.split(' ').collect();
    let from = words.iter().position(|word| {
        word.len() >= 10
            && word
                .bytes()
                .take(10)
                .enumerate()
                .all(|(at, b)| if at == 4 || at == 7 { b == b'-' } else { b.is_ascii_digit() })
    });
    let words = from.map(|from| words.split_off(from)).unwrap_or_default();
    words.first().map(|date| date.replace('T', " ")).unwrap_or_else(|| key.to_owned())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Plain,
    Entries,
    Component,
}

/// What a property, a parameter or a part is called.
fn member(format: Format, name: &str) -> Option<(&'static str, Step)> {
    use Step::{Component, Entries, Plain};
    Some(match name {
        "VEVENT" => ("Event", Component),
        "VTODO" => ("Task", Component),
        "VJOURNAL" => ("Journal entry", Component),
        "VFREEBUSY" => ("Free and busy times", Component),
        "VALARM" => ("Reminder", Component),
        "VCARD" => ("Contact", Component),
        "FN" => ("Name", Plain),
        "N" => ("Name in parts", Plain),
        "TEL" => ("Phone", Entries),
        "EMAIL" => ("E-mail", Entries),
        "ADR" => ("Address", Entries),
        "URL" if format == Format::Icalendar => ("Web page", Plain),
        "URL" => ("Web page", Entries),
        "IMPP" => ("Messenger", Entries),
        "X-SOCIALPROFILE" | "SOCIALPROFILE" => ("Social profile", Entries),
        "X-ABDATE" => ("Date", Entries),
        "X-ABRELATEDNAMES" | "RELATED" => ("Related person", Entries),
        "NICKNAME" => ("Nicknames", Entries),
        "ORG" => ("Organisation", Entries),
        "TITLE" => ("Job title", Entries),
        "ROLE" => ("Role", Entries),
        "NOTE" => ("Note", Entries),
        "PHOTO" => ("Picture", Entries),
        "LOGO" => ("Logo", Entries),
        "SOUND" => ("Sound", Entries),
        "KEY" => ("Key", Entries),
        "BDAY" => ("Birthday", Plain),
        "ANNIVERSARY" | "X-ANNIVERSARY" => ("Anniversary", Plain),
        "GENDER" => ("Gender", Plain),
        "KIND" => ("Kind", Plain),
        "LANG" => ("Language", Entries),
        "TZ" => ("Time zone", Entries),
        "GEO" => ("Position", Plain),
        "CATEGORIES" => ("Categories", Entries),
        "MEMBER" => ("Member", Entries),
        "UID" => ("Identifier", Plain),
        "VERSION" => ("Version", Plain),
        "SUMMARY" => ("Title", Plain),
        "DESCRIPTION" => ("Description", Plain),
        "LOCATION" => ("Place", Plain),
        "DTSTART" => ("Time", Plain),
        "DUE" => ("Due", Plain),
        "STATUS" => ("Status", Plain),
        "CLASS" => ("Visibility", Plain),
        "TRANSP" => ("Shown as busy", Plain),
        "PRIORITY" => ("Priority", Plain),
        "ATTENDEE" => ("Guest", Entries),
        "ORGANIZER" => ("Organiser", Plain),
        "ATTACH" => ("Attachment", Entries),
        "COMMENT" => ("Comment", Entries),
        "CONTACT" => ("Contact", Entries),
        "RELATED-TO" => ("Related entry", Entries),
        "RESOURCES" => ("Resources", Plain),
        "RDATE" => ("Extra dates", Plain),
        "CONFERENCE" => ("Conference", Entries),
        "COLOR" => ("Colour", Plain),
        "TRIGGER" => ("When", Plain),
        "ACTION" => ("Kind", Plain),
        "METHOD" => ("Method", Plain),
        "value" => ("Value", Plain),
        "type" => ("Type", Plain),
        "label" => ("Label", Plain),
        "CN" => ("Name", Plain),
        "PARTSTAT" => ("Answer", Plain),
        "PREF" => ("Preference", Plain),
        "LANGUAGE" => ("Language", Plain),
        "RSVP" => ("Answer asked for", Plain),
        _ => return None,
    })
}

/// `X-PHONETIC-FIRST-NAME` as words.
fn plain(name: &str) -> String {
    let bare = name.strip_prefix("X-").unwrap_or(name).replace(['-', '_'], " ").to_lowercase();
    let mut characters = bare.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => name.to_owned(),
    }
}

/// What a card or calendar is called: the name on the card, the title of the first entry.
pub fn title_of(body: &[u8]) -> Option<String> {
    let file = read(body).ok()?;
    let first = file.components.first()?;
    let text = |component: &crate::content_line::Component, name: &str| {
        let text = unescape(component.value(name)?);
        let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
        Some(line.to_owned())
    };
    if first.name == "VCARD" {
        let parts = || {
            let name = first.value("N")?;
            let parts = crate::content_line::text::split(name, ';');
            let part = |at: usize| parts.get(at).map(|part| unescape(part)).unwrap_or_default();
            let words = format!("{} {}", part(1), part(0)).trim().to_owned();
            (!words.is_empty()).then_some(words)
        };
        return text(first, "FN")
            .or_else(parts)
            .or_else(|| ["ORG", "EMAIL", "TEL"].iter().find_map(|name| text(first, name)));
    }
    // The series before its instances.
    let entries = || first.components.iter().filter(|inner| inner.value("SUMMARY").is_some());
    let series = entries().find(|inner| inner.value("RECURRENCE-ID").is_none());
    series.or_else(|| entries().next()).and_then(|inner| text(inner, "SUMMARY"))
}
