//! The inside of a [`crate::SyncHandle`]: what its parts share.

use crate::clock;
use crate::desk::{Applied, Desk};
use crate::fault::{Answered, Fault};
use crate::gates::Gates;
use crate::hub::Hub;
use crate::keychain::Keychain;
use crate::live::Live;
use crate::merges::Merges;
use crate::transport::{Envelope, Transport};
use connectors::{Answer, Request};
use record_store::{BatchId, Store, Tx};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use sync_engine::{Body, Effect, Event, LocalKey, SourceId, State};
use tokio::sync::{Notify, watch};

pub(crate) type Sources = BTreeMap<SourceId, Arc<Live>>;

/// Bodies shown to people lately, by record and rev: what an edit "based on" an earlier rev is compared with.
#[derive(Debug, Default)]
pub(crate) struct Shown(Mutex<Vec<(LocalKey, i64, Body)>>);

impl Shown {
    const KEPT: usize = 128;

    pub fn note(&self, key: LocalKey, rev: i64, body: &Body) {
        let mut shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shown.retain(|(k, r, _)| (*k, *r) != (key, rev));
        if shown.len() >= Self::KEPT {
            shown.remove(0);
        }
        shown.push((key, rev, body.clone()));
    }

    pub fn get(&self, key: LocalKey, rev: i64) -> Option<Body> {
        let shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shown.iter().find(|(k, r, _)| (*k, *r) == (key, rev)).map(|(_, _, body)| body.clone())
    }
}

/// Figures of the status bar that are not in the database.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    pub sent: AtomicU32,
    pub to_send: AtomicU32,
    pub saved_at: AtomicI64,
    pub requests: AtomicU32,
    pub reading: Mutex<Option<ipc_types::Reading>>,
}

pub(crate) struct Inner {
    pub store: Store,
    pub transport: Arc<dyn Transport>,
    pub keychain: Keychain,
    pub hub: Hub,
    pub gates: Gates,
    pub offline: AtomicBool,
    pub wake: Notify,
    pub batch_wake: Notify,
    batches: Mutex<BTreeSet<BatchId>>,
    pub stop: watch::Sender<bool>,
    pub shown: Shown,
    pub figures: Figures,
    pub authors: crate::handle::authors::Authors,
    pub looked: Arc<crate::handle::looked::Looked>,
    pub merges: Arc<Merges>,
    pub rights: crate::handle::rights::Rights,
    pub tools: crate::handle::external::Tools,
    pub exported: crate::handle::sample::Exported,
    pub cleaning: crate::handle::past::keeping::CleaningUp,
    pub radar: crate::radar::Radar,
    pub started: AtomicBool,
    sources: RwLock<Arc<Sources>>,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("store", &self.store).finish_non_exhaustive()
    }
}

impl Inner {
    pub fn new(store: Store, transport: Arc<dyn Transport>, keychain: Keychain) -> Self {
        Self {
            store,
            transport,
            keychain,
            hub: Hub::new(),
            gates: Gates::default(),
            offline: AtomicBool::new(false),
            wake: Notify::new(),
            batch_wake: Notify::new(),
            batches: Mutex::default(),
            stop: watch::channel(false).0,
            shown: Shown::default(),
            figures: Figures::default(),
            authors: crate::handle::authors::Authors::default(),
            looked: Arc::default(),
            merges: Arc::default(),
            rights: crate::handle::rights::Rights::default(),
            tools: crate::handle::external::Tools::default(),
            exported: crate::handle::sample::Exported::default(),
            cleaning: crate::handle::past::keeping::CleaningUp::default(),
            radar: crate::radar::Radar::default(),
            started: AtomicBool::new(false),
            sources: RwLock::default(),
        }
    }

    /// Batches that a task works on.
    pub fn batches_at_work(&self) -> MutexGuard<'_, BTreeSet<BatchId>> {
        self.batches.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn sources(&self) -> Arc<Sources> {
        Arc::clone(&self.sources.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn live(&self, id: SourceId) -> Answered<Arc<Live>> {
        self.sources().get(&id).cloned().ok_or_else(|| Fault::missing("source"))
    }

    pub fn named(&self, name: &str) -> Answered<Arc<Live>> {
        let found = self.sources().values().find(|s| s.name() == name).cloned();
        found.ok_or_else(|| Fault::missing(format!("source \"{name}\"")))
    }

    pub fn offline(&self) -> bool {
        self.offline.load(Ordering::Relaxed)
    }

    /// Reads sources and collections again after a change of theirs.
    pub async fn reload(&self) -> Answered<()> {
        let (rows, made) =
            self.store.read(|r| Ok(((r.sources()?, r.collections(None)?), r.merge_rules()?))).await?;
        let before = self.sources();
        let (sources, mut collections) = rows;
        let mut next = Sources::new();
        for row in sources {
            let own: Vec<_>;
            (own, collections) = collections.into_iter().partition(|c| c.settings.source == row.id);
            let id = row.id;
            self.gates.with(id, |g| {
                g.paused = row.paused;
                g.synced_at = row.synced_at.map(|t| t.0);
            });
            match Live::new(row, own, before.get(&id).map(|l| &**l), &made) {
                Ok(live) => {
                    next.insert(id, Arc::new(live));
                }
                // One source that cannot be used must not hide the others.
                Err(error) => tracing::error!(source = id.0, %error, "a source cannot be used"),
            }
        }
        *self.sources.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(next);
        self.hub.sources();
        self.wake.notify_one();
        Ok(())
    }

    /// Sends a request of a source, signed in.
    pub async fn perform(&self, live: &Live, request: Request, limit: usize) -> Answer {
        self.figures.requests.fetch_add(1, Ordering::Relaxed);
        let envelope = Envelope {
            authorization: live.authorization(&self.keychain).await,
            headers: live.headers.clone(),
            limit,
        };
        self.transport.perform(request, envelope).await
    }

    /// What follows from effects that concern a whole source.
    pub fn source_effects(&self, source: SourceId, effects: &[Effect]) {
        for effect in effects {
            match effect {
                Effect::PauseSource(reason) => self.pause(source, *reason),
                Effect::SourceNotBefore(at) => {
                    self.gates.with(source, |g| g.not_before = g.not_before.max(Some(*at)));
                }
                Effect::Unreachable => self.unreachable(source),
                Effect::Send(_) | Effect::Look(_) | Effect::SearchTwins => {}
            }
        }
    }

    pub fn pause(&self, source: SourceId, reason: sync_engine::PauseReason) {
        let news = self.gates.with(source, |g| g.paused.replace(reason) != Some(reason));
        if news {
            // Shown until a person does something, also after a restart; forgetting it only costs one request.
            drop(self.store.write_relaxed(move |tx| tx.set_paused(source, Some(reason))));
            self.hub.sources();
        }
    }

    pub fn unreachable(&self, source: SourceId) {
        let news = self.gates.with(source, |g| !std::mem::replace(&mut g.unreachable, true));
        if news {
            self.hub.sources();
        }
    }

    /// The source answered something of its own.
    pub fn reached(&self, source: SourceId) {
        let news = self.gates.with(source, |g| {
            g.answered = true;
            std::mem::replace(&mut g.unreachable, false)
        });
        if news {
            self.gates.with(source, |g| g.pull_first = true);
            self.hub.sources();
            self.wake.notify_one();
        }
    }

    /// Loads a record, takes a step, saves it: one transaction, given as a closure for the store.
    pub fn stepping(
        &self,
        key: LocalKey,
        event: Event,
    ) -> impl FnOnce(&mut Tx<'_>) -> Answered<Applied> + Send + 'static {
        let desk = self.desk();
        move |tx| desk.step(tx, key, event)
    }

    /// What a transaction needs to take steps.
    pub fn desk(&self) -> Desk {
        Desk {
            sources: self.sources(),
            seq: self.store.next_seq(),
            now: clock::now(),
            run: self.store.run(),
            merges: Arc::clone(&self.merges),
        }
    }

    /// Tells what a step changed.
    pub fn told(&self, applied: &Applied) {
        self.rights.note(applied);
        self.hub.records(std::iter::once(applied.key).chain(applied.copies.iter().copied()));
        let needs = |s| s == Some(State::NeedsYou);
        if needs(applied.before) || needs(applied.state) {
            self.hub.conflict(applied.key);
        }
        if let Some(batch) = applied.batch {
            self.hub.batch(batch.0);
            self.batch_wake.notify_waiters();
        }
    }
}
