//! `If-Match` and `If-None-Match` (RFC 9110 section 13), and the demand for one of them (RFC 6585 section 3).

use http::header::{IF_MATCH, IF_NONE_MATCH};
use http::{HeaderMap, HeaderName};

use crate::etag::{EntityTag, parse_list};
use crate::problem::{Kind, Problem};

/// The value of one of the two headers.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Tags {
    Any,
    List(Vec<EntityTag>),
}

/// The preconditions of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Preconditions {
    if_match: Option<Tags>,
    if_none_match: Option<Tags>,
}

/// What the compare-and-set statement compares with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Guard {
    /// Nothing may be there.
    Absent,
    /// Something must be there, whatever it is.
    Present,
    /// One of these must be there: tags between bars, `|57-ab|58-cd|`.
    OneOf(String),
}

impl Preconditions {
    /// Reads both headers; several lines of one count as one list.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        Ok(Self { if_match: tags(headers, IF_MATCH)?, if_none_match: tags(headers, IF_NONE_MATCH)? })
    }

    /// Whether a write with these cannot overwrite something unseen: `If-Match`, or `If-None-Match: *`.
    pub(crate) fn protect(&self) -> bool {
        self.if_match.is_some() || self.if_none_match == Some(Tags::Any)
    }

    /// Refuses a write without a protecting precondition.
    pub(crate) fn demand(&self) -> Result<(), Problem> {
        if self.protect() {
            return Ok(());
        }
        Err(Problem::new(
            Kind::PreconditionRequired,
            "Send If-Match with the ETag of the version you changed, or If-None-Match: * to create.",
        ))
    }

    /// Whether the request may go on: `current` is the opaque tag of what is there, `weak` the mode of the collection.
    pub(crate) fn hold(&self, current: Option<&str>, weak: bool) -> bool {
        let matches = match (&self.if_match, current) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(Tags::Any), Some(_)) => true,
            (Some(Tags::List(list)), Some(opaque)) => {
                list.iter().any(|tag| (weak || !tag.weak) && tag.opaque == opaque)
            }
        };
        matches && !self.seen(current)
    }

    /// Whether `If-None-Match` names what is there (always compared weakly): 304 for a read, 412 for a write.
    pub(crate) fn seen(&self, current: Option<&str>) -> bool {
        match (&self.if_none_match, current) {
            (None, _) | (_, None) => false,
            (Some(Tags::Any), Some(_)) => true,
            (Some(Tags::List(list)), Some(opaque)) => list.iter().any(|tag| tag.opaque == opaque),
        }
    }

    /// Whether `If-Match` holds, whatever `If-None-Match` says (for reads, where that one means 304).
    pub(crate) fn match_holds(&self, current: Option<&str>, weak: bool) -> bool {
        Self { if_match: self.if_match.clone(), if_none_match: None }.hold(current, weak)
    }

    /// Whether `If-Match` is among them.
    pub(crate) fn has_if_match(&self) -> bool {
        self.if_match.is_some()
    }

    /// The guard for the write statement. `exists` decides only where no precondition was sent (last write wins).
    pub(crate) fn guard(&self, exists: bool, weak: bool) -> Guard {
        match &self.if_match {
            Some(Tags::Any) => Guard::Present,
            Some(Tags::List(list)) => {
                let mut bars = String::from("|");
                // Our own tags hold no bar; a foreign one with a bar can match nothing and is left out.
                for tag in list.iter().filter(|tag| (weak || !tag.weak) && !tag.opaque.contains('|')) {
                    bars.push_str(&tag.opaque);
                    bars.push('|');
                }
                Guard::OneOf(bars)
            }
            None if exists => Guard::Present,
            None => Guard::Absent,
        }
    }
}

fn tags(headers: &HeaderMap, name: HeaderName) -> Result<Option<Tags>, Problem> {
    let lines: Vec<&[u8]> = headers.get_all(&name).iter().map(|value| value.as_bytes()).collect();
    if lines.is_empty() {
        return Ok(None);
    }
    let text = lines.join(&b',');
    if text.trim_ascii() == b"*" {
        return Ok(Some(Tags::Any));
    }
    match parse_list(&text) {
        Some(list) if !list.is_empty() => Ok(Some(Tags::List(list))),
        _ => Err(Problem::new(
            Kind::BadRequest,
            format!("{name} must be * or a list of tags in double quotes, as in \"57-6f2c91a0\"."),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn pre(pairs: &[(&'static str, &'static str)]) -> Preconditions {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_static(value));
        }
        Preconditions::of(&headers).unwrap()
    }

    #[test]
    fn rows() {
        let (m, n) = ("if-match", "if-none-match");
        // headers, what is there, strong result, weak result, protects
        for (headers, current, strong, weak, protects) in [
            (&[][..], Some("a"), true, true, false),
            (&[(m, "\"a\"")], Some("a"), true, true, true),
            (&[(m, "\"b\"")], Some("a"), false, false, true),
            (&[(m, "W/\"a\"")], Some("a"), false, true, true),
            (&[(m, "\"b\", \"a\"")], Some("a"), true, true, true),
            (&[(m, "\"b\""), (m, "\"a\"")], Some("a"), true, true, true),
            (&[(m, "*")], Some("a"), true, true, true),
            (&[(m, "*")], None, false, false, true),
            (&[(m, "\"a\"")], None, false, false, true),
            (&[(n, "*")], None, true, true, true),
            (&[(n, "*")], Some("a"), false, false, true),
            (&[(n, "\"a\"")], Some("a"), false, false, false),
            (&[(n, "W/\"a\"")], Some("a"), false, false, false),
            (&[(n, "\"b\"")], Some("a"), true, true, false),
            (&[(m, "\"a\""), (n, "*")], Some("a"), false, false, true),
        ] {
            let it = pre(headers);
            assert_eq!(it.hold(current, false), strong, "strong {headers:?} {current:?}");
            assert_eq!(it.hold(current, true), weak, "weak {headers:?} {current:?}");
            assert_eq!(it.protect(), protects, "protects {headers:?}");
            // The guard of the statement and the check before it must agree.
            if it.has_if_match() && it.if_none_match.is_none() {
                let by_guard = match (it.guard(current.is_some(), false), current) {
                    (Guard::Present, there) => there.is_some(),
                    (Guard::OneOf(bars), Some(tag)) => bars.contains(&format!("|{tag}|")),
                    (Guard::OneOf(_), None) => false,
                    (Guard::Absent, there) => there.is_none(),
                };
                assert_eq!(by_guard, strong, "guard {headers:?}");
            }
        }
    }

    #[test]
    fn unquoted_tags_are_refused() {
        let mut headers = HeaderMap::new();
        headers.insert("if-match", HeaderValue::from_static("57-ab"));
        assert!(Preconditions::of(&headers).is_err());
    }
}
