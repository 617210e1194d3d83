//! Table `shape`: what clashes in each record that needs a person, so that "Needs you" is one read by index.

use crate::columns::{Columns, to_json};
use crate::{CollectionId, Reader, Result, Tx};
use serde::{Deserialize, Serialize};
use sync_engine::{ConflictKind, LocalKey, SourceId, Timestamp};

/// One field that clashes. Entries of lists are left out of both: two records clash in the same field, whichever entry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ShapeField {
    /// Where, as a pattern of a merge policy (`record_merge::Policy`).
    pub pattern: String,
    /// Its name for people.
    pub label: String,
    /// The other fields of the row, where several are one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<String>,
    /// It is a question that no rule answers: which of several entries, or what only a person can say.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub once: bool,
}

/// What clashes in one record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Fingerprint of the rules and the schema it was derived by.
    pub made_by: i64,
    /// The clashing fields, sorted, decided or not; empty = nothing clashes, or one side deleted the record.
    pub fields: Vec<ShapeField>,
    /// Rows still open.
    pub open: u32,
    /// Rows decided.
    pub decided: u32,
    /// Rows put together automatically.
    pub automatic: u32,
    /// A row was put together from both sides within one value, or asks for a look for another reason.
    pub look: bool,
    /// Who changed it on the server, if the record or the server's history says so.
    pub who: Option<String>,
    /// The server's history was asked who did.
    pub asked: bool,
    /// When the server's version was made, if it says so.
    pub made_at: Option<Timestamp>,
    /// The first clashing value on the server, as JSON of the caller's own; short.
    pub theirs: Option<String>,
    /// The same here.
    pub mine: Option<String>,
}

/// One record that needs a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeedsYouRow {
    /// Its key.
    pub key: LocalKey,
    /// Its source.
    pub source: SourceId,
    /// Its collection.
    pub collection: CollectionId,
    /// Its title.
    pub title: String,
    /// What kind of change met what kind.
    pub kind: ConflictKind,
    /// When the person's change was saved.
    pub saved_at: Timestamp,
    /// When the server's version was seen.
    pub seen_at: Timestamp,
    /// What clashes; `None` = to be derived.
    pub shape: Option<Shape>,
}

impl Reader<'_> {
    /// Every record that needs a person, by title.
    ///
    /// # Errors
    /// Those of the disk; [`crate::StoreError::Row`] for a damaged row.
    pub fn needs_you(&self) -> Result<Vec<NeedsYouRow>> {
        let sql = "SELECT r.key, r.source_id, r.collection_id, r.title, k.kind, e.saved_at, t.seen_at, s.made_by, s.fields,
                 s.open, s.decided, s.automatic, s.look, s.who, s.asked, s.made_at, s.theirs, s.mine
             FROM record r INDEXED BY record_unsynced JOIN conflict k ON k.key = r.key JOIN edit e ON e.key = r.key
             JOIN theirs t ON t.key = r.key LEFT JOIN shape s ON s.key = r.key
             WHERE r.state = 'needs_you' AND r.state <> 'synced' ORDER BY r.sort_key, r.key";
        self.rows(sql, [], |row| {
            let mut columns = Columns::new(row, "record", 0);
            let key = columns.take()?;
            columns.set_id(key);
            Ok(NeedsYouRow {
                key: LocalKey(key),
                source: SourceId(columns.take()?),
                collection: CollectionId(columns.take()?),
                title: columns.take()?,
                kind: columns.name()?,
                saved_at: Timestamp(columns.take()?),
                seen_at: Timestamp(columns.take()?),
                shape: read(&mut columns)?,
            })
        })
    }

    /// What clashes in one record, if that is kept.
    ///
    /// # Errors
    /// As [`Reader::needs_you`].
    pub fn shape(&self, key: LocalKey) -> Result<Option<Shape>> {
        let sql = "SELECT made_by, fields, open, decided, automatic, look, who, asked, made_at, theirs, mine
                   FROM shape WHERE key = ?1";
        let found = self.row(sql, [key.0], |row| read(&mut Columns::new(row, "shape", key.0)))?;
        Ok(found.flatten())
    }
}

fn read(columns: &mut Columns<'_, '_>) -> Result<Option<Shape>> {
    columns.of("shape");
    let Some(made_by) = columns.take::<Option<i64>>()? else { return Ok(None) };
    Ok(Some(Shape {
        made_by,
        fields: columns.json()?,
        open: columns.take()?,
        decided: columns.take()?,
        automatic: columns.take()?,
        look: columns.take()?,
        who: columns.take()?,
        asked: columns.take()?,
        made_at: columns.take::<Option<i64>>()?.map(Timestamp),
        theirs: columns.take()?,
        mine: columns.take()?,
    }))
}

impl Tx<'_> {
    /// Keeps what clashes in a record that needs a person; nothing if it does not (any more).
    ///
    /// # Errors
    /// Those of the disk.
    pub fn set_shape(&mut self, key: LocalKey, shape: &Shape) -> Result<()> {
        self.execute(
            "INSERT OR REPLACE INTO shape (key, made_by, fields, open, decided, automatic, look, who, asked, made_at, theirs,
                 mine)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12
             WHERE EXISTS (SELECT 1 FROM conflict WHERE key = ?1)",
            rusqlite::params![
                key.0,
                shape.made_by,
                to_json(&shape.fields)?,
                shape.open,
                shape.decided,
                shape.automatic,
                shape.look,
                shape.who,
                shape.asked,
                shape.made_at.map(|t| t.0),
                shape.theirs,
                shape.mine,
            ],
        )?;
        Ok(())
    }

    /// The server's history was asked who changed a record: an answer, or that it does not say.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn set_author(&mut self, key: LocalKey, who: Option<&str>, at: Option<Timestamp>) -> Result<()> {
        let sql = "UPDATE shape SET asked = 1, who = coalesce(who, ?2), made_at = coalesce(?3, made_at) WHERE key = ?1";
        self.execute(sql, (key.0, who, at.map(|t| t.0)))?;
        Ok(())
    }
}

/// What was kept about a record holds no more.
pub(crate) fn forget(tx: &Tx<'_>, key: LocalKey) -> Result<()> {
    tx.execute("DELETE FROM shape WHERE key = ?1", [key.0])?;
    Ok(())
}
