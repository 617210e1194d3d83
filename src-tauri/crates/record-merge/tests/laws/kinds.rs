//! Records of every kind that can be edited again and again: for the laws about more than one merge (L9, L11, L12).

use crate::cards;
use crate::common::plain;
use crate::draw::Draw;
use crate::given::{Three, decision};
use crate::json::Tree;
use crate::{strong, texts, tidy};
use record_merge::{Choice, Decision, Format, Group, Merge, Path, Policy, Token};
use std::collections::BTreeSet;

/// A kind of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// JSON in which every part of a list has an identity, or the list is a set.
    Json,
    /// JSON with lists in sequence and texts, too.
    Lists,
    /// A text document whose lines are all different.
    Text,
    /// A card, with properties that stand there several times and have no identity but their value.
    Vcard,
    /// A calendar, with such properties, too.
    Icalendar,
}

/// Where an entry is known by nothing but its value: "replaced" and "removed, and another put in" look the same there
/// once both are merged.
const BY_VALUE: &[&str] = &["steps", "tel", "comment", "x-r"];

impl Kind {
    pub fn format(self) -> Format {
        match self {
            Kind::Json | Kind::Lists => Format::Json,
            Kind::Text => Format::Text,
            Kind::Vcard => Format::Vcard,
            Kind::Icalendar => Format::Icalendar,
        }
    }

    pub fn three(self, base: &str, mine: &str, theirs: &str) -> Three {
        let [base, mine, theirs] = [base, mine, theirs].map(str::to_owned);
        let json = self.format() == Format::Json;
        let policy = if json { strong::policy() } else { Policy::default() };
        Three { format: self.format(), base, mine, theirs, policy }
    }

    /// A record. `made` counts what was made, so that nothing is made twice.
    pub fn record(self, d: &mut Draw, made: &mut usize) -> String {
        match self {
            Kind::Json | Kind::Lists => tidy::record(d, 2, self == Kind::Lists).source(d.byte()),
            Kind::Text => texts::document(d, made),
            Kind::Vcard | Kind::Icalendar => cards::document(d, self.format()),
        }
    }

    /// The record with one edit made; the same if the draws lead nowhere.
    pub fn edit(self, d: &mut Draw, source: &str, made: &mut usize) -> String {
        match self {
            Kind::Json | Kind::Lists => {
                let tree = tidy::read(source);
                let edit = tidy::edit(d, &tree, self == Kind::Lists);
                edit.map_or_else(|| source.to_owned(), |edit| tidy::edited(&tree, &[edit]).source(0))
            }
            Kind::Text => texts::document_edited(d, source, made),
            Kind::Vcard | Kind::Icalendar => cards::document_edited(d, self.format(), source),
        }
    }

    /// Up to so many edits.
    pub fn edits(self, d: &mut Draw, source: &str, made: &mut usize, at_most: usize) -> String {
        (0..d.below(at_most + 1)).fold(source.to_owned(), |now, _| self.edit(d, &now, made))
    }

    pub fn same(self, a: &str, b: &str) -> bool {
        match self {
            Kind::Json | Kind::Lists => plain(a) == plain(b),
            Kind::Text => a == b,
            Kind::Vcard | Kind::Icalendar => cards::seen(a) == cards::seen(b),
        }
    }

    /// What the record is made of: values, elements, lines, properties, each with its place.
    pub fn pieces(self, source: &str) -> BTreeSet<String> {
        match self {
            Kind::Json | Kind::Lists => {
                let mut all = BTreeSet::new();
                tree_pieces(&tidy::read(source), "", &mut all);
                all
            }
            // the line ends are a piece of their own
            Kind::Text => {
                source.lines().map(str::to_owned).chain([source.contains('\r').to_string()]).collect()
            }
            Kind::Vcard | Kind::Icalendar => cards::seen(source).into_iter().collect(),
        }
    }

    /// The place is one where entries, or lines, are known by their value only.
    pub fn by_value(self, path: &Path) -> bool {
        let known = |token: &Token| match token {
            Token::Member(name) => BY_VALUE.contains(&name.to_lowercase().as_str()),
            _ => false,
        };
        self == Kind::Text || path.0.iter().any(known)
    }

    /// Every open row decided by the draws, and now and then one that is merged by itself.
    pub fn decisions(self, m: &Merge, d: &mut Draw, made: &mut usize) -> Vec<Decision> {
        let mut all = Vec::new();
        for row in &m.rows {
            if row.group == Group::Automatic && !d.chance(32) {
                continue;
            }
            let text = |value: &Option<String>| value.as_ref().is_some_and(|value| value.starts_with('"'));
            *made += 1;
            let typed = format!("\"typed {made}{}\"", if self == Kind::Text { "\\n" } else { "" });
            let (choice, value) = match d.below(5) {
                0 => (Choice::Theirs, None),
                1 if row.with.is_empty() && text(&row.mine) && text(&row.theirs) => {
                    (Choice::Edit, Some(typed.as_str()))
                }
                2 if row.choices.contains(&Choice::Both) => (Choice::Both, None),
                _ => (Choice::Mine, None),
            };
            if row.choices.contains(&choice) {
                all.push(decision(m, &row.path, row.part, choice, value));
            }
        }
        all
    }
}

fn tree_pieces(tree: &Tree, place: &str, all: &mut BTreeSet<String>) {
    let leaf = |item: &Tree| matches!(item, Tree::Leaf(_));
    match tree {
        Tree::Members(members) => {
            all.insert(format!("{place} {{"));
            for (name, value) in members {
                tree_pieces(value, &format!("{place}/{name}"), all);
            }
        }
        Tree::List(items) if items.iter().all(leaf) => {
            all.insert(format!("{place} ["));
            all.extend(items.iter().map(|item| format!("{place} {}", plain(&item.source(0)))));
        }
        Tree::List(items) => {
            all.insert(format!("{place} ["));
            for item in items {
                tree_pieces(item, &format!("{place}/{}", tidy::id(item).unwrap_or_default()), all);
            }
        }
        Tree::Leaf(text) => {
            all.extend(plain(text).split("\\n").map(|line| format!("{place} {line}")));
        }
    }
}
