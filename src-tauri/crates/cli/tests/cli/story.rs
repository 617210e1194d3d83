//! Two people and a third change one record: the whole way from an edit to the merged bytes.

use crate::world::{Person, World};
use serde_json::json;

const FIRST: &str =
    r#"{ "name": "Anna", "phone": "1", "city": "Rome", "big": 12345678901234567890, "one": 1.0 }"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_meets_another_one_and_both_arrive() {
    let world = World::start().await;
    world.create("A", FIRST).await;
    let anna = Person::new();

    let added = anna.run(&["source", "add", "lib", &world.url(), "--family", "rest"]).ok().line();
    assert_eq!(
        added,
        json!({"source": "lib", "family": "rest", "collections": ["things"], "grade": "not_checked"})
    );
    let round = anna.run(&["sync"]).ok().line();
    assert_eq!(round["pulled"], json!({"new": 1, "changed": 0, "deleted": 0, "unchanged": 0}));
    let listed = anna.run(&["records"]).ok().line();
    let tag = world.tag("A").await;
    assert_eq!(
        listed,
        json!({"record": "lib/things/A", "title": "Anna", "state": "synced", "validator": tag})
    );

    // An edit of her own arrives.
    let saved = anna.run(&["edit", "lib/things/A", "--set", "/phone=\"2\""]).ok().line();
    assert_eq!(saved, json!({"record": "lib/things/A", "state": "edited"}));
    let waiting = anna.run(&["outbox"]).ok().line();
    assert_eq!(waiting["kind"], "change");
    assert_eq!(waiting["base_validator"], tag);
    assert_eq!(waiting["precondition"], format!("If-Match: {tag}"));
    let round = anna.run(&["sync"]).ok().line();
    assert_eq!(round["pushed"], json!({"applied": 1, "merged": 0, "rejected": 0, "uncertain": 0}));
    let second = FIRST.replace(r#""phone": "1""#, r#""phone": "2""#);
    assert_eq!(world.get("A").await, Some(second.clone()));

    // Ben changes the phone and the city; she changes the phone and the name.
    let bens = second.replace(r#""phone": "2""#, r#""phone": "3""#).replace("Rome", "Oslo");
    world.change("A", &bens).await;
    anna.run(&["edit", "lib/things/A", "--set", "/phone=\"4\"", "--set", "/name=\"Anna K.\""]).ok();
    let round = anna.run(&["sync"]).exit(3).line();
    assert_eq!(round["needs_you"], 1);
    assert_eq!(world.get("A").await.as_ref(), Some(&bens), "nothing was overwritten unseen");
    decide_and_send(&world, &anna, &bens).await;
    world.assert_guarded();
}

async fn decide_and_send(world: &World, anna: &Person, bens: &str) {
    let head = anna.run(&["conflicts"]).ok().line();
    let tag = world.tag("A").await;
    let expected = json!({"record": "lib/things/A", "kind": "edit_edit", "open": 1, "automatic": 2, "theirs_validator": tag});
    assert_eq!(head, expected);
    let rows = anna.run(&["conflict", "lib/things/A"]).ok().lines();
    let open: Vec<_> = rows.iter().filter(|row| row["group"] == "open").collect();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0]["path"], json!(["phone"]));
    assert_eq!(
        (&open[0]["before"], &open[0]["theirs"], &open[0]["mine"]),
        (&json!("\"2\""), &json!("\"3\""), &json!("\"4\""))
    );
    assert_eq!(open[0]["decision"], json!(null));
    anna.run(&["resolve", "lib/things/A"]).exit(3).says("1 of its rows are open");
    anna.run(&["resolve", "lib/things/A", "--dry-run"]).exit(3);
    let number = open[0]["row"].to_string();
    let decided = anna.run(&["decide", "lib/things/A", &number, "mine"]).ok().line();
    assert_eq!(decided, json!({"record": "lib/things/A", "state": "needs_you", "open": 0}));

    // The server changes again meanwhile: the decision stays, and what is sent names the version seen.
    let third = bens.replace(r#""one": 1.0 }"#, r#""one": 1.0, "note": "from Cho" }"#);
    world.change("A", &third).await;
    anna.run(&["sync"]).exit(3);
    let rows = anna.run(&["conflict", "lib/things/A"]).ok().lines();
    let phone = rows.iter().find(|row| row["path"] == json!(["phone"])).unwrap();
    assert_eq!((&phone["decision"], phone["row"].to_string()), (&json!("mine"), number));
    let newest = world.tag("A").await;
    let merged = third.replace(r#""phone": "3""#, r#""phone": "4""#).replace(r#""Anna""#, r#""Anna K.""#);
    let request = anna.run(&["resolve", "lib/things/A", "--dry-run"]).ok().line();
    assert_eq!(request["method"], "PUT");
    assert_eq!(request["url"], format!("{}/collections/things/records/A", world.url()));
    assert_eq!(request["headers"]["If-Match"], newest);
    assert_eq!(request["body"], merged);
    anna.run(&["resolve", "lib/things/A", "--seen", &tag]).exit(3).says("changed");
    anna.run(&["resolve", "lib/things/A", "--dry-run", "--seen", &tag]).exit(3);
    let saved = anna.run(&["resolve", "lib/things/A", "--seen", &newest]).ok().line();
    assert_eq!(saved, json!({"record": "lib/things/A", "state": "edited"}));
    assert!(anna.run(&["conflicts"]).ok().lines().is_empty());

    let round = anna.run(&["sync"]).ok().line();
    assert_eq!((&round["pushed"]["applied"], &round["needs_you"]), (&json!(1), &json!(0)));
    assert_eq!(
        world.get("A").await,
        Some(merged),
        "both people's changes and the third one's, all other bytes as they were"
    );
    assert_eq!(anna.run(&["records"]).ok().line()["state"], "synced");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_choices_for_a_row() {
    for (choice, more, result) in [
        ("theirs", &[][..], Some(r#"{"a":2}"#)),
        ("mine", &[], Some(r#"{"a":3}"#)),
        ("edit", &["--value", "1.50"], Some(r#"{"a":1.50}"#)),
        ("edit", &["--value", "-5"], Some(r#"{"a":-5}"#)),
        ("edit", &["--remove"], Some("{}")),
        ("later", &[], None),
    ] {
        let world = World::start().await;
        world.create("A", r#"{"a":1}"#).await;
        let anna = Person::of(&world);
        anna.run(&["edit", "lib/things/A", "--set", "/a=3"]).ok();
        world.change("A", r#"{"a":2}"#).await;
        anna.run(&["sync"]).exit(3);
        anna.run(&["decide", "lib/things/A", "/a", "mine"]).ok();
        anna.run(&[&["decide", "lib/things/A", "/a", choice][..], more].concat()).ok();
        match result {
            None => {
                anna.run(&["resolve", "lib/things/A"]).exit(3);
            }
            Some(result) => {
                anna.run(&["resolve", "lib/things/A"]).ok();
                anna.run(&["sync"]).ok();
                assert_eq!(world.get("A").await.as_deref(), Some(result), "{choice} {more:?}");
            }
        }
        world.assert_guarded();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_decided_is_said() {
    let world = World::start().await;
    world.create("A", r#"{"a":1}"#).await;
    let anna = Person::of(&world);
    anna.run(&["conflict", "lib/things/A"]).exit(1);
    anna.run(&["edit", "lib/things/A", "--set", "/a=3"]).ok();
    world.change("A", r#"{"a":2}"#).await;
    anna.run(&["sync"]).exit(3);
    for (line, code) in [
        (&["decide", "lib/things/A", "9", "mine"][..], 2),
        (&["decide", "lib/things/A", "/b", "mine"], 2),
        (&["decide", "lib/things/A", "/a", "both"], 2),
        (&["decide", "lib/things/A", "/a", "edit"], 2),
        (&["decide", "lib/things/A", "/a", "mine", "--value", "1"], 2),
        (&["decide", "lib/things/B", "/a", "mine"], 1),
        (&["decide", "lib/things", "/a", "mine"], 2),
    ] {
        let done = anna.run(line).exit(code);
        assert!(!done.stderr.is_empty());
    }
    assert_eq!(anna.run(&["conflicts"]).ok().line()["open"], 1);
    // One side for all, and all records that are ready.
    anna.run(&["resolve", "--ready"]).exit(3);
    anna.run(&["resolve", "lib/things/A", "--all", "theirs"]).ok();
    assert!(anna.run(&["resolve", "--ready", "lib"]).ok().lines().is_empty());
    assert_eq!(anna.run(&["show", "lib/things/A"]).ok().line()["body"], r#"{"a":2}"#);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_without_a_clash_wait_for_a_look_or_go_by_themselves() {
    let world = World::start().await;
    for id in ["A", "B"] {
        world.create(id, r#"{"a":1,"b":1}"#).await;
    }
    let anna = Person::of(&world);
    let apart = |id: &str| {
        anna.run(&["edit", &format!("lib/things/{id}"), "--set", "/a=2"]).ok();
    };
    apart("A");
    world.change("A", r#"{"a":1,"b":2}"#).await;
    anna.run(&["sync"]).exit(3);
    assert_eq!(anna.run(&["conflicts"]).ok().line()["open"], 0);
    let queued = anna.run(&["resolve", "--ready", "lib"]).ok().line();
    assert_eq!(queued, json!({"record": "lib/things/A", "state": "edited"}));
    anna.run(&["sync"]).ok();
    assert_eq!(world.get("A").await.as_deref(), Some(r#"{"a":2,"b":2}"#));

    anna.run(&["source", "set", "lib", "--policy", "auto"]).ok();
    apart("B");
    world.change("B", r#"{"a":1,"b":2}"#).await;
    let round = anna.run(&["sync"]).ok().line();
    assert_eq!(round["pushed"]["merged"], 1);
    assert_eq!(world.get("B").await.as_deref(), Some(r#"{"a":2,"b":2}"#));
    world.assert_guarded();
}
