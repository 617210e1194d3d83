//! New records.

use crate::servers::Backend;
use crate::stage::Stage;
use ipc_types::{ConflictKind, RecordState, Resolve, Side};

/// A new record never lands on an existing one.
pub async fn new_records(backend: &Backend) {
    let stage = Stage::new(backend, "new_records").await;
    let ann = stage.person().await;
    ann.creates(&stage, Some("lathe"), "{\"name\":\"Lathe\", \"deposit\":1.0}").await.unwrap();
    let own = ann.creates(&stage, None, "{\"name\":\"Vice\"}").await.unwrap();
    let used = ann.creates(&stage, Some("lathe"), "{\"name\":\"Another\"}").await.unwrap_err();
    assert!(used.to_string().contains("lathe"), "{used}");
    ann.on(&stage, "lathe").set("/notes", "\"typed before it was sent\"").await;
    ann.syncs().await;
    assert_eq!(ann.waiting().await, (0, 0));
    assert_eq!(ann.by_key(&own.key).await.state, RecordState::Synced);
    assert_eq!(stage.ids().await.len(), 2);
    assert_eq!(stage.member("lathe", "notes").await, "typed before it was sent");
    let writes = stage.writes("lathe", 0);
    assert_eq!((writes.len(), writes[0].if_none_match.as_deref()), (1, Some("*")));
    // Made and deleted before anything was sent: the server never hears of it.
    let mark = stage.mark();
    ann.creates(&stage, Some("brief"), "{\"name\":\"Brief\"}").await.unwrap();
    ann.on(&stage, "brief").delete().await;
    ann.syncs().await;
    assert!(stage.writes("brief", mark).is_empty());
    assert_eq!(ann.on(&stage, "brief").state().await, None);
}

/// Made in both places: one record, or two, or the same anyway.
pub async fn made_in_both_places(backend: &Backend) {
    let stage = Stage::new(backend, "both_made").await;
    let ann = stage.person().await;
    for id in ["one", "two", "same"] {
        let name = if id == "same" { "Same" } else { "Ann's" };
        ann.creates(&stage, Some(id), &format!("{{\"name\":\"{name}\",\"deposit\":5}}")).await.unwrap();
        let name = if id == "same" { "Same" } else { "Cho's" };
        stage.creates(id, &format!("{{\"name\":\"{name}\",\"deposit\":5}}")).await;
    }
    ann.sends().await;
    assert_eq!(ann.on(&stage, "same").state().await, Some(RecordState::Synced), "nothing to ask");
    assert_eq!(stage.effects("same", 0), 0);
    let (one, two) = (ann.on(&stage, "one"), ann.on(&stage, "two"));
    for on in [&one, &two] {
        assert_eq!(on.state().await, Some(RecordState::NeedsYou));
        assert_eq!(on.merge().await.kind, ConflictKind::CreateCreate);
    }
    let (tag, _) = stage.has("one").await.unwrap();
    let mark = stage.mark();
    one.resolve_all(Side::Mine).await;
    let view = two.merge().await;
    ann.handle.keep_both(Resolve { key: view.key, seen: Some(view.seen), all: None }).await.unwrap();
    ann.syncs().await;
    assert_eq!(ann.waiting().await, (0, 0));
    assert_eq!(stage.member("one", "name").await, "Ann's");
    assert_eq!(stage.writes("one", mark)[0].if_match.as_ref(), Some(&tag));
    assert_eq!(stage.member("two", "name").await, "Cho's");
    let mut names = Vec::new();
    for id in stage.ids().await {
        names.push(stage.member(&id, "name").await.as_str().unwrap().to_owned());
    }
    names.sort();
    assert_eq!(names, ["Ann's", "Ann's", "Cho's", "Same"]);
}
