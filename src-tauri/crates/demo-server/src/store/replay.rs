//! Answers kept for `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header).

use std::collections::BTreeMap;

use bytes::Bytes;
use http::header::HeaderName;
use http::{HeaderMap, HeaderValue, StatusCode};
use rusqlite::{OptionalExtension, params};

use super::Db;
use crate::message::{Reply, Request};

/// How long an answer is kept.
const KEEP_MS: i64 = 24 * 60 * 60 * 1000;

/// What is known about a key.
#[derive(Debug)]
pub(crate) enum Known {
    /// Never seen (or long ago).
    New,
    /// The same request was answered like this.
    Answered(Box<Reply>),
    /// It came with another request.
    Other,
}

/// What makes two requests the same.
fn fingerprint(request: &Request) -> Vec<u8> {
    let mut hash = blake3::Hasher::new();
    for part in [
        request.method.as_str(),
        &request.path,
        &request.query,
        request.header("content-type").unwrap_or_default(),
        request.header("if-match").unwrap_or_default(),
        request.header("if-none-match").unwrap_or_default(),
    ] {
        hash.update(&part.len().to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.update(&request.body);
    hash.finalize().as_bytes().to_vec()
}

/// Looks a key up.
pub(crate) fn find(db: &Db, key: &str, request: &Request) -> rusqlite::Result<Known> {
    let found = db
        .prepare("SELECT fingerprint, status, headers, body FROM replays WHERE actor = ?1 AND key = ?2 AND at_ms > ?3")?
        .query_row(params![request.actor, key, request.at_ms - KEEP_MS], |row| {
            Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, u16>(1)?, row.get::<_, String>(2)?, row.get::<_, Vec<u8>>(3)?))
        })
        .optional()?;
    let Some((seen, status, headers, body)) = found else { return Ok(Known::New) };
    if seen != fingerprint(request) {
        return Ok(Known::Other);
    }
    let mut reply = Reply::empty(StatusCode::from_u16(status).unwrap_or(StatusCode::OK));
    reply.body = Bytes::from(body);
    reply.headers = read_headers(&headers);
    Ok(Known::Answered(Box::new(reply)))
}

/// Keeps an answer, and forgets old ones.
pub(crate) fn keep(db: &Db, key: &str, request: &Request, reply: &Reply) -> rusqlite::Result<()> {
    db.prepare("DELETE FROM replays WHERE at_ms <= ?1")?.execute([request.at_ms - KEEP_MS])?;
    db.prepare(
        "INSERT INTO replays (actor, key, at_ms, fingerprint, status, headers, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        request.actor,
        key,
        request.at_ms,
        fingerprint(request),
        reply.status.as_u16(),
        write_headers(&reply.headers),
        &reply.body[..]
    ])
    .map(drop)
}

fn write_headers(headers: &HeaderMap) -> String {
    let map: BTreeMap<&str, &str> =
        headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?))).collect();
    serde_json::to_string(&map).unwrap_or_else(|_| "{}".to_owned())
}

fn read_headers(text: &str) -> HeaderMap {
    let map: BTreeMap<String, String> = serde_json::from_str(text).unwrap_or_default();
    map.iter()
        .filter_map(|(name, value)| {
            Some((HeaderName::from_bytes(name.as_bytes()).ok()?, HeaderValue::from_str(value).ok()?))
        })
        .collect()
}
