//! The laws of merge.md 2.7, on one record perturbed into three. `make test` runs some thousand cases of each, always the
//! same; `make soak` runs millions (see `run.rs`). A broken law prints the smallest case it found and how to run it again.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod basic;
mod choices;
#[path = "../common/mod.rs"]
mod common;
mod draw;
mod given;
mod json;
mod loss;
mod reach;
mod run;
mod strong;
mod tidy;

use run::Law;

/// One test and one entry of the list for each law.
macro_rules! laws {
    ($($name:ident: $holds:path,)+) => {
        const LAWS: &[Law] = &[$(Law { name: stringify!($name), holds: $holds }),+];
        $(#[test] fn $name() { run::test(&Law { name: stringify!($name), holds: $holds }); })+
    };
}

laws! {
    l1_identity: basic::json_l1,
    l2_one_side: basic::json_l2,
    l3_agreement: basic::json_l3,
    l4_symmetry: basic::json_l4,
    l5_no_loss_l6_no_invention: loss::json_l5_l6,
    l7_disjoint_edits: strong::l7,
    l7_order: strong::l7_order,
    l8_locality: strong::l8,
    l9_absorption: strong::l9,
    l10_choices: choices::json_l10,
    l10_one_side: choices::json_l10_one_side,
    l11_rebase: choices::json_l11,
    l12_convergence: strong::l12,
    l13_fidelity: loss::json_l13,
    l14_any_bytes: basic::any_l14,
    l15_cosmetic: basic::json_l15,
    l15_l16_real_questions: basic::json_l15_l16,
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
