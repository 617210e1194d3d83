//! The folders of `tests/merge-cases`, each a story that people can read.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use record_merge::{Format, Inputs, Merged, Policy, merge};
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/merge-cases")
}

/// The file names of a case end in what kind of record it is.
fn kind(case: &Path) -> (&'static str, Format) {
    let kinds = [
        ("json", Format::Json),
        ("txt", Format::Text),
        ("md", Format::Text),
        ("vcf", Format::Vcard),
        ("ics", Format::Icalendar),
    ];
    let there =
        |end: &str| ["base", "mine", "theirs"].iter().any(|side| case.join(format!("{side}.{end}")).exists());
    kinds.into_iter().find(|(end, _)| there(end)).unwrap_or_else(|| panic!("{} is empty", case.display()))
}

fn read(case: &Path, name: &str) -> Option<String> {
    std::fs::read_to_string(case.join(name)).ok()
}

fn text(merged: Merged) -> String {
    match merged {
        Merged::Document(bytes) => String::from_utf8(bytes).unwrap(),
        Merged::Deleted => "(deleted)\n".to_owned(),
    }
}

#[test]
fn every_case_comes_out_as_written() {
    let mut cases: Vec<PathBuf> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    cases.sort();
    assert!(cases.len() >= 18, "only {} cases in {}", cases.len(), folder().display());
    for case in cases {
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        assert!(read(&case, "about.txt").is_some(), "{name} says nothing about itself");
        let (end, format) = kind(&case);
        let version = |side: &str| read(&case, &format!("{side}.{end}"));
        let [base, mine, theirs] = ["base", "mine", "theirs"].map(version);
        let policy: Policy = read(&case, "policy.json")
            .map_or_else(Policy::default, |text| serde_json::from_str(&text).unwrap());
        let inputs = Inputs::new(
            base.as_deref().map(str::as_bytes),
            mine.as_deref().map(str::as_bytes),
            theirs.as_deref().map(str::as_bytes),
        );
        let m = merge(format, inputs, &policy).unwrap_or_else(|error| panic!("{name}: {error}"));
        let open: String = m
            .open()
            .map(|row| {
                let place = row.path.to_pointer();
                let place = if place.is_empty() { "(whole record)" } else { &place };
                format!("{place} {}\n", row.kind.table_name())
            })
            .collect();
        assert_eq!(open, read(&case, "open.txt").unwrap_or_default(), "{name}");
        if open.is_empty() {
            assert_eq!(text(m.result(&[]).unwrap()), version("expected").unwrap(), "{name}");
        } else {
            assert_eq!(text(m.all_mine()), version("all-mine").unwrap(), "{name}");
            assert_eq!(text(m.all_theirs()), version("all-theirs").unwrap(), "{name}");
        }
    }
}
