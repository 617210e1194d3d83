//! One version of a component as fields, and those as JSON.

use super::kinds::Shape;
use super::value::{Json, Value};
use std::collections::BTreeSet;

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
        let mut done = BTreeSet::new();
        for slot in &self.slots {
            if slot.key.is_none() {
                json.name(&slot.name);
                json.value(&slot.value);
                if !slot.params.is_empty() {
                    json.name(&params_name(&slot.name));
                    json.value(&Value::Fields(slot.params.clone()));
                }
            } else if done.insert(&slot.name) {
                json.name(&slot.name);
                json.open();
                for entry in self.slots.iter().filter(|other| other.name == slot.name) {
                    json.name(entry.key.as_deref().unwrap_or_default());
                    json.value(&entry.value);
                }
                json.close();
            }
        }
        let mut kinds = BTreeSet::new();
        for below in &self.below {
            if !kinds.insert(&below.kind) {
                continue;
            }
            json.name(&below.kind);
            json.open();
            for inner in self.below.iter().filter(|other| other.kind == below.kind) {
                json.name(&inner.key);
                if inner.at.is_none() {
                    json.value(&Value::Text(REMOVED.to_owned()));
                } else {
                    inner.write(json);
                }
            }
            json.close();
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
        self.slots.iter().find(|slot| slot.name == name && slot.key.as_deref() == key)
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
