//! Fields that are one row (M22): declared groups, and those known by their names.

use super::known::{self, Facts};
use super::rows::{Told, Values};
use super::walk::{Task, Walk};
use super::{Slot, table};
use crate::json::classes::MISSING;
use crate::json::{Kind, NodeId};
use crate::model::{Choice, Policy, Provenance, RowRule, Token};
use crate::pattern::{Patterns, Segment, Spot, segments};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// A member of an object in the three versions.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) base: Option<NodeId>,
    pub(super) mine: Option<NodeId>,
    pub(super) theirs: Option<NodeId>,
}

/// The groups a policy declares or has rules for: the object they are in, and the names of its members.
pub(super) struct Groups {
    /// The objects they are in.
    pub(super) patterns: Patterns,
    /// The names of the members of declared ones.
    names: Vec<Vec<String>>,
    /// Rules for rows of several fields: their objects come after those of the declared ones.
    rules: Vec<(Vec<String>, RowRule)>,
}

impl Groups {
    pub(super) fn of(policy: &Policy) -> Groups {
        let all: Vec<(Vec<Segment>, Vec<String>)> =
            policy.groups.iter().filter_map(|group| declared(group)).collect();
        let ruled = policy.row_rules.iter().filter_map(|rule| Some((declared(&rule.fields)?, rule.clone())));
        let ruled: Vec<_> = ruled.collect();
        let objects = all.iter().map(|(object, _)| object).chain(ruled.iter().map(|((object, _), _)| object));
        let patterns = Patterns::of(objects.cloned());
        let rules = ruled.into_iter().map(|((_, names), rule)| (names, rule)).collect();
        Groups { patterns, names: all.into_iter().map(|(_, names)| names).collect(), rules }
    }

    /// The rule for a row of just these fields.
    fn rule(&self, object: &Spot, members: &[Member]) -> Option<&RowRule> {
        let row: BTreeSet<&str> = members.iter().map(|member| member.name.as_str()).collect();
        let mut here =
            object.matches().filter_map(|number| self.rules.get(number.checked_sub(self.names.len())?));
        here.find(|(names, _)| names.iter().map(String::as_str).collect::<BTreeSet<_>>() == row)
            .map(|(_, rule)| rule)
    }

    /// The groups among the members of one object of which at least one differs.
    fn among(
        &self,
        members: &BTreeMap<Cow<'_, str>, bool>,
        object: &Spot,
        known: Vec<Vec<String>>,
    ) -> Vec<Vec<String>> {
        let differs = |name: &str| members.get(name) == Some(&true);
        let mut found: Vec<Vec<String>> = Vec::new();
        let mut taken: BTreeSet<String> = BTreeSet::new();
        let mut add = |names: Vec<String>| {
            let there = names.iter().filter(|name| members.contains_key(name.as_str())).count();
            if there > 1
                && names.iter().any(|name| differs(name))
                && !names.iter().any(|name| taken.contains(name))
            {
                taken.extend(names.iter().cloned());
                found.push(names);
            }
        };
        for names in object.matches().filter_map(|number| self.names.get(number)) {
            add(names.clone());
        }
        for group in known {
            add(group);
        }
        found
    }
}

/// The place of a declared group: members of one object. Fields of different objects are held together by the members of
/// the innermost object around all of them.
fn declared(group: &[String]) -> Option<(Vec<Segment>, Vec<String>)> {
    let all: Vec<Vec<Segment>> = group.iter().map(|text| segments(text)).collect();
    let first = all.first()?;
    // The whole record is no field.
    let shortest = all.iter().map(|segments| segments.len().checked_sub(1)).min()??;
    let shared =
        (0..shortest).take_while(|at| all.iter().all(|other| other.get(*at) == first.get(*at))).count();
    let mut names: Vec<String> = Vec::new();
    for segment in all.iter().filter_map(|segments| segments.get(shared)) {
        let Segment::Name(name) = segment else { return None };
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    (names.len() > 1).then(|| (first.get(..shared).unwrap_or_default().to_vec(), names))
}

impl Walk<'_> {
    /// False if nothing that differs there can be part of a group: what most objects are, and every list of thousands.
    pub(super) fn may_have_groups(&self, task: &Task, differing: &[Member]) -> bool {
        let declared = || task.spots.groups.matches().next().is_some();
        !differing.is_empty() && (declared() || differing.iter().any(|member| known::means(&member.name)))
    }

    /// The groups of an object, each with its members in the three versions.
    pub(super) fn groups_of(
        &self,
        task: &Task,
        members: &BTreeMap<Cow<'_, str>, bool>,
        member: impl Fn(&str) -> Member,
    ) -> Vec<Vec<Member>> {
        let any = |name: &str, is: fn(Kind) -> bool| {
            let Member { base, mine, theirs, .. } = member(name);
            let seen = [self.base.seen(base), self.mine.seen(mine), self.theirs.seen(theirs)];
            seen.iter().any(|seen| seen.kind.is_some_and(is))
        };
        let touched = |name: &str| {
            let Member { base, mine, theirs, .. } = member(name);
            let was = self.base.graded.class(base);
            was != self.mine.graded.class(mine) || was != self.theirs.graded.class(theirs)
        };
        let facts = Facts {
            single: &|name| !any(name, Kind::is_container),
            number: &|name| any(name, |kind| kind == Kind::Number),
            touched: &touched,
        };
        let known = if self.base.graded.class(task.base) == MISSING {
            // What both sides added is united: only fields that both wrote meet.
            let both =
                |name: &str| Some(member(name)).is_some_and(|m| m.mine.is_some() && m.theirs.is_some());
            let both =
                members.iter().filter(|(name, _)| both(name)).map(|(name, is)| (name.clone(), *is)).collect();
            known::groups(&both, &facts)
        } else {
            known::groups(members, &facts)
        };
        let groups = self.groups.among(members, &task.spots.groups, known);
        let counts = |member: &Member| {
            // Not what the server keeps by itself.
            let nowhere = member.base.is_none() && member.mine.is_none() && member.theirs.is_none();
            nowhere || members.contains_key(member.name.as_str())
        };
        let three = |names: Vec<String>| names.iter().map(|name| member(name)).filter(counts).collect();
        groups.into_iter().map(three).collect()
    }

    /// One row for a group. `task.step` is that of its first member.
    pub(super) fn group(&mut self, task: &Task, members: Vec<Member>) {
        let classes = |of: &dyn Fn(&Member) -> u32| members.iter().map(of).collect::<Vec<u32>>();
        let base = classes(&|m| self.base.graded.class(m.base));
        let mine = classes(&|m| self.mine.graded.class(m.mine));
        let theirs = classes(&|m| self.theirs.graded.class(m.theirs));
        let seen = |side: &Vec<u32>| {
            let known = [&base, &mine, &theirs].into_iter().position(|other| other == side);
            let there = side.iter().any(|class| *class != MISSING);
            table::Seen {
                class: if there {
                    known.and_then(|at| u32::try_from(at + 1).ok()).unwrap_or(u32::MAX)
                } else {
                    0
                },
                kind: there.then_some(Kind::Object),
                atomic: true,
            }
        };
        let table::Verdict::Row(kind, automatic) = table::verdict(seen(&base), seen(&mine), seen(&theirs))
        else {
            return;
        };
        let mut told = Told::default();
        let path = self.steps.path(task.step);
        let object = path.0.split_last().map(|(_, object)| object.to_vec()).unwrap_or_default();
        told.with = members
            .iter()
            .skip(1)
            .map(|member| crate::model::Path(object.clone()).child(Token::Member(member.name.clone())))
            .collect();
        if automatic.is_none() {
            told.answer = self.ruling_of_row(task, &members);
        }
        let values = Values {
            before: self.base.object(members.iter().filter_map(|m| m.base)),
            mine: self.mine.object(members.iter().filter_map(|m| m.mine)),
            theirs: self.theirs.object(members.iter().filter_map(|m| m.theirs)),
        };
        let slot = Slot { parents: task.parents, under: task.under, group: members, ..Slot::default() };
        self.found.push(super::walk::Found { path, kind, automatic, values, slot, blend: None, told });
    }

    /// The side of a rule for this very row, else one that the rules of all members agree on.
    fn ruling_of_row(&self, task: &Task, members: &[Member]) -> Option<(Choice, Provenance)> {
        let Some(RowRule { fields, rule, origin }) = self.groups.rule(&task.spots.groups, members) else {
            return self.ruling_for_all(task, members);
        };
        let why = Provenance::Rule { rule: *rule, pattern: fields.join(" + "), origin: *origin };
        Some((self.rules.taken(*rule)?, why))
    }

    /// A side that the rules of all members agree on.
    fn ruling_for_all(&self, task: &Task, members: &[Member]) -> Option<(Choice, Provenance)> {
        let mut all: Vec<(Choice, Provenance)> = Vec::new();
        for member in members {
            let spot = self.rules.patterns.enter(&task.spots.rules, &member.name);
            all.push(self.rules.side(&spot)?);
        }
        let (first, _) = all.first()?;
        all.iter().all(|(choice, _)| choice == first).then(|| all.first().cloned()).flatten()
    }
}
