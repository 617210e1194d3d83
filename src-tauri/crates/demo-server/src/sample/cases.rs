//! Repair cases and notes.

use super::people::Person;
use super::prng::Prng;
use super::tables::{column, table};
use super::text::{Object, Value, raw, text, words};
use super::{Document, date, day_and_month, first_day, name_of, spelled};

/// Repair cases.
const CASES: usize = 60;
/// Notes.
const NOTES: usize = 40;

const STATUSES: &[&str] = &["new", "in_work", "waiting", "done", "done", "done", "collected", "given_up"];

/// The repair cases.
pub(super) fn cases(prng: &mut Prng, people: &[Person]) -> Vec<Document> {
    let lines = table(include_str!("data/cases.txt"));
    let helpers: Vec<&Person> = people.iter().filter(|person| person.helps()).collect();
    (0..CASES)
        .filter_map(|position| {
            // Every kind of case once, then some again with other people.
            let line = if position < lines.len() { lines.get(position) } else { prng.pick(&lines) }?;
            let number = format!("R-{:03}", position + 1);
            let object = case(prng, &number, line, people, &helpers);
            Some(Document { id: number, object })
        })
        .collect()
}

fn case(
    prng: &mut Prng,
    number: &str,
    line: &[&'static str],
    people: &[Person],
    helpers: &[&Person],
) -> Object {
    let status = prng.pick(STATUSES).copied().unwrap_or("new");
    let repairer = name_of(prng, helpers);
    // Taken in between January and April, worked on and told about within the weeks after.
    let day = first_day(2026) + prng.below(110);
    let later = |prng: &mut Prng, days: usize| spelled(day + days + prng.below(10));
    let received = spelled(day);
    let begun = status != "new";
    let mut object = vec![
        ("title", text(format!("{}, {}", column(line, 0), lower_first(column(line, 2))))),
        ("number", text(number)),
        ("status", text(status)),
        ("device", text(column(line, 0))),
        ("maker", text(column(line, 1))),
        ("fault", text(column(line, 2))),
        ("owner", text(prng.pick(people).map(Person::name).unwrap_or_default())),
        ("repairer", text(repairer.as_str())),
        ("received", text(received.as_str())),
        ("tags", words(&[tag_of(column(line, 0))])),
    ];
    let mut steps =
        vec![vec![("no", raw(1)), ("on", text(received)), ("done", text("Taken in, looked at together."))]];
    if begun {
        steps.push(vec![
            ("no", raw(2)),
            ("on", text(date(prng, 2026, 2026))),
            ("done", text(column(line, 3))),
        ]);
        object.push(("findings", text(column(line, 3))));
    }
    object.push(("steps", Value::Rows(steps)));
    let priced = begun && column(line, 4) != "-";
    let parts = if priced {
        vec![vec![
            ("no", raw(1)),
            ("item", text(column(line, 4))),
            ("count", raw(1)),
            ("price", raw(column(line, 5))),
        ]]
    } else {
        Vec::new()
    };
    object.push(("parts", Value::Rows(parts)));
    object.push(("cost", raw(if priced { column(line, 5) } else { "0.00" })));
    object.push(("currency", text("EUR")));
    if prng.chance(1, 2) {
        let words = format!(
            "{repairer} looked at it first.\n\nThe owner was told on {} and {}.",
            day_and_month(&later(prng, 11)),
            prng.pick(&[
                "will come by on Thursday",
                "is in no hurry",
                "wants to see how it is done",
                "needs it before the holidays"
            ])
            .copied()
            .unwrap_or_default()
        );
        object.push(("notes", text(words)));
    }
    object.push(("changed", text(later(prng, 22))));
    object
}

/// The notes: minutes, plans, instructions.
pub(super) fn notes(prng: &mut Prng, people: &[Person]) -> Vec<Document> {
    let topics: Vec<Vec<&str>> = include_str!("data/notes.txt")
        .split("= ")
        .filter(|topic| !topic.trim().is_empty())
        .map(|topic| topic.lines().collect())
        .collect();
    let helpers: Vec<&Person> = people.iter().filter(|person| person.helps()).collect();
    (0..NOTES)
        .filter_map(|position| {
            let topic = topics.get(position % topics.len().max(1))?;
            let (title, paragraphs) = topic.split_first()?;
            let number = format!("N-{:03}", position + 1);
            let object = note(prng, &number, title, paragraphs, &helpers);
            Some(Document { id: number, object })
        })
        .collect()
}

fn note(prng: &mut Prng, number: &str, title: &str, paragraphs: &[&str], helpers: &[&Person]) -> Object {
    let (title, area) = title.split_once(" | ").unwrap_or((title, "other"));
    let on = date(prng, 2025, 2026);
    let (person, person2) = (name_of(prng, helpers), name_of(prng, helpers));
    let (n, m) = (prng.between(18, 46), prng.between(4, 17));
    let count = prng.between(4, paragraphs.len());
    let body: Vec<String> = prng
        .some(paragraphs, count)
        .into_iter()
        .map(|paragraph| {
            paragraph
                .replace("{person2}", &person2)
                .replace("{person}", &person)
                .replace("{n}", &n.to_string())
                .replace("{m}", &m.to_string())
        })
        .collect();
    let when = format!("{} {}", day_and_month(&on), on.get(..4).unwrap_or_default());
    vec![
        ("title", text(title.replace("{when}", &when))),
        ("number", text(number)),
        ("area", text(area)),
        ("date", text(on.as_str())),
        ("written_by", text(person2)),
        ("present", raw(n)),
        ("tags", words(&[area, if on.starts_with("2026") { "this year" } else { "last year" }])),
        ("text", text(body.join("\n\n"))),
        ("changed", text(on)),
    ]
}

fn tag_of(device: &str) -> &'static str {
    match device {
        "Bicycle" | "Bicycle light" => "bicycle",
        "Umbrella" | "Rucksack" | "Chair" | "Wall clock" | "Toy locomotive" => "without a plug",
        "Laptop" | "Phone" | "Tablet" | "Game console" | "Radio" | "Record player" => "electronics",
        "Hedge trimmer" | "Garden pump" => "garden",
        _ => "household",
    }
}

fn lower_first(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
