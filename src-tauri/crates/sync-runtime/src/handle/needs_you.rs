//! The list of records that need the person: one read by index of what is kept about each; what is missing or was
//! derived by other rules is derived again and kept.

use super::SyncHandle;
use super::records::{context, place};
use crate::engine::Sources;
use crate::fault::{Answered, Fault};
use crate::live::{Coll, Live};
use crate::view::{self, NeedsYouPlace};
use ipc_types::{ErrorCode, NeedsYou};
use record_store::{CollectionId, NeedsYouRow, Shape, Tx};
use std::collections::BTreeMap;
use std::sync::Arc;
use sync_engine::{LocalKey, Record, RunId, Timestamp};

/// Records whose authors are asked for with one look at the list.
const ASKED: usize = 50;
/// Records derived again at once: what is in memory stays small however many there are.
const AT_ONCE: usize = 100;

/// Collections by their number here.
struct Places<'a>(BTreeMap<CollectionId, (&'a Arc<Live>, &'a Arc<Coll>)>);

impl<'a> Places<'a> {
    fn of(sources: &'a Sources) -> Self {
        let all = sources.values().flat_map(|live| live.collections.values().map(move |coll| (live, coll)));
        Self(all.map(|(live, coll)| (coll.id(), (live, coll))).collect())
    }

    fn made_by(&self, row: &NeedsYouRow) -> Option<i64> {
        self.0.get(&row.collection).map(|(_, coll)| coll.made_by)
    }
}

impl SyncHandle {
    /// Records that need the person, by shape.
    ///
    /// # Errors
    /// Those of the disk.
    pub async fn needs_you(&self) -> Answered<NeedsYou> {
        let mut rows = self.inner.store.read(|r| r.needs_you()).await?;
        self.derive_missing(&mut rows).await?;
        self.ask_authors(&mut rows).await?;
        let sources = self.inner.sources();
        let places = Places::of(&sources);
        Ok(view::needs_you(rows, |row| {
            let (live, coll) = places.0.get(&row.collection)?;
            let settings = &coll.row.settings;
            Some(NeedsYouPlace { source: live.name(), collection: &settings.title, noun: &settings.noun })
        }))
    }

    /// After an update, a change of rules or of the schema: the list says what is true now.
    async fn derive_missing(&self, rows: &mut [NeedsYouRow]) -> Answered<()> {
        let sources = self.inner.sources();
        let places = Places::of(&sources);
        let current =
            |row: &NeedsYouRow| row.shape.as_ref().is_some_and(|s| Some(s.made_by) == places.made_by(row));
        let missing: Vec<LocalKey> = rows.iter().filter(|row| !current(row)).map(|row| row.key).collect();
        let mut derived: BTreeMap<LocalKey, Shape> = BTreeMap::new();
        for keys in missing.chunks(AT_ONCE) {
            derived.extend(self.derive(keys.to_vec(), Arc::clone(&sources)).await?);
        }
        for row in rows.iter_mut() {
            let Some(mut shape) = derived.remove(&row.key) else { continue };
            if let Some(earlier) = row.shape.take() {
                shape = view::still_known(shape, &earlier);
            }
            row.shape = Some(shape);
        }
        Ok(())
    }

    async fn derive(
        &self,
        keys: Vec<LocalKey>,
        sources: Arc<Sources>,
    ) -> Answered<BTreeMap<LocalKey, Shape>> {
        let records = self
            .inner
            .store
            .read(move |r| {
                let mut records = Vec::with_capacity(keys.len());
                for key in keys {
                    records.extend(r.load(key)?);
                }
                Ok(records)
            })
            .await?;
        let run = self.inner.store.run();
        let derived = tokio::task::spawn_blocking(move || {
            let shape_of = |record: &Record| shape_of(&sources, record, run);
            records.into_iter().filter_map(|r| Some((shape_of(&r)?, r))).collect::<Vec<_>>()
        });
        let derived = derived
            .await
            .map_err(|_| Fault::new(ErrorCode::Internal, "The list of records could not be made."))?;
        let shapes = derived.iter().map(|(shape, record)| (record.key, shape.clone())).collect();
        if self.inner.store.writable() {
            let keep = move |tx: &mut Tx<'_>| {
                for (shape, record) in derived {
                    // It may have changed meanwhile: then it was kept with that change.
                    if tx.load(record.key)?.as_ref() == Some(&record) {
                        let earlier = tx.shape(record.key)?;
                        let shape =
                            earlier.map_or(shape.clone(), |earlier| view::still_known(shape, &earlier));
                        tx.set_shape(record.key, &shape)?;
                    }
                }
                Ok(())
            };
            self.inner.store.write_relaxed(keep).await?;
        }
        Ok(shapes)
    }

    /// Who changed them is asked while the server can be reached, not only when one is opened.
    async fn ask_authors(&self, rows: &mut [NeedsYouRow]) -> Answered<()> {
        let unknown = |row: &NeedsYouRow| row.shape.as_ref().is_some_and(|s| s.who.is_none() && !s.asked);
        let keys: Vec<LocalKey> =
            rows.iter().filter(|row| unknown(row)).take(ASKED).map(|row| row.key).collect();
        if keys.is_empty() {
            return Ok(());
        }
        let records = self
            .inner
            .store
            .read(move |r| {
                let mut records = BTreeMap::new();
                for key in keys {
                    records.extend(r.load(key)?.map(|record| (key, record)));
                }
                Ok(records)
            })
            .await?;
        for row in rows {
            let Some(record) = records.get(&row.key) else { continue };
            let author = self.author(record);
            if let (Some(shape), Some(who)) = (&mut row.shape, author.who) {
                shape.who = Some(who);
                shape.made_at = author.at.map(Timestamp).or(shape.made_at);
            }
        }
        Ok(())
    }
}

fn shape_of(sources: &Sources, record: &Record, run: RunId) -> Option<Shape> {
    let (live, coll) = place(sources, record).ok()?;
    view::shape(&context(live, coll, run), record, coll.made_by).ok()
}
