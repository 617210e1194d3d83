//! What the tests of several targets share.
#![allow(dead_code)]

use record_merge::json::{Document, Kind, NodeId};
use record_merge::{Merged, RowKind};

/// The kind of a row when the sides are turned round.
pub fn mirrored(kind: RowKind) -> RowKind {
    match kind {
        RowKind::TheirsOnly => RowKind::MineOnly,
        RowKind::MineOnly => RowKind::TheirsOnly,
        RowKind::DeletedByMeEditedByServer => RowKind::EditedByMeDeletedByServer,
        RowKind::EditedByMeDeletedByServer => RowKind::DeletedByMeEditedByServer,
        RowKind::EditDelete => RowKind::DeleteEdit,
        RowKind::DeleteEdit => RowKind::EditDelete,
        same => same,
    }
}

/// The text of an outcome; `None` = deleted.
pub fn text(merged: Merged) -> Option<String> {
    match merged {
        Merged::Document(bytes) => Some(String::from_utf8(bytes).unwrap()),
        Merged::Deleted => None,
    }
}

pub fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

/// A JSON record in one spelling: members and elements sorted, numbers and escapes plain. Two records with the same
/// plain text are equal but for the order of their lists.
pub fn plain(source: &str) -> String {
    spelled(source, true)
}

/// The same, with the elements of lists where they stand.
pub fn ordered(source: &str) -> String {
    spelled(source, false)
}

fn spelled(source: &str, sort: bool) -> String {
    fn go(document: &Document, id: NodeId, sort: bool) -> String {
        match document.kind(id) {
            Kind::Object if !document.is_atomic(id) => {
                let member = |(name, child): (std::borrow::Cow<'_, str>, NodeId)| {
                    format!("{name:?}:{}", go(document, child, sort))
                };
                format!("{{{}}}", sorted(document.members(id).map(member).collect()).join(","))
            }
            Kind::Object => {
                let member = |child| format!("{}:{}", document.name_text(child), go(document, child, sort));
                format!("{{{}}}", document.children(id).map(member).collect::<Vec<_>>().join(","))
            }
            Kind::Array => {
                let all: Vec<String> = document.children(id).map(|child| go(document, child, sort)).collect();
                format!("[{}]", if sort { sorted(all) } else { all }.join(","))
            }
            Kind::String => {
                document.string(id).map_or_else(|| document.text(id).to_owned(), |text| format!("{text:?}"))
            }
            Kind::Number => number(document.text(id)),
            _ => document.text(id).to_owned(),
        }
    }
    match Document::parse(source.as_bytes()) {
        Ok(document) => go(&document, document.root(), sort),
        Err(error) => panic!("{error} in {source}"),
    }
}

/// Digits and power of ten, without needless zeros; written again here so that it judges the crate's own.
pub fn number(text: &str) -> String {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let cut = digits.trim_end_matches('0');
    let moved = i128::try_from(digits.len() - cut.len()).unwrap() - i128::try_from(fraction.len()).unwrap();
    let cut = cut.trim_start_matches('0');
    if cut.is_empty() {
        return "0".to_owned();
    }
    format!("{sign}{cut}e{}", exponent.parse::<i128>().unwrap() + moved)
}
