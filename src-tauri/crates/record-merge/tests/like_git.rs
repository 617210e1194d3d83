//! Texts beside `git merge-file`: where both give an answer it is the same one; this crate may ask more, never less.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use record_merge::{Format, Inputs, Merged, Policy, merge};
use std::process::Command;

#[derive(Clone, Debug)]
enum Change {
    Replace(usize, char),
    Remove(usize),
    Insert(usize, char),
}

fn change() -> impl Strategy<Value = Change> {
    let place = 0..14usize;
    let letter = proptest::char::range('a', 'z');
    prop_oneof![
        3 => (place.clone(), letter.clone()).prop_map(|(at, new)| Change::Replace(at, new)),
        1 => place.clone().prop_map(Change::Remove),
        2 => (place, letter).prop_map(|(at, new)| Change::Insert(at, new)),
    ]
}

fn changed(base: &[String], changes: &[Change]) -> String {
    let mut lines = base.to_vec();
    for change in changes {
        match change {
            Change::Replace(at, new) if *at < lines.len() => lines[*at] = format!("changed to {new}"),
            Change::Remove(at) if *at < lines.len() => drop(lines.remove(*at)),
            Change::Insert(at, new) => lines.insert((*at).min(lines.len()), format!("new line {new}")),
            _ => {}
        }
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// The outcome of git; `None` = it asks.
fn git(folder: &std::path::Path, base: &str, mine: &str, theirs: &str) -> Option<String> {
    for (name, text) in [("base", base), ("mine", mine), ("theirs", theirs)] {
        std::fs::write(folder.join(name), text).unwrap();
    }
    let output = Command::new("git")
        .args(["merge-file", "-p", "mine", "base", "theirs"])
        .current_dir(folder)
        .output()
        .expect("git is needed to build this project, and to compare with it");
    output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
}

#[test]
fn answers_are_those_of_git() {
    let folder = std::env::temp_dir().join(format!("like-git-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let changes = || proptest::collection::vec(change(), 0..4);
    let texts = (proptest::collection::vec(0..12u8, 0..12), changes(), changes());
    let (mut both_answer, mut both_ask, mut only_we_ask) = (0, 0, 0);
    // The same texts each time: git has heuristics of its own, and a rare disagreement is no news.
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let config = Config { cases: 400, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, rng);
    let counted = std::cell::RefCell::new((&mut both_answer, &mut both_ask, &mut only_we_ask));
    runner
        .run(&texts, |(lines, here, there)| {
            let base: Vec<String> = lines.iter().map(|n| format!("line number {n}")).collect();
            let (mine, theirs) = (changed(&base, &here), changed(&base, &there));
            let base = changed(&base, &[]);
            let inputs = Inputs::new(Some(base.as_bytes()), Some(mine.as_bytes()), Some(theirs.as_bytes()));
            let ours = match merge(Format::Text, inputs, &Policy::default()).unwrap().result(&[]) {
                Ok(Merged::Document(bytes)) => Some(String::from_utf8(bytes).unwrap()),
                _ => None,
            };
            let mut counted = counted.borrow_mut();
            match (ours, git(&folder, &base, &mine, &theirs)) {
                (Some(ours), Some(git)) => {
                    *counted.0 += 1;
                    prop_assert_eq!(ours, git);
                }
                (None, None) => *counted.1 += 1,
                (None, Some(_)) => *counted.2 += 1,
                (Some(ours), None) => {
                    prop_assert!(
                        false,
                        "git asks, this gives {:?} for\n{}\n{}\n{}",
                        ours,
                        base,
                        mine,
                        theirs
                    );
                }
            }
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
    std::fs::remove_dir_all(&folder).unwrap();
    println!("both answer {both_answer}, both ask {both_ask}, only we ask {only_we_ask}");
    assert!(both_answer > 100 && both_ask > 50 && only_we_ask < 60);
}
