//! Edits without a connection go out by themselves when there is one.

use crate::servers::Backend;
use crate::stage::{Stage, eventually};
use ipc_types::{Connection, RecordState, SetOffline};

/// "Work offline", an edit, and on again.
pub async fn offline_edit_and_reconnect(backend: &Backend) {
    let stage = Stage::with_drill(backend, "offline_edit").await;
    let ann = stage.person().await;
    ann.checks(None).await;
    ann.starts();
    ann.handle.set_offline(SetOffline { offline: true }).await.unwrap();
    let drill = ann.on(&stage, "drill");
    drill.set("/notes", "\"written on the train\"").await;
    drill.set("/deposit", "35.50").await;
    assert_eq!(drill.state().await, Some(RecordState::Edited));
    let outbox = ann.handle.outbox().await.unwrap();
    assert_eq!(outbox.entries.len(), 1);
    assert_eq!((outbox.entries[0].reason.as_str(), outbox.entries[0].fields), ("offline", 2));
    assert_eq!(stage.member("drill", "notes").await, "first line");
    assert!(stage.writes("drill", 0).is_empty(), "nothing was sent");
    let (tag, _) = stage.has("drill").await.unwrap();

    ann.handle.set_offline(SetOffline { offline: false }).await.unwrap();
    drill.comes_to(Some(RecordState::Synced)).await;
    assert_eq!(stage.member("drill", "notes").await, "written on the train");
    let (_, text) = stage.has("drill").await.unwrap();
    for piece in ["35.5", "12345678901234567890", "\"ratio\":1.0"] {
        assert!(text.contains(piece), "{piece} in {text}");
    }
    let writes = stage.writes("drill", 0);
    assert_eq!(writes.len(), 1, "two edits are one request");
    assert_eq!(writes[0].if_match.as_deref(), Some(tag.as_str()));
    assert_eq!(ann.waiting().await, (0, 0));
}

/// The server is gone and comes back; nobody presses anything.
pub async fn server_comes_back(backend: &Backend) {
    let stage = Stage::with_drill(backend, "comes_back").await;
    let ann = stage.person().await;
    ann.starts();
    stage.proxy.refuse().await;
    let drill = ann.on(&stage, "drill");
    drill.set("/notes", "\"written in the cellar\"").await;
    let connection = || async { ann.handle.status().await.unwrap().connection == Connection::NoConnection };
    eventually("the status says that there is no connection", connection).await;
    assert_eq!(drill.state().await, Some(RecordState::Edited));
    // Somebody else changes another record meanwhile: it is read too.
    stage.creates("saw", "{\"name\":\"Saw\"}").await;

    stage.proxy.accept_again().await.unwrap();
    drill.comes_to(Some(RecordState::Synced)).await;
    assert_eq!(stage.member("drill", "notes").await, "written in the cellar");
    ann.on(&stage, "saw").comes_to(Some(RecordState::Synced)).await;
    let writes = stage.writes("drill", 0);
    assert_eq!(writes.iter().filter(|w| w.status.is_some_and(|s| s < 300)).count(), 1);
}
