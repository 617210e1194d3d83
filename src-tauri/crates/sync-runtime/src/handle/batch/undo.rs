//! Undoing a batch: what was not sent is open again as it was. What was sent is taken back by a new write, only where
//! nobody changed it since, and only with what the server had before; then it is open again, too.

use super::back::{kept, left_nothing, reopen, take_back};
use super::show::can_undo;
use super::work::{Next, keep_back};
use crate::desk::Desk;
use crate::fault::Answered;
use crate::handle::Decided;
use ipc_types::ErrorCode;
use record_store::{Batch, BatchState, ItemState, KeptItem, Tx, Undone};
use sync_engine::{Event, LocalKey, Record};

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
        let (undone, words) = match told(one(tx, desk, &item))? {
            Ok(undone) => (undone, None),
            Err(words) => (Undone::Kept, Some(words)),
        };
        tx.set_item_undone(at, undone, words.as_deref(), desk.now)?;
    }
    Ok(Next::Again)
}

/// A fault that is the record's own, in words for its line: the others go on.
pub(super) fn told<T>(done: Answered<T>) -> Answered<Result<T, String>> {
    match done {
        Ok(done) => Ok(Ok(done)),
        Err(fault) if fault.code() == ErrorCode::Disk => Err(fault),
        Err(fault) => Ok(Err(lower(&fault.0.words))),
    }
}

fn one(tx: &mut Tx<'_>, desk: &Desk, item: &KeptItem) -> Answered<Undone> {
    let record = tx.load(item.key)?;
    match (item.state, record) {
        (ItemState::Decided, Some(record)) if record.conflict.is_some() => {
            let list = decisions(item, &record)?.taken_back(&record);
            desk.step_loaded(tx, record, Event::Decided(list))?;
            Ok(Undone::OpenAgain)
        }
        (ItemState::Decided, _) => Err(kept("It does not need you any more.")),
        (ItemState::Sent, record) => take_back(tx, desk, item, record),
        (_, Some(record)) => reopen(tx, desk, item, &record),
        (_, None) => left_nothing(tx, desk, item),
    }
}

/// What the batch made of the decisions: those there were, and those it left. A batch of an earlier version kept only the
/// first, one after the other: then all go back to them.
pub(super) fn decisions(item: &KeptItem, record: &Record) -> Answered<Decided> {
    let Some(json) = item.decisions.as_deref() else { return Ok(Decided::default()) };
    let both = serde_json::from_str(json).map(|(before, made)| Decided { before, made });
    let earlier = |_| {
        let made = record.conflict.as_ref().map(|c| c.decisions.clone()).unwrap_or_default();
        serde_json::from_str(json).map(|before| Decided { before, made })
    };
    both.or_else(earlier).map_err(|_| kept("What was decided before cannot be read."))
}

/// The rest of a sentence that begins with the record's title.
fn lower(words: &str) -> String {
    let mut letters = words.trim_end_matches('.').chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
