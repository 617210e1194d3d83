//! Goes through three documents at once, node by node, by the truth table. No recursion: depth costs no stack.

use super::table::{Seen, Verdict, verdict};
use super::{Merge, Slot, Values, Version, whole_kind};
use crate::equal::{Steps, by_name};
use crate::json::classes::{Classes, Graded};
use crate::json::{Document, NodeId};
use crate::model::{Choice, Path, RowKind, Token};

/// One version with its classes.
struct Graduate<'a> {
    document: Option<&'a Document>,
    graded: Graded,
}

impl<'a> Graduate<'a> {
    fn of(version: &'a Version, classes: &mut Classes, policy: &crate::model::Policy) -> Graduate<'a> {
        let document = version.document();
        let graded = document.map(|document| classes.of(document, &Path::root(), policy)).unwrap_or_default();
        Graduate { document, graded }
    }

    fn root(&self) -> Option<NodeId> {
        self.document.map(Document::root)
    }

    fn seen(&self, id: Option<NodeId>) -> Seen {
        let found = self.document.zip(id);
        Seen {
            class: self.graded.class(id),
            kind: found.map(|(document, id)| document.kind(id)),
            atomic: found.is_some_and(|(document, id)| document.is_atomic(id)),
        }
    }

    fn text(&self, id: Option<NodeId>) -> Option<String> {
        self.document.zip(id).map(|(document, id)| document.text(id).to_owned())
    }
}

/// A node that is still to be looked at.
#[derive(Clone, Copy)]
struct Task {
    base: Option<NodeId>,
    mine: Option<NodeId>,
    theirs: Option<NodeId>,
    step: Option<usize>,
    parents: Option<(NodeId, NodeId)>,
    under: Option<usize>,
}

struct Found {
    path: Path,
    kind: RowKind,
    automatic: Option<Choice>,
    values: Values,
    slot: Slot,
}

struct Walk<'a> {
    base: Graduate<'a>,
    mine: Graduate<'a>,
    theirs: Graduate<'a>,
    steps: Steps,
    stack: Vec<Task>,
    found: Vec<Found>,
}

impl Merge {
    pub(super) fn walk(&mut self) {
        let mut classes = Classes::default();
        let mut walk = Walk {
            base: Graduate::of(&self.base, &mut classes, &self.policy),
            mine: Graduate::of(&self.mine, &mut classes, &self.policy),
            theirs: Graduate::of(&self.theirs, &mut classes, &self.policy),
            steps: Steps::default(),
            stack: Vec::new(),
            found: Vec::new(),
        };
        walk.run();
        for found in walk.found {
            self.push(found.path, found.kind, found.automatic, found.values, found.slot);
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
        });
        while let Some(task) = self.stack.pop() {
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
                Verdict::Array(kind, automatic) | Verdict::Row(kind, automatic) => {
                    self.row(&task, kind, automatic);
                }
            }
        }
    }

    fn row(&mut self, task: &Task, kind: RowKind, automatic: Option<Choice>) {
        let values = Values {
            before: self.base.text(task.base),
            mine: self.mine.text(task.mine),
            theirs: self.theirs.text(task.theirs),
        };
        let slot = Slot { parents: task.parents, mine: task.mine, theirs: task.theirs, under: task.under };
        let path = self.steps.path(task.step);
        let kind = if path.is_root() { whole_kind(kind) } else { kind };
        self.found.push(Found { path, kind, automatic, values, slot });
    }

    /// One task per name, in the order of theirs, then what only mine has.
    /// Names that only the base has were removed by both.
    fn members(&mut self, task: &Task, under: Option<usize>) {
        let (Some(mine), Some(theirs)) = (self.mine.document, self.theirs.document) else { return };
        let (Some(mine_id), Some(theirs_id)) = (task.mine, task.theirs) else { return };
        let in_base = self.base.document.map(|base| by_name(base, task.base)).unwrap_or_default();
        let in_mine = by_name(mine, task.mine);
        let in_theirs = by_name(theirs, task.theirs);
        let mut below = Vec::new();
        let theirs_names = theirs.members(theirs_id).map(|(name, id)| (name, Some(id)));
        let mine_names = mine.members(mine_id).filter(|(name, _)| !in_theirs.contains_key(name));
        for (name, theirs_node) in theirs_names.chain(mine_names.map(|(name, _)| (name, None))) {
            let base_node = in_base.get(&name).copied();
            let mine_node = in_mine.get(&name).copied();
            let kept = base_node.is_some_and(|id| self.base.graded.is_kept(id))
                || mine_node.is_some_and(|id| self.mine.graded.is_kept(id))
                || theirs_node.is_some_and(|id| self.theirs.graded.is_kept(id));
            if kept || self.mine.graded.class(mine_node) == self.theirs.graded.class(theirs_node) {
                continue;
            }
            let step = self.steps.push(task.step, Token::Member(name.into_owned()));
            let parents = Some((theirs_id, mine_id));
            below.push(Task { base: base_node, mine: mine_node, theirs: theirs_node, step, parents, under });
        }
        self.stack.extend(below.into_iter().rev());
    }
}
