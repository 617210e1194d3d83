//! A change as a plain sentence (M32): "The server changed 'cellar' to 'attic'."

use super::{Mark, MarkKind};

/// Who made a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side<'a> {
    /// The person at this screen.
    You,
    /// Somebody on the server, by name where that is known.
    Server(Option<&'a str>),
}

/// More changes than this are only counted.
const MOST: usize = 3;
/// Longer pieces are cut, at the end of a word where there is one.
const LONGEST: usize = 60;

/// The sentence for the marks of one side's change; empty if nothing changed.
pub fn change_sentence(side: Side<'_>, marks: &[Mark]) -> String {
    let who = match side {
        Side::You => "You",
        Side::Server(Some(name)) => name,
        Side::Server(None) => "The server",
    };
    let changes = changes(marks);
    let equal: usize =
        marks.iter().filter(|mark| mark.kind == MarkKind::Equal).map(|mark| mark.text.trim().len()).sum();
    let words: Vec<String> = match changes.as_slice() {
        [] => return String::new(),
        [(before, after)]
            if equal == 0
                && !before.is_empty()
                && !after.is_empty()
                && before.contains(char::is_whitespace) =>
        {
            vec!["rewrote it".to_owned()]
        }
        few if few.len() <= MOST => few.iter().map(|(before, after)| phrase(before, after)).collect(),
        many => vec![format!("changed {} places", many.len())],
    };
    let sentence = match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => return String::new(),
    };
    format!("{who} {sentence}.")
}

fn changes(marks: &[Mark]) -> Vec<(String, String)> {
    let mut changes: Vec<(String, String)> = Vec::new();
    let mut open = false;
    for mark in marks {
        if mark.kind == MarkKind::Equal {
            open = false;
            continue;
        }
        if !open {
            changes.push(Default::default());
            open = true;
        }
        if let Some((before, after)) = changes.last_mut() {
            let text = if mark.kind == MarkKind::Removed { before } else { after };
            text.push_str(&mark.text);
        }
    }
    changes
}

fn phrase(before: &str, after: &str) -> String {
    match (before.trim().is_empty(), after.trim().is_empty()) {
        (false, false) => format!("changed {} to {}", quoted(before), quoted(after)),
        (true, false) => format!("added {}", quoted(after)),
        (false, true) => format!("removed {}", quoted(before)),
        (true, true) => "changed only spaces".to_owned(),
    }
}

fn quoted(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= LONGEST {
        return format!("'{text}'");
    }
    let start: String = text.chars().take(LONGEST).collect();
    let cut = start.rfind(' ').filter(|at| *at > LONGEST / 2).unwrap_or(start.len());
    format!("'{}...'", start.get(..cut).unwrap_or(&start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marks::marks;

    #[test]
    fn changes_are_told_in_plain_words() {
        let cases = [
            ("", "", ""),
            ("same", "same", ""),
            ("stored in the cellar", "stored in the attic", "changed 'cellar' to 'attic'."),
            ("stored in the cellar", "stored in the old cellar", "added 'old'."),
            ("stored in the old cellar", "stored in the cellar", "removed 'old'."),
            ("cellar", "attic", "changed 'cellar' to 'attic'."),
            ("", "attic", "added 'attic'."),
            ("nothing like it was before", "completely other words here", "rewrote it."),
            (
                "one big red house on a hill by the sea",
                "one small red house on a mountain by the sea",
                "changed 'big' to 'small' and changed 'hill' to 'mountain'.",
            ),
            ("a  b c d e f", "a b c d e f", "changed only spaces."),
            (
                "a one, so it was a two, so it was a three, so it was a four, so it was",
                "a 1, so it was a 2, so it was a 3, so it was a 4, so it was",
                "changed 4 places.",
            ),
        ];
        for (before, after, expected) in cases {
            let made = marks(before, after);
            let expected =
                |who: &str| if expected.is_empty() { String::new() } else { format!("{who} {expected}") };
            assert_eq!(change_sentence(Side::You, &made), expected("You"), "{before:?} {after:?}");
            assert_eq!(change_sentence(Side::Server(None), &made), expected("The server"));
            assert_eq!(change_sentence(Side::Server(Some("Ines")), &made), expected("Ines"));
        }
        let long = marks("", &"word ".repeat(40));
        assert!(change_sentence(Side::You, &long).ends_with("word...'."));
    }
}
