//! One body, ready to be asked for many places.

use super::card::{self, is_card};
use super::value::string_of;
use record_merge::json::{Document, Kind, NodeId, quote};
use record_merge::{Format, Path, Token};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use sync_engine::Body;

type Names = Rc<BTreeMap<String, NodeId>>;

/// The elements of one array by the values of some key members.
#[derive(Default)]
struct ByKey {
    found: BTreeMap<Vec<String>, NodeId>,
    /// Some element has a key value that only the merge can compare.
    partly: bool,
}

/// A document whose members and elements are found without reading their container again each time: a record of 1 MB
/// can have tens of thousands of rows.
pub(crate) struct Lookup {
    document: Document,
    format: Format,
    names: RefCell<BTreeMap<NodeId, Names>>,
    elements: RefCell<BTreeMap<NodeId, Rc<Vec<NodeId>>>>,
    by_key: RefCell<BTreeMap<(NodeId, Vec<String>), ByKey>>,
}

impl Lookup {
    /// `None` if the body is not JSON that can be read.
    pub(crate) fn of(body: &Body) -> Option<Self> {
        (body.format() == Format::Json).then(|| Self::parse(&body.bytes)).flatten()
    }

    /// As [`Lookup::of`]; contacts and calendars as the fields they are shown as.
    pub(crate) fn shown(body: &Body) -> Option<Self> {
        match is_card(body.format()) {
            true => Some(Self::new(card::fields(body)?, body.format())),
            false => Self::of(body),
        }
    }

    /// `None` if the bytes are not JSON that can be read.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        Some(Self::new(Document::parse(bytes).ok()?, Format::Json))
    }

    pub(crate) fn new(document: Document, format: Format) -> Self {
        let by_key = RefCell::default();
        Self { document, format, names: RefCell::default(), elements: RefCell::default(), by_key }
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

    /// How the body it was made of is read.
    pub(crate) fn format(&self) -> Format {
        self.format
    }

    /// An object with fields of its own.
    pub(crate) fn opens(&self, id: NodeId) -> bool {
        self.document.kind(id) == Kind::Object && !self.document.is_atomic(id)
    }

    pub(crate) fn at(&self, path: &Path) -> Option<NodeId> {
        path.0.iter().try_fold(self.root(), |id, token| self.step(id, token))
    }

    pub(crate) fn step(&self, id: NodeId, token: &Token) -> Option<NodeId> {
        match (self.document.kind(id), token) {
            (Kind::Object, Token::Member(name)) if self.opens(id) => self.names(id).get(name).copied(),
            (Kind::Array, Token::Index(at)) => self.elements(id).get(*at).copied(),
            (Kind::Array, Token::Identity(keys)) => {
                let wanted: Option<Vec<String>> = keys.values().map(|lexeme| plain_key(lexeme)).collect();
                let (found, sure) =
                    wanted.map_or((None, false), |wanted| self.by_key(id, keys.keys(), &wanted));
                if sure { found } else { self.document.step(id, token) }
            }
            _ => self.document.step(id, token),
        }
    }

    fn elements(&self, id: NodeId) -> Rc<Vec<NodeId>> {
        let mut known = self.elements.borrow_mut();
        Rc::clone(known.entry(id).or_insert_with(|| Rc::new(self.document.children(id).collect())))
    }

    /// The first element of an array with these key values, and whether that is sure.
    fn by_key<'k>(
        &self,
        id: NodeId,
        keys: impl Iterator<Item = &'k String>,
        wanted: &[String],
    ) -> (Option<NodeId>, bool) {
        let keys: Vec<String> = keys.cloned().collect();
        let mut known = self.by_key.borrow_mut();
        let index = known.entry((id, keys.clone())).or_insert_with(|| {
            let mut index = ByKey::default();
            for element in self.elements(id).iter().copied().filter(|element| self.opens(*element)) {
                let names = self.names(element);
                let Some(lexemes) = keys.iter().map(|key| names.get(key)).collect::<Option<Vec<_>>>() else {
                    continue;
                };
                match lexemes.iter().map(|id| plain_key(self.document.text(**id))).collect::<Option<Vec<_>>>()
                {
                    Some(values) => {
                        index.found.entry(values).or_insert(element);
                    }
                    None => index.partly = true,
                }
            }
            index
        });
        (index.found.get(wanted).copied(), !index.partly)
    }
}

/// One spelling for each key value: whole numbers and texts. `None` for what needs the exact comparison of the merge.
fn plain_key(lexeme: &str) -> Option<String> {
    if lexeme.starts_with('"') {
        let document = Document::parse(lexeme.as_bytes()).ok()?;
        return Some(quote(&string_of(&document, document.root())));
    }
    let digits = lexeme.strip_prefix('-').unwrap_or(lexeme);
    (lexeme != "-0" && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| lexeme.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_found_by_key_as_the_merge_finds_them() {
        let lookup = Lookup::parse(
            br#"{"l":[{"no":1,"a":"x"},{"no":"1"},{"no":"caf\u00e9"},{"no":2.50},{"a":1},{"no":1},7,{"no":8.0}]}"#,
        )
        .unwrap();
        for key in ["1", "\"1\"", "\"café\"", "2.5", "3", "null", "1.0", "8"] {
            let token = Token::Identity(BTreeMap::from([("no".to_owned(), key.to_owned())]));
            let path = Path(vec![Token::Member("l".into()), token]);
            assert_eq!(lookup.at(&path), lookup.document().at(&path), "{key}");
        }
        let at = |index| lookup.at(&Path(vec![Token::Member("l".into()), Token::Index(index)]));
        assert_eq!((at(6).is_some(), at(8)), (true, None));
    }
}
