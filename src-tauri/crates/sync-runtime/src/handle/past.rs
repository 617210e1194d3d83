//! History, versions, activity.

use super::records::context;
use super::{SyncHandle, key};
use crate::clock;
use crate::fault::{Answered, Fault};
use crate::live::{Coll, Live};
use crate::transport::PAGE_LIMIT;
use crate::view::{self, VersionInput};
use ipc_types::{ActivityEntry, HistoryEntry, RecordKey, Saved, VersionKey, VersionView};
use record_store::{KeptVersion, Priority, Tx};
use std::sync::Arc;
use std::time::Duration;
use sync_engine::{Event, LocalKey, Record, RemoteId};

/// Lines of Activity.
const ACTIVITY: usize = 300;
/// The server's own lines are worth this much waiting.
const PATIENCE: Duration = Duration::from_secs(3);

/// Where a record is or was.
struct Place {
    live: Arc<Live>,
    coll: Arc<Coll>,
    id: Option<RemoteId>,
    now: Option<Record>,
}

impl SyncHandle {
    /// Every version of a record, oldest first, with the server's own lines where it keeps some.
    ///
    /// # Errors
    /// No such record, now or earlier.
    pub async fn history(&self, wanted: RecordKey) -> Answered<Vec<HistoryEntry>> {
        let key = key(&wanted.key)?;
        let place = self.place_of(key).await?;
        let versions = self
            .inner
            .store
            .read(move |r| {
                let mut versions: Vec<KeptVersion> = Vec::new();
                for line in r.history(key)? {
                    versions.extend(r.version(key, line.version)?);
                }
                Ok(versions)
            })
            .await?;
        let ctx = context(&place.live, &place.coll, self.inner.store.run());
        let inputs: Vec<VersionInput<'_>> = versions.iter().map(|v| input(v)).collect();
        let mut entries = view::history(&ctx, &inputs);
        entries.extend(self.server_lines(&place).await);
        // The sort is stable: lines of the same moment keep their order.
        entries.sort_by_key(|e| e.at);
        Ok(entries)
    }

    /// The server's audit log, if it has one and answers soon.
    async fn server_lines(&self, place: &Place) -> Vec<HistoryEntry> {
        let Some(id) = &place.id else { return Vec::new() };
        let Some(request) = place.live.connector.history(place.coll.name(), id) else { return Vec::new() };
        if self.inner.offline()
            || !self.inner.store.writable()
            || self.inner.gates.state(place.live.id).unreachable
        {
            return Vec::new();
        }
        let asked =
            tokio::time::timeout(PATIENCE, self.inner.perform(&place.live, request, PAGE_LIMIT)).await;
        let Ok(answer) = asked else { return Vec::new() };
        let Ok(lines) = place.live.connector.history_answer(&answer, clock::now()) else { return Vec::new() };
        let lines = lines.into_iter().map(|line| HistoryEntry {
            version: 0,
            at: line.at.map_or(0, |at| at.0),
            what: "server".to_owned(),
            by: line.actor.unwrap_or_else(|| "server".to_owned()),
            validator: line.to.map(String::from),
            from_validator: line.from.map(String::from),
            changed: line.changed,
            restorable: false,
        });
        lines.collect()
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
        let kept = kept.ok_or_else(|| Fault::missing(format!("version {number} of it")))?;
        let ctx = context(&place.live, &place.coll, self.inner.store.run());
        let entry = view::history(&ctx, &[input(&kept)]).into_iter().next();
        let entry = entry.ok_or_else(|| Fault::missing(format!("version {number} of it")))?;
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
            let kept =
                tx.version(key, number)?.ok_or_else(|| Fault::missing(format!("version {number} of it")))?;
            let body = kept
                .body
                .ok_or_else(|| Fault::bad("This version is a removal. Delete the record instead."))?;
            let record = match (tx.load(key)?, tx.gone(key)?) {
                (Some(record), _) => record,
                (None, Some(gone)) => {
                    let mut record = Record::new(key, gone.source, gone.collection_name, gone.id);
                    record.rev = gone.rev;
                    record.answered = gone.answered;
                    record
                }
                (None, None) => return Err(Fault::missing("such record")),
            };
            super::edits::writable(&desk, &record)?;
            desk.step_loaded(tx, record, Event::EditSaved(body))
        };
        let applied = self.inner.store.try_write(Priority::Person, work).await?;
        self.saved(&applied)
    }

    /// What happened lately, newest first.
    ///
    /// # Errors
    /// Those of the disk.
    pub async fn activity(&self) -> Answered<Vec<ActivityEntry>> {
        let lines = self.inner.store.read(|r| r.activity(ACTIVITY)).await?;
        let entries = lines.into_iter().map(|line| ActivityEntry {
            at: line.version.at.0,
            key: Some(line.key.to_string()),
            title: Some(line.title),
            what: line.version.what,
            by: if line.version.by_me { "you".to_owned() } else { "server".to_owned() },
            changed: Vec::new(),
        });
        Ok(entries.collect())
    }

    async fn place_of(&self, key: LocalKey) -> Answered<Place> {
        let (now, gone) = self.inner.store.read(move |r| Ok((r.load(key)?, r.gone(key)?))).await?;
        let (source, collection, id) = match (&now, gone) {
            (Some(record), _) => (record.source, record.collection.clone(), record.id.clone()),
            (None, Some(gone)) => (gone.source, gone.collection_name, gone.id),
            (None, None) => return Err(Fault::missing("such record")),
        };
        let live = self.inner.live(source)?;
        let coll = Arc::clone(live.coll(&collection)?);
        Ok(Place { live, coll, id, now })
    }
}

fn input<'a>(kept: &'a KeptVersion) -> VersionInput<'a> {
    let line = &kept.version;
    VersionInput {
        version: line.version,
        at: line.at.0,
        what: &line.what,
        by: if line.by_me { "you" } else { "server" },
        body: kept.body.as_ref(),
        validator: line.validator.as_ref().map(|v| v.as_str()),
        from_validator: line.from_validator.as_ref().map(|v| v.as_str()),
    }
}
