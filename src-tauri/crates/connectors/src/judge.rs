//! What status numbers mean, for all families: the tables of docs/connectors.md.

use crate::envelope::Pointer;
use crate::problem::{Problem, tidy};
use crate::{Answer, Failed, Request, Response, TransportError, time};
use http::Method;
use sync_engine::{PauseReason, Refusal, RefusalKind, Timestamp, Validator, Write, WriteOutcome};
use url::Url;

/// A write's answer, first look.
pub(crate) enum Judged<'a> {
    /// 2xx other than 202: the family says whether it matches.
    Success(&'a Response),
    /// 412, or 409 where that means the same: the family reads what the server has now.
    PreconditionFailed(&'a Response, String),
    /// Decided.
    Outcome(WriteOutcome),
}

/// What 409 means to a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Conflict {
    /// As 412: look, then compare.
    Changed,
    /// The content is refused.
    Refused,
}

/// Judges the answer to a write. `record` is where the record is inside the request's body.
pub(crate) fn write<'a>(
    write: &Write,
    answer: &'a Answer,
    conflict: Conflict,
    record: &Pointer,
    now: Timestamp,
) -> Judged<'a> {
    let response = match answer {
        Ok(response) => response,
        Err(error) => return Judged::Outcome(unanswered(error)),
    };
    if response.is_success() && response.status != 202 {
        return match response.status {
            200 | 201 | 203..=205 => Judged::Success(response),
            _ => Judged::Outcome(unknown(response.status)),
        };
    }
    let problem = Problem::of(response, record);
    let post = matches!(write, Write::Create { id: None, .. });
    Judged::Outcome(match response.status {
        202 => WriteOutcome::Accepted,
        412 => return Judged::PreconditionFailed(response, problem.words),
        409 if post => posted_twice(write, response, problem, now),
        409 if conflict == Conflict::Changed => return Judged::PreconditionFailed(response, problem.words),
        404 | 410 if matches!(write, Write::Create { .. }) => {
            // Nothing can be missing at an address where something is to be made, but the collection itself.
            refused(RefusalKind::Protocol, problem)
        }
        404 | 410 => WriteOutcome::NotThere,
        401 => WriteOutcome::SignIn(PauseReason::SignIn),
        407 => WriteOutcome::SignIn(PauseReason::ProxySignIn),
        511 => WriteOutcome::SignIn(PauseReason::NetworkSignIn),
        402 | 507 => WriteOutcome::Full { words: problem.words },
        403 => refused(RefusalKind::Permission, problem),
        423 | 425 | 429 | 503 => {
            WriteOutcome::Later { not_before: time::later(response, now), words: problem.words }
        }
        400 | 409 | 411 | 413 | 414 | 415 | 422 | 451 => refused(RefusalKind::Content, problem),
        // Only 304 among them is no redirect, and to a write it says nothing.
        304 => unknown(304),
        300..=399 => WriteOutcome::Refused(Refusal {
            kind: RefusalKind::Protocol,
            words: redirected(response),
            pointers: Vec::new(),
        }),
        // The server gave up waiting for the request, or a proxy lost it: what arrived is not known.
        408 | 421 | 499 => unknown(response.status),
        400..=499 | 501 | 505 | 506 | 510 => refused(RefusalKind::Protocol, problem),
        _ => WriteOutcome::Unknown { words: problem.words },
    })
}

/// 409 to a POST for which there is no address to look at.
fn posted_twice(write: &Write, response: &Response, problem: Problem, now: Timestamp) -> WriteOutcome {
    let keyed = matches!(write.precondition(), sync_engine::Precondition::PostNew { key: Some(_) });
    // The idempotency draft: 409 while the first request with this key is still being worked on.
    if keyed && (problem.kind.contains("key-in-use") || problem.kind.contains("idempotency")) {
        return WriteOutcome::Later { not_before: time::later(response, now), words: problem.words };
    }
    refused(RefusalKind::Content, problem)
}

fn refused(kind: RefusalKind, problem: Problem) -> WriteOutcome {
    WriteOutcome::Refused(problem.refusal(kind))
}

fn unknown(status: u16) -> WriteOutcome {
    WriteOutcome::Unknown { words: crate::problem::reason(status) }
}

/// A write without an answer.
pub(crate) fn unanswered(error: &TransportError) -> WriteOutcome {
    match error {
        TransportError::NotSent { words } => WriteOutcome::NotSent { words: words.clone() },
        TransportError::Lost { words } | TransportError::TooLarge { words } => {
            WriteOutcome::Unknown { words: words.clone() }
        }
    }
}

/// The answer to a read, if it is a usable 200; else why not.
pub(crate) fn read(answer: &Answer, now: Timestamp) -> Result<&Response, Failed> {
    let response = answer.as_ref().map_err(|error| match error {
        TransportError::NotSent { words } => Failed::NotSent { words: words.clone() },
        TransportError::Lost { words } | TransportError::TooLarge { words } => {
            Failed::Unknown { words: words.clone() }
        }
    })?;
    if matches!(response.status, 200 | 203) {
        return Ok(response);
    }
    let words = Problem::of(response, &Pointer::default()).words;
    Err(match response.status {
        404 | 410 => Failed::NotThere { words },
        401 => Failed::SignIn(PauseReason::SignIn),
        407 => Failed::SignIn(PauseReason::ProxySignIn),
        511 => Failed::SignIn(PauseReason::NetworkSignIn),
        403 | 451 => Failed::Forbidden { words },
        423 | 425 | 429 | 503 => Failed::Later { not_before: time::later(response, now), words },
        300..=303 | 305..=399 => Failed::Unknown { words: redirected(response) },
        _ => Failed::Unknown { words },
    })
}

/// The same for an answer that must be JSON.
pub(crate) fn read_json(answer: &Answer, now: Timestamp) -> Result<&Response, Failed> {
    let response = read(answer, now)?;
    if response.is_json() { Ok(response) } else { Err(not_ours(response)) }
}

/// An answer of another type than the server gives.
pub(crate) fn not_ours(response: &Response) -> Failed {
    Failed::NotOurs { words: foreign(response) }
}

/// Words for such an answer.
pub(crate) fn foreign(response: &Response) -> String {
    if response.is_html() {
        let title = Problem::of(response, &Pointer::default()).words;
        return format!(
            "A web page came instead of data ({title}). Perhaps the network asks you to sign in, or the address is wrong."
        );
    }
    match response.essence().as_str() {
        "" => "Something of no named type came instead of data. Check the address.".to_owned(),
        other => format!("Something of type {} came instead of data. Check the address.", tidy(other)),
    }
}

fn redirected(response: &Response) -> String {
    match response.header("location") {
        Some(to) => format!(
            "The server points to another address ({}), which is not followed. If it moved, change the source's address.",
            tidy(to)
        ),
        None => "The server points to another address without naming it.".to_owned(),
    }
}

/// The validator in a header that can be sent back and means one version only.
pub(crate) fn tag(response: &Response, header: &str) -> Option<Validator> {
    let mut values = response.headers.get_all(header).iter();
    let (first, more) = (values.next()?, values.next());
    // Two tags: no way to know which one the server compares with.
    if more.is_some() || response.status == 203 {
        return None;
    }
    tag_text(first.to_str().ok()?.trim())
}

/// The same for a tag found elsewhere. `*` and lists would match versions nobody saw.
pub(crate) fn tag_text(text: &str) -> Option<Validator> {
    let opaque = text.strip_prefix("W/").unwrap_or(text);
    let inner = match opaque.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"')?,
        None if opaque.contains([' ', ',', '*']) => return None,
        None => opaque,
    };
    if inner.contains('"') { None } else { Validator::new(text).ok() }
}

/// A tag as bodies spell it, as headers spell it.
pub(crate) fn body_tag(text: &str, quoted: bool) -> Option<Validator> {
    if quoted { tag_text(text) } else { tag_text(&format!("\"{text}\"")) }
}

/// Headers every request has. `identity`: compression changes tags on some servers (trap 7).
pub(crate) fn request(method: Method, url: Url, accept: &str) -> Request {
    let mut headers =
        vec![("Accept".to_owned(), accept.to_owned()), ("Accept-Encoding".to_owned(), "identity".to_owned())];
    if method == Method::GET {
        headers.push(("Cache-Control".to_owned(), "no-cache".to_owned()));
    }
    Request { method, url, headers, body: None }
}
