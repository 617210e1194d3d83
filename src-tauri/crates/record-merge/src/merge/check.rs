//! Automatic rows whose outcome breaks something become questions (M22).

use super::Merge;
use super::plan::Take;
use crate::json::{Document, Kind};
use crate::model::{Choice, Group, Lexeme, Path, Row, RowKind, Token};
use std::collections::BTreeMap;

/// Places to be found by the paths around and inside them, of thousands as fast as of a few.
struct Places<'p> {
    all: &'p [(Path, String)],
    /// The first place with that pointer.
    by_pointer: BTreeMap<String, usize>,
    /// Those with an element in them that is known by its identity, which can be spelled in several ways.
    with_identity: Vec<usize>,
}

impl Places<'_> {
    fn of(all: &[(Path, String)]) -> Places<'_> {
        let mut places = Places { all, by_pointer: BTreeMap::new(), with_identity: Vec::new() };
        for (number, (path, _)) in all.iter().enumerate() {
            if path.0.iter().any(|token| matches!(token, Token::Identity(_))) {
                places.with_identity.push(number);
            } else {
                places.by_pointer.entry(path.to_pointer()).or_insert(number);
            }
        }
        places
    }

    /// The first that is `own` or around it, or, if that counts, `inside` it.
    fn first_that_meets(&self, own: &Path, inside: bool) -> Option<usize> {
        let pointer = own.to_pointer();
        let ends = pointer.match_indices('/').map(|(at, _)| at).chain([pointer.len()]);
        let around = ends.filter_map(|end| self.by_pointer.get(pointer.get(..end)?));
        let start = format!("{pointer}/");
        let below = self.by_pointer.range(start.clone()..).take_while(|_| inside);
        let below = below.take_while(|(place, _)| place.starts_with(&start)).map(|(_, number)| number);
        let meets = |number: &&usize| {
            let place = self.all.get(**number).map(|(path, _)| path);
            place.is_some_and(|place| own.starts_with(place) || (inside && place.starts_with(own)))
        };
        around.chain(below).chain(self.with_identity.iter().filter(meets)).min().copied()
    }
}

impl Merge {
    /// Asks a person about every automatic row that `check` has something to say against. `check` gets the row and the
    /// value that comes of it (`None` = nothing is there then), and gives the reason in words, or `None` if all is well.
    /// It has to give the same answer for the same row: a merge is computed anew each time.
    ///
    /// Rows for the order of a list are not asked about; a group row has the object of its fields as value.
    pub fn open_if(&mut self, mut check: impl FnMut(&Row, Option<&str>) -> Option<String>) {
        let reasons: Vec<(usize, String)> = self
            .rows
            .iter()
            .enumerate()
            .filter(|(_, row)| row.group == Group::Automatic && row.kind != RowKind::Reordered)
            .filter_map(|(number, row)| Some((number, check(row, self.outcome(number, row).as_deref())?)))
            .collect();
        for (number, reason) in reasons {
            self.reopen(number, reason);
        }
    }

    /// Asks a person about the automatic rows at, around or below each of these places (and about those whose group it is
    /// part of), for the reason given. For checks that look at the whole outcome.
    pub fn open_at(&mut self, places: &[(Path, String)]) {
        let known = Places::of(places);
        let asked = |row: &Row| {
            if row.group != Group::Automatic || row.kind == RowKind::Reordered {
                return None;
            }
            let inside = row.kind != RowKind::AddedByBoth;
            let own = std::iter::once(&row.path).chain(&row.with);
            places.get(own.filter_map(|own| known.first_that_meets(own, inside)).min()?)
        };
        let rows = self.rows.iter().enumerate();
        let reasons: Vec<(usize, &String)> =
            rows.filter_map(|(number, row)| Some((number, &asked(row)?.1))).collect();
        for (number, reason) in reasons {
            self.reopen(number, reason.clone());
        }
    }

    fn reopen(&mut self, number: usize, reason: String) {
        if let Some(row) = self.rows.get_mut(number) {
            row.group = Group::Open;
            row.automatic = None;
            row.rule = None;
            row.please_look = false;
            row.reason = Some(reason);
        }
    }

    /// What comes of an automatic row.
    fn outcome(&self, number: usize, row: &Row) -> Option<Lexeme> {
        match row.automatic {
            Some(Choice::Mine) => row.mine.clone(),
            Some(Choice::Theirs) => row.theirs.clone(),
            Some(Choice::Both) => match self.blended(number, &Take::Both, None) {
                Some(_) => self.both(row).into_iter().next().or_else(|| self.value_of_all(&row.path)),
                None => self.value_of_all(&row.path),
            },
            _ => None,
        }
    }

    /// The value at a place when every clash goes the server's way.
    fn value_of_all(&self, path: &Path) -> Option<Lexeme> {
        match self.all_theirs() {
            super::Merged::Document(bytes) => crate::equal::value_at(&bytes, path).ok().flatten(),
            super::Merged::Deleted => None,
        }
    }

    /// A value of the person's own for a group is an object of its fields and no others.
    pub(super) fn fits_group(&self, row: &Row, value: Option<&str>) -> bool {
        let Some(slot) = self.row_number(&row.path, row.part).and_then(|number| self.slots.get(number))
        else {
            return true;
        };
        let (false, Some(value)) = (slot.group.is_empty(), value) else { return true };
        let Ok(own) = Document::parse(value.as_bytes()) else { return false };
        let known = |name: &str| slot.group.iter().any(|member| member.name == name);
        own.kind(own.root()) == Kind::Object
            && !own.is_atomic(own.root())
            && own.members(own.root()).all(|(name, _)| known(&name))
    }
}
