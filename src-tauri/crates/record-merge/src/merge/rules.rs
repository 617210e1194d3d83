//! Rules of a policy: clashes that are answered once for all (M38, M40, M53).

use super::array;
use super::walk::{Task, Walk};
use crate::json::{Kind, decimal, string};
use crate::model::{Choice, Origin, Policy, Provenance, Rule};
use crate::moment;
use crate::pattern::{Patterns, Spot, segments};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// The rules of one merge.
pub(super) struct Rules {
    pub(super) patterns: Patterns,
    /// The rules of the patterns, and the patterns as they were written; the most exact first.
    all: Vec<(Rule, String)>,
    origins: BTreeMap<String, Origin>,
    /// The side whose version is the newer one, where that is known.
    newest: Option<Choice>,
}

/// How exactly a pattern means a place, the greater the more: by the name of the field, without wildcards, nearest.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    named: bool,
    plain: bool,
    depth: usize,
}

/// What a rule says to a clash.
pub(super) enum Ruling {
    /// One side's value.
    Take(Choice),
    /// A value made of both.
    Value(String),
}

impl Rules {
    pub(super) fn of(policy: &Policy, mine_at: Option<i64>, theirs_at: Option<i64>) -> Rules {
        let mut all: Vec<(&String, &Rule)> = policy.rules.iter().collect();
        all.sort_by_key(|(text, _)| (text.contains('*'), std::cmp::Reverse(text.len())));
        let patterns = Patterns::of(all.iter().map(|(text, _)| segments(text)));
        let all = all.into_iter().map(|(text, rule)| (*rule, text.clone())).collect();
        let newest = match (mine_at, theirs_at) {
            (Some(mine), Some(theirs)) => match mine.cmp(&theirs) {
                Ordering::Greater => Some(Choice::Mine),
                Ordering::Less => Some(Choice::Theirs),
                Ordering::Equal => None,
            },
            _ => None,
        };
        Rules { patterns, all, origins: policy.origins.clone(), newest }
    }

    /// The rule for a place: the one that names it, else the one for the nearest place around it.
    fn at(&self, spot: &Spot) -> Option<(Rule, Provenance)> {
        let mut best: Option<(Rank, &(Rule, String))> = None;
        for (number, depth) in spot.nearest().filter(|(_, depth)| *depth > 0) {
            let Some(candidate) = self.all.get(number) else { continue };
            let whole = depth == spot.depth();
            // Rules that make a value of two need the very place.
            let fits = whole || matches!(candidate.0, Rule::Mine | Rule::Server | Rule::Newest);
            let named = whole && self.patterns.names_a_field(number);
            let rank = Rank { named, plain: !candidate.1.contains('*'), depth };
            if fits && best.as_ref().is_none_or(|(other, _)| rank > *other) {
                best = Some((rank, candidate));
            }
        }
        let (_, (rule, pattern)) = best?;
        let origin = self.origins.get(pattern).copied();
        Some((*rule, Provenance::Rule { rule: *rule, pattern: pattern.clone(), origin }))
    }

    /// The side that a rule takes, whatever the values are.
    pub(super) fn side(&self, spot: &Spot) -> Option<(Choice, Provenance)> {
        let (rule, why) = self.at(spot)?;
        Some((self.taken(rule)?, why))
    }

    /// The side that a rule means, if it means one.
    pub(super) fn taken(&self, rule: Rule) -> Option<Choice> {
        match rule {
            Rule::Mine => Some(Choice::Mine),
            Rule::Server => Some(Choice::Theirs),
            Rule::Newest => self.newest,
            Rule::Union | Rule::Sum | Rule::Higher => None,
        }
    }
}

impl Walk<'_> {
    /// What the policy says to a clash at a node. Nothing about whole records: those a person decides.
    pub(super) fn ruling(&self, task: &Task) -> Option<(Ruling, Provenance)> {
        if self.rules.all.is_empty() {
            return None;
        }
        let spot = &task.spots.rules;
        if let Some((choice, why)) = self.rules.side(spot) {
            return Some((Ruling::Take(choice), why));
        }
        let (rule, why) = self.rules.at(spot)?;
        let ruling = match rule {
            Rule::Mine | Rule::Server | Rule::Newest => return None,
            Rule::Union => Ruling::Value(self.union(task)?),
            Rule::Sum => Ruling::Value(self.sum(task)?),
            Rule::Higher => Ruling::Take(self.higher(task)?),
        };
        Some((ruling, why))
    }

    /// The side that the rule for a place takes.
    pub(super) fn side(&self, task: &Task) -> Option<(Choice, Provenance)> {
        self.rules.side(&task.spots.rules)
    }

    fn union(&self, task: &Task) -> Option<String> {
        let array = |seen: super::table::Seen| seen.kind == Some(Kind::Array);
        if !array(self.mine.seen(task.mine)) || !array(self.theirs.seen(task.theirs)) {
            return None;
        }
        let source = self.theirs.text(task.theirs)?;
        let [base, mine, theirs] = self.three_elements(task);
        Some(array::union(&base, &mine, &theirs, &source))
    }

    fn sum(&self, task: &Task) -> Option<String> {
        let [base, mine, theirs] = self.three_texts(task);
        decimal::changes_added(&base?, &mine?, &theirs?)
    }

    fn higher(&self, task: &Task) -> Option<Choice> {
        let [_, mine, theirs] = self.three_texts(task);
        let (mine, theirs) = (mine?, theirs?);
        let order = match (self.mine.seen(task.mine).kind?, self.theirs.seen(task.theirs).kind?) {
            (Kind::Number, Kind::Number) => decimal::compare(&mine, &theirs)?,
            (Kind::String, Kind::String) => {
                moment::compare(&string::unescape(&mine)?, &string::unescape(&theirs)?)?
            }
            _ => return None,
        };
        match order {
            Ordering::Greater => Some(Choice::Mine),
            Ordering::Less => Some(Choice::Theirs),
            Ordering::Equal => None,
        }
    }
}
