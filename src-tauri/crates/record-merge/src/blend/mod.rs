//! Texts put together line by line, and word by word where that is wanted (merge.md 2.6).
//!
//! 1. Line ends, final line break and byte-order mark are merged by themselves ([`attributes`]); lines are compared
//!    without trailing space and Unicode form ([`lines`]).
//! 2. Lines that both changed are a clash, unless they are entries of one list ([`list`]). Lines that were moved out of a
//!    clash, or into it, make one with it ([`blender`]).
//! 3. For a clash, words are put together ([`words`]): a proposal, or the answer where words are wanted and it is prose.

mod attributes;
mod blender;
mod both;
mod figures;
mod lines;
mod list;
mod markdown;
mod prose;
mod words;

use crate::diff3::Change;
use crate::json::string;
use attributes::settle;
use blender::{BASE, Blender, MINE, Part, THEIRS};
use lines::Text;

/// A stretch of a blended text, in the spelling of its document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Put together.
    Done(String),
    /// Both sides wrote something else here.
    Clash(Box<Clash>),
}

/// Three versions of a stretch, in the spelling of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Clash {
    pub(crate) base: String,
    pub(crate) mine: String,
    pub(crate) theirs: String,
    /// Its number for as long as base and mine stay: the line of the base at which the person's change begins, from 0.
    pub(crate) number: u32,
    /// Both put together, for a person to look at.
    pub(crate) suggestion: Option<String>,
}

/// A text put together from both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Blend {
    pub(crate) pieces: Vec<Piece>,
    /// Something outside the clashes changed.
    pub(crate) mixed: bool,
    /// Words were put together, not only lines.
    pub(crate) by_words: bool,
    /// How the text spells a line break.
    pub(crate) line_break: &'static str,
    /// All its lines end like that.
    one_end: bool,
    /// The last line has no end.
    cut_final: bool,
    /// The byte-order mark before everything, as the document spells it.
    lead: String,
}

impl Blend {
    /// One finished value.
    pub(crate) fn done(text: String) -> Blend {
        let pieces = vec![Piece::Done(text)];
        Blend {
            pieces,
            mixed: true,
            by_words: false,
            line_break: "",
            one_end: false,
            cut_final: false,
            lead: String::new(),
        }
    }

    /// The pieces as they stand in the whole text, mark at the start and last line end as they will be.
    pub(crate) fn framed(&self) -> Vec<Piece> {
        let mut pieces = self.pieces.clone();
        if !self.lead.is_empty() {
            pieces.insert(0, Piece::Done(self.lead.clone()));
        }
        if self.cut_final {
            match pieces.last_mut() {
                Some(Piece::Done(text)) => self.cut_end(text),
                Some(Piece::Clash(clash)) => {
                    let sides = [&mut clash.base, &mut clash.mine, &mut clash.theirs];
                    sides.into_iter().chain(&mut clash.suggestion).for_each(|text| self.cut_end(text));
                }
                None => {}
            }
        }
        pieces
    }

    /// The text, with an answer for each clash, counted from 0.
    pub(crate) fn text(&self, mut answer: impl FnMut(usize, &Piece) -> String) -> String {
        let mut out = self.lead.clone();
        let mut number = 0;
        for piece in &self.pieces {
            // What a person typed may lack the line end that keeps it from the next line.
            if !self.line_break.is_empty()
                && !out.is_empty()
                && out != self.lead
                && self.line_end(&out).is_none()
            {
                out.push_str(self.line_break);
            }
            match piece {
                Piece::Done(text) => out.push_str(text),
                clash => {
                    out.push_str(&answer(number, clash));
                    number += 1;
                }
            }
        }
        if self.cut_final {
            self.cut_end(&mut out);
        }
        out
    }

    fn cut_end(&self, text: &mut String) {
        if let Some(length) = self.line_end(text) {
            text.truncate(text.len() - length);
        }
    }

    /// The length of the line end at the end of a text.
    fn line_end(&self, text: &str) -> Option<usize> {
        let json = self.line_break.starts_with('\\');
        let end = |ends: [&str; 3], text: &str| {
            let found = ends.into_iter().find(|end| text.ends_with(*end))?;
            let before = text.strip_suffix(found)?;
            // After an odd number of backslashes the letter stands for itself.
            let slashes = before.len() - before.trim_end_matches('\\').len();
            (!json || slashes % 2 == 0).then_some(found.len())
        };
        let (feeds, returns) = if json {
            (["\\n", "\\u000a", "\\u000A"], ["\\r", "\\u000d", "\\u000D"])
        } else {
            (["\n"; 3], ["\r"; 3])
        };
        let Some(feed) = end(feeds, text) else { return end(returns, text) };
        let before = text.get(..text.len() - feed).unwrap_or_default();
        Some(feed + end(returns, before).unwrap_or(0))
    }

    /// The text with the proposal of its only clash, if it has just one and that has one.
    pub(crate) fn suggested(&self) -> Option<String> {
        let clashes: Vec<&Clash> = self.clashes().collect();
        let [Clash { suggestion: Some(suggestion), .. }] = clashes.as_slice() else { return None };
        Some(self.text(|_, _| suggestion.clone()))
    }

    /// The clashes in order.
    pub(crate) fn clashes(&self) -> impl Iterator<Item = &Clash> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Clash(clash) => Some(clash.as_ref()),
            Piece::Done(_) => None,
        })
    }

    /// Typed lines between those of a text that all end the same way end like them: a text box knows only `\n`.
    pub(crate) fn typed(&self, text: String) -> String {
        let as_it_is = !self.one_end || !text.contains(['\n', '\r', '\\']);
        if as_it_is {
            text
        } else {
            Text::of(&text, self.line_break.starts_with('\\')).ended(self.line_break)
        }
    }

    /// Both versions of a clash: the server's and then the person's, or in the order of their dates (M13).
    pub(crate) fn both(&self, piece: &Piece) -> String {
        let Piece::Clash(clash) = piece else { return String::new() };
        both::ordered(clash, self.line_break).0
    }

    /// Both versions of a clash in the other order.
    pub(crate) fn both_switched(&self, piece: &Piece) -> String {
        let Piece::Clash(clash) = piece else { return String::new() };
        both::ordered(clash, self.line_break).1
    }
}

/// Puts three JSON strings together; `None` if one is not text (a lone surrogate), or if too few of them have lines
/// and nobody `declared` it to be text.
pub(crate) fn strings(base: &str, mine: &str, theirs: &str, words: bool, declared: bool) -> Option<Blend> {
    let plain = [base, mine, theirs].map(string::unescape);
    let [Some(b), Some(m), Some(t)] = &plain else { return None };
    if !declared && [b, m, t].iter().filter(|text| text.contains(['\n', '\r'])).count() < 2 {
        return None;
    }
    Some(blended([base, mine, theirs].map(string::inner), true, words))
}

/// A proposal for three JSON strings that are one value each: their words put together.
pub(crate) fn proposal(base: &str, mine: &str, theirs: &str) -> Option<String> {
    strings(base, mine, theirs, false, true)?.suggested().map(|text| format!("\"{text}\""))
}

/// Puts three plain texts together.
pub(crate) fn texts(base: &str, mine: &str, theirs: &str, words: bool) -> Blend {
    blended([base, mine, theirs], false, words)
}

/// Three JSON strings of which one was changed only where nobody can see it, or which both sides made the same to the eye
/// (M26); `None` if both changed what is seen, or nothing of one is left.
pub(crate) fn unseen_strings(base: &str, mine: &str, theirs: &str) -> Option<Blend> {
    let sources = [base, mine, theirs];
    let is_text = |source: &&str| string::unescape(source).is_some();
    if !sources.iter().all(is_text) {
        return None;
    }
    let mut numbers = lines::Numbers::default();
    let [base, mine, theirs] = sources.map(|source| seen(string::inner(source), true, &mut numbers));
    let something = [&base, &mine, &theirs].iter().all(|seen| !seen.is_empty());
    let alike = base == mine || base == theirs || mine == theirs;
    let blend = (something && alike).then(|| blended(sources.map(string::inner), true, false))?;
    let asks = blend.clashes().next().is_some();
    (!asks).then_some(blend)
}

/// Two JSON strings that were put in on both sides, as [`new_texts`].
pub(crate) fn new_strings(mine: &str, theirs: &str) -> Option<Blend> {
    let sides = [mine, theirs];
    let is_text = |side: &&str| string::unescape(side).is_some();
    sides.iter().all(is_text).then(|| one_text(sides.map(string::inner), true)).flatten()
}

/// Two texts that were put in on both sides: the server's, if nobody can see a difference (M26); `None` if somebody can.
pub(crate) fn new_texts(mine: &str, theirs: &str) -> Option<Blend> {
    one_text([mine, theirs], false)
}

fn one_text(sides: [&str; 2], json: bool) -> Option<Blend> {
    let mut numbers = lines::Numbers::default();
    let [mine, theirs] = sides.map(|side| seen(side, json, &mut numbers));
    // As the text of one side that the other spelled in another way.
    let [mine_source, theirs_source] = sides;
    (mine == theirs).then(|| blended([mine_source, mine_source, theirs_source], json, false))
}

/// The lines of a text as people see them.
fn seen<'a>(source: &'a str, json: bool, numbers: &mut lines::Numbers<'a>) -> Vec<u32> {
    numbers.of(&Text::of(without_mark(source, json).1, json))
}

/// The byte-order mark is one value, the rest is put together line by line.
fn blended(sources: [&str; 3], json: bool, words: bool) -> Blend {
    let apart = sources.map(|source| without_mark(source, json));
    let marks = apart.map(|(mark, _)| mark);
    let [b, m, t] = marks.map(|mark| !mark.is_empty());
    let mut blend = Blender::new(apart.map(|(_, text)| Text::of(text, json)), json, words).blend();
    if settle(b, m, t) {
        let spelled = marks.into_iter().rev().find(|mark| !mark.is_empty());
        blend.lead = spelled.unwrap_or_default().to_owned();
    }
    blend.mixed |= m != t;
    blend
}

const BOM: char = '\u{feff}';

/// The byte-order mark of a text, as it is spelled, and the rest.
fn without_mark(source: &str, json: bool) -> (&str, &str) {
    let length = match source.chars().next() {
        Some(BOM) => BOM.len_utf8(),
        Some('\\') if json => match string::escape(source) {
            (code, length) if char::from_u32(code) == Some(BOM) => length,
            _ => 0,
        },
        _ => 0,
    };
    source.split_at_checked(length).unwrap_or(("", source))
}

/// A stretch of three texts as it is in each, for showing them side by side.
pub(crate) struct Stand {
    pub(crate) change: Change,
    pub(crate) base: String,
    pub(crate) mine: String,
    pub(crate) theirs: String,
    /// For a clash: its number.
    pub(crate) number: Option<u32>,
}

/// Three texts cut into the stretches a merge sees. Joined they are the texts.
pub(crate) fn stretches(base: &str, mine: &str, theirs: &str) -> Vec<Stand> {
    let apart = [base, mine, theirs].map(|text| without_mark(text, false));
    let mut blender = Blender::new(apart.map(|(_, text)| Text::of(text, false)), false, false);
    let parts = blender.parts();
    let mut stretches: Vec<Stand> = parts
        .into_iter()
        .map(|Part { region, .. }| {
            let [base, mine, theirs] = [(BASE, &region.base), (MINE, &region.mine), (THEIRS, &region.theirs)]
                .map(|(side, range)| {
                    blender.texts.get(side).map(|text| text.source(range)).unwrap_or_default().to_owned()
                });
            let number =
                (region.change == Change::Clash).then(|| u32::try_from(region.number).ok()).flatten();
            Stand { change: region.change, base, mine, theirs, number }
        })
        .collect();
    if let Some(first) = stretches.first_mut() {
        for ((mark, _), out) in apart.into_iter().zip([&mut first.base, &mut first.mine, &mut first.theirs]) {
            out.insert_str(0, mark);
        }
    }
    stretches
}

#[cfg(test)]
mod tests;
