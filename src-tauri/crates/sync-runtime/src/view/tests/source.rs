use super::*;
use ipc_types::{Decide, Provenance};

/// The text is taken, and what would be sent says the same; what is open stays at the server's value.
fn taken(record: &Record, text: &str) -> Vec<(String, record_merge::Choice)> {
    let state = merge_of(&tools(), record).unwrap();
    let taken = source_decisions(&tools(), &state, &body(text), None).unwrap_or_else(|| panic!("{text}"));
    assert!(taken.both.is_none(), "{text}");
    let after = decided(record, &taken.decisions);
    let bytes = merge_of(&tools(), &after).unwrap().result_so_far().unwrap();
    let policy = &tools().rules.merge;
    assert!(record_merge::equal(record_merge::Format::Json, &bytes, text.as_bytes(), policy), "{text}");
    taken.decisions.iter().map(|d| (d.path.to_pointer(), d.choice)).collect()
}

fn decided(record: &Record, decisions: &[record_merge::Decision]) -> Record {
    let mut record = record.clone();
    record.conflict.as_mut().unwrap().decisions = decisions.to_vec();
    record
}

fn met() -> Record {
    let mine = drill(&[("20.00", "30.00"), ("\"A3\"", "\"B1\"")]);
    let theirs = drill(&[("20.00", "25.00"), ("available", "in_repair"), ("\"worn\"", "\"good\"")]);
    in_merge(replaced(DRILL, &mine), Some(&theirs), ConflictKind::EditEdit)
}

#[test]
fn what_is_written_becomes_decisions() {
    use record_merge::Choice::{Edit, Mine};
    let merged = drill(&[
        ("20.00", "30.00"),
        ("\"A3\"", "\"B1\""),
        ("available", "in_repair"),
        ("\"worn\"", "\"good\""),
    ]);
    let at = |pointer: &str, choice| (pointer.to_owned(), choice);
    for (change, expected) in [
        (vec![], vec![at("/deposit", Mine)]),
        // As it was: nobody chose.
        (vec![("30.00", "25.00")], vec![]),
        (vec![("30.00", "25.00"), ("in_repair", "available")], vec![at("/status", Mine)]),
        (vec![("30.00", "27.50")], vec![at("/deposit", Edit)]),
        (vec![("in_repair", "available")], vec![at("/deposit", Mine), at("/status", Mine)]),
        // Where no row is.
        (vec![("T-118", "T-119")], vec![at("/deposit", Mine), at("/number", Edit)]),
        (vec![("\"number\": \"T-118\",", "")], vec![at("/deposit", Mine), at("/number", Edit)]),
        // In a list.
        (
            vec![("{\"no\": 1, \"item\": \"Charger\"", "{\"no\": 1, \"item\": \"Fast charger\"")],
            vec![at("/deposit", Mine), at("/accessories", Edit)],
        ),
        (vec![("\"power tool\", ", "")], vec![at("/deposit", Mine), at("/tags", Edit)]),
    ] {
        let text = change.iter().fold(merged.clone(), |text, (from, to)| text.replace(from, to));
        let mut decisions = taken(&met(), &text);
        decisions.sort_by(|a, b| a.0.cmp(&b.0));
        let mut expected = expected;
        expected.sort_by(|a, b| a.0.cmp(&b.0));
        assert_eq!(decisions, expected, "{change:?}");
    }
}

#[test]
fn texts_are_taken_whole() {
    let note = |text: &str| Body::new(text.as_bytes(), "text/markdown");
    let mut record = edited(DRILL, Change::Replace(note("a\nmine\nc\n")));
    record.base.as_mut().unwrap().body = note("a\nb\nc\n");
    record = with_theirs(record, Some("{}"));
    let there = Version { body: note("a\ntheirs\nc\n"), validator: None };
    record.theirs.as_mut().unwrap().what = Theirs::Present(there);
    record.conflict = Some(Conflict {
        kind: ConflictKind::EditEdit,
        decisions: Vec::new(),
        rows: Vec::new(),
        must_look: false,
    });
    let state = merge_of(&notes(), &record).unwrap();
    let both = note("a\nboth\nc\n");
    let taken = source_decisions(&notes(), &state, &both, None).unwrap();
    let merged = record_merge::resolve(&state.merge, &taken.decisions, None).unwrap();
    assert_eq!(merged, record_merge::Merged::Document(b"a\nboth\nc\n".to_vec()));

    // As it was: nobody chose.
    let shown = note("a\ntheirs\nc\n");
    let taken = source_decisions(&notes(), &state, &shown, Some(&shown)).unwrap();
    assert_eq!((taken.decisions.len(), taken.still_open), (0, 1));
    // Written here meanwhile, and in the text: what was written here stays, the other is handed back.
    let own =
        state.decision(&state.reviewed[0].row, record_merge::Choice::Edit, Some("\"a\\nown\\nc\\n\"".into()));
    let after = decided(&record, std::slice::from_ref(&own));
    let state = merge_of(&notes(), &after).unwrap();
    let taken = source_decisions(&notes(), &state, &both, Some(&shown)).unwrap();
    assert_eq!(taken.decisions, [own]);
    assert_eq!(String::from_utf8(taken.both.unwrap().text).unwrap(), "a\nboth\nc\n");
    // In other lines: both.
    let other = note("a\ntheirs\nc\nand more\n");
    let taken = source_decisions(&notes(), &state, &other, Some(&shown)).unwrap();
    assert!(taken.both.is_none());
    let merged = record_merge::resolve(&state.merge, &taken.decisions, None).unwrap();
    assert_eq!(merged, record_merge::Merged::Document(b"a\nown\nc\nand more\n".to_vec()));
}

/// Three fields clash; a text is made; something is decided here meanwhile; the text comes back, changed.
#[test]
fn a_text_says_only_what_was_changed_in_it() {
    use record_merge::Choice::{Edit, Mine, Theirs};
    let mine = drill(&[("20.00", "30.00"), ("\"A3\"", "\"B1\""), ("available", "lent")]);
    let theirs = drill(&[("20.00", "25.00"), ("\"A3\"", "\"C1\""), ("available", "in_repair")]);
    let record = in_merge(replaced(DRILL, &mine), Some(&theirs), ConflictKind::EditEdit);
    let pointers = |state: &crate::view::MergeState<'_>| {
        state
            .reviewed
            .iter()
            .filter(|r| r.standing.is_open())
            .map(|r| r.row.path.to_pointer())
            .collect::<Vec<_>>()
    };
    let open = pointers(&merge_of(&tools(), &record).unwrap());
    assert_eq!(open.len(), 3, "{open:?}");
    type Said<'a> = &'a [(&'a str, record_merge::Choice, Option<&'a str>)];
    let make = |said: Said<'_>| {
        let state = merge_of(&tools(), &record).unwrap();
        let one = |(pointer, choice, value): &(&str, record_merge::Choice, Option<&str>)| {
            let row = &state.reviewed.iter().find(|r| r.row.path.to_pointer() == *pointer).unwrap().row;
            state.decision(row, *choice, value.map(str::to_owned))
        };
        said.iter().map(one).collect::<Vec<_>>()
    };
    let shown = String::from_utf8(merge_of(&tools(), &record).unwrap().result_so_far().unwrap()).unwrap();
    // What was decided before, what is changed in the text, what is decided then, how many stay open, what is handed back.
    type Case<'a> = (Said<'a>, &'a [(&'a str, &'a str)], Said<'a>, usize, &'a [&'a str]);
    let cases: [Case<'_>; 7] = [
        (&[], &[], &[], 3, &[]),
        (&[], &[("25.00", "30.00")], &[("/deposit", Mine, None)], 2, &[]),
        (&[], &[("25.00", "27.5")], &[("/deposit", Edit, Some("27.5"))], 2, &[]),
        // Decided here meanwhile: that stays.
        (
            &[("/shelf", Mine, None)],
            &[("25.00", "30.00")],
            &[("/deposit", Mine, None), ("/shelf", Mine, None)],
            1,
            &[],
        ),
        (
            &[("/shelf", Edit, Some("\"D9\"")), ("/status", Theirs, None)],
            &[("25.00", "27.5")],
            &[("/deposit", Edit, Some("27.5")), ("/shelf", Edit, Some("\"D9\"")), ("/status", Theirs, None)],
            0,
            &[],
        ),
        // Here and there, the same.
        (&[("/deposit", Mine, None)], &[("25.00", "30.00")], &[("/deposit", Mine, None)], 2, &[]),
        // Here and there, each its own: what was said here stays, and the other is not lost.
        (
            &[("/shelf", Edit, Some("\"D9\""))],
            &[("C1", "E7"), ("25.00", "27.5")],
            &[("/deposit", Edit, Some("27.5")), ("/shelf", Edit, Some("\"D9\""))],
            1,
            &["Shelf"],
        ),
    ];
    for (said, changed, expected, still_open, both) in cases {
        let text = changed.iter().fold(shown.clone(), |text, (from, to)| text.replace(from, to));
        let after = decided(&record, &make(said));
        let state = merge_of(&tools(), &after).unwrap();
        let taken = source_decisions(&tools(), &state, &body(&text), Some(&body(&shown))).unwrap();
        let mut found: Vec<_> =
            taken.decisions.iter().map(|d| (d.path.to_pointer(), d.choice, d.value.clone())).collect();
        found.sort_by(|a, b| a.0.cmp(&b.0));
        let expected: Vec<_> =
            expected.iter().map(|(p, c, v)| ((*p).to_owned(), *c, v.map(str::to_owned))).collect();
        assert_eq!((found, taken.still_open), (expected, still_open), "{said:?} {changed:?}");
        let labels = taken.both.as_ref().map(|both| both.labels.clone()).unwrap_or_default();
        assert_eq!(labels, both, "{said:?} {changed:?}");
        // What was handed back: taking it as it is takes the other value of that place, and nothing else.
        let Some(both) = taken.both else { continue };
        let after = decided(&record, &taken.decisions);
        let state = merge_of(&tools(), &after).unwrap();
        let [text, result] =
            [both.text, both.result.unwrap()].map(|bytes| Body::new(bytes, "application/json"));
        let taken = source_decisions(&tools(), &state, &text, Some(&result)).unwrap();
        let shelf = taken.decisions.iter().find(|d| d.path.to_pointer() == "/shelf").unwrap();
        assert_eq!(shelf.value.as_deref(), Some("\"E7\""));
        assert_eq!((taken.decisions.len(), taken.still_open), (2, still_open));
    }
}

#[test]
fn mistakes_have_a_place_and_words() {
    let check = check_source(&tools(), None, &body("{\n  \"a\": 1,\n  b\n}"));
    assert!(!check.ok && check.error.is_some());
    assert_eq!((check.line, check.column), (Some(3), Some(3)));
    let wrong = drill(&[("20.00", "-1"), ("  \"name\": \"Cordless drill 18 V\",\n", "")]);
    let check = check_source(&tools(), Some(&body(DRILL)), &body(&wrong));
    assert!(check.ok);
    let fields: Vec<String> = check.fields.iter().map(|f| format!("{} {}", f.label, f.words)).collect();
    assert_eq!(fields, ["Name Is needed.", "Deposit Must be at least 0."]);
    assert_eq!(check.changes.len(), 2);
}

#[test]
fn a_sample_is_tried_and_exported_without_its_values() {
    let mut sample = Sample::read(SAMPLE).unwrap();
    let view = merge_view(&sample.context(), &sample.record, &Known::default()).unwrap();
    assert!(view.choices >= 2 && view.rows.iter().any(|row| !row.open), "{:?}", view.rows.len());
    assert_eq!((view.title.as_str(), view.can_create), ("Cordless drill 18 V", false));
    let deposit = view.rows.iter().find(|row| row.field.pointer == "/deposit").unwrap();
    let decide = Decide {
        key: "sample".into(),
        rows: vec![deposit.row],
        choice: ipc_types::Choice::Mine,
        json: None,
        ready: None,
        seen: view.seen.clone(),
    };
    let decisions = crate::handle::decided(&sample.context(), &sample.record, &decide).unwrap();
    sample.decide(decisions);
    let again = Sample::read(&sample.file.text().unwrap()).unwrap();
    let view = merge_view(&again.context(), &again.record, &Known::default()).unwrap();
    let row = view.rows.iter().find(|row| row.field.pointer == "/deposit").unwrap();
    assert_eq!((row.row, row.provenance), (deposit.row, Some(Provenance::Mine)));

    let record = met();
    let file = SampleFile::of(&tools(), &record, Some(TOOL_SCHEMA), Some(Redactor::new([9; 32]))).unwrap();
    let text = file.text().unwrap();
    for secret in ["Cordless", "Tomasz", "25.00", "30.00", "Battery", "Tool library", "118-a40b17"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    // It merges as the original does.
    let made = Sample::read(&text).unwrap();
    let rows = |view: &ipc_types::MergeView| {
        view.rows
            .iter()
            .map(|row| (row.field.pointer.clone(), row.open, row.kind.clone()))
            .collect::<Vec<_>>()
    };
    let original = merge_view(&tools(), &record, &Known::default()).unwrap();
    let redacted = merge_view(&made.context(), &made.record, &Known::default()).unwrap();
    let plain = |view| rows(view).into_iter().map(|(_, open, kind)| (open, kind)).collect::<Vec<_>>();
    assert_eq!(plain(&redacted), plain(&original));
    for bad in ["{}", "nonsense", r#"{"matchbook_merge":2,"kind":"edit_edit","media_type":"x"}"#] {
        assert!(Sample::read(bad).is_err(), "{bad}");
    }
}

/// A contact in a merge; `None` = deleted on the server.
fn contact(base: &str, mine: &str, theirs: Option<&str>) -> Record {
    let card = |lines: &str| {
        let text = format!("BEGIN:VCARD\r\nVERSION:4.0\r\nUID:ann\r\n{lines}END:VCARD\r\n");
        Body::new(text.into_bytes(), "text/vcard")
    };
    let mut record = edited(DRILL, Change::Replace(card(mine)));
    record.base.as_mut().unwrap().body = card(base);
    record = with_theirs(record, None);
    if let Some(theirs) = theirs {
        let there = Version { body: card(theirs), validator: None };
        record.theirs.as_mut().unwrap().what = Theirs::Present(there);
    }
    let kind = theirs.map_or(ConflictKind::EditDelete, |_| ConflictKind::EditEdit);
    record.conflict = Some(Conflict { kind, decisions: Vec::new(), rows: Vec::new(), must_look: false });
    record
}

#[test]
fn a_contact_can_be_written_as_a_whole() {
    let base = "FN:Ann\r\nTEL;TYPE=cell:1\r\nEMAIL:a@x.example\r\n";
    let mine = "FN:Ann\r\nTEL;TYPE=cell:2\r\nEMAIL:a@x.example\r\nNOTE:mine\r\n";
    let theirs = "FN:Ann Lee\r\nTEL;TYPE=cell:3\r\nEMAIL:a@x.example\r\n";
    let both = contact(base, mine, Some(theirs));
    let gone = contact(base, mine, None);
    for (record, lines) in [
        (&both, "FN:Ann Lee\r\nTEL;TYPE=cell:2\r\nEMAIL:a@x.example\r\nNOTE:mine\r\n"),
        (&both, "FN:Anna Lee\r\nTEL;TYPE=cell:4\r\nTEL;TYPE=work:5\r\n"),
        (&both, "FN:Ann Lee\r\nTEL;TYPE=cell:3\r\nNOTE:of both\r\nTITLE:Dr.\r\n"),
        // Deleted there: written, it comes back as it was written, and not as an empty one.
        (&gone, "FN:Anna Lee\r\nTEL;TYPE=cell:4\r\nNOTE:two\\nlines\r\n"),
        (&gone, "FN:Ann\r\n"),
    ] {
        let text = format!("BEGIN:VCARD\r\nVERSION:4.0\r\nUID:ann\r\n{lines}END:VCARD\r\n");
        let state = merge_of(&tools(), record).unwrap();
        let written = Body::new(text.clone().into_bytes(), "text/vcard");
        let taken = source_decisions(&tools(), &state, &written, None).unwrap_or_else(|| panic!("{lines}"));
        let after = decided(record, &taken.decisions);
        let bytes = merge_of(&tools(), &after).unwrap().result_so_far().unwrap();
        let policy = &tools().rules.merge;
        let same = record_merge::equal(record_merge::Format::Vcard, &bytes, text.as_bytes(), policy);
        assert!(same, "{lines} came to {}", String::from_utf8_lossy(&bytes));
    }
    // What is no card at all is not taken, and nothing is decided.
    let state = merge_of(&tools(), &gone).unwrap();
    let no_card = Body::new("hello".as_bytes(), "text/vcard");
    assert!(source_decisions(&tools(), &state, &no_card, None).is_none());
    let state = merge_of(&tools(), &both).unwrap();
    assert!(source_decisions(&tools(), &state, &no_card, None).is_none());
}
