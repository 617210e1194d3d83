//! Goes through three documents at once, node by node, by the truth table. No recursion: depth costs no stack.

use super::array::Elements;
use super::graduate::Graduate;
use super::groups::{Groups, Member};
use super::rows::{Told, Values, asks, whole_kind};
use super::rules::{Rules, Ruling};
use super::table::{Seen, Verdict, one_value, verdict};
use super::{Merge, Slot};
use crate::blend::{Blend, new_strings, proposal, strings, unseen_strings};
use crate::equal::{Steps, by_name};
use crate::json::classes::Classes;
use crate::json::{Kind, NodeId};
use crate::model::{ArrayMode, Choice, Path, Policy, RowKind, Token};
use crate::pattern::{Patterns, Spot, segments};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The declared modes, the most exact pattern first.
fn modes(policy: &Policy) -> (Patterns, Vec<ArrayMode>) {
    let mut all: Vec<(&String, &ArrayMode)> = policy.arrays.iter().collect();
    all.sort_by_key(|(text, _)| (text.contains('*'), std::cmp::Reverse(text.len())));
    let patterns = Patterns::of(all.iter().map(|(text, _)| segments(text)));
    (patterns, all.into_iter().map(|(_, mode)| mode.clone()).collect())
}

/// Steps of the paths of all rows together. A record so deep and so changed that this is not enough is asked about as a
/// whole: its rows would be no help to anybody, and take more memory than there is.
const PATHS: usize = 1_000_000;

/// What the policy has to say about a place.
#[derive(Default)]
pub(super) struct Spots {
    modes: Spot,
    texts: Spot,
    pub(super) rules: Spot,
    pub(super) groups: Spot,
}

/// A node that is still to be looked at.
#[derive(Clone)]
pub(super) struct Task {
    pub(super) base: Option<NodeId>,
    pub(super) mine: Option<NodeId>,
    pub(super) theirs: Option<NodeId>,
    pub(super) step: Option<usize>,
    pub(super) parents: Option<(NodeId, NodeId)>,
    pub(super) under: Option<usize>,
    /// Which of the groups found this is about, instead of one node.
    pub(super) group: Option<usize>,
    /// What the policy says here; for a group, about the object it is in.
    pub(super) spots: Rc<Spots>,
}

pub(super) struct Found {
    pub(super) path: Path,
    pub(super) kind: RowKind,
    pub(super) automatic: Option<Choice>,
    pub(super) values: Values,
    pub(super) slot: Slot,
    pub(super) blend: Option<Blend>,
    pub(super) told: Told,
}

pub(super) struct Walk<'a> {
    policy: &'a Policy,
    modes: (Patterns, Vec<ArrayMode>),
    texts: Patterns,
    pub(super) rules: Rules,
    pub(super) groups: Groups,
    found_groups: Vec<Vec<Member>>,
    pub(super) pairs: BTreeMap<NodeId, NodeId>,
    pub(super) base: Graduate<'a>,
    pub(super) mine: Graduate<'a>,
    pub(super) theirs: Graduate<'a>,
    pub(super) steps: Steps,
    pub(super) stack: Vec<Task>,
    pub(super) found: Vec<Found>,
}

impl Merge {
    pub(super) fn walk(&mut self) {
        let mut classes = Classes::default();
        let mut walk = Walk {
            policy: &self.policy,
            modes: modes(&self.policy),
            texts: Patterns::of(self.policy.texts.iter().map(|text| segments(text))),
            rules: Rules::of(&self.policy, self.times.0, self.times.1),
            groups: Groups::of(&self.policy),
            found_groups: Vec::new(),
            pairs: BTreeMap::new(),
            base: Graduate::of(&self.base, &mut classes, &self.policy),
            mine: Graduate::of(&self.mine, &mut classes, &self.policy),
            theirs: Graduate::of(&self.theirs, &mut classes, &self.policy),
            steps: Steps::default(),
            stack: Vec::new(),
            found: Vec::new(),
        };
        walk.run();
        if walk.found.iter().map(|found| found.path.0.len()).sum::<usize>() > PATHS {
            walk.as_one_value();
        }
        let Walk { found, pairs, .. } = walk;
        self.pairs = pairs;
        // Rows of a blend come after the one they belong to: numbers of enclosing rows move with them.
        let mut numbers = Vec::with_capacity(found.len());
        for mut found in found {
            numbers.push(self.rows.len());
            found.slot.under = found.slot.under.and_then(|under| numbers.get(under).copied());
            let first = self.rows.len();
            match found.blend {
                Some(blend) if found.automatic == Some(Choice::Both) => {
                    self.push_blend(found.path, found.values, found.slot, blend);
                }
                blend => {
                    let slot = Slot { blend, ..found.slot };
                    self.push(found.path, found.kind, found.automatic, found.values, slot);
                }
            }
            self.tell(first, found.told);
        }
    }
}

impl Walk<'_> {
    fn run(&mut self) {
        self.stack.push(Task {
            base: self.base.root(),
            mine: self.mine.root(),
            theirs: self.theirs.root(),
            step: None,
            parents: None,
            under: None,
            group: None,
            spots: Rc::new(Spots {
                modes: self.modes.0.start(),
                texts: self.texts.start(),
                rules: self.rules.patterns.start(),
                groups: self.groups.patterns.start(),
            }),
        });
        let (mut counted, mut steps) = (0, 0);
        while let Some(task) = self.stack.pop() {
            steps += self
                .found
                .get(counted..)
                .into_iter()
                .flatten()
                .map(|found| found.path.0.len())
                .sum::<usize>();
            counted = self.found.len();
            if steps > PATHS {
                return;
            }
            if let Some(members) = task.group.and_then(|at| self.found_groups.get_mut(at)).map(std::mem::take)
            {
                self.group(&task, members);
                continue;
            }
            let [base, mine, theirs] = self.three_seen(&task);
            match verdict(base, mine, theirs) {
                Verdict::Agreed => {}
                Verdict::Members { .. } if self.is_one_value(&task) => {
                    let (kind, automatic) = one_value(base, mine, theirs);
                    self.row(&task, kind, automatic);
                }
                Verdict::Members { added } => {
                    let under = if added {
                        self.row(&task, RowKind::AddedByBoth, Some(Choice::Both));
                        Some(self.found.len() - 1)
                    } else {
                        task.under
                    };
                    self.members(&task, under);
                }
                Verdict::Array(kind, automatic) => self.array(&task, kind, automatic),
                Verdict::Row(RowKind::EditedDifferently, None) => self.text(&task),
                Verdict::Row(RowKind::AddedDifferently, None) => self.new_text(&task),
                Verdict::Row(kind, automatic) => self.row(&task, kind, automatic),
            }
        }
    }

    /// One row for the whole record.
    fn as_one_value(&mut self) {
        self.found.clear();
        self.pairs.clear();
        let (base, mine, theirs) = (self.base.root(), self.mine.root(), self.theirs.root());
        let (kind, automatic) =
            one_value(self.base.seen(base), self.mine.seen(mine), self.theirs.seen(theirs));
        let values = Values {
            before: self.base.text(base),
            mine: self.mine.text(mine),
            theirs: self.theirs.text(theirs),
        };
        let (slot, told) = (Slot::default(), Told::default());
        let kind = whole_kind(kind);
        self.found.push(Found { path: Path::root(), kind, automatic, values, slot, blend: None, told });
    }

    pub(super) fn row(&mut self, task: &Task, kind: RowKind, automatic: Option<Choice>) {
        self.told_row(task, kind, automatic, None, Told::default());
    }

    /// A row; a clash is answered by the rule for its place, if there is one.
    pub(super) fn told_row(
        &mut self,
        task: &Task,
        mut kind: RowKind,
        mut automatic: Option<Choice>,
        mut blend: Option<Blend>,
        mut told: Told,
    ) {
        let open = automatic.is_none() || blend.as_ref().is_some_and(asks);
        match self.ruling(task).filter(|_| open) {
            Some((Ruling::Take(choice), why)) => told.answer = Some((choice, why)),
            Some((Ruling::Value(text), why)) => {
                (kind, automatic, blend) = (RowKind::Combined, Some(Choice::Both), Some(Blend::done(text)));
                told.rule = Some(why);
                told.turned = None;
            }
            None => {}
        }
        let values = Values {
            before: self.base.text(task.base),
            mine: self.mine.text(task.mine),
            theirs: self.theirs.text(task.theirs),
        };
        let slot = Slot {
            parents: task.parents,
            mine: task.mine,
            theirs: task.theirs,
            under: task.under,
            ..Slot::default()
        };
        let path = self.steps.path(task.step);
        let kind = if path.is_root() { whole_kind(kind) } else { kind };
        self.found.push(Found { path, kind, automatic, values, slot, blend, told });
    }

    /// Both changed it differently: line by line if it is a long text on all sides.
    fn text(&mut self, task: &Task) {
        let are_texts = self.three_seen(task).iter().all(|seen| seen.kind == Some(Kind::String));
        let texts = match self.three_texts(task) {
            [Some(base), Some(mine), Some(theirs)] if are_texts => [base, mine, theirs],
            _ => return self.row(task, RowKind::EditedDifferently, None),
        };
        // The policy says that the string there is a text.
        let declared = task.spots.texts.matches().next().is_some();
        let [base, mine, theirs] = &texts;
        let whole = self.is_one_value(task);
        let by_lines = || strings(base, mine, theirs, self.policy.words, declared);
        let blend = if whole { None } else { by_lines() }.or_else(|| unseen_strings(base, mine, theirs));
        match blend {
            Some(blend) => {
                self.told_row(task, RowKind::Combined, Some(Choice::Both), Some(blend), Told::default());
            }
            None => {
                let suggestion = if whole { None } else { proposal(base, mine, theirs) };
                let told = Told { suggestion, ..Told::default() };
                self.told_row(task, RowKind::EditedDifferently, None, None, told);
            }
        }
    }

    /// Both put something in: one text, if nobody can see a difference.
    fn new_text(&mut self, task: &Task) {
        let strings = [self.mine.seen(task.mine), self.theirs.seen(task.theirs)];
        let blend = match self.three_texts(task) {
            [_, Some(mine), Some(theirs)] if strings.iter().all(|seen| seen.kind == Some(Kind::String)) => {
                new_strings(&mine, &theirs)
            }
            _ => None,
        };
        match blend {
            None => self.row(task, RowKind::AddedDifferently, None),
            some => self.told_row(task, RowKind::Combined, Some(Choice::Both), some, Told::default()),
        }
    }

    pub(super) fn three_texts(&self, task: &Task) -> [Option<String>; 3] {
        [self.base.text(task.base), self.mine.text(task.mine), self.theirs.text(task.theirs)]
    }

    fn three_seen(&self, task: &Task) -> [Seen; 3] {
        [self.base.seen(task.base), self.mine.seen(task.mine), self.theirs.seen(task.theirs)]
    }

    pub(super) fn three_elements(&self, task: &Task) -> [Elements<'_>; 3] {
        [self.base.elements(task.base), self.mine.elements(task.mine), self.theirs.elements(task.theirs)]
    }

    /// The mode the policy gives to the array there.
    pub(super) fn declared(&self, task: &Task) -> Option<ArrayMode> {
        task.spots.modes.matches().next().and_then(|number| self.modes.1.get(number)).cloned()
    }

    /// The policy says that nothing there is to be taken apart: no list, no object, no text.
    fn is_one_value(&self, task: &Task) -> bool {
        self.declared(task) == Some(ArrayMode::Atomic)
    }

    fn spots(&self, outer: &Rc<Spots>, name: &str) -> Rc<Spots> {
        let all = [&self.modes.0, &self.texts, &self.rules.patterns, &self.groups.patterns];
        if all.iter().all(|patterns| patterns.is_empty()) {
            return Rc::clone(outer);
        }
        Rc::new(Spots {
            modes: self.modes.0.enter(&outer.modes, name),
            texts: self.texts.enter(&outer.texts, name),
            rules: self.rules.patterns.enter(&outer.rules, name),
            groups: self.groups.patterns.enter(&outer.groups, name),
        })
    }

    /// One task per name, in the order of theirs, then what only mine has.
    /// Names that only the base has were removed by both.
    fn members(&mut self, task: &Task, under: Option<usize>) {
        let (Some(mine), Some(theirs)) = (self.mine.document, self.theirs.document) else { return };
        let (Some(mine_id), Some(theirs_id)) = (task.mine, task.theirs) else { return };
        let in_base = self.base.document.map(|base| by_name(base, task.base)).unwrap_or_default();
        let in_mine = by_name(mine, task.mine);
        let in_theirs = by_name(theirs, task.theirs);
        let kept = |member: &Member| {
            member.base.is_some_and(|id| self.base.graded.is_kept(id))
                || member.mine.is_some_and(|id| self.mine.graded.is_kept(id))
                || member.theirs.is_some_and(|id| self.theirs.graded.is_kept(id))
        };
        let member = |name: &str| Member {
            name: name.to_owned(),
            base: in_base.get(name).copied(),
            mine: in_mine.get(name).copied(),
            theirs: in_theirs.get(name).copied(),
        };
        let class = |mine, theirs| (self.mine.graded.class(mine), self.theirs.graded.class(theirs));
        let differs = |member: &Member| {
            let (mine, theirs) = class(member.mine, member.theirs);
            mine != theirs
        };
        let of_theirs =
            theirs.members(theirs_id).map(|(name, id)| (in_mine.get(&name).copied(), Some(id), name));
        let of_mine = mine.members(mine_id).filter(|(name, _)| !in_theirs.contains_key(name));
        let all = of_theirs.chain(of_mine.map(|(name, id)| (Some(id), None, name)));
        let all: Vec<Member> = all
            .filter(|(mine, theirs, _)| matches!(class(*mine, *theirs), (mine, theirs) if mine != theirs))
            .map(|(_, _, name)| member(&name))
            .filter(|member| !kept(member))
            .collect();
        let groups = if self.may_have_groups(task, &all) {
            let names = in_base.keys().chain(in_mine.keys()).chain(in_theirs.keys());
            let there = names.map(|name| member(name)).filter(|member| !kept(member));
            let known: BTreeMap<Cow<'_, str>, bool> =
                there.map(|member| (Cow::Owned(member.name.clone()), differs(&member))).collect();
            self.groups_of(task, &known, member)
        } else {
            Vec::new()
        };
        let group_of: BTreeMap<String, usize> = groups
            .iter()
            .enumerate()
            .flat_map(|(at, group)| group.iter().map(move |member| (member.name.clone(), at)))
            .collect();
        let mut groups: Vec<Option<Vec<Member>>> = groups.into_iter().map(Some).collect();
        let parents = Some((theirs_id, mine_id));
        let mut below = Vec::new();
        for Member { name, base, mine, theirs } in all {
            let spots = Rc::clone(&task.spots);
            let mut task = Task { base, mine, theirs, step: task.step, parents, under, group: None, spots };
            let mut name = name;
            if let Some(group) = group_of.get(&name).and_then(|at| groups.get_mut(*at)) {
                // The row of a group stands where its first difference is.
                let Some(members) = group.take() else { continue };
                name = members.first().map_or(name, |first| first.name.clone());
                task.group = Some(self.found_groups.len());
                self.found_groups.push(members);
            } else {
                task.spots = self.spots(&task.spots, &name);
            }
            task.step = self.steps.push(task.step, Token::Member(name));
            below.push(task);
        }
        self.stack.extend(below.into_iter().rev());
    }
}
