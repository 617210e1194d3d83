//! API versions: the `API-Version` request header, apart from ETags (RFC 9745 `Deprecation`, RFC 8594 `Sunset`).

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::problem::{Kind, Problem};

/// The request and response header.
pub(crate) const API_VERSION: HeaderName = HeaderName::from_static("api-version");

/// When version 1 was announced as old, as RFC 9745 spells it (2026-03-01).
const DEPRECATED_AT: &str = "@1772323200";
/// When version 1 ends.
const SUNSET: &str = "Tue, 01 Dec 2026 00:00:00 GMT";

/// A version of this API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ApiVersion {
    /// Old: refusals carry no current representation.
    One,
    /// Current, and taken when a request names none.
    Two,
}

impl ApiVersion {
    /// All, newest first.
    pub(crate) const NAMES: [&'static str; 2] = ["2", "1"];

    /// What a request asks for; another version than these is refused rather than guessed.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        match headers.get(&API_VERSION).map(HeaderValue::as_bytes) {
            None | Some(b"2") => Ok(Self::Two),
            Some(b"1") => Ok(Self::One),
            Some(other) => Err(Problem::new(
                Kind::UnknownVersion,
                format!(
                    "API-Version {:?} is unknown. Send 2 (or 1 until it ends), or leave the header out.",
                    String::from_utf8_lossy(other)
                ),
            )),
        }
    }

    /// Name in the header.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::One => "1",
            Self::Two => "2",
        }
    }

    /// Whether 412 and 409 answers carry `current`.
    pub(crate) fn has_current(self) -> bool {
        self == Self::Two
    }

    /// Says in an answer which version it is, and that an old one ends.
    pub(crate) fn announce(self, headers: &mut HeaderMap) {
        headers.insert(API_VERSION, HeaderValue::from_static(self.name()));
        if self == Self::One {
            headers.insert("deprecation", HeaderValue::from_static(DEPRECATED_AT));
            headers.insert("sunset", HeaderValue::from_static(SUNSET));
            headers.append("link", HeaderValue::from_static("</openapi.json>; rel=\"deprecation\""));
        }
    }
}
