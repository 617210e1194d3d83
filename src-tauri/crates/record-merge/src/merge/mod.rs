//! The three-way merge of one record: rows to look at, and the bytes that come of the decisions.

mod array;
mod both;
mod check;
mod graduate;
mod groups;
mod known;
mod lists;
mod order;
mod plan;
mod result;
mod rows;
mod rules;
mod table;
mod walk;
mod whole;
mod words;

use crate::batch::Segment;
use crate::blend::{Blend, Piece};
use crate::card::Cards;
use crate::json::classes::same_value;
use crate::json::{Document, NodeId, ParseError};
use crate::model::{Decision, Format, Group, Inputs, Lexeme, Path, Policy, Row, Token};
use std::collections::BTreeMap;
use whole::opaque_lexeme;

/// One of the three versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The version both started from.
    Base,
    /// The person's.
    Mine,
    /// The server's.
    Theirs,
}

/// Why a record cannot be merged by fields. Choosing a whole version still works: merge it as [`Format::Text`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} cannot be merged field by field: {error}. You can still choose one whole version.", side_words(.side))]
pub struct Unmergeable {
    /// The version that cannot be read.
    pub side: Side,
    /// Why.
    pub error: ParseError,
}

fn side_words(side: &Side) -> &'static str {
    match side {
        Side::Base => "The version before",
        Side::Mine => "Your version",
        Side::Theirs => "The version on the server",
    }
}

/// What a merge comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Merged {
    /// The record, ready to send.
    Document(Vec<u8>),
    /// The record is to be deleted, or stays deleted.
    Deleted,
}

/// Some rows still need a choice.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} still need your choice", count_words(.open))]
pub struct StillOpen {
    /// The rows without a decision, or with one that has no meaning there (text that is not JSON, say).
    pub open: Vec<Path>,
    /// Decisions that belong to no row; they were left out.
    pub unused: Vec<Decision>,
}

fn count_words(open: &[Path]) -> String {
    if open.len() == 1 { "one field does".to_owned() } else { format!("{} fields", open.len()) }
}

/// One version, as the merge needs it.
#[derive(Clone, Debug)]
enum Version {
    Missing,
    Json(Document),
    /// Text or binary: never looked into.
    Opaque(Vec<u8>),
}

impl Version {
    fn of(document: Option<Document>) -> Version {
        document.map_or(Version::Missing, Version::Json)
    }

    fn document(&self) -> Option<&Document> {
        match self {
            Version::Json(document) => Some(document),
            _ => None,
        }
    }

    fn bytes(&self) -> Option<&[u8]> {
        match self {
            Version::Missing => None,
            Version::Json(document) => Some(document.source().as_bytes()),
            Version::Opaque(bytes) => Some(bytes),
        }
    }

    fn merged(&self) -> Merged {
        self.bytes().map_or(Merged::Deleted, |bytes| Merged::Document(bytes.to_vec()))
    }
}

/// Where a row is in the documents.
#[derive(Clone, Debug, Default)]
struct Slot {
    /// The object or array that holds the node in theirs and in mine; `None` for the whole document.
    parents: Option<(NodeId, NodeId)>,
    mine: Option<NodeId>,
    theirs: Option<NodeId>,
    /// The "added by both" or combined row that encloses this one.
    under: Option<usize>,
    /// What "both" gives at a text or list. Its clashes are the rows after this one, if they have rows.
    blend: Option<Blend>,
    /// What "both" gives with the person's before the server's, where that is another value.
    turned: Option<String>,
    /// The members of a group row.
    group: Vec<groups::Member>,
}

/// Rows of a record in which the versions differ. Owns all it needs; computed anew whenever a version changes.
#[derive(Clone, Debug)]
pub struct Merge {
    /// All differences, in the order of the server's document.
    pub rows: Vec<Row>,
    slots: Vec<Slot>,
    /// Elements of mine and theirs that are the same one, in arrays merged by identity.
    pairs: BTreeMap<NodeId, NodeId>,
    /// Rows by JSON pointer and part.
    numbers: BTreeMap<(String, Option<u32>), usize>,
    base: Version,
    mine: Version,
    theirs: Version,
    policy: Policy,
    format: Format,
    /// When mine and theirs were made, in milliseconds since 1970.
    times: (Option<i64>, Option<i64>),
    /// Cards and calendars are merged as the fields they are shown as, and written as cards again.
    cards: Option<Box<Cards>>,
}

/// Merges three versions of one record.
///
/// # Errors
/// A version that is not JSON, larger than 16 MiB or nested more than 10,000 levels deep, for [`Format::Json`].
/// The other formats always merge, as one value.
pub fn merge(format: Format, inputs: Inputs<'_>, policy: &Policy) -> Result<Merge, Unmergeable> {
    match format {
        Format::Vcard | Format::Icalendar => merge_cards(format, inputs, policy),
        Format::Text | Format::Binary => {
            let mut merge = merge_whole(inputs, policy);
            merge.by_lines(format);
            merge.number_rows();
            Ok(merge)
        }
        Format::Json => {
            let read = |side, bytes: Option<&[u8]>| match bytes.map(Document::parse).transpose() {
                Ok(document) => Ok(Version::of(document)),
                Err(error) => Err(Unmergeable { side, error }),
            };
            let versions = [
                read(Side::Base, inputs.base)?,
                read(Side::Mine, inputs.mine)?,
                read(Side::Theirs, inputs.theirs)?,
            ];
            let mut merge = Merge::of(Format::Json, versions, inputs, policy.clone());
            merge.walk();
            merge.number_rows();
            Ok(merge)
        }
    }
}

/// Cards and calendars as the fields they are shown as.
fn merge_cards(format: Format, inputs: Inputs<'_>, policy: &Policy) -> Result<Merge, Unmergeable> {
    let versions = [inputs.base, inputs.mine, inputs.theirs];
    let (cards, [base, mine, theirs]) =
        Cards::read(format, versions, &policy.me).map_err(|(side, error)| {
            let side = [Side::Base, Side::Mine, Side::Theirs].get(side).copied().unwrap_or(Side::Theirs);
            Unmergeable { side, error }
        })?;
    let versions = [base, mine, theirs].map(Version::of);
    let mut policy = crate::card::policy(policy);
    policy.groups.extend(cards.together());
    let mut merge = Merge::of(Format::Json, versions, inputs, policy);
    let questions = cards.questions();
    merge.cards = Some(Box::new(cards));
    merge.walk();
    crate::card::look_at(&mut merge.rows);
    merge.open_at(&questions);
    crate::card::name_clashes(&mut merge.rows);
    merge.number_rows();
    Ok(merge)
}

/// Merges three versions as one value each, whatever they hold: a whole side can always be taken, also of a record
/// that [`merge`] refuses.
pub fn merge_whole(inputs: Inputs<'_>, policy: &Policy) -> Merge {
    let version = |bytes: Option<&[u8]>| bytes.map_or(Version::Missing, |b| Version::Opaque(b.to_vec()));
    let versions = [inputs.base, inputs.mine, inputs.theirs].map(version);
    let mut merge = Merge::of(Format::Text, versions, inputs, policy.clone());
    merge.whole();
    merge.number_rows();
    merge
}

impl Merge {
    /// Before anything was compared.
    fn of(format: Format, [base, mine, theirs]: [Version; 3], inputs: Inputs<'_>, policy: Policy) -> Merge {
        Merge {
            rows: Vec::new(),
            slots: Vec::new(),
            pairs: BTreeMap::new(),
            numbers: BTreeMap::new(),
            base,
            mine,
            theirs,
            policy,
            format,
            times: (inputs.mine_at, inputs.theirs_at),
            cards: None,
        }
    }

    /// The parts of a text in order, if it was merged line by line.
    pub(crate) fn text_segments(&self) -> Option<Vec<Segment>> {
        let blend = self.slots.first()?.blend.as_ref().filter(|_| self.format == Format::Text)?;
        let segment = |piece: &Piece| match piece.clone() {
            Piece::Done(ok) => Segment::Ok { ok },
            Piece::Clash(clash) => {
                Segment::Clash { base: Some(clash.base), mine: Some(clash.mine), theirs: Some(clash.theirs) }
            }
        };
        Some(blend.framed().iter().map(segment).collect())
    }

    /// Rows that need a choice.
    pub fn open(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.group == Group::Open)
    }

    /// True if no row needs a choice.
    pub fn is_clean(&self) -> bool {
        self.open().next().is_none()
    }

    /// How the record was read.
    pub fn format(&self) -> Format {
        self.cards.as_ref().map_or(self.format, |cards| cards.format())
    }

    /// A version as the document in which the paths of the rows lead; `None` = not there, or neither JSON nor a card.
    pub fn fields(&self, side: Side) -> Option<&Document> {
        match side {
            Side::Base => self.base.document(),
            Side::Mine => self.mine.document(),
            Side::Theirs => self.theirs.document(),
        }
    }

    /// What the merge came to, as its format writes it.
    fn written(&self, merged: Merged) -> Merged {
        match (&self.cards, merged) {
            (Some(cards), Merged::Document(fields)) => Merged::Document(cards.write(&fields)),
            (_, merged) => merged,
        }
    }

    /// The value of one version at a path; `None` = not there.
    pub fn value(&self, side: Side, path: &Path) -> Option<Lexeme> {
        let version = match side {
            Side::Base => &self.base,
            Side::Mine => &self.mine,
            Side::Theirs => &self.theirs,
        };
        match version {
            Version::Missing => None,
            Version::Json(document) => document.at(path).map(|id| document.text(id).to_owned()),
            Version::Opaque(bytes) => path.is_root().then(|| opaque_lexeme(bytes)),
        }
    }

    /// Two values at one place are equal (merge.md 2.2) under this merge's policy; `None` = not there.
    pub fn same_value(&self, path: &Path, a: Option<&str>, b: Option<&str>) -> bool {
        same_value(a, b, path, &self.policy)
    }

    /// The row of a path and part.
    pub fn row(&self, path: &Path, part: Option<u32>) -> Option<&Row> {
        self.row_number(path, part).and_then(|number| self.rows.get(number))
    }

    /// The row around this one that settles it when it is decided as a whole.
    pub(crate) fn enclosing(&self, number: usize) -> Option<usize> {
        self.slots.get(number).and_then(|slot| slot.under)
    }

    pub(crate) fn row_number(&self, path: &Path, part: Option<u32>) -> Option<usize> {
        if let Some(known) = self.numbers.get(&(path.to_pointer(), part)) {
            return Some(*known);
        }
        // An identity may be spelled in another way (1 and 1.0).
        let spelled = path.0.iter().any(|token| matches!(token, Token::Identity(_)));
        if !spelled {
            return None;
        }
        self.rows.iter().position(|row| row.part == part && row.path.same(path))
    }

    fn number_rows(&mut self) {
        let key = |row: &Row| (row.path.to_pointer(), row.part);
        self.numbers = self.rows.iter().enumerate().map(|(number, row)| (key(row), number)).collect();
        // Every field of a group leads to its row, also decisions that were made before they were a group.
        for (number, row) in self.rows.iter().enumerate() {
            for path in &row.with {
                self.numbers.entry((path.to_pointer(), None)).or_insert(number);
            }
        }
    }
}

/// The name of a member as the last step of its path.
fn last_name(path: &Path) -> Option<&str> {
    match path.0.last() {
        Some(Token::Member(name)) => Some(name),
        _ => None,
    }
}
