//! Fields that mean something only together: one choice where both sides touched them (merge.md 2.6; M22).
//!
//! A street and its place on the map, an organiser's address and name, a text and its language are rows of their own as
//! long as one side alone changed them. If both sides touched such fields, one row takes all of them from one side, so
//! that nobody gets one half of each.

use super::converted::converted;
use super::identity::norm;
use super::instances::same_instances;
use super::kinds::Shape;
use super::preferred::rivals;
use super::shown::{Shown, Slot, params_name};
use super::value::Value;
use crate::pattern::pattern_name;
use std::collections::{BTreeMap, BTreeSet};

/// One component in the three versions.
pub(super) type Three<'a> = [Option<&'a Shown>; 3];
/// Names of members, outermost first.
type Names = Vec<String>;

/// More groups of one kind of field than this are found by one pattern.
const PATTERNS: usize = 16;

/// Members of a card or component that say one thing in several properties.
const TWINS: &[&[&str]] = &[
    &["LOCATION", "GEO", "X-APPLE-STRUCTURED-LOCATION"],
    &["DESCRIPTION", "X-ALT-DESC", "STYLED-DESCRIPTION"],
    &["FN", "N"],
    &["DURATION", "REPEAT"],
];

/// Parameters and labels that say something by themselves, whatever the value is.
const BESIDE: &[&str] = &[
    "value",
    "type",
    "label",
    "group",
    "PREF",
    "PARTSTAT",
    "ROLE",
    "RSVP",
    "CUTYPE",
    "PID",
    "ALTID",
    "INDEX",
    "X-ABORDER",
    "X-EVOLUTION-UI-SLOT",
];

/// The type or label of these says what the value is: whose husband, which service, what day.
const NAMED_BY_TYPE: &[&str] =
    &["RELATED", "X-ABRELATEDNAMES", "X-ABDATE", "X-SOCIALPROFILE", "SOCIALPROFILE"];

/// The groups of this merge, as patterns of a policy.
pub(super) fn groups(shown: &[Shown; 3], present: [bool; 3]) -> Vec<Vec<String>> {
    let mut sides = present.into_iter();
    let mut found = Found::default();
    let three = shown.each_ref().map(|shown| sides.next().unwrap_or(false).then_some(shown));
    found.collect(three, &[]);
    found.patterns()
}

#[derive(Default)]
struct Found {
    /// The object, the names of its members.
    groups: Vec<(Names, Names)>,
}

/// Entries of one name, or the only property of it, by key.
type Slots<'a> = BTreeMap<Option<&'a str>, [Option<&'a Slot>; 3]>;

/// By name and key, what each version has.
fn by_name(three: Three<'_>) -> BTreeMap<&str, Slots<'_>> {
    let mut all: BTreeMap<&str, Slots<'_>> = BTreeMap::new();
    for (side, shown) in three.into_iter().enumerate() {
        for slot in shown.into_iter().flat_map(|shown| &shown.slots) {
            let slots = all.entry(&slot.name).or_default().entry(slot.key.as_deref()).or_default();
            if let Some(place) = slots.get_mut(side) {
                *place = Some(slot);
            }
        }
    }
    all
}

/// Which of two sides changed something, where they do not agree.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Touched {
    pub(super) mine: bool,
    pub(super) theirs: bool,
}

impl Touched {
    pub(super) fn of<T>([base, mine, theirs]: [T; 3], same: impl Fn(&T, &T) -> bool) -> Touched {
        if same(&mine, &theirs) {
            return Touched::default();
        }
        Touched { mine: !same(&base, &mine), theirs: !same(&base, &theirs) }
    }

    pub(super) fn any(self) -> bool {
        self.mine || self.theirs
    }

    fn both(self) -> bool {
        self.mine && self.theirs
    }

    pub(super) fn and(self, other: Touched) -> Touched {
        Touched { mine: self.mine || other.mine, theirs: self.theirs || other.theirs }
    }
}

fn same_value(a: &Option<&Value>, b: &Option<&Value>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a.same(b),
        (a, b) => a.is_none() && b.is_none(),
    }
}

/// A property that stands there once: its value and its parameters.
fn single(slots: &[Option<&Slot>; 3]) -> [Touched; 2] {
    let value = Touched::of(slots.map(|slot| slot.map(|slot| &slot.value)), same_value);
    let params =
        Touched::of(slots.map(|slot| slot.map(|slot| Value::Fields(slot.params.clone()))), |a, b| {
            let none = |v: &Option<Value>| v.as_ref().is_none_or(|v| v.members().is_empty());
            (none(a) && none(b)) || same_value(&a.as_ref(), &b.as_ref())
        });
    [value, params]
}

/// Both sides touched fields that belong together, and more than one of them: otherwise one row is all there is.
fn meet(touched: &[Touched]) -> bool {
    let all = touched.iter().fold(Touched::default(), |all, one| all.and(*one));
    all.both() && touched.iter().filter(|one| one.any()).count() > 1
}

impl Found {
    fn add(&mut self, object: &[String], names: Names) {
        self.groups.push((object.to_vec(), names));
    }

    fn collect(&mut self, three: Three<'_>, outer: &[String]) {
        let all = by_name(three);
        self.twins(&all, outer);
        for (name, slots) in &all {
            for (key, slots) in slots {
                match key {
                    Some(key) => self.entry(name, key, slots, outer),
                    None if meet(&single(slots)) => {
                        self.add(outer, vec![(*name).to_owned(), params_name(name)]);
                    }
                    None => {}
                }
            }
        }
        self.preferred(three, outer);
        self.parents(&all, outer);
        let mut inner: BTreeMap<(&str, &str), Three<'_>> = BTreeMap::new();
        for (side, shown) in three.into_iter().enumerate() {
            for below in shown.into_iter().flat_map(|shown| &shown.below) {
                if let Some(slot) = inner.entry((&below.kind, &below.key)).or_default().get_mut(side) {
                    *slot = below.at.map(|_| &below.shown);
                }
            }
        }
        for ((kind, key), three) in inner {
            let outer: Names = outer.iter().cloned().chain([kind.to_owned(), key.to_owned()]).collect();
            self.collect(three, &outer);
        }
        for lists in converted(three).lists {
            self.add(outer, lists);
        }
        for (kind, keys) in same_instances(three) {
            let object: Names = outer.iter().cloned().chain([kind]).collect();
            self.add(&object, keys);
        }
    }

    /// The value of an entry and what is said about it.
    fn entry(&mut self, name: &str, key: &str, slots: &[Option<&Slot>; 3], outer: &[String]) {
        let [_, Some(_), Some(_)] = slots else { return };
        let members: BTreeSet<&str> = slots
            .iter()
            .flatten()
            .flat_map(|slot| slot.value.members())
            .map(|(member, _)| member.as_str())
            .collect();
        let touched = |member: &str| {
            Touched::of(slots.map(|slot| slot.and_then(|slot| slot.value.member(member))), same_value)
        };
        let by_type = NAMED_BY_TYPE.contains(&name);
        let belongs =
            |member: &&&str| !BESIDE.contains(*member) || (by_type && matches!(**member, "type" | "label"));
        let bound: Vec<&str> =
            members.iter().filter(belongs).filter(|member| touched(member).any()).copied().collect();
        let object =
            || -> Names { outer.iter().map(String::as_str).chain([name, key]).map(str::to_owned).collect() };
        // A number or address in another spelling is the same one.
        let spelled = |slot: &Slot| (slot.shape == Shape::Word).then(|| norm(name, slot.shape, &slot.value));
        let value = Touched::of(*slots, |a, b| match (a, b) {
            (Some(a), Some(b)) => {
                same_value(&a.value.member("value"), &b.value.member("value"))
                    || spelled(a).is_some_and(|own| Some(own) == spelled(b))
            }
            (a, b) => a.is_none() && b.is_none(),
        });
        let together: Vec<Touched> =
            std::iter::once(value).chain(bound.iter().map(|member| touched(member))).collect();
        if value.any() && meet(&together) {
            let names = std::iter::once("value").chain(bound).map(str::to_owned).collect();
            return self.add(&object(), names);
        }
        // Whoever passes an invitation on answers with it.
        if name == "ATTENDEE" && meet(&["PARTSTAT", "DELEGATED-TO"].map(touched)) {
            self.add(&object(), vec!["PARTSTAT".to_owned(), "DELEGATED-TO".to_owned()]);
        }
    }

    fn twins(&mut self, all: &BTreeMap<&str, Slots<'_>>, outer: &[String]) {
        let named = |name: &str| -> Vec<(String, Touched)> {
            let Some(slots) = all.get(name) else { return Vec::new() };
            let mut value = Touched::default();
            let mut params = Touched::default();
            for slots in slots.values() {
                let [own, more] = single(slots);
                value = value.and(own);
                params = params.and(more);
            }
            vec![(name.to_owned(), value), (params_name(name), params)]
        };
        for twins in TWINS {
            let parts: Vec<(String, Touched)> =
                twins.iter().flat_map(|name| named(name)).filter(|(_, touched)| touched.any()).collect();
            let touched: Vec<Touched> = parts.iter().map(|(_, touched)| *touched).collect();
            // A whole new name on both sides: each has both forms of it.
            let whole = twins.contains(&"FN") && touched.iter().all(|touched| touched.both());
            if meet(&touched) && !whole {
                self.add(outer, parts.into_iter().map(|(name, _)| name).collect());
            }
        }
        self.extra_dates(all, outer);
    }

    /// Extra dates of a series that the other side moved: they were set for the old hour.
    fn extra_dates(&mut self, all: &BTreeMap<&str, Slots<'_>>, outer: &[String]) {
        let only = |name: &str| all.get(name).and_then(|slots| slots.get(&None));
        for leader in ["DTSTART", "DUE"] {
            let (Some(time), Some(dates)) = (only(leader), only("RDATE")) else { continue };
            let [dates, _] = single(dates);
            let start = start_touched(time);
            if meet(&[start, dates]) {
                self.add(outer, vec![leader.to_owned(), "RDATE".to_owned()]);
            }
        }
    }

    /// Two entries that the two sides made the preferred one, where only one was before.
    fn preferred(&mut self, three: Three<'_>, outer: &[String]) {
        for rivals in rivals(three).into_iter().filter(|rivals| rivals.were_there) {
            let object: Names = outer.iter().cloned().chain([rivals.name.to_owned()]).collect();
            let mut keys = rivals.keys.to_vec();
            keys.sort();
            self.add(&object, keys);
        }
    }

    /// A task has one parent: two that were added are one choice.
    fn parents(&mut self, all: &BTreeMap<&str, Slots<'_>>, outer: &[String]) {
        let Some(slots) = all.get("RELATED-TO") else { return };
        let is_parent = |slot: &&Slot| {
            let kind = slot.value.member("RELTYPE").and_then(Value::text);
            kind.is_none_or(|kind| kind == "PARENT")
        };
        let had = slots.values().any(|[base, _, _]| base.as_ref().is_some_and(is_parent));
        let added = |side: usize| {
            slots.iter().filter_map(move |(key, three)| {
                let other = three.get(3 - side).copied().flatten();
                let own = three.get(side).copied().flatten().filter(is_parent);
                own.filter(|_| other.is_none()).and(*key).map(str::to_owned)
            })
        };
        let (mine, theirs): (Names, Names) = (added(1).collect(), added(2).collect());
        if !had && !mine.is_empty() && !theirs.is_empty() {
            let object: Names = outer.iter().cloned().chain(["RELATED-TO".to_owned()]).collect();
            let keys: BTreeSet<String> = mine.into_iter().chain(theirs).collect();
            self.add(&object, keys.into_iter().collect());
        }
    }

    /// One pattern for each group; one for all of a name where there are many.
    fn patterns(self) -> Vec<Vec<String>> {
        // Names of lists and keys take turns.
        let general = |object: &Names| -> Names {
            let name =
                |(at, name): (usize, &String)| if at % 2 == 1 { "*".to_owned() } else { pattern_name(name) };
            object.iter().enumerate().map(name).collect()
        };
        let exact = |object: &Names| -> Names { object.iter().map(|name| pattern_name(name)).collect() };
        let mut out = Vec::new();
        let mut by_place: BTreeMap<Names, Vec<(Names, Names)>> = BTreeMap::new();
        for (object, names) in self.groups {
            by_place.entry(general(&object)).or_default().push((object, names));
        }
        for (place, groups) in by_place {
            if groups.len() <= PATTERNS {
                out.extend(groups.into_iter().map(|(object, names)| pattern(&exact(&object), names)));
                continue;
            }
            let mut seen = BTreeSet::new();
            let names = groups.into_iter().flat_map(|(_, names)| names);
            let names: Names = names.filter(|name| seen.insert(name.clone())).collect();
            out.push(pattern(&place, names));
        }
        out
    }
}

/// `object`: names as patterns spell them.
fn pattern(object: &Names, names: Names) -> Vec<String> {
    let object: String = object.iter().map(|name| format!("/{name}")).collect();
    names.into_iter().map(|name| format!("{object}/{}", pattern_name(&name))).collect()
}

/// Who changed when a series begins.
pub(super) fn start_touched(time: &[Option<&Slot>; 3]) -> Touched {
    let start = |slot: Option<&Slot>| -> Option<Value> {
        slot.and_then(|slot| slot.value.member("DTSTART").or_else(|| slot.value.member("DUE"))).cloned()
    };
    Touched::of(time.map(start), |a, b| same_value(&a.as_ref(), &b.as_ref()))
}
