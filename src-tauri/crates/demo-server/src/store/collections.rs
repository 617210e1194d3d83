//! Collections: their settings, and the number that rises with every change in them.

use rusqlite::{OptionalExtension, Row, params};

use super::Db;

/// How a collection treats writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Policy {
    /// Strong tags, a precondition on every change.
    CompareAndSet,
    /// The same with weak tags, for documents that need no byte identity.
    Weak,
    /// A change without a precondition is taken; a precondition that is sent still counts.
    LastWriteWins,
}

impl Policy {
    /// All, as they are written.
    pub(crate) const NAMES: [(&'static str, Policy); 3] = [
        ("compare-and-set", Policy::CompareAndSet),
        ("weak", Policy::Weak),
        ("last-write-wins", Policy::LastWriteWins),
    ];

    /// Reads a name.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, policy)| *policy)
    }

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Policy::CompareAndSet => "compare-and-set",
            Policy::Weak => "weak",
            Policy::LastWriteWins => "last-write-wins",
        }
    }
}

/// A collection, without its schema.
#[derive(Clone, Debug)]
pub(crate) struct Collection {
    /// Row key.
    pub key: i64,
    /// Name in addresses.
    pub name: String,
    /// Drawn when it was made: cursors of another life are recognised by it.
    pub epoch: String,
    /// Number of the last change.
    pub seq: i64,
    /// Records in it.
    pub count: i64,
    /// Rises when policy or schema change.
    pub revision: i64,
    /// Policy.
    pub policy: Policy,
    /// It has a schema.
    pub has_schema: bool,
}

impl Collection {
    /// Whether its tags are weak.
    pub(crate) fn weak(&self) -> bool {
        self.policy == Policy::Weak
    }

    /// Opaque tag of every list of it: lists depend only on the address and on this state.
    pub(crate) fn list_tag(&self) -> String {
        self.cursor()
    }

    /// Opaque tag of its settings.
    pub(crate) fn settings_tag(&self) -> String {
        format!("{}-settings-{}", self.epoch, self.revision)
    }

    /// The cursor for everything after now.
    pub(crate) fn cursor(&self) -> String {
        self.cursor_at(self.seq)
    }

    /// The cursor for everything after this number.
    pub(crate) fn cursor_at(&self, seq: i64) -> String {
        format!("{}-{seq}", self.epoch)
    }
}

const COLUMNS: &str = "key, name, epoch, seq, count, revision, policy, schema IS NOT NULL";

fn read(row: &Row<'_>) -> rusqlite::Result<Collection> {
    let policy: String = row.get(6)?;
    Ok(Collection {
        key: row.get(0)?,
        name: row.get(1)?,
        epoch: row.get(2)?,
        seq: row.get(3)?,
        count: row.get(4)?,
        revision: row.get(5)?,
        policy: Policy::parse(&policy).unwrap_or(Policy::CompareAndSet),
        has_schema: row.get(7)?,
    })
}

/// A collection by name.
pub(crate) fn load(db: &Db, name: &str) -> rusqlite::Result<Option<Collection>> {
    db.prepare(&format!("SELECT {COLUMNS} FROM collections WHERE name = ?1"))?
        .query_row([name], read)
        .optional()
}

/// All collections, by name.
pub(crate) fn all(db: &Db) -> rusqlite::Result<Vec<Collection>> {
    db.prepare(&format!("SELECT {COLUMNS} FROM collections ORDER BY name"))?.query_map([], read)?.collect()
}

/// The schema of a collection, as it was sent.
pub(crate) fn schema(db: &Db, key: i64) -> rusqlite::Result<Option<Vec<u8>>> {
    db.prepare("SELECT schema FROM collections WHERE key = ?1")?.query_row([key], |row| row.get(0))
}

/// Makes a collection.
pub(crate) fn create(
    db: &Db,
    name: &str,
    epoch: &str,
    policy: Policy,
    schema: Option<&[u8]>,
) -> rusqlite::Result<()> {
    db.prepare("INSERT INTO collections (name, epoch, policy, schema) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![name, epoch, policy.name(), schema])
        .map(drop)
}

/// Changes policy and schema if they are still at `revision`; `false` if they are not.
pub(crate) fn change(
    db: &Db,
    key: i64,
    revision: i64,
    policy: Policy,
    schema: Option<&[u8]>,
) -> rusqlite::Result<bool> {
    let sql = "UPDATE collections SET revision = revision + 1, policy = ?3, schema = ?4 WHERE key = ?1 AND revision = ?2";
    Ok(db.prepare(sql)?.execute(params![key, revision, policy.name(), schema])? == 1)
}

/// Takes the next number of a collection and adds `difference` to its count.
pub(crate) fn advance(db: &Db, key: i64, difference: i64) -> rusqlite::Result<i64> {
    db.prepare("UPDATE collections SET seq = seq + 1, count = count + ?2 WHERE key = ?1 RETURNING seq")?
        .query_row(params![key, difference], |row| row.get(0))
}
