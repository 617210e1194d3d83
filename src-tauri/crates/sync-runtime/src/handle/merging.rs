//! "Needs you" and the merge screen.

use super::records::{place, view_fault};
use super::{SyncHandle, key};
use crate::fault::{Answered, Fault};
use crate::view;
use ipc_types::{
    ErrorCode, LeftOut, MergePreview, MergeView, RecordKey, RequestPreview, Resolve, ResolvedReady, Saved,
    Side,
};
use record_store::{Priority, Tx};
use sync_engine::{Event, LocalKey, Record, State};

/// One row of a merge, for the command line.
#[derive(Clone, Debug)]
pub struct ConflictRow {
    /// Its number.
    pub number: u32,
    /// The row.
    pub row: record_merge::Row,
    /// The choice that acts.
    pub decision: Option<record_merge::Choice>,
    /// The rule that put it together, or why it needs a choice, in words.
    pub rule: String,
}

impl SyncHandle {
    /// Records in one state, whole.
    pub(crate) async fn in_state(&self, state: State) -> Answered<Vec<Record>> {
        Ok(self
            .inner
            .store
            .read(move |r| {
                let mut records = Vec::new();
                for row in r.outbox(&[state], usize::MAX >> 1)? {
                    records.extend(r.load(row.record.key)?);
                }
                Ok(records)
            })
            .await?)
    }

    /// The merge screen of one record.
    ///
    /// # Errors
    /// `not_now` if it does not need the person any more.
    pub async fn merge(&self, wanted: RecordKey) -> Answered<MergeView> {
        let key = key(&wanted.key)?;
        let record = self.load(key).await?;
        let waits = matches!(record.state(self.inner.store.run()), Ok(State::Edited | State::Rejected));
        if waits && record.theirs.is_some() {
            // The person asks to see both now, before its turn to be sent.
            self.act(key, Event::NewsOpened).await?;
        }
        self.merge_by_key(key).await
    }

    pub(crate) async fn merge_by_key(&self, key: LocalKey) -> Answered<MergeView> {
        let (record, typed) =
            self.inner.store.read(move |r| Ok((r.load(key)?, super::typed::read(r, key)?))).await?;
        let record = record.ok_or_else(|| Fault::missing("such record any more"))?;
        let author = self.author(&record);
        let (rows, source_typed) = typed.shown();
        let known = view::Known {
            who: author.who,
            at: author.at,
            log: author.log,
            typed: rows,
            source_typed,
            no_right: self.no_right(&record).await,
            external: self.external_of(key),
        };
        self.inner.looked.note(&record);
        self.look_at(record, move |ctx, state| Ok(view::merge_view_of(ctx, state, &known))).await
    }

    /// The rows of a merge with their numbers, for the command line.
    ///
    /// # Errors
    /// `not_now` if it does not need the person any more.
    pub async fn conflict_rows(&self, key: LocalKey) -> Answered<Vec<ConflictRow>> {
        self.look_at_merge(key, |_, state| {
            let rows = state.reviewed.iter().zip(&state.numbers).map(|(reviewed, number)| ConflictRow {
                number: *number,
                row: reviewed.row.clone(),
                decision: reviewed.standing.acting().map(|d| d.choice),
                rule: reviewed.row.reason.clone().unwrap_or_else(|| view::rule_words(&reviewed.row)),
            });
            Ok(rows.collect())
        })
        .await
    }

    /// The three lists before sending, and the exact request.
    ///
    /// # Errors
    /// `still_open` while rows are open.
    pub async fn merge_preview(&self, wanted: RecordKey) -> Answered<MergePreview> {
        let key = key(&wanted.key)?;
        let handle = self.clone();
        self.look_at_merge(key, move |ctx, state| {
            let request = match handle.resolved_record(state.record, None)? {
                Some(after) => handle.preview_of(&after)?,
                None => None,
            };
            view::merge_preview_of(ctx, state, request).map_err(view_fault)
        })
        .await
    }

    /// The record as `resolve` would leave it; `None` = it would be gone.
    fn resolved_record(&self, record: &Record, all: Option<Side>) -> Answered<Option<Record>> {
        let desk = self.inner.desk();
        let (_, coll) = desk.place(record)?;
        let prepared = self.inner.merges.known(record, &coll.rules);
        let context = sync_engine::Context {
            now: desk.now,
            run: desk.run,
            seq: desk.seq,
            rules: &coll.rules,
            jitter: 0.5,
            prepared: prepared.as_deref(),
        };
        let event = Event::Resolved { seen: None, all: all.map(side) };
        Ok(sync_engine::step(record.clone(), event, &context)?.record)
    }

    /// What `resolve` would send; `None` = nothing.
    ///
    /// # Errors
    /// `still_open` while rows are open and no side is given for all.
    pub async fn dry_resolve(&self, key: LocalKey, all: Option<Side>) -> Answered<Option<RequestPreview>> {
        let record = self.load(key).await?;
        match self.resolved_record(&record, all)? {
            Some(after) => self.preview_of(&after),
            None => Ok(None),
        }
    }

    /// Queues the merged record.
    ///
    /// # Errors
    /// `still_open`, `changed_on_server`; nothing is changed then.
    pub async fn resolve(&self, resolve: Resolve) -> Answered<Saved> {
        let key = key(&resolve.key)?;
        let seen = self.seen(key, resolve.seen.as_deref()).await?;
        self.with_copies(key, Event::Resolved { seen, all: resolve.all.map(side) }).await
    }

    /// Keeps both records: mine becomes a new one. Where the server takes no new records, the copy is held back: it stays
    /// on this computer.
    ///
    /// # Errors
    /// As [`SyncHandle::resolve`].
    pub async fn keep_both(&self, resolve: Resolve) -> Answered<Saved> {
        let key = key(&resolve.key)?;
        let seen = self.seen(key, resolve.seen.as_deref()).await?;
        self.with_copies(key, Event::KeptBoth { seen }).await
    }

    /// One event, and the copies it makes: held back where the server takes no new records, so that they stay here
    /// instead of being refused.
    async fn with_copies(&self, key: LocalKey, event: Event) -> Answered<Saved> {
        let desk = self.inner.desk();
        let work = move |tx: &mut Tx<'_>| {
            let record = tx.load(key)?.ok_or_else(|| Fault::missing("such record any more"))?;
            let stays_here = desk.place(&record)?.1.rules.creates == sync_engine::Creates::No;
            let applied = desk.step_loaded(tx, record, event)?;
            for copy in applied.copies.iter().filter(|_| stays_here) {
                desk.step(tx, *copy, Event::Held(true))?;
            }
            Ok::<_, Fault>(applied)
        };
        let applied = self.inner.store.try_write(Priority::Person, work).await?;
        self.saved(&applied)
    }

    async fn seen(&self, key: LocalKey, text: Option<&str>) -> Answered<Option<sync_engine::Seen>> {
        let Some(text) = text else { return Ok(None) };
        let record = self.load(key).await?;
        match view::parse_seen(&record, text) {
            Some(seen) => Ok(Some(seen)),
            None => Err(Fault::new(
                ErrorCode::ChangedOnServer,
                "The server's version changed since you looked at it. Look again, your choices are kept.",
            )),
        }
    }

    /// Queues every record that has no open row.
    ///
    /// # Errors
    /// Those of the disk; a single record that cannot be queued is named in the answer.
    pub async fn resolve_ready(&self) -> Answered<ResolvedReady> {
        self.resolve_ready_of(None).await
    }

    /// As [`SyncHandle::resolve_ready`] for one source.
    ///
    /// # Errors
    /// No such source.
    pub async fn resolve_ready_of(&self, source: Option<&str>) -> Answered<ResolvedReady> {
        let only = source.map(|name| self.inner.named(name)).transpose()?.map(|live| live.id);
        let mut ready = ResolvedReady::default();
        for record in self.in_state(State::NeedsYou).await? {
            if only.is_some_and(|id| id != record.source) {
                continue;
            }
            let key = record.key;
            match self.act(key, Event::Resolved { seen: None, all: None }).await {
                Ok(_) => ready.queued.push(key.to_string()),
                Err(fault) => {
                    let sources = self.inner.sources();
                    let title = match place(&sources, &record) {
                        Ok((_, coll)) => view::title(record.visible(), &coll.schema, &key.to_string()),
                        Err(_) => key.to_string(),
                    };
                    ready.left_out.push(LeftOut { key: key.to_string(), title, words: fault.0.words });
                }
            }
        }
        Ok(ready)
    }
}

pub(crate) fn side(side: Side) -> record_merge::Choice {
    match side {
        Side::Theirs => record_merge::Choice::Theirs,
        Side::Mine => record_merge::Choice::Mine,
    }
}
