//! Contacts and events: edited in the form, merged, and undone, one by one and many at once.

use super::groups::{asked, comes_to, group, key, start};
use crate::person::Person;
use crate::servers::Reference;
use crate::stage::{Stage, eventually};
use ipc_types::{BatchItem, BatchState, BatchUndone, FieldKind, GroupRule, RecordState, Side, UndoneHow};
use std::sync::Arc;

fn contact(n: usize) -> String {
    format!(
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Keller;Anna {n};;;\r\nFN:Anna Keller {n}\r\ntel;TYPE=HOME:+351 21\r\n  8000{n}\r\nTEL;type=CELL;type=pref:+351 912 345 67{n}\r\nX-ODD;A=\"b;c\":kept  as it is\r\nNOTE:first note\r\nUID:card-{n}\r\nEND:VCARD\r\n"
    )
}

const EVENT: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nBEGIN:VEVENT\r\nUID:choir\r\nDTSTAMP:20260301T090000Z\r\nSUMMARY:Choir\r\nLOCATION:Hall\r\nDTSTART:20261201T190000Z\r\nDTEND:20261201T203000Z\r\nRRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=20\r\nATTENDEE;CN=Ben:mailto:ben@example.net\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

/// A server that takes any kind of record.
async fn stage() -> Stage {
    Stage::around(Arc::new(Reference::for_anything().await)).await
}

fn id(n: usize) -> String {
    format!("c{n}")
}

/// A phone number and a time are changed in the form: one line each, and every other byte reaches the server as it was.
pub async fn one_line_changes() {
    let stage = stage().await;
    stage.creates("anna", &contact(1)).await;
    stage.creates("choir", EVENT).await;
    let ann = stage.person().await;
    let anna = ann.on(&stage, "anna");
    let view = anna.view().await.unwrap();
    let phones = view.form.fields.iter().find(|field| field.meta.pointer == "/TEL").unwrap();
    assert_eq!((phones.meta.kind, phones.rows.len(), view.editable), (FieldKind::Table, 2, true));
    let cell = &phones.rows[1][0];
    assert_eq!((cell.meta.pointer.as_str(), cell.value.text.as_str()), ("/TEL/1/value", "+351 912 345 671"));

    anna.set("/TEL/1/value", "\"+351 999\"").await;
    // Every stop of typing is saved; the place stays the same.
    anna.set("/TEL/1/value", "\"+351 999 1\"").await;
    let wanted = contact(1).replace("+351 912 345 671", "+351 999 1");
    assert_eq!(anna.text().await, wanted);
    let choir = ann.on(&stage, "choir");
    choir.set("/start", "\"2026-12-01 18:30\"").await;
    choir.set("/ATTENDEE/1", "{\"value\":\"cho@example.org\"}").await;
    let ann = ann.restarts().await;
    ann.syncs().await;
    assert_eq!(stage.has("anna").await.unwrap().1, wanted);
    let event = EVENT.replace("DTSTART:20261201T190000Z", "DTSTART:20261201T183000Z").replace(
        "ATTENDEE;CN=Ben:mailto:ben@example.net\r\n",
        "ATTENDEE;CN=Ben:mailto:ben@example.net\r\nATTENDEE:mailto:cho@example.org\r\n",
    );
    assert_eq!(stage.has("choir").await.unwrap().1, event);
    assert_eq!(ann.on(&stage, "anna").state().await, Some(RecordState::Synced));
}

/// A server with one contact, and somebody who has read it.
async fn with_anna() -> (Stage, Person) {
    let stage = stage().await;
    stage.creates("anna", &contact(1)).await;
    let ann = stage.person().await;
    (stage, ann)
}

/// A merge of a contact that was sent is undone by lines: what others changed since stays.
pub async fn undo_of_a_merged_contact() {
    let (stage, ann) = with_anna().await;
    let anna = ann.on(&stage, "anna");
    anna.set("/TEL/1/value", "\"+351 999\"").await;
    stage.changes("anna", "first note", "cho's note").await;
    stage.changes("anna", "FN:Anna Keller 1", "FN:Anna K.").await;
    anna.sends_merged().await;
    let both = contact(1)
        .replace("+351 912 345 671", "+351 999")
        .replace("first note", "cho's note")
        .replace("FN:Anna Keller 1", "FN:Anna K.");
    assert_eq!(stage.has("anna").await.unwrap().1, both);

    // Somebody adds a number meanwhile: it stays, and the number from before is back.
    stage.changes("anna", "X-ODD", "TEL;TYPE=work:+351 5\r\nX-ODD").await;
    ann.reads().await;
    assert_eq!(anna.undoes(None).await, UndoneHow::NeedsYou);
    anna.resolve().await;
    let mark = stage.mark();
    ann.sends().await;
    assert_eq!((anna.state().await, stage.effects("anna", mark)), (Some(RecordState::Synced), 1));
    let back = both.replace("+351 999", "+351 912 345 671").replace("X-ODD", "TEL;TYPE=work:+351 5\r\nX-ODD");
    assert_eq!(stage.has("anna").await.unwrap().1, back);
}

/// Nobody changed anything since: one undo, one write, the very bytes from before; and the person's side as well.
pub async fn undo_to_either_side() {
    let (stage, ann) = with_anna().await;
    let anna = ann.on(&stage, "anna");
    anna.set("/NOTE", "\"Ann's note\"").await;
    stage.changes("anna", "first note", "cho's note").await;
    ann.sends().await;
    anna.resolve_all(Side::Mine).await;
    ann.sends().await;
    assert_eq!(stage.has("anna").await.unwrap().1, contact(1).replace("first note", "Ann's note"));
    assert_eq!(anna.undoes(None).await, UndoneHow::Queued);
    ann.sends().await;
    assert_eq!(stage.has("anna").await.unwrap().1, contact(1).replace("first note", "cho's note"));
}

/// Some contacts at once by one rule, sent, and one undo for all: the server has what it had before, or what
/// somebody made of it since, and each asks again.
pub async fn many_contacts_and_back() {
    const ALL: usize = 6;
    let stage = stage().await;
    for n in 0..ALL {
        stage.creates(&id(n), &contact(n)).await;
    }
    let ann = stage.person().await;
    for n in 0..ALL {
        let it = ann.on(&stage, &id(n));
        it.set("/NOTE", "\"Ann's note\"").await;
        it.set("/TEL/1/value", &format!("\"+351 999 00{n}\"")).await;
        stage.changes(&id(n), "first note", "cho's note").await;
    }
    ann.syncs().await;
    let open = group(&ann).await;
    assert_eq!((open.records.len(), open.fields.as_slice()), (ALL, ["Note".to_owned()].as_slice()));
    let wanted = asked(&open, GroupRule::Theirs);
    let plan = ann.handle.group_plan(wanted.clone()).await.unwrap();
    assert_eq!((plan.rows.len(), plan.left_out.len(), plan.writes as usize), (ALL, 0, ALL));
    let cell = &plan.rows[2].cells[0];
    assert_eq!(cell.result.as_ref().unwrap().text, "cho's note");
    ann.starts();
    let batch = key(&start(&ann, &wanted, &plan, &[]).await);
    let done = comes_to(&ann, &batch, BatchState::Done).await;
    assert_eq!(done.sent as usize, ALL, "{done:?}");
    let sent = |n: usize| {
        let number = format!("+351 912 345 67{n}");
        contact(n).replace(&number, &format!("+351 999 00{n}")).replace("first note", "cho's note")
    };
    for n in 0..ALL {
        assert_eq!(stage.has(&id(n)).await.unwrap().1, sent(n));
    }

    stage.changes(&id(4), "cho's note", "a third note").await;
    ann.reads().await;
    ann.handle.undo_batch(batch.clone()).await.unwrap();
    comes_to(&ann, &batch, BatchState::Undone).await;
    eventually("all are open again", || async { ann.waiting().await == (0, ALL as u32) }).await;
    let undone = ann.handle.batch(batch).await.unwrap();
    let open = |item: &BatchItem| item.undone == Some(BatchUndone::OpenAgain);
    assert!(undone.items.iter().all(open), "{:?}", undone.items);
    // The numbers that were sent are taken back; the note was the server's, and stays.
    for n in 0..ALL {
        let note = if n == 4 { "a third note" } else { "cho's note" };
        assert_eq!(stage.has(&id(n)).await.unwrap().1, contact(n).replace("first note", note));
    }
}
