//! The first reading, and the second.

use crate::servers::Backend;
use crate::stage::{DRILL, Stage};
use ipc_types::RecordState;

/// Everything is there as the server spells it; the next reading finds nothing new and asks conditionally.
pub async fn first_pull(backend: &Backend) {
    let stage = Stage::with_drill(backend, "first_pull").await;
    // More than one page on a server with small pages.
    for n in 0..60 {
        stage.creates(&format!("n{n}"), &format!("{{\"name\":\"Number {n} \u{fc}\u{1F600}\"}}")).await;
    }
    let ann = stage.person().await;
    let drill = ann.on(&stage, "drill");
    assert_eq!(drill.state().await, Some(RecordState::Synced));
    let (tag, text) = stage.has("drill").await.unwrap();
    assert_eq!(drill.text().await, text);
    assert_eq!(drill.tag().await, Some(tag));
    if stage.server.keeps_bytes() {
        assert_eq!(text, DRILL);
    }
    assert_eq!(ann.on(&stage, "n59").text().await, stage.has("n59").await.unwrap().1);
    let status = ann.handle.status().await.unwrap();
    assert_eq!((status.records, status.outbox, status.needs_you), (61, 0, 0));

    let mark = stage.mark();
    let again = ann.reads().await;
    assert_eq!(again.pulled[..3], [0, 0, 0]);
    let asked = stage.passed(mark);
    assert!(!asked.is_empty() && asked.iter().all(|p| !p.heard.is_write()));
    assert!(asked.len() <= 2, "{} requests to learn that nothing is new", asked.len());

    stage.changes("n7", "Number 7", "Number seven").await;
    stage.deletes("n8").await;
    stage.creates("late", "{\"name\":\"Late\"}").await;
    let third = ann.reads().await;
    assert_eq!(third.pulled[..3], [1, 1, 1]);
    assert_eq!(ann.on(&stage, "n8").state().await, None);
    assert!(ann.on(&stage, "n7").text().await.contains("Number seven"));
}
