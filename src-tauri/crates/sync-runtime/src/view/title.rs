//! What a record is called, and the words it is found by.

use super::CollectionSchema;
use super::context::made_at_in;
use super::lookup::Lookup;
use super::value::{scalar_text, string_of};
use ipc_types::Millis;
use record_merge::json::{Document, Kind, NodeId};
use record_merge::{Format, Path, Token};
use sync_engine::Body;

/// Members that name a record where the schema does not say which (cli.md).
pub(crate) const TITLE_MEMBERS: [&str; 6] = ["title", "name", "label", "subject", "summary", "id"];
/// Longest title, in characters.
const LONGEST_TITLE: usize = 500;
/// Most bytes of a record that the search looks at.
const SEARCHED: usize = 64 * 1024;

/// The title of a record: the schema's title field, else title, name, label, subject, summary, else the id. One line.
pub fn title(body: Option<&Body>, schema: &CollectionSchema, id: &str) -> String {
    let found = body.and_then(Lookup::of).and_then(|lookup| title_in(&lookup, schema));
    found.or_else(|| card_title(body?)).unwrap_or_else(|| id.to_owned())
}

/// A name on a card, the title of an event.
fn card_title(body: &Body) -> Option<String> {
    super::card::title(body).map(|text| shown(&text))
}

/// Not too long, and nothing in it that is no character to read.
fn shown(line: &str) -> String {
    let shown: String =
        line.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST_TITLE).collect();
    if line.chars().count() > LONGEST_TITLE { format!("{shown}…") } else { shown }
}

pub(crate) fn title_in(lookup: &Lookup, schema: &CollectionSchema) -> Option<String> {
    title_path(lookup, schema).and_then(|path| one_line(lookup, lookup.at(&path)))
}

/// The member the title is taken from.
pub(crate) fn title_path(lookup: &Lookup, schema: &CollectionSchema) -> Option<Path> {
    let members = TITLE_MEMBERS.iter().filter(|name| **name != "id");
    let guesses = members.map(|name| Path(vec![Token::Member((*name).to_owned())]));
    schema.title_field.iter().cloned().chain(guesses).find(|path| one_line(lookup, lookup.at(path)).is_some())
}

/// The first line with something in it, of a text or a number.
fn one_line(lookup: &Lookup, id: Option<NodeId>) -> Option<String> {
    let id = id.filter(|id| matches!(lookup.document().kind(*id), Kind::String | Kind::Number))?;
    let text = scalar_text(lookup.document(), id)?;
    text.lines().map(str::trim).find(|line| !line.is_empty()).map(shown)
}

/// What a list keeps of a representation.
pub(crate) struct Gist {
    pub title: String,
    /// As [`search_text`], or the title where there is no representation; only if it was asked for.
    pub search_text: Option<String>,
    /// As [`super::made_at`].
    pub made_at: Option<Millis>,
}

/// Title, search text and time of one reading of the body: a pull asks for them ten thousand times.
pub(crate) fn gist(body: Option<&Body>, schema: &CollectionSchema, id: &str, with_text: bool) -> Gist {
    let lookup = body.and_then(Lookup::of);
    let found = lookup.as_ref().and_then(|lookup| title_in(lookup, schema));
    let title = found.or_else(|| card_title(body?)).unwrap_or_else(|| id.to_owned());
    let search_text = with_text.then(|| match (&lookup, body) {
        (Some(lookup), _) => {
            let mut out = String::with_capacity(lookup.document().source().len().min(SEARCHED));
            leaves(lookup.document(), &mut out);
            out
        }
        (None, Some(body)) => search_text(body),
        (None, None) => title.clone(),
    });
    let made_at = lookup.as_ref().and_then(|lookup| made_at_in(lookup, schema));
    Gist { title, search_text, made_at }
}

/// All texts and numbers of a record, for the full-text search; at most 64 KiB.
pub fn search_text(body: &Body) -> String {
    let mut out = String::new();
    match body.format() {
        Format::Json => {
            if let Ok(document) = Document::parse(&body.bytes) {
                leaves(&document, &mut out);
            }
        }
        Format::Vcard | Format::Icalendar if leaves_of_card(body, &mut out) => {}
        Format::Text | Format::Vcard | Format::Icalendar => {
            push(&mut out, &String::from_utf8_lossy(body.bytes.get(..SEARCHED).unwrap_or(&body.bytes)))
        }
        Format::Binary => {}
    }
    out
}

/// The fields of a card: what people read on it, no pictures. False if it is broken.
fn leaves_of_card(body: &Body, out: &mut String) -> bool {
    let found = super::card::fields(body);
    if let Some(document) = &found {
        leaves(document, out);
    }
    found.is_some()
}

fn leaves(document: &Document, out: &mut String) {
    let mut stack = vec![document.root()];
    while let Some(id) = stack.pop() {
        match document.kind(id) {
            Kind::String => push(out, &string_of(document, id)),
            Kind::Number => push(out, document.text(id)),
            Kind::Array | Kind::Object => {
                let from = stack.len();
                stack.extend(document.children(id));
                if let Some(new) = stack.get_mut(from..) {
                    new.reverse();
                }
            }
            Kind::Null | Kind::Boolean => {}
        }
        if out.len() >= SEARCHED {
            return;
        }
    }
}

fn push(out: &mut String, text: &str) {
    if !out.is_empty() {
        out.push('\n');
    }
    let room = SEARCHED.saturating_sub(out.len());
    let mut end = room.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    out.push_str(text.get(..end).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titled(schema: &str, body: &str) -> String {
        title(Some(&Body::json(body.as_bytes())), &CollectionSchema::read(schema.as_bytes()), "T-1")
    }

    #[test]
    fn titles() {
        let schema = r#"{"x-title-field":"tool","properties":{"tool":{}}}"#;
        for (schema, body, expected) in [
            (schema, r#"{"name":"n","tool":"Cordless drill 18 V"}"#, "Cordless drill 18 V"),
            (schema, r#"{"name":"n","tool":""}"#, "n"),
            ("{}", r#"{"name":"n","title":"t"}"#, "t"),
            ("{}", r#"{"summary":"s","subject":"x"}"#, "x"),
            ("{}", r#"{"title":7}"#, "7"),
            ("{}", r#"{"title":{"a":1},"label":"l"}"#, "l"),
            ("{}", r#"{"title":"\n  first\nsecond"}"#, "first"),
            ("{}", r#"{"title":null}"#, "T-1"),
            ("{}", "[1]", "T-1"),
            ("{}", "broken", "T-1"),
            (r#"{"x-title-field":"/a/b"}"#, r#"{"a":{"b":"deep"}}"#, "deep"),
        ] {
            assert_eq!(titled(schema, body), expected, "{body}");
        }
        assert_eq!(
            title(Some(&Body::new(&b"text"[..], "text/plain")), &CollectionSchema::default(), "x"),
            "x"
        );
        let long = format!(r#"{{"title":"{}"}}"#, "ä".repeat(600));
        assert_eq!(titled("{}", &long).chars().count(), 501);
    }

    #[test]
    fn cards_and_events_have_titles_and_are_found() {
        let card = Body::new(
            &b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Anna Keller\r\nTEL:+351 912\r\nNOTE:key\\, shed\r\nEND:VCARD\r\n"[..],
            "text/vcard; charset=utf-8",
        );
        let none = CollectionSchema::default();
        assert_eq!(title(Some(&card), &none, "a.vcf"), "Anna Keller");
        assert_eq!(gist(Some(&card), &none, "a.vcf", true).title, "Anna Keller");
        let found = search_text(&card);
        assert!(
            found.contains("Anna Keller") && found.contains("+351 912") && found.contains("key, shed"),
            "{found}"
        );
        let event =
            &b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Choir\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
                [..];
        assert_eq!(title(Some(&Body::new(event, "text/calendar")), &none, "1.ics"), "Choir");
        let broken = Body::new(&b"BEGIN:VCARD\r\nFN:Anna"[..], "text/vcard");
        assert_eq!(title(Some(&broken), &none, "b.vcf"), "b.vcf");
        assert!(search_text(&broken).contains("Anna"));
    }

    #[test]
    fn one_reading_says_the_same() {
        let schema = CollectionSchema::read(
            br#"{"properties":{"title":{},"changed":{"format":"date-time","x-changed-at":true}}}"#,
        );
        let text = Body::new(&b"water plot"[..], "text/plain");
        for body in [
            Some(Body::json(&br#"{"title":"a","changed":"2026-03-01T10:00:00Z","n":[1,"x"]}"#[..])),
            Some(Body::json(&b"broken"[..])),
            Some(text),
            None,
        ] {
            let gist = gist(body.as_ref(), &schema, "T-1", true);
            assert_eq!(gist.title, title(body.as_ref(), &schema, "T-1"));
            assert_eq!(gist.search_text, Some(body.as_ref().map_or("T-1".to_owned(), search_text)));
            assert_eq!(gist.made_at, body.as_ref().and_then(|body| super::super::made_at(body, &schema)));
        }
        assert_eq!(super::gist(None, &schema, "T-1", false).search_text, None);
    }

    #[test]
    fn search_takes_texts_and_numbers_in_order_and_is_bounded() {
        let body = Body::json(&br#"{"a":"one","b":[2,{"c":"thr\u00e9e"}],"d":true,"e":null}"#[..]);
        assert_eq!(search_text(&body), "one\n2\nthrée");
        let big = Body::json(format!(r#"["{}","end"]"#, "é".repeat(40_000)).into_bytes());
        assert!(search_text(&big).len() <= 64 * 1024);
        assert_eq!(search_text(&Body::new(&b"\xff\x00"[..], "image/png")), "");
        assert_eq!(search_text(&Body::new(&b"water plot 17"[..], "text/markdown")), "water plot 17");
    }
}
