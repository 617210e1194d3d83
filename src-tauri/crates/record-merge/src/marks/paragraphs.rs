//! A long text as paired paragraphs (M7): what all versions have folded and counted, the rest side by side.

use super::{Mark, marks};
use crate::blend::{Stand, stretches};
use crate::diff3::Change;
use serde::{Deserialize, Serialize};

/// How the versions of a paragraph stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParagraphKind {
    /// The same everywhere.
    Equal,
    /// Only the server changed it.
    Server,
    /// Only the person changed it.
    Mine,
    /// Both made the same change.
    Same,
    /// Both changed it, differently.
    Clash,
}

/// A stretch of a text in all three versions. Joined in order they are the texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paragraph {
    /// How the versions stand to each other.
    pub kind: ParagraphKind,
    /// How many paragraphs: what a folded bar counts.
    pub count: u32,
    /// Before; `None` = nothing there.
    pub before: Option<String>,
    /// On the server.
    pub theirs: Option<String>,
    /// Yours.
    pub mine: Option<String>,
    /// The server's change against before.
    pub theirs_marks: Vec<Mark>,
    /// The person's change against before.
    pub mine_marks: Vec<Mark>,
    /// The part number of its row, if it has one of its own ([`crate::Row::part`]).
    pub part: Option<u32>,
}

/// The paragraphs of three texts, as [`crate::merge()`] compares them. Give unescaped texts, not JSON strings.
///
/// `may_mark` is asked before the marks of each changed stretch are made (a screen has a deadline, M27); from the first
/// `false` on the values are marked as a whole.
pub fn paragraphs(
    before: &str,
    mine: &str,
    theirs: &str,
    mut may_mark: impl FnMut() -> bool,
) -> Vec<Paragraph> {
    let mut on = true;
    let mut made = |before: &str, after: &str| {
        on = on && may_mark();
        if on { marks(before, after) } else { super::rewritten(before, after) }
    };
    stretches(before, mine, theirs)
        .into_iter()
        .map(|Stand { change, base, mine, theirs, number }| {
            let kind = match change {
                Change::None => ParagraphKind::Equal,
                Change::Theirs => ParagraphKind::Server,
                Change::Mine => ParagraphKind::Mine,
                Change::Both => ParagraphKind::Same,
                Change::Clash => ParagraphKind::Clash,
            };
            let changed = kind != ParagraphKind::Equal;
            let count = count(&theirs).max(count(&mine)).max(count(&base));
            Paragraph {
                kind,
                count,
                theirs_marks: if changed { made(&base, &theirs) } else { Vec::new() },
                mine_marks: if changed { made(&base, &mine) } else { Vec::new() },
                before: there(base),
                theirs: there(theirs),
                mine: there(mine),
                part: number,
            }
        })
        .collect()
}

fn there(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// Lines that are not empty: in a note each is a paragraph. At least one.
fn count(text: &str) -> u32 {
    let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
    u32::try_from(lines).unwrap_or(u32::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(before: &str, mine: &str, theirs: &str) -> Vec<String> {
        paragraphs(before, mine, theirs, || true)
            .into_iter()
            .map(|p| {
                let text = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned()).replace('\n', "/");
                let values = format!("{}|{}|{}", text(p.before), text(p.theirs), text(p.mine));
                format!("{:?} {} {values} {:?}", p.kind, p.count, p.part)
            })
            .collect()
    }

    #[test]
    fn equal_ones_are_folded_and_changed_ones_paired() {
        let before = "one\n\ntwo\n\nthree\n\nfour\n\nfive\n";
        let mine = "one\n\nTWO\n\nthree\n\nfour, mine\n\nfive\n";
        let theirs = "one\n\ntwo\n\nthree\n\nfour, theirs\n\nfive\nsix\n";
        assert_eq!(
            drawn(before, mine, theirs),
            [
                "Equal 1 one//|one//|one// None",
                "Mine 1 two/|two/|TWO/ None",
                "Equal 1 /three//|/three//|/three// None",
                "Clash 1 four/|four, theirs/|four, mine/ Some(6)",
                "Equal 1 /five/|/five/|/five/ None",
                "Server 1 -|six/|- None",
            ]
        );
        assert!(paragraphs("", "", "", || true).is_empty());
    }

    #[test]
    fn marks_stop_when_time_is_up() {
        let mut asked = 0;
        let found = paragraphs("a b\nx\na c\n", "a B\nx\na C\n", "a b\nx\na c\n", || {
            asked += 1;
            asked <= 1
        });
        let marks: Vec<usize> = found.iter().map(|p| p.mine_marks.len()).collect();
        assert_eq!(marks, [2, 0, 2]);
        assert_eq!(asked, 2);
    }

    #[test]
    fn joined_they_are_the_texts() {
        let (before, mine, theirs) = ("a\r\nb\nc", "a\nB\nc\n", "\u{feff}a\r\nb \nC");
        let found = paragraphs(before, mine, theirs, || true);
        let joined = |pick: fn(&Paragraph) -> &Option<String>| -> String {
            found.iter().filter_map(|p| pick(p).clone()).collect()
        };
        assert_eq!(joined(|p| &p.before), before);
        assert_eq!(joined(|p| &p.mine), mine);
        assert_eq!(joined(|p| &p.theirs), theirs);
    }
}
