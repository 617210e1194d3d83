//! Names of fields for people.

use crate::content_line::read;
use crate::content_line::text::unescape;
use crate::model::{Format, Path, Token};

/// The names of the steps of a path into a card or calendar, outermost first: `Phone +351 912 345 678`, `Type`.
/// Empty for the whole record. Steps that say nothing to a person (the UID of an event) are left out.
pub fn label_of(format: Format, path: &Path) -> Vec<String> {
    label_with(format, path, |_| None)
}

/// The same, entries named by a word: `Phone, mobile`. `word` gets the place of an entry; `None` = it is named by what
/// is in it.
pub fn label_with(format: Format, path: &Path, word: impl Fn(&Path) -> Option<String>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut before: Option<Step> = None;
    let mut at_key = false;
    for (at, token) in path.0.iter().enumerate() {
        let Token::Member(name) = token else { continue };
        if std::mem::take(&mut at_key) {
            let entry = || word(&Path(path.0.iter().take(at + 1).cloned().collect()));
            let key = match before {
                Some(Step::Component) => instance_words(name).map(|words| format!(" {words}")),
                _ => Some(entry().map_or_else(|| format!(" {}", clipped(name)), |word| format!(", {word}"))),
            };
            if let (Some(key), Some(last)) = (key, names.last_mut()) {
                last.push_str(&key);
            }
            continue;
        }
        let known = member(format, name);
        let is_value = name == "value" && before == Some(Step::Entries);
        before = known.map(|(_, step)| step);
        at_key = before.is_some_and(|step| step != Step::Plain);
        if !is_value {
            names.push(known.map_or_else(|| plain(name), |(words, _)| words.to_owned()));
        }
    }
    without_obvious(names)
}

/// The step at this position of a path is the key of an entry, or of a component: names and keys take turns. Only what is
/// said about a property as a whole (`FN parameters`) has none.
pub(crate) fn is_key(format: Format, path: &Path, at: usize) -> bool {
    let is_card = matches!(format, Format::Vcard | Format::Icalendar);
    let before = at.checked_sub(1).and_then(|before| path.0.get(before));
    let of_list = matches!(before, Some(Token::Member(name)) if !name.contains(' '));
    is_card && at % 2 == 1 && of_list
}

/// As [`label_of`], of that place in every entry and every record: `Phone`, `Type`.
pub fn label_of_kind(format: Format, path: &Path) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (at, token) in path.0.iter().enumerate() {
        let Token::Member(name) = token else { continue };
        let is_value = name == "value" && at > 0 && is_key(format, path, at - 1);
        if !is_value && !is_key(format, path, at) {
            names.push(member(format, name).map_or_else(|| plain(name), |(words, _)| words.to_owned()));
        }
    }
    without_obvious(names)
}

/// The event is what the record is: only its fields have to be named.
fn without_obvious(mut names: Vec<String>) -> Vec<String> {
    let obvious = |name: &String| name == "Event" || name == "Contact";
    if names.len() > 1 && names.first().is_some_and(obvious) {
        names.remove(0);
    }
    names
}

fn clipped(key: &str) -> String {
    const LONGEST: usize = 40;
    if key.chars().count() <= LONGEST {
        return key.to_owned();
    }
    format!("{}…", key.chars().take(LONGEST).collect::<String>().trim_end())
}

/// The date of an instance; `None` for the series, whose UID is no word. A reminder has no UID but words.
fn instance_words(key: &str) -> Option<String> {
    let is_date = |word: &str| {
        let day = word.as_bytes().get(..10);
        day.is_some_and(|day| {
            day.iter()
                .enumerate()
                .all(|(at, b)| if at == 4 || at == 7 { *b == b'-' } else { b.is_ascii_digit() })
        })
    };
    if let Some(date) = key.split(' ').skip(1).find(|word| is_date(word)) {
        return Some(date.replace('T', " "));
    }
    key.contains(' ').then(|| clipped(key))
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
        "VCARD" => ("Contact", Entries),
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
    let mut characters = bare.trim().chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        // A parameter without a name (`TEL;=1:`) is kept, and has to be called something.
        None if name.is_empty() => "Unnamed".to_owned(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_names() {
        for (format, path, expected) in [
            (Format::Vcard, "/TEL/+351912/value", "Phone +351912"),
            (Format::Vcard, "/TEL/+351912/type", "Phone +351912, Type"),
            (Format::Vcard, "/N", "Name in parts"),
            (Format::Vcard, "/X-ANDROID-CUSTOM", "Android custom"),
            (Format::Vcard, "/VCARD/one/FN", "Contact one, Name"),
            (Format::Icalendar, "/VEVENT/u1@x/SUMMARY", "Title"),
            (Format::Icalendar, "/VEVENT/u1@x", "Event"),
            (
                Format::Icalendar,
                "/VEVENT/u1 2026-03-17T19:00:00 Europe~1Lisbon/SUMMARY",
                "Event 2026-03-17 19:00:00, Title",
            ),
            (
                Format::Icalendar,
                "/VEVENT/u1@x/ATTENDEE/ben@example.net/PARTSTAT",
                "Guest ben@example.net, Answer",
            ),
            (Format::Icalendar, "/VTODO/t1/STATUS", "Task, Status"),
            (Format::Icalendar, "/VEVENT/u1/VALARM/DISPLAY -PT15M/TRIGGER", "Reminder DISPLAY -PT15M, When"),
            (Format::Vcard, "/TEL/+351912/", "Phone +351912, Unnamed"),
            (Format::Vcard, "", ""),
        ] {
            assert_eq!(label_of(format, &Path::from_pointer(path).unwrap()).join(", "), expected, "{path}");
        }
    }

    #[test]
    fn one_name_for_the_place_in_all_entries() {
        for (format, path, expected) in [
            (Format::Vcard, "/TEL/+351912/value", "Phone"),
            (Format::Vcard, "/TEL/+351912", "Phone"),
            (Format::Vcard, "/TEL/+351912/type", "Phone, Type"),
            (Format::Vcard, "/FN", "Name"),
            (Format::Vcard, "/X-OWN/one/value", "Own"),
            (Format::Icalendar, "/VEVENT/u1@x/SUMMARY", "Title"),
            (Format::Icalendar, "/VEVENT/u1@x/ATTENDEE/ben@x/PARTSTAT", "Guest, Answer"),
        ] {
            assert_eq!(label_of_kind(format, &Path::from_pointer(path).unwrap()).join(", "), expected);
        }
    }

    #[test]
    fn entries_are_named_by_a_word() {
        let word = |path: &Path| (path.to_pointer() == "/TEL/+351912").then(|| "mobile".to_owned());
        for (path, expected) in [
            ("/TEL/+351912", "Phone, mobile"),
            ("/TEL/+351912/type", "Phone, mobile / Type"),
            ("/TEL/+351913/value", "Phone +351913"),
            ("/FN", "Name"),
        ] {
            let names = label_with(Format::Vcard, &Path::from_pointer(path).unwrap(), word);
            assert_eq!(names.join(" / "), expected);
        }
    }

    #[test]
    fn cards_and_events_have_titles() {
        for (body, expected) in [
            ("BEGIN:VCARD\r\nFN:Anna\\, Ben\r\nEND:VCARD\r\n", Some("Anna, Ben")),
            ("BEGIN:VCARD\r\nN:Keller;Anna;;;\r\nEND:VCARD\r\n", Some("Anna Keller")),
            ("BEGIN:VCARD\r\nFN:\r\nEMAIL:a@b.c\r\nEND:VCARD\r\n", Some("a@b.c")),
            (
                "BEGIN:VCALENDAR\nBEGIN:VEVENT\nRECURRENCE-ID:20260101\nSUMMARY:b\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:a\nEND:VEVENT\nEND:VCALENDAR\n",
                Some("a"),
            ),
            ("BEGIN:VCALENDAR\nEND:VCALENDAR\n", None),
            ("junk", None),
        ] {
            assert_eq!(title_of(body.as_bytes()).as_deref(), expected);
        }
    }
}
