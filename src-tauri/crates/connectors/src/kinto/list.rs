//! Listings: all records in the order of their changes, or what changed since a timestamp.

use super::{Kinto, validator};
use crate::cursor::Cursor;
use crate::envelope::{self, Object};
use crate::{Answer, BuildError, Failed, Item, ItemWhat, ListOutcome, PageNext, Request, Response, judge};
use sync_engine::{Body, RemoteId, Timestamp, Version};
use url::Url;

/// Records on a page.
const PAGE: &str = "1000";

impl Kinto {
    pub(super) fn build_list(&self, collection: &str, cursor: &Cursor) -> Result<Request, BuildError> {
        let mut url = self.records(collection)?;
        if let Some(query) = cursor.page.as_deref() {
            url.set_query(Some(query));
            return Ok(self.get(url));
        }
        // In the order of changes nothing is missed: what changes between two pages comes again on a later one.
        url.query_pairs_mut().append_pair("_sort", "last_modified").append_pair("_limit", PAGE);
        if let Some(since) = &cursor.since {
            url.query_pairs_mut().append_pair("_since", &format!("\"{since}\""));
        }
        let mut request = self.get(url);
        if let Some(since) = &cursor.since {
            request.headers.push(("If-None-Match".to_owned(), format!("\"{since}\"")));
        }
        Ok(request)
    }

    pub(super) fn judge_list(
        &self,
        collection: &str,
        mut cursor: Cursor,
        answer: &Answer,
        now: Timestamp,
    ) -> ListOutcome {
        let url = match self.build_list(collection, &cursor) {
            Ok(request) => request.url,
            Err(error) => return ListOutcome::Failed(Failed::Unknown { words: error.to_string() }),
        };
        let first = cursor.page.is_none();
        if first {
            cursor = Cursor { delta: cursor.since.is_some(), since: cursor.since, ..Cursor::default() };
        }
        if let Ok(response) = answer {
            match response.status {
                304 if first && cursor.delta => return ListOutcome::Unchanged,
                // The timestamp or token is none for this server any more.
                400 if cursor.delta || !first => {
                    let words = crate::problem::Problem::of(response, &envelope::Pointer::default()).words;
                    return ListOutcome::CursorLost { words };
                }
                _ => {}
            }
        }
        let response = match judge::read_json(answer, now) {
            Ok(response) => response,
            Err(failed) => return ListOutcome::Failed(failed),
        };
        page(&url, cursor, first, response)
            .unwrap_or_else(|words| ListOutcome::Failed(Failed::Unknown { words }))
    }
}

fn page(url: &Url, mut cursor: Cursor, first: bool, response: &Response) -> Result<ListOutcome, String> {
    let raw = envelope::parse(&response.body)
        .map_err(|error| format!("The server's list is not valid JSON ({error})."))?;
    let list = Object::of(raw).and_then(|object| object.get("data")).and_then(envelope::elements);
    let list = list.ok_or("The server's answer is not a list of Kinto records.")?;
    let items: Vec<Item> = list
        .into_iter()
        .enumerate()
        .map(|(n, raw)| item(raw).ok_or_else(|| format!("Item {} of the server's list has no id.", n + 1)))
        .collect::<Result<_, String>>()?;
    if first {
        let stamp =
            timestamp(response).ok_or("The server's list has no timestamp (ETag), so it is not Kinto's.")?;
        if let Some(words) = lost(cursor.since.as_deref(), stamp, items.is_empty()) {
            return Ok(ListOutcome::CursorLost { words });
        }
        cursor.since = Some(stamp.to_string());
    }
    let total = response.header("total-objects").or_else(|| response.header("total-records"));
    let total = total.and_then(|text| text.parse().ok());
    let next = match response.header("next-page") {
        None => PageNext::Done { cursor: cursor.end().write(), complete: !cursor.delta },
        Some(link) => {
            let from = url.query().unwrap_or_default().to_owned();
            let query = next_query(url, link)?;
            if cursor.turn(&from, &query) {
                PageNext::More(cursor.write())
            } else {
                PageNext::Done { cursor: String::new(), complete: false }
            }
        }
    };
    Ok(ListOutcome::Page { items, next, total })
}

/// The query of the next page. Scheme, host and path are ours: behind a proxy Kinto often names the wrong ones.
fn next_query(url: &Url, link: &str) -> Result<String, String> {
    let next = url.join(link).map_err(|_| "The server's link to the next page is none.".to_owned())?;
    if !next.query_pairs().any(|(name, _)| name == "_token") {
        return Err("The server's link to the next page has no token.".to_owned());
    }
    Ok(next.query().unwrap_or_default().to_owned())
}

/// The list's timestamp: of the last change in the collection.
fn timestamp(response: &Response) -> Option<u64> {
    response.header("etag")?.strip_prefix('"')?.strip_suffix('"')?.parse().ok()
}

/// Signs that the timestamp asked for is from another life of the collection.
fn lost(since: Option<&str>, now: u64, empty: bool) -> Option<String> {
    let since: u64 = since?.parse().ok()?;
    if now < since {
        return Some(
            "The collection on the server is older than what was read before: it was restored or emptied."
                .to_owned(),
        );
    }
    // A timestamp moves only with a record or a tombstone, and that would have been listed.
    if now > since && empty {
        return Some(
            "The collection changed without naming what changed: it was emptied or made anew.".to_owned(),
        );
    }
    None
}

fn item(raw: &serde_json::value::RawValue) -> Option<Item> {
    let record = Object::of(raw)?;
    let id = RemoteId(record.get("id").and_then(envelope::word).filter(|id| !id.is_empty())?);
    if record.get("deleted").is_some_and(|deleted| deleted.get() == "true") {
        return Some(Item { id, what: ItemWhat::Gone });
    }
    let validator = validator(&record);
    let what = match validator {
        Some(_) => ItemWhat::Present(Version { body: Body::json(raw.get().as_bytes()), validator }),
        None => ItemWhat::Stale(None),
    };
    Some(Item { id, what })
}
