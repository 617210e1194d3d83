//! Answers that never arrive.

use crate::servers::Backend;
use crate::stage::{Stage, eventually};
use ipc_types::{ErrorCode, RecordState};
use testkit::{Fault, Rule};

/// Whatever became of the answer: the edit has its effect exactly once, and nobody is asked.
pub async fn lost_answers(backend: &Backend) {
    let stage = Stage::new(backend, "lost").await;
    let faults = [
        ("before", Fault::LoseRequest),
        ("after", Fault::LoseAnswer),
        ("reset", Fault::ResetMidAnswer),
        ("short", Fault::Truncate),
    ];
    for (name, _) in &faults {
        stage.creates(&format!("change-{name}"), "{\"name\":\"Old\",\"deposit\":1.0}").await;
        stage.creates(&format!("delete-{name}"), "{\"name\":\"Old\"}").await;
    }
    let ann = stage.person().await;
    ann.checks(None).await;
    ann.starts();
    for (name, fault) in faults {
        let mark = stage.mark();
        stage.proxy.clear();
        for kind in ["change", "delete", "create"] {
            let id = format!("{kind}-{name}");
            stage.proxy.add(Rule::writes(fault.clone()).at(&format!("/{id}")).times(1));
            let on = ann.on(&stage, &id);
            match kind {
                "change" => on.set("/name", "\"New\"").await,
                "delete" => on.delete().await,
                _ => drop(ann.creates(&stage, Some(&id), "{\"name\":\"New\"}").await.unwrap()),
            }
            let end = if kind == "delete" { None } else { Some(RecordState::Synced) };
            on.comes_to(end).await;
            match kind {
                "delete" => assert!(stage.has(&id).await.is_none()),
                _ => assert_eq!(stage.member(&id, "name").await, "New"),
            }
            assert_eq!(stage.effects(&id, mark), 1, "{id}: {:?}", stage.writes(&id, mark));
            let sent = stage.writes(&id, mark).len();
            assert_eq!(sent, if name == "before" { 2 } else { 1 }, "{id}: looked at, not sent again");
        }
    }
    assert_eq!(ann.waiting().await, (0, 0));
}

/// The answer is lost, and somebody changes the record before it is looked at: a merge, not a second write.
pub async fn lost_and_changed_again(backend: &Backend) {
    let stage = Stage::with_drill(backend, "lost_changed").await;
    let ann = stage.person().await;
    ann.checks(None).await;
    ann.starts();
    stage.proxy.add(Rule::writes(Fault::LoseAnswer).at("/drill").times(1));
    // Whatever reads the record first would settle it, be it a look at it or the list of what changed.
    stage.proxy.add(Rule::all(Fault::Hold).by(&["GET"]));
    let drill = ann.on(&stage, "drill");
    drill.set("/notes", "\"Ann's line\"").await;
    eventually("the answer is lost", || async { drill.state().await == Some(RecordState::Uncertain) }).await;
    stage.changes("drill", "A1", "C3").await;
    stage.proxy.clear();
    // What was sent is in what the server has now, or the person is shown both: nothing is sent blindly.
    eventually("it is settled", || async {
        matches!(drill.state().await, Some(RecordState::Synced | RecordState::NeedsYou))
    })
    .await;
    assert_eq!(stage.effects("drill", 0), 1);
    let (_, text) = stage.has("drill").await.unwrap();
    assert!(text.contains("Ann's line") && text.contains("C3"), "{text}");
}

/// Typing goes on while the edit is on the wire: both arrive, in order, each for the version before it.
pub async fn typing_while_sending(backend: &Backend) {
    let stage = Stage::with_drill(backend, "typing").await;
    let ann = stage.person().await;
    ann.checks(None).await;
    ann.starts();
    stage.proxy.add(Rule::writes(Fault::Hold).at("/drill").times(1));
    let drill = ann.on(&stage, "drill");
    drill.set("/notes", "\"first\"").await;
    let held = || async { stage.passed(0).iter().any(|p| p.fault == Some(Fault::Hold)) };
    eventually("the first edit is on the wire", held).await;
    assert_eq!(drill.state().await, Some(RecordState::Sending));
    drill.set("/notes", "\"second\"").await;
    let key = drill.key().await;
    let refused = ann.handle.take_back(key).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::NotNow);
    stage.proxy.clear();
    drill.comes_to(Some(RecordState::Synced)).await;
    assert!(drill.text().await.contains("\"second\""));
    assert_eq!(stage.member("drill", "notes").await, "second");
    let writes = stage.writes("drill", 0);
    assert_eq!(writes.len(), 2);
    assert!(writes.iter().all(|w| w.status.is_some_and(|s| s < 300)));
    assert_ne!(writes[0].if_match, writes[1].if_match, "the second is for the version the first made");
}
