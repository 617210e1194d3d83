//! The list of laws: each is a test in `make test`, part of `make soak`, and a target for the fuzzer.

use crate::run::Law;
use crate::{basic, cards, choices, loss, strong, texts};

/// Calls a macro with every law: its name, its share of the cases, and the function that checks one case.
#[macro_export]
macro_rules! for_each_law {
    ($make:ident) => {
        $make! {
            l1_identity 4: basic::json_l1,
            l2_one_side 2: basic::json_l2,
            l3_agreement 4: basic::json_l3,
            l4_symmetry 4: basic::json_l4,
            l5_no_loss_l6_no_invention 1: loss::json_l5_l6,
            l7_disjoint_edits 4: strong::l7,
            l7_order 4: strong::l7_order,
            l8_locality 4: strong::l8,
            l9_absorption 2: strong::l9,
            l10_choices 4: choices::json_l10,
            l10_one_side 4: choices::json_l10_one_side,
            l11_rebase 2: choices::json_l11,
            l12_convergence 2: strong::l12,
            l13_fidelity 4: loss::json_l13,
            l14_any_bytes 2: basic::any_l14,
            l15_cosmetic 4: basic::json_l15,
            l15_l16_real_questions 4: basic::json_l15_l16,
            text_l1_to_l4_l10 4: texts::weak,
            text_l5_l6 4: texts::strong,
            text_l7 4: texts::l7,
            text_l5_moves 4: texts::moves,
            text_l16 4: texts::l16,
            vcard_l1_to_l4_l15 1: cards::vcard_weak,
            vcard_l5_l6_l7_l10 1: cards::vcard_whole,
            vcard_l13 1: cards::vcard_fidelity,
            calendar_l1_to_l4_l15 1: cards::calendar_weak,
            calendar_l5_l6_l7_l10 1: cards::calendar_whole,
            calendar_l13 1: cards::calendar_fidelity,
        }
    };
}

macro_rules! list {
    ($($name:ident $weight:literal: $holds:path,)+) => {
        pub const LAWS: &[Law] = &[$(Law { name: stringify!($name), weight: $weight, holds: $holds }),+];
    };
}

for_each_law!(list);
