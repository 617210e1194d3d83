//! A server's words in a refusal: problem details (RFC 9457), Kinto's errors, and what others write.

use crate::Response;
use crate::envelope::{self, Object, Pointer};
use serde_json::value::RawValue;
use sync_engine::{Pointed, Refusal, RefusalKind};

/// Most characters of a server's words that are kept.
const LONGEST: usize = 500;
/// Most places kept.
const MOST: usize = 100;

/// A refusal as the server words it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Problem {
    /// `type` of problem details, or an error code.
    pub kind: String,
    /// In words; never empty.
    pub words: String,
    /// Places it names.
    pub pointers: Vec<Pointed>,
}

impl Problem {
    /// Reads what a refusal says. `record` is where the record is inside what was sent; it is taken off the places.
    pub(crate) fn of(response: &Response, record: &Pointer) -> Self {
        let mut problem = Self::default();
        let looks_json = response.is_json() || response.body.first() == Some(&b'{');
        match envelope::parse(&response.body).ok().filter(|_| looks_json) {
            Some(raw) => problem.read_json(raw, record),
            None if response.is_html() => problem.words = html_title(&response.body),
            None if response.essence().starts_with("text/") => {
                let start = response.body.get(..4096).unwrap_or(&response.body);
                problem.words = tidy(&String::from_utf8_lossy(start));
            }
            None => {}
        }
        if problem.words.is_empty() {
            problem.words = match problem.pointers.first() {
                Some(first) if !first.words.is_empty() => first.words.clone(),
                _ => reason(response.status),
            };
        }
        problem
    }

    /// As a refusal.
    pub(crate) fn refusal(self, kind: RefusalKind) -> Refusal {
        Refusal { kind, words: self.words, pointers: self.pointers }
    }

    fn read_json(&mut self, raw: &RawValue, record: &Pointer) {
        let Some(object) = Object::of(raw) else {
            self.words = envelope::text(raw).map(|text| tidy(&text)).unwrap_or_default();
            return;
        };
        let text = |name: &str| object.get(name).and_then(envelope::text).map(|text| tidy(&text));
        self.kind = text("type").or_else(|| text("code")).unwrap_or_default();
        let detail =
            ["detail", "message", "error_description", "info", "msg", "reason"].iter().find_map(|n| text(n));
        let title = ["title", "error"].iter().find_map(|n| text(n));
        self.words = match (title, detail) {
            (Some(title), Some(detail)) if detail.contains(&title) || title.is_empty() => detail,
            (Some(title), Some(detail)) if object.get("title").is_some() => format!("{title}: {detail}"),
            (_, Some(detail)) if !detail.is_empty() => detail,
            (Some(title), _) => title,
            _ => nested(&object),
        };
        for list in
            ["errors", "details", "detail", "violations", "_issues", "invalid-params", "invalid_params"]
        {
            if let Some(list) = object.get(list) {
                self.read_places(list, record);
            }
        }
        self.pointers.truncate(MOST);
    }

    /// A list of faults, or an object of them by member name.
    fn read_places(&mut self, list: &RawValue, record: &Pointer) {
        if let Some(items) = envelope::elements(list) {
            for item in items.into_iter().take(MOST) {
                self.read_place(item, record);
            }
        } else if let Some(object) = Object::of(list) {
            for (name, value) in object.iter().take(MOST) {
                // Kinto puts the current record and what is missing here; those are not faults.
                if matches!(name, "existing" | "resource_name" | "id" | "uri") {
                    continue;
                }
                let words = match envelope::elements(value) {
                    Some(items) => items.into_iter().filter_map(envelope::text).collect::<Vec<_>>().join(" "),
                    None => envelope::text(value).unwrap_or_default(),
                };
                if !words.is_empty() {
                    self.add(&member(name), &words, record);
                }
            }
        }
    }

    fn read_place(&mut self, item: &RawValue, record: &Pointer) {
        let Some(object) = Object::of(item) else {
            if let Some(words) = envelope::text(item) {
                self.add("", &words, record);
            }
            return;
        };
        let text = |names: &[&str]| names.iter().find_map(|n| object.get(n).and_then(envelope::text));
        let words = text(&["detail", "description", "message", "msg", "reason", "title", "error"])
            .unwrap_or_default();
        if let Some(pointer) = text(&["pointer", "instanceLocation", "instancePath", "dataPath"]) {
            // RFC 9457 shows pointers as fragments (#/age).
            let pointer = pointer.strip_prefix('#').unwrap_or(&pointer);
            return self.add(pointer, &words, record);
        }
        if let Some(steps) = object.get("loc").or_else(|| object.get("path")).and_then(envelope::elements) {
            let steps: Vec<String> = steps.into_iter().filter_map(envelope::word).collect();
            let steps: Vec<&str> = steps.iter().map(String::as_str).filter(|step| *step != "body").collect();
            return self.add(&steps.iter().map(|step| member(step)).collect::<String>(), &words, record);
        }
        let place = text(&["location", "in"]);
        let name = text(&["field", "name", "property", "path"]).unwrap_or_default();
        match place.as_deref() {
            None | Some("body") => self.add(&dotted(&name), &words, record),
            // A header or query of ours is wrong: no place in the record.
            Some(_) => self.add("", &words, record),
        }
    }

    fn add(&mut self, pointer: &str, words: &str, record: &Pointer) {
        let mut pointer = match Pointer::parse(pointer) {
            Ok(_) => pointer,
            Err(_) => "",
        };
        let outer: String = record.steps().iter().map(|step| member(step)).collect();
        if !outer.is_empty()
            && let Some(inner) = pointer.strip_prefix(&outer)
            && (inner.is_empty() || inner.starts_with('/'))
        {
            pointer = inner;
        }
        self.pointers.push(Pointed { pointer: pointer.to_owned(), words: tidy(words) });
    }
}

/// One step of a JSON pointer.
fn member(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// `a.b` as frameworks write places; a name that is already a pointer stays.
fn dotted(name: &str) -> String {
    match name {
        "" => String::new(),
        name if name.starts_with('/') => name.to_owned(),
        name => name.split('.').map(member).collect(),
    }
}

/// `{"error":{"message":"..."}}`, as Google's and OData's errors are.
fn nested(object: &Object<'_>) -> String {
    let inner = object.get("error").and_then(Object::of);
    let text = |inner: &Object<'_>, name: &str| inner.get(name).and_then(envelope::text);
    inner
        .and_then(|inner| text(&inner, "message").or_else(|| text(&inner, "code")))
        .map(|t| tidy(&t))
        .unwrap_or_default()
}

/// A server's words without what could change how the screen shows them, on one line, at most 500 characters.
pub(crate) fn tidy(text: &str) -> String {
    let mut out = String::new();
    let mut space = false;
    let mut count = 0;
    for c in text.chars() {
        if c.is_whitespace() || c.is_control() {
            space = !out.is_empty();
            continue;
        }
        // Marks that reorder text could make a sentence say something else.
        if matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
        {
            continue;
        }
        if count >= LONGEST {
            out.push('…');
            break;
        }
        if space {
            out.push(' ');
            count += 1;
            space = false;
        }
        out.push(c);
        count += 1;
    }
    out
}

fn html_title(body: &[u8]) -> String {
    let start = String::from_utf8_lossy(body.get(..16_384).unwrap_or(body)).into_owned();
    let lower = start.to_ascii_lowercase();
    let title = lower.find("<title").and_then(|at| {
        let open = at + lower.get(at..)?.find('>')? + 1;
        let close = open + lower.get(open..)?.find("</title")?;
        start.get(open..close)
    });
    title
        .map(|t| tidy(&t.replace("&amp;", "&").replace("&#39;", "'").replace("&quot;", "\"")))
        .unwrap_or_default()
}

/// Words for a status that came without any.
pub(crate) fn reason(status: u16) -> String {
    match http::StatusCode::from_u16(status).ok().and_then(|s| s.canonical_reason()) {
        Some(reason) => format!("The server only says \"{reason}\"."),
        None => format!("The server only gives the number {status}."),
    }
}
