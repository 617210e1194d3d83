//! Texts put together line by line, and word by word where that is wanted (merge.md 2.6).

use crate::diff3::{Change, Region, regions};
use crate::json::{quote, string};
use crate::marks::{Invisible, tokens};
use std::collections::BTreeMap;
use std::ops::Range;

/// A stretch of a blended text, in the spelling of its document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Put together.
    Done(String),
    /// Both sides wrote something else here.
    Clash { base: String, mine: String, theirs: String },
}

/// A text put together from both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Blend {
    pub(crate) pieces: Vec<Piece>,
    /// Something outside the clashes changed.
    pub(crate) mixed: bool,
    /// How the text spells a line break.
    pub(crate) line_break: &'static str,
    /// Cut off at the end: no final line break is wanted.
    cut_final: Option<&'static str>,
    /// Put before everything.
    lead: &'static str,
}

impl Blend {
    /// One finished value.
    pub(crate) fn done(text: String) -> Blend {
        Blend { pieces: vec![Piece::Done(text)], mixed: true, line_break: "", cut_final: None, lead: "" }
    }

    /// The pieces as they stand in the whole text, mark at the start and last line end as they will be.
    pub(crate) fn framed(&self) -> Vec<Piece> {
        let mut pieces = self.pieces.clone();
        if !self.lead.is_empty() {
            pieces.insert(0, Piece::Done(self.lead.to_owned()));
        }
        let Some(end) = self.cut_final else { return pieces };
        let cut = |text: &mut String| {
            if text.ends_with(end) {
                text.truncate(text.len() - end.len());
            }
        };
        match pieces.last_mut() {
            Some(Piece::Done(text)) => cut(text),
            Some(Piece::Clash { base, mine, theirs }) => [base, mine, theirs].into_iter().for_each(cut),
            None => {}
        }
        pieces
    }

    /// The text, with an answer for each clash, counted from 0.
    pub(crate) fn text(&self, mut answer: impl FnMut(usize, &Piece) -> String) -> String {
        let mut out = self.lead.to_owned();
        let mut number = 0;
        for piece in &self.pieces {
            match piece {
                Piece::Done(text) => out.push_str(text),
                clash => {
                    out.push_str(&answer(number, clash));
                    number += 1;
                }
            }
        }
        if let Some(end) = self.cut_final
            && out.ends_with(end)
        {
            out.truncate(out.len() - end.len());
        }
        out
    }

    /// Both versions of a clash: the server's, then the person's.
    pub(crate) fn both(&self, piece: &Piece) -> String {
        let Piece::Clash { mine, theirs, .. } = piece else { return String::new() };
        let gap = if theirs.is_empty() || mine.is_empty() || theirs.ends_with(self.line_break) {
            ""
        } else {
            self.line_break
        };
        format!("{theirs}{gap}{mine}")
    }
}

/// A line as its document spells it, and as people read it.
struct Line {
    spelled: String,
    plain: String,
}

/// How a finished text is spelled again.
type Respell = fn(&str) -> String;

/// Puts three JSON strings together; `None` if one is not text (a lone surrogate) or too few of them have lines.
pub(crate) fn strings(base: &str, mine: &str, theirs: &str, words: bool) -> Option<Blend> {
    let plain = [base, mine, theirs].map(string::unescape);
    let [Some(b), Some(m), Some(t)] = &plain else { return None };
    if [b, m, t].iter().filter(|text| text.contains(['\n', '\r'])).count() < 2 {
        return None;
    }
    let respell: Respell = |text| string::inner(&quote(text)).to_owned();
    let [base, mine, theirs] = [base, mine, theirs].map(string_lines);
    Some(blend(&base, &mine, &theirs, words, respell, "\\n"))
}

/// Puts three plain texts together: line ends, final line break and byte-order mark first, each as one value.
pub(crate) fn texts(base: &str, mine: &str, theirs: &str, words: bool) -> Blend {
    let all = [base, mine, theirs];
    let without_mark = all.map(|text| text.strip_prefix(BOM).unwrap_or(text));
    let mark = settle(all.map(|text| text.starts_with(BOM)));
    let final_break = settle(without_mark.map(|text| text.ends_with(['\n', '\r'])));
    let ends = without_mark.map(line_end);
    let respell: Respell = str::to_owned;
    let lead = if mark { BOM } else { "" };
    if ends.contains(&LineEnd::Mixed) {
        let [base, mine, theirs] = without_mark.map(|text| plain_lines(text, None));
        return Blend { lead, ..blend(&base, &mine, &theirs, words, respell, "\n") };
    }
    let known = ends.iter().rev().find(|end| **end != LineEnd::None).copied().unwrap_or(LineEnd::None);
    let [b, m, t] = ends.map(|end| if end == LineEnd::None { known } else { end });
    let end = if m == b || m == t {
        t
    } else if t == b {
        m
    } else {
        t
    }
    .text();
    let [base, mine, theirs] = without_mark.map(|text| plain_lines(text, Some(end)));
    let cut_final = (!final_break).then_some(end);
    Blend { lead, cut_final, ..blend(&base, &mine, &theirs, words, respell, end) }
}

const BOM: &str = "\u{feff}";

/// Three-way merge of a yes or no: there is always an answer.
fn settle([base, mine, theirs]: [bool; 3]) -> bool {
    if mine == base { theirs } else { mine }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LineEnd {
    /// The text has one line.
    None,
    Unix,
    Windows,
    Mac,
    Mixed,
}

impl LineEnd {
    fn text(self) -> &'static str {
        match self {
            LineEnd::Windows => "\r\n",
            LineEnd::Mac => "\r",
            _ => "\n",
        }
    }
}

fn line_end(text: &str) -> LineEnd {
    let windows = text.matches("\r\n").count();
    let unix = text.matches('\n').count() - windows;
    let mac = text.matches('\r').count() - windows;
    match (unix, windows, mac) {
        (0, 0, 0) => LineEnd::None,
        (_, 0, 0) => LineEnd::Unix,
        (0, _, 0) => LineEnd::Windows,
        (0, 0, _) => LineEnd::Mac,
        _ => LineEnd::Mixed,
    }
}

/// Lines with their ends; with `end` given, every line gets that one, the last one too.
fn plain_lines(text: &str, end: Option<&str>) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let at = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let content = rest.get(..at).unwrap_or_default();
        let tail = rest.get(at..).unwrap_or_default();
        let own = if tail.starts_with("\r\n") { 2 } else { tail.len().min(1) };
        let (own_end, next) = tail.split_at(own);
        let spelled = format!("{content}{}", end.unwrap_or(own_end));
        lines.push(Line { plain: spelled.clone(), spelled });
        rest = next;
    }
    lines
}

/// Lines of a JSON string, cut after the escapes that break lines.
fn string_lines(lexeme: &str) -> Vec<Line> {
    let inner = string::inner(lexeme);
    let mut lines = Vec::new();
    let mut start = 0;
    let mut at = 0;
    let mut cut = |start: usize, end: usize| {
        let spelled = inner.get(start..end).unwrap_or_default().to_owned();
        let plain = String::from_utf8_lossy(&string::code_points(&spelled)).into_owned();
        lines.push(Line { spelled, plain });
    };
    while let Some(found) = inner.get(at..).and_then(|rest| rest.find('\\')) {
        let (code, length) = string::escape(inner.get(at + found..).unwrap_or_default());
        at += found + length;
        let next = inner.get(at..).filter(|rest| rest.starts_with('\\')).map(string::escape);
        let pair = code == u32::from('\r') && next.is_some_and(|(code, _)| code == u32::from('\n'));
        if code == u32::from('\n') || (code == u32::from('\r') && !pair) {
            cut(start, at);
            start = at;
        }
    }
    if start < inner.len() {
        cut(start, inner.len());
    }
    lines
}

fn blend(
    base: &[Line],
    mine: &[Line],
    theirs: &[Line],
    words: bool,
    respell: Respell,
    line_break: &'static str,
) -> Blend {
    let mut numbers = BTreeMap::new();
    let mut classes = |lines: &'_ [Line]| -> Vec<u32> {
        lines.iter().map(|line| number(&mut numbers, &line.plain)).collect()
    };
    let (b, m, t) = (classes(base), classes(mine), classes(theirs));
    let mut out = Blend { pieces: Vec::new(), mixed: false, line_break, cut_final: None, lead: "" };
    for region in regions(&b, &m, &t) {
        out.mixed |= matches!(region.change, Change::Mine | Change::Theirs);
        let piece = match region.change {
            Change::None | Change::Theirs | Change::Both => Piece::Done(spelled(theirs, &region.theirs)),
            Change::Mine => Piece::Done(spelled(mine, &region.mine)),
            Change::Clash => clash(base, mine, theirs, &region, words, respell),
        };
        out.mixed |= region.change == Change::Clash && matches!(piece, Piece::Done(_));
        match (out.pieces.last_mut(), piece) {
            (Some(Piece::Done(before)), Piece::Done(text)) => before.push_str(&text),
            (_, piece) => out.pieces.push(piece),
        }
    }
    out
}

/// The number of a text: equal texts, equal numbers.
fn number(numbers: &mut BTreeMap<String, u32>, text: &str) -> u32 {
    if let Some(known) = numbers.get(text) {
        return *known;
    }
    let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
    numbers.insert(text.to_owned(), next);
    next
}

fn spelled(lines: &[Line], range: &Range<usize>) -> String {
    lines.get(range.clone()).unwrap_or_default().iter().map(|line| line.spelled.as_str()).collect()
}

fn plain(lines: &[Line], range: &Range<usize>) -> String {
    lines.get(range.clone()).unwrap_or_default().iter().map(|line| line.plain.as_str()).collect()
}

/// Lines that both changed: where one changed only what nobody sees, the other's; then word by word; else a question.
fn clash(
    base: &[Line],
    mine: &[Line],
    theirs: &[Line],
    region: &Region,
    words: bool,
    respell: Respell,
) -> Piece {
    let (b, m, t) = (plain(base, &region.base), plain(mine, &region.mine), plain(theirs, &region.theirs));
    let [seen_b, seen_m, seen_t] = [&b, &m, &t].map(|text| Invisible::Several.without(text));
    if seen_m == seen_b || seen_m == seen_t {
        return Piece::Done(spelled(theirs, &region.theirs));
    }
    if seen_t == seen_b {
        return Piece::Done(spelled(mine, &region.mine));
    }
    if words && let Some(text) = by_words(&b, &m, &t) {
        return Piece::Done(respell(&text));
    }
    Piece::Clash {
        base: spelled(base, &region.base),
        mine: spelled(mine, &region.mine),
        theirs: spelled(theirs, &region.theirs),
    }
}

/// The words of both sides put together, if no change touches another.
fn by_words(base: &str, mine: &str, theirs: &str) -> Option<String> {
    let mut numbers = BTreeMap::new();
    let all = [base, mine, theirs].map(tokens);
    let [b, m, t] = [0, 1, 2].map(|side: usize| -> Vec<u32> {
        all.get(side).into_iter().flatten().map(|word| number(&mut numbers, word)).collect()
    });
    let [_, m_words, t_words] = &all;
    let mut out = String::new();
    for region in regions(&b, &m, &t) {
        let words = match region.change {
            Change::Clash => return None,
            Change::Mine => m_words.get(region.mine),
            _ => t_words.get(region.theirs),
        };
        words.unwrap_or_default().iter().for_each(|word| out.push_str(word));
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(blend: &Blend) -> String {
        blend.text(|_, piece| match piece {
            Piece::Clash { base, mine, theirs } => format!("<{base}|{mine}|{theirs}>"),
            Piece::Done(text) => text.clone(),
        })
    }

    #[test]
    fn lines_go_together() {
        let cases = [
            ("a\nb\nc\nd\n", "A\nb\nc\nd\n", "a\nb\nc\nD\n", "A\nb\nc\nD\n"),
            ("a\nb\nc\n", "a\nB\nc\n", "a\nX\nc\n", "a\n<b\n|B\n|X\n>c\n"),
            // next to each other: a question, as in git
            ("a\nb\n", "A\nb\n", "a\nB\n", "<a\nb\n|A\nb\n|a\nB\n>"),
            ("a\n", "a\nm\n", "a\nt\n", "a\n<|m\n|t\n>"),
            // line ends changed on one side, text on the other
            ("a\nb\nc\n", "a\r\nb\r\nc\r\n", "a\nb\nC\n", "a\r\nb\r\nC\r\n"),
            ("a\nb\nc\n", "A\nb\nc\n", "a\r\nb\r\nc\r\n", "A\r\nb\r\nc\r\n"),
            // the final line break and the byte-order mark by themselves
            ("a\nb\nc", "A\nb\nc", "a\nb\nc\n", "A\nb\nc\n"),
            ("a\nb\nc\n", "a\nb\nc", "A\nb\nc\n", "A\nb\nc"),
            ("a\nb\nc", "a\nb\nc\nd", "A\nb\nc", "A\nb\nc\nd"),
            ("a\nb\nc\n", "\u{feff}a\nb\nc\n", "a\nb\nC\n", "\u{feff}a\nb\nC\n"),
            // what nobody sees makes no clash
            ("a\nb\nc\n", "a\nb  \nc\n", "a\nB\nc\n", "a\nB\nc\n"),
            ("a\ne\u{301}\nc\n", "a\né\nc\n", "a\nE\nc\n", "a\nE\nc\n"),
            // marker-like text is just text
            ("x\n<<<<<<<\ny\n", "X\n<<<<<<<\ny\n", "x\n<<<<<<<\nY\n", "X\n<<<<<<<\nY\n"),
        ];
        for (base, mine, theirs, expected) in cases {
            assert_eq!(drawn(&texts(base, mine, theirs, false)), expected, "{base:?} {mine:?} {theirs:?}");
        }
    }

    #[test]
    fn words_go_together_where_that_is_wanted() {
        let (base, mine, theirs) = (
            "the old drill is in the cellar\n",
            "the new drill is in the cellar\n",
            "the old drill is in the attic\n",
        );
        assert_eq!(drawn(&texts(base, mine, theirs, true)), "the new drill is in the attic\n");
        assert!(drawn(&texts(base, mine, theirs, false)).starts_with('<'));
        assert!(drawn(&texts("a b\n", "c b\n", "d b\n", true)).starts_with('<'));
    }

    #[test]
    fn strings_keep_the_escapes_of_untouched_lines() {
        let blend =
            strings(r#""\u00e9\nb\u000ac\r\nd""#, r#""é\nb\nc\r\nD""#, r#""\u00e9\/\nb\u000ac\r\nd""#, false);
        assert_eq!(drawn(&blend.unwrap()), r"\u00e9\/\nb\u000ac\r\nD");
        assert_eq!(strings(r#""a""#, r#""b\n""#, r#""c""#, false), None);
        assert_eq!(strings(r#""a\n""#, r#""b\n\ud800""#, r#""c\n""#, false), None);
    }
}
