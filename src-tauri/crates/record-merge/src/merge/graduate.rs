//! One version with the classes of its values.

use super::Version;
use super::array::Elements;
use super::table::Seen;
use crate::json::classes::{Classes, Graded};
use crate::json::{Document, Kind, NodeId};
use crate::lookup::Known;
use crate::model::{Path, Policy, Token};

/// The classes of an element's key values.
pub(super) type Key = Vec<u32>;
/// The elements of an array by their keys, in order.
pub(super) type Keyed = Vec<(Key, NodeId)>;

pub(super) struct Graduate<'a> {
    pub(super) document: Option<&'a Document>,
    pub(super) graded: Graded,
    /// It is written over several lines.
    lines: bool,
}

impl<'a> Graduate<'a> {
    pub(super) fn of(version: &'a Version, classes: &mut Classes, policy: &Policy) -> Graduate<'a> {
        let document = version.document();
        let graded = document.map(|document| classes.of(document, &Path::root(), policy)).unwrap_or_default();
        let lines = document.is_some_and(|document| document.text(document.root()).contains('\n'));
        Graduate { document, graded, lines }
    }

    pub(super) fn root(&self) -> Option<NodeId> {
        self.document.map(Document::root)
    }

    pub(super) fn seen(&self, id: Option<NodeId>) -> Seen {
        let found = self.document.zip(id);
        Seen {
            class: self.graded.class(id),
            kind: found.map(|(document, id)| document.kind(id)),
            atomic: found.is_some_and(|(document, id)| document.is_atomic(id)),
        }
    }

    fn array(&self, id: Option<NodeId>) -> Option<(&'a Document, NodeId)> {
        self.document.zip(id).filter(|(document, id)| document.kind(*id) == Kind::Array)
    }

    pub(super) fn elements(&self, id: Option<NodeId>) -> Elements<'a> {
        let mut elements =
            Elements { classes: Vec::new(), texts: Vec::new(), inside: Vec::new(), lines: self.lines };
        if let Some((document, id)) = self.array(id) {
            for child in document.children(id) {
                elements.classes.push(self.graded.class(Some(child)));
                elements.texts.push(document.text(child));
                // What says yes, no or nothing is alike in too many elements to tell them apart.
                let tells = |id: &NodeId| !matches!(document.kind(*id), Kind::Boolean | Kind::Null);
                let inside = document.children(child).filter(tells);
                elements.inside.push(inside.map(|id| self.graded.class(Some(id))).collect());
            }
        }
        elements
    }

    /// The elements by the classes of their keys; `None` if one is no object with these keys, or two have the same.
    pub(super) fn keyed(&self, id: Option<NodeId>, keys: &[String]) -> Option<Keyed> {
        let Some((document, id)) = self.array(id) else { return Some(Vec::new()) };
        let mut keyed: Keyed = Vec::new();
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
            keyed.push((key, child));
        }
        let unique: Known<&Key> = keyed.iter().map(|(key, _)| key).collect();
        (unique.len() == keyed.len()).then_some(keyed)
    }

    pub(super) fn identity_token(&self, id: NodeId, keys: &[String]) -> Token {
        let value = |name: &String| {
            let document = self.document?;
            Some((name.clone(), document.text(document.member(id, name)?).to_owned()))
        };
        Token::Identity(keys.iter().filter_map(value).collect())
    }

    /// Some members of an object, as an object; `None` if there are none.
    pub(super) fn object(&self, members: impl Iterator<Item = NodeId>) -> Option<String> {
        let document = self.document?;
        let all: Vec<String> =
            members.map(|id| format!("{}:{}", document.name_text(id), document.text(id))).collect();
        (!all.is_empty()).then(|| format!("{{{}}}", all.join(",")))
    }

    pub(super) fn text(&self, id: Option<NodeId>) -> Option<String> {
        self.document.zip(id).map(|(document, id)| document.text(id).to_owned())
    }
}
