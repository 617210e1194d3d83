//! The HTTP side: reads requests whole, lets them in, hands them to a database thread, sends the answer.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use http::header::{CACHE_CONTROL, CONTENT_LENGTH, HOST, ORIGIN, RETRY_AFTER};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use tokio::sync::watch;

use crate::clock::now_ms;
use crate::document::too_large;
use crate::message::{Reply, Request};
use crate::options::{RequestLine, RequestObserver};
use crate::problem::{Kind, Problem};
use crate::rate::Buckets;
use crate::sign_in::{Account, actor, named};
use crate::store::Store;
use crate::target::Target;
use crate::version::ApiVersion;
use crate::{MAX_BATCH, MAX_RECORD, routes, stream};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// How much of a body that is too large is still read, so that the sender gets to see the answer.
const DRAINED: usize = 64 * 1024 * 1024;

/// Everything requests share.
pub(crate) struct App {
    pub store: Store,
    pub account: Option<Account>,
    pub buckets: Buckets,
    pub observer: Option<RequestObserver>,
    pub stopping: watch::Receiver<bool>,
    /// Start of the ids given to requests without one.
    pub id_prefix: String,
    pub next_id: AtomicU64,
    /// Idempotency keys of requests that are running now, with their actors.
    pub running: Mutex<BTreeSet<(String, String)>>,
}

/// The service. What an address means is decided in one place for requests and batch items ([`Target`]).
pub(crate) fn router(app: Arc<App>) -> Router {
    Router::new().fallback(handle).with_state(app)
}

async fn handle(State(app): State<Arc<App>>, request: axum::extract::Request) -> Response {
    let (parts, body) = request.into_parts();
    let request_id = request_id(&app, &parts.headers);
    let (version, refused) = match ApiVersion::of(&parts.headers) {
        Ok(version) => (version, None),
        Err(problem) => (ApiVersion::Two, Some(problem)),
    };
    let who = actor(app.account.as_ref(), &parts.headers);
    let name = who.clone().unwrap_or_else(|_| named(&parts.headers));
    let limit = if parts.uri.path() == "/batch" { MAX_BATCH } else { MAX_RECORD };
    let body = read_body(body, limit).await;
    let admitted = match refused {
        Some(problem) => Err(problem),
        None => admit(&app, &parts, who.map(drop), &name),
    };
    let sent = admitted.and(body).map(|body| Request {
        method: parts.method.clone(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers.clone(),
        body,
        actor: name.clone(),
        request_id: request_id.clone(),
        at_ms: now_ms(),
        version,
    });
    let answer = match sent {
        Ok(request) if stream::is_wanted(&request) => match stream::open(&app, &request).await {
            Ok(stream) => Answer::Stream(stream),
            Err(reply) => Answer::Whole(*reply),
        },
        Ok(request) => Answer::Whole(answer(&app, request).await),
        Err(problem) => Answer::Whole(problem.into_reply(&request_id, version)),
    };
    finish(&app, &parts, answer, version, &name, &request_id)
}

enum Answer {
    Whole(Reply),
    Stream(Body),
}

/// Whether the request may come in at all.
fn admit(app: &App, parts: &Parts, signed_in: Result<(), Problem>, name: &str) -> Result<(), Problem> {
    guard_against_pages(parts)?;
    let public =
        matches!(Target::parse(parts.uri.path()), Ok(Target::Root | Target::OpenApi | Target::Profile));
    if !public {
        signed_in?;
    }
    app.buckets.take(name, 1.0, Instant::now()).map_err(|seconds| {
        Problem::new(Kind::TooManyRequests, format!("Wait {seconds} s, then go on more slowly."))
            .with_header(RETRY_AFTER, &seconds.to_string())
    })
}

/// Runs the request on a database thread.
async fn answer(app: &Arc<App>, request: Request) -> Reply {
    let (id, version) = (request.request_id.clone(), request.version);
    let _running = match Running::start(app, &request) {
        Ok(running) => running,
        Err(problem) => return problem.into_reply(&id, version),
    };
    let reply = if request.is_write() {
        app.store.write(move |db| routes::answer(db, &request)).await
    } else {
        app.store.read(move |db| routes::answer(db, &request)).await
    };
    reply.unwrap_or_else(|| {
        Problem::new(
            Kind::Internal,
            "The server is stopping or failed; its log says more. Look, then try again.",
        )
        .into_reply(&id, version)
    })
}

/// An Idempotency-Key at work; free again when dropped.
struct Running {
    app: Arc<App>,
    key: (String, String),
}

impl Running {
    fn start(app: &Arc<App>, request: &Request) -> Result<Option<Self>, Problem> {
        if !request.is_write() {
            return Ok(None);
        }
        let Some(key) = routes::idempotency_key(request)? else { return Ok(None) };
        let key = (request.actor.clone(), key.to_owned());
        if !app.running.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone()) {
            let words =
                "The first request with this key is not answered yet. Wait a moment, then send it again.";
            return Err(Problem::new(Kind::KeyInUse, words).with_header(RETRY_AFTER, "1"));
        }
        Ok(Some(Self { app: Arc::clone(app), key }))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.app.running.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}

/// Headers of every answer, the access log, and the answer as axum wants it.
fn finish(app: &App, parts: &Parts, answer: Answer, version: ApiVersion, actor: &str, id: &str) -> Response {
    let (status, mut headers, body) = match answer {
        Answer::Whole(reply) => whole(&parts.method, reply),
        Answer::Stream(body) => {
            let mut headers = HeaderMap::new();
            headers.insert(http::header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
            (http::StatusCode::OK, headers, body)
        }
    };
    version.announce(&mut headers);
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, value);
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    // A record may be of any type; no browser is to run it as a page of ours.
    headers.insert("x-content-type-options", HeaderValue::from_static("nosniff"));
    headers.insert("content-security-policy", HeaderValue::from_static("default-src 'none'; sandbox"));
    let target = parts.uri.path_and_query().map_or("/", |p| p.as_str());
    log(app.observer.as_ref(), &parts.method, target, &parts.headers, status.as_u16(), actor, id, false);
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

fn whole(method: &Method, reply: Reply) -> (http::StatusCode, HeaderMap, Body) {
    let mut headers = reply.headers;
    if method != Method::HEAD {
        return (reply.status, headers, Body::from(reply.body));
    }
    if reply.status != http::StatusCode::NOT_MODIFIED {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(reply.body.len()));
    }
    (reply.status, headers, Body::empty())
}

/// Tells the observer and the log about an answered request.
#[expect(clippy::too_many_arguments, reason = "one line of the log has eight columns")]
pub(crate) fn log(
    observer: Option<&RequestObserver>,
    method: &Method,
    target: &str,
    headers: &HeaderMap,
    status: u16,
    actor: &str,
    request_id: &str,
    in_batch: bool,
) {
    tracing::debug!(%method, target, status, actor, request_id, in_batch, "answered");
    let Some(observer) = observer else { return };
    let text = |name: HeaderName| {
        headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    observer(&RequestLine {
        method: method.as_str().to_owned(),
        target: target.to_owned(),
        if_match: text(http::header::IF_MATCH),
        if_none_match: text(http::header::IF_NONE_MATCH),
        status,
        actor: actor.to_owned(),
        request_id: request_id.to_owned(),
        in_batch,
    });
}

async fn read_body(body: Body, limit: usize) -> Result<Bytes, Problem> {
    let mut stream = body.into_data_stream();
    let mut whole = BytesMut::new();
    let mut drained = 0;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| {
            Problem::new(Kind::BadRequest, "The body broke off. Nothing was changed; send the request again.")
        })?;
        if drained == 0 && whole.len() + chunk.len() <= limit {
            whole.extend_from_slice(&chunk);
            continue;
        }
        drained += chunk.len();
        whole.clear();
        if drained > DRAINED {
            break;
        }
    }
    if drained > 0 { Err(too_large()) } else { Ok(whole.freeze()) }
}

/// The server is open on loopback, so any page in a browser on this computer could reach it. Requests for another
/// host (a rebound name) or from another origin are refused.
fn guard_against_pages(parts: &Parts) -> Result<(), Problem> {
    let host = parts.headers.get(HOST).and_then(|value| value.to_str().ok());
    let host = host.or_else(|| parts.uri.authority().map(|a| a.as_str()));
    let origin = parts.headers.get(ORIGIN).map(|value| value.to_str().unwrap_or("null"));
    let origin_host = origin.map(|text| text.split_once("://").map_or(text, |(_, host)| host));
    for name in [host, origin_host].into_iter().flatten() {
        if !is_loopback(name) {
            let words = format!("This server answers on this computer only, not for {name:?}.");
            return Err(Problem::new(Kind::ForeignPage, words));
        }
    }
    Ok(())
}

fn is_loopback(authority: &str) -> bool {
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => authority,
    };
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

fn request_id(app: &App, headers: &HeaderMap) -> String {
    let sent = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok());
    match sent {
        Some(id) if (1..=128).contains(&id.len()) => id.to_owned(),
        _ => format!("{}-{}", app.id_prefix, app.next_id.fetch_add(1, Ordering::Relaxed)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_in_use_until_its_request_is_answered() {
        let folder = tempfile::tempdir().unwrap();
        let app = Arc::new(App {
            store: Store::open(&folder.path().join("db"), false, None).unwrap(),
            account: None,
            buckets: Buckets::new(None),
            observer: None,
            stopping: watch::channel(false).1,
            id_prefix: String::new(),
            next_id: AtomicU64::new(1),
            running: Mutex::default(),
        });
        let request = |method: Method, key: &'static str| Request {
            method,
            path: "/".to_owned(),
            query: String::new(),
            headers: [(HeaderName::from_static("idempotency-key"), HeaderValue::from_static(key))]
                .into_iter()
                .collect(),
            body: Bytes::new(),
            actor: "ann".to_owned(),
            request_id: String::new(),
            at_ms: 0,
            version: ApiVersion::Two,
        };
        let first = Running::start(&app, &request(Method::POST, "k")).unwrap();
        assert!(first.is_some());
        let refused = Running::start(&app, &request(Method::POST, "\"k\"")).err().unwrap();
        assert_eq!(refused.into_reply("", ApiVersion::Two).status, 409);
        assert!(Running::start(&app, &request(Method::POST, "other")).unwrap().is_some());
        assert!(Running::start(&app, &request(Method::GET, "k")).unwrap().is_none());
        drop(first);
        assert!(Running::start(&app, &request(Method::POST, "k")).unwrap().is_some());
    }

    #[test]
    fn loopback_names() {
        for (name, wanted) in [
            ("127.0.0.1:8080", true),
            ("localhost", true),
            ("[::1]:80", true),
            ("[::1]", true),
            ("evil.example:80", false),
            ("127.0.0.1.evil.example", false),
            ("null", false),
            ("", false),
        ] {
            assert_eq!(is_loopback(name), wanted, "{name}");
        }
    }
}
