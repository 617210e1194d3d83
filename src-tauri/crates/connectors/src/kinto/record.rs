//! Requests for one record, batches of them, and what their answers mean.

use super::{Kinto, SERVER_KEPT, validator};
use crate::envelope::{self, Object, Pointer};
use crate::judge::{self, Conflict, Judged};
use crate::{Answer, BatchOutcome, BuildError, Failed, Request, Response, batch};
use http::Method;
use record_merge::{Operation, Path, Token};
use sync_engine::{Body, Current, Precondition, Read, RemoteId, Timestamp, Version, Write, WriteOutcome};

impl Kinto {
    pub(super) fn build_write(&self, collection: &str, write: &Write) -> Result<Request, BuildError> {
        let (method, url) = match write {
            Write::Create { id: None, .. } => (Method::POST, self.records(collection)?),
            Write::Create { id: Some(id), .. } | Write::Replace { id, .. } => {
                (Method::PUT, self.record(collection, &id.0)?)
            }
            Write::Delete { id, .. } => (Method::DELETE, self.record(collection, &id.0)?),
        };
        let mut request = judge::request(method, url, "application/json");
        match write.precondition() {
            Precondition::IfMatch(usable) => {
                request.headers.push(("If-Match".to_owned(), usable.validator().as_str().to_owned()));
            }
            Precondition::MustNotExist => request.headers.push(("If-None-Match".to_owned(), "*".to_owned())),
            // Kinto knows no idempotency key; the caller of a compared write reads just before.
            Precondition::PostNew { .. } | Precondition::ComparedJustBefore { .. } => {}
        }
        if let Some(body) = write.body() {
            request.headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
            request.body = Some(envelope::wrap(&data_pointer(), &sendable(body)?).into());
        }
        Ok(request)
    }

    pub(super) fn judge_write(&self, write: &Write, answer: &Answer, now: Timestamp) -> WriteOutcome {
        match judge::write(write, answer, Conflict::Changed, &data_pointer(), now) {
            Judged::Success(response) => applied(write, response),
            Judged::PreconditionFailed(response, words) => {
                WriteOutcome::PreconditionFailed { current: existing(response), words }
            }
            // "Not there" ends an edit or a removal, so it must come from Kinto and be about the record.
            Judged::Outcome(WriteOutcome::NotThere) => match answer.as_ref().map(missing_record) {
                Ok(true) => WriteOutcome::NotThere,
                _ => WriteOutcome::Unknown {
                    words: "The server says that something is not there, but not that it is this record."
                        .to_owned(),
                },
            },
            Judged::Outcome(outcome) => outcome,
        }
    }

    fn items(&self, writes: &[(&str, &Write)]) -> Option<Vec<Request>> {
        writes.iter().map(|(collection, write)| self.build_write(collection, write).ok()).collect()
    }

    pub(super) fn build_batch(&self, writes: &[(&str, &Write)]) -> Option<Request> {
        if writes.is_empty()
            || writes.len() > self.batch
            || !writes.iter().all(|(_, write)| batch::fits(write))
        {
            return None;
        }
        let url = self.base.below("batch").ok()?;
        let mut request = judge::request(Method::POST, url, "application/json");
        request.headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
        request.body = Some(batch::body(&self.base, &self.items(writes)?).into());
        Some(request)
    }

    pub(super) fn judge_batch(
        &self,
        writes: &[(&str, &Write)],
        answer: &Answer,
        now: Timestamp,
    ) -> BatchOutcome {
        let Some(items) = self.items(writes) else {
            return BatchOutcome::Singly { words: "These changes do not fit into a batch.".to_owned() };
        };
        let answers = match batch::answers(&self.base, &items, answer, now) {
            Ok(answers) => answers,
            Err(outcome) => return outcome,
        };
        // A 409 inside makes Kinto roll the whole batch back, while the others still read 200 (kinto/views/batch: tm.abort).
        let undone = answers.iter().flatten().any(|answer| answer.as_ref().is_ok_and(|r| r.status == 409));
        let each = writes.iter().zip(answers).map(|((_, write), answer)| {
            match self.judge_write(write, &answer.unwrap_or_else(batch::missing), now) {
                WriteOutcome::Applied { .. } if undone => WriteOutcome::Unknown {
                    words: "Another change in the same batch was refused, which may have undone this one."
                        .to_owned(),
                },
                outcome => outcome,
            }
        });
        BatchOutcome::Each(each.collect())
    }
}

pub(super) fn data_pointer() -> Pointer {
    Pointer::parse("/data").unwrap_or_default()
}

/// The record's text without what the server keeps by itself: an old `last_modified` would be stored as it is, and an
/// `id` of another address is refused. All other bytes stay.
fn sendable(body: &Body) -> Result<Vec<u8>, BuildError> {
    let plain =
        batch::plain_json(&body.bytes).filter(|text| text.first() == Some(&b'{')).ok_or_else(|| {
            BuildError::Body(
                "Kinto keeps only JSON objects, and this record is none. Correct its source.".to_owned(),
            )
        })?;
    let members: Vec<&str> = match envelope::parse(plain).ok().and_then(Object::of) {
        Some(object) => SERVER_KEPT.into_iter().filter(|name| object.get(name).is_some()).collect(),
        None => Vec::new(),
    };
    let operations: Vec<Operation> = members
        .into_iter()
        .map(|name| Operation::Unset { path: Path(vec![Token::Member(name.to_owned())]) })
        .collect();
    // An object with repeated names is not taken apart; the server says what it thinks of it.
    Ok(record_merge::apply(plain, &operations).unwrap_or_else(|_| plain.to_vec()))
}

fn applied(write: &Write, response: &Response) -> WriteOutcome {
    if response.is_html() {
        return WriteOutcome::NotOurs { words: judge::foreign(response) };
    }
    let data = data_of(response);
    let Some(data) = data else {
        return WriteOutcome::Unknown {
            words: "The server's answer is not what Kinto answers, so it is not known what it did."
                .to_owned(),
        };
    };
    let Some(record) = Object::of(data) else {
        return WriteOutcome::Unknown { words: "The server's answer holds no record.".to_owned() };
    };
    let own = record.get("id").and_then(envelope::word).map(RemoteId);
    let asked = match write {
        Write::Create { id, .. } => id.as_ref(),
        Write::Replace { id, .. } | Write::Delete { id, .. } => Some(id),
    };
    if asked.is_some() && own.is_some() && own.as_ref() != asked {
        let words = "The answer is about another record than the one that was sent.".to_owned();
        return WriteOutcome::NotOurs { words };
    }
    if matches!(write, Write::Delete { .. }) {
        return WriteOutcome::Applied { validator: None, body: None, id: None };
    }
    if asked.is_none() && response.status == 200 {
        // POST of a record that is there answers 200 and ignores what was sent.
        return WriteOutcome::Unknown { words: "The server kept a record that was there before.".to_owned() };
    }
    WriteOutcome::Applied {
        validator: validator(&record).or_else(|| judge::tag(response, "etag")),
        body: Some(Body::json(data.get().as_bytes())),
        id: own.filter(|id| Some(id) != asked),
    }
}

/// The record in the body of a 412; its validator is its own `last_modified`.
fn existing(response: &Response) -> Option<Current> {
    let details =
        envelope::parse(&response.body).ok().and_then(Object::of)?.get("details").and_then(Object::of)?;
    let existing = details.get("existing")?;
    let record = Object::of(existing)?;
    let validator = validator(&record)?;
    let body = Body::json(existing.get().as_bytes());
    Some(Current::Present(Version { body, validator: Some(validator) }))
}

fn data_of(response: &Response) -> Option<&serde_json::value::RawValue> {
    if !response.is_json() {
        return None;
    }
    envelope::parse(&response.body).ok().and_then(Object::of)?.get("data")
}

/// A 404 of Kinto itself that is about the record, not about its collection or bucket.
fn missing_record(response: &Response) -> bool {
    let error =
        if response.is_json() { envelope::parse(&response.body).ok().and_then(Object::of) } else { None };
    let Some(error) = error.filter(|error| error.get("errno").is_some()) else { return false };
    let resource = error
        .get("details")
        .and_then(Object::of)
        .and_then(|d| d.get("resource_name").and_then(envelope::text));
    resource.is_none_or(|name| name == "record")
}

pub(super) fn read(read: &Read, answer: &Answer, now: Timestamp) -> Result<Version, Failed> {
    let response = match judge::read(answer, now) {
        Ok(response) => response,
        Err(Failed::NotThere { words }) => {
            return Err(match answer {
                Ok(response) if missing_record(response) => Failed::NotThere { words },
                Ok(response) if !response.is_json() => judge::not_ours(response),
                _ => Failed::Unknown { words },
            });
        }
        Err(failed) => return Err(failed),
    };
    if !response.is_json() {
        return Err(judge::not_ours(response));
    }
    let unreadable = |words: &str| Failed::Unknown { words: words.to_owned() };
    let data = data_of(response).ok_or_else(|| unreadable("The server's answer holds no record."))?;
    let record = Object::of(data).ok_or_else(|| unreadable("The server's answer holds no record."))?;
    if record.get("id").and_then(envelope::word).is_some_and(|id| id != read.id.0) {
        return Err(unreadable("The server answered with another record than the one asked for."));
    }
    let validator = validator(&record).or_else(|| judge::tag(response, "etag"));
    Ok(Version { body: Body::json(data.get().as_bytes()), validator })
}
