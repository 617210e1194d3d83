//! Changes to theirs, row by row, and where new members and elements go.

use super::{Slot, last_name};
use crate::json::splice::{NewItem, Splice};
use crate::json::{Document, Kind, NodeId, quote};
use crate::model::Row;
use std::collections::{BTreeMap, BTreeSet};

/// What happens at one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Take<'a> {
    Theirs,
    Mine,
    /// Members united; the rows below say how.
    Both,
    /// A value of the person's own; `None` = remove.
    Own(Option<&'a str>),
    Open,
}

/// The changes to theirs, while they are collected.
pub(super) struct Plan<'a> {
    theirs: &'a Document,
    mine: Option<&'a Document>,
    pairs: &'a BTreeMap<NodeId, NodeId>,
    splice: Splice<'a>,
    /// New members by the object of theirs and the member of mine they are.
    inserts: BTreeMap<(NodeId, NodeId), BTreeMap<NodeId, NewItem>>,
    removed: BTreeSet<NodeId>,
}

impl<'a> Plan<'a> {
    pub(super) fn new(
        theirs: &'a Document,
        mine: Option<&'a Document>,
        pairs: &'a BTreeMap<NodeId, NodeId>,
    ) -> Plan<'a> {
        let splice = Splice::new(theirs);
        Plan { theirs, mine, pairs, splice, inserts: BTreeMap::new(), removed: BTreeSet::new() }
    }

    pub(super) fn row(&mut self, row: &Row, slot: &Slot, take: &Take<'_>, blended: Option<&str>) {
        let Some((parent, mine_parent)) = slot.parents else { return };
        let from_mine = slot.mine.and_then(|id| self.mine.map(|mine| mine.text(id)));
        let value = match take {
            Take::Mine => from_mine,
            Take::Own(value) => *value,
            Take::Both if blended.is_some() => blended,
            Take::Theirs | Take::Both | Take::Open => return,
        };
        let anchor = slot.mine.map(|id| (mine_parent, id));
        self.put(parent, anchor, slot.theirs, last_name(&row.path), value);
    }

    /// Makes the member of `parent` have that value. `anchor` = where it is in mine, for the place of a new one.
    pub(super) fn put(
        &mut self,
        parent: NodeId,
        anchor: Option<(NodeId, NodeId)>,
        there: Option<NodeId>,
        name: Option<&str>,
        value: Option<&str>,
    ) {
        match (there, value) {
            (Some(id), Some(value)) => self.splice.replace(id, value),
            (Some(id), None) => {
                self.removed.insert(id);
                self.splice.remove(parent, id);
            }
            (None, None) => {}
            (None, Some(value)) => {
                let spelled = anchor.and_then(|(_, id)| self.mine.map(|mine| mine.name_text(id).to_owned()));
                let in_object = self.theirs.kind(parent) == Kind::Object;
                let name = if in_object { spelled.or_else(|| name.map(quote)) } else { None };
                let item = NewItem { name, value: value.to_owned() };
                match anchor {
                    Some((mine_parent, id)) => {
                        self.inserts.entry((parent, mine_parent)).or_default().insert(id, item);
                    }
                    None => self.splice.append(parent, item),
                }
            }
        }
    }

    /// New members go after their nearest preceding sibling in mine that is in the result, else last.
    pub(super) fn finish(mut self) -> Vec<u8> {
        let inserts = std::mem::take(&mut self.inserts);
        for ((parent, mine_parent), items) in inserts {
            if self.theirs.kind(parent) == Kind::Array {
                self.insert_elements(parent, mine_parent, items);
            } else {
                self.insert_members(parent, mine_parent, items);
            }
        }
        self.splice.finish()
    }

    fn insert_members(&mut self, parent: NodeId, mine_parent: NodeId, mut items: BTreeMap<NodeId, NewItem>) {
        let Some(mine) = self.mine else { return };
        let there = crate::equal::by_name(self.theirs, Some(parent));
        let mut anchor = None;
        for (name, id) in mine.members(mine_parent) {
            if let Some(item) = items.remove(&id) {
                match anchor {
                    Some(anchor) => self.splice.insert_after(parent, Some(anchor), item),
                    None => self.splice.append(parent, item),
                }
            } else if let Some(sibling) = there.get(&name).filter(|id| !self.removed.contains(id)) {
                anchor = Some(*sibling);
            }
        }
    }

    /// In an array the place counts: after the element it follows in mine and what the server added there.
    fn insert_elements(&mut self, parent: NodeId, mine_parent: NodeId, mut items: BTreeMap<NodeId, NewItem>) {
        let Some(mine) = self.mine else { return };
        let known: BTreeSet<NodeId> =
            mine.children(mine_parent).filter_map(|id| self.pairs.get(&id).copied()).collect();
        // For each element both have (and the start), the last element before the next one both have.
        let mut last_before_next: BTreeMap<Option<NodeId>, NodeId> = BTreeMap::new();
        let mut section = None;
        for id in self.theirs.children(parent) {
            if known.contains(&id) {
                section = Some(id);
            }
            last_before_next.insert(section, id);
        }
        let mut section = None;
        for id in mine.children(mine_parent) {
            if let Some(item) = items.remove(&id) {
                self.splice.insert_after(parent, last_before_next.get(&section).copied(), item);
            } else if let Some(pair) = self.pairs.get(&id) {
                section = Some(*pair);
            }
        }
    }
}
