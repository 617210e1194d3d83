//! A record of a batch on its way back: what the server had is written back, then the question is open again.
//!
//! Between the two an answer is awaited. Which record is awaited is kept with the batch, and what follows happens in the
//! transaction that stores the answer: nothing of it is lost by a crash, and it happens once.

use super::undo::{decisions, told};
use crate::desk::{Applied, Desk};
use crate::fault::{Answered, Fault};
use crate::handle::past::{as_new, confirmed};
use crate::view;
use ipc_types::ErrorCode;
use record_store::{BatchId, ItemState, KeptItem, KeptVersion, Tx, Undone};
use sync_engine::{Base, Body, Change, ConflictKind, Event, LocalKey, Note, Record, State, Undo, What};

const NOT_KEPT: &str = "Its versions are not kept any more, so it stays as it is.";

/// Nothing of it was sent: the three versions meet again.
pub(super) fn reopen(tx: &mut Tx<'_>, desk: &Desk, item: &KeptItem, record: &Record) -> Answered<Undone> {
    let result = match (&record.edit, &record.base) {
        (None, Some(base)) if view::seen_of(record) == item.seen => base.clone(),
        (None, _) => return Err(kept("It changed since, and stays as it is.")),
        // The removal waits: there is no result but the removal.
        (Some(edit), Some(base)) if edit.change == Change::Delete && item.mine_version.is_none() => {
            base.clone()
        }
        (Some(_), _) => {
            Base { body: Made::read(tx, item)?.body()?.clone(), validator: None, seen_at: desk.now }
        }
    };
    open_again(tx, desk, item, record.clone(), result)?;
    if item.state == ItemState::Queued
        && tx.load(item.key)?.is_some_and(|now| now.edit.is_some_and(|e| e.held))
    {
        desk.step(tx, item.key, Event::Held(false))?;
    }
    Ok(Undone::OpenAgain)
}

/// The decision let the record go, and nothing had to be sent for it: the question is open again.
pub(super) fn left_nothing(tx: &mut Tx<'_>, desk: &Desk, item: &KeptItem) -> Answered<Undone> {
    let last = tx.history(item.key)?.pop();
    if last.is_none_or(|line| line.what != What::Gone.name()) {
        return Err(kept("It was deleted since, and stays deleted."));
    }
    gone_again(tx, desk, item)?;
    Ok(Undone::OpenAgain)
}

/// What was sent is taken back, if nobody changed the same since.
pub(super) fn take_back(
    tx: &mut Tx<'_>,
    desk: &Desk,
    item: &KeptItem,
    record: Option<Record>,
) -> Answered<Undone> {
    let made = Made::read(tx, item)?;
    let Some(record) = record else {
        // It was deleted for good: what the server had comes back, only if nobody made it again meanwhile.
        return match &made.0.body {
            Some(_) => Err(kept("It was deleted since, and stays deleted.")),
            None => make_again(tx, desk, item),
        };
    };
    let state = record.state(desk.run).map_err(|_| kept("It is damaged."))?;
    if !matches!(state, State::Synced | State::Edited | State::Rejected) {
        return Err(kept("It changed again meanwhile, and stays as it is."));
    }
    let sent = made.body()?.clone();
    if made.kind() == Some(ConflictKind::EditDelete) {
        // It had been brought back after the server deleted it: it is deleted again.
        let (_, coll) = desk.place(&record)?;
        let base = record.base.as_ref().filter(|_| state == State::Synced);
        let base = base.ok_or_else(|| kept("It was changed since, and stays as it is."))?;
        if record_merge::equal(sent.format(), &sent.bytes, &base.body.bytes, &coll.rules.merge) {
            desk.step_loaded(tx, record, Event::DeleteSaved)?;
            return Ok(Undone::WrittenBack);
        }
        return arrived(tx, desk, item, record);
    }
    let undo = Undo {
        version: made.0.version.version,
        back: made.server(tx, item.key)?,
        result: confirmed(tx, item.key, made.0)?.ok_or_else(|| kept(NOT_KEPT))?,
        sent: true,
        mine: mine(tx, item)?,
        before: base(tx, item)?,
    };
    let applied = desk.step_loaded(tx, record, Event::SentUndone(Box::new(undo)))?;
    match (applied.state, applied.record) {
        // The server has it already, or somebody changed all of it since.
        (Some(State::Synced), Some(record)) => arrived(tx, desk, item, record),
        (Some(State::NeedsYou), Some(record)) => {
            let before = decisions(item, &record)?.before;
            desk.step_loaded(tx, record, Event::Decided(before))?;
            Ok(Undone::OpenAgain)
        }
        _ => Ok(Undone::WrittenBack),
    }
}

/// The server has what it had before, or what somebody made of it since: the question is open again.
fn arrived(tx: &mut Tx<'_>, desk: &Desk, item: &KeptItem, record: Record) -> Answered<Undone> {
    let now = record.base.clone().ok_or_else(|| kept("It changed again meanwhile, and stays as it is."))?;
    open_again(tx, desk, item, record, now)?;
    Ok(Undone::OpenAgain)
}

/// What follows for a record that an undo is writing back: once that has come to the server, or is no longer needed, its
/// question is open again. `taken_back` = the person discarded the edit.
pub(super) fn follow_back(
    tx: &mut Tx<'_>,
    desk: &Desk,
    applied: &mut Applied,
    taken_back: bool,
) -> Answered<Option<BatchId>> {
    let Some((batch, item)) = tx.written_back(applied.key)? else { return Ok(None) };
    if !matches!(applied.state, Some(State::Synced) | None) {
        return Ok(None);
    }
    let at = (batch, item.position);
    // Noted before the step, which comes by here, too.
    tx.set_item_undone(at, Undone::OpenAgain, None, desk.now)?;
    match told(after_writing(tx, desk, (batch, &item), applied.record.as_ref(), taken_back))? {
        Ok(again) => {
            applied.state = again.state;
            applied.record = again.record;
            applied.effects.extend(again.effects);
        }
        Err(words) => tx.set_item_undone(at, Undone::Kept, Some(&words), desk.now)?,
    }
    Ok(Some(batch))
}

fn after_writing(
    tx: &mut Tx<'_>,
    desk: &Desk,
    (batch, item): (BatchId, &KeptItem),
    record: Option<&Record>,
    taken_back: bool,
) -> Answered<Applied> {
    if taken_back {
        return Err(kept("You took its undo back, so it stays as it is."));
    }
    match record {
        Some(record) => {
            let now = record.base.clone().ok_or_else(|| kept(NOT_KEPT))?;
            open_again(tx, desk, item, record.clone(), now)
        }
        // The undo of a record that had been brought back is its removal.
        None if tx.batch(batch)?.is_some_and(|b| b.kind == Some(ConflictKind::EditDelete)) => {
            gone_again(tx, desk, item)
        }
        None => Err(kept("It was deleted since, and stays deleted.")),
    }
}

/// The three versions meet again, with the decisions of before. `result` = what the record holds now, or what waits.
fn open_again(
    tx: &mut Tx<'_>,
    desk: &Desk,
    item: &KeptItem,
    record: Record,
    result: Base,
) -> Answered<Applied> {
    let undo = Undo {
        version: item.mine_version.unwrap_or(0),
        back: result.body.clone(),
        result,
        sent: false,
        mine: mine(tx, item)?,
        before: base(tx, item)?,
    };
    let decisions = decisions(item, &record)?.before;
    desk.step_loaded(tx, record, Event::Reopened { undo: Box::new(undo), decisions })
}

/// As [`open_again`], of a record that the server does not have.
fn gone_again(tx: &mut Tx<'_>, desk: &Desk, item: &KeptItem) -> Answered<Applied> {
    let gone = tx.gone(item.key)?.ok_or_else(|| kept("It is not here any more."))?;
    let mine = mine(tx, item)?.ok_or_else(|| kept("It was deleted since, and stays deleted."))?;
    let result = Base { body: mine, validator: None, seen_at: desk.now };
    open_again(tx, desk, item, as_new(item.key, gone), result)
}

/// The removal was sent: what the server had is made again, only if nobody else did meanwhile.
fn make_again(tx: &mut Tx<'_>, desk: &Desk, item: &KeptItem) -> Answered<Undone> {
    let gone = tx.gone(item.key)?.ok_or_else(|| kept("It is not here any more."))?;
    let last = tx.history(item.key)?.into_iter().rev().find(|v| v.size.is_some());
    let version = last.ok_or_else(|| kept(NOT_KEPT))?.version;
    let body = body(tx, item.key, version)?.ok_or_else(|| kept(NOT_KEPT))?;
    desk.step_loaded(tx, as_new(item.key, gone), Event::BroughtBack { body, version })?;
    Ok(Undone::WrittenBack)
}

/// What the batch made of a record, as it was queued.
struct Made(KeptVersion);

impl Made {
    fn read(tx: &Tx<'_>, item: &KeptItem) -> Answered<Self> {
        // What was set aside for it comes right before it; a base may itself have been made by an earlier merge.
        let after = |number: u32| match (item.mine_version, item.base_version) {
            (Some(mine), _) => number >= mine,
            (None, before) => number > before.unwrap_or(0),
        };
        let history = tx.history(item.key)?;
        let line = history.iter().find(|v| after(v.version) && v.by_me && v.what == What::Merged.name());
        let kept_one = match line {
            Some(line) => tx.version(item.key, line.version)?,
            None => None,
        };
        kept_one.map(Self).ok_or_else(|| kept(NOT_KEPT))
    }

    /// What was queued; a fault = a removal.
    fn body(&self) -> Answered<&Body> {
        self.0.body.as_ref().ok_or_else(|| kept("It changed since, and stays as it is."))
    }

    fn kind(&self) -> Option<ConflictKind> {
        match &self.0.version.note {
            Some(Note::Merge(note)) => Some(note.kind),
            _ => None,
        }
    }

    /// The server's version it was decided for.
    fn server(&self, tx: &Tx<'_>, key: LocalKey) -> Answered<Body> {
        let number = match &self.0.version.note {
            Some(Note::Merge(note)) => note.theirs,
            _ => None,
        };
        let found = number.map(|number| body(tx, key, number)).transpose()?.flatten();
        found.ok_or_else(|| kept(NOT_KEPT))
    }
}

/// The person's version; `None` = they had deleted it.
fn mine(tx: &Tx<'_>, item: &KeptItem) -> Answered<Option<Body>> {
    match item.mine_version {
        Some(version) => body(tx, item.key, version),
        None => Ok(None),
    }
}

/// The version that was Before.
fn base(tx: &Tx<'_>, item: &KeptItem) -> Answered<Option<Base>> {
    let Some(number) = item.base_version else { return Ok(None) };
    let base = tx.version(item.key, number)?.and_then(|version| {
        let line = version.version;
        Some(Base { body: version.body?, validator: line.validator, seen_at: line.at })
    });
    base.map(Some).ok_or_else(|| kept(NOT_KEPT))
}

fn body(tx: &Tx<'_>, key: LocalKey, version: u32) -> Answered<Option<Body>> {
    Ok(tx.version(key, version)?.ok_or_else(|| kept(NOT_KEPT))?.body)
}

pub(super) fn kept(words: &str) -> Fault {
    Fault::new(ErrorCode::NotNow, words)
}
