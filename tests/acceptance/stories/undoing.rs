//! What holds while decisions come and go: an undo takes back what it names and leaves what was decided since.

use super::deciding::{decide, met, opened};
use super::groups::{asked, comes_to, group, key, start};
use crate::person::{Person, row};
use crate::servers::Backend;
use crate::stage::{Stage, eventually};
use ipc_types::{BatchState, Choice, Decide, GroupRule, LeaveExternal, MergeView, Standing};

const OWN: &str = "\"in words of her own\"";

fn in_own_words(view: &MergeView, pointer: &str) -> Decide {
    Decide { json: Some(OWN.to_owned()), ..decide(view, pointer, Choice::Edit, &view.seen) }
}

/// Somebody with a record that clashes in two fields.
async fn two_fields(stage: &Stage) -> Person {
    stage.creates("t1", "{\"name\":\"Tool\",\"deposit\":20,\"notes\":\"none\"}").await;
    let ann = stage.person().await;
    let tool = ann.on(stage, "t1");
    tool.set("/deposit", "30").await;
    tool.set("/notes", "\"mine\"").await;
    let (here, there) = ("\"deposit\":20,\"notes\":\"none\"", "\"deposit\":25,\"notes\":\"theirs\"");
    stage.changes("t1", here, there).await;
    ann.syncs().await;
    ann
}

/// When the server's version was made is known from its log: still so after a choice, for "the newer one".
pub async fn what_is_newer_is_known_after_a_choice(backend: &Backend) {
    let Backend::Reference = backend else { return };
    let stage = Stage::new(backend, "newer").await;
    let ann = two_fields(&stage).await;
    let wanted = asked(&group(&ann).await, GroupRule::Theirs);
    let newest = || async {
        let plan = ann.handle.group_plan(wanted.clone()).await.unwrap();
        plan.fields.iter().all(|field| field.rules.contains(&GroupRule::Newest))
    };
    eventually("the log is read", newest).await;
    ann.on(&stage, "t1").decide("/deposit", Choice::Mine).await;
    assert!(newest().await);
}

/// A batch decides one of two fields; the other is written in words of one's own; the batch is undone.
pub async fn a_batch_leaves_what_was_decided_since(backend: &Backend) {
    let stage = Stage::new(backend, "undo_since").await;
    let ann = two_fields(&stage).await;
    let tool = ann.on(&stage, "t1");
    let group = group(&ann).await;
    let mut wanted = asked(&group, GroupRule::Theirs);
    wanted.rules.retain(|rule| rule.pattern == "deposit");
    let plan = ann.handle.group_plan(wanted.clone()).await.unwrap();
    let batch = key(&start(&ann, &wanted, &plan, &[]).await);
    comes_to(&ann, &batch, BatchState::Done).await;
    let view = tool.merge().await;
    assert_eq!((view.choices, view.decided), (2, 1), "the other field is still open");

    ann.handle.decide(in_own_words(&view, "/notes")).await.unwrap();
    ann.handle.undo_batch(batch.clone()).await.unwrap();
    comes_to(&ann, &batch, BatchState::Undone).await;
    let view = tool.merge().await;
    let (deposit, notes) = (row(&view, "/deposit"), row(&view, "/notes"));
    assert_eq!((deposit.standing, notes.standing), (Standing::Undecided, Standing::Decided));
    assert_eq!(notes.result.as_ref().map(|value| value.json.as_str()), Some(OWN));
}

/// What another program gave back is undone; a field that was written meanwhile is not.
pub async fn another_program_leaves_what_was_decided_since(backend: &Backend) {
    let stage = Stage::with_drill(backend, "program_since").await;
    let ann = stage.person().await;
    let drill = ann.on(&stage, "drill");
    met(&stage, &drill).await;
    let folder = tempfile::tempdir().unwrap();
    let view = opened(&drill, folder.path(), "sed \"s/Cho's drill/Our drill/\" \"$2\" > \"$4\"").await;
    assert_eq!((view.choices, view.decided), (2, 1));
    let other = view.rows.iter().find(|row| row.open && row.field.pointer != "/name").unwrap();
    let pointer = other.field.pointer.clone();
    ann.handle.decide(in_own_words(&view, &pointer)).await.unwrap();

    let leave = LeaveExternal { key: view.key.clone(), undo: true };
    let view = ann.handle.leave_external(leave).await.unwrap();
    assert_eq!((view.decided, row(&view, "/name").standing), (1, Standing::Undecided));
    assert_eq!(row(&view, &pointer).result.as_ref().map(|value| value.json.as_str()), Some(OWN));
}
