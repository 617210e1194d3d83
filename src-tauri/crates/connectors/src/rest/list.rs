//! Listings of a REST service: pages, and what changed since a cursor.

use super::Rest;
use super::profile::{Covers, Take};
use crate::cursor::Cursor;
use crate::envelope::{self, Root};
use crate::{Answer, BuildError, Failed, Item, ItemWhat, ListOutcome, PageNext, Request, Response, judge};
use http::Method;
use serde_json::value::RawValue;
use sync_engine::{Body, RemoteId, Timestamp, Version};
use url::Url;

impl Rest {
    /// The delta this cursor asks for, if the profile has deltas and the cursor is at the start of one.
    fn delta_from<'a>(&self, cursor: &'a Cursor) -> Option<&'a str> {
        self.profile.delta.as_ref().and(cursor.since.as_deref()).filter(|_| cursor.page.is_none())
    }

    fn start_url(&self, collection: &str, cursor: &Cursor) -> Result<Url, BuildError> {
        let profile = &self.profile;
        let since = self.delta_from(cursor);
        let template = match (&profile.delta, since) {
            (Some(delta), Some(_)) => &delta.url,
            _ => &profile.list.url,
        };
        let mut url = self.base.below(&template.fill(collection, None)?)?;
        if let Some((name, limit)) = &profile.paging.limit {
            url.query_pairs_mut().append_pair(name, &limit.to_string());
        }
        if let (Some(delta), Some(since)) = (&profile.delta, since) {
            url.query_pairs_mut().append_pair(&delta.parameter, since);
        }
        Ok(url)
    }

    pub(super) fn build_list(&self, collection: &str, cursor: &Cursor) -> Result<Request, BuildError> {
        let start = self.start_url(collection, cursor)?;
        // A stored page of another server can only come from a changed address: begin again.
        let page = cursor.page.as_deref().and_then(|page| self.base.link(&start, page).ok());
        let first = page.is_none();
        let mut request = self.request(Method::GET, page.unwrap_or(start), "application/json");
        if let Some(etag) =
            cursor.etag.as_deref().filter(|_| first && self.profile.list.covers != Covers::None)
        {
            request.headers.push(("If-None-Match".to_owned(), etag.to_owned()));
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
        let request = match self.build_list(collection, &cursor) {
            Ok(request) => request,
            Err(error) => return ListOutcome::Failed(Failed::Unknown { words: error.to_string() }),
        };
        let first = cursor.page.is_none();
        let since = self.delta_from(&cursor).map(str::to_owned);
        if first {
            // What the pages of a former listing knew does not hold for this one.
            cursor = Cursor { delta: since.is_some(), since, etag: cursor.etag, ..Cursor::default() };
        }
        if let Some(outcome) = self.judge_status(&request, &cursor, answer) {
            return outcome;
        }
        let response = match judge::read_json(answer, now) {
            Ok(response) => response,
            Err(failed) => return ListOutcome::Failed(failed),
        };
        match self.page(&request.url, cursor, first, response) {
            Ok(page) => page,
            Err(words) => ListOutcome::Failed(Failed::Unknown { words }),
        }
    }

    /// 304, and the answers that mean a lost cursor.
    fn judge_status(&self, request: &Request, cursor: &Cursor, answer: &Answer) -> Option<ListOutcome> {
        let response = answer.as_ref().ok()?;
        if response.status == 304 && request.header("If-None-Match").is_some() {
            return Some(ListOutcome::Unchanged);
        }
        let delta = self.profile.delta.as_ref().filter(|_| cursor.delta)?;
        if !delta.lost.contains(&response.status) {
            return None;
        }
        let words = crate::problem::Problem::of(response, &envelope::Pointer::default()).words;
        Some(ListOutcome::CursorLost { words })
    }

    fn page(
        &self,
        url: &Url,
        mut cursor: Cursor,
        first: bool,
        response: &Response,
    ) -> Result<ListOutcome, String> {
        let profile = &self.profile;
        let root = Root::parse(&response.body)
            .map_err(|error| format!("The server's list is not valid JSON ({error})."))?;
        let list = profile.list.items.iter().find_map(|at| root.at(at).and_then(envelope::elements));
        let list = list.ok_or(
            "The server's answer does not look like a list of records. Check the collection's name.",
        )?;
        let items: Vec<Item> = list
            .into_iter()
            .enumerate()
            .map(|(n, item)| {
                self.item(item).ok_or_else(|| format!("Item {} of the server's list has no id.", n + 1))
            })
            .collect::<Result<_, String>>()?;
        let total = profile.list.total.as_ref().and_then(|at| root.at(at)).and_then(envelope::count);
        self.keep(&mut cursor, first, &root, response);
        let next = match self.next_page(url, &root, response)? {
            Some(next) if cursor.turn(url.as_str(), next.as_str()) => PageNext::More(cursor.write()),
            // In a circle: what was listed counts, what was not says nothing.
            Some(_) => PageNext::Done { cursor: String::new(), complete: false },
            None => {
                let complete = !cursor.delta && (cursor.pages == 0 || profile.paging.stable);
                if profile.list.covers == Covers::Page && cursor.pages > 0 {
                    // The first page's tag says nothing about the others.
                    cursor.etag = None;
                }
                PageNext::Done { cursor: cursor.end().write(), complete }
            }
        };
        Ok(ListOutcome::Page { items, next, total })
    }

    /// Takes over what the next listing begins with.
    fn keep(&self, cursor: &mut Cursor, first: bool, root: &Root<'_>, response: &Response) {
        let profile = &self.profile;
        if first {
            let tag = if profile.list.covers == Covers::None { None } else { judge::tag(response, "etag") };
            cursor.etag = tag.map(String::from);
        }
        let Some(delta) = &profile.delta else { return };
        // What changes between the pages of a whole listing comes after its first page.
        if first || (cursor.delta && delta.take == Take::Last) {
            let told = match (&delta.cursor, &delta.cursor_header) {
                (Some(at), _) => root.at(at).and_then(envelope::word),
                (None, Some(name)) => response.header(name).map(str::to_owned),
                (None, None) => None,
            };
            match told.filter(|text| !text.is_empty()) {
                Some(since) => cursor.since = Some(since),
                // A delta that names no new cursor goes on from the old one.
                None if cursor.delta => {}
                None => cursor.since = None,
            }
        }
    }

    fn item(&self, raw: &RawValue) -> Option<Item> {
        let list = &self.profile.list;
        let root = Root::of(raw);
        let at = |pointer: &envelope::Pointer| root.at(pointer);
        let id = list
            .id
            .iter()
            .find_map(|pointer| at(pointer).and_then(envelope::word))
            .filter(|id| !id.is_empty())?;
        let id = RemoteId(id);
        if list.deleted.as_ref().and_then(at).is_some_and(envelope::is_set) {
            return Some(Item { id, what: ItemWhat::Gone });
        }
        let validator = list
            .etag
            .as_ref()
            .and_then(at)
            .and_then(envelope::word)
            .and_then(|text| judge::body_tag(&text, list.etag_quoted));
        let what = match list.record.as_ref().and_then(at) {
            Some(record) => {
                ItemWhat::Present(Version { body: Body::json(record.get().as_bytes()), validator })
            }
            None => ItemWhat::Stale(validator),
        };
        Some(Item { id, what })
    }

    fn next_page(&self, url: &Url, root: &Root<'_>, response: &Response) -> Result<Option<Url>, String> {
        let paging = &self.profile.paging;
        if let Some((at, parameter)) = &paging.token {
            let token = root.at(at).and_then(envelope::word).filter(|token| !token.is_empty());
            return Ok(token.map(|token| with_parameter(url, parameter, &token)));
        }
        let named = paging
            .next
            .iter()
            .find_map(|at| root.at(at).and_then(envelope::text).filter(|text| !text.is_empty()));
        match named.or_else(|| link_header(response)) {
            Some(link) => self.base.link(url, &link).map(Some),
            None => Ok(None),
        }
    }
}

/// The same address with one parameter replaced.
fn with_parameter(url: &Url, name: &str, value: &str) -> Url {
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(own, _)| own != name)
        .map(|(n, v)| (n.into_owned(), v.into_owned()))
        .collect();
    let mut next = url.clone();
    next.query_pairs_mut().clear().extend_pairs(kept).append_pair(name, value);
    next
}

/// The link with `rel="next"` (RFC 8288).
fn link_header(response: &Response) -> Option<String> {
    response.headers.get_all("link").iter().filter_map(|value| value.to_str().ok()).find_map(|line| {
        let mut rest = line;
        while let Some((before, after)) = rest.split_once('<') {
            let _ = before;
            let (target, params) = after.split_once('>')?;
            let end = params.find(",<").or_else(|| params.find(", <")).unwrap_or(params.len());
            let own = params.get(..end).unwrap_or_default().to_ascii_lowercase();
            let is_next = own.split(';').any(|param| {
                param.trim().strip_prefix("rel=").is_some_and(|rel| {
                    rel.trim_matches('"').split_ascii_whitespace().any(|word| word == "next")
                })
            });
            if is_next {
                return Some(target.to_owned());
            }
            rest = params.get(end..).unwrap_or_default();
        }
        None
    })
}
