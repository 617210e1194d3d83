//! Versions woven with the server's log, merges that say why, and any two versions beside each other.

use super::*;
use ipc_types::{Clock, ComparedField, HistoryEntry, MarkKind, Provenance, ValueType};
use record_merge::{Choice, Provenance as Rule, RowKind};

fn line<'a>(
    version: u32,
    what: &'static str,
    by_me: bool,
    body: Option<&'a Body>,
) -> (VersionInput<'a>, i64) {
    (VersionInput { version, at: i64::from(version) * 100, what, by_me, body, ..VersionInput::default() }, 0)
}

fn woven(log: Vec<LogInput>, versions: &[VersionInput<'_>]) -> Vec<HistoryEntry> {
    let ctx = tools();
    let mut weaver = Weaver::new(&ctx, log);
    let mut entries: Vec<HistoryEntry> = versions.iter().flat_map(|v| weaver.push(v)).collect();
    entries.extend(weaver.finish());
    entries
}

fn log(from: Option<&str>, to: Option<&str>, who: &str, at: i64) -> LogInput {
    LogInput {
        at: Some(at),
        who: Some(who.to_owned()),
        from: from.map(str::to_owned),
        to: to.map(str::to_owned),
        changed: vec!["safety_check".to_owned()],
        request_id: Some(format!("r{at}")),
    }
}

#[test]
fn versions_name_what_changed() {
    let bodies = [
        body(DRILL),
        body(&drill(&[("20.00", "30.00")])),
        body(&drill(&[("20.00", "30.00"), ("\"A3\"", "\"A4\"")])),
    ];
    let versions = [
        line(1, "seen", false, Some(&bodies[0])).0,
        line(2, "sent", true, Some(&bodies[1])).0,
        line(3, "deleted", true, None).0,
        line(4, "seen", false, Some(&bodies[2])).0,
    ];
    let entries = woven(Vec::new(), &versions);
    let changed: Vec<Vec<String>> = entries.iter().map(|e| e.changed.clone()).collect();
    assert_eq!(changed, [vec![], vec!["Deposit".to_owned()], vec![], vec!["Shelf".to_owned()]]);
    assert_eq!(entries.iter().map(|e| e.restorable).collect::<Vec<_>>(), [true, true, false, true]);
    let view = version_view(&tools(), entries[0].clone(), Some(&bodies[0]), Some(&bodies[1]));
    let deposit = view.form.fields.iter().find(|f| f.meta.pointer == "/deposit").unwrap();
    assert_eq!(deposit.before.as_ref().map(|v| v.text.as_str()), Some("30.00"));
}

#[test]
fn a_change_in_the_servers_log_shows_once() {
    let (old, mine, new) =
        (body(DRILL), body(&drill(&[("20.00", "30.00")])), body(&drill(&[("\"A3\"", "\"A4\"")])));
    let mut first = line(1, "seen", false, Some(&old)).0;
    first.validator = Some("\"1\"");
    let mut sent = line(2, "sent", true, Some(&mine)).0;
    sent.validator = Some("\"3\"");
    let mut last = line(3, "seen", false, Some(&new)).0;
    last.validator = Some("\"4\"");
    let lines = vec![
        log(None, Some("\"0\""), "Tomasz Wilk", 5),
        log(Some("\"0\""), Some("\"1\""), "Tomasz Wilk", 6),
        // Never seen here: it was replaced before the next reading.
        log(Some("\"1\""), Some("\"2\""), "Cho", 7),
        log(Some("\"2\""), Some("\"3\""), "ann", 8),
        log(Some("\"3\""), Some("\"4\""), "Ines Duarte", 9),
        log(Some("\"4\""), None, "Ines Duarte", 10),
    ];
    let entries = woven(lines, &[first, sent, last]);
    type Told<'a> = (u32, &'a str, &'a str, i64, Option<i64>, bool);
    let told: Vec<Told<'_>> = entries
        .iter()
        .map(|e| (e.version, e.what.as_str(), e.by.as_str(), e.at, e.seen_at, e.in_log))
        .collect();
    assert_eq!(
        told,
        [
            (0, "server", "Tomasz Wilk", 5, Some(100), true),
            (1, "seen", "Tomasz Wilk", 6, Some(100), true),
            (0, "server", "Cho", 7, Some(200), true),
            // Ours is ours, whatever the server calls us, and by our clock.
            (2, "sent", "you", 200, None, true),
            (3, "seen", "Ines Duarte", 9, Some(300), true),
            (0, "server", "Ines Duarte", 10, Some(300), true),
        ]
    );
    assert_eq!(entries[3].request_id.as_deref(), Some("r8"));
    assert_eq!((entries[3].clock, entries[4].clock), (Clock::Here, Clock::Server));
    assert_eq!(entries[2].changed, ["Safety check"]);
}

#[test]
fn clocks_do_not_put_versions_in_another_order() {
    let (a, b) = (body(DRILL), body(&drill(&[("20.00", "30.00")])));
    let mut first = line(1, "seen", false, Some(&a)).0;
    first.validator = Some("\"1\"");
    let mut second = line(2, "seen", false, Some(&b)).0;
    second.validator = Some("\"2\"");
    // The server's clock is ten years behind and went backwards.
    let lines = vec![log(None, Some("\"1\""), "Ines", -50), log(Some("\"1\""), Some("\"2\""), "Ines", -90)];
    let entries = woven(lines, &[first, second]);
    assert_eq!(entries.iter().map(|e| e.version).collect::<Vec<_>>(), [1, 2]);
    assert!(entries.windows(2).all(|w| w[0].seen_at <= w[1].seen_at));
}

#[test]
fn without_a_log_the_record_says_who() {
    let entry = &woven(Vec::new(), &[line(1, "seen", false, Some(&body(DRILL))).0])[0];
    assert_eq!((entry.by.as_str(), entry.clock), ("Tomasz Wilk", Clock::Server));
    let unsaid = body("{\"name\":\"x\"}");
    let entry = &woven(Vec::new(), &[line(1, "seen", false, Some(&unsaid)).0])[0];
    assert_eq!((entry.by.as_str(), entry.clock, entry.at), ("server", Clock::Here, 100));
}

#[test]
fn a_merge_says_why_each_field_is_as_it_is() {
    let path = |name: &str| Path::from_pointer(name).unwrap();
    let row = |pointer: &str, choice, by_person, kind, rule| NoteRow {
        path: path(pointer),
        part: None,
        choice,
        by_person,
        kind: Some(kind),
        rule,
        with: Vec::new(),
    };
    let note = Note::Merge(MergeNote {
        kind: ConflictKind::EditEdit,
        rows: vec![
            row("/deposit", Choice::Mine, true, RowKind::EditedDifferently, None),
            row("/shelf", Choice::Theirs, false, RowKind::TheirsOnly, Some(Rule::OnlyServer)),
            row("/notes", Choice::Both, false, RowKind::Combined, Some(Rule::Lines)),
        ],
        before: Some(1),
        theirs: Some(2),
        mine: Some(3),
    });
    let drill = body(DRILL);
    let mut merged = line(4, "merged", true, Some(&drill)).0;
    merged.note = Some(&note);
    let mut sent = line(5, "sent", true, Some(&drill)).0;
    sent.validator = Some("\"9\"");
    let entries = woven(Vec::new(), &[merged, sent]);
    let merge = entries[0].merge.as_ref().unwrap();
    assert_eq!((merge.by_you, merge.automatic, merge.from_server, merge.from_you), (1, 2, 1, 1));
    assert!(merge.can_undo);
    let rows: Vec<(&str, Provenance, bool)> =
        merge.rows.iter().map(|r| (r.label.as_str(), r.from, r.by_you)).collect();
    assert_eq!(
        rows,
        [
            ("Deposit", Provenance::Mine, true),
            ("Shelf", Provenance::Server, false),
            ("Notes", Provenance::Combined, false)
        ]
    );
    assert_eq!(merge.rows[1].words, "Only the server changed it.");
    assert_eq!(entries[1].sent_of, Some(4), "that it was sent is no version of its own");
}

#[test]
fn two_versions_are_compared_by_what_entries_are() {
    let then = body(DRILL);
    let now = body(&drill(&[
        ("\"available\"", "\"in_repair\""),
        ("{\"no\": 1, \"item\": \"Charger\", \"count\": 1, \"condition\": \"good\"},\n    ", ""),
        ("\"condition\": \"worn\"", "\"condition\": null"),
        ("two days", "three days"),
    ]));
    let compared = compare(&tools(), Some(&then), Some(&now));
    let rows: Vec<(&str, Option<&str>, ValueType, ValueType)> = compared
        .rows
        .iter()
        .map(|r| (r.label.as_str(), r.part.as_deref(), r.from.r#type, r.to.r#type))
        .collect();
    assert_eq!(
        rows,
        [
            ("Status", None, ValueType::Text, ValueType::Text),
            ("Notes", None, ValueType::Text, ValueType::Text),
            // A part of the entry that stays, and the one that went: not "entry 1 changed into entry 2".
            ("Accessories", Some("Battery 2.0 Ah, Condition"), ValueType::Text, ValueType::Null),
            ("Accessories", Some("Charger"), ValueType::Object, ValueType::Missing),
        ]
    );
    let notes = &compared.rows[1].marks;
    assert!(notes.iter().any(|m| m.kind == MarkKind::Added && m.text.contains("three")), "{notes:?}");
    assert!(
        notes.iter().any(|m| m.kind == MarkKind::Equal && m.text.contains("second battery")),
        "{notes:?}"
    );
    assert_eq!(compared.rows[3].marks.len(), 1, "{:?}", compared.rows[3].marks);
    assert!(compared.same.iter().any(|f| f.label == "Deposit") && compared.lines.is_empty());
    // Turned round it says the opposite.
    let back = compare(&tools(), Some(&now), Some(&then));
    assert_eq!(back.rows.len(), 4);
    assert!(
        back.rows.iter().any(|r| r.part.as_deref() == Some("Charger") && r.from.r#type == ValueType::Missing)
    );
}

#[test]
fn two_versions_of_an_event_are_compared_by_property() {
    let event = |lines: &str| {
        let text = format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nBEGIN:VEVENT\r\nUID:choir\r\nDTSTAMP:20260301T090000Z\r\n{lines}END:VEVENT\r\nEND:VCALENDAR\r\n"
        );
        Body::new(text.into_bytes(), "text/calendar")
    };
    let then = event(
        "SUMMARY:Choir\r\nLOCATION:Hall\r\nDTSTART:20261201T190000Z\r\nDTEND:20261201T203000Z\r\nATTENDEE;CN=Ben:mailto:ben@example.net\r\n",
    );
    let now = event(
        "SUMMARY:Choir\r\nLOCATION:Church\r\nDTSTART:20261201T183000Z\r\nDTEND:20261201T203000Z\r\nATTENDEE;CN=Ben:mailto:ben@example.net\r\nATTENDEE:mailto:cho@example.org\r\n",
    );
    let compared = compare(&tools(), Some(&then), Some(&now));
    assert!(compared.lines.is_empty(), "by property, not by lines");
    let values: Vec<(&str, &str)> =
        compared.rows.iter().map(|row| (row.from.text.as_str(), row.to.text.as_str())).collect();
    assert!(values.contains(&("Hall", "Church")), "{values:?}");
    assert!(values.iter().any(|(from, to)| from.is_empty() && to.contains("cho@example.org")), "{values:?}");
    assert!(
        !values.iter().any(|(_, to)| to.contains("ben@example.net") || to.contains("Choir")),
        "{values:?}"
    );
    assert!(compared.same.iter().any(|field| field.value.text == "Choir"), "{:?}", compared.same);
    let made = compare(&tools(), None, Some(&now));
    let is_new = |row: &ComparedField| row.from.r#type == ValueType::Missing;
    assert!(!made.rows.is_empty() && made.rows.iter().all(is_new));
}

#[test]
fn nothing_texts_and_binaries_are_compared_too() {
    let drill = body(DRILL);
    let all = compare(&tools(), None, Some(&drill));
    assert!(all.rows.iter().all(|r| r.from.r#type == ValueType::Missing) && all.rows.len() > 8);
    let gone = compare(&tools(), Some(&drill), None);
    assert!(gone.rows.iter().all(|r| r.to.r#type == ValueType::Missing) && !gone.rows.is_empty());
    let text = |t: &str| Body::new(t.as_bytes(), "text/markdown");
    let lines = compare(&tools(), Some(&text("a\nb\n")), Some(&text("a\nc\n"))).lines;
    let kinds: Vec<MarkKind> = lines.iter().map(|m| m.kind).collect();
    assert_eq!(kinds, [MarkKind::Equal, MarkKind::Removed, MarkKind::Added]);
    let binary = Body::new(*b"\xff\x00", "image/png");
    let compared = compare(&tools(), Some(&binary), Some(&binary));
    assert_eq!((compared.rows.len(), compared.lines.len(), compared.from_text), (0, 0, None));
    let same = compare(&tools(), Some(&drill), Some(&drill));
    assert!(same.rows.is_empty() && same.same.len() > 8);
}
