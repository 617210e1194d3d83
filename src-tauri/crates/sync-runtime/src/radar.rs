//! The conflict radar: records that a person has open, or whose edits wait, are looked at on the server cheaply and
//! often, so that news is known before anything is sent (sync.md section 3).
//!
//! One record costs one conditional read, at most every [`OPEN`] or [`WAITING`]; a source with more waiting edits than
//! [`FEW`] is left to its change feed, which the driver reads more often meanwhile. Nothing is asked of a source that is
//! offline, paused, not reachable, or that asked to wait.

use crate::clock;
use crate::engine::Inner;
use crate::fault::Answered;
use crate::handle::{SyncHandle, key};
use crate::live::Live;
use crate::transport::RECORD_LIMIT;
use ipc_types::Watched;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use sync_engine::{Event, LocalKey, PauseReason, Read, ReadOutcome, Record, State, Theirs, Timestamp};
use tokio::sync::Notify;

/// The record on the screen is looked at so often, in milliseconds.
const OPEN: i64 = 10_000;
/// Records whose edits wait.
const WAITING: i64 = 30_000;
/// Waiting edits of a source that are looked at one by one.
const FEW: usize = 12;
/// Between two rounds.
const ROUND: Duration = Duration::from_secs(5);

/// What is watched, and when each record was looked at last.
#[derive(Debug, Default)]
pub(crate) struct Radar {
    state: Mutex<Looking>,
    wake: Notify,
}

#[derive(Debug, Default)]
struct Looking {
    open: Option<LocalKey>,
    shown: bool,
    looked: BTreeMap<LocalKey, Timestamp>,
}

impl Radar {
    fn with<T>(&self, change: impl FnOnce(&mut Looking) -> T) -> T {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The record on the screen, if the window can be seen.
    fn open(&self) -> Option<LocalKey> {
        self.with(|s| s.open.filter(|_| s.shown))
    }

    /// It is due; then it counts as looked at now.
    fn take(&self, key: LocalKey, now: Timestamp) -> bool {
        self.with(|s| {
            let every = if s.open == Some(key) && s.shown { OPEN } else { WAITING };
            let due = s.looked.get(&key).is_none_or(|at| at.plus_millis(every) <= now || *at > now);
            if due {
                s.looked.insert(key, now);
            }
            due
        })
    }
}

impl SyncHandle {
    /// Says what the window shows: the open record is looked at more often.
    ///
    /// # Errors
    /// A key that is none.
    pub async fn watch(&self, wanted: Watched) -> Answered<()> {
        let open = wanted.key.as_deref().map(key).transpose()?;
        let news = self.inner.radar.with(|s| {
            let news = (s.open, s.shown) != (open, wanted.shown);
            (s.open, s.shown) = (open, wanted.shown);
            news
        });
        if news {
            self.inner.radar.wake.notify_one();
        }
        Ok(())
    }
}

impl Inner {
    /// Looks at records until told to stop.
    pub(crate) async fn watch_records(self: Arc<Self>) {
        let mut stop = self.stop.subscribe();
        loop {
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = self.radar.wake.notified() => {}
                () = tokio::time::sleep(ROUND) => {}
            }
            if let Err(error) = self.look_round().await {
                tracing::warn!(%error, "the records being edited could not be looked at");
            }
        }
    }

    /// One round: every record that is due.
    pub(crate) async fn look_round(self: &Arc<Self>) -> Answered<()> {
        if self.offline() {
            return Ok(());
        }
        let open = self.radar.open();
        let (waiting, opened) = self
            .store
            .read(move |r| {
                let opened = open.map(|key| r.load(key)).transpose()?.flatten();
                let waits = [State::Edited, State::Rejected, State::NeedsYou];
                let mut records = Vec::new();
                for row in r.outbox(&waits, FEW * 8)? {
                    records.push((row.record.source, row.record.key));
                }
                Ok((records, opened))
            })
            .await?;
        let now = clock::now();
        let mut per_source: BTreeMap<_, Vec<LocalKey>> = BTreeMap::new();
        for (source, key) in waiting {
            per_source.entry(source).or_default().push(key);
        }
        let mut due: Vec<LocalKey> = opened.iter().map(|record| record.key).collect();
        due.extend(per_source.into_values().filter(|keys| keys.len() <= FEW).flatten());
        let mut seen = std::collections::BTreeSet::new();
        due.retain(|key| seen.insert(*key));
        self.radar.with(|s| s.looked.retain(|key, _| seen.contains(key)));
        for key in due {
            let Some(record) = self.store.read(move |r| r.load(key)).await? else { continue };
            if self.may_look(&record, now) && self.radar.take(key, now) {
                self.look_for_news(&record).await?;
            }
        }
        Ok(())
    }

    fn may_look(&self, record: &Record, now: Timestamp) -> bool {
        let gate = self.gates.state(record.source);
        let signed_out = matches!(gate.paused, Some(reason) if reason != PauseReason::ServerFull);
        let open =
            !gate.unreachable && !signed_out && !gate.pulling && gate.not_before.is_none_or(|at| at <= now);
        let known = record.id.is_some() && record.base.is_some() && record.in_flight.is_none();
        open && known && !self.gates.busy().contains(&record.key)
    }

    /// Reads one record if it changed.
    async fn look_for_news(self: &Arc<Self>, record: &Record) -> Answered<()> {
        let Ok(live) = self.live(record.source) else { return Ok(()) };
        let Some(id) = record.id.clone() else { return Ok(()) };
        let read = Read { id };
        let seen = match record.theirs.as_ref().map(|t| &t.what) {
            Some(Theirs::Present(version)) => version.validator.as_ref(),
            Some(Theirs::Gone) => None,
            None => record.base.as_ref().and_then(|b| b.validator.as_ref()),
        };
        let began = self.store.next_seq();
        let request = match seen {
            Some(mark) => live.connector.read_if_changed(&record.collection, &read, mark),
            None => live.connector.read(&record.collection, &read),
        };
        let Ok(request) = request else { return Ok(()) };
        let answer = self.perform(&live, request, RECORD_LIMIT).await;
        self.note_reached(live.id, &answer);
        if live.connector.is_unchanged(&answer) {
            return Ok(());
        }
        let outcome = live.connector.did_read(&record.collection, &read, &answer, clock::now());
        let theirs = match outcome {
            ReadOutcome::Found(version) => Theirs::Present(version),
            ReadOutcome::Gone => Theirs::Gone,
            other => {
                self.no_news(&live, other);
                return Ok(());
            }
        };
        let work = self.stepping(record.key, Event::TheirsSeen { theirs, began });
        let applied = self.store.try_write_relaxed(work).await?;
        if applied.record.as_ref() != Some(record) {
            self.told(&applied);
            self.wake.notify_one();
        }
        Ok(())
    }

    fn no_news(&self, live: &Live, outcome: ReadOutcome) {
        match outcome {
            ReadOutcome::Later { not_before, .. } => {
                let at = not_before.unwrap_or_else(|| clock::now().plus_millis(WAITING));
                self.gates.with(live.id, |g| g.not_before = g.not_before.max(Some(at)));
            }
            ReadOutcome::SignIn(reason) => self.pause(live.id, reason),
            ReadOutcome::NotOurs { .. } => self.pause(live.id, PauseReason::NetworkSignIn),
            // A read out of interest: the record goes its own way.
            ReadOutcome::NotSent { .. }
            | ReadOutcome::Unknown { .. }
            | ReadOutcome::Forbidden { .. }
            | ReadOutcome::Found(_)
            | ReadOutcome::Gone => {}
        }
    }
}
