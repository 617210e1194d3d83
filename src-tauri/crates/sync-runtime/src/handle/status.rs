//! The status bar, "Work offline", "Sync now".

use super::{OFFLINE, SyncHandle};
use crate::fault::Answered;
use ipc_types::{Connection, Progress, SetOffline, Status, SyncNow};
use record_store::{Priority, Reader};
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use sync_engine::{Event, State, Timestamp};

impl SyncHandle {
    /// Figures for the status bar.
    ///
    /// # Errors
    /// Those of the disk.
    pub async fn status(&self) -> Answered<Status> {
        let read = |r: &Reader<'_>| {
            Ok((r.counts(None)?, r.setting(super::past::keeping::DAYS)?, super::unused::first(r)?))
        };
        let (counts, days, unused) = self.inner.store.read(read).await?;
        let outbox = super::outbox::OUTBOX_STATES.iter().map(|s| counts.of(*s)).sum::<u64>();
        let small = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        let figures = &self.inner.figures;
        let saved_at = figures.saved_at.load(Ordering::Relaxed);
        let sources = self.inner.sources();
        let synced_at = sources.keys().filter_map(|id| self.inner.gates.state(*id).synced_at).max();
        Ok(Status {
            connection: self.connection(),
            synced_at,
            saved_at: (saved_at > 0).then_some(saved_at),
            records: small(counts.records),
            outbox: small(outbox),
            needs_you: small(counts.of(State::NeedsYou)),
            sending: self.sending(small(outbox), counts.of(State::Sending) > 0),
            reading: figures.reading.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            trouble: None,
            keep_days: days.and_then(|days| days.parse().ok()),
            unused,
            event: self.inner.hub.number(),
        })
    }

    fn connection(&self) -> Connection {
        if self.inner.offline() {
            return Connection::WorkingOffline;
        }
        let sources = self.inner.sources();
        let unreachable = |id| self.inner.gates.state(id).unreachable;
        if !sources.is_empty() && sources.keys().all(|id| unreachable(*id)) {
            return Connection::NoConnection;
        }
        Connection::Online
    }

    /// "Sending 1 of 5": of what was due since the queue was last empty.
    fn sending(&self, outbox: u32, sending: bool) -> Option<Progress> {
        let figures = &self.inner.figures;
        let out = !self.inner.gates.busy().is_empty();
        if !sending && !out {
            figures.sent.store(0, Ordering::Relaxed);
            return None;
        }
        let done = figures.sent.load(Ordering::Relaxed);
        Some(Progress { done, all: done + outbox.max(1) })
    }

    /// Works offline, or goes on.
    ///
    /// # Errors
    /// Those of the disk.
    pub async fn set_offline(&self, wanted: SetOffline) -> Answered<Status> {
        let text = if wanted.offline { "yes" } else { "no" };
        self.inner.store.write(Priority::Person, move |tx| tx.set_setting(OFFLINE, Some(text))).await?;
        let before = self.inner.offline.swap(wanted.offline, Ordering::Relaxed);
        if before && !wanted.offline {
            // What the server has by now is read before anything is sent.
            for id in self.inner.sources().keys() {
                self.inner.gates.with(*id, |g| {
                    g.pull_first = true;
                    g.next_pull = Timestamp(0);
                });
            }
        }
        self.inner.hub.status();
        self.inner.wake.notify_one();
        self.status().await
    }

    /// Reads and sends now what is waiting.
    ///
    /// # Errors
    /// No such source.
    pub async fn sync_now(&self, wanted: SyncNow) -> Answered<()> {
        let only =
            wanted.source.as_deref().map(|name| self.inner.named(name)).transpose()?.map(|live| live.id);
        for (id, live) in self.inner.sources().iter().filter(|(id, _)| only.is_none_or(|o| o == **id)) {
            live.forget_authorization();
            self.inner.gates.with(*id, |g| {
                g.pull_first = true;
                g.next_pull = Timestamp(0);
                g.not_before = None;
                g.paused = None;
            });
            let id = *id;
            self.inner.store.write_relaxed(move |tx| tx.set_paused(id, None)).await?;
        }
        let waiting = self.inner.store.read(|r| r.waiting(usize::MAX >> 1)).await?;
        for waiting in
            waiting.into_iter().filter(|w| w.not_before.is_some() && only.is_none_or(|o| o == w.source))
        {
            self.act(waiting.key, Event::Retried).await?;
        }
        self.inner.hub.sources();
        self.inner.wake.notify_one();
        Ok(())
    }
}
