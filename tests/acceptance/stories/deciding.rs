//! What a merge screen keeps: typed text, decisions about the version shown, the whole record as text, other programs.

use crate::person::{On, row};
use crate::servers::Backend;
use crate::stage::{Stage, eventually};
use ipc_types::{
    CheckValue, Choice, Decide, DecideMany, ErrorCode, ExportConflict, ExternalStanding, LeaveExternal,
    MergeView, RowDecision, SaveTyped, SetExternalTool, SourceText, Standing, TrySample,
};

/// Ann and a colleague changed the name and the notes; she changed the deposit, too.
pub(super) async fn met(stage: &Stage, drill: &On<'_>) {
    drill.set("/name", "\"Ann's drill\"").await;
    drill.set("/notes", "\"Ann's line\"").await;
    drill.set("/deposit", "32.50").await;
    stage.changes("drill", "\"Drill\"", "\"Cho's drill\"").await;
    stage.changes("drill", "first line", "Cho's line").await;
    drill.person.syncs().await;
}

pub(super) fn decide(view: &MergeView, pointer: &str, choice: Choice, seen: &str) -> Decide {
    let (key, rows) = (view.key.clone(), vec![row(view, pointer).row]);
    Decide { key, rows, choice, json: None, ready: None, seen: seen.to_owned() }
}

/// Text that is no decision yet is there after a restart, and goes when its row is decided.
pub async fn typed_text_is_kept(backend: &Backend) {
    let stage = Stage::with_drill(backend, "typed_text").await;
    let ann = stage.person().await;
    let drill = ann.on(&stage, "drill");
    met(&stage, &drill).await;
    let view = drill.merge().await;
    let (key, number) = (view.key.clone(), row(&view, "/name").row);
    let typed = |text: &str| SaveTyped {
        key: key.clone(),
        row: Some(number),
        text: Some(text.to_owned()),
        shown: None,
    };
    ann.handle.save_typed(typed("Ann's")).await.unwrap();
    ann.handle.save_typed(typed("Ann's good")).await.unwrap();
    let source = SaveTyped { key: key.clone(), row: None, text: Some("{ \"name\":".to_owned()), shown: None };
    ann.handle.save_typed(source).await.unwrap();
    let missing = SaveTyped { key: key.clone(), row: Some(99), text: Some(String::new()), shown: None };
    assert_eq!(ann.handle.save_typed(missing).await.unwrap_err().code(), ErrorCode::NotFound);

    let ann = ann.restarts().await;
    let drill = ann.on(&stage, "drill");
    let view = drill.merge().await;
    assert_eq!(row(&view, "/name").typed.as_ref().map(|t| t.text.as_str()), Some("Ann's good"));
    assert_eq!(view.source_typed.as_ref().map(|t| t.text.as_str()), Some("{ \"name\":"));
    let check = |json: &str| CheckValue { key: key.clone(), row: number, json: Some(json.to_owned()) };
    assert!(ann.handle.check_value(check("\"x\"")).await.unwrap().error.is_none());
    assert!(ann.handle.check_value(check("\"x")).await.unwrap().error.is_some());

    let view = drill.decide("/name", Choice::Mine).await;
    assert_eq!(row(&view, "/name").typed, None);
    drill.decide("/notes", Choice::Theirs).await;
    drill.resolve().await;
    ann.sends().await;
    // The source that was never used is no draft any more, and not lost.
    assert!(ann.version_with(&key, "{ \"name\":").await.is_some());
    // A later merge of the record begins without it.
    drill.set("/name", "\"Ann's last\"").await;
    stage.changes("drill", "Ann's drill", "Cho's last").await;
    ann.syncs().await;
    let view = drill.merge().await;
    assert_eq!(view.source_typed, None);
    // Nor does one after the edit was taken back.
    let again = SaveTyped {
        key: key.clone(),
        row: Some(row(&view, "/name").row),
        text: Some("half".to_owned()),
        shown: None,
    };
    ann.handle.save_typed(again).await.unwrap();
    ann.handle.take_back(drill.key().await).await.unwrap();
    drill.set("/name", "\"Ann's very last\"").await;
    stage.changes("drill", "Cho's last", "Cho's very last").await;
    ann.syncs().await;
    assert_eq!(row(&drill.merge().await, "/name").typed, None);
}

/// While the server changes again, choices made on the screen as it is are kept as made about that version.
pub async fn decided_about_the_version_shown(backend: &Backend) {
    let stage = Stage::with_drill(backend, "shown_version").await;
    let ann = stage.person().await;
    let drill = ann.on(&stage, "drill");
    met(&stage, &drill).await;
    let first = drill.merge().await;
    stage.changes("drill", "Cho's drill", "Cho's good drill").await;
    ann.reads().await;
    let kept = ann.handle.decide(decide(&first, "/notes", Choice::Mine, &first.seen)).await.unwrap();
    assert_ne!(kept.seen, first.seen, "the answer shows the newest version");
    assert_eq!(row(&kept, "/notes").standing, Standing::Decided, "nothing changed there");
    let again = ann.handle.decide(decide(&first, "/name", Choice::Mine, &first.seen)).await.unwrap();
    let name = row(&again, "/name");
    assert_eq!((name.standing, name.choice), (Standing::Suggested, Some(Choice::Mine)));
    assert_eq!(name.theirs_then.as_ref().map(|v| v.text.as_str()), Some("Cho's drill"));
    assert_eq!(name.theirs.text, "Cho's good drill");
    let unknown = ann.handle.decide(decide(&first, "/name", Choice::Mine, "never shown")).await;
    assert_eq!(unknown.unwrap_err().code(), ErrorCode::ChangedOnServer);

    // All at once, and back in one step.
    let rows = ["/name", "/notes"].map(|p| row(&again, p).row);
    let said = |choice| rows.map(|row| RowDecision { row, choice, json: None }).to_vec();
    let many = |choice| DecideMany { key: again.key.clone(), rows: said(choice), seen: again.seen.clone() };
    assert_eq!(ann.handle.decide_many(many(Choice::Theirs)).await.unwrap().decided, 2);
    assert_eq!(ann.handle.decide_many(many(Choice::Later)).await.unwrap().decided, 0);
}

/// The whole result written as text: every row is decided by it, and what no row is about is sent, too.
pub async fn the_source_is_taken(backend: &Backend) {
    let stage = Stage::with_drill(backend, "source").await;
    let ann = stage.person().await;
    let drill = ann.on(&stage, "drill");
    met(&stage, &drill).await;
    let view = drill.merge().await;
    let whole = view.source.result.clone().unwrap();
    let text =
        |text: String| SourceText { key: view.key.clone(), text, seen: view.seen.clone(), shown: None };
    let broken = text(whole.replacen('{', "[", 1));
    let check = ann.handle.check_source(broken.clone()).await.unwrap();
    assert!(!check.ok && check.line == Some(1), "{check:?}");
    assert_eq!(ann.handle.decide_source(broken).await.unwrap_err().code(), ErrorCode::BadInput);
    let written = whole.replace("Cho's drill", "Our drill").replace("north", "south");
    let after = ann.handle.decide_source(text(written)).await.unwrap();
    // What no row was about has one now. The notes say what they said: nobody chose.
    assert_eq!((after.choices, after.decided), (3, 2));
    assert_eq!(row(&after, "/notes").standing, Standing::Undecided);
    assert_eq!(row(&after, "/place/room").choice, Some(Choice::Edit));
    assert_eq!(row(&after, "/name").choice, Some(Choice::Edit));
    // A text that was made before the notes were decided says nothing about them.
    drill.decide("/notes", Choice::Mine).await;
    let older = SourceText { shown: Some(whole.clone()), ..text(whole.replace("Cho's drill", "Our drill")) };
    let after = ann.handle.decide_source(older).await.unwrap();
    assert_eq!(row(&after, "/notes").choice, Some(Choice::Mine));
    drill.resolve().await;
    ann.sends().await;
    let (_, sent) = stage.has("drill").await.unwrap();
    for piece in ["Our drill", "Ann's line", "south", "32.5", "12345678901234567890"] {
        assert!(sent.contains(piece), "{piece} in {sent}");
    }
}

/// Opens the merge in a program that does what `script` says; waits until it is closed.
pub(super) async fn opened(drill: &On<'_>, folder: &std::path::Path, script: &str) -> MergeView {
    let tool = folder.join("tool.sh");
    std::fs::write(&tool, script).unwrap();
    let command = format!("sh '{}' {{before}} {{server}} {{yours}} {{result}}", tool.display());
    let handle = &drill.person.handle;
    handle.set_external_tool(SetExternalTool { command: Some(command) }).await.unwrap();
    let view = handle.open_external(drill.key().await).await.unwrap();
    assert!(view.external.is_some(), "the screen says that it is open elsewhere");
    eventually("the program is closed", || async {
        let external = drill.merge().await.external;
        external.is_some_and(|external| external.standing != ExternalStanding::Open)
    })
    .await;
    drill.merge().await
}

/// A mergetool gets the versions as files and gives a result back. It is shown, never sent by itself.
#[cfg(unix)]
pub async fn another_program(backend: &Backend) {
    let stage = Stage::with_drill(backend, "program").await;
    let ann = stage.person().await;
    let drill = ann.on(&stage, "drill");
    met(&stage, &drill).await;
    let folder = tempfile::tempdir().unwrap();
    let none = ann.handle.open_external(drill.key().await).await.unwrap_err();
    assert_eq!(none.code(), ErrorCode::NotNow, "none is chosen yet");
    let bad = SetExternalTool { command: Some("meld {server} {yours}".to_owned()) };
    assert_eq!(ann.handle.set_external_tool(bad).await.unwrap_err().code(), ErrorCode::BadInput);

    for (script, words) in [
        ("exit 0", "without a change"),
        ("echo 'no display' >&2; exit 3", "no display"),
        ("rm \"$4\"", "not there any more"),
    ] {
        let view = opened(&drill, folder.path(), script).await;
        let external = view.external.unwrap();
        assert!(external.words.contains(words), "{}", external.words);
        assert_eq!((view.decided, view.source_typed), (0, None), "nothing changed: {script}");
    }
    let view = opened(&drill, folder.path(), "printf '{ \"name\":' > \"$4\"").await;
    assert_eq!(view.external.as_ref().unwrap().standing, ExternalStanding::Failed);
    assert_eq!(view.source_typed.unwrap().text, "{ \"name\":", "its text is kept");
    assert_eq!(view.decided, 0);

    let mark = stage.mark();
    let script = "test -s \"$1\" && sed \"s/Cho's drill/Our drill/\" \"$2\" > \"$4\" && stat -c '%a' \"$(dirname \"$4\")\" > \"$0.mode\"";
    let view = opened(&drill, folder.path(), script).await;
    let external = view.external.clone().unwrap();
    assert_eq!(external.standing, ExternalStanding::Taken, "{}", external.words);
    assert!(external.can_undo && external.words.contains("nothing is sent"), "{}", external.words);
    assert_eq!(row(&view, "/name").result.as_ref().unwrap().text, "Our drill");
    assert_eq!((view.choices, view.decided), (2, 1), "the notes were not changed: nobody chose");
    assert!(
        external.words.contains("1 field is as it was; it still needs your choice."),
        "{}",
        external.words
    );
    assert!(stage.writes("drill", mark).is_empty(), "nothing is sent by itself");
    let mode = std::fs::read_to_string(folder.path().join("tool.sh.mode")).unwrap();
    assert_eq!(mode.trim(), "700", "only this person can read it");
    assert!(
        std::fs::read_dir(ann.home.path().join("external")).unwrap().next().is_none(),
        "nothing is left over"
    );

    let leave = LeaveExternal { key: view.key.clone(), undo: true };
    let view = ann.handle.leave_external(leave).await.unwrap();
    assert_eq!((view.decided, view.external), (0, None));
}

/// One merge as a file for support, with other values in it; it can be looked at and never be sent.
pub async fn a_merge_as_a_file(backend: &Backend) {
    let stage = Stage::with_drill(backend, "as_a_file").await;
    let ann = stage.person().await;
    let drill = ann.on(&stage, "drill");
    met(&stage, &drill).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("merge.json").display().to_string();
    let key = drill.merge().await.key;
    let wanted = ExportConflict { key, redact: true, file: Some(file.clone()) };
    let exported = ann.handle.export_conflict(wanted).await.unwrap();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), exported.text);
    for secret in ["Ann", "Cho", "drill", "12345678901234567890", "first"] {
        assert!(!exported.text.contains(secret), "{secret} in {}", exported.text);
    }
    let mark = stage.mark();
    let sample = ann.handle.try_sample(TrySample { text: Some(exported.text), decide: None }).await.unwrap();
    assert_eq!(sample.view.choices, 2);
    let decide = decide(&sample.view, "/name", Choice::Mine, &sample.view.seen);
    let sample = TrySample { text: Some(sample.text), decide: Some(decide) };
    assert_eq!(ann.handle.try_sample(sample).await.unwrap().view.decided, 1);
    assert!(ann.handle.try_sample(TrySample::default()).await.unwrap().view.choices > 0);
    ann.syncs().await;
    assert!(stage.passed(mark).iter().all(|passed| passed.writes().is_empty()), "nothing of it is sent");
}

/// What Ann chose instead of an automatic result is asked again when the server changes it again, and "Decide later" leaves
/// the question; nothing is sent before she has answered.
pub async fn an_overridden_take_is_asked_again(backend: &Backend) {
    let stage = Stage::with_drill(backend, "overridden").await;
    let ann = stage.person().await;
    let drill = ann.on(&stage, "drill");
    drill.set("/name", "\"Ann's drill\"").await;
    stage.changes("drill", "\"Drill\"", "\"Cho's drill\"").await;
    stage.changes("drill", "first line", "Cho's line").await;
    ann.syncs().await;
    let view = drill.merge().await;
    assert!(!row(&view, "/notes").open, "only Cho changed the notes");
    drill.decide("/name", Choice::Mine).await;
    let view = drill.decide("/notes", Choice::Mine).await;
    assert_eq!(row(&view, "/notes").standing, Standing::Overridden);

    stage.changes("drill", "Cho's line", "Cho's second line").await;
    ann.syncs().await;
    let asks = |view: &MergeView| {
        let notes = row(view, "/notes");
        (notes.open, notes.standing, view.choices - view.decided)
    };
    let view = drill.merge().await;
    assert_eq!(asks(&view), (true, Standing::Suggested, 1));
    let refused = drill.resolve_seen(&view.seen, None).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::StillOpen);
    let view = drill.decide("/notes", Choice::Later).await;
    assert_eq!(asks(&view), (true, Standing::Suggested, 1), "later is not an answer");
    let listed = ann.handle.needs_you().await.unwrap();
    let open: Vec<u32> = listed.groups.iter().flat_map(|group| &group.records).map(|one| one.open).collect();
    assert_eq!(open, [1], "no button sends it unasked");
    let view = drill.decide("/notes", Choice::Mine).await;
    assert_eq!(view.choices, view.decided);
    drill.resolve().await;
    ann.sends().await;
    let (_, text) = stage.has("drill").await.unwrap();
    assert!(text.contains("first line") && text.contains("Ann's drill"), "{text}");
}
