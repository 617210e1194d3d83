//! One version of a component as fields, and those as JSON.

use super::instances::Occurrence;
use super::kinds::Shape;
use super::value::{Json, Value};
use crate::lookup::Lookup;
use std::collections::BTreeMap;

/// Lines of a component that are one field.
#[derive(Clone, Debug)]
pub(crate) struct Slot {
    /// The member of the record.
    pub(crate) name: String,
    /// The member inside it, for entries of a list.
    pub(crate) key: Option<String>,
    /// By position in the component; the main one first.
    pub(crate) lines: Vec<usize>,
    pub(crate) shape: Shape,
    /// Several properties in one: the times of an event.
    pub(crate) grouped: bool,
    pub(crate) value: Value,
    /// Parameters of a property that stands there once; a member of their own.
    pub(crate) params: Vec<(String, Value)>,
    /// Which of several equal entries this one is cannot be told ([`super::pair`]).
    pub(crate) uncertain: bool,
}

/// What the member with the parameters of a property is called.
pub(crate) fn params_name(name: &str) -> String {
    format!("{name} parameters")
}

/// One version of a component as fields, in the order of its lines.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shown {
    pub(crate) slots: Vec<Slot>,
    /// Components inside, by kind and key.
    pub(crate) below: Vec<Below>,
    /// Lists that the base has and of which nothing is left here: removing the last entry is removing an entry.
    pub(crate) empty: Vec<(String, Value)>,
    index: Index,
}

/// Where things are, by name and key.
#[derive(Clone, Debug, Default)]
struct Index {
    single: Lookup<String, usize>,
    keyed: Lookup<String, Lookup<String, usize>>,
    below: Lookup<String, Lookup<String, usize>>,
}

/// A component inside another one.
#[derive(Clone, Debug)]
pub(crate) struct Below {
    pub(crate) kind: String,
    pub(crate) key: String,
    /// By position; `None` for an instance that is only taken out of its series.
    pub(crate) at: Option<usize>,
    /// The series leaves this instance out (`EXDATE`).
    pub(crate) excluded: bool,
    /// Which instance of which series.
    pub(crate) occurrence: Option<Occurrence>,
    /// As with [`Slot::uncertain`].
    pub(crate) uncertain: bool,
    pub(crate) shown: Shown,
}

/// The value of an instance that its series leaves out.
pub(crate) const REMOVED: &str = "removed from the series";
/// The member of an instance that has its own component although the series leaves it out.
pub(crate) const EXCLUDED: &str = "left out of the series";

impl Shown {
    /// The fields as an object.
    pub(crate) fn write(&self, json: &mut Json) {
        json.open();
        let mut entries: BTreeMap<&str, Vec<&Slot>> = BTreeMap::new();
        for slot in self.slots.iter().filter(|slot| slot.key.is_some()) {
            entries.entry(&slot.name).or_default().push(slot);
        }
        for slot in &self.slots {
            if slot.key.is_none() {
                json.name(&slot.name);
                json.value(&slot.value);
                if !slot.params.is_empty() {
                    json.name(&params_name(&slot.name));
                    json.value(&Value::Fields(slot.params.clone()));
                }
            } else if let Some(entries) = entries.remove(slot.name.as_str()) {
                json.name(&slot.name);
                json.open();
                for entry in entries {
                    json.name(entry.key.as_deref().unwrap_or_default());
                    json.value(&entry.value);
                }
                json.close();
            }
        }
        let mut kinds: BTreeMap<&str, Vec<&Below>> = BTreeMap::new();
        for below in &self.below {
            kinds.entry(&below.kind).or_default().push(below);
        }
        for below in &self.below {
            let Some(all) = kinds.remove(below.kind.as_str()) else { continue };
            json.name(&below.kind);
            json.open();
            for inner in all {
                json.name(&inner.key);
                if inner.at.is_none() {
                    json.value(&Value::Text(REMOVED.to_owned()));
                } else {
                    inner.write(json);
                }
            }
            json.close();
        }
        for (name, value) in &self.empty {
            json.name(name);
            json.value(value);
        }
        json.close();
    }

    /// All of it as text, wherever its lines stand.
    pub(crate) fn in_one_order(&self) -> String {
        let mut json = Json::default();
        self.sorted().write(&mut json);
        json.finish()
    }

    fn sorted(&self) -> Shown {
        let mut sorted = self.clone();
        sorted.slots.sort_by(|a, b| (&a.name, &a.key).cmp(&(&b.name, &b.key)));
        for below in &mut sorted.below {
            below.shown = below.shown.sorted();
        }
        sorted.below.sort_by(|a, b| (&a.kind, &a.key).cmp(&(&b.kind, &b.key)));
        sorted
    }

    /// The slot at a member, or at an entry in it.
    pub(crate) fn slot(&self, name: &str, key: Option<&str>) -> Option<&Slot> {
        self.slots.get(self.slot_at(name, key)?)
    }

    /// Where it is among the slots.
    pub(crate) fn slot_at(&self, name: &str, key: Option<&str>) -> Option<usize> {
        match key {
            Some(key) => self.index.keyed.get(name)?.get(key).copied(),
            None => self.index.single.get(name).copied(),
        }
    }

    /// There is a slot of that name; true if it is a list of entries.
    pub(crate) fn has_entries(&self, name: &str) -> Option<bool> {
        let has_entries = self.index.keyed.contains_key(name);
        (has_entries || self.index.single.contains_key(name)).then_some(has_entries)
    }

    /// The component of that kind and key.
    pub(crate) fn inner(&self, kind: &str, key: &str) -> Option<&Below> {
        self.below.get(self.index.below.get(kind)?.get(key).copied()?)
    }

    /// Makes everything be found again; to be called when all is in its place.
    pub(crate) fn number(&mut self) {
        let mut index = Index::default();
        for (at, slot) in self.slots.iter().enumerate() {
            match &slot.key {
                Some(key) => {
                    index.keyed.entry(slot.name.clone()).or_default().entry(key.clone()).or_insert(at)
                }
                None => index.single.entry(slot.name.clone()).or_insert(at),
            };
        }
        for (at, below) in self.below.iter().enumerate() {
            index.below.entry(below.kind.clone()).or_default().entry(below.key.clone()).or_insert(at);
        }
        self.index = index;
    }
}

impl Below {
    fn write(&self, json: &mut Json) {
        self.shown.write(json);
        if self.excluded {
            json.reopen();
            json.name(EXCLUDED);
            json.value(&Value::Text("yes".to_owned()));
            json.close();
        }
    }
}
