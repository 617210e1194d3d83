//! `/collections/{c}/records/{id}/history`: how a record came to its current tag.

use http::StatusCode;

use super::find_collection;
use crate::clock::rfc3339;
use crate::message::{Reply, json_string};
use crate::problem::{Fail, Kind, Problem};
use crate::store::records::load;
use crate::store::{Db, history};

/// GET: oldest first; it goes on over deletion and re-creation.
pub(super) fn get(db: &Db, c: &str, id: &str) -> Result<Reply, Fail> {
    let collection = find_collection(db, c)?;
    let Some(stored) = load(db, collection.key, id)? else {
        return Err(Problem::new(Kind::NotFound, "This collection never had a record with this id.").into());
    };
    let optional = |tag: &Option<String>| tag.as_deref().map_or_else(|| "null".to_owned(), json_string);
    let entries: Vec<String> = history::of(db, stored.key)?
        .iter()
        .map(|entry| {
            format!(
                "{{\"at\":{},\"actor\":{},\"from\":{},\"to\":{},\"changed\":{},\"request_id\":{}}}",
                json_string(&rfc3339(entry.at_ms)),
                json_string(&entry.actor),
                optional(&entry.from),
                optional(&entry.to),
                entry.changed,
                json_string(&entry.request_id)
            )
        })
        .collect();
    Ok(Reply::json(StatusCode::OK, format!("{{\"entries\":[{}]}}", entries.join(","))))
}
