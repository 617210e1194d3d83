//! The time machine: who, when and why; undo of a merge that was sent; export; keeping.

use crate::person::Person;
use crate::servers::Backend;
use crate::stage::{Stage, eventually};
use ipc_types::{
    BringBackField, CompareVersions, DeletedQuery, ExportFormat, ExportHistory, HistoryEntry, RecordState,
    SetKeeping, SetOffline, Side, UndoneHow,
};

async fn history(person: &Person, key: &str) -> Vec<HistoryEntry> {
    let key = ipc_types::RecordKey { key: key.to_owned() };
    person.handle.history(key).await.unwrap()
}

fn of<'a>(entries: &'a [HistoryEntry], what: &str) -> &'a HistoryEntry {
    let found = entries.iter().rev().find(|e| e.what == what);
    found.unwrap_or_else(|| panic!("no {what} in {entries:#?}"))
}

/// A merge that was sent is undone: the server's version before it comes back, under a precondition, and what others
/// changed since stays.
pub async fn undo_of_a_sent_merge(backend: &Backend) {
    let stage = Stage::with_drill(backend, "undo").await;
    let ann = stage.person().await;
    let hers = ann.on(&stage, "drill");
    hers.set("/deposit", "35.00").await;
    stage.changes("drill", "first line", "cho's line").await;
    stage.changes("drill", "\"A1\"", "\"C3\"").await;
    hers.sends_merged().await;
    assert_eq!(hers.state().await, Some(RecordState::Synced));
    assert_eq!(stage.member("drill", "deposit").await, 35.0);

    let key = hers.key().await.key;
    let entries = history(&ann, &key).await;
    let merge = of(&entries, "merged").merge.clone().unwrap();
    assert!(merge.can_undo && merge.from_server == 2 && merge.from_you == 1, "{merge:?}");
    assert!(of(&entries, "merged").device.is_some());

    // Somebody changes another field: the undo leaves that alone, and is shown first.
    stage.changes("drill", "\"north\"", "\"south\"").await;
    ann.reads().await;
    assert_eq!(hers.undoes(None).await, UndoneHow::NeedsYou);
    assert_eq!(hers.state().await, Some(RecordState::NeedsYou));
    hers.resolve().await;
    let mark = stage.mark();
    ann.sends().await;
    assert_eq!(hers.state().await, Some(RecordState::Synced));
    assert_eq!(stage.effects("drill", mark), 1);
    let (_, text) = stage.has("drill").await.unwrap();
    for piece in ["cho's line", "C3", "south", "12345678901234567890"] {
        assert!(text.contains(piece), "{piece} in {text}");
    }
    assert_eq!(stage.member("drill", "deposit").await, 30.0);
    // Her version is in the history, whole.
    assert!(ann.version_with(&key, "35").await.is_some());
}

/// Undone before it was sent, it is open again; undone without news, it is one write.
pub async fn undo_before_and_after(backend: &Backend) {
    let stage = Stage::with_drill(backend, "undo_before").await;
    let ann = stage.person().await;
    let hers = ann.on(&stage, "drill");
    hers.set("/notes", "\"Ann's line\"").await;
    stage.changes("drill", "first line", "cho's line").await;
    ann.sends().await;
    hers.resolve_all(Side::Mine).await;
    assert_eq!(hers.state().await, Some(RecordState::Edited));
    let key = hers.key().await.key;
    assert_eq!(hers.undoes(None).await, UndoneHow::Reopened);
    assert_eq!(hers.state().await, Some(RecordState::NeedsYou));
    let view = hers.merge().await;
    assert_eq!(view.rows.iter().filter(|r| r.open).count(), 1);

    hers.resolve_all(Side::Mine).await;
    ann.sends().await;
    assert_eq!(stage.member("drill", "notes").await, "Ann's line");
    assert_eq!(hers.undoes(None).await, UndoneHow::Queued);
    assert_eq!(hers.state().await, Some(RecordState::Edited));
    ann.sends().await;
    assert_eq!(stage.member("drill", "notes").await, "cho's line");
    assert_eq!(hers.state().await, Some(RecordState::Synced));
    let entries = history(&ann, &key).await;
    assert!(of(&entries, "undone").of_version.is_some(), "{entries:#?}");
}

/// Any two versions side by side, one field brought back, a deleted record found and made again.
pub async fn any_two_versions(backend: &Backend) {
    let stage = Stage::with_drill(backend, "compare").await;
    let ann = stage.person().await;
    let hers = ann.on(&stage, "drill");
    for (pointer, json) in [("/notes", "\"second line\""), ("/place/shelf", "\"B2\""), ("/deposit", "31.00")]
    {
        hers.set(pointer, json).await;
        ann.syncs().await;
    }
    let key = hers.key().await.key;
    let entries = history(&ann, &key).await;
    let kept: Vec<u32> = entries.iter().filter(|e| e.restorable).map(|e| e.version).collect();
    let compare = |from, to| CompareVersions { key: key.clone(), from, to };
    let first = kept.first().copied();
    let all = ann.handle.compare_versions(compare(first, None)).await.unwrap();
    let labels: Vec<String> = all.rows.iter().map(|r| r.field.pointer.clone()).collect();
    assert_eq!(labels, ["/deposit", "/notes", "/place/shelf"]);
    // From each version to the next it is at most one field; servers that stamp a record add versions without any.
    let mut steps = Vec::new();
    for pair in kept.windows(2) {
        let one =
            ann.handle.compare_versions(compare(pair.first().copied(), pair.get(1).copied())).await.unwrap();
        steps.extend(one.rows.iter().map(|row| row.field.pointer.clone()));
        assert!(one.rows.len() <= 1, "{one:?}");
    }
    assert_eq!(steps, ["/notes", "/place/shelf", "/deposit"]);

    let shelf = all.rows.iter().find(|r| r.field.pointer == "/place/shelf").unwrap();
    let back = BringBackField { key: key.clone(), version: first.unwrap(), place: shelf.place.clone() };
    ann.handle.bring_back_field(back).await.unwrap();
    ann.syncs().await;
    let (_, text) = stage.has("drill").await.unwrap();
    assert!(text.contains("A1") && text.contains("second line"), "{text}");

    hers.delete().await;
    ann.syncs().await;
    let query = DeletedQuery { text: "dri".to_owned(), limit: 10, ..DeletedQuery::default() };
    let deleted = ann.handle.deleted_records(query).await.unwrap();
    assert_eq!(
        (deleted.total, deleted.rows[0].key.as_str(), deleted.rows[0].by_you),
        (1, key.as_str(), true)
    );
    let version = deleted.rows[0].newest.unwrap();
    ann.handle.restore(ipc_types::VersionKey { key, version }).await.unwrap();
    ann.syncs().await;
    assert!(stage.has("drill").await.is_some());
}

/// Who changed it is known offline, after a restart, too; and a change shows once.
pub async fn who_is_known_offline(backend: &Backend) {
    let Backend::Reference = backend else { return };
    let stage = Stage::with_drill(backend, "who").await;
    let ann = stage.person().await;
    let hers = ann.on(&stage, "drill");
    hers.set("/deposit", "35.00").await;
    stage.changes("drill", "first line", "cho's line").await;
    ann.reads().await;
    let who = || async { hers.view().await.and_then(|v| v.news).and_then(|n| n.who) };
    eventually("the news say who", || async { who().await.as_deref() == Some("cho") }).await;
    let key = hers.key().await.key;
    let online = history(&ann, &key).await;

    let ann = ann.restarts().await;
    ann.handle.set_offline(SetOffline { offline: true }).await.unwrap();
    let hers = ann.on(&stage, "drill");
    let who = || async { hers.view().await.and_then(|v| v.news).and_then(|n| n.who) };
    eventually("the news say who offline", || async { who().await.as_deref() == Some("cho") }).await;
    let offline = history(&ann, &key).await;
    assert_eq!(online, offline);
    assert_eq!(offline.iter().filter(|e| e.by == "cho").count(), 2, "made and changed once: {offline:#?}");
    assert_eq!(offline.iter().filter(|e| e.in_log).count(), 2);
}

/// The history as a file: complete JSON and CSV, with what was typed by others no formula.
pub async fn the_history_as_a_file(backend: &Backend) {
    let stage = Stage::new(backend, "export").await;
    for n in 0..30 {
        stage
            .creates(&format!("t{n}"), &format!("{{\"name\":\"=cmd|{n}\",\"notes\":\"a,\\\"b\\\"\\nc\"}}"))
            .await;
    }
    let ann = stage.person().await;
    for n in 0..30 {
        ann.on(&stage, &format!("t{n}")).set("/deposit", &format!("{n}.50")).await;
    }
    ann.syncs().await;
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let wanted = |format, path| ExportHistory {
        format,
        key: None,
        source: Some("work".to_owned()),
        collection: None,
        path,
    };
    let json = ann.handle.export_history(wanted(ExportFormat::Json, path("h.json"))).await.unwrap();
    assert_eq!(json.records, 30);
    let text = std::fs::read_to_string(path("h.json")).unwrap();
    let read: serde_json::Value = serde_json::from_str(&text).unwrap();
    let records = read["records"].as_array().unwrap();
    let versions: usize = records.iter().map(|r| r["versions"].as_array().unwrap().len()).sum();
    assert_eq!((records.len(), versions), (30, json.versions as usize));
    let body = records[0]["versions"][0]["body"].as_str().unwrap();
    assert!(
        body.contains("=cmd|") && records[0]["versions"][0]["at"].as_str().unwrap().ends_with('Z'),
        "{body}"
    );

    let csv = ann.handle.export_history(wanted(ExportFormat::Csv, path("h.csv"))).await.unwrap();
    assert_eq!((csv.records, csv.versions), (json.records, json.versions));
    let text = std::fs::read_to_string(path("h.csv")).unwrap();
    assert!(text.contains("'=cmd|3") && !text.contains("\n=cmd"), "{text}");
    assert!(text.starts_with("record,title,version,at,"));
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 2, "nothing half written is left");
    let nowhere = ann.handle.export_history(wanted(ExportFormat::Csv, path("no/such/folder.csv"))).await;
    assert!(nowhere.is_err());
}

/// What is told is what goes; what is needed stays.
pub async fn versions_are_kept_as_long_as_wanted(backend: &Backend) {
    let stage = Stage::with_drill(backend, "keeping").await;
    let ann = stage.person().await;
    let drill = ann.on(&stage, "drill");
    for n in 0..5 {
        drill.set("/notes", &format!("\"note {n}\"")).await;
        ann.syncs().await;
    }
    let keeping = ann.handle.keeping().await.unwrap();
    assert_eq!((keeping.days, keeping.sources.len()), (None, 1), "{keeping:?}");
    assert!(keeping.versions >= 5 && keeping.bytes > 0.0 && keeping.file >= keeping.bytes);
    // All of it is from today: nothing is old enough.
    let told = ann.handle.keeping_preview(SetKeeping { days: Some(30) }).await.unwrap();
    assert_eq!((told.versions, told.needed), (0, 0));
    ann.handle.set_keeping(SetKeeping { days: Some(30) }).await.unwrap();
    assert_eq!(ann.handle.keeping().await.unwrap().days, Some(30));
    assert!(ann.handle.set_keeping(SetKeeping { days: Some(0) }).await.is_err());
    let kept = ann.handle.shrink_file().await.unwrap();
    assert_eq!(kept.versions, keeping.versions);
    let ann = ann.restarts().await;
    assert_eq!(ann.handle.keeping().await.unwrap().days, Some(30));
    ann.handle.set_keeping(SetKeeping { days: None }).await.unwrap();
    assert_eq!(ann.handle.keeping().await.unwrap().days, None);
}
