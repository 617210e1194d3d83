//! Family `kinto` (Kinto's HTTP API, version 1). A record is the span of `data`; its canonical validator is
//! `last_modified` in double quotes, which is also the `ETag` header. Collections are named `BUCKET/COLLECTION`.

mod discover;
mod list;
mod record;

use crate::address::{Base, segment};
use crate::cursor::Cursor;
use crate::envelope::{self, Object};
use crate::{
    Answer, BatchOutcome, BuildError, Connector, Discovery, ListOutcome, ProfileError, Request, Stamp, batch,
    judge,
};
use http::Method;
use sync_engine::{Body, Creates, Read, ReadOutcome, Rules, Timestamp, Validator, Write, WriteOutcome};
use url::Url;

/// Members of a record that the server keeps by itself.
const SERVER_KEPT: [&str; 3] = ["id", "last_modified", "schema"];
/// Requests in a batch where the server has not told its limit.
const USUAL_BATCH: usize = 25;
/// Requests in a batch at most, whatever the server allows.
const LARGEST_BATCH: usize = 100;

/// A source of family `kinto`.
#[derive(Debug)]
pub(crate) struct Kinto {
    base: Base,
    batch: usize,
    readonly: bool,
}

impl Kinto {
    pub(crate) fn new(base_url: &str) -> Result<Self, ProfileError> {
        let base = Base::parse(base_url)?;
        let steps: Vec<&str> = base.url().path().split('/').filter(|step| !step.is_empty()).collect();
        let versioned = steps.last().is_some_and(|last| {
            last.strip_prefix('v').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
        });
        let base = if versioned { base } else { Base::parse(&format!("{}v1/", base.url()))? };
        Ok(Self { base, batch: USUAL_BATCH, readonly: false })
    }

    fn get(&self, url: Url) -> Request {
        judge::request(Method::GET, url, "application/json")
    }

    /// `buckets/B/collections/C`.
    fn collection_path(collection: &str) -> Result<String, BuildError> {
        match collection.split_once('/') {
            Some((bucket, name)) if !name.contains('/') => Ok(format!(
                "buckets/{}/collections/{}",
                segment(bucket, "The bucket's name")?,
                segment(name, "The collection's name")?
            )),
            _ => Err(BuildError::Address(format!(
                "\"{}\" does not name a collection of Kinto. It must be BUCKET/COLLECTION.",
                crate::problem::tidy(collection)
            ))),
        }
    }

    fn records(&self, collection: &str) -> Result<Url, BuildError> {
        self.base.below(&format!("{}/records", Self::collection_path(collection)?))
    }

    fn record(&self, collection: &str, id: &str) -> Result<Url, BuildError> {
        let id = segment(id, "The record's id")?;
        self.base.below(&format!("{}/records/{id}", Self::collection_path(collection)?))
    }
}

/// The canonical validator of a record.
fn validator(record: &Object<'_>) -> Option<Validator> {
    let stamp = record.get("last_modified").and_then(envelope::word)?;
    judge::body_tag(&stamp, false)
}

impl Connector for Kinto {
    fn family(&self) -> &'static str {
        "kinto"
    }

    fn base(&self) -> &Url {
        self.base.url()
    }

    fn about(&self) -> Option<Request> {
        Some(self.get(self.base.url().clone()))
    }

    fn learn(&mut self, answer: &Answer) {
        let Ok(response) = answer else { return };
        let Some(hello) = discover::hello(response) else { return };
        let settings = hello.get("settings").and_then(Object::of);
        let setting = |name: &str| settings.as_ref().and_then(|s| s.get(name));
        if let Some(limit) = setting("batch_max_requests") {
            // `null` or 0: no limit.
            let limit = envelope::word(limit).and_then(|n| n.parse::<usize>().ok()).unwrap_or(0);
            self.batch = if limit == 0 { LARGEST_BATCH } else { limit.min(LARGEST_BATCH) };
        }
        self.readonly = setting("readonly").is_some_and(envelope::is_set);
    }

    fn rules(&self, _collection: &str) -> Rules {
        let creates = if self.readonly { Creates::No } else { Creates::OwnAddress };
        let mut rules = Rules { creates, ..Rules::default() };
        rules.merge.server_kept = SERVER_KEPT.map(|name| format!("/{name}")).to_vec();
        rules
    }

    fn write(&self, collection: &str, write: &Write, dry_run: bool) -> Result<Request, BuildError> {
        if dry_run {
            return Err(BuildError::NotOffered("Kinto offers no dry run.".to_owned()));
        }
        self.build_write(collection, write)
    }

    fn wrote(&self, _collection: &str, write: &Write, answer: &Answer, now: Timestamp) -> WriteOutcome {
        self.judge_write(write, answer, now)
    }

    fn read(&self, collection: &str, read: &Read) -> Result<Request, BuildError> {
        Ok(self.get(self.record(collection, &read.id.0)?))
    }

    fn did_read(&self, _collection: &str, read: &Read, answer: &Answer, now: Timestamp) -> ReadOutcome {
        match record::read(read, answer, now) {
            Ok(version) => ReadOutcome::Found(version),
            Err(failed) => failed.into(),
        }
    }

    fn batch_size(&self) -> usize {
        self.batch
    }

    fn batchable(&self, _collection: &str, write: &Write) -> bool {
        batch::fits(write)
    }

    fn batch(&self, writes: &[(&str, &Write)]) -> Option<Request> {
        self.build_batch(writes)
    }

    fn batched(&self, writes: &[(&str, &Write)], answer: &Answer, now: Timestamp) -> BatchOutcome {
        self.judge_batch(writes, answer, now)
    }

    fn list(&self, collection: &str, cursor: Option<&str>) -> Result<Request, BuildError> {
        self.build_list(collection, &Cursor::read(cursor))
    }

    fn listed(&self, collection: &str, cursor: Option<&str>, answer: &Answer, now: Timestamp) -> ListOutcome {
        self.judge_list(collection, Cursor::read(cursor), answer, now)
    }

    fn discover(&self) -> Request {
        self.get(self.base.url().clone())
    }

    fn discovered(&self, request: &Request, answer: &Answer, now: Timestamp) -> Discovery {
        self.judge_discover(request, answer, now)
    }

    fn schema(&self, collection: &str) -> Option<Request> {
        Some(self.get(self.base.below(&Self::collection_path(collection).ok()?).ok()?))
    }

    fn schema_answer(&self, answer: &Answer) -> Option<String> {
        let response = answer.as_ref().ok().filter(|r| r.status == 200 && r.is_json())?;
        let data =
            envelope::parse(&response.body).ok().and_then(Object::of)?.get("data").and_then(Object::of)?;
        data.get("schema").map(|raw| raw.get().to_owned()).filter(|text| text.starts_with('{'))
    }

    fn stamp(&self, body: &Body) -> Stamp {
        let record = envelope::parse(&body.bytes).ok().and_then(Object::of);
        let at = record.and_then(|r| r.get("last_modified").and_then(|raw| raw.get().parse().ok()));
        Stamp { by: None, at: at.map(Timestamp) }
    }

    fn scratch(&self, schema: Option<&str>, like: Option<&Body>) -> Body {
        crate::scratch::body(schema, like, &SERVER_KEPT)
    }
}
