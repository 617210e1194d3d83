//! New records.

use crate::world::{Person, World};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_record_arrives_as_it_was_written() {
    let world = World::start().await;
    let anna = Person::of(&world);
    let body = "{\n  \"title\": \"Drill\",\n  \"price\": 10.50\n}\n";
    let saved = anna.feed(&["new", "lib/things", "--file", "-"], body, &[]).ok().line();
    assert_eq!(saved["state"], "edited");
    let record = saved["record"].as_str().unwrap().to_owned();
    let waiting = anna.run(&["outbox"]).ok().line();
    assert_eq!((&waiting["kind"], &waiting["precondition"]), (&json!("create"), &json!("If-None-Match: *")));
    assert_eq!(waiting["base_validator"], json!(null));
    anna.run(&["sync"]).ok();
    let id = record.rsplit('/').next().unwrap();
    assert_eq!(world.get(id).await.as_deref(), Some(body));
    let listed = anna.run(&["records"]).ok().line();
    assert_eq!((&listed["record"], &listed["title"]), (&json!(record), &json!("Drill")));
    world.assert_guarded();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ids_of_ones_own_and_ids_that_are_taken() {
    let world = World::start().await;
    world.create("A", r#"{"a":1}"#).await;
    let anna = Person::of(&world);
    let new = |id: &str, body: &str| anna.feed(&["new", "lib/things", "--file", "-", "--id", id], body, &[]);
    assert_eq!(new("a/b c", "{}").ok().line()["record"], "lib/things/a%2Fb%20c");
    assert_eq!(new("~1", "{}").ok().line()["record"], "lib/things/%7E1");
    new("A", "{}").exit(2).says("already");
    new("X", "{").exit(2).says("JSON");
    anna.feed(&["new", "lib/nothing", "--file", "-"], "{}", &[]).exit(1);
    anna.feed(&["new", "nobody/things", "--file", "-"], "{}", &[]).exit(1);
    anna.run(&["new", "lib/things", "--file", "/does/not/exist"]).exit(2).says("cannot be read");
    anna.run(&["sync"]).ok();
    for record in ["lib/things/a%2Fb%20c", "lib/things/%7E1"] {
        assert_eq!(anna.run(&["show", record]).ok().line()["state"], "synced");
    }
}

async fn made_in_both_places() -> (World, Person) {
    let world = World::start().await;
    let anna = Person::of(&world);
    anna.feed(&["new", "lib/things", "--file", "-", "--id", "N"], r#"{"a":1,"mine":true}"#, &[]).ok();
    world.create("N", r#"{"a":2,"theirs":true}"#).await;
    anna.run(&["sync"]).exit(3);
    assert_eq!(anna.run(&["conflicts"]).ok().line()["kind"], "create_create");
    (world, anna)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn made_in_both_places_becomes_one_record() {
    let (world, anna) = made_in_both_places().await;
    anna.run(&["decide", "lib/things/N", "/a", "mine"]).ok();
    anna.run(&["resolve", "lib/things/N"]).ok();
    anna.run(&["sync"]).ok();
    let body = world.get("N").await.unwrap();
    let value: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(value, json!({"a": 1, "theirs": true, "mine": true}));
    world.assert_guarded();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn made_in_both_places_becomes_two_records() {
    let (world, anna) = made_in_both_places().await;
    let rows = anna.run(&["conflict", "lib/things/N"]).ok().lines();
    let open = rows.iter().find(|row| row["group"] == "open").unwrap();
    assert_eq!(open["choices"], json!(["theirs", "mine", "both", "edit", "later"]));
    let number = open["row"].to_string();
    anna.run(&["decide", "lib/things/N", &number, "both"]).ok();
    assert_eq!(anna.run(&["conflicts"]).ok().line()["open"], 0);
    // It can be opened again, and decided again.
    anna.run(&["decide", "lib/things/N", "", "later"]).ok();
    assert_eq!(anna.run(&["conflicts"]).ok().line()["open"], 1);
    anna.run(&["decide", "lib/things/N", "", "both"]).ok();
    let request = anna.run(&["resolve", "lib/things/N", "--dry-run"]).ok();
    assert_eq!(request.line()["method"], json!(null));
    let ready = anna.run(&["resolve", "--ready"]).ok().line();
    assert_eq!(ready, json!({"record": "lib/things/N", "state": "synced"}));
    anna.run(&["sync"]).ok();
    assert_eq!(world.get("N").await.as_deref(), Some(r#"{"a":2,"theirs":true}"#));
    let listed = anna.run(&["records"]).ok().lines();
    assert_eq!(listed.len(), 2);
    let other = listed.iter().filter_map(|l| l["record"].as_str()).find(|r| !r.ends_with("/N")).unwrap();
    let id = other.rsplit('/').next().unwrap();
    assert_eq!(world.get(id).await.as_deref(), Some(r#"{"a":1,"mine":true}"#));
    world.assert_guarded();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_record_made_in_both_places_is_one() {
    let world = World::start().await;
    let anna = Person::of(&world);
    anna.feed(&["new", "lib/things", "--file", "-", "--id", "N"], r#"{"a":1}"#, &[]).ok();
    world.create("N", r#"{ "a": 1 }"#).await;
    anna.run(&["sync"]).ok();
    assert!(anna.run(&["conflicts"]).ok().lines().is_empty());
    assert_eq!(anna.run(&["records"]).ok().line()["state"], "synced");
}
