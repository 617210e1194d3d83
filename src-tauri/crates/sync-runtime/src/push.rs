//! Sending what is due, and looking where an answer is missing.

use crate::clock;
use crate::desk::Applied;
use crate::engine::Inner;
use crate::fault::Answered;
use crate::live::{Coll, Live};
use crate::transport::{PAGE_LIMIT, RECORD_LIMIT};
use connectors::{BatchOutcome, ItemWhat, ListOutcome, PageNext, TransportError};
use futures_util::future::join_all;
use record_store::{Priority, Tx};
use std::sync::Arc;
use sync_engine::{
    Creates, Current, Effect, Event, LocalKey, Precondition, Read, ReadOutcome, RemoteId, SourceId, State,
    Version, Write, WriteOutcome,
};

/// What one pass did, for the report of a round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pushed {
    pub applied: u32,
    pub merged: u32,
    pub rejected: u32,
    pub uncertain: u32,
    /// Records that asked for another request at once.
    pub progress: u32,
}

impl Pushed {
    pub fn add(&mut self, other: Self) {
        self.applied += other.applied;
        self.merged += other.merged;
        self.rejected += other.rejected;
        self.uncertain += other.uncertain;
        self.progress += other.progress;
    }
}

/// A record's turn, committed: what is to be done on the network.
struct Turn {
    key: LocalKey,
    collection: String,
    effect: Effect,
}

impl Inner {
    /// Gives these records of one source their turn. They are marked busy by the caller.
    pub async fn turns(self: &Arc<Self>, live: &Arc<Live>, keys: Vec<LocalKey>) -> Pushed {
        let mut pushed = Pushed::default();
        let turns = match self.begin(live, keys.clone()).await {
            Ok((turns, done)) => {
                pushed.add(done);
                turns
            }
            Err(error) => {
                tracing::error!(%error, "the records due could not be read");
                self.rest(&keys);
                return pushed;
            }
        };
        let (batch, single): (Vec<_>, Vec<_>) = turns
            .into_iter()
            .partition(|t| matches!(&t.effect, Effect::Send(w) if batchable(live, &t.collection, w)));
        let size = live.connector.batch_size().max(1);
        let mut batch = batch.into_iter().peekable();
        let mut batches = Vec::new();
        while batch.peek().is_some() {
            let chunk: Vec<Turn> = batch.by_ref().take(size).collect();
            batches.push(self.send_batch(live, chunk));
        }
        let singles = single.into_iter().map(|turn| self.one(live, turn));
        let (from_batches, from_singles) = tokio::join!(join_all(batches), join_all(singles));
        for done in from_batches.into_iter().chain(from_singles) {
            pushed.add(done);
        }
        self.rest(&keys);
        pushed
    }

    /// These records have no request under way any more.
    pub fn rest(&self, keys: &[LocalKey]) {
        let mut busy = self.gates.busy();
        for key in keys {
            busy.remove(key);
        }
    }

    /// One transaction for all: each record is judged and, if it is to be sent, its copy frozen.
    ///
    /// That it was sent may be forgotten with the power: the edit itself is on the disk, goes out again under the same
    /// precondition and is refused as what is there already. Only a POST would make a second record: it is flushed.
    async fn begin(&self, live: &Live, keys: Vec<LocalKey>) -> Answered<(Vec<Turn>, Pushed)> {
        let desk = self.desk();
        let work = move |tx: &mut Tx<'_>| -> Answered<Vec<Applied>> {
            let mut applied = Vec::with_capacity(keys.len());
            for key in keys {
                match desk.step(tx, key, Event::Due { key: clock::idempotency_key() }) {
                    Ok(done) => applied.push(done),
                    // Gone meanwhile, or a damaged row: the others go on.
                    Err(error) => tracing::warn!(key = key.0, %error, "a record was left out"),
                }
            }
            Ok(applied)
        };
        let posts = |coll: &Arc<Coll>| matches!(coll.rules.creates, Creates::Post | Creates::PostWithKey);
        let applied = if live.collections.values().any(posts) {
            self.store.try_write(Priority::Sync, work).await?
        } else {
            self.store.try_write_relaxed(work).await?
        };
        let mut pushed = Pushed::default();
        let mut turns = Vec::new();
        for done in applied {
            self.told(&done);
            if let Some(record) = &done.record {
                self.source_effects(record.source, &done.effects);
            }
            if done.state == Some(State::NeedsYou) || done.state == Some(State::Synced) {
                pushed.progress += 1;
            }
            if done.before == Some(State::Edited) && done.state == Some(State::Synced) {
                pushed.applied += 1;
            }
            pushed.merged += u32::from(done.merged);
            let Some(record) = done.record else { continue };
            turns.extend(done.effects.into_iter().filter_map(|effect| match effect {
                Effect::Send(_) | Effect::Look(_) | Effect::SearchTwins => {
                    Some(Turn { key: record.key, collection: record.collection.clone(), effect })
                }
                _ => None,
            }));
        }
        Ok((turns, pushed))
    }

    async fn one(&self, live: &Arc<Live>, turn: Turn) -> Pushed {
        match turn.effect {
            Effect::Send(write) => {
                let outcome = self.send(live, &turn.collection, &write).await;
                self.store_answers(live, vec![(turn.key, Event::Answered(outcome))]).await
            }
            Effect::Look(read) => {
                let outcome = self.look(live, &turn.collection, &read).await;
                self.store_answers(live, vec![(turn.key, Event::Looked(outcome))]).await
            }
            Effect::SearchTwins => match self.search_twins(live, &turn.collection, turn.key).await {
                Ok(found) => self.store_answers(live, vec![(turn.key, Event::TwinsSearched(found))]).await,
                Err(outcome) => self.store_answers(live, vec![(turn.key, Event::Looked(outcome))]).await,
            },
            _ => Pushed::default(),
        }
    }

    /// Reads one record and hands the answer to the engine.
    pub async fn look_at(&self, live: &Arc<Live>, collection: &str, key: LocalKey, read: Read) {
        let turn = Turn { key, collection: collection.to_owned(), effect: Effect::Look(read) };
        self.one(live, turn).await;
    }

    /// One write; in an unprotected source the person opened, its read and comparison are part of it.
    async fn send(&self, live: &Live, collection: &str, write: &Write) -> WriteOutcome {
        if let Precondition::ComparedJustBefore { hash } = write.precondition()
            && let Some(outcome) = self.compare(live, collection, write, *hash).await
        {
            return outcome;
        }
        match live.connector.write(collection, write, false) {
            Ok(request) => {
                let answer = self.perform(live, request, RECORD_LIMIT).await;
                self.note_reached(live.id, &answer);
                live.connector.wrote(collection, write, &answer, clock::now())
            }
            Err(error) => refused(&error),
        }
    }

    /// The look of `ComparedJustBefore`: `None` = it is still what the edit was made on.
    async fn compare(
        &self,
        live: &Live,
        collection: &str,
        write: &Write,
        hash: Option<sync_engine::Hash>,
    ) -> Option<WriteOutcome> {
        let id = match write {
            Write::Create { id, .. } => id.clone()?,
            Write::Replace { id, .. } | Write::Delete { id, .. } => id.clone(),
        };
        match (self.look(live, collection, &Read { id }).await, hash) {
            (ReadOutcome::Found(v), Some(hash)) if v.body.hash() == hash => None,
            (ReadOutcome::Found(v), _) => Some(WriteOutcome::Differs { current: Current::Present(v) }),
            (ReadOutcome::Gone, None) => None,
            (ReadOutcome::Gone, Some(_)) => Some(WriteOutcome::Differs { current: Current::Gone }),
            (ReadOutcome::Later { not_before, words }, _) => Some(WriteOutcome::Later { not_before, words }),
            (ReadOutcome::SignIn(reason), _) => Some(WriteOutcome::SignIn(reason)),
            (ReadOutcome::NotSent { words }, _) => Some(WriteOutcome::NotSent { words }),
            (ReadOutcome::NotOurs { words } | ReadOutcome::Unknown { words }, _) => {
                // Nothing was written: it is tried again later.
                Some(WriteOutcome::Later { not_before: None, words })
            }
            (ReadOutcome::Forbidden { words }, _) => Some(WriteOutcome::Later { not_before: None, words }),
        }
    }

    pub async fn look(&self, live: &Live, collection: &str, read: &Read) -> ReadOutcome {
        match live.connector.read(collection, read) {
            Ok(request) => {
                let answer = self.perform(live, request, RECORD_LIMIT).await;
                self.note_reached(live.id, &answer);
                live.connector.did_read(collection, read, &answer, clock::now())
            }
            Err(error) => ReadOutcome::Unknown { words: error.to_string() },
        }
    }

    pub fn note_reached(&self, source: SourceId, answer: &connectors::Answer) {
        match answer {
            Ok(_) | Err(TransportError::TooLarge { .. }) => self.reached(source),
            Err(TransportError::NotSent { .. }) => self.unreachable(source),
            Err(TransportError::Lost { .. }) => {}
        }
    }

    async fn send_batch(&self, live: &Arc<Live>, turns: Vec<Turn>) -> Pushed {
        let writes: Vec<(&str, &Write)> = turns
            .iter()
            .filter_map(|t| match &t.effect {
                Effect::Send(w) => Some((t.collection.as_str(), w)),
                _ => None,
            })
            .collect();
        let request = if writes.len() > 1 { live.connector.batch(&writes) } else { None };
        let Some(request) = request else { return self.singly(live, turns).await };
        let answer = self.perform(live, request, PAGE_LIMIT).await;
        self.note_reached(live.id, &answer);
        match live.connector.batched(&writes, &answer, clock::now()) {
            BatchOutcome::Each(outcomes) => {
                let keys = turns.iter().map(|t| t.key);
                let answers =
                    keys.zip(outcomes).map(|(key, outcome)| (key, Event::Answered(outcome))).collect();
                self.store_answers(live, answers).await
            }
            BatchOutcome::Singly { words } => {
                tracing::info!(source = live.name(), words, "the batch goes one by one");
                self.singly(live, turns).await
            }
        }
    }

    async fn singly(&self, live: &Arc<Live>, turns: Vec<Turn>) -> Pushed {
        let mut pushed = Pushed::default();
        let mut turns = turns.into_iter().peekable();
        while turns.peek().is_some() {
            let some: Vec<Turn> = turns.by_ref().take(crate::gates::LANES).collect();
            for done in join_all(some.into_iter().map(|t| self.one(live, t))).await {
                pushed.add(done);
            }
        }
        pushed
    }

    /// Answers may share a commit: one that is forgotten is the lost-answer case.
    async fn store_answers(&self, live: &Live, answers: Vec<(LocalKey, Event)>) -> Pushed {
        let desk = self.desk();
        let stored = self
            .store
            .try_write_relaxed(move |tx| -> Answered<Vec<Applied>> {
                let mut applied = Vec::with_capacity(answers.len());
                for (key, event) in answers {
                    match desk.step(tx, key, event) {
                        Ok(done) => applied.push(done),
                        Err(error) => tracing::error!(key = key.0, %error, "an answer could not be stored"),
                    }
                }
                Ok(applied)
            })
            .await;
        let mut pushed = Pushed::default();
        match stored {
            Ok(applied) => {
                for done in applied {
                    self.source_effects(live.id, &done.effects);
                    pushed.add(count(&done));
                    self.told(&done);
                }
            }
            Err(error) => tracing::error!(%error, "answers could not be stored; they are looked up again"),
        }
        self.figures.sent.fetch_add(pushed.applied, std::sync::atomic::Ordering::Relaxed);
        pushed
    }

    /// The whole listing, for what a lost POST may have made: records that are not here already.
    async fn search_twins(
        &self,
        live: &Arc<Live>,
        collection: &str,
        of: LocalKey,
    ) -> Result<Vec<(RemoteId, Version)>, ReadOutcome> {
        let mut found = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let request = live
                .connector
                .list(collection, cursor.as_deref())
                .map_err(|e| ReadOutcome::Unknown { words: e.to_string() })?;
            let answer = self.perform(live, request, PAGE_LIMIT).await;
            self.note_reached(live.id, &answer);
            match live.connector.listed(collection, cursor.as_deref(), &answer, clock::now()) {
                ListOutcome::Page { items, next, .. } => {
                    for item in items {
                        let version = match item.what {
                            ItemWhat::Present(version) => version,
                            ItemWhat::Gone => continue,
                            ItemWhat::Stale(_) => {
                                match self.look(live, collection, &Read { id: item.id.clone() }).await {
                                    ReadOutcome::Found(version) => version,
                                    _ => continue,
                                }
                            }
                        };
                        found.push((item.id, version));
                    }
                    match next {
                        PageNext::More(next) => cursor = Some(next),
                        PageNext::Done { .. } => break,
                    }
                }
                ListOutcome::Unchanged => break,
                ListOutcome::CursorLost { words } => return Err(ReadOutcome::Unknown { words }),
                ListOutcome::Failed(failed) => return Err(failed.into()),
            }
        }
        self.strangers(live, collection, of, found).await
    }

    async fn strangers(
        &self,
        live: &Live,
        collection: &str,
        of: LocalKey,
        found: Vec<(RemoteId, Version)>,
    ) -> Result<Vec<(RemoteId, Version)>, ReadOutcome> {
        let (source, collection) = (live.id, collection.to_owned());
        self.store
            .read(move |r| {
                let mut strangers = Vec::new();
                for (id, version) in found {
                    // Records known before this one was made cannot come from it.
                    if r.find(source, &collection, &id)?.is_none_or(|known| known > of) {
                        strangers.push((id, version));
                    }
                }
                Ok(strangers)
            })
            .await
            .map_err(|e| ReadOutcome::Unknown { words: e.to_string() })
    }
}

fn batchable(live: &Live, collection: &str, write: &Write) -> bool {
    live.connector.batch_size() > 1
        && !matches!(write.precondition(), Precondition::ComparedJustBefore { .. })
        && live.connector.batchable(collection, write)
}

fn count(done: &Applied) -> Pushed {
    let mut pushed = Pushed { progress: 1, merged: u32::from(done.merged), ..Pushed::default() };
    match (done.before, done.state) {
        (Some(State::Sending | State::Uncertain | State::Contested), Some(State::Synced) | None) => {
            pushed.applied = 1
        }
        (_, Some(State::Rejected)) => pushed.rejected = 1,
        (_, Some(State::Uncertain)) => pushed.uncertain = 1,
        _ => {}
    }
    pushed
}

/// A request that cannot be made is not the server's fault, and it is not sent again.
fn refused(error: &connectors::BuildError) -> WriteOutcome {
    WriteOutcome::Refused(sync_engine::Refusal {
        kind: sync_engine::RefusalKind::Protocol,
        words: error.to_string(),
        pointers: Vec::new(),
    })
}
