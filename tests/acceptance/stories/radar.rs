//! The conflict radar: what the server has by now is known before anything is sent, at the price of little.

use crate::servers::Backend;
use crate::stage::{Stage, eventually};
use ipc_types::{Hold, RecordState, Watched};

/// The record on the screen: a change elsewhere shows as news; without overlap one key takes it in, the text typed
/// stays, and it is sent with the new mark.
pub async fn news_are_taken_in(backend: &Backend) {
    let stage = Stage::with_drill(backend, "radar").await;
    let ann = stage.person().await;
    let hers = ann.on(&stage, "drill");
    hers.set("/notes", "\"Ann's line\"").await;
    hers.hold(true).await;
    let key = hers.key().await;
    ann.handle.watch(Watched { key: Some(key.key.clone()), shown: true }).await.unwrap();
    ann.starts();
    stage.changes("drill", "\"A1\"", "\"C3\"").await;
    let news = || async { hers.view().await.and_then(|v| v.news) };
    eventually("there are news", || async { news().await.is_some() }).await;
    let told = news().await.unwrap();
    assert!(!told.overlap && !told.gone && told.both.is_empty(), "{told:?}");
    assert_eq!(told.fields.len(), 1);

    ann.handle.take_in_now(key.clone()).await.unwrap();
    let (tag, _) = stage.has("drill").await.unwrap();
    assert_eq!(hers.tag().await, Some(tag.clone()), "the edit stands on the server's version now");
    let text = hers.text().await;
    assert!(text.contains("Ann's line") && text.contains("C3"), "{text}");
    let mark = stage.mark();
    ann.handle.hold(Hold { keys: vec![key.key], held: false }).await.unwrap();
    hers.comes_to(Some(RecordState::Synced)).await;
    let writes = stage.writes("drill", mark);
    assert_eq!(writes.len(), 1, "nothing was refused");
    assert_eq!(writes[0].if_match.as_ref(), Some(&tag));
}

/// The same field: the bar names it, nothing is taken in by itself, and "See both" opens the choice.
pub async fn news_that_overlap(backend: &Backend) {
    let stage = Stage::with_drill(backend, "overlap").await;
    let ann = stage.person().await;
    let hers = ann.on(&stage, "drill");
    hers.set("/deposit", "35.00").await;
    hers.hold(true).await;
    let key = hers.key().await;
    ann.handle.watch(Watched { key: Some(key.key.clone()), shown: true }).await.unwrap();
    ann.starts();
    stage
        .changes(
            "drill",
            &stage.spelled("\"deposit\" : 30.00").replace(":30.00", ":30.0"),
            "\"deposit\":31.50",
        )
        .await;
    let news = || async { hers.view().await.and_then(|v| v.news) };
    eventually("there are news", || async { news().await.is_some() }).await;
    let told = news().await.unwrap();
    assert!(told.overlap, "{told:?}");
    assert_eq!(told.both.len(), 1, "{told:?}");
    assert!(ann.handle.take_in_now(key.clone()).await.is_err(), "what clashes is not taken in");
    let view = ann.handle.merge(key).await.unwrap();
    assert_eq!((view.choices, view.decided), (1, 0));
    assert_eq!(hers.state().await, Some(RecordState::NeedsYou));
}

/// A look costs one conditional read, and the record on the screen is not asked for more often than every ten seconds.
pub async fn a_look_is_cheap(backend: &Backend) {
    let stage = Stage::with_drill(backend, "cheap").await;
    let ann = stage.person().await;
    let key = ann.on(&stage, "drill").key().await;
    ann.starts();
    let mark = stage.mark();
    ann.handle.watch(Watched { key: Some(key.key.clone()), shown: true }).await.unwrap();
    let looks = || {
        stage
            .passed(mark)
            .into_iter()
            .filter(|p| p.heard.target.ends_with("/drill") && p.heard.method == "GET")
            .collect::<Vec<_>>()
    };
    eventually("it is looked at", || async { !looks().is_empty() }).await;
    // Again and again on the screen: the clock decides, not the clicks.
    for _ in 0..20 {
        ann.handle.watch(Watched { key: None, shown: true }).await.unwrap();
        ann.handle.watch(Watched { key: Some(key.key.clone()), shown: true }).await.unwrap();
    }
    ann.handle.watch(Watched { key: Some(key.key), shown: false }).await.unwrap();
    eventually("every look is answered", || async { looks().iter().all(|p| p.status.is_some()) }).await;
    let seen = looks();
    assert!(seen.len() <= 2, "{} looks", seen.len());
    assert!(seen.iter().all(|p| p.status == Some(304)), "nothing changed, so nothing was sent: {seen:?}");
}
