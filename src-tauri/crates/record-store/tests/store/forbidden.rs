//! Combinations that fit no state cannot be stored, whoever writes.

use crate::given::{self, Given, body, edit};
use rusqlite::Connection;
use sync_engine::{Change, LocalKey};

/// Records 1 to 7, one in each state that has rows of its own, and a plain connection to the file.
fn all_states() -> (Given, Connection) {
    let given = given::store();
    let connection = Connection::open(given.home.path().join("matchbook.db")).unwrap();
    connection.execute_batch("PRAGMA foreign_keys = ON").unwrap();
    let synced = given.save(&given.new_record(Some("1")), &given.synced("1", "{}", "a"), vec![]);
    assert_eq!(synced.key, LocalKey(1));
    let mut created = given.new_record(Some("2"));
    created.edit = Some(edit(Change::Create(body("{}"))));
    given.save(&given.new_record(Some("2")), &created, vec![]);
    let mut changed = given.synced("3", "{}", "a");
    changed.edit = Some(edit(Change::Replace(body("{\"a\":1}"))));
    given.save(&given.new_record(Some("3")), &changed, vec![]);
    (given, connection)
}

const IN_FLIGHT: &str =
    "INSERT INTO in_flight (key, sent, body, media_type, rev, precondition, run, fate, twins, asks)
    VALUES (?, 'create', x'7b7d', 'application/json', 1, 'new', 1, 'open', '[]', 0)";
const THEIRS: &str = "INSERT INTO theirs (key, gone, seen_at) VALUES (?, 1, 1)";
const CONFLICT: &str = "INSERT INTO conflict (key, kind, must_look) VALUES (?, 'edit_delete', 0)";
const REFUSAL: &str = "INSERT INTO refusal (key, kind, words, pointers) VALUES (?, 'content', 'no', '[]')";
const REPLACE: &str = "UPDATE edit SET change = 'replace' WHERE key = ?";

/// Statements done first on a record, the one that must be refused, and why.
const REFUSED: &[(&str, i64, &[&str], &str)] = &[
    ("a request needs an edit", 1, &[], IN_FLIGHT),
    ("theirs needs an edit", 1, &[], THEIRS),
    ("a refusal needs an edit", 1, &[], REFUSAL),
    ("a conflict needs an edit", 1, &[], CONFLICT),
    ("a conflict needs theirs", 3, &[], CONFLICT),
    ("theirs stays as long as the conflict", 3, &[THEIRS, CONFLICT], "DELETE FROM theirs WHERE key = ?"),
    ("the edit stays as long as the conflict", 3, &[THEIRS, CONFLICT], "DELETE FROM edit WHERE key = ?"),
    ("the edit stays as long as the request", 3, &[IN_FLIGHT], "DELETE FROM edit WHERE key = ?"),
    ("the edit stays as long as the refusal", 3, &[REFUSAL], "DELETE FROM edit WHERE key = ?"),
    ("no refusal beside a request", 3, &[IN_FLIGHT], REFUSAL),
    ("no request beside a refusal", 3, &[REFUSAL], IN_FLIGHT),
    ("no conflict beside a request", 3, &[THEIRS, IN_FLIGHT], CONFLICT),
    ("no request beside a conflict", 3, &[THEIRS, CONFLICT], IN_FLIGHT),
    ("no conflict beside a refusal", 3, &[THEIRS, REFUSAL], CONFLICT),
    ("no refusal beside a conflict", 3, &[THEIRS, CONFLICT], REFUSAL),
    ("no change of a record never synced", 2, &[], REPLACE),
    ("nor after its creation failed", 2, &[IN_FLIGHT, REPLACE], "DELETE FROM in_flight WHERE key = ?"),
    ("a change needs its base", 3, &[], "DELETE FROM base WHERE key = ?"),
    ("a synced record keeps its base", 1, &[], "DELETE FROM base WHERE key = ?"),
    ("a new record keeps its edit", 2, &[], "DELETE FROM edit WHERE key = ?"),
    ("a removal has no representation", 3, &[], "UPDATE edit SET change = 'delete' WHERE key = ?"),
    ("a change has one", 3, &[], "UPDATE edit SET body = NULL, media_type = NULL WHERE key = ?"),
    ("with its media type", 3, &[], "UPDATE edit SET media_type = NULL WHERE key = ?"),
    ("what is gone has no validator", 3, &[THEIRS], "UPDATE theirs SET validator = '\"a\"' WHERE key = ?"),
    ("states have names", 1, &[], "UPDATE record SET state = 'lost' WHERE key = ?"),
    ("a synced record has nothing to do", 1, &[], "UPDATE record SET task = 'read' WHERE key = ?"),
    ("an address is used once", 3, &[], "UPDATE record SET remote_id = '1' WHERE key = ?"),
    ("a record is in a collection", 1, &[], "UPDATE record SET collection_id = 99 WHERE key = ?"),
    ("of its own source", 1, &[], "UPDATE record SET source_id = 2 WHERE key = ?"),
    ("hashes have 32 bytes", 3, &[], "UPDATE edit SET base_hash = x'00' WHERE key = ?"),
    ("a base has bytes", 1, &[], "UPDATE base SET body = 'text' WHERE key = ?"),
    (
        "a decision needs its edit",
        1,
        &[],
        "INSERT INTO decision (key, earlier, position, path, choice) VALUES (?, 0, 0, '[]', 'mine')",
    ),
    (
        "to decide later is no decision",
        3,
        &[THEIRS, CONFLICT],
        "INSERT INTO decision (key, earlier, position, path, choice) VALUES (?, 0, 0, '[]', 'later')",
    ),
    (
        "a row number needs its conflict",
        3,
        &[],
        "INSERT INTO row_number (key, number, path) VALUES (?, 1, '[]')",
    ),
    (
        "the history is not rewritten",
        1,
        &["INSERT INTO history (key, version, at, what, by_me) VALUES (?, 7, 1, 'gone', 0)"],
        "UPDATE history SET what = 'seen' WHERE key = ?",
    ),
    (
        "a version has one line",
        1,
        &["INSERT INTO history (key, version, at, what, by_me) VALUES (?, 7, 1, 'gone', 0)"],
        "INSERT INTO history (key, version, at, what, by_me) VALUES (?, 7, 1, 'gone', 0)",
    ),
];

#[test]
fn what_fits_no_state_is_not_stored() {
    let (_given, connection) = all_states();
    for (why, key, first, refused) in REFUSED {
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        for sql in *first {
            connection.execute(sql, [key]).unwrap_or_else(|e| panic!("{why}: {sql}: {e}"));
        }
        let result = connection.execute(refused, [key]);
        let error = result.expect_err(why).to_string();
        let known = ["constraint", "cannot store", "beside", "never", "without", "neither"];
        assert!(known.iter().any(|k| error.contains(k)), "{why}: {error}");
        connection.execute_batch("ROLLBACK").unwrap();
    }
}

#[test]
fn the_whole_record_can_go() {
    let (_given, connection) = all_states();
    for key in 1..=3 {
        connection.execute(THEIRS, [key]).ok();
        assert_eq!(connection.execute("DELETE FROM record WHERE key = ?", [key]).unwrap(), 1);
    }
    let left: i64 = connection.query_row("SELECT count(*) FROM base, edit", [], |r| r.get(0)).unwrap();
    assert_eq!(left, 0);
}

/// Damage that the constraints cannot see is an error that names its place, not a panic.
#[test]
fn a_row_that_fits_no_state_is_named() {
    let (given, connection) = all_states();
    for (damage, table, words) in [
        ("UPDATE edit SET wait = 'tea' WHERE key = 3", "edit", "tea"),
        ("UPDATE base SET validator = '' WHERE key = 3", "base", "version mark"),
        (
            "UPDATE edit SET wait = NULL WHERE key = 3; UPDATE base SET validator = NULL WHERE key = 3;
          PRAGMA foreign_keys = OFF; DROP TRIGGER base_deleted; DELETE FROM base WHERE key = 1",
            "record",
            "neither",
        ),
    ] {
        connection.execute_batch(damage).unwrap();
        let key = if table == "record" { 1 } else { 3 };
        let error = given.store.read_blocking(move |r| r.load(LocalKey(key))).expect_err(damage).to_string();
        assert!(
            error.starts_with(&format!("table {table}, row {key}: ")) && error.contains(words),
            "{error}"
        );
    }
}
