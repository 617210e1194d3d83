//! Word marks between two texts (M23 to M26): what a person sees as removed and added.

mod invisible;
mod paragraphs;
mod sentence;
mod tokens;

pub use invisible::{Invisible, invisible_difference, invisible_words};
pub use paragraphs::{Paragraph, ParagraphKind, paragraphs};
pub use sentence::{Side, change_sentence};
pub(crate) use tokens::tokens;

use serde::{Deserialize, Serialize};
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::collections::BTreeSet;

/// What happened to a stretch of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkKind {
    /// In both.
    Equal,
    /// Only before.
    Removed,
    /// Only after.
    Added,
}

/// A stretch of text. Equal and removed ones joined are the text before, equal and added ones the text after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// What happened to it.
    pub kind: MarkKind,
    /// The text.
    pub text: String,
}

/// Most comparisons of words that are made; beyond, the text is marked as rewritten. Counted, not timed, so that the
/// answer is the same on every machine.
const WORK: usize = 16_000_000;
/// Less common text than this, in percent, is shown as rewritten.
const LEAST_COMMON: usize = 30;

/// The marks between two texts. Words, numbers, dates, addresses and links are never cut; if less than 30 % is
/// common, or finding out would take too long, the whole text is replaced.
pub fn marks(before: &str, after: &str) -> Vec<Mark> {
    if before == after {
        return if before.is_empty() { Vec::new() } else { vec![mark(MarkKind::Equal, before)] };
    }
    let old = tokens(before);
    let new = tokens(after);
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let tail =
        old.iter().skip(head).rev().zip(new.iter().skip(head).rev()).take_while(|(a, b)| a == b).count();
    let work = (old.len() - head - tail).saturating_mul(new.len() - head - tail);
    if work > WORK {
        return rewritten(before, after);
    }
    let mut runs = runs(&old, &new);
    clean_up(&mut runs);
    let common: usize = runs.iter().filter(|run| !run.changed()).map(|run| weight(&run.before)).sum();
    if common * 200 < LEAST_COMMON * (weight(before) + weight(after)) {
        return rewritten(before, after);
    }
    runs.into_iter().flat_map(Run::marks).collect()
}

/// For each mark: the same words stand removed at one place and added at another (M25). At least three words: a single
/// one that comes again is no move.
pub fn moved(marks: &[Mark]) -> Vec<bool> {
    let words = |mark: &Mark| mark.text.split_whitespace().map(str::to_owned).collect::<Vec<String>>();
    let of = |kind: MarkKind| -> BTreeSet<Vec<String>> {
        marks.iter().filter(|mark| mark.kind == kind).map(words).filter(|words| words.len() >= 3).collect()
    };
    let (removed, added) = (of(MarkKind::Removed), of(MarkKind::Added));
    marks
        .iter()
        .map(|mark| match mark.kind {
            MarkKind::Equal => false,
            MarkKind::Removed => added.contains(&words(mark)),
            MarkKind::Added => removed.contains(&words(mark)),
        })
        .collect()
}

fn mark(kind: MarkKind, text: &str) -> Mark {
    Mark { kind, text: text.to_owned() }
}

fn rewritten(before: &str, after: &str) -> Vec<Mark> {
    let parts = [(MarkKind::Removed, before), (MarkKind::Added, after)];
    parts.into_iter().filter(|(_, text)| !text.is_empty()).map(|(kind, text)| mark(kind, text)).collect()
}

/// Characters that carry meaning: common spaces alone do not make two texts alike.
fn letters(text: &str) -> usize {
    text.chars().filter(|character| !character.is_whitespace()).count()
}

/// A link or a number in one piece weighs no more than a long word.
fn weight(text: &str) -> usize {
    tokens(text).into_iter().map(|token| letters(token).min(12)).sum()
}

/// A stretch that is equal in both, or was replaced.
struct Run {
    before: String,
    after: String,
}

impl Run {
    fn changed(&self) -> bool {
        self.before != self.after
    }

    fn marks(self) -> Vec<Mark> {
        if self.changed() {
            rewritten(&self.before, &self.after)
        } else {
            vec![mark(MarkKind::Equal, &self.before)]
        }
    }

    fn length(&self) -> usize {
        letters(&self.before).max(letters(&self.after))
    }
}

fn runs(old: &[&str], new: &[&str]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, old, new) {
        let before = old.get(op.old_range()).unwrap_or_default().concat();
        let after = new.get(op.new_range()).unwrap_or_default().concat();
        let equal = matches!(op, DiffOp::Equal { .. });
        match runs.last_mut() {
            Some(last) if !equal && last.changed() => {
                last.before.push_str(&before);
                last.after.push_str(&after);
            }
            _ => runs.push(Run { before, after }),
        }
    }
    runs
}

/// Joins changes with so little between them that they read as one phrase.
fn clean_up(runs: &mut Vec<Run>) {
    let mut done: Vec<Run> = Vec::with_capacity(runs.len());
    for run in runs.drain(..) {
        done.push(run);
        while let [.., before, between, after] = done.as_slice() {
            let small = letters(&between.before) <= before.length().min(after.length()) / 2;
            if !(before.changed() && !between.changed() && after.changed() && small) {
                break;
            }
            let (Some(after), Some(between), Some(before)) = (done.pop(), done.pop(), done.last_mut()) else {
                break;
            };
            before.before.push_str(&between.before);
            before.before.push_str(&after.before);
            before.after.push_str(&between.after);
            before.after.push_str(&after.after);
        }
    }
    *runs = done;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `[-removed-]` and `{+added+}` around what changed.
    fn drawn(before: &str, after: &str) -> String {
        marks(before, after)
            .iter()
            .map(|mark| match mark.kind {
                MarkKind::Equal => mark.text.clone(),
                MarkKind::Removed => format!("[-{}-]", mark.text),
                MarkKind::Added => format!("{{+{}+}}", mark.text),
            })
            .collect()
    }

    #[test]
    fn marks_read_as_words_and_phrases() {
        let cases = [
            ("", "", ""),
            ("same", "same", "same"),
            ("", "new", "{+new+}"),
            ("old", "", "[-old-]"),
            ("stored in the cellar", "stored in the attic", "stored in the [-cellar-]{+attic+}"),
            (
                "call +351 912 345 678 now",
                "call +351 912 345 679 now",
                "call +351 912 345 [-678-]{+679+} now",
            ),
            (
                "due 2026-11-03 at 10:40.",
                "due 2026-12-03 at 10:40.",
                "due [-2026-11-03-]{+2026-12-03+} at 10:40.",
            ),
            (
                "write to anna@example.org, please",
                "write to anna@example.com, please",
                "write to [-anna@example.org-]{+anna@example.com+}, please",
            ),
            (
                "see https://example.org/a?b=1 for it",
                "see https://example.org/a?b=2 for it",
                "see [-https://example.org/a?b=1-]{+https://example.org/a?b=2+} for it",
            ),
            (
                "one big red house on a hill",
                "one small blue house on a hill",
                "one [-big red-]{+small blue+} house on a hill",
            ),
            (
                "completely other words",
                "nothing stays like before here",
                "[-completely other words-]{+nothing stays like before here+}",
            ),
            ("日本語の本", "日本語の木", "日本語の[-本-]{+木+}"),
        ];
        for (before, after, expected) in cases {
            assert_eq!(drawn(before, after), expected, "{before:?} to {after:?}");
        }
    }

    #[test]
    fn moved_words_are_found() {
        let before = "one two three. The old drill is in the cellar. Nobody knows why.";
        let after = "The old drill is in the cellar. Nobody knows why. one two three.";
        let marks = marks(before, after);
        let found: Vec<&str> = marks
            .iter()
            .zip(moved(&marks))
            .filter(|(_, moved)| *moved)
            .map(|(mark, _)| mark.text.trim())
            .collect();
        assert_eq!(found, ["one two three.", "one two three."]);
        assert!(moved(&super::marks("a b c d", "b c d a")).iter().all(|moved| !moved));
    }

    #[test]
    fn a_large_text_is_marked_as_a_whole_and_not_searched_for_ever() {
        let before = "a b ".repeat(200_000);
        let after = "b c ".repeat(200_000);
        assert_eq!(marks(&before, &after).len(), 2);
        let edited = format!("{before}end");
        assert_eq!(marks(&before, &edited).last(), Some(&mark(MarkKind::Added, "end")));
    }

    proptest::proptest! {
        #[test]
        fn both_texts_can_be_read_back(before in "[a-c ,.\n1é]{0,40}", after in "[a-c ,.\n1é]{0,40}") {
            let marks = marks(&before, &after);
            let join = |left_out: MarkKind| -> String {
                marks.iter().filter(|mark| mark.kind != left_out).map(|mark| mark.text.as_str()).collect()
            };
            proptest::prop_assert_eq!(join(MarkKind::Added), before);
            proptest::prop_assert_eq!(join(MarkKind::Removed), after);
        }
    }
}
