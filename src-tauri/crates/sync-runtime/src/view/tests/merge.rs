use super::*;
use ipc_types::{Choice, MarkKind, MergeRow, Provenance, ValueType};
use record_merge::Choice as C;

const MINE: [(&str, &str); 3] = [
    ("20.00", "30.00"),
    ("The second battery loses charge after two days.", "Battery 2 was replaced on 14 May."),
    ("\"tags\": [\"power tool\", \"18 V\"]", "\"tags\": [\"power tool\", \"18 V\", \"needs briefing\"]"),
];
const THEIRS: [(&str, &str); 4] = [
    ("20.00", "25.00"),
    ("after two days", "after one day"),
    ("\"available\"", "\"in_repair\""),
    (
        "\"Tomasz Wilk\",\n  \"updated_at\": \"2026-06-09T08:00:00Z\"",
        "\"Ines Duarte\",\n  \"updated_at\": \"2026-06-12T10:31:00Z\"",
    ),
];

fn clash() -> Record {
    in_merge(replaced(DRILL, &drill(&MINE)), Some(&drill(&THEIRS)), ConflictKind::EditEdit)
}

fn show(row: &MergeRow) -> String {
    let result =
        row.result.as_ref().map_or("-".to_owned(), |v| v.text.lines().last().unwrap_or_default().to_owned());
    let open = if row.open { "open" } else { "auto" };
    format!("{} {open} {:?} {:?} {:?} => {result}", row.field.label, row.standing, row.choice, row.provenance)
}

fn rows(record: &Record) -> Vec<String> {
    merge_view(&tools(), record, &Known::default()).unwrap().rows.iter().map(show).collect()
}

#[test]
fn the_screen_of_a_drill_changed_in_two_places() {
    let record = clash();
    let view = merge_view(&tools(), &record, &Known::default()).unwrap();
    assert_eq!(
        rows(&record),
        [
            "Deposit open Undecided None None => -",
            "Notes open Undecided None None => -",
            "Status auto Automatic Some(Theirs) Some(Server) => in_repair",
            "Tags auto Automatic Some(Mine) Some(Mine) => [\"power tool\", \"18 V\", \"needs briefing\"]",
        ]
    );
    assert_eq!((view.choices, view.decided), (2, 0));
    assert_eq!(view.breadcrumbs, ["Tool library", "Tools", "T-118"]);
    assert_eq!((view.title.as_str(), view.noun.as_str()), ("Cordless drill 18 V", "tool"));
    assert_eq!(view.who.as_deref(), Some("Ines Duarte"));
    assert_eq!(view.theirs_at, Some(1_781_260_260_000));
    assert_eq!((view.mine_at, view.seen_at), (Some(500), 600));
    assert_eq!(view.address, "Tool%20library/tools/118");
    assert_eq!(view.theirs_validator.as_deref(), Some("\"118-a40b17\""));
    let unchanged: Vec<&str> = view.unchanged.iter().map(|f| f.label.as_str()).collect();
    assert_eq!(unchanged, ["No.", "Name", "Next safety check", "Lent to", "Accessories", "Shelf"]);
    let deposit = &view.rows[0];
    assert_eq!(
        (deposit.before.text.as_str(), deposit.theirs.text.as_str(), deposit.mine.text.as_str()),
        ("20.00", "25.00", "30.00")
    );
    assert_eq!(deposit.field.unit.as_deref(), Some("EUR"));
    assert_eq!(
        deposit.theirs_marks.iter().map(|m| m.kind).collect::<Vec<_>>(),
        [MarkKind::Removed, MarkKind::Added]
    );
    let notes = &view.rows[1].theirs_marks;
    assert!(notes.iter().any(|m| m.kind == MarkKind::Added && m.text.contains("one day")), "{notes:?}");
    let tags = view.rows[3].mine_marks.last().unwrap();
    assert!(tags.kind == MarkKind::Added && tags.text.contains("needs briefing"), "{tags:?}");
    let so_far = view.source.result.unwrap();
    assert!(so_far.contains("25.00") && so_far.contains("needs briefing") && so_far.contains("in_repair"));
    assert!(view.source.before.as_deref() == Some(DRILL) && view.can_create);
}

#[test]
fn rows_keep_their_numbers() {
    let mut record = clash();
    record.conflict.as_mut().unwrap().rows.reverse();
    let view = merge_view(&tools(), &record, &Known::default()).unwrap();
    let numbers: Vec<(u32, &str)> = view.rows.iter().map(|row| (row.row, row.field.label.as_str())).collect();
    assert_eq!(numbers, [(3, "Deposit"), (1, "Notes"), (4, "Status"), (2, "Tags")]);
    record.conflict.as_mut().unwrap().rows.truncate(1);
    let view = merge_view(&tools(), &record, &Known::default()).unwrap();
    let mut numbers: Vec<u32> = view.rows.iter().map(|row| row.row).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2, 3, 4]);
}

#[test]
fn decisions_show_what_will_be_sent() {
    let mut record = clash();
    decide(&mut record, "/deposit", C::Edit, Some("-27.50"));
    decide(&mut record, "/notes", C::Mine, None);
    decide(&mut record, "/status", C::Mine, None);
    assert_eq!(
        rows(&record),
        [
            "Deposit open Decided Some(Edit) Some(Edited) => -27.50",
            "Notes open Decided Some(Mine) Some(Mine) => Battery 2 was replaced on 14 May.",
            "Status auto Overridden Some(Mine) Some(Mine) => available",
            "Tags auto Automatic Some(Mine) Some(Mine) => [\"power tool\", \"18 V\", \"needs briefing\"]",
        ]
    );
    let view = merge_view(&tools(), &record, &Known::default()).unwrap();
    assert_eq!((view.choices, view.decided), (2, 2));
    assert_eq!(view.rows[0].error.as_deref(), Some("Must be at least 0."));
    decide(&mut record, "/deposit", C::Edit, None);
    let view = merge_view(&tools(), &record, &Known::default()).unwrap();
    assert_eq!(view.rows[0].result.as_ref().map(|v| v.r#type), Some(ValueType::Missing));
    assert_eq!(view.rows[0].error.as_deref(), Some("Is needed."));
}

#[test]
fn the_server_changes_again() {
    let mut record = clash();
    decide(&mut record, "/deposit", C::Mine, None);
    decide(&mut record, "/notes", C::Theirs, None);
    let again = drill(&THEIRS).replace("25.00", "26.00").replace("after one day", "at once");
    let record = with_theirs(record, Some(&again));
    let view = merge_view(&tools(), &record, &Known::default()).unwrap();
    assert_eq!(show(&view.rows[0]), "Deposit open Suggested Some(Mine) None => -");
    assert_eq!(view.rows[0].theirs_then.as_ref().map(|v| v.text.as_str()), Some("25.00"));
    assert_eq!(
        show(&view.rows[1]),
        "Notes open Followed Some(Theirs) Some(Server) => The second battery loses charge at once."
    );
    assert_eq!((view.choices, view.decided), (2, 1));
}

#[test]
fn edited_here_deleted_there() {
    let mut record = in_merge(replaced(DRILL, &drill(&MINE)), None, ConflictKind::EditDelete);
    let view = merge_view(&tools(), &record, &Known::default()).unwrap();
    assert_eq!((view.seen.as_str(), view.theirs_validator), ("gone", None));
    assert_eq!(rows(&record), ["Whole record open Undecided None None => -"]);
    assert_eq!(view.rows[0].choices.first(), Some(&Choice::Theirs));
    let changes: Vec<String> =
        view.changes.iter().map(|c| format!("{} {}", c.label, c.to.text.len())).collect();
    assert_eq!(changes, ["Deposit 9", "Tags 40", "Notes 78"]);
    assert_eq!(view.unchanged.len(), 7);
    assert_eq!(view.source.result, None);
    decide(&mut record, "", C::Mine, None);
    let view = merge_view(&tools(), &record, &Known::default()).unwrap();
    assert_eq!(view.rows[0].provenance, Some(Provenance::Mine));
    assert_eq!(view.source.result.as_deref(), Some(drill(&MINE).as_str()));
    let preview = merge_preview(&tools(), &record, None).unwrap();
    assert_eq!(preview.change.iter().map(|c| c.label.as_str()).collect::<Vec<_>>(), ["Whole record"]);
    assert_eq!(preview.change[0].from.r#type, ValueType::Missing);
    assert_eq!(preview.take, []);
}

#[test]
fn deleted_here_edited_there() {
    let mut record = in_merge(edited(DRILL, Change::Delete), Some(&drill(&THEIRS)), ConflictKind::DeleteEdit);
    let view = merge_view(&tools(), &record, &Known::default()).unwrap();
    let changes: Vec<&str> = view.changes.iter().map(|c| c.label.as_str()).collect();
    assert_eq!(changes, ["Status", "Deposit", "Notes"]);
    decide(&mut record, "", C::Mine, None);
    let view = merge_view(&tools(), &record, &Known::default()).unwrap();
    assert_eq!(view.rows[0].result.as_ref().map(|v| v.r#type), Some(ValueType::Missing));
    let preview = merge_preview(&tools(), &record, None).unwrap();
    assert_eq!((preview.change.len(), preview.change[0].to.r#type), (1, ValueType::Missing));
}

#[test]
fn the_three_lists_before_sending() {
    let mut record = clash();
    assert_eq!(merge_preview(&tools(), &record, None), Err(ViewError::StillOpen(vec![2, 4])));
    decide(&mut record, "/deposit", C::Mine, None);
    decide(&mut record, "/notes", C::Theirs, None);
    let preview = merge_preview(&tools(), &record, None).unwrap();
    let line = |c: &ipc_types::FieldChange| {
        let last = |text: &str| text.lines().last().unwrap_or_default().to_owned();
        format!("{}: {} > {} {:?}", c.label, last(&c.from.text), last(&c.to.text), c.provenance)
    };
    assert_eq!(
        preview.change.iter().map(line).collect::<Vec<_>>(),
        [
            "Deposit: 25.00 EUR > 30.00 EUR Some(Mine)",
            "Tags: [\"power tool\", \"18 V\"] > [\"power tool\", \"18 V\", \"needs briefing\"] Some(Mine)",
        ]
    );
    assert_eq!(
        preview.take.iter().map(line).collect::<Vec<_>>(),
        [
            "Status: Available > In repair Some(Server)",
            "Notes: Battery 2 was replaced on 14 May. > The second battery loses charge after one day. Some(Server)",
        ]
    );
    assert_eq!(preview.same.len(), 6);
    assert_eq!(preview.seen, seen_of(&record));
}

#[test]
fn created_in_both_places() {
    let mut record = edited(DRILL, Change::Create(body(r#"{"name":"Ladder","deposit":40.00}"#)));
    record.base = None;
    let record = in_merge(
        record,
        Some(r#"{"name":"Ladder","deposit":35.00,"shelf":"Yard"}"#),
        ConflictKind::CreateCreate,
    );
    let view = merge_view(&tools(), &record, &Known::default()).unwrap();
    let deposit = view.rows.iter().find(|row| row.field.pointer == "/deposit").unwrap();
    assert!(deposit.open && deposit.kind == "added_differently");
    assert_eq!(deposit.before.r#type, ValueType::Missing);
    assert_eq!(view.unchanged.iter().map(|f| f.label.as_str()).collect::<Vec<_>>(), ["Name"]);
}

#[test]
fn texts_files_and_broken_documents_are_one_choice() {
    let cases = [
        ("text/markdown", "waters plot 17", Some("17")),
        ("image/png", "\u{1}", None),
        ("application/json", "{broken", None),
    ];
    for (media_type, text, word) in cases {
        let version = |extra: &str| Body::new(format!("{text}{extra}").into_bytes(), media_type);
        let mut record = edited(DRILL, Change::Replace(version(" mine")));
        record.base.as_mut().unwrap().body = version("");
        record = with_theirs(record, Some("{}"));
        let there = Version { body: version(" theirs"), validator: None };
        record.theirs.as_mut().unwrap().what = Theirs::Present(there);
        record.conflict = Some(Conflict {
            kind: ConflictKind::EditEdit,
            decisions: Vec::new(),
            rows: Vec::new(),
            must_look: false,
        });
        let view = merge_view(&notes(), &record, &Known::default()).unwrap();
        assert_eq!(view.rows.len(), 1, "{media_type}");
        assert_eq!((view.rows[0].field.pointer.as_str(), view.rows[0].row, view.choices), ("", 1, 1));
        assert!(word.is_none_or(|word| view.rows[0].theirs.text.contains(word)));
        assert_eq!(view.source.mine.is_some(), media_type != "image/png");
        decide(&mut record, "", C::Mine, None);
        let view = merge_view(&notes(), &record, &Known::default()).unwrap();
        assert_eq!((view.decided, view.rows[0].provenance), (1, Some(Provenance::Mine)), "{media_type}");
        let preview = merge_preview(&notes(), &record, None).unwrap();
        assert_eq!((preview.change.len(), preview.take.len()), (1, 0), "{media_type}");
    }
}

#[test]
fn invisible_differences_have_names() {
    let mine = drill(&[("\"A3\"", "\"A3 \"")]);
    let record = in_merge(replaced(DRILL, &mine), Some(&drill(&THEIRS)), ConflictKind::EditEdit);
    let view = merge_view(&tools(), &record, &Known::default()).unwrap();
    let shelf = view.rows.iter().find(|row| row.field.label == "Shelf").unwrap();
    assert_eq!(shelf.invisible.as_deref(), Some("trailing space"));
}

#[test]
fn seen_goes_there_and_back() {
    let record = clash();
    let seen = parse_seen(&record, &seen_of(&record)).unwrap();
    let hash = body(&drill(&THEIRS)).hash();
    assert_eq!(seen, Seen::Present(Some(tag("\"118-a40b17\"")), hash));
    assert_eq!(parse_seen(&record, "\"118-a40b17\""), Some(seen));
    assert_ne!(parse_seen(&record, "\"118-old\""), Some(Seen::Present(Some(tag("\"118-old\"")), hash)));
    assert!(matches!(parse_seen(&record, "\"118-old\""), Some(Seen::Present(Some(_), _))));
    assert_eq!(parse_seen(&record, "gone"), Some(Seen::Gone));
    assert_eq!(parse_seen(&record, ""), None);
    let mut weak = clash();
    if let Some(Theirs::Present(version)) = weak.theirs.as_mut().map(|t| &mut t.what) {
        version.validator = Some(tag("W/\"a b\""));
    }
    assert_eq!(parse_seen(&weak, &seen_of(&weak)), Some(Seen::Present(Some(tag("W/\"a b\"")), hash)));
}

#[test]
fn a_synced_record_has_no_merge() {
    assert_eq!(merge_view(&tools(), &synced(DRILL), &Known::default()), Err(ViewError::NotInMerge));
}

/// Two lines of one text changed on both sides, and one only on the server: parts of a text, each with a choice.
#[test]
fn parts_of_a_text() {
    let lines = |a: &str, b: &str, c: &str| {
        format!(r#"{{"notes":"{a}\nkeep one\nkeep two\n{b}\nkeep three\nkeep four\n{c}"}}"#)
    };
    let base = lines("charge", "chuck", "case");
    let mine = lines("charge both", "chuck by me", "case");
    let theirs = lines("charge the evening before", "chuck by Ines", "case is in the yard");
    let mut record = in_merge(replaced(&base, &mine), Some(&theirs), ConflictKind::EditEdit);
    let view = merge_view(&tools(), &record, &Known::default()).unwrap();
    let parts: Vec<&MergeRow> = view.rows.iter().filter(|row| row.open).collect();
    assert_eq!(view.choices, 2);
    assert!(parts.iter().all(|row| row.field.pointer == "/notes" && row.field.label == "Notes"));
    assert!(parts.iter().all(|row| row.field.kind == ipc_types::FieldKind::LongText));
    assert!(parts[0].choices.contains(&Choice::Both));
    let numbers: std::collections::BTreeSet<u32> = view.rows.iter().map(|row| row.row).collect();
    assert_eq!(numbers.len(), view.rows.len());
    let part = |record: &Record, at: usize| {
        merge_of(&tools(), record)
            .unwrap()
            .reviewed
            .iter()
            .filter(|r| r.row.part.is_some())
            .nth(at)
            .unwrap()
            .row
            .clone()
    };
    for (at, choice) in [(0, C::Both), (1, C::Mine)] {
        let row = part(&record, at);
        let decision = Decision {
            path: row.path,
            part: row.part,
            choice,
            value: None,
            validator: None,
            theirs_then: row.theirs,
            mine_then: row.mine,
        };
        record.conflict.as_mut().unwrap().decisions.push(decision);
    }
    let view = merge_view(&tools(), &record, &Known::default()).unwrap();
    let results: Vec<String> = view
        .rows
        .iter()
        .filter(|row| row.open)
        .map(|row| row.result.as_ref().unwrap().text.trim_end().replace('\n', "|"))
        .collect();
    assert_eq!(results, ["charge the evening before|charge both", "chuck by me"]);
    let whole = view.rows.iter().find(|row| !row.open).unwrap();
    assert!(whole.please_look);
    assert_eq!(whole.provenance, Some(Provenance::Combined));
    assert_eq!(
        whole.result.as_ref().unwrap().text,
        "charge the evening before\ncharge both\nkeep one\nkeep two\nchuck by me\nkeep three\nkeep four\ncase is in the yard"
    );
    let preview = merge_preview(&tools(), &record, None).unwrap();
    assert_eq!(preview.change.len(), 1);
    assert_eq!(preview.change[0].provenance, Some(Provenance::Combined));
}

#[test]
fn a_note_put_together_by_lines() {
    let note = |text: &str| Body::new(text.as_bytes(), "text/markdown");
    let mut record =
        edited(DRILL, Change::Replace(note("# Plot 17 and 18\n\nWaters on Mondays.\n\nKeys in the shed.\n")));
    record.base.as_mut().unwrap().body = note("# Plot 17\n\nWaters on Mondays.\n\nKeys in the shed.\n");
    record = with_theirs(record, Some("{}"));
    let theirs = note("# Plot 17\n\nWaters on Mondays.\n\nKeys in the yard.\n");
    record.theirs.as_mut().unwrap().what = Theirs::Present(Version { body: theirs, validator: None });
    record.conflict = Some(Conflict {
        kind: ConflictKind::EditEdit,
        decisions: Vec::new(),
        rows: Vec::new(),
        must_look: false,
    });
    let view = merge_view(&notes(), &record, &Known::default()).unwrap();
    assert_eq!((view.rows.len(), view.choices), (1, 0));
    let row = &view.rows[0];
    let combined = "# Plot 17 and 18\n\nWaters on Mondays.\n\nKeys in the yard.\n";
    assert_eq!(row.result.as_ref().map(|v| v.text.as_str()), Some(combined));
    assert_eq!((row.provenance, row.please_look), (Some(Provenance::Combined), true));
    assert_eq!(view.source.result.as_deref(), Some(combined));
    let preview = merge_preview(&notes(), &record, None).unwrap();
    assert_eq!((preview.change.len(), preview.change[0].provenance), (1, Some(Provenance::Combined)));
}

#[test]
fn elements_of_a_list_have_rows_of_their_own() {
    let worn = "    {\"no\": 2, \"item\": \"Battery 2.0 Ah\", \"count\": 2, \"condition\": \"worn\"}";
    let mine = drill(&[("\"worn\"", "\"one new\""), ("\"count\": 1,", "\"count\": 1, \"serial\": \"\",")]);
    let theirs =
        drill(&[(&format!(",\n{worn}"), ""), ("\"count\": 1,", "\"count\": 1, \"serial\": \"CH-2291\",")]);
    let mut record = in_merge(replaced(DRILL, &mine), Some(&theirs), ConflictKind::EditEdit);
    let view = merge_view(&tools(), &record, &Known::default()).unwrap();
    let names: Vec<String> = view
        .rows
        .iter()
        .map(|row| {
            format!("{:?} {} {:?} {:?}", row.breadcrumbs, row.field.label, row.open, row.theirs.r#type)
        })
        .collect();
    assert_eq!(
        names,
        ["[\"Accessories\", \"Charger\"] Serial true Text", "[\"Accessories\"] Battery 2.0 Ah true Missing",]
    );
    for number in [0, 1] {
        let row = merge_of(&tools(), &record).unwrap().reviewed[number].row.clone();
        let choice = if number == 0 { C::Theirs } else { C::Mine };
        let decision = Decision {
            path: row.path,
            part: None,
            choice,
            value: None,
            validator: None,
            theirs_then: row.theirs,
            mine_then: row.mine,
        };
        record.conflict.as_mut().unwrap().decisions.push(decision);
    }
    let view = merge_view(&tools(), &record, &Known::default()).unwrap();
    let results: Vec<&str> = view.rows.iter().map(|row| row.result.as_ref().unwrap().text.as_str()).collect();
    assert_eq!(results[0], "CH-2291");
    assert!(results[1].contains("one new"), "{results:?}");
    let preview = merge_preview(&tools(), &record, None).unwrap();
    assert_eq!(preview.change.iter().map(|c| c.label.as_str()).collect::<Vec<_>>(), ["Accessories"]);
}

#[test]
fn the_server_changes_again_what_was_chosen_instead_of_the_automatic_result() {
    let mut record = clash();
    decide(&mut record, "/deposit", C::Theirs, None);
    decide(&mut record, "/notes", C::Theirs, None);
    decide(&mut record, "/status", C::Mine, None);
    let again = drill(&THEIRS).replace("in_repair", "lost");
    let record = with_theirs(record, Some(&again));
    // Nothing is sent before the person has answered: the screen must ask, too.
    let state = merge_of(&tools(), &record).unwrap();
    let open = record_merge::resolve(&state.merge, &state.conflict.decisions, None).unwrap_err().open;
    assert_eq!(open.iter().map(Path::to_pointer).collect::<Vec<_>>(), ["/status"]);
    let view = merge_view(&tools(), &record, &Known::default()).unwrap();
    let asked: Vec<String> = view.rows.iter().filter(|row| row.open).map(show).collect();
    assert_eq!(asked[0], "Status open Suggested Some(Mine) None => -", "{asked:?}");
    assert_eq!((view.choices, view.decided), (3, 2));
    let shape = shape(&tools(), &record, 1).unwrap();
    assert_eq!((shape.open, shape.decided, shape.automatic), (1, 2, 1));
    assert!(shape.fields.iter().any(|field| field.label == "Status"), "{:?}", shape.fields);
}
