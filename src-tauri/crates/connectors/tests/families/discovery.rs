//! Finding a server's family, profile and collections.

use super::*;
use connectors::{Discovery, Failed, WellKnown, well_known, well_known_answer};
use sync_engine::{Creates, PauseReason};

/// The start page of Kinto 26.5.0, shortened.
const HELLO: &str = r#"{"project_name":"kinto","project_version":"26.5.0","http_api_version":"1.23","url":"http://h.example/v1/","settings":{"explicit_permissions":true,"batch_max_requests":25,"readonly":false},"capabilities":{}}"#;

#[test]
fn well_known_profiles() {
    let request = well_known("http://h.example:8080/deep/api").unwrap();
    assert_eq!(request.url.as_str(), "http://h.example:8080/.well-known/matchbook.toml");
    assert!(well_known("no address").is_err());
    let page = [("content-type", "text/html")];
    let toml = [("content-type", "application/toml")];
    for (answer, wanted) in [
        (answer(200, &toml, "x = 1"), WellKnown::Profile("x = 1".into())),
        (answer(200, &page, "<p>"), WellKnown::None),
        (json("{}"), WellKnown::None),
        (answer(404, &page, ""), WellKnown::None),
        (answer(403, &page, ""), WellKnown::None),
        (answer(405, &[], ""), WellKnown::None),
        (answer(401, &[], ""), WellKnown::Failed(Failed::SignIn(PauseReason::SignIn))),
    ] {
        assert_eq!(well_known_answer(&answer, NOW), wanted);
    }
    assert!(matches!(
        well_known_answer(&answer(500, &[], ""), NOW),
        WellKnown::Failed(Failed::Unknown { .. })
    ));
}

#[test]
fn kinto_tells_its_limits() {
    let mut server = kinto();
    assert_eq!(server.batch_size(), 25);
    for (hello, batch, creates) in [
        (HELLO.to_owned(), 25, Creates::OwnAddress),
        (HELLO.replace("25,", "7,"), 7, Creates::OwnAddress),
        (HELLO.replace("25,", "null,"), 100, Creates::OwnAddress),
        (HELLO.replace("25,", "100000,"), 100, Creates::OwnAddress),
        (HELLO.replace("false", "true"), 25, Creates::No),
    ] {
        server.learn(&json(&hello));
        assert_eq!((server.batch_size(), server.rules("a/b").creates), (batch, creates), "{hello}");
    }
    // What is no start page teaches nothing.
    server.learn(&json("{\"settings\":{\"batch_max_requests\":3}}"));
    server.learn(&answer(500, &[], ""));
    assert_eq!(server.batch_size(), 25);
}

#[test]
fn kinto_start_buckets_collections() {
    let server = kinto();
    let start = server.discover();
    assert_eq!(start.url.as_str(), "http://h.example/v1/");
    let step = |request: &connectors::Request, answer: &Answer| match server.discovered(request, answer, NOW)
    {
        Discovery::Step { found, more } => (found, more),
        other => panic!("{other:?}"),
    };
    let (found, more) = step(&start, &json(HELLO));
    assert!(found.is_empty());
    assert_eq!(more[0].url.path(), "/v1/buckets");
    let paged = answer(
        200,
        &[("content-type", "application/json"), ("next-page", "http://inside/v1/buckets?_token=x")],
        "{\"data\":[{\"id\":\"club\"},{\"id\":\"a b\"}]}",
    );
    let (_, more) = step(&more[0], &paged);
    let urls: Vec<&str> = more.iter().map(|r| r.url.as_str()).collect();
    assert_eq!(
        urls,
        [
            "http://h.example/v1/buckets/club/collections",
            "http://h.example/v1/buckets/a%20b/collections",
            "http://h.example/v1/buckets?_token=x",
        ]
    );
    let (found, rest) =
        step(&more[1], &json("{\"data\":[{\"id\":\"tools\",\"title\":\"Tools\"},{\"id\":\"notes\"}]}"));
    let names: Vec<(&str, &str)> = found.iter().map(|f| (f.name.as_str(), f.title.as_str())).collect();
    assert_eq!((names, rest.len()), (vec![("a b/tools", "Tools"), ("a b/notes", "notes")], 0));
    // One closed bucket does not hide the others.
    assert_eq!(step(&more[0], &answer(403, &[], "")), (vec![], vec![]));
    let closed = server.discovered(&more[2], &answer(403, &[], ""), NOW);
    assert!(matches!(closed, Discovery::Unlisted { .. }), "{closed:?}");
    let signed_out = server.discovered(&more[2], &answer(401, &[], ""), NOW);
    assert_eq!(signed_out, Discovery::Failed(Failed::SignIn(PauseReason::SignIn)));
}

#[test]
fn what_is_no_kinto() {
    let server = kinto();
    let start = server.discover();
    for (answer, other_family) in [
        (json("{\"name\":\"Matchbook reference server\"}"), true),
        (answer(200, &[("content-type", "text/html")], "<p>"), true),
        (answer(404, &[], ""), true),
        (answer(302, &[("location", "/login")], ""), true),
        (answer(500, &[], ""), false),
        (answer(503, &[], ""), false),
        (answer(401, &[], ""), false),
        (Err(connectors::TransportError::NotSent { words: "no host".into() }), false),
    ] {
        match server.discovered(&start, &answer, NOW) {
            Discovery::NotThisFamily { words } => {
                assert!(other_family && words.contains("/v1/"), "{answer:?}")
            }
            Discovery::Failed(_) => assert!(!other_family, "{answer:?}"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn rest_with_and_without_a_list_of_collections() {
    let plain = connector("rest", "http://h.example/api", None).unwrap();
    let start = plain.discover();
    assert_eq!(start.url.as_str(), "http://h.example/api/");
    assert!(matches!(plain.discovered(&start, &json("{}"), NOW), Discovery::Unlisted { .. }));
    assert!(matches!(
        plain.discovered(&start, &answer(401, &[], ""), NOW),
        Discovery::Failed(Failed::SignIn(_))
    ));

    let server = connector("rest", "http://h.example/", Some(connectors::REFERENCE_PROFILE)).unwrap();
    let start = server.discover();
    let found = server.discovered(
        &start,
        &json("{\"items\":[{\"id\":\"tools\",\"title\":\"Tools\",\"noun\":\"tool\",\"count\":200},{}]}"),
        NOW,
    );
    let Discovery::Step { found, more } = found else { panic!("{found:?}") };
    assert_eq!(
        (found.len(), found[0].count, found[0].noun.as_deref(), more.len()),
        (1, Some(200), Some("tool"), 0)
    );
    for other in
        [json("{}"), json("["), answer(404, &[], ""), answer(200, &[("content-type", "text/html")], "")]
    {
        assert!(
            matches!(server.discovered(&start, &other, NOW), Discovery::NotThisFamily { .. }),
            "{other:?}"
        );
    }
}
