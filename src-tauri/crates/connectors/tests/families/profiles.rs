//! A profile that uses what the reference server does not.

use super::*;
use connectors::{DEFAULT_PROFILE, Item, ItemWhat, ListOutcome, PageNext, REFERENCE_PROFILE, Stamp};
use sync_engine::{Creates, Current, IdempotencyKey, Read, ReadOutcome, RefusalKind, Version, WriteOutcome};

fn tag(text: &str) -> Option<Validator> {
    Some(Validator::new(text).unwrap())
}

#[test]
fn rules_of_a_profile() {
    let rules = wrapped().rules("tools");
    assert_eq!(rules.merge.server_kept, ["/_id", "/_etag", "_updated"]);
    assert_eq!((rules.creates, rules.confirm, rules.validators.weak_enforced), (Creates::Post, true, false));
    let rules = connector("rest", "http://h/", Some(REFERENCE_PROFILE)).unwrap().rules("tools");
    assert_eq!(
        (rules.creates, rules.confirm, rules.validators.weak_enforced),
        (Creates::OwnAddress, false, true)
    );
    assert!(rules.merge.server_kept.is_empty());
    let rules = kinto().rules("club/tools");
    assert_eq!(rules.merge.server_kept, ["/id", "/last_modified", "/schema"]);
    // The built-in default is written out in a file that people copy from.
    assert!(connector("rest", "http://h/", Some(DEFAULT_PROFILE)).is_ok());
    for word in ["patch", "none"] {
        let profile = DEFAULT_PROFILE.replace("create = \"put\"", &format!("create = \"{word}\""));
        let made = connector("rest", "http://h/", Some(&profile)).map(|c| c.rules("x").creates);
        assert_eq!(made.ok(), (word == "none").then_some(Creates::No));
    }
}

#[test]
fn records_in_an_envelope() {
    let server = wrapped();
    let request = server.write("tools", &change("7", " {\"n\": 1.0} \n"), false).unwrap();
    assert_eq!(request.url.as_str(), "http://h.example/tools/7/whole");
    assert_eq!(request.header("x-tenant"), Some("club"));
    assert_eq!(&*request.body.unwrap(), b"{\"data\":{\"item\":{\"n\": 1.0}}}");
    assert!(server.write("tools", &change("7", "{"), false).is_err());

    let read = Read { id: RemoteId("7".into()) };
    let whole = "{\"data\":{\"item\":{\"_id\":7,\"_etag\":\"ab\",\"x\" : 1e2}}}";
    let record = "{\"_id\":7,\"_etag\":\"ab\",\"x\" : 1e2}";
    let version = Version { body: Body::json(record.as_bytes()), validator: tag("\"ab\"") };
    assert_eq!(server.did_read("tools", &read, &json(whole), NOW), ReadOutcome::Found(version));
    for (body, why) in [
        ("{\"data\":{}}", "no record"),
        ("{\"data\":{\"item\":{\"_id\":8}}}", "another record"),
        ("{\"data\":", "not valid JSON"),
    ] {
        match server.did_read("tools", &read, &json(body), NOW) {
            ReadOutcome::Unknown { words } => assert!(words.contains(why), "{words}"),
            other => panic!("{other:?}"),
        }
    }
    let other = server.did_read("tools", &read, &answer(200, &[("content-type", "text/plain")], "x"), NOW);
    assert!(matches!(other, ReadOutcome::NotOurs { .. }));
}

#[test]
fn answers_that_carry_the_record() {
    let server = wrapped();
    let write = change("7", "{}");
    let wrote = |answer: &Answer| server.wrote("tools", &write, answer, NOW);
    let applied = wrote(&json("{\"data\":{\"item\":{\"_id\":\"7\",\"_etag\":\"cd\"}}}"));
    let body = Body::json(&b"{\"_id\":\"7\",\"_etag\":\"cd\"}"[..]);
    assert_eq!(applied, WriteOutcome::Applied { validator: tag("\"cd\""), body: Some(body), id: None });
    assert!(matches!(wrote(&json("{\"data\":{\"item\":{\"_id\":\"8\"}}}")), WriteOutcome::NotOurs { .. }));
    assert!(matches!(wrote(&json("{\"data\":{}}")), WriteOutcome::Unknown { .. }));
    assert!(matches!(wrote(&json("{\"data\":")), WriteOutcome::Unknown { .. }));
    // No body: nothing to take a mark from; it is read.
    let bare = WriteOutcome::Applied { validator: None, body: None, id: None };
    assert_eq!(wrote(&answer(204, &[("etag", "\"x\"")], "")), bare);
    // 409 is this service's way to refuse content.
    match wrote(&answer(409, &[], "")) {
        WriteOutcome::Refused(refusal) => assert_eq!(refusal.kind, RefusalKind::Content),
        other => panic!("{other:?}"),
    }
    match wrote(&answer(412, &[("content-type", "application/json")], "{\"existing\":{\"_etag\":\"ef\"}}")) {
        WriteOutcome::PreconditionFailed { current: Some(Current::Present(now)), .. } => {
            assert_eq!(now.validator, tag("\"ef\""));
        }
        other => panic!("{other:?}"),
    }
    let key = IdempotencyKey("k\"\\1".to_owned());
    let new = Write::Create {
        id: None,
        body: Body::json(&b"{}"[..]),
        precondition: Precondition::PostNew { key: Some(key) },
    };
    let request = server.write("tools", &new, false).unwrap();
    assert_eq!((request.url.path(), request.header("idempotency-key")), ("/new/tools", Some("\"k1\"")));
    let made = answer(
        201,
        &[("content-type", "application/json")],
        "{\"data\":{\"item\":{\"_id\":12,\"_etag\":\"1\"}}}",
    );
    match server.wrote("tools", &new, &made, NOW) {
        WriteOutcome::Applied { id, .. } => assert_eq!(id, Some(RemoteId("12".into()))),
        other => panic!("{other:?}"),
    }
}

#[test]
fn tokens_and_cursors_in_headers() {
    let server = wrapped();
    let list = |cursor: Option<&str>| {
        let request = server.list("my tools", cursor).unwrap();
        format!("{}?{}", request.url.path(), request.url.query().unwrap_or_default())
    };
    assert_eq!(list(None), "/my%20tools?");
    let first = answer(
        200,
        &[("content-type", "application/json"), ("x-cursor", "c-1")],
        "{\"items\":[{\"_id\":1,\"_etag\":\"a\"},{\"key\":\"k\",\"_deleted\":true}],\"page\":{\"next\":\"t&1\"}}",
    );
    let page = server.listed("my tools", None, &first, NOW);
    let ListOutcome::Page { items, next: PageNext::More(cursor), .. } = page else { panic!("{page:?}") };
    let version = Version { body: Body::json(&b"{\"_id\":1,\"_etag\":\"a\"}"[..]), validator: tag("\"a\"") };
    let present = Item { id: RemoteId("1".into()), what: ItemWhat::Present(version) };
    assert_eq!(items, [present, Item { id: RemoteId("k".into()), what: ItemWhat::Gone }]);
    assert_eq!(list(Some(&cursor)), "/my%20tools?page_token=t%261");
    let last = answer(
        200,
        &[("content-type", "application/json"), ("x-cursor", "c-9")],
        "{\"data\":[],\"page\":{}}",
    );
    let page = server.listed("my tools", Some(&cursor), &last, NOW);
    // The pages are not said to be stable, so what was not listed is not gone.
    let ListOutcome::Page { next: PageNext::Done { cursor, complete: false }, .. } = page else {
        panic!("{page:?}")
    };
    // The cursor of the first page: what changed while the second was read comes after it.
    assert_eq!(list(Some(&cursor)), "/my%20tools/changes?after=c-1");
    for status in [400, 410, 412] {
        let lost = server.listed("my tools", Some(&cursor), &answer(status, &[], ""), NOW);
        assert!(matches!(lost, ListOutcome::CursorLost { .. }), "{status}");
    }
    // A delta without a new cursor goes on from the old one.
    let page = server.listed("my tools", Some(&cursor), &json("{\"items\":[]}"), NOW);
    let ListOutcome::Page { next, .. } = page else { panic!("{page:?}") };
    assert_eq!(list(Some(next.cursor())), "/my%20tools/changes?after=c-1");
    // A cursor that was written by something else: begin again.
    assert_eq!(list(Some("what?")), "/my%20tools?");
    assert_eq!(list(Some("{\"page\":\"https://evil.example/\"}")), "/my%20tools?");
}

#[test]
fn schema_history_and_stamps() {
    let server = wrapped();
    assert_eq!(server.schema("tools").unwrap().url.path(), "/tools/schema");
    let schema = server.schema_answer(&json("{\"definition\":{\"type\" : \"object\"}}"));
    assert_eq!(schema.as_deref(), Some("{\"type\" : \"object\"}"));
    for none in [json("{\"definition\":null}"), json("[]"), json("x"), answer(404, &[], "{}")] {
        assert_eq!(server.schema_answer(&none), None);
    }
    let id = RemoteId("a/b".into());
    assert_eq!(server.history("tools", &id).unwrap().url.path(), "/tools/a%2Fb/log");
    assert!(server.history("tools", &RemoteId("..".into())).is_none());
    let lines = server.history_answer(
        &json("{\"log\":[{\"when\":\"2026-11-22T14:00:00Z\",\"who\":{\"name\":\"cho\"},\"to\":\"\\\"2\\\"\",\"fields\":[\"phone\",3]},7]}"),
        NOW,
    );
    let lines = lines.unwrap();
    assert_eq!(lines.len(), 1);
    let line = &lines[0];
    assert_eq!((line.at, line.actor.as_deref()), (Some(Timestamp(1_795_356_000_000)), Some("cho")));
    assert_eq!(
        (&line.from, &line.to, line.changed.as_slice()),
        (&None, &tag("\"2\""), &["phone".to_owned(), "3".to_owned()][..])
    );
    assert!(server.history_answer(&json("{}"), NOW).is_err());

    let stamp = server.stamp(&Body::json(
        &b"{\"_by\":{\"name\":\"ben\"},\"_updated\":\"Sun, 22 Nov 2026 14:00:00 GMT\"}"[..],
    ));
    assert_eq!(stamp, Stamp { by: Some("ben".into()), at: Some(Timestamp(1_795_356_000_000)) });
    for body in ["", "[]", "{\"_by\":3}", "\u{0}"] {
        assert_eq!(server.stamp(&Body::json(body.as_bytes())), Stamp::default());
    }
    let stamp = kinto().stamp(&Body::json(&b"{\"last_modified\":1795356912999}"[..]));
    assert_eq!(stamp, Stamp { by: None, at: Some(Timestamp(1_795_356_912_999)) });
    // The scratch record leaves out what the server writes itself.
    let schema = "{\"required\":[\"_id\",\"name\"]}";
    assert_eq!(&*server.scratch(Some(schema), None).bytes, b"{\"name\":\"Matchbook check-up\"}");
    let schema = "{\"required\":[\"id\",\"last_modified\",\"name\"]}";
    assert_eq!(&*kinto().scratch(Some(schema), None).bytes, b"{\"name\":\"Matchbook check-up\"}");
}
