//! Another program that is open for a while: what is decided here meanwhile, and starts of Matchbook in between.

use super::deciding::{decide, met};
use crate::person::{On, Person, row};
use crate::servers::Backend;
use crate::stage::{Stage, eventually};
use ipc_types::{
    Choice, Decide, ExternalStanding, LeaveExternal, RemoveSource, SetExternalTool, Side, Standing,
    UnusedKey, UnusedText, VersionKey, VersionView,
};
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

/// A start that has looked at everything that was left: at an empty folder last, which goes.
async fn looks_at_all(ann: &Person) {
    let last = ann.home.path().join("external/z-empty");
    std::fs::create_dir_all(&last).unwrap();
    ann.starts();
    eventually("all is looked at", || async { !last.exists() }).await;
}

/// What the person is told of a text that was not used.
async fn told(ann: &Person) -> Option<UnusedText> {
    ann.handle.status().await.unwrap().unused
}

/// The version that the notice leads to.
async fn shown(ann: &Person, told: &UnusedText) -> VersionView {
    let wanted = VersionKey { key: told.key.clone(), version: told.version.unwrap() };
    ann.handle.version(wanted).await.unwrap()
}

/// Decides everything, and sends it.
async fn send(drill: &On<'_>) {
    drill.decide("/name", Choice::Mine).await;
    drill.decide("/notes", Choice::Mine).await;
    drill.resolve().await;
    drill.person.sends().await;
}

/// What the program saves of a merge that was sent while Matchbook was closed is in the history of the record, and the
/// person is told so until they have seen it.
pub async fn saved_for_a_merge_that_is_over(backend: &Backend) {
    let stage = Stage::with_drill(backend, "over").await;
    let ann = stage.person().await;
    let drill = ann.on(&stage, "drill");
    met(&stage, &drill).await;
    let folder = tempfile::tempdir().unwrap();
    open(&drill, folder.path()).await;
    let ann = ann.restarts().await;
    send(&ann.on(&stage, "drill")).await;
    saves(folder.path()).await;
    let ann = ann.restarts().await;
    assert_eq!(told(&ann).await, None);
    let mark = stage.mark();
    ann.starts();
    eventually("the person is told", || async { told(&ann).await.is_some() }).await;
    eventually("nothing is left over", || async { files(&ann) == 0 }).await;
    // It lasts.
    let ann = ann.restarts().await;
    ann.starts();
    let one = told(&ann).await.unwrap();
    assert_eq!((one.program.as_str(), one.file.clone()), ("sh", None));
    let version = shown(&ann, &one).await;
    assert!(version.text.unwrap().contains("Our drill"));
    assert_eq!(version.entry.program.as_deref(), Some("sh"), "the history says where it came from");
    let (_, sent) = stage.has("drill").await.unwrap();
    assert!(
        !sent.contains("Our drill") && stage.writes("drill", mark).is_empty(),
        "nothing is sent by itself"
    );
    let status = ann.handle.close_unused(UnusedKey { id: one.id.clone() }).await.unwrap();
    assert_eq!(status.unused, None);
    let ann = ann.restarts().await;
    assert_eq!(told(&ann).await, None, "seen is seen");
    assert!(shown(&ann, &one).await.text.is_some(), "the text stays where it is");
}

/// The same while Matchbook is open all the time; what comes then can be brought back as any version.
pub async fn saved_when_the_merge_was_sent(backend: &Backend) {
    let stage = Stage::with_drill(backend, "over_open").await;
    let ann = stage.person().await;
    let drill = ann.on(&stage, "drill");
    met(&stage, &drill).await;
    let folder = tempfile::tempdir().unwrap();
    open(&drill, folder.path()).await;
    send(&drill).await;
    let mark = stage.mark();
    saves(folder.path()).await;
    eventually("the person is told", || async { told(&ann).await.is_some() }).await;
    eventually("nothing is left over", || async { files(&ann) == 0 }).await;
    let one = told(&ann).await.unwrap();
    assert!(shown(&ann, &one).await.text.unwrap().contains("Our drill"));
    ann.syncs().await;
    assert!(stage.writes("drill", mark).is_empty(), "nothing is sent by itself");
    let wanted = VersionKey { key: one.key.clone(), version: one.version.unwrap() };
    ann.handle.restore(wanted).await.unwrap();
    ann.syncs().await;
    assert_eq!(stage.member("drill", "name").await, "Our drill");

    // The next merge of this record knows nothing of it, and its own text is a notice of its own.
    stage.changes("drill", "Our drill", "Cho's drill").await;
    drill.set("/name", "\"Ann's drill\"").await;
    ann.sends().await;
    assert_eq!(drill.merge().await.external, None);
    std::fs::remove_file(folder.path().join("tool.sh.go")).unwrap();
    std::fs::remove_file(folder.path().join("tool.sh.done")).unwrap();
    open(&drill, folder.path()).await;
    drill.resolve_all(Side::Mine).await;
    ann.sends().await;
    saves(folder.path()).await;
    eventually("nothing is left over", || async { files(&ann) == 0 }).await;
    let next = ann.handle.close_unused(UnusedKey { id: one.id.clone() }).await.unwrap().unused.unwrap();
    assert!(next.version > one.version && next.key == one.key, "one at a time, and none is lost");
}

/// The record is gone when the text comes back: its history keeps it, and it can be brought back from there.
pub async fn saved_for_a_record_that_is_gone(backend: &Backend) {
    let stage = Stage::with_drill(backend, "over_gone").await;
    let ann = stage.person().await;
    let drill = ann.on(&stage, "drill");
    met(&stage, &drill).await;
    let folder = tempfile::tempdir().unwrap();
    open(&drill, folder.path()).await;
    drill.resolve_all(Side::Theirs).await;
    ann.sends().await;
    stage.deletes("drill").await;
    ann.reads().await;
    assert_eq!(drill.state().await, None);
    saves(folder.path()).await;
    eventually("the person is told", || async { told(&ann).await.is_some() }).await;
    let one = told(&ann).await.unwrap();
    assert_eq!(one.title.as_deref(), Some("Cho's drill"));
    let version = shown(&ann, &one).await;
    assert!(version.text.unwrap().contains("Our drill") && version.entry.restorable);
    let wanted = VersionKey { key: one.key.clone(), version: one.version.unwrap() };
    ann.handle.restore(wanted).await.unwrap();
    ann.syncs().await;
    assert_eq!(stage.member("drill", "name").await, "Our drill");
}

/// The source is removed when the text comes back: no history can take it, so its file stays, and the person is told
/// where, once.
pub async fn saved_for_a_source_that_is_gone(backend: &Backend) {
    let stage = Stage::with_drill(backend, "over_source").await;
    let ann = stage.person().await;
    let drill = ann.on(&stage, "drill");
    met(&stage, &drill).await;
    let folder = tempfile::tempdir().unwrap();
    open(&drill, folder.path()).await;
    let remove = RemoveSource { name: "work".to_owned(), discard_unsent: true };
    ann.handle.remove_source(remove).await.unwrap();
    saves(folder.path()).await;
    eventually("the person is told", || async { told(&ann).await.is_some() }).await;
    let one = told(&ann).await.unwrap();
    assert_eq!((one.version, one.title.clone()), (None, None));
    let kept = std::fs::read_to_string(one.file.clone().unwrap()).unwrap();
    assert!(kept.contains("Our drill"));
    let ann = ann.restarts().await;
    ann.starts();
    assert_eq!(told(&ann).await, Some(one.clone()));
    assert_eq!(ann.handle.close_unused(UnusedKey { id: one.id }).await.unwrap().unused, None);
    let ann = ann.restarts().await;
    looks_at_all(&ann).await;
    assert_eq!((told(&ann).await, files(&ann)), (None, 1), "it is not told again, and not removed");
}

/// What is too large to be a record is not thrown away: the file stays, and the screen says where.
pub async fn a_result_too_large_stays(backend: &Backend) {
    let stage = Stage::with_drill(backend, "too_large").await;
    let ann = stage.person().await;
    let drill = ann.on(&stage, "drill");
    met(&stage, &drill).await;
    let folder = tempfile::tempdir().unwrap();
    let tool = folder.path().join("large.sh");
    std::fs::write(&tool, "head -c 17000000 /dev/zero > \"$1\"").unwrap();
    let command = format!("sh '{}' {{result}}", tool.display());
    ann.handle.set_external_tool(SetExternalTool { command: Some(command) }).await.unwrap();
    ann.handle.open_external(drill.key().await).await.unwrap();
    is(&drill, ExternalStanding::Failed).await;
    let view = drill.merge().await;
    let said = view.external.unwrap().words;
    let (_, file) = said.split_once("Its file stays here: ").unwrap();
    assert!(said.contains("larger than a record may be") && view.decided == 0, "{said}");
    let ann = ann.restarts().await;
    looks_at_all(&ann).await;
    assert_eq!(std::fs::metadata(file).unwrap().len(), 17_000_000);
    assert_eq!(told(&ann).await, None, "the merge is not over: its screen said it");
}
