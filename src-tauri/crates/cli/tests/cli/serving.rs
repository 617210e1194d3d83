//! `serve`.

use crate::world::{PROGRAM, Person};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

struct Served {
    child: Child,
    base: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(args: &[&str], stdin: &str) -> Served {
    tokio::task::block_in_place(|| {
        let mut child = Command::new(PROGRAM)
            .arg("serve")
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Standard input is closed after the secret: that must not stop the server.
        child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let base = line.trim().strip_prefix("base=").unwrap_or_else(|| panic!("{line}")).to_owned();
        Served { child, base }
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_answers_when_it_says_so_and_keeps_its_data() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().to_str().unwrap();
    let served = serve(&["--sample", "--data", folder], "");
    assert!(served.base.starts_with("http://127.0.0.1:"));
    let anna = Person::new();
    anna.run(&["source", "add", "lib", &served.base, "--family", "rest"]).ok();
    anna.run(&["sync"]).ok();
    let before = anna.run(&["records"]).ok().lines().len();
    assert!(before > 500);
    let port = served.base.rsplit(':').next().unwrap().to_owned();
    stop(served);
    let again = serve(&["--port", &port, "--data", folder], "");
    let round = anna.run(&["sync"]).ok().line();
    assert_eq!((&round["pulled"]["new"], &round["pulled"]["deleted"]), (&0.into(), &0.into()));
    // The port is taken.
    let taken = Person::new();
    taken.run(&["serve", "--port", &port]).exit(1).says("Choose another port");
    stop(again);
}

#[cfg(unix)]
fn stop(mut served: Served) {
    tokio::task::block_in_place(|| {
        let told = Command::new("kill").args(["-TERM", &served.child.id().to_string()]).status().unwrap();
        assert!(told.success());
        assert!(served.child.wait().unwrap().success());
    });
}

#[cfg(not(unix))]
fn stop(served: Served) {
    drop(served);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_a_user_everybody_signs_in() {
    let served = serve(&["--user", "anna"], "secret\n");
    let url = format!("{}/collections", served.base);
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    assert_eq!(http.get(&url).send().await.unwrap().status(), 401);
    let signed = http.get(&url).basic_auth("anna", Some("secret")).send().await.unwrap();
    assert_eq!(signed.status(), 200);
    let anna = Person::new();
    anna.run(&["serve", "--user", "anna"]).exit(2).says("standard input");
}
