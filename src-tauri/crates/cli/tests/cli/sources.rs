//! Sources: list, settings, the check-up.

use crate::world::{Person, World};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sources_are_listed_and_set() {
    let world = World::start().await;
    let anna = Person::of(&world);
    let source = anna.run(&["source", "list"]).ok().line();
    assert_eq!(
        (&source["source"], &source["family"], &source["policy"]),
        (&json!("lib"), &json!("rest"), &json!("review"))
    );
    assert_eq!(source["collections"][0]["collection"], "things");
    let set =
        anna.run(&["source", "set", "lib", "--policy", "auto", "--allow-unprotected", "yes"]).ok().line();
    assert_eq!((&set["policy"], &set["allow_unprotected"]), (&json!("auto"), &json!(true)));
    anna.run(&["source", "set", "nobody", "--policy", "auto"]).exit(1);
    let families = anna.run(&["source", "families"]).ok().lines();
    let names: Vec<_> = families.iter().map(|f| f["family"].as_str().unwrap()).collect();
    assert_eq!(names, ["rest", "kinto"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_collections_named_are_kept() {
    let world = World::with(demo_server::Options { sample: true, ..Default::default() }).await;
    let anna = Person::new();
    let url = world.url();
    let args =
        ["source", "add", "lib", &url, "--family", "rest", "--collection", "tools", "--collection", "notes"];
    let added = anna.run(&args).ok().line();
    assert_eq!(added["collections"], json!(["tools", "notes"]));
    anna.run(&["sync"]).ok();
    let kept = anna.run(&["records"]).ok().lines();
    assert!(kept.iter().all(|r| {
        let record = r["record"].as_str().unwrap();
        record.starts_with("lib/tools/") || record.starts_with("lib/notes/")
    }));
}

fn assert_protected(lines: &[Value]) {
    let (verdict, tests) = lines.split_last().unwrap();
    assert_eq!(verdict["grade"], "protected");
    assert!(verdict["profile"].is_object());
    for name in [
        "put_stale_if_match",
        "delete_stale_if_match",
        "create_if_none_match",
        "validator_in_answer",
        "body_kept",
    ] {
        let test = tests.iter().find(|t| t["test"] == name).unwrap_or_else(|| panic!("{name} in {tests:?}"));
        assert_eq!(test["result"], "pass");
        assert!(test["detail"].is_string());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_check_up_of_a_source_and_of_an_address() {
    let world = World::start().await;
    world.create("A", r#"{"a":1}"#).await;
    let anna = Person::of(&world);
    assert_protected(&anna.run(&["check", "lib"]).ok().lines());
    assert_eq!(anna.run(&["source", "list"]).ok().line()["grade"], "protected");
    assert_protected(&anna.run(&["check", "lib", "--collection", "things"]).ok().lines());
    let stranger = Person::new();
    assert_protected(&stranger.run(&["check", &world.url(), "--family", "rest"]).ok().lines());
    assert!(stranger.home.path().read_dir().unwrap().next().is_none(), "looking at an address keeps nothing");
    assert!(anna.read(&["check", "lib"]).ok().stdout.contains("protected"));
    anna.run(&["check", "nobody"]).exit(1);
    anna.run(&["sync"]).ok();
    assert_eq!(anna.run(&["records"]).ok().lines().len(), 1, "the scratch records are gone");
    world.assert_guarded();
}
