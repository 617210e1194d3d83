//! Names of places in a record, and sets of places.

use super::CollectionSchema;
use super::card::{is_card, word_of};
use super::lookup::Lookup;
use super::schema::Field;
use super::title::TITLE_MEMBERS;
use super::value::{scalar_text, string_of};
use super::words::{capitalised, label};
use record_merge::json::{Kind, NodeId, quote};
use record_merge::{Format, Path, Policy, Token, equal};
use std::collections::BTreeSet;

/// The name of the place of a whole record.
pub(crate) const WHOLE: &str = "Whole record";

/// A place in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Its own name.
    pub(crate) label: String,
    /// Names of what is around it, outermost first.
    pub(crate) breadcrumbs: Vec<String>,
}

impl Place {
    /// Names a path. Elements of lists are named by what stands in them, in the first of `versions` that has them.
    pub(crate) fn of(path: &Path, schema: &CollectionSchema, versions: &[&Lookup]) -> Self {
        let mut names = Vec::new();
        let mut field = Some(&schema.root);
        let mut nodes: Vec<(&Lookup, Option<NodeId>)> =
            versions.iter().map(|l| (*l, Some(l.root()))).collect();
        for token in &path.0 {
            let in_list =
                nodes.iter().any(|(l, id)| id.is_some_and(|id| l.document().kind(id) == Kind::Array));
            for (lookup, id) in &mut nodes {
                *id = id.and_then(|id| lookup.step(id, token));
            }
            field = field.and_then(|field| field.step(token));
            names.push(match token {
                Token::Member(name) if !in_list => named(name, field),
                _ => nodes
                    .iter()
                    .find_map(|(l, id)| element_name(l, (*id)?))
                    .unwrap_or_else(|| position(token)),
            });
        }
        match names.pop() {
            Some(label) => Self { label, breadcrumbs: names },
            None => Self { label: WHOLE.to_owned(), breadcrumbs: names },
        }
    }

    /// Names a path in a document of this format; contacts and calendars know the names of their properties.
    pub(crate) fn in_format(
        format: Format,
        path: &Path,
        schema: &CollectionSchema,
        versions: &[&Lookup],
    ) -> Self {
        let named = match format {
            card if is_card(card) && !path.is_root() => {
                record_merge::label_with(card, path, |entry| word_of(entry, versions))
            }
            _ => Vec::new(),
        };
        match named.split_last() {
            Some((label, breadcrumbs)) => {
                Self { label: capitalised(label), breadcrumbs: breadcrumbs.to_vec() }
            }
            None => Self::of(path, schema, versions),
        }
    }

    /// All names in one line: "Accessories, Battery 2.0 Ah, Condition".
    pub(crate) fn full(&self) -> String {
        let mut names: Vec<&str> = self.breadcrumbs.iter().map(String::as_str).collect();
        names.push(&self.label);
        names.join(", ")
    }
}

fn named(name: &str, field: Option<&Field>) -> String {
    field.and_then(|field| field.title.clone()).unwrap_or_else(|| label(name))
}

fn position(token: &Token) -> String {
    match token {
        Token::Index(at) => format!("entry {}", at.saturating_add(1)),
        Token::Member(name) => match name.parse::<usize>() {
            Ok(at) => format!("entry {}", at.saturating_add(1)),
            Err(_) => name.clone(),
        },
        Token::Identity(keys) => {
            let values: Vec<String> = keys
                .iter()
                .map(|(k, v)| format!("{} {}", label(k).to_lowercase(), v.trim_matches('"')))
                .collect();
            values.join(", ")
        }
    }
}

/// What people call an element: its name, else its first short text, else itself.
fn element_name(lookup: &Lookup, id: NodeId) -> Option<String> {
    let document = lookup.document();
    let short = |id: NodeId| {
        let text = scalar_text(document, id)?;
        let text = text.trim();
        (!text.is_empty() && !text.contains('\n') && text.chars().nth(60).is_none()).then(|| text.to_owned())
    };
    if document.kind(id) != Kind::Object {
        return short(id);
    }
    let names = lookup.names(id);
    let title =
        TITLE_MEMBERS.iter().filter(|n| **n != "id").chain(&["item"]).find_map(|n| short(*names.get(*n)?));
    let first_text = || {
        let mut members = document.members(id).take(50).filter(|(name, _)| name != "id");
        members.find_map(|(_, id)| (document.kind(id) == Kind::String).then(|| short(id)).flatten())
    };
    title.or_else(first_text).filter(|_| !string_like_empty(lookup, id))
}

fn string_like_empty(lookup: &Lookup, id: NodeId) -> bool {
    lookup.document().kind(id) == Kind::String && string_of(lookup.document(), id).is_empty()
}

/// A set of places that can be asked for what lies on, in or around a place.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    /// The places themselves.
    exact: BTreeSet<String>,
    /// The places and everything around them.
    around: BTreeSet<String>,
}

impl Places {
    pub(crate) fn new<'a>(paths: impl IntoIterator<Item = &'a Path>) -> Self {
        let mut places = Self::default();
        for path in paths {
            let pointer = path.to_pointer();
            for (at, _) in pointer.match_indices('/') {
                places.around.insert(pointer.get(..at).unwrap_or_default().to_owned());
            }
            places.around.insert(pointer.clone());
            places.exact.insert(pointer);
        }
        places
    }

    /// One of the places is this one, in it, or around it.
    pub(crate) fn touch(&self, pointer: &str) -> bool {
        self.around.contains(pointer) || self.hold(pointer)
    }

    /// One of the places is this one or around it.
    pub(crate) fn hold(&self, pointer: &str) -> bool {
        let outer = |at: usize| self.exact.contains(pointer.get(..at).unwrap_or_default());
        self.exact.contains(pointer) || pointer.match_indices('/').any(|(at, _)| outer(at))
    }

    /// One of the places is in this one, not this one itself or around it.
    pub(crate) fn only_inside(&self, pointer: &str) -> bool {
        self.around.contains(pointer) && !self.hold(pointer)
    }
}

/// The policy leaves this member to the server. Asked of the merge itself, so that the window and the merge never
/// read a pattern differently.
pub(crate) fn is_kept(policy: &Policy, path: &Path) -> bool {
    // Cheap refusal first: a pattern that can match ends in a star or holds the name.
    let could_match = match path.0.last() {
        Some(Token::Member(name)) => {
            let name = name.replace('~', "~0").replace('/', "~1");
            policy.server_kept.iter().any(|pattern| pattern.ends_with('*') || pattern.contains(&name))
        }
        _ => false,
    };
    if !could_match {
        return false;
    }
    let names: Vec<&str> = path
        .0
        .iter()
        .filter_map(|token| match token {
            Token::Member(name) => Some(name.as_str()),
            _ => None,
        })
        .collect();
    let document = |leaf: &str| {
        let open: String = names.iter().map(|name| format!("{{{}:", quote(name))).collect();
        format!("{open}{leaf}{}", "}".repeat(names.len())).into_bytes()
    };
    !names.is_empty() && equal(Format::Json, &document("1"), &document("2"), policy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn places_have_names() {
        let schema = CollectionSchema::read(
            br#"{"properties":{"accessories":{"title":"Accessories","items":{"properties":{"no":{"title":"No."}}}}}}"#,
        );
        let body = Lookup::parse(
            br#"{"accessories":[{"no":2,"item":"Battery 2.0 Ah","condition":"worn"},{"no":3}],"address":{"zip":"1"},"tags":["a b"]}"#,
        )
        .unwrap();
        let identity = |no: &str| Token::Identity(BTreeMap::from([("no".to_owned(), no.to_owned())]));
        let m = |name: &str| Token::Member(name.to_owned());
        for (path, full) in [
            (vec![], "Whole record"),
            (vec![m("accessories"), identity("2"), m("condition")], "Accessories, Battery 2.0 Ah, Condition"),
            (vec![m("accessories"), m("0"), m("no")], "Accessories, Battery 2.0 Ah, No."),
            (vec![m("accessories"), identity("3"), m("no")], "Accessories, no 3, No."),
            (vec![m("accessories"), Token::Index(7)], "Accessories, entry 8"),
            (vec![m("tags"), Token::Index(0)], "Tags, a b"),
            (vec![m("address"), m("zip")], "Address, Zip"),
        ] {
            assert_eq!(Place::of(&Path(path), &schema, &[&body]).full(), full);
        }
    }

    #[test]
    fn sets_of_places() {
        let paths: Vec<Path> = ["/a/b", "/c"].iter().map(|p| Path::from_pointer(p).unwrap()).collect();
        let places = Places::new(&paths);
        for (pointer, touch, hold, inside) in [
            ("", true, false, true),
            ("/a", true, false, true),
            ("/a/b", true, true, false),
            ("/a/b/x", true, true, false),
            ("/a/bb", false, false, false),
            ("/c", true, true, false),
            ("/d", false, false, false),
        ] {
            let found = (places.touch(pointer), places.hold(pointer), places.only_inside(pointer));
            assert_eq!(found, (touch, hold, inside), "{pointer}");
        }
    }

    #[test]
    fn kept_members_are_those_of_the_merge() {
        let policy = Policy { server_kept: vec!["updated_at".into(), "**/etag".into()], ..Policy::default() };
        for (pointer, kept) in [
            ("/updated_at", true),
            ("/a/updated_at", false),
            ("/a/etag", true),
            ("/etagx", false),
            ("", false),
        ] {
            assert_eq!(is_kept(&policy, &Path::from_pointer(pointer).unwrap()), kept, "{pointer}");
        }
    }
}
