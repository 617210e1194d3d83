//! Answers that are wrong (reliability.md 4.4 in short): nothing of them is taken, nothing is lost, nothing is done twice.

use crate::person::Person;
use crate::servers::Backend;
use crate::stage::{SOON, Stage, eventually};
use ipc_types::{AddSource, ErrorCode, RecordState};
use std::time::Duration;
use testkit::{End, EvilServer, Fault, Heard, Reply, Rule};

const JSON: &str = "application/json";

fn raw(text: &str) -> Fault {
    Fault::Answer(text.as_bytes().to_vec())
}

/// Answers no list may be taken from.
fn wrong_lists() -> Vec<(&'static str, Fault)> {
    let deep = "[".repeat(10_000);
    vec![
        ("a web page", Fault::web_page()),
        ("nothing", Fault::answer(200, JSON, "", "")),
        (
            "half of it",
            raw(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\nConnection: close\r\n\r\n{\"items\":[",
            ),
        ),
        (
            "chunks without an end",
            raw(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\n{\"ite\r\n",
            ),
        ),
        ("no JSON", Fault::answer(200, JSON, "ETag: \"x\"\r\n", "{\"items\": oops}")),
        ("another shape", Fault::answer(200, JSON, "ETag: \"x\"\r\n", "{\"error\":\"try later\"}")),
        ("items without ids", Fault::answer(200, JSON, "ETag: \"x\"\r\n", "{\"items\":[{}],\"data\":[{}]}")),
        ("too deep", Fault::answer(200, JSON, "ETag: \"x\"\r\n", &deep)),
        (
            "too large",
            raw(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99000000\r\nConnection: close\r\n\r\n{",
            ),
        ),
        ("an error", Fault::answer(500, JSON, "", "{}")),
        ("not found", Fault::answer(404, JSON, "", "{}")),
        ("forbidden", Fault::answer(403, JSON, "", "{}")),
        ("somewhere else", Fault::answer(302, JSON, "Location: http://127.0.0.1:9/\r\n", "")),
        ("no HTTP", raw("220 mail.example ESMTP\r\n\r\n")),
        ("broken off", Fault::ResetMidAnswer),
    ]
}

/// A list that makes no sense changes nothing here; the next good one is taken.
pub async fn wrong_lists_change_nothing(backend: &Backend) {
    let stage = Stage::with_drill(backend, "wrong_lists").await;
    let ann = stage.person().await;
    let drill = ann.on(&stage, "drill");
    let before = drill.text().await;
    stage.changes("drill", "first line", "second line").await;
    stage.creates("saw", "{\"name\":\"Saw\"}").await;
    for (name, fault) in wrong_lists() {
        stage.proxy.clear();
        stage.proxy.add(Rule::all(fault).by(&["GET"]).at("/records"));
        ann.tries().await;
        assert_eq!(drill.state().await, Some(RecordState::Synced), "{name}");
        assert_eq!(drill.text().await, before, "{name}");
        assert_eq!(ann.handle.status().await.unwrap().records, 1, "{name}");
    }
    stage.proxy.clear();
    ann.reads().await;
    assert!(drill.text().await.contains("second line"));
    assert_eq!(ann.on(&stage, "saw").state().await, Some(RecordState::Synced));
}

/// Answers to a write that say nothing about what became of it, or that it was not taken.
fn wrong_answers() -> Vec<(&'static str, Fault)> {
    vec![
        ("a web page", Fault::web_page()),
        ("gateway", Fault::answer(502, "text/html", "", "<h1>Bad gateway</h1>")),
        ("error", Fault::answer(500, JSON, "", "{}")),
        ("half", raw("HTTP/1.1 200 OK\r\nContent-Length: 500\r\nConnection: close\r\n\r\n{")),
        ("unchanged", raw("HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\nConnection: close\r\n\r\n")),
        ("no HTTP", raw("hello\r\n\r\n")),
        ("applied and broken off", Fault::ResetMidAnswer),
    ]
}

/// The edit stays, and has its effect exactly once as soon as the server answers.
pub async fn wrong_answers_to_a_write(backend: &Backend) {
    let stage = Stage::with_drill(backend, "wrong_answers").await;
    let ann = stage.person().await;
    ann.checks(None).await;
    let drill = ann.on(&stage, "drill");
    for (name, fault) in wrong_answers() {
        let mark = stage.mark();
        stage.proxy.add(Rule::writes(fault).at("/drill").times(1));
        drill.set("/notes", &format!("\"{name}\"")).await;
        ann.sends().await;
        stage.proxy.clear();
        let waits = drill.text().await.contains(&format!("\"{name}\""));
        assert!(waits, "{name}: the edit is still there");
        ann.syncs().await;
        assert_eq!(drill.state().await, Some(RecordState::Synced), "{name}");
        assert_eq!(stage.member("drill", "notes").await, name);
        assert_eq!(stage.effects("drill", mark), 1, "{name}");
    }
}

/// "412" for ever, although the server's version is the one that was edited: told, not tried for ever.
pub async fn always_refused(backend: &Backend) {
    let stage = Stage::with_drill(backend, "always_refused").await;
    let ann = stage.person().await;
    ann.checks(None).await;
    ann.starts();
    let mark = stage.mark();
    stage.proxy.add(Rule::writes(Fault::answer(412, JSON, "", "{}")).at("/drill"));
    let drill = ann.on(&stage, "drill");
    drill.set("/notes", "\"mine\"").await;
    eventually("the person is told", || async {
        matches!(drill.state().await, Some(RecordState::Rejected | RecordState::NeedsYou))
    })
    .await;
    let sent = stage.writes("drill", mark);
    assert!((1..=2).contains(&sent.len()), "{sent:?}");
    assert!(drill.text().await.contains("\"mine\""));
}

/// Records without version marks can be read; nothing is written to them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_version_marks() {
    let script = |heard: &Heard| match (heard.method.as_str(), heard.target.as_str()) {
        ("GET", "/things") => Reply::http(200, "Content-Type: application/json\r\n", "[{\"id\":\"a\"}]"),
        ("GET", "/things/a") => {
            Reply::http(200, "Content-Type: application/json\r\n", "{\"id\":\"a\",\"n\":1.0}")
        }
        _ => Reply::http(404, "", ""),
    };
    let server = EvilServer::start(script).await.unwrap();
    let (ann, add) = stranger(&server).await;
    ann.handle.add_source(add).await.unwrap();
    ann.reads().await;
    let thing = ann.on_address("work/things/a");
    assert_eq!(thing.text().await, "{\"id\":\"a\",\"n\":1.0}");
    // Saved here or refused at once: the server is left alone.
    if let Err(fault) = thing.sets("/n", "2").await {
        assert_eq!(fault.code(), ErrorCode::Unprotected, "{fault}");
    }
    ann.tries().await;
    ann.tries().await;
    let log = server.log();
    let written: Vec<_> = log.iter().filter(|h| h.is_write() && h.target == "/things/a").collect();
    assert!(written.is_empty(), "{written:?}");
}

async fn stranger(server: &EvilServer) -> (Person, AddSource) {
    let ann = Person::at(tempfile::tempdir().unwrap()).await;
    let add = AddSource {
        name: "work".to_owned(),
        url: server.url(),
        family: "rest".to_owned(),
        collections: vec!["things".to_owned()],
        user: None,
        secret: None,
        profile: None,
        headers: Vec::new(),
    };
    (ann, add)
}

/// Servers that are none: adding them is refused with words, or reads nothing; nothing hangs or panics.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_that_are_none() {
    let replies: [(&str, Reply); 5] = [
        ("a web page", Reply::http(200, "Content-Type: text/html\r\n", "<h1>Welcome</h1>")),
        ("asks to sign in", Reply::http(401, "WWW-Authenticate: Basic realm=\"x\"\r\n", "")),
        ("no HTTP", Reply::raw("220 mail.example ESMTP\r\n")),
        ("breaks off", Reply::raw("HTTP/1.1 200 OK\r\nContent-Le").then(End::Reset)),
        ("redirects in a circle", Reply::http(302, "Location: /again\r\n", "")),
    ];
    for (name, reply) in replies {
        let server = EvilServer::start(move |_| reply.clone()).await.unwrap();
        let (ann, add) = stranger(&server).await;
        let all = AddSource { collections: Vec::new(), ..add };
        let adding = tokio::time::timeout(SOON, ann.handle.add_source(all)).await.unwrap();
        let fault = adding.expect_err(name);
        assert!(fault.to_string().len() > 15, "{name}: {fault}");
        assert!(ann.handle.sources().await.unwrap().is_empty(), "{name}: nothing is kept");
    }
    // A server that takes the connection and says nothing does not stop anything else.
    let silent = EvilServer::start(|_| Reply::raw("").then(End::Hang)).await.unwrap();
    let (ann, add) = stranger(&silent).await;
    let adding = tokio::time::timeout(Duration::from_millis(500), ann.handle.add_source(add)).await;
    assert!(adding.is_err(), "it still waits");
    assert!(ann.handle.sources().await.unwrap().is_empty());
    assert_eq!(ann.waiting().await, (0, 0));
}
