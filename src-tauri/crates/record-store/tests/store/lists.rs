//! Lists: filters, order, pages, words.

use crate::given::{self, Given, base, body, edit, meta};
use record_store::{Page, Query, Sort, StoreError};
use sync_engine::{Change, LocalKey, Refusal, RefusalKind, State};

fn page(given: &Given, query: Query) -> Page {
    given.store.read_blocking(move |r| r.list(&query)).map_err(|e: StoreError| e).unwrap()
}

fn titles(given: &Given, query: Query) -> Vec<String> {
    page(given, query).rows.into_iter().map(|r| r.record.title).collect()
}

/// Title, text found, body, when; `Some(refused)` = with an edit.
type One = (&'static str, &'static str, &'static str, i64, Option<bool>);

fn filled(records: &'static [One]) -> Given {
    let given = given::store();
    for (n, (title, text, json, at, edited)) in records.iter().enumerate() {
        let mut record = given.synced(&n.to_string(), json, "a");
        if let Some(refused) = edited {
            record.edit = Some(edit(Change::Replace(body(json))));
            let refusal = Refusal { kind: RefusalKind::Content, words: "no".to_owned(), pointers: vec![] };
            record.refusal = refused.then_some(refusal);
        }
        let mut meta = meta(title, *at);
        meta.search_text = Some(format!("{title} {text}"));
        given::write(&given.store, move |tx| tx.insert_record(&record, &meta));
    }
    given
}

const PEOPLE: &[One] = &[
    ("item 10", "München", "{\"n\":10,\"a\":{\"b/c\":\"x\"}}", 5, None),
    ("Item 2", "Muenchen", "{\"n\":2}", 9, Some(false)),
    ("Äpfel", "green pears", "not json", 1, None),
    ("item 02b", "GREEN-house", "{\"n\":12345678901234567890123}", 7, Some(true)),
    ("Zoe", "o'neil \"quoted\"", "{\"n\":\"text\"}", 3, None),
];

#[test]
fn the_first_of_a_collection() {
    let given = filled(PEOPLE);
    let collection = given.collection;
    for (limit, expected) in [(0, 0), (2, 2), (9, 5)] {
        let keys = given.store.read_blocking(move |r| r.first(collection, limit));
        let keys = keys.map_err(|e: StoreError| e).unwrap();
        let rows = page(&given, Query { limit: Some(limit), ..Query::default() }).rows;
        assert_eq!(keys, rows.iter().map(|r| r.record.key).collect::<Vec<_>>());
        assert_eq!(keys.len(), expected);
    }
}

#[test]
fn orders() {
    let given = filled(PEOPLE);
    for (sort, expected) in [
        (Sort::Title, ["Item 2", "item 02b", "item 10", "Zoe", "Äpfel"]),
        (Sort::Changed, ["Äpfel", "Zoe", "item 10", "item 02b", "Item 2"]),
        (Sort::State, ["item 02b", "Item 2", "item 10", "Zoe", "Äpfel"]),
        (Sort::Column("/n".to_owned()), ["Äpfel", "Item 2", "item 10", "item 02b", "Zoe"]),
    ] {
        for descending in [false, true] {
            let mut all: Vec<&str> = expected.to_vec();
            if descending {
                all.reverse();
            }
            for text in ["", "\u{1}"] {
                let query =
                    Query { sort: sort.clone(), descending, text: text.to_owned(), ..Query::default() };
                assert_eq!(titles(&given, query.clone()), all, "{sort:?} {descending}");
                for offset in 0..=6 {
                    for limit in 0..=6 {
                        let query = Query { offset, limit: Some(limit), ..query.clone() };
                        let part: Vec<&str> = all.iter().copied().skip(offset).take(limit).collect();
                        let page = page(&given, query);
                        assert_eq!(page.total, 5);
                        let got: Vec<&str> = page.rows.iter().map(|r| r.record.title.as_str()).collect();
                        assert_eq!(got, part, "{sort:?} {descending} {offset} {limit}");
                    }
                }
            }
        }
    }
}

#[test]
fn words_and_filters() {
    let given = filled(PEOPLE);
    for (text, expected) in [
        ("munchen", vec!["item 10"]),
        ("MÜNCH", vec!["item 10"]),
        ("mu", vec!["Item 2", "item 10"]),
        ("green", vec!["item 02b", "Äpfel"]),
        ("green-house", vec!["item 02b"]),
        ("green pea", vec!["Äpfel"]),
        ("pea green", vec!["Äpfel"]),
        ("o'neil", vec!["Zoe"]),
        ("\"quoted\"", vec!["Zoe"]),
        ("nothing", vec![]),
        ("item OR zoe", vec![]),
        ("text:item*", vec![]),
        ("- ( \" *", vec!["Item 2", "item 02b", "item 10", "Zoe", "Äpfel"]),
    ] {
        let query = Query { text: text.to_owned(), ..Query::default() };
        assert_eq!(titles(&given, query.clone()), expected, "{text}");
        assert_eq!(page(&given, query).total, expected.len());
    }
    let state = |state| titles(&given, Query { state: Some(state), ..Query::default() });
    assert_eq!(state(State::Rejected), ["item 02b"]);
    assert_eq!(state(State::Edited), ["Item 2"]);
    assert_eq!(state(State::Synced), ["item 10", "Zoe", "Äpfel"]);
    let (source, collection) = (given.source, given.collection);
    let here = Query {
        source: Some(source),
        collection: Some(collection),
        text: "item".to_owned(),
        ..Query::default()
    };
    assert_eq!(titles(&given, here.clone()).len(), 3);
    let elsewhere = Query { collection: Some(record_store::CollectionId(99)), ..here };
    assert_eq!(titles(&given, elsewhere).len(), 0);
}

#[test]
fn cells_are_spelled_as_in_the_record() {
    let given = filled(PEOPLE);
    let columns = vec!["/n".to_owned(), "/a/b~1c".to_owned(), "/it's".to_owned()];
    let page = page(&given, Query { columns, ..Query::default() });
    let cells: Vec<Vec<Option<String>>> = page.rows.into_iter().map(|r| r.cells).collect();
    let text = |t: &str| Some(t.to_owned());
    assert_eq!(cells[0], [text("2"), None, None]);
    assert_eq!(cells[1], [text("12345678901234567890123"), None, None]);
    assert_eq!(cells[2], [text("10"), text("\"x\""), None]);
    assert_eq!(cells[3], [text("\"text\""), None, None]);
    assert_eq!(cells[4], [None, None, None]);
}

#[test]
fn the_index_follows_the_record() {
    let given = filled(PEOPLE);
    let find = |text: &str| titles(&given, Query { text: text.to_owned(), ..Query::default() }).len();
    let zoe = given.store.read_blocking(|r| r.load(LocalKey(5))).map_err(|e: StoreError| e).unwrap().unwrap();
    let mut renamed = zoe.clone();
    renamed.base = Some(base("{}", "b", 9));
    let renamed = given.save(&zoe, &renamed, vec![]);
    assert_eq!((find("zoe"), find("ann")), (0, 1));
    given.end(&renamed, vec![]);
    assert_eq!((find("ann"), find("item")), (0, 3));
}

/// Many matches go another way than few: the same rows in the same order.
#[test]
fn many_matches_are_listed_like_few() {
    let given = given::store();
    let (at, began) = ((given.source, given.collection), given.store.next_seq());
    given::write(&given.store, move |tx| {
        for n in 0..2_600_i64 {
            let word = if n % 13 == 0 { "rare" } else { "common" };
            let mut meta = meta(&format!("Row {}", n * 7919 % 2_600), n * 31 % 500);
            meta.search_text = Some(format!("{} {word} every", meta.title));
            let id = sync_engine::RemoteId(n.to_string());
            tx.pull(at, &id, &base("{}", "a", 1), began, || meta)?;
        }
        for key in [3, 500, 2_000] {
            let before = tx.load(LocalKey(key))?.unwrap();
            let mut after = before.clone();
            after.edit = Some(edit(Change::Replace(body("[]"))));
            let step =
                sync_engine::Step { record: Some(after), history: vec![], copies: vec![], effects: vec![] };
            let mut meta = meta(&format!("Row {key}x"), 3);
            meta.search_text = Some(format!("Row {key}x common every"));
            tx.save(&before, &step, &meta, &[])?;
        }
        Ok(())
    });
    for sort in [Sort::Title, Sort::Changed, Sort::State] {
        for (descending, state) in
            [(false, None), (true, None), (false, Some(State::Synced)), (true, Some(State::Edited))]
        {
            let query = Query { sort: sort.clone(), descending, state, ..Query::default() };
            let all = titles(&given, query.clone());
            for (source, collection) in [(None, None), (Some(given.source), Some(given.collection))] {
                let query = Query { source, collection, text: "EVERY ro".to_owned(), ..query.clone() };
                assert_eq!(titles(&given, query.clone()), all, "{query:?}");
                for offset in [0, 1, 2, 3, 1_300, 2_590, 2_600, 9_999] {
                    let query = Query { offset, limit: Some(7), ..query.clone() };
                    let got = page(&given, query.clone());
                    let titles: Vec<_> = got.rows.iter().map(|r| r.record.title.clone()).collect();
                    let expected: Vec<_> = all.iter().skip(offset).take(7).cloned().collect();
                    assert_eq!((got.total, titles), (all.len(), expected), "{query:?}");
                }
            }
        }
    }
    let rare = Query { text: "rare".to_owned(), ..Query::default() };
    assert_eq!(page(&given, rare).total, 200);
    let letter = |text: &str| page(&given, Query { text: text.to_owned(), ..Query::default() }).total;
    assert_eq!((letter("R"), letter("c"), letter("c o")), (2_600, 0, 0));
}

#[test]
fn a_record_is_found_at_its_place_in_every_list() {
    let given = given::store();
    let mut keys = Vec::new();
    for n in 0..250 {
        let mut record = given.synced(&n.to_string(), "{}", "a");
        record.id = Some(sync_engine::RemoteId(n.to_string()));
        let step = sync_engine::Step {
            record: Some(record.clone()),
            history: vec![],
            copies: vec![],
            effects: vec![],
        };
        let empty = given.new_record(Some(&n.to_string()));
        let meta = given::meta(
            &format!("Title {:03} {}", (n * 7) % 250, if n % 2 == 0 { "even" } else { "odd" }),
            n,
        );
        keys.push(given::write(&given.store, move |tx| tx.save(&empty, &step, &meta, &[])).key);
    }
    for sort in [Sort::Title, Sort::State, Sort::Changed] {
        for (descending, text) in [(false, ""), (true, ""), (false, "even"), (true, "odd")] {
            let query = Query { sort: sort.clone(), descending, text: text.to_owned(), ..Query::default() };
            let all = query.clone();
            let listed = given::read(&given.store, move |r| r.list(&all));
            for key in &keys {
                let (query, key) = (query.clone(), *key);
                let expected = listed.rows.iter().position(|row| row.record.key == key);
                let found = given::read(&given.store, move |r| r.position(&query, key));
                assert_eq!(found, expected, "{sort:?} {descending} {text}");
            }
        }
    }
}
