//! The one seam to the network: perform this request, answer that response.

use connectors::{Answer, Request, Response, TransportError};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// Most bytes of one record.
pub const RECORD_LIMIT: usize = 16 * 1024 * 1024;
/// Most bytes of one page of a listing, or of a batch.
pub const PAGE_LIMIT: usize = 64 * 1024 * 1024;
/// Redirects followed for a read.
const MAX_REDIRECTS: usize = 5;

/// What goes out beside the request itself.
#[derive(Clone, Default)]
pub struct Envelope {
    /// `Authorization`, never logged.
    pub authorization: Option<HeaderValue>,
    /// Extra headers of the source.
    pub headers: HeaderMap,
    /// Most bytes taken of the answer.
    pub limit: usize,
}

impl std::fmt::Debug for Envelope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Envelope").field("limit", &self.limit).finish_non_exhaustive()
    }
}

/// Performs requests. Users: the HTTP client below, and the simulated network of the tests.
pub trait Transport: Send + Sync {
    /// Sends the request and answers with the whole response, or why there is none.
    fn perform(
        &self,
        request: Request,
        envelope: Envelope,
    ) -> Pin<Box<dyn Future<Output = Answer> + Send + '_>>;
}

/// HTTP by reqwest: kept connections, no redirect of a write unless 307/308 on the same origin.
#[derive(Clone)]
pub struct HttpTransport {
    client: reqwest::Client,
}

impl HttpTransport {
    /// A client with kept connections.
    ///
    /// # Errors
    /// The TLS set-up of this computer cannot be used.
    pub fn new() -> Result<Self, TransportError> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(10))
            .read_timeout(Duration::from_secs(30))
            .timeout(Duration::from_secs(300))
            .pool_idle_timeout(Duration::from_secs(90))
            .pool_max_idle_per_host(16)
            .tcp_nodelay(true)
            .user_agent(concat!("Matchbook/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|e| TransportError::NotSent { words: chain(&e) })?;
        Ok(Self { client })
    }

    async fn exchange(&self, request: Request, envelope: Envelope) -> Answer {
        let mut url = request.url.clone();
        for _ in 0..=MAX_REDIRECTS {
            let response = self.once(&request, url.clone(), &envelope).await?;
            match response.redirect(&request.method, &url) {
                Some(next) => url = next,
                None => return Ok(response),
            }
        }
        Err(TransportError::Lost { words: format!("{url} redirects in a circle") })
    }

    async fn once(&self, request: &Request, url: Url, envelope: &Envelope) -> Answer {
        let mut headers = HeaderMap::new();
        for (name, value) in &request.headers {
            let (Ok(name), Ok(value)) =
                (HeaderName::try_from(name.as_str()), HeaderValue::from_bytes(value.as_bytes()))
            else {
                return Err(TransportError::NotSent { words: format!("{name} cannot be sent as a header") });
            };
            headers.append(name, value);
        }
        for (name, value) in &envelope.headers {
            headers.entry(name.clone()).or_insert_with(|| value.clone());
        }
        if let Some(authorization) = &envelope.authorization {
            headers.insert(header::AUTHORIZATION, authorization.clone());
        }
        let mut builder = self.client.request(request.method.clone(), url).headers(headers);
        if let Some(body) = &request.body {
            builder = builder.body(bytes::Bytes::from_owner(Arc::clone(body)));
        }
        let response = builder.send().await.map_err(|e| failure(&e))?;
        whole(response, envelope.limit).await
    }
}

impl Transport for HttpTransport {
    fn perform(
        &self,
        request: Request,
        envelope: Envelope,
    ) -> Pin<Box<dyn Future<Output = Answer> + Send + '_>> {
        Box::pin(self.exchange(request, envelope))
    }
}

async fn whole(mut response: reqwest::Response, limit: usize) -> Answer {
    let too_large = || TransportError::TooLarge {
        words: format!("the answer is larger than {} MiB", limit / 1024 / 1024),
    };
    if response.content_length().is_some_and(|length| length > limit as u64) {
        return Err(too_large());
    }
    let status = response.status().as_u16();
    let headers = std::mem::take(response.headers_mut());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|e| TransportError::Lost { words: chain(&e) })? {
        if body.len() + chunk.len() > limit {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Response { status, headers, body: body.into() })
}

/// A connection that could not be made sent nothing; everything else may have arrived.
fn failure(error: &reqwest::Error) -> TransportError {
    let words = chain(error);
    if error.is_connect() || error.is_builder() {
        TransportError::NotSent { words }
    } else {
        TransportError::Lost { words }
    }
}

/// The error with its causes, without the address: it may hold a query that is nobody's business.
fn chain(error: &dyn std::error::Error) -> String {
    let mut words = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        words.push(cause.to_string());
        next = cause.source();
    }
    words.pop().unwrap_or_else(|| "the connection failed".to_owned())
}
