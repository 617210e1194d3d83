//! The list of laws: each is a test in `make test`, part of `make soak`, and a target for the fuzzer.

use crate::run::Law;
use crate::{basic, cards, choices, elsewhere, loss, rebase, strong, texts, twice};

/// Calls a macro with every law: its name, its share of the cases, and the function that checks one case.
#[macro_export]
macro_rules! for_each_law {
    ($make:ident) => {
        $make! {
            l1_identity 16: basic::json_l1,
            l2_one_side 8: basic::json_l2,
            l3_agreement 16: basic::json_l3,
            l4_symmetry 16: basic::json_l4,
            l5_no_loss_l6_no_invention 4: loss::json_l5_l6,
            l7_disjoint_edits 16: strong::l7,
            l7_order 16: strong::l7_order,
            l8_locality 16: strong::l8,
            l9_absorption 8: twice::json_l9,
            l9_lists 1: twice::lists_l9,
            l10_choices 16: choices::json_l10,
            l10_one_side 16: choices::json_l10_one_side,
            l10_lists 1: choices::lists_l10,
            l11_rebase 8: rebase::json_l11,
            l11_in_a_row 1: rebase::json_in_a_row,
            l11_lists_in_a_row 1: rebase::lists_in_a_row,
            l12_convergence 8: twice::json_l12,
            l13_fidelity 16: loss::json_l13,
            l14_any_bytes 8: basic::any_l14,
            l15_cosmetic 16: basic::json_l15,
            l15_l16_real_questions 16: basic::json_l15_l16,
            text_l1_to_l4_l10 16: texts::weak,
            text_l5_l6 16: texts::strong,
            text_l7 16: texts::l7,
            text_l5_moves 16: texts::moves,
            text_l16 16: texts::l16,
            text_l8 6: elsewhere::text_l8,
            text_l9 6: twice::text_l9,
            text_l10 6: choices::text_l10,
            text_l11 6: rebase::text_in_a_row,
            text_l12 6: twice::text_l12,
            vcard_l1_to_l4_l15 4: cards::vcard_weak,
            vcard_l5_l6_l7_l10 4: cards::vcard_whole,
            vcard_l13 4: cards::vcard_fidelity,
            vcard_l8 1: elsewhere::vcard_l8,
            vcard_l9 1: twice::vcard_l9,
            vcard_l10 1: choices::vcard_l10,
            vcard_l11 1: rebase::vcard_in_a_row,
            vcard_l12 1: twice::vcard_l12,
            calendar_l1_to_l4_l15 4: cards::calendar_weak,
            calendar_l5_l6_l7_l10 4: cards::calendar_whole,
            calendar_l13 4: cards::calendar_fidelity,
            calendar_l8 1: elsewhere::calendar_l8,
            calendar_l9 1: twice::calendar_l9,
            calendar_l10 1: choices::calendar_l10,
            calendar_l11 1: rebase::calendar_in_a_row,
            calendar_l12 1: twice::calendar_l12,
        }
    };
}

macro_rules! list {
    ($($name:ident $weight:literal: $holds:path,)+) => {
        pub const LAWS: &[Law] = &[$(Law { name: stringify!($name), weight: $weight, holds: $holds }),+];
    };
}

for_each_law!(list);
