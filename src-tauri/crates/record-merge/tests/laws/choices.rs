//! L10: every question can be answered, in any order.

use crate::draw::Draw;
use crate::given::{Three, at, decisions, parsed, three, words};
use crate::hold;
use crate::kinds::Kind;
use crate::run::Verdict;
use record_merge::{Choice, Decision, Merged, Policy, RowKind, Token, resolve};

/// Everything on one side is that side's value at every question.
fn every_question_has_its_answers(t: &Three) -> Verdict {
    let m = t.merge();
    let (mine, theirs) = (parsed(&words(m.all_mine())), parsed(&words(m.all_theirs())));
    for row in m.open().filter(|row| row.part.is_none() && row.with.is_empty()) {
        for (all, side) in [(&mine, &row.mine), (&theirs, &row.theirs)] {
            let found = at(all, &row.path);
            let place = row.path.to_pointer();
            hold!(t, t.like(found, side.as_deref()), "{place} is {found:?} in {}", all.source());
        }
    }
    Ok(())
}

pub fn json_l10(d: &mut Draw) -> Verdict {
    let t = three(d);
    let m = t.merge();
    every_question_has_its_answers(&t)?;
    let mut decided = decisions(&m, d);
    let one = m.result(&decided);
    hold!(t, one.is_ok(), "all is decided, and still open: {one:?}\n{decided:?}");
    decided.reverse();
    let other = m.result(&decided);
    hold!(t, one == other, "decided in another order it becomes {other:?}, not {one:?}");
    let Ok(Merged::Document(bytes)) = one else { return Ok(()) };
    let result = record_merge::json::Document::parse(&bytes).unwrap();
    // an element written anew is not the same element any more
    let anew = |d: &Decision| d.choice == Choice::Edit && matches!(d.path.0.last(), Some(Token::Identity(_)));
    for decision in decided.iter().filter(|decision| decision.part.is_none() && !anew(decision)) {
        if m.row(&decision.path, None).is_some_and(|row| !row.with.is_empty()) {
            continue;
        }
        let wanted = match decision.choice {
            Choice::Mine => decision.mine_then.clone(),
            Choice::Theirs => decision.theirs_then.clone(),
            _ => decision.value.clone(),
        };
        let got = at(&result, &decision.path);
        hold!(t, t.like(got, wanted.as_deref()), "{decision:?} became {got:?}");
    }
    if let Some(left_out) = decided.pop() {
        let open = m.result(&decided).map_err(|still| still.open);
        hold!(t, open == Err(vec![left_out.path.clone()]), "{left_out:?} is left out, and open is {open:?}");
    }
    Ok(())
}

/// Everything on one side: no question is open, and nothing else than the questions differs.
pub fn json_l10_one_side(d: &mut Draw) -> Verdict {
    one_side(&three(d))
}

pub fn one_side(t: &Three) -> Verdict {
    let m = t.merge();
    for (choice, all) in [(Choice::Mine, m.all_mine()), (Choice::Theirs, m.all_theirs())] {
        let side: Vec<Decision> =
            m.open().map(|row| crate::given::decision(&m, &row.path, row.part, choice, None)).collect();
        let found = m.result(&side);
        hold!(t, found.as_ref() == Ok(&all), "{choice:?} everywhere is {found:?}, all at once {all:?}");
        let resolved = resolve(&m, &side, None);
        hold!(
            t,
            resolved.as_ref() == Ok(&all),
            "{choice:?} everywhere resolves to {resolved:?}, not {all:?}"
        );
    }
    Ok(())
}

/// L10 for a record of any kind: every row that is decided has what was decided, in any order, and what is left out is
/// open.
fn answers(d: &mut Draw, kind: Kind) -> Verdict {
    let mut made = 0;
    let base = kind.record(d, &mut made);
    let mine = kind.edits(d, &base, &mut made, 6);
    let theirs = kind.edits(d, &base, &mut made, 6);
    let t = kind.three(&base, &mine, &theirs);
    let m = t.merge();
    let mut decided = kind.decisions(&m, d, &mut made);
    let (one, fields) = (m.result(&decided), m.result_fields(&decided));
    hold!(t, one.is_ok(), "all is decided, and still open: {one:?}\n{decided:?}");
    let turn = d.below(decided.len().max(1));
    decided.rotate_left(turn);
    decided.reverse();
    let other = m.result(&decided);
    hold!(t, one == other, "decided in another order it becomes {other:?}, not {one:?}");
    if let (Ok(Merged::Document(bytes)), false) = (&fields, kind == Kind::Text) {
        let result = record_merge::json::Document::parse(bytes).unwrap();
        for decision in &decided {
            let row = m.row(&decision.path, None);
            let wanted = match decision.choice {
                Choice::Mine => &decision.mine_then,
                Choice::Theirs => &decision.theirs_then,
                _ => continue,
            };
            let outer = |other: &Decision| {
                other.path.0.len() < decision.path.0.len() && decision.path.starts_with(&other.path)
            };
            if decision.part.is_none()
                && !decided.iter().any(outer)
                && row.is_some_and(|row| row.with.is_empty() && row.kind != RowKind::Reordered)
            {
                let got = at(&result, &decision.path);
                hold!(t, t.like(got, wanted.as_deref()), "{decision:?} became {got:?}");
            }
        }
    }
    let open =
        |decision: &Decision| m.open().any(|row| row.path == decision.path && row.part == decision.part);
    decided.retain(open);
    if let Some(left_out) = decided.pop() {
        let open = m.result(&decided).map_err(|still| still.open);
        hold!(t, open == Err(vec![left_out.path.clone()]), "{left_out:?} is left out, and open is {open:?}");
    }
    one_side(&t)
}

pub fn lists_l10(d: &mut Draw) -> Verdict {
    answers(d, Kind::Lists)
}

pub fn text_l10(d: &mut Draw) -> Verdict {
    answers(d, Kind::Text)
}

pub fn vcard_l10(d: &mut Draw) -> Verdict {
    answers(d, Kind::Vcard)
}

pub fn calendar_l10(d: &mut Draw) -> Verdict {
    answers(d, Kind::Icalendar)
}

/// What ten million cases found: where null means missing, an entry of mine that is equal to one of theirs has its bytes.
#[test]
fn an_entry_without_its_null_is_the_same_entry() {
    let policy = Policy { null_is_missing: true, ..Policy::default() };
    for (base, mine, theirs) in [
        (
            r#"{"b":[{"a":{"a":null}},{"a":null},null]}"#,
            r#"{"b":[{"a":1},{"b":null,"a":null},null]}"#,
            r#"{"b":[{"a":null},{"a":null},null]}"#,
        ),
        (
            r#"{"a":[{"id":0,"a":{"a":null}},{"id":4,"a":{"a":null}}]}"#,
            r#"{"a":[{"id":0,"b":null,"a":{"a":null}},null]}"#,
            r#"{"a":[{"id":0,"a":{"a":null}},null,null]}"#,
        ),
    ] {
        let [base, mine, theirs] = [base, mine, theirs].map(str::to_owned);
        let t = Three { format: record_merge::Format::Json, base, mine, theirs, policy: policy.clone() };
        assert!(t.merge().open().next().is_some(), "{}", t.shown());
        assert_eq!(every_question_has_its_answers(&t), Ok(()));
    }
}
