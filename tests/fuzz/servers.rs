//! What comes from a server or from its people: profiles, and answers of any kind.

use crate::targets::parts;
use connectors::{
    Connector, DEFAULT_PROFILE, Discovery, ListOutcome, REFERENCE_PROFILE, Response, connector,
    well_known_answer,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use sync_engine::{Body, Precondition, Read, RemoteId, Timestamp, Validator, ValidatorProfile, Write};

const ADDRESS: &str = "https://records.example/v1/";

/// A profile is refused with words, or makes requests that stay at its server.
pub fn profile(bytes: &[u8]) {
    let [profile, id, collection, _] = parts(bytes);
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    let made = match connector("rest", ADDRESS, Some(&text(profile))) {
        Ok(made) => made,
        Err(refused) => return assert!(refused.to_string().len() > 15, "{refused}"),
    };
    let (id, collection) = (RemoteId(text(id)), text(collection));
    let read = Read { id: id.clone() };
    let requests = [
        made.read(&collection, &read).ok(),
        made.write(&collection, &write(id.clone()), false).ok(),
        made.write(&collection, &write(id.clone()), true).ok().filter(|_| made.offers_dry_run()),
        made.list(&collection, None).ok(),
        made.schema(&collection),
        made.history(&collection, &id),
        Some(made.discover()),
    ];
    for request in requests.into_iter().flatten() {
        assert_eq!(request.url.origin(), made.base().origin(), "{request:?}");
        for (name, value) in &request.headers {
            assert!(
                HeaderName::try_from(name).is_ok() && HeaderValue::try_from(value).is_ok(),
                "{request:?}"
            );
        }
        if request.is_write() && request.method != http::Method::POST {
            assert!(request.header("If-Match").is_some(), "{request:?}");
        }
    }
}

/// A change of what was read as version "1".
fn write(id: RemoteId) -> Write {
    let mark = ValidatorProfile::default().admit(&Validator::new("\"1\"").unwrap()).unwrap();
    Write::Replace { id, body: Body::json(*b"{\"a\":1}"), precondition: Precondition::IfMatch(mark) }
}

/// Status, media type, headers and body of an answer: any bytes. No family minds, and nothing that is not there is found.
pub fn answers(bytes: &[u8]) {
    let Some(([how, status, kind], rest)) = bytes.split_first_chunk() else { return };
    let [headers, cursor, body] = {
        let mut all = rest.splitn(3, |byte| *byte == 0);
        [(); 3].map(|()| all.next().unwrap_or_default())
    };
    let kinto = connector("kinto", ADDRESS, None).unwrap();
    let rest = |profile| connector("rest", ADDRESS, Some(profile)).unwrap();
    let mut family = match how % 3 {
        0 => rest(DEFAULT_PROFILE),
        1 => rest(REFERENCE_PROFILE),
        _ => kinto,
    };
    let answer =
        Ok(Response { status: number(*status), headers: self::headers(*kind, headers), body: body.into() });
    family.learn(&answer);
    everything(&*family, &answer, &String::from_utf8_lossy(cursor));
}

fn number(byte: u8) -> u16 {
    const USUAL: [u16; 24] = [
        200, 201, 202, 204, 206, 207, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 409, 410, 412,
        413, 428, 429, 503,
    ];
    USUAL.get(usize::from(byte)).copied().unwrap_or(100 + u16::from(byte) * 2)
}

/// Lines `Name: value`; those that no connection would let through are left out.
fn headers(kind: u8, text: &[u8]) -> HeaderMap {
    const KINDS: [&str; 6] = [
        "application/json",
        "application/problem+json",
        "text/html",
        "text/vcard",
        "text/calendar",
        "text/plain",
    ];
    let mut headers = HeaderMap::new();
    if let Some(kind) = KINDS.get(usize::from(kind)) {
        headers.insert("content-type", HeaderValue::from_static(kind));
    }
    for line in text.split(|byte| *byte == b'\n') {
        let mut halves = line.splitn(2, |byte| *byte == b':');
        let (name, value) = (halves.next().unwrap_or_default(), halves.next().unwrap_or_default());
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name), HeaderValue::from_bytes(value.trim_ascii()))
        {
            headers.append(name, value);
        }
    }
    headers
}

fn everything(family: &dyn Connector, answer: &connectors::Answer, cursor: &str) {
    let now = Timestamp(1_700_000_000_000);
    let read = Read { id: RemoteId("a".to_owned()) };
    family.did_read("c", &read, answer, now);
    let unprotected = answer.as_ref().is_ok_and(|response| !(200..300).contains(&response.status));
    let wrote = family.wrote("c", &write(read.id.clone()), answer, now);
    if unprotected {
        let words = format!("{wrote:?}");
        assert!(!words.starts_with("Applied"), "{words} for {answer:?}");
    }
    family.dry_run_answer("c", &write(read.id.clone()), answer, now);
    for cursor in [None, Some(cursor)] {
        if family.list("c", cursor).is_err() {
            continue;
        }
        if let ListOutcome::Page { next, .. } = family.listed("c", cursor, answer, now) {
            let again = family.list("c", Some(next.cursor()));
            if let Ok(request) = again {
                assert_eq!(request.url.origin(), family.base().origin(), "{request:?}");
            }
        }
    }
    if let Discovery::Step { more, .. } = family.discovered(&family.discover(), answer, now) {
        assert!(more.iter().all(|request| request.url.origin() == family.base().origin()), "{more:?}");
    }
    let schema = family.schema_answer(answer);
    if let Ok(response) = answer {
        let body = Body::new(response.body.clone(), response.essence());
        family.stamp(&body);
        family.scratch(schema.as_deref(), Some(&body));
        family.scratch(std::str::from_utf8(&response.body).ok(), None);
    }
    drop(family.history_answer(answer, now));
    let one = write(RemoteId("a".to_owned()));
    family.batched(&[("c", &one), ("c", &one)], answer, now);
    connectors::not_before(answer, now);
    well_known_answer(answer, now);
}
