//! Table `collection`: the collections of a source and what was learnt about them.

use crate::columns::{Columns, to_json};
use crate::{Reader, Result, StoreError, Tx};
use rusqlite::Row;
use serde::{Deserialize, Serialize};
use sync_engine::{Rules, SourceId};

/// Names a collection on this computer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CollectionId(pub i64);

/// A collection to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCollection {
    /// Its source.
    pub source: SourceId,
    /// As the source names it.
    pub name: String,
    /// Name for people.
    pub title: String,
    /// What one record is called.
    pub noun: String,
    /// JSON Schema, as text.
    pub schema: Option<String>,
    /// How it is compared, merged and written to; its grade.
    pub rules: Rules,
}

/// A collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collection {
    /// Names it here.
    pub id: CollectionId,
    /// What was added, as it is now.
    pub settings: NewCollection,
    /// Where reading goes on, in the connector's own words.
    pub cursor: Option<String>,
    /// The last check-up, as JSON text.
    pub report: Option<String>,
    /// A question that stops reading (sync.md rule 11), as JSON text.
    pub guard: Option<String>,
}

const SELECT: &str =
    "SELECT id, source_id, name, title, noun, schema, rules, cursor, report, guard FROM collection";

fn read(row: &Row<'_>) -> Result<Collection> {
    let mut columns = Columns::new(row, "collection", 0);
    let id = columns.take()?;
    columns.set_id(id);
    Ok(Collection {
        id: CollectionId(id),
        settings: NewCollection {
            source: SourceId(columns.take()?),
            name: columns.take()?,
            title: columns.take()?,
            noun: columns.take()?,
            schema: columns.take()?,
            rules: columns.json()?,
        },
        cursor: columns.take()?,
        report: columns.take()?,
        guard: columns.take()?,
    })
}

impl Reader<'_> {
    /// The collections of a source (or of all), in the order they were added.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn collections(&self, source: Option<SourceId>) -> Result<Vec<Collection>> {
        let sql = format!("{SELECT} WHERE ?1 IS NULL OR source_id = ?1 ORDER BY source_id, id");
        self.rows(&sql, [source.map(|s| s.0)], read)
    }

    /// One collection.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn collection(&self, id: CollectionId) -> Result<Option<Collection>> {
        self.row(&format!("{SELECT} WHERE id = ?1"), [id.0], read)
    }

    /// One collection by its name.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn collection_named(&self, source: SourceId, name: &str) -> Result<Option<Collection>> {
        self.row(&format!("{SELECT} WHERE source_id = ?1 AND name = ?2"), (source.0, name), read)
    }

    /// The row of a collection by source and name.
    pub(crate) fn collection_id(&self, source: SourceId, name: &str) -> Result<CollectionId> {
        let id =
            self.value("SELECT id FROM collection WHERE source_id = ?1 AND name = ?2", (source.0, name))?;
        id.map(CollectionId).ok_or_else(|| StoreError::Missing(format!("collection {name}")))
    }
}

impl Tx<'_> {
    /// Adds a collection.
    ///
    /// # Errors
    /// [`StoreError::Exists`] if the source has it already.
    pub fn add_collection(&mut self, new: &NewCollection) -> Result<CollectionId> {
        let id = self.insert(
            &format!("the collection {}", new.name),
            "INSERT INTO collection (source_id, name, title, noun, schema, rules, may_send)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            (
                new.source.0,
                &new.name,
                &new.title,
                &new.noun,
                &new.schema,
                to_json(&new.rules)?,
                new.rules.may_send(),
            ),
        )?;
        Ok(CollectionId(id))
    }

    /// Changes a collection: everything but its id and source.
    ///
    /// # Errors
    /// [`StoreError::Missing`] if it is gone, [`StoreError::Exists`] if the new name is used.
    pub fn save_collection(&mut self, collection: &Collection) -> Result<()> {
        let new = &collection.settings;
        let changed = self.unique(
            &format!("the collection {}", new.name),
            "UPDATE collection SET name = ?2, title = ?3, noun = ?4, schema = ?5, rules = ?6, may_send = ?7, cursor = ?8,
                 report = ?9, guard = ?10 WHERE id = ?1",
            (
                collection.id.0,
                &new.name,
                &new.title,
                &new.noun,
                &new.schema,
                to_json(&new.rules)?,
                new.rules.may_send(),
                &collection.cursor,
                &collection.report,
                &collection.guard,
            ),
        )?;
        if changed == 1 { Ok(()) } else { Err(StoreError::Missing(format!("collection {}", new.name))) }
    }

    /// Stores where reading goes on; to be called in the transaction of the page it belongs to.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn set_cursor(&mut self, collection: CollectionId, cursor: Option<&str>) -> Result<()> {
        self.execute("UPDATE collection SET cursor = ?2 WHERE id = ?1", (collection.0, cursor))?;
        Ok(())
    }

    /// Asks or answers the question that stops reading.
    ///
    /// # Errors
    /// Those of the disk; text that is not JSON.
    pub fn set_guard(&mut self, collection: CollectionId, guard: Option<&str>) -> Result<()> {
        self.execute("UPDATE collection SET guard = ?2 WHERE id = ?1", (collection.0, guard))?;
        Ok(())
    }
}
