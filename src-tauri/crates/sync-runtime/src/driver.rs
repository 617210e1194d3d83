//! The driver: one task that lets things happen when they are due. The policy is `sync_engine::next`.

use crate::clock;
use crate::engine::Inner;
use crate::fault::Answered;
use crate::gates::LANES;
use crate::live::Live;
use crate::pull::{PullCount, PullEnd};
use crate::push::Pushed;
use connectors::Failed;
use futures_util::StreamExt as _;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use sync_engine::{LocalKey, Next, SourceId, Timestamp, next};

/// A source without an answer is asked again after this: replay begins within 2 s of reconnecting.
const PROBE: i64 = 1_200;
/// Reading a source again while an edit of it waits (its part of the conflict radar, see radar.rs), and else.
const POLL_NEAR: i64 = 10_000;
const POLL_FAR: i64 = 60_000;
/// Waiting records looked at in one pass, per collection.
const WINDOW: usize = 800;
/// Batches under way at once (performance.md section 1: 2 to 4).
const BATCHES: usize = 4;
/// Single requests whose copies are frozen in one transaction: while some are on the wire, others are begun or settled.
const PAIR: usize = 2;
/// Single requests taken up in one pass, for each lane.
const RUN: usize = 8;

/// What came of reading a source.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub count: PullCount,
    /// Everything was read to its end.
    pub whole: bool,
    /// The last answer that was no use, and the collection asked for.
    pub failed: Option<(String, Failed)>,
}

impl Inner {
    /// Runs until told to stop.
    pub async fn drive(self: Arc<Self>) {
        let mut stop = self.stop.subscribe();
        loop {
            let until = self.pass().await;
            let now = clock::now();
            let wait = Duration::from_millis(u64::try_from(until.0.saturating_sub(now.0)).unwrap_or(0));
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = self.wake.notified() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Starts what is due. Answers when to look again at the latest.
    async fn pass(self: &Arc<Self>) -> Timestamp {
        let now = clock::now();
        let mut until = now.plus_millis(POLL_FAR);
        if self.offline() {
            return until;
        }
        let counts = self.store.read(|r| r.counts_by_collection()).await.unwrap_or_default();
        let waits = |id| counts.iter().any(|c| c.source == id && c.counts.unsynced.values().any(|n| *n > 0));
        for live in self.sources().values() {
            until = until.min(self.start_pull(live, now, waits(live.id)));
        }
        match self.start_turns(now).await {
            Ok(Some(at)) => until.min(at),
            Ok(None) => until,
            Err(error) => {
                tracing::error!(%error, "the queue could not be read");
                until.min(now.plus_millis(5_000))
            }
        }
    }

    /// Starts a reading of a source if it is due; answers when the next one is.
    fn start_pull(self: &Arc<Self>, live: &Arc<Live>, now: Timestamp, near: bool) -> Timestamp {
        let every = if near { POLL_NEAR } else { POLL_FAR };
        let start = self.gates.with(live.id, |g| {
            let signed_out = matches!(g.paused, Some(r) if r != sync_engine::PauseReason::ServerFull);
            let throttled = g.not_before.is_some_and(|at| at > now);
            let due = g.pull_first || g.next_pull <= now || (near && g.next_pull.0 > now.0 + POLL_NEAR);
            let start =
                !g.pulling && !signed_out && !throttled && due && (!g.unreachable || g.next_pull <= now);
            if start {
                g.pulling = true;
                g.next_pull = now.plus_millis(if g.unreachable { PROBE } else { every });
            }
            start
        });
        if start {
            let (inner, live) = (Arc::clone(self), Arc::clone(live));
            tokio::spawn(async move {
                let _ = inner.pull_source(&live).await;
                inner.wake.notify_one();
            });
        }
        let state = self.gates.state(live.id);
        if state.pulling {
            now.plus_millis(POLL_FAR)
        } else {
            state.next_pull.max(state.not_before.unwrap_or(now))
        }
    }

    /// Reads every collection of a source once.
    pub async fn pull_source(self: &Arc<Self>, live: &Arc<Live>) -> Answered<Reading> {
        self.gates.with(live.id, |g| g.pulling = true);
        let result = self.pull_collections(live).await;
        let now = clock::now();
        let reached = !self.gates.state(live.id).unreachable;
        self.gates.with(live.id, |g| {
            g.pulling = false;
            // Nothing was learnt from a source that did not answer: its writes wait for the next reading.
            g.pull_first = g.pull_first && !reached;
            if !reached {
                g.next_pull = now.plus_millis(PROBE);
            }
        });
        *self.figures.reading.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = None;
        if result.as_ref().is_ok_and(|reading| reading.whole) {
            let news = self.gates.with(live.id, |g| g.synced_at.replace(now.0).is_none());
            let id = live.id;
            drop(self.store.write_relaxed(move |tx| tx.set_synced_at(id, now)));
            if news {
                self.hub.sources();
            }
        }
        if let Err(error) = &result {
            tracing::warn!(source = live.name(), %error, "the reading ended early");
        }
        self.hub.status();
        result
    }

    async fn pull_collections(self: &Arc<Self>, live: &Arc<Live>) -> Answered<Reading> {
        let mut reading = Reading { whole: true, ..Reading::default() };
        for coll in live.collections.values() {
            if coll.row.guard.is_some() {
                reading.whole = false;
                continue;
            }
            let (part, end) = self.pull(live, coll.name()).await?;
            reading.count.add(part);
            match end {
                PullEnd::Done => {}
                PullEnd::Asks => reading.whole = false,
                PullEnd::Failed(failed) => {
                    reading.whole = false;
                    let all = self.failed(live, &failed);
                    reading.failed = Some((coll.row.settings.title.clone(), failed));
                    if all {
                        break;
                    }
                }
            }
        }
        Ok(reading)
    }

    /// Notes why a reading failed. Says whether the other collections of the source are no use either.
    fn failed(&self, live: &Live, failed: &Failed) -> bool {
        match failed {
            Failed::SignIn(reason) => {
                self.pause(live.id, *reason);
                true
            }
            Failed::NotSent { .. } => {
                self.unreachable(live.id);
                true
            }
            Failed::NotOurs { .. } => {
                self.pause(live.id, sync_engine::PauseReason::NetworkSignIn);
                true
            }
            Failed::Later { not_before, .. } => {
                let at = not_before.unwrap_or_else(|| clock::now().plus_millis(30_000));
                self.gates.with(live.id, |g| g.not_before = g.not_before.max(Some(at)));
                true
            }
            Failed::Unknown { words } | Failed::Forbidden { words } | Failed::NotThere { words } => {
                tracing::warn!(source = live.name(), words, "a collection could not be read");
                false
            }
        }
    }

    /// Gives the records that are due their turn, each source on its own task.
    async fn start_turns(self: &Arc<Self>, now: Timestamp) -> Answered<Option<Timestamp>> {
        let waiting = self.store.read(|r| r.waiting(WINDOW)).await?;
        self.start_check_ups(&waiting);
        let decided = {
            let busy = self.gates.busy();
            next(&waiting, &self.gates.all(), &busy, &self.batch_sizes(), self.offline(), now)
        };
        let keys = match decided {
            Next::Send(keys) => keys,
            Next::WaitUntil(at) => return Ok(Some(at)),
            Next::Paused | Next::Idle => return Ok(None),
        };
        let source_of: BTreeMap<LocalKey, SourceId> = waiting.iter().map(|w| (w.key, w.source)).collect();
        let mut by_source: BTreeMap<SourceId, Vec<LocalKey>> = BTreeMap::new();
        for key in keys {
            if let Some(source) = source_of.get(&key) {
                by_source.entry(*source).or_default().push(key);
            }
        }
        for (source, keys) in by_source {
            let Ok(live) = self.live(source) else { continue };
            self.start_source_turns(&live, keys);
        }
        Ok(None)
    }

    fn start_source_turns(self: &Arc<Self>, live: &Arc<Live>, keys: Vec<LocalKey>) {
        self.gates.busy().extend(keys.iter().copied());
        self.figures.to_send.fetch_add(u32::try_from(keys.len()).unwrap_or(0), Ordering::Relaxed);
        let lanes = match live.connector.batch_size() {
            0 | 1 => keys.len().min(LANES),
            size => keys.len().div_ceil(size).min(BATCHES),
        };
        self.gates.with(live.id, |g| g.in_use += lanes);
        let (inner, live) = (Arc::clone(self), Arc::clone(live));
        tokio::spawn(async move {
            inner.run(&live, &keys).await;
            inner.gates.with(live.id, |g| g.in_use = g.in_use.saturating_sub(lanes));
            inner.wake.notify_one();
            inner.hub.status();
        });
    }

    /// Gives these records their turn, as many at once as the source takes. They are marked busy by the caller. If the
    /// source stops answering or asks to wait, the rest stays as it is.
    async fn run(self: &Arc<Self>, live: &Arc<Live>, keys: &[LocalKey]) -> Pushed {
        let (size, at_once) = match live.connector.batch_size() {
            0 | 1 => (PAIR, LANES / PAIR),
            size => (size, BATCHES),
        };
        let some: Vec<Vec<LocalKey>> = keys.chunks(size).map(<[LocalKey]>::to_vec).collect();
        let turns = futures_util::stream::iter(some).map(|keys| async move {
            let gate = self.gates.all().get(&live.id).copied().unwrap_or_default();
            if gate.closed || gate.not_before.is_some_and(|at| at > clock::now()) {
                self.rest(&keys);
                return Pushed::default();
            }
            self.turns(live, keys).await
        });
        let mut turns = turns.buffer_unordered(at_once);
        let mut pushed = Pushed::default();
        while let Some(done) = turns.next().await {
            pushed.add(done);
        }
        pushed
    }

    /// Records one lane takes up in one pass.
    pub fn batch_sizes(&self) -> BTreeMap<SourceId, usize> {
        let size = |live: &Live| match live.connector.batch_size() {
            0 | 1 => RUN,
            size => size,
        };
        self.sources().iter().map(|(id, live)| (*id, size(live))).collect()
    }

    /// Collections with waiting edits and no check-up get one; sending waits for it.
    fn start_check_ups(self: &Arc<Self>, waiting: &[sync_engine::Waiting]) {
        for live in self.sources().values() {
            if !waiting.iter().any(|w| w.source == live.id && !w.may_send && !w.held) {
                continue;
            }
            let state = self.gates.state(live.id);
            if state.unreachable || state.paused.is_some() || state.pull_first {
                continue;
            }
            for coll in live.collections.values() {
                let unchecked = coll.rules.grade == sync_engine::Grade::NotChecked;
                let name = coll.name().to_owned();
                if !unchecked || !self.gates.with(live.id, |g| g.checking.insert(name.clone())) {
                    continue;
                }
                let (inner, live) = (Arc::clone(self), Arc::clone(live));
                tokio::spawn(async move {
                    if let Err(error) = inner.check_and_keep(&live, &name).await {
                        tracing::warn!(source = live.name(), collection = name, %error, "no check-up");
                        tokio::time::sleep(Duration::from_secs(5)).await;
                    }
                    inner.gates.with(live.id, |g| g.checking.remove(&name));
                    inner.wake.notify_one();
                });
            }
        }
    }

    /// Sends everything of a source that is due, until nothing moves: for a round of the command line. Our own
    /// back-off from earlier is ignored by the caller; a failing request is tried at most three times.
    pub async fn push_source(
        self: &Arc<Self>,
        live: &Arc<Live>,
        deadline: tokio::time::Instant,
    ) -> Answered<Pushed> {
        let mut pushed = Pushed::default();
        let mut tries: BTreeMap<LocalKey, u32> = BTreeMap::new();
        loop {
            let waiting = self.store.read(|r| r.waiting(WINDOW)).await?;
            let waiting: Vec<_> = waiting.into_iter().filter(|w| w.source == live.id).collect();
            let gates = self.gates.all();
            let mut open: Vec<_> =
                waiting.into_iter().filter(|w| tries.get(&w.key).copied().unwrap_or(0) < 3).collect();
            for w in &mut open {
                // Three tries within the round, whatever our own back-off says; a server's word is kept.
                if w.not_before.is_some_and(|at| at <= clock::now().plus_millis(10_000))
                    && tries.contains_key(&w.key)
                {
                    w.not_before = w.not_before.map(|at| at.min(clock::now().plus_millis(2_000)));
                }
            }
            let decided = next(
                &open,
                &gates,
                &std::collections::BTreeSet::new(),
                &self.batch_sizes(),
                false,
                clock::now(),
            );
            match decided {
                Next::Send(keys) => {
                    for key in &keys {
                        *tries.entry(*key).or_default() += 1;
                    }
                    self.gates.busy().extend(keys.iter().copied());
                    pushed.add(self.run(live, &keys).await);
                }
                Next::WaitUntil(at) => {
                    let wait = u64::try_from(at.0.saturating_sub(clock::now().0)).unwrap_or(0);
                    let then = tokio::time::Instant::now() + Duration::from_millis(wait);
                    if then > deadline {
                        return Ok(pushed);
                    }
                    tokio::time::sleep_until(then).await;
                }
                Next::Paused | Next::Idle => return Ok(pushed),
            }
        }
    }
}
