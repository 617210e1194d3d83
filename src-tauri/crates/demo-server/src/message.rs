//! Requests and replies as the store thread sees them: whole, without sockets. A batch item is the same thing.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, ETAG, HeaderName};
use http::{HeaderMap, HeaderValue, Method, StatusCode};

use crate::version::ApiVersion;

/// A request with its body read and its sender known.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// Method.
    pub method: Method,
    /// Path as sent, still percent-encoded.
    pub path: String,
    /// Query as sent, without `?`; may be empty.
    pub query: String,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
    /// Who: user name, `X-Actor`, or "anonymous".
    pub actor: String,
    /// Id for history and log.
    pub request_id: String,
    /// When it arrived.
    pub at_ms: i64,
    /// The API version it speaks.
    pub version: ApiVersion,
}

impl Request {
    /// Whether the request may change something.
    pub(crate) fn is_write(&self) -> bool {
        !matches!(self.method, Method::GET | Method::HEAD | Method::OPTIONS)
    }

    /// A header as text; `None` if missing or not ASCII.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Whether `Prefer` asks for this form of answer (RFC 7240).
    pub(crate) fn prefers(&self, wanted: &str) -> bool {
        self.headers
            .get_all("prefer")
            .iter()
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split([',', ';']))
            .any(|part| {
                let mut sides = part.splitn(2, '=');
                let name = sides.next().unwrap_or_default().trim();
                let value = sides.next().unwrap_or_default().trim().trim_matches('"');
                name.eq_ignore_ascii_case("return") && value.eq_ignore_ascii_case(wanted)
            })
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    /// Status.
    pub status: StatusCode,
    /// Headers of this answer; those that every answer carries are added by the surface.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
}

impl Reply {
    /// An answer without a body.
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self { status, headers: HeaderMap::new(), body: Bytes::new() }
    }

    /// An answer with a body of this type.
    pub(crate) fn with_body(status: StatusCode, media_type: &str, body: impl Into<Bytes>) -> Self {
        let reply = Self { status, headers: HeaderMap::new(), body: body.into() };
        reply.header(CONTENT_TYPE, media_type)
    }

    /// A JSON answer.
    pub(crate) fn json(status: StatusCode, body: impl Into<Bytes>) -> Self {
        Self::with_body(status, "application/json", body)
    }

    /// Adds a header; a value no header can carry is left out.
    pub(crate) fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    /// Adds an `ETag` (already quoted).
    pub(crate) fn etag(self, tag: &str) -> Self {
        self.header(ETAG, tag)
    }
}

/// `text` as a JSON string, quoted and escaped.
pub(crate) fn json_string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
