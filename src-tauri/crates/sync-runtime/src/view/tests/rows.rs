use super::*;
use ipc_types::{
    Absent, Choice, EntryChange, ListMode, MergeRow, MergeView, Provenance, ReadyKind, TypedText,
};
use record_merge::Choice as C;

fn shown(record: &Record) -> MergeView {
    merge_view(&tools(), record, &Known::default()).unwrap()
}

fn met(mine: &[(&str, &str)], theirs: &[(&str, &str)]) -> Record {
    in_merge(replaced(DRILL, &drill(mine)), Some(&drill(theirs)), ConflictKind::EditEdit)
}

fn at<'a>(view: &'a MergeView, pointer: &str) -> &'a MergeRow {
    let all: Vec<&str> = view.rows.iter().map(|row| row.field.pointer.as_str()).collect();
    view.rows.iter().find(|row| row.field.pointer == pointer).unwrap_or_else(|| panic!("{pointer}: {all:?}"))
}

#[test]
fn nothing_has_five_words() {
    let mine = [
        ("\"A3\"", "\"\""),
        ("\"lent_to\": null", "\"lent_to\": \"Ben\""),
        ("[\"power tool\", \"18 V\"]", "[]"),
        ("  \"next_safety_check\": \"2026-09-14\",\n", ""),
    ];
    let theirs = [
        ("\"shelf\": \"A3\"", "\"shelf\": null"),
        ("  \"lent_to\": null,\n", ""),
        ("20.00", "20.00, \"new\": 1"),
    ];
    let view = shown(&met(&mine, &theirs));
    let absent = |pointer: &str| {
        let row = at(&view, pointer);
        (row.absent.before, row.absent.theirs, row.absent.mine)
    };
    assert_eq!(absent("/shelf"), (None, Some(Absent::NoValue), Some(Absent::Empty)));
    assert_eq!(absent("/lent_to"), (Some(Absent::NoValue), Some(Absent::Removed), None));
    assert_eq!(absent("/tags"), (None, None, Some(Absent::EmptyList)));
    assert_eq!(absent("/next_safety_check"), (None, None, Some(Absent::Removed)));
    assert_eq!(absent("/new"), (Some(Absent::NotThere), None, Some(Absent::NotThere)));
    assert_eq!(at(&view, "/next_safety_check").absent.result, Some(Absent::Removed));
}

#[test]
fn rows_say_what_happened_and_why() {
    let record =
        met(&[("20.00", "30.00"), ("\"A3\"", "\"B1\"")], &[("20.00", "25.00"), ("available", "in_repair")]);
    let known = Known { who: Some("Ines Duarte".into()), ..Known::default() };
    let view = merge_view(&tools(), &record, &known).unwrap();
    let said = |pointer: &str| (at(&view, pointer).sentence.as_str(), at(&view, pointer).rule.as_str());
    assert_eq!(
        said("/deposit"),
        (
            "Ines Duarte changed “20.00” to “25.00”; you changed it to “30.00”.",
            "Both sides changed it, differently."
        )
    );
    assert_eq!(
        said("/status"),
        ("Ines Duarte changed “available” to “in_repair”.", "Only the server changed it.")
    );
    assert_eq!(said("/shelf"), ("You changed “A3” to “B1”.", "Only you changed it."));
}

#[test]
fn the_log_knows_who_changed_each_field() {
    let record = met(&[("20.00", "30.00")], &[("20.00", "25.00"), ("available", "in_repair")]);
    let line = |who: &str, at: i64| LogLine { who: Some(who.to_owned()), at: Some(at) };
    let log = [("deposit", line("Tomasz", 7)), ("status", line("Ines", 9))];
    let known = Known {
        who: Some("Ines".into()),
        log: log.map(|(name, line)| (name.to_owned(), line)).into(),
        ..Known::default()
    };
    let view = merge_view(&tools(), &record, &known).unwrap();
    assert_eq!(
        (at(&view, "/deposit").who.as_deref(), at(&view, "/deposit").theirs_at),
        (Some("Tomasz"), Some(7))
    );
    assert!(at(&view, "/deposit").sentence.starts_with("Tomasz changed"));
    assert_eq!(at(&view, "/status").who.as_deref(), Some("Ines"));
}

#[test]
fn rows_of_a_list_name_it_and_what_was_done_to_its_entries() {
    let charger = r#"    {"no": 1, "item": "Charger", "count": 1, "condition": "good"},
"#;
    let added = "\"condition\": \"worn\"},\n    {\"no\": 3, \"item\": \"Bit set\"}";
    let view =
        shown(&met(&[("\"worn\"", "\"one new\""), (charger, "")], &[("\"condition\": \"worn\"}", added)]));
    let list = &view.lists[0];
    assert_eq!(
        (list.pointer.as_str(), list.label.as_str(), list.mode, list.words.as_str()),
        ("/accessories", "Accessories", ListMode::Identity, "list, entries matched by no")
    );
    let rows: Vec<_> = view.rows.iter().filter(|row| row.list.as_deref() == Some("/accessories")).collect();
    assert_eq!(rows.len(), 3, "{:?}", view.rows.iter().map(|r| &r.field.pointer).collect::<Vec<_>>());
    let entry = |label: &str| rows.iter().find(|row| row.field.label == label).unwrap().entry.unwrap();
    assert_eq!((entry("Bit set").theirs, entry("Bit set").mine), (Some(EntryChange::Added), None));
    assert_eq!((entry("Charger").theirs, entry("Charger").mine), (None, Some(EntryChange::Removed)));
    let sentence = |label: &str| rows.iter().find(|r| r.field.label == label).unwrap().sentence.clone();
    assert_eq!(sentence("Bit set"), "The server added “Bit set”.");
    assert_eq!(sentence("Charger"), "You removed “Charger”.");
}

#[test]
fn fields_that_belong_together_are_one_row_with_members() {
    let schema = CollectionSchema::read(
        br#"{"properties":{"start":{"type":"string","format":"date","title":"From"},"end":{"type":"string","format":"date","title":"To"}}}"#,
    );
    let rules = Rules {
        merge: Policy { groups: vec![vec!["start".into(), "end".into()]], ..Policy::default() },
        ..Rules::default()
    };
    let ctx = ViewContext { schema: &schema, rules: &rules, ..tools() };
    let loan = |start: &str, end: &str| format!(r#"{{"start":"{start}","end":"{end}","n":1}}"#);
    let mut record = with_theirs(
        replaced(&loan("2026-09-01", "2026-09-08"), &loan("2026-09-01", "2026-09-10")),
        Some(&loan("2026-09-12", "2026-09-08")),
    );
    record.conflict = Some(Conflict {
        kind: ConflictKind::EditEdit,
        decisions: Vec::new(),
        rows: Vec::new(),
        must_look: false,
    });
    let view = merge_view(&ctx, &record, &Known::default()).unwrap();
    assert_eq!((view.rows.len(), view.choices), (1, 1));
    let row = &view.rows[0];
    assert_eq!(row.field.label, "From and To");
    let members: Vec<(&str, &str, &str)> = row
        .members
        .iter()
        .map(|m| (m.field.label.as_str(), m.theirs.text.as_str(), m.mine.text.as_str()))
        .collect();
    assert_eq!(members, [("From", "2026-09-12", "2026-09-01"), ("To", "2026-09-08", "2026-09-10")]);
    let own = r#"{"start":"2026-09-12","end":"soon"}"#;
    let state = super::merge_of(&ctx, &record).unwrap();
    let decision = Decision {
        path: state.reviewed[0].row.path.clone(),
        part: None,
        choice: C::Edit,
        value: Some(own.to_owned()),
        validator: None,
        theirs_then: state.reviewed[0].row.theirs.clone(),
        mine_then: state.reviewed[0].row.mine.clone(),
    };
    record.conflict.as_mut().unwrap().decisions.push(decision);
    let view = merge_view(&ctx, &record, &Known::default()).unwrap();
    assert_eq!(view.rows[0].members[1].result.as_ref().unwrap().text, "soon");
    assert_eq!(view.rows[0].error.as_deref(), Some("To: Must be a date like 2026-09-14."));
}

#[test]
fn both_can_be_taken_in_either_order() {
    let notes = |more: &str| format!(r#"{{"notes":"one\ntwo\n{more}"}}"#);
    let record = in_merge(
        replaced(&notes(""), &notes(r"2026-06-11: strap fitted\n")),
        Some(&notes(r"2026-06-12: chuck tightened\n")),
        ConflictKind::EditEdit,
    );
    let view = shown(&record);
    let row = view.rows.iter().find(|row| row.open).unwrap();
    assert!(row.choices.contains(&Choice::Both));
    let ready = row.ready.iter().find(|ready| ready.kind == ReadyKind::MineFirst).unwrap();
    assert!(
        ready.value.text.ends_with("2026-06-11: strap fitted\n2026-06-12: chuck tightened\n"),
        "{ready:?}"
    );
    assert!(!ready.chosen && ready.by_date, "the earlier one is mine");
    let both = row.both.as_ref().unwrap();
    assert!(both.text.ends_with("2026-06-12: chuck tightened\n2026-06-11: strap fitted\n"), "{both:?}");
    let state = super::merge_of(&tools(), &record).unwrap();
    let reviewed = state.reviewed.iter().find(|r| r.standing.is_open()).unwrap().row.clone();
    let (choice, value) = ready_value(&state.merge, &reviewed, ReadyKind::MineFirst).unwrap();
    let mut decided = record.clone();
    decided.conflict.as_mut().unwrap().decisions.push(Decision {
        path: reviewed.path.clone(),
        part: reviewed.part,
        choice,
        value,
        validator: None,
        theirs_then: reviewed.theirs.clone(),
        mine_then: reviewed.mine.clone(),
    });
    let view = shown(&decided);
    let row = view.rows.iter().find(|row| row.open).unwrap();
    assert_eq!((row.choice, row.provenance), (Some(Choice::Both), Some(Provenance::Both)));
    assert!(row.ready.iter().any(|ready| ready.chosen));
    assert!(view.source.result.unwrap().contains(r"strap fitted\n2026-06-12"));
    // "Both" by itself is the server's first, whatever the dates say.
    let last = decided.conflict.as_mut().unwrap().decisions.last_mut().unwrap();
    last.value = both_value(&state.merge, &reviewed);
    let view = shown(&decided);
    let row = view.rows.iter().find(|row| row.open).unwrap();
    assert!(row.ready.iter().all(|ready| !ready.chosen));
    assert!(row.result.as_ref().unwrap().text.contains("chuck tightened\n2026-06-11"));
}

#[test]
fn what_was_typed_and_what_was_written_is_shown() {
    let mut record = met(&[("20.00", "30.00")], &[("20.00", "25.00")]);
    decide(&mut record, "/deposit", C::Edit, Some("27.50"));
    let record = with_theirs(record, Some(&drill(&[("20.00", "26.00")])));
    let typed = Typed {
        path: Path::from_pointer("/deposit").unwrap(),
        part: None,
        text: TypedText { text: "27,".into(), at: 5 },
    };
    let source = TypedText { text: "{".into(), at: 6 };
    let known = Known { typed: vec![typed], source_typed: Some(source.clone()), ..Known::default() };
    let view = merge_view(&tools(), &record, &known).unwrap();
    let row = at(&view, "/deposit");
    assert_eq!(row.wrote.as_ref().map(|v| v.text.as_str()), Some("27.50"));
    assert_eq!(row.typed.as_ref().map(|t| (t.text.as_str(), t.at)), Some(("27,", 5)));
    assert_eq!(row.then_marks.iter().map(|m| m.text.as_str()).collect::<Vec<_>>(), ["25.00", "26.00"]);
    assert_eq!(view.source_typed, Some(source));
}

#[test]
fn what_would_not_fit_says_why() {
    let rules = Rules { shape: crate::view::shaped(&TOOLS), ..RULES.clone() };
    let ctx = ViewContext { rules: &rules, ..tools() };
    let mine = drill(&[("  \"name\": \"Cordless drill 18 V\",\n", "")]);
    let record =
        in_merge(replaced(DRILL, &mine), Some(&drill(&[("20.00", "25.00")])), ConflictKind::EditEdit);
    let view = merge_view(&ctx, &record, &Known::default()).unwrap();
    let name = at(&view, "/name");
    assert!(name.open, "{name:?}");
    assert_eq!(name.why.as_deref(), Some("Put together by itself, it would not fit: it is needed."));
    assert_eq!(name.rule, "Only you changed it, but the outcome would not fit.");
}

const CARD: &str = "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:urn:uuid:1\r\nFN:Anna Keller\r\nN:Keller;Anna;;;\r\nTEL;TYPE=home:+351 1\r\nNOTE:old\r\nX-PLOT:17\r\nEND:VCARD\r\n";

#[test]
fn contacts_have_rows_by_property() {
    let card = |text: &str| Body::new(text.as_bytes().to_vec(), "text/vcard; charset=utf-8");
    let mut record = edited(DRILL, Change::Replace(card(&CARD.replace("NOTE:old", "NOTE:mine"))));
    record.base.as_mut().unwrap().body = card(CARD);
    record = with_theirs(record, Some("{}"));
    let there = CARD.replace("NOTE:old", "NOTE:theirs").replace("X-PLOT:17", "X-PLOT:18");
    record.theirs.as_mut().unwrap().what = Theirs::Present(Version { body: card(&there), validator: None });
    record.conflict = Some(Conflict {
        kind: ConflictKind::EditEdit,
        decisions: Vec::new(),
        rows: Vec::new(),
        must_look: false,
    });
    let view = merge_view(&notes(), &record, &Known::default()).unwrap();
    let rows: Vec<(&str, bool, &str, &str)> = view
        .rows
        .iter()
        .map(|row| (row.field.label.as_str(), row.open, row.theirs.text.as_str(), row.mine.text.as_str()))
        .collect();
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert_eq!((rows[0].1, rows[0].2, rows[0].3), (true, "theirs", "mine"), "{rows:?}");
    assert!(!rows[1].1 && rows[1].2 == "18", "{rows:?}");
    assert!(view.unchanged.iter().any(|field| field.value.text == "Anna Keller"), "{:?}", view.unchanged);
    let state = super::merge_of(&notes(), &record).unwrap();
    let note = state.reviewed.iter().find(|r| r.standing.is_open()).unwrap().row.clone();
    record.conflict.as_mut().unwrap().decisions.push(Decision {
        path: note.path,
        part: note.part,
        choice: C::Mine,
        value: None,
        validator: None,
        theirs_then: note.theirs,
        mine_then: note.mine,
    });
    let preview = merge_preview(&notes(), &record, None).unwrap();
    let line = |c: &ipc_types::FieldChange| format!("{} > {}", c.from.text, c.to.text);
    assert_eq!(preview.change.iter().map(line).collect::<Vec<_>>(), ["theirs > mine"]);
    assert_eq!(preview.take.iter().map(line).collect::<Vec<_>>(), ["17 > 18"]);
    let sent = merge_view(&notes(), &record, &Known::default()).unwrap().source.result.unwrap();
    assert!(
        sent.contains("NOTE:mine") && sent.contains("X-PLOT:18") && sent.contains("N:Keller;Anna;;;"),
        "{sent}"
    );
}

#[test]
fn a_contact_deleted_there_shows_what_was_changed_here() {
    let card = |text: &str| Body::new(text.as_bytes().to_vec(), "text/vcard");
    let mine = CARD.replace("NOTE:old", "NOTE:mine").replace("+351 1", "+351 2");
    let mut record = edited(DRILL, Change::Replace(card(&mine)));
    record.base.as_mut().unwrap().body = card(CARD);
    record = with_theirs(record, None);
    record.conflict = Some(Conflict {
        kind: ConflictKind::EditDelete,
        decisions: Vec::new(),
        rows: Vec::new(),
        must_look: false,
    });
    let view = merge_view(&notes(), &record, &Known::default()).unwrap();
    let mut changes: Vec<String> =
        view.changes.iter().map(|c| format!("{} > {}", c.from.text, c.to.text)).collect();
    changes.sort();
    assert_eq!(changes, ["+351 1 > +351 2", "old > mine"], "{:?}", view.changes);
}

#[test]
fn long_texts_are_paired_by_paragraph() {
    use ipc_types::ParagraphKind as K;
    let text = |b: &str, d: &str, last: &str| {
        format!(
            r#"{{"notes":"a\nsame one\nsame two\n{b}\nsame three\nsame four\n{d}\nsame five\nsame six\n{last}"}}"#
        )
    };
    let record = in_merge(
        replaced(&text("b", "d", ""), &text("b mine", "d mine", r"mine added\n")),
        Some(&text("b theirs", "d", r"theirs added\n")),
        ConflictKind::EditEdit,
    );
    let view = shown(&record);
    let whole = view.rows.iter().find(|row| row.part.is_none()).unwrap();
    let kinds: Vec<K> = whole.paragraphs.iter().map(|p| p.kind).collect();
    assert_eq!(kinds, [K::Equal, K::Clash, K::Equal, K::Mine, K::Equal, K::Clash], "{:?}", whole.paragraphs);
    assert_eq!(whole.paragraphs[0].count, 3);
    let parts: Vec<(u32, Option<&str>)> = view
        .rows
        .iter()
        .filter(|row| row.part.is_some())
        .map(|row| (row.row, row.part_name.as_deref()))
        .collect();
    assert_eq!(parts.len(), 2);
    let rows: Vec<u32> = whole.paragraphs.iter().filter_map(|p| p.row).collect();
    assert_eq!(rows, parts.iter().map(|(row, _)| *row).collect::<Vec<_>>());
    assert_eq!(parts[0].1, Some("Paragraph 4"));
    assert_eq!(parts[1].1, Some("Last paragraph, added by both"));
    let joined: String = whole.paragraphs.iter().filter_map(|p| p.mine.clone()).collect();
    assert!(joined.starts_with("a\nsame one\n") && joined.ends_with("mine added\n"), "{joined}");
}
