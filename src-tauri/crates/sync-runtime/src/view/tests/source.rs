use super::*;
use ipc_types::{Decide, Provenance};

/// The text is taken, and what would be sent says the same.
fn taken(record: &Record, text: &str) -> Vec<(String, record_merge::Choice)> {
    let state = merge_of(&tools(), record).unwrap();
    let decisions = source_decisions(&tools(), &state, &body(text)).unwrap_or_else(|| panic!("{text}"));
    let merged = record_merge::resolve(&state.merge, &decisions, None).unwrap();
    let record_merge::Merged::Document(bytes) = merged else { panic!("{text}") };
    let policy = &tools().rules.merge;
    assert!(record_merge::equal(record_merge::Format::Json, &bytes, text.as_bytes(), policy), "{text}");
    decisions.iter().map(|d| (d.path.to_pointer(), d.choice)).collect()
}

fn met() -> Record {
    let mine = drill(&[("20.00", "30.00"), ("\"A3\"", "\"B1\"")]);
    let theirs = drill(&[("20.00", "25.00"), ("available", "in_repair"), ("\"worn\"", "\"good\"")]);
    in_merge(replaced(DRILL, &mine), Some(&theirs), ConflictKind::EditEdit)
}

#[test]
fn what_is_written_becomes_decisions() {
    use record_merge::Choice::{Edit, Mine, Theirs};
    let merged = drill(&[
        ("20.00", "30.00"),
        ("\"A3\"", "\"B1\""),
        ("available", "in_repair"),
        ("\"worn\"", "\"good\""),
    ]);
    let at = |pointer: &str, choice| (pointer.to_owned(), choice);
    for (change, expected) in [
        (vec![], vec![at("/deposit", Mine)]),
        (vec![("30.00", "25.00")], vec![at("/deposit", Theirs)]),
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
        decisions.retain(|(pointer, choice)| *choice != Theirs || pointer == "/deposit");
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
    let decisions = source_decisions(&notes(), &state, &note("a\nboth\nc\n")).unwrap();
    let merged = record_merge::resolve(&state.merge, &decisions, None).unwrap();
    assert_eq!(merged, record_merge::Merged::Document(b"a\nboth\nc\n".to_vec()));
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
