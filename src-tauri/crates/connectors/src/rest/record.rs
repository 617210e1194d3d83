//! Requests for one record, and what their answers mean.

use super::Rest;
use super::profile::Source;
use crate::envelope::{self, Object, Pointer};
use crate::judge::{self, Judged};
use crate::{Answer, BuildError, DryRun, Failed, Request, Response};
use http::{HeaderValue, Method};
use serde_json::value::RawValue;
use sync_engine::{
    Body, Current, Precondition, Read, RemoteId, Timestamp, Validator, Version, Write, WriteOutcome,
};
use url::Url;

impl Rest {
    pub(super) fn build_write(
        &self,
        collection: &str,
        write: &Write,
        dry_run: bool,
    ) -> Result<Request, BuildError> {
        let profile = &self.profile;
        let (method, below) = match write {
            Write::Create { id: None, .. } => (Method::POST, profile.create_url.fill(collection, None)?),
            Write::Create { id: Some(id), .. } | Write::Replace { id, .. } => {
                (Method::PUT, profile.url.fill(collection, Some(&id.0))?)
            }
            Write::Delete { id, .. } => (Method::DELETE, profile.url.fill(collection, Some(&id.0))?),
        };
        let mut request = self.request(method, self.base.below(&below)?, &profile.accept);
        let add = |request: &mut Request, name: &str, value: &str| {
            request.headers.push((name.to_owned(), value.to_owned()));
        };
        match write.precondition() {
            Precondition::IfMatch(usable) => add(&mut request, "If-Match", usable.validator().as_str()),
            Precondition::MustNotExist => add(&mut request, "If-None-Match", "*"),
            Precondition::PostNew { key: Some(key) } => {
                let text = key.0.replace(['"', '\\'], "");
                add(&mut request, "Idempotency-Key", &format!("\"{text}\""));
            }
            // The caller reads and compares just before.
            Precondition::PostNew { key: None } | Precondition::ComparedJustBefore { .. } => {}
        }
        if dry_run {
            let (name, value) = profile
                .dry_run
                .as_ref()
                .ok_or_else(|| BuildError::NotOffered("This server offers no dry run.".to_owned()))?;
            add(&mut request, name, value);
        }
        if let Some(body) = write.body() {
            let media_type = self.content_type(body)?;
            add(&mut request, "Content-Type", &media_type);
            request.body = Some(if profile.record.is_whole() {
                body.bytes.clone()
            } else {
                wrapped(&profile.record, body)?
            });
        }
        Ok(request)
    }

    fn content_type(&self, body: &Body) -> Result<String, BuildError> {
        let own = &*body.media_type;
        let media_type = match &self.profile.content_type {
            Some(fixed) => fixed.as_str(),
            None if !self.profile.record.is_whole() || own.is_empty() => "application/json",
            None => own,
        };
        HeaderValue::from_str(media_type).map_err(|_| {
            BuildError::Body("The record's media type holds characters that cannot be sent.".to_owned())
        })?;
        Ok(media_type.to_owned())
    }

    pub(super) fn judge_write(
        &self,
        collection: &str,
        write: &Write,
        answer: &Answer,
        now: Timestamp,
    ) -> WriteOutcome {
        match judge::write(write, answer, self.profile.conflict, &self.profile.record, now) {
            Judged::Success(response) => self.applied(collection, write, response),
            Judged::PreconditionFailed(response, words) => {
                WriteOutcome::PreconditionFailed { current: self.current(response), words }
            }
            Judged::Outcome(outcome) => outcome,
        }
    }

    fn applied(&self, collection: &str, write: &Write, response: &Response) -> WriteOutcome {
        // A 201 with a page is what Apache and nginx answer; a portal answers 200.
        if response.status == 200 && response.is_html() && !self.profile.takes_html() {
            return WriteOutcome::NotOurs { words: judge::foreign(response) };
        }
        if matches!(write, Write::Delete { .. }) {
            return WriteOutcome::Applied { validator: None, body: None, id: None };
        }
        let asked = match write {
            Write::Create { id, .. } => id.as_ref(),
            Write::Replace { id, .. } | Write::Delete { id, .. } => Some(id),
        };
        let carried = match self.carried(response) {
            Ok(carried) => carried,
            Err(words) => return WriteOutcome::Unknown { words },
        };
        let own = carried.as_ref().and_then(|c| c.id.clone()).map(RemoteId);
        if matches!(write, Write::Replace { .. }) && own.is_some() && own.as_ref() != asked {
            let words = "The answer is about another record than the one that was sent.".to_owned();
            return WriteOutcome::NotOurs { words };
        }
        let located = match write {
            Write::Create { .. } => self.located(collection, response).map(RemoteId),
            _ => None,
        };
        let validator = match &self.profile.validator {
            Source::Header(name) => judge::tag(response, name),
            Source::Member(..) => carried.as_ref().and_then(|c| c.validator.clone()),
        };
        let id = own.or(located).filter(|id| Some(id) != asked);
        WriteOutcome::Applied { validator, body: carried.and_then(|c| c.body), id }
    }

    /// The id in `Location`.
    fn located(&self, collection: &str, response: &Response) -> Option<String> {
        let below = self.profile.create_url.fill(collection, None).ok()?;
        let from = self.base.below(&below).ok()?;
        let url: Url = self.base.link(&from, response.header("location")?).ok()?;
        self.profile.url.id_in(&self.base, collection, &url)
    }

    /// What a 2xx to a write carries. `Err`: it should carry the record and cannot be read.
    fn carried(&self, response: &Response) -> Result<Option<Carried>, String> {
        let profile = &self.profile;
        if response.body.is_empty() || matches!(response.status, 204 | 205) {
            return Ok(None);
        }
        let wants_body = profile.answer_is_record;
        if !wants_body && profile.id.is_none() && !matches!(profile.validator, Source::Member(..)) {
            return Ok(None);
        }
        let raw = match envelope::parse(&response.body) {
            Ok(raw) if response.is_json() => raw,
            _ if wants_body => {
                return Err("The server's answer cannot be read, so it is not known what it did.".into());
            }
            _ => return Ok(None),
        };
        let Some(record) = envelope::at(raw, &profile.record) else {
            return if wants_body { Err("The server's answer holds no record.".into()) } else { Ok(None) };
        };
        let id = profile.id.as_ref().and_then(|at| envelope::at(record, at)).and_then(envelope::word);
        let validator = self.member_validator(record);
        let body = wants_body.then(|| self.body_of(response, raw, record));
        Ok(Some(Carried { id, validator, body }))
    }

    fn body_of(&self, response: &Response, raw: &RawValue, record: &RawValue) -> Body {
        if self.profile.record.is_whole() && std::ptr::eq(raw, record) {
            return whole_body(response);
        }
        Body::json(record.get().as_bytes())
    }

    fn member_validator(&self, record: &RawValue) -> Option<Validator> {
        match &self.profile.validator {
            Source::Member(at, quoted) => envelope::at(record, at)
                .and_then(envelope::word)
                .and_then(|text| judge::body_tag(&text, *quoted)),
            Source::Header(_) => None,
        }
    }

    /// What a refusal says is there now, if the profile knows where.
    fn current(&self, response: &Response) -> Option<Current> {
        let places = self.profile.current.as_ref()?;
        if !response.is_json() {
            return None;
        }
        let object = envelope::parse(&response.body).ok().and_then(Object::of)?;
        if places.gone.as_ref().and_then(|at| object.at(at)).is_some_and(envelope::is_set) {
            return Some(Current::Gone);
        }
        let record = object.at(&places.record).filter(|raw| raw.get() != "null")?;
        let validator = match &places.etag {
            Some(at) => object
                .at(at)
                .and_then(envelope::word)
                .and_then(|text| judge::body_tag(&text, places.etag_quoted)),
            // Documented by the profile to be the record's tag and not the error's.
            None => match &self.profile.validator {
                Source::Header(name) => judge::tag(response, name),
                Source::Member(..) => self.member_validator(record),
            },
        };
        Some(Current::Present(Version { body: Body::json(record.get().as_bytes()), validator }))
    }

    pub(super) fn judge_dry_run(
        &self,
        collection: &str,
        write: &Write,
        answer: &Answer,
        now: Timestamp,
    ) -> DryRun {
        let marked = match (&self.profile.dry_run, answer) {
            (Some((name, value)), Ok(response)) => {
                response.header(name).is_some_and(|own| own.eq_ignore_ascii_case(value))
            }
            _ => false,
        };
        match self.judge_write(collection, write, answer, now) {
            WriteOutcome::Applied { .. } | WriteOutcome::Accepted if marked => DryRun::WouldApply,
            WriteOutcome::Applied { .. } | WriteOutcome::Accepted => DryRun::NotKept {
                words: "The server did not say that this was only a trial; it may have stored it.".to_owned(),
            },
            WriteOutcome::Unknown { words } if !marked => DryRun::NotKept { words },
            other => DryRun::WouldNot(other),
        }
    }

    pub(super) fn judge_read(&self, read: &Read, answer: &Answer, now: Timestamp) -> Result<Version, Failed> {
        let profile = &self.profile;
        let response = judge::read(answer, now)?;
        if response.is_html() && !profile.takes_html() {
            return Err(judge::not_ours(response));
        }
        let needs_json = !profile.record.is_whole() || matches!(profile.validator, Source::Member(..));
        if !needs_json {
            let Source::Header(name) = &profile.validator else { return Err(judge::not_ours(response)) };
            return Ok(Version { body: whole_body(response), validator: judge::tag(response, name) });
        }
        if !response.is_json() {
            return Err(judge::not_ours(response));
        }
        let unreadable = |words: String| Failed::Unknown { words };
        let raw = envelope::parse(&response.body)
            .map_err(|error| unreadable(format!("The server's answer is not valid JSON ({error}).")))?;
        let record = envelope::at(raw, &profile.record).ok_or_else(|| {
            unreadable("The server's answer holds no record where the profile says it is.".to_owned())
        })?;
        let own = profile.id.as_ref().and_then(|at| envelope::at(record, at)).and_then(envelope::word);
        if own.is_some_and(|own| own != read.id.0) {
            return Err(unreadable(
                "The server answered with another record than the one asked for.".to_owned(),
            ));
        }
        let validator = match &profile.validator {
            Source::Header(name) => judge::tag(response, name),
            Source::Member(..) => self.member_validator(record),
        };
        Ok(Version { body: self.body_of(response, raw, record), validator })
    }
}

/// What a 2xx to a write told about the record.
struct Carried {
    id: Option<String>,
    validator: Option<Validator>,
    body: Option<Body>,
}

fn whole_body(response: &Response) -> Body {
    Body::new(response.body.clone(), response.header("content-type").unwrap_or("application/octet-stream"))
}

/// A record inside the envelope of the profile. The record's bytes stay as they are.
fn wrapped(pointer: &Pointer, body: &Body) -> Result<std::sync::Arc<[u8]>, BuildError> {
    crate::batch::plain_json(&body.bytes).map(|bytes| envelope::wrap(pointer, bytes).into()).ok_or_else(
        || {
            BuildError::Body(
                "The record is not JSON, and this server keeps only JSON. Correct its source.".to_owned(),
            )
        },
    )
}
