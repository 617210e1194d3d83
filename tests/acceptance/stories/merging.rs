//! Two people changed one record.

use crate::person::{nothing_set, pointers, row};
use crate::servers::Backend;
use crate::stage::Stage;
use ipc_types::{Choice, ErrorCode, MergePolicy, RecordState, SetSource, Standing};

/// One field in common, one apart: the refusal brings the merge, the decision is what the server holds.
pub async fn both_changed_one_field(backend: &Backend) {
    let stage = Stage::with_drill(backend, "both_changed").await;
    let (ann, ben) = (stage.person().await, stage.person().await);
    let (hers, his) = (ann.on(&stage, "drill"), ben.on(&stage, "drill"));
    his.set("/notes", "\"Ben's line\"").await;
    his.set("/place/shelf", "\"B2\"").await;
    ben.syncs().await;
    assert_eq!(his.state().await, Some(RecordState::Synced));
    let (bens_tag, bens) = stage.has("drill").await.unwrap();

    hers.set("/notes", "\"Ann's line\"").await;
    hers.set("/deposit", "32.50").await;
    let report = ann.sends().await;
    assert!(report.attention && report.needs_you == 1);
    assert_eq!(hers.state().await, Some(RecordState::NeedsYou));
    assert!(stage.writes("drill", 0).iter().any(|w| w.status == Some(412)), "the server refused");
    assert_eq!(stage.has("drill").await.unwrap().0, bens_tag, "nothing was overwritten");

    let view = hers.merge().await;
    let mut fields = pointers(&view);
    fields.sort();
    let want = [("/deposit", false), ("/notes", true), ("/place/shelf", false)];
    assert_eq!(fields, want.map(|(p, open)| (p.to_owned(), open)));
    assert_eq!((view.choices, view.decided), (1, 0));
    let still_open = hers.resolve_seen(&view.seen, None).await.unwrap_err();
    assert_eq!(still_open.code(), ErrorCode::StillOpen);

    let view = hers.decide("/notes", Choice::Mine).await;
    assert_eq!(view.decided, 1);
    let key = hers.key().await;
    let preview = ann.handle.merge_preview(key).await.unwrap().request.unwrap();
    let sent_with = preview.headers.iter().find(|h| h.name.eq_ignore_ascii_case("if-match")).unwrap();
    assert_eq!(sent_with.value, bens_tag, "it is sent for the version that was looked at");
    hers.resolve().await;
    let mark = stage.mark();
    ann.sends().await;
    assert_eq!(hers.state().await, Some(RecordState::Synced));
    let writes = stage.writes("drill", mark);
    assert_eq!(writes.len(), 1);
    assert_eq!(writes[0].if_match.as_ref(), Some(&bens_tag));

    let (_, merged) = stage.has("drill").await.unwrap();
    let want = bens
        .replace("Ben's line", "Ann's line")
        .replace(&stage.spelled("\"deposit\" : 30.00"), &stage.spelled("\"deposit\" : 32.50"))
        .replace("\"deposit\":30.0,", "\"deposit\":32.5,");
    if stage.server.keeps_bytes() {
        assert_eq!(merged, want, "byte by byte");
    } else {
        for piece in ["Ann's line", "B2", "32.5", "12345678901234567890", "\"ratio\":1.0"] {
            assert!(merged.contains(piece), "{piece} in {merged}");
        }
    }
    ben.syncs().await;
    assert_eq!(his.text().await, merged);
}

/// The server changes again while the person decides: decisions stay, the old view cannot be sent.
pub async fn changed_again_keeps_decisions(backend: &Backend) {
    let stage = Stage::with_drill(backend, "changed_again").await;
    let ann = stage.person().await;
    let drill = ann.on(&stage, "drill");
    drill.set("/name", "\"Ann's drill\"").await;
    drill.set("/notes", "\"Ann's line\"").await;
    stage.changes("drill", "\"Drill\"", "\"Cho's drill\"").await;
    stage.changes("drill", "first line", "Cho's line").await;
    ann.syncs().await;
    let first = drill.merge().await;
    assert_eq!(first.choices, 2);
    let number = row(&first, "/name").row;
    drill.decide("/name", Choice::Mine).await;
    drill.decide("/notes", Choice::Theirs).await;

    // Another field changes, and one that was decided for the server's value.
    stage.changes("drill", "A1", "C3").await;
    stage.changes("drill", "Cho's line", "Cho's second line").await;
    ann.reads().await;
    let stale = drill.resolve_seen(&first.seen, None).await.unwrap_err();
    assert_eq!(stale.code(), ErrorCode::ChangedOnServer);
    let second = drill.merge().await;
    let name = row(&second, "/name");
    assert_eq!((name.row, name.choice, name.standing), (number, Some(Choice::Mine), Standing::Decided));
    let notes = row(&second, "/notes");
    assert_eq!((notes.choice, notes.standing), (Some(Choice::Theirs), Standing::Followed));
    assert!(!row(&second, "/place/shelf").open);

    // The field decided for mine changes on the server: it is open again, the choice is suggested.
    stage.changes("drill", "Cho's drill", "Cho's good drill").await;
    ann.reads().await;
    let third = drill.merge().await;
    let name = row(&third, "/name");
    assert_eq!((name.row, name.choice, name.standing), (number, Some(Choice::Mine), Standing::Suggested));
    drill.decide("/name", Choice::Mine).await;
    drill.resolve().await;

    // Once more between the decision and the sending: the refusal brings it back, nothing is overwritten.
    stage.changes("drill", "north", "south").await;
    ann.sends().await;
    assert_eq!(drill.state().await, Some(RecordState::NeedsYou));
    assert_eq!(stage.member("drill", "name").await, "Cho's good drill");
    let last = drill.merge().await;
    assert!(pointers(&last).iter().all(|(_, open)| !open), "nothing to decide again: {:?}", pointers(&last));
    drill.resolve().await;
    ann.sends().await;
    assert_eq!(drill.state().await, Some(RecordState::Synced));
    let (_, text) = stage.has("drill").await.unwrap();
    for piece in ["Ann's drill", "Cho's second line", "C3", "south", "12345678901234567890"] {
        assert!(text.contains(piece), "{piece} in {text}");
    }
}

/// The person allowed it: what does not clash is put together and sent; what clashes still asks.
pub async fn sends_by_itself_when_nothing_clashes(backend: &Backend) {
    let stage = Stage::with_drill(backend, "by_itself").await;
    stage.creates("saw", "{\"name\":\"Saw\",\"notes\":\"old\"}").await;
    let ann = stage.person().await;
    let (drill, saw) = (ann.on(&stage, "drill"), ann.on(&stage, "saw"));
    drill.set("/notes", "\"Ann's line\"").await;
    saw.set("/notes", "\"Ann's\"").await;
    stage.changes("drill", "A1", "C3").await;
    stage.changes("saw", "old", "Cho's").await;
    ann.handle.set_source(SetSource { policy: Some(MergePolicy::Auto), ..nothing_set() }).await.unwrap();
    ann.syncs().await;
    assert_eq!(drill.state().await, Some(RecordState::Synced));
    assert_eq!(saw.state().await, Some(RecordState::NeedsYou));
    let (_, text) = stage.has("drill").await.unwrap();
    assert!(text.contains("Ann's line") && text.contains("C3"), "{text}");
    assert_eq!(stage.member("saw", "notes").await, "Cho's");
    // It was put together, and that is in the history.
    let key = drill.key().await;
    let history = ann.handle.history(key).await.unwrap();
    assert!(history.iter().any(|line| line.what.starts_with("merged")), "{history:?}");
}
