//! "Needs you" with many records: one rule for all, stop, go on, undo, rules that hold from then on.

use super::groups::{asked, comes_to, group, key, start};
use crate::person::{Person, nothing_set, row};
use crate::servers::Backend;
use crate::stage::{Stage, eventually};
use ipc_types::{
    BatchKey, BatchState, BatchUndone, ConflictKind, GroupRequest, GroupRule, MergeRuleKey, RecordState,
    SetMergeRule, SetOffline, Side,
};
use std::time::Instant;

fn tool(n: usize) -> String {
    format!("{{\"name\":\"Tool {n:03}\",\"deposit\":20,\"shelf\":\"A1\",\"notes\":\"none\"}}")
}

fn id(n: usize) -> String {
    format!("t{n:03}")
}

/// A person with `count` records that clash in their deposit only: 30 here, 25 on the server. With `more`, the person
/// also moved each to another shelf.
async fn clashing(stage: &Stage, count: usize, more: bool) -> Person {
    for n in 0..count {
        stage.creates(&id(n), &tool(n)).await;
    }
    let ann = stage.person().await;
    for n in 0..count {
        let it = ann.on(stage, &id(n));
        it.set("/deposit", "30").await;
        if more {
            it.set("/shelf", "\"B2\"").await;
        }
        stage.changes(&id(n), "\"deposit\":20", "\"deposit\":25").await;
    }
    ann.syncs().await;
    ann
}

/// A hundred at once, one of them changed again in between and left open; one undo brings them back.
pub async fn a_hundred_at_once(backend: &Backend) {
    const ALL: usize = 100;
    let stage = Stage::new(backend, "hundred").await;
    let ann = clashing(&stage, ALL, true).await;
    let group = group(&ann).await;
    assert_eq!((group.records.len(), group.fields.as_slice()), (ALL, ["Deposit".to_owned()].as_slice()));
    let began = Instant::now();
    let wanted = asked(&group, GroupRule::Theirs);
    let plan = ann.handle.group_plan(wanted.clone()).await.unwrap();
    assert_eq!((plan.rows.len(), plan.left_out.len(), plan.writes as usize), (ALL, 0, ALL));
    assert!(plan.complete && plan.fields[0].rules.contains(&GroupRule::Higher));
    let cell = &plan.rows[7].cells[0];
    let texts = [&cell.before, &cell.theirs, &cell.mine].map(|v| v.text.as_str());
    assert_eq!((texts, cell.result.as_ref().unwrap().text.as_str()), (["20", "25", "30"], "25"));

    let batch = key(&start(&ann, &wanted, &plan, &[]).await);
    eventually("all are decided", || async { ann.waiting().await == (ALL as u32, 0) }).await;
    // A colleague is quicker than the sending.
    stage.changes(&id(50), "\"deposit\":25", "\"deposit\":26").await;
    let mark = stage.mark();
    ann.starts();
    let done = comes_to(&ann, &batch, BatchState::Done).await;
    let seconds = began.elapsed().as_secs_f64();
    println!("{ALL} decided and sent in {seconds:.1} s");
    assert_eq!(
        (done.all as usize, done.sent as usize, done.changed_again, done.refused),
        (ALL, ALL - 1, 1, 0)
    );
    let again = done.items.iter().find(|item| item.title == "Tool 050").unwrap();
    assert_eq!(again.words.as_deref(), Some("stays open, the server now says 26"));
    for n in [0, 49, 51, 99] {
        let (_, text) = stage.has(&id(n)).await.unwrap();
        assert!(text.contains("25") && text.contains("B2"), "{text}");
        assert_eq!(stage.effects(&id(n), mark), 1);
    }
    assert_eq!(stage.member(&id(50), "deposit").await, 26);
    assert_eq!(stage.member(&id(50), "shelf").await, "A1");
    let open = ann.handle.needs_you().await.unwrap();
    assert_eq!(open.total, 1);

    // Somebody changes one of them since.
    stage.changes(&id(7), "\"deposit\":25", "\"deposit\":27").await;
    ann.syncs().await;
    let mark = stage.mark();
    let undone = ann.handle.undo_batch(batch.clone()).await.unwrap();
    assert!(matches!(undone.state, BatchState::Undoing | BatchState::Undone));
    comes_to(&ann, &batch, BatchState::Undone).await;
    all_open_again(&ann, &batch, ALL).await;
    for n in 0..ALL {
        // The server has what it had before; 30 was decided against, was never sent, and is not sent now.
        let deposit = [(7, 27), (50, 26)].into_iter().find(|(other, _)| *other == n).map_or(25, |(_, is)| is);
        assert_eq!(
            (stage.member(&id(n), "deposit").await, stage.member(&id(n), "shelf").await),
            (deposit.into(), "A1".into())
        );
        assert_eq!(stage.effects(&id(n), mark), usize::from(n != 50), "{n}");
        if ![0, 7, 50, 99].contains(&n) {
            continue;
        }
        // Each asks what it asked before, about the newest version, and has what the person wanted.
        let merge = ann.on(&stage, &id(n)).merge().await;
        let (asked, moved) = (row(&merge, "/deposit"), row(&merge, "/shelf"));
        let texts = [&asked.theirs, &asked.mine, &asked.before].map(|v| v.text.clone());
        assert_eq!(texts, [deposit.to_string(), "30".to_owned(), "20".to_owned()]);
        assert!(asked.open && asked.choice.is_none());
        assert_eq!((moved.open, moved.mine.text.as_str(), moved.theirs.text.as_str()), (false, "B2", "A1"));
    }
    // As it came, it goes: the same decision sends it again.
    ann.on(&stage, &id(3)).resolve_all(Side::Mine).await;
    eventually("it is sent", || async { ann.waiting().await == (0, ALL as u32 - 1) }).await;
    assert_eq!(
        (stage.member(&id(3), "deposit").await, stage.member(&id(3), "shelf").await),
        (30.into(), "B2".into())
    );
}

/// What an undo writes back has come to the server, and every record needs the person again.
async fn all_open_again(ann: &Person, batch: &BatchKey, count: usize) {
    eventually("all are open again", || async { ann.waiting().await == (0, count as u32) }).await;
    let undone = ann.handle.batch(batch.clone()).await.unwrap();
    let open = undone.items.iter().filter(|item| item.undone == Some(BatchUndone::OpenAgain)).count();
    assert_eq!(open, count, "{:?}", undone.items);
}

/// Taking the server's value where nothing else was changed needs no write, and its undo opens them again.
pub async fn nothing_to_send(backend: &Backend) {
    let stage = Stage::new(backend, "nothing_to_send").await;
    let ann = clashing(&stage, 6, false).await;
    let group = group(&ann).await;
    let wanted = asked(&group, GroupRule::Theirs);
    let plan = ann.handle.group_plan(wanted.clone()).await.unwrap();
    assert_eq!((plan.rows.len(), plan.writes), (6, 0));
    let mark = stage.mark();
    let batch = key(&start(&ann, &wanted, &plan, &[]).await);
    let done = comes_to(&ann, &batch, BatchState::Done).await;
    assert_eq!((done.settled, done.sent, done.undoable, done.undo_writes), (6, 0, 6, 0));
    assert_eq!(ann.waiting().await, (0, 0));
    ann.handle.undo_batch(batch.clone()).await.unwrap();
    let undone = comes_to(&ann, &batch, BatchState::Undone).await;
    assert!(
        undone.items.iter().all(|item| item.undone == Some(BatchUndone::OpenAgain)),
        "{:?}",
        undone.items
    );
    assert_eq!(ann.waiting().await, (0, 6));
    let merge = ann.on(&stage, &id(3)).merge().await;
    let deposit = row(&merge, "/deposit");
    assert_eq!(
        (deposit.theirs.text.as_str(), deposit.mine.text.as_str(), deposit.before.text.as_str()),
        ("25", "30", "20")
    );
    assert!(stage.writes(&id(3), mark).is_empty());
}

/// Stopped in the middle, closed, opened: nothing more is sent before the person says so. Then it goes on.
pub async fn stopped_in_the_middle(backend: &Backend) {
    const ALL: usize = 20;
    let stage = Stage::new(backend, "stopped").await;
    let ann = clashing(&stage, ALL, false).await;
    let group = group(&ann).await;
    let wanted = asked(&group, GroupRule::Mine);
    let plan = ann.handle.group_plan(wanted.clone()).await.unwrap();
    assert_eq!(plan.writes as usize, ALL);
    ann.handle.set_offline(SetOffline { offline: true }).await.unwrap();
    ann.starts();
    let batch = key(&start(&ann, &wanted, &plan, &[]).await);
    eventually("all are decided", || async { ann.waiting().await == (ALL as u32, 0) }).await;
    let view = ann.handle.batch(batch.clone()).await.unwrap();
    assert!(view.waits.as_deref().is_some_and(|words| words.contains("offline")), "{view:?}");

    let ann = ann.restarts().await;
    let view = ann.handle.batch(batch.clone()).await.unwrap();
    assert_eq!((view.state, view.interrupted, view.done), (BatchState::Stopped, true, 0));
    let mark = stage.mark();
    ann.handle.set_offline(SetOffline { offline: false }).await.unwrap();
    ann.starts();
    ann.on(&stage, &id(0)).comes_to(Some(RecordState::Edited)).await;
    ann.syncs().await;
    for n in 0..ALL {
        assert!(stage.writes(&id(n), mark).is_empty(), "{n} was sent without a word");
    }
    ann.handle.go_on_batch(batch.clone()).await.unwrap();
    let done = comes_to(&ann, &batch, BatchState::Done).await;
    assert_eq!(done.sent as usize, ALL);
    assert_eq!(stage.member(&id(19), "deposit").await, 30);

    // Undone: the server gets its own value back, by new writes; what waits for their answers outlives a restart, too.
    ann.handle.set_offline(SetOffline { offline: true }).await.unwrap();
    ann.handle.undo_batch(batch.clone()).await.unwrap();
    let undone = comes_to(&ann, &batch, BatchState::Undone).await;
    assert!(
        undone.items.iter().all(|item| item.undone == Some(BatchUndone::WrittenBack)),
        "{:?}",
        undone.items
    );
    assert_eq!(ann.waiting().await, (ALL as u32, 0));
    // One of these is taken back in the outbox: it stays as it was sent.
    let taken_back = ann.on(&stage, &id(2)).key().await;
    ann.handle.take_back(taken_back).await.unwrap();
    // And somebody changes another one before it is written.
    stage.changes(&id(4), "\"deposit\":30", "\"deposit\":27").await;
    let ann = ann.restarts().await;
    ann.handle.set_offline(SetOffline { offline: false }).await.unwrap();
    ann.starts();
    eventually("all are open again", || async { ann.waiting().await == (0, ALL as u32 - 1) }).await;
    for (n, is) in [(0, 25), (2, 30), (19, 25)] {
        assert_eq!(stage.member(&id(n), "deposit").await, is);
    }
    // That one is looked at first: what the undo would write, against what is there. Then it asks what it asked before.
    let came_to = async || {
        let undone = ann.handle.batch(batch.clone()).await.unwrap();
        let by = |how| undone.items.iter().filter(|item| item.undone == Some(how)).count();
        [BatchUndone::OpenAgain, BatchUndone::WrittenBack, BatchUndone::Kept].map(by)
    };
    let deposit = async || {
        let asked = row(&ann.on(&stage, &id(4)).merge().await, "/deposit").clone();
        [asked.before, asked.theirs, asked.mine].map(|v| v.text)
    };
    assert_eq!((came_to().await, deposit().await), ([ALL - 2, 1, 1], ["30", "27", "25"].map(str::to_owned)));
    ann.on(&stage, &id(4)).resolve_all(Side::Theirs).await;
    assert_eq!((came_to().await, deposit().await), ([ALL - 1, 0, 1], ["20", "27", "30"].map(str::to_owned)));
    assert_eq!(stage.member(&id(4), "deposit").await, 27);
    let asked = ann.on(&stage, &id(19)).merge().await;
    assert!(row(&asked, "/deposit").open && row(&asked, "/deposit").mine.text == "30");
    let twice = ann.handle.undo_batch(batch).await.unwrap_err();
    assert_eq!(twice.to_string(), "This was undone already.");
}

/// Stopped before anything was sent, undone: everything is as it was, with its own decisions.
pub async fn stopped_and_undone(backend: &Backend) {
    let stage = Stage::new(backend, "stopped_undone").await;
    let ann = clashing(&stage, 12, false).await;
    let group = group(&ann).await;
    let wanted = asked(&group, GroupRule::Mine);
    let plan = ann.handle.group_plan(wanted.clone()).await.unwrap();
    ann.handle.set_offline(SetOffline { offline: true }).await.unwrap();
    let batch = key(&start(&ann, &wanted, &plan, &[]).await);
    eventually("all are decided", || async { ann.waiting().await == (12, 0) }).await;
    ann.handle.stop_batch(batch.clone()).await.unwrap();
    let stopped = comes_to(&ann, &batch, BatchState::Stopped).await;
    assert_eq!((stopped.done, stopped.interrupted), (0, false));
    ann.handle.undo_batch(batch.clone()).await.unwrap();
    comes_to(&ann, &batch, BatchState::Undone).await;
    assert_eq!(ann.waiting().await, (0, 12));
    let view = ann.on(&stage, &id(5)).view().await.unwrap();
    assert_eq!((view.state, view.held), (RecordState::NeedsYou, false));
    let merge = ann.on(&stage, &id(5)).merge().await;
    let deposit = row(&merge, "/deposit");
    assert!(deposit.open && deposit.choice.is_none(), "{deposit:?}");
    assert_eq!(
        (deposit.theirs.text.as_str(), deposit.mine.text.as_str(), deposit.before.text.as_str()),
        ("25", "30", "20")
    );
}

/// "Use this for similar ones from now on": the next clash of that field is answered, until it is switched off.
pub async fn a_rule_from_now_on(backend: &Backend) {
    let stage = Stage::new(backend, "rule").await;
    let ann = clashing(&stage, 3, false).await;
    stage.creates("late", &tool(900)).await;
    ann.reads().await;
    assert!(ann.handle.merge_rules().await.unwrap().is_empty());
    let group = group(&ann).await;
    let wanted = asked(&group, GroupRule::Higher);
    let plan = ann.handle.group_plan(wanted.clone()).await.unwrap();
    ann.starts();
    let batch = key(&start(&ann, &wanted, &plan, &["deposit"]).await);
    comes_to(&ann, &batch, BatchState::Done).await;
    assert_eq!(stage.member(&id(0), "deposit").await, 30);
    let rules = ann.handle.merge_rules().await.unwrap();
    assert_eq!(rules.len(), 1);
    assert_eq!(
        (rules[0].field.as_str(), rules[0].rule, rules[0].enabled),
        ("Deposit", GroupRule::Higher, true)
    );

    let late = ann.on(&stage, "late");
    ann.handle.set_offline(SetOffline { offline: true }).await.unwrap();
    late.set("/deposit", "31").await;
    stage.changes("late", "\"deposit\":20", "\"deposit\":44").await;
    ann.handle.set_offline(SetOffline { offline: false }).await.unwrap();
    late.comes_to(Some(RecordState::NeedsYou)).await;
    let merge = late.merge().await;
    assert_eq!(merge.choices, 0, "{:?}", merge.rows);
    let deposit = row(&merge, "/deposit");
    assert_eq!((deposit.open, deposit.result.as_ref().map(|v| v.text.as_str())), (false, Some("44")));
    let list = ann.handle.needs_you().await.unwrap();
    assert_eq!((list.total, list.groups[0].fields.len(), list.groups[0].records[0].open), (1, 0, 0));

    // Switched off: it is asked; switched on: answered; removed: asked.
    let id = rules[0].id.clone();
    for (enabled, open) in [(Some(false), 1), (Some(true), 0), (None, 1)] {
        let rules = match enabled {
            Some(enabled) => {
                let set = SetMergeRule { id: id.clone(), enabled };
                ann.handle.set_merge_rule(set).await.unwrap()
            }
            None => ann.handle.remove_merge_rule(MergeRuleKey { id: id.clone() }).await.unwrap(),
        };
        assert_eq!(rules.len(), usize::from(enabled.is_some()));
        let list = ann.handle.needs_you().await.unwrap();
        assert_eq!(list.groups[0].records[0].open, open, "{enabled:?}");
        assert_eq!(late.merge().await.choices, open, "{enabled:?}");
    }
}

/// The same for fields that are one row: the rule answers that row, and none of its fields alone.
pub async fn a_rule_for_a_row(backend: &Backend) {
    let stage = Stage::new(backend, "row_rule").await;
    let priced = r#"{"name":"Drill","price_new":129,"deposit":20,"currency":"EUR"}"#;
    for id in ["first", "late", "other"] {
        stage.creates(id, priced).await;
    }
    let ann = stage.person().await;
    ann.reads().await;
    let clash = async |id: &str, (place, value): (&str, &str), (from, to): (&str, &str)| {
        ann.handle.set_offline(SetOffline { offline: true }).await.unwrap();
        ann.on(&stage, id).set(place, value).await;
        stage.changes(id, from, to).await;
        ann.handle.set_offline(SetOffline { offline: false }).await.unwrap();
        ann.syncs().await;
        ann.on(&stage, id).comes_to(Some(RecordState::NeedsYou)).await;
    };
    clash("first", ("/deposit", "30"), ("EUR", "CHF")).await;
    let group = group(&ann).await;
    assert_eq!(group.patterns.len(), 1, "{group:?}");
    let kept = group.patterns[0].clone();
    let wanted = asked(&group, GroupRule::Theirs);
    let plan = ann.handle.group_plan(wanted.clone()).await.unwrap();
    ann.starts();
    let batch = key(&start(&ann, &wanted, &plan, &[kept.as_str()]).await);
    comes_to(&ann, &batch, BatchState::Done).await;
    let rules = ann.handle.merge_rules().await.unwrap();
    assert_eq!(
        (rules.len(), rules[0].field.clone(), rules[0].rule),
        (1, group.fields[0].clone(), GroupRule::Theirs)
    );
    assert!(rules[0].field.contains(" + "), "{rules:?}");

    // The next such clash is answered.
    clash("late", ("/deposit", "30"), ("EUR", "CHF")).await;
    let late = ann.on(&stage, "late");
    assert_eq!(late.merge().await.choices, 0);
    assert!(!row(&late.merge().await, &format!("/{kept}")).open);
    // The first field of that row clashes by itself: it was never asked about.
    clash("other", (&format!("/{kept}"), "131"), ("129", "135")).await;
    let other = ann.on(&stage, "other");
    assert_eq!(other.merge().await.choices, 1);
    // One switch, one removal.
    let rules = ann.handle.remove_merge_rule(MergeRuleKey { id: rules[0].id.clone() }).await.unwrap();
    assert!(rules.is_empty());
    assert_eq!(late.merge().await.choices, 1);
}

/// What needs a choice never holds back what does not.
pub async fn conflicts_hold_nobody_back(backend: &Backend) {
    let stage = Stage::new(backend, "hold_nobody").await;
    let ann = clashing(&stage, 5, false).await;
    for n in 10..20 {
        stage.creates(&id(n), &tool(n)).await;
    }
    ann.reads().await;
    for n in 10..20 {
        ann.on(&stage, &id(n)).set("/deposit", "31").await;
    }
    ann.sends().await;
    assert_eq!(ann.waiting().await, (0, 5));
    for n in 10..20 {
        assert_eq!(stage.member(&id(n), "deposit").await, 31);
    }
    assert_eq!(stage.member(&id(0), "deposit").await, 25);
}

/// Records that need no choice are sent at once; one that was deleted there stays open.
pub async fn what_needs_no_choice(backend: &Backend) {
    let stage = Stage::new(backend, "no_choice").await;
    for n in 0..6 {
        stage.creates(&id(n), &tool(n)).await;
    }
    let ann = stage.person().await;
    ann.handle.set_source(nothing_set()).await.unwrap();
    for n in 0..6 {
        ann.on(&stage, &id(n)).set("/shelf", "\"C3\"").await;
        if n < 5 {
            stage.changes(&id(n), "\"deposit\":20", "\"deposit\":25").await;
        }
    }
    stage.deletes(&id(5)).await;
    ann.syncs().await;
    let list = ann.handle.needs_you().await.unwrap();
    let ready =
        list.groups.iter().find(|g| g.patterns.is_empty() && g.kind == ConflictKind::EditEdit).unwrap();
    let request = GroupRequest { rules: Vec::new(), ..asked(ready, GroupRule::Theirs) };
    let plan = ann.handle.group_plan(request.clone()).await.unwrap();
    assert_eq!((plan.rows.len(), plan.writes), (5, 5));
    ann.starts();
    let batch = key(&start(&ann, &request, &plan, &[]).await);
    let done = comes_to(&ann, &batch, BatchState::Done).await;
    assert_eq!((done.sent, done.fields.len()), (5, 0));
    assert_eq!(
        (stage.member(&id(2), "deposit").await, stage.member(&id(2), "shelf").await),
        (25.into(), "C3".into())
    );
    assert_eq!(ann.waiting().await, (0, 1));
    // Undone: what they had changed is taken back, what the server had stays.
    ann.handle.undo_batch(batch.clone()).await.unwrap();
    comes_to(&ann, &batch, BatchState::Undone).await;
    eventually("all are open again", || async { ann.waiting().await == (0, 6) }).await;
    assert_eq!(
        (stage.member(&id(2), "deposit").await, stage.member(&id(2), "shelf").await),
        (25.into(), "A1".into())
    );
}

/// Edited here, deleted there: all of them let go and asked about again; brought back at once, and deleted again by
/// the undo.
pub async fn deleted_there_for_many(backend: &Backend) {
    let stage = Stage::new(backend, "deleted_many").await;
    for n in 0..4 {
        stage.creates(&id(n), &tool(n)).await;
    }
    let ann = stage.person().await;
    for n in 0..4 {
        ann.on(&stage, &id(n)).set("/shelf", "\"C3\"").await;
        stage.deletes(&id(n)).await;
    }
    ann.syncs().await;
    let group = group(&ann).await;
    assert_eq!((group.kind, group.records.len()), (ConflictKind::EditDelete, 4));
    // Let go, and taken back: they are asked about again, and nothing is made on the server that was let go.
    let wanted = asked(&group, GroupRule::Theirs);
    let plan = ann.handle.group_plan(wanted.clone()).await.unwrap();
    assert_eq!((plan.rows.len(), plan.writes), (4, 0));
    let mark = stage.mark();
    let batch = key(&start(&ann, &wanted, &plan, &[]).await);
    comes_to(&ann, &batch, BatchState::Done).await;
    assert_eq!(ann.waiting().await, (0, 0));
    ann.handle.undo_batch(batch.clone()).await.unwrap();
    comes_to(&ann, &batch, BatchState::Undone).await;
    all_open_again(&ann, &batch, 4).await;
    assert!(stage.writes(&id(1), mark).is_empty());
    let group = self::group(&ann).await;
    assert_eq!((group.kind, group.records.len()), (ConflictKind::EditDelete, 4));
    let wanted = asked(&group, GroupRule::Mine);
    let plan = ann.handle.group_plan(wanted.clone()).await.unwrap();
    assert_eq!((plan.rows.len(), plan.writes, plan.complete), (4, 4, true));
    ann.starts();
    let batch = key(&start(&ann, &wanted, &plan, &[]).await);
    let done = comes_to(&ann, &batch, BatchState::Done).await;
    assert_eq!(done.sent, 4, "{:?}", done.items);
    assert_eq!(stage.member(&id(1), "shelf").await, "C3");
    ann.handle.undo_batch(batch.clone()).await.unwrap();
    comes_to(&ann, &batch, BatchState::Undone).await;
    all_open_again(&ann, &batch, 4).await;
    assert!(stage.has(&id(1)).await.is_none());
}

/// How long the list takes with 1,000 open records, in this build: `cargo nextest run -p matchbook-tests --test acceptance
/// --run-ignored only -E 'test(a_thousand)' --no-capture`. `make bench` has the figure of a release.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn a_thousand_open() {
    const ALL: usize = 1_000;
    let stage = Stage::new(&Backend::Reference, "thousand").await;
    for n in 0..ALL {
        stage.creates(&format!("m{n:04}"), &tool(n)).await;
    }
    let ann = stage.person().await;
    for n in 0..ALL {
        let id = format!("m{n:04}");
        ann.on(&stage, &id).set("/deposit", "30").await;
        stage.changes(&id, "\"deposit\":20", "\"deposit\":25").await;
    }
    while ann.waiting().await != (0, u32::try_from(ALL).unwrap()) {
        ann.syncs().await;
    }
    for what in ["first", "again", "once more"] {
        let began = Instant::now();
        let list = ann.handle.needs_you().await.unwrap();
        let millis = began.elapsed().as_millis();
        let bytes = serde_json::to_vec(&list).unwrap().len();
        println!("{what}: {ALL} records listed in {millis} ms, {} KB", bytes / 1024);
        assert_eq!((list.total as usize, list.groups.len()), (ALL, 1));
    }
    let wanted = asked(&group(&ann).await, GroupRule::Theirs);
    let began = Instant::now();
    let plan = ann.handle.group_plan(wanted.clone()).await.unwrap();
    println!("planned in {} ms", began.elapsed().as_millis());
    assert_eq!(plan.rows.len(), ALL);
    // After a change of rules what clashes is derived anew, once.
    let began = Instant::now();
    let batch = key(&start(&ann, &wanted, &plan, &["deposit"]).await);
    comes_to(&ann, &batch, BatchState::Done).await;
    println!("decided in {} ms", began.elapsed().as_millis());
    ann.handle.undo_batch(batch.clone()).await.unwrap();
    comes_to(&ann, &batch, BatchState::Undone).await;
    for what in ["under the rule", "again"] {
        let began = Instant::now();
        let list = ann.handle.needs_you().await.unwrap();
        println!("{what}: listed in {} ms", began.elapsed().as_millis());
        assert_eq!(list.total as usize, ALL);
    }
}
