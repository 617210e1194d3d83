//! What becomes of a record that a batch sends, or its undo takes back: noted in the transaction in which the record comes to it.

use super::back::follow_back;
use super::show;
use crate::desk::{Applied, Desk};
use crate::fault::Answered;
use crate::view;
use ipc_types::ValueType;
use record_merge::{Path, value_at};
use record_store::{BatchId, ItemState, Tx};
use sync_engine::{Record, State, Theirs};

/// Notes it if a batch waits for this record, or its undo does. `taken_back` = the person discarded the edit.
pub(crate) fn follow(tx: &mut Tx<'_>, applied: &mut Applied, taken_back: bool, desk: &Desk) -> Answered<()> {
    let forward = on_its_way(tx, applied, taken_back, desk)?;
    let back = follow_back(tx, desk, applied, taken_back)?;
    // The step that opened it again may have told of one, too.
    applied.batch = back.or(forward).or(applied.batch);
    Ok(())
}

fn on_its_way(
    tx: &mut Tx<'_>,
    applied: &Applied,
    taken_back: bool,
    desk: &Desk,
) -> Answered<Option<BatchId>> {
    let Some(at) = tx.awaited(applied.key)? else { return Ok(None) };
    let (came_to, words) = match (&applied.record, applied.state) {
        (_, Some(State::Synced)) | (None, _) if taken_back => (ItemState::TakenBack, None),
        (_, Some(State::Synced)) | (None, _) => (ItemState::Sent, None),
        (Some(record), Some(State::NeedsYou)) => (ItemState::ChangedAgain, Some(changed(tx, at.0, record)?)),
        (Some(record), Some(State::Rejected)) => {
            let words = record.refusal.as_ref().map(|refusal| refusal.words.trim().to_owned());
            (ItemState::Refused, words)
        }
        _ => return Ok(None),
    };
    tx.set_item_state(at, came_to, words.as_deref(), desk.now)?;
    Ok(Some(at.0))
}

/// "stays open, the server now says 38.00".
pub(super) fn changed(tx: &Tx<'_>, batch: BatchId, record: &Record) -> Answered<String> {
    let Some(Theirs::Present(version)) = record.theirs.as_ref().map(|theirs| &theirs.what) else {
        return Ok("stays open, it was deleted on the server".to_owned());
    };
    let fields = tx.batch(batch)?.map(|batch| show::fields(&batch)).unwrap_or_default();
    let first = fields.first().filter(|field| !field.pattern.is_empty());
    let path = first.and_then(|field| Path::from_pointer(&format!("/{}", field.pattern)).ok());
    let there = path.and_then(|path| value_at(&version.body.bytes, &path).ok().flatten());
    let value = view::value(there.as_deref());
    let short = !value.text.is_empty() && value.text.chars().count() <= 40;
    Ok(match value.r#type {
        ValueType::Number | ValueType::Text | ValueType::Boolean if short => {
            format!("stays open, the server now says {}", value.text)
        }
        _ => "stays open, the server changed it again".to_owned(),
    })
}
