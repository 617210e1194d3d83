//! Signing in, and where the secret is kept.

use crate::person::Person;
use crate::servers::Reference;
use crate::stage::{DRILL, Stage, eventually};
use ipc_types::{AddSource, RecordState};
use std::path::Path;
use std::sync::Arc;
use testkit::{Fault, Rule};

const USER: &str = "ann";
/// Easy to find wherever it should not be. The second spelling is what `Authorization` holds.
const CANARY: &str = "canary-7f3d9b-secret";
const ENCODED: &str = "YW5uOmNhbmFyeS03ZjNkOWItc2VjcmV0";

fn search(folder: &Path) -> u64 {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            bytes += search(&path);
            continue;
        }
        let content = std::fs::read(&path).unwrap();
        bytes += content.len() as u64;
        for secret in [CANARY, ENCODED] {
            let found = content.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "the secret is in {}", path.display());
        }
    }
    bytes
}

/// Signed in; the sign-in expires; the source pauses with everything kept; it goes on.
async fn signed_in(secret: Option<&str>) {
    let server = Reference::asking(Some((USER.to_owned(), CANARY.to_owned()))).await;
    let stage = Stage::around(Arc::new(server)).await;
    stage.creates("drill", DRILL).await;
    let ann = Person::at(tempfile::tempdir().unwrap()).await;
    let source =
        AddSource { user: Some(USER.to_owned()), secret: secret.map(str::to_owned), ..stage.source(None) };
    ann.handle.add_source(source).await.unwrap();
    ann.reads().await;
    ann.checks(None).await;
    let mut news = ann.handle.subscribe();
    ann.starts();
    let drill = ann.on(&stage, "drill");
    drill.set("/notes", "\"signed in\"").await;
    drill.comes_to(Some(RecordState::Synced)).await;
    let sent = stage.passed(0);
    let header = sent.last().unwrap().heard.header("authorization").unwrap();
    assert_eq!(header, format!("Basic {ENCODED}"), "the real secret was used");

    let expired = Fault::answer(401, "application/json", "WWW-Authenticate: Basic realm=\"tools\"\r\n", "{}");
    stage.proxy.add(Rule::all(expired));
    let mark = stage.mark();
    drill.set("/notes", "\"signed out\"").await;
    eventually("the source asks to sign in", || async {
        ann.source().await.paused.as_deref() == Some("sign_in")
    })
    .await;
    assert_eq!(drill.state().await, Some(RecordState::Edited));
    assert!(stage.passed(mark).len() <= 4, "it does not go on asking: {}", stage.passed(mark).len());
    stage.proxy.clear();
    ann.syncs_now().await;
    drill.comes_to(Some(RecordState::Synced)).await;
    assert_eq!(stage.member("drill", "notes").await, "signed out");

    ann.handle.stop().await;
    assert!(search(&ann.home.path()) > 1_000, "the data folder was searched");
    while let Ok(told) = news.try_recv() {
        assert!(!format!("{told:?}").contains(CANARY));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs MATCHBOOK_SECRET: another story starts it as a program of its own"]
async fn with_the_secret_given() {
    assert_eq!(std::env::var("MATCHBOOK_SECRET").unwrap(), CANARY);
    signed_in(None).await;
}

/// The secret comes from the environment.
#[test]
fn secret_in_the_environment() {
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["stories::secrets::with_the_secret_given", "--exact", "--ignored", "--nocapture"])
        .env("MATCHBOOK_SECRET", CANARY)
        .output()
        .unwrap();
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
    let told = said.replace("with_the_secret_given", "");
    assert!(!told.contains(CANARY) && !told.contains(ENCODED), "the secret was printed");
}

/// The secret is in the keychain of the computer (`scripts/headless` brings one).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn secret_in_the_keychain() {
    if cfg!(target_os = "linux") && std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_none() {
        println!("no session bus, so no keychain: run this under scripts/headless");
        return;
    }
    signed_in(Some(CANARY)).await;
}
