//! The tools.

use std::collections::BTreeSet;

use super::people::Person;
use super::prng::Prng;
use super::tables::{column, of_kind, table};
use super::text::{Object, Value, raw, text, words};
use super::{Document, date, day_and_month, name_of};

const MAKERS: &[(&str, &[&str])] = &[
    ("battery", &["Makita", "Bosch", "Metabo", "DeWalt", "Einhell"]),
    ("mains", &["Bosch", "Metabo", "Festool", "Makita", "Kärcher"]),
    ("petrol", &["Stihl", "Husqvarna", "Honda", "Echo"]),
    ("hand", &["Bahco", "Stanley", "Kirschen", "Narex", "Wera"]),
    ("garden", &["Fiskars", "Gardena", "Sneeboer", "Wolf-Garten", "Felco"]),
    ("ladder", &["Hailo", "Zarges", "Krause", "Wibe"]),
    ("measure", &["Leica", "Stabila", "Fluke", "Bosch"]),
    ("plumbing", &["Rothenberger", "Knipex", "Ridgid"]),
    ("paint", &["Wagner", "Storch"]),
    ("heat", &["Steinel", "Rothenberger", "Weller"]),
    ("bike", &["Park Tool", "Topeak", "Croozer", "SKS"]),
    ("yard", &["Altrad", "Fetra", "Haemmerlin"]),
    ("lead", &["Brennenstuhl", "Hedi", "CTEK"]),
    ("event", &["Ruku", "Epson", "JBL"]),
    ("kitchen", &["Speidel", "Severin"]),
    ("sewing", &["Pfaff", "Bernina", "Husqvarna Viking"]),
];

/// All tools, with `T-` numbers that are the ids too.
pub(super) fn tools(prng: &mut Prng, people: &[Person]) -> Vec<Document> {
    let lines = table(include_str!("data/tools.txt"));
    let words = Words {
        phrases: table(include_str!("data/phrases.txt")),
        parts: table(include_str!("data/accessories.txt")),
    };
    let taken: BTreeSet<&str> = lines.iter().map(|line| column(line, 0)).collect();
    let mut free = (1..).map(|n| format!("{n:03}")).filter(|n| !taken.contains(n.as_str()));
    let mut documents: Vec<Document> = lines
        .iter()
        .filter_map(|line| {
            let number = match column(line, 0) {
                "-" => free.next()?,
                number => number.to_owned(),
            };
            let id = format!("T-{number}");
            let object = match id.as_str() {
                "T-118" => drill(&id),
                "T-142" => wheelbarrow(&id),
                _ => tool(prng, &id, line, &words, people),
            };
            Some(Document { id, object })
        })
        .collect();
    documents.sort_by(|a, b| a.id.cmp(&b.id));
    documents
}

struct Words {
    phrases: Vec<Vec<&'static str>>,
    parts: Vec<Vec<&'static str>>,
}

fn tool(prng: &mut Prng, id: &str, line: &[&'static str], words_of: &Words, people: &[Person]) -> Object {
    let kind = column(line, 2);
    let makers =
        MAKERS.iter().find(|(known, _)| *known == kind).map(|(_, makers)| *makers).unwrap_or_default();
    let helpers: Vec<&Person> = people.iter().filter(|person| person.helps()).collect();
    let status = if id == "T-066" { "in_repair" } else { status(prng) };
    let mut object = vec![
        ("name", text(column(line, 1))),
        ("number", text(id)),
        ("status", text(status)),
        ("shelf", text(column(line, 3))),
        ("deposit", raw(column(line, 4))),
        ("currency", text("EUR")),
        ("maker", text(prng.pick(makers).copied().unwrap_or("unknown"))),
        ("price_new", raw(column(line, 5))),
        ("bought", text(date(prng, 2014, 2025))),
        ("loan_days", raw(*prng.pick(&[3, 7, 7, 7, 14]).unwrap_or(&7))),
        ("next_safety_check", text(next_check(prng))),
        ("looked_after_by", text(name_of(prng, &helpers))),
    ];
    let lent_to = match (id, status) {
        ("T-066", _) => Some("Okan Demir".to_owned()),
        (_, "on_loan") => prng.pick(people).map(Person::name),
        _ => None,
    };
    if let Some(name) = lent_to {
        object.push(("lent_to", text(name)));
    }
    object.push(("tags", words(&column(line, 6).split(", ").collect::<Vec<_>>())));
    object.push(("notes", text(notes(prng, kind, words_of, &helpers))));
    object.push(("accessories", accessories(prng, kind, words_of)));
    object.push(("changed", text(date(prng, 2026, 2026))));
    object
}

fn status(prng: &mut Prng) -> &'static str {
    match prng.below(20) {
        0..=11 => "available",
        12..=16 => "on_loan",
        17 => "reserved",
        18 => "in_repair",
        _ => "being_checked",
    }
}

fn next_check(prng: &mut Prng) -> String {
    let (year, month) =
        if prng.chance(2, 3) { (2026, prng.between(7, 12)) } else { (2027, prng.between(1, 6)) };
    format!("{year}-{month:02}-{:02}", prng.between(1, 28))
}

fn notes(prng: &mut Prng, kind: &str, words_of: &Words, helpers: &[&Person]) -> String {
    let phrases = of_kind(&words_of.phrases, kind);
    let count = prng.between(1, 3);
    let paragraphs: Vec<String> = prng
        .some(&phrases, count)
        .into_iter()
        .map(|line| {
            let year = 2026;
            column(line, 1)
                .replace("{person}", &name_of(prng, helpers))
                .replace("{date}", &day_and_month(&date(prng, year, year)))
        })
        .collect();
    paragraphs.join("\n\n")
}

fn accessories(prng: &mut Prng, kind: &str, words_of: &Words) -> Value {
    let parts = of_kind(&words_of.parts, kind);
    let count = prng.between(0, 3);
    let rows = prng
        .some(&parts, count)
        .into_iter()
        .enumerate()
        .map(|(position, line)| {
            let mut row = vec![
                ("no", raw(position + 1)),
                ("item", text(column(line, 1))),
                ("count", raw(column(line, 2))),
            ];
            if column(line, 3) != "-" {
                row.push(("condition", text(column(line, 3))));
            }
            row
        })
        .collect();
    Value::Rows(rows)
}

/// The drill of the pictures.
fn drill(id: &str) -> Object {
    let part = |no: u8, item: &str, count: u8, condition: Option<&str>| {
        let mut row = vec![("no", raw(no)), ("item", text(item)), ("count", raw(count))];
        row.extend(condition.map(|words| ("condition", text(words))));
        row
    };
    vec![
        ("name", text("Cordless drill 18 V")),
        ("number", text(id)),
        ("status", text("available")),
        ("shelf", text("A3")),
        ("deposit", raw("20.00")),
        ("currency", text("EUR")),
        ("maker", text("Makita")),
        ("model", text("DDF482")),
        ("serial_number", raw("12345678901234567890")),
        ("price_new", raw("189.00")),
        ("bought", text("2023-03-18")),
        ("loan_days", raw(7)),
        ("next_safety_check", text("2026-09-14")),
        ("looked_after_by", text("Okan Demir")),
        ("tags", words(&["power tool", "18 V"])),
        (
            "notes",
            text(
                "Charge both batteries before handing it out. The second battery loses charge after two days.\n\nShow \
                 new borrowers the clutch ring: 1 to 8 for screws, the drill mark only for wood.",
            ),
        ),
        ("manual", text("Keep dry. Oil the chuck twice a year.")),
        (
            "accessories",
            Value::Rows(vec![
                part(1, "Charger", 1, Some("good")),
                part(2, "Battery 2.0 Ah", 2, Some("worn")),
                part(3, "Bit set, 3 to 10 mm", 1, None),
            ]),
        ),
        ("changed", text("2026-06-09")),
    ]
}

/// The wheelbarrow of the tour.
fn wheelbarrow(id: &str) -> Object {
    vec![
        ("name", text("Wheelbarrow, green")),
        ("number", text(id)),
        ("status", text("available")),
        ("shelf", text("Yard")),
        ("deposit", raw("10.00")),
        ("currency", text("EUR")),
        ("next_safety_check", text("2026-10-01")),
        ("looked_after_by", text("Tomasz Wilk")),
        ("tags", words(&["garden", "heavy"])),
        ("notes", text("Tyre pumped up on 1 June. Keep under the roof, the tray rusts.")),
        ("accessories", Value::Rows(Vec::new())),
        ("changed", text("2026-06-01")),
    ]
}
