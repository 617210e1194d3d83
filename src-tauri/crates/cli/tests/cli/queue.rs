//! Edits that wait: keep back, let go, take back, refused by the server; history.

use crate::world::{Person, World};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn edits_are_kept_back_and_let_go() {
    let world = World::start().await;
    world.create("A", r#"{"a":1}"#).await;
    let anna = Person::of(&world);
    anna.run(&["hold", "lib/things/A"]).exit(1).says("no edit");
    anna.run(&["edit", "lib/things/A", "--set", "/a=2"]).ok();
    let held = anna.run(&["hold", "lib/things/A"]).ok().line();
    assert_eq!(held, json!({"record": "lib/things/A", "state": "edited"}));
    let waiting = anna.run(&["outbox"]).ok().line();
    assert_eq!((&waiting["held"], &waiting["reason"]), (&json!(true), &json!("held")));
    anna.run(&["sync"]).ok();
    assert_eq!(world.get("A").await.as_deref(), Some(r#"{"a":1}"#));
    anna.run(&["release", "lib/things/A"]).ok();
    assert_eq!(anna.run(&["outbox"]).ok().line()["held"], false);
    anna.run(&["sync"]).ok();
    assert_eq!(world.get("A").await.as_deref(), Some(r#"{"a":2}"#));
    assert!(anna.run(&["outbox"]).ok().lines().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn edits_are_taken_back_and_restored() {
    let world = World::start().await;
    world.create("A", r#"{"a":1}"#).await;
    let anna = Person::of(&world);
    anna.run(&["edit", "lib/things/A", "--set", "/a=2", "--set", "/b=[1.0]"]).ok();
    let back = anna.run(&["discard", "lib/things/A"]).ok().line();
    assert_eq!(back["state"], "synced");
    anna.run(&["discard", "lib/things/A"]).exit(1);
    assert_eq!(anna.run(&["show", "lib/things/A"]).ok().line()["body"], r#"{"a":1}"#);

    let versions = anna.run(&["history", "lib/things/A"]).ok().lines();
    for version in &versions {
        for name in ["version", "at", "what", "by", "validator", "from_validator"] {
            assert!(version.get(name).is_some(), "{name} in {version}");
        }
        assert!(version["at"].as_str().unwrap().ends_with('Z'));
    }
    let discarded = versions.iter().find(|v| v["what"] == "discarded").unwrap()["version"].to_string();
    let restored = anna.run(&["restore", "lib/things/A", &discarded]).ok().line();
    assert_eq!(restored["state"], "edited");
    anna.run(&["restore", "lib/things/A", "99"]).exit(1);
    anna.run(&["sync"]).ok();
    assert_eq!(world.get("A").await.as_deref(), Some(r#"{"a":2,"b":[1.0]}"#));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_removed_record_is_restored_as_a_new_one() {
    let world = World::start().await;
    world.create("A", r#"{"a":1}"#).await;
    let anna = Person::of(&world);
    anna.run(&["edit", "lib/things/A", "--delete"]).ok();
    anna.run(&["sync"]).ok();
    let versions = anna.run(&["history", "lib/things/A"]).ok().lines();
    let seen = versions.iter().find(|v| v["what"] == "seen").unwrap()["version"].to_string();
    anna.run(&["restore", "lib/things/A", &seen]).ok();
    assert_eq!(anna.run(&["outbox"]).ok().line()["kind"], "create");
    anna.run(&["sync"]).ok();
    assert_eq!(world.get("A").await.as_deref(), Some(r#"{"a":1}"#));
    world.assert_guarded();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_server_refuses_is_shown_and_tried_again() {
    let options = demo_server::Options { sample: true, ..Default::default() };
    let world = World::with(options).await;
    let anna = Person::of(&world);
    let first = anna.run(&["records", "--collection", "tools", "--limit", "1"]).ok().line();
    let record = first["record"].as_str().unwrap().to_owned();
    anna.run(&["edit", &record, "--set", "/name=7"]).ok();
    let round = anna.run(&["sync"]).exit(3).line();
    assert_eq!(round["pushed"]["rejected"], 1);
    let waiting = anna.run(&["outbox"]).ok().line();
    assert_eq!((&waiting["state"], &waiting["reason"]), (&json!("rejected"), &json!("refused")));
    assert!(!waiting["words"].as_str().unwrap().is_empty());
    assert_eq!(anna.run(&["retry", &record]).ok().line()["state"], "edited");
    anna.run(&["sync"]).exit(3);
    anna.run(&["edit", &record, "--set", "/name=\"Drill\""]).ok();
    anna.run(&["sync"]).ok();
    world.assert_guarded();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn versions_of_a_record_that_needs_the_person() {
    let world = World::start().await;
    world.create("A", r#"{"a":1}"#).await;
    let anna = Person::of(&world);
    anna.run(&["show", "lib/things/A", "--version", "mine"]).exit(1);
    anna.run(&["edit", "lib/things/A", "--set", "/a=2"]).ok();
    world.change("A", r#"{"a":3}"#).await;
    anna.run(&["sync"]).exit(3);
    for (version, body) in [("current", "2"), ("base", "1"), ("mine", "2"), ("theirs", "3")] {
        let shown = anna.run(&["show", "lib/things/A", "--version", version]).ok().line();
        assert_eq!(shown["body"], format!("{{\"a\":{body}}}"), "{version}");
        assert_eq!((&shown["version"], &shown["state"]), (&json!(version), &json!("needs_you")));
        assert_eq!(shown["media_type"], "application/json");
    }
    let numbered = anna.run(&["show", "lib/things/A", "--version", "1"]).ok().line();
    assert_eq!((&numbered["version"], &numbered["body"]), (&json!(1), &json!(r#"{"a":1}"#)));
    assert_eq!(anna.read(&["show", "lib/things/A", "--version", "base"]).ok().stdout, r#"{"a":1}"#);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settle_is_for_new_records_whose_fate_is_not_known() {
    let world = World::start().await;
    world.create("A", r#"{"a":1}"#).await;
    let anna = Person::of(&world);
    anna.run(&["settle", "lib/things/A", "--send-again"]).exit(1);
    anna.run(&["settle", "lib/things/A", "--is", "nobody"]).exit(1);
    anna.run(&["settle", "lib/things/~9999", "--send-again"]).exit(1);
    anna.run(&["settle", "lib/things/A"]).exit(2);
    assert_eq!(anna.run(&["records"]).ok().line()["state"], "synced");
}
