//! Undoing a batch: what was not sent is open again as it was; what was sent gets a new write with the side that was not
//! taken, and only where nobody changed it since.

use super::show::can_undo;
use super::work::{Next, keep_back};
use crate::desk::Desk;
use crate::fault::{Answered, Fault};
use crate::handle::Decided;
use crate::view::{self, Back};
use ipc_types::ErrorCode;
use record_store::{Batch, BatchState, ItemState, KeptItem, Tx, Undone};
use sync_engine::{Base, Body, Change, ConflictKind, Event, LocalKey, Record, State, Undo, What};

/// Records undone in one transaction.
const CHUNK: usize = 8;

pub(super) fn undo(
    tx: &mut Tx<'_>,
    desk: &Desk,
    batch: &Batch,
    touched: &mut Vec<LocalKey>,
) -> Answered<Next> {
    let on_the_wire = keep_back(tx, desk, batch.id, touched)?;
    let items = tx.batch_items(batch.id, &[], None)?;
    let open = items.into_iter().filter(|item| can_undo(item) && item.state != ItemState::Sending);
    let some: Vec<KeptItem> = open.take(CHUNK).collect();
    if some.is_empty() {
        if on_the_wire > 0 {
            return Ok(Next::Wait);
        }
        tx.set_batch_state(batch.id, BatchState::Undone, Some(desk.now))?;
        return Ok(Next::End);
    }
    for item in some {
        touched.push(item.key);
        let at = (batch.id, item.position);
        let (undone, words) = match one(tx, desk, batch, &item) {
            Ok(undone) => (undone, None),
            Err(fault) if fault.code() == ErrorCode::Disk => return Err(fault),
            Err(fault) => (Undone::Kept, Some(lower(&fault.0.words))),
        };
        tx.set_item_undone(at, undone, words.as_deref(), desk.now)?;
    }
    Ok(Next::Again)
}

fn one(tx: &mut Tx<'_>, desk: &Desk, batch: &Batch, item: &KeptItem) -> Answered<Undone> {
    let record = tx.load(item.key)?;
    match (item.state, record) {
        (ItemState::Decided, Some(record)) if record.conflict.is_some() => {
            let list = decisions(item, &record)?.taken_back(&record);
            desk.step_loaded(tx, record, Event::Decided(list))?;
            Ok(Undone::OpenAgain)
        }
        (ItemState::Decided, _) => Err(kept("It does not need you any more.")),
        (ItemState::Sent, Some(record)) => write_back(tx, desk, batch, item, &record),
        (_, Some(record)) => reopen(tx, desk, item, &record),
        (_, None) => bring_back(tx, desk, item),
    }
}

/// Nothing of it was sent: the three versions meet again.
fn reopen(tx: &mut Tx<'_>, desk: &Desk, item: &KeptItem, record: &Record) -> Answered<Undone> {
    let result = match (&record.edit, &record.base) {
        (None, Some(base)) if view::seen_of(record) == item.seen => base.clone(),
        (None, _) => return Err(kept("It changed since, and stays as it is.")),
        // The removal waits: there is no result but the removal.
        (Some(edit), Some(base)) if edit.change == Change::Delete && item.mine_version.is_none() => {
            base.clone()
        }
        (Some(_), _) => Base { body: merged(tx, item)?, validator: None, seen_at: desk.now },
    };
    let undo = Undo {
        version: item.mine_version.unwrap_or(0),
        back: result.body.clone(),
        result,
        sent: false,
        mine: match item.mine_version {
            Some(version) => body(tx, item.key, version)?,
            None => None,
        },
        before: base(tx, item)?,
    };
    let decisions = decisions(item, record)?.before;
    let held = matches!(item.state, ItemState::Queued);
    desk.step(tx, item.key, Event::Reopened { undo: Box::new(undo), decisions })?;
    if held && tx.load(item.key)?.is_some_and(|now| now.edit.is_some_and(|edit| edit.held)) {
        desk.step(tx, item.key, Event::Held(false))?;
    }
    Ok(Undone::OpenAgain)
}

/// The result of the batch, as it was queued.
fn merged(tx: &Tx<'_>, item: &KeptItem) -> Answered<Body> {
    let after = item.mine_version.or(item.base_version).unwrap_or(0);
    let line = tx
        .history(item.key)?
        .into_iter()
        .find(|v| v.version >= after && v.by_me && v.what == What::Merged.name() && v.size.is_some());
    let found = line.map(|line| body(tx, item.key, line.version)).transpose()?.flatten();
    found.ok_or_else(|| kept("Its versions are not kept any more, so it stays as it is."))
}

fn body(tx: &Tx<'_>, key: LocalKey, version: u32) -> Answered<Option<Body>> {
    let kept = tx.version(key, version)?;
    let kept = kept.ok_or_else(|| self::kept("Its versions are not kept any more, so it stays as it is."))?;
    Ok(kept.body)
}

/// The version that was Before.
fn base(tx: &Tx<'_>, item: &KeptItem) -> Answered<Option<Base>> {
    let Some(number) = item.base_version else { return Ok(None) };
    let base = tx.version(item.key, number)?.and_then(|version| {
        let line = version.version;
        Some(Base { body: version.body?, validator: line.validator, seen_at: line.at })
    });
    base.map(Some).ok_or_else(|| kept("Its versions are not kept any more, so it stays as it is."))
}

/// It was sent: a new edit with the side that was not taken.
fn write_back(
    tx: &mut Tx<'_>,
    desk: &Desk,
    batch: &Batch,
    item: &KeptItem,
    record: &Record,
) -> Answered<Undone> {
    // What cannot be read is not nothing: of nothing a record that was brought back would be deleted again.
    let back: Vec<Back> = item
        .back
        .as_deref()
        .map_or(Ok(Vec::new()), serde_json::from_str)
        .map_err(|_| kept("What was there before cannot be read, so it stays as it is."))?;
    let state = record.state(desk.run).map_err(|_| kept("It is damaged."))?;
    if !matches!(state, State::Synced | State::Edited | State::Rejected) {
        return Err(kept("It changed again meanwhile, and stays as it is."));
    }
    if back.is_empty() && batch.kind == Some(ConflictKind::EditDelete) {
        // It had been brought back after the server deleted it: it is deleted again.
        desk.step(tx, item.key, Event::DeleteSaved)?;
        return Ok(Undone::WrittenBack);
    }
    let now = record.visible().ok_or_else(|| kept("It was deleted here since."))?;
    let (_, coll) = desk.place(record)?;
    let body = view::taken_back(now, &back, &coll.rules.merge)
        .ok_or_else(|| kept("It was changed since, and stays as it is."))?;
    match (&record.base, state) {
        (Some(base), State::Synced) => {
            let version = tx.base_version(item.key)?.unwrap_or(0);
            let undo =
                Undo { version, result: base.clone(), sent: true, back: body, mine: None, before: None };
            desk.step(tx, item.key, Event::MergeUndone(Box::new(undo)))?;
        }
        _ => {
            desk.step(tx, item.key, Event::EditSaved(body))?;
        }
    }
    Ok(Undone::WrittenBack)
}

/// The decision left nothing of the record: it is made again, only if nobody else did meanwhile.
fn bring_back(tx: &mut Tx<'_>, desk: &Desk, item: &KeptItem) -> Answered<Undone> {
    let gone = tx.gone(item.key)?.ok_or_else(|| kept("It is not here any more."))?;
    let number = match item.mine_version.map(|version| body(tx, item.key, version)).transpose()?.flatten() {
        Some(mine) => mine,
        None => {
            // Deleted here for good: what was there before comes back.
            let last = tx.history(item.key)?.into_iter().rev().find(|v| v.size.is_some());
            let found = last.map(|line| body(tx, item.key, line.version)).transpose()?.flatten();
            found.ok_or_else(|| kept("Its versions are not kept any more."))?
        }
    };
    let mut record = Record::new(item.key, gone.source, gone.collection_name, gone.id);
    record.rev = gone.rev;
    record.answered = gone.answered;
    desk.step_loaded(tx, record, Event::EditSaved(number))?;
    Ok(Undone::WrittenBack)
}

/// What the batch made of the decisions: those there were, and those it left. A batch of an earlier version kept only the
/// first, one after the other: then all go back to them.
fn decisions(item: &KeptItem, record: &Record) -> Answered<Decided> {
    let Some(json) = item.decisions.as_deref() else { return Ok(Decided::default()) };
    let both = serde_json::from_str(json).map(|(before, made)| Decided { before, made });
    let earlier = |_| {
        let made = record.conflict.as_ref().map(|c| c.decisions.clone()).unwrap_or_default();
        serde_json::from_str(json).map(|before| Decided { before, made })
    };
    both.or_else(earlier).map_err(|_| kept("What was decided before cannot be read."))
}

fn kept(words: &str) -> Fault {
    Fault::new(ErrorCode::NotNow, words)
}

/// The rest of a sentence that begins with the record's title.
fn lower(words: &str) -> String {
    let mut letters = words.trim_end_matches('.').chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
