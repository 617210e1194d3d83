//! Sample data: a community tool library. The same every time, for pictures, tours and tests.

mod cases;
mod people;
mod prng;
mod tables;
mod text;
mod tools;

use bytes::Bytes;
use http::{HeaderMap, Method};
use time::{Duration, Month, OffsetDateTime};

use self::people::Person;
use self::prng::Prng;
use self::text::Object;
use crate::clock::{self, now_ms};
use crate::document;
use crate::message::Request;
use crate::precondition::Guard;
use crate::problem::{Fail, Kind, Problem};
use crate::routes::find_collection;
use crate::store::collections::{self as table, Policy};
use crate::store::{Db, history, records};
use crate::target::record_path;
use crate::version::ApiVersion;
use crate::{etag, members, validation};

/// Chosen once; another one gives another library.
const SEED: u64 = 20_260_601;
/// Who the history names for the first version.
const ACTOR: &str = "Tool library";
/// A record to be.
struct Document {
    id: String,
    object: Object,
}

/// Fills an empty database; one that has collections is left alone.
pub(crate) fn seed(db: &Db) -> Result<(), Fail> {
    if !table::all(db)?.is_empty() {
        return Ok(());
    }
    db.scope(fill, |()| true)
}

fn fill(db: &Db) -> Result<(), Fail> {
    for (name, schema, documents) in library() {
        let epoch: String = uuid::Uuid::new_v4().simple().to_string().chars().take(8).collect();
        table::create(db, name, &epoch, Policy::CompareAndSet, Some(schema.trim().as_bytes()))?;
        let collection = find_collection(db, name)?;
        for one in documents {
            let body = Bytes::from(text::document(&one.object));
            let request = origin(&record_path(name, &one.id));
            let document = document::Document::new("application/json".to_owned(), body)?;
            validation::check(db, &collection, &document)?;
            let written = records::write(db, &collection, &one.id, &document, &Guard::Absent)?
                .ok_or_else(|| Problem::new(Kind::AlreadyExists, format!("{} is there twice.", one.id)))?;
            let changed = members::changed(None, document.text());
            let to = etag::quoted(&written.tag, false);
            history::append(db, written.key, &request, None, Some(&to), &changed)?;
        }
    }
    Ok(())
}

/// Name, schema and records of each collection.
fn library() -> Vec<(&'static str, &'static str, Vec<Document>)> {
    let mut prng = Prng::new(SEED);
    let people = people::people(&mut prng);
    vec![
        ("tools", include_str!("schemas/tools.json"), tools::tools(&mut prng, &people)),
        ("contacts", include_str!("schemas/contacts.json"), people::contacts(&mut prng, &people)),
        ("cases", include_str!("schemas/cases.json"), cases::cases(&mut prng, &people)),
        ("notes", include_str!("schemas/notes.json"), cases::notes(&mut prng, &people)),
    ]
}

/// The request that the history of the first version names.
fn origin(path: &str) -> Request {
    Request {
        method: Method::PUT,
        path: path.to_owned(),
        query: String::new(),
        headers: HeaderMap::new(),
        body: Bytes::new(),
        actor: ACTOR.to_owned(),
        request_id: "sample".to_owned(),
        at_ms: now_ms(),
        version: ApiVersion::Two,
    }
}

/// A day from the beginning of the first of these years to the end of the last, but none after May 2026.
fn date(prng: &mut Prng, from: usize, to: usize) -> String {
    let first = first_day(from);
    let last = if to >= 2026 { first_day(2026) + 150 } else { first_day(to + 1) - 1 };
    spelled(first + prng.below(last.saturating_sub(first) + 1))
}

/// Some days after a day of [`first_day`].
fn spelled(day: usize) -> String {
    let days = Duration::days(i64::try_from(day).unwrap_or_default());
    clock::date(OffsetDateTime::UNIX_EPOCH.date().saturating_add(days))
}

/// The first of January as days since 1970.
fn first_day(year: usize) -> usize {
    let past = year.saturating_sub(1970);
    past * 365 + (past + 1) / 4
}

/// `2026-05-14` as people write it: 14 May.
fn day_and_month(date: &str) -> String {
    let mut parts = date.split('-').skip(1);
    let month = parts.next().and_then(|month| Month::try_from(month.parse::<u8>().ok()?).ok());
    let day = parts.next().unwrap_or_default().trim_start_matches('0');
    format!("{day} {}", month.unwrap_or(Month::January))
}

fn name_of(prng: &mut Prng, people: &[&Person]) -> String {
    prng.pick(people).map(|person| person.name()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_library_is_the_same_every_time_and_fits_its_schemas() {
        let spell = || -> Vec<(String, String)> {
            let all = library();
            all.iter()
                .flat_map(|(name, _, list)| {
                    list.iter().map(move |d| (format!("{name}/{}", d.id), text::document(&d.object)))
                })
                .collect()
        };
        let documents = spell();
        assert_eq!(documents, spell());
        let ids: BTreeSet<&String> = documents.iter().map(|(id, _)| id).collect();
        assert_eq!(ids.len(), documents.len());
        for (name, schema, list) in library() {
            let wanted = match name {
                "tools" => 200..=220,
                "contacts" => 300..=300,
                "cases" => 60..=60,
                _ => 40..=40,
            };
            assert!(wanted.contains(&list.len()), "{name} {}", list.len());
            let validator = validation::compile(schema.as_bytes()).unwrap();
            let known: serde_json::Value = serde_json::from_str(schema).unwrap();
            for document in &list {
                let text = text::document(&document.object);
                let value = serde_json::from_str(&text).unwrap();
                let faults: Vec<String> = validator.iter_errors(&value).map(|e| e.to_string()).collect();
                assert!(faults.is_empty(), "{} {faults:?}", document.id);
                assert!(
                    !text.contains("{person") && !text.contains("{date}") && !text.contains("{n}"),
                    "{text}"
                );
                for (member, _) in value.as_object().unwrap() {
                    assert!(known["properties"].get(member).is_some(), "{name} {member} has no title");
                }
            }
        }
    }

    #[test]
    fn what_the_tour_shows_is_there() {
        let all = library();
        let tools = &all[0].2;
        let tool = |id: &str| text::document(&tools.iter().find(|d| d.id == id).unwrap().object);
        assert!(
            tool("T-142").contains("\"name\": \"Wheelbarrow, green\"")
                && tool("T-142").contains("\"deposit\": 10.00,")
        );
        assert!(
            tool("T-118").contains("\"name\": \"Cordless drill 18 V\"")
                && tool("T-118").contains("\"deposit\": 20.00,")
        );
        assert!(tool("T-066").contains("Hedge trimmer, petrol"));
        let notes: usize = all[3].2.iter().map(|d| text::document(&d.object).len()).sum();
        assert!(notes / all[3].2.len() > 900, "long texts");
    }
}
