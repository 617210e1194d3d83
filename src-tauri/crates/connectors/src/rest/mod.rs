//! Family `rest`: any service whose records have addresses and ETags, described by a profile.

mod batch;
mod list;
mod more;
pub(crate) mod profile;
mod record;

use crate::address::Base;
use crate::{
    Answer, AuditLine, BatchOutcome, BuildError, Connector, Discovery, DryRun, Failed, ListOutcome,
    ProfileError, Request, Stamp, judge,
};
use http::Method;
use profile::{DEFAULT_PROFILE, Profile};
use sync_engine::{
    Body, Read, ReadOutcome, RemoteId, Rules, Timestamp, ValidatorProfile, Write, WriteOutcome,
};
use url::Url;

/// A source of family `rest`.
#[derive(Debug)]
pub(crate) struct Rest {
    base: Base,
    profile: Profile,
}

impl Rest {
    pub(crate) fn new(base_url: &str, profile_toml: Option<&str>) -> Result<Self, ProfileError> {
        let base = Base::parse(base_url)?;
        Ok(Self { base, profile: Profile::parse(profile_toml.unwrap_or(DEFAULT_PROFILE))? })
    }

    /// A request with the headers every request of this source has.
    fn request(&self, method: Method, url: Url, accept: &str) -> Request {
        let mut request = judge::request(method, url, accept);
        request.headers.extend(self.profile.headers.iter().cloned());
        request
    }

    fn get(&self, below: &str) -> Result<Request, BuildError> {
        Ok(self.request(Method::GET, self.base.below(below)?, "application/json"))
    }
}

impl Connector for Rest {
    fn family(&self) -> &'static str {
        "rest"
    }

    fn base(&self) -> &Url {
        self.base.url()
    }

    fn rules(&self, _collection: &str) -> Rules {
        Rules {
            validators: ValidatorProfile { weak_enforced: self.profile.weak_enforced },
            confirm: self.profile.confirm,
            creates: self.profile.creates,
            merge: self.profile.merge.clone(),
            ..Rules::default()
        }
    }

    fn write(&self, collection: &str, write: &Write, dry_run: bool) -> Result<Request, BuildError> {
        self.build_write(collection, write, dry_run)
    }

    fn wrote(&self, collection: &str, write: &Write, answer: &Answer, now: Timestamp) -> WriteOutcome {
        self.judge_write(collection, write, answer, now)
    }

    fn offers_dry_run(&self) -> bool {
        self.profile.dry_run.is_some()
    }

    fn dry_run_answer(&self, collection: &str, write: &Write, answer: &Answer, now: Timestamp) -> DryRun {
        self.judge_dry_run(collection, write, answer, now)
    }

    fn read(&self, collection: &str, read: &Read) -> Result<Request, BuildError> {
        let below = self.profile.url.fill(collection, Some(&read.id.0))?;
        Ok(self.request(Method::GET, self.base.below(&below)?, &self.profile.accept))
    }

    fn did_read(&self, _collection: &str, read: &Read, answer: &Answer, now: Timestamp) -> ReadOutcome {
        match self.judge_read(read, answer, now) {
            Ok(version) => ReadOutcome::Found(version),
            Err(failed) => failed.into(),
        }
    }

    fn batch_size(&self) -> usize {
        self.profile.batch.as_ref().map_or(1, |(_, size)| *size)
    }

    fn batchable(&self, _collection: &str, write: &Write) -> bool {
        self.profile.batch.is_some() && crate::batch::fits(write)
    }

    fn batch(&self, writes: &[(&str, &Write)]) -> Option<Request> {
        self.build_batch(writes)
    }

    fn batched(&self, writes: &[(&str, &Write)], answer: &Answer, now: Timestamp) -> BatchOutcome {
        self.judge_batch(writes, answer, now)
    }

    fn list(&self, collection: &str, cursor: Option<&str>) -> Result<Request, BuildError> {
        self.build_list(collection, &crate::cursor::Cursor::read(cursor))
    }

    fn listed(&self, collection: &str, cursor: Option<&str>, answer: &Answer, now: Timestamp) -> ListOutcome {
        self.judge_list(collection, crate::cursor::Cursor::read(cursor), answer, now)
    }

    fn discover(&self) -> Request {
        self.build_discover()
    }

    fn discovered(&self, request: &Request, answer: &Answer, now: Timestamp) -> Discovery {
        self.judge_discover(request, answer, now)
    }

    fn schema(&self, collection: &str) -> Option<Request> {
        let (url, _) = self.profile.schema.as_ref()?;
        let below = url.fill(collection, None).ok()?;
        let url = self.base.below(&below).ok()?;
        Some(self.request(Method::GET, url, "application/schema+json, application/json"))
    }

    fn schema_answer(&self, answer: &Answer) -> Option<String> {
        self.read_schema(answer)
    }

    fn history(&self, collection: &str, id: &RemoteId) -> Option<Request> {
        let history = self.profile.history.as_ref()?;
        self.get(&history.url.fill(collection, Some(&id.0)).ok()?).ok()
    }

    fn history_answer(&self, answer: &Answer, now: Timestamp) -> Result<Vec<AuditLine>, Failed> {
        self.read_history(answer, now)
    }

    fn stamp(&self, body: &Body) -> Stamp {
        self.read_stamp(body)
    }

    fn scratch(&self, schema: Option<&str>, like: Option<&Body>) -> Body {
        let kept: Vec<&str> =
            self.profile.merge.server_kept.iter().map(|name| name.trim_start_matches('/')).collect();
        crate::scratch::body(schema, like, &kept)
    }
}
