//! Servers that answer nonsense, and working offline.

use crate::canned::{Canned, CannedServer};
use crate::world::{Person, World};
use ipc_types::SetOffline;
use sync_runtime::{Options, SyncHandle};

const JSON: &str = "content-type: application/json\r\n";
const HTML: Canned = ("200 OK", "content-type: text/html\r\n", "<html>Welcome to the hotel</html>");
const EMPTY: Canned = ("200 OK", JSON, "[]");
const MISSING: Canned = ("404 Not Found", "", "");

/// A plain REST source with one collection named `x`; adding asks for a profile and for collections.
fn person(server: &CannedServer) -> Person {
    let anna = Person::new();
    anna.run(&["source", "add", "s", &server.url(), "--family", "rest", "--collection", "x"]).ok();
    anna
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_the_server_is_4() {
    let server = CannedServer::start(&[HTML]);
    person(&server).run(&["sync"]).exit(4).says("Something else than the server answers");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_fails_is_1_with_words() {
    for answers in [
        &[("500 Internal Server Error", "", "")][..],
        &[("404 Not Found", JSON, "{}")],
        &[("403 Forbidden", JSON, "{}")],
        &[("200 OK", JSON, "{\"not\": \"closed\"")],
    ] {
        let answers: &'static [Canned] = Box::leak(answers.to_vec().into_boxed_slice());
        let server = CannedServer::start(answers);
        let done = person(&server).run(&["sync"]).exit(1).says("X could not be read");
        assert_eq!(done.line()["pulled"]["new"], 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trouble_that_passes_is_waited_for() {
    // The first two answers are for adding: no profile, no list of collections.
    for passing in [
        ("503 Service Unavailable", "retry-after: 1\r\n", ""),
        ("429 Too Many Requests", "retry-after: 0\r\n", ""),
        ("502 Bad Gateway", "", ""),
    ] {
        let answers: &'static [Canned] = Box::leak(Box::new([MISSING, MISSING, passing, EMPTY]));
        let server = CannedServer::start(answers);
        let anna = person(&server);
        let round = anna.run(&["sync"]).ok().line();
        assert_eq!(round["requests"], 2, "{passing:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_asks_for_an_hour_is_not_waited_for() {
    let server =
        CannedServer::start(&[MISSING, MISSING, ("503 Service Unavailable", "retry-after: 3600\r\n", "")]);
    let anna = person(&server);
    let round = anna.run(&["sync"]).exit(4).says("come back later").line();
    assert_eq!(round["requests"], 1);
    assert!(round["seconds"].as_f64().unwrap() < 9.0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn working_offline_is_4_and_editing_goes_on() {
    let world = World::start().await;
    world.create("A", r#"{"a":1}"#).await;
    let anna = Person::of(&world);
    let offline = async |offline| {
        let handle = SyncHandle::open(Options::window(anna.home.path())).await.unwrap();
        handle.set_offline(SetOffline { offline }).await.unwrap();
        handle.stop().await;
    };
    offline(true).await;
    anna.run(&["edit", "lib/things/A", "--set", "/a=2"]).ok();
    anna.run(&["sync"]).exit(4).says("offline");
    let waiting = anna.run(&["outbox"]).ok().line();
    assert_eq!(waiting["reason"], "not_checked");
    assert_eq!(world.get("A").await.as_deref(), Some(r#"{"a":1}"#));
    offline(false).await;
    anna.run(&["sync"]).ok();
    assert_eq!(world.get("A").await.as_deref(), Some(r#"{"a":2}"#));
}
