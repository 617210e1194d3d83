//! Merging big records: 1 MB of text of three sorts, 1,000 fields, a list of 10,000 entries.
//!
//! The limit beside a text is `similar::TextMerge` alone, which makes no rows and keeps no attributes; beside JSON it is
//! reading the three versions with serde_json, which no merge can do without. The goal is a figure of its own: a person
//! waits for the screen. Each merge is also asked whether it is right.

use super::{Side, Stage, turns};
use crate::data;
use crate::machine::Watch;
use crate::report::{Figures, Goal, Row};
use anyhow::{Result, ensure};
use record_merge::{Format, Inputs, Merge, Policy, merge};

/// Times each merge is done.
const TIMES: usize = 5;
/// What a person is made to wait for at most, in milliseconds.
const PATIENCE: f64 = 200.0;
/// About 1 MB in lines of 70 bytes.
const LINES: usize = 15_000;

/// Three versions, and what is known of their merge.
struct Case {
    name: &'static str,
    format: Format,
    base: String,
    mine: String,
    theirs: String,
    /// `Some(n)`: n rows are open; `None`: only that it ends.
    open: Option<usize>,
    /// The library alone ends in sensible time as well.
    beside: bool,
}

impl Case {
    fn merge(&self) -> Result<Merge> {
        let [base, mine, theirs] = [&self.base, &self.mine, &self.theirs].map(|text| Some(text.as_bytes()));
        Ok(merge(self.format, Inputs::new(base, mine, theirs), &Policy::default())?)
    }

    /// The limit does its work.
    fn limit(&self) -> Result<usize> {
        if self.format == Format::Json {
            let mut members = 0;
            for text in [&self.base, &self.mine, &self.theirs] {
                members +=
                    serde_json::from_str::<serde_json::Value>(text)?.as_object().map_or(0, |o| o.len());
            }
            return Ok(members);
        }
        let mut config = similar::TextMerge::configure();
        config.algorithm(similar::Algorithm::Histogram);
        let merged = config.merge_lines(self.base.as_str(), self.mine.as_str(), self.theirs.as_str());
        Ok(merged.regions().len())
    }
}

impl Stage {
    /// All cases.
    pub(super) fn merging(&self) -> Result<Vec<Row>> {
        cases().iter().map(measure).collect()
    }
}

fn measure(case: &Case) -> Result<Row> {
    let (mut ours, mut limit) = (Figures::default(), Figures::default());
    for round in 0..TIMES {
        for side in turns(round) {
            let watch = Watch::start();
            match side {
                Side::Matchbook => {
                    let merged = case.merge()?;
                    let all_mine = merged.all_mine();
                    ours.add(watch.read());
                    let open = merged.open().count();
                    ensure!(
                        case.open.is_none_or(|known| known == open),
                        "{}: {open} rows are open",
                        case.name
                    );
                    ensure!(all_mine != record_merge::Merged::Deleted, "{}: nothing came of it", case.name);
                }
                Side::Limit if !case.beside => {}
                Side::Limit => {
                    ensure!(case.limit()? > 0, "{}: the limit found nothing", case.name);
                    limit.add(watch.read());
                }
            }
        }
    }
    let slowest = ours.part(1.0);
    let sizes = format!("{} KB, slowest of {TIMES}: {slowest:.0} ms", case.base.len() / 1024);
    let (name, goal) = (format!("merge, {}", case.name), Goal::AtMost(PATIENCE));
    if !case.beside {
        return Ok(Row::figures(&name, "ms", ours.median(), None, goal).note(sizes));
    }
    Ok(Row::beside(&name, ours, limit, goal).note(sizes))
}

fn cases() -> Vec<Case> {
    vec![
        notes(),
        Case {
            name: "1 MB of lines that repeat",
            format: Format::Text,
            base: repeating(0),
            mine: repeating(1),
            theirs: repeating(2),
            open: None,
            // It has no budget: minutes for these.
            beside: false,
        },
        one_line(),
        fields(),
        entries(),
    ]
}

/// The line of that number: two words and the number, so that none repeats.
fn line(number: usize, changed: &str) -> String {
    let words: Vec<String> = (0..8).map(|n| data::word(number * 7 + n * 131)).collect();
    format!("{number} {}{changed}\n", words.join(" "))
}

/// A diary: every 40th line changed here, every 40th but others there, and five the same.
fn notes() -> Case {
    let text =
        |changes: &dyn Fn(usize) -> &'static str| (0..LINES).map(|n| line(n, changes(n))).collect::<String>();
    let clash = |n: usize| n % 3_000 == 10;
    Case {
        name: "1 MB of notes",
        format: Format::Text,
        base: text(&|_| ""),
        mine: text(&|n| if n % 40 == 0 || clash(n) { " mine" } else { "" }),
        theirs: text(&|n| if n % 40 == 20 || clash(n) { " theirs" } else { "" }),
        open: Some(LINES / 3_000),
        beside: true,
    }
}

/// The worst that a comparison of lines can meet: few lines, over and over, and no two sides alike.
fn repeating(salt: usize) -> String {
    (0..LINES * 4).map(|n| format!("entry {}\n", data::word((n * n + n * salt + salt) % 17))).collect()
}

/// No line break in all of it.
fn one_line() -> Case {
    let text = |at: usize, word: &str| {
        let words = (0..LINES * 10).map(|n| if n == at { word.to_owned() } else { data::word(n) });
        words.collect::<Vec<_>>().join(" ")
    };
    Case {
        name: "1 MB in one line",
        format: Format::Text,
        base: text(usize::MAX, ""),
        mine: text(10, "mine"),
        theirs: text(LINES, "theirs"),
        open: None,
        beside: true,
    }
}

fn record(value: impl Fn(usize) -> usize) -> String {
    let members = (0..1_000)
        .map(|n| format!("\"field {n}\": {{\"name\": \"{}\", \"amount\": {}}}", data::word(n), value(n)));
    format!("{{{}}}", members.collect::<Vec<_>>().join(",\n  "))
}

fn fields() -> Case {
    Case {
        name: "1,000 fields",
        format: Format::Json,
        base: record(|n| n),
        mine: record(|n| if n % 10 == 0 || n % 100 == 5 { n + 1 } else { n }),
        theirs: record(|n| if n % 10 == 3 || n % 100 == 5 { n + 2 } else { n }),
        open: Some(10),
        beside: true,
    }
}

fn list(value: impl Fn(usize) -> Option<usize>) -> String {
    let entry = |n: usize| {
        value(n).map(|v| format!("{{\"id\": {n}, \"name\": \"{}\", \"count\": {v}}}", data::word(n)))
    };
    format!("{{\"entries\": [{}]}}", (0..10_000).filter_map(entry).collect::<Vec<_>>().join(", "))
}

fn entries() -> Case {
    Case {
        name: "10,000 entries with an id",
        format: Format::Json,
        base: list(Some),
        mine: list(|n| (n % 100 != 1).then_some(if n % 50 == 7 { n + 1 } else { n })),
        theirs: list(|n| (n % 100 != 2).then_some(if n % 50 == 9 { n + 1 } else { n })),
        open: Some(0),
        beside: true,
    }
}
