//! Lists: pages of records, and what changed since a cursor.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::StatusCode;
use http::header::LINK;

use super::{find_collection, not_modified};
use crate::MAX_PAGE;
use crate::etag::quoted;
use crate::message::{Reply, Request, json_string};
use crate::precondition::Preconditions;
use crate::problem::{Fail, Kind, Problem};
use crate::query::{number, parameter};
use crate::store::Db;
use crate::store::collections::Collection;
use crate::store::records::{Line, Span, scan};

/// Items on a page that names no limit.
const USUAL_PAGE: usize = 200;
/// Bytes after which a page ends early, so that it stays far below what clients accept.
const PAGE_BYTES: usize = 16 * 1024 * 1024;

/// GET `/collections/{c}/records`: pages by id, or with `since` what changed after a cursor.
pub(super) fn records(db: &Db, request: &Request, c: &str) -> Result<Reply, Fail> {
    let collection = find_collection(db, c)?;
    let limit = number(&request.query, "limit", 1, MAX_PAGE, USUAL_PAGE)?;
    let tag = quoted(&collection.list_tag(), false);
    if Preconditions::of(&request.headers)?.seen(Some(&collection.list_tag())) {
        return Ok(not_modified(&tag));
    }
    if let Some(since) = parameter(&request.query, "since")? {
        let since = read_cursor(&collection, &since)?;
        return Ok(delta_page(db, &collection, since, limit)?.etag(&tag));
    }
    let (cursor, after) = match parameter(&request.query, "next")? {
        Some(token) => read_token(&token)?,
        None => (collection.cursor(), String::new()),
    };
    let page = collect(db, &collection, &Span::AfterId(after), limit)?;
    let next = page.more.then(|| {
        let token = BASE64_URL_SAFE_NO_PAD.encode(format!("{cursor}:{}", page.last_id));
        format!("?limit={limit}&next={token}")
    });
    // The cursor of the first page goes through all of them: what changes while pages are read comes after it.
    Ok(page_reply(page.items, next, &cursor, Some(collection.count)).etag(&tag))
}

/// GET `/collections/{c}/changes?since=`: the same lines as the list with `since`, from the beginning if it is missing.
pub(super) fn changes(db: &Db, request: &Request, c: &str) -> Result<Reply, Fail> {
    let collection = find_collection(db, c)?;
    let limit = number(&request.query, "limit", 1, MAX_PAGE, USUAL_PAGE)?;
    let tag = quoted(&collection.list_tag(), false);
    let since = match parameter(&request.query, "since")? {
        Some(text) => read_cursor(&collection, &text)?,
        None => 0,
    };
    if Preconditions::of(&request.headers)?.seen(Some(&collection.list_tag())) {
        return Ok(not_modified(&tag));
    }
    Ok(delta_page(db, &collection, since, limit)?.etag(&tag))
}

/// What changed after a number, for the change stream.
pub(crate) struct Delta {
    /// In order.
    pub items: Vec<Change>,
    /// Cursor after the last item.
    pub cursor: String,
}

/// One item of the change stream.
pub(crate) struct Change {
    /// Cursor after it.
    pub cursor: String,
    /// The item as in a list.
    pub item: Vec<u8>,
    /// The same without the document.
    pub head: Vec<u8>,
}

/// Reads changes for the change stream; `since` is a cursor or `None` for "from now on".
pub(crate) fn delta(db: &Db, c: &str, since: Option<&str>, limit: usize) -> Result<Delta, Fail> {
    db.scope(
        |db| {
            let collection = find_collection(db, c)?;
            let mut seq = match since {
                Some(text) => read_cursor(&collection, text)?,
                None => collection.seq,
            };
            let mut delta = Delta { items: Vec::new(), cursor: String::new() };
            scan(db, collection.key, &Span::AfterSeq(seq), limit, |line| {
                let (mut item, mut head) = (Vec::new(), Vec::new());
                write_item(&mut item, &collection, &line);
                write_item(&mut head, &collection, &Line { body: None, ..line });
                seq = line.seq;
                delta.items.push(Change { cursor: collection.cursor_at(seq), item, head });
                true
            })?;
            delta.cursor = collection.cursor_at(seq);
            Ok(delta)
        },
        |_| true,
    )
}

fn delta_page(db: &Db, collection: &Collection, since: i64, limit: usize) -> Result<Reply, Fail> {
    let page = collect(db, collection, &Span::AfterSeq(since), limit)?;
    let cursor = if page.more { collection.cursor_at(page.last_seq) } else { collection.cursor() };
    let next = page.more.then(|| format!("?limit={limit}&since={cursor}"));
    Ok(page_reply(page.items, next, &cursor, None))
}

#[derive(Default)]
struct Page {
    items: Vec<u8>,
    last_id: String,
    last_seq: i64,
    more: bool,
}

fn collect(db: &Db, collection: &Collection, span: &Span, limit: usize) -> rusqlite::Result<Page> {
    let mut page = Page::default();
    let mut count = 0;
    // One line more than asked tells whether there is another page.
    scan(db, collection.key, span, limit + 1, |line| {
        let size = line.body.map_or(0, <[u8]>::len);
        if count > 0 && (count == limit || page.items.len() + size > PAGE_BYTES) {
            page.more = true;
            return false;
        }
        if count > 0 {
            page.items.push(b',');
        }
        write_item(&mut page.items, collection, &line);
        page.last_id.clear();
        page.last_id.push_str(line.id);
        page.last_seq = line.seq;
        count += 1;
        true
    })?;
    Ok(page)
}

fn write_item(out: &mut Vec<u8>, collection: &Collection, line: &Line<'_>) {
    let id = json_string(line.id);
    let tag = json_string(&quoted(line.tag, collection.weak()));
    let head = if line.deleted {
        format!("{{\"id\":{id},\"seq\":{},\"deleted\":true", line.seq)
    } else {
        format!("{{\"id\":{id},\"etag\":{tag},\"seq\":{}", line.seq)
    };
    out.extend_from_slice(head.as_bytes());
    if let Some(body) = line.body {
        out.extend_from_slice(b",\"record\":");
        out.extend_from_slice(body);
    }
    out.push(b'}');
}

fn page_reply(items: Vec<u8>, next: Option<String>, cursor: &str, total: Option<i64>) -> Reply {
    let mut body = Vec::with_capacity(items.len() + 200);
    body.extend_from_slice(b"{\"items\":[");
    body.extend_from_slice(&items);
    body.extend_from_slice(format!("],\"cursor\":{}", json_string(cursor)).as_bytes());
    if let Some(total) = total {
        body.extend_from_slice(format!(",\"total\":{total}").as_bytes());
    }
    if let Some(next) = &next {
        body.extend_from_slice(format!(",\"next\":{}", json_string(next)).as_bytes());
    }
    body.push(b'}');
    let reply = Reply::json(StatusCode::OK, body);
    match next {
        Some(next) => reply.header(LINK, &format!("<{next}>; rel=\"next\"")),
        None => reply,
    }
}

/// A cursor is `EPOCH-NUMBER`; a bare number is taken too, without the check that it is from this life of the list.
fn read_cursor(collection: &Collection, text: &str) -> Result<i64, Problem> {
    let (epoch, number) = match text.rsplit_once('-') {
        Some((epoch, number)) => (Some(epoch), number),
        None => (None, text),
    };
    let seq: i64 = number.parse().ok().filter(|n| *n >= 0).ok_or_else(|| {
        Problem::new(Kind::BadRequest, "since must be a cursor from a list, or 0 for everything.")
    })?;
    if epoch.is_some_and(|epoch| epoch != collection.epoch) || seq > collection.seq {
        let words = "The collection was made anew since this cursor was given. Read the whole list again.";
        return Err(Problem::new(Kind::CursorUnknown, words));
    }
    Ok(seq)
}

fn read_token(token: &str) -> Result<(String, String), Problem> {
    BASE64_URL_SAFE_NO_PAD
        .decode(token)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .and_then(|text| text.split_once(':').map(|(cursor, id)| (cursor.to_owned(), id.to_owned())))
        .ok_or_else(|| {
            Problem::new(Kind::BadRequest, "next must be taken from the page before. Start without it.")
        })
}
