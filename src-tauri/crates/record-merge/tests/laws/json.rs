//! JSON records: any record at all, and tidy ones whose places are known, so that edits can be told apart.

use crate::draw::Draw;

/// A JSON value as a tree, only here: the crate itself never has one.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    Leaf(String),
    List(Vec<Tree>),
    Members(Vec<(String, Tree)>),
}

impl Tree {
    pub fn leaf(text: impl Into<String>) -> Tree {
        Tree::Leaf(text.into())
    }

    /// The text; `style` shifts spaces, member order stays.
    fn write(&self, style: u8, out: &mut String) {
        let gap = ["", " ", "\n  ", "\t"][usize::from(style % 4)];
        match self {
            Tree::Leaf(lexeme) => out.push_str(lexeme),
            Tree::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    out.push_str(gap);
                    item.write(style, out);
                }
                out.push(']');
            }
            Tree::Members(members) => {
                out.push('{');
                for (at, (name, value)) in members.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    out.push_str(gap);
                    out.push('"');
                    out.push_str(name);
                    out.push_str("\":");
                    out.push_str(gap);
                    value.write(style, out);
                }
                out.push_str(if gap.contains('\n') { "\n}" } else { "}" });
            }
        }
    }

    pub fn source(&self, style: u8) -> String {
        let mut out = String::new();
        self.write(style, &mut out);
        out
    }
}

const LEAVES: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "1",
    "1.0",
    "1e0",
    "-0",
    "2",
    "1e400",
    "12345678901234567890",
    "\"\"",
    "\"a\"",
    "\"\\u0061\"",
    "\"b\"",
    "\"a \"",
    "\"b\\u00a0\"",
    "\"\\ud800\"",
    "\"é\"",
    "{}",
    "[]",
    "{\"d\":1,\"d\":2}",
    "9007199254740993",
    "9007199254740992",
    "0.10",
    "1E+5",
    "\"a\\nb\\nc\"",
    "\"a\\nB\\nc\"",
    "\"a\\nb\\nC\"",
    "\"a\\r\\nb\\r\\nc\"",
    "\"A\\nb\\nc\\n\"",
    "\"x\\nx\\nx\\ny\"",
    "\"x\\nx\\ny\"",
    "{\"$serde_json::private::Number\":\"12\"}",
    "\"2026-11-03\"",
    "\"the old drill is here\"",
];
const NAMES: &[&str] = &["a", "b", "c", "d", "\\u0061x", "é", "$x", "tags", "pos", "start", "end", "rev", ""];

fn leaf(d: &mut Draw) -> Tree {
    Tree::leaf(d.pick(LEAVES))
}

fn members(d: &mut Draw, depth: usize) -> Tree {
    let mut members: Vec<(String, Tree)> = Vec::new();
    for _ in 0..1 + d.below(6) {
        let name = d.pick(NAMES);
        let value = tree(d, depth);
        if members.iter().all(|(other, _)| other != name) {
            members.push((name.to_owned(), value));
        }
    }
    Tree::Members(members)
}

/// Any value; zeros make a leaf.
pub fn tree(d: &mut Draw, depth: usize) -> Tree {
    match if depth == 0 { 0 } else { d.below(10) } {
        0..=2 => leaf(d),
        3..=6 => members(d, depth - 1),
        7 => Tree::List((0..d.below(4)).map(|_| tree(d, depth - 1)).collect()),
        8 => Tree::List((0..d.below(5)).map(|_| leaf(d)).collect()),
        _ => identified(d, depth - 1),
    }
}

/// A list of objects with an `id` each, mostly its own.
fn identified(d: &mut Draw, depth: usize) -> Tree {
    let mut seen = std::collections::BTreeSet::new();
    let mut items = Vec::new();
    for _ in 0..1 + d.below(4) {
        let id = d.below(8);
        let spelled = if d.chance(16) { format!("{id}.0") } else { id.to_string() };
        let mut all = vec![("id".to_owned(), Tree::Leaf(spelled))];
        if let Tree::Members(more) = members(d, depth) {
            all.extend(more);
        }
        if seen.insert(id % 7) {
            items.push(Tree::Members(all));
        }
    }
    Tree::List(items)
}

/// Any record: mostly an object.
pub fn record(d: &mut Draw) -> Tree {
    if d.chance(16) { tree(d, 3) } else { members(d, 3) }
}

/// The node that some draws lead to, going down as far as they can.
fn descend<'t>(d: &mut Draw, tree: &'t mut Tree, depth: usize) -> &'t mut Tree {
    let inner = match tree {
        Tree::Members(members) => members.len(),
        Tree::List(items) => items.len(),
        Tree::Leaf(_) => 0,
    };
    if depth == 0 || inner == 0 {
        return tree;
    }
    let at = d.below(inner);
    match tree {
        Tree::Members(members) => descend(d, &mut members[at].1, depth - 1),
        Tree::List(items) => descend(d, &mut items[at], depth - 1),
        leaf => leaf,
    }
}

/// One change, as the bytes that make it: four for the place, one for what happens, one for a name, the rest for a value.
pub type Script = Vec<u8>;

fn script(d: &mut Draw) -> Script {
    (0..40).map(|_| d.byte()).collect()
}

pub fn scripts(d: &mut Draw) -> Vec<Script> {
    (0..d.below(6)).map(|_| script(d)).collect()
}

/// Changes that have something to do with others: at the same places, or the same in part.
pub fn related(d: &mut Draw, others: &[Script]) -> Vec<Script> {
    let one = |d: &mut Draw| match others.get(d.below(2 * others.len() + 1)) {
        Some(other) => {
            let kept = [4, 5, 6, 6, 10, 40][d.below(6)];
            let new = script(d);
            [&other[..kept], &new[kept..]].concat()
        }
        None => script(d),
    };
    (0..d.below(6)).map(|_| one(d)).collect()
}

pub fn changed(mut record: Tree, scripts: &[Script]) -> Tree {
    for script in scripts {
        change(&mut Draw::replay(script.clone()), &mut record);
    }
    record
}

fn change(d: &mut Draw, record: &mut Tree) {
    let place = [d.byte(), d.byte(), d.byte(), d.byte()];
    let what = d.below(16);
    let name = d.below(NAMES.len());
    let new = if d.chance(96) { tree(d, 2) } else { leaf(d) };
    let node = descend(&mut Draw::replay(place[1..].to_vec()), record, usize::from(place[0] % 4));
    match (what, node) {
        (0..=3, node) => *node = new,
        (4..=8, Tree::Members(members)) => {
            // the next name that is free
            let free = (0..NAMES.len())
                .map(|step| NAMES[(name + step) % NAMES.len()])
                .find(|name| members.iter().all(|(other, _)| other != name));
            if let Some(free) = free {
                let at = members.len() / 2;
                members.insert(at, (free.to_owned(), new));
            }
        }
        (4 | 5, Tree::List(items)) => items.push(new),
        (6..=8, Tree::List(items)) => {
            let item = Tree::Members(vec![
                ("id".to_owned(), Tree::leaf((name % 9).to_string())),
                ("v".to_owned(), new),
            ]);
            items.insert(d.below(items.len() + 1), item);
        }
        (9, Tree::Members(members)) => drop(members.pop()),
        (9, Tree::List(items)) => drop(items.pop()),
        (10, Tree::Leaf(text)) => respell(text),
        (11, Tree::Members(members)) => members.reverse(),
        (11, Tree::List(items)) => items.reverse(),
        (12, Tree::List(items)) if items.len() > 1 => {
            let moved = items.remove(name % items.len());
            items.push(moved);
        }
        (12 | 13, Tree::Members(members)) if !members.is_empty() => {
            drop(members.remove(name % members.len()))
        }
        (13, Tree::List(items)) if !items.is_empty() => drop(items.remove(name % items.len())),
        (14, node) => *node = Tree::leaf("null"),
        (_, node @ Tree::Leaf(_)) => *node = new,
        _ => {}
    }
}

fn respell(text: &mut String) {
    let other = match text.as_str() {
        "1" => "1.0",
        "1.0" => "10e-1",
        "\"a\"" => "\"\\u0061\"",
        "0.10" => "1e-1",
        _ => return,
    };
    *text = other.to_owned();
}

/// Members in the other order, everywhere.
pub fn turned(tree: &Tree) -> Tree {
    match tree {
        Tree::Leaf(text) => Tree::Leaf(text.clone()),
        Tree::List(items) => Tree::List(items.iter().map(turned).collect()),
        Tree::Members(members) => {
            Tree::Members(members.iter().rev().map(|(name, value)| (name.clone(), turned(value))).collect())
        }
    }
}

/// Other spellings everywhere.
pub fn respelled(tree: &Tree) -> Tree {
    match tree {
        Tree::Leaf(text) => {
            let mut text = text.clone();
            respell(&mut text);
            Tree::Leaf(text)
        }
        Tree::List(items) => Tree::List(items.iter().map(respelled).collect()),
        Tree::Members(members) => {
            Tree::Members(members.iter().map(|(name, value)| (name.clone(), respelled(value))).collect())
        }
    }
}
