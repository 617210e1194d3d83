//! The change stream: `/collections/{c}/changes` as server-sent events.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream::unfold;
use http::Method;
use http::header::ACCEPT;
use tokio::sync::watch;

use crate::message::{Reply, Request};
use crate::problem::{Fail, Kind, Problem};
use crate::query::parameter;
use crate::routes::{Delta, delta};
use crate::surface::App;
use crate::target::Target;

/// How long the stream is silent before a comment shows that it lives.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Items read at once.
const AT_ONCE: usize = 100;

/// Whether a request asks for the stream.
pub(crate) fn is_wanted(request: &Request) -> bool {
    request.method == Method::GET
        && request.header(ACCEPT.as_str()).is_some_and(|accept| accept.contains("text/event-stream"))
        && matches!(Target::parse(&request.path), Ok(Target::Changes(_)))
}

/// Opens the stream after `Last-Event-ID`, else after `since`, else from now on.
pub(crate) async fn open(app: &Arc<App>, request: &Request) -> Result<Body, Box<Reply>> {
    let failed = |fail: Fail| Box::new(fail.into_reply(request));
    let collection = match Target::parse(&request.path) {
        Ok(Target::Changes(collection)) => collection,
        _ => return Err(failed(Problem::new(Kind::NotFound, "There is no stream here.").into())),
    };
    let since = match request.header("last-event-id") {
        Some(id) => Some(id.to_owned()),
        None => parameter(&request.query, "since").map_err(|p| failed(p.into()))?,
    };
    // Subscribed before the first look, so that nothing falls between.
    let changes = app.store.changes();
    let first = look(app, &collection, since).await.map_err(failed)?;
    let state = Stream {
        app: Arc::clone(app),
        collection,
        cursor: first.cursor.clone(),
        first: Some(first),
        changes,
        stopping: app.stopping.clone(),
    };
    Ok(Body::from_stream(unfold(state, |mut state| async move {
        let chunk = state.next().await?;
        Some((Ok::<_, Infallible>(chunk), state))
    })))
}

async fn look(app: &App, collection: &str, since: Option<String>) -> Result<Delta, Fail> {
    let name = collection.to_owned();
    let found = app.store.read(move |db| delta(db, &name, since.as_deref(), AT_ONCE)).await;
    found.unwrap_or_else(|| Err(Problem::new(Kind::Internal, "The server is stopping.").into()))
}

struct Stream {
    app: Arc<App>,
    collection: String,
    cursor: String,
    first: Option<Delta>,
    changes: watch::Receiver<u64>,
    stopping: watch::Receiver<bool>,
}

impl Stream {
    /// The next bytes; `None` ends the stream.
    async fn next(&mut self) -> Option<Bytes> {
        if let Some(first) = self.first.take() {
            let mut text = b"retry: 1000\n: following\n\n".to_vec();
            if first.items.is_empty() {
                // The client knows its place from the beginning; with items each of them tells it.
                text = format!("id: {}\nretry: 1000\n: following\n\n", first.cursor).into_bytes();
            }
            write_events(&mut text, &first);
            return Some(Bytes::from(text));
        }
        loop {
            if *self.stopping.borrow() {
                return None;
            }
            let delta = look(&self.app, &self.collection, Some(self.cursor.clone())).await.ok()?;
            if !delta.items.is_empty() {
                let mut text = Vec::new();
                write_events(&mut text, &delta);
                self.cursor = delta.cursor;
                return Some(Bytes::from(text));
            }
            tokio::select! {
                changed = self.changes.changed() => changed.ok()?,
                _ = self.stopping.changed() => return None,
                () = tokio::time::sleep(HEARTBEAT) => return Some(Bytes::from_static(b": still here\n\n")),
            }
        }
    }
}

fn write_events(out: &mut Vec<u8>, delta: &Delta) {
    for change in &delta.items {
        out.extend_from_slice(format!("event: change\nid: {}\n", change.cursor).as_bytes());
        // A line feed is a new data line, which the reader puts together again. A carriage return would come out as a
        // line feed, so such a document is only announced.
        let item = if change.item.contains(&b'\r') { &change.head } else { &change.item };
        for line in item.split(|b| *b == b'\n') {
            out.extend_from_slice(b"data: ");
            out.extend_from_slice(line);
            out.push(b'\n');
        }
        out.push(b'\n');
    }
}
