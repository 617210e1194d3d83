//! Every small list against every other (merge.md 2.4): no entry lost, none invented, the same both ways round.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{ids, outcome, run, same, shown, words};
use record_merge::{Notice, Policy};

/// All lists of different letters.
fn all_lists(letters: &[char], longest: usize) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut start = 0;
    for _ in 0..longest {
        let end = all.len();
        for at in start..end {
            for letter in
                letters.iter().filter(|letter| !all[at].contains(**letter)).copied().collect::<Vec<_>>()
            {
                all.push(format!("{}{letter}", all[at]));
            }
        }
        start = end;
    }
    all
}

#[test]
fn every_small_list_against_every_other() {
    let base = "abc";
    let all = all_lists(&['a', 'b', 'c', 'x'], 4);
    let (mut clean, mut asked) = (0, 0);
    for (mine, theirs) in all.iter().flat_map(|mine| all.iter().map(move |theirs| (mine, theirs))) {
        let [b, m, t] = [base, mine, theirs].map(words);
        let three = format!("{base} | {mine} | {theirs}");
        let there = run(&b, &m, &t, &Policy::default());
        let back = run(&b, &t, &m, &Policy::default());
        assert_eq!(there.is_clean(), back.is_clean(), "{three}");
        assert!(shown(there.all_mine()) == m || there.is_clean(), "{three}");
        let Ok(result) = there.result(&[]) else {
            asked += 1;
            assert!(mine != theirs && mine != base && theirs != base, "{three}");
            continue;
        };
        clean += 1;
        let (result, other) = (shown(result), shown(back.result(&[]).unwrap()));
        let has = |list: &str, c: char| list.contains(&format!("\"{c}\""));
        for c in ['a', 'b', 'c', 'x'] {
            let (in_base, in_mine, in_theirs) = (base.contains(c), mine.contains(c), theirs.contains(c));
            let wanted = if in_base { in_mine && in_theirs } else { in_mine || in_theirs };
            assert_eq!(has(&result, c), wanted, "{c} in {result}: {three}");
            assert_eq!(has(&other, c), wanted, "turned: {c} in {other}: {three}");
        }
        if mine == theirs || theirs == base {
            assert!(same(&result, &m), "{three}");
        }
        if mine == base {
            assert_eq!(result, t, "{three}");
        }
        let both_moved = there.rows.iter().any(|row| row.notices.contains(&Notice::Order));
        assert!(both_moved || same(&result, &other), "{result} and {other}: {three}");
        // merging the outcome again changes nothing (L9)
        for (m2, t2) in [(&result, &t), (&m, &result)] {
            let again = run(&b, m2, t2, &Policy::default());
            assert!(
                !again.is_clean() || same(&outcome(&again), &result) || both_moved,
                "again {three}: {}",
                outcome(&again)
            );
        }
    }
    assert!(clean > 1000 && asked > 500, "{clean} clean, {asked} asked");
}

#[test]
fn every_small_identity_list_against_every_other() {
    let digits = |text: &String| ids(&text.chars().map(|c| format!("{c} ")).collect::<String>());
    let base = "123".to_owned();
    let all = all_lists(&['1', '2', '3', '4'], 4);
    for (mine, theirs) in all.iter().flat_map(|mine| all.iter().map(move |theirs| (mine, theirs))) {
        let [b, m, t] = [&base, mine, theirs].map(digits);
        let three = format!("{base} | {mine} | {theirs}");
        let there = run(&b, &m, &t, &Policy::default());
        let result = outcome(&there);
        let back = run(&b, &t, &m, &Policy::default());
        for c in ['1', '2', '3', '4'] {
            let (in_base, in_mine, in_theirs) = (base.contains(c), mine.contains(c), theirs.contains(c));
            let wanted = if in_base { in_mine && in_theirs } else { in_mine || in_theirs };
            assert_eq!(result.contains(&format!("{{\"id\":{c}}}")), wanted, "{c} in {result}: {three}");
        }
        if mine == theirs || *theirs == base {
            assert!(same(&result, &m), "{result}: {three}");
        }
        if *mine == base {
            assert_eq!(result, t, "{three}");
        }
        let both_moved = there.rows.iter().any(|row| row.notices.contains(&Notice::Order));
        assert!(both_moved || same(&result, &outcome(&back)), "{result} and {}: {three}", outcome(&back));
        let again = run(&b, &result, &t, &Policy::default());
        assert!(both_moved || same(&outcome(&again), &result), "again {three}: {}", outcome(&again));
    }
}
