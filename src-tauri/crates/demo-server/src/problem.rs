//! Refusals as problem details (RFC 9457), with what the server has now where that helps the client.

use bytes::Bytes;
use http::header::{ALLOW, ETAG, HeaderName};
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::message::{Reply, Request, json_string};
use crate::version::ApiVersion;

/// The closed list of problems. Each has an entry under `x-problems` in `openapi.json`, which `type` points to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    BadRequest,
    UnknownVersion,
    SignIn,
    ForeignPage,
    NotFound,
    Gone,
    MethodNotAllowed,
    AlreadyExists,
    PatchTestFailed,
    KeyInUse,
    CursorUnknown,
    PreconditionFailed,
    TooLarge,
    MediaType,
    Invalid,
    PatchImpossible,
    KeyReused,
    PreconditionRequired,
    TooManyRequests,
    Internal,
}

impl Kind {
    /// Every kind, for the test that compares them with the OpenAPI document.
    #[cfg(test)]
    pub(crate) const ALL: [Kind; 20] = [
        Kind::BadRequest,
        Kind::UnknownVersion,
        Kind::SignIn,
        Kind::ForeignPage,
        Kind::NotFound,
        Kind::Gone,
        Kind::MethodNotAllowed,
        Kind::AlreadyExists,
        Kind::PatchTestFailed,
        Kind::KeyInUse,
        Kind::CursorUnknown,
        Kind::PreconditionFailed,
        Kind::TooLarge,
        Kind::MediaType,
        Kind::Invalid,
        Kind::PatchImpossible,
        Kind::KeyReused,
        Kind::PreconditionRequired,
        Kind::TooManyRequests,
        Kind::Internal,
    ];

    /// Name in `type`, status, and title.
    pub(crate) fn words(self) -> (&'static str, StatusCode, &'static str) {
        use StatusCode as S;
        match self {
            Kind::BadRequest => ("bad-request", S::BAD_REQUEST, "The request cannot be understood"),
            Kind::UnknownVersion => ("unknown-version", S::BAD_REQUEST, "This API version does not exist"),
            Kind::SignIn => ("sign-in", S::UNAUTHORIZED, "Sign in first"),
            Kind::ForeignPage => ("foreign-page", S::FORBIDDEN, "Requests from other web pages are refused"),
            Kind::NotFound => ("not-found", S::NOT_FOUND, "There is nothing at this address"),
            Kind::Gone => ("gone", S::GONE, "The record was deleted"),
            Kind::MethodNotAllowed => ("method-not-allowed", S::METHOD_NOT_ALLOWED, "Not possible here"),
            Kind::AlreadyExists => ("already-exists", S::CONFLICT, "This id is taken"),
            Kind::PatchTestFailed => ("patch-test-failed", S::CONFLICT, "A test of the patch does not hold"),
            Kind::KeyInUse => ("key-in-use", S::CONFLICT, "A request with this Idempotency-Key is running"),
            Kind::CursorUnknown => {
                ("cursor-unknown", S::GONE, "This cursor is from another life of the list")
            }
            Kind::PreconditionFailed => {
                ("precondition-failed", S::PRECONDITION_FAILED, "The record is not the version you named")
            }
            Kind::TooLarge => ("too-large", S::PAYLOAD_TOO_LARGE, "The body is too large"),
            Kind::MediaType => {
                ("media-type", S::UNSUPPORTED_MEDIA_TYPE, "This media type is not accepted here")
            }
            Kind::Invalid => ("invalid", S::UNPROCESSABLE_ENTITY, "The content does not fit the schema"),
            Kind::PatchImpossible => {
                ("patch-impossible", S::UNPROCESSABLE_ENTITY, "The patch does not fit the record")
            }
            Kind::KeyReused => {
                ("key-reused", S::UNPROCESSABLE_ENTITY, "This Idempotency-Key was used for another request")
            }
            Kind::PreconditionRequired => {
                ("precondition-required", S::PRECONDITION_REQUIRED, "A precondition is required")
            }
            Kind::TooManyRequests => ("too-many-requests", S::TOO_MANY_REQUESTS, "Too many requests"),
            Kind::Internal => ("internal", S::INTERNAL_SERVER_ERROR, "The server failed"),
        }
    }
}

/// What the server has at the address of a refused write.
#[derive(Clone, Debug)]
pub(crate) enum Current {
    /// A representation: its tag as it goes into a header, and its bytes if they are plain JSON text.
    Here {
        /// Quoted tag.
        etag: String,
        /// The stored bytes, if they can be spliced into JSON.
        body: Option<Vec<u8>>,
    },
    /// There is none (never was, or deleted).
    Gone,
}

/// One thing wrong with the content.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    /// JSON pointer to the place (RFC 6901); empty = the whole document.
    pub pointer: String,
    /// In words.
    pub detail: String,
}

/// A refusal; boxed, because it travels in the `Err` of almost every function here.
#[derive(Clone, Debug)]
pub(crate) struct Problem(Box<Parts>);

#[derive(Clone, Debug)]
struct Parts {
    kind: Kind,
    detail: String,
    current: Option<Current>,
    faults: Vec<Fault>,
    headers: HeaderMap,
}

impl Problem {
    /// A refusal with words that say what to do.
    pub(crate) fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self(Box::new(Parts {
            kind,
            detail: detail.into(),
            current: None,
            faults: Vec::new(),
            headers: HeaderMap::new(),
        }))
    }

    /// Adds what the server has now.
    pub(crate) fn with_current(mut self, current: Current) -> Self {
        self.0.current = Some(current);
        self
    }

    /// Adds what is wrong with the content.
    pub(crate) fn with_faults(mut self, faults: Vec<Fault>) -> Self {
        self.0.faults = faults;
        self
    }

    /// Adds a header.
    pub(crate) fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.0.headers.append(name, value);
        }
        self
    }

    /// 405 with the methods that are possible.
    pub(crate) fn method(allowed: &str) -> Self {
        Self::new(Kind::MethodNotAllowed, format!("Possible here: {allowed}.")).with_header(ALLOW, allowed)
    }

    /// The answer to `request_id`, in the form of its API version: version 1 has no current representation.
    pub(crate) fn into_reply(self, request_id: &str, version: ApiVersion) -> Reply {
        let Parts { kind, detail, current, faults, mut headers } = *self.0;
        let (name, status, title) = kind.words();
        let mut body = format!(
            "{{\"type\":\"/openapi.json#/x-problems/{name}\",\"title\":{},\"status\":{},\"detail\":{},\"request_id\":{}",
            json_string(title),
            status.as_u16(),
            json_string(&detail),
            json_string(request_id)
        )
        .into_bytes();
        if !faults.is_empty() {
            let list: Vec<String> = faults
                .iter()
                .map(|f| {
                    format!(
                        "{{\"pointer\":{},\"detail\":{}}}",
                        json_string(&f.pointer),
                        json_string(&f.detail)
                    )
                })
                .collect();
            body.extend_from_slice(format!(",\"errors\":[{}]", list.join(",")).as_bytes());
        }
        match current {
            Some(Current::Here { etag, body: bytes }) => {
                if let Ok(value) = HeaderValue::from_str(&etag) {
                    headers.insert(ETAG, value);
                }
                body.extend_from_slice(format!(",\"etag\":{}", json_string(&etag)).as_bytes());
                if let Some(bytes) = bytes.filter(|_| version.has_current()) {
                    body.extend_from_slice(b",\"current\":");
                    body.extend_from_slice(&bytes);
                }
            }
            Some(Current::Gone) => body.extend_from_slice(b",\"gone\":true"),
            None => {}
        }
        body.push(b'}');
        let mut reply = Reply::with_body(status, "application/problem+json", Bytes::from(body));
        reply.headers.extend(headers);
        reply
    }
}

/// Why a request got no ordinary answer.
#[derive(Debug)]
pub(crate) enum Fail {
    /// A refusal meant for the client.
    Problem(Problem),
    /// The database failed.
    Store(rusqlite::Error),
}

impl From<Problem> for Fail {
    fn from(problem: Problem) -> Self {
        Fail::Problem(problem)
    }
}

impl From<rusqlite::Error> for Fail {
    fn from(error: rusqlite::Error) -> Self {
        Fail::Store(error)
    }
}

impl Fail {
    /// The answer for this failure; a failure of the database is logged and told without its details.
    pub(crate) fn into_reply(self, request: &Request) -> Reply {
        let problem = match self {
            Fail::Problem(problem) => problem,
            Fail::Store(error) => {
                tracing::error!(%error, request = %request.request_id, "the database failed");
                Problem::new(
                    Kind::Internal,
                    "The database failed; the log of the server says more. Nothing was changed.",
                )
            }
        };
        problem.into_reply(&request.request_id, request.version)
    }
}
