//! One side deletes what the other edits.

use crate::world::{Person, World};
use serde_json::json;

async fn edited_here_deleted_there() -> (World, Person) {
    let world = World::start().await;
    world.create("A", r#"{"a":1}"#).await;
    let anna = Person::of(&world);
    anna.run(&["edit", "lib/things/A", "--set", "/a=2"]).ok();
    world.delete("A").await;
    anna.run(&["sync"]).exit(3);
    let head = anna.run(&["conflicts"]).ok().line();
    assert_eq!(head["kind"], "edit_delete");
    assert_eq!(head["theirs_validator"], json!(null));
    let row = anna.run(&["conflict", "lib/things/A"]).ok().line();
    assert_eq!((&row["path"], &row["group"], &row["theirs"]), (&json!([]), &json!("open"), &json!(null)));
    assert_eq!(row["choices"], json!(["theirs", "mine", "both", "later"]));
    (world, anna)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn edited_here_deleted_there_is_brought_back() {
    let (world, anna) = edited_here_deleted_there().await;
    anna.run(&["decide", "lib/things/A", "1", "mine"]).ok();
    let request = anna.run(&["resolve", "lib/things/A", "--dry-run"]).ok().line();
    assert_eq!((&request["method"], &request["headers"]["If-None-Match"]), (&json!("PUT"), &json!("*")));
    anna.run(&["resolve", "lib/things/A", "--seen", "gone"]).ok();
    anna.run(&["sync"]).ok();
    assert_eq!(world.get("A").await.as_deref(), Some(r#"{"a":2}"#));
    world.assert_guarded();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn edited_here_deleted_there_is_let_go_and_stays_in_the_history() {
    let (world, anna) = edited_here_deleted_there().await;
    anna.run(&["decide", "lib/things/A", "", "theirs"]).ok();
    let request = anna.run(&["resolve", "lib/things/A", "--dry-run"]).ok().line();
    assert_eq!(request, json!({"method": null, "url": null, "headers": {}, "body": null}));
    let saved = anna.run(&["resolve", "lib/things/A"]).ok().line();
    assert_eq!(saved, json!({"record": "lib/things/A", "state": "gone"}));
    anna.run(&["sync"]).ok();
    assert_eq!(world.get("A").await, None);
    let versions = anna.run(&["history", "lib/things/A"]).ok().lines();
    let mine = versions.iter().find(|v| v["by"] == "you").unwrap();
    let number = mine["version"].to_string();
    let shown = anna.run(&["show", "lib/things/A", "--version", &number]).ok().line();
    assert_eq!((&shown["body"], &shown["state"]), (&json!(r#"{"a":2}"#), &json!("gone")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn edited_here_deleted_there_is_saved_as_new() {
    let (world, anna) = edited_here_deleted_there().await;
    anna.run(&["decide", "lib/things/A", "1", "both"]).ok();
    anna.run(&["resolve", "lib/things/A"]).ok();
    let copy = anna.run(&["outbox"]).ok().line();
    assert_eq!(copy["kind"], "create");
    anna.run(&["sync"]).ok();
    assert_eq!(world.get("A").await, None);
    let listed = anna.run(&["records"]).ok().line();
    let id = listed["record"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    assert_eq!(world.get(&id).await.as_deref(), Some(r#"{"a":2}"#));
    world.assert_guarded();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deleted_here_edited_there() {
    for (choice, left) in [("mine", None), ("theirs", Some(r#"{"a":2}"#))] {
        let world = World::start().await;
        world.create("A", r#"{"a":1}"#).await;
        let anna = Person::of(&world);
        let saved = anna.run(&["edit", "lib/things/A", "--delete"]).ok().line();
        assert_eq!(saved["state"], "edited");
        world.change("A", r#"{"a":2}"#).await;
        anna.run(&["sync"]).exit(3);
        assert_eq!(anna.run(&["conflicts"]).ok().line()["kind"], "delete_edit");
        assert_eq!(world.get("A").await.as_deref(), Some(r#"{"a":2}"#));
        let row = anna.run(&["conflict", "lib/things/A"]).ok().line();
        assert_eq!(row["choices"], json!(["theirs", "mine", "later"]));
        anna.run(&["resolve", "lib/things/A"]).exit(3);
        anna.run(&["decide", "lib/things/A", "1", choice]).ok();
        anna.run(&["resolve", "lib/things/A"]).ok();
        anna.run(&["sync"]).ok();
        assert_eq!(world.get("A").await.as_deref(), left, "{choice}");
        world.assert_guarded();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_removal_arrives_and_two_removals_are_nothing() {
    let world = World::start().await;
    for id in ["A", "B"] {
        world.create(id, r#"{"a":1}"#).await;
    }
    let anna = Person::of(&world);
    for id in ["A", "B"] {
        anna.run(&["edit", &format!("lib/things/{id}"), "--delete"]).ok();
    }
    let shown = anna.run(&["show", "lib/things/A"]).ok().line();
    assert_eq!((&shown["body"], &shown["state"]), (&json!(null), &json!("edited")));
    anna.run(&["edit", "lib/things/A", "--set", "/a=2"]).exit(1).says("deleted");
    world.delete("B").await;
    anna.run(&["sync"]).ok();
    assert_eq!((world.get("A").await, world.get("B").await), (None, None));
    assert!(anna.run(&["records"]).ok().lines().is_empty());
    world.assert_guarded();
}
