//! Two versions beside each other, and single fields brought back.

use super::{as_new, no_version};
use crate::fault::{Answered, Fault};
use crate::handle::deciding::off_thread;
use crate::handle::records::context;
use crate::handle::{SyncHandle, edits, key};
use crate::view;
use ipc_types::{BringBackField, CompareVersions, Comparison, ErrorCode, Saved};
use record_merge::{Choice, Format, Inputs, Merged, Operation, Path, Policy, Token, apply, value_at};
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
        off_thread(move || {
            let ctx = context(&place.live, &place.coll, run);
            Ok(view::compare(&ctx, from.as_ref(), to.as_ref()))
        })
        .await
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
            let (_, coll) = desk.place(&record)?;
            let body = as_then(&now, then.as_ref(), path, &coll.rules.merge)?;
            edits::well_formed(&body)?;
            desk.step_loaded(tx, record, Event::EditSaved(body))
        };
        let applied = self.inner.store.try_write(Priority::Person, work).await?;
        self.saved(&applied)
    }
}

/// The record now with one place as it was then.
fn as_then(now: &Body, then: Option<&Body>, path: Path, policy: &Policy) -> Answered<Body> {
    if let (Format::Vcard | Format::Icalendar, Some(then)) = (now.format(), then) {
        return card_as_then(now, then, &path, policy);
    }
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

/// A contact or event with one property as it was then. Its entries have names only where both versions are compared at
/// once: the same merge as that of the comparison, with this one choice.
fn card_as_then(now: &Body, then: &Body, path: &Path, policy: &Policy) -> Answered<Body> {
    let inputs = Inputs::new(Some(&then.bytes), Some(&then.bytes), Some(&now.bytes));
    let found = record_merge::merge(now.format(), inputs, policy).ok().and_then(|merge| {
        let choice = view::for_now(merge.row(path, None)?, Choice::Mine);
        merge.result(&[choice]).ok()
    });
    match found {
        Some(Merged::Document(bytes)) => Ok(Body::new(bytes, now.media_type.clone())),
        _ => Err(Fault::bad("This field cannot be brought back by itself. Compare the versions again.")),
    }
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
        let none = Policy::default();
        let m = |name: &str| Token::Member(name.to_owned());
        let id = |value: &str| Token::Identity(BTreeMap::from([("id".to_owned(), value.to_owned())]));
        for (path, expected) in [
            (vec![m("a")], r#"{ "a":2.50, "list":[{"id":1,"x":"now"}] }"#),
            (vec![m("list"), id("1"), m("x")], r#"{ "a":1.0, "list":[{"id":1,"x":"then"}] }"#),
        ] {
            let body = as_then(&now, Some(&then), Path(path), &none).unwrap();
            assert_eq!(std::str::from_utf8(&body.bytes).unwrap(), expected);
        }
        // An entry that was taken out comes back at the end; a member of then that is new is added.
        let body = as_then(&now, Some(&then), Path(vec![m("list"), id("7")]), &none).unwrap();
        let text = std::str::from_utf8(&body.bytes).unwrap();
        assert!(text.contains(r#"{"id":1,"x":"now"}"#) && text.contains(r#"{"id":7,"x":"old"}"#), "{text}");
        let body = as_then(&now, Some(&then), Path(vec![m("b")]), &none).unwrap();
        assert!(std::str::from_utf8(&body.bytes).unwrap().contains(r#""b":"é""#));
        // What was not there then goes; what is in neither stays away.
        let body = as_then(&then, Some(&now), Path(vec![m("b")]), &none).unwrap();
        assert!(!std::str::from_utf8(&body.bytes).unwrap().contains(r#""b""#));
        assert_eq!(as_then(&now, Some(&then), Path(vec![m("nowhere")]), &none).unwrap(), now);
    }

    #[test]
    fn one_property_of_a_contact_comes_back() {
        let card = |lines: &str| {
            let text = format!("BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u\r\n{lines}END:VCARD\r\n");
            Body::new(text.into_bytes(), "text/vcard")
        };
        let then = card("FN:Anna\r\nTEL;TYPE=home:+351 911\r\nEMAIL:a@example.org\r\nNOTE:old\r\n");
        let now =
            card("fn:Anna\r\nTEL;TYPE=home:+351 922\r\nEMAIL:a@example.org\r\nURL:http://a\r\nX-A: b\r\n");
        let schema = view::CollectionSchema::default();
        let rules = sync_engine::Rules::default();
        let ctx = view::ViewContext {
            schema: &schema,
            rules: &rules,
            now: sync_engine::Timestamp(0),
            run: sync_engine::RunId(1),
            source: "People",
            collection_title: "People",
        };
        let compared = view::compare(&ctx, Some(&then), Some(&now));
        let named: Vec<(&str, &str, &str)> = compared
            .rows
            .iter()
            .map(|row| (row.label.as_str(), row.from.text.as_str(), row.to.text.as_str()))
            .collect();
        assert_eq!(named.len(), 4, "{named:#?}");
        // One line comes, changes or goes; every other byte stays.
        for (name, here, back) in
            [("Phone", "+351 922", "+351 911"), ("Web", "URL:http://a\r\n", ""), ("Note", "", "NOTE:old\r\n")]
        {
            let row = compared.rows.iter().find(|row| row.label.starts_with(name));
            let row = row.unwrap_or_else(|| panic!("no {name} in {named:#?}"));
            let path = serde_json::from_str(&row.place).unwrap();
            let body = as_then(&now, Some(&then), path, &rules.merge).unwrap();
            let text = |body: &Body, line: &str| String::from_utf8_lossy(&body.bytes).replace(line, "");
            let (brought, stood) = (text(&body, back), text(&now, here));
            assert!(text(&body, "").contains(back) && brought == stood, "{name}: {body:?}");
        }
        assert!(
            as_then(&now, Some(&then), Path(vec![Token::Member("nowhere".into())]), &rules.merge).is_err()
        );
    }
}
