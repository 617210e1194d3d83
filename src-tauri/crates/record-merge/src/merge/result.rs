//! From decisions to bytes: theirs with the spans of the members taken from mine or written anew (merge.md 2.5).

use super::plan::{Plan, Take};
use super::{Merge, Merged, StillOpen, Version, last_name};
use crate::apply::{Operation, apply};
use crate::json::splice::{Splice, Text};
use crate::json::{Document, Kind, NodeId};
use crate::model::{Choice, Decision, Format, Group, Path, Row, RowKind};
use std::collections::BTreeMap;

impl Merge {
    /// The record that comes of the decisions; rows without one take their automatic side.
    ///
    /// A decision may also overrule an automatic row. [`Choice::Edit`] may stand at any member that agrees in both
    /// versions, too (typed text is never dropped because the server now agrees with the person). Other decisions
    /// without a row are left out; [`Merge::unused`] names them.
    ///
    /// # Errors
    /// [`StillOpen`] with every open row that has no decision.
    pub fn result(&self, decisions: &[Decision]) -> Result<Merged, StillOpen> {
        self.result_fields(decisions).map(|merged| self.written(merged))
    }

    /// [`Merge::result`] as JSON; a card or calendar as the fields it is shown as, in which the paths of the rows lead.
    ///
    /// # Errors
    /// As [`Merge::result`].
    pub fn result_fields(&self, decisions: &[Decision]) -> Result<Merged, StillOpen> {
        let by_row = self.decisions_by_row(decisions);
        let takes: Vec<Take<'_>> = self
            .rows
            .iter()
            .enumerate()
            .map(|(number, row)| self.take(row, by_row.get(&number).copied()))
            .collect();
        let extras = self.extras(decisions);
        let open: Vec<Path> = self
            .rows
            .iter()
            .enumerate()
            .filter(|(number, row)| {
                takes.get(*number) == Some(&Take::Open)
                    && !self.covered(*number, &takes)
                    && !replaced(row, &extras)
            })
            .map(|(_, row)| row.path.clone())
            .collect();
        if !open.is_empty() {
            return Err(StillOpen { open, unused: self.unused(decisions) });
        }
        Ok(self.build(&takes, &extras, decisions))
    }

    /// The person's value for every open row; automatic rows stay as they are.
    pub fn all_mine(&self) -> Merged {
        self.written(self.all(Take::Mine))
    }

    /// The server's value for every open row; automatic rows stay as they are.
    pub fn all_theirs(&self) -> Merged {
        self.written(self.all(Take::Theirs))
    }

    /// [`Merge::all_theirs`] as [`Merge::result_fields`].
    pub fn all_theirs_fields(&self) -> Merged {
        self.all(Take::Theirs)
    }

    fn all(&self, side: Take<'_>) -> Merged {
        let takes: Vec<Take<'_>> = self
            .rows
            .iter()
            .map(|row| match self.take(row, None) {
                Take::Open => side.clone(),
                automatic => automatic,
            })
            .collect();
        self.build(&takes, &[], &[])
    }

    /// Decisions that belong to no row and are left out of the result.
    pub fn unused(&self, decisions: &[Decision]) -> Vec<Decision> {
        let extras = self.extras(decisions);
        decisions
            .iter()
            .filter(|decision| {
                self.row_number(&decision.path, decision.part).is_none()
                    && !extras.iter().any(|(extra, _)| std::ptr::eq(*extra, *decision))
                    && !self.rests(decision)
            })
            .cloned()
            .collect()
    }

    /// While the record is gone on the server, decisions about its fields rest; bringing it back uses them (M47a).
    pub(crate) fn rests(&self, decision: &Decision) -> bool {
        let gone = self.rows.first().is_some_and(|row| row.kind == RowKind::EditDelete && row.path.is_root());
        gone && self.format == Format::Json && !decision.path.is_root() && decision.choice != Choice::Later
    }

    /// The last decision for each row.
    fn decisions_by_row<'a>(&self, decisions: &'a [Decision]) -> BTreeMap<usize, &'a Decision> {
        decisions
            .iter()
            .filter_map(|decision| Some((self.row_number(&decision.path, decision.part)?, decision)))
            .collect()
    }

    pub(super) fn take<'a>(&self, row: &Row, decision: Option<&'a Decision>) -> Take<'a> {
        let automatic = || match row.automatic {
            Some(Choice::Theirs) => Take::Theirs,
            Some(Choice::Mine) => Take::Mine,
            Some(Choice::Both) => Take::Both,
            _ => Take::Open,
        };
        let Some(decision) = decision else { return automatic() };
        // A decision about one field of a group says nothing about the others.
        let elsewhere = row.with.iter().any(|path| path.same(&decision.path));
        if !row.choices.contains(&decision.choice) || elsewhere {
            return Take::Open;
        }
        match decision.choice {
            Choice::Theirs => Take::Theirs,
            Choice::Mine => Take::Mine,
            // Saving a copy as a new record is done outside; this record follows the server.
            Choice::Both
                if matches!(row.kind, RowKind::EditDelete | RowKind::AddedDifferently)
                    && !self.blends(row) =>
            {
                Take::Theirs
            }
            Choice::Both => self.which_both(row, decision.value.as_deref()),
            Choice::Edit
                if self.can_write(decision.value.as_deref())
                    && fits_part(row, decision)
                    && self.fits_group(row, decision.value.as_deref()) =>
            {
                Take::Own(decision.value.as_deref())
            }
            Choice::Edit => Take::Open,
            Choice::Later if row.group == Group::Automatic => automatic(),
            Choice::Later => Take::Open,
        }
    }

    /// The decision has a meaning at this row.
    pub(crate) fn can_act(&self, row: &Row, decision: &Decision) -> bool {
        self.take(row, Some(decision)) != Take::Open
    }

    fn blends(&self, row: &Row) -> bool {
        let number = self.row_number(&row.path, row.part);
        number.and_then(|number| self.slots.get(number)).is_some_and(|slot| slot.blend.is_some())
    }

    /// A person's own value has a meaning in this format.
    fn can_write(&self, value: Option<&str>) -> bool {
        let Some(value) = value else { return true };
        match (self.format, Document::parse(value.as_bytes())) {
            (Format::Json, Ok(_)) => !value.starts_with('\u{feff}'),
            (Format::Text, Ok(document)) => document.string(document.root()).is_some(),
            _ => false,
        }
    }

    /// The row is below an "added by both" row that was decided as a whole.
    fn covered(&self, number: usize, takes: &[Take<'_>]) -> bool {
        let mut under = self.slots.get(number).and_then(|slot| slot.under);
        while let Some(outer) = under {
            if !matches!(takes.get(outer), Some(Take::Both | Take::Turned)) {
                return true;
            }
            under = self.slots.get(outer).and_then(|slot| slot.under);
        }
        false
    }

    /// Own values at places that are no rows, with the object of theirs that holds the place.
    pub(crate) fn extras<'d>(&self, decisions: &'d [Decision]) -> Vec<(&'d Decision, NodeId)> {
        let mut extras: Vec<(&Decision, NodeId)> = Vec::new();
        for decision in decisions {
            if self.row_number(&decision.path, decision.part).is_some() {
                continue;
            }
            // Another choice at the same place takes typed text back.
            extras.retain(|(other, _)| !other.path.same(&decision.path));
            if let Some(parent) = self.extra_parent(decision) {
                extras.push((decision, parent));
            }
        }
        let all: Vec<&Path> = extras.iter().map(|(decision, _)| &decision.path).collect();
        let inside =
            |path: &Path| all.iter().any(|outer| path.0.len() > outer.0.len() && path.starts_with(outer));
        extras.iter().filter(|(decision, _)| !inside(&decision.path)).copied().collect()
    }

    fn extra_parent(&self, decision: &Decision) -> Option<NodeId> {
        let theirs = self.theirs.document()?;
        let name = last_name(&decision.path)?;
        if decision.choice != Choice::Edit
            || decision.part.is_some()
            || !self.can_write(decision.value.as_deref())
        {
            return None;
        }
        // Inside a row (other than a union) the row decides; a row itself is no extra.
        let takes_all = |row: &Row| !matches!(row.kind, RowKind::AddedByBoth | RowKind::Reordered);
        let in_row = |row: &Row| {
            decision.path.same(&row.path)
                || (takes_all(row) && decision.path.starts_with(&row.path))
                || row.with.iter().any(|path| decision.path.starts_with(path))
        };
        if self.rows.iter().any(in_row) {
            return None;
        }
        let (_, parents) = decision.path.0.split_last()?;
        let parent = theirs.at(&Path(parents.to_vec()))?;
        let holds = theirs.kind(parent) == Kind::Object && !theirs.is_atomic(parent);
        let there = theirs.member(parent, name).map(|id| theirs.text(id));
        let already = self.same_value(&decision.path, there, decision.value.as_deref());
        (holds && !already).then_some(parent)
    }

    fn build(&self, takes: &[Take<'_>], extras: &[(&Decision, NodeId)], decisions: &[Decision]) -> Merged {
        if let (Some(row), Some(take)) = (self.rows.first(), takes.first())
            && row.path.is_root()
            && row.kind != RowKind::Reordered
        {
            match take {
                Take::Mine if row.kind == RowKind::EditDelete => return self.brought_back(decisions),
                Take::Mine => return self.mine.merged(),
                Take::Theirs => return self.theirs.merged(),
                Take::Own(value) => return self.own_document(*value),
                Take::Both | Take::Turned | Take::Open => {}
            }
            if let Some(text) = self.blended(0, take, Some(takes)) {
                return if self.format == Format::Json {
                    self.own_document(Some(&text))
                } else {
                    Merged::Document(text.into_bytes())
                };
            }
        }
        let Version::Json(theirs) = &self.theirs else { return self.theirs.merged() };
        let mut plan = Plan::new(theirs, self.mine.document(), &self.pairs, &self.policy);
        for (number, (row, take)) in self.rows.iter().zip(takes).enumerate() {
            if self.covered(number, takes) || replaced(row, extras) {
                continue;
            }
            if let (Some(slot), None) = (self.slots.get(number), row.part) {
                let both = matches!(take, Take::Both | Take::Turned);
                let blended = if both { self.blended(number, take, Some(takes)) } else { None };
                plan.row(row, slot, take, blended.as_deref());
            }
        }
        for (decision, parent) in extras {
            let member = last_name(&decision.path).and_then(|name| theirs.member(*parent, name));
            plan.put(
                *parent,
                None,
                member,
                last_name(&decision.path),
                decision.value.as_deref().map(Text::alone),
            );
        }
        Merged::Document(plan.finish())
    }

    /// Mine with what was decided about its fields while the record was still there.
    fn brought_back(&self, decisions: &[Decision]) -> Merged {
        let Some(bytes) = self.mine.bytes() else { return Merged::Deleted };
        let mut bytes = bytes.to_vec();
        for decision in decisions.iter().filter(|decision| self.rests(decision)) {
            let value = match decision.choice {
                Choice::Edit => decision.value.clone(),
                Choice::Theirs => decision.theirs_then.clone(),
                _ => continue,
            };
            let path = decision.path.clone();
            let operation = match value {
                Some(value) => Operation::Set { path, value },
                None => Operation::Unset { path },
            };
            // A field whose surroundings are gone cannot be set; mine stays as it is there.
            if let Ok(changed) = apply(&bytes, std::slice::from_ref(&operation)) {
                bytes = changed;
            }
        }
        Merged::Document(bytes)
    }

    /// The person wrote the whole document anew.
    fn own_document(&self, value: Option<&str>) -> Merged {
        let Some(value) = value else { return Merged::Deleted };
        if self.format == Format::Json {
            let frame = self.theirs.document().or(self.mine.document());
            return Merged::Document(frame.map_or_else(
                || value.as_bytes().to_vec(),
                |document| {
                    let mut splice = Splice::new(document);
                    splice.replace(document.root(), Text::Ready(value.to_owned()));
                    splice.finish()
                },
            ));
        }
        let text = Document::parse(value.as_bytes())
            .ok()
            .and_then(|document| document.string(document.root()).map(|text| text.into_owned()));
        Merged::Document(text.unwrap_or_default().into_bytes())
    }
}

/// A value of the person's own replaces this row, or the object that holds it.
fn replaced(row: &Row, extras: &[(&Decision, NodeId)]) -> bool {
    extras.iter().any(|(decision, _)| row.path.starts_with(&decision.path))
}

/// A part of a text can only be replaced by text.
fn fits_part(row: &Row, decision: &Decision) -> bool {
    let text = |value: &String| value.trim().starts_with('"');
    row.part.is_none() || decision.value.as_ref().is_none_or(text)
}
