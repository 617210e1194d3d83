//! L8 for texts, cards and calendars: an edit elsewhere neither adds a question nor removes or changes one.

use crate::cards::{self, Given};
use crate::draw::Draw;
use crate::given::Three;
use crate::hold;
use crate::kinds::Kind;
use crate::run::Verdict;
use record_merge::{Format, Row};

/// What is asked, by what it shows: parts of a text are numbered in order, and so are entries of a list. A text with one
/// clash and nothing else is one question as a whole, so equal lines around a clash are left out.
fn asked(t: &Three) -> Vec<String> {
    let row = |row: &Row| {
        let sides = [&row.before, &row.mine, &row.theirs].map(|value| value.clone().unwrap_or_default());
        format!("{:?} {:?}", row.kind, trimmed(sides))
    };
    let mut all: Vec<String> = t.merge().open().map(row).collect();
    all.sort();
    all
}

fn trimmed(sides: [String; 3]) -> [Vec<String>; 3] {
    let mut lines =
        sides.map(|side| side.trim_matches('"').split("\\n").map(str::to_owned).collect::<Vec<_>>());
    let shortest = |lines: &[Vec<String>; 3]| lines.iter().map(Vec::len).min().unwrap_or_default();
    while shortest(&lines) > 0 && lines.iter().all(|side| side.first() == lines[0].first()) {
        lines.iter_mut().for_each(|side| drop(side.remove(0)));
    }
    while shortest(&lines) > 0 && lines.iter().all(|side| side.last() == lines[0].last()) {
        lines.iter_mut().for_each(|side| drop(side.pop()));
    }
    lines
}

fn no_other_question(without: &Three, with: &Three) -> Verdict {
    let (before, after) = (asked(without), asked(with));
    hold!(
        with,
        before == after,
        "without the edit elsewhere {before:?}, with it {after:?}\n{}",
        without.shown()
    );
    Ok(())
}

/// Lines that are all different; the edit elsewhere has a line on either side that nobody touches.
pub fn text_l8(d: &mut Draw) -> Verdict {
    let count = 4 + d.below(12);
    let more = d.below(count);
    // by line: what each side does, 0 for nothing
    let mut acts = vec![(0, 0); count];
    for _ in 0..2 + d.below(4) {
        let at = d.below(count);
        if at.abs_diff(more) > 1 {
            // what both remove is no clash, and shown only where the text is one question as a whole
            acts[at] = match (d.below(4), d.below(4)) {
                (3, 3) => (3, 0),
                other => other,
            };
        }
    }
    let made = |at: usize, act: usize, side: &str| match act {
        1 => format!("{side} {at}\n"),
        2 => format!("line {at}\nbehind {side} {at}\n"),
        3 => String::new(),
        _ => format!("line {at}\n"),
    };
    let (kind_of_more, side) = (1 + d.below(3), d.below(2));
    let text = |mine: bool, there: bool| -> String {
        let line = |at: usize| match at {
            _ if at == more => made(at, if there { kind_of_more } else { 0 }, "more"),
            _ if mine => made(at, acts[at].0, "mine"),
            _ => made(at, acts[at].1, "theirs"),
        };
        (0..count).map(line).collect()
    };
    let base: String = (0..count).map(|at| made(at, 0, "")).collect();
    let without = Kind::Text.three(&base, &text(true, false), &text(false, false));
    let with = Kind::Text.three(&base, &text(true, side != 1), &text(false, side != 0));
    no_other_question(&without, &with)
}

/// A property that neither side touches otherwise.
fn l8(d: &mut Draw, format: Format) -> Verdict {
    let Given { base, here, there, three: without, .. } = cards::given(d, format);
    let (place, line) = cards::change(d, format, base.len());
    if here.contains_key(&place) || there.contains_key(&place) {
        return Ok(());
    }
    let side = d.below(3);
    let also = |edits: &cards::Edits, also: bool| {
        let mut edits = edits.clone();
        if also {
            edits.insert(place.clone(), line.clone());
        }
        cards::written(format, &cards::edited(&base, &[&edits]), cards::Style::default())
    };
    let (mine, theirs) = (also(&here, side != 1), also(&there, side != 0));
    no_other_question(&without, &Three { mine, theirs, ..without.clone() })
}

pub fn vcard_l8(d: &mut Draw) -> Verdict {
    l8(d, Format::Vcard)
}

pub fn calendar_l8(d: &mut Draw) -> Verdict {
    l8(d, Format::Icalendar)
}
