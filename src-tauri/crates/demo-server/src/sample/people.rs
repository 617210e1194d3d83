//! Who is in the library: names that fit together, by country.

use super::prng::Prng;
use super::tables::{column, table};
use super::text::{Object, Value, raw, text, words};
use super::{Document, date};

/// Contacts in the library.
const COUNT: usize = 300;
/// The first ones, who turn up by name in the tour and in pictures: name, country, role.
const KNOWN: &[(&str, &str, &str, &str)] = &[
    ("Tomasz", "Wilk", "Poland", "keeper"),
    ("Ines", "Duarte", "Portugal", "volunteer"),
    ("Marit", "Solberg", "Norway", "member"),
    ("Okan", "Demir", "Germany", "repairer"),
];
const ROLES: &[&str] = &[
    "member",
    "member",
    "member",
    "member",
    "member",
    "volunteer",
    "volunteer",
    "repairer",
    "keeper",
    "supplier",
];
const SKILLS: &[&str] = &[
    "bicycles",
    "bookkeeping",
    "carpentry",
    "electrics",
    "first aid",
    "gardening",
    "metal",
    "painting",
    "plumbing",
    "sewing",
    "soldering",
    "tiling",
    "translation",
];
const REMARKS: &[&str] = &[
    "Prefers a call in the evening, after seven.",
    "Has a key to the shed.",
    "Writes better than on the telephone: please send a message.",
    "Has a trailer and lends it.",
    "Away in August.",
    "Brings things back early, always.",
    "Asked twice about the evening for beginners.",
    "Offered to look after the bicycles.",
    "Speaks slowly on purpose, understands everything.",
];

/// A person.
#[derive(Clone, Debug)]
pub(super) struct Person {
    given: String,
    family: String,
    country: &'static str,
    role: &'static str,
}

impl Person {
    /// Given and family name.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.given, self.family)
    }

    /// Helps in the library rather than only borrowing.
    pub(super) fn helps(&self) -> bool {
        matches!(self.role, "keeper" | "volunteer" | "repairer")
    }
}

/// Everybody. No name comes twice.
pub(super) fn people(prng: &mut Prng) -> Vec<Person> {
    let countries = countries();
    let mut list: Vec<Person> = KNOWN
        .iter()
        .map(|(given, family, country, role)| Person {
            given: (*given).to_owned(),
            family: (*family).to_owned(),
            country,
            role,
        })
        .collect();
    while list.len() < COUNT {
        let Some(line) = prng.pick(&countries) else { break };
        let name = |prng: &mut Prng, number: usize| {
            let names: Vec<&str> = column(line, number).split(',').collect();
            prng.pick(&names).copied().unwrap_or_default().to_owned()
        };
        let person = Person {
            given: name(prng, 4),
            family: name(prng, 5),
            country: column(line, 0),
            role: prng.pick(ROLES).copied().unwrap_or("member"),
        };
        if list.iter().all(|known| known.name() != person.name()) {
            list.push(person);
        }
    }
    list
}

/// The contacts, one to a person.
pub(super) fn contacts(prng: &mut Prng, people: &[Person]) -> Vec<Document> {
    let countries = countries();
    people
        .iter()
        .enumerate()
        .map(|(position, person)| {
            let number = format!("C-{:03}", position + 1);
            let line = countries.iter().find(|line| column(line, 0) == person.country);
            let object = contact(prng, &number, person, line.map(Vec::as_slice).unwrap_or_default());
            Document { id: number, object }
        })
        .collect()
}

fn contact(prng: &mut Prng, number: &str, person: &Person, country: &[&'static str]) -> Object {
    let one_of = |prng: &mut Prng, list: &'static str| {
        let list: Vec<&str> = list.split(',').collect();
        prng.pick(&list).copied().unwrap_or_default()
    };
    let street = one_of(prng, column(country, 3));
    let city = one_of(prng, column(country, 2));
    let code = column(country, 1);
    let mut phones = vec![vec![
        ("no", raw(1)),
        ("kind", text("mobile")),
        ("number", text(format!("{code} 555 {:03} {:03}", prng.below(1000), prng.below(1000)))),
    ]];
    if prng.chance(1, 4) {
        phones.push(vec![
            ("no", raw(2)),
            ("kind", text("home")),
            ("number", text(format!("{code} 555 {:04}", prng.below(10_000)))),
        ]);
    }
    let skills = prng.between(0, 3);
    let skills: Vec<&&str> = prng.some(SKILLS, skills);
    let since = date(prng, 2016, 2026);
    let mut object = vec![
        ("number", text(number)),
        ("name", text(person.name())),
        ("given_name", text(person.given.as_str())),
        ("family_name", text(person.family.as_str())),
        ("role", text(person.role)),
        ("email", text(email(person))),
        ("phones", Value::Rows(phones)),
        (
            "address",
            Value::Inner(vec![
                ("street", text(format!("{street} {}", prng.between(1, 120)))),
                ("city", text(city)),
                ("country", text(person.country)),
            ]),
        ),
        ("member_since", text(since)),
        ("yearly_fee", raw(["12.00", "24.00", "36.00"].get(prng.below(3)).copied().unwrap_or("24.00"))),
        ("currency", text("EUR")),
        ("skills", words(&skills.iter().map(|s| **s).collect::<Vec<_>>())),
        ("newsletter", raw(prng.chance(2, 3))),
    ];
    if prng.chance(1, 2) {
        object.push(("notes", text(*prng.pick(REMARKS).unwrap_or(&""))));
    }
    object.push(("changed", text(date(prng, 2025, 2026))));
    object
}

/// An address that belongs to nobody (RFC 2606).
fn email(person: &Person) -> String {
    let plain = |name: &str| -> String {
        name.chars()
            .filter_map(|c| match c.to_lowercase().next().unwrap_or(c) {
                c @ 'a'..='z' => Some(c),
                'á' | 'à' | 'ã' | 'å' | 'ä' | 'ą' => Some('a'),
                'ç' | 'č' | 'ć' => Some('c'),
                'é' | 'è' | 'ê' | 'ě' | 'ę' => Some('e'),
                'í' | 'ı' => Some('i'),
                'ł' => Some('l'),
                'ñ' | 'ń' | 'ň' => Some('n'),
                'ó' | 'ö' | 'õ' | 'ø' | 'ő' => Some('o'),
                'ř' => Some('r'),
                'š' | 'ś' | 'ß' => Some('s'),
                'ú' | 'ü' | 'ű' | 'ů' => Some('u'),
                'ý' => Some('y'),
                'ž' | 'ź' | 'ż' => Some('z'),
                _ => None,
            })
            .collect()
    };
    format!("{}.{}@mail.example", plain(&person.given), plain(&person.family))
}

fn countries() -> Vec<Vec<&'static str>> {
    table(include_str!("data/people.txt"))
}
