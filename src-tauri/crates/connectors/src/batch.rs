//! Batches as Kinto and the reference server take them: `{"requests":[{"method","path","headers","body"}]}`, answered
//! by `{"responses":[{"status","headers","body","path"?}]}`. Every request keeps its own precondition.

use crate::address::Base;
use crate::envelope::{self, Object, quoted};
use crate::problem::Problem;
use crate::{Answer, BatchOutcome, Request, Response, TransportError, judge};
use http::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::percent_decode_str;
use serde_json::value::RawValue;
use sync_engine::{Timestamp, Write, WriteOutcome};

/// Bodies larger than this go alone: a lost batch has to be looked at record by record.
const LARGEST: usize = 256 * 1024;

/// The bytes, if they are one JSON value that can stand inside another text and be cut out again unchanged.
pub(crate) fn plain_json(bytes: &[u8]) -> Option<&[u8]> {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return None;
    }
    envelope::parse(bytes).ok().map(|raw| raw.get().as_bytes())
}

/// The write can be an item: no body, or a small one that is only its JSON value.
pub(crate) fn fits(write: &Write) -> bool {
    if matches!(write.precondition(), sync_engine::Precondition::ComparedJustBefore { .. }) {
        return false;
    }
    write.body().is_none_or(|body| {
        body.bytes.len() <= LARGEST
            && body.format() == record_merge::Format::Json
            && plain_json(&body.bytes).is_some_and(|plain| plain.len() == body.bytes.len())
    })
}

/// Headers that belong to the batch as a whole and not to its items.
const OUTER: [&str; 3] = ["accept", "accept-encoding", "cache-control"];

/// The body of a batch of these requests.
pub(crate) fn body(base: &Base, requests: &[Request]) -> Vec<u8> {
    let mut out = b"{\"requests\":[".to_vec();
    for (n, request) in requests.iter().enumerate() {
        if n > 0 {
            out.push(b',');
        }
        let headers: Vec<String> = request
            .headers
            .iter()
            .filter(|(name, _)| !OUTER.iter().any(|outer| name.eq_ignore_ascii_case(outer)))
            .map(|(name, value)| format!("{}:{}", quoted(name), quoted(value)))
            .collect();
        let head = format!(
            "{{\"method\":\"{}\",\"path\":{},\"headers\":{{{}}}",
            request.method,
            quoted(&path(base, request)),
            headers.join(",")
        );
        out.extend_from_slice(head.as_bytes());
        if let Some(body) = &request.body {
            out.extend_from_slice(b",\"body\":");
            out.extend_from_slice(body);
        }
        out.push(b'}');
    }
    out.extend_from_slice(b"]}");
    out
}

/// The path below the base: a server behind a prefix does not know of the prefix.
fn path(base: &Base, request: &Request) -> String {
    let whole = request.url.path();
    let below = whole.strip_prefix(base.url().path()).unwrap_or(whole);
    let query = request.url.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("/{}{query}", below.trim_start_matches('/'))
}

/// The answers inside the answer, in the order of the requests; `None` where one is missing.
pub(crate) fn answers(
    base: &Base,
    requests: &[Request],
    answer: &Answer,
    now: Timestamp,
) -> Result<Vec<Option<Answer>>, BatchOutcome> {
    let all = |outcome: WriteOutcome| BatchOutcome::Each(vec![outcome; requests.len()]);
    let response = match answer {
        Ok(response) => response,
        Err(error) => return Err(all(judge::unanswered(error))),
    };
    if response.status != 200 {
        return Err(refused(response, requests.len(), now));
    }
    if response.is_html() {
        return Err(all(WriteOutcome::NotOurs { words: judge::foreign(response) }));
    }
    let unreadable =
        || all(WriteOutcome::Unknown { words: "The answer to a batch cannot be read.".to_owned() });
    let object = envelope::parse(&response.body).ok().and_then(Object::of).ok_or_else(unreadable)?;
    let items = object.get("responses").and_then(envelope::elements).ok_or_else(unreadable)?;
    let mut found: Vec<(Option<String>, Option<Answer>)> = items.into_iter().map(read_item).collect();
    let same_order = found.len() == requests.len()
        && found
            .iter()
            .zip(requests)
            .all(|((own, _), r)| own.as_deref().is_none_or(|own| same(own, base, r)));
    if same_order {
        return Ok(found.into_iter().map(|(_, answer)| answer).collect());
    }
    // Fewer answers, or in another order: only those that name their address can be told apart.
    Ok(requests
        .iter()
        .map(|request| {
            let mut own = found
                .iter_mut()
                .filter(|(path, _)| path.as_deref().is_some_and(|path| same(path, base, request)));
            match (own.next(), own.next()) {
                (Some((_, answer)), None) => answer.take(),
                _ => None,
            }
        })
        .collect())
}

fn same(own: &str, base: &Base, request: &Request) -> bool {
    let plain = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    // The server may see its path behind another prefix than we do; below the base it is the same.
    let below = path(base, request);
    plain(own).ends_with(&plain(below.split('?').next().unwrap_or_default()))
}

fn read_item(item: &RawValue) -> (Option<String>, Option<Answer>) {
    let Some(object) = Object::of(item) else { return (None, None) };
    let path = object.get("path").and_then(envelope::text);
    let Some(status) = object.get("status").and_then(envelope::count).and_then(|n| u16::try_from(n).ok())
    else {
        return (path, None);
    };
    let mut headers = HeaderMap::new();
    for (name, value) in object.get("headers").and_then(Object::of).iter().flat_map(Object::iter) {
        let name = HeaderName::from_bytes(name.as_bytes());
        let value = envelope::text(value).and_then(|text| HeaderValue::from_str(&text).ok());
        if let (Ok(name), Some(value)) = (name, value) {
            headers.append(name, value);
        }
    }
    let coded = object.get("encoding").is_some();
    let body = object
        .get("body")
        .filter(|raw| !coded && raw.get() != "\"\"")
        .map_or(&b""[..], |raw| raw.get().as_bytes());
    (path, Some(Ok(Response { status, headers, body: body.into() })))
}

/// A batch that was refused as such.
fn refused(response: &Response, count: usize, now: Timestamp) -> BatchOutcome {
    let problem = Problem::of(response, &envelope::Pointer::default());
    match response.status {
        // The batch as a request is refused before any of its items is looked at.
        400 | 403..=406 | 410 | 411 | 413..=415 | 422 | 501 => BatchOutcome::Singly { words: problem.words },
        _ => {
            // Anything else says the same of every item. A removal stands for all: it has no body to differ by.
            let any = Write::Delete {
                id: sync_engine::RemoteId(String::new()),
                precondition: sync_engine::Precondition::MustNotExist,
            };
            let answer = Ok(response.clone());
            let outcome = match judge::write(
                &any,
                &answer,
                judge::Conflict::Changed,
                &envelope::Pointer::default(),
                now,
            ) {
                judge::Judged::Outcome(outcome) => outcome,
                judge::Judged::Success(_) | judge::Judged::PreconditionFailed(..) => {
                    WriteOutcome::Unknown { words: problem.words }
                }
            };
            BatchOutcome::Each(vec![outcome; count])
        }
    }
}

/// The outcome of an item whose answer is missing.
pub(crate) fn missing() -> Answer {
    Err(TransportError::Lost {
        words: "The server's answer to a batch says nothing about this record.".to_owned(),
    })
}
