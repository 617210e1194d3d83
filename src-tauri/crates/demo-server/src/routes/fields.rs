//! `/collections/{c}/records/{id}/fields/{name}`: one top-level member with a tag of its own, so that two people who
//! change different members of a busy record do not refuse each other. A write splices; all other bytes stay.

use bytes::Bytes;
use http::StatusCode;
use record_merge::json::Document as Tree;
use record_merge::{Operation, Path, Token, apply};

use super::records::{Change, demanded, existing, here};
use super::{find_collection, not_modified, preferred, wants_representation};
use crate::document::{Document, json_text};
use crate::etag::{field_opaque, quoted};
use crate::message::{Reply, Request};
use crate::precondition::{Guard, Preconditions};
use crate::problem::{Current, Fail, Kind, Problem};
use crate::store::Db;
use crate::store::collections::Collection;
use crate::store::records::{Stored, load};

/// GET and HEAD: the member's value as it is spelled in the record.
pub(super) fn get(db: &Db, request: &Request, c: &str, id: &str, name: &str) -> Result<Reply, Fail> {
    let collection = find_collection(db, c)?;
    let stored = existing(load(db, collection.key, id)?)?;
    let Some(value) = member(&stored, name)? else { return Err(missing(name).into()) };
    let opaque = field_opaque(value.as_bytes());
    let tag = quoted(&opaque, collection.weak());
    let pre = Preconditions::of(&request.headers)?;
    if !pre.match_holds(Some(&opaque), collection.weak()) {
        return Err(refused(&collection, Some(&value)).into());
    }
    if pre.seen(Some(&opaque)) {
        return Ok(not_modified(&tag));
    }
    Ok(Reply::json(StatusCode::OK, value).etag(&tag))
}

/// PUT: sets the member.
pub(super) fn put(db: &Db, request: &Request, c: &str, id: &str, name: &str) -> Result<Reply, Fail> {
    let value = Document::of(request)?;
    let lexeme = std::str::from_utf8(json_text(&value.body))
        .map_err(|_| Problem::new(Kind::BadRequest, "The value must be JSON text."))?
        .trim()
        .to_owned();
    if !value.json {
        return Err(Problem::new(Kind::MediaType, "Send the value as application/json.").into());
    }
    let operation = Operation::Set { path: path(name), value: lexeme.clone() };
    let (collection, existed) = change(db, request, c, id, name, &operation)?;
    let status = if existed { StatusCode::NO_CONTENT } else { StatusCode::CREATED };
    let tag = quoted(&field_opaque(lexeme.as_bytes()), collection.weak());
    let reply = if wants_representation(request, false) {
        Reply::json(if existed { StatusCode::OK } else { status }, lexeme)
    } else {
        Reply::empty(status)
    };
    Ok(preferred(reply.etag(&tag), request))
}

/// DELETE: takes the member away.
pub(super) fn delete(db: &Db, request: &Request, c: &str, id: &str, name: &str) -> Result<Reply, Fail> {
    change(db, request, c, id, name, &Operation::Unset { path: path(name) })?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

/// Makes the change if the preconditions hold for the member. The record is compared with the state just read, in the
/// same transaction and by the same statement as every write.
fn change(
    db: &Db,
    request: &Request,
    c: &str,
    id: &str,
    name: &str,
    operation: &Operation,
) -> Result<(Collection, bool), Fail> {
    let collection = find_collection(db, c)?;
    let pre = demanded(request, &collection)?;
    let stored = existing(load(db, collection.key, id)?)?;
    let value = member(&stored, name)?;
    let opaque = value.as_ref().map(|value| field_opaque(value.as_bytes()));
    if value.is_none() && matches!(operation, Operation::Unset { .. }) {
        return Err(missing(name).into());
    }
    if !pre.hold(opaque.as_deref(), collection.weak()) {
        return Err(refused(&collection, value.as_deref()).into());
    }
    let body = apply(&stored.body, std::slice::from_ref(operation)).map_err(|error| {
        Problem::new(Kind::PatchImpossible, error.to_string()).with_current(here(&collection, &stored))
    })?;
    let document = Document::new(stored.media_type.clone(), Bytes::from(body))?;
    let guard = Guard::OneOf(format!("|{}|", stored.tag));
    let change = Change { db, request, collection: &collection, id, current: Some(&stored), pre: &pre };
    change.store_guarded(&document, &guard)?;
    Ok((collection, value.is_some()))
}

fn path(name: &str) -> Path {
    Path(vec![Token::Member(name.to_owned())])
}

fn member(stored: &Stored, name: &str) -> Result<Option<String>, Problem> {
    let tree = Tree::parse(&stored.body)
        .map_err(|error| Problem::new(Kind::PatchImpossible, format!("The record has no fields: {error}")))?;
    Ok(tree.member(tree.root(), name).map(|node| tree.text(node).to_owned()))
}

fn missing(name: &str) -> Problem {
    Problem::new(
        Kind::NotFound,
        format!("The record has no member {name:?}. PUT with If-None-Match: * adds it."),
    )
    .with_current(Current::Gone)
}

/// 412 with the member as it is now.
fn refused(collection: &Collection, value: Option<&str>) -> Problem {
    let words =
        "The member is not the version you named. Compare it with yours and send If-Match with its ETag.";
    Problem::new(Kind::PreconditionFailed, words).with_current(match value {
        Some(value) => Current::Here {
            etag: quoted(&field_opaque(value.as_bytes()), collection.weak()),
            body: Some(value.as_bytes().to_vec()),
        },
        None => Current::Gone,
    })
}
