//! Fuzz targets for every parser and for the merge itself. `make test` runs each on its corpus (`__fuzz__/TARGET/corpus`) and
//! on some thousand random inputs; `make soak` runs them for long under libFuzzer, which follows the code that an input
//! reaches. What it finds goes into the corpus.
//!
//! A package of its own, and nothing else in it: `cargo bolero` compiles all of a package for libFuzzer, and a test binary
//! without it does not link then.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../../src-tauri/crates/record-merge/tests/laws/all.rs"]
mod all;
#[path = "../../src-tauri/crates/record-merge/tests/laws/basic.rs"]
mod basic;
#[path = "../../src-tauri/crates/record-merge/tests/laws/cards.rs"]
mod cards;
#[path = "../../src-tauri/crates/record-merge/tests/laws/choices.rs"]
mod choices;
#[path = "../../src-tauri/crates/record-merge/tests/common/mod.rs"]
mod common;
#[allow(dead_code)]
#[path = "../../src-tauri/crates/record-merge/tests/laws/draw.rs"]
mod draw;
#[path = "../../src-tauri/crates/record-merge/tests/laws/elsewhere.rs"]
mod elsewhere;
mod fields;
#[path = "../../src-tauri/crates/record-merge/tests/laws/given.rs"]
mod given;
#[path = "../../src-tauri/crates/record-merge/tests/laws/json.rs"]
mod json;
#[path = "../../src-tauri/crates/record-merge/tests/laws/kinds.rs"]
mod kinds;
#[path = "../../src-tauri/crates/record-merge/tests/laws/loss.rs"]
mod loss;
mod policies;
#[path = "../../src-tauri/crates/record-merge/tests/laws/rebase.rs"]
mod rebase;
#[allow(dead_code)]
#[path = "../../src-tauri/crates/record-merge/tests/laws/run.rs"]
mod run;
mod servers;
mod shown;
#[path = "../../src-tauri/crates/record-merge/tests/laws/strong.rs"]
mod strong;
mod targets;
#[path = "../../src-tauri/crates/record-merge/tests/laws/texts.rs"]
mod texts;
#[path = "../../src-tauri/crates/record-merge/tests/laws/tidy.rs"]
mod tidy;
#[path = "../../src-tauri/crates/record-merge/tests/laws/twice.rs"]
mod twice;

use targets as t;

/// Random inputs of one target in `make test`.
const INPUTS: usize = 2_000;
/// Longest random input, in bytes.
const LONGEST: usize = 600;

macro_rules! targets {
    ($($name:ident: $body:expr,)+) => {
        $(#[test] fn $name() {
            bolero::check!().with_iterations(INPUTS).with_max_len(LONGEST).for_each($body);
        })+

        /// The written cases are inputs, too: whatever the versions of a case hold, no target minds.
        #[test]
        fn written_cases_as_inputs() {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../merge-cases");
            let mut read = 0;
            for entry in std::fs::read_dir(folder).unwrap() {
                let Ok(text) = std::fs::read_to_string(entry.unwrap().path()) else { continue };
                for case in text.split("\n## ") {
                    read += 1;
                    let mut versions: Vec<&str> = case.split("```").skip(1).step_by(2).collect();
                    versions.extend(case.split('`').skip(1).step_by(2));
                    let joined = versions.join("\u{0}");
                    $(let target: fn(&[u8]) = $body; target(joined.as_bytes());)+
                }
            }
            assert!(read > 200, "{read}");
        }
    };
}

targets! {
    json_parse: t::json_parse,
    json_apply: t::json_apply,
    pointer: t::pointer,
    pattern: t::pattern,
    number: t::number,
    merge_json: |bytes: &[u8]| t::merge(record_merge::Format::Json, bytes),
    merge_text: |bytes: &[u8]| t::merge(record_merge::Format::Text, bytes),
    merge_vcard: |bytes: &[u8]| t::merge(record_merge::Format::Vcard, bytes),
    merge_icalendar: |bytes: &[u8]| t::merge(record_merge::Format::Icalendar, bytes),
    merge_binary: |bytes: &[u8]| t::merge(record_merge::Format::Binary, bytes),
    batch_line: t::batch_line,
    batch_policy: policies::batch_policy,
    policy: policies::policy,
    policy_elsewhere: policies::policy_elsewhere,
    card_fields: fields::card_fields,
    compare: fields::compare,
    shown: shown::shown,
    profile: servers::profile,
    answers: servers::answers,
    decisions: t::decisions,
    laws: t::laws,
}
