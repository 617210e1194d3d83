//! Carrying a batch out, in the background: deciding, then letting go a few at a time.

use super::follow::changed;
use super::{judge, show, undo};
use crate::desk::Desk;
use crate::engine::Inner;
use crate::fault::Answered;
use crate::gates::LANES;
use crate::view::{self, GroupRules, Planned};
use record_store::{Batch, BatchId, BatchState, BatchWhat, ItemState, KeptItem, Priority, Tx};
use std::sync::Arc;
use std::time::Duration;
use sync_engine::{Event, LocalKey, Record, State, What};

/// Records decided in one transaction: short enough that typing does not wait for it.
const CHUNK: usize = 8;
/// Looked at again after this even if nobody said that something happened.
const PATIENCE: Duration = Duration::from_secs(2);

/// What to do next.
pub(super) enum Next {
    /// Something was done: look again at once.
    Again,
    /// An answer is awaited.
    Wait,
    /// Nothing is left to do.
    End,
}

impl Inner {
    /// Works on a batch in the background, unless that happens already: then it is told to look again.
    pub fn work_on(self: &Arc<Self>, id: BatchId) {
        self.hub.batch(id.0);
        let news = self.batches_at_work().insert(id);
        self.batch_wake.notify_waiters();
        if news {
            let inner = Arc::clone(self);
            tokio::spawn(async move { inner.work(id).await });
        }
    }

    async fn work(self: Arc<Self>, id: BatchId) {
        let mut stop = self.stop.subscribe();
        loop {
            // Listening begins before the look, so that nothing is missed in between.
            let woken = self.batch_wake.notified();
            let next = self.work_once(id).await.unwrap_or_else(|error| {
                tracing::error!(batch = id.0, %error, "the batch goes on later");
                Next::Wait
            });
            self.hub.batch(id.0);
            match next {
                Next::Again => {}
                Next::End => break,
                Next::Wait => tokio::select! {
                    _ = stop.wait_for(|stop| *stop) => break,
                    () = woken => {}
                    () = tokio::time::sleep(PATIENCE) => {}
                },
            }
            if *stop.borrow() {
                break;
            }
        }
        self.batches_at_work().remove(&id);
        // Asked for again in the moment it ended.
        if let Ok(Some(batch)) = self.store.read(move |r| r.batch(id)).await
            && matches!(batch.state, BatchState::Running | BatchState::Stopping | BatchState::Undoing)
            && !*stop.borrow()
        {
            self.work_on(id);
        }
    }

    async fn work_once(self: &Arc<Self>, id: BatchId) -> Answered<Next> {
        let desk = self.desk();
        let size = self.lanes_of(id).await?;
        let done = self
            .store
            .try_write(Priority::Sync, move |tx: &mut Tx<'_>| -> Answered<(Next, Vec<LocalKey>)> {
                let Some(batch) = tx.batch(id)? else { return Ok((Next::End, Vec::new())) };
                let mut touched = Vec::new();
                let next = match batch.state {
                    BatchState::Running => run(tx, &desk, &batch, size, &mut touched)?,
                    BatchState::Stopping => stop(tx, &desk, &batch, &mut touched)?,
                    BatchState::Undoing => undo::undo(tx, &desk, &batch, &mut touched)?,
                    BatchState::Stopped | BatchState::Done | BatchState::Undone => Next::End,
                };
                Ok((next, touched))
            })
            .await;
        let (next, touched) = done?;
        if !touched.is_empty() {
            self.hub.records(touched.iter().copied());
            for key in touched {
                self.hub.conflict(key);
            }
            self.wake.notify_one();
        }
        Ok(next)
    }

    /// How many records of a batch may be under way at once.
    async fn lanes_of(&self, id: BatchId) -> Answered<usize> {
        let source = self.store.read(move |r| r.batch(id)).await?.map(|batch| batch.source);
        let live = source.and_then(|name| self.named(&name).ok());
        // Two batch requests of a source that takes many in one.
        Ok(live.map_or(LANES, |live| (live.connector.batch_size() * 2).max(LANES)))
    }

    /// What another run left in the middle has stopped: what it had let go and was not on the wire is kept back again.
    pub async fn stop_old_batches(&self) -> Answered<()> {
        let desk = self.desk();
        let work = move |tx: &mut Tx<'_>| -> Answered<()> {
            let run = tx.run();
            for batch in tx.batches()?.into_iter().filter(|b| b.run != run && at_work(b.state)) {
                keep_back(tx, &desk, batch.id, &mut Vec::new())?;
            }
            tx.stop_batches_of_other_runs()?;
            Ok(())
        };
        self.store.try_write(Priority::Person, work).await
    }
}

fn at_work(state: BatchState) -> bool {
    matches!(state, BatchState::Running | BatchState::Stopping | BatchState::Undoing)
}

fn run(
    tx: &mut Tx<'_>,
    desk: &Desk,
    batch: &Batch,
    lanes: usize,
    touched: &mut Vec<LocalKey>,
) -> Answered<Next> {
    let waiting = tx.batch_items(batch.id, &[ItemState::Waiting], Some(CHUNK))?;
    if !waiting.is_empty() {
        for item in waiting {
            touched.push(item.key);
            decide(tx, desk, batch, item)?;
        }
        return Ok(Next::Again);
    }
    let sending = tx.batch_items(batch.id, &[ItemState::Sending], None)?.len();
    let queued = tx.batch_items(batch.id, &[ItemState::Queued], Some(lanes))?;
    if queued.is_empty() && sending == 0 {
        tx.set_batch_state(batch.id, BatchState::Done, Some(desk.now))?;
        return Ok(Next::End);
    }
    for item in queued.into_iter().take(lanes.saturating_sub(sending)) {
        touched.push(item.key);
        // Its state first: letting go may already bring the record to its end.
        tx.set_item_state((batch.id, item.position), ItemState::Sending, None, desk.now)?;
        if let Err(fault) = desk.step(tx, item.key, Event::Held(false)) {
            let words = fault.0.words;
            tx.set_item_state((batch.id, item.position), ItemState::TakenBack, Some(&words), desk.now)?;
        }
    }
    Ok(Next::Wait)
}

fn stop(tx: &mut Tx<'_>, desk: &Desk, batch: &Batch, touched: &mut Vec<LocalKey>) -> Answered<Next> {
    if keep_back(tx, desk, batch.id, touched)? > 0 {
        return Ok(Next::Wait);
    }
    let left = tx.batch_counts(batch.id)?.among(&[ItemState::Waiting, ItemState::Queued]);
    let state = if left == 0 { BatchState::Done } else { BatchState::Stopped };
    tx.set_batch_state(batch.id, state, Some(desk.now))?;
    Ok(Next::End)
}

/// What was let go and is not on the wire yet is kept back again; answers how many are on the wire.
pub(super) fn keep_back(
    tx: &mut Tx<'_>,
    desk: &Desk,
    batch: BatchId,
    touched: &mut Vec<LocalKey>,
) -> Answered<usize> {
    let mut on_the_wire = 0;
    for item in tx.batch_items(batch, &[ItemState::Sending], None)? {
        let record = tx.load(item.key)?;
        match record.as_ref().and_then(|record| record.state(desk.run).ok()) {
            Some(State::Edited) => {
                touched.push(item.key);
                tx.set_item_state((batch, item.position), ItemState::Queued, None, desk.now)?;
                desk.step(tx, item.key, Event::Held(true))?;
            }
            _ => on_the_wire += 1,
        }
    }
    Ok(on_the_wire)
}

/// Decides one record by the rules, for the version the person saw; its edit is kept back until its turn.
fn decide(tx: &mut Tx<'_>, desk: &Desk, batch: &Batch, item: KeptItem) -> Answered<()> {
    let at = (batch.id, item.position);
    match decided(tx, desk, batch, item)? {
        Ok(decided) => Ok(tx.set_item_decided(batch.id, &decided)?),
        Err(Left { state, words }) => {
            Ok(tx.set_item_state(at, state, Some(words.trim_end_matches('.')), desk.now)?)
        }
    }
}

/// Why a record of a batch is left to the person.
struct Left {
    state: ItemState,
    words: String,
}

impl Left {
    fn out(words: impl Into<String>) -> Self {
        Self { state: ItemState::LeftOut, words: words.into() }
    }
}

fn decided(tx: &mut Tx<'_>, desk: &Desk, batch: &Batch, item: KeptItem) -> Answered<Result<KeptItem, Left>> {
    let Some(record) = tx.load(item.key)? else { return Ok(Err(Left::out("is not here any more"))) };
    let Some(conflict) = &record.conflict else {
        return Ok(Err(Left::out("does not need you any more")));
    };
    if view::seen_of(&record) != item.seen {
        let words = changed(tx, batch.id, &record)?;
        return Ok(Err(Left { state: ItemState::ChangedAgain, words }));
    }
    let theirs_at = tx.shape(item.key)?.and_then(|shape| shape.made_at).map(|at| at.0);
    let rules = rules_of(desk, batch, &record);
    let planned = match judge(&desk.sources, &record, &rules, theirs_at, desk.run) {
        Ok(planned) => planned,
        Err(words) => return Ok(Err(Left::out(words))),
    };
    let values: Vec<_> =
        planned.cells.iter().map(|cell| cell.result.clone().unwrap_or_else(|| view::value(None))).collect();
    let mut decided = KeptItem {
        state: ItemState::Decided,
        words: None,
        value: Some(show::json(&values)?),
        decisions: Some(show::json(&(&conflict.decisions, &planned.decisions))?),
        at: desk.now,
        ..item
    };
    if planned.complete {
        return resolve(tx, desk, &record, planned, decided);
    }
    if batch.what == BatchWhat::Ready {
        return Ok(Err(Left::out("needs a choice now")));
    }
    desk.step(tx, decided.key, Event::Decided(planned.decisions))?;
    decided.words = Some("is still open in other fields".to_owned());
    Ok(Ok(decided))
}

/// Takes the decisions of a record in which no row is open any more.
fn resolve(
    tx: &mut Tx<'_>,
    desk: &Desk,
    record: &Record,
    planned: Planned,
    mut decided: KeptItem,
) -> Answered<Result<KeptItem, Left>> {
    let was_held = record.edit.as_ref().is_some_and(|edit| edit.held);
    decided.base_version = tx.base_version(decided.key)?;
    let last = tx.last_version(decided.key)?;
    let seen = view::parse_seen(record, &decided.seen);
    desk.step(tx, decided.key, Event::Decided(planned.decisions))?;
    let applied = match desk.step(tx, decided.key, Event::Resolved { seen, all: None }) {
        Ok(applied) => applied,
        // Nothing was changed: the decisions stay for the person to look at.
        Err(fault) => return Ok(Err(Left::out(fault.0.words))),
    };
    let had = record.edit.as_ref().is_some_and(|edit| edit.change.body().is_some());
    decided.mine_version = mine_kept(tx, decided.key, last, had)?;
    decided.state = match applied.state {
        Some(State::Edited) if was_held => {
            decided.words = Some("is kept back in the Outbox, as you had it".to_owned());
            ItemState::Settled
        }
        Some(State::Edited) => {
            desk.step(tx, decided.key, Event::Held(true))?;
            ItemState::Queued
        }
        _ => ItemState::Settled,
    };
    Ok(Ok(decided))
}

/// The rules of a batch; records that need no choice have shapes of their own.
fn rules_of(desk: &Desk, batch: &Batch, record: &Record) -> GroupRules {
    let fields = show::fields(batch);
    let kind = match (batch.what, record.conflict.as_ref()) {
        (BatchWhat::Ready, Some(conflict)) => conflict.kind,
        _ => batch.kind.unwrap_or(sync_engine::ConflictKind::EditEdit),
    };
    let mut patterns: Vec<String> =
        fields.iter().map(|field| field.pattern.clone()).filter(|pattern| !pattern.is_empty()).collect();
    if batch.what == BatchWhat::Ready {
        patterns = own_patterns(desk, record);
    }
    let rules: Vec<ipc_types::FieldRule> =
        fields.into_iter().map(|f| ipc_types::FieldRule { pattern: f.pattern, rule: f.rule }).collect();
    GroupRules::new(view::kind_of(kind), &patterns, &rules)
}

fn own_patterns(desk: &Desk, record: &Record) -> Vec<String> {
    let Ok((live, coll)) = desk.place(record) else { return Vec::new() };
    let ctx = super::context(live, coll, desk.run);
    let shape = view::shape(&ctx, record, coll.made_by);
    shape.map(|shape| shape.fields.into_iter().map(|f| f.pattern).collect()).unwrap_or_default()
}

/// Number of the person's version: what a decision set aside, or the result where that is the same. `None` = they had
/// deleted it.
fn mine_kept(tx: &Tx<'_>, key: LocalKey, after: u32, had: bool) -> Answered<Option<u32>> {
    let history = tx.history(key)?;
    let mut kept = history.iter().filter(|v| v.version > after && v.by_me && v.size.is_some());
    let found = kept.find(|v| [What::SetAside.name(), What::Merged.name()].contains(&v.what.as_str()));
    Ok(found.filter(|_| had).map(|v| v.version))
}
