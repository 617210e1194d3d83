//! PATCH: JSON Merge Patch (RFC 7396) and JSON Patch (RFC 6902). Both splice: what a patch does not name keeps its bytes.

use bytes::Bytes;
use http::StatusCode;
use http::header::HeaderName;

use super::find_collection;
use super::records::{Change, demanded, existing, here, refused, written_reply};
use crate::document::{Document, essence, media_type};
use crate::message::{Reply, Request};
use crate::patching::{Patched, json_patch, merge_patch};
use crate::problem::{Fail, Fault, Kind, Problem};
use crate::store::Db;
use crate::store::records::load;

/// Says which patches are taken (RFC 5789 section 3.1).
pub(super) const ACCEPT_PATCH: HeaderName = HeaderName::from_static("accept-patch");
/// Its value.
pub(super) const ACCEPTED: &str = "application/merge-patch+json, application/json-patch+json";

/// PATCH of a record.
pub(super) fn patch(db: &Db, request: &Request, c: &str, id: &str) -> Result<Reply, Fail> {
    let collection = find_collection(db, c)?;
    let pre = demanded(request, &collection)?;
    let apply = match essence(&media_type(request)?).as_str() {
        "application/merge-patch+json" => merge_patch,
        "application/json-patch+json" => json_patch,
        other => {
            let words = format!("{other:?} is no patch. Send one of {ACCEPTED}.");
            return Err(Problem::new(Kind::MediaType, words).with_header(ACCEPT_PATCH, ACCEPTED).into());
        }
    };
    // Reading it as a document checks that the patch itself is JSON.
    let patch = Document::of(request)?;
    let stored = existing(load(db, collection.key, id)?)?;
    if !pre.hold(Some(&stored.tag), collection.weak()) {
        return Err(refused(&collection, Some(&stored)).into());
    }
    let body = match apply(&stored.body, patch.text()) {
        Patched::Done(body) => body,
        Patched::Malformed(words) => return Err(Problem::new(Kind::BadRequest, words).into()),
        Patched::TestFailed { pointer, words } => {
            return Err(Problem::new(
                Kind::PatchTestFailed,
                "Nothing was changed. Look at the current record.",
            )
            .with_faults(vec![Fault { pointer, detail: words }])
            .with_current(here(&collection, &stored))
            .into());
        }
        Patched::Impossible { pointer, words } => {
            return Err(Problem::new(
                Kind::PatchImpossible,
                "Nothing was changed. Look at the current record.",
            )
            .with_faults(vec![Fault { pointer, detail: words }])
            .with_current(here(&collection, &stored))
            .into());
        }
    };
    let document = Document::new(stored.media_type.clone(), Bytes::from(body))?;
    let change = Change { db, request, collection: &collection, id, current: Some(&stored), pre: &pre };
    let written = change.store(&document)?;
    Ok(written_reply(request, &collection, id, StatusCode::OK, &written, &document, true))
}
