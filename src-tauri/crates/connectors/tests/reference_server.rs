//! A conversation with the real reference server, through the profile that it publishes itself.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // a failed check stops a test

#[path = "common/wire.rs"]
mod wire;

use connectors::{
    Answer, BatchOutcome, Connector, Discovery, DryRun, Failed, FoundCollection, Item, ItemWhat, ListOutcome,
    PageNext, Request, WellKnown, connector, well_known, well_known_answer,
};
use sync_engine::{
    Body, Current, IdempotencyKey, Precondition, Read, ReadOutcome, RefusalKind, RemoteId, Timestamp,
    Validator, Version, Write, WriteOutcome,
};

const NOW: Timestamp = Timestamp(0);
const TOOLS: &str = "tools";

struct Talk {
    server: Box<dyn Connector>,
    headers: Vec<(String, String)>,
}

impl Talk {
    /// Opens the source as the app does: asks for the profile first.
    fn open(base: &str) -> Self {
        let answer = wire::send(&well_known(base).unwrap(), &[]);
        let WellKnown::Profile(profile) = well_known_answer(&answer, NOW) else { panic!("{answer:?}") };
        let headers = vec![("X-Actor".to_owned(), "ann".to_owned())];
        Self { server: connector("rest", base, Some(&profile)).unwrap(), headers }
    }

    fn send(&self, request: &Request) -> Answer {
        wire::send(request, &self.headers)
    }

    fn write(&self, collection: &str, write: &Write) -> WriteOutcome {
        let answer = self.send(&self.server.write(collection, write, false).unwrap());
        self.server.wrote(collection, write, &answer, NOW)
    }

    fn applied(&self, collection: &str, write: &Write) -> Option<Validator> {
        match self.write(collection, write) {
            WriteOutcome::Applied { validator, body: None, .. } => validator,
            other => panic!("{other:?}"),
        }
    }

    fn read(&self, collection: &str, id: &str) -> ReadOutcome {
        let read = Read { id: RemoteId(id.to_owned()) };
        let answer = self.send(&self.server.read(collection, &read).unwrap());
        self.server.did_read(collection, &read, &answer, NOW)
    }

    /// All pages from a cursor on; the last answer's cursor and whether it was everything.
    fn list(&self, collection: &str, from: Option<String>) -> (Vec<Item>, String, bool) {
        let (mut all, mut cursor) = (Vec::new(), from);
        for _ in 0..100 {
            let answer = self.send(&self.server.list(collection, cursor.as_deref()).unwrap());
            match self.server.listed(collection, cursor.as_deref(), &answer, NOW) {
                ListOutcome::Page { items, next, .. } => {
                    all.extend(items);
                    match next {
                        PageNext::More(next) => cursor = Some(next),
                        PageNext::Done { cursor, complete } => return (all, cursor, complete),
                    }
                }
                other => panic!("{other:?}"),
            }
        }
        panic!("no end")
    }

    fn listed(&self, collection: &str, cursor: &str) -> ListOutcome {
        let answer = self.send(&self.server.list(collection, Some(cursor)).unwrap());
        self.server.listed(collection, Some(cursor), &answer, NOW)
    }

    fn change(&self, id: &str, body: &str, tag: &Validator) -> Write {
        let usable = self.server.rules(TOOLS).validators.admit(tag).unwrap();
        let precondition = Precondition::IfMatch(usable);
        Write::Replace { id: RemoteId(id.to_owned()), body: Body::json(body.as_bytes()), precondition }
    }

    fn removal(&self, id: &str, tag: &Validator) -> Write {
        let usable = self.server.rules(TOOLS).validators.admit(tag).unwrap();
        Write::Delete { id: RemoteId(id.to_owned()), precondition: Precondition::IfMatch(usable) }
    }
}

fn creation(id: &str, body: Body) -> Write {
    Write::Create { id: Some(RemoteId(id.to_owned())), body, precondition: Precondition::MustNotExist }
}

/// Runs a conversation beside a server with sample data.
fn with_server(options: demo_server::Options, talk: impl FnOnce(&str) + Send + 'static) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let server = demo_server::start(options).await.unwrap();
        let base = server.base_url();
        let done = tokio::task::spawn_blocking(move || talk(&base)).await;
        server.stop().await;
        done.unwrap();
    });
}

fn sample() -> demo_server::Options {
    demo_server::Options { sample: true, ..Default::default() }
}

#[test]
fn the_published_profile_is_ours() {
    with_server(sample(), |base| {
        let answer = wire::send(&well_known(base).unwrap(), &[]);
        assert_eq!(
            well_known_answer(&answer, NOW),
            WellKnown::Profile(connectors::REFERENCE_PROFILE.to_owned()),
            "the server publishes connectors/profiles/reference.toml"
        );
    });
}

#[test]
fn collections_lists_and_what_changed() {
    with_server(sample(), |base| {
        let talk = Talk::open(base);
        let request = talk.server.discover();
        let found = talk.server.discovered(&request, &talk.send(&request), NOW);
        let Discovery::Step { found, more } = found else { panic!("{found:?}") };
        assert!(more.is_empty());
        let tools: &FoundCollection = found.iter().find(|c| c.name == TOOLS).unwrap();
        assert!(found.len() >= 4 && !tools.title.is_empty(), "{found:?}");

        let (items, cursor, complete) = talk.list(TOOLS, None);
        assert!(complete);
        assert_eq!(Some(items.len() as u64), tools.count);
        let Some(Item { id, what: ItemWhat::Present(listed) }) = items.first().cloned() else { panic!() };
        // What a list shows is what a read shows: bytes and tag.
        let ReadOutcome::Found(read) = talk.read(TOOLS, &id.0) else { panic!() };
        assert_eq!((&listed.body.bytes, &listed.validator), (&read.body.bytes, &read.validator));
        assert_eq!(talk.listed(TOOLS, &cursor), ListOutcome::Unchanged);

        let tag = read.validator.unwrap();
        talk.applied(TOOLS, &talk.removal(&id.0, &tag));
        let (items, newer, complete) = talk.list(TOOLS, Some(cursor.clone()));
        assert_eq!((items, complete), (vec![Item { id, what: ItemWhat::Gone }], false));
        assert_eq!(talk.listed(TOOLS, &newer), ListOutcome::Unchanged);
        // A cursor of another life of the collection.
        let foreign =
            newer.replace("\"since\":\"", "\"since\":\"0").replace("\"etag\":\"\\\"", "\"etag\":\"\\\"0");
        assert_ne!(foreign, newer);
        assert!(matches!(talk.listed(TOOLS, &foreign), ListOutcome::CursorLost { .. }));
        assert!(matches!(
            talk.server.listed("nothing", None, &talk.send(&talk.server.list("nothing", None).unwrap()), NOW),
            ListOutcome::Failed(Failed::NotThere { .. })
        ));
    });
}

#[test]
fn a_record_from_creation_to_removal() {
    with_server(sample(), |base| {
        let talk = Talk::open(base);
        let schema = talk.server.schema(TOOLS).map(|request| talk.send(&request));
        let schema = schema.and_then(|answer| talk.server.schema_answer(&answer)).unwrap();
        let (items, ..) = talk.list(TOOLS, None);
        let like = items.iter().find_map(|item| match &item.what {
            ItemWhat::Present(version) => Some(version.body.clone()),
            _ => None,
        });
        // The scratch body fits the real schema.
        let body = talk.server.scratch(Some(&schema), like.as_ref());
        let id = "a/b é";
        let first = talk.applied(TOOLS, &creation(id, body.clone())).unwrap();
        match talk.write(TOOLS, &creation(id, body.clone())) {
            WriteOutcome::PreconditionFailed { current: Some(Current::Present(now)), .. } => {
                assert_eq!((&now.body.bytes, now.validator.as_ref()), (&body.bytes, Some(&first)));
            }
            other => panic!("{other:?}"),
        }
        let text = String::from_utf8(body.bytes.to_vec()).unwrap();
        let spaced = text.replacen('{', "{ \"n\" : 12345678901234567890, \"x\": 1.0 ,", 1);
        let stale = talk.server.stale(&first).unwrap();
        assert!(matches!(
            talk.write(TOOLS, &talk.change(id, &spaced, &stale)),
            WriteOutcome::PreconditionFailed { current: Some(_), .. }
        ));
        let second = talk.applied(TOOLS, &talk.change(id, &spaced, &first)).unwrap();
        assert_ne!(first, second);
        let ReadOutcome::Found(read) = talk.read(TOOLS, id) else { panic!() };
        assert_eq!((&*read.body.bytes, read.validator.as_ref()), (spaced.as_bytes(), Some(&second)));
        assert!(matches!(
            talk.write(TOOLS, &talk.removal(id, &first)),
            WriteOutcome::PreconditionFailed { .. }
        ));
        talk.applied(TOOLS, &talk.removal(id, &second));
        assert_eq!(talk.write(TOOLS, &talk.removal(id, &second)), WriteOutcome::NotThere);
        assert_eq!(talk.read(TOOLS, id), ReadOutcome::Gone);
        let history = talk.server.history(TOOLS, &RemoteId(id.into())).unwrap();
        let lines = talk.server.history_answer(&talk.send(&history), NOW).unwrap();
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert_eq!((&lines[1].from, &lines[1].to, &lines[2].to), (&Some(first), &Some(second), &None));
        assert_eq!((lines[1].actor.as_deref(), lines[1].at.is_some()), (Some("ann"), true));
        assert_eq!(lines[1].changed, ["n", "x"]);
    });
}

#[test]
fn refusals_trials_and_new_records() {
    with_server(sample(), |base| {
        let talk = Talk::open(base);
        let bad = creation("bad", Body::json(&b"{}"[..]));
        match talk.write(TOOLS, &bad) {
            WriteOutcome::Refused(refusal) => {
                assert_eq!(refusal.kind, RefusalKind::Content);
                assert!(!refusal.pointers.is_empty(), "{refusal:?}");
            }
            other => panic!("{other:?}"),
        }
        let notes = "notes";
        let (items, ..) = talk.list(notes, None);
        let Some(Item { id, what: ItemWhat::Present(Version { body, validator: Some(tag) }) }) =
            items.first()
        else {
            panic!()
        };
        let text = std::str::from_utf8(&body.bytes).unwrap().replacen('{', "{\"matchbook_check\":1,", 1);
        let good = talk.change(&id.0, &text, tag);
        let stale = talk.change(&id.0, &text, &talk.server.stale(tag).unwrap());
        let try_it = |write: &Write| {
            let answer = talk.send(&talk.server.write(notes, write, true).unwrap());
            talk.server.dry_run_answer(notes, write, &answer, NOW)
        };
        assert_eq!(try_it(&good), DryRun::WouldApply);
        assert!(matches!(try_it(&stale), DryRun::WouldNot(WriteOutcome::PreconditionFailed { .. })));
        // Nothing was stored by trying, so the same change still applies.
        let answer = talk.send(&talk.server.write(notes, &good, false).unwrap());
        assert!(matches!(talk.server.dry_run_answer(notes, &good, &answer, NOW), DryRun::NotKept { .. }));
        assert!(matches!(talk.write(notes, &good), WriteOutcome::PreconditionFailed { .. }));

        let key = Some(IdempotencyKey("k-1".to_owned()));
        let precondition = Precondition::PostNew { key };
        let new = Write::Create { id: None, body: Body::json(text.into_bytes()), precondition };
        let id = match talk.write(notes, &new) {
            WriteOutcome::Applied { id: Some(id), validator: Some(_), .. } => id,
            other => panic!("{other:?}"),
        };
        match talk.write(notes, &new) {
            WriteOutcome::Applied { id: Some(again), .. } => {
                assert_eq!(again, id, "the key makes it one record")
            }
            other => panic!("{other:?}"),
        }
    });
}

#[test]
fn batches_keep_a_precondition_each() {
    with_server(sample(), |base| {
        let talk = Talk::open(base);
        let (items, ..) = talk.list("notes", None);
        let known: Vec<(String, Body, Validator)> = items
            .into_iter()
            .filter_map(|item| match item.what {
                ItemWhat::Present(Version { body, validator: Some(tag) }) => Some((item.id.0, body, tag)),
                _ => None,
            })
            .take(3)
            .collect();
        let changed = |n: usize| {
            std::str::from_utf8(&known[n].1.bytes).unwrap().replacen('{', "{\"matchbook_check\": 1.0,", 1)
        };
        let stale = talk.server.stale(&known[1].2).unwrap();
        let own = [
            talk.change(&known[0].0, &changed(0), &known[0].2),
            talk.change(&known[1].0, &changed(1), &stale),
            talk.removal(&known[2].0, &known[2].2),
        ];
        let writes: Vec<(&str, &Write)> = own.iter().map(|w| ("notes", w)).collect();
        let answer = talk.send(&talk.server.batch(&writes).unwrap());
        let outcome = talk.server.batched(&writes, &answer, NOW);
        let BatchOutcome::Each(each) = outcome else { panic!("{outcome:?}") };
        let [
            WriteOutcome::Applied { validator: Some(tag), .. },
            WriteOutcome::PreconditionFailed { current: Some(Current::Present(now)), .. },
            WriteOutcome::Applied { .. },
        ] = each.as_slice()
        else {
            panic!("{each:?}")
        };
        assert_eq!((&now.body.bytes, now.validator.as_ref()), (&known[1].1.bytes, Some(&known[1].2)));
        match talk.read("notes", &known[0].0) {
            ReadOutcome::Found(read) => {
                assert_eq!((&*read.body.bytes, read.validator.as_ref()), (changed(0).as_bytes(), Some(tag)));
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(talk.read("notes", &known[2].0), ReadOutcome::Gone);
    });
}

#[test]
fn signed_out() {
    let user = Some(("ann".to_owned(), "secret".to_owned()));
    with_server(demo_server::Options { user, ..sample() }, |base| {
        let talk = Talk {
            server: connector("rest", base, Some(connectors::REFERENCE_PROFILE)).unwrap(),
            headers: vec![],
        };
        let request = talk.server.discover();
        assert!(matches!(
            talk.server.discovered(&request, &talk.send(&request), NOW),
            Discovery::Failed(Failed::SignIn(_))
        ));
        assert!(matches!(talk.read(TOOLS, "x"), ReadOutcome::SignIn(_)));
        assert!(matches!(talk.write(TOOLS, &creation("x", Body::json(&b"{}"[..]))), WriteOutcome::SignIn(_)));
    });
}

#[test]
fn weak_marks_are_taken_where_they_are_enforced() {
    with_server(demo_server::Options::default(), |base| {
        let talk = Talk::open(base);
        let url = talk.server.base().join("collections/loose").unwrap();
        let request = Request {
            method: http::Method::PUT,
            url,
            headers: vec![("Content-Type".into(), "application/json".into())],
            body: Some((&b"{\"policy\":\"weak\"}"[..]).into()),
        };
        assert_eq!(talk.send(&request).unwrap().status, 201);
        let first = talk.applied("loose", &creation("a", Body::json(&b"{}"[..]))).unwrap();
        assert!(first.is_weak(), "{first}");
        let second = talk.applied("loose", &talk.change("a", "{\"x\":1}", &first)).unwrap();
        assert!(matches!(
            talk.write("loose", &talk.change("a", "{}", &first)),
            WriteOutcome::PreconditionFailed { .. }
        ));
        talk.applied("loose", &talk.removal("a", &second));
        // A document that is no plain JSON stays what it is; the list only names it.
        let text = Body::new(&b"\xef\xbb\xbf{}\n"[..], "text/plain; charset=utf-8");
        let tag = talk.applied("loose", &creation("b", text.clone()));
        let (items, ..) = talk.list("loose", None);
        assert_eq!(items, [Item { id: RemoteId("b".into()), what: ItemWhat::Stale(tag.clone()) }]);
        assert_eq!(talk.read("loose", "b"), ReadOutcome::Found(Version { body: text, validator: tag }));
    });
}
