//! Batches for the window.

use super::super::SyncHandle;
use super::ENDED;
use crate::fault::{Answered, Fault};
use crate::view;
use ipc_types::{
    BatchField, BatchHead, BatchItem, BatchItemState, BatchState, BatchUndone, BatchView, ConflictKind, Value,
};
use record_store::{Batch, BatchId, ItemCounts, ItemState, KeptItem, Undone};
use serde::Serialize;
use sync_engine::PauseReason;

impl SyncHandle {
    pub(super) async fn batch_view(&self, id: BatchId) -> Answered<BatchView> {
        let found = self.inner.store.read(move |r| {
            let Some(batch) = r.batch(id)? else { return Ok(None) };
            let items = r.batch_items(id, &[], None)?;
            let mut gone = Vec::with_capacity(items.len());
            for item in &items {
                gone.push(r.brief(item.key)?.is_none());
            }
            Ok(Some((batch, items, gone)))
        });
        let (batch, items, gone) = found.await?.ok_or_else(|| Fault::missing("such batch any more"))?;
        let mut counts = ItemCounts::default();
        for item in &items {
            *counts.0.entry(item.state).or_default() += 1;
        }
        let head = head(&batch, &counts);
        let undoable = items.iter().filter(|item| can_undo(item)).count();
        let writes = items.iter().filter(|item| can_undo(item) && item.state == ItemState::Sent).count();
        let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Ok(BatchView {
            batch: head.batch,
            state: head.state,
            source: batch.source.clone(),
            collection: head.collection,
            kind: batch.kind.map(view::kind_of),
            fields: head.fields,
            made_at: head.made_at,
            ended_at: batch.ended_at.map(|at| at.0),
            all: head.all,
            done: head.done,
            sent: counts.of(ItemState::Sent),
            settled: counts.of(ItemState::Settled),
            changed_again: counts.of(ItemState::ChangedAgain),
            refused: counts.of(ItemState::Refused),
            other: counts.among(&[ItemState::LeftOut, ItemState::Decided, ItemState::TakenBack]),
            undoable: small(undoable),
            undo_writes: small(writes),
            waits: self.why_waits(&batch, &counts),
            interrupted: batch.state == record_store::BatchState::Stopped && batch.ended_at.is_none(),
            items: items.into_iter().zip(gone).map(|(item, gone)| shown(item, gone)).collect(),
        })
    }

    /// Why nothing moves, in words.
    fn why_waits(&self, batch: &Batch, counts: &ItemCounts) -> Option<String> {
        let left = counts.among(&[ItemState::Queued, ItemState::Sending]);
        if batch.state != record_store::BatchState::Running || left == 0 {
            return None;
        }
        if self.inner.offline() {
            return Some("You are working offline. They wait in the Outbox.".to_owned());
        }
        let live = self.inner.named(&batch.source).ok()?;
        let state = self.inner.gates.state(live.id);
        if state.unreachable {
            return Some(format!("{} does not answer. They wait in the Outbox.", live.name()));
        }
        match state.paused? {
            PauseReason::ServerFull => Some(format!("{} has no room for more.", live.name())),
            _ => Some(format!("{} asks you to sign in again.", live.name())),
        }
    }
}

/// An undo would change it.
pub(super) fn can_undo(item: &KeptItem) -> bool {
    let decided = item.base_version.is_some() || item.decisions.is_some();
    let not_yet = [ItemState::Waiting, ItemState::LeftOut, ItemState::TakenBack].contains(&item.state);
    item.undone.is_none() && decided && !not_yet
}

pub(super) fn head(batch: &Batch, counts: &ItemCounts) -> BatchHead {
    BatchHead {
        batch: batch.id.0.to_string(),
        state: state(batch.state),
        collection: batch.collection.clone(),
        fields: fields(batch),
        made_at: batch.made_at.0,
        all: counts.all(),
        done: counts.among(&ENDED),
    }
}

/// The fields with their rules; none that can be read = none.
pub(super) fn fields(batch: &Batch) -> Vec<BatchField> {
    serde_json::from_str(&batch.fields).unwrap_or_default()
}

pub(super) fn json<T: Serialize>(value: &T) -> Answered<String> {
    serde_json::to_string(value)
        .map_err(|_| Fault::new(ipc_types::ErrorCode::Internal, "The batch could not be written down."))
}

fn shown(item: KeptItem, gone: bool) -> BatchItem {
    let values: Vec<Value> =
        item.value.as_deref().and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
    BatchItem {
        key: item.key.to_string(),
        title: item.title,
        state: match item.state {
            ItemState::Waiting => BatchItemState::Waiting,
            ItemState::Decided => BatchItemState::Decided,
            ItemState::Queued => BatchItemState::Queued,
            ItemState::Sending => BatchItemState::Sending,
            ItemState::Sent => BatchItemState::Sent,
            ItemState::Settled => BatchItemState::Settled,
            ItemState::ChangedAgain => BatchItemState::ChangedAgain,
            ItemState::Refused => BatchItemState::Refused,
            ItemState::LeftOut => BatchItemState::LeftOut,
            ItemState::TakenBack => BatchItemState::TakenBack,
        },
        undone: item.undone.map(|undone| match undone {
            Undone::OpenAgain => BatchUndone::OpenAgain,
            Undone::WrittenBack => BatchUndone::WrittenBack,
            Undone::Kept => BatchUndone::Kept,
        }),
        values,
        words: item.words,
        gone,
    }
}

fn state(state: record_store::BatchState) -> BatchState {
    match state {
        record_store::BatchState::Running => BatchState::Running,
        record_store::BatchState::Stopping => BatchState::Stopping,
        record_store::BatchState::Stopped => BatchState::Stopped,
        record_store::BatchState::Done => BatchState::Done,
        record_store::BatchState::Undoing => BatchState::Undoing,
        record_store::BatchState::Undone => BatchState::Undone,
    }
}

pub(super) fn kind_back(kind: ConflictKind) -> sync_engine::ConflictKind {
    match kind {
        ConflictKind::EditEdit => sync_engine::ConflictKind::EditEdit,
        ConflictKind::EditDelete => sync_engine::ConflictKind::EditDelete,
        ConflictKind::DeleteEdit => sync_engine::ConflictKind::DeleteEdit,
        ConflictKind::CreateCreate => sync_engine::ConflictKind::CreateCreate,
    }
}
