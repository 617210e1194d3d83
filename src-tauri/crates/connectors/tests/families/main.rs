//! What the protocol cases do not show: unusual profiles, discovery, limits, and answers made of noise.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // a failed check stops a test

mod discovery;
mod noise;
mod profiles;

use connectors::{Answer, Connector, Response, connector};
use http::{HeaderMap, HeaderName, HeaderValue};
use sync_engine::{Body, Precondition, RemoteId, Timestamp, Validator, ValidatorProfile, Write};

pub(crate) const NOW: Timestamp = Timestamp(0);

/// A service in the style of Eve: tags inside the record, everything wrapped, tokens for pages, a cursor in a header.
pub(crate) const WRAPPED: &str = r#"
[headers]
X-Tenant = "club"
[records]
url = "{collection}/{id}/whole"
create_url = "new/{collection}"
create = "post"
record = "/data/item"
answer = "record"
id = "/_id"
server_kept = ["/_id", "/_etag", "_updated"]
conflict = "refused"
confirm = true
author = "/_by/name"
time = "/_updated"
[validator]
member = "/_etag"
[current]
record = "/existing"
[list]
url = "{collection}"
items = ["/items", "/data"]
id = ["/_id", "/key"]
etag = "/_etag"
etag_quoted = false
record = ""
deleted = "/_deleted"
[paging]
token = "/page/next"
token_parameter = "page_token"
[delta]
url = "{collection}/changes"
parameter = "after"
cursor_header = "X-Cursor"
[schema]
url = "{collection}/schema"
schema = "/definition"
[history]
url = "{collection}/{id}/log"
lines = "/log"
at = "/when"
actor = "/who/name"
changed = "/fields"
"#;

pub(crate) fn wrapped() -> Box<dyn Connector> {
    connector("rest", "http://h.example/", Some(WRAPPED)).unwrap()
}

pub(crate) fn kinto() -> Box<dyn Connector> {
    connector("kinto", "http://h.example/", None).unwrap()
}

pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap());
    }
    Ok(Response { status, headers: map, body: body.as_bytes().into() })
}

pub(crate) fn json(body: &str) -> Answer {
    answer(200, &[("content-type", "application/json")], body)
}

pub(crate) fn change(id: &str, body: &str) -> Write {
    let tag = Validator::new("\"1\"").unwrap();
    let usable = ValidatorProfile::default().admit(&tag).unwrap();
    Write::Replace {
        id: RemoteId(id.to_owned()),
        body: Body::json(body.as_bytes()),
        precondition: Precondition::IfMatch(usable),
    }
}
