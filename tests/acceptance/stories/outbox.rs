//! What waits: kept back, taken back, refused, many at once.

use crate::servers::Backend;
use crate::stage::Stage;
use ipc_types::{RecordState, RefusalKind};
use std::collections::BTreeMap;
use testkit::Passed;

/// Kept back until released.
pub async fn hold_and_release(backend: &Backend) {
    let stage = Stage::with_drill(backend, "hold").await;
    stage.creates("saw", "{\"name\":\"Saw\"}").await;
    let ann = stage.person().await;
    let (drill, saw) = (ann.on(&stage, "drill"), ann.on(&stage, "saw"));
    drill.set("/notes", "\"not yet\"").await;
    saw.set("/name", "\"Big saw\"").await;
    drill.hold(true).await;
    ann.syncs().await;
    assert_eq!(saw.state().await, Some(RecordState::Synced));
    let view = drill.view().await.unwrap();
    assert_eq!((view.state, view.held), (RecordState::Edited, true));
    assert!(stage.writes("drill", 0).is_empty());
    assert_eq!(ann.handle.outbox().await.unwrap().entries[0].reason, "held");
    drill.hold(false).await;
    ann.syncs().await;
    assert_eq!(drill.state().await, Some(RecordState::Synced));
    assert_eq!(stage.member("drill", "notes").await, "not yet");
}

/// Taken back before it was sent: the server never hears of it, the history keeps it.
pub async fn take_back(backend: &Backend) {
    let stage = Stage::with_drill(backend, "take_back").await;
    let ann = stage.person().await;
    let drill = ann.on(&stage, "drill");
    let before = drill.text().await;
    drill.set("/notes", "\"a slip\"").await;
    assert_ne!(drill.text().await, before);
    let key = drill.key().await;
    ann.handle.take_back(key.clone()).await.unwrap();
    assert_eq!(drill.state().await, Some(RecordState::Synced));
    assert_eq!(drill.text().await, before);
    ann.syncs().await;
    assert!(stage.writes("drill", 0).is_empty());
    assert!(ann.version_with(&key.key, "a slip").await.is_some());
}

/// The server refuses the content: its words at the fields; not sent again unchanged; a repair goes through.
pub async fn refused_and_repaired(backend: &Backend) {
    let stage = Stage::with_drill(backend, "refused").await;
    let ann = stage.person().await;
    let drill = ann.on(&stage, "drill");
    drill.set("/deposit", "-5").await;
    ann.syncs().await;
    assert_eq!(drill.state().await, Some(RecordState::Rejected));
    let refusal = drill.view().await.unwrap().refusal.unwrap();
    assert_eq!(refusal.kind, RefusalKind::Content);
    assert!(!refusal.words.is_empty());
    if stage.server.names_fields() {
        assert_eq!(refusal.fields.iter().map(|f| f.pointer.as_str()).collect::<Vec<_>>(), ["/deposit"]);
        assert!(!refusal.fields[0].words.is_empty());
    }
    assert_eq!(stage.member("drill", "deposit").await, 30.0);
    let mark = stage.mark();
    ann.syncs().await;
    assert!(stage.writes("drill", mark).is_empty(), "not sent again unchanged");
    drill.set("/deposit", "5").await;
    assert_eq!(drill.state().await, Some(RecordState::Edited));
    ann.syncs().await;
    assert_eq!(drill.state().await, Some(RecordState::Synced));
    assert_eq!(stage.member("drill", "deposit").await, 5);
}

async fn many(stage: &Stage, count: usize) {
    for n in 0..count {
        stage.creates(&format!("n{n}"), &format!("{{\"name\":\"Number {n}\",\"deposit\":1}}")).await;
    }
}

/// One refused and one that needs the person do not stop the others.
pub async fn one_bad_record(backend: &Backend) {
    let stage = Stage::new(backend, "one_bad").await;
    many(&stage, 12).await;
    let ann = stage.person().await;
    for n in 0..12 {
        let deposit = if n == 3 { "-1" } else { "2" };
        ann.on(&stage, &format!("n{n}")).set("/deposit", deposit).await;
    }
    stage.changes("n5", "\"deposit\":1", "\"deposit\":9").await;
    let report = ann.sends().await;
    assert!(report.attention);
    for n in 0..12 {
        let id = format!("n{n}");
        let (state, there) = match n {
            3 => (RecordState::Rejected, 1),
            5 => (RecordState::NeedsYou, 9),
            _ => (RecordState::Synced, 2),
        };
        assert_eq!(ann.on(&stage, &id).state().await, Some(state), "{id}");
        assert_eq!(stage.member(&id, "deposit").await, there, "{id}");
    }
}

/// Many edits at once: every one arrives, none twice.
pub async fn three_hundred_edits(backend: &Backend) {
    const MANY: usize = 300;
    let stage = Stage::new(backend, "many").await;
    many(&stage, MANY).await;
    let ann = stage.person().await;
    for n in 0..MANY {
        ann.on(&stage, &format!("n{n}")).set("/deposit", &format!("{}.50", n + 1)).await;
    }
    assert_eq!(ann.waiting().await.0 as usize, MANY);
    let mark = stage.mark();
    ann.syncs().await;
    assert_eq!(ann.waiting().await, (0, 0));
    let passed = stage.passed(mark);
    let mut arrived: BTreeMap<String, usize> = BTreeMap::new();
    let scratch = |path: &str| path.contains("matchbook-check");
    for write in passed.iter().flat_map(Passed::writes).filter(|w| w.arrived && !scratch(&w.path)) {
        *arrived.entry(write.path).or_default() += 1;
    }
    assert_eq!(arrived.len(), MANY);
    assert!(arrived.values().all(|times| *times == 1), "sent more than once: {arrived:?}");
    for n in 0..MANY {
        assert_eq!(stage.member(&format!("n{n}"), "deposit").await, n as f64 + 1.5);
    }
}
