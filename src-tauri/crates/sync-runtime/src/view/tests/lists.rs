use super::*;
use ipc_types::{EditKind, MarkKind, RecordState};

#[test]
fn a_record_whole() {
    let mine = drill(&[("20.00", "30.00"), ("Cordless drill", "Hammer drill")]);
    let view = record_view(&tools(), &replaced(DRILL, &mine), RecordInput::default()).unwrap();
    assert_eq!(
        (view.title.as_str(), view.state, view.edit),
        ("Hammer drill 18 V", RecordState::Edited, Some(EditKind::Change))
    );
    assert_eq!(view.changed, ["Name", "Deposit"]);
    assert_eq!((view.validator.as_deref(), view.rev), (Some("\"118-6f2c91\""), 3));
    assert_eq!((view.synced_at, view.saved_at), (Some(100), Some(500)));
    assert_eq!(view.text.as_deref(), Some(mine.as_str()));
    assert!(view.editable && view.news.is_none() && view.read_only_why.is_none());

    let deleted = record_view(&tools(), &edited(DRILL, Change::Delete), RecordInput::default()).unwrap();
    assert_eq!(deleted.read_only_why.as_deref(), Some("You deleted this tool. Take that back to edit it."));
    assert!(!deleted.editable && deleted.changed.is_empty() && !deleted.form.fields.is_empty());

    let closed = Rules { grade: Grade::Unprotected, ..RULES.clone() };
    let ctx = ViewContext { rules: &closed, ..tools() };
    assert!(!record_view(&ctx, &synced(DRILL), RecordInput::default()).unwrap().editable);

    let mut created = edited(DRILL, Change::Create(body("{\"deposit\":1}")));
    (created.base, created.id) = (None, None);
    let view = record_view(&tools(), &created, RecordInput::default()).unwrap();
    assert_eq!((view.title.as_str(), view.address.as_str()), ("New tool", "Tool%20library/tools/~7"));

    let broken = Record::new(LocalKey(1), SourceId(1), "tools", None);
    assert!(matches!(record_view(&tools(), &broken, RecordInput::default()), Err(ViewError::State(_))));
}

#[test]
fn addresses_of_the_command_line() {
    for (id, expected) in [("118", "118"), ("a/b c", "a%2Fb%20c"), ("~7", "%7E7"), ("ü~", "%C3%BC~")] {
        let record = Record::new(LocalKey(7), SourceId(1), "b/c", Some(RemoteId(id.into())));
        assert_eq!(address("Café", &record), format!("Caf%C3%A9/b%2Fc/{expected}"));
    }
}

#[test]
fn fields_that_need_a_choice_are_marked_in_the_form() {
    let mine = drill(&[("20.00", "30.00"), ("\"A3\"", "\"A4\"")]);
    let theirs = drill(&[("20.00", "25.00")]);
    let record = in_merge(replaced(DRILL, &mine), Some(&theirs), ConflictKind::EditEdit);
    let view = record_view(&tools(), &record, RecordInput::default()).unwrap();
    let open: Vec<&str> =
        view.form.fields.iter().filter(|f| f.needs_choice).map(|f| f.meta.label.as_str()).collect();
    assert_eq!((open, view.news), (vec!["Deposit"], None));
}

#[test]
fn news_of_the_server() {
    let mine = replaced(DRILL, &drill(&[("20.00", "30.00"), ("\"worn\"", "\"one new\"")]));
    let ines = ("\"Tomasz Wilk\"", "\"Ines Duarte\"");
    for (theirs, fields, overlap) in [
        (drill(&[("\"available\"", "\"in_repair\""), ines]), vec!["Status"], false),
        (drill(&[("20.00", "25.00"), ("\"A3\"", "\"A4\""), ines]), vec!["Deposit", "Shelf"], true),
        (drill(&[("20.00", "30.0"), ines]), vec!["Deposit"], false),
        (drill(&[("\"good\"", "\"scratched\""), ines]), vec!["Accessories"], false),
        (drill(&[("\"worn\"", "\"dead\""), ines]), vec!["Accessories"], true),
    ] {
        let found = news(&tools(), &with_theirs(mine.clone(), Some(&theirs))).unwrap();
        assert_eq!(
            (found.fields, found.overlap, found.gone),
            (fields.iter().map(|f| (*f).to_owned()).collect(), overlap, false)
        );
        assert_eq!((found.who.as_deref(), found.seen_at), (Some("Ines Duarte"), 600));
    }
    let gone = news(&tools(), &with_theirs(mine.clone(), None)).unwrap();
    assert!(gone.gone && gone.overlap && gone.fields.is_empty());
    assert_eq!(news(&tools(), &with_theirs(mine.clone(), Some(&drill(&[ines])))), None);
    assert_eq!(news(&tools(), &mine), None);
    assert_eq!(news(&tools(), &synced(DRILL)), None);
}

#[test]
fn refusals_name_their_fields() {
    let pointers = vec![
        Pointed { pointer: "/deposit".into(), words: "too low".into() },
        Pointed { pointer: "/accessories/1/condition".into(), words: "unknown".into() },
    ];
    let refusal = Refusal { kind: RefusalKind::Content, words: "Deposit too low".into(), pointers };
    let view = refusal_view(&tools(), &refusal, Some(&body(DRILL)));
    let labels: Vec<&str> = view.fields.iter().map(|f| f.label.as_str()).collect();
    assert_eq!(labels, ["Deposit", "Accessories, Battery 2.0 Ah, Condition"]);
}

#[test]
fn why_an_edit_waits() {
    type Change = fn(&mut Record, &mut Rules, &mut OutboxInput);
    let later = Some(Timestamp(2_000_000));
    assert!(later > Some(tools().now));
    let cases: [(&str, Change); 14] = [
        ("next", |_, _, _| {}),
        ("held", |r, _, _| r.edit.as_mut().unwrap().held = true),
        ("offline", |_, _, i| i.offline = true),
        ("paused", |_, _, i| i.gate.closed = true),
        ("paused", |_, _, i| i.gate.writes_closed = true),
        ("server_busy", |_, _, i| i.gate.not_before = Some(Timestamp(2_000_000))),
        ("server_busy", |r, _, _| {
            let edit = r.edit.as_mut().unwrap();
            (edit.not_before, edit.wait) = (Some(Timestamp(2_000_000)), Some(WaitReason::ServerBusy));
        }),
        ("back_off", |r, _, _| r.edit.as_mut().unwrap().not_before = Some(Timestamp(2_000_000))),
        ("next", |r, _, _| r.edit.as_mut().unwrap().not_before = Some(Timestamp(2_000))),
        ("no_version_mark", |r, _, _| r.edit.as_mut().unwrap().wait = Some(WaitReason::NoVersionMark)),
        ("not_checked", |_, r, _| r.grade = Grade::NotChecked),
        ("unprotected", |_, r, _| r.grade = Grade::Unprotected),
        ("refused", |r, _, _| {
            r.refusal =
                Some(Refusal { kind: RefusalKind::Content, words: "too low".into(), pointers: Vec::new() });
        }),
        ("lost_answer", |r, _, _| r.in_flight = Some(in_flight(Fate::Lost))),
    ];
    for (reason, change) in cases {
        let mut record = replaced(DRILL, &drill(&[("20.00", "30.00"), ("\"A3\"", "\"A4\"")]));
        let mut rules = RULES.clone();
        let mut input = OutboxInput::default();
        change(&mut record, &mut rules, &mut input);
        let ctx = ViewContext { rules: &rules, ..tools() };
        let entry = outbox_entry(&ctx, &record, &input).unwrap().unwrap();
        assert_eq!(entry.reason, reason);
        assert_eq!((entry.fields, entry.kind), (2, EditKind::Change));
        assert_eq!(entry.precondition.as_deref(), Some("If-Match: \"118-6f2c91\""));
        assert_eq!(entry.not_before.is_some(), ["server_busy", "back_off"].contains(&reason), "{reason}");
    }
    let mut copy = edited(DRILL, sync_engine::Change::Create(body(DRILL)));
    (copy.base, copy.id) = (None, None);
    copy.edit.as_mut().unwrap().held = true;
    for (creates, reason) in [(Creates::No, "stays_here"), (Creates::Post, "held")] {
        let rules = Rules { creates, ..RULES.clone() };
        let ctx = ViewContext { rules: &rules, ..tools() };
        let entry = outbox_entry(&ctx, &copy, &OutboxInput::default()).unwrap().unwrap();
        assert_eq!(entry.reason, reason);
    }
    let clash = in_merge(
        replaced(DRILL, &drill(&[("20.00", "30.00")])),
        Some(&drill(&[("20.00", "25.00")])),
        ConflictKind::EditEdit,
    );
    assert_eq!(outbox_entry(&tools(), &clash, &OutboxInput::default()), Ok(None));
    assert_eq!(outbox_entry(&tools(), &synced(DRILL), &OutboxInput::default()), Ok(None));
}

fn in_flight(fate: Fate) -> InFlight {
    InFlight {
        sent: Sent::Delete,
        rev: Rev(3),
        precondition: "If-Match: \"118-6f2c91\"".into(),
        run: RunId(1),
        fate,
        twins: Vec::new(),
        asks: false,
    }
}

#[test]
fn preconditions_of_creates() {
    let mut record = edited(DRILL, Change::Create(body(DRILL)));
    record.base = None;
    for (creates, line) in [
        (Creates::OwnAddress, Some("If-None-Match: *")),
        (Creates::Post, Some("new")),
        (Creates::PostWithKey, Some("new")),
        (Creates::No, None),
    ] {
        let rules = Rules { creates, ..RULES.clone() };
        let ctx = ViewContext { rules: &rules, ..tools() };
        let entry = outbox_entry(&ctx, &record, &OutboxInput::default()).unwrap().unwrap();
        assert_eq!(entry.precondition.as_deref(), line, "{creates:?}");
        assert_eq!(entry.fields, 12);
    }
}

#[test]
fn lines_of_the_body() {
    let marks = body_diff(Some(&body(DRILL)), &body(&drill(&[("20.00", "30.00")])));
    let kinds: Vec<MarkKind> = marks.iter().map(|m| m.kind).collect();
    assert_eq!(kinds, [MarkKind::Equal, MarkKind::Removed, MarkKind::Added, MarkKind::Equal]);
    assert_eq!(marks[1].text, "  \"deposit\": 20.00,\n");
    let joined = |skip| marks.iter().filter(|m| m.kind != skip).map(|m| m.text.as_str()).collect::<String>();
    assert_eq!(joined(MarkKind::Added), DRILL);
    assert_eq!(joined(MarkKind::Removed), drill(&[("20.00", "30.00")]));
    assert_eq!(body_diff(None, &body("{}\n")).len(), 1);
    let many = |word: &str| body(&(0..7_000).map(|n| format!("{word}{n}\n")).collect::<String>());
    let kinds: Vec<MarkKind> = body_diff(Some(&many("a")), &many("b")).iter().map(|m| m.kind).collect();
    assert_eq!(kinds, [MarkKind::Removed, MarkKind::Added]);
}

#[test]
fn fields_are_counted() {
    for (text, fields) in
        [("{}", 0), (r#"{"a":1,"b":[1,2],"c":{"d":1,"e":{}}}"#, 4), ("[1,2]", 1), ("x", 1), (DRILL, 12)]
    {
        assert_eq!(count_fields(&body(text)), fields, "{text}");
    }
}

#[test]
fn rows_of_the_list() {
    let columns = columns(&TOOLS, &[&body(DRILL)]);
    assert_eq!(columns.iter().map(|c| c.label.as_str()).collect::<Vec<_>>(), ["No.", "Status", "Deposit"]);
    let row = record_row(&tools(), &synced(DRILL), &columns).unwrap();
    assert_eq!(row.cells, ["T-118", "Available", "20.00"]);
    assert_eq!(row.changed_at, 1_780_992_000_000);
    let row = record_row(&tools(), &edited(DRILL, Change::Delete), &columns).unwrap();
    assert!(row.deleted && row.changed_at == 500 && row.title == "Cordless drill 18 V");
}
