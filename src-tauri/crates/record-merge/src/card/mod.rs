//! Cards (RFC 6350, RFC 2426) and calendars (RFC 5545) as fields, and fields as cards and calendars again.
//!
//! The merge knows one kind of record: a JSON tree. A card is shown to it as one: properties are members, those that
//! stand there several times are objects of entries, each under a key that it has in all three versions; values are
//! plain text. What comes out is written by lines: a field that is as the server has it keeps the server's bytes, one
//! that is as the person has it gets the person's, and only what is neither is spelled anew. So every rule of the
//! merge (rows, choices, review, rebase) holds for cards without knowing them.

mod calendar;
mod chunks;
mod converted;
mod doubt;
mod encode;
mod ended;
mod entries;
mod identity;
mod inside;
mod instances;
mod kinds;
mod label;
mod mains;
mod pair;
mod preferred;
mod project;
mod sets;
mod several;
mod shown;
mod spell;
mod stamps;
mod times;
mod together;
mod unproject;
mod value;

pub(crate) use doubt::{look_at, name_clashes};
pub(crate) use label::is_key;
pub use label::{label_of, label_of_kind, label_with, title_of};

use crate::apply::{ApplyError, Operation};
use crate::content_line::{Component, File, Item, read};
use crate::json::{Document, ParseError};
use crate::model::{ArrayMode, Format, Path, Policy};
use project::project;
use shown::Shown;
use std::collections::BTreeSet;
use value::Json;

/// Three versions of a card or calendar: base, mine, theirs.
#[derive(Clone, Debug)]
pub(crate) struct Cards {
    format: Format,
    files: [Option<File>; 3],
    /// What is shown as the record: the only card, the calendar, or a stand-in for several cards.
    roots: [Option<Component>; 3],
    shown: [Shown; 3],
    /// The record as JSON.
    texts: [Option<String>; 3],
    /// Addresses of the person, in small letters.
    me: Vec<String>,
}

/// Which version cannot be read, and why.
pub(crate) type Refused = (usize, ParseError);

impl Cards {
    /// Reads the versions and shows them as documents.
    ///
    /// # Errors
    /// Broken lines, versions of the format that differ or are too old, another `UID`: nothing that can be merged by
    /// fields.
    pub(crate) fn read(
        format: Format,
        versions: [Option<&[u8]>; 3],
        me: &[String],
    ) -> Result<(Cards, [Option<Document>; 3]), Refused> {
        let mut files: [Option<File>; 3] = [None, None, None];
        for (side, (slot, bytes)) in files.iter_mut().zip(versions).enumerate() {
            *slot = bytes.map(read).transpose().map_err(|error| (side, error))?;
        }
        check(format, &files)?;
        let several = files.iter().flatten().any(|file| file.components.len() > 1);
        let roots = files.each_ref().map(|file| file.as_ref().map(|file| root(file, several)));
        let refused = |(side, offset, words): (usize, usize, String)| {
            let bytes = versions.get(side).copied().flatten().unwrap_or_default();
            (side, ParseError::words_at(bytes, offset, words))
        };
        let shown = if several {
            several::cards(roots.each_ref().map(Option::as_ref)).map_err(refused)?
        } else {
            project(format, roots.each_ref().map(Option::as_ref)).map_err(refused)?
        };
        let mut documents: [Option<Document>; 3] = [None, None, None];
        for ((slot, shown), root) in documents.iter_mut().zip(&shown).zip(&roots) {
            if root.is_some() {
                let mut json = Json::default();
                shown.write(&mut json);
                *slot = json.document();
            }
        }
        let texts = documents.each_ref().map(|document| document.as_ref().map(|d| d.source().to_owned()));
        let me = me.iter().map(|address| address.to_lowercase()).collect();
        Ok((Cards { format, files, roots, shown, texts, me }, documents))
    }

    /// What only a person can say, whatever fits together by the letter: where, and why.
    pub(crate) fn questions(&self) -> Vec<(Path, String)> {
        doubt::questions(&self.shown)
    }

    /// Fields that are one choice in this merge, as groups of a policy.
    pub(crate) fn together(&self) -> Vec<Vec<String>> {
        together::groups(&self.shown, self.roots.each_ref().map(Option::is_some))
    }

    /// How the record is read.
    pub(crate) fn format(&self) -> Format {
        self.format
    }

    /// The bytes of the record that these fields are; those of theirs where they say the same.
    pub(crate) fn write(&self, json: &[u8]) -> Vec<u8> {
        self.write_on(json, [2, 1, 0])
    }

    /// The same on the bytes of the first of these versions that is there: 0 base, 1 mine, 2 theirs.
    fn write_on(&self, json: &[u8], sides: [usize; 3]) -> Vec<u8> {
        let first = sides.into_iter().find_map(|side| {
            let text = self.texts.get(side).and_then(Option::as_ref)?;
            Some((text, self.files.get(side).and_then(Option::as_ref)?))
        });
        match first {
            Some((text, file)) if text.as_bytes() == json => return file.bytes().to_vec(),
            _ => {}
        }
        let rivals = preferred::places(&self.shown);
        let single = if rivals.is_empty() { None } else { preferred::only_one(json, &rivals) };
        let json = single.as_deref().unwrap_or(json);
        unproject::record(self, json, sides).unwrap_or_else(|| json.to_vec())
    }
}

/// The policy under which the fields of cards and calendars are merged: sets are sets.
pub(crate) fn policy(policy: &Policy) -> Policy {
    let mut policy = policy.clone();
    for name in ["CATEGORIES", "NICKNAME", "RESOURCES", "RDATE", "EXDATE", "type"] {
        policy.arrays.entry(format!("**/{name}")).or_insert(ArrayMode::Set);
    }
    policy.arrays.entry("**/ORG/*/value".to_owned()).or_insert(ArrayMode::Atomic);
    policy.arrays.entry("**/NICKNAME/*/value".to_owned()).or_insert(ArrayMode::Set);
    policy.arrays.entry("**/CATEGORIES/*/value".to_owned()).or_insert(ArrayMode::Set);
    policy
}

/// One record as the fields it is shown as: what forms, lists and the search read.
///
/// # Errors
/// A file that cannot be read by fields.
pub fn fields(format: Format, body: &[u8]) -> Result<Document, ParseError> {
    let (_, [_, _, document]) =
        Cards::read(format, [None, None, Some(body)], &[]).map_err(|(_, error)| error)?;
    document.ok_or_else(|| ParseError::words_at(body, 0, "there is nothing here"))
}

/// Single edits to a record of any format: of JSON as [`apply`](crate::apply()), of cards and calendars by the paths
/// of [`fields`].
///
/// # Errors
/// The first edit that cannot be made; then none is.
pub fn apply_to(format: Format, body: &[u8], operations: &[Operation]) -> Result<Vec<u8>, ApplyError> {
    if !matches!(format, Format::Vcard | Format::Icalendar) {
        return crate::apply(body, operations);
    }
    let (cards, [_, _, document]) =
        Cards::read(format, [None, None, Some(body)], &[]).map_err(|(_, error)| ApplyError::Record(error))?;
    let json = document.map(|document| document.source().as_bytes().to_vec()).unwrap_or_default();
    Ok(cards.write(&crate::apply(&json, operations)?))
}

/// The base of an edit of which `sent` was sent: wherever theirs has what was sent, that is the base now (sync.md 2.1),
/// so that our own earlier write is never taken for somebody else's.
pub fn base_with_sent(format: Format, base: &[u8], sent: &[u8], theirs: &[u8], policy: &Policy) -> Vec<u8> {
    let paths = crate::changed_paths(format, base, sent, policy);
    let paths = paths.into_iter().filter(|path| !path.is_root());
    let settle = |documents: [Option<&Document>; 3], start: &[u8]| {
        let [_, sent, theirs] = documents;
        let value = |document: Option<&Document>, path: &Path| {
            let document = document?;
            document.at(path).map(|id| document.text(id).to_owned())
        };
        let mut bytes = start.to_vec();
        for path in paths {
            let (ours, there) = (value(sent, &path), value(theirs, &path));
            if !crate::json::classes::same_value(
                ours.as_deref(),
                there.as_deref(),
                &Path::root(),
                &Policy::default(),
            ) {
                continue;
            }
            let operation = match ours {
                Some(value) => Operation::Set { path, value },
                None => Operation::Unset { path },
            };
            if let Ok(changed) = crate::apply(&bytes, &[operation]) {
                bytes = changed;
            }
        }
        bytes
    };
    match format {
        Format::Vcard | Format::Icalendar => {
            let read = Cards::read(format, [Some(base), Some(sent), Some(theirs)], &[]);
            let Ok((cards, documents)) = read else { return base.to_vec() };
            let [Some(start), _, _] = &documents else { return base.to_vec() };
            let settled = settle(documents.each_ref().map(Option::as_ref), start.source().as_bytes());
            cards.write_on(&settled, [0, 1, 2])
        }
        _ => {
            let documents = [base, sent, theirs].map(|bytes| Document::parse(bytes).ok());
            if documents.iter().any(Option::is_none) {
                return base.to_vec();
            }
            settle(documents.each_ref().map(Option::as_ref), base)
        }
    }
}

/// Three versions of a card or calendar as fields, entries under the same path in all of them; `None` if they cannot be
/// taken apart together, or are of another format.
pub fn fields_together(format: Format, versions: [Option<&[u8]>; 3]) -> Option<[Option<Document>; 3]> {
    let is_card = matches!(format, Format::Vcard | Format::Icalendar);
    is_card.then(|| Cards::read(format, versions, &[]).ok()).flatten().map(|(_, documents)| documents)
}

fn root(file: &File, several: bool) -> Component {
    match file.components.first() {
        Some(only) if !several => only.clone(),
        _ => Component {
            name: "CARDS".to_owned(),
            begin: 0..0,
            end: 0..0,
            lines: Vec::new(),
            components: file.components.clone(),
            items: (0..file.components.len()).map(Item::Component).collect(),
        },
    }
}

/// What makes three files something else than three versions of one record.
fn check(format: Format, files: &[Option<File>; 3]) -> Result<(), Refused> {
    let refused = |side: usize, file: &File, offset: usize, words: String| {
        Err((side, ParseError::words_at(file.bytes(), offset, words)))
    };
    for (side, file) in files.iter().enumerate().filter_map(|(side, file)| Some((side, file.as_ref()?))) {
        let wanted = if format == Format::Vcard { "VCARD" } else { "VCALENDAR" };
        if let Some(other) = file.components.iter().find(|component| component.name != wanted) {
            let words = format!("BEGIN:{} stands where BEGIN:{wanted} is expected", other.name);
            return refused(side, file, other.begin.start, words);
        }
        if let (Format::Icalendar, Some(second)) = (format, file.components.get(1)) {
            return refused(
                side,
                file,
                second.begin.start,
                "there is more than one calendar in it".to_owned(),
            );
        }
        for component in &file.components {
            let version = component.named("VERSION").next();
            if let (Format::Vcard, Some(line)) = (format, version)
                && !matches!(line.value.trim(), "3.0" | "4.0")
            {
                let words = format!(
                    "it is a card of version {}; only 3.0 and 4.0 are merged by fields",
                    line.value.trim()
                );
                return refused(side, file, line.span.start, words);
            }
            let is_old = |line: &&crate::content_line::Line| {
                line.params
                    .iter()
                    .flat_map(|p| &p.values)
                    .any(|value| value.eq_ignore_ascii_case("quoted-printable"))
            };
            if let Some(line) = component.lines.iter().find(is_old) {
                let words = "its lines are quoted-printable, as cards of version 2.1 have them".to_owned();
                return refused(side, file, line.span.start, words);
            }
        }
    }
    same_for_all(files, version_of, |first, own| {
        format!("it is of version {own} and another one of version {first}; a merge does not convert them")
    })?;
    same_for_all(files, uids_of, |_, uid| {
        format!("its UID is {uid}, another version has another one: these are different records")
    })
}

/// The version of the format, if all cards have the same.
fn version_of(file: &File) -> Option<(String, usize)> {
    let mut lines = file.components.iter().filter_map(|component| component.named("VERSION").next());
    let first = lines.next()?;
    let differs = lines.any(|line| line.value.trim() != first.value.trim());
    let version = if differs { "3.0 and 4.0".to_owned() } else { first.value.trim().to_owned() };
    Some((version, first.span.start))
}

/// The only UID of the file; several records have none in common.
fn uids_of(file: &File) -> Option<(String, usize)> {
    let plain = |value: &str| {
        let value = value.trim();
        let bare = value.get(..9).filter(|start| start.eq_ignore_ascii_case("urn:uuid:"));
        bare.map_or_else(|| value.to_owned(), |_| value.get(9..).unwrap_or_default().to_lowercase())
    };
    let inner: Vec<&Component> = match file.components.as_slice() {
        [only] if only.name == "VCALENDAR" => only.components.iter().collect(),
        [only] => vec![only],
        _ => return None,
    };
    let lines = inner.iter().filter_map(|component| component.named("UID").next());
    let uids: Vec<(String, usize)> = lines.map(|line| (plain(&line.value), line.span.start)).collect();
    let different: BTreeSet<&String> = uids.iter().map(|(uid, _)| uid).collect();
    if different.len() == 1 { uids.into_iter().next() } else { None }
}

/// Every version that has such a thing has the same; words about the first that has not.
fn same_for_all(
    files: &[Option<File>; 3],
    of: impl Fn(&File) -> Option<(String, usize)>,
    words: impl Fn(&str, &str) -> String,
) -> Result<(), Refused> {
    let found: Vec<(usize, &File, String, usize)> = files
        .iter()
        .enumerate()
        .filter_map(|(side, file)| {
            let file = file.as_ref()?;
            let (what, offset) = of(file)?;
            Some((side, file, what, offset))
        })
        .collect();
    let Some((_, _, first, _)) = found.first() else { return Ok(()) };
    match found.iter().find(|(_, _, what, _)| what != first) {
        Some((side, file, what, offset)) => {
            Err((*side, ParseError::words_at(file.bytes(), *offset, words(first, what))))
        }
        None => Ok(()),
    }
}
