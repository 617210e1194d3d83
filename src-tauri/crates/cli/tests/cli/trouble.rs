//! Servers that answer nonsense, and working offline.

use crate::world::{Person, World};
use ipc_types::SetOffline;
use std::sync::atomic::{AtomicU32, Ordering};
use sync_runtime::{Options, SyncHandle};
use testkit::{EvilServer, Reply};

const JSON: &str = "Content-Type: application/json\r\n";

/// A server whose listing is answered with `replies`, the last one for ever; it knows nothing else.
async fn lists(replies: Vec<Reply>) -> EvilServer {
    let given = AtomicU32::new(0);
    let script = move |heard: &testkit::Heard| {
        if !heard.target.starts_with("/x") {
            return Reply::http(404, "", "");
        }
        let at = given.fetch_add(1, Ordering::SeqCst) as usize;
        replies.get(at).or(replies.last()).unwrap().clone()
    };
    EvilServer::start(script).await.unwrap()
}

/// Somebody with a plain REST source and one collection of it, `x`.
fn person(server: &EvilServer) -> Person {
    let anna = Person::new();
    anna.run(&["source", "add", "s", &server.url(), "--family", "rest", "--collection", "x"]).ok();
    anna
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_the_server_is_4() {
    let hotel = Reply::http(200, "Content-Type: text/html\r\n", "<html>Welcome to the hotel</html>");
    let server = lists(vec![hotel]).await;
    person(&server).run(&["sync"]).exit(4).says("Something else than the server answers");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_fails_is_1_with_words() {
    for reply in [
        Reply::http(500, "", ""),
        Reply::http(404, JSON, "{}"),
        Reply::http(403, JSON, "{}"),
        Reply::http(200, JSON, "{\"not\": \"closed\""),
    ] {
        let server = lists(vec![reply]).await;
        let done = person(&server).run(&["sync"]).exit(1).says("X could not be read");
        assert_eq!(done.line()["pulled"]["new"], 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trouble_that_passes_is_waited_for() {
    for passing in [
        Reply::http(503, "Retry-After: 1\r\n", ""),
        Reply::http(429, "Retry-After: 0\r\n", ""),
        Reply::http(502, "", ""),
    ] {
        let server = lists(vec![passing.clone(), Reply::http(200, JSON, "[]")]).await;
        let round = person(&server).run(&["sync"]).ok().line();
        assert_eq!(round["requests"], 2, "{passing:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_asks_for_an_hour_is_not_waited_for() {
    let server = lists(vec![Reply::http(503, "Retry-After: 3600\r\n", "")]).await;
    let round = person(&server).run(&["sync"]).exit(4).says("come back later").line();
    assert_eq!(round["requests"], 1);
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
    assert_eq!(waiting["reason"], "offline");
    assert_eq!(world.get("A").await.as_deref(), Some(r#"{"a":1}"#));
    offline(false).await;
    anna.run(&["sync"]).ok();
    assert_eq!(world.get("A").await.as_deref(), Some(r#"{"a":2}"#));
}
