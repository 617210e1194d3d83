//! Table `record`, and loading a whole record by one JOIN.

use crate::columns::Columns;
use crate::{CollectionId, Reader, Result, base, conflict, edit, in_flight, refusal, theirs};
use rusqlite::Row;
use sync_engine::{Body, LocalKey, Record, RemoteId, Rev, Seq, SourceId, State, Timestamp, Validator};

/// What a pull needs to know of a record it lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Its key.
    pub key: LocalKey,
    /// Its id there.
    pub id: RemoteId,
    /// Its state.
    pub state: State,
    /// The last answer stored for it.
    pub answered: Seq,
    /// Validator of the synced version.
    pub validator: Option<Validator>,
}

/// A record without its bodies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brief {
    /// Its key.
    pub key: LocalKey,
    /// Its source.
    pub source: SourceId,
    /// Its source's name.
    pub source_name: String,
    /// Its collection.
    pub collection: CollectionId,
    /// Its collection, as the source names it.
    pub collection_name: String,
    /// Its id there, if it has one.
    pub id: Option<RemoteId>,
    /// Its title.
    pub title: String,
    /// Its state.
    pub state: State,
    /// Version counter.
    pub rev: Rev,
    /// Kept back by the person.
    pub held: bool,
    /// Deleted here, not yet on the server.
    pub deleted: bool,
    /// Last change known.
    pub changed_at: Timestamp,
    /// Validator of the synced version.
    pub validator: Option<Validator>,
}

const RECORD: &str = "r.key, r.source_id, c.name, r.remote_id, r.id_is_ours, r.rev, r.answered";

/// Columns of a [`Brief`], with aliases r, s, c, e, b.
pub(crate) const BRIEF: &str =
    "r.key, r.source_id, s.name, r.collection_id, c.name, r.remote_id, r.title, r.state,
    r.rev, r.held, coalesce(e.change = 'delete', 0), r.changed_at, b.validator";
/// What [`BRIEF`] needs joined to `record r`.
pub(crate) const BRIEF_JOIN: &str =
    "JOIN source s ON s.id = r.source_id JOIN collection c ON c.id = r.collection_id
    LEFT JOIN edit e ON e.key = r.key LEFT JOIN base b ON b.key = r.key";

pub(crate) fn brief(columns: &mut Columns<'_, '_>) -> Result<Brief> {
    columns.of("record");
    let key = columns.take()?;
    columns.set_id(key);
    Ok(Brief {
        key: LocalKey(key),
        source: SourceId(columns.take()?),
        source_name: columns.take()?,
        collection: CollectionId(columns.take()?),
        collection_name: columns.take()?,
        id: columns.take::<Option<String>>()?.map(RemoteId),
        title: columns.take()?,
        state: columns.name()?,
        rev: Rev(columns.take()?),
        held: columns.take()?,
        deleted: columns.take()?,
        changed_at: Timestamp(columns.take()?),
        validator: columns.validator()?,
    })
}

fn facts(row: &Row<'_>) -> Result<Facts> {
    let mut columns = Columns::new(row, "record", 0);
    let key = columns.take()?;
    columns.set_id(key);
    Ok(Facts {
        key: LocalKey(key),
        id: RemoteId(columns.take()?),
        state: columns.name()?,
        answered: Seq(columns.take()?),
        validator: columns.validator()?,
    })
}

/// The rows of one record, read but not yet judged.
struct Rows {
    record: Record,
    earlier: bool,
}

fn rows(row: &Row<'_>) -> Result<Rows> {
    let mut columns = Columns::new(row, "record", 0);
    let key = columns.take()?;
    columns.set_id(key);
    let source = SourceId(columns.take()?);
    let collection: String = columns.take()?;
    let id = columns.take::<Option<String>>()?.map(RemoteId);
    let mut record = Record::new(LocalKey(key), source, collection, id);
    record.id_is_ours = columns.take()?;
    record.rev = Rev(columns.take()?);
    record.answered = Seq(columns.take()?);
    record.base = base::read(&mut columns)?;
    let (edit, earlier) = edit::read(&mut columns)?.unzip();
    record.edit = edit;
    record.in_flight = in_flight::read(&mut columns)?;
    record.theirs = theirs::read(&mut columns)?;
    record.conflict = conflict::read(&mut columns)?;
    record.refusal = refusal::read(&mut columns)?;
    Ok(Rows { record, earlier: earlier.unwrap_or(false) })
}

impl Reader<'_> {
    /// One record with all its rows.
    ///
    /// # Errors
    /// [`crate::StoreError::Row`] if its rows fit no state, naming table and key.
    pub fn load(&self, key: LocalKey) -> Result<Option<Record>> {
        const FROM: &str = "FROM record r JOIN collection c ON c.id = r.collection_id
            LEFT JOIN base b ON b.key = r.key LEFT JOIN edit e ON e.key = r.key
            LEFT JOIN in_flight f ON f.key = r.key LEFT JOIN theirs t ON t.key = r.key
            LEFT JOIN conflict k ON k.key = r.key LEFT JOIN refusal x ON x.key = r.key WHERE r.key = ?1";
        let sql = format!(
            "SELECT {RECORD}, {}, {}, {}, {}, {}, {} {FROM}",
            base::COLUMNS,
            edit::COLUMNS,
            in_flight::COLUMNS,
            theirs::COLUMNS,
            conflict::COLUMNS,
            refusal::COLUMNS
        );
        let Some(Rows { mut record, earlier }) = self.row(&sql, [key.0], rows)? else { return Ok(None) };
        if let (Some(edit), true) = (&mut record.edit, earlier) {
            edit.earlier = conflict::decisions(self, key, true)?;
        }
        if let Some(conflict) = &mut record.conflict {
            conflict::fill(self, key, conflict)?;
        }
        record.state(self.run()).map_err(|e| crate::StoreError::row("record", key.0, e.words))?;
        Ok(Some(record))
    }

    /// The record at an address.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn find(&self, source: SourceId, collection: &str, id: &RemoteId) -> Result<Option<LocalKey>> {
        let sql = "SELECT r.key FROM collection c JOIN record r ON r.collection_id = c.id
                   WHERE c.source_id = ?1 AND c.name = ?2 AND r.remote_id = ?3";
        Ok(self.value(sql, (source.0, collection, &id.0))?.map(LocalKey))
    }

    /// A record without its bodies.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn brief(&self, key: LocalKey) -> Result<Option<Brief>> {
        let sql = format!("SELECT {BRIEF} FROM record r {BRIEF_JOIN} WHERE r.key = ?1");
        self.row(&sql, [key.0], |row| brief(&mut Columns::new(row, "record", key.0)))
    }

    /// What a pull needs to know of a record it lists.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn facts(&self, collection: CollectionId, id: &RemoteId) -> Result<Option<Facts>> {
        let sql = "SELECT r.key, r.remote_id, r.state, r.answered, b.validator FROM record r
                   LEFT JOIN base b ON b.key = r.key WHERE r.collection_id = ?1 AND r.remote_id = ?2";
        self.row(sql, (collection.0, &id.0), facts)
    }

    /// Visits every record of a collection that has an id there, in the order of the ids: to compare with a complete
    /// listing.
    ///
    /// # Errors
    /// Those of the disk and of `visit`.
    pub fn each_address(
        &self,
        collection: CollectionId,
        mut visit: impl FnMut(Facts) -> Result<()>,
    ) -> Result<()> {
        let sql = "SELECT r.key, r.remote_id, r.state, r.answered, b.validator FROM record r
                   LEFT JOIN base b ON b.key = r.key WHERE r.collection_id = ?1 AND r.remote_id IS NOT NULL
                   ORDER BY r.remote_id";
        self.each(sql, [collection.0], |row| visit(facts(row)?))
    }

    /// What the person sees of a record: their edit, else the synced version. `None` = removed here, or no such record.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn visible(&self, key: LocalKey) -> Result<Option<Body>> {
        let sql = "SELECT iif(e.key IS NULL, b.body, e.body), iif(e.key IS NULL, b.media_type, e.media_type)
                   FROM record r LEFT JOIN base b ON b.key = r.key LEFT JOIN edit e ON e.key = r.key WHERE r.key = ?1";
        Ok(self.row(sql, [key.0], |row| Columns::new(row, "record", key.0).body())?.flatten())
    }
}
