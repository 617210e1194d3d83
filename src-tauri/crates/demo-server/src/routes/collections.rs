//! Collections and their schemas.

use http::StatusCode;
use http::header::LOCATION;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{find_collection, not_modified};
use crate::etag::{field_opaque, quoted};
use crate::members::string_member;
use crate::message::{Reply, Request, json_string};
use crate::precondition::Preconditions;
use crate::problem::{Current, Fail, Fault, Kind, Problem};
use crate::store::Db;
use crate::store::collections::{self as table, Collection, Policy};
use crate::target::escape;
use crate::validation;

/// Body of PUT `/collections/{c}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    policy: Option<String>,
    schema: Option<Box<RawValue>>,
}

/// What a collection should become.
struct Wanted {
    policy: Policy,
    schema: Option<Vec<u8>>,
}

/// GET `/collections`.
pub(super) fn list(db: &Db, request: &Request) -> Result<Reply, Fail> {
    let mut parts = Vec::new();
    for collection in table::all(db)? {
        parts.push(format!(
            "{{{},\"count\":{},\"cursor\":{},\"etag\":{}}}",
            describe(db, &collection)?,
            collection.count,
            json_string(&collection.cursor()),
            json_string(&quoted(&collection.list_tag(), false)),
        ));
    }
    let body = format!("{{\"items\":[{}]}}", parts.join(","));
    let opaque = field_opaque(body.as_bytes());
    if Preconditions::of(&request.headers)?.seen(Some(&opaque)) {
        return Ok(not_modified(&quoted(&opaque, false)));
    }
    Ok(Reply::json(StatusCode::OK, body).etag(&quoted(&opaque, false)))
}

/// GET `/collections/{c}`: its settings.
pub(super) fn get(db: &Db, request: &Request, c: &str) -> Result<Reply, Fail> {
    let collection = find_collection(db, c)?;
    let tag = quoted(&collection.settings_tag(), false);
    if Preconditions::of(&request.headers)?.seen(Some(&collection.settings_tag())) {
        return Ok(not_modified(&tag));
    }
    Ok(Reply::json(StatusCode::OK, format!("{{{}}}", describe(db, &collection)?)).etag(&tag))
}

/// PUT `/collections/{c}`: makes it, or changes policy and schema. Making one cannot overwrite anything, so it may come
/// without a precondition; a change may not.
pub(super) fn put(db: &Db, request: &Request, c: &str) -> Result<Reply, Fail> {
    let wanted = read_settings(&request.body)?;
    let pre = Preconditions::of(&request.headers)?;
    let Some(collection) = table::load(db, c)? else {
        if !pre.hold(None, false) {
            let words = "There is no such collection. Leave If-Match out to make it.";
            return Err(Problem::new(Kind::PreconditionFailed, words).with_current(Current::Gone).into());
        }
        return create(db, c, &wanted);
    };
    if !pre.protect() && is_already(db, &collection, &wanted)? {
        return Ok(Reply::empty(StatusCode::NO_CONTENT).etag(&quoted(&collection.settings_tag(), false)));
    }
    change(db, &pre, &collection, &wanted)
}

/// GET `/collections/{c}/schema`.
pub(super) fn get_schema(db: &Db, request: &Request, c: &str) -> Result<Reply, Fail> {
    let collection = find_collection(db, c)?;
    let Some(schema) = table::schema(db, collection.key)? else {
        return Err(
            Problem::new(Kind::NotFound, "This collection has no schema: any document is accepted.").into()
        );
    };
    let tag = quoted(&collection.settings_tag(), false);
    if Preconditions::of(&request.headers)?.seen(Some(&collection.settings_tag())) {
        return Ok(not_modified(&tag));
    }
    Ok(Reply::with_body(StatusCode::OK, "application/schema+json", schema).etag(&tag))
}

/// PUT `/collections/{c}/schema`: the settings' tag is the precondition. Records already there are not checked anew.
pub(super) fn put_schema(db: &Db, request: &Request, c: &str) -> Result<Reply, Fail> {
    let collection = find_collection(db, c)?;
    let pre = Preconditions::of(&request.headers)?;
    check_schema(&request.body)?;
    let wanted = Wanted { policy: collection.policy, schema: Some(request.body.to_vec()) };
    if !collection.has_schema && !pre.has_if_match() {
        // Nothing is there that could be overwritten.
        return changed(db, &collection, &wanted);
    }
    change(db, &pre, &collection, &wanted)
}

fn create(db: &Db, c: &str, wanted: &Wanted) -> Result<Reply, Fail> {
    let epoch = uuid::Uuid::new_v4().simple().to_string();
    let epoch = epoch.get(..8).unwrap_or(&epoch);
    table::create(db, c, epoch, wanted.policy, wanted.schema.as_deref())?;
    let made = find_collection(db, c)?;
    Ok(Reply::empty(StatusCode::CREATED)
        .etag(&quoted(&made.settings_tag(), false))
        .header(LOCATION, &format!("/collections/{}", escape(c))))
}

fn change(db: &Db, pre: &Preconditions, collection: &Collection, wanted: &Wanted) -> Result<Reply, Fail> {
    pre.demand()?;
    if !pre.hold(Some(&collection.settings_tag()), false) {
        let current = Current::Here {
            etag: quoted(&collection.settings_tag(), false),
            body: Some(format!("{{{}}}", describe(db, collection)?).into_bytes()),
        };
        let words =
            "The settings are not those you named. Read them again and send If-Match with their ETag.";
        return Err(Problem::new(Kind::PreconditionFailed, words).with_current(current).into());
    }
    changed(db, collection, wanted)
}

fn changed(db: &Db, collection: &Collection, wanted: &Wanted) -> Result<Reply, Fail> {
    if !table::change(db, collection.key, collection.revision, wanted.policy, wanted.schema.as_deref())? {
        return Err(Problem::new(
            Kind::PreconditionFailed,
            "The settings changed meanwhile. Read them again.",
        )
        .into());
    }
    let now = find_collection(db, &collection.name)?;
    Ok(Reply::empty(StatusCode::NO_CONTENT).etag(&quoted(&now.settings_tag(), false)))
}

fn is_already(db: &Db, collection: &Collection, wanted: &Wanted) -> rusqlite::Result<bool> {
    Ok(collection.policy == wanted.policy && table::schema(db, collection.key)? == wanted.schema)
}

fn read_settings(body: &[u8]) -> Result<Wanted, Problem> {
    let bad = |words: String| Problem::new(Kind::BadRequest, words);
    let body = if body.trim_ascii().is_empty() { b"{}" } else { body };
    let settings: Settings = serde_json::from_slice(body).map_err(|e| {
        bad(format!("The body must be an object with policy and schema, both optional: {e}."))
    })?;
    let policy = match &settings.policy {
        None => Policy::CompareAndSet,
        Some(name) => Policy::parse(name).ok_or_else(|| {
            let names = Policy::NAMES.map(|(known, _)| known).join(", ");
            bad(format!("There is no policy {name:?}. There are: {names}."))
        })?,
    };
    let schema = settings.schema.map(|raw| raw.get().as_bytes().to_vec()).filter(|raw| raw != b"null");
    if let Some(schema) = &schema {
        check_schema(schema)?;
    }
    Ok(Wanted { policy, schema })
}

fn check_schema(schema: &[u8]) -> Result<(), Problem> {
    validation::compile(schema).map(drop).map_err(|detail| {
        Problem::new(Kind::Invalid, "This is not a JSON Schema (draft 2020-12).")
            .with_faults(vec![Fault { pointer: String::new(), detail }])
    })
}

/// The members that describe a collection, without the braces.
fn describe(db: &Db, collection: &Collection) -> rusqlite::Result<String> {
    let schema = table::schema(db, collection.key)?.unwrap_or_default();
    let path = format!("/collections/{}", escape(&collection.name));
    let mut text = format!(
        "\"id\":{},\"title\":{}",
        json_string(&collection.name),
        json_string(&string_member(&schema, "title").unwrap_or_else(|| collection.name.clone())),
    );
    if let Some(noun) = string_member(&schema, "x-noun") {
        text.push_str(&format!(",\"noun\":{}", json_string(&noun)));
    }
    text.push_str(&format!(
        ",\"policy\":{},\"links\":{{\"records\":{},\"changes\":{}",
        json_string(collection.policy.name()),
        json_string(&format!("{path}/records")),
        json_string(&format!("{path}/changes")),
    ));
    if collection.has_schema {
        text.push_str(&format!(",\"schema\":{}", json_string(&format!("{path}/schema"))));
    }
    text.push('}');
    Ok(text)
}
