//! JSON as spans over the original bytes (RFC 8259): nothing is re-spelled, because nothing is decoded to be written again.

pub(crate) mod classes;
pub(crate) mod decimal;
mod layout;
pub(crate) mod number;
mod parse;
pub(crate) mod splice;
pub(crate) mod string;

pub use parse::ParseError;
pub use string::quote;

use crate::model::{Path, Token};
use std::borrow::Cow;

/// Deepest nesting that is read; deeper documents are refused with words.
pub const MAX_DEPTH: usize = 10_000;
/// Largest document that is read, in bytes.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;

/// A value of a [`Document`]. Only meaningful for the document that handed it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number, of any size.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl Kind {
    /// An array or an object.
    pub fn is_container(self) -> bool {
        matches!(self, Kind::Array | Kind::Object)
    }
}

/// One value; the nodes of a document are in the order of the text, so a subtree is a range of them.
#[derive(Clone, Copy, Debug)]
struct Node {
    kind: Kind,
    /// An object whose names are repeated or cannot be written as text: never taken apart.
    atomic: bool,
    start: u32,
    end: u32,
    /// Span of the member name with its quotes; empty for elements and the root.
    name: (u32, u32),
    /// Number of the first node after this one's subtree.
    past: u32,
}

/// A parsed JSON text: the text itself, and where its values are.
#[derive(Clone, Debug)]
pub struct Document {
    source: String,
    nodes: Vec<Node>,
}

impl Document {
    /// Reads one JSON text. A byte-order mark at the start is kept and skipped.
    ///
    /// # Errors
    /// Anything RFC 8259 does not allow, text that is not UTF-8, more than [`MAX_BYTES`] or [`MAX_DEPTH`].
    pub fn parse(bytes: &[u8]) -> Result<Document, ParseError> {
        parse::parse(bytes)
    }

    /// The whole text, as it was read.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The outermost value.
    pub fn root(&self) -> NodeId {
        NodeId(0)
    }

    /// Number of values in the document.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Never true: a document has at least one value.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.0 as usize)
    }

    pub(crate) fn slice(&self, start: u32, end: u32) -> &str {
        self.source.get(start as usize..end as usize).unwrap_or_default()
    }

    /// The type of a value.
    pub fn kind(&self, id: NodeId) -> Kind {
        self.node(id).map_or(Kind::Null, |node| node.kind)
    }

    /// True for an object with repeated names (or names that are not text): it is one value, never taken apart.
    pub fn is_atomic(&self, id: NodeId) -> bool {
        self.node(id).is_some_and(|node| node.atomic)
    }

    /// From now on the object of that number, counted from 0 in the order of the text, is one value: a name, an
    /// address, the times of an event.
    pub(crate) fn keep_whole(&mut self, number: u32) {
        if let Some(node) = self.nodes.get_mut(number as usize) {
            node.atomic = true;
        }
    }

    /// The lexeme of a value: its source text, byte for byte.
    pub fn text(&self, id: NodeId) -> &str {
        self.span(id).map_or("", |(start, end)| self.slice(start, end))
    }

    /// Byte offsets of a value.
    pub(crate) fn span(&self, id: NodeId) -> Option<(u32, u32)> {
        self.node(id).map(|node| (node.start, node.end))
    }

    /// Byte offsets of a member from its name to the end of its value; of an element or the root, of the value.
    pub(crate) fn item_span(&self, id: NodeId) -> Option<(u32, u32)> {
        self.node(id)
            .map(|node| if node.name.1 > 0 { (node.name.0, node.end) } else { (node.start, node.end) })
    }

    /// What stands between the name of a member and its value: the colon and its spaces.
    pub(crate) fn colon(&self, id: NodeId) -> Option<&str> {
        self.node(id).filter(|node| node.name.1 > 0).map(|node| self.slice(node.name.1, node.start))
    }

    /// The source text of a member's name, with quotes; empty for elements and the root.
    pub fn name_text(&self, id: NodeId) -> &str {
        self.node(id).map_or("", |node| self.slice(node.name.0, node.name.1))
    }

    /// The name of a member. Lone surrogates come as U+FFFD (such an object [is atomic](Self::is_atomic)).
    pub fn name(&self, id: NodeId) -> Option<Cow<'_, str>> {
        let text = self.name_text(id);
        (!text.is_empty()).then(|| string::unescape_lossy(text))
    }

    /// The characters of a string value; `None` for other types and for lone surrogates.
    pub fn string(&self, id: NodeId) -> Option<Cow<'_, str>> {
        if self.kind(id) != Kind::String {
            return None;
        }
        string::unescape(self.text(id))
    }

    /// Members of an object or elements of an array, in the order of the text.
    pub fn children(&self, id: NodeId) -> Children<'_> {
        let past = self.node(id).map_or(0, |node| node.past);
        Children { document: self, next: id.0.saturating_add(1), past }
    }

    /// Members of an object with their names, in the order of the text.
    pub fn members(&self, id: NodeId) -> impl Iterator<Item = (Cow<'_, str>, NodeId)> {
        self.children(id).filter_map(|child| self.name(child).map(|name| (name, child)))
    }

    /// The member of that name. In an object with repeated names, the last one.
    pub fn member(&self, id: NodeId, name: &str) -> Option<NodeId> {
        self.members(id).filter(|(own, _)| own == name).map(|(_, child)| child).last()
    }

    /// The element at that position.
    pub fn element(&self, id: NodeId, index: usize) -> Option<NodeId> {
        (self.kind(id) == Kind::Array).then(|| self.children(id).nth(index)).flatten()
    }

    /// The value one step below. A member name that is a number also names an element of an array.
    pub fn step(&self, id: NodeId, token: &Token) -> Option<NodeId> {
        match (self.kind(id), token) {
            (Kind::Object, Token::Member(name)) => self.member(id, name),
            (Kind::Array, Token::Index(index)) => self.element(id, *index),
            (Kind::Array, Token::Member(name)) => self.element(id, crate::path::index(name)?),
            (Kind::Array, Token::Identity(keys)) => {
                let key_of = |child| {
                    keys.iter().all(|(name, lexeme)| {
                        self.member(child, name)
                            .is_some_and(|value| classes::same_lexeme(self.text(value), lexeme))
                    })
                };
                self.children(id).find(|child| self.kind(*child) == Kind::Object && key_of(*child))
            }
            _ => None,
        }
    }

    /// The value at a path.
    pub fn at(&self, path: &Path) -> Option<NodeId> {
        path.0.iter().try_fold(self.root(), |id, token| self.step(id, token))
    }

    /// All values, outermost first, in the order of the text.
    pub(crate) fn ids(&self) -> impl DoubleEndedIterator<Item = NodeId> + use<> {
        (0..u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)).map(NodeId)
    }

    /// Number of the first value after the subtree of this one.
    pub(crate) fn past(&self, id: NodeId) -> usize {
        self.node(id).map_or(0, |node| node.past as usize)
    }
}

impl NodeId {
    pub(crate) fn number(self) -> usize {
        self.0 as usize
    }
}

/// Iterator of [`Document::children`].
#[derive(Clone, Debug)]
pub struct Children<'a> {
    document: &'a Document,
    next: u32,
    past: u32,
}

impl Iterator for Children<'_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        if self.next >= self.past {
            return None;
        }
        let id = NodeId(self.next);
        self.next = self.document.node(id)?.past;
        Some(id)
    }
}
