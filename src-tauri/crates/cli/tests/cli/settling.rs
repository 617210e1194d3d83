//! A new record whose answer was lost, at a server that chooses the addresses: the person says what became of it.

use crate::world::{Person, World};
use serde_json::json;
use std::net::SocketAddr;
use testkit::{Fault, FaultProxy, Rule};

/// The reference server, as if it had neither addresses of the client's choice nor keys against doubles.
const PROFILE: &str = r#"
title = "posting"
[records]
url = "collections/{collection}/records/{id}"
create = "post"
[list]
url = "collections/{collection}/records"
items = "/items"
id = "/id"
etag = "/etag"
etag_quoted = true
record = "/record"
[paging]
next = "/next"
"#;

struct Lost {
    _proxy: FaultProxy,
    world: World,
    anna: Person,
    record: String,
}

/// She made a record; the server took it (or not), and the answer was lost.
async fn lost(arrives: bool) -> Lost {
    let world = World::start().await;
    let proxy = FaultProxy::start(SocketAddr::from(([127, 0, 0, 1], world.server.port()))).await.unwrap();
    let anna = Person::new();
    let profile = anna.home.path().join("profile.toml");
    std::fs::write(&profile, PROFILE).unwrap();
    let (url, profile) = (proxy.url(), profile.to_str().unwrap().to_owned());
    let add =
        ["source", "add", "lib", &url, "--family", "rest", "--profile", &profile, "--collection", "things"];
    anna.run(&add).ok();
    anna.run(&["sync"]).ok();
    anna.run(&["check", "lib"]).ok();
    let made = anna.feed(&["new", "lib/things", "--file", "-"], r#"{"name":"new"}"#, &[]).ok().line();
    let record = made["record"].as_str().unwrap().to_owned();
    assert!(record.starts_with("lib/things/~"), "{record}");
    assert_eq!(anna.run(&["outbox"]).ok().line()["precondition"], "new");
    let fault = if arrives { Fault::LoseAnswer } else { Fault::LoseRequest };
    proxy.add(Rule::writes(fault).times(1));
    let round = anna.run(&["sync"]).exit(3).line();
    assert_eq!(anna.run(&["show", &record]).ok().line()["state"], "uncertain", "{round}");
    // Nothing is sent twice without an answer.
    anna.run(&["sync"]).exit(3);
    let posts = world.writes().into_iter().filter(|w| w.method == "POST" && w.if_match.is_none()).count();
    let check_up = 1;
    assert_eq!(posts, check_up + usize::from(arrives));
    anna.run(&["discard", &record]).exit(1).says("not known yet");
    Lost { _proxy: proxy, world, anna, record }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_this_one() {
    let Lost { world, anna, record, _proxy } = lost(true).await;
    let listed = anna.run(&["records", "--state", "synced"]).ok().lines();
    assert_eq!(listed.len(), 1, "what the lost request made is listed as a stranger's");
    let id = listed[0]["record"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    anna.run(&["settle", &record, "--is", "nobody"]).exit(1);
    let settled = anna.run(&["settle", &record, "--is", &id]).ok().line();
    assert_eq!(settled, json!({"record": format!("lib/things/{id}"), "state": "synced"}));
    anna.run(&["sync"]).ok();
    assert_eq!(anna.run(&["records"]).ok().lines().len(), 1);
    assert_eq!(world.get(&id).await.as_deref(), Some(r#"{"name":"new"}"#));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_never_arrived() {
    let Lost { world, anna, record, _proxy } = lost(false).await;
    let settled = anna.run(&["settle", &record, "--send-again"]).ok().line();
    assert_eq!(settled, json!({"record": record, "state": "edited"}));
    anna.run(&["sync"]).ok();
    let listed = anna.run(&["records"]).ok().line();
    let id = listed["record"].as_str().unwrap().rsplit('/').next().unwrap();
    assert_eq!(world.get(id).await.as_deref(), Some(r#"{"name":"new"}"#));
}
