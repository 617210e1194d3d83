//! The three-way merge of one record: rows to look at, and the bytes that come of the decisions.

mod array;
mod both;
mod check;
mod graduate;
mod groups;
mod lists;
mod order;
mod plan;
mod result;
mod rules;
mod table;
mod walk;

use crate::batch::Segment;
use crate::blend::{Blend, Clash, Piece, texts};
use crate::card::Cards;
use crate::json::classes::same_value;
use crate::json::{Document, NodeId, ParseError, quote};
use crate::model::{
    ArrayMode, Choice, Decision, Format, Group, Inputs, Lexeme, Notice, Path, Policy, Provenance, Row,
    RowKind, Token,
};
use std::collections::BTreeMap;

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

/// What a row says besides its place and its values.
#[derive(Default)]
struct Told {
    /// Both versions put together, for a person to look at.
    suggestion: Option<Lexeme>,
    rule: Option<Provenance>,
    with: Vec<Path>,
    mode: Option<ArrayMode>,
    notices: Vec<Notice>,
    /// Asks for a look although nothing clashes.
    look: bool,
    /// The answer to every clash of it, by a rule.
    answer: Option<(Choice, Provenance)>,
    turned: Option<String>,
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
    let read = |side, bytes: Option<&[u8]>| match (format, bytes) {
        (_, None) => Ok(Version::Missing),
        (Format::Json, Some(bytes)) => {
            Document::parse(bytes).map(Version::Json).map_err(|error| Unmergeable { side, error })
        }
        (_, Some(bytes)) => Ok(Version::Opaque(bytes.to_vec())),
    };
    if matches!(format, Format::Vcard | Format::Icalendar) {
        return merge_cards(format, inputs, policy);
    }
    if format != Format::Json {
        let mut merge = merge_whole(inputs, policy);
        merge.by_lines(format);
        merge.number_rows();
        return Ok(merge);
    }
    let mut merge = Merge {
        rows: Vec::new(),
        slots: Vec::new(),
        pairs: BTreeMap::new(),
        numbers: BTreeMap::new(),
        base: read(Side::Base, inputs.base)?,
        mine: read(Side::Mine, inputs.mine)?,
        theirs: read(Side::Theirs, inputs.theirs)?,
        policy: policy.clone(),
        format,
        times: (inputs.mine_at, inputs.theirs_at),
        cards: None,
    };
    merge.walk();
    merge.number_rows();
    Ok(merge)
}

/// Cards and calendars as the fields they are shown as.
fn merge_cards(format: Format, inputs: Inputs<'_>, policy: &Policy) -> Result<Merge, Unmergeable> {
    let versions = [inputs.base, inputs.mine, inputs.theirs];
    let (cards, [base, mine, theirs]) =
        Cards::read(format, versions, &policy.me).map_err(|(side, error)| {
            let side = [Side::Base, Side::Mine, Side::Theirs].get(side).copied().unwrap_or(Side::Theirs);
            Unmergeable { side, error }
        })?;
    let version = |document: Option<Document>| document.map_or(Version::Missing, Version::Json);
    let mut merge = Merge {
        times: (inputs.mine_at, inputs.theirs_at),
        base: version(base),
        mine: version(mine),
        theirs: version(theirs),
        policy: crate::card::policy(policy),
        format: Format::Json,
        ..merge_whole(Inputs::default(), policy)
    };
    let two_preferred = cards.two_preferred();
    merge.cards = Some(Box::new(cards));
    merge.walk();
    crate::card::look_at(&mut merge.rows);
    merge.open_at(&two_preferred);
    merge.number_rows();
    Ok(merge)
}

/// Merges three versions as one value each, whatever they hold: a whole side can always be taken, also of a record
/// that [`merge`] refuses.
pub fn merge_whole(inputs: Inputs<'_>, policy: &Policy) -> Merge {
    let version = |bytes: Option<&[u8]>| bytes.map_or(Version::Missing, |b| Version::Opaque(b.to_vec()));
    let mut merge = Merge {
        rows: Vec::new(),
        slots: Vec::new(),
        pairs: BTreeMap::new(),
        numbers: BTreeMap::new(),
        base: version(inputs.base),
        mine: version(inputs.mine),
        theirs: version(inputs.theirs),
        policy: policy.clone(),
        format: Format::Text,
        times: (inputs.mine_at, inputs.theirs_at),
        cards: None,
    };
    merge.whole();
    merge.number_rows();
    merge
}

impl Merge {
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

    /// Puts on the rows from `first` on what was found out about the first of them.
    fn tell(&mut self, first: usize, told: Told) {
        let Some(rows) = self.rows.get_mut(first..) else { return };
        if let Some(row) = rows.first_mut() {
            row.rule = told.rule.or(row.rule.take());
            row.with = told.with;
            row.mode = told.mode;
            row.notices = told.notices;
            row.suggestion = row.suggestion.take().or(told.suggestion);
            row.please_look |= told.look;
            row.please_look &= !matches!(row.rule, Some(Provenance::Rule { .. }));
        }
        if let Some((choice, why)) = told.answer {
            let asked = |row: &&mut Row| row.group == Group::Open || row.kind == RowKind::Reordered;
            for row in rows.iter_mut().filter(asked).filter(|row| row.choices.contains(&choice)) {
                row.group = Group::Automatic;
                row.automatic = Some(choice);
                row.rule = Some(why.clone());
                row.suggestion = None;
            }
        }
        if let Some(slot) = self.slots.get_mut(first) {
            slot.turned = told.turned;
        }
    }

    /// Text and binary: the table with the whole document as its one value.
    fn whole(&mut self) {
        let versions = [&self.base, &self.mine, &self.theirs].map(Version::bytes);
        if !versions.iter().flatten().all(|bytes| std::str::from_utf8(bytes).is_ok()) {
            self.format = Format::Binary;
        }
        let seen = versions.map(|bytes| whole_seen(bytes, &versions));
        let [base, mine, theirs] = seen;
        if let table::Verdict::Row(kind, automatic) = table::verdict(base, mine, theirs) {
            let [before, mine, theirs] = versions.map(|bytes| bytes.map(opaque_lexeme));
            let kind = whole_kind(kind);
            let editable = self.format == Format::Text;
            let values = Values { before, mine, theirs };
            self.push(Path::root(), kind, automatic, values, Slot::default());
            if !editable && let Some(row) = self.rows.last_mut() {
                row.choices.retain(|choice| *choice != Choice::Edit);
            }
        }
    }

    /// A text that all three versions have and both sides changed: line by line.
    fn by_lines(&mut self, format: Format) {
        let versions =
            [&self.base, &self.mine, &self.theirs].map(|version| version.bytes().map(std::str::from_utf8));
        let [Some(Ok(base)), Some(Ok(mine)), Some(Ok(theirs))] = versions else { return };
        if format != Format::Text
            || self.rows.first().is_none_or(|row| row.kind != RowKind::EditedDifferently)
        {
            return;
        }
        let blend = texts(base, mine, theirs, self.policy.words);
        self.rows.clear();
        self.slots.clear();
        let [before, mine, theirs] = [base, mine, theirs].map(|text| Some(quote(text)));
        self.push_blend(Path::root(), Values { before, mine, theirs }, Slot::default(), blend);
    }

    /// The rows of a text or list that was put together: one automatic row if all of it fits; one open row if there is
    /// nothing but one clash; else the automatic row, and an open one for each clash.
    fn push_blend(&mut self, path: Path, values: Values, slot: Slot, blend: Blend) {
        let clashes: Vec<Clash> = blend.clashes().cloned().collect();
        let one_question = !blend.mixed && clashes.len() == 1;
        let (by_words, suggested) = (blend.by_words, blend.suggested());
        let slot = Slot { blend: Some(blend), ..slot };
        if one_question {
            self.push(path, RowKind::EditedDifferently, None, values, slot);
            let suggestion = suggested.map(|text| self.part_lexeme(&text));
            self.rows.iter_mut().last().into_iter().for_each(|row| row.suggestion.clone_from(&suggestion));
            return;
        }
        self.push(path.clone(), RowKind::Combined, Some(Choice::Both), values, slot);
        if let Some(row) = self.rows.last_mut().filter(|_| by_words) {
            row.rule = Some(Provenance::Words);
        }
        let under = Some(self.rows.len() - 1);
        for clash in clashes {
            let [before, mine, theirs] =
                [&clash.base, &clash.mine, &clash.theirs].map(|text| Some(self.part_lexeme(text)));
            let values = Values { before, mine, theirs };
            let slot = Slot { under, ..Slot::default() };
            self.push(path.clone(), RowKind::EditedDifferently, None, values, slot);
            let suggestion = clash.suggestion.map(|text| self.part_lexeme(&text));
            if let Some(row) = self.rows.last_mut() {
                row.part = Some(clash.number);
                row.suggestion = suggestion;
                row.choices = vec![Choice::Theirs, Choice::Mine, Choice::Both, Choice::Edit, Choice::Later];
            }
        }
    }

    /// A stretch of text as a JSON string; in a JSON document it is spelled as one already.
    fn part_lexeme(&self, text: &str) -> Lexeme {
        if self.format == Format::Json { format!("\"{text}\"") } else { quote(text) }
    }

    fn push(&mut self, path: Path, kind: RowKind, automatic: Option<Choice>, values: Values, slot: Slot) {
        let choices = choices(kind, path.is_root(), slot.blend.is_some());
        self.rows.push(Row {
            group: if automatic.is_some() { Group::Automatic } else { Group::Open },
            before: values.before,
            mine: values.mine,
            theirs: values.theirs,
            automatic,
            please_look: matches!(kind, RowKind::AddedByBoth | RowKind::Combined),
            choices,
            rule: provenance(kind, automatic),
            ..Row::open(path, kind)
        });
        self.slots.push(slot);
    }
}

/// Why an automatic row of that kind took what it took, where nothing else is known.
fn provenance(kind: RowKind, automatic: Option<Choice>) -> Option<Provenance> {
    automatic.map(|choice| match (kind, choice) {
        (RowKind::AddedByBoth, _) => Provenance::AddedByBoth,
        (RowKind::Combined, _) => Provenance::Lines,
        (_, Choice::Mine) => Provenance::OnlyMine,
        _ => Provenance::OnlyServer,
    })
}

#[derive(Default)]
struct Values {
    before: Option<Lexeme>,
    mine: Option<Lexeme>,
    theirs: Option<Lexeme>,
}

/// Classes by equal bytes; text is a string to the table.
fn whole_seen(bytes: Option<&[u8]>, all: &[Option<&[u8]>; 3]) -> table::Seen {
    let first = all.iter().position(|other| *other == bytes).and_then(|at| u32::try_from(at + 1).ok());
    match bytes {
        Some(_) => table::Seen {
            class: first.unwrap_or(u32::MAX),
            kind: Some(crate::json::Kind::String),
            atomic: false,
        },
        None => table::Seen { class: crate::json::classes::MISSING, kind: None, atomic: false },
    }
}

/// A whole text as a JSON string; of anything else its size and digest, enough to see whether it changed.
pub(crate) fn opaque_lexeme(bytes: &[u8]) -> Lexeme {
    match std::str::from_utf8(bytes) {
        Ok(text) => quote(text),
        Err(_) => quote(&format!("{} bytes, blake3 {}", bytes.len(), blake3::hash(bytes).to_hex())),
    }
}

/// Deletion of the whole record has words of its own.
fn whole_kind(kind: RowKind) -> RowKind {
    match kind {
        RowKind::DeletedByMeEditedByServer => RowKind::DeleteEdit,
        RowKind::EditedByMeDeletedByServer => RowKind::EditDelete,
        other => other,
    }
}

/// A text or list has something in it that both sides changed differently.
fn asks(blend: &Blend) -> bool {
    blend.pieces.iter().any(|piece| matches!(piece, Piece::Clash { .. }))
}

/// What may be chosen, the server's first. For whole records "both" is the caller's: two records instead of one.
fn choices(kind: RowKind, whole: bool, blended: bool) -> Vec<Choice> {
    let both = match kind {
        _ if blended => true,
        RowKind::AddedByBoth | RowKind::EditDelete => true,
        RowKind::AddedDifferently => whole,
        _ => false,
    };
    let mut choices = vec![Choice::Theirs, Choice::Mine];
    if kind == RowKind::Reordered {
        choices.push(Choice::Later);
        return choices;
    }
    if both {
        choices.push(Choice::Both);
    }
    choices.extend([Choice::Edit, Choice::Later]);
    choices
}

/// The name of a member as the last step of its path.
fn last_name(path: &Path) -> Option<&str> {
    match path.0.last() {
        Some(Token::Member(name)) => Some(name),
        _ => None,
    }
}
