//! What a server is started with.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// How a server is started. `Options::default()` is an empty, open server on any free port that forgets everything
/// when it stops.
#[derive(Clone)]
pub struct Options {
    /// Port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// Folder of the database; it is made if missing. `None` keeps it in a temporary folder that goes with the server.
    pub data: Option<PathBuf>,
    /// Fill an empty database with the tool library.
    pub sample: bool,
    /// Name and secret that every request must sign in with (Basic, or the secret as Bearer token). `None` = open.
    pub user: Option<(String, String)>,
    /// Requests one client may send; `None` = no limit.
    pub rate: Option<Rate>,
    /// Told about every request after it was answered, items of a batch included: the access log.
    pub on_request: Option<RequestObserver>,
}

impl Default for Options {
    fn default() -> Self {
        Self { port: 0, data: None, sample: false, user: None, rate: Some(Rate::default()), on_request: None }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The secret stays out of logs.
        f.debug_struct("Options")
            .field("port", &self.port)
            .field("data", &self.data)
            .field("sample", &self.sample)
            .field("user", &self.user.as_ref().map(|(name, _)| name))
            .field("rate", &self.rate)
            .finish_non_exhaustive()
    }
}

/// A token bucket: `burst` requests at once, refilled with `per_second`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// Tokens that come back in a second; below one is allowed (0.5 = one request in two seconds).
    pub per_second: f64,
    /// Size of the bucket.
    pub burst: f64,
}

impl Default for Rate {
    /// Far above what one app sends, low enough to stop a runaway loop.
    fn default() -> Self {
        Self { per_second: 5_000.0, burst: 20_000.0 }
    }
}

/// Called with every answered request, on the server's own tasks: it must not block.
pub type RequestObserver = Arc<dyn Fn(&RequestLine) + Send + Sync>;

/// One line of the access log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestLine {
    /// Method, in upper case.
    pub method: String,
    /// Path and query as sent.
    pub target: String,
    /// `If-Match` as sent.
    pub if_match: Option<String>,
    /// `If-None-Match` as sent.
    pub if_none_match: Option<String>,
    /// Status of the answer.
    pub status: u16,
    /// Who asked.
    pub actor: String,
    /// Id of the request, as in the answer's `X-Request-Id` and in the history.
    pub request_id: String,
    /// It was an item of a batch.
    pub in_batch: bool,
}
