//! No false merge in cards: every small card with every edit on both sides (merge.md 2.6, issue: "no false merge, ever").
//!
//! What must come out is counted, not merged: of each line there are as many as before, and as many more or fewer as
//! one side made it. Where both sides changed how often the same line stands there, only a question is right. And where
//! only one side changed anything, or both made the same of it, nobody is asked.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod series;
mod truth;

use record_merge::{Format, Inputs, Merged, Policy, merge};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use truth::{Entry, judge};

/// Numbers that are the same in every run: which case is spelled how.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: usize) -> Dice {
        Dice((seed as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d)
    }

    pub fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % count
    }

    pub fn shuffled<T>(&mut self, mut all: Vec<T>) -> Vec<T> {
        for at in (1..all.len()).rev() {
            let other = self.below(at + 1);
            all.swap(at, other);
        }
        all
    }
}

/// One kind of record with a property that may stand there several times.
struct World {
    name: &'static str,
    format: Format,
    /// All lines there are: value, what is a set, what is one word.
    lines: &'static [&'static str],
    /// So many lines at most.
    most: usize,
    written: fn(&[Entry], &mut Dice) -> String,
    read: fn(&str) -> Vec<Entry>,
}

/// All choices of up to `most` of the lines, in no order, with repeats.
fn multisets(count: usize, most: usize) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    let mut last: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in 0..most {
        last = last
            .iter()
            .flat_map(|list| {
                let from = list.last().copied().unwrap_or(0);
                (from..count).map(move |next| [list.as_slice(), &[next]].concat())
            })
            .collect();
        all.extend(last.clone());
    }
    all
}

/// Every base with every edit on both sides: how many answers were automatic, and how many questions were.
fn every_case(world: &World) -> (usize, usize) {
    let known: Vec<Entry> = world.lines.iter().map(|line| Entry::of(line)).collect();
    let all = multisets(known.len(), world.most);
    let (mut answered, mut asked) = (0, 0);
    let mut wrong: Vec<String> = Vec::new();
    let mut number = 0;
    for base in &all {
        for mine in &all {
            for theirs in &all {
                number += 1;
                let three = [base, mine, theirs]
                    .map(|list| list.iter().map(|at| known[*at].clone()).collect::<Vec<Entry>>());
                let mut dice = Dice::new(number);
                let texts = three.each_ref().map(|list| {
                    let list = dice.shuffled(list.clone());
                    (world.written)(&list, &mut dice)
                });
                let inputs = Inputs::new(
                    Some(texts[0].as_bytes()),
                    Some(texts[1].as_bytes()),
                    Some(texts[2].as_bytes()),
                );
                let merge = merge(world.format, inputs, &Policy::default()).unwrap();
                // Where only one side changed anything, every choice gives that.
                let changed = match three.each_ref() {
                    [base, mine, theirs] if mine == base => Some(theirs),
                    [base, mine, theirs] if theirs == base => Some(mine),
                    _ => None,
                };
                // What fits together is the same with every choice.
                let choices = if changed.is_some() || !merge.is_clean() {
                    vec![(1, merge.all_mine()), (2, merge.all_theirs())]
                } else {
                    Vec::new()
                };
                for (side, merged) in choices {
                    let Merged::Document(bytes) = merged else { panic!("deleted") };
                    let text = String::from_utf8(bytes).unwrap();
                    if changed.is_some_and(|changed| counted(&(world.read)(&text)) != counted(changed)) {
                        let words = format!("only one side changed it (choice {side})");
                        wrong.push(told(world, &three, &texts, &text, &words));
                    }
                }
                if !merge.is_clean() {
                    let quiet = three[1] == three[0] || three[2] == three[0] || three[1] == three[2];
                    if quiet {
                        wrong.push(told(world, &three, &texts, "", "asks although nothing clashes"));
                    }
                    asked += 1;
                    continue;
                }
                answered += 1;
                let Ok(Merged::Document(bytes)) = merge.result(&[]) else { panic!("no result") };
                let text = String::from_utf8(bytes).unwrap();
                if let Err(words) = judge(&three, &(world.read)(&text)) {
                    wrong.push(told(world, &three, &texts, &text, &words));
                }
            }
        }
    }
    let mut report = String::new();
    for one in wrong.iter().take(6) {
        let _ = writeln!(report, "{one}\n");
    }
    assert!(wrong.is_empty(), "{}: {} of {number} are wrong\n{report}", world.name, wrong.len());
    println!("{}: {number} cases, {answered} answered, {asked} questions", world.name);
    (answered, asked)
}

fn answers_more_than(count: usize, world: &World) {
    let (answered, _) = every_case(world);
    assert!(answered > count, "{}: {answered}", world.name);
}

fn counted(list: &[Entry]) -> BTreeMap<&Entry, usize> {
    let mut counts = BTreeMap::new();
    for entry in list {
        *counts.entry(entry).or_default() += 1;
    }
    counts
}

fn told(world: &World, three: &[Vec<Entry>; 3], texts: &[String; 3], result: &str, words: &str) -> String {
    let list = |list: &[Entry]| list.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    format!(
        "{words}\n  before: {}\n  mine:   {}\n  theirs: {}\n  came:   {}\n{}",
        list(&three[0]),
        list(&three[1]),
        list(&three[2]),
        list(&(world.read)(result)),
        if std::env::var("SHOW").is_ok() { format!("{texts:#?}\n{result}") } else { String::new() }
    )
}

/// A line as one of several programs may spell it.
fn spelled(line: &str, dice: &mut Dice) -> String {
    let (head, value) = line.split_once(':').unwrap();
    let head = match dice.below(3) {
        0 => head.replace("TYPE=", "type=").replace("TEL", "tel"),
        1 => head.replace("TYPE=home", "TYPE=HOME").replace("PARTSTAT=ACCEPTED", "partstat=accepted"),
        _ => head.to_owned(),
    };
    let line = format!("{head}:{value}");
    let cut = 1 + dice.below(line.len() - 1);
    match dice.below(4) {
        0 if line.is_char_boundary(cut) => format!("{}\r\n {}\r\n", &line[..cut], &line[cut..]),
        _ => format!("{line}\r\n"),
    }
}

fn card(list: &[Entry], dice: &mut Dice, name: &str) -> String {
    let mut text = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u\r\nFN:Anna\r\n".to_owned();
    let mut groups = dice.shuffled((1..9).collect::<Vec<usize>>());
    for entry in list {
        let mut types: Vec<&String> = entry.sets.iter().collect();
        if dice.below(2) == 0 {
            types.reverse();
        }
        let types: String = types.iter().map(|word| format!(";TYPE={word}")).collect();
        let words: String = entry
            .words
            .iter()
            .filter(|(name, _)| *name != "label")
            .map(|(name, word)| format!(";{name}={word}"))
            .collect();
        let line = format!("{name}{types}{words}:{}", entry.value);
        match entry.words.get("label") {
            Some(label) => {
                let group = groups.pop().unwrap();
                text.push_str(&format!("item{group}.{}", spelled(&line, dice)));
                text.push_str(&format!("item{group}.X-ABLabel:{label}\r\n"));
            }
            None => text.push_str(&spelled(&line, dice)),
        }
    }
    text + "NOTE:last\r\nEND:VCARD\r\n"
}

/// The entries of a text under one name, with their labels.
fn entries(text: &str, wanted: &str) -> Vec<Entry> {
    let unfolded = text.replace("\r\n ", "");
    let mut out: Vec<(Option<String>, Entry)> = Vec::new();
    let mut labels: BTreeMap<String, String> = BTreeMap::new();
    for line in unfolded.lines() {
        let (head, value) = line.split_once(':').unwrap_or((line, ""));
        let mut params = head.split(';');
        let name = params.next().unwrap();
        let (group, name) = match name.split_once('.') {
            Some((group, name)) => (Some(group.to_owned()), name),
            None => (None, name),
        };
        if let (Some(group), "X-ABLABEL") = (&group, name.to_uppercase().as_str()) {
            assert!(
                labels.insert(group.clone(), value.to_owned()).is_none(),
                "two labels in {group}\n{text}"
            );
        }
        if !name.eq_ignore_ascii_case(wanted) {
            continue;
        }
        let mut entry = Entry { value: value.to_owned(), ..Entry::default() };
        for param in params {
            let (name, value) = param.split_once('=').unwrap();
            if name.eq_ignore_ascii_case("TYPE") {
                entry.sets.extend(value.split(',').map(str::to_lowercase));
            } else {
                entry.words.insert(name.to_uppercase(), value.to_uppercase());
            }
        }
        out.push((group, entry));
    }
    let with_label = |(group, mut entry): (Option<String>, Entry)| {
        if let Some(label) = group.and_then(|group| labels.get(&group).cloned()) {
            entry.words.insert("label".to_owned(), label);
        }
        entry
    };
    out.into_iter().map(with_label).collect()
}

fn event(inside: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:u\r\nDTSTART:20261201T100000Z\r\n{inside}END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

fn guests(list: &[Entry], dice: &mut Dice) -> String {
    let lines: String = list
        .iter()
        .map(|entry| {
            let words: String = entry.words.iter().map(|(name, word)| format!(";{name}={word}")).collect();
            spelled(&format!("ATTENDEE{words}:mailto:{}", entry.value), dice)
        })
        .collect();
    event(&lines)
}

fn guests_read(text: &str) -> Vec<Entry> {
    let bare = |mut entry: Entry| {
        entry.value = entry.value.replace("mailto:", "");
        entry
    };
    entries(text, "ATTENDEE").into_iter().map(bare).collect()
}

fn alarms(list: &[Entry], dice: &mut Dice) -> String {
    let blocks: String = list
        .iter()
        .map(|entry| {
            let (action, trigger) = entry.value.split_once(' ').unwrap();
            let words = entry.words.iter().map(|(name, word)| format!("{name}:{word}"));
            let lines = [format!("ACTION:{action}"), format!("TRIGGER:{trigger}")].into_iter().chain(words);
            let lines: String =
                dice.shuffled(lines.collect()).into_iter().map(|line| format!("{line}\r\n")).collect();
            format!("BEGIN:VALARM\r\n{lines}END:VALARM\r\n")
        })
        .collect();
    event(&blocks)
}

fn alarms_read(text: &str) -> Vec<Entry> {
    let block = |block: &str| {
        let mut entry = Entry::default();
        let (mut action, mut trigger) = ("", "");
        for line in block.split("END:VALARM").next().unwrap().lines().filter(|line| !line.is_empty()) {
            match line.split_once(':').unwrap() {
                ("ACTION", value) => action = value,
                ("TRIGGER", value) => trigger = value,
                (name, value) => drop(entry.words.insert(name.to_owned(), value.to_owned())),
            }
        }
        entry.value = format!("{action} {trigger}");
        entry
    };
    text.split("BEGIN:VALARM\r\n").skip(1).map(block).collect()
}

const PHONES: World = World {
    name: "phone numbers and their types",
    format: Format::Vcard,
    lines: &["+351911 home", "+351911 work", "+351922 home", "+351922 work"],
    most: 3,
    written: |list, dice| card(list, dice, "TEL"),
    read: |text| entries(text, "TEL"),
};

#[test]
fn phone_numbers_are_never_merged_wrongly() {
    answers_more_than(5_000, &PHONES);
}

#[test]
fn preferred_ones_are_never_merged_wrongly() {
    answers_more_than(
        500,
        &World {
            name: "preferred phone numbers",
            lines: &[
                "+351911 home",
                "+351911 home pref",
                "+351922 home",
                "+351922 home pref",
                "+351933 pref",
            ],
            most: 2,
            ..PHONES
        },
    );
    every_case(&World {
        name: "preferred by number",
        lines: &["+351911 PREF=1", "+351911 PREF=2", "+351922 PREF=1", "+351922 PREF=2", "+351922"],
        most: 2,
        ..PHONES
    });
}

#[test]
fn labels_are_never_merged_wrongly() {
    answers_more_than(
        500,
        &World {
            name: "phone numbers with labels, groups renumbered",
            lines: &[
                "+351911 label=Boat",
                "+351911",
                "+351911 label=Shed",
                "+351922 label=Boat",
                "+351922 home",
            ],
            most: 2,
            ..PHONES
        },
    );
}

#[test]
fn spellings_are_never_merged_wrongly() {
    answers_more_than(
        500,
        &World {
            name: "e-mail addresses in several spellings",
            lines: &[
                "ann@example.org",
                "Ann@example.org",
                "ANN@example.org home",
                "ben@example.org",
                "ben@example.org home",
            ],
            most: 2,
            written: |list, dice| card(list, dice, "EMAIL"),
            read: |text| entries(text, "EMAIL"),
            ..PHONES
        },
    );
}

#[test]
fn unknown_properties_are_never_merged_wrongly() {
    answers_more_than(
        500,
        &World {
            name: "properties that nobody knows",
            lines: &["1", "2", "3"],
            most: 3,
            written: |list, dice| card(list, dice, "X-THING"),
            read: |text| entries(text, "X-THING"),
            ..PHONES
        },
    );
}

#[test]
fn guests_are_never_merged_wrongly() {
    answers_more_than(
        1_000,
        &World {
            name: "guests and their answers",
            format: Format::Icalendar,
            lines: &[
                "ann@example.org PARTSTAT=ACCEPTED",
                "ann@example.org PARTSTAT=DECLINED",
                "ben@example.org PARTSTAT=ACCEPTED",
            ],
            most: 3,
            written: guests,
            read: guests_read,
        },
    );
}

#[test]
fn reminders_are_never_merged_wrongly() {
    answers_more_than(
        500,
        &World {
            name: "reminders",
            format: Format::Icalendar,
            lines: &[
                "DISPLAY_-PT15M DESCRIPTION=a",
                "DISPLAY_-PT15M DESCRIPTION=b",
                "DISPLAY_-PT30M DESCRIPTION=a",
                "AUDIO_-PT15M",
            ],
            most: 2,
            written: alarms,
            read: alarms_read,
        },
    );
}
