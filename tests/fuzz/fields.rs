//! Cards and calendars as fields, comparing and classifying: everything that reads a record outside the merge.

use crate::common::ordered;
use crate::targets::parts;
use record_merge::json::{Document, Kind};
use record_merge::{
    Classified, Classify, Format, Operation, Path, Policy, Token, apply_to, base_with_sent,
    changed_leaves_present, changed_paths, classify, equal, fields, label_of, title_of, value_at,
};

const CARDS: [Format; 2] = [Format::Vcard, Format::Icalendar];

/// A card that is read as fields is a whole document, gives its bytes back when nothing was changed, and stays readable
/// when one field was.
pub fn card_fields(bytes: &[u8]) {
    let [body, pointer, value, _] = parts(bytes);
    title_of(body);
    for format in CARDS {
        let document = match fields(format, body) {
            Ok(document) => document,
            Err(error) => {
                assert!(!error.words.is_empty() && error.line > 0, "{error:?}");
                continue;
            }
        };
        ordered(document.source());
        assert!(equal(format, body, body, &Policy::default()));
        let same = Operation::Set { path: Path::root(), value: document.source().to_owned() };
        for edits in [Vec::new(), vec![same]] {
            assert_eq!(apply_to(format, body, &edits).unwrap(), body, "nothing was changed");
        }
        for path in places(&document) {
            assert!(label_of(format, &path).iter().all(|name| !name.is_empty()), "{path:?}");
            let itself = document.at(&path).map(|id| document.text(id).to_owned()).unwrap();
            let edit = Operation::Set { path: path.clone(), value: itself };
            assert_eq!(apply_to(format, body, &[edit]).unwrap(), body, "{path:?} was set to what it is");
        }
        let Ok(path) = Path::from_pointer(&String::from_utf8_lossy(pointer)) else { continue };
        let value = String::from_utf8_lossy(value).trim().to_owned();
        for edit in [Operation::Set { path: path.clone(), value }, Operation::Unset { path }] {
            // A person can write what no card may have: then it is refused where it is sent, not here.
            let _ = apply_to(format, body, &[edit]);
        }
    }
}

/// The places of a document down to the third step, some dozen at most.
fn places(document: &Document) -> Vec<Path> {
    let mut found = Vec::new();
    let mut open = vec![(Path::root(), document.root())];
    while let Some((path, id)) = open.pop() {
        if found.len() < 24
            && path.0.len() < 3
            && document.kind(id) == Kind::Object
            && !document.is_atomic(id)
        {
            for (name, below) in document.members(id) {
                let mut path = path.clone();
                path.0.push(Token::Member(name.into_owned()));
                found.push(path.clone());
                open.push((path, below));
            }
        }
    }
    found
}

/// Two records are the same if nothing differs, whichever comes first; a place that differs is there on one side.
pub fn compare(bytes: &[u8]) {
    let [one, other, sent, _] = parts(bytes);
    let policy = Policy::default();
    for format in [Format::Json, Format::Text, Format::Vcard, Format::Icalendar, Format::Binary] {
        let same = equal(format, one, other, &policy);
        assert_eq!(same, equal(format, other, one, &policy), "{format:?}");
        let paths = changed_paths(format, one, other, &policy);
        // Texts and broken records differ in their bytes or not at all.
        assert_eq!(same, paths.is_empty(), "{format:?} {paths:?}");
        if format == Format::Json {
            for path in &paths {
                let there = |bytes| value_at(bytes, path).unwrap_or_default().is_some();
                assert!(path.is_root() || there(one) || there(other), "{path:?}");
            }
        }
        assert!(changed_leaves_present(format, Some(one), other, other, &policy));
        let based = base_with_sent(format, one, sent, other, &policy);
        if equal(format, sent, one, &policy) {
            assert!(equal(format, &based, one, &policy), "{format:?}: nothing was sent");
        }
        kinds_of_refusals(format, one, sent, other);
    }
}

fn kinds_of_refusals(format: Format, base: &[u8], mine: &[u8], theirs: &[u8]) {
    let policy = Policy::default();
    let c = Classify {
        format,
        policy: &policy,
        base: Some(base),
        mine: Some(mine),
        theirs: Some(theirs),
        sent: None,
        create: false,
    };
    let own = classify(&Classify { sent: Some(Some(theirs)), ..c });
    assert_eq!(own, Classified::OwnWrite);
    let edit = classify(&c) == Classified::EditEdit;
    let swapped = classify(&Classify { mine: Some(theirs), theirs: Some(mine), ..c });
    // Nothing but two different edits is a clash from both sides.
    if edit && swapped != Classified::EditEdit {
        assert!(equal(format, base, mine, &policy), "{swapped:?}");
    }
    assert_eq!(classify(&Classify { theirs: None, ..c }), Classified::EditDelete);
    assert_eq!(classify(&Classify { mine: None, theirs: None, ..c }), Classified::BothDeleted);
}
