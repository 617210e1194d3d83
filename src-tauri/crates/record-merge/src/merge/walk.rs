//! Goes through three documents at once, node by node, by the truth table. No recursion: depth costs no stack.

use super::array::{self, Elements, Joined};
use super::table::{Seen, Verdict, verdict};
use super::{Merge, Slot, Values, Version, whole_kind};
use crate::blend::{Blend, strings};
use crate::equal::{Steps, by_name};
use crate::json::classes::MISSING;
use crate::json::classes::{Classes, Graded};
use crate::json::{Document, Kind, NodeId};
use crate::model::{ArrayMode, Choice, Path, Policy, RowKind, Token};
use crate::pattern::Pattern;
use std::collections::BTreeMap;

/// Names that identify elements without being declared. Never `name` or `type`: those may repeat tomorrow.
const INFERRED: &[&str] = &["id", "_id", "uid", "uuid", "@id", "key", "href"];

/// The classes of an element's key values.
type Key = Vec<u32>;
type Keyed = Vec<(Key, NodeId)>;

/// The declared modes, the most exact pattern first.
fn modes(policy: &Policy) -> Vec<(Pattern, ArrayMode)> {
    let mut all: Vec<(&String, &ArrayMode)> = policy.arrays.iter().collect();
    all.sort_by_key(|(text, _)| (text.contains('*'), std::cmp::Reverse(text.len())));
    all.into_iter().map(|(text, mode)| (Pattern::new(text), mode.clone())).collect()
}

/// One version with its classes.
struct Graduate<'a> {
    document: Option<&'a Document>,
    graded: Graded,
}

impl<'a> Graduate<'a> {
    fn of(version: &'a Version, classes: &mut Classes, policy: &Policy) -> Graduate<'a> {
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

    fn elements(&self, id: Option<NodeId>) -> Elements<'a> {
        let mut elements = Elements { classes: Vec::new(), texts: Vec::new() };
        if let Some((document, id)) =
            self.document.zip(id).filter(|(document, id)| document.kind(*id) == Kind::Array)
        {
            for child in document.children(id) {
                elements.classes.push(self.graded.class(Some(child)));
                elements.texts.push(document.text(child));
            }
        }
        elements
    }

    /// The elements by the classes of their keys; `None` if one is no object with these keys, or two have the same.
    fn keyed(&self, id: Option<NodeId>, keys: &[String]) -> Option<Keyed> {
        let Some((document, id)) =
            self.document.zip(id).filter(|(document, id)| document.kind(*id) == Kind::Array)
        else {
            return Some(Vec::new());
        };
        let mut keyed: Keyed = Vec::new();
        let mut seen = std::collections::BTreeSet::new();
        for child in document.children(id) {
            if document.kind(child) != Kind::Object || document.is_atomic(child) || keys.is_empty() {
                return None;
            }
            let mut key = Vec::new();
            for name in keys {
                let value = document.member(child, name)?;
                if !matches!(document.kind(value), Kind::String | Kind::Number) {
                    return None;
                }
                key.push(self.graded.class(Some(value)));
            }
            if !seen.insert(key.clone()) {
                return None;
            }
            keyed.push((key, child));
        }
        Some(keyed)
    }

    fn identity_token(&self, id: NodeId, keys: &[String]) -> Token {
        let value = |name: &String| {
            let document = self.document?;
            Some((name.clone(), document.text(document.member(id, name)?).to_owned()))
        };
        Token::Identity(keys.iter().filter_map(value).collect())
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
    blend: Option<Blend>,
}

struct Walk<'a> {
    policy: &'a Policy,
    modes: Vec<(Pattern, ArrayMode)>,
    pairs: BTreeMap<NodeId, NodeId>,
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
            policy: &self.policy,
            modes: modes(&self.policy),
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
            match found.blend {
                Some(blend) if found.automatic == Some(Choice::Both) => {
                    self.push_blend(found.path, found.values, found.slot, blend);
                }
                blend => {
                    let slot = Slot { blend, ..found.slot };
                    self.push(found.path, found.kind, found.automatic, found.values, slot);
                }
            }
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
                Verdict::Array(kind, automatic) => self.array(&task, kind, automatic),
                Verdict::Row(RowKind::EditedDifferently, None) => self.text(&task),
                Verdict::Row(kind, automatic) => self.row(&task, kind, automatic),
            }
        }
    }

    fn row(&mut self, task: &Task, kind: RowKind, automatic: Option<Choice>) {
        self.blended_row(task, kind, automatic, None);
    }

    fn blended_row(&mut self, task: &Task, kind: RowKind, automatic: Option<Choice>, blend: Option<Blend>) {
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
            blend: None,
        };
        let path = self.steps.path(task.step);
        let kind = if path.is_root() { whole_kind(kind) } else { kind };
        self.found.push(Found { path, kind, automatic, values, slot, blend });
    }

    /// Both changed it differently: line by line if it is a long text on all sides.
    fn text(&mut self, task: &Task) {
        let seen = [self.base.seen(task.base), self.mine.seen(task.mine), self.theirs.seen(task.theirs)];
        let texts = [self.base.text(task.base), self.mine.text(task.mine), self.theirs.text(task.theirs)];
        let blend = match texts {
            [Some(base), Some(mine), Some(theirs)]
                if seen.iter().all(|seen| seen.kind == Some(Kind::String)) =>
            {
                strings(&base, &mine, &theirs, self.policy.words)
            }
            _ => None,
        };
        match blend {
            Some(blend) => self.blended_row(task, RowKind::Combined, Some(Choice::Both), Some(blend)),
            None => self.row(task, RowKind::EditedDifferently, None),
        }
    }

    fn array(&mut self, task: &Task, kind: RowKind, automatic: Option<Choice>) {
        let declared = self.declared(task.step);
        let keys = match &declared {
            Some(ArrayMode::Identity(keys)) => vec![keys.clone()],
            None => INFERRED.iter().map(|key| vec![(*key).to_owned()]).collect(),
            _ => Vec::new(),
        };
        if keys.iter().any(|keys| self.identity(task, keys)) {
            return;
        }
        // Only one side changed it: that change, whole.
        if automatic.is_some() || declared == Some(ArrayMode::Atomic) {
            return self.row(task, kind, automatic);
        }
        match self.joined(task, declared == Some(ArrayMode::Set)) {
            Joined::Same => {}
            Joined::Clean(blend) => {
                self.blended_row(task, RowKind::Combined, Some(Choice::Both), Some(blend))
            }
            Joined::Clash(blend) => self.blended_row(task, kind, None, blend),
        }
    }

    /// The mode the policy gives to the array there.
    fn declared(&self, step: Option<usize>) -> Option<ArrayMode> {
        if self.modes.is_empty() {
            return None;
        }
        let names = self.steps.names(step);
        self.modes.iter().find(|(pattern, _)| pattern.matches(&names)).map(|(_, mode)| mode.clone())
    }

    fn joined(&self, task: &Task, set: bool) -> Joined {
        let source = self.theirs.text(task.theirs).unwrap_or_default();
        let (base, mine) = (self.base.elements(task.base), self.mine.elements(task.mine));
        let theirs = self.theirs.elements(task.theirs);
        let as_set = if set { array::set(&base, &mine, &theirs, &source) } else { None };
        as_set.unwrap_or_else(|| array::sequence(&base, &mine, &theirs, &source))
    }

    /// One task per element by the values of its keys. False if not every element has its own, or if the two sides
    /// disagree about the order: then the array is not taken apart this way.
    fn identity(&mut self, task: &Task, keys: &[String]) -> bool {
        let (Some(mine_array), Some(theirs_array)) = (task.mine, task.theirs) else { return false };
        let (Some(base), Some(mine), Some(theirs)) = (
            self.base.keyed(task.base, keys),
            self.mine.keyed(task.mine, keys),
            self.theirs.keyed(task.theirs, keys),
        ) else {
            return false;
        };
        let order = |side: &Keyed, other: &Keyed| {
            let places: BTreeMap<&Key, usize> =
                other.iter().enumerate().map(|(at, (key, _))| (key, at)).collect();
            side.iter().filter_map(|(key, _)| places.get(key)).is_sorted()
        };
        if !order(&mine, &theirs) || !order(&base, &theirs) || !order(&base, &mine) {
            return false;
        }
        let added = task.base.is_none() || self.base.graded.class(task.base) == MISSING;
        let under = if added {
            self.row(task, RowKind::AddedByBoth, Some(Choice::Both));
            Some(self.found.len() - 1)
        } else {
            task.under
        };
        let [in_base, in_mine, in_theirs] = [&base, &mine, &theirs]
            .map(|side| side.iter().map(|(key, id)| (key, *id)).collect::<BTreeMap<&Key, NodeId>>());
        let mine_only = mine.iter().filter(|(key, _)| !in_theirs.contains_key(key));
        let mut below = Vec::new();
        for (key, node) in theirs.iter().chain(mine_only) {
            let (mine_node, theirs_node) = (in_mine.get(key).copied(), in_theirs.get(key).copied());
            if let (Some(mine_node), Some(theirs_node)) = (mine_node, theirs_node) {
                self.pairs.insert(mine_node, theirs_node);
            }
            if self.mine.graded.class(mine_node) == self.theirs.graded.class(theirs_node) {
                continue;
            }
            let base_node = in_base.get(key).copied();
            // As the base spells the key: the path stays the same when the server changes again.
            let token = match base_node {
                Some(base_node) => self.base.identity_token(base_node, keys),
                None if theirs_node.is_some() => self.theirs.identity_token(*node, keys),
                None => self.mine.identity_token(*node, keys),
            };
            let step = self.steps.push(task.step, token);
            let parents = Some((theirs_array, mine_array));
            below.push(Task { base: base_node, mine: mine_node, theirs: theirs_node, step, parents, under });
        }
        self.stack.extend(below.into_iter().rev());
        true
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
