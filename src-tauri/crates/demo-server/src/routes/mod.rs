//! From a request to its answer, on a database thread. Items of a batch come the same way.

mod batch;
mod collections;
mod fields;
mod history;
mod lists;
mod patch;
mod records;
mod root;

pub(crate) use lists::{Delta, delta};

use http::header::{ALLOW, ETAG, HeaderName};
use http::{Method, StatusCode};

use crate::document::essence;
use crate::message::{Reply, Request};
use crate::problem::{Fail, Kind, Problem};
use crate::store::collections::Collection;
use crate::store::{Db, collections as table, replay};
use crate::target::Target;

/// Header that asks for a dry run, and marks the answer of one.
const DRY_RUN: HeaderName = HeaderName::from_static("dry-run");
/// Marks an answer given from memory.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Says which preference was followed (RFC 7240).
const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");
/// Longest `Idempotency-Key`, in bytes.
const MAX_KEY: usize = 255;

/// The answer to a request.
pub(crate) fn answer(db: &Db, request: &Request) -> Reply {
    let mut reply = outcome(db, request).unwrap_or_else(|fail| fail.into_reply(request));
    if request.headers.contains_key(DRY_RUN) {
        reply = reply.header(DRY_RUN, "true");
    }
    reply
}

fn outcome(db: &Db, request: &Request) -> Result<Reply, Fail> {
    let target = Target::parse(&request.path)?;
    let methods = target.methods();
    if !methods.contains(&request.method.as_str()) {
        return Err(Problem::method(&methods.join(", ")).into());
    }
    if request.method == Method::OPTIONS {
        let reply = Reply::empty(StatusCode::NO_CONTENT).header(ALLOW, &methods.join(", "));
        return Ok(match target {
            Target::Record(..) => reply.header(patch::ACCEPT_PATCH, patch::ACCEPTED),
            _ => reply,
        });
    }
    if !request.is_write() {
        return db.scope(|db| read(db, &target, request), |_| true);
    }
    let dry = is_dry_run(request)?;
    let key = idempotency_key(request)?.filter(|_| !dry);
    if let Some(key) = key {
        match replay::find(db, key, request)? {
            replay::Known::New => {}
            replay::Known::Answered(reply) => return Ok(reply.header(REPLAYED, "true")),
            replay::Known::Other => {
                let words = "Take a new key for a new request; this one belongs to another request.";
                return Err(Problem::new(Kind::KeyReused, words).into());
            }
        }
    }
    let work = |db: &Db| {
        let reply = write(db, &target, request)?;
        if let Some(key) = key {
            // Only a success is kept: after a refusal the same key may come again with the cause removed.
            replay::keep(db, key, request, &reply)?;
        }
        Ok(reply)
    };
    let reply = db.scope(work, |_| !dry)?;
    Ok(if dry { dry_reply(&reply) } else { reply })
}

fn read(db: &Db, target: &Target, request: &Request) -> Result<Reply, Fail> {
    match target {
        Target::Root => Ok(root::root()),
        Target::OpenApi => root::openapi(request),
        Target::Profile => root::profile(request),
        Target::Collections => collections::list(db, request),
        Target::Collection(c) => collections::get(db, request, c),
        Target::Schema(c) => collections::get_schema(db, request, c),
        Target::Records(c) => lists::records(db, request, c),
        Target::Changes(c) => lists::changes(db, request, c),
        Target::Record(c, id) => records::get(db, request, c, id),
        Target::History(c, id) => history::get(db, c, id),
        Target::Field(c, id, name) => fields::get(db, request, c, id, name),
        Target::Batch => Err(Problem::method("POST, OPTIONS").into()),
    }
}

fn write(db: &Db, target: &Target, request: &Request) -> Result<Reply, Fail> {
    match (target, request.method.as_str()) {
        (Target::Batch, "POST") => batch::post(db, request),
        (Target::Collection(c), "PUT") => collections::put(db, request, c),
        (Target::Schema(c), "PUT") => collections::put_schema(db, request, c),
        (Target::Records(c), "POST") => records::post(db, request, c),
        (Target::Record(c, id), "PUT") => records::put(db, request, c, id),
        (Target::Record(c, id), "PATCH") => patch::patch(db, request, c, id),
        (Target::Record(c, id), "DELETE") => records::delete(db, request, c, id),
        (Target::Field(c, id, name), "PUT") => fields::put(db, request, c, id, name),
        (Target::Field(c, id, name), "DELETE") => fields::delete(db, request, c, id, name),
        _ => Err(Problem::method(&target.methods().join(", ")).into()),
    }
}

/// The collection, or 404 that says how to make it.
pub(crate) fn find_collection(db: &Db, name: &str) -> Result<Collection, Fail> {
    table::load(db, name)?.ok_or_else(|| {
        let words = format!("There is no collection {name:?}. PUT /collections/NAME makes one.");
        Problem::new(Kind::NotFound, words).into()
    })
}

/// Whether the request is a dry run.
pub(crate) fn is_dry_run(request: &Request) -> Result<bool, Problem> {
    match request.headers.get(DRY_RUN).map(|value| value.as_bytes()) {
        None | Some(b"false") => Ok(false),
        Some(b"true") => Ok(true),
        // Guessing here could turn a question into a write.
        Some(_) => Err(Problem::new(Kind::BadRequest, "Dry-Run must be true or false.")),
    }
}

/// What a dry run would have answered, in a form that nobody can take for a write: no `ETag`, status 200.
fn dry_reply(would: &Reply) -> Reply {
    let media_type =
        would.headers.get(http::header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let mut body = format!("{{\"dry_run\":true,\"status\":{}", would.status.as_u16()).into_bytes();
    if !would.body.is_empty() && essence(media_type) == "application/json" {
        body.extend_from_slice(b",\"record\":");
        body.extend_from_slice(crate::document::json_text(&would.body));
    }
    body.push(b'}');
    Reply::json(StatusCode::OK, body)
}

/// The `Idempotency-Key` of a request; the quotes of the draft's syntax may be left out.
pub(crate) fn idempotency_key(request: &Request) -> Result<Option<&str>, Problem> {
    let Some(value) = request.headers.get("idempotency-key") else { return Ok(None) };
    match value.to_str().map(|text| text.trim().trim_matches('"')) {
        Ok(key) if !key.is_empty() && key.len() <= MAX_KEY => Ok(Some(key)),
        _ => Err(Problem::new(Kind::BadRequest, "Idempotency-Key must be 1 to 255 ASCII characters.")),
    }
}

/// Whether a write should answer with the representation: as `Prefer` says, else as is usual for the method. A dry run
/// always shows it.
fn wants_representation(request: &Request, usual: bool) -> bool {
    if request.headers.get(DRY_RUN).is_some_and(|v| v.as_bytes() == b"true")
        || request.prefers("representation")
    {
        return true;
    }
    usual && !request.prefers("minimal")
}

/// Marks the preference that was followed.
fn preferred(reply: Reply, request: &Request) -> Reply {
    for wanted in ["representation", "minimal"] {
        if request.prefers(wanted) {
            return reply.header(PREFERENCE_APPLIED, &format!("return={wanted}"));
        }
    }
    reply
}

/// 304 with the tag.
fn not_modified(tag: &str) -> Reply {
    Reply::empty(StatusCode::NOT_MODIFIED).header(ETAG, tag)
}
