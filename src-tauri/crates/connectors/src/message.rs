//! Requests and answers as plain data. Nothing here opens a socket.

use http::{HeaderMap, Method};
use std::sync::Arc;
use url::Url;

/// A request without credentials: the runtime adds `Authorization` and the source's extra headers.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// Method.
    pub method: Method,
    /// Absolute address, always on the source's own origin.
    pub url: Url,
    /// Headers in the order they are sent; names in their usual spelling.
    pub headers: Vec<(String, String)>,
    /// Body, if any.
    pub body: Option<Arc<[u8]>>,
}

impl Request {
    /// The first header of that name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Whether it may change something on the server.
    pub fn is_write(&self) -> bool {
        !matches!(self.method, Method::GET | Method::HEAD | Method::OPTIONS)
    }
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.url)?;
        for (name, value) in &self.headers {
            write!(f, "\n{name}: {value}")?;
        }
        match &self.body {
            Some(body) => write!(f, "\n\n{}", String::from_utf8_lossy(body)),
            None => Ok(()),
        }
    }
}

/// A whole answer. Redirects that the runtime did not follow come as they are.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// Status number.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// The whole body, decompressed; empty if there was none.
    pub body: Arc<[u8]>,
}

impl Response {
    /// A header as text; `None` if missing or not visible ASCII.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim)
    }

    /// The media type without parameters, in lower case; empty if there is none.
    pub fn essence(&self) -> String {
        let whole = self.header("content-type").unwrap_or_default();
        whole.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// Where a redirect leads that may be followed: for reads on the same origin; for writes only 307 and 308 there, which
    /// keep method and body (RFC 9110 section 15.4). Any other redirect of a write looks like success and loses it.
    pub fn redirect(&self, method: &Method, from: &Url) -> Option<Url> {
        let reads = matches!(*method, Method::GET | Method::HEAD);
        let follows = match self.status {
            301..=303 => reads,
            307 | 308 => true,
            _ => false,
        };
        let target = from.join(self.header("location")?).ok()?;
        (follows && target.origin() == from.origin()).then_some(target)
    }

    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub(crate) fn is_html(&self) -> bool {
        matches!(self.essence().as_str(), "text/html" | "application/xhtml+xml")
    }

    pub(crate) fn is_json(&self) -> bool {
        let essence = self.essence();
        essence.ends_with("/json") || essence.ends_with("+json")
    }
}

impl std::fmt::Debug for Response {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.status)?;
        for (name, value) in &self.headers {
            write!(f, "\n{name}: {}", String::from_utf8_lossy(value.as_bytes()))?;
        }
        write!(f, "\n\n{}", String::from_utf8_lossy(&self.body))
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// Nothing of the request left: connection refused, no such host, TLS failed before sending.
    #[error("{words}")]
    NotSent {
        /// In words, with what to do.
        words: String,
    },
    /// Something was sent, no whole answer came: time-out, reset, short body.
    #[error("{words}")]
    Lost {
        /// In words.
        words: String,
    },
    /// The answer is larger than is taken (16 MiB a record, 64 MiB a page).
    #[error("{words}")]
    TooLarge {
        /// In words.
        words: String,
    },
}

/// What came of a request.
pub type Answer = Result<Response, TransportError>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_redirects_are_followed() {
        let from: Url = "https://example.org/a/1".parse().unwrap();
        let to = |status, method: Method, location: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("location", location.parse().unwrap());
            let response = Response { status, headers, body: Arc::from([].as_slice()) };
            response.redirect(&method, &from).map(String::from)
        };
        let there = Some("https://example.org/b".to_owned());
        assert_eq!(to(301, Method::GET, "/b"), there);
        assert_eq!(to(303, Method::PUT, "/b"), None, "a PUT answered 303 becomes a GET elsewhere");
        assert_eq!(to(302, Method::DELETE, "/b"), None);
        assert_eq!(to(308, Method::PUT, "/b"), there);
        assert_eq!(to(307, Method::PUT, "https://other.example/b"), None, "never to another origin");
        assert_eq!(to(307, Method::GET, "http://example.org/b"), None, "nor to another scheme");
        assert_eq!(to(200, Method::GET, "/b"), None);
    }
}
