//! Two versions beside each other, and single fields brought back.

use super::{as_new, no_version};
use crate::fault::{Answered, Fault};
use crate::handle::records::context;
use crate::handle::{SyncHandle, edits, key};
use crate::view;
use ipc_types::{BringBackField, CompareVersions, Comparison, ErrorCode, Saved};
use record_merge::{Operation, Path, Token, apply, value_at};
use record_store::{Priority, Tx};
use sync_engine::{Body, Event, Record};

impl SyncHandle {
    /// Compares any two versions of a record, or one with the record as it is now.
    ///
    /// # Errors
    /// No such version.
    pub async fn compare_versions(&self, wanted: CompareVersions) -> Answered<Comparison> {
        let key = key(&wanted.key)?;
        let place = self.place_of(key).await?;
        let numbers = [wanted.from, wanted.to];
        let bodies = self.inner.store.read(move |r| {
            let mut bodies = Vec::new();
            for number in numbers.into_iter().flatten() {
                bodies.push((number, r.version(key, number)?.map(|kept| kept.body)));
            }
            Ok(bodies)
        });
        let bodies = bodies.await?;
        let body = |number: u32| -> Answered<Option<Body>> {
            let found = bodies.iter().find(|(known, _)| *known == number).and_then(|(_, body)| body.clone());
            found.ok_or_else(|| no_version(number))
        };
        let from = wanted.from.map(body).transpose()?.flatten();
        let to = match wanted.to {
            Some(number) => body(number)?,
            None => place.now.as_ref().and_then(Record::visible).cloned(),
        };
        let run = self.inner.store.run();
        // Long texts take a while: not on a thread that others wait for.
        let made = tokio::task::spawn_blocking(move || {
            let ctx = context(&place.live, &place.coll, run);
            view::compare(&ctx, from.as_ref(), to.as_ref())
        });
        made.await.map_err(|_| Fault::new(ErrorCode::Internal, "The comparison could not be made."))
    }

    /// Brings one field back as it was in a version; one that was not there is removed.
    ///
    /// # Errors
    /// No such version or place; a record that is deleted here.
    pub async fn bring_back_field(&self, wanted: BringBackField) -> Answered<Saved> {
        let key = key(&wanted.key)?;
        let number = wanted.version;
        let path: Path = serde_json::from_str(&wanted.place)
            .map_err(|_| Fault::bad("This place is none of the record. Compare the versions again."))?;
        let desk = self.inner.desk();
        let work = move |tx: &mut Tx<'_>| {
            let then = tx.version(key, number)?.ok_or_else(|| no_version(number))?.body;
            let record = match (tx.load(key)?, tx.gone(key)?) {
                (Some(record), _) => record,
                (None, Some(gone)) => as_new(key, gone),
                (None, None) => return Err(Fault::missing("such record")),
            };
            edits::writable(&desk, &record)?;
            let now = record.visible().cloned().ok_or_else(|| {
                Fault::new(ErrorCode::NotNow, "This record is deleted. Bring the whole version back instead.")
            })?;
            let body = as_then(&now, then.as_ref(), path)?;
            edits::well_formed(&body)?;
            desk.step_loaded(tx, record, Event::EditSaved(body))
        };
        let applied = self.inner.store.try_write(Priority::Person, work).await?;
        self.saved(&applied)
    }
}

/// The record now with one place as it was then.
fn as_then(now: &Body, then: Option<&Body>, path: Path) -> Answered<Body> {
    let at = |body: &Body| value_at(&body.bytes, &path).ok().flatten();
    let here = at(now).is_some();
    let operation = match (then.and_then(at), here) {
        (Some(value), true) => Operation::Set { path, value },
        (Some(value), false) => Operation::Set { path: appended(now, path)?, value },
        (None, true) => Operation::Unset { path },
        (None, false) => return Ok(now.clone()),
    };
    let bytes = apply(&now.bytes, &[operation]).map_err(|e| Fault::bad(e.to_string()))?;
    Ok(Body::new(bytes, now.media_type.clone()))
}

/// Where an entry of a list goes that is not there now: at its end.
fn appended(now: &Body, path: Path) -> Answered<Path> {
    let Some((Token::Identity(_) | Token::Index(_), parents)) = path.0.split_last() else { return Ok(path) };
    let list = Path(parents.to_vec());
    let text = value_at(&now.bytes, &list).ok().flatten();
    let document = text.and_then(|text| record_merge::json::Document::parse(text.as_bytes()).ok());
    let document = document
        .ok_or_else(|| Fault::bad("The list it stood in is not there any more. Bring the list back."))?;
    Ok(list.child(Token::Index(document.children(document.root()).count())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn one_field_comes_back_and_nothing_else_moves() {
        let now = Body::json(*br#"{ "a":1.0, "list":[{"id":1,"x":"now"}] }"#);
        let then =
            Body::json(r#"{"a":2.50,"b":"é","list":[{"id":7,"x":"old"},{"id":1,"x":"then"}]}"#.as_bytes());
        let m = |name: &str| Token::Member(name.to_owned());
        let id = |value: &str| Token::Identity(BTreeMap::from([("id".to_owned(), value.to_owned())]));
        for (path, expected) in [
            (vec![m("a")], r#"{ "a":2.50, "list":[{"id":1,"x":"now"}] }"#),
            (vec![m("list"), id("1"), m("x")], r#"{ "a":1.0, "list":[{"id":1,"x":"then"}] }"#),
        ] {
            let body = as_then(&now, Some(&then), Path(path)).unwrap();
            assert_eq!(std::str::from_utf8(&body.bytes).unwrap(), expected);
        }
        // An entry that was taken out comes back at the end; a member of then that is new is added.
        let body = as_then(&now, Some(&then), Path(vec![m("list"), id("7")])).unwrap();
        let text = std::str::from_utf8(&body.bytes).unwrap();
        assert!(text.contains(r#"{"id":1,"x":"now"}"#) && text.contains(r#"{"id":7,"x":"old"}"#), "{text}");
        let body = as_then(&now, Some(&then), Path(vec![m("b")])).unwrap();
        assert!(std::str::from_utf8(&body.bytes).unwrap().contains(r#""b":"é""#));
        // What was not there then goes; what is in neither stays away.
        let body = as_then(&then, Some(&now), Path(vec![m("b")])).unwrap();
        assert!(!std::str::from_utf8(&body.bytes).unwrap().contains(r#""b""#));
        assert_eq!(as_then(&now, Some(&then), Path(vec![m("nowhere")])).unwrap(), now);
    }
}
