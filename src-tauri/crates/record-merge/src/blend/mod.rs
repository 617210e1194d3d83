//! Texts put together line by line, and word by word where that is wanted (merge.md 2.6).
//!
//! 1. Line ends, final line break and byte-order mark are merged by themselves ([`attributes`]); lines are compared
//!    without trailing space and Unicode form ([`lines`]).
//! 2. Lines that both changed are a clash, unless they are entries of one list ([`list`]). Lines that were moved out of a
//!    clash, or into it, make one with it ([`together`]).
//! 3. For a clash, words are put together ([`words`]): a proposal, or the answer where words are wanted and it is prose.

mod attributes;
mod both;
mod figures;
mod lines;
mod list;
mod markdown;
mod prose;
mod words;

use crate::diff3::{Change, Region, joined, regions, together};
use crate::json::{quote, string};
use attributes::{Frame, frame, settle};
use lines::{End, Numbers, Text};
use std::ops::Range;
use std::rc::Rc;

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
    /// The last line has no end.
    cut_final: bool,
    /// The byte-order mark before everything, as the document spells it.
    lead: String,
}

impl Blend {
    /// One finished value.
    pub(crate) fn done(text: String) -> Blend {
        let pieces = vec![Piece::Done(text)];
        Blend { pieces, mixed: true, by_words: false, line_break: "", cut_final: false, lead: String::new() }
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

/// Two JSON strings that were put in on both sides, as [`new_texts`]; only where both have lines.
pub(crate) fn new_strings(mine: &str, theirs: &str) -> Option<Blend> {
    let lines = |text: &str| string::unescape(text).is_some_and(|text| text.contains(['\n', '\r']));
    let reads = lines(mine) && lines(theirs);
    reads.then(|| one_text([mine, theirs].map(string::inner), true)).flatten()
}

/// Two texts that were put in on both sides: the server's, if nobody can see a difference (M26); `None` if somebody can.
pub(crate) fn new_texts(mine: &str, theirs: &str) -> Option<Blend> {
    one_text([mine, theirs], false)
}

fn one_text(sides: [&str; 2], json: bool) -> Option<Blend> {
    let mut numbers = lines::Numbers::default();
    let [mine, theirs] = sides.map(|side| numbers.of(&Text::of(without_mark(side, json).1, json)));
    // As the text of one side that the other spelled in another way.
    let [mine_source, theirs_source] = sides;
    (mine == theirs).then(|| blended([mine_source, mine_source, theirs_source], json, false))
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

const BASE: usize = 0;
const MINE: usize = 1;
const THEIRS: usize = 2;

/// A stretch of three texts.
struct Part {
    region: Region,
    origin: Origin,
}

/// What a stretch is put together from.
enum Origin {
    /// The lines of its region.
    Lines,
    /// Entries of one list.
    List(Vec<list::Line>),
    /// Several regions, between which lines were moved: always a question.
    Moves,
}

/// Three texts while they are put together.
struct Blender<'a> {
    texts: [Text<'a>; 3],
    json: bool,
    words: bool,
    frame: Frame,
    classes: [Vec<u32>; 3],
    /// What each line is in its text; only looked for once there is a clash.
    kinds: Option<Rc<[Vec<markdown::Kind>; 3]>>,
    /// For looking at words.
    budget: usize,
}

impl<'a> Blender<'a> {
    fn new(texts: [Text<'a>; 3], json: bool, words: bool) -> Blender<'a> {
        let mut numbers = Numbers::default();
        let classes = texts.each_ref().map(|text| numbers.of(text));
        let frame = frame(&texts);
        Blender { texts, json, words, frame, classes, kinds: None, budget: words::BUDGET }
    }

    fn blend(mut self) -> Blend {
        let parts = self.parts();
        let mut out = Blend {
            pieces: Vec::new(),
            mixed: self.frame.changed,
            by_words: false,
            line_break: self.frame.uniform.unwrap_or(self.frame.filler).spelled(self.json),
            cut_final: self.frame.cut_final,
            lead: String::new(),
        };
        for Part { region, origin } in parts {
            let piece = match origin {
                Origin::List(lines) => Piece::Done(self.picked(lines)),
                Origin::Moves => self.clash(&region, false, &mut out),
                Origin::Lines if region.change == Change::Clash => self.clash(&region, true, &mut out),
                Origin::Lines => Piece::Done(self.spelled(&region)),
            };
            out.mixed |= matches!(region.change, Change::Mine | Change::Theirs)
                || (region.change == Change::Clash && matches!(piece, Piece::Done(_)));
            match (out.pieces.last_mut(), piece) {
                (Some(Piece::Done(before)), Piece::Done(text)) => before.push_str(&text),
                (_, piece) => out.pieces.push(piece),
            }
        }
        out
    }

    /// A region that is no clash, as it will stand in the outcome.
    fn spelled(&self, region: &Region) -> String {
        let mut out = String::new();
        match region.change {
            Change::Mine => out = self.lines(MINE, &region.mine),
            Change::Theirs => out = self.lines(THEIRS, &region.theirs),
            Change::Both => {
                let pairs = region.mine.clone().zip(region.theirs.clone());
                pairs.for_each(|(m, t)| self.push_kept(&mut out, [None, Some(m), Some(t)]));
            }
            _ if self.is_kept_whole(region) => {
                out.push_str(
                    self.texts.get(THEIRS).map(|text| text.source(&region.theirs)).unwrap_or_default(),
                );
            }
            _ => {
                let lines = region.base.clone().zip(region.mine.clone()).zip(region.theirs.clone());
                lines.for_each(|((b, m), t)| self.push_kept(&mut out, [Some(b), Some(m), Some(t)]));
            }
        }
        out
    }

    /// The same bytes on all sides, and with the line ends of the outcome.
    fn is_kept_whole(&self, region: &Region) -> bool {
        let [base, mine, theirs] = &self.texts;
        let source = theirs.source(&region.theirs);
        base.source(&region.base) == source
            && mine.source(&region.mine) == source
            && theirs.ends_in(&region.theirs).all(|end| self.is_wanted(end))
    }

    /// A line of one side.
    fn push(&self, out: &mut String, side: usize, at: usize) {
        let Some(text) = self.texts.get(side) else { return };
        out.push_str(text.content(at));
        let (end, spelled) = text.end(at);
        out.push_str(self.end(&[(end, spelled)]));
    }

    /// A line that looks the same on all sides that have it.
    fn push_kept(&self, out: &mut String, at: [Option<usize>; 3]) {
        let [base, mine, theirs] = &self.texts;
        let found = [(base, at[BASE]), (mine, at[MINE]), (theirs, at[THEIRS])];
        let [b, m, t] = found.map(|(text, at)| at.map(|at| text.content(at)));
        let (Some(mine), Some(theirs)) = (m, t) else { return };
        out.push_str(match b {
            Some(base) => settle(base, mine, theirs),
            None => theirs,
        });
        let [b, m, t] = found.map(|(text, at)| at.map(|at| text.end(at)));
        let mut settled = None;
        if self.frame.uniform.is_none()
            && let (Some(b), Some(m), Some(t)) = (b, m, t)
            && [b.0, m.0, t.0].iter().all(|end| *end != End::None)
        {
            settled = Some(settle(b.0, m.0, t.0));
        }
        // A line end that nobody settled on is as good as none.
        let fits = |end: Option<(End, &'a str)>| {
            end.filter(|(end, _)| settled.is_none_or(|settled| settled == *end)).unwrap_or((End::None, ""))
        };
        out.push_str(self.end(&[t, m, b].map(fits)));
    }

    /// The line end to write, in the spelling of the first that fits.
    fn end<'t>(&self, found: &[(End, &'t str)]) -> &'t str {
        let fits = found.iter().find(|(end, _)| self.is_wanted(*end)).map(|(_, spelled)| *spelled);
        fits.unwrap_or_else(|| self.frame.uniform.unwrap_or(self.frame.filler).spelled(self.json))
    }

    /// The lines of one side, with their ends.
    fn lines(&self, side: usize, range: &Range<usize>) -> String {
        let Some(text) = self.texts.get(side) else { return String::new() };
        if text.ends_in(range).all(|end| self.is_wanted(end)) {
            return text.source(range).to_owned();
        }
        let mut out = String::new();
        range.clone().for_each(|at| self.push(&mut out, side, at));
        out
    }

    /// Lines may end like this in the outcome.
    fn is_wanted(&self, end: End) -> bool {
        self.frame.uniform.map_or(end != End::None, |uniform| uniform == end)
    }

    /// The regions of the merge, as each will be put together.
    fn parts(&mut self) -> Vec<Part> {
        let [b, m, t] = &self.classes;
        let all = regions(b, m, t);
        let mut lists: Vec<Option<Vec<list::Line>>> = Vec::with_capacity(all.len());
        for region in &all {
            lists.push(if region.change == Change::Clash { self.as_list(region) } else { None });
        }
        let open: Vec<bool> = all
            .iter()
            .zip(&lists)
            .map(|(region, list)| region.change == Change::Clash && list.is_none())
            .collect();
        let [b, m, t] = &self.classes;
        let part = |range: Range<usize>| {
            let regions = all.get(range.clone()).unwrap_or_default();
            if let [region] = regions {
                let list = lists.get_mut(range.start).and_then(Option::take);
                return Some(Part {
                    region: region.clone(),
                    origin: list.map_or(Origin::Lines, Origin::List),
                });
            }
            joined(regions, m, t).map(|region| Part { region, origin: Origin::Moves })
        };
        together(&all, b, m, t, &open).into_iter().filter_map(part).collect()
    }

    fn kinds(&mut self) -> Rc<[Vec<markdown::Kind>; 3]> {
        self.kinds.get_or_insert_with(|| Rc::new(self.texts.each_ref().map(markdown::kinds))).clone()
    }

    /// Lines that both changed, as entries of one list.
    fn as_list(&mut self, region: &Region) -> Option<Vec<list::Line>> {
        let kinds = self.kinds();
        list::merge(&self.texts, &kinds, [&region.base, &region.mine, &region.theirs])
    }

    fn picked(&self, lines: Vec<list::Line>) -> String {
        let mut text = String::new();
        lines.into_iter().for_each(|line| match line {
            list::Line::Of(side, at) => self.push(&mut text, side, at),
            list::Line::Kept(at) => self.push_kept(&mut text, at),
        });
        text
    }

    /// Lines that both changed. Their words are only looked at where no line was moved: moved words are changed ones.
    fn clash(&mut self, region: &Region, by_words: bool, out: &mut Blend) -> Piece {
        let ranges = [&region.base, &region.mine, &region.theirs];
        let mut suggestion = None;
        if !region.beside.is_empty() {
            suggestion = Some(region.beside.iter().map(|part| self.spelled(part)).collect());
        }
        let kinds = self.kinds();
        if by_words && let Some(proposal) = words::propose(&self.texts, &kinds, ranges, &mut self.budget) {
            let text = self.written(&proposal.text);
            if self.words && proposal.safe {
                out.by_words = true;
                return Piece::Done(text);
            }
            suggestion = Some(text);
        }
        let [base, mine, theirs] = [BASE, MINE, THEIRS]
            .map(|side| ranges.get(side).map(|range| self.lines(side, range)).unwrap_or_default());
        let number = u32::try_from(region.number).unwrap_or(u32::MAX);
        Piece::Clash(Box::new(Clash { base, mine, theirs, number, suggestion }))
    }

    /// Lines that no version has, in the spelling of the document. They come with `\n`.
    fn written(&self, text: &str) -> String {
        let end = self.end(&[]);
        text.split_inclusive('\n')
            .map(|line| {
                let line = line.strip_suffix('\n').unwrap_or(line);
                let spelled =
                    if self.json { string::inner(&quote(line)).to_owned() } else { line.to_owned() };
                format!("{spelled}{end}")
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;
