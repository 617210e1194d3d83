//! Records: `/collections/{c}/records/{id}`, and POST to the list.

use http::StatusCode;
use http::header::LOCATION;

use super::{find_collection, not_modified, preferred, wants_representation};
use crate::document::{Document, json_text};
use crate::etag::quoted;
use crate::members;
use crate::message::{Reply, Request};
use crate::precondition::{Guard, Preconditions};
use crate::problem::{Current, Fail, Kind, Problem};
use crate::store::collections::{Collection, Policy};
use crate::store::records::{Stored, Written, load, remove, write};
use crate::store::{Db, history};
use crate::target::{check_name, record_path};
use crate::validation;

/// GET and HEAD.
pub(super) fn get(db: &Db, request: &Request, c: &str, id: &str) -> Result<Reply, Fail> {
    let collection = find_collection(db, c)?;
    let pre = Preconditions::of(&request.headers)?;
    let stored = existing(load(db, collection.key, id)?)?;
    let tag = quoted(&stored.tag, collection.weak());
    if !pre.match_holds(Some(&stored.tag), collection.weak()) {
        return Err(refused(&collection, Some(&stored)).into());
    }
    if pre.seen(Some(&stored.tag)) {
        return Ok(not_modified(&tag));
    }
    Ok(Reply::with_body(StatusCode::OK, &stored.media_type, stored.body).etag(&tag))
}

/// PUT: replaces, or creates at an address of the client's choice.
pub(super) fn put(db: &Db, request: &Request, c: &str, id: &str) -> Result<Reply, Fail> {
    let collection = find_collection(db, c)?;
    let pre = demanded(request, &collection)?;
    let document = Document::of(request)?;
    let current = load(db, collection.key, id)?.filter(|stored| !stored.deleted);
    let change = Change { db, request, collection: &collection, id, current: current.as_ref(), pre: &pre };
    let written = change.store(&document)?;
    let status = if current.is_none() { StatusCode::CREATED } else { StatusCode::NO_CONTENT };
    Ok(written_reply(request, &collection, id, status, &written, &document, false))
}

/// POST to the list: the id is the document's own member `id`, else a new one.
pub(super) fn post(db: &Db, request: &Request, c: &str) -> Result<Reply, Fail> {
    let collection = find_collection(db, c)?;
    let document = Document::of(request)?;
    let id = match members::own_id(&document) {
        Some(id) => id,
        None => uuid::Uuid::new_v4().to_string(),
    };
    check_name(&id)?;
    let current = load(db, collection.key, &id)?.filter(|stored| !stored.deleted);
    if let Some(stored) = current {
        let words =
            format!("The id {id:?} is in use. Choose another, or change that record with PUT and If-Match.");
        return Err(Problem::new(Kind::AlreadyExists, words).with_current(here(&collection, &stored)).into());
    }
    let pre = Preconditions::default();
    let change = Change { db, request, collection: &collection, id: &id, current: None, pre: &pre };
    let written = change.store(&document)?;
    Ok(written_reply(request, &collection, &id, StatusCode::CREATED, &written, &document, false))
}

/// DELETE: leaves a tombstone.
pub(super) fn delete(db: &Db, request: &Request, c: &str, id: &str) -> Result<Reply, Fail> {
    let collection = find_collection(db, c)?;
    let pre = demanded(request, &collection)?;
    let stored = existing(load(db, collection.key, id)?)?;
    if !pre.hold(Some(&stored.tag), collection.weak()) {
        return Err(refused(&collection, Some(&stored)).into());
    }
    let guard = pre.guard(true, collection.weak());
    let Some(written) = remove(db, &collection, id, &guard)? else {
        return Err(refused(&collection, load(db, collection.key, id)?.as_ref()).into());
    };
    let from = quoted(&stored.tag, collection.weak());
    history::append(db, written.key, request, Some(&from), None, &[])?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

/// One change of one record, up to the statement that does it.
pub(super) struct Change<'a> {
    /// Database.
    pub db: &'a Db,
    /// The request.
    pub request: &'a Request,
    /// Where.
    pub collection: &'a Collection,
    /// Which.
    pub id: &'a str,
    /// What is there (never a tombstone).
    pub current: Option<&'a Stored>,
    /// Under which conditions.
    pub pre: &'a Preconditions,
}

impl Change<'_> {
    /// Checks preconditions and schema, stores, and writes the history.
    pub(super) fn store(&self, document: &Document) -> Result<Written, Fail> {
        let weak = self.collection.weak();
        if !self.pre.hold(self.current.map(|stored| stored.tag.as_str()), weak) {
            return Err(refused(self.collection, self.current).into());
        }
        self.store_guarded(document, &self.pre.guard(self.current.is_some(), weak))
    }

    /// The same for a caller who has checked the preconditions in a way of its own.
    pub(super) fn store_guarded(&self, document: &Document, guard: &Guard) -> Result<Written, Fail> {
        validation::check(self.db, self.collection, document)?;
        let Some(written) = write(self.db, self.collection, self.id, document, guard)? else {
            let now = load(self.db, self.collection.key, self.id)?;
            return Err(refused(self.collection, now.as_ref()).into());
        };
        let before = self.current.map(|stored| json_text(&stored.body));
        let changed = members::changed(before, document.text());
        let weak = self.collection.weak();
        let from = self.current.map(|stored| quoted(&stored.tag, weak));
        let to = quoted(&written.tag, weak);
        history::append(self.db, written.key, self.request, from.as_deref(), Some(&to), &changed)?;
        Ok(written)
    }
}

/// The preconditions of a write, which must protect unless the last write wins here.
pub(super) fn demanded(request: &Request, collection: &Collection) -> Result<Preconditions, Problem> {
    let pre = Preconditions::of(&request.headers)?;
    if collection.policy != Policy::LastWriteWins {
        pre.demand()?;
    }
    Ok(pre)
}

/// The record, 404 if it never was, 410 if it was deleted.
pub(super) fn existing(stored: Option<Stored>) -> Result<Stored, Problem> {
    match stored {
        Some(stored) if !stored.deleted => Ok(stored),
        Some(_) => {
            Err(Problem::new(Kind::Gone, "Its history is still at .../history.").with_current(Current::Gone))
        }
        None => Err(Problem::new(Kind::NotFound, "This collection has no record with this id.")
            .with_current(Current::Gone)),
    }
}

/// 412 with what is there now.
pub(super) fn refused(collection: &Collection, stored: Option<&Stored>) -> Problem {
    match stored.filter(|stored| !stored.deleted) {
        Some(stored) => Problem::new(
            Kind::PreconditionFailed,
            "Somebody changed it meanwhile. Compare your version with the current one and send If-Match with its ETag.",
        )
        .with_current(here(collection, stored)),
        None => Problem::new(
            Kind::PreconditionFailed,
            "It does not exist (any more). Send If-None-Match: * to create it.",
        )
        .with_current(Current::Gone),
    }
}

/// What a refusal tells about a record.
pub(super) fn here(collection: &Collection, stored: &Stored) -> Current {
    Current::Here {
        etag: quoted(&stored.tag, collection.weak()),
        body: stored.plain.then(|| stored.body.clone()),
    }
}

/// The answer to a write that was done.
pub(super) fn written_reply(
    request: &Request,
    collection: &Collection,
    id: &str,
    status: StatusCode,
    written: &Written,
    document: &Document,
    usual_representation: bool,
) -> Reply {
    let tag = quoted(&written.tag, collection.weak());
    let created = status == StatusCode::CREATED;
    let reply = if wants_representation(request, usual_representation) {
        let status = if created { status } else { StatusCode::OK };
        Reply::with_body(status, &document.media_type, document.body.clone())
    } else {
        Reply::empty(if created { status } else { StatusCode::NO_CONTENT })
    };
    let reply = preferred(reply.etag(&tag), request);
    if created {
        return reply.header(LOCATION, &record_path(&collection.name, id));
    }
    reply
}
