//! Deleting, here and there.

use crate::servers::Backend;
use crate::stage::Stage;
use ipc_types::{ConflictKind, RecordState, Side};

/// Deleted here: the server follows, for the version that was seen. Deleted in both places: nothing to ask.
pub async fn deleted_here(backend: &Backend) {
    let stage = Stage::with_drill(backend, "deleted_here").await;
    stage.creates("saw", "{\"name\":\"Saw\"}").await;
    let ann = stage.person().await;
    let (drill, saw) = (ann.on(&stage, "drill"), ann.on(&stage, "saw"));
    let tag = drill.tag().await;
    drill.delete().await;
    saw.delete().await;
    assert_eq!(drill.state().await, Some(RecordState::Edited));
    assert!(stage.has("drill").await.is_some());
    stage.deletes("saw").await;
    ann.syncs().await;
    assert_eq!((drill.state().await, saw.state().await), (None, None));
    assert_eq!(stage.ids().await, Vec::<String>::new());
    let writes = stage.writes("drill", 0);
    assert_eq!((writes.len(), writes[0].method.as_str()), (1, "DELETE"));
    assert_eq!(writes[0].if_match, tag);
    assert_eq!(ann.waiting().await, (0, 0));
    // What was deleted can be brought back.
    let key = drill.key().await.key;
    assert!(ann.version_with(&key, "12345678901234567890").await.is_some());
}

/// Edited here, deleted there: bring it back, or let it go; my version stays in the history.
pub async fn edited_here_deleted_there(backend: &Backend) {
    let stage = Stage::with_drill(backend, "edit_delete").await;
    stage.creates("saw", "{\"name\":\"Saw\"}").await;
    let ann = stage.person().await;
    let (drill, saw) = (ann.on(&stage, "drill"), ann.on(&stage, "saw"));
    drill.set("/notes", "\"still needed\"").await;
    saw.set("/name", "\"Ann's saw\"").await;
    stage.deletes("drill").await;
    stage.deletes("saw").await;
    // By its refusal first: the list is not read.
    ann.sends().await;
    for on in [&drill, &saw] {
        assert_eq!(on.state().await, Some(RecordState::NeedsYou));
        assert_eq!(on.merge().await.kind, ConflictKind::EditDelete);
    }
    assert_eq!(stage.ids().await, Vec::<String>::new(), "nothing came back by itself");

    let mark = stage.mark();
    drill.resolve_all(Side::Mine).await;
    saw.resolve_all(Side::Theirs).await;
    assert_eq!(saw.state().await, None);
    ann.syncs().await;
    assert_eq!(drill.state().await, Some(RecordState::Synced));
    assert_eq!(stage.ids().await, ["drill"]);
    assert_eq!(stage.member("drill", "notes").await, "still needed");
    let back = stage.writes("drill", mark);
    assert_eq!((back.len(), back[0].if_none_match.as_deref()), (1, Some("*")));
    assert!(stage.writes("saw", mark).is_empty());
    let key = saw.key().await.key;
    assert!(ann.version_with(&key, "Ann's saw").await.is_some(), "my version stays in the history");
}

/// Deleted here, edited there: delete anyway, or keep the server's.
pub async fn deleted_here_edited_there(backend: &Backend) {
    let stage = Stage::with_drill(backend, "delete_edit").await;
    stage.creates("saw", "{\"name\":\"Saw\"}").await;
    let ann = stage.person().await;
    let (drill, saw) = (ann.on(&stage, "drill"), ann.on(&stage, "saw"));
    drill.delete().await;
    saw.delete().await;
    stage.changes("drill", "first line", "Cho still needs it").await;
    stage.changes("saw", "Saw", "Cho's saw").await;
    ann.sends().await;
    for on in [&drill, &saw] {
        assert_eq!(on.state().await, Some(RecordState::NeedsYou));
        assert_eq!(on.merge().await.kind, ConflictKind::DeleteEdit);
    }
    assert_eq!(stage.ids().await, ["drill", "saw"], "nothing was deleted unseen");
    let (tag, _) = stage.has("drill").await.unwrap();

    let mark = stage.mark();
    drill.resolve_all(Side::Mine).await;
    saw.resolve_all(Side::Theirs).await;
    ann.syncs().await;
    assert_eq!(drill.state().await, None);
    assert_eq!(saw.state().await, Some(RecordState::Synced));
    assert!(saw.text().await.contains("Cho's saw"));
    assert_eq!(stage.ids().await, ["saw"]);
    let writes = stage.writes("drill", mark);
    assert_eq!((writes.len(), writes[0].if_match.as_ref()), (1, Some(&tag)));
}
