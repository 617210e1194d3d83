//! Lists, long ones too.

use crate::world::{Person, World, members};
use demo_server::Options;
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn records_are_listed_and_filtered() {
    let world = World::with(Options { sample: true, ..Options::default() }).await;
    world.create("A", r#"{"name":"A zebra","n":1}"#).await;
    let anna = Person::of(&world);
    let count = |args: &[&str]| anna.run(&[&["records"][..], args].concat()).ok().lines().len();
    let all = count(&[]);
    let of = |collection: &str| count(&["--source", "lib", "--collection", collection]);
    assert_eq!(of("tools") + of("contacts") + of("cases") + of("notes") + of("things"), all);
    assert!(all > 500, "{all}");
    assert_eq!(count(&["--limit", "7"]), 7);
    assert_eq!(count(&["--limit", "0"]), 0);
    assert_eq!(count(&["--query", "zebra"]), 1);
    assert_eq!(count(&["--collection", "things"]), 1);
    assert_eq!(count(&["--state", "edited"]), 0);
    anna.run(&["edit", "lib/things/A", "--set", "/n=2"]).ok();
    let edited = anna.run(&["records", "--state", "edited"]).ok().line();
    assert_eq!(members(&edited), ["record", "state", "title", "validator"]);
    assert_eq!((&edited["record"], &edited["title"]), (&json!("lib/things/A"), &json!("A zebra")));
    anna.run(&["records", "--source", "nobody"]).exit(1);
    anna.run(&["records", "--collection", "nothing"]).exit(1);
    let text = anna.read(&["records", "--state", "edited"]).ok().stdout;
    assert_eq!(text, "edited  lib/things/A  A zebra\n");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn long_lists_come_whole_and_each_record_once() {
    let world = World::start().await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let total = 2_500;
    for from in (0..total).step_by(100) {
        let requests: Vec<_> = (from..from + 100)
            .map(|n| {
                json!({
                    "method": "PUT",
                    "path": format!("/collections/things/records/r{n}"),
                    "headers": {"If-None-Match": "*"},
                    "body": {"name": format!("same name {}", n % 10)},
                })
            })
            .collect();
        let answer = http
            .post(format!("{}/batch", world.url()))
            .header("content-type", "application/json")
            .body(json!({"requests": requests}).to_string())
            .send()
            .await
            .unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    }
    let anna = Person::of(&world);
    let listed = anna.run(&["records"]).ok().lines();
    let distinct: std::collections::BTreeSet<_> = listed.iter().map(|l| l["record"].to_string()).collect();
    assert_eq!((listed.len(), distinct.len()), (total, total));
    assert_eq!(anna.run(&["records", "--limit", "1500"]).ok().lines().len(), 1500);
}
