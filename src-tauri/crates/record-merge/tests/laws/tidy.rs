//! Tidy records: unique names, lists with identities, sets, sequences and texts whose parts are all different. Edits know
//! the place they touch, so that it can be said which of them do not meet.

use crate::draw::Draw;
use crate::json::Tree;
use record_merge::json::{Document, Kind, NodeId};

/// What stands under a name. No two of the names belong together by themselves (start/end and the like).
#[derive(Clone, Copy, PartialEq)]
enum Sort {
    Value,
    Group,
    Entries,
    Set,
    Text,
    Steps,
    Piece,
}

const NAMES: &[(&str, Sort)] = &[
    ("name", Sort::Value),
    ("phone", Sort::Value),
    ("price", Sort::Value),
    ("due", Sort::Value),
    ("a~1b", Sort::Value),
    ("place", Sort::Group),
    ("settings", Sort::Group),
    ("lines", Sort::Entries),
    ("comments", Sort::Entries),
    ("tags", Sort::Set),
    ("note", Sort::Text),
    ("steps", Sort::Steps),
    ("pos", Sort::Piece),
];

fn sort(name: &str) -> Sort {
    NAMES.iter().find(|(known, _)| *known == name).map_or(Sort::Value, |(_, sort)| *sort)
}

/// A value that is not there yet, most likely.
fn value(d: &mut Draw) -> Tree {
    let n = d.byte();
    Tree::leaf(match d.below(7) {
        0 => format!("{n}"),
        1 => format!("{n}.50"),
        2 => format!("\"v{n}\""),
        3 => format!("\"\\u00e9 {n}\""),
        4 => format!("{n}e3"),
        5 => format!("\"a\\/{n}\""),
        _ => "null".to_owned(),
    })
}

fn line(prefix: &str, number: usize) -> String {
    format!("{prefix} line {number}")
}

fn made(d: &mut Draw, sort: Sort, depth: usize, lists: bool) -> Tree {
    match sort {
        Sort::Group if depth > 0 => record(d, depth - 1, lists),
        Sort::Entries if depth > 0 => {
            let ids: std::collections::BTreeSet<usize> = (0..d.below(5)).map(|_| d.below(12)).collect();
            Tree::List(ids.into_iter().map(|id| entry(d, id, depth - 1, lists)).collect())
        }
        Sort::Set => {
            let all: std::collections::BTreeSet<usize> = (0..d.below(5)).map(|_| d.below(16)).collect();
            Tree::List(all.into_iter().map(|n| Tree::leaf(format!("\"t{n}\""))).collect())
        }
        Sort::Text => {
            let lines: Vec<String> = (0..7 + d.below(4)).map(|n| line("first", n)).collect();
            Tree::leaf(format!("\"{}\\n\"", lines.join("\\n")))
        }
        Sort::Steps => Tree::List((0..7 + d.below(4)).map(|n| Tree::leaf(format!("\"s{n}\""))).collect()),
        Sort::Piece => Tree::List(vec![value(d), value(d)]),
        _ => value(d),
    }
}

fn entry(d: &mut Draw, id: usize, depth: usize, lists: bool) -> Tree {
    let Tree::Members(mut members) = record(d, depth, lists) else { return Tree::leaf("null") };
    members.insert(0, ("id".to_owned(), Tree::leaf(id.to_string())));
    Tree::Members(members)
}

/// A record; without `lists` it has neither long texts nor lists in sequence.
pub fn record(d: &mut Draw, depth: usize, lists: bool) -> Tree {
    let mut members: Vec<(String, Tree)> = Vec::new();
    for _ in 0..2 + d.below(5) {
        let (name, sort) = NAMES[d.below(NAMES.len())];
        let asked_for = lists || !matches!(sort, Sort::Text | Sort::Steps);
        if asked_for && members.iter().all(|(other, _)| other != name) {
            members.push((name.to_owned(), made(d, sort, depth, lists)));
        }
    }
    Tree::Members(members)
}

/// What an edit does at its place.
#[derive(Clone, Debug)]
enum What {
    Put(Tree),
    Drop,
    AddToSet(String),
    DropFromSet(String),
    /// Before, instead of (`true`) or without the line or step of that number.
    Replace(usize, String),
    Behind(usize, String),
    Without(usize),
}

/// One edit and the place it touches.
#[derive(Clone, Debug)]
pub struct Edit {
    place: Vec<String>,
    what: What,
}

impl Edit {
    /// The place with the part of a set, text or list.
    fn touched(&self) -> Vec<String> {
        let mut place = self.place.clone();
        match &self.what {
            What::AddToSet(value) | What::DropFromSet(value) => place.push(format!("={value}")),
            What::Replace(at, _) | What::Behind(at, _) | What::Without(at) => place.push(format!("#{at}")),
            What::Put(_) | What::Drop => {}
        }
        place
    }

    /// Neither touches what the other touches, or something in it or around it.
    pub fn apart(&self, other: &Edit) -> bool {
        self.touched().iter().zip(&other.touched()).any(|(a, b)| a != b)
    }
}

/// An edit of the record; `None` if the draws lead nowhere.
pub fn edit(d: &mut Draw, tree: &Tree, lists: bool) -> Option<Edit> {
    let mut place: Vec<String> = Vec::new();
    let mut node = tree;
    for _ in 0..8 {
        let Tree::Members(members) = node else { return None };
        let known = members.iter().filter(|(name, _)| name != "id").count();
        let at = d.below(known + 1);
        let Some((name, child)) = members.iter().filter(|(name, _)| name != "id").nth(at) else {
            let (name, sort) = NAMES[d.below(NAMES.len())];
            let free = members.iter().all(|(other, _)| other != name);
            place.push(name.to_owned());
            let asked_for = lists || !matches!(sort, Sort::Text | Sort::Steps);
            return (free && asked_for).then(|| Edit { place, what: What::Put(made(d, sort, 1, lists)) });
        };
        place.push(name.clone());
        if d.chance(24) {
            return Some(Edit { place, what: What::Drop });
        }
        let what = match (sort(name), child) {
            (Sort::Group, Tree::Members(_)) => {
                node = child;
                continue;
            }
            (Sort::Entries, Tree::List(items)) => {
                let at = d.below(items.len() + 2);
                let Some(item) = items.get(at) else {
                    let id = 12 + d.below(12);
                    place.push(format!("id={id}"));
                    return Some(Edit { place, what: What::Put(entry(d, id, 0, lists)) });
                };
                place.push(format!("id={}", id(item)?));
                if d.chance(48) {
                    return Some(Edit { place, what: What::Drop });
                }
                node = item;
                continue;
            }
            (Sort::Set, Tree::List(items)) => match items.get(d.below(items.len() + 2)) {
                Some(Tree::Leaf(value)) => What::DropFromSet(value.clone()),
                _ => What::AddToSet(format!("\"t{}\"", 16 + d.below(16))),
            },
            (Sort::Text | Sort::Steps, child) => {
                let count = parts(child).len();
                let at = 2 * d.below(count.div_ceil(2));
                let new = format!("changed {at} {}", d.byte());
                match d.below(3) {
                    0 => What::Replace(at, new),
                    1 => What::Behind(at, new),
                    _ => What::Without(at),
                }
            }
            _ => What::Put(value(d)),
        };
        return Some(Edit { place, what });
    }
    None
}

/// Some edits of the record that do not meet each other.
pub fn edits(d: &mut Draw, tree: &Tree, at_most: usize, lists: bool) -> Vec<Edit> {
    let mut all: Vec<Edit> = Vec::new();
    for _ in 0..d.below(at_most + 1) {
        if let Some(edit) = edit(d, tree, lists)
            && all.iter().all(|other| edit.apart(other))
        {
            all.push(edit);
        }
    }
    all
}

pub fn id(item: &Tree) -> Option<&str> {
    let Tree::Members(members) = item else { return None };
    members.iter().find(|(name, _)| name == "id").and_then(|(_, value)| match value {
        Tree::Leaf(text) => Some(text.as_str()),
        _ => None,
    })
}

/// Lines of a text or steps of a list, spelled.
fn parts(tree: &Tree) -> Vec<String> {
    match tree {
        Tree::Leaf(text) => text.trim_matches('"').split_inclusive("\\n").map(str::to_owned).collect(),
        Tree::List(items) => items.iter().map(|item| item.source(0)).collect(),
        Tree::Members(_) => Vec::new(),
    }
}

fn assembled(like: &Tree, parts: Vec<String>) -> Tree {
    match like {
        Tree::Leaf(_) => Tree::leaf(format!("\"{}\"", parts.concat())),
        _ => Tree::List(parts.into_iter().map(Tree::Leaf).collect()),
    }
}

/// The record with the edits made, in any order.
pub fn edited(tree: &Tree, edits: &[Edit]) -> Tree {
    let mut tree = tree.clone();
    let mut edits: Vec<&Edit> = edits.iter().collect();
    // the last lines first: numbers are those of the record before
    edits.sort_by_key(|edit| match edit.what {
        What::Replace(at, _) | What::Behind(at, _) | What::Without(at) => std::cmp::Reverse(at),
        _ => std::cmp::Reverse(usize::MAX),
    });
    for edit in edits {
        make(&mut tree, &edit.place, &edit.what);
    }
    tree
}

fn make(tree: &mut Tree, place: &[String], what: &What) {
    let Some((step, rest)) = place.split_first() else { return inside(tree, what) };
    match tree {
        Tree::Members(members) => {
            let at = members.iter().position(|(name, _)| name == step);
            match (at, what) {
                (Some(at), What::Drop) if rest.is_empty() => drop(members.remove(at)),
                (Some(at), _) => make(&mut members[at].1, rest, what),
                (None, What::Put(new)) if rest.is_empty() => members.push((step.clone(), new.clone())),
                (None, _) => {}
            }
        }
        Tree::List(items) => {
            let at = items.iter().position(|item| id(item).is_some_and(|id| *step == format!("id={id}")));
            match (at, what) {
                (Some(at), What::Drop) if rest.is_empty() => drop(items.remove(at)),
                (Some(at), _) => make(&mut items[at], rest, what),
                (None, What::Put(new)) if rest.is_empty() => items.push(new.clone()),
                (None, _) => {}
            }
        }
        Tree::Leaf(_) => {}
    }
}

fn inside(node: &mut Tree, what: &What) {
    if let What::Put(new) = what {
        *node = new.clone();
        return;
    }
    let mut all = parts(node);
    let is_text = matches!(node, Tree::Leaf(_));
    let spelled = |text: &String| if is_text { format!("{text}\\n") } else { format!("\"{text}\"") };
    match what {
        What::AddToSet(value) => all.push(value.clone()),
        What::DropFromSet(value) => all.retain(|other| other != value),
        What::Replace(at, text) if *at < all.len() => all[*at] = spelled(text),
        What::Behind(at, text) if *at < all.len() => all.insert(at + 1, spelled(text)),
        What::Without(at) if *at < all.len() => drop(all.remove(*at)),
        _ => {}
    }
    *node = assembled(node, all);
}

/// A source read back, to edit it again.
pub fn read(source: &str) -> Tree {
    fn go(document: &Document, id: NodeId) -> Tree {
        match document.kind(id) {
            Kind::Object => Tree::Members(
                document
                    .children(id)
                    .map(|child| {
                        (document.name_text(child).trim_matches('"').to_owned(), go(document, child))
                    })
                    .collect(),
            ),
            Kind::Array => Tree::List(document.children(id).map(|child| go(document, child)).collect()),
            _ => Tree::leaf(document.text(id)),
        }
    }
    let document = Document::parse(source.as_bytes()).unwrap();
    go(&document, document.root())
}
