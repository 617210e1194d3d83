//! The written cases of `tests/merge-cases`: each a story that people can read. Every one is merged three ways: as it
//! stands, with the sides turned round (the answer must mirror), and through `merge --batch`.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod book;
mod check;
#[path = "../common/mod.rs"]
mod common;

use book::Case;
use std::path::{Path, PathBuf};

/// Fewer cases than this and some were not read.
const AT_LEAST: usize = 200;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/merge-cases")
}

fn all() -> Vec<Case> {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    let mut cases = Vec::new();
    for entry in entries {
        let name = entry.file_name().unwrap().to_string_lossy().into_owned();
        if entry.is_dir() {
            cases.push(book::from_folder(&entry, &name));
        } else if name.ends_with(".md") && name != "README.md" {
            cases.extend(book::from_book(&std::fs::read_to_string(&entry).unwrap(), &name));
        }
    }
    cases
}

/// Runs every case by one check and names all that fail.
fn every(check: impl Fn(&Case) -> Result<(), String>) {
    let cases = all();
    for case in cases.iter().filter(|case| case.waits.is_some()) {
        println!("not run, waits for {}: {}", case.waits.as_deref().unwrap_or_default(), case.name);
    }
    let failed: Vec<String> = cases
        .iter()
        .filter(|case| case.waits.is_none())
        .filter_map(|case| check(case).err().map(|words| format!("--- {}\n{words}\n", case.name)))
        .collect();
    assert!(failed.is_empty(), "{} of {} cases fail\n{}", failed.len(), cases.len(), failed.concat());
}

#[test]
fn every_case_comes_out_as_written() {
    every(check::as_written);
}

#[test]
fn every_case_mirrors_when_the_sides_are_turned_round() {
    every(check::turned_round);
}

#[test]
fn every_case_says_the_same_in_a_batch() {
    every(check::in_a_batch);
}

#[test]
fn there_are_enough_cases_of_each_kind() {
    let cases = all();
    let of = |format: &str| cases.iter().filter(|case| case.format == format).count();
    let asking = cases.iter().filter(|case| !case.questions.is_empty()).count();
    println!(
        "{} cases: {} JSON, {} text, {} vCard, {} iCalendar; {asking} ask a person",
        cases.len(),
        of("json"),
        of("text"),
        of("vcard"),
        of("icalendar")
    );
    assert!(cases.len() >= AT_LEAST, "only {} cases", cases.len());
    assert!(asking * 4 >= cases.len(), "only {asking} of {} cases ask", cases.len());
    let mut names: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    names.sort_unstable();
    let twice: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    assert!(twice.is_empty(), "the same name twice: {twice:?}");
}
