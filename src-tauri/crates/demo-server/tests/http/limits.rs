//! Sizes, rates, sign-in, foreign pages, schemas, starting and stopping.

use std::sync::{Arc, Mutex};

use demo_server::{MAX_RECORD, Options, Rate, RequestLine, StartError, start};
use serde_json::json;

use crate::client::{Client, problem, tag};

#[tokio::test]
async fn too_large() -> anyhow::Result<()> {
    let client = Client::start().await?;
    client.collection("things", "{}").await?;
    let body = |size: usize| format!("\"{}\"", "x".repeat(size - 2));
    let fits = client.put("things/a", &body(MAX_RECORD)).header("if-none-match", "*").send().await?;
    assert_eq!(fits.status(), 201);
    for size in [MAX_RECORD + 1, 60 * 1024 * 1024] {
        let answer = client.put("things/b", &body(size)).header("if-none-match", "*").send().await?;
        assert_eq!(problem(answer).await.0, 413, "{size}");
    }
    assert_eq!(client.get("things/b").send().await?.status(), 404);
    Ok(())
}

#[tokio::test]
async fn what_is_not_accepted() -> anyhow::Result<()> {
    let client = Client::start().await?;
    client.collection("things", "{}").await?;
    client.collection("strict", r#"{"schema":{"type":"object"}}"#).await?;
    let put = |address: &str, body: &'static [u8]| {
        let (c, id) = address.split_once('/').unwrap();
        let request = client.request("PUT", &format!("/collections/{c}/records/{id}"));
        request.header("if-none-match", "*").body(body)
    };
    for (request, wanted) in [
        (put("things/a", b"{"), 400),
        (put("things/a", b"\"\xff\""), 400),
        (put("things/a", b"{}").header("content-encoding", "gzip"), 415),
        (put("strict/a", b"{}").header("content-type", "text/plain"), 415),
        (put("strict/a", b"[]"), 422),
        (put("nowhere/a", b"{}"), 404),
        (client.request("POST", "/collections/things/records/a"), 405),
        (client.request("GET", "/batch"), 405),
        (client.request("GET", "/nothing"), 404),
    ] {
        let answer = request.send().await?;
        if wanted == 405 {
            assert!(answer.headers().contains_key("allow"));
        }
        let (status, body) = problem(answer).await;
        assert_eq!(status, wanted, "{body}");
        assert!(body["type"].as_str().unwrap().starts_with("/openapi.json#/x-problems/"));
    }
    let options = client.request("OPTIONS", "/collections/things/records/a").send().await?;
    assert!(options.headers()["accept-patch"].to_str()?.contains("merge-patch"));
    Ok(())
}

#[tokio::test]
async fn schemas_point_to_the_fault() -> anyhow::Result<()> {
    let client = Client::start().await?;
    let schema = json!({"schema": {"type": "object", "required": ["name", "no"], "properties": {
        "name": {"type": "string", "minLength": 1}, "no": {"pattern": "^T-[0-9]+$"},
        "n": {"minimum": 5}, "kind": {"oneOf": [{"const": "a"}, {"const": "b"}]},
        "list": {"items": {"properties": {"a/b": {"type": "number"}}}}}}});
    client.collection("things", &schema.to_string()).await?;
    for (body, wanted) in [
        (json!({"no": "T-1"}), vec![("/name", "is missing")]),
        (json!({"no": "T-1", "name": ""}), vec![("/name", "must not be empty")]),
        (json!({"no": "1", "name": "x"}), vec![("/no", "must match the pattern ^T-[0-9]+$")]),
        (
            json!({"no": "T-1", "name": "x", "n": 4.5, "kind": "c"}),
            vec![("/kind", r#"must be one of "a", "b""#), ("/n", "must be at least 5")],
        ),
        (json!({"no": "T-1", "name": "x", "list": [{}, {"a/b": "x"}]}), vec![("/list/1/a~1b", "")]),
    ] {
        let answer = client.put("things/a", &body.to_string()).header("if-none-match", "*").send().await?;
        let (status, problem) = problem(answer).await;
        assert_eq!(status, 422);
        let mut errors: Vec<(&str, &str)> = problem["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| (e["pointer"].as_str().unwrap(), e["detail"].as_str().unwrap()))
            .collect();
        errors.sort_unstable();
        assert_eq!(errors.len(), wanted.len(), "{problem}");
        for ((pointer, detail), (p, d)) in errors.iter().zip(wanted) {
            assert_eq!(*pointer, p, "{problem}");
            assert!(d.is_empty() || *detail == d, "{detail}");
        }
    }
    let fine = client
        .put("things/a", r#"{"no":"T-1","name":"x","huge":1e400,"extra":{}}"#)
        .header("if-none-match", "*");
    assert_eq!(fine.send().await?.status(), 201);
    Ok(())
}

#[tokio::test]
async fn a_bucket_runs_empty() -> anyhow::Result<()> {
    let rate = Some(Rate { per_second: 0.01, burst: 3.0 });
    let client = Client::with(Options { rate, ..Options::default() }).await?;
    let get = |actor: &'static str| client.request("GET", "/collections").header("x-actor", actor).send();
    for _ in 0..3 {
        assert_eq!(get("ann").await?.status(), 200);
    }
    let refused = get("ann").await?;
    let wait: u64 = refused.headers()["retry-after"].to_str()?.parse()?;
    assert!((1..=100).contains(&wait));
    assert_eq!(problem(refused).await.0, 429);
    assert_eq!(get("ben").await?.status(), 200);
    Ok(())
}

#[tokio::test]
async fn sign_in() -> anyhow::Result<()> {
    let user = Some(("ann".to_owned(), "secret".to_owned()));
    let client = Client::with(Options { user, ..Options::default() }).await?;
    let refused = client.request("GET", "/collections").send().await?;
    assert_eq!(refused.headers().get_all("www-authenticate").iter().count(), 2);
    assert_eq!(problem(refused).await.0, 401);
    for path in ["/", "/openapi.json", "/.well-known/matchbook.toml"] {
        assert_eq!(client.request("GET", path).send().await?.status(), 200, "{path}");
    }
    let wrong = client.request("GET", "/collections").basic_auth("ann", Some("no")).send().await?;
    assert_eq!(wrong.status(), 401);
    let made = client.request("PUT", "/collections/things").bearer_auth("secret").send().await?;
    assert_eq!(made.status(), 201);
    let put = client.put("things/a", "1").basic_auth("ann", Some("secret")).header("x-actor", "mallory");
    put.header("if-none-match", "*").send().await?.error_for_status()?;
    let history =
        client.request("GET", "/collections/things/records/a/history").bearer_auth("secret").send().await?;
    assert!(history.text().await?.contains("\"actor\":\"ann\""));
    Ok(())
}

#[tokio::test]
async fn pages_of_other_origins_are_refused() -> anyhow::Result<()> {
    let client = Client::start().await?;
    for (name, value, wanted) in [
        ("origin", "https://evil.example", 403),
        ("origin", "null", 403),
        ("origin", "http://localhost:5173", 200),
        ("host", "evil.example", 403),
        ("host", "localhost:1", 200),
    ] {
        let answer = client.request("GET", "/collections").header(name, value).send().await?;
        assert_eq!(answer.status().as_u16(), wanted, "{name}: {value}");
    }
    Ok(())
}

#[tokio::test]
async fn stopped_and_started_again() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let options = |port| Options { port, data: Some(folder.path().join("new/folder")), ..Options::default() };
    let client = Client::with(options(0)).await?;
    client.collection("things", "{}").await?;
    let made = client.create("things/a", "{\"n\": 1.0}").await?;
    let stream = client
        .request("GET", "/collections/things/changes")
        .header("accept", "text/event-stream")
        .send()
        .await?;
    let port = client.server.port();
    assert!(matches!(start(options(port)).await, Err(StartError::Port { .. })));
    client.server.stop().await;
    // The stream ends rather than holding the server up.
    assert!(stream.text().await?.contains("following"));
    let client = Client::with(options(port)).await?;
    let got = client.get("things/a").send().await?;
    assert_eq!(tag(&got), made);
    assert_eq!(got.text().await?, "{\"n\": 1.0}");
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_started_says_why() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("file"), "x")?;
    let error =
        start(Options { data: Some(folder.path().join("file")), ..Options::default() }).await.unwrap_err();
    assert!(matches!(error, StartError::Folder { .. }), "{error}");
    std::fs::write(
        folder.path().join("records.sqlite3"),
        "this is no database, only text of some length, really",
    )?;
    let error =
        start(Options { data: Some(folder.path().to_owned()), ..Options::default() }).await.unwrap_err();
    assert!(matches!(error, StartError::Database { .. }), "{error}");
    Ok(())
}

#[tokio::test]
async fn the_access_log_sees_everything() -> anyhow::Result<()> {
    let lines: Arc<Mutex<Vec<RequestLine>>> = Arc::default();
    let seen = Arc::clone(&lines);
    let on_request = Some(Arc::new(move |line: &RequestLine| seen.lock().unwrap().push(line.clone())) as _);
    let client = Client::with(Options { on_request, ..Options::default() }).await?;
    client.collection("things", "{}").await?;
    client.put("things/a?x=1", "1").header("if-none-match", "*").header("x-actor", "ann").send().await?;
    let item = r#"{"method":"DELETE","path":"/collections/things/records/a","headers":{"if-match":"\"x\""}}"#;
    client.request("POST", "/batch").body(format!("{{\"requests\":[{item}]}}")).send().await?;
    let seen: Vec<(String, u16, bool, bool)> = lines
        .lock()
        .unwrap()
        .iter()
        .map(|l| (l.method.clone(), l.status, l.in_batch, l.if_match.is_some() || l.if_none_match.is_some()))
        .collect();
    let wanted = [
        ("PUT", 201, false, false),
        ("PUT", 201, false, true),
        ("DELETE", 412, true, true),
        ("POST", 200, false, false),
    ];
    assert_eq!(seen, wanted.map(|(m, s, b, p)| (m.to_owned(), s, b, p)));
    assert_eq!(lines.lock().unwrap()[1].target, "/collections/things/records/a?x=1");
    assert_eq!(lines.lock().unwrap()[1].actor, "ann");
    Ok(())
}
