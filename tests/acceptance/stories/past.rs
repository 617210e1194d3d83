//! History, and lists that are suddenly empty.

use crate::servers::Backend;
use crate::stage::Stage;
use ipc_types::{AnswerGuard, RecordState, VersionKey};

/// An earlier version is brought back as an edit; a deleted record as a new one.
pub async fn history_restore(backend: &Backend) {
    let stage = Stage::with_drill(backend, "restore").await;
    let ann = stage.person().await;
    let drill = ann.on(&stage, "drill");
    for words in ["\"first of mine\"", "\"second of mine\""] {
        drill.set("/notes", words).await;
        ann.syncs().await;
    }
    let key = drill.key().await.key;
    let version = ann.version_with(&key, "first of mine").await.unwrap();
    ann.handle.restore(VersionKey { key: key.clone(), version }).await.unwrap();
    assert_eq!(drill.state().await, Some(RecordState::Edited));
    ann.syncs().await;
    assert_eq!(stage.member("drill", "notes").await, "first of mine");

    drill.delete().await;
    ann.syncs().await;
    assert_eq!(stage.ids().await, Vec::<String>::new());
    let version = ann.version_with(&key, "second of mine").await.unwrap();
    ann.handle.restore(VersionKey { key, version }).await.unwrap();
    ann.syncs().await;
    assert_eq!(drill.state().await, Some(RecordState::Synced));
    let (_, text) = stage.has("drill").await.unwrap();
    assert!(text.contains("second of mine") && text.contains("12345678901234567890"), "{text}");
}

/// The server's list is suddenly empty: nothing is deleted here before the person says so.
pub async fn suddenly_empty(backend: &Backend) {
    let stage = Stage::new(backend, "empty").await;
    for n in 0..60 {
        stage.creates(&format!("n{n}"), &format!("{{\"name\":\"Number {n}\"}}")).await;
    }
    let (ann, ben) = (stage.person().await, stage.person().await);
    ann.on(&stage, "n1").set("/name", "\"Ann's\"").await;
    stage.flush().await;
    for person in [&ann, &ben] {
        let report = person.reads().await;
        assert!(report.attention, "a person is asked");
        let source = person.source().await;
        let guard = source.collections[0].guard.clone().unwrap();
        assert_eq!((guard.listed, guard.kept), (0, 60));
        assert_eq!(source.collections[0].count, 60);
        assert_eq!(person.on(&stage, "n7").state().await, Some(RecordState::Synced));
    }
    let answer =
        |keep| AnswerGuard { source: "work".to_owned(), collection: stage.server.collection(), keep };
    ann.handle.answer_guard(answer(true)).await.unwrap();
    ann.reads().await;
    let source = ann.source().await;
    assert_eq!((source.collections[0].count, source.collections[0].guard.is_some()), (60, false));
    assert_eq!(ann.on(&stage, "n1").state().await, Some(RecordState::Edited));

    ben.handle.answer_guard(answer(false)).await.unwrap();
    ben.reads().await;
    assert_eq!(ben.source().await.collections[0].count, 0);
    assert_eq!(ben.on(&stage, "n7").state().await, None);
    let key = ben.on(&stage, "n7").key().await.key;
    assert!(ben.version_with(&key, "Number 7").await.is_some(), "the history keeps them");
}
