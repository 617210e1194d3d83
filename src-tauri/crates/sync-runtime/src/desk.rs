//! Steps of records inside a transaction: load, ask the engine, save.

use crate::clock;
use crate::engine::Sources;
use crate::fault::{Answered, Fault};
use crate::live::{Coll, Live};
use crate::merges::Merges;
use crate::view::{self, MergeState, ViewContext, ViewError};
use record_store::{BatchId, Meta, NewCopy, Shape, Tx};
use std::sync::Arc;
use sync_engine::{
    Body, Context, Creates, Effect, Event, HistoryEntry, LocalKey, Note, Prepared, Record, RemoteId, Seq,
    State, Step, Timestamp, What, step,
};

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

/// Takes steps inside a transaction.
#[derive(Clone, Debug)]
pub(crate) struct Desk {
    pub sources: Arc<Sources>,
    pub seq: Seq,
    pub now: Timestamp,
    pub run: sync_engine::RunId,
    pub merges: Arc<Merges>,
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
        let shape = self.shape_of_theirs(tx, &record, taken.record.as_ref())?;
        if ends {
            self.keep_source(tx, &record, taken.record.as_ref())?;
        }
        let saved = tx.save(&record, &taken, &meta, &copies)?;
        if ends && saved.state != Some(State::NeedsYou) {
            crate::handle::typed::forget(tx, saved.key)?;
        }
        if let Some(after) = &taken.record {
            self.keep_shape(tx, saved.key, after, shape)?;
        }
        let mut applied = Applied {
            key: saved.key,
            before,
            state: saved.state,
            record: taken.record,
            effects: taken.effects,
            copies: saved.copies,
            merged,
            batch: None,
        };
        if record.edit.is_some() {
            crate::handle::batch::follow(tx, &mut applied, taken_back, self)?;
        }
        Ok(applied)
    }

    /// What was written under "Show source" and never used stays in the history when its merge is over. Before the outcome,
    /// so that this is the last version.
    fn keep_source(&self, tx: &mut Tx<'_>, before: &Record, after: Option<&Record>) -> Answered<()> {
        let Some(text) = crate::handle::typed::source_text(tx, before.key)? else { return Ok(()) };
        let known =
            [after.and_then(Record::visible), before.visible(), before.base.as_ref().map(|base| &base.body)];
        let Some(like) = known.into_iter().flatten().next() else { return Ok(()) };
        if known.into_iter().flatten().any(|body| *body.bytes == *text.as_bytes()) {
            return Ok(());
        }
        let body = Body::new(text.into_bytes(), like.media_type.clone());
        self.set_aside(tx, before.key, &body, None).map(drop)
    }

    /// Keeps a text of the person in the history of a record, also of one that is gone: the number of its version. Nothing
    /// else changes. `None` = there never was such a record, or its history is removed.
    ///
    /// # Errors
    /// Those of the disk; a source that is not there any more.
    pub fn set_aside(
        &self,
        tx: &mut Tx<'_>,
        key: LocalKey,
        body: &Body,
        note: Option<Note>,
    ) -> Answered<Option<u32>> {
        let record = tx.load(key)?;
        let base = record.as_ref().and_then(|record| record.base.as_ref());
        let entry = HistoryEntry {
            what: What::SetAside,
            by_me: true,
            body: Some(body.clone()),
            validator: None,
            from_validator: base.and_then(|base| base.validator.clone()),
            at: None,
            note,
        };
        let Some(record) = record else { return Ok(tx.add_to_gone(key, &entry, self.now)?) };
        let (_, coll) = self.place(&record)?;
        let kept = Step {
            record: Some(record.clone()),
            history: vec![entry],
            copies: Vec::new(),
            effects: Vec::new(),
        };
        let meta = self.meta(&record, kept.record.as_ref(), coll);
        tx.save(&record, &kept, &meta, &[])?;
        Ok(Some(tx.last_version(key)?))
    }

    /// What is kept about a record whose version on the server stays: who made that, and when, holds on, and is not
    /// asked for again.
    fn shape_of_theirs(
        &self,
        tx: &Tx<'_>,
        before: &Record,
        after: Option<&Record>,
    ) -> Answered<Option<Shape>> {
        let both = |after: &Record| before.conflict.is_some() && after.conflict.is_some();
        match after.filter(|after| both(after) && before.theirs == after.theirs) {
            Some(_) => Ok(tx.shape(before.key)?),
            None => Ok(None),
        }
    }

    /// What clashes in a record is kept beside its conflict, so that "Needs you" is one read.
    fn keep_shape(
        &self,
        tx: &mut Tx<'_>,
        key: LocalKey,
        record: &Record,
        earlier: Option<Shape>,
    ) -> Answered<()> {
        if record.conflict.is_none() || tx.shape(key)?.is_some() {
            return Ok(());
        }
        let (live, coll) = self.place(record)?;
        let ctx = crate::handle::context(live, coll, self.run);
        if let Ok(state) = self.merge_of(&ctx, record, coll) {
            let shape = view::shape_of(&ctx, &state, coll.made_by);
            let shape = match earlier {
                Some(earlier) => view::still_known(shape, &earlier),
                None => shape,
            };
            tx.set_shape(key, &shape)?;
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
