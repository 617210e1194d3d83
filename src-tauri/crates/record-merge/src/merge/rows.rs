//! Rows as they are made: what a place, its values and its kind say about choices and reasons.

use super::{Merge, Slot};
use crate::blend::{Blend, Clash, Piece};
use crate::json::quote;
use crate::model::{ArrayMode, Choice, Format, Group, Lexeme, Notice, Path, Provenance, Row, RowKind};

/// What a row says besides its place and its values.
#[derive(Default)]
pub(super) struct Told {
    /// Both versions put together, for a person to look at.
    pub(super) suggestion: Option<Lexeme>,
    pub(super) rule: Option<Provenance>,
    pub(super) with: Vec<Path>,
    pub(super) mode: Option<ArrayMode>,
    pub(super) notices: Vec<Notice>,
    /// Asks for a look although nothing clashes.
    pub(super) look: bool,
    /// The answer to every clash of it, by a rule.
    pub(super) answer: Option<(Choice, Provenance)>,
    pub(super) turned: Option<String>,
}

#[derive(Default)]
pub(super) struct Values {
    pub(super) before: Option<Lexeme>,
    pub(super) mine: Option<Lexeme>,
    pub(super) theirs: Option<Lexeme>,
}

impl Merge {
    /// Puts on the rows from `first` on what was found out about the first of them.
    pub(super) fn tell(&mut self, first: usize, told: Told) {
        let Some(rows) = self.rows.get_mut(first..) else { return };
        if let Some(row) = rows.first_mut() {
            row.rule = told.rule.or(row.rule.take());
            row.with = told.with;
            row.mode = told.mode;
            row.notices = told.notices;
            row.suggestion = row.suggestion.take().or(told.suggestion);
            row.please_look |= told.look;
            row.please_look &= !matches!(row.rule, Some(Provenance::Rule { .. }));
        }
        if let Some((choice, why)) = told.answer {
            let asked = |row: &&mut Row| row.group == Group::Open || row.kind == RowKind::Reordered;
            for row in rows.iter_mut().filter(asked).filter(|row| row.choices.contains(&choice)) {
                row.group = Group::Automatic;
                row.automatic = Some(choice);
                row.rule = Some(why.clone());
                row.suggestion = None;
            }
        }
        if let Some(slot) = self.slots.get_mut(first) {
            slot.turned = told.turned;
        }
    }

    /// The rows of a text or list that was put together: one automatic row if all of it fits; one open row if there is
    /// nothing but one clash; else the automatic row, and an open one for each clash.
    pub(super) fn push_blend(&mut self, path: Path, values: Values, slot: Slot, blend: Blend) {
        let clashes: Vec<Clash> = blend.clashes().cloned().collect();
        let one_question = !blend.mixed && clashes.len() == 1;
        let (by_words, suggested) = (blend.by_words, blend.suggested());
        let slot = Slot { blend: Some(blend), ..slot };
        if one_question {
            self.push(path, RowKind::EditedDifferently, None, values, slot);
            let suggestion = suggested.map(|text| self.part_lexeme(&text));
            self.rows.iter_mut().last().into_iter().for_each(|row| row.suggestion.clone_from(&suggestion));
            return;
        }
        self.push(path.clone(), RowKind::Combined, Some(Choice::Both), values, slot);
        if let Some(row) = self.rows.last_mut().filter(|_| by_words) {
            row.rule = Some(Provenance::Words);
        }
        let under = Some(self.rows.len() - 1);
        for clash in clashes {
            let [before, mine, theirs] =
                [&clash.base, &clash.mine, &clash.theirs].map(|text| Some(self.part_lexeme(text)));
            let values = Values { before, mine, theirs };
            let slot = Slot { under, ..Slot::default() };
            self.push(path.clone(), RowKind::EditedDifferently, None, values, slot);
            let suggestion = clash.suggestion.map(|text| self.part_lexeme(&text));
            if let Some(row) = self.rows.last_mut() {
                row.part = Some(clash.number);
                row.suggestion = suggestion;
                row.choices = vec![Choice::Theirs, Choice::Mine, Choice::Both, Choice::Edit, Choice::Later];
            }
        }
    }

    /// A stretch of text as a JSON string; in a JSON document it is spelled as one already.
    pub(super) fn part_lexeme(&self, text: &str) -> Lexeme {
        if self.format == Format::Json { format!("\"{text}\"") } else { quote(text) }
    }

    pub(super) fn push(
        &mut self,
        path: Path,
        kind: RowKind,
        automatic: Option<Choice>,
        values: Values,
        slot: Slot,
    ) {
        let choices = choices(kind, path.is_root(), slot.blend.is_some());
        self.rows.push(Row {
            group: if automatic.is_some() { Group::Automatic } else { Group::Open },
            before: values.before,
            mine: values.mine,
            theirs: values.theirs,
            automatic,
            please_look: matches!(kind, RowKind::AddedByBoth | RowKind::Combined),
            choices,
            rule: provenance(kind, automatic),
            ..Row::open(path, kind)
        });
        self.slots.push(slot);
    }
}

/// Why an automatic row of that kind took what it took, where nothing else is known.
pub(super) fn provenance(kind: RowKind, automatic: Option<Choice>) -> Option<Provenance> {
    automatic.map(|choice| match (kind, choice) {
        (RowKind::AddedByBoth, _) => Provenance::AddedByBoth,
        (RowKind::Combined, _) => Provenance::Lines,
        (_, Choice::Mine) => Provenance::OnlyMine,
        _ => Provenance::OnlyServer,
    })
}

/// Deletion of the whole record has words of its own.
pub(super) fn whole_kind(kind: RowKind) -> RowKind {
    match kind {
        RowKind::DeletedByMeEditedByServer => RowKind::DeleteEdit,
        RowKind::EditedByMeDeletedByServer => RowKind::EditDelete,
        other => other,
    }
}

/// A text or list has something in it that both sides changed differently.
pub(super) fn asks(blend: &Blend) -> bool {
    blend.pieces.iter().any(|piece| matches!(piece, Piece::Clash { .. }))
}

/// What may be chosen, the server's first. For whole records "both" is the caller's: two records instead of one.
pub(super) fn choices(kind: RowKind, whole: bool, blended: bool) -> Vec<Choice> {
    let both = match kind {
        _ if blended => true,
        RowKind::AddedByBoth | RowKind::EditDelete => true,
        RowKind::AddedDifferently => whole,
        _ => false,
    };
    let mut choices = vec![Choice::Theirs, Choice::Mine];
    if kind == RowKind::Reordered {
        choices.push(Choice::Later);
        return choices;
    }
    if both {
        choices.push(Choice::Both);
    }
    choices.extend([Choice::Edit, Choice::Later]);
    choices
}
