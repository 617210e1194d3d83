//! Lists, by their mode: by identity, as sets, by neighbours, or as one value (merge.md 2.4).

use super::Slot;
use super::array::{self, Answer, Joined};
use super::graduate::{Graduate, Key, Keyed};
use super::order::{Order, moved, order};
use super::rows::{Told, Values};
use super::walk::{Found, Task, Walk};
use crate::blend::Blend;
use crate::json::NodeId;
use crate::json::classes::MISSING;
use crate::lookup::{self, Lookup};
use crate::model::{ArrayMode, Choice, Notice, Provenance, RowKind, Token};
use std::rc::Rc;

/// Names that identify elements without being declared. Never `name` or `type`: those may repeat tomorrow.
const INFERRED: &[&str] = &["id", "_id", "uid", "uuid", "@id", "key", "href"];

/// Lists whose elements are people, each known by an address; in lower case without `_` and `-`.
const PEOPLE: &[&str] = &[
    "attendees",
    "attendee",
    "participants",
    "members",
    "invitees",
    "invited",
    "recipients",
    "organizers",
    "organisers",
    "guests",
    "subscribers",
    "to",
    "cc",
    "bcc",
];

/// Lists of numbers that say one thing together: half of two places is a third one, where nobody is; spelled as above.
const ONE_THING: &[&str] = &[
    "coordinates",
    "coords",
    "coordinate",
    "position",
    "bbox",
    "boundingbox",
    "lnglat",
    "latlng",
    "rgb",
    "rgba",
];

/// A list by identity, in the three versions.
struct Known {
    keys: Vec<String>,
    base: Keyed,
    mine: Keyed,
    theirs: Keyed,
}

impl Walk<'_> {
    pub(super) fn array(&mut self, task: &Task, kind: RowKind, automatic: Option<Choice>) {
        let declared = self.declared(task);
        let keys = match &declared {
            Some(ArrayMode::Identity(keys)) => vec![keys.clone()],
            None => self.inferred(task),
            _ => Vec::new(),
        };
        if keys.into_iter().any(|keys| self.identity(task, keys)) {
            return;
        }
        if declared == Some(ArrayMode::Atomic) || (declared.is_none() && self.says_one_thing(task)) {
            return self.list_row(task, kind, automatic, ArrayMode::Atomic);
        }
        let set = declared == Some(ArrayMode::Set);
        // Only one side changed it: that change, whole.
        if automatic.is_some() {
            return self.one_sided(task, kind, automatic, set);
        }
        let Joined { answer, mode, notices } = self.joined(task, set);
        let mut told = Told { mode: Some(mode.clone()), notices, ..Told::default() };
        match answer {
            Answer::Same => {}
            Answer::Clean(text) => {
                told.rule = Some(if mode == ArrayMode::Set { Provenance::Set } else { Provenance::List });
                let blend = Some(Blend::done(text));
                self.told_row(task, RowKind::Combined, Some(Choice::Both), blend, told);
            }
            Answer::Clash(server_first, mine_first) => {
                told.turned = (mine_first != server_first).then_some(mine_first);
                self.told_row(task, kind, None, Some(Blend::done(server_first)), told);
            }
        }
    }

    fn list_row(&mut self, task: &Task, kind: RowKind, automatic: Option<Choice>, mode: ArrayMode) {
        let told = Told { mode: Some(mode), ..Told::default() };
        self.told_row(task, kind, automatic, None, told);
    }

    fn one_sided(&mut self, task: &Task, kind: RowKind, automatic: Option<Choice>, set: bool) {
        let [base, mine, theirs] = self.three_elements(task);
        let mode = if set { ArrayMode::Set } else { ArrayMode::Sequence };
        let mut notices = Vec::new();
        if !set {
            let entries = array::moves(&base, if automatic == Some(Choice::Mine) { &mine } else { &theirs });
            if !entries.is_empty() {
                notices.push(match automatic {
                    Some(Choice::Mine) => Notice::MovedByMe { entries },
                    _ => Notice::MovedByServer { entries },
                });
            }
        }
        let told = Told { mode: Some(mode), notices, ..Told::default() };
        self.told_row(task, kind, automatic, None, told);
    }

    fn inferred(&self, task: &Task) -> Vec<Vec<String>> {
        let mut keys: Vec<Vec<String>> = INFERRED.iter().map(|key| vec![(*key).to_owned()]).collect();
        if PEOPLE.contains(&self.plain_name(task).as_str()) {
            keys.push(vec!["email".to_owned()]);
        }
        keys
    }

    /// Only numbers, under a name that makes one thing of them.
    fn says_one_thing(&self, task: &Task) -> bool {
        let number = |text: &&str| text.starts_with(|first: char| first == '-' || first.is_ascii_digit());
        ONE_THING.contains(&self.plain_name(task).as_str())
            && self.three_elements(task).iter().all(|elements| elements.texts.iter().all(number))
    }

    /// The name of the list in lower case, without `_` and `-`.
    fn plain_name(&self, task: &Task) -> String {
        let name = self.steps.last_name(task.step).unwrap_or_default();
        name.chars().filter(|c| !matches!(c, '_' | '-')).flat_map(char::to_lowercase).collect()
    }

    fn joined(&self, task: &Task, set: bool) -> Joined {
        let source = self.theirs.text(task.theirs).unwrap_or_default();
        let [base, mine, theirs] = self.three_elements(task);
        if set {
            array::set(&base, &mine, &theirs, &source)
        } else {
            array::sequence(&base, &mine, &theirs, &source)
        }
    }

    /// One task per element by the values of its keys, and a row for their order where the sides disagree about it.
    /// False if not every element has keys of its own: then the array is not taken apart this way.
    fn identity(&mut self, task: &Task, keys: Vec<String>) -> bool {
        let (Some(base), Some(mine), Some(theirs)) = (
            self.base.keyed(task.base, &keys),
            self.mine.keyed(task.mine, &keys),
            self.theirs.keyed(task.theirs, &keys),
        ) else {
            return false;
        };
        let known = Known { keys, base, mine, theirs };
        let mode = ArrayMode::Identity(known.keys.clone());
        let sides = [&known.base, &known.mine, &known.theirs];
        let [base, mine, theirs] = sides.map(|side| side.iter().map(|(key, _)| key).collect::<Vec<&Key>>());
        let order = order(&base, &mine, &theirs);
        let added = task.base.is_none() || self.base.graded.class(task.base) == MISSING;
        let mut under = task.under;
        if added {
            let notices = if order == Order::Both { vec![Notice::Order] } else { Vec::new() };
            let told = Told { mode: Some(mode), notices, ..Told::default() };
            self.told_row(task, RowKind::AddedByBoth, Some(Choice::Both), None, told);
            under = Some(self.found.len() - 1);
        } else if order != Order::Same {
            self.reordered(task, &known, order, mode, [&base, &mine, &theirs]);
        }
        self.elements(task, &known, under);
        true
    }

    /// A row for the order of the elements. Its values are the keys of the elements that both sides have.
    fn reordered(
        &mut self,
        task: &Task,
        known: &Known,
        order: Order,
        mode: ArrayMode,
        keys: [&Vec<&Key>; 3],
    ) {
        let tokens = self.tokens(known);
        let [base, mine, theirs] = keys;
        let moved_by = |side: &Vec<&Key>| -> Vec<Token> {
            let moved = moved(base, side, true);
            side.iter()
                .filter(|key| moved.contains(*key))
                .filter_map(|key| tokens.get(key).cloned())
                .collect()
        };
        let (by_server, by_mine) = (moved_by(theirs), moved_by(mine));
        let mut notices = Vec::new();
        if order == Order::Both {
            notices.push(Notice::Order);
        }
        if !by_server.is_empty() {
            notices.push(Notice::MovedByServer { entries: by_server });
        }
        if !by_mine.is_empty() {
            notices.push(Notice::MovedByMe { entries: by_mine });
        }
        let [in_mine, in_theirs] = [mine, theirs].map(|side| side.iter().collect::<lookup::Known<_>>());
        let list = |side: &Vec<&Key>| -> String {
            let both = side.iter().filter(|key| in_mine.contains(key) && in_theirs.contains(key));
            let words: Vec<String> = both.filter_map(|key| tokens.get(key)).map(key_lexeme).collect();
            format!("[{}]", words.join(","))
        };
        let values = Values { before: Some(list(base)), mine: Some(list(mine)), theirs: Some(list(theirs)) };
        let (automatic, rule) = match order {
            Order::Mine => (Choice::Mine, Provenance::OnlyMine),
            Order::Theirs => (Choice::Theirs, Provenance::OnlyServer),
            _ => (Choice::Theirs, Provenance::ServerOrder),
        };
        let mut told = Told {
            mode: Some(mode),
            notices,
            rule: Some(rule),
            look: order == Order::Both,
            ..Told::default()
        };
        if order == Order::Both
            && let Some((choice, why)) = self.side(task)
        {
            told.answer = Some((choice, why));
            told.look = false;
        }
        let slot = Slot { mine: task.mine, theirs: task.theirs, under: task.under, ..Slot::default() };
        let path = self.steps.path(task.step);
        let kind = RowKind::Reordered;
        self.found.push(Found { path, kind, automatic: Some(automatic), values, slot, blend: None, told });
    }

    /// The identity of each element, as the base spells it: a path stays the same when the server changes again.
    fn tokens<'k>(&self, known: &'k Known) -> Lookup<&'k Key, Token> {
        let mut tokens = Lookup::default();
        let sides: [(&Graduate<'_>, &'k Keyed); 3] =
            [(&self.base, &known.base), (&self.theirs, &known.theirs), (&self.mine, &known.mine)];
        for (version, keyed) in sides {
            for (key, id) in keyed {
                tokens.entry(key).or_insert_with(|| version.identity_token(*id, &known.keys));
            }
        }
        tokens
    }

    fn elements(&mut self, task: &Task, known: &Known, under: Option<usize>) {
        let (Some(mine_array), Some(theirs_array)) = (task.mine, task.theirs) else { return };
        let [in_base, in_mine, in_theirs] = [&known.base, &known.mine, &known.theirs]
            .map(|side| side.iter().map(|(key, id)| (key, *id)).collect::<Lookup<&Key, NodeId>>());
        let mine_only = known.mine.iter().filter(|(key, _)| !in_theirs.contains_key(key));
        let mut below = Vec::new();
        for (key, _) in known.theirs.iter().chain(mine_only) {
            let (mine, theirs) = (in_mine.get(key).copied(), in_theirs.get(key).copied());
            if let (Some(mine), Some(theirs)) = (mine, theirs) {
                self.pairs.insert(mine, theirs);
            }
            if self.mine.graded.class(mine) == self.theirs.graded.class(theirs) {
                continue;
            }
            let base = in_base.get(key).copied();
            let spelled = [(&self.base, base), (&self.theirs, theirs), (&self.mine, mine)];
            let first = spelled.into_iter().find_map(|(version, id)| Some((version, id?)));
            let Some((version, id)) = first else { continue };
            let step = self.steps.push(task.step, version.identity_token(id, &known.keys));
            let parents = Some((theirs_array, mine_array));
            let spots = Rc::clone(&task.spots);
            below.push(Task { base, mine, theirs, step, parents, under, group: None, spots });
        }
        self.stack.extend(below.into_iter().rev());
    }
}

/// The key values of an identity: one value, or a list of them.
fn key_lexeme(token: &Token) -> String {
    let Token::Identity(keys) = token else { return "null".to_owned() };
    let values: Vec<&str> = keys.values().map(String::as_str).collect();
    match values.as_slice() {
        [one] => (*one).to_owned(),
        many => format!("[{}]", many.join(",")),
    }
}
