//! What "both" gives at a text or a list: the server's before the person's, or the other way round (M13).

use super::Merge;
use super::plan::Take;
use crate::blend::{Blend, Piece};
use crate::json::{quote, string};
use crate::model::{Choice, Format, Lexeme, Row};

impl Merge {
    /// What [`Choice::Both`] may stand for at a row: the server's before the person's, then the person's before the
    /// server's. One value where the order makes no difference; none where "both" is no value (two records, united
    /// objects, a text with parts of its own). To choose the second, store it as the value of the decision.
    pub fn both(&self, row: &Row) -> Vec<Lexeme> {
        if !row.choices.contains(&Choice::Both) {
            return Vec::new();
        }
        let mut all = Vec::new();
        for take in [Take::Both, Take::Turned] {
            let value = self.one_both(row, &take);
            all.extend(value.filter(|value| all.last() != Some(value)));
        }
        all
    }

    fn one_both(&self, row: &Row, take: &Take<'_>) -> Option<Lexeme> {
        let number = self.row_number(&row.path, row.part)?;
        let Some(part) = row.part else {
            if self.has_parts(number) {
                return None;
            }
            let text = self.blended(number, take, None)?;
            return Some(if self.format == Format::Json { text } else { quote(&text) });
        };
        let blend = self.slots.get(self.enclosing(number)?)?.blend.as_ref()?;
        let named = |piece: &&Piece| matches!(piece, Piece::Clash(clash) if clash.number == part);
        let piece = blend.pieces.iter().find(named)?;
        Some(self.part_lexeme(&self.part_text(blend, piece, take)))
    }

    /// The order of "both" that a decision chose; open if its value is neither.
    pub(super) fn which_both<'a>(&self, row: &Row, value: Option<&str>) -> Take<'a> {
        let Some(value) = value else { return Take::Both };
        let same = |both: &Lexeme| self.same_value(&row.path, Some(both), Some(value));
        match self.both(row).iter().position(same) {
            Some(0) => Take::Both,
            Some(_) => Take::Turned,
            None => Take::Open,
        }
    }

    fn has_parts(&self, number: usize) -> bool {
        let path = self.rows.get(number).map(|row| &row.path);
        self.rows.get(number + 1).is_some_and(|next| next.part.is_some() && Some(&next.path) == path)
    }

    /// The text or list of a row, its clashes as they were decided (`parts`), or all of them as the row itself.
    pub(super) fn blended(
        &self,
        number: usize,
        own: &Take<'_>,
        parts: Option<&[Take<'_>]>,
    ) -> Option<String> {
        let slot = self.slots.get(number)?;
        let blend = slot.blend.as_ref()?;
        if let (Take::Turned, Some(turned)) = (own, &slot.turned) {
            return Some(turned.clone());
        }
        let parts = parts.filter(|_| self.has_parts(number));
        let text = blend.text(|clash, piece| {
            let take = parts.and_then(|takes| takes.get(number + 1 + clash));
            self.part_text(blend, piece, take.unwrap_or(own))
        });
        let is_list = blend.line_break.is_empty();
        Some(if self.format == Format::Json && !is_list { format!("\"{text}\"") } else { text })
    }

    fn part_text(&self, blend: &Blend, piece: &Piece, take: &Take<'_>) -> String {
        let Piece::Clash(clash) = piece else { return String::new() };
        match take {
            Take::Theirs | Take::Open => clash.theirs.clone(),
            Take::Mine => clash.mine.clone(),
            Take::Both => blend.both(piece),
            Take::Turned => blend.both_switched(piece),
            Take::Own(None) => String::new(),
            Take::Own(Some(value)) if self.format == Format::Json => {
                blend.typed(string::inner(value.trim()).to_owned())
            }
            Take::Own(Some(value)) => blend.typed(string::unescape_lossy(value.trim()).into_owned()),
        }
    }
}
