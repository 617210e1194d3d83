//! Closed and opened again in the middle of everything.

use crate::person::{Person, row};
use crate::servers::Backend;
use crate::stage::{Home, Stage, eventually};
use ipc_types::{Choice, RecordState, Standing};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use testkit::{Fault, Rule};

/// What waits, what was decided and what is not known: all of it is there again.
pub async fn closed_and_opened(backend: &Backend) {
    let stage = Stage::with_drill(backend, "restart").await;
    for id in ["saw", "file"] {
        stage.creates(id, "{\"name\":\"Old\"}").await;
    }
    let ann = stage.person().await;
    ann.on(&stage, "drill").set("/notes", "\"Ann's line\"").await;
    ann.on(&stage, "drill").set("/name", "\"Ann's drill\"").await;
    stage.changes("drill", "first line", "Cho's line").await;
    stage.changes("drill", "\"Drill\"", "\"Cho's drill\"").await;
    ann.syncs().await;
    ann.on(&stage, "drill").decide("/notes", Choice::Mine).await;
    ann.on(&stage, "file").set("/name", "\"New\"").await;
    ann.on(&stage, "file").hold(true).await;
    stage.proxy.add(Rule::writes(Fault::LoseAnswer).at("/saw").times(1));
    stage.proxy.add(Rule::all(Fault::LoseRequest).by(&["GET"]).at("/saw"));
    ann.starts();
    ann.on(&stage, "saw").set("/name", "\"New\"").await;
    ann.on(&stage, "saw").comes_to(Some(RecordState::Uncertain)).await;

    let ann = ann.restarts().await;
    let (drill, file, saw) = (ann.on(&stage, "drill"), ann.on(&stage, "file"), ann.on(&stage, "saw"));
    assert_eq!(saw.state().await, Some(RecordState::Uncertain));
    let view = file.view().await.unwrap();
    assert_eq!((view.state, view.held), (RecordState::Edited, true));
    assert_eq!(drill.state().await, Some(RecordState::NeedsYou));
    let merge = drill.merge().await;
    assert_eq!((merge.choices, merge.decided), (2, 1));
    assert_eq!(row(&merge, "/notes").standing, Standing::Decided);
    assert_eq!(ann.waiting().await, (2, 1));

    stage.proxy.clear();
    drill.decide("/name", Choice::Theirs).await;
    drill.resolve().await;
    file.hold(false).await;
    ann.syncs().await;
    for (on, id) in [(&drill, "drill"), (&file, "file"), (&saw, "saw")] {
        assert_eq!(on.state().await, Some(RecordState::Synced), "{id}");
        assert_eq!(stage.effects(id, 0), 1, "{id}");
    }
    let (_, text) = stage.has("drill").await.unwrap();
    assert!(text.contains("Ann's line") && text.contains("Cho's drill"), "{text}");
}

/// This test binary as a program of its own, that does `what` and then waits to be killed.
pub fn program(what: &str) -> Command {
    let mut program = Command::new(std::env::current_exe().unwrap());
    program.args([&format!("stories::restart::{what}"), "--exact", "--ignored", "--nocapture"]);
    program.stdin(Stdio::null()).stdout(Stdio::piped());
    program
}

struct Killed(Child);

impl Killed {
    /// Waits for a line of the program that ends like this.
    fn says(&mut self, words: &str) {
        let output = self.0.stdout.as_mut().unwrap();
        let said = BufReader::new(output).lines().any(|line| line.unwrap().ends_with(words));
        assert!(said, "the program ended without saying \"{words}\"");
    }
}

impl Drop for Killed {
    fn drop(&mut self) {
        // SIGKILL: the program has no chance to tidy up.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Killed right after "saved", and killed while the edit is on the wire: nothing is lost, nothing is done twice.
pub async fn killed(backend: &Backend) {
    let stage = Stage::with_drill(backend, "killed").await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    let ann = Person::in_home(Home::Elsewhere(path.clone())).await;
    ann.handle.add_source(stage.source(None)).await.unwrap();
    ann.reads().await;
    ann.checks(None).await;
    ann.handle.stop().await;
    drop(ann);

    for (words, on_the_wire) in [("before the power went", false), ("while it was sent", true)] {
        if on_the_wire {
            stage.proxy.add(Rule::writes(Fault::Hold).at("/drill").times(1));
        }
        let mark = stage.mark();
        let child = program("edits_and_waits")
            .env("STORY_HOME", &path)
            .env("STORY_RECORD", stage.address("drill"))
            .env("STORY_WORDS", words)
            .env("STORY_STARTS", if on_the_wire { "yes" } else { "no" })
            .spawn()
            .unwrap();
        let mut child = Killed(child);
        child.says("saved");
        if on_the_wire {
            let held = || async { stage.passed(mark).iter().any(|p| p.fault == Some(Fault::Hold)) };
            eventually("the edit is on the wire", held).await;
        }
        drop(child);
        stage.proxy.clear();
        if on_the_wire {
            eventually("the server has it", || async { stage.effects("drill", mark) == 1 }).await;
        }
        let ann = Person::in_home(Home::Elsewhere(path.clone())).await;
        let drill = ann.on(&stage, "drill");
        let state = if on_the_wire { RecordState::Uncertain } else { RecordState::Edited };
        assert_eq!(drill.state().await, Some(state));
        assert!(drill.text().await.contains(words));
        ann.syncs().await;
        assert_eq!(drill.state().await, Some(RecordState::Synced));
        assert_eq!(stage.member("drill", "notes").await, words);
        assert_eq!(stage.effects("drill", mark), 1);
        ann.handle.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a program that other stories start and kill"]
async fn edits_and_waits() {
    let told = |name: &str| std::env::var(name).unwrap();
    let ann = Person::in_home(Home::Elsewhere(told("STORY_HOME").into())).await;
    if told("STORY_STARTS") == "yes" {
        ann.starts();
    }
    ann.on_address(&told("STORY_RECORD")).set("/notes", &format!("\"{}\"", told("STORY_WORDS"))).await;
    let mut out = std::io::stdout();
    out.write_all(b"\nsaved\n").unwrap();
    out.flush().unwrap();
    std::future::pending::<()>().await;
}
