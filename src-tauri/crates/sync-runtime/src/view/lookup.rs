//! One body, ready to be asked for many places.

use record_merge::json::{Document, Kind, NodeId};
use record_merge::{Format, Path, Token};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use sync_engine::Body;

type Names = Rc<BTreeMap<String, NodeId>>;

/// A document whose members are found by name without reading the object again each time: a record of 1 MB can have
/// tens of thousands of rows.
pub(crate) struct Lookup {
    document: Document,
    names: RefCell<BTreeMap<NodeId, Names>>,
}

impl Lookup {
    /// `None` if the body is not JSON that can be read.
    pub(crate) fn of(body: &Body) -> Option<Self> {
        (body.format() == Format::Json).then(|| Self::parse(&body.bytes)).flatten()
    }

    /// `None` if the bytes are not JSON that can be read.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let document = Document::parse(bytes).ok()?;
        Some(Self { document, names: RefCell::default() })
    }

    pub(crate) fn document(&self) -> &Document {
        &self.document
    }

    pub(crate) fn root(&self) -> NodeId {
        self.document.root()
    }

    /// The members of an object by name, without those of an object that is never taken apart.
    pub(crate) fn names(&self, id: NodeId) -> Names {
        if let Some(found) = self.names.borrow().get(&id) {
            return Rc::clone(found);
        }
        let open = self.opens(id);
        let members = self.document.members(id).filter(|_| open);
        let found: Names = Rc::new(members.map(|(name, id)| (name.into_owned(), id)).collect());
        self.names.borrow_mut().insert(id, Rc::clone(&found));
        found
    }

    /// An object with fields of its own.
    pub(crate) fn opens(&self, id: NodeId) -> bool {
        self.document.kind(id) == Kind::Object && !self.document.is_atomic(id)
    }

    pub(crate) fn at(&self, path: &Path) -> Option<NodeId> {
        path.0.iter().try_fold(self.root(), |id, token| self.step(id, token))
    }

    pub(crate) fn step(&self, id: NodeId, token: &Token) -> Option<NodeId> {
        match token {
            Token::Member(name) if self.opens(id) => self.names(id).get(name).copied(),
            _ => self.document.step(id, token),
        }
    }
}
