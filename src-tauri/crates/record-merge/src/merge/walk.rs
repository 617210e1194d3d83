//! Goes through three documents at once, node by node, by the truth table. No recursion: depth costs no stack.

use super::array::Elements;
use super::graduate::Graduate;
use super::groups::{Groups, Member};
use super::rules::{Rules, Ruling};
use super::table::{Verdict, verdict};
use super::{Merge, Slot, Told, Values, asks, whole_kind};
use crate::blend::{Blend, proposal, strings};
use crate::equal::{Steps, by_name};
use crate::json::classes::Classes;
use crate::json::{Kind, NodeId};
use crate::model::{ArrayMode, Choice, Path, Policy, RowKind, Token};
use crate::pattern::Pattern;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The declared modes, the most exact pattern first.
fn modes(policy: &Policy) -> Vec<(Pattern, ArrayMode)> {
    let mut all: Vec<(&String, &ArrayMode)> = policy.arrays.iter().collect();
    all.sort_by_key(|(text, _)| (text.contains('*'), std::cmp::Reverse(text.len())));
    all.into_iter().map(|(text, mode)| (Pattern::new(text), mode.clone())).collect()
}

/// A node that is still to be looked at.
#[derive(Clone, Copy)]
pub(super) struct Task {
    pub(super) base: Option<NodeId>,
    pub(super) mine: Option<NodeId>,
    pub(super) theirs: Option<NodeId>,
    pub(super) step: Option<usize>,
    pub(super) parents: Option<(NodeId, NodeId)>,
    pub(super) under: Option<usize>,
    /// Which of the groups found this is about, instead of one node.
    pub(super) group: Option<usize>,
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
    modes: Vec<(Pattern, ArrayMode)>,
    texts: Vec<Pattern>,
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
            texts: self.policy.texts.iter().map(|text| Pattern::new(text)).collect(),
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
        });
        while let Some(task) = self.stack.pop() {
            if let Some(members) = task.group.and_then(|at| self.found_groups.get_mut(at)).map(std::mem::take)
            {
                self.group(&task, members);
                continue;
            }
            let answer =
                verdict(self.base.seen(task.base), self.mine.seen(task.mine), self.theirs.seen(task.theirs));
            match answer {
                Verdict::Agreed => {}
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
                Verdict::Row(kind, automatic) => self.row(&task, kind, automatic),
            }
        }
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
        let seen = [self.base.seen(task.base), self.mine.seen(task.mine), self.theirs.seen(task.theirs)];
        let texts = match self.three_texts(task) {
            [Some(base), Some(mine), Some(theirs)]
                if seen.iter().all(|seen| seen.kind == Some(Kind::String)) =>
            {
                [base, mine, theirs]
            }
            _ => return self.row(task, RowKind::EditedDifferently, None),
        };
        let declared = self.is_text(task.step);
        let [base, mine, theirs] = &texts;
        match strings(base, mine, theirs, self.policy.words, declared) {
            Some(blend) => {
                self.told_row(task, RowKind::Combined, Some(Choice::Both), Some(blend), Told::default());
            }
            None => {
                let told = Told { suggestion: proposal(base, mine, theirs), ..Told::default() };
                self.told_row(task, RowKind::EditedDifferently, None, None, told);
            }
        }
    }

    /// The policy says that the string there is a text.
    fn is_text(&self, step: Option<usize>) -> bool {
        if self.texts.is_empty() {
            return false;
        }
        let names = self.steps.names(step);
        self.texts.iter().any(|pattern| pattern.matches(&names))
    }

    pub(super) fn three_texts(&self, task: &Task) -> [Option<String>; 3] {
        [self.base.text(task.base), self.mine.text(task.mine), self.theirs.text(task.theirs)]
    }

    pub(super) fn three_elements(&self, task: &Task) -> [Elements<'_>; 3] {
        [self.base.elements(task.base), self.mine.elements(task.mine), self.theirs.elements(task.theirs)]
    }

    /// The mode the policy gives to the array there.
    pub(super) fn declared(&self, step: Option<usize>) -> Option<ArrayMode> {
        if self.modes.is_empty() {
            return None;
        }
        let names = self.steps.names(step);
        self.modes.iter().find(|(pattern, _)| pattern.matches(&names)).map(|(_, mode)| mode.clone())
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
        let mine_names =
            mine.members(mine_id).map(|(name, _)| name).filter(|name| !in_theirs.contains_key(name));
        let names = theirs.members(theirs_id).map(|(name, _)| name).chain(mine_names);
        let all: Vec<Member> = names.map(|name| member(&name)).filter(|member| !kept(member)).collect();
        let differs =
            |member: &Member| self.mine.graded.class(member.mine) != self.theirs.graded.class(member.theirs);
        let mut known: BTreeMap<Cow<'_, str>, bool> =
            all.iter().map(|member| (Cow::Borrowed(member.name.as_str()), differs(member))).collect();
        for name in in_base.keys().filter(|name| !kept(&member(name))) {
            known.entry(Cow::Borrowed(name)).or_insert(false);
        }
        let groups = self.groups_of(task, &known, member);
        let group_of: BTreeMap<String, usize> = groups
            .iter()
            .enumerate()
            .flat_map(|(at, group)| group.iter().map(move |member| (member.name.clone(), at)))
            .collect();
        let mut groups: Vec<Option<Vec<Member>>> = groups.into_iter().map(Some).collect();
        let parents = Some((theirs_id, mine_id));
        let mut below = Vec::new();
        for Member { name, base, mine, theirs } in all.into_iter().filter(|member| differs(member)) {
            let mut task = Task { base, mine, theirs, step: task.step, parents, under, group: None };
            let mut name = name;
            if let Some(group) = group_of.get(&name).and_then(|at| groups.get_mut(*at)) {
                // The row of a group stands where its first difference is.
                let Some(members) = group.take() else { continue };
                name = members.first().map_or(name, |first| first.name.clone());
                task.group = Some(self.found_groups.len());
                self.found_groups.push(members);
            }
            task.step = self.steps.push(task.step, Token::Member(name));
            below.push(task);
        }
        self.stack.extend(below.into_iter().rev());
    }
}
