//! What becomes of a record that a batch sends: noted in the transaction in which the record comes to it.

use crate::engine::Desk;
use crate::fault::Answered;
use ipc_types::Value;
use record_store::{BatchId, ItemState, Tx};
use sync_engine::{LocalKey, Record, State};

/// Notes it if a batch waits for this record; answers which. `taken_back` = the person discarded the edit.
pub(crate) fn follow(
    tx: &mut Tx<'_>,
    key: LocalKey,
    after: Option<&Record>,
    taken_back: bool,
    desk: &Desk,
) -> Answered<Option<BatchId>> {
    let Some(at) = tx.awaited(key)? else { return Ok(None) };
    let state = after.and_then(|record| record.state(desk.run).ok());
    let (came_to, words) = match (after, state) {
        (_, Some(State::Synced)) | (None, _) if taken_back => (ItemState::TakenBack, None),
        (_, Some(State::Synced)) | (None, _) => (ItemState::Sent, None),
        (Some(record), Some(State::NeedsYou)) => (ItemState::ChangedAgain, Some(changed(tx, record)?)),
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
fn changed(tx: &Tx<'_>, record: &Record) -> Answered<String> {
    let gone = matches!(record.theirs.as_ref().map(|t| &t.what), Some(sync_engine::Theirs::Gone));
    if gone {
        return Ok("stays open, it was deleted on the server".to_owned());
    }
    let shown = tx.shape(record.key)?.filter(|shape| shape.open > 0).and_then(|shape| shape.theirs);
    let value = shown.and_then(|json| serde_json::from_str::<Value>(&json).ok());
    Ok(match value.filter(|value| !value.text.is_empty() && value.text.chars().count() <= 40) {
        Some(value) => format!("stays open, the server now says {}", value.text),
        None => "stays open, the server changed it again".to_owned(),
    })
}
