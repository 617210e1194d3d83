//! The time machine: every version of a record, with who, when and why; comparing, bringing back, undoing.

mod activity;
mod audit;
mod compare;
mod deleted;
mod device;
mod export;
mod export_csv;
pub(crate) mod keeping;
mod undo;

pub(crate) use audit::{keep_lines, known_lines};
pub(crate) use undo::confirmed;

use super::records::context;
use super::{SyncHandle, key};
use crate::fault::{Answered, Fault};
use crate::live::{Coll, Live};
use crate::view::{self, VersionInput, Weaver};
use ipc_types::{HistoryEntry, RecordKey, Saved, VersionKey, VersionView};
use record_store::{Gone, KeptVersion, Priority, Reader, Tx};
use std::sync::Arc;
use sync_engine::{Event, LocalKey, Record, RemoteId};

/// Where a record is or was.
pub(crate) struct Place {
    pub live: Arc<Live>,
    pub coll: Arc<Coll>,
    pub id: Option<RemoteId>,
    pub now: Option<Record>,
    pub title: String,
}

impl SyncHandle {
    /// Every version of a record, oldest first, with the server's own lines where it keeps some.
    ///
    /// # Errors
    /// No such record, now or earlier.
    pub async fn history(&self, wanted: RecordKey) -> Answered<Vec<HistoryEntry>> {
        let key = key(&wanted.key)?;
        let place = self.place_of(key).await?;
        self.read_log(&place, key).await;
        self.entries(place, key).await
    }

    /// As [`SyncHandle::history`] without asking the server: what is known here.
    pub(crate) async fn entries(&self, place: Place, key: LocalKey) -> Answered<Vec<HistoryEntry>> {
        let run = self.inner.store.run();
        let entries = self.inner.store.read(move |r| {
            let ctx = context(&place.live, &place.coll, run);
            let mut entries = Vec::new();
            weave_bodies(r, &ctx, key, |entry, _| {
                entries.push(entry);
                Ok(())
            })?;
            Ok(entries)
        });
        let mut entries = entries.await?;
        // The order of what this computer knew; the sort is stable, so that lines of the same moment keep theirs.
        entries.sort_by_key(|entry| entry.seen_at.unwrap_or(entry.at));
        Ok(entries)
    }

    /// One version, compared with what the person sees now.
    ///
    /// # Errors
    /// No such version.
    pub async fn version(&self, wanted: VersionKey) -> Answered<VersionView> {
        let key = key(&wanted.key)?;
        let place = self.place_of(key).await?;
        let number = wanted.version;
        let kept = self.inner.store.read(move |r| r.version(key, number)).await?;
        let kept = kept.ok_or_else(|| no_version(number))?;
        let ctx = context(&place.live, &place.coll, self.inner.store.run());
        let entry = Weaver::new(&ctx, Vec::new()).push(&input(&kept)).into_iter().next();
        let entry = entry.ok_or_else(|| no_version(number))?;
        let now = place.now.as_ref().and_then(Record::visible);
        Ok(view::version_view(&ctx, entry, kept.body.as_ref(), now))
    }

    /// Brings a version back: as an edit, or as a new record where it is gone.
    ///
    /// # Errors
    /// No such version; a version that is a removal.
    pub async fn restore(&self, wanted: VersionKey) -> Answered<Saved> {
        let key = key(&wanted.key)?;
        let number = wanted.version;
        let desk = self.inner.desk();
        let work = move |tx: &mut Tx<'_>| {
            let kept = tx.version(key, number)?.ok_or_else(|| no_version(number))?;
            let body = kept
                .body
                .ok_or_else(|| Fault::bad("This version is a removal. Delete the record instead."))?;
            let record = match (tx.load(key)?, tx.gone(key)?) {
                (Some(record), _) => record,
                (None, Some(gone)) => as_new(key, gone),
                (None, None) => return Err(Fault::missing("such record")),
            };
            super::edits::writable(&desk, &record)?;
            desk.step_loaded(tx, record, Event::BroughtBack { body, version: number })
        };
        let applied = self.inner.store.try_write(Priority::Person, work).await?;
        self.saved(&applied)
    }

    pub(crate) async fn place_of(&self, key: LocalKey) -> Answered<Place> {
        let (now, gone, brief) =
            self.inner.store.read(move |r| Ok((r.load(key)?, r.gone(key)?, r.brief(key)?))).await?;
        let (source, collection, id, title) = match (&now, gone) {
            (Some(record), _) => {
                let title = brief.map(|b| b.title).unwrap_or_default();
                (record.source, record.collection.clone(), record.id.clone(), title)
            }
            (None, Some(gone)) => (gone.source, gone.collection_name, gone.id, gone.title),
            (None, None) => return Err(Fault::missing("such record")),
        };
        let live = self.inner.live(source)?;
        let coll = Arc::clone(live.coll(&collection)?);
        Ok(Place { live, coll, id, now, title })
    }
}

/// A record that is gone, to be made again under its key, with its history.
pub(crate) fn as_new(key: LocalKey, gone: Gone) -> Record {
    let mut record = Record::new(key, gone.source, gone.collection_name, gone.id);
    record.rev = gone.rev;
    record.answered = gone.answered;
    record
}

fn no_version(number: u32) -> Fault {
    Fault::missing(format!("version {number} of it any more"))
}

/// Hands out the entries of a record one by one, in the order of the versions, with their content.
fn weave_bodies(
    r: &Reader<'_>,
    ctx: &view::ViewContext<'_>,
    key: LocalKey,
    mut each: impl FnMut(HistoryEntry, Option<&sync_engine::Body>) -> record_store::Result<()>,
) -> record_store::Result<()> {
    let log = r.audit(key)?.into_iter().map(audit::log_input).collect();
    let mut weaver = Weaver::new(ctx, log);
    r.each_version(key, |kept| {
        for entry in weaver.push(&input(&kept)) {
            let own = entry.version == kept.version.version;
            each(entry, kept.body.as_ref().filter(|_| own))?;
        }
        Ok(())
    })?;
    weaver.finish().into_iter().try_for_each(|entry| each(entry, None))
}

fn input(kept: &KeptVersion) -> VersionInput<'_> {
    let line = &kept.version;
    VersionInput {
        version: line.version,
        at: line.at.0,
        what: &line.what,
        by_me: line.by_me,
        body: kept.body.as_ref(),
        validator: line.validator.as_ref().map(|v| v.as_str()),
        from_validator: line.from_validator.as_ref().map(|v| v.as_str()),
        device: line.device.as_deref(),
        note: line.note.as_ref(),
    }
}
