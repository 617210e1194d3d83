//! Exit codes, and who may write.

use crate::world::{Person, World};
use demo_server::Options;
use serde_json::json;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_down_is_4_and_nothing_is_lost() {
    let data = tempfile::tempdir().unwrap();
    let start = || Options { data: Some(data.path().to_owned()), ..Options::default() };
    let world = World::with(start()).await;
    world.create("A", r#"{"a":1}"#).await;
    let anna = Person::of(&world);
    let port = world.server.port();
    anna.run(&["edit", "lib/things/A", "--set", "/a=2"]).ok();
    world.server.stop().await;
    let done = anna.run(&["sync"]).exit(4).says("cannot be reached");
    assert_eq!(done.line()["pushed"]["applied"], 0);
    anna.run(&["check", "lib"]).exit(4);
    anna.run(&["source", "add", "other", &format!("http://127.0.0.1:{port}"), "--family", "rest"]).exit(4);
    assert_eq!(anna.run(&["records"]).ok().line()["state"], "edited");
    let world = World::with(Options { port, ..start() }).await;
    anna.run(&["sync"]).ok();
    assert_eq!(world.get("A").await.as_deref(), Some(r#"{"a":2}"#));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_asks_to_sign_in_is_5() {
    let user = Some(("anna".to_owned(), "right".to_owned()));
    let world = World::with(Options { user, ..Options::default() }).await;
    world.create("A", r#"{"a":1}"#).await;
    let anna = Person::new();
    let url = world.url();
    let add = ["source", "add", "lib", &url, "--family", "rest", "--user", "anna"];
    let with_secret = |args: &[&str], secret: &str| anna.feed(args, "", &[("MATCHBOOK_SECRET", secret)]);
    anna.run(&add).exit(5);
    with_secret(&add, "wrong").exit(5);
    assert!(anna.run(&["source", "list"]).ok().lines().is_empty());
    with_secret(&add, "right").ok();
    with_secret(&["sync"], "right").ok();
    with_secret(&["edit", "lib/things/A", "--set", "/a=2"], "right").ok();
    with_secret(&["sync"], "wrong").exit(5).says("sign in");
    assert_eq!(world.get("A").await.as_deref(), Some(r#"{"a":1}"#));
    assert_eq!(anna.run(&["outbox"]).ok().lines().len(), 1);
    with_secret(&["sync"], "right").ok();
    assert_eq!(world.get("A").await.as_deref(), Some(r#"{"a":2}"#));
    // The secret is nowhere in the data folder.
    for entry in std::fs::read_dir(anna.home.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap_or_default();
        assert!(!bytes.windows(5).any(|window| window == b"right"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_folder_has_nothing_and_is_no_error() {
    let anna = Person::new();
    for line in [&["records"][..], &["outbox"], &["conflicts"], &["source", "list"], &["sync"]] {
        assert!(anna.run(line).ok().lines().is_empty(), "{line:?}");
    }
    let nobody = Person::new();
    nobody.run(&["show", "lib/things/A"]).exit(1);
    nobody.run(&["sync", "lib"]).exit(1).says("lib");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_usage_is_2() {
    let world = World::start().await;
    world.create("A", r#"{"a":1}"#).await;
    let anna = Person::of(&world);
    for line in [
        &["show", "lib/things"][..],
        &["show", "lib/things/A/B"],
        &["edit", "lib/things/A", "--set", "/b/c=1"],
        &["edit", "lib/things/A", "--unset", "/b"],
        &["edit", "lib/things/A", "--file", "/does/not/exist"],
        &["source", "add", "lib", "http://127.0.0.1:1", "--family", "rest"],
        &["source", "add", "x", "no address", "--family", "rest"],
        &["source", "add", "x", "http://127.0.0.1:1", "--family", "gopher"],
        &["check", "lib", "--family", "rest"],
        &["mirror", "lib", "folder"],
        &["export", "file"],
        &["import", "file"],
    ] {
        let done = anna.run(line).exit(2);
        assert!(done.stdout.is_empty() && !done.stderr.is_empty(), "{done:?}");
    }
    anna.feed(&["edit", "lib/things/A", "--file", "-"], "{", &[]).exit(2).says("JSON");
    assert_eq!(anna.run(&["records"]).ok().line()["state"], "synced");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_writes_others_read() {
    let world = World::start().await;
    world.create("A", r#"{"a":1}"#).await;
    let anna = Person::of(&world);
    // Reading standard input before the folder is opened would not hold the lock: a sync that waits for its server does.
    let slow = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", slow.local_addr().unwrap());
    let mut writer = anna
        .command(&["source", "add", "slow", &url, "--family", "rest"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let connection = tokio::task::block_in_place(|| slow.accept().unwrap());
    assert_eq!(anna.run(&["records"]).ok().lines().len(), 1);
    anna.run(&["edit", "lib/things/A", "--set", "/a=2"]).exit(1).says(&format!("process {}", writer.id()));
    writer.kill().unwrap();
    writer.wait().unwrap();
    drop(connection);
    anna.run(&["edit", "lib/things/A", "--set", "/a=2"]).ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_that_goes_away_is_no_panic() {
    let world = World::with(Options { sample: true, ..Options::default() }).await;
    let anna = Person::of(&world);
    let mut child = anna
        .command(&["records", "--json"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::with_capacity(64, child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let output = tokio::task::block_in_place(|| child.wait_with_output().unwrap());
    assert!(!first.is_empty());
    assert!(output.status.success(), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_with_unsent_edits_is_not_removed_by_accident() {
    let world = World::start().await;
    world.create("A", r#"{"a":1}"#).await;
    let anna = Person::of(&world);
    anna.run(&["edit", "lib/things/A", "--set", "/a=2"]).ok();
    anna.run(&["source", "remove", "lib"]).exit(3).says("1 unsent");
    assert_eq!(anna.run(&["outbox"]).ok().lines().len(), 1);
    let removed = anna.run(&["source", "remove", "lib", "--discard-unsent"]).ok().line();
    assert_eq!(removed, json!({"source": "lib", "removed": true}));
    assert!(anna.run(&["records"]).ok().lines().is_empty());
    anna.run(&["source", "remove", "lib"]).exit(1);
}
