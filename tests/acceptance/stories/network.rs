//! Networks and servers that say "not now", "who are you" or something else altogether.

use crate::person::nothing_set;
use crate::servers::Backend;
use crate::stage::{Stage, eventually};
use ipc_types::{ErrorCode, Grade, RecordState, SetSource};
use std::time::Duration;
use testkit::{Fault, Rule};

/// "Come back in two seconds": not earlier, and then by itself.
pub async fn retry_after(backend: &Backend) {
    let stage = Stage::with_drill(backend, "retry_after").await;
    let ann = stage.person().await;
    ann.checks(None).await;
    ann.starts();
    let busy = Fault::answer(429, "application/json", "Retry-After: 2\r\n", "{}");
    stage.proxy.add(Rule::writes(busy.clone()).at("/drill").times(1));
    let drill = ann.on(&stage, "drill");
    drill.set("/notes", "\"patient\"").await;
    eventually("the outbox says when", || async {
        let outbox = ann.handle.outbox().await.unwrap();
        outbox.entries.iter().any(|e| e.reason == "server_busy" && e.state == RecordState::Edited)
            || drill.state().await == Some(RecordState::Synced)
    })
    .await;
    drill.comes_to(Some(RecordState::Synced)).await;
    let sent: Vec<_> = stage.passed(0).into_iter().filter(|p| !p.writes().is_empty()).collect();
    let refused = sent.iter().position(|p| p.fault.as_ref() == Some(&busy)).unwrap();
    assert_eq!(sent.len(), refused + 2, "one more request, and only one");
    let pause = sent[refused + 1].at.duration_since(sent[refused].at);
    assert!(pause >= Duration::from_millis(1_900), "it came back after {pause:?}");
    assert_eq!(stage.member("drill", "notes").await, "patient");
}

/// A network that answers everything with its sign-in page: nothing is taken from it, nothing is lost.
pub async fn captive_portal(backend: &Backend) {
    let stage = Stage::with_drill(backend, "portal").await;
    stage.creates("saw", "{\"name\":\"Saw\"}").await;
    let ann = stage.person().await;
    ann.checks(None).await;
    let (drill, saw) = (ann.on(&stage, "drill"), ann.on(&stage, "saw"));
    let before = saw.text().await;
    drill.set("/notes", "\"written in the hotel\"").await;
    // Only the write meets it, then everything does.
    for rule in [Rule::writes(Fault::web_page()), Rule::all(Fault::web_page())] {
        stage.proxy.clear();
        stage.proxy.add(rule);
        ann.syncs().await;
        let state = drill.state().await;
        let waits = matches!(state, Some(RecordState::Edited | RecordState::Uncertain));
        assert!(waits, "a web page is no success: {state:?}");
        assert_eq!(ann.source().await.paused.as_deref(), Some("network_sign_in"));
        assert!(drill.text().await.contains("written in the hotel"));
        assert_eq!((saw.state().await, saw.text().await), (Some(RecordState::Synced), before.clone()));
        assert_eq!(ann.source().await.collections[0].count, 2);
    }
    stage.proxy.clear();
    ann.syncs().await;
    assert_eq!(drill.state().await, Some(RecordState::Synced));
    assert_eq!(stage.member("drill", "notes").await, "written in the hotel");
    assert_eq!(ann.source().await.paused, None);
}

/// The check-up of a server that keeps its word, and its scratch record is gone afterwards.
pub async fn protected(backend: &Backend) {
    let stage = Stage::with_drill(backend, "protected").await;
    let ann = stage.person().await;
    assert_eq!(ann.source().await.grade, Grade::NotChecked);
    let report = ann.checks(Some(Grade::Protected)).await;
    let failed: Vec<_> = report.tests.iter().filter(|test| test.result != "pass").collect();
    assert!(failed.is_empty() && report.scratch == 1, "{failed:?}");
    assert_eq!(stage.ids().await, ["drill"]);
    assert_eq!(ann.source().await.grade, Grade::Protected);
}

/// A server that ignores `If-Match`: found out before the first write, read-only until the person allows it, and then
/// read and compared just before.
pub async fn unprotected(backend: &Backend) {
    let mut stage = Stage::with_drill(backend, "unprotected").await;
    stage.may_be_bare = |_| true;
    stage.creates("saw", "{\"name\":\"Saw\"}").await;
    stage.proxy.add(Rule::all(Fault::IgnoreIfMatch));
    let ann = stage.person().await;
    let (drill, saw) = (ann.on(&stage, "drill"), ann.on(&stage, "saw"));
    // An edit made before the check-up waits for it, and is not sent.
    saw.set("/name", "\"Ann's saw\"").await;
    ann.syncs().await;
    assert_eq!(ann.source().await.grade, Grade::Unprotected);
    assert_eq!(saw.state().await, Some(RecordState::Edited));
    assert!(stage.writes("saw", 0).is_empty());
    let refused = drill.sets("/notes", "\"mine\"").await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Unprotected);
    let view = drill.view().await.unwrap();
    assert!(!view.editable && view.read_only_why.is_some());

    let allowed = SetSource { allow_unprotected: Some(true), ..nothing_set() };
    ann.handle.set_source(allowed).await.unwrap();
    drill.set("/notes", "\"mine\"").await;
    stage.changes("drill", "first line", "Cho's line").await;
    let mark = stage.mark();
    ann.sends().await;
    assert_eq!(saw.state().await, Some(RecordState::Synced));
    assert_eq!(drill.state().await, Some(RecordState::NeedsYou), "seen just before, so not overwritten");
    assert_eq!(stage.member("drill", "notes").await, "Cho's line");
    let passed = stage.passed(mark);
    let at = passed.iter().position(|p| p.heard.is_write() && p.heard.target.ends_with("/saw")).unwrap();
    assert!(passed[..at].iter().any(|p| p.heard.method == "GET" && p.heard.target.ends_with("/saw")));
    drill.resolve_all(ipc_types::Side::Mine).await;
    ann.sends().await;
    assert_eq!(stage.member("drill", "notes").await, "mine");
}
