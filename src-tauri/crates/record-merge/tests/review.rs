//! Decisions over a second and third change (M46 to M47a; sync.md 3.1).
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use record_merge::{
    Choice, Decision, Format, Inputs, Merge, Merged, Path, Policy, ReviewedRow, Side, Standing,
    changed_leaves_present, changed_paths, merge, resolve, review, standing_decisions,
};

const BASE: &str = r#"{"phone":"1","note":"a","title":"t"}"#;
const MINE: &str = r#"{"phone":"2","note":"b","title":"t"}"#;
const FIRST: &str = r#"{"phone":"3","note":"c","title":"t"}"#;

fn of(mine: &str, theirs: Option<&str>) -> Merge {
    let inputs = Inputs::new(Some(BASE.as_bytes()), Some(mine.as_bytes()), theirs.map(str::as_bytes));
    merge(Format::Json, inputs, &Policy::default()).unwrap()
}

/// A decision made while looking at `merge`.
fn decide(merge: &Merge, pointer: &str, choice: Choice, value: Option<&str>) -> Decision {
    let path = Path::from_pointer(pointer).unwrap();
    Decision {
        theirs_then: merge.value(Side::Theirs, &path),
        mine_then: merge.value(Side::Mine, &path),
        path,
        part: None,
        choice,
        value: value.map(str::to_owned),
        validator: Some("\"1\"".into()),
    }
}

fn standing(reviewed: &[ReviewedRow], pointer: &str) -> String {
    let path = Path::from_pointer(pointer).unwrap();
    let row = reviewed.iter().find(|row| row.row.path.same(&path));
    match row.map(|row| &row.standing) {
        None => "no row".into(),
        Some(Standing::Undecided) => "undecided".into(),
        Some(Standing::Automatic) => "automatic".into(),
        Some(Standing::Decided(d)) => format!("decided {:?}", d.choice),
        Some(Standing::Suggested(d)) => format!("suggested {:?}", d.choice),
        Some(Standing::Followed(d)) => format!("followed {:?}", d.choice),
        Some(Standing::Overridden(d)) => format!("overridden {:?}", d.choice),
        Some(Standing::Resting(d)) => format!("resting {:?}", d.choice),
    }
}

fn text(merged: Merged) -> String {
    match merged {
        Merged::Document(bytes) => String::from_utf8(bytes).unwrap(),
        Merged::Deleted => "(deleted)".into(),
    }
}

#[test]
fn decisions_survive_what_does_not_touch_them() {
    let first = of(MINE, Some(FIRST));
    let cases = [
        // choice, the phone on the server later, the person's phone later, standing then
        (Choice::Mine, "3", "2", "decided Mine"),
        (Choice::Theirs, "3", "2", "decided Theirs"),
        (Choice::Theirs, "4", "2", "followed Theirs"),
        (Choice::Mine, "4", "2", "suggested Mine"),
        (Choice::Edit, "4", "2", "suggested Edit"),
        (Choice::Mine, "3", "5", "suggested Mine"),
        (Choice::Theirs, "3", "5", "suggested Theirs"),
        (Choice::Edit, "3", "5", "suggested Edit"),
        // the server went back: automatic now, but the person had written something
        (Choice::Edit, "1", "2", "suggested Edit"),
        (Choice::Theirs, "1", "2", "followed Theirs"),
        // the server took over the person's value: only typed text still needs a word
        (Choice::Edit, "2", "2", "suggested Edit"),
        (Choice::Mine, "2", "2", "no row"),
    ];
    for (choice, phone_there, phone_here, expected) in cases {
        let decision = decide(&first, "/phone", choice, Some("\"own\""));
        let theirs = format!(r#"{{"phone":"{phone_there}","note":"c","title":"changed"}}"#);
        let mine = format!(r#"{{"phone":"{phone_here}","note":"b","title":"t"}}"#);
        let second = of(&mine, Some(&theirs));
        let reviewed = review(&second, std::slice::from_ref(&decision), Some("\"2\""));
        let words = format!("{choice:?} {phone_there} {phone_here}");
        assert_eq!(standing(&reviewed, "/phone"), expected, "{words}");
        assert_eq!(standing(&reviewed, "/note"), "undecided", "{words}");
        assert_eq!(standing(&reviewed, "/title"), "automatic", "{words}");
        let acts = standing_decisions(&reviewed);
        assert_eq!(acts.is_empty(), expected.starts_with("suggested") || expected == "no row", "{words}");
        let note = decide(&second, "/note", Choice::Theirs, None);
        let resolved = resolve(&second, &[decision, note], Some("\"2\""));
        assert_eq!(resolved.is_err(), expected.starts_with("suggested"), "{words}");
    }
}

#[test]
fn the_result_takes_each_choice() {
    let m = of(MINE, Some(FIRST));
    let phone = decide(&m, "/phone", Choice::Edit, Some("\"own\""));
    let note = decide(&m, "/note", Choice::Mine, None);
    assert_eq!(m.result(std::slice::from_ref(&phone)).unwrap_err().open, vec![note.path.clone()]);
    let both = [phone.clone(), note.clone()];
    assert_eq!(text(m.result(&both).unwrap()), r#"{"phone":"own","note":"b","title":"t"}"#);
    let turned = [note.clone(), phone];
    assert_eq!(m.result(&both), m.result(&turned));
    let removed = decide(&m, "/phone", Choice::Edit, None);
    assert_eq!(text(m.result(&[removed, note.clone()]).unwrap()), r#"{"note":"b","title":"t"}"#);
    let later = decide(&m, "/note", Choice::Later, None);
    let phone = decide(&m, "/phone", Choice::Theirs, None);
    assert_eq!(m.result(&[note.clone(), later, phone.clone()]).unwrap_err().open.len(), 1);
    // nonsense is no decision
    for (choice, value) in [(Choice::Edit, Some("{")), (Choice::Both, None)] {
        let bad = decide(&m, "/phone", choice, value);
        assert_eq!(m.result(&[bad, note.clone()]).unwrap_err().open, vec![phone.path.clone()]);
    }
    let stray = decide(&m, "/nowhere", Choice::Mine, None);
    assert_eq!(m.unused(&[stray.clone(), note.clone()]), vec![stray.clone()]);
    assert!(m.result(&[stray, note, phone]).is_ok());
}

#[test]
fn automatic_rows_can_be_overruled() {
    let theirs = r#"{"phone":"1","note":"a","title":"new"}"#;
    let m = of(MINE, Some(theirs));
    assert_eq!(text(m.result(&[]).unwrap()), r#"{"phone":"2","note":"b","title":"new"}"#);
    let decisions = [
        decide(&m, "/title", Choice::Mine, None),
        decide(&m, "/phone", Choice::Theirs, None),
        decide(&m, "/note", Choice::Edit, Some("\"x\"")),
    ];
    let reviewed = review(&m, &decisions, Some("\"1\""));
    assert_eq!(standing(&reviewed, "/title"), "overridden Mine");
    assert_eq!(text(resolve(&m, &decisions, None).unwrap()), r#"{"phone":"1","note":"x","title":"t"}"#);
    let confirmed = decide(&m, "/title", Choice::Theirs, None);
    assert_eq!(standing(&review(&m, &[confirmed], None), "/title"), "decided Theirs");
}

#[test]
fn typed_text_survives_agreement_and_can_be_confirmed() {
    let first = of(MINE, Some(FIRST));
    let typed = decide(&first, "/phone", Choice::Edit, Some("\"own\""));
    let agreed = of(MINE, Some(r#"{"phone":"2","note":"b","title":"t"}"#));
    assert!(agreed.rows.is_empty());
    assert!(resolve(&agreed, std::slice::from_ref(&typed), None).is_err());
    let again = decide(&agreed, "/phone", Choice::Edit, Some("\"own\""));
    assert_eq!(
        text(resolve(&agreed, &[typed.clone(), again], None).unwrap()),
        MINE.replace("\"2\"", "\"own\"")
    );
    let gave_up = decide(&agreed, "/phone", Choice::Theirs, None);
    assert_eq!(text(resolve(&agreed, &[typed, gave_up], None).unwrap()), MINE);
}

#[test]
fn decisions_rest_while_the_record_is_gone_and_act_again() {
    let first = of(MINE, Some(FIRST));
    let rows = [
        decide(&first, "/phone", Choice::Edit, Some("\"own\"")),
        decide(&first, "/note", Choice::Theirs, None),
    ];
    let gone = of(MINE, None);
    let reviewed = review(&gone, &rows, None);
    assert_eq!(standing(&reviewed, ""), "undecided");
    assert_eq!(standing(&reviewed, "/phone"), "resting Edit");
    let back = decide(&gone, "", Choice::Mine, None);
    let all = [rows[0].clone(), rows[1].clone(), back.clone()];
    let acts = standing_decisions(&review(&gone, &all, None));
    assert_eq!(text(gone.result(&acts).unwrap()), r#"{"phone":"own","note":"c","title":"t"}"#);
    assert_eq!(text(resolve(&gone, &all, None).unwrap()), r#"{"phone":"own","note":"c","title":"t"}"#);
    assert!(gone.unused(&all).is_empty());
    let left = decide(&gone, "", Choice::Theirs, None);
    assert_eq!(gone.result(&[rows[0].clone(), left]), Ok(Merged::Deleted));
    // it comes back: the rows act again, "bring it back" has no row
    let reviewed = review(&first, &all, None);
    assert_eq!(standing(&reviewed, "/phone"), "decided Edit");
    assert_eq!(text(resolve(&first, &all, None).unwrap()), r#"{"phone":"own","note":"c","title":"t"}"#);
    assert_eq!(first.unused(&all), vec![back]);
}

#[test]
fn delete_anyway_is_asked_again_when_the_server_changed_again() {
    let inputs = |theirs: &'static str| Inputs::new(Some(BASE.as_bytes()), None, Some(theirs.as_bytes()));
    let first = merge(Format::Json, inputs(FIRST), &Policy::default()).unwrap();
    let delete = decide(&first, "", Choice::Mine, None);
    assert_eq!(resolve(&first, std::slice::from_ref(&delete), None), Ok(Merged::Deleted));
    let second = merge(Format::Json, inputs(MINE), &Policy::default()).unwrap();
    assert_eq!(standing(&review(&second, &[delete], None), ""), "suggested Mine");
}

#[test]
fn the_server_keeps_its_own_members() {
    let policy = Policy { server_kept: vec!["/last_modified".into(), "**/rev".into()], ..Policy::default() };
    let base = r#"{"n":1,"o":{"rev":1,"x":1},"last_modified":10}"#;
    let mine = r#"{"n":2,"o":{"rev":9,"x":1},"last_modified":11}"#;
    let theirs = r#"{"n":1,"o":{"rev":2,"x":1},"last_modified":20,"extra":1}"#;
    let inputs = Inputs::new(Some(base.as_bytes()), Some(mine.as_bytes()), Some(theirs.as_bytes()));
    let m = merge(Format::Json, inputs, &policy).unwrap();
    let paths: Vec<String> = m.rows.iter().map(|row| row.path.to_pointer()).collect();
    assert_eq!(paths, ["/n", "/extra"]);
    assert_eq!(text(m.result(&[]).unwrap()), theirs.replace("\"n\":1", "\"n\":2"));
    let paths = changed_paths(Format::Json, base.as_bytes(), mine.as_bytes(), &policy);
    assert_eq!(paths, vec![Path::from_pointer("/n").unwrap()]);
}

#[test]
fn changed_leaves_are_found_in_an_adjusted_record() {
    let base = r#"{"a":1,"b":{"x":1,"y":2},"gone":1,"l":[1]}"#;
    let mine = r#"{"a":2,"b":{"x":1,"y":3},"l":[1],"new":{"p":1}}"#;
    let cases = [
        (mine, true),
        (r#"{"a":2.0,"b":{"x":7,"y":3,"z":0},"l":[9],"new":{"p":1,"q":2},"stamp":5}"#, true),
        (r#"{"a":1,"b":{"x":1,"y":3},"l":[1],"new":{"p":1}}"#, false),
        (r#"{"a":2,"b":{"x":1},"l":[1],"new":{"p":1}}"#, false),
        (r#"{"a":2,"b":{"x":1,"y":3},"l":[1],"new":{"p":1},"gone":1}"#, false),
        (r#"{"a":2,"b":{"x":1,"y":3},"l":[1],"new":[]}"#, false),
        (base, false),
        ("nonsense", false),
    ];
    for (fetched, expected) in cases {
        let found = changed_leaves_present(
            Format::Json,
            Some(base.as_bytes()),
            mine.as_bytes(),
            fetched.as_bytes(),
            &Policy::default(),
        );
        assert_eq!(found, expected, "{fetched}");
    }
    let created = |fetched: &str| {
        changed_leaves_present(Format::Json, None, br#"{"a":1}"#, fetched.as_bytes(), &Policy::default())
    };
    assert!(created(r#"{"a":1.0,"id":"x"}"#) && !created(r#"{"id":"x"}"#));
}

/// The merge was sent and refused again: base is the version seen then, mine the result (M47).
#[test]
fn decisions_survive_a_second_refusal() {
    let first = of(MINE, Some(FIRST));
    let cases = [
        (Choice::Theirs, "3", "no row"),
        (Choice::Theirs, "4", "followed Theirs"),
        (Choice::Mine, "3", "decided Mine"),
        (Choice::Mine, "4", "suggested Mine"),
        (Choice::Edit, "3", "overridden Edit"),
        (Choice::Edit, "4", "suggested Edit"),
    ];
    for (choice, phone, expected) in cases {
        let value = (choice == Choice::Edit).then_some("\"own\"");
        let decisions =
            [decide(&first, "/phone", choice, value), decide(&first, "/note", Choice::Theirs, None)];
        let result = text(resolve(&first, &decisions, None).unwrap());
        let theirs = format!(r#"{{"phone":"{phone}","note":"c","title":"again"}}"#);
        let inputs = Inputs::new(Some(FIRST.as_bytes()), Some(result.as_bytes()), Some(theirs.as_bytes()));
        let second = merge(Format::Json, inputs, &Policy::default()).unwrap();
        let reviewed = review(&second, &decisions, Some("\"2\""));
        assert_eq!(standing(&reviewed, "/phone"), expected, "{choice:?} {phone}");
        assert_eq!(standing(&reviewed, "/note"), "no row");
        assert_eq!(standing(&reviewed, "/title"), "automatic");
    }
}

/// The whole was decided for the server after a part of it had been decided for mine: the part did not act. Sent, and
/// refused again because the server took that part away: nothing of mine is there to ask about (soak, L11).
#[test]
fn a_choice_that_a_whole_settled_is_not_proposed_later() {
    let versions = |base: &'static str, mine: &'static str, theirs: &'static str| {
        let inputs = Inputs::new(Some(base.as_bytes()), Some(mine.as_bytes()), Some(theirs.as_bytes()));
        merge(Format::Json, inputs, &Policy::default()).unwrap()
    };
    let theirs = r#"{"settings":{"name":0,"tags":[]}}"#;
    let first = versions("{}", r#"{"settings":{"name":0,"steps":["s"]}}"#, theirs);
    let decided = [
        decide(&first, "/settings/tags", Choice::Mine, None),
        decide(&first, "/settings", Choice::Theirs, None),
    ];
    assert_eq!(text(resolve(&first, &decided, None).unwrap()), theirs);
    let again = versions(theirs, theirs, r#"{"settings":{"name":0}}"#);
    assert_eq!(standing(&review(&again, &decided, None), "/settings/tags"), "automatic");
    assert_eq!(text(resolve(&again, &decided, None).unwrap()), r#"{"settings":{"name":0}}"#);
}
