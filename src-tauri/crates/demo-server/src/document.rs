//! The body of a write: kept as it came, read only as far as needed to know what it is.

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use serde_json::value::RawValue;

use crate::message::Request;
use crate::problem::{Fault, Kind, Problem};

/// The mark some editors put before UTF-8 text.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// A document to store.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// Media type as sent.
    pub media_type: String,
    /// `application/json` without BOM and outer white space: can be spliced into a list.
    pub plain: bool,
    /// JSON of any spelling: can be checked against a schema.
    pub json: bool,
    /// The bytes.
    pub body: Bytes,
}

impl Document {
    /// The document in a request. What says it is JSON must be JSON; any other type is kept unread.
    pub(crate) fn of(request: &Request) -> Result<Self, Problem> {
        let media_type = media_type(request)?;
        Self::new(media_type, request.body.clone())
    }

    /// A document of this type.
    pub(crate) fn new(media_type: String, body: Bytes) -> Result<Self, Problem> {
        if body.len() > crate::MAX_RECORD {
            return Err(too_large());
        }
        let essence = essence(&media_type);
        let json = essence == "application/json" || essence.ends_with("+json");
        if json {
            check_json(json_text(&body))?;
        }
        let white = |b: Option<&u8>| b.is_none_or(u8::is_ascii_whitespace);
        let plain = essence == "application/json"
            && !body.starts_with(BOM)
            && !white(body.first())
            && !white(body.last());
        Ok(Self { media_type, plain, json, body })
    }

    /// The JSON text, without a BOM.
    pub(crate) fn text(&self) -> &[u8] {
        json_text(&self.body)
    }
}

/// 413 for a record.
pub(crate) fn too_large() -> Problem {
    Problem::new(
        Kind::TooLarge,
        "A record may have at most 16 MiB. Make it smaller, or split it into several records.",
    )
}

/// A body without its BOM.
pub(crate) fn json_text(body: &[u8]) -> &[u8] {
    body.strip_prefix(BOM).unwrap_or(body)
}

/// The media type of a request; JSON if it names none.
pub(crate) fn media_type(request: &Request) -> Result<String, Problem> {
    if let Some(coding) = request.headers.get(CONTENT_ENCODING)
        && coding.as_bytes() != b"identity"
    {
        return Err(Problem::new(
            Kind::MediaType,
            "Send the body without Content-Encoding: bytes are kept as sent.",
        ));
    }
    match request.headers.get(CONTENT_TYPE) {
        None => Ok("application/json".to_owned()),
        Some(value) => value.to_str().map(str::to_owned).map_err(|_| {
            Problem::new(Kind::MediaType, "Content-Type must be plain ASCII, as in application/json.")
        }),
    }
}

/// The type without its parameters, in lower case.
pub(crate) fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn check_json(text: &[u8]) -> Result<(), Problem> {
    let malformed = |detail: String| {
        Problem::new(Kind::BadRequest, "The body is not JSON. Correct it and send it again.")
            .with_faults(vec![Fault { pointer: String::new(), detail }])
    };
    let text = std::str::from_utf8(text)
        .map_err(|e| malformed(format!("Not UTF-8 at byte {}.", e.valid_up_to() + 1)))?;
    serde_json::from_str::<&RawValue>(text).map(drop).map_err(|e| malformed(format!("{e}.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_body_is() {
        // media type, body, Some(plain) or refused
        for (media_type, body, wanted) in [
            ("application/json", &b"{\"a\":1e400}"[..], Some(true)),
            ("application/json; charset=utf-8", b"{\"a\":1,\"a\":2}", Some(true)),
            ("application/json", b"{\"a\":1.0}\r\n", Some(false)),
            ("application/json", b"\xef\xbb\xbf{}", Some(false)),
            ("application/vnd.api+json", b"{}", Some(false)),
            ("text/plain", b"{", Some(false)),
            ("text/vcard", b"\xff", Some(false)),
            ("application/json", b"{\"a\":\r\n1}", Some(true)),
            ("application/json", b"7", Some(true)),
            ("application/json", b"", None),
            ("application/json", b"{", None),
            ("application/json", b"{} {}", None),
            ("application/json", b"\"\xff\"", None),
            ("application/ld+json", b"{,}", None),
        ] {
            let got = Document::new(media_type.into(), Bytes::from_static(body));
            assert_eq!(got.ok().map(|d| d.plain), wanted, "{media_type} {}", String::from_utf8_lossy(body));
        }
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        assert!(Document::new("application/json".into(), Bytes::from(deep)).is_ok());
    }
}
