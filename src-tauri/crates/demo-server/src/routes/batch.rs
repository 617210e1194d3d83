//! `/batch`: up to 100 requests in one, each with its own precondition and its own answer. One transaction holds them
//! all, a savepoint each: a refused item changes nothing and stops no other.

use std::collections::BTreeMap;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{answer, is_dry_run};
use crate::MAX_BATCH_ITEMS;
use crate::document::essence;
use crate::message::{Reply, Request, json_string};
use crate::problem::{Fail, Kind, Problem};
use crate::store::Db;
use crate::surface::log;
use crate::target::Target;

#[derive(Deserialize)]
struct Batch<'a> {
    #[serde(borrow)]
    requests: Vec<Item<'a>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Item<'a> {
    method: String,
    path: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(borrow, default)]
    body: Option<&'a RawValue>,
    /// `base64`: the body is a string that holds the bytes so.
    #[serde(default)]
    encoding: Option<String>,
}

/// POST `/batch`.
pub(super) fn post(db: &Db, request: &Request) -> Result<Reply, Fail> {
    if is_dry_run(request)? {
        return Err(
            Problem::new(Kind::BadRequest, "Put Dry-Run into the headers of the items instead.").into()
        );
    }
    let batch: Batch<'_> = serde_json::from_slice(&request.body).map_err(|error| {
        let words = format!(
            "The body must be {{\"requests\":[{{\"method\",\"path\",\"headers\",\"body\"}}]}}: {error}."
        );
        Problem::new(Kind::BadRequest, words)
    })?;
    if batch.requests.len() > MAX_BATCH_ITEMS {
        let words = format!("A batch may have at most {MAX_BATCH_ITEMS} requests. Send several batches.");
        return Err(Problem::new(Kind::TooLarge, words).into());
    }
    let mut body = b"{\"responses\":[".to_vec();
    for (position, item) in batch.requests.iter().enumerate() {
        if position > 0 {
            body.push(b',');
        }
        let (method, reply) = run(db, request, item, position);
        write_reply(&mut body, &method, &reply);
    }
    body.extend_from_slice(b"]}");
    Ok(Reply::json(StatusCode::OK, body))
}

fn run(db: &Db, outer: &Request, item: &Item<'_>, position: usize) -> (Method, Reply) {
    let request_id = format!("{}.{position}", outer.request_id);
    let inner = match read_item(outer, item, &request_id) {
        Ok(inner) => inner,
        Err(problem) => return (Method::GET, problem.into_reply(&request_id, outer.version)),
    };
    let reply = match Target::parse(&inner.path) {
        Ok(Target::Batch) => Problem::new(Kind::BadRequest, "A batch cannot hold a batch.")
            .into_reply(&request_id, inner.version),
        _ => answer(db, &inner),
    };
    let (status, actor) = (reply.status.as_u16(), inner.actor.as_str());
    log(db.observer.as_ref(), &inner.method, &item.path, &inner.headers, status, actor, &request_id, true);
    (inner.method, reply)
}

/// An item as the request it stands for; actor and version are those of the batch.
fn read_item(outer: &Request, item: &Item<'_>, request_id: &str) -> Result<Request, Problem> {
    let bad = |words: &str| Problem::new(Kind::BadRequest, words);
    let method = Method::from_bytes(item.method.as_bytes()).map_err(|_| bad("The method is not one."))?;
    let path = item.path.split('#').next().unwrap_or_default();
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let mut headers = HeaderMap::new();
    for (name, value) in &item.headers {
        let name = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| bad("A header has a name that is not one."))?;
        let value = HeaderValue::from_bytes(value.as_bytes())
            .map_err(|_| bad("A header has a value that is not one."))?;
        headers.insert(name, value);
    }
    let body = match (item.body, item.encoding.as_deref()) {
        (None, _) => Bytes::new(),
        (Some(raw), None) => Bytes::copy_from_slice(raw.get().as_bytes()),
        (Some(raw), Some("base64")) => serde_json::from_str::<String>(raw.get())
            .ok()
            .and_then(|text| BASE64_STANDARD.decode(text).ok())
            .map(Bytes::from)
            .ok_or_else(|| bad("The body is not base64 in a string."))?,
        (Some(_), Some(_)) => return Err(bad("The only encoding is base64.")),
    };
    Ok(Request {
        method,
        path: path.to_owned(),
        query: query.to_owned(),
        headers,
        body,
        actor: outer.actor.clone(),
        request_id: request_id.to_owned(),
        at_ms: outer.at_ms,
        version: outer.version,
    })
}

fn write_reply(out: &mut Vec<u8>, method: &Method, reply: &Reply) {
    let headers: Vec<String> = reply
        .headers
        .iter()
        .filter_map(|(name, value)| {
            Some(format!("{}:{}", json_string(name.as_str()), json_string(value.to_str().ok()?)))
        })
        .collect();
    let head = format!("{{\"status\":{},\"headers\":{{{}}}", reply.status.as_u16(), headers.join(","));
    out.extend_from_slice(head.as_bytes());
    if !reply.body.is_empty() && method != Method::HEAD {
        if is_plain_json(reply) {
            out.extend_from_slice(b",\"body\":");
            out.extend_from_slice(&reply.body);
        } else {
            let text = BASE64_STANDARD.encode(&reply.body);
            out.extend_from_slice(format!(",\"encoding\":\"base64\",\"body\":\"{text}\"").as_bytes());
        }
    }
    out.push(b'}');
}

/// Whether the bytes can stand in the answer as they are, and be read out of it unchanged.
fn is_plain_json(reply: &Reply) -> bool {
    let media_type =
        reply.headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).map(essence).unwrap_or_default();
    let inner = |b: Option<&u8>| b.is_some_and(|b| !b.is_ascii_whitespace() && *b != 0xef);
    (media_type == "application/json" || media_type.ends_with("+json"))
        && inner(reply.body.first())
        && inner(reply.body.last())
}
