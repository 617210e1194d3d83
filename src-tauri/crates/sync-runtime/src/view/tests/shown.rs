//! What a row shows beside its values: stretches put together, orders by name, choices without a row, the server's
//! own mistakes.

use super::*;
use ipc_types::{Choice, MergeRow, MergeView, ParagraphKind};
use record_merge::Choice as C;

fn shown(record: &Record) -> MergeView {
    merge_view(&tools(), record, &Known::default()).unwrap()
}

fn notes(items: &str, last: &str) -> String {
    format!(r#"{{"notes":"intro\n\n{items}\nend\n\n{last}"}}"#)
}

fn row<'a>(view: &'a MergeView, pointer: &str) -> &'a MergeRow {
    view.rows.iter().find(|row| row.part.is_none() && row.field.pointer == pointer).unwrap()
}

#[test]
fn a_list_put_together_is_no_question() {
    let record = in_merge(
        replaced(&notes(r"- [ ] a\n- [ ] b\n", "x"), &notes(r"- [x] a\n- [ ] b\n", "x mine")),
        Some(&notes(r"- [ ] a\n- [x] b\n", "x theirs")),
        ConflictKind::EditEdit,
    );
    let view = shown(&record);
    let open = view.rows.iter().filter(|row| row.open).count();
    assert_eq!(open, 1, "only the last paragraph clashes");
    let whole = row(&view, "/notes");
    let kinds: Vec<ParagraphKind> = whole.paragraphs.iter().map(|p| p.kind).collect();
    assert!(kinds.contains(&ParagraphKind::Combined), "{:?}", whole.paragraphs);
    for paragraph in &whole.paragraphs {
        assert_eq!(paragraph.kind == ParagraphKind::Clash, paragraph.row.is_some(), "{paragraph:?}");
        assert_ne!(paragraph.row, Some(whole.row), "a row of its own, or none");
    }
}

#[test]
fn an_order_is_shown_by_the_names_of_the_entries() {
    let list = |a: &str, b: &str| format!("\"accessories\": [\n    {a},\n    {b}\n  ]");
    let charger = r#"{"no": 1, "item": "Charger", "count": 1, "condition": "good"}"#;
    let battery = r#"{"no": 2, "item": "Battery 2.0 Ah", "count": 2, "condition": "worn"}"#;
    let theirs = drill(&[(&list(charger, battery), &list(battery, charger))]);
    for (choice, result) in [
        (None, r#"["Battery 2.0 Ah","Charger"]"#),
        (Some(C::Theirs), r#"["Battery 2.0 Ah","Charger"]"#),
        (Some(C::Mine), r#"["Charger","Battery 2.0 Ah"]"#),
    ] {
        let mine = drill(&[("20.00", "30.00")]);
        let mut record = in_merge(replaced(DRILL, &mine), Some(&theirs), ConflictKind::EditEdit);
        if let Some(choice) = choice {
            decide(&mut record, "/accessories", choice, None);
        }
        let view = shown(&record);
        let order = row(&view, "/accessories");
        assert_eq!(order.result.as_ref().map(|value| value.json.as_str()), Some(result), "{choice:?}");
        assert_eq!(order.before.text, "Charger, Battery 2.0 Ah");
        assert_eq!(order.notices, ["The server moved Battery 2.0 Ah."]);
    }
}

#[test]
fn a_choice_whose_paragraph_is_gone_is_shown_and_not_open() {
    let text = |middle: &str, last: &str| format!(r#"{{"notes":"a\n\n{middle}\n\nc\n\n{last}"}}"#);
    let mut record = in_merge(
        replaced(&text("b", "d"), &text("b mine", "d mine")),
        Some(&text("b theirs", "d theirs")),
        ConflictKind::EditEdit,
    );
    let parts: Vec<_> = merge_of(&tools(), &record)
        .unwrap()
        .reviewed
        .iter()
        .filter(|row| row.row.part.is_some())
        .map(|row| row.row.clone())
        .collect();
    assert_eq!(parts.len(), 2);
    for (part, (choice, value)) in
        parts.iter().zip([(C::Edit, Some(r#""b, my own words\n""#)), (C::Mine, None)])
    {
        record.conflict.as_mut().unwrap().decisions.push(Decision {
            path: part.path.clone(),
            part: part.part,
            choice,
            value: value.map(str::to_owned),
            validator: None,
            theirs_then: part.theirs.clone(),
            mine_then: part.mine.clone(),
        });
    }
    assert!(shown(&record).orphans.is_empty());

    // The server takes both paragraphs back to what they were: nothing clashes any more.
    let record = with_theirs(record, Some(&text("b", "d").replace("\"a", "\"A")));
    let view = shown(&record);
    let state = merge_of(&tools(), &record).unwrap();
    assert_eq!((view.choices, state.still_open()), (0, Vec::new()));
    let orphans: Vec<_> = view
        .orphans
        .iter()
        .map(|one| {
            (one.label.as_str(), one.part, one.choice, one.value.as_ref().map(|value| value.text.trim()))
        })
        .collect();
    assert_eq!(
        orphans,
        [
            ("Notes", true, Choice::Edit, Some("b, my own words")),
            ("Notes", true, Choice::Mine, Some("d mine")),
        ]
    );
    assert!(merge_preview(&tools(), &record, None).is_ok());
}

#[test]
fn what_the_server_has_against_its_own_schema_is_said_and_stops_nothing() {
    let theirs = drill(&[("\"available\"", "\"on_loan\""), ("20.00", "-5")]);
    let mut record =
        in_merge(replaced(DRILL, &drill(&[("20.00", "30.00")])), Some(&theirs), ConflictKind::EditEdit);
    let view = shown(&record);
    let status = row(&view, "/status");
    assert_eq!((status.open, status.error.as_deref()), (false, None));
    assert!(
        status.notices.iter().any(|one| one.starts_with("The server's value does not fit: ")),
        "{status:?}"
    );
    decide(&mut record, "/deposit", C::Theirs, None);
    let view = shown(&record);
    let deposit = row(&view, "/deposit");
    assert_eq!(deposit.error, None);
    assert!(deposit.notices.iter().any(|one| one.starts_with("The server's value does not fit: ")));
    decide(&mut record, "/deposit", C::Edit, Some("-7"));
    assert!(row(&shown(&record), "/deposit").error.is_some(), "a mistake of one's own still is one");
}

#[test]
fn members_have_the_titles_of_the_schema() {
    let schema = r#"{"properties":{"checks":{"type":"array","items":{"type":"object","properties":{
        "next_date":{"type":"string","title":"Next safety check"},"by":{"type":"object","properties":{"n":{"title":"Name"}}}}}}}}"#;
    let schema = CollectionSchema::read(schema.as_bytes());
    let ctx = ViewContext { schema: &schema, ..tools() };
    let text = |day: &str| format!(r#"{{"checks":[{{"next_date":"{day}","by":{{"n":"A"}}}}]}}"#);
    let record = in_merge(replaced(&text("1"), &text("2")), Some(&text("3")), ConflictKind::EditEdit);
    let view = merge_view(&ctx, &record, &Known::default()).unwrap();
    let titles = view.rows[0].field.titles.clone().unwrap();
    assert_eq!(
        titles.into_iter().collect::<Vec<_>>(),
        [("n".to_owned(), "Name".to_owned()), ("next_date".to_owned(), "Next safety check".to_owned()),]
    );
    assert_eq!(
        row(
            &shown(&in_merge(
                replaced(DRILL, &drill(&[("20.00", "30.00")])),
                Some(&drill(&[("20.00", "25.00")])),
                ConflictKind::EditEdit,
            )),
            "/deposit"
        )
        .field
        .titles,
        None
    );
}
