//! The lines of three texts, region by region: what is put together, and what is a question.

use super::attributes::{Frame, frame, settle};
use super::lines::{End, Numbers, Text};
use super::{Blend, Clash, Piece, list, markdown, words};
use crate::diff3::{Change, Region, joined, regions, together};
use crate::json::{quote, string};
use std::ops::Range;
use std::rc::Rc;

pub(super) const BASE: usize = 0;
pub(super) const MINE: usize = 1;
pub(super) const THEIRS: usize = 2;

/// A stretch of three texts.
pub(super) struct Part {
    pub(super) region: Region,
    origin: Origin,
}

/// What a stretch is put together from.
pub(super) enum Origin {
    /// The lines of its region.
    Lines,
    /// Entries of one list.
    List(Vec<list::Line>),
    /// Several regions, between which lines were moved: always a question.
    Moves,
}

/// Three texts while they are put together.
pub(super) struct Blender<'a> {
    pub(super) texts: [Text<'a>; 3],
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
    pub(super) fn new(texts: [Text<'a>; 3], json: bool, words: bool) -> Blender<'a> {
        let mut numbers = Numbers::default();
        let classes = texts.each_ref().map(|text| numbers.of(text));
        let frame = frame(&texts);
        Blender { texts, json, words, frame, classes, kinds: None, budget: words::BUDGET }
    }

    pub(super) fn blend(mut self) -> Blend {
        let parts = self.parts();
        let mut out = Blend {
            pieces: Vec::new(),
            mixed: self.frame.changed,
            by_words: false,
            line_break: self.frame.uniform.unwrap_or(self.frame.filler).spelled(self.json),
            one_end: self.frame.uniform.is_some(),
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
    pub(super) fn parts(&mut self) -> Vec<Part> {
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
