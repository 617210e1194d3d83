//! Forms of contacts and events: what they show, and which lines an edit changes.

use super::{form_edits, form_value};
use crate::view::{CollectionSchema, FormInputs, ViewContext, form};
use ipc_types::{FieldKind, FieldView};
use record_merge::{Operation, Path, apply_to};
use sync_engine::{Body, Rules, RunId, Timestamp};

const CONTACT: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nPRODID:-//Apple Inc.//iOS 17.4//EN\r\nN:Keller;Anna;;;\r\nFN:Anna Keller\r\nORG:Garden Club;Board\r\nEMAIL;type=INTERNET;type=HOME;type=pref:anna@example.org\r\nTEL;type=CELL;type=VOICE;type=pref:+351 912 345 678\r\ntel;TYPE=work:+351 218\r\n  000 222\r\nitem1.TEL:+351 218 000 111\r\nitem1.X-ABLabel:Boat\r\nitem2.ADR;type=HOME:;;Rua das Flores 12;Lisboa;;1200-195;Portugal\r\nitem2.X-ABADR:pt\r\nBDAY:1961-04-12\r\nCATEGORIES:Friends,Board\r\nX-ANDROID-CUSTOM;X-KIND=ringtone:content://media/17\r\nNOTE:Prefers calls\\, after six.\\nHas the key.\r\nUID:5f0c\r\nREV:2026-01-05T10:00:00Z\r\nEND:VCARD\r\n";
const EVENT: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:w/1\r\nDTSTAMP:20260301T090000Z\r\nSUMMARY:Choir\r\nDTSTART;TZID=Europe/Lisbon:20260303T190000\r\nDTEND;TZID=Europe/Lisbon:20260303T203000\r\nRRULE:FREQ=WEEKLY\r\nEXDATE;TZID=Europe/Lisbon:20260310T190000\r\nORGANIZER;CN=Anna:mailto:anna@example.org\r\nATTENDEE;CN=Ben;PARTSTAT=ACCEPTED:mailto:ben@example.net\r\nX-THING;A=b:c\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

fn body(text: &str) -> Body {
    let media = if text.starts_with("BEGIN:VCARD") { "text/vcard" } else { "text/calendar" };
    Body::new(text.as_bytes().to_vec(), media)
}

fn fields(text: &str, before: Option<&str>) -> Vec<FieldView> {
    let (schema, rules) = (CollectionSchema::default(), Rules::default());
    let ctx = ViewContext {
        schema: &schema,
        rules: &rules,
        now: Timestamp(0),
        run: RunId(1),
        source: "s",
        collection_title: "c",
    };
    let (body, before) = (body(text), before.map(body_of));
    form(&ctx, &FormInputs { body: Some(&body), before: before.as_ref(), ..FormInputs::default() }).fields
}

fn body_of(text: &str) -> Body {
    body(text)
}

fn edited(text: &str, pointer: &str, json: Option<&str>) -> Result<String, String> {
    let path = Path::from_pointer(pointer).unwrap();
    let operation = match json {
        Some(json) => Operation::Set { path, value: json.to_owned() },
        None => Operation::Unset { path },
    };
    let body = body(text);
    let edits = form_edits(&body, operation)?;
    let bytes = apply_to(body.format(), &body.bytes, &edits).map_err(|error| error.to_string())?;
    Ok(String::from_utf8(bytes).unwrap())
}

fn drawn(fields: &[FieldView]) -> Vec<String> {
    let there = fields
        .iter()
        .filter(|field| !field.value.text.is_empty() || !field.fields.is_empty() || !field.rows.is_empty());
    there
        .filter(|field| field.value.r#type != ipc_types::ValueType::Missing)
        .map(|field| {
            let rows: Vec<String> = field
                .rows
                .iter()
                .map(|row| row.iter().map(|cell| cell.value.text.clone()).collect::<Vec<_>>().join("/"))
                .collect();
            let inner: Vec<String> = drawn(&field.fields);
            let value = match field.meta.kind {
                FieldKind::Table => rows.join(" | "),
                FieldKind::Object => inner.join(" | "),
                FieldKind::Tags => field.value.json.clone(),
                _ => field.value.text.clone(),
            };
            format!("{}: {value}", field.meta.label)
        })
        .collect()
}

#[test]
fn forms_show_what_people_know() {
    assert_eq!(
        drawn(&fields(CONTACT, None)),
        [
            "Name: Anna Keller",
            "Name in parts: Given name: Anna | Family name: Keller",
            "Phone: +351 912 345 678/cell | +351 218 000 222/work | +351 218 000 111/Boat",
            "E-mail: anna@example.org/home",
            "Address: Type: home | Street: Rua das Flores 12 | Postal code: 1200-195 | Town: Lisboa | Country: Portugal",
            "Organisation: Garden Club",
            "Department: Board",
            "Birthday: 1961-04-12",
            "Categories: [\"Board\",\"Friends\"]",
            "Note: Prefers calls, after six.\nHas the key.",
        ]
    );
    assert_eq!(
        drawn(&fields(EVENT, None)),
        [
            "Title: Choir",
            "Start: 2026-03-03 19:00",
            "End: 2026-03-03 20:30",
            "Repeats: WEEKLY",
            "Dates of their own: [\"2026-03-10 19:00 left out\"]",
            "Guest: ben@example.net/Ben/ACCEPTED",
            "Organiser: anna@example.org",
            "Reminders: [\"15 minutes before\"]",
        ]
    );
}

#[test]
fn kinds_fit_what_stands_there() {
    let fields = fields(EVENT, None);
    let of = |name: &str| fields.iter().find(|field| field.meta.pointer == name).unwrap();
    assert_eq!(
        (of("/start").meta.kind, of("/start").meta.unit.as_deref()),
        (FieldKind::DateTime, Some("Europe/Lisbon"))
    );
    assert_eq!(of("/repeats").meta.kind, FieldKind::Choice);
    assert!(of("/reminders").meta.read_only && of("/ATTENDEE").columns[2].read_only);
    let odd = EVENT
        .replace("FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=TU;COUNT=20")
        .replace("DTSTART;TZID=Europe/Lisbon:20260303T190000", "DTSTART;VALUE=DATE:20260303")
        .replace("DTEND;TZID=Europe/Lisbon:20260303T203000", "DTEND;VALUE=DATE:20260305");
    let fields = self::fields(&odd, None);
    let of = |name: &str| fields.iter().find(|field| field.meta.pointer == name).unwrap();
    assert_eq!(
        (of("/repeats").value.text.as_str(), of("/repeats").meta.read_only),
        ("Every week on Tuesday, 20 times", true)
    );
    // An event of whole days is shown by its last day.
    assert_eq!((of("/end").meta.kind, of("/end").value.text.as_str()), (FieldKind::Date, "2026-03-04"));
    assert!(edited(&odd, "/end", Some("\"2026-03-09\"")).unwrap().contains("DTEND;VALUE=DATE:20260310\r\n"));
}

/// Each edit, and the line that becomes another one (`""` = none: a line is put in; or taken away).
#[test]
fn an_edit_changes_its_line_and_no_other() {
    for (text, pointer, json, old, new) in [
        (
            CONTACT,
            "/TEL/0/value",
            Some("\"+351 999\""),
            "TEL;type=CELL;type=VOICE;type=pref:+351 912 345 678\r\n",
            "TEL;type=CELL;type=VOICE;type=pref:+351 999\r\n",
        ),
        (
            CONTACT,
            "/TEL/1/value",
            Some("\"+351 1\""),
            "tel;TYPE=work:+351 218\r\n  000 222\r\n",
            "tel;TYPE=work:+351 1\r\n",
        ),
        (
            CONTACT,
            "/TEL/0/type",
            Some("\"home\""),
            "TEL;type=CELL;type=VOICE;type=pref:",
            "TEL;type=VOICE;type=pref;TYPE=home:",
        ),
        (CONTACT, "/TEL/1", None, "tel;TYPE=work:+351 218\r\n  000 222\r\n", ""),
        (CONTACT, "/TEL/2", None, "item1.TEL:+351 218 000 111\r\nitem1.X-ABLabel:Boat\r\n", ""),
        (
            CONTACT,
            "/TEL/2/value",
            Some("\"+351 5\""),
            "item1.TEL:+351 218 000 111\r\n",
            "item1.TEL:+351 5\r\n",
        ),
        (
            CONTACT,
            "/TEL/3",
            Some("{\"value\":\"+351 7\",\"type\":\"cell\"}"),
            "item1.X-ABLabel:Boat\r\n",
            "item1.X-ABLabel:Boat\r\nTEL;TYPE=cell:+351 7\r\n",
        ),
        (CONTACT, "/EMAIL/0/value", Some("\"a@b.c\""), ":anna@example.org\r\n", ":a@b.c\r\n"),
        (CONTACT, "/EMAIL/0", None, "EMAIL;type=INTERNET;type=HOME;type=pref:anna@example.org\r\n", ""),
        (CONTACT, "/FN", Some("\"Anna K.\""), "FN:Anna Keller\r\n", "FN:Anna K.\r\n"),
        (CONTACT, "/N/given", Some("\"Ann\""), "N:Keller;Anna;;;\r\n", "N:Keller;Ann;;;\r\n"),
        (CONTACT, "/ADR/street", Some("\"Rua A, 1\""), "Rua das Flores 12", "Rua A\\, 1"),
        (CONTACT, "/department", Some("\"\""), "ORG:Garden Club;Board\r\n", "ORG:Garden Club\r\n"),
        (CONTACT, "/BDAY", Some("\"1961-04-13\""), "BDAY:1961-04-12\r\n", "BDAY:1961-04-13\r\n"),
        (CONTACT, "/BDAY", None, "BDAY:1961-04-12\r\n", ""),
        (CONTACT, "/NOTE", Some("\"\""), "NOTE:Prefers calls\\, after six.\\nHas the key.\r\n", ""),
        (CONTACT, "/NOTE", Some("\"Prefers calls, after six.\\nHas a key.\""), "Has the key.", "Has a key."),
        (CONTACT, "/CATEGORIES/0", None, "CATEGORIES:Friends,Board\r\n", "CATEGORIES:Friends\r\n"),
        (EVENT, "/SUMMARY", Some("\"Choir, late\""), "SUMMARY:Choir\r\n", "SUMMARY:Choir\\, late\r\n"),
        (EVENT, "/start", Some("\"2026-03-03 18:30\""), "20260303T190000\r\n", "20260303T183000\r\n"),
        (EVENT, "/end", None, "DTEND;TZID=Europe/Lisbon:20260303T203000\r\n", ""),
        (EVENT, "/repeats", Some("\"MONTHLY\""), "RRULE:FREQ=WEEKLY\r\n", "RRULE:FREQ=MONTHLY\r\n"),
        (EVENT, "/repeats", Some("\"NEVER\""), "RRULE:FREQ=WEEKLY\r\n", ""),
        (EVENT, "/ATTENDEE/0/CN", Some("\"Benjamin\""), "CN=Ben;", "CN=Benjamin;"),
        (
            EVENT,
            "/ATTENDEE/0/value",
            Some("\"ben@example.com\""),
            "mailto:ben@example.net",
            "mailto:ben@example.com",
        ),
        (EVENT, "/ATTENDEE/0", None, "ATTENDEE;CN=Ben;PARTSTAT=ACCEPTED:mailto:ben@example.net\r\n", ""),
    ] {
        assert_eq!(text.matches(old).count(), 1, "{old}");
        assert_eq!(
            edited(text, pointer, json).as_deref(),
            Ok(text.replace(old, new).as_str()),
            "{pointer} {json:?}"
        );
    }
}

#[test]
fn what_is_not_there_yet_gets_a_line() {
    for (text, pointer, json, line) in [
        (CONTACT, "/TITLE", "\"Gardener\"", "TITLE:Gardener\r\n"),
        (CONTACT, "/URL", "[{\"value\": \"http://example.org\"}]", "URL:http://example.org\r\n"),
        (CONTACT, "/NICKNAME", "[\"Annie\"]", "NICKNAME:Annie\r\n"),
        (CONTACT, "/ADR 2/locality", "\"Porto\"", "ADR:;;;Porto;;;\r\n"),
        (CONTACT, "/ANNIVERSARY", "\"2001-05-01\"", "ANNIVERSARY:2001-05-01\r\n"),
        (EVENT, "/LOCATION", "\"Hall\"", "LOCATION:Hall\r\n"),
        (EVENT, "/DESCRIPTION", "\"One\\ntwo\"", "DESCRIPTION:One\\ntwo\r\n"),
        (EVENT, "/ATTENDEE/1", "{\"value\":\"cho@example.org\"}", "ATTENDEE:mailto:cho@example.org\r\n"),
    ] {
        let after = edited(text, pointer, Some(json)).unwrap();
        let gone: Vec<&str> = text.split_inclusive("\r\n").filter(|old| !after.contains(old)).collect();
        let new: Vec<&str> = after.split_inclusive("\r\n").filter(|new| !text.contains(new)).collect();
        assert_eq!((gone, new), (Vec::new(), vec![line]), "{pointer}");
    }
    // An address that is made holds nothing until something stands in it.
    assert_eq!(edited(CONTACT, "/ADR 2", Some("{}")).as_deref(), Ok(CONTACT));
}

#[test]
fn what_does_not_fit_is_refused_in_words() {
    for (text, pointer, json) in [
        (EVENT, "/start", Some("\"tomorrow\"")),
        (EVENT, "/start", Some("\"2026-03-0\"")),
        (EVENT, "/start", None),
        (EVENT, "/repeats", Some("\"FREQ=SECONDLY\"")),
        (EVENT, "/reminders/0", None),
        (CONTACT, "/TEL/0/value", Some("{")),
        (CONTACT, "/TEL/0/value", Some("7")),
    ] {
        let words = edited(text, pointer, json).unwrap_err();
        assert!(words.ends_with('.') && words.contains(' '), "{words}");
    }
    // Places of the record itself stay places.
    let after = edited(CONTACT, "/TEL/+351218000222/value", Some("\"+351 3\"")).unwrap();
    assert!(after.contains("tel;TYPE=work:+351 3\r\n"), "{after}");
    let after = edited(EVENT, "/X-WR-CALNAME", Some("\"Club\"")).unwrap();
    assert!(after.contains("PRODID:x\r\nX-WR-CALNAME:Club\r\nBEGIN:VEVENT\r\n"), "{after}");
}

#[test]
fn changed_fields_know_what_they_were() {
    let now = edited(CONTACT, "/TEL/0/value", Some("\"+351 999\"")).unwrap();
    let fields = fields(&now, Some(CONTACT));
    let phones = fields.iter().find(|field| field.meta.pointer == "/TEL").unwrap();
    let cell = &phones.rows[0][0];
    assert_eq!(cell.before.as_ref().map(|value| value.text.as_str()), Some("+351 912 345 678"));
    assert!(phones.rows[1][0].before.is_none());
    let path = Path::from_pointer("/TEL/0/value").unwrap();
    assert_eq!(form_value(&body(&now), &path).as_deref(), Some("\"+351 999\""));
    // All rows at once, as "Put back" has them: each in its old place.
    let before = phones.before.as_ref().unwrap().json.clone();
    assert_eq!(edited(&now, "/TEL", Some(&before)).as_deref(), Ok(CONTACT));
}

#[test]
fn several_records_in_one_file_have_no_form() {
    let two = CONTACT.replace("5f0c", "1") + &CONTACT.replace("5f0c", "2");
    let other =
        EVENT.replace("END:VCALENDAR\r\n", "BEGIN:VEVENT\r\nUID:other\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
    for text in [
        two.as_str(),
        other.as_str(),
        "BEGIN:VCARD\r\nbroken\r\nEND:VCARD\r\n",
        "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
    ] {
        assert!(fields(text, None).is_empty());
    }
}

/// Fields and cells that can be written, with something to write.
fn writable(fields: &[FieldView]) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for field in fields {
        let json = match field.meta.kind {
            FieldKind::Date => "\"2027-02-03\"".to_owned(),
            FieldKind::DateTime => "\"2027-02-03 04:05\"".to_owned(),
            FieldKind::Choice => {
                match field.meta.options.iter().find(|option| option.json != field.value.json) {
                    Some(other) => other.json.clone(),
                    None => continue,
                }
            }
            FieldKind::Tags => "[\"one\",\"two\"]".to_owned(),
            FieldKind::LongText => "\"something; else, and\\nmore\"".to_owned(),
            _ => "\"something; else, and \\\\ more\"".to_owned(),
        };
        match field.meta.kind {
            _ if field.meta.read_only => {}
            FieldKind::Table => out.extend(field.rows.iter().flat_map(|row| writable(row))),
            FieldKind::Object => out.extend(writable(&field.fields)),
            _ => out.push((field.meta.pointer.clone(), json)),
        }
    }
    out
}

/// Whatever is written into whichever field: lines of other properties stay, byte for byte, and what was written stands in
/// the form.
#[test]
fn every_field_touches_its_own_property_only() {
    let modern = "BEGIN:VCARD\nVERSION:4.0\nFN;LANGUAGE=pt:Anna\nFN:Ann\nN;SORT-AS=\"k,a\":Keller;Anna;;;\nTEL;VALUE=uri;PREF=1;TYPE=\"voice,home\":tel:+1-555-1\nTEL;PID=1.1;TYPE=cell:2\nADR;LABEL=\"A\\nB\":;;S 1;T;;;\nADR;TYPE=work:;;S 2;T;;;\nORG:One\nNOTE;ALTID=1:a\nNOTE;ALTID=1;LANGUAGE=de:b\nBDAY;VALUE=text:circa 1800\nCATEGORIES;PREF=1:a,b\nX-A.B;C=d:e\nEND:VCARD\n";
    let day = EVENT
        .replace("DTSTART;TZID=Europe/Lisbon:20260303T190000", "DTSTART;VALUE=DATE:20260303")
        .replace("DTEND;TZID=Europe/Lisbon:20260303T203000", "DURATION:P2D");
    let mut count = 0;
    for text in [CONTACT, EVENT, modern, &day] {
        for (pointer, json) in writable(&fields(text, None)) {
            let after =
                edited(text, &pointer, Some(&json)).unwrap_or_else(|words| panic!("{pointer}: {words}"));
            let first = pointer.split('/').nth(1).unwrap();
            let name = match first {
                "start" => "DTSTART",
                "end" => "DTEND",
                "repeats" => "RRULE",
                "department" => "ORG",
                name => name.split(' ').next().unwrap(),
            };
            let others = |text: &str| -> Vec<String> {
                let joined = text.replace("\r\n ", "\u{1}").replace("\n ", "\u{2}");
                let own = |line: &str| {
                    let line = line.to_uppercase();
                    let line = line
                        .strip_prefix("ITEM")
                        .and_then(|l| l.split_once('.'))
                        .map_or(line.as_str(), |(_, l)| l);
                    line.starts_with(name) || line.starts_with("X-ABLABEL")
                };
                joined.lines().filter(|line| !own(line)).map(str::to_owned).collect()
            };
            assert_eq!(others(&after), others(text), "{pointer} {json}");
            let path = Path::from_pointer(&pointer).unwrap();
            assert_eq!(
                form_value(&body(&after), &path).as_deref(),
                Some(json.as_str()),
                "{pointer}\n{after}"
            );
            // And back again: what was not there before goes, line and all.
            let back = form_value(&body(text), &path);
            let before = edited(&after, &pointer, back.as_deref()).unwrap();
            assert_eq!(others(&before), others(text));
            assert_eq!(form_value(&body(&before), &path), back, "{pointer}\n{before}");
            count += 1;
        }
    }
    assert!(count > 80, "{count}");
}
