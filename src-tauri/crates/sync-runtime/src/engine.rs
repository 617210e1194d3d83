//! The inside of a [`crate::SyncHandle`]: what its parts share.

use crate::clock;
use crate::fault::{Answered, Fault};
use crate::gates::Gates;
use crate::hub::Hub;
use crate::keychain::Keychain;
use crate::live::{Coll, Live};
use crate::merges::Merges;
use crate::transport::{Envelope, Transport};
use crate::view::{self, MergeState, ViewContext, ViewError};
use connectors::{Answer, Request};
use record_store::{BatchId, Meta, NewCopy, Store, Tx};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use sync_engine::{
    Body, Context, Creates, Effect, Event, LocalKey, Prepared, Record, RemoteId, Seq, SourceId, State, Step,
    Timestamp, step,
};
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

/// What an event did to one record.
#[derive(Debug)]
pub(crate) struct Applied {
    pub key: LocalKey,
    pub before: Option<State>,
    pub state: Option<State>,
    pub record: Option<Record>,
    pub effects: Vec<Effect>,
    pub copies: Vec<LocalKey>,
    /// The server's changes were taken in by itself, as the source's policy allows.
    pub merged: bool,
    /// A batch waited for it.
    pub batch: Option<BatchId>,
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

/// Takes steps inside a transaction.
#[derive(Clone, Debug)]
pub(crate) struct Desk {
    pub sources: Arc<Sources>,
    pub seq: Seq,
    pub now: Timestamp,
    pub run: sync_engine::RunId,
    merges: Arc<Merges>,
}

impl Desk {
    pub fn place(&self, record: &Record) -> Answered<(&Arc<Live>, &Arc<Coll>)> {
        let live = self.sources.get(&record.source).ok_or_else(|| Fault::missing("source"))?;
        Ok((live, live.coll(&record.collection)?))
    }

    pub fn step(&self, tx: &mut Tx<'_>, key: LocalKey, event: Event) -> Answered<Applied> {
        let record = tx.load(key)?.ok_or_else(|| Fault::missing("such record"))?;
        self.step_loaded(tx, record, event)
    }

    /// The merge of a record that a screen shows, if nothing it was made of changed.
    fn known_merge(&self, record: &Record, coll: &Coll) -> Option<Arc<Prepared>> {
        // Thousands of records that nobody looks at are not compared with those of the screen.
        record.conflict.as_ref().and_then(|_| self.merges.known(record, &coll.rules))
    }

    /// A record as it is merged now.
    pub fn merge_of<'r>(
        &self,
        ctx: &ViewContext<'_>,
        record: &'r Record,
        coll: &Coll,
    ) -> Result<MergeState<'r>, ViewError> {
        match self.known_merge(record, coll) {
            Some(prepared) => MergeState::new(record, prepared.merge()),
            None => view::merge_of(ctx, record),
        }
    }

    /// As [`Desk::step`] for a record that is loaded already, or new (key 0).
    pub fn step_loaded(&self, tx: &mut Tx<'_>, record: Record, event: Event) -> Answered<Applied> {
        let (_, coll) = self.place(&record)?;
        let prepared = self.known_merge(&record, coll);
        let context = Context {
            now: self.now,
            run: self.run,
            seq: self.seq,
            rules: &coll.rules,
            jitter: clock::jitter(),
            prepared: prepared.as_deref(),
        };
        let fresh = record.base.is_none() && record.edit.is_none();
        let before = if fresh { None } else { record.state(self.run).ok() };
        let taken_back = matches!(event, Event::Discarded);
        let ends = matches!(event, Event::Resolved { .. } | Event::KeptBoth { .. } | Event::Discarded)
            && before == Some(State::NeedsYou);
        let taken = step(record.clone(), event, &context)?;
        let merged = taken.history.iter().any(|entry| entry.what == sync_engine::What::MergedByItself);
        let meta = self.meta(&record, taken.record.as_ref(), coll);
        let copies: Vec<NewCopy> = taken
            .copies
            .iter()
            .map(|body| NewCopy { id: new_id(coll), meta: self.meta_of(Some(body), "", self.now, coll) })
            .collect();
        if let Some(after) = &taken.record {
            self.make_room(tx, &record, after)?;
        }
        let saved = tx.save(&record, &taken, &meta, &copies)?;
        if ends && saved.state != Some(State::NeedsYou) {
            crate::handle::typed::forget(tx, saved.key)?;
        }
        if let Some(after) = &taken.record {
            self.keep_shape(tx, saved.key, after)?;
        }
        let mut batch = None;
        if record.edit.is_some() {
            batch = crate::handle::batch::follow(tx, saved.key, taken.record.as_ref(), taken_back, self)?;
        }
        Ok(Applied {
            key: saved.key,
            before,
            state: saved.state,
            record: taken.record,
            effects: taken.effects,
            copies: saved.copies,
            merged,
            batch,
        })
    }

    /// What clashes in a record is kept beside its conflict, so that "Needs you" is one read.
    fn keep_shape(&self, tx: &mut Tx<'_>, key: LocalKey, record: &Record) -> Answered<()> {
        if record.conflict.is_none() || tx.shape(key)?.is_some() {
            return Ok(());
        }
        let (live, coll) = self.place(record)?;
        let ctx = crate::handle::context(live, coll, self.run);
        if let Ok(state) = self.merge_of(&ctx, record, coll) {
            tx.set_shape(key, &view::shape_of(&ctx, &state, coll.made_by))?;
        }
        Ok(())
    }

    /// A record that learns its address may have been listed already, as a stranger: the two are one.
    fn make_room(&self, tx: &mut Tx<'_>, before: &Record, after: &Record) -> Answered<()> {
        let (Some(id), true) = (&after.id, before.id != after.id) else { return Ok(()) };
        let Some(other) = tx.find(after.source, &after.collection, id)?.filter(|other| *other != before.key)
        else {
            return Ok(());
        };
        let stranger = tx.load(other)?.ok_or_else(|| Fault::missing("such record"))?;
        if stranger.edit.is_some() {
            return Err(Fault::new(
                ipc_types::ErrorCode::NotNow,
                "This record is here a second time, with an edit of its own. Send or take back that edit first.",
            ));
        }
        let meta = self.meta_of(stranger.visible(), &id.0, self.now, self.place(after)?.1);
        let end = Step { record: None, history: Vec::new(), copies: Vec::new(), effects: Vec::new() };
        tx.save(&stranger, &end, &meta, &[])?;
        Ok(())
    }

    /// Title and search text, the text anew only where the person sees other bytes.
    fn meta(&self, before: &Record, after: Option<&Record>, coll: &Coll) -> Meta {
        let Some(after) = after else {
            return self.meta_of(before.visible(), id_text(before), self.now, coll);
        };
        // A removed record keeps the title it had.
        let body = after.visible().or_else(|| after.base.as_ref().map(|b| &b.body));
        let same_text = before.base.is_some() && before.visible() == after.visible();
        let gist = view::gist(body, &coll.schema, id_text(after), !same_text);
        let changed_at = match (&after.edit, &after.base) {
            (Some(edit), _) => edit.saved_at,
            (None, Some(base)) => gist.made_at.map_or(base.seen_at, Timestamp),
            (None, None) => self.now,
        };
        Meta { title: gist.title, changed_at, search_text: gist.search_text, now: self.now }
    }

    pub fn meta_of(&self, body: Option<&Body>, id: &str, changed_at: Timestamp, coll: &Coll) -> Meta {
        let gist = view::gist(body, &coll.schema, id, true);
        Meta { title: gist.title, changed_at, search_text: gist.search_text, now: self.now }
    }

    /// Of a record the server has and that is new here: it changed when it says so itself, else now.
    pub fn meta_of_new(&self, body: &Body, id: &str, coll: &Coll) -> Meta {
        let gist = view::gist(Some(body), &coll.schema, id, true);
        let changed_at = gist.made_at.map_or(self.now, Timestamp);
        Meta { title: gist.title, changed_at, search_text: gist.search_text, now: self.now }
    }
}

fn id_text(record: &Record) -> &str {
    record.id.as_ref().map_or("", |id| id.0.as_str())
}

/// An id of our own where the collection lets clients choose.
pub(crate) fn new_id(coll: &Coll) -> Option<RemoteId> {
    (coll.rules.creates == Creates::OwnAddress).then(clock::remote_id)
}
