//! Differences that cannot be seen on a screen, and their names (M26).

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// A difference that cannot be seen on a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Invisible {
    /// Space at the end of a line or of the text.
    TrailingSpace,
    /// Line ends of Windows, Unix or old Macs.
    LineEnds,
    /// A line break at the very end.
    FinalLineBreak,
    /// The mark that some programs put at the start of a file.
    ByteOrderMark,
    /// Composed and decomposed letters (NFC, NFD).
    UnicodeForm,
    /// A space that does not break, and one that does.
    NoBreakSpace,
    /// Spaces and joiners without width, soft hyphens.
    ZeroWidth,
    /// Marks that turn the direction of writing.
    Direction,
    /// More than one of these.
    Several,
}

/// All but [`Invisible::Several`], in the order in which they are named.
const EACH: [Invisible; 8] = [
    Invisible::TrailingSpace,
    Invisible::LineEnds,
    Invisible::FinalLineBreak,
    Invisible::ByteOrderMark,
    Invisible::UnicodeForm,
    Invisible::NoBreakSpace,
    Invisible::ZeroWidth,
    Invisible::Direction,
];

const NO_BREAK: [char; 3] = ['\u{a0}', '\u{202f}', '\u{2007}'];
const ZERO_WIDTH: [char; 6] = ['\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}', '\u{ad}'];
const DIRECTION: [char; 12] = [
    '\u{200e}', '\u{200f}', '\u{61c}', '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}',
    '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}',
];

impl Invisible {
    /// Its name for people.
    pub fn words(self) -> &'static str {
        match self {
            Invisible::TrailingSpace => "trailing space",
            Invisible::LineEnds => "line ends: Windows / Unix",
            Invisible::FinalLineBreak => "line break at the end",
            Invisible::ByteOrderMark => "byte-order mark at the start",
            Invisible::UnicodeForm => "different Unicode form, looks the same",
            Invisible::NoBreakSpace => "non-breaking space",
            Invisible::ZeroWidth => "characters without width",
            Invisible::Direction => "marks for the direction of writing",
            Invisible::Several => "only spaces and spelling that cannot be seen",
        }
    }

    fn without(self, text: &str) -> String {
        let drop = |all: &[char]| text.replace(|c| all.contains(&c), "");
        match self {
            Invisible::TrailingSpace => text
                .split_inclusive(['\n', '\r'])
                .map(|line| {
                    let content = line.trim_end_matches(['\n', '\r']);
                    format!(
                        "{}{}",
                        content.trim_end_matches([' ', '\t']),
                        line.get(content.len()..).unwrap_or("")
                    )
                })
                .collect(),
            Invisible::LineEnds => text.replace("\r\n", "\n").replace('\r', "\n"),
            Invisible::FinalLineBreak => {
                let cut = text.strip_suffix(['\n', '\r']).unwrap_or(text);
                if text.ends_with("\r\n") { cut.trim_end_matches('\r').to_owned() } else { cut.to_owned() }
            }
            Invisible::ByteOrderMark => text.strip_prefix('\u{feff}').unwrap_or(text).to_owned(),
            Invisible::UnicodeForm => text.nfc().collect(),
            Invisible::NoBreakSpace => text.replace(NO_BREAK, " "),
            Invisible::ZeroWidth => drop(&ZERO_WIDTH),
            Invisible::Direction => drop(&DIRECTION),
            Invisible::Several => {
                // Spaces first become spaces, then those at the end go.
                let order = [1, 3, 5, 6, 7, 0, 2, 4].map(|at: usize| EACH.get(at).copied());
                order.into_iter().flatten().fold(text.to_owned(), |text, kind| kind.without(&text))
            }
        }
    }

    /// A line as a merge compares it: without trailing space, all spaces alike, in one Unicode form. Characters without
    /// width and direction marks count: they can change what is read.
    pub(crate) fn seen(line: Cow<'_, str>) -> Cow<'_, str> {
        if line.is_ascii() {
            let length = line.trim_end_matches([' ', '\t']).len();
            return match line {
                Cow::Borrowed(line) => Cow::Borrowed(line.get(..length).unwrap_or(line)),
                Cow::Owned(mut line) => {
                    line.truncate(length);
                    Cow::Owned(line)
                }
            };
        }
        if line.contains(NO_BREAK) || !is_nfc(&line) {
            let plain: String = line.replace(NO_BREAK, " ").nfc().collect();
            return Cow::Owned(plain.trim_end_matches([' ', '\t']).to_owned());
        }
        match line {
            Cow::Borrowed(line) => Cow::Borrowed(line.trim_end_matches([' ', '\t'])),
            Cow::Owned(line) => Cow::Owned(line.trim_end_matches([' ', '\t']).to_owned()),
        }
    }
}

/// The name of the difference if it is only an invisible one; `None` for equal texts and for visible differences.
pub fn invisible_difference(before: &str, after: &str) -> Option<Invisible> {
    if before == after {
        return None;
    }
    EACH.into_iter().chain([Invisible::Several]).find(|kind| kind.without(before) == kind.without(after))
}

/// The same in words, each difference by its name: "trailing space, line ends: Windows, not Unix".
pub fn invisible_words(before: &str, after: &str) -> Option<String> {
    let found = invisible_difference(before, after)?;
    let names = |kind: Invisible| match kind {
        Invisible::LineEnds => match (line_ends(before), line_ends(after)) {
            (Some(before), Some(after)) if before != after => format!("line ends: {after}, not {before}"),
            _ => kind.words().to_owned(),
        },
        _ => kind.words().to_owned(),
    };
    if found != Invisible::Several {
        return Some(names(found));
    }
    // Each kind that makes them more alike: what is left without it and all others is equal.
    let matters = |kind: &Invisible| {
        if *kind == Invisible::LineEnds && (line_ends(before).is_none() || line_ends(after).is_none()) {
            return false;
        }
        let rest = |text: &str| {
            // Without the last line break nobody can tell how it was spelled.
            let hides =
                |other: &Invisible| *kind == Invisible::LineEnds && *other == Invisible::FinalLineBreak;
            let others = EACH.into_iter().filter(|other| other != kind && !hides(other));
            others.fold(text.to_owned(), |text, other| other.without(&text))
        };
        rest(before) != rest(after)
    };
    let all: Vec<String> = EACH.into_iter().filter(matters).map(names).collect();
    Some(if all.is_empty() { found.words().to_owned() } else { all.join(", ") })
}

fn line_ends(text: &str) -> Option<&'static str> {
    let windows = text.matches("\r\n").count();
    let kinds = [
        (windows, "Windows"),
        (text.matches('\n').count() - windows, "Unix"),
        (text.matches('\r').count() - windows, "old Mac"),
    ];
    let mut there = kinds.into_iter().filter(|(count, _)| *count > 0);
    match (there.next(), there.next()) {
        (Some((_, name)), None) => Some(name),
        (Some(_), Some(_)) => Some("mixed"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_differences_have_names() {
        use Invisible::*;
        let cases = [
            ("a", "a", None, ""),
            ("a", "b", None, ""),
            ("a b", "ab", None, ""),
            ("a", "a ", Some(TrailingSpace), "trailing space"),
            ("a\nb", "a  \nb", Some(TrailingSpace), "trailing space"),
            ("a\r\nb", "a\t\r\nb", Some(TrailingSpace), "trailing space"),
            ("a\nb", "a\r\nb", Some(LineEnds), "line ends: Windows, not Unix"),
            ("a\r\nb\r\n", "a\nb\n", Some(LineEnds), "line ends: Unix, not Windows"),
            ("a\nb\n", "a\rb\r", Some(LineEnds), "line ends: old Mac, not Unix"),
            ("a\nb\n", "a\nb\r\n", Some(LineEnds), "line ends: mixed, not Unix"),
            ("a", "a\n", Some(FinalLineBreak), "line break at the end"),
            ("a", "\u{feff}a", Some(ByteOrderMark), "byte-order mark at the start"),
            ("é", "e\u{301}", Some(UnicodeForm), "different Unicode form, looks the same"),
            ("a b", "a\u{a0}b", Some(NoBreakSpace), "non-breaking space"),
            ("10 km", "10\u{202f}km", Some(NoBreakSpace), "non-breaking space"),
            ("ab", "a\u{200b}b", Some(ZeroWidth), "characters without width"),
            ("ab", "a\u{ad}b", Some(ZeroWidth), "characters without width"),
            ("ab", "a\u{202e}b", Some(Direction), "marks for the direction of writing"),
            ("a b\n", "a\u{a0}b\r\n", Some(Several), "line ends: Windows, not Unix, non-breaking space"),
            ("a", "a \n", Some(Several), "trailing space, line break at the end"),
            ("a é", "a e\u{301} ", Some(Several), "trailing space, different Unicode form, looks the same"),
        ];
        for (before, after, expected, words) in cases {
            assert_eq!(invisible_difference(before, after), expected, "{before:?} {after:?}");
            assert_eq!(invisible_words(before, after).unwrap_or_default(), words, "{before:?} {after:?}");
        }
    }

    #[test]
    fn a_merge_sees_less() {
        for (line, seen) in [
            ("", ""),
            ("a b", "a b"),
            ("a \t ", "a"),
            ("é\u{a0}", "é"),
            ("e\u{301} x", "é x"),
            ("a\u{200b}b", "a\u{200b}b"),
        ] {
            assert_eq!(Invisible::seen(Cow::Borrowed(line)), seen);
            assert_eq!(Invisible::seen(Cow::Owned(line.to_owned())), seen);
        }
    }
}
