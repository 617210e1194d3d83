//! Whatever a server answers, and whatever a profile or cursor holds: an outcome or an error, never a panic, and never a
//! request to another server.

use super::*;
use proptest::prelude::*;
use sync_engine::{Read, WriteOutcome};

fn servers() -> Vec<(Box<dyn Connector>, &'static str)> {
    vec![
        (connector("rest", "http://h.example/", None).unwrap(), "tools"),
        (connector("rest", "http://h.example/", Some(connectors::REFERENCE_PROFILE)).unwrap(), "tools"),
        (wrapped(), "tools"),
        (kinto(), "club/tools"),
    ]
}

/// Bytes near to what servers send: pieces of real answers, cut and mixed with noise.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"{\"data\":".to_vec()),
        Just(b"{\"items\":[".to_vec()),
        Just(b"{\"responses\":[{\"status\":200,\"path\":\"/v1/x\",\"headers\":{\"ETag\":\"\\\"1\\\"\"},\"body\":".to_vec()),
        Just(b"{\"details\":{\"existing\":{\"id\":\"T-1\",\"last_modified\":5}},\"errno\":114}".to_vec()),
        Just(b"{\"title\":\"x\",\"errors\":[{\"pointer\":\"#/a\",\"detail\":\"b\"},\"c\",7,{\"loc\":[\"body\",0]}]}".to_vec()),
        Just(b"{\"id\":\"T-1\",\"_id\":7,\"etag\":\"\\\"1\\\"\",\"record\":{},\"deleted\":true}".to_vec()),
        Just(b"<title>\xff</title".to_vec()),
        Just(b"\"\\ud800\"".to_vec()),
        Just(b"1e999".to_vec()),
        Just(b"}".to_vec()),
        Just(b"]".to_vec()),
        Just(b",".to_vec()),
        prop::collection::vec(any::<u8>(), 0..8),
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn headers() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let name = prop::sample::select(vec![
        "content-type",
        "etag",
        "location",
        "link",
        "next-page",
        "retry-after",
        "backoff",
        "x-cursor",
        "dry-run",
        "date",
        "total-objects",
    ]);
    let value = prop_oneof![
        Just("application/json".to_owned()),
        Just("text/html".to_owned()),
        Just("application/problem+json".to_owned()),
        Just("\"5\"".to_owned()),
        Just("*".to_owned()),
        Just("<https://evil.example/?_token=1>; rel=next".to_owned()),
        Just("</a>; rel=\"next\", <".to_owned()),
        Just("http://evil.example/x?_token=2".to_owned()),
        Just("99999999999999999999".to_owned()),
        Just("true".to_owned()),
        "[ -~]{0,12}",
    ];
    prop::collection::vec((name, value), 0..4)
}

fn noisy() -> impl Strategy<Value = Answer> {
    let status = prop_oneof![
        Just(200_u16),
        Just(201),
        Just(204),
        Just(202),
        Just(304),
        Just(400),
        Just(404),
        Just(409),
        Just(410),
        Just(412),
        Just(422),
        Just(429),
        Just(503),
        any::<u16>()
    ];
    (status, headers(), body()).prop_map(|(status, headers, body)| {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(name, HeaderValue::from_str(&value).unwrap());
        }
        Ok(Response { status, headers: map, body: body.into() })
    })
}

fn writes() -> Vec<Write> {
    let body = Body::json(&b"{\"id\":\"T-1\"}"[..]);
    let change = change("T-1", "{\"id\":\"T-1\"}");
    let precondition = change.precondition().clone();
    let id = RemoteId("T-1".to_owned());
    vec![
        Write::Delete { id: id.clone(), precondition },
        Write::Create { id: Some(id), body: body.clone(), precondition: Precondition::MustNotExist },
        Write::Create { id: None, body, precondition: Precondition::PostNew { key: None } },
        change,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn any_answer(answer in noisy(), cursor in prop::option::of("[ -~]{0,40}")) {
        for (mut server, tools) in servers() {
            for write in writes() {
                let outcome = server.wrote(tools, &write, &answer, NOW);
                let response = answer.as_ref().unwrap();
                if let WriteOutcome::Applied { .. } = outcome {
                    prop_assert!((200..300).contains(&response.status) && response.status != 202, "{outcome:?}");
                }
                server.dry_run_answer(tools, &write, &answer, NOW);
            }
            let read = Read { id: RemoteId("T-1".to_owned()) };
            server.did_read(tools, &read, &answer, NOW);
            for from in [None, cursor.as_deref(), Some("{\"since\":\"5\",\"etag\":\"\\\"5\\\"\"}"), Some("{\"page\":\"?_token=a\",\"delta\":true}")] {
                let listed = server.listed(tools, from, &answer, NOW);
                // Wherever an answer points, the next request goes to the same server.
                if let connectors::ListOutcome::Page { next, .. } = listed {
                    let request = server.list(tools, Some(next.cursor())).unwrap();
                    prop_assert_eq!(request.url.origin(), server.base().origin());
                }
            }
            let start = server.discover();
            if let connectors::Discovery::Step { more, .. } = server.discovered(&start, &answer, NOW) {
                for request in &more {
                    prop_assert_eq!(request.url.origin(), server.base().origin());
                    server.discovered(request, &answer, NOW);
                }
            }
            server.schema_answer(&answer);
            let _ = server.history_answer(&answer, NOW);
            server.learn(&answer);
            let own = writes();
            let batch: Vec<(&str, &Write)> = own.iter().map(|w| (tools, w)).collect();
            if let connectors::BatchOutcome::Each(each) = server.batched(&batch, &answer, NOW) {
                prop_assert_eq!(each.len(), own.len());
            }
        }
        connectors::well_known_answer(&answer, NOW);
        connectors::not_before(&answer, NOW);
    }

    #[test]
    fn any_id_and_record(id in "\\PC{0,12}", name in "\\PC{0,12}", record in body()) {
        for (server, _) in servers() {
            for write in [change(&id, ""), Write::Replace {
                id: RemoteId(id.clone()),
                body: Body::json(record.clone()),
                precondition: change("x", "").precondition().clone(),
            }] {
                for collection in [name.as_str(), "tools", "club/tools"] {
                    if let Ok(request) = server.write(collection, &write, false) {
                        prop_assert_eq!(request.url.origin(), server.base().origin());
                        prop_assert!(request.url.query().is_none() && request.url.fragment().is_none());
                        prop_assert!(request.header("if-match").is_some());
                    }
                    server.batch(&[(collection, &write)]);
                }
            }
            server.stamp(&Body::json(record.clone()));
            server.scratch(std::str::from_utf8(&record).ok(), Some(&Body::json(record.clone())));
        }
    }

    #[test]
    fn any_profile(at in 0..connectors::REFERENCE_PROFILE.len(), cut in 0..40_usize, put in "[ -~\n]{0,10}", address in "\\PC{0,30}") {
        let whole = connectors::REFERENCE_PROFILE;
        let end = (at + cut).min(whole.len());
        if let (Some(before), Some(after)) = (whole.get(..at), whole.get(end..)) {
            let profile = format!("{before}{put}{after}");
            if let Ok(server) = connector("rest", "http://h.example/api/", Some(&profile)) {
                for write in writes() {
                    if let Ok(request) = server.write("tools", &write, false) {
                        prop_assert_eq!(request.url.origin(), server.base().origin());
                    }
                }
                let _ = server.list("tools", None);
                server.discover();
            }
        }
        let _ = connector("rest", &address, None);
        let _ = connector("kinto", &address, None);
    }

    #[test]
    fn any_tag_is_sent_as_it_is_or_not_at_all(tag in "[ -~]{0,20}") {
        if let (Ok(validator), Ok(value)) = (Validator::new(tag.clone()), HeaderValue::from_str(&tag)) {
            let mut headers = HeaderMap::new();
            headers.insert("etag", value);
            let answer = Ok(Response { status: 204, headers, body: Vec::new().into() });
            let server = connector("rest", "http://h.example/", None).unwrap();
            let WriteOutcome::Applied { validator: got, .. } = server.wrote("tools", &change("a", ""), &answer, NOW) else {
                panic!("204 is applied")
            };
            if let Some(got) = got {
                prop_assert_eq!(got.as_str(), tag.trim());
                let inner = tag.trim().trim_start_matches("W/");
                // It can match one version only.
                prop_assert!(inner != "*" && (inner.starts_with('"') || !inner.contains(',')));
                prop_assert_eq!(inner.matches('"').count() % 2, 0);
            }
            server.stale(&validator);
        }
    }
}
