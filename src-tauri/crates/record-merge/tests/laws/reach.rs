//! A law about records that never clash would always hold. So: what the generators reach, counted.

use crate::draw::Draw;
use crate::given::three;
use crate::kinds::Kind;
use crate::run::SEED;
use crate::tidy::{edits, record};
use crate::twice::asked_again;
use std::collections::BTreeMap;

/// Counts of what 4,000 cases have in them; each must be there often enough.
#[test]
fn the_generators_reach_every_kind_of_row() {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut count = |what: String| *seen.entry(what).or_default() += 1;
    for case in 0..4_000 {
        let m = three(&mut Draw::seeded(SEED, case)).merge();
        if m.rows.is_empty() {
            count("no rows".to_owned());
        }
        for row in &m.rows {
            count(format!("{:?}", row.kind));
            for token in
                row.path.0.iter().filter(|token| matches!(token, record_merge::Token::Identity(_))).take(1)
            {
                let _ = token;
                count("below an entry".to_owned());
            }
            if row.part.is_some() {
                count("part of a text".to_owned());
            }
            if !row.with.is_empty() {
                count("group".to_owned());
            }
        }
        if m.open().next().is_none() && m.rows.len() > 1 {
            count("several changes, no question".to_owned());
        }
    }
    println!("{seen:#?}");
    for (what, at_least) in [
        ("TheirsOnly", 500),
        ("MineOnly", 500),
        ("EditedDifferently", 300),
        ("AddedDifferently", 50),
        ("AddedByBoth", 20),
        ("DeletedByMeEditedByServer", 20),
        ("EditedByMeDeletedByServer", 20),
        ("NullVsMissing", 3),
        ("TypeChanged", 20),
        ("Combined", 20),
        ("several changes, no question", 300),
        ("no rows", 50),
    ] {
        assert!(seen.get(what).copied().unwrap_or_default() >= at_least, "{what} too seldom: {seen:#?}");
    }
}

#[test]
fn edits_of_tidy_records_are_many_and_of_every_kind() {
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let mut sizes = [0; 9];
    for case in 0..2_000 {
        let mut d = Draw::seeded(SEED, case);
        let tree = record(&mut d, 2, true);
        let all = edits(&mut d, &tree, 8, true);
        sizes[all.len()] += 1;
        for edit in all {
            *kinds
                .entry(
                    format!("{edit:?}")
                        .split("what: ")
                        .nth(1)
                        .unwrap()
                        .split(['(', ' '])
                        .next()
                        .unwrap()
                        .to_owned(),
                )
                .or_default() += 1;
        }
    }
    println!("{kinds:?}, cases by number of edits {sizes:?}");
    assert!(kinds.len() == 7 && kinds.values().all(|count| *count > 100), "{kinds:?}");
    assert!(sizes[3..].iter().sum::<usize>() > 700, "{sizes:?}");
}

/// L9 leaves one question to a person (see `twice.rs`): never where entries have an identity, and seldom elsewhere.
#[test]
fn second_merges_seldom_ask() {
    for (kind, of_a_hundred) in
        [(Kind::Json, 0), (Kind::Lists, 1), (Kind::Text, 1), (Kind::Vcard, 5), (Kind::Icalendar, 5)]
    {
        let (mut merges, mut asked) = (0, 0);
        for case in 0..300 {
            if let Ok(Some(count)) = asked_again(&mut Draw::seeded(SEED, case), kind) {
                merges += 2;
                asked += count;
            }
        }
        println!("{kind:?}: {asked} of {merges} second merges ask");
        assert!(merges > 200 && asked * 100 <= merges * of_a_hundred, "{kind:?}: {asked} of {merges}");
    }
}
