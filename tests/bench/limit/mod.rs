//! The limit client: the least that still does the honest work, to measure against.
//!
//! Kept connections, conditional lists and deltas, a precondition on every edit, batches where wanted, eight
//! connections; in SQLite (WAL) every record with its ETag, the same full-text index as Matchbook, edits flushed to the
//! disk before they count. It has no states, no history, no merge, no window: what it leaves out is what Matchbook is.

mod store;

pub use store::{Store, connect};

use anyhow::{Context as _, Result, bail, ensure};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use reqwest::header::{ACCEPT, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, IF_MATCH, IF_NONE_MATCH};
use reqwest::{Client, StatusCode};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::path::Path;

/// Items on a page.
const PAGE: usize = 1_000;
/// Edits in a batch, and batches at once.
const BATCH: usize = 100;
const BATCHES: usize = 4;
/// Connections for single edits.
const LANES: usize = 8;

/// How edits go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Many in one request, each with its own precondition.
    Batches,
    /// Each in a request of its own.
    Singly,
}

/// An item of a list.
#[derive(Deserialize)]
pub struct Item<'a> {
    id: String,
    etag: Option<String>,
    #[serde(borrow)]
    record: Option<&'a RawValue>,
    #[serde(default)]
    deleted: bool,
}

#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow)]
    items: Vec<Item<'a>>,
    cursor: String,
    next: Option<String>,
}

#[derive(Deserialize)]
struct Answers<'a> {
    #[serde(borrow)]
    responses: Vec<BatchAnswer<'a>>,
}

#[derive(Deserialize)]
struct BatchAnswer<'a> {
    status: u16,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(borrow)]
    body: Option<&'a RawValue>,
}

/// What a refusal says is there now.
#[derive(Deserialize)]
struct Refusal<'a> {
    etag: Option<String>,
    #[serde(borrow)]
    current: Option<&'a RawValue>,
}

/// An edit on its way.
pub struct Edit {
    key: i64,
    id: String,
    etag: String,
    body: String,
}

/// What the server said to an edit.
pub enum Answer {
    /// It holds it now, under this tag.
    Applied { key: i64, etag: String },
    /// Somebody else was first: the version there.
    Changed { key: i64, etag: Option<String>, body: Option<String> },
}

/// The client.
pub struct Limit {
    http: Client,
    /// `SERVER/collections/NAME/records`
    list: String,
    batch: String,
    path: String,
    store: Store,
    requests: u32,
}

impl Limit {
    /// Opens (or makes) its folder.
    pub fn open(folder: &Path, server: &str, collection: &str) -> Result<Self> {
        let mut headers = HeaderMap::new();
        headers.insert("API-Version", HeaderValue::from_static("2"));
        let http = Client::builder().tcp_nodelay(true).default_headers(headers).build()?;
        Ok(Self {
            http,
            list: format!("{server}/collections/{collection}/records"),
            batch: format!("{server}/batch"),
            path: format!("/collections/{collection}/records"),
            store: Store::open(folder)?,
            requests: 0,
        })
    }

    /// Requests since the last question.
    pub fn requests(&mut self) -> u32 {
        std::mem::take(&mut self.requests)
    }

    /// What it holds.
    pub fn store(&mut self) -> &mut Store {
        &mut self.store
    }

    /// Reads what is new: everything, what changed since the last time, or that nothing did. The number of items.
    pub async fn pull(&mut self) -> Result<usize> {
        let place = self.store.place()?;
        let fresh = place.is_none();
        let (since, mut seen) = place.map_or((None, None), |(cursor, etag)| (Some(cursor), Some(etag)));
        let mut address = match since {
            Some(cursor) => format!("{}?limit={PAGE}&since={cursor}", self.list),
            None => format!("{}?limit={PAGE}", self.list),
        };
        let mut tag: Option<String> = None;
        let mut count = 0;
        loop {
            let mut request = self.http.get(&address).header(ACCEPT, "application/json");
            if let Some(etag) = seen.take() {
                request = request.header(IF_NONE_MATCH, etag);
            }
            self.requests += 1;
            let response = request.send().await?;
            if response.status() == StatusCode::NOT_MODIFIED {
                return Ok(0);
            }
            let response = response.error_for_status()?;
            if tag.is_none() {
                tag = Some(etag(response.headers())?);
            }
            let bytes = response.bytes().await?;
            let page: Page<'_> = serde_json::from_slice(&bytes)?;
            count += page.items.len();
            let end = page.next.is_none().then(|| (page.cursor.as_str(), tag.as_deref().unwrap_or_default()));
            self.store.take(&page.items, fresh, end)?;
            match page.next {
                Some(next) => address = format!("{}{next}", self.list),
                None => return Ok(count),
            }
        }
    }

    /// Sends every edit that no other version stands against. Edits applied, and edits refused.
    pub async fn push(&mut self, way: Way) -> Result<(usize, usize)> {
        let edits = self.store.edits()?;
        match way {
            Way::Batches => self.push_batches(edits).await,
            Way::Singly => self.push_singly(edits).await,
        }
    }

    async fn push_batches(&mut self, edits: Vec<Edit>) -> Result<(usize, usize)> {
        let mut batches = Vec::new();
        let mut edits = edits.into_iter().peekable();
        while edits.peek().is_some() {
            batches.push(edits.by_ref().take(BATCH).collect::<Vec<_>>());
        }
        self.requests += u32::try_from(batches.len())?;
        let (http, address, path) = (&self.http, &self.batch, &self.path);
        let mut answers = stream::iter(batches)
            .map(|batch| send_batch(http, address, path, batch))
            .buffer_unordered(BATCHES);
        let mut done = (0, 0);
        while let Some(answers) = answers.try_next().await? {
            add(&mut done, self.store.answered(&answers)?);
        }
        Ok(done)
    }

    async fn push_singly(&mut self, edits: Vec<Edit>) -> Result<(usize, usize)> {
        self.requests += u32::try_from(edits.len())?;
        let (http, list) = (&self.http, &self.list);
        // Answers that are there at the same time share a commit.
        let mut answers = stream::iter(edits)
            .map(|edit| send_one(http, list, edit))
            .buffer_unordered(LANES)
            .ready_chunks(LANES);
        let mut done = (0, 0);
        while let Some(some) = answers.next().await {
            let some = some.into_iter().collect::<Result<Vec<_>>>()?;
            add(&mut done, self.store.answered(&some)?);
        }
        Ok(done)
    }
}

fn add(done: &mut (usize, usize), more: (usize, usize)) {
    done.0 += more.0;
    done.1 += more.1;
}

fn etag(headers: &HeaderMap) -> Result<String> {
    Ok(headers.get(ETAG).context("an answer has no ETag")?.to_str()?.to_owned())
}

async fn send_one(http: &Client, list: &str, edit: Edit) -> Result<Answer> {
    let response = http
        .put(format!("{list}/{}", edit.id))
        .header(IF_MATCH, &edit.etag)
        .header(CONTENT_TYPE, "application/json")
        .header("Prefer", "return=minimal")
        .body(edit.body)
        .send()
        .await?;
    if response.status() == StatusCode::PRECONDITION_FAILED {
        let bytes = response.bytes().await?;
        return changed(edit.key, serde_json::from_slice(&bytes)?);
    }
    Ok(Answer::Applied { key: edit.key, etag: etag(response.error_for_status()?.headers())? })
}

async fn send_batch(http: &Client, address: &str, path: &str, edits: Vec<Edit>) -> Result<Vec<Answer>> {
    let mut body = String::from("{\"requests\":[");
    for (n, edit) in edits.iter().enumerate() {
        if n > 0 {
            body.push(',');
        }
        let tag = serde_json::to_string(&edit.etag)?;
        body.push_str("{\"method\":\"PUT\",\"path\":\"");
        body.push_str(path);
        body.push('/');
        body.push_str(&edit.id);
        body.push_str("\",\"headers\":{\"If-Match\":");
        body.push_str(&tag);
        body.push_str(",\"Content-Type\":\"application/json\",\"Prefer\":\"return=minimal\"},\"body\":");
        body.push_str(&edit.body);
        body.push('}');
    }
    body.push_str("]}");
    let response = http.post(address).header(CONTENT_TYPE, "application/json").body(body).send().await?;
    let bytes = response.error_for_status()?.bytes().await?;
    let answers: Answers<'_> = serde_json::from_slice(&bytes)?;
    ensure!(answers.responses.len() == edits.len(), "a batch was not answered in full");
    edits.iter().zip(answers.responses).map(|(edit, answer)| judge(edit.key, answer)).collect()
}

fn judge(key: i64, answer: BatchAnswer<'_>) -> Result<Answer> {
    match (answer.status, answer.body) {
        (200..=299, _) => {
            let etag = answer.headers.get("etag").context("an answer in a batch has no ETag")?;
            Ok(Answer::Applied { key, etag: etag.clone() })
        }
        (412, Some(body)) => changed(key, serde_json::from_str(body.get())?),
        (status, _) => bail!("an edit was answered with {status}"),
    }
}

fn changed(key: i64, refusal: Refusal<'_>) -> Result<Answer> {
    Ok(Answer::Changed { key, etag: refusal.etag, body: refusal.current.map(|body| body.get().to_owned()) })
}

/// Makes a collection and fills it, 100 records in a request. Needs no store of its own.
pub async fn fill(server: &str, collection: &str, records: usize) -> Result<()> {
    let http = Client::new();
    http.put(format!("{server}/collections/{collection}"))
        .header(CONTENT_TYPE, "application/json")
        .body("{}")
        .send()
        .await?
        .error_for_status()?;
    for from in (0..records).step_by(BATCH) {
        let requests: Vec<String> = (from..records.min(from + BATCH))
            .map(|n| {
                format!(
                    r#"{{"method":"PUT","path":"/collections/{collection}/records/{}","headers":{{"If-None-Match":"*","Content-Type":"application/json"}},"body":{}}}"#,
                    crate::data::id(n),
                    crate::data::body(n)
                )
            })
            .collect();
        let body = format!("{{\"requests\":[{}]}}", requests.join(","));
        let response = http
            .post(format!("{server}/batch"))
            .header(CONTENT_TYPE, "application/json")
            .body(body)
            .send()
            .await?
            .error_for_status()?;
        let bytes = response.bytes().await?;
        let answers: Answers<'_> = serde_json::from_slice(&bytes)?;
        ensure!(answers.responses.iter().all(|a| a.status == 201), "a record could not be made");
    }
    Ok(())
}
