//! How long a merge takes, in milliseconds of the processor: `cargo run --release -p record-merge --example time_merge`.
//!
//! One line for each kind of record. With `--limit MS` the exit code is 1 if one took longer than that;
//! `--only WORDS` times those that have these words in their line.

mod cards;

use record_merge::{Format, Inputs, Policy, marks, merge};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

const MEGABYTE: usize = 1_000_000;

/// Numbers that look random and are the same each time (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(sides.max(1)).unwrap_or(1)).unwrap_or(0)
    }
}

const WORDS: &[&str] = &[
    "the", "old", "drill", "is", "in", "cellar", "and", "nobody", "knows", "when", "it", "was", "used",
    "last", "Anna", "wrote", "that", "a", "new", "one", "costs", "40", "euro", "at", "market", "on",
    "Saturday", "so", "we", "wait",
];

fn prose(dice: &mut Dice) -> String {
    let mut text = String::new();
    while text.len() < MEGABYTE {
        for _ in 0..6 + dice.roll(10) {
            text.push_str(WORDS.get(dice.roll(WORDS.len())).unwrap_or(&"word"));
            text.push(' ');
        }
        text.push_str(if dice.roll(4) == 0 { "\n\n" } else { "\n" });
    }
    text
}

fn repetitive(dice: &mut Dice, kinds: usize) -> String {
    let mut text = String::new();
    while text.len() < MEGABYTE {
        text.push_str(&format!("line {}\n", dice.roll(kinds)));
    }
    text
}

/// The text with some of its pieces (between `cut`) replaced, taken out or doubled.
fn edited(text: &str, cut: char, edits: usize, dice: &mut Dice) -> String {
    let mut pieces: Vec<String> = text.split_inclusive(cut).map(str::to_owned).collect();
    for number in 0..edits {
        let at = dice.roll(pieces.len());
        match number % 3 {
            0 => {
                if let Some(piece) = pieces.get_mut(at) {
                    *piece = format!("changed {}{cut}", dice.roll(1000));
                }
            }
            1 => drop(pieces.remove(at)),
            _ => pieces.insert(at, format!("new {}{cut}", dice.roll(1000))),
        }
    }
    pieces.concat()
}

fn fields(change: impl Fn(usize) -> bool, value: &str) -> String {
    let fields: Vec<String> = (0..1000)
        .map(|n| {
            let value = if change(n) { value } else { "some text as people write it" };
            format!("  \"field {n}\": {{\"text\": \"{value}\", \"number\": {n}.50}}")
        })
        .collect();
    format!("{{\n{}\n}}\n", fields.join(",\n"))
}

fn list(change: impl Fn(usize) -> bool, id: bool) -> String {
    let entries: Vec<String> = (0..10_000)
        .map(|n| {
            let count = if change(n) { n + 1 } else { n };
            if id { format!("{{\"id\": {n}, \"count\": {count}}}") } else { format!("\"entry {n} {count}\"") }
        })
        .collect();
    format!("[{}]", entries.join(", "))
}

/// The numbers below `count` in an order that looks random.
fn shuffled(count: usize, dice: &mut Dice) -> Vec<usize> {
    let mut all: Vec<usize> = (0..count).collect();
    for at in (1..count).rev() {
        all.swap(at, dice.roll(at + 1));
    }
    all
}

/// Lists and objects as large as a record may be, with all of it in another order or changed on both sides.
fn large(clock: &mut Clock, dice: &mut Dice) {
    let list = |order: &[usize], one: &dyn Fn(usize) -> String| {
        format!("[{}]", order.iter().map(|n| one(*n)).collect::<Vec<_>>().join(","))
    };
    let plain = |n: usize| n.to_string();
    let entry = |n: usize| format!("{{\"id\":{n},\"n\":1}}");
    let other = |n: usize| format!("{{\"id\":{n},\"n\":{}}}", n % 3);
    let in_order: Vec<usize> = (0..100_000).collect();
    let [mine, theirs] = [0, 0].map(|_| shuffled(100_000, dice));
    let texts = [&in_order, &mine, &theirs].map(|order| list(order, &plain));
    clock.merge("100,000 numbers, shuffled by both", Format::Json, texts.each_ref().map(String::as_str));
    let in_order: Vec<usize> = (0..50_000).collect();
    let [mine, theirs] = [0, 0].map(|_| shuffled(50_000, dice));
    let texts = [list(&in_order, &entry), list(&mine, &entry), list(&theirs, &entry)];
    clock.merge(
        "50,000 entries with ids, shuffled by both",
        Format::Json,
        texts.each_ref().map(String::as_str),
    );
    let texts = [list(&in_order, &entry), list(&in_order, &other), list(&in_order, &entry)];
    clock.merge(
        "50,000 entries with ids, two thirds changed",
        Format::Json,
        texts.each_ref().map(String::as_str),
    );
    let members = |change: &dyn Fn(usize) -> usize| {
        let all: Vec<String> = (0..100_000).map(|n| format!("\"f{n}\":{}", change(n))).collect();
        format!("{{{}}}", all.join(","))
    };
    let texts = [members(&|_| 0), members(&|n| n % 2), members(&|n| n % 3)];
    clock.merge("100,000 members, half changed by each", Format::Json, texts.each_ref().map(String::as_str));
}

/// One megabyte of a pattern, over and over.
fn over_and_over(pattern: &str) -> String {
    pattern.repeat(MEGABYTE / pattern.len().max(1))
}

/// Texts nobody writes, which make comparing hard: they repeat, have no spaces, no lines, or nothing but lines.
fn artificial(dice: &mut Dice) -> Vec<(&'static str, String, char)> {
    let period: String = (0..40).map(|n| format!("line {}\n", n * n % 17)).collect();
    let blocks: String = (0..300).map(|n| format!("{n}\n")).collect();
    let thousand: String = (0..1000).map(|n| format!("entry {n}\n")).collect();
    let mut shuffled: Vec<String> = (0..90_000).map(|n| format!("entry {n}\n")).collect();
    for at in (1..shuffled.len()).rev() {
        shuffled.swap(at, dice.roll(at + 1));
    }
    let characters: String = (0..MEGABYTE / 3)
        .filter_map(|_| char::from_u32(0x4e00 + u32::try_from(dice.roll(3000)).ok()?))
        .collect();
    let two_letters: String =
        (0..MEGABYTE / 2).map(|_| if dice.roll(2) == 0 { "a\n" } else { "b\n" }).collect();
    vec![
        ("1 MB of empty lines", over_and_over("\n"), '\n'),
        ("1 MB of empty lines that end as on Windows", over_and_over("\r\n"), '\n'),
        ("1 MB of lines of one letter", over_and_over("a\n"), '\n'),
        ("1 MB of two lines in turn", over_and_over("a\nb\n"), '\n'),
        ("1 MB of two lines at random", two_letters, '\n'),
        ("1 MB, one block of 40 lines again and again", over_and_over(&period), '\n'),
        ("1 MB, one block of 300 lines again and again", over_and_over(&blocks), '\n'),
        ("1 MB, one block of 1,000 lines again and again", over_and_over(&thousand), '\n'),
        ("1 MB of lines that are all different", shuffled.concat(), '\n'),
        ("1 MB of one word again and again", over_and_over("word "), ' '),
        ("1 MB in one word", over_and_over("a"), '\n'),
        ("1 MB of Chinese without spaces", characters, '\u{4e01}'),
        ("1 MB of combining characters", over_and_over("e\u{301}\u{323}\u{30a}"), '\u{30a}'),
        ("1 MB of combining characters in lines", over_and_over("e\u{301}\u{323}o\u{30a}\u{323}\n"), '\n'),
        ("1 MB of open brackets", over_and_over("[<`"), '<'),
        ("1 MB of entries of a list", over_and_over("- [ ] one\n- [ ] two\n"), '\n'),
    ]
}

/// Time of the processor for this thread, where the system tells it (Linux): other programs do not count. Else, time.
fn now() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    let spent = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = spent.and_then(|text| text.split(' ').next().and_then(|first| first.parse().ok()));
    nanoseconds.map_or_else(|| START.get_or_init(Instant::now).elapsed(), Duration::from_nanos)
}

struct Clock {
    /// What the lines to be timed have in them.
    only: String,
    worst: u128,
}

impl Clock {
    fn merge(&mut self, what: &str, format: Format, texts: [&str; 3]) {
        if !what.contains(&self.only) {
            return;
        }
        let policy = Policy { words: true, ..Policy::default() };
        let [base, mine, theirs] = texts.map(|text| Some(text.as_bytes()));
        let inputs = Inputs::new(base, mine, theirs);
        let start = now();
        let (open, rows) = match merge(format, inputs, &policy) {
            Ok(merge) => {
                let _ = merge.all_theirs();
                (merge.open().count(), merge.rows.len())
            }
            Err(error) => {
                println!("{what}: {error}");
                return;
            }
        };
        self.report(what, start, &format!("{open} of {rows} rows open"));
    }

    fn report(&mut self, what: &str, start: Duration, outcome: &str) {
        let took = now().saturating_sub(start).as_millis();
        self.worst = self.worst.max(took);
        println!("{took:>6} ms  {what} ({outcome})");
    }
}

fn main() -> std::process::ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let after = |option: &str| arguments.iter().skip_while(|word| *word != option).nth(1);
    let limit = after("--limit").and_then(|ms| ms.parse().ok());
    let mut clock = Clock { only: after("--only").cloned().unwrap_or_default(), worst: 0 };
    let dice = &mut Dice(0x9e37_79b9_7f4a_7c15);

    cards::all(&mut clock, dice);
    texts(&mut clock, dice);
    large(&mut clock, dice);
    if limit.is_some_and(|limit: u128| clock.worst > limit) {
        println!("too long: {} ms", clock.worst);
        return std::process::ExitCode::FAILURE;
    }
    std::process::ExitCode::SUCCESS
}

/// Texts, and objects and lists as large as people have them.
fn texts(clock: &mut Clock, dice: &mut Dice) {
    let base = prose(dice);
    let (mine, theirs) = (edited(&base, '\n', 60, dice), edited(&base, '\n', 60, dice));
    clock.merge("1 MB text as people write it", Format::Text, [&base, &mine, &theirs]);
    let (mine, theirs) = (edited(&base, '\n', 9000, dice), edited(&base, '\n', 9000, dice));
    clock.merge("1 MB text, every second line changed", Format::Text, [&base, &mine, &theirs]);
    let other = prose(dice);
    let third = prose(dice);
    clock.merge("1 MB text, three different ones", Format::Text, [&base, &other, &third]);
    for kinds in [1, 2, 10, 100, 1000, 10_000] {
        let base = repetitive(dice, kinds);
        let (mine, theirs) = (edited(&base, '\n', 60, dice), edited(&base, '\n', 60, dice));
        clock.merge(&format!("1 MB of {kinds} kinds of lines"), Format::Text, [&base, &mine, &theirs]);
        let other = repetitive(dice, kinds);
        clock.merge(
            &format!("1 MB of {kinds} kinds of lines, rewritten"),
            Format::Text,
            [&base, &other, &theirs],
        );
    }
    for (what, base, cut) in artificial(dice) {
        let (mine, theirs) = (edited(&base, cut, 30, dice), edited(&base, cut, 30, dice));
        clock.merge(what, Format::Text, [&base, &mine, &theirs]);
        let lines: Vec<&str> = base.split_inclusive(cut).collect();
        let back: String = lines.iter().rev().copied().collect();
        let (first, second) = lines.split_at(lines.len() / 2);
        let halves = [second, first].concat().concat();
        clock.merge(&format!("{what}: backwards here, edited there"), Format::Text, [&base, &back, &theirs]);
        clock.merge(&format!("{what}: halves in turn"), Format::Text, [&base, &halves, &back]);
        let (mine, theirs) = (edited(&base, cut, 3000, dice), edited(&base, cut, 3000, dice));
        clock.merge(&format!("{what}: 3,000 edits each"), Format::Text, [&base, &mine, &theirs]);
    }
    let base = prose(dice).replace('\n', " ");
    let (mine, theirs) = (edited(&base, ' ', 40, dice), edited(&base, ' ', 40, dice));
    clock.merge("1 MB in one line", Format::Text, [&base, &mine, &theirs]);
    let base = "a b ".repeat(MEGABYTE / 4);
    let (mine, theirs) = (edited(&base, ' ', 40, dice), edited(&base, ' ', 40, dice));
    clock.merge("1 MB in one line, two words over and over", Format::Text, [&base, &mine, &theirs]);
    let start = now();
    let count = marks::marks(&base, &mine).len();
    clock.report("marks of 1 MB, two words over and over", start, &format!("{count} marks"));

    let base = fields(|_| false, "");
    let (mine, theirs) = (fields(|n| n % 2 == 0, "mine"), fields(|n| n % 3 == 0, "the server's"));
    clock.merge("1,000 fields", Format::Json, [&base, &mine, &theirs]);
    for (what, id) in [("10,000 entries with ids", true), ("10,000 entries", false)] {
        let base = list(|_| false, id);
        let (mine, theirs) = (list(|n| n % 100 == 0, id), list(|n| n % 100 == 50, id));
        clock.merge(what, Format::Json, [&base, &mine, &theirs]);
    }
}
