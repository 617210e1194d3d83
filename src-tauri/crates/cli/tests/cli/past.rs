//! The history as a file, and undo.

use crate::world::{Person, World};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_history_goes_into_a_file() {
    let world = World::start().await;
    world.create("A", r#"{"a":"=1+1"}"#).await;
    world.create("B", r#"{"a":2}"#).await;
    let anna = Person::of(&world);
    anna.run(&["edit", "lib/things/A", "--set", "/b=\"x\""]).ok();
    anna.run(&["sync"]).ok();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let all = anna.run(&["history", "--export", &path("all.json")]).ok().line();
    assert_eq!(all["records"], 2);
    let text = std::fs::read_to_string(path("all.json")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["records"].as_array().unwrap().len(), 2);
    let one = anna.run(&["history", "lib/things/A", "--export", &path("one.csv")]).ok().line();
    assert_eq!(one["records"], 1);
    let csv = std::fs::read_to_string(path("one.csv")).unwrap();
    assert!(csv.starts_with("record,title,version,at,") && csv.contains("lib/things/A"), "{csv}");
    anna.run(&["history"]).exit(2);
    anna.run(&["history", "--export", &path("no/folder/x.csv")]).exit(1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_merge_is_undone() {
    let world = World::start().await;
    world.create("A", r#"{"a":1,"b":1}"#).await;
    let (anna, ben) = (Person::of(&world), Person::of(&world));
    ben.run(&["edit", "lib/things/A", "--set", "/a=2"]).ok();
    ben.run(&["sync"]).ok();
    anna.run(&["edit", "lib/things/A", "--set", "/a=3"]).ok();
    anna.run(&["sync"]).exit(3);
    anna.run(&["resolve", "lib/things/A", "--all", "mine"]).ok();
    anna.run(&["undo", "lib/things/A"]).exit(3);
    anna.run(&["resolve", "lib/things/A", "--all", "mine"]).ok();
    anna.run(&["sync"]).ok();
    assert_eq!(world.get("A").await.as_deref(), Some(r#"{"a":3,"b":1}"#));
    assert_eq!(anna.run(&["undo", "lib/things/A"]).ok().line()["state"], "edited");
    anna.run(&["sync"]).ok();
    assert_eq!(world.get("A").await.as_deref(), Some(r#"{"a":2,"b":1}"#));
    anna.run(&["undo", "lib/things/A", "1"]).exit(1);
    world.assert_guarded();
}
