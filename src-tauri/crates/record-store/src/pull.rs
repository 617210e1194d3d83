//! The quick way for pulls: new and unchanged records without a look at the engine.

use crate::base::Numbered;
use crate::{CollectionId, Meta, Result, Tx, base, columns, gone, text};
use sync_engine::{Base, LocalKey, RemoteId, Seq, SourceId};

/// What became of an item of a pull.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pulled {
    /// It was not there: stored as a synced record.
    New(LocalKey),
    /// It is there with these bytes under this validator and without an edit: nothing to do.
    Same(LocalKey),
    /// It is there: load it and let the engine decide.
    Known(LocalKey),
    /// It was removed here after that request began: the item shows an older moment and does not count.
    Stale(LocalKey),
}

impl Tx<'_> {
    /// The quick way for items of a pull: stores what is new, skips what is the same, and leaves the rest to
    /// [`sync_engine::step`]. `began` is when the request began; `meta` is asked only for a new record. A record that
    /// comes back to an address gets its old key and history.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn pull(
        &mut self,
        at: (SourceId, CollectionId),
        id: &RemoteId,
        base: &Base,
        began: Seq,
        meta: impl FnOnce() -> Meta,
    ) -> Result<Pulled> {
        let sql = "SELECT r.key, r.state = 'synced' AND b.validator IS ?3 AND b.body = ?4 AND b.media_type = ?5
                   FROM record r LEFT JOIN base b ON b.key = r.key WHERE r.collection_id = ?1 AND r.remote_id = ?2";
        let (source, collection) = at;
        let validator = columns::validator(base.validator.as_ref());
        let params = (collection.0, &id.0, validator, &*base.body.bytes, &*base.body.media_type);
        let found =
            self.row(sql, params, |row| Ok((LocalKey(row.get(0)?), row.get::<_, Option<bool>>(1)?)))?;
        match found {
            Some((key, Some(true))) => return Ok(Pulled::Same(key)),
            Some((key, _)) => return Ok(Pulled::Known(key)),
            None => {}
        }
        let gone = gone::at(self, collection, id)?;
        if let Some((key, _)) = gone.filter(|(_, answered)| *answered > began) {
            return Ok(Pulled::Stale(key));
        }
        let meta = meta();
        let words = meta.search_text.as_deref().unwrap_or(&meta.title);
        let (key, version) = match gone {
            Some((key, _)) => (Some(key.0), gone::take(self, key)? + 1),
            None => (None, 1),
        };
        let key = LocalKey(self.insert(
            &id.0,
            "INSERT INTO record (source_id, collection_id, remote_id, id_is_ours, rev, answered, versions, title,
                 sort_key, state, changed_at, key, text_hash)
             VALUES (?1, ?2, ?3, 0, 0, 0, ?7, ?4, ?5, 'synced', ?6, ?8, ?9)",
            (
                source.0,
                collection.0,
                &id.0,
                &meta.title,
                text::sort_key(&meta.title),
                meta.changed_at.0,
                version,
                key,
                text::hash(words),
            ),
        )?);
        base::save(self, key, base, Numbered { version, in_history: false, from: None })?;
        text::insert(self, key, at, words)?;
        Ok(Pulled::New(key))
    }
}
