//! Series with their times, the dates they leave out, and instances of their own: every small one with every edit.

use crate::Dice;
use record_merge::{Format, Inputs, Merged, Policy, merge};

const DAYS: [&str; 2] = ["20261208", "20261215"];

/// What becomes of one instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Instance {
    Regular,
    LeftOut,
    Own(char),
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Series {
    time: usize,
    days: [Instance; 2],
}

fn all() -> Vec<Series> {
    let states = [Instance::Regular, Instance::LeftOut, Instance::Own('a'), Instance::Own('b')];
    let mut all = Vec::new();
    for time in 0..3 {
        for first in states {
            for second in [Instance::Regular, Instance::LeftOut, Instance::Own('a')] {
                all.push(Series { time, days: [first, second] });
            }
        }
    }
    all
}

/// Start and end: another start, another end, both as they were.
const TIMES: [(&str, &str); 3] = [
    ("20261201T100000Z", "20261201T110000Z"),
    ("20261201T103000Z", "20261201T110000Z"),
    ("20261201T100000Z", "20261201T120000Z"),
];

fn written(series: &Series, dice: &mut Dice) -> String {
    let (start, end) = TIMES[series.time];
    let mut lines = vec![format!("DTSTART:{start}"), format!("DTEND:{end}"), "RRULE:FREQ=WEEKLY".to_owned()];
    let out: Vec<String> = (0..2)
        .filter(|at| series.days[*at] == Instance::LeftOut)
        .map(|at| format!("{}T100000Z", DAYS[at]))
        .collect();
    let out = dice.shuffled(out);
    if dice.below(2) == 0 {
        lines.extend(out.iter().map(|date| format!("EXDATE:{date}")));
    } else if !out.is_empty() {
        lines.push(format!("EXDATE:{}", out.join(",")));
    }
    let lines = dice.shuffled(lines);
    let mut blocks = vec![format!("BEGIN:VEVENT\r\nUID:u\r\n{}\r\nEND:VEVENT\r\n", lines.join("\r\n"))];
    for (at, state) in series.days.iter().enumerate() {
        if let Instance::Own(word) = state {
            blocks.push(format!(
                "BEGIN:VEVENT\r\nUID:u\r\nRECURRENCE-ID:{day}T100000Z\r\nDTSTART:{day}T150000Z\r\nSUMMARY:{word}\r\nEND:VEVENT\r\n",
                day = DAYS[at]
            ));
        }
    }
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}END:VCALENDAR\r\n", dice.shuffled(blocks).concat())
}

/// The series a text holds; `None` for something that is none of those above.
fn read(text: &str) -> Option<Series> {
    let mut found = Series { time: usize::MAX, days: [Instance::Regular; 2] };
    let mut left_out: Vec<String> = Vec::new();
    for block in text.split("BEGIN:VEVENT\r\n").skip(1) {
        let line = |name: &str| {
            block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::to_owned)
        };
        match line("RECURRENCE-ID") {
            Some(day) => {
                let at = DAYS.iter().position(|known| day.starts_with(known))?;
                found.days[at] = Instance::Own(line("SUMMARY")?.chars().next()?);
                let own = line("DTSTART")?;
                if own != format!("{}T150000Z", DAYS[at]) {
                    return None;
                }
            }
            None => {
                let times = (line("DTSTART")?, line("DTEND")?);
                found.time =
                    TIMES.iter().position(|(start, end)| (*start, *end) == (&*times.0, &*times.1))?;
                line("RRULE")?;
                let dates = block.lines().filter_map(|line| line.strip_prefix("EXDATE:"));
                left_out.extend(dates.flat_map(|dates| dates.split(',')).map(str::to_owned));
            }
        }
    }
    for date in left_out {
        let at = DAYS.iter().position(|known| date.starts_with(known))?;
        if found.days[at] != Instance::Regular {
            return None;
        }
        found.days[at] = Instance::LeftOut;
    }
    Some(found)
}

/// What both sides come to; `None` = only a question is right.
fn both<T: PartialEq + Copy>(base: T, mine: T, theirs: T) -> Option<T> {
    match () {
        () if mine == theirs || theirs == base => Some(mine),
        () if mine == base => Some(theirs),
        () => None,
    }
}

fn start(series: &Series) -> &'static str {
    TIMES[series.time].0
}

fn left_out(series: &Series) -> [bool; 2] {
    series.days.map(|day| day == Instance::LeftOut)
}

/// One moved the series, the other left out dates of the old hour: put together, the dates would hit nothing.
fn apart(base: &Series, one: &Series, other: &Series) -> bool {
    start(one) != start(base)
        && left_out(one) == left_out(base)
        && start(other) == start(base)
        && left_out(other) != left_out(base)
}

/// Hours and dates left out were both touched, by whom ever.
fn may_ask(base: &Series, mine: &Series, theirs: &Series) -> bool {
    mine != theirs
        && [mine, theirs].iter().any(|side| start(side) != start(base))
        && [mine, theirs].iter().any(|side| left_out(side) != left_out(base))
}

#[test]
fn series_are_never_merged_wrongly() {
    let all = all();
    let (mut number, mut answered, mut asked) = (0_usize, 0_usize, 0_usize);
    let mut wrong = Vec::new();
    for base in &all {
        for mine in &all {
            for theirs in &all {
                number += 1;
                let mut dice = Dice::new(number);
                let [b, m, t] = [base, mine, theirs].map(|series| written(series, &mut dice));
                let inputs = Inputs::new(Some(b.as_bytes()), Some(m.as_bytes()), Some(t.as_bytes()));
                let merge = merge(Format::Icalendar, inputs, &Policy::default()).unwrap();
                let time = both(base.time, mine.time, theirs.time);
                let days = [0, 1].map(|at| both(base.days[at], mine.days[at], theirs.days[at]));
                let wanted = match (time, days) {
                    _ if apart(base, mine, theirs) || apart(base, theirs, mine) => None,
                    (Some(time), [Some(first), Some(second)]) => Some(Series { time, days: [first, second] }),
                    _ => None,
                };
                if !merge.is_clean() {
                    asked += 1;
                    if wanted.is_some() && !may_ask(base, mine, theirs) {
                        wrong.push(format!("asks: {base:?} {mine:?} {theirs:?}"));
                    }
                    continue;
                }
                answered += 1;
                let Ok(Merged::Document(bytes)) = merge.result(&[]) else { panic!("no result") };
                let text = String::from_utf8(bytes).unwrap();
                if wanted.is_none() || read(&text) != wanted {
                    wrong.push(format!(
                        "{base:?} {mine:?} {theirs:?} came to {:?} instead of {wanted:?}\n{text}",
                        read(&text)
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {number}: {}", wrong.len(), wrong[..wrong.len().min(4)].join("\n"));
    println!("series: {number} cases, {answered} answered, {asked} questions");
}
