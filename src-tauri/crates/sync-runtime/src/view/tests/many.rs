//! "Needs you" for many: what clashes, groups, one rule for all of a group.

use super::*;
use ipc_types::{FieldRule, GroupRule, Provenance};
use record_store::{CollectionId, NeedsYouRow, Shape};

type Pairs<'a> = &'a [(&'a str, &'a str)];

/// A drill called `name`, changed here and on the server (`None` = deleted there).
fn clash(key: i64, name: &str, mine: Pairs<'_>, theirs: Option<Pairs<'_>>) -> Record {
    let base = drill(&[("Cordless drill 18 V", name)]);
    let change = |pairs: Pairs<'_>| pairs.iter().fold(base.clone(), |t, (a, b)| t.replacen(a, b, 1));
    let kind = if theirs.is_some() { ConflictKind::EditEdit } else { ConflictKind::EditDelete };
    let mut record = in_merge(replaced(&base, &change(mine)), theirs.map(change).as_deref(), kind);
    record.key = LocalKey(key);
    record
}

fn deposit(key: i64, name: &str) -> Record {
    clash(key, name, &[("20.00", "30.00")], Some(&[("20.00", "25.00")]))
}

fn row(ctx: &ViewContext<'_>, collection: i64, record: &Record) -> NeedsYouRow {
    NeedsYouRow {
        key: record.key,
        source: SourceId(1),
        collection: CollectionId(collection),
        title: title(record.visible(), ctx.schema, "?"),
        kind: record.conflict.as_ref().unwrap().kind,
        saved_at: Timestamp(500),
        seen_at: Timestamp(600),
        shape: shape(ctx, record, 7).ok(),
    }
}

#[test]
fn records_that_need_you_are_grouped_by_shape() {
    let (ctx, other) = (tools(), notes());
    let both = [("20.00", "31.00"), ("\"A3\"", "\"B1\"")];
    let records = [
        clash(1, "Drill", &both, Some(&[("20.00", "25.00"), ("\"A3\"", "\"C1\"")])),
        deposit(2, "Angle grinder"),
        deposit(3, "Mitre saw"),
        clash(4, "Jigsaw", &[("20.00", "30.00")], Some(&[("\"A3\"", "\"C1\"")])),
        clash(5, "Loppers", &[("20.00", "30.00")], None),
    ];
    let mut rows: Vec<NeedsYouRow> = records.iter().map(|record| row(&ctx, 1, record)).collect();
    rows.push(row(&other, 2, &records[1]));
    // What is not derived yet is not listed, nor what has no place.
    rows.push(NeedsYouRow { shape: None, ..row(&ctx, 1, &records[0]) });
    rows.push(row(&ctx, 3, &records[0]));
    let view = needs_you(rows, |row| match row.collection.0 {
        1 => Some(NeedsYouPlace { source: "Library", collection: "Tools", noun: "tool" }),
        2 => Some(NeedsYouPlace { source: "Library", collection: "Plot notes", noun: "note" }),
        _ => None,
    });
    let groups: Vec<String> = view
        .groups
        .iter()
        .map(|g| format!("{} {:?} {:?} {:?} {}", g.collection, g.kind, g.fields, g.patterns, g.records.len()))
        .collect();
    assert_eq!(
        groups,
        [
            "Tools EditEdit [\"Deposit\"] [\"deposit\"] 2",
            "Plot notes EditEdit [\"Deposit\"] [\"deposit\"] 1",
            "Tools EditEdit [] [] 1",
            "Tools EditEdit [\"Deposit\", \"Shelf\"] [\"deposit\", \"shelf\"] 1",
            "Tools EditDelete [] [] 1",
        ]
    );
    assert_eq!((view.total, view.groups[0].noun.as_str()), (6, "tool"));
    let first = &view.groups[0].records[0];
    assert_eq!(
        (first.title.as_str(), first.open, first.decided, first.automatic),
        ("Angle grinder", 1, 0, 0)
    );
    assert_eq!(first.theirs.as_ref().map(|v| v.text.as_str()), Some("25.00"));
    assert_eq!(first.mine.as_ref().map(|v| v.text.as_str()), Some("30.00"));
    let ready = &view.groups[2].records[0];
    assert_eq!((ready.open, ready.automatic, ready.look, &ready.theirs), (0, 2, false, &None));
}

#[test]
fn entries_of_lists_clash_in_the_same_field_whichever_they_are() {
    let record = |from: &str| {
        let (mine, theirs) = (format!("{from} mine\""), format!("{from} theirs\""));
        let quoted = format!("{from}\"");
        clash(1, "Drill", &[(&quoted, &mine)], Some(&[(&quoted, &theirs)]))
    };
    let shapes: Vec<Shape> =
        ["\"good", "\"worn"].iter().map(|from| shape(&tools(), &record(from), 1).unwrap()).collect();
    assert_eq!(shapes[0].fields, shapes[1].fields);
    let field = &shapes[0].fields[0];
    assert_eq!(
        (field.pattern.as_str(), field.label.as_str()),
        ("accessories/condition", "Accessories, Condition")
    );
}

/// A contact whose phone number with a type of its own was changed here and on the server.
fn contact(key: i64, number: &str) -> Record {
    let card = |home: &str, work: &str| {
        let text = format!(
            "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:urn:uuid:{key}\r\nFN:Contact {key}\r\nTEL;TYPE=home:{home}\r\nTEL;TYPE=work:{work}\r\nEND:VCARD\r\n"
        );
        Body::new(text.into_bytes(), "text/vcard; charset=utf-8")
    };
    let mut record = in_merge(replaced(DRILL, "{}"), Some("{}"), ConflictKind::EditEdit);
    record.key = LocalKey(key);
    record.base.as_mut().unwrap().body = card(number, "+44 1");
    record.edit.as_mut().unwrap().change = Change::Replace(card(&format!("{number}1"), "+44 1"));
    let there = Version { body: card(&format!("{number}2"), "+44 1"), validator: Some(tag("\"2\"")) };
    record.theirs.as_mut().unwrap().what = Theirs::Present(there);
    record
}

#[test]
fn a_phone_number_clashes_in_the_same_field_whichever_it_is() {
    let contacts = [contact(1, "+351 1"), contact(2, "+49 2"), contact(3, "+1 3")];
    let rows = contacts.iter().map(|record| row(&notes(), 1, record)).collect();
    let place = NeedsYouPlace { source: "Home", collection: "Contacts", noun: "contact" };
    let view = needs_you(rows, |_| Some(place));
    assert_eq!(view.groups.len(), 1, "{:?}", view.groups);
    let group = &view.groups[0];
    assert_eq!(
        (group.records.len(), &group.fields, &group.patterns),
        (3, &vec!["Phone, Number".to_owned()], &vec!["TEL/*/value".to_owned()])
    );
    for record in &contacts {
        let planned = said(record, &["TEL/*/value"], &[("TEL/*/value", GroupRule::Mine)], None).unwrap();
        assert!(planned.complete && planned.writes);
        assert_eq!(planned.cells[0].result.as_ref().map(|v| v.text.ends_with('1')), Some(true));
    }
}

fn said(record: &Record, patterns: &[&str], rules: &[(&str, GroupRule)], at: Option<i64>) -> Fit {
    let rules: Vec<FieldRule> =
        rules.iter().map(|(p, rule)| FieldRule { pattern: (*p).to_owned(), rule: *rule }).collect();
    let patterns: Vec<String> = patterns.iter().map(|p| (*p).to_owned()).collect();
    let kind = match record.conflict.as_ref().unwrap().kind {
        ConflictKind::EditDelete => ipc_types::ConflictKind::EditDelete,
        _ => ipc_types::ConflictKind::EditEdit,
    };
    plan(&tools(), record, &GroupRules::new(kind, &patterns, &rules), at).unwrap()
}

#[test]
fn one_rule_decides_a_field() {
    use GroupRule::{Higher, Later, Mine, Newest, Sum, Theirs};
    // Saved at 500 here.
    for (rule, at, want) in [
        (Theirs, None, Some(("25.00", Provenance::Server))),
        (Mine, None, Some(("30.00", Provenance::Mine))),
        (Higher, None, Some(("30.00", Provenance::Mine))),
        (Sum, None, Some(("35.00", Provenance::Both))),
        (Newest, Some(400), Some(("30.00", Provenance::Mine))),
        (Newest, Some(600), Some(("25.00", Provenance::Server))),
        (Later, None, None),
    ] {
        let planned = said(&deposit(1, "Saw"), &["deposit"], &[("deposit", rule)], at).unwrap();
        let cell = &planned.cells[0];
        let result = cell.result.as_ref().map(|v| v.text.as_str()).zip(cell.provenance);
        assert_eq!(result, want, "{rule:?}");
        assert_eq!(planned.complete, want.is_some(), "{rule:?}");
        assert_eq!((cell.before.text.as_str(), cell.by_hand, cell.more), ("20.00", false, 0));
        // Only their own deposit was changed here: taking the server's leaves nothing to send.
        assert_eq!(planned.writes, want.is_some_and(|(text, _)| text != "25.00"), "{rule:?}");
    }
}

#[test]
fn what_can_be_said_fits_the_values() {
    use GroupRule::{Higher, Mine, Newest, Sum, Theirs};
    let offers = |pattern: &str, mine: (&str, &str), theirs: (&str, &str), at| {
        let record = clash(1, "Saw", &[mine], Some(&[theirs]));
        said(&record, &[pattern], &[], at).unwrap().offers[0].iter().copied().collect::<Vec<_>>()
    };
    assert_eq!(offers("deposit", ("20.00", "30.00"), ("20.00", "25.00"), None), [Theirs, Mine, Higher]);
    assert_eq!(offers("shelf", ("\"A3\"", "\"B1\""), ("\"A3\"", "\"C1\""), Some(1)), [Theirs, Mine, Newest]);
    assert_eq!(
        offers("accessories/count", ("\"count\": 1", "\"count\": 3"), ("\"count\": 1", "\"count\": 4"), None),
        [Theirs, Mine, Higher, Sum]
    );
    assert_eq!(
        offers("next_safety_check", ("2026-09-14", "2026-10-01"), ("2026-09-14", "2026-11-01"), None),
        [Theirs, Mine, Higher]
    );
    // Choices of a list are in no order.
    assert_eq!(
        offers("status", ("\"available\"", "\"lent\""), ("\"available\"", "\"in_repair\""), None),
        [Theirs, Mine]
    );
}

#[test]
fn who_does_not_fit_is_left_out_with_the_reason() {
    let theirs = [("deposit", GroupRule::Theirs)];
    let left = |record: &Record| said(record, &["deposit"], &theirs, None).unwrap_err();
    // Another shape.
    let more = clash(
        1,
        "Saw",
        &[("20.00", "30.00"), ("\"A3\"", "\"B1\"")],
        Some(&[("20.00", "25.00"), ("\"A3\"", "\"C1\"")]),
    );
    assert_eq!(left(&more), "now also differs in Shelf");
    let other = clash(1, "Saw", &[("\"A3\"", "\"B1\"")], Some(&[("\"A3\"", "\"C1\"")]));
    assert_eq!(left(&other), "does not differ in the same fields any more, but in Shelf");
    let fields = |record: &Record| said(record, &["deposit", "status"], &theirs, None).unwrap_err();
    assert_eq!(fields(&more), "does not differ in the same fields any more, but in Deposit and Shelf");
    let deleted = clash(1, "Saw", &[("20.00", "30.00")], None);
    let edited = GroupRules::new(ipc_types::ConflictKind::EditEdit, &["deposit".to_owned()], &[]);
    assert_eq!(
        plan(&tools(), &deleted, &edited, None).unwrap().unwrap_err(),
        "was deleted on the server meanwhile"
    );
    let calm = clash(1, "Saw", &[("20.00", "30.00")], Some(&[("\"A3\"", "\"C1\"")]));
    assert_eq!(left(&calm), "does not differ in the same fields any more");
    // Text put together from both sides is looked at one by one.
    let first = ("Charge both batteries", "Charge all batteries");
    let second = ("loses charge after two days", "holds two days");
    let text = clash(1, "Saw", &[("20.00", "30.00"), first], Some(&[("20.00", "25.00"), second]));
    let why = left(&text);
    assert!(why.contains("was put together in Notes") || why.contains("Notes"), "{why}");
    // One's own writing as well.
    let mut written = deposit(1, "Saw");
    let decision = Decision {
        path: Path::from_pointer("/deposit").unwrap(),
        part: None,
        choice: record_merge::Choice::Edit,
        value: Some("99.00".to_owned()),
        validator: None,
        theirs_then: Some("25.00".to_owned()),
        mine_then: Some("30.00".to_owned()),
    };
    written.conflict.as_mut().unwrap().decisions = vec![decision.clone()];
    assert_eq!(left(&written), "has your own writing in Deposit");
    // What the schema refuses is not sent for many.
    let wrong = clash(1, "Saw", &[("20.00", "-1")], Some(&[("20.00", "25.00")]));
    let why = said(&wrong, &["deposit"], &[("deposit", GroupRule::Mine)], None).unwrap_err();
    assert!(why.starts_with("would not fit: Deposit "), "{why}");
    // Values that have no order.
    let words = clash(1, "Saw", &[("\"A3\"", "\"B1\"")], Some(&[("\"A3\"", "\"C1\"")]));
    let why = said(&words, &["shelf"], &[("shelf", GroupRule::Sum)], None).unwrap_err();
    assert_eq!(why, "has values in Shelf that cannot be added up");
    let why = said(&words, &["shelf"], &[("shelf", GroupRule::Newest)], None).unwrap_err();
    assert!(why.contains("Shelf"), "{why}");
    // What was chosen by hand before stays as it was chosen.
    let mut chosen = deposit(1, "Saw");
    chosen.conflict.as_mut().unwrap().decisions =
        vec![Decision { choice: record_merge::Choice::Mine, value: None, ..decision }];
    let planned = said(&chosen, &["deposit"], &theirs, None).unwrap();
    assert!(planned.cells[0].by_hand);
    assert_eq!(planned.cells[0].result.as_ref().unwrap().text, "30.00");
}

#[test]
fn a_record_deleted_there_is_one_question() {
    let record = clash(1, "Saw", &[("20.00", "30.00")], None);
    for (rule, writes) in [(GroupRule::Theirs, false), (GroupRule::Mine, true)] {
        let planned = said(&record, &[], &[("", rule)], None).unwrap();
        assert!(planned.complete && planned.writes == writes, "{rule:?}");
        assert_eq!(planned.cells.len(), 1);
        assert!(
            planned.offers[0].contains(&GroupRule::Theirs) && planned.offers[0].contains(&GroupRule::Mine)
        );
    }
}
