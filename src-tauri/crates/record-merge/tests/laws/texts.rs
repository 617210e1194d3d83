//! The laws for texts: lines that are all different, line ends, the mark at the start, the last line end.

use crate::basic;
use crate::choices;
use crate::draw::Draw;
use crate::given::{Three, decision, words};
use crate::hold;
use crate::run::Verdict;
use record_merge::{Choice, Format, Merge, Policy};
use std::collections::{BTreeMap, BTreeSet};

/// What a text has besides its lines.
#[derive(Clone, Copy, PartialEq)]
struct Frame {
    end: &'static str,
    last: bool,
    mark: bool,
}

impl Frame {
    fn write(self, lines: &[String]) -> String {
        let mut out = if self.mark { "\u{feff}".to_owned() } else { String::new() };
        out.push_str(&lines.join(self.end));
        if self.last && !lines.is_empty() {
            out.push_str(self.end);
        }
        out
    }
}

fn three(base: String, mine: String, theirs: String) -> Three {
    Three { format: Format::Text, base, mine, theirs, policy: Policy::default() }
}

/// A line that stands nowhere else.
fn line(d: &mut Draw, made: &mut usize, repeats: bool) -> String {
    *made += 1;
    match d.below(10) {
        _ if repeats && d.chance(128) => d.pick(&["", "x", "- [ ] one", "---"]).to_owned(),
        0 => format!("- [ ] item {made}"),
        1 => format!("A sentence, number {made}, with é and 😀."),
        2 => format!("key_{made} = \"value\""),
        3 => format!("    indented {made}"),
        _ => format!("line {made}"),
    }
}

/// Some edits. A line that one side moves and the other removes is put in and removed, and so it stays: `moves` are for
/// laws that do not count lines.
fn edited(d: &mut Draw, lines: &[String], made: &mut usize, repeats: bool, moves: bool) -> Vec<String> {
    let mut lines = lines.to_vec();
    for _ in 0..d.below(5) {
        edit(d, &mut lines, made, repeats, moves);
    }
    lines
}

fn edit(d: &mut Draw, lines: &mut Vec<String>, made: &mut usize, repeats: bool, moves: bool) {
    let at = d.below(lines.len() + 1);
    let new = line(d, made, repeats);
    match d.below(4) {
        0 if at < lines.len() => drop(lines.remove(at)),
        1 if at < lines.len() => lines[at] = new,
        2 if moves && at < lines.len() => {
            let moved = lines.remove(at);
            let to = d.below(lines.len() + 1);
            lines.insert(to, moved);
        }
        _ => lines.insert(at, new),
    }
}

/// A text document whose lines are all different.
pub fn document(d: &mut Draw, made: &mut usize) -> String {
    let lines: Vec<String> = (0..d.below(14)).map(|_| line(d, made, false)).collect();
    Frame { end: d.pick(&["\n", "\r\n"]), last: true, mark: false }.write(&lines)
}

/// The same with a line more, less or changed, or with other line ends.
pub fn document_edited(d: &mut Draw, source: &str, made: &mut usize) -> String {
    let mut lines: Vec<String> = source.lines().map(str::to_owned).collect();
    let dos = source.contains('\r') != d.chance(8);
    edit(d, &mut lines, made, false, false);
    Frame { end: if dos { "\r\n" } else { "\n" }, last: true, mark: false }.write(&lines)
}

struct Given {
    base: Vec<String>,
    mine: Vec<String>,
    theirs: Vec<String>,
    three: Three,
}

fn given(d: &mut Draw, repeats: bool, moves: bool) -> Given {
    let mut made = 0;
    let base: Vec<String> = (0..d.below(12)).map(|_| line(d, &mut made, repeats)).collect();
    let mine = edited(d, &base, &mut made, repeats, moves);
    let theirs = edited(d, &base, &mut made, repeats, moves);
    let frame = Frame { end: d.pick(&["\n", "\r\n"]), last: !d.chance(64), mark: d.chance(16) };
    let t = three(frame.write(&base), frame.write(&mine), frame.write(&theirs));
    Given { base, mine, theirs, three: t }
}

fn lines(text: &str) -> BTreeSet<String> {
    text.trim_start_matches('\u{feff}').lines().map(str::to_owned).collect()
}

/// L1 to L4 and L10 for any text, with repeated lines, too.
pub fn weak(d: &mut Draw) -> Verdict {
    let repeats = d.chance(128);
    let mut t = given(d, repeats, true).three;
    t.policy.words = d.chance(64);
    basic::l1(&t)?;
    basic::l2(&t)?;
    basic::l4(&t, |a, b| a == b)?;
    choices::one_side(&t)?;
    let same = three(t.base.clone(), t.mine.clone(), t.mine.clone());
    basic::l3(&same)
}

/// L5 and L6: with lines that are all different, every line is accounted for.
pub fn strong(d: &mut Draw) -> Verdict {
    let Given { base, mine, theirs, three: t } = given(d, false, false);
    let set = |lines: &[String]| -> BTreeSet<String> { lines.iter().cloned().collect() };
    let (base, mine, theirs) = (set(&base), set(&mine), set(&theirs));
    let m = t.merge();
    let (all_mine, all_theirs) = (words(m.all_mine()), words(m.all_theirs()));
    for (all, side, other) in [(&all_mine, &mine, &theirs), (&all_theirs, &theirs, &mine)] {
        let found = lines(all);
        for line in side.difference(&base) {
            hold!(t, found.contains(line), "{line:?} is lost in {all:?}");
        }
        for line in base.difference(side) {
            let here = !found.contains(line);
            hold!(t, here || other.contains(line), "{line:?} was removed on both sides and is in {all:?}");
            hold!(t, here, "{line:?} came back in {all:?}");
        }
        for line in &found {
            let known = base.contains(line) || mine.contains(line) || theirs.contains(line);
            hold!(t, known || line.is_empty(), "{line:?} of {all:?} was invented");
        }
    }
    if let Ok(result) = m.result(&[]).map(words) {
        let found = lines(&result);
        for (side, what) in [(&mine, "mine"), (&theirs, "theirs")] {
            let lost = side.difference(&base).find(|line| !found.contains(*line));
            hold!(t, lost.is_none(), "{lost:?} of {what} is lost in {result:?}");
            let back = base.difference(side).find(|line| found.contains(*line));
            hold!(t, back.is_none(), "{back:?}, removed by {what}, is in {result:?}");
        }
    }
    Ok(())
}

/// L5 with lines that move: whatever is chosen, what all versions have once is there once, and nothing is there twice.
pub fn moves(d: &mut Draw) -> Verdict {
    let Given { base, mine, theirs, three: t } = given(d, false, true);
    let m = t.merge();
    let mut some = |m: &Merge| {
        let open = m.open().map(|row| {
            let choice = if d.chance(128) { Choice::Mine } else { Choice::Theirs };
            decision(m, &row.path, row.part, choice, None)
        });
        m.result(&open.collect::<Vec<_>>())
    };
    for merged in [Ok(m.all_mine()), Ok(m.all_theirs()), some(&m), some(&m)] {
        let text = merged.map(words).map_err(|still| still.to_string())?;
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for line in text.trim_start_matches('\u{feff}').lines() {
            *counts.entry(line).or_default() += 1;
        }
        let twice = counts.iter().find(|(_, count)| **count > 1);
        hold!(t, twice.is_none(), "{twice:?} is in {text:?}");
        let everywhere = base.iter().filter(|line| mine.contains(line) && theirs.contains(line));
        for line in everywhere {
            hold!(t, counts.contains_key(line.as_str()), "{line:?} is lost in {text:?}");
        }
    }
    Ok(())
}

/// L7 with all that a text has besides its lines: each merged as a value of its own.
pub fn l7(d: &mut Draw) -> Verdict {
    let count = 3 + d.below(9);
    let base: Vec<String> = (0..count).map(|n| format!("line {n}")).collect();
    let (mut mine, mut theirs, mut both) = (Vec::new(), Vec::new(), Vec::new());
    let mut last = None;
    for (at, old) in base.iter().enumerate() {
        let free = last.is_none_or(|last| at > last + 1);
        let act = if free { d.below(6) } else { 0 };
        let new = format!("new {at}");
        let new = match act {
            1 | 2 => vec![new],
            3 => vec![old.clone(), new],
            // the first line and the last one stay, so that there is always one
            4 if at > 0 && at + 1 < count => vec![],
            _ => vec![old.clone()],
        };
        last = if act > 0 { Some(at) } else { last };
        let side = d.below(2);
        mine.extend(if side == 0 { new.clone() } else { vec![old.clone()] });
        theirs.extend(if side == 1 { new.clone() } else { vec![old.clone()] });
        both.extend(new);
    }
    let b = Frame { end: d.pick(&["\n", "\r\n"]), last: d.chance(128), mark: d.chance(64) };
    let other = Frame { end: if b.end == "\n" { "\r\n" } else { "\n" }, last: !b.last, mark: !b.mark };
    let mut frames = [b; 3];
    for part in 0..3 {
        let side = d.below(6);
        let change = |frame: &mut Frame| match part {
            0 => frame.end = other.end,
            1 => frame.last = other.last,
            _ => frame.mark = other.mark,
        };
        match side {
            1 => change(&mut frames[0]),
            2 => change(&mut frames[1]),
            3 => [0, 1].into_iter().for_each(|at| change(&mut frames[at])),
            _ => continue,
        }
        change(&mut frames[2]);
    }
    let t = three(b.write(&base), frames[0].write(&mine), frames[1].write(&theirs));
    let wanted = frames[2].write(&both);
    let found = t.merge().result(&[]).map(words).map_err(|still| still.to_string());
    hold!(
        t,
        found.as_ref() == Ok(&wanted),
        "should give\n{wanted:?}\nnot {found:?}\n{:?}",
        (&t.base, &t.mine, &t.theirs)
    );
    Ok(())
}

/// L16 for parts of a text: what a part shows is in the version it shows, and the two sides differ there.
pub fn l16(d: &mut Draw) -> Verdict {
    let Given { three: t, .. } = given(d, false, true);
    let text = |lexeme: &Option<String>| -> String {
        lexeme.as_ref().map(|lexeme| serde_json::from_str(lexeme).unwrap()).unwrap_or_default()
    };
    // line ends may be those of the outcome
    let plain = |text: &str| text.replace("\r\n", "\n");
    for row in t.merge().rows.iter().filter(|row| row.part.is_some()) {
        let (before, mine, theirs) = (text(&row.before), text(&row.mine), text(&row.theirs));
        hold!(t, mine != theirs && mine != before && theirs != before, "an empty question: {row:?}");
        for (part, whole) in [(&before, &t.base), (&mine, &t.mine), (&theirs, &t.theirs)] {
            let whole = plain(whole) + "\n";
            hold!(t, whole.contains(plain(part).as_str()), "{part:?} is not in {whole:?}");
        }
    }
    Ok(())
}
