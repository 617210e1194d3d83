//! A data folder of the release that wrote version 1 (`tests/fixtures/make-version-1.sh`) opens with all that is in it.

use crate::given;
use record_store::{Query, Store};
use std::collections::BTreeMap;
use sync_engine::{Change, ConflictKind, LocalKey, State, Theirs};

const FROZEN: &[u8] = include_bytes!("../fixtures/version-1.db");

/// Every cell of every table there was, as text.
fn cells(path: &std::path::Path) -> BTreeMap<String, Vec<String>> {
    let connection = rusqlite::Connection::open(path).unwrap();
    let names: Vec<String> = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'record_text%'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let mut all = BTreeMap::new();
    for name in names {
        let mut statement = connection.prepare(&format!("SELECT * FROM {name} ORDER BY 1")).unwrap();
        let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let mut rows = statement.query([]).unwrap();
        let cells = all.entry(name).or_insert_with(Vec::new);
        while let Some(row) = rows.next().unwrap() {
            for (at, column) in columns.iter().enumerate() {
                cells.push(format!("{column} = {:?}", row.get_ref(at).unwrap()));
            }
        }
    }
    all
}

#[test]
fn a_folder_of_version_1_opens_with_all_that_is_in_it() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("matchbook.db");
    std::fs::write(&path, FROZEN).unwrap();
    let before = cells(&path);
    let store = Store::open(home.path()).unwrap();
    assert_eq!(store.migrated_from(), Some(1));

    let (page, rows, rules, batches) = given::read(&store, |r| {
        Ok((r.list(&Query::default())?, r.needs_you()?, r.merge_rules()?, r.batches()?))
    });
    let states: Vec<(String, State)> =
        page.rows.iter().map(|row| (row.record.title.clone(), row.record.state)).collect();
    let want = [
        ("both", State::NeedsYou),
        ("decided", State::NeedsYou),
        ("edited here", State::Edited),
        ("gone-here", State::NeedsYou),
        ("gone-there", State::NeedsYou),
        ("held here", State::Edited),
        ("made here", State::NeedsYou),
        ("new here", State::Edited),
        ("refused", State::Rejected),
        ("sent", State::Synced),
        ("synced", State::Synced),
    ];
    assert_eq!(states, want.map(|(title, state)| (title.to_owned(), state)));
    // Every conflict is there; what clashes in it is to be derived.
    let kinds: Vec<(&str, ConflictKind)> = rows.iter().map(|row| (row.title.as_str(), row.kind)).collect();
    let want = [
        ("both", ConflictKind::EditEdit),
        ("decided", ConflictKind::EditEdit),
        ("gone-here", ConflictKind::DeleteEdit),
        ("gone-there", ConflictKind::EditDelete),
        ("made here", ConflictKind::CreateCreate),
    ];
    assert_eq!(kinds, want);
    assert!(rows.iter().all(|row| row.shape.is_none()));
    assert!(rules.is_empty() && batches.is_empty());

    let key = |title: &str| page.rows.iter().find(|row| row.record.title == title).unwrap().record.key;
    let load = |key: LocalKey| given::read(&store, move |r| Ok(r.load(key)?.unwrap()));
    let decided = load(key("decided"));
    let conflict = decided.conflict.unwrap();
    assert_eq!((conflict.decisions.len(), conflict.rows.len()), (1, 2));
    let Some(Change::Replace(mine)) = decided.edit.map(|e| e.change) else { panic!() };
    let spelled = String::from_utf8(mine.bytes.to_vec()).unwrap();
    assert!(
        spelled.starts_with("{ \"name\":\"decided\",  \"deposit\" : 40.00, \"serial\":12345678901234567890,"),
        "{spelled}"
    );
    let Some(Theirs::Present(theirs)) = decided.theirs.map(|t| t.what) else { panic!() };
    assert!(theirs.validator.is_some() && theirs.body.bytes.windows(6).any(|w| w == b"theirs"));
    assert!(load(key("held here")).edit.unwrap().held);
    let refused = load(key("refused")).refusal.unwrap();
    assert!(!refused.words.is_empty() && refused.pointers.len() == 1, "{refused:?}");
    let sent = key("sent");
    let history = given::read(&store, move |r| r.history(sent));
    let what: Vec<&str> = history.iter().map(|v| v.what.as_str()).collect();
    assert_eq!(what, ["seen", "sent"]);
    let found = given::read(&store, |r| r.list(&Query { text: "held".to_owned(), ..Query::default() }));
    assert_eq!(found.total, 1, "full-text search goes on");
    drop(store);

    // Nothing was touched but what opening always writes: the number of the run.
    let after = cells(&path);
    for (table, cells) in &before {
        if table != "setting" {
            // Columns of later versions begin empty, and say nothing about what was there.
            let later = |cell: &&String| !matches!(cell.as_str(), "device = Null" | "note = Null");
            let there: Option<Vec<String>> =
                after.get(table).map(|a| a.iter().filter(later).cloned().collect());
            assert_eq!(there.as_ref(), Some(cells), "{table}");
        }
    }
    // The copy from before is the file as it was, and opens with the older program: same version, same content.
    let kept = home.path().join("backup").join("matchbook-v1-1.db");
    let connection = rusqlite::Connection::open(&kept).unwrap();
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(version, 1);
    assert_eq!(self::cells(&kept), before);
}
