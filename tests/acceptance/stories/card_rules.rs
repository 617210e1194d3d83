//! Rules for contacts and events, made as a person makes them: in "Needs you" ("use this for similar ones from now on") and
//! in Settings, Rules.

use super::groups::{asked, comes_to, key, start};
use crate::person::{Person, pointers, row};
use crate::servers::Reference;
use crate::stage::Stage;
use ipc_types::{
    AddMergeRule, BatchMember, BatchState, Choice, FieldHow, GroupRule, MergeRuleKey, MergeRuleView,
    NeedsYouGroup, RecordState, RuleField, RulePlace, SetOffline, StartBatch,
};
use std::sync::Arc;

fn contact(n: usize) -> String {
    format!(
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Keller;Anna {n};;;\r\nFN:Anna {n} Keller\r\nTEL;TYPE=CELL:+351 912 345 67{n}\r\nTEL;TYPE=WORK:+351 218 000 22{n}\r\nitem1.ADR;TYPE=HOME:;;Rua das Flores {n};Lisboa;;1200;Portugal\r\nitem1.X-ABLABEL:Summer\r\nLABEL;TYPE=HOME:Rua das Flores {n}\\nLisboa\r\nX-ODD;A=\"b;c\":kept  as it is\r\nNOTE:first note\r\nUID:card-{n}\r\nEND:VCARD\r\n"
    )
}

/// Version 4: what stands on an envelope is a parameter of the address.
fn envelope(n: usize) -> String {
    format!(
        "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Anna {n}\r\nADR;TYPE=home;LABEL=\"Rua {n}\":;;Rua {n};Lisboa;;1200;Portugal\r\nNOTE:first note\r\nUID:card-{n}\r\nEND:VCARD\r\n"
    )
}

fn event(n: usize) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nBEGIN:VEVENT\r\nUID:choir-{n}\r\nDTSTAMP:20260301T090000Z\r\nSUMMARY:Choir {n}\r\nLOCATION:Hall\r\nDTSTART:2026120{n}T190000Z\r\nDTEND:2026120{n}T203000Z\r\nATTENDEE;CN=Ben:mailto:ben@example.net\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

fn preferring(n: usize) -> String {
    format!(
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Anna {n}\r\nTEL;TYPE=CELL,pref:+351 912 345 67{n}\r\nTEL;TYPE=WORK:+351 218 000 22{n}\r\nTEL;TYPE=HOME:+351 218 000 33{n}\r\nUID:card-{n}\r\nEND:VCARD\r\n"
    )
}

fn id(n: usize) -> String {
    format!("r{n}")
}

/// A server with these records, and a person who has read them and reads and sends by herself from now on.
async fn club(record: fn(usize) -> String) -> (Stage, Person) {
    let stage = Stage::around(Arc::new(Reference::for_anything().await)).await;
    for n in 1..=4 {
        stage.creates(&id(n), &record(n)).await;
    }
    let ann = stage.person().await;
    ann.starts();
    (stage, ann)
}

/// Ann sets fields of record `n` while somebody else changes its text, and it needs her.
async fn meet(stage: &Stage, ann: &Person, n: usize, sets: &[(&str, &str)], changes: &[(&str, &str)]) {
    ann.handle.set_offline(SetOffline { offline: true }).await.unwrap();
    let it = ann.on(stage, &id(n));
    for (place, value) in sets {
        it.set(place, value).await;
    }
    for (from, to) in changes {
        stage.changes(&id(n), from, to).await;
    }
    ann.handle.set_offline(SetOffline { offline: false }).await.unwrap();
    ann.syncs().await;
    it.comes_to(Some(RecordState::NeedsYou)).await;
}

/// The group that record `n` is in.
async fn group_of(stage: &Stage, ann: &Person, n: usize) -> NeedsYouGroup {
    let key = ann.on(stage, &id(n)).key().await.key;
    let all = ann.handle.needs_you().await.unwrap().groups;
    let own = all.into_iter().find(|group| group.records.iter().any(|record| record.key == key));
    own.expect("it needs the person")
}

/// One rule for the group of record `n`, used for similar ones from now on; the rule there is then.
async fn from_now_on(stage: &Stage, ann: &Person, n: usize, rule: GroupRule) -> MergeRuleView {
    let group = group_of(stage, ann, n).await;
    let wanted = asked(&group, rule);
    let plan = ann.handle.group_plan(wanted.clone()).await.unwrap();
    assert_eq!((plan.rows.len(), plan.left_out.len()), (group.records.len(), 0), "{plan:?}");
    let keep: Vec<&str> = group.patterns.iter().map(String::as_str).collect();
    let batch = key(&start(ann, &wanted, &plan, &keep).await);
    comes_to(ann, &batch, BatchState::Done).await;
    let mut rules = ann.handle.merge_rules().await.unwrap();
    assert_eq!(rules.len(), 1, "{rules:?}");
    rules.remove(0)
}

async fn fields(stage: &Stage, ann: &Person) -> Vec<RuleField> {
    let place = RulePlace { source: "work".to_owned(), collection: stage.server.collection() };
    ann.handle.rule_fields(place).await.unwrap()
}

/// Settings, Rules, Add a rule: fields are chosen by their names.
async fn add(
    stage: &Stage,
    ann: &Person,
    field: &str,
    (rule, how): (Option<GroupRule>, Option<FieldHow>),
    with: &[&str],
) -> MergeRuleView {
    let fields = fields(stage, ann).await;
    let called = |name: &str| {
        let found: Vec<&RuleField> = fields.iter().filter(|field| field.label == name).collect();
        assert_eq!(found.len(), 1, "one field is called {name}: {fields:?}");
        found[0].pattern.clone()
    };
    let wanted = AddMergeRule {
        source: "work".to_owned(),
        collection: stage.server.collection(),
        pattern: called(field),
        rule,
        how,
        with: with.iter().map(|name| called(name)).collect(),
    };
    ann.handle.add_merge_rule(wanted).await.unwrap().pop().unwrap()
}

const TOGETHER: (Option<GroupRule>, Option<FieldHow>) = (None, Some(FieldHow::Together));

/// How many choices a merge still asks for.
async fn asks(stage: &Stage, ann: &Person, n: usize) -> u32 {
    ann.on(stage, &id(n)).merge().await.choices
}

/// Sends what record `n` became, and answers the text that the server has then.
async fn sent(stage: &Stage, ann: &Person, n: usize) -> String {
    let it = ann.on(stage, &id(n));
    it.resolve().await;
    it.comes_to(Some(RecordState::Synced)).await;
    stage.has(&id(n)).await.unwrap().1
}

/// `FN` and `N` are one row: a rule for it answers just that row, in any contact, and none of its fields alone.
pub async fn a_rule_for_a_name() {
    let (stage, ann) = club(contact).await;
    let name = |n: usize| format!("Anna {n} Keller");
    let changed = |n: usize| [(format!("FN:{}", name(n)), format!("FN:{}-Silva", name(n)))];
    let clash = async |n: usize| {
        let [(from, to)] = changed(n);
        meet(&stage, &ann, n, &[("/N/family", "\"Costa\"")], &[(from.as_str(), to.as_str())]).await;
    };
    clash(1).await;
    let view = ann.on(&stage, &id(1)).merge().await;
    assert_eq!(pointers(&view), [("/FN".to_owned(), true)], "one row: no half of a name");
    let rule = from_now_on(&stage, &ann, 1, GroupRule::Theirs).await;
    assert_eq!(
        (rule.field.as_str(), rule.rule, rule.enabled),
        ("Name + Name in parts", GroupRule::Theirs, true)
    );
    assert_eq!(stage.has(&id(1)).await.unwrap().1, contact(1).replace(&name(1), "Anna 1 Keller-Silva"));

    clash(2).await;
    assert_eq!(asks(&stage, &ann, 2).await, 0);
    assert_eq!(sent(&stage, &ann, 2).await, contact(2).replace(&name(2), "Anna 2 Keller-Silva"));
    // The name alone was never asked about.
    let sets = [("/FN", "\"Anna C.\"")];
    meet(&stage, &ann, 3, &sets, &[("FN:Anna 3 Keller", "FN:Anna Silva")]).await;
    assert_eq!(asks(&stage, &ann, 3).await, 1);
    clash(4).await;
    assert_eq!(asks(&stage, &ann, 4).await, 0);
    let rules = ann.handle.remove_merge_rule(MergeRuleKey { id: rule.id }).await.unwrap();
    assert!(rules.is_empty());
    assert_eq!(asks(&stage, &ann, 4).await, 1);
}

/// Start and end of an event are one field: a rule for it holds for every event, whatever its UID is.
pub async fn a_rule_for_a_time() {
    let (stage, ann) = club(event).await;
    let clash = async |n: usize| {
        let start = format!("\"2026-12-0{n} 18:30\"");
        let (from, to) = (format!("DTEND:2026120{n}T2030"), format!("DTEND:2026120{n}T2130"));
        meet(&stage, &ann, n, &[("/start", &start)], &[(from.as_str(), to.as_str())]).await;
    };
    clash(1).await;
    let rule = from_now_on(&stage, &ann, 1, GroupRule::Mine).await;
    assert_eq!((rule.field.as_str(), rule.rule), ("Time", GroupRule::Mine));
    clash(2).await;
    assert_eq!(asks(&stage, &ann, 2).await, 0);
    let event = event(2).replace("DTSTART:20261202T190000Z", "DTSTART:20261202T183000Z");
    assert_eq!(sent(&stage, &ann, 2).await, event, "her start, and the end that was there with it");
    // Another field of an event is asked.
    let sets = [("/LOCATION", "\"Church\"")];
    meet(&stage, &ann, 3, &sets, &[("LOCATION:Hall", "LOCATION:Garden")]).await;
    assert_eq!(asks(&stage, &ann, 3).await, 1);
}

/// "Goes together", from Settings, for two fields of an event: changed on two sides, they are one choice, and no half of
/// one meets a half of the other; also in what waits already.
pub async fn time_and_place_go_together() {
    let (stage, ann) = club(event).await;
    let sets = [("/start", "\"2026-12-01 18:30\""), ("/SUMMARY", "\"Choir of Ann\"")];
    meet(
        &stage,
        &ann,
        1,
        &sets,
        &[("LOCATION:Hall", "LOCATION:Garden"), ("SUMMARY:Choir 1", "SUMMARY:Song")],
    )
    .await;
    assert_eq!(asks(&stage, &ann, 1).await, 1, "time and place fit together by the letter");
    let rule = add(&stage, &ann, "Time", TOGETHER, &["Place"]).await;
    assert_eq!((rule.field.as_str(), rule.with.as_slice()), ("Time", ["Place".to_owned()].as_slice()));
    let it = ann.on(&stage, &id(1));
    let view = it.merge().await;
    assert_eq!(view.choices, 2, "{:?}", pointers(&view));
    let time = view.rows.iter().find(|row| row.open && !row.field.pointer.ends_with("/SUMMARY")).unwrap();
    assert_eq!(time.field.label, "Time and Place");
    let (time, title) = (time.field.pointer.clone(), "/VEVENT/choir-1/SUMMARY");
    assert!(row(&view, title).open);
    it.decide(&time, Choice::Mine).await;
    it.decide(title, Choice::Theirs).await;
    let wanted = event(1).replace("T190000Z", "T183000Z").replace("SUMMARY:Choir 1", "SUMMARY:Song");
    assert_eq!(sent(&stage, &ann, 1).await, wanted, "her time with the place it was made for");

    // The group in Needs you is that row, and a rule for it can be kept: it answers the next one.
    let clash = async |n: usize| {
        let start = format!("\"2026-12-0{n} 18:30\"");
        meet(&stage, &ann, n, &[("/start", &start)], &[("LOCATION:Hall", "LOCATION:Garden")]).await;
    };
    clash(2).await;
    let group = group_of(&stage, &ann, 2).await;
    assert_eq!(group.fields, ["Time + Place"]);
    let wanted = asked(&group, GroupRule::Theirs);
    let plan = ann.handle.group_plan(wanted.clone()).await.unwrap();
    let batch = key(&start(&ann, &wanted, &plan, &[group.patterns[0].as_str()]).await);
    comes_to(&ann, &batch, BatchState::Done).await;
    assert_eq!(stage.has(&id(2)).await.unwrap().1, event(2).replace("LOCATION:Hall", "LOCATION:Garden"));
    clash(3).await;
    assert_eq!(asks(&stage, &ann, 3).await, 0);
    assert_eq!(sent(&stage, &ann, 3).await, event(3).replace("LOCATION:Hall", "LOCATION:Garden"));
    // They are one row whichever of them clashes: the rule is about that row.
    let (from, to) = ("DTEND:20261204T2030", "DTEND:20261204T2130");
    meet(&stage, &ann, 4, &[("/start", "\"2026-12-04 18:30\"")], &[(from, to)]).await;
    let view = ann.on(&stage, &id(4)).merge().await;
    let told: Vec<(&str, bool)> = view.rows.iter().map(|row| (row.field.label.as_str(), row.open)).collect();
    assert_eq!(told, [("Time and Place", false)]);
}

/// An address and what stands on the envelope, in version 3 two properties: they go together if the person says so. In
/// version 4 they are one anyway, and a rule for that row holds for every address.
pub async fn an_address_and_its_label() {
    let (stage, ann) = club(contact).await;
    let clash = async |stage: &Stage, ann: &Person, n: usize, (from, to): (&str, &str)| {
        meet(stage, ann, n, &[("/ADR/street", "\"Rua Nova 7\"")], &[(from, to)]).await;
    };
    let label = |n: usize| (format!("Rua das Flores {n}\\nLisboa"), format!("Rua das Flores {n}\\nLoures"));
    let (from, to) = label(1);
    clash(&stage, &ann, 1, (&from, &to)).await;
    assert_eq!(asks(&stage, &ann, 1).await, 0);
    let rule = add(&stage, &ann, "Address", TOGETHER, &["Label"]).await;
    assert_eq!(rule.with, ["Label"]);
    assert_eq!(asks(&stage, &ann, 1).await, 1);
    let it = ann.on(&stage, &id(1));
    let open = it.merge().await.rows.into_iter().find(|row| row.open).unwrap().field;
    assert_eq!(open.label, "Address and Label");
    it.decide(&open.pointer, Choice::Mine).await;
    let wanted = contact(1).replace(";;Rua das Flores 1;", ";;Rua Nova 7;");
    assert_eq!(sent(&stage, &ann, 1).await, wanted, "her address, and the label of before");

    let (stage, ann) = club(envelope).await;
    clash(&stage, &ann, 1, ("LABEL=\"Rua 1\"", "LABEL=\"Rua 1, Loures\"")).await;
    assert_eq!(asks(&stage, &ann, 1).await, 1);
    let rule = from_now_on(&stage, &ann, 1, GroupRule::Theirs).await;
    assert_eq!((rule.field.as_str(), rule.rule), ("Address, Parts + Address, Label", GroupRule::Theirs));
    clash(&stage, &ann, 2, ("LABEL=\"Rua 2\"", "LABEL=\"Rua 2, Loures\"")).await;
    assert_eq!(asks(&stage, &ann, 2).await, 0);
    let wanted = envelope(2).replace("LABEL=\"Rua 2\"", "LABEL=\"Rua 2, Loures\"");
    assert_eq!(sent(&stage, &ann, 2).await, wanted);
    clash(&stage, &ann, 3, (";;Rua 3;", ";;Rua 33;")).await;
    assert_eq!(asks(&stage, &ann, 3).await, 1, "two streets: the rule is about a street and its label");
}

/// A rule made from one phone of one contact is about the numbers of phones: of every phone of every contact, and of
/// nothing else.
pub async fn a_rule_for_phones() {
    let (stage, ann) = club(contact).await;
    let clash = async |n: usize, at: usize, place: &str, (from, to): (&str, &str)| {
        meet(&stage, &ann, n, &[(&format!("/TEL/{at}/{place}"), "\"+351 999 000 111\"")], &[(from, to)])
            .await;
    };
    clash(1, 0, "value", ("912 345 671", "912 000 000")).await;
    let rule = from_now_on(&stage, &ann, 1, GroupRule::Theirs).await;
    assert_eq!((rule.field.as_str(), rule.pattern.as_str()), ("Phone, Number", "TEL/*/value"));
    // Another phone of another contact.
    clash(2, 1, "value", ("218 000 222", "218 111 111")).await;
    assert_eq!(asks(&stage, &ann, 2).await, 0);
    assert_eq!(sent(&stage, &ann, 2).await, contact(2).replace("218 000 222", "218 111 111"));
    // A phone that is gone on one side is no number that clashes.
    let gone = ("TEL;TYPE=WORK:+351 218 000 223\r\n", "");
    clash(3, 1, "value", gone).await;
    assert_eq!(asks(&stage, &ann, 3).await, 1);
    // What "Phone" says in Settings is about all of it.
    ann.handle.remove_merge_rule(MergeRuleKey { id: rule.id }).await.unwrap();
    let all = add(&stage, &ann, "Phone", (Some(GroupRule::Theirs), None), &[]).await;
    assert_eq!((all.field.as_str(), all.pattern.as_str()), ("Phone", "TEL"));
    assert_eq!(asks(&stage, &ann, 3).await, 0);
    assert_eq!(sent(&stage, &ann, 3).await, contact(3).replace(gone.0, ""));
    clash(4, 0, "value", ("912 345 674", "912 000 000")).await;
    assert_eq!(asks(&stage, &ann, 4).await, 0);
}

/// Which phone is the preferred one is a question about phones: a rule made from it is not one about their numbers.
pub async fn a_rule_for_the_preferred_phone() {
    let (stage, ann) = club(preferring).await;
    let clash = async |n: usize| {
        ann.handle.set_offline(SetOffline { offline: true }).await.unwrap();
        let it = ann.on(&stage, &id(n));
        it.replaces(
            &preferring(n).replace("TYPE=CELL,pref", "TYPE=CELL").replace("TYPE=HOME", "TYPE=HOME,pref"),
        )
        .await;
        let text =
            preferring(n).replace("TYPE=CELL,pref", "TYPE=CELL").replace("TYPE=WORK", "TYPE=WORK,pref");
        stage.changes(&id(n), &preferring(n), &text).await;
        ann.handle.set_offline(SetOffline { offline: false }).await.unwrap();
        ann.syncs().await;
        it.comes_to(Some(RecordState::NeedsYou)).await;
    };
    clash(1).await;
    let group = group_of(&stage, &ann, 1).await;
    assert_eq!(
        (group.patterns.as_slice(), asks(&stage, &ann, 1).await),
        (["TEL/*".to_owned()].as_slice(), 1)
    );
    let wanted = asked(&group, GroupRule::Theirs);
    let plan = ann.handle.group_plan(wanted.clone()).await.unwrap();
    assert_eq!(plan.fields[0].once, Some(true), "no rule can answer it later");
    let mut kept = StartBatch {
        members: vec![BatchMember { key: plan.rows[0].key.clone(), seen: plan.rows[0].seen.clone() }],
        kind: wanted.kind,
        patterns: wanted.patterns.clone(),
        rules: wanted.rules.clone(),
        keep: wanted.patterns.clone(),
    };
    let refused = ann.handle.start_batch(kept.clone()).await.unwrap_err();
    assert!(refused.to_string().contains("cannot be a rule for later ones"), "{refused}");
    kept.keep.clear();
    let batch = key(&ann.handle.start_batch(kept).await.unwrap());
    comes_to(&ann, &batch, BatchState::Done).await;
    assert!(ann.handle.merge_rules().await.unwrap().is_empty());
    let server = preferring(1).replace("TYPE=CELL,pref", "TYPE=CELL").replace("TYPE=WORK", "TYPE=WORK,pref");
    assert_eq!(stage.has(&id(1)).await.unwrap().1, server);
    meet(&stage, &ann, 3, &[("/TEL/0/value", "\"+351 999\"")], &[("912 345 673", "912 000 000")]).await;
    assert_eq!(asks(&stage, &ann, 3).await, 1);
}

/// Fields to choose from are those of every contact and event: each once, by its name, and no key of one record.
pub async fn fields_have_names() {
    let (stage, ann) = club(contact).await;
    stage.creates("choir", &event(1)).await;
    ann.reads().await;
    let fields = fields(&stage, &ann).await;
    let labels: Vec<&str> = fields.iter().map(|field| field.label.as_str()).collect();
    for name in [
        "Name",
        "Name in parts",
        "Phone",
        "Phone, Number",
        "Address, Label",
        "Time",
        "Place",
        "Guest, Answer",
    ] {
        assert_eq!(labels.iter().filter(|label| **label == name).count(), 1, "{name}: {labels:?}");
    }
    let keys = ["912", "choir-1", "ben@", "Flores", "UID", "DTSTAMP"];
    let of_one = |field: &&RuleField| keys.iter().any(|key| field.pattern.contains(key));
    assert_eq!(fields.iter().find(of_one), None);
    // They hold for a record that is read later.
    add(&stage, &ann, "Guest, Answer", (None, Some(FieldHow::Follow)), &[]).await;
    let later = event(2).replace("ben@", "cho@");
    stage.creates("later", &later).await;
    ann.reads().await;
    let it = ann.on(&stage, "later");
    ann.handle.set_offline(SetOffline { offline: true }).await.unwrap();
    it.set("/LOCATION", "\"Church\"").await;
    stage.changes("later", "ATTENDEE;CN=Ben:", "ATTENDEE;CN=Ben;PARTSTAT=ACCEPTED:").await;
    stage.changes("later", "LOCATION:Hall", "LOCATION:Garden").await;
    ann.handle.set_offline(SetOffline { offline: false }).await.unwrap();
    ann.syncs().await;
    it.comes_to(Some(RecordState::NeedsYou)).await;
    assert_eq!(pointers(&it.merge().await), [("/VEVENT/choir-2/LOCATION".to_owned(), true)]);
}
