//! Migrations, embedded. Before an existing file is changed a backup is made; the last two are kept.

use crate::{OpenError, StoreError, open::APPLICATION_ID};
use rusqlite::{Connection, TransactionBehavior};
use std::path::{Path, PathBuf};

/// One step from the version before it.
pub(crate) struct Migration {
    pub(crate) version: i64,
    pub(crate) sql: &'static str,
}

/// All of them, in order.
pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, sql: include_str!("migrations/0001_first.sql") },
    Migration { version: 2, sql: include_str!("migrations/0002_needs_you.sql") },
    Migration { version: 3, sql: include_str!("migrations/0003_history.sql") },
    Migration { version: 4, sql: include_str!("migrations/0004_undone_and_rules.sql") },
    Migration { version: 5, sql: include_str!("migrations/0005_rules.sql") },
];

const BACKUPS_KEPT: usize = 2;

/// The version this program writes.
pub(crate) fn newest() -> i64 {
    MIGRATIONS.last().map_or(0, |m| m.version)
}

/// Brings a file of version `found` (0 = empty) up to date, in one transaction with its new version.
pub(crate) fn run(
    connection: &mut Connection,
    home: &Path,
    found: i64,
    migrations: &[Migration],
) -> Result<(), OpenError> {
    let missing: Vec<&Migration> = migrations.iter().filter(|m| m.version > found).collect();
    let Some(last) = missing.last() else { return Ok(()) };
    if found > 0 {
        backup(connection, home, found)?;
    }
    let tx =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(StoreError::from)?;
    for migration in &missing {
        tx.execute_batch(migration.sql).map_err(StoreError::from)?;
    }
    tx.pragma_update(None, "application_id", APPLICATION_ID).map_err(StoreError::from)?;
    tx.pragma_update(None, "user_version", last.version).map_err(StoreError::from)?;
    tx.commit().map_err(StoreError::from)?;
    Ok(())
}

/// Writes `HOME/backup/matchbook-vVERSION-NUMBER.db`, a complete file of its own.
fn backup(connection: &Connection, home: &Path, version: i64) -> Result<(), OpenError> {
    let folder = home.join("backup");
    let unusable =
        |error: std::io::Error| OpenError::Folder { folder: folder.clone(), words: error.to_string() };
    std::fs::create_dir_all(&folder).map_err(unusable)?;
    let mut old = backups(&folder).map_err(unusable)?;
    let number = old.last().map_or(1, |(number, _)| number + 1);
    let path = folder.join(format!("matchbook-v{version}-{number}.db"));
    let partial = path.with_extension("partial");
    let _ = std::fs::remove_file(&partial);
    connection
        .execute("VACUUM INTO ?1", [partial.to_string_lossy()])
        .map_err(|error| OpenError::Store(error.into()))?;
    std::fs::File::open(&partial).and_then(|f| f.sync_all()).map_err(unusable)?;
    std::fs::rename(&partial, &path).map_err(unusable)?;
    old.push((number, path));
    for (_, path) in old.iter().rev().skip(BACKUPS_KEPT) {
        let _ = std::fs::remove_file(path);
    }
    Ok(())
}

/// Backups in the folder, by rising number.
fn backups(folder: &Path) -> std::io::Result<Vec<(u64, PathBuf)>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        let number = name
            .strip_prefix("matchbook-v")
            .and_then(|rest| rest.strip_suffix(".db"))
            .and_then(|rest| rest.rsplit('-').next())
            .and_then(|number| number.parse().ok());
        if let Some(number) = number {
            found.push((number, path));
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEXT: &[Migration] = &[
        Migration { version: 1, sql: include_str!("migrations/0001_first.sql") },
        Migration { version: 2, sql: "ALTER TABLE source ADD COLUMN note TEXT" },
        Migration { version: 3, sql: "UPDATE source SET note = name; UPDATE setting SET value = 'new'" },
    ];

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// A file of version 1 as the first program made it.
    fn version_1(home: &Path) -> Connection {
        let mut connection = Connection::open(crate::open::file(home)).unwrap();
        run(&mut connection, home, 0, &MIGRATIONS[..1]).unwrap();
        connection
            .execute_batch(
                "INSERT INTO source (name, url, family, headers, policy, allow_unprotected, demo)
                     VALUES ('Team', 'http://a/', 'rest', '[]', 'review', 0, 0);
                 INSERT INTO setting VALUES ('a', 'old')",
            )
            .unwrap();
        connection
    }

    fn version(connection: &Connection) -> i64 {
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
    }

    #[test]
    fn rules_of_version_4_are_kept() {
        let home = tempfile::tempdir().unwrap();
        let mut connection = Connection::open(crate::open::file(home.path())).unwrap();
        run(&mut connection, home.path(), 0, &MIGRATIONS[..4]).unwrap();
        connection
            .execute_batch(
                "INSERT INTO source (id, name, url, family, headers, policy, allow_unprotected, demo)
                     VALUES (1, 'Team', 'http://a/', 'rest', '[]', 'review', 0, 0);
                 INSERT INTO collection (id, source_id, name, title, noun, rules, may_send)
                     VALUES (1, 1, 'c', 'C', 'record', '{}', 0);
                 INSERT INTO merge_rule VALUES (7, 1, 'price', '[\"currency\"]', 'Price', 'mine', 0, 12)",
            )
            .unwrap();
        run(&mut connection, home.path(), 4, MIGRATIONS).unwrap();
        let sql = "SELECT id || pattern || label || rule || others || enabled || made_at FROM merge_rule";
        let kept: String = connection.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(kept, "7pricePricemine[\"currency\"]012");
    }

    #[test]
    fn versions_rise_one_by_one() {
        let numbers: Vec<i64> = MIGRATIONS.iter().map(|m| m.version).collect();
        assert_eq!(numbers, (1..=newest()).collect::<Vec<_>>());
    }

    #[test]
    fn an_older_file_is_kept_and_brought_up_to_date() {
        let home = tempfile::tempdir().unwrap();
        let mut connection = version_1(home.path());
        run(&mut connection, home.path(), 1, NEXT).unwrap();
        let note: String = connection.query_row("SELECT note FROM source", [], |r| r.get(0)).unwrap();
        assert_eq!((note.as_str(), version(&connection)), ("Team", 3));
        let backup = home.path().join("backup");
        assert_eq!(names(&backup), ["matchbook-v1-1.db"]);
        let kept = Connection::open(backup.join("matchbook-v1-1.db")).unwrap();
        let value: String =
            kept.query_row("SELECT value FROM setting WHERE name = 'a'", [], |r| r.get(0)).unwrap();
        assert_eq!((value.as_str(), version(&kept)), ("old", 1));
        // Up to date already: nothing happens.
        run(&mut connection, home.path(), 3, NEXT).unwrap();
        assert_eq!(names(&backup).len(), 1);
    }

    #[test]
    fn the_last_two_backups_are_kept() {
        let home = tempfile::tempdir().unwrap();
        let connection = version_1(home.path());
        for _ in 0..4 {
            backup(&connection, home.path(), 1).unwrap();
        }
        assert_eq!(names(&home.path().join("backup")), ["matchbook-v1-3.db", "matchbook-v1-4.db"]);
    }

    /// A migration that fails, or is killed, leaves the file as it was.
    #[test]
    fn a_failed_migration_changes_nothing() {
        let home = tempfile::tempdir().unwrap();
        let mut connection = version_1(home.path());
        let broken =
            Migration { version: 2, sql: "UPDATE setting SET value = 'new'; ALTER TABLE nothing ADD a" };
        assert!(run(&mut connection, home.path(), 1, &[broken]).is_err());
        let value: String =
            connection.query_row("SELECT value FROM setting WHERE name = 'a'", [], |r| r.get(0)).unwrap();
        assert_eq!((value.as_str(), version(&connection)), ("old", 1));
        drop(connection);
        let store = crate::Store::open(home.path()).unwrap();
        assert_eq!(store.migrated_from(), Some(1));
    }
}
