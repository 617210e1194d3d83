//! L7 and L8: what holds where it is known who touched what.

use crate::common::{ordered, plain};
use crate::draw::Draw;
use crate::given::{Three, words};
use crate::hold;
use crate::run::Verdict;
use crate::tidy::{Edit, edit, edited, edits, record};
use record_merge::{ArrayMode, Format, Policy};

pub fn policy() -> Policy {
    let arrays = [("**/tags".to_owned(), ArrayMode::Set), ("**/pos".to_owned(), ArrayMode::Atomic)];
    Policy { arrays: arrays.into(), ..Policy::default() }
}

fn versions(base: &str, mine: &str, theirs: &str) -> Three {
    let [base, mine, theirs] = [base, mine, theirs].map(str::to_owned);
    Three { format: Format::Json, base, mine, theirs, policy: policy() }
}

/// L7: edits that do not meet never clash, and all of them are in the outcome. Some are made on both sides.
pub fn l7(d: &mut Draw) -> Verdict {
    let base = record(d, 2, true);
    let all = edits(d, &base, 8, true);
    let (mut here, mut there): (Vec<Edit>, Vec<Edit>) = (Vec::new(), Vec::new());
    for edit in &all {
        match d.below(5) {
            0 | 1 => here.push(edit.clone()),
            2 | 3 => there.push(edit.clone()),
            _ => {
                here.push(edit.clone());
                there.push(edit.clone());
            }
        }
    }
    let styles = [d.byte(), d.byte(), d.byte()];
    let (mine, theirs) = (edited(&base, &here).source(styles[1]), edited(&base, &there).source(styles[2]));
    let t = versions(&base.source(styles[0]), &mine, &theirs);
    let wanted = edited(&base, &all).source(0);
    let found = t.merge().result(&[]).map(words).map_err(|still| still.to_string());
    let right = found.as_ref().is_ok_and(|found| plain(found) == plain(&wanted));
    hold!(t, right, "edits that do not meet should give\n{wanted}\nnot {found:?}");
    Ok(())
}

/// L7 for lists in sequence and texts, where the order counts.
pub fn l7_order(d: &mut Draw) -> Verdict {
    let text = d.chance(128);
    let count = 5 + d.below(10);
    let part = |n: usize| if text { format!("line {n}\\n") } else { format!("\"step {n}\"") };
    let joined = |parts: &[String]| {
        if text {
            format!("{{\"x\":\"{}\"}}", parts.concat())
        } else {
            format!("{{\"x\":[{}]}}", parts.join(","))
        }
    };
    let base: Vec<String> = (0..count).map(part).collect();
    let (mut mine, mut theirs, mut both) = (Vec::new(), Vec::new(), Vec::new());
    let mut last = 0;
    for (at, old) in base.iter().enumerate() {
        // an edit, then at least one part that stays
        let act = if at > 0 && last + 2 > at { 0 } else { d.below(6) };
        last = if act > 0 { at } else { last };
        let new = part(100 + at);
        let new = match act {
            1 | 2 => vec![new],
            3 | 4 => vec![old.clone(), new],
            5 => vec![],
            _ => vec![old.clone()],
        };
        let side = if act == 0 { 0 } else { d.below(3) };
        mine.extend(if side == 1 { vec![old.clone()] } else { new.clone() });
        theirs.extend(if side == 0 { vec![old.clone()] } else { new.clone() });
        both.extend(new);
    }
    let t = versions(&joined(&base), &joined(&mine), &joined(&theirs));
    let wanted = joined(&both);
    let found = t.merge().result(&[]).map(words).map_err(|still| still.to_string());
    let right = found.as_ref().is_ok_and(|found| ordered(found) == ordered(&wanted));
    hold!(t, right, "edits with something common between should give\n{wanted}\nnot {found:?}");
    Ok(())
}

/// L8: an edit elsewhere neither adds a question nor removes or changes one.
pub fn l8(d: &mut Draw) -> Verdict {
    let base = record(d, 2, true);
    let (here, there) = (edits(d, &base, 5, true), edits(d, &base, 5, true));
    let Some(more) = edit(d, &base, true) else { return Ok(()) };
    if !here.iter().chain(&there).all(|other| more.apart(other)) {
        return Ok(());
    }
    let also = |edits: &[Edit], side: bool| {
        let mut edits = edits.to_vec();
        if side {
            edits.push(more.clone());
        }
        edited(&base, &edits).source(0)
    };
    let side = d.below(3);
    let without = versions(&base.source(0), &also(&here, false), &also(&there, false));
    let with = versions(&base.source(0), &also(&here, side != 1), &also(&there, side != 0));
    let asked = |t: &Three| {
        let m = t.merge();
        let row = |row: &record_merge::Row| format!("{} {:?}", row.path.to_pointer(), row.kind);
        let mut asked: Vec<String> = m.open().map(row).collect();
        asked.sort();
        asked
    };
    let (before, after) = (asked(&without), asked(&with));
    hold!(with, before == after, "{more:?} elsewhere: the questions were {before:?}, now {after:?}");
    Ok(())
}
