//! Table `source`: servers. Secrets are never here; they live in the keychain.

use crate::columns::{Columns, to_json, to_name};
use crate::{CollectionId, Reader, Result, StoreError, Tx};
use rusqlite::Row;
use sync_engine::{MergePolicy, PauseReason, SourceId, Timestamp};

/// A source to add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSource {
    /// Name for people, unique.
    pub name: String,
    /// Address.
    pub url: String,
    /// Family of servers.
    pub family: String,
    /// User name, if any.
    pub user: Option<String>,
    /// Headers for every request: names and values. Never a credential.
    pub headers: Vec<(String, String)>,
    /// Profile as TOML text, where it is not the family's own.
    pub profile: Option<String>,
    /// What happens to differences without a clash.
    pub policy: MergePolicy,
    /// The person allowed sending although it is not protected.
    pub allow_unprotected: bool,
    /// It is the demo on this computer.
    pub demo: bool,
}

/// A source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Names it here.
    pub id: SourceId,
    /// What was added, as it is now.
    pub settings: NewSource,
    /// Why nothing is sent until a person does something.
    pub paused: Option<PauseReason>,
    /// Last successful round.
    pub synced_at: Option<Timestamp>,
}

const SELECT: &str =
    "SELECT id, name, url, family, user, headers, profile, policy, allow_unprotected, demo, paused,
    synced_at FROM source";

fn read(row: &Row<'_>) -> Result<Source> {
    let mut columns = Columns::new(row, "source", 0);
    let id = columns.take()?;
    columns.set_id(id);
    Ok(Source {
        id: SourceId(id),
        settings: NewSource {
            name: columns.take()?,
            url: columns.take()?,
            family: columns.take()?,
            user: columns.take()?,
            headers: columns.json()?,
            profile: columns.take()?,
            policy: columns.name()?,
            allow_unprotected: columns.take()?,
            demo: columns.take()?,
        },
        paused: columns.name_or_null()?,
        synced_at: columns.take::<Option<i64>>()?.map(Timestamp),
    })
}

impl Reader<'_> {
    /// All sources, in the order they were added.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn sources(&self) -> Result<Vec<Source>> {
        self.rows(&format!("{SELECT} ORDER BY id"), [], read)
    }

    /// One source.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn source(&self, id: SourceId) -> Result<Option<Source>> {
        self.row(&format!("{SELECT} WHERE id = ?1"), [id.0], read)
    }

    /// One source by its name.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn source_named(&self, name: &str) -> Result<Option<Source>> {
        self.row(&format!("{SELECT} WHERE name = ?1"), [name], read)
    }
}

impl Tx<'_> {
    /// Adds a source.
    ///
    /// # Errors
    /// [`StoreError::Exists`] if the name is used.
    pub fn add_source(&mut self, new: &NewSource) -> Result<SourceId> {
        let id = self.insert(
            &format!("the source {}", new.name),
            "INSERT INTO source (name, url, family, user, headers, profile, policy, allow_unprotected, demo)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            (
                &new.name,
                &new.url,
                &new.family,
                &new.user,
                to_json(&new.headers)?,
                &new.profile,
                to_name(&new.policy)?,
                new.allow_unprotected,
                new.demo,
            ),
        )?;
        Ok(SourceId(id))
    }

    /// Changes a source: everything of it but its id.
    ///
    /// # Errors
    /// [`StoreError::Missing`] if it is gone, [`StoreError::Exists`] if the new name is used.
    pub fn save_source(&mut self, source: &Source) -> Result<()> {
        let new = &source.settings;
        let changed = self.unique(
            &format!("the source {}", new.name),
            "UPDATE source SET name = ?2, url = ?3, family = ?4, user = ?5, headers = ?6, profile = ?7, policy = ?8,
                 allow_unprotected = ?9, demo = ?10, paused = ?11, synced_at = ?12 WHERE id = ?1",
            (
                source.id.0,
                &new.name,
                &new.url,
                &new.family,
                &new.user,
                to_json(&new.headers)?,
                &new.profile,
                to_name(&new.policy)?,
                new.allow_unprotected,
                new.demo,
                source.paused.as_ref().map(to_name).transpose()?,
                source.synced_at.map(|t| t.0),
            ),
        )?;
        if changed == 1 { Ok(()) } else { Err(StoreError::Missing(format!("source {}", new.name))) }
    }

    /// Pauses a source or lets it go on.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn set_paused(&mut self, source: SourceId, why: Option<PauseReason>) -> Result<()> {
        let why = why.as_ref().map(to_name).transpose()?;
        self.execute("UPDATE source SET paused = ?2 WHERE id = ?1", (source.0, why))?;
        Ok(())
    }

    /// Notes a successful round.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn set_synced_at(&mut self, source: SourceId, at: Timestamp) -> Result<()> {
        self.execute("UPDATE source SET synced_at = ?2 WHERE id = ?1", (source.0, at.0))?;
        Ok(())
    }

    /// Removes a source with its collections, its records, their edits and their history. Whether edits may go unsent
    /// is the caller's question to the person ([`Reader::counts`]).
    ///
    /// # Errors
    /// Those of the disk.
    pub fn remove_source(&mut self, source: SourceId) -> Result<()> {
        self.remove_records("source_id", source.0)?;
        self.execute("DELETE FROM collection WHERE source_id = ?1", [source.0])?;
        self.execute("DELETE FROM source WHERE id = ?1", [source.0])?;
        Ok(())
    }

    /// Removes a collection with its records, their edits and their history, as [`Tx::remove_source`].
    ///
    /// # Errors
    /// Those of the disk.
    pub fn remove_collection(&mut self, collection: CollectionId) -> Result<()> {
        self.remove_records("collection_id", collection.0)?;
        self.execute("DELETE FROM collection WHERE id = ?1", [collection.0])?;
        Ok(())
    }

    fn remove_records(&self, column: &str, id: i64) -> Result<()> {
        for sql in [
            "DELETE FROM history WHERE key IN (SELECT key FROM record WHERE COLUMN = ?1
                 UNION ALL SELECT key FROM gone WHERE COLUMN = ?1)",
            "DELETE FROM audit WHERE key IN (SELECT key FROM record WHERE COLUMN = ?1
                 UNION ALL SELECT key FROM gone WHERE COLUMN = ?1)",
            "DELETE FROM batch_item WHERE key IN (SELECT key FROM record WHERE COLUMN = ?1
                 UNION ALL SELECT key FROM gone WHERE COLUMN = ?1)",
            "DELETE FROM record_text WHERE rowid IN (SELECT key FROM record WHERE COLUMN = ?1)",
            "DELETE FROM record WHERE COLUMN = ?1",
            "DELETE FROM gone WHERE COLUMN = ?1",
        ] {
            self.execute(&sql.replace("COLUMN", column), [id])?;
        }
        Ok(())
    }
}
