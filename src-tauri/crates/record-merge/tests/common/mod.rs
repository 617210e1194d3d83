//! What the tests of several targets share.
#![allow(dead_code)]

use record_merge::json::{Document, Kind, NodeId};
use record_merge::{
    Choice, Decision, Format, Inputs, Merge, Merged, Path, Policy, Row, RowKind, Rule, equal, merge,
};

/// Merges three JSON records.
pub fn run(base: &str, mine: &str, theirs: &str, policy: &Policy) -> Merge {
    let inputs = Inputs::new(Some(base.as_bytes()), Some(mine.as_bytes()), Some(theirs.as_bytes()));
    merge(Format::Json, inputs, policy).unwrap()
}

/// What comes out of a merge; `(deleted)` = no record.
pub fn shown(merged: Merged) -> String {
    text(merged).unwrap_or_else(|| "(deleted)".to_owned())
}

/// What comes out of a merge without a decision, or `? ` and the places of the open rows.
pub fn outcome(m: &Merge) -> String {
    match m.result(&[]) {
        Ok(merged) => shown(merged),
        Err(still) => format!("? {}", still.open.iter().map(Path::to_pointer).collect::<Vec<_>>().join(" ")),
    }
}

/// A decision about a row as it stands.
pub fn decide(row: &Row, choice: Choice, value: Option<&str>) -> Decision {
    Decision {
        path: row.path.clone(),
        part: row.part,
        choice,
        value: value.map(str::to_owned),
        validator: None,
        theirs_then: row.theirs.clone(),
        mine_then: row.mine.clone(),
    }
}

/// A policy of rules, each for a pattern.
pub fn rules(all: &[(&str, Rule)]) -> Policy {
    let rules = all.iter().map(|(pattern, rule)| ((*pattern).to_owned(), *rule)).collect();
    Policy { rules, ..Policy::default() }
}

/// The row at this place.
pub fn row<'m>(m: &'m Merge, pointer: &str) -> &'m Row {
    let all: Vec<String> = m.rows.iter().map(|row| row.path.to_pointer()).collect();
    let found = m.rows.iter().find(|row| row.path.to_pointer() == pointer);
    found.unwrap_or_else(|| panic!("{pointer} in {all:?}"))
}

/// A record with the member `v`; `-` = without.
pub fn member(value: &str) -> String {
    if value == "-" { "{\"k\":0}".to_owned() } else { format!("{{\"k\":0,\"v\":{value}}}") }
}

/// `"1 2 3"` = a list of objects with these ids; `1n` has a member besides, `1n2` another value in it.
pub fn ids(text: &str) -> String {
    let item = |word: &str| match word.split_once('n') {
        Some((id, value)) => format!("{{\"id\":{id},\"n\":\"{value}\"}}"),
        None => format!("{{\"id\":{word}}}"),
    };
    format!("[{}]", text.split_whitespace().map(item).collect::<Vec<_>>().join(","))
}

/// `"abc"` = a list of three texts.
pub fn words(text: &str) -> String {
    let item = |c: char| format!("\"{c}\"");
    format!("[{}]", text.chars().map(item).collect::<Vec<_>>().join(","))
}

/// Whether two JSON records are equal.
pub fn same(a: &str, b: &str) -> bool {
    equal(Format::Json, a.as_bytes(), b.as_bytes(), &Policy::default())
}

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
    match exponent.parse::<i128>() {
        Ok(exponent) => format!("{sign}{cut}e{}", exponent + moved),
        // Beyond 128 bits nothing here compares two spellings of one number.
        Err(_) => format!("{sign}{cut}e{exponent}{moved:+}"),
    }
}
