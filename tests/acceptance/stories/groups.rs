//! What stories with many records do: groups of "Needs you", and batches.

use crate::person::Person;
use crate::stage::eventually;
use ipc_types::{
    BatchKey, BatchMember, BatchState, BatchView, ConflictKind, FieldRule, GroupPlan, GroupRequest,
    GroupRule, NeedsYouGroup, StartBatch,
};

/// The one group there is.
pub(super) async fn group(ann: &Person) -> NeedsYouGroup {
    let mut list = ann.handle.needs_you().await.unwrap();
    assert_eq!(list.groups.len(), 1, "{list:?}");
    list.groups.remove(0)
}

pub(super) fn asked(group: &NeedsYouGroup, rule: GroupRule) -> GroupRequest {
    let fields = if group.patterns.is_empty() && group.kind != ConflictKind::EditEdit {
        vec![String::new()]
    } else {
        group.patterns.clone()
    };
    GroupRequest {
        keys: group.records.iter().map(|r| r.key.clone()).collect(),
        kind: group.kind,
        patterns: group.patterns.clone(),
        rules: fields.into_iter().map(|pattern| FieldRule { pattern, rule }).collect(),
    }
}

pub(super) async fn start(ann: &Person, wanted: &GroupRequest, plan: &GroupPlan, keep: &[&str]) -> BatchView {
    let start = StartBatch {
        members: plan
            .rows
            .iter()
            .map(|row| BatchMember { key: row.key.clone(), seen: row.seen.clone() })
            .collect(),
        kind: wanted.kind,
        patterns: wanted.patterns.clone(),
        rules: wanted.rules.clone(),
        keep: keep.iter().map(|k| (*k).to_owned()).collect(),
    };
    ann.handle.start_batch(start).await.unwrap()
}

pub(super) async fn comes_to(ann: &Person, batch: &BatchKey, state: BatchState) -> BatchView {
    eventually(&format!("the batch is {state:?}"), || async {
        ann.handle.batch(batch.clone()).await.unwrap().state == state
    })
    .await;
    ann.handle.batch(batch.clone()).await.unwrap()
}

pub(super) fn key(view: &BatchView) -> BatchKey {
    BatchKey { batch: view.batch.clone() }
}
