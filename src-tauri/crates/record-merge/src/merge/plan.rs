//! Changes to theirs, row by row, and where new members and elements go.

use super::order::arranged;
use super::{Slot, array, last_name};
use crate::json::splice::{Entry, NewItem, Splice, Text};
use crate::json::{Document, Kind, NodeId, quote};
use crate::model::{Policy, Row, RowKind};
use std::collections::{BTreeMap, BTreeSet};

/// What happens at one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Take<'a> {
    Theirs,
    Mine,
    /// Members united; the rows below say how.
    Both,
    /// The same with the person's before the server's.
    Turned,
    /// A value of the person's own; `None` = remove.
    Own(Option<&'a str>),
    Open,
}

/// The changes to theirs, while they are collected.
pub(super) struct Plan<'a> {
    theirs: &'a Document,
    mine: Option<&'a Document>,
    /// Mine is written over several lines.
    lines: bool,
    pairs: &'a BTreeMap<NodeId, NodeId>,
    splice: Splice<'a>,
    /// New members by the object of theirs and the member of mine they are.
    inserts: BTreeMap<(NodeId, NodeId), BTreeMap<NodeId, NewItem>>,
    removed: BTreeSet<NodeId>,
    /// Arrays of theirs whose elements stand in the order of the array of mine.
    in_my_order: BTreeMap<NodeId, NodeId>,
    policy: &'a Policy,
}

/// An element of an array: theirs (and maybe mine, too), or only mine.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Element {
    Theirs(NodeId),
    Mine(NodeId),
}

impl<'a> Plan<'a> {
    pub(super) fn new(
        theirs: &'a Document,
        mine: Option<&'a Document>,
        pairs: &'a BTreeMap<NodeId, NodeId>,
        policy: &'a Policy,
    ) -> Plan<'a> {
        Plan {
            theirs,
            mine,
            lines: mine.is_some_and(|mine| mine.text(mine.root()).contains('\n')),
            pairs,
            splice: Splice::new(theirs),
            inserts: BTreeMap::new(),
            removed: BTreeSet::new(),
            in_my_order: BTreeMap::new(),
            policy,
        }
    }

    pub(super) fn row(&mut self, row: &Row, slot: &Slot, take: &Take<'_>, blended: Option<&str>) {
        if row.kind == RowKind::Reordered {
            if let (Take::Mine, Some(theirs), Some(mine)) = (take, slot.theirs, slot.mine) {
                self.in_my_order.insert(theirs, mine);
            }
            return;
        }
        let Some((parent, mine_parent)) = slot.parents else { return };
        if !slot.group.is_empty() {
            return self.group(parent, mine_parent, slot, take);
        }
        let from_mine = slot.mine.and_then(|id| self.mine.map(|mine| mine.text(id)));
        let same_bytes = match (row.mode.is_some(), take, from_mine, slot.theirs) {
            (true, Take::Mine, Some(mine), Some(theirs)) => {
                array::as_mine(mine, self.theirs.text(theirs), &row.path, self.policy, self.lines)
            }
            _ => None,
        };
        let value = match take {
            Take::Mine => same_bytes.map(Text::Ready).or(from_mine.map(|text| self.of_mine(text))),
            Take::Own(value) => value.map(Text::alone),
            Take::Both | Take::Turned if blended.is_some() => {
                blended.map(|text| Text::Ready(text.to_owned()))
            }
            Take::Theirs | Take::Both | Take::Turned | Take::Open => return,
        };
        let anchor = slot.mine.map(|id| (mine_parent, id));
        self.put(parent, anchor, slot.theirs, last_name(&row.path), value);
    }

    fn of_mine(&self, text: &str) -> Text {
        Text::Foreign { text: text.to_owned(), lines: self.lines }
    }

    /// All fields of a group at once. A value of the person's own is an object of them.
    fn group(&mut self, parent: NodeId, mine_parent: NodeId, slot: &Slot, take: &Take<'_>) {
        let own = match take {
            Take::Mine | Take::Own(None) => None,
            Take::Own(Some(value)) => match Document::parse(value.as_bytes()) {
                Ok(own) => Some(own),
                Err(_) => return,
            },
            _ => return,
        };
        for member in &slot.group {
            let from_mine = member.mine.and_then(|id| self.mine.map(|mine| mine.text(id)));
            let value = match (take, &own) {
                (Take::Mine, _) => from_mine,
                (_, Some(own)) => own.member(own.root(), &member.name).map(|id| own.text(id)),
                _ => None,
            };
            let there = member.theirs.map(|id| self.theirs.text(id));
            let path = crate::model::Path::root();
            if crate::json::classes::same_value(there, value, &path, &Policy::default()) {
                continue;
            }
            let anchor = member.mine.map(|id| (mine_parent, id));
            let value = value.map(|text| if own.is_some() { Text::alone(text) } else { self.of_mine(text) });
            self.put(parent, anchor, member.theirs, Some(&member.name), value);
        }
    }

    /// Makes the member of `parent` have that value. `anchor` = where it is in mine, for the place of a new one.
    pub(super) fn put(
        &mut self,
        parent: NodeId,
        anchor: Option<(NodeId, NodeId)>,
        there: Option<NodeId>,
        name: Option<&str>,
        value: Option<Text>,
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
                let item = NewItem { name, value };
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
        let mut arrays = std::mem::take(&mut self.in_my_order);
        let moved: BTreeSet<NodeId> = arrays.keys().copied().collect();
        let mut elements = BTreeMap::new();
        for ((parent, mine_parent), items) in std::mem::take(&mut self.inserts) {
            if self.theirs.kind(parent) == Kind::Array {
                arrays.insert(parent, mine_parent);
                elements.insert(parent, items);
            } else {
                self.insert_members(parent, mine_parent, items);
            }
        }
        for (parent, mine_parent) in arrays {
            let items = elements.remove(&parent).unwrap_or_default();
            self.arrange(parent, mine_parent, items, moved.contains(&parent));
        }
        self.splice.finish()
    }

    /// In an array the place counts: new elements stay behind the element they follow.
    fn arrange(
        &mut self,
        parent: NodeId,
        mine_parent: NodeId,
        mut items: BTreeMap<NodeId, NewItem>,
        in_my_order: bool,
    ) {
        let Some(mine) = self.mine else { return };
        let there: Vec<Element> = self.theirs.children(parent).map(Element::Theirs).collect();
        let paired = |id| self.pairs.get(&id).map_or(Element::Mine(id), |pair| Element::Theirs(*pair));
        let here: Vec<Element> = mine.children(mine_parent).map(paired).collect();
        let all = if in_my_order { arranged(&here, &there, true) } else { arranged(&there, &here, false) };
        let entries = all.into_iter().filter_map(|element| match element {
            Element::Theirs(id) => (!self.removed.contains(&id)).then_some(Entry::Old(id)),
            Element::Mine(id) => items.remove(&id).map(Entry::New),
        });
        self.splice.arrange(parent, entries.collect());
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
}
