//! The laws of merge.md 2.7, on one record perturbed into three. `make test` runs some thousand cases of each, always the
//! same; `make soak` runs millions (see `run.rs`). A broken law prints the smallest case it found and how to run it again.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod all;
mod basic;
mod cards;
mod choices;
#[path = "../common/mod.rs"]
mod common;
mod draw;
mod elsewhere;
mod given;
mod json;
mod kinds;
mod loss;
mod reach;
mod rebase;
mod run;
mod strong;
mod texts;
mod tidy;
mod twice;

use all::LAWS;
use run::Law;

macro_rules! tests {
    ($($name:ident $weight:literal: $holds:path,)+) => {
        $(#[test] fn $name() { run::test(&Law { name: stringify!($name), weight: $weight, holds: $holds }); })+
    };
}

for_each_law!(tests);

#[test]
fn two_hundred_thousand_cases() {
    let all: u64 = LAWS.iter().map(|law| law.weight * run::CASES).sum();
    assert!(all >= 200_000, "only {all} cases in make test");
}

/// The long run; without `MERGE_SOAK` it only shows that such a run works, and can go on where it stopped.
#[test]
fn soak() {
    let cases = run::setting("MERGE_SOAK");
    let seed = run::setting("MERGE_SEED").unwrap_or(run::SEED);
    let from = run::setting("MERGE_FROM").unwrap_or(0);
    let say = |line: &str| println!("{line}");
    let done = run::soak(LAWS, seed, from, cases.unwrap_or(LAWS.len() as u64 * 8), say);
    println!("{} cases of {} laws, seed {seed}: {} broken", done.cases, LAWS.len(), done.broken.len());
    assert!(done.broken.is_empty(), "{}", done.broken.join("\n\n"));
}
