//! Another program that is open for a while: what is decided here meanwhile, and starts of Matchbook in between.

use super::deciding::{decide, met};
use crate::person::{On, Person, row};
use crate::servers::Backend;
use crate::stage::{Stage, eventually};
use ipc_types::{Choice, Decide, ExternalStanding, LeaveExternal, SetExternalTool, Standing};
use std::path::Path;

const OWN: &str = "\"in her own words\"";
/// It changes the name when it is told to, and says when it has.
const SCRIPT: &str = "while ! test -e \"$0.go\"; do sleep 0.05; done
sed \"s/Cho's drill/Our drill/\" \"$2\" > \"$4\"
touch \"$0.done\"";

/// Opens the merge in a program that waits.
async fn open(drill: &On<'_>, folder: &Path) {
    let tool = folder.join("tool.sh");
    std::fs::write(&tool, SCRIPT).unwrap();
    let command = format!("sh '{}' {{before}} {{server}} {{yours}} {{result}}", tool.display());
    let handle = &drill.person.handle;
    handle.set_external_tool(SetExternalTool { command: Some(command) }).await.unwrap();
    handle.open_external(drill.key().await).await.unwrap();
}

/// It saves and is closed.
async fn saves(folder: &Path) {
    std::fs::write(folder.join("tool.sh.go"), "").unwrap();
    eventually("the program has saved", || async { folder.join("tool.sh.done").exists() }).await;
}

async fn is(drill: &On<'_>, standing: ExternalStanding) {
    eventually("the program stands there", || async {
        drill.merge().await.external.is_some_and(|external| external.standing == standing)
    })
    .await;
}

fn files(ann: &Person) -> usize {
    std::fs::read_dir(ann.home.path().join("external")).map_or(0, Iterator::count)
}

/// What is decided here while the program is open stays; its undo takes back only what it brought.
pub async fn decided_here_meanwhile(backend: &Backend) {
    let stage = Stage::with_drill(backend, "meanwhile").await;
    let ann = stage.person().await;
    let drill = ann.on(&stage, "drill");
    met(&stage, &drill).await;
    let folder = tempfile::tempdir().unwrap();
    open(&drill, folder.path()).await;
    let view = drill.merge().await;
    let own = decide(&view, "/notes", Choice::Edit, &view.seen);
    ann.handle.decide(Decide { json: Some(OWN.to_owned()), ..own }).await.unwrap();
    saves(folder.path()).await;
    is(&drill, ExternalStanding::Taken).await;
    let view = drill.merge().await;
    let result = |pointer: &str| row(&view, pointer).result.as_ref().map(|value| value.json.clone());
    assert_eq!(result("/notes").as_deref(), Some(OWN), "typed text is not lost");
    assert_eq!((view.decided, result("/name").as_deref()), (2, Some("\"Our drill\"")));
    let leave = LeaveExternal { key: view.key.clone(), undo: true };
    let view = ann.handle.leave_external(leave).await.unwrap();
    assert_eq!((view.decided, row(&view, "/name").standing), (1, Standing::Undecided));
    assert_eq!(row(&view, "/notes").result.as_ref().map(|value| value.json.as_str()), Some(OWN));
}

/// Matchbook is closed while the program is open; what it saves then is there at the next start.
pub async fn saved_while_closed(backend: &Backend) {
    let stage = Stage::with_drill(backend, "while_closed").await;
    let ann = stage.person().await;
    let drill = ann.on(&stage, "drill");
    met(&stage, &drill).await;
    let folder = tempfile::tempdir().unwrap();
    open(&drill, folder.path()).await;
    let Person { handle, home } = ann;
    handle.stop().await;
    drop(handle);
    saves(folder.path()).await;
    // A folder that was made and never filled is no opening.
    std::fs::create_dir_all(home.path().join("external/1-empty")).unwrap();

    // A command that writes leaves it alone.
    let ann = Person::in_home(home).await;
    assert_eq!((files(&ann), ann.on(&stage, "drill").merge().await.decided), (2, 0));
    let ann = ann.restarts().await;
    ann.starts();
    let drill = ann.on(&stage, "drill");
    is(&drill, ExternalStanding::Taken).await;
    let view = drill.merge().await;
    assert_eq!(row(&view, "/name").result.as_ref().unwrap().text, "Our drill");
    assert_eq!((view.choices, view.decided), (2, 1), "the notes are as they were");
    eventually("nothing is left over", || async { files(&ann) == 0 }).await;
}

/// Matchbook is closed and opened again, and the program is open all the time.
pub async fn open_across_a_start(backend: &Backend) {
    let stage = Stage::with_drill(backend, "across").await;
    let ann = stage.person().await;
    let drill = ann.on(&stage, "drill");
    met(&stage, &drill).await;
    let folder = tempfile::tempdir().unwrap();
    open(&drill, folder.path()).await;
    let ann = ann.restarts().await;
    ann.starts();
    let drill = ann.on(&stage, "drill");
    is(&drill, ExternalStanding::Open).await;
    saves(folder.path()).await;
    is(&drill, ExternalStanding::Taken).await;
    assert_eq!(row(&drill.merge().await, "/name").result.as_ref().unwrap().text, "Our drill");
}

/// What the program saves of a merge that was sent long ago is in the history of the record.
pub async fn saved_for_a_merge_that_is_over(backend: &Backend) {
    let stage = Stage::with_drill(backend, "over").await;
    let ann = stage.person().await;
    let drill = ann.on(&stage, "drill");
    met(&stage, &drill).await;
    let folder = tempfile::tempdir().unwrap();
    open(&drill, folder.path()).await;
    let ann = ann.restarts().await;
    let drill = ann.on(&stage, "drill");
    drill.decide("/name", Choice::Mine).await;
    drill.decide("/notes", Choice::Mine).await;
    drill.resolve().await;
    ann.sends().await;
    saves(folder.path()).await;
    let ann = ann.restarts().await;
    ann.starts();
    let key = ann.on(&stage, "drill").key().await.key;
    eventually("it is in the history", || async { ann.version_with(&key, "Our drill").await.is_some() })
        .await;
    let (_, sent) = stage.has("drill").await.unwrap();
    assert!(!sent.contains("Our drill"), "nothing is sent by itself");
}
