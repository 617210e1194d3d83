//! Word-level proposals for lines that both sides changed (merge.md 2.6, step 4).
//!
//! A proposal is made where the changes of both sides have an unchanged word between them. Fenced blocks, table rows,
//! front matter, indented lines and links are never taken apart; of an entry of a list only marker and check box are
//! told from its text.
//!
//! No proposal is made
//! - if both sides changed a number (in digits or words), a date, a time or a negation ([`super::figures`]): they belong
//!   together;
//! - if one side took away or rewrote more than half of a sentence in which the other changed something;
//! - if a side has nothing here, or the lines are not of the same kind.
//!
//! A proposal is *safe*, good enough to be taken without a question if the person wants words, only if also
//! - all three versions are prose ([`super::prose`]) with the same number of lines, or the clash is one entry of a list
//!   of which one side changed the check box and the other the text;
//! - no side changed a number or a negation;
//! - at least two unchanged words are between changes of different sides;
//! - each side kept more than half of the words;
//! - the sides did not put in the same word at different places.

use super::figures::is_figure;
use super::lines::Text;
use super::markdown::Kind;
use super::prose::is_prose;
use crate::diff3::{Change, Region, regions_apart};
use crate::marks::{Invisible, tokens};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// So much of all texts of one merge, in bytes and lines, is looked at word by word. Counted: the same everywhere.
pub(super) const BUDGET: usize = 300_000;

/// Both sides put together.
pub(super) struct Proposal {
    /// Whole lines, each with `\n`.
    pub(super) text: String,
    /// Good enough to be taken without a question.
    pub(super) safe: bool,
}

/// A word, or something else that is kept in one piece.
struct Unit {
    text: String,
    /// It is a word: it keeps changes apart.
    word: bool,
}

/// One version of the lines.
struct Stretch {
    units: Vec<Unit>,
    classes: Vec<u32>,
    plain: String,
    lines: usize,
    /// One line, an entry of a list.
    entry: bool,
}

/// The words of both sides put together, if no change is near another. What it looks at is taken from the budget.
pub(super) fn propose(
    texts: &[Text<'_>; 3],
    kinds: &[Vec<Kind>; 3],
    ranges: [&Range<usize>; 3],
    budget: &mut usize,
) -> Option<Proposal> {
    let length = |(text, range): (&Text<'_>, &Range<usize>)| -> usize {
        range.clone().map(|at| text.content(at).len() + 1).sum()
    };
    *budget = budget.checked_sub(texts.iter().zip(ranges).map(length).sum())?;
    let mut numbers = BTreeMap::new();
    let mut words = BTreeSet::new();
    let mut stretch = |side: usize| {
        let (text, kinds, range) = (texts.get(side)?, kinds.get(side)?, ranges.get(side)?);
        let mut stretch = Stretch::of(text, kinds, range, budget)?;
        for unit in &stretch.units {
            let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
            let seen = Invisible::seen(Cow::Borrowed(&unit.text)).into_owned();
            // A separator and a space look the same without their ends.
            let key = if seen.is_empty() { unit.text.clone() } else { seen };
            let class = *numbers.entry(key).or_insert(next);
            stretch.classes.push(class);
            if unit.word {
                words.insert(class);
            }
        }
        Some(stretch)
    };
    let [base, mine, theirs] = [stretch(0)?, stretch(1)?, stretch(2)?];
    let apart = |class: u32| words.contains(&class);
    let regions = regions_apart(&base.classes, &mine.classes, &theirs.classes, &apart);
    if regions.iter().any(|region| region.change == Change::Clash) {
        return None;
    }
    let changes = Changes { base: &base, mine: &mine, theirs: &theirs, regions: &regions };
    let [by_me, by_server] = [Change::Mine, Change::Theirs].map(|change| changes.touches_figures(change));
    if (by_me && by_server) || changes.one_rewrote_what_the_other_edited() {
        return None;
    }
    let text = changes.text();
    let entry = base.entry && mine.entry && theirs.entry;
    let safe = entry || (!by_me && !by_server && changes.are_safe());
    Some(Proposal { text, safe })
}

impl Stretch {
    fn of(text: &Text<'_>, kinds: &[Kind], range: &Range<usize>, budget: &mut usize) -> Option<Stretch> {
        if range.is_empty() {
            return None;
        }
        let mut stretch = Stretch {
            units: Vec::new(),
            classes: Vec::new(),
            plain: String::new(),
            lines: range.len(),
            entry: false,
        };
        for at in range.clone() {
            let line = text.read(at);
            let line = line.trim_end();
            match kinds.get(at)? {
                Kind::Whole => return None,
                Kind::Blank => {}
                Kind::Prose => stretch.prose(line, budget)?,
                Kind::Item { text, .. } => {
                    stretch.entry = range.len() == 1;
                    let (marker, says) = line.split_at_checked(*text).unwrap_or((line, ""));
                    stretch.unit(marker.to_owned(), false);
                    // Nothing to see, but it keeps marker and text apart.
                    stretch.unit(String::new(), true);
                    stretch.unit(says.to_owned(), true);
                }
            }
            stretch.unit("\n".to_owned(), false);
            stretch.plain.push_str(line);
            stretch.plain.push('\n');
        }
        Some(stretch)
    }

    fn unit(&mut self, text: String, word: bool) {
        self.units.push(Unit { text, word });
    }

    /// Words, with links and code in one piece. `None` = looking for their ends costs more than there is.
    fn prose(&mut self, line: &str, budget: &mut usize) -> Option<()> {
        let mut rest = line;
        while let Some((before, whole, after)) = next_whole(rest, budget)? {
            self.words(before);
            self.unit(whole.to_owned(), true);
            rest = after;
        }
        self.words(rest);
        Some(())
    }

    fn words(&mut self, text: &str) {
        for token in tokens(text) {
            self.unit(token.to_owned(), token.chars().any(char::is_alphanumeric));
        }
    }
}

/// What stands before a link or the like, the link, and what stands behind it.
type Whole<'t> = (&'t str, &'t str, &'t str);

/// The next link, picture, web address in pointed brackets or piece of code of a line. How far its end was looked for is
/// taken from the budget: brackets that nobody closes are looked through to the end of the line, each of them.
fn next_whole<'t>(text: &'t str, budget: &mut usize) -> Option<Option<Whole<'t>>> {
    for (at, sign) in text.char_indices() {
        let rest = text.get(at..)?;
        let length = match sign {
            '[' => link(rest),
            '!' => rest
                .strip_prefix('!')
                .filter(|rest| rest.starts_with('['))
                .and_then(link)
                .map(|length| length + 1),
            '<' => rest
                .find('>')
                .filter(|end| rest.get(..*end).is_some_and(|inner| inner.contains(':')))
                .map(|end| end + 1),
            '`' => {
                let ticks = rest.len() - rest.trim_start_matches('`').len();
                let inner = rest.get(ticks..).unwrap_or_default();
                let close = inner.find(rest.get(..ticks).unwrap_or_default());
                close.map(|close| ticks + close + ticks)
            }
            _ => None,
        };
        if matches!(sign, '[' | '!' | '<' | '`') {
            *budget = budget.checked_sub(length.unwrap_or(rest.len()))?;
        }
        if let Some(length) = length {
            return Some(Some((text.get(..at)?, rest.get(..length)?, rest.get(length..)?)));
        }
    }
    Some(None)
}

/// The length of `[text](address)`, `[text][name]` or `[[name]]`.
fn link(text: &str) -> Option<usize> {
    let close = |text: &str, open: char, close: char| {
        let mut depth = 0usize;
        for (at, sign) in text.char_indices() {
            if sign == open {
                depth += 1;
            } else if sign == close {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at + 1);
                }
            }
        }
        None
    };
    let label = close(text, '[', ']')?;
    let rest = text.get(label..)?;
    match rest.chars().next() {
        Some('(') => close(rest, '(', ')').map(|length| label + length),
        Some('[') => close(rest, '[', ']').map(|length| label + length),
        _ => text.starts_with("[[").then_some(label),
    }
}

/// The regions of a proposal.
struct Changes<'a> {
    base: &'a Stretch,
    mine: &'a Stretch,
    theirs: &'a Stretch,
    regions: &'a [Region],
}

impl Changes<'_> {
    fn text(&self) -> String {
        let mut out = String::new();
        for region in self.regions {
            let units = match region.change {
                Change::Mine => self.mine.units.get(region.mine.clone()),
                _ => self.theirs.units.get(region.theirs.clone()),
            };
            units.into_iter().flatten().for_each(|unit| out.push_str(&unit.text));
        }
        out
    }

    /// The regions that a side changed alone, with what stands there now.
    fn of(&self, change: Change) -> impl Iterator<Item = (&Region, &[Unit])> {
        self.regions.iter().filter(move |region| region.change == change).map(move |region| {
            let units = match change {
                Change::Mine => self.mine.units.get(region.mine.clone()),
                _ => self.theirs.units.get(region.theirs.clone()),
            };
            (region, units.unwrap_or_default())
        })
    }

    fn touches_figures(&self, change: Change) -> bool {
        self.of(change).any(|(region, now)| {
            let before = self.base.units.get(region.base.clone()).unwrap_or_default();
            before.iter().chain(now).any(|unit| is_figure(&unit.text))
        })
    }

    /// For each word of the base: who changed it.
    fn changed_words(&self) -> Vec<(usize, Change)> {
        let mut words = Vec::new();
        for region in self.regions {
            for at in region.base.clone() {
                if self.base.units.get(at).is_some_and(|unit| unit.word) {
                    words.push((at, region.change));
                }
            }
        }
        words
    }

    /// The sentence that each unit of the base is in.
    fn sentences(&self) -> Vec<usize> {
        let mut ends: Vec<usize> = Vec::new();
        let text: String = self.base.units.iter().map(|unit| unit.text.as_str()).collect();
        for (at, sentence) in text.split_sentence_bound_indices() {
            ends.push(at + sentence.len());
        }
        let mut at = 0;
        let in_sentence = |unit: &Unit| {
            let sentence = ends.partition_point(|end| *end <= at);
            at += unit.text.len();
            sentence
        };
        self.base.units.iter().map(in_sentence).collect()
    }

    fn one_rewrote_what_the_other_edited(&self) -> bool {
        if self.base.entry {
            return false;
        }
        let sentences = self.sentences();
        let sentence = |at: usize| sentences.get(at).copied().unwrap_or(0);
        // Words in all, changed by me, by the server.
        let mut counts: BTreeMap<usize, [usize; 3]> = BTreeMap::new();
        for (at, change) in self.changed_words() {
            let count = counts.entry(sentence(at)).or_default();
            count[0] += 1;
            match change {
                Change::Mine => count[1] += 1,
                Change::Theirs => count[2] += 1,
                _ => {}
            }
        }
        let touched = |change: Change| -> BTreeSet<usize> {
            let places = self
                .of(change)
                .flat_map(|(region, _)| [region.base.start, region.base.end.saturating_sub(1)]);
            places.map(sentence).collect()
        };
        let (mine, theirs) = (touched(Change::Mine), touched(Change::Theirs));
        counts.iter().any(|(sentence, [all, by_me, by_server])| {
            (by_me * 2 > *all && theirs.contains(sentence))
                || (by_server * 2 > *all && mine.contains(sentence))
        })
    }

    fn are_safe(&self) -> bool {
        let all = [self.base, self.mine, self.theirs];
        all.iter().all(|stretch| stretch.lines == self.base.lines && is_prose(&stretch.plain))
            && self.far_apart()
            && self.mostly_kept()
            && !self.same_word_twice()
    }

    /// At least two unchanged words between changes of different sides.
    fn far_apart(&self) -> bool {
        let mut last: Option<Change> = None;
        let mut words = 0;
        for region in self.regions {
            if matches!(region.change, Change::None) {
                let units = self.base.units.get(region.base.clone()).unwrap_or_default();
                words += units.iter().filter(|unit| unit.word).count();
                continue;
            }
            if last.is_some_and(|last| last != region.change) && words < 2 {
                return false;
            }
            last = Some(region.change);
            words = 0;
        }
        true
    }

    fn mostly_kept(&self) -> bool {
        let words = self.changed_words();
        let changed = |side: Change| {
            words.iter().filter(|(_, change)| *change == side || *change == Change::Both).count()
        };
        changed(Change::Mine) * 2 < words.len() && changed(Change::Theirs) * 2 < words.len()
    }

    fn same_word_twice(&self) -> bool {
        let put_in = |change: Change| -> BTreeSet<&str> {
            let units = self.of(change).flat_map(|(_, now)| now);
            units.filter(|unit| unit.word).map(|unit| unit.text.as_str()).collect()
        };
        !put_in(Change::Mine).is_disjoint(&put_in(Change::Theirs))
    }
}
