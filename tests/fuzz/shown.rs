//! What a person is shown of two or three texts.

use crate::targets::parts;
use record_merge::marks::{
    Mark, MarkKind, Side, change_sentence, invisible_difference, invisible_words, marks, moved, paragraphs,
};

/// Marks joined are the two texts; a text that did not change has none; what is shown has words.
pub fn shown(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let [before, mine, theirs, _] = parts(text.as_bytes()).map(|bytes| std::str::from_utf8(bytes).unwrap());
    for (before, after) in [(before, mine), (mine, theirs), (theirs, before)] {
        let found = marks(before, after);
        joined(&found, before, after);
        assert_eq!(moved(&found).len(), found.len());
        let sentence = change_sentence(Side::You, &found);
        assert!(before != after || sentence.is_empty(), "{sentence}");
        let hidden = invisible_difference(before, after);
        assert_eq!(hidden.is_some(), invisible_words(before, after).is_some());
        assert!(before != after || hidden.is_none());
        assert_eq!(hidden.is_some(), invisible_difference(after, before).is_some());
    }
    let mut left = 3;
    let mut budget = || {
        left -= 1;
        left > 0
    };
    for all in [paragraphs(before, mine, theirs, || true), paragraphs(before, mine, theirs, &mut budget)] {
        for paragraph in all {
            assert!(paragraph.count > 0);
            let of = |text: &Option<String>| text.clone().unwrap_or_default();
            if !paragraph.mine_marks.is_empty() {
                joined(&paragraph.mine_marks, &of(&paragraph.before), &of(&paragraph.mine));
            }
            if !paragraph.theirs_marks.is_empty() {
                joined(&paragraph.theirs_marks, &of(&paragraph.before), &of(&paragraph.theirs));
            }
        }
    }
}

fn joined(marks: &[Mark], before: &str, after: &str) {
    let without = |kind: MarkKind| -> String {
        marks.iter().filter(|mark| mark.kind != kind).map(|mark| mark.text.as_str()).collect()
    };
    assert_eq!(without(MarkKind::Added), before);
    assert_eq!(without(MarkKind::Removed), after);
}
