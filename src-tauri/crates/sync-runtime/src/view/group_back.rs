//! What an undo of a batch writes back after a record was sent: the side that was not taken, where what was sent is still
//! there.

use super::card::is_card;
use super::group_cells::{Cells, lexeme_at};
use super::merge_state::{for_now, undecide};
use record_merge::json::{Document, quote};
use record_merge::{
    Choice, Group, Inputs, Lexeme, Merged, Operation, Path, Policy, ReviewedRow, Side, equal,
    standing_decisions, value_at,
};
use serde::{Deserialize, Serialize};
use sync_engine::Body;

/// What an undo writes back at one place after the record was sent. Of a contact or calendar it is the whole record,
/// before and after, each as a text: its entries have names only where the versions are compared at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Back {
    /// Where.
    pub path: Path,
    /// What the batch sent; `None` = nothing there.
    pub sent: Option<Lexeme>,
    /// The side that was not taken; `None` = nothing there.
    pub back: Option<Lexeme>,
}

/// The side that was not taken, for each place that was decided. `outcome` = the bytes that are sent.
pub(super) fn back(cells: &Cells<'_>, outcome: Option<&[u8]>) -> Vec<Back> {
    let Some(shown) = cells.outcome else { return Vec::new() };
    let decided = |row: &&ReviewedRow| row.row.group == Group::Open;
    if cells.reviewed.iter().any(|row| decided(&row) && row.row.path.is_root()) {
        return Vec::new();
    }
    // Where nothing was decided, what the person had changed is what was sent.
    let none = !cells.reviewed.iter().any(|row| decided(&row));
    if is_card(cells.state.merge.format()) {
        return outcome.and_then(|sent| whole_card(cells, none, sent)).into_iter().collect();
    }
    let rows = cells.reviewed.iter().filter(|row| none || decided(row)).filter(|row| !row.row.path.is_root());
    let places = rows.flat_map(|row| std::iter::once(&row.row.path).chain(&row.row.with));
    let back = places.filter_map(|path| {
        let sent = lexeme_at(shown, path);
        let (theirs, mine) = (cells.side(Side::Theirs, path), cells.side(Side::Mine, path));
        let took_theirs = cells.state.merge.same_value(path, sent.as_deref(), theirs.as_deref());
        if none && took_theirs {
            return None;
        }
        Some(Back { path: path.clone(), sent, back: if took_theirs { mine } else { theirs } })
    });
    back.collect()
}

/// The same merge with every choice the other way round.
fn whole_card(cells: &Cells<'_>, none: bool, sent: &[u8]) -> Option<Back> {
    let merge = &cells.state.merge;
    let other = if none {
        cells.state.theirs_body()?.bytes.to_vec()
    } else {
        let mut decisions = standing_decisions(cells.reviewed);
        for row in cells.reviewed.iter().filter(|row| row.row.group == Group::Open) {
            let path = &row.row.path;
            let taken = lexeme_at(cells.outcome?, path);
            let took_theirs = merge.same_value(path, taken.as_deref(), row.row.theirs.as_deref());
            undecide(&mut decisions, &row.row);
            decisions.push(for_now(&row.row, if took_theirs { Choice::Mine } else { Choice::Theirs }));
        }
        match merge.result(&decisions).ok()? {
            Merged::Document(bytes) => bytes,
            Merged::Deleted => return None,
        }
    };
    let text = |bytes: &[u8]| std::str::from_utf8(bytes).ok().map(quote);
    Some(Back { path: Path::root(), sent: Some(text(sent)?), back: Some(text(&other)?) })
}

/// The outcome of undoing a sent record: its fields at the other side's values, but only where what the batch sent is
/// still there. `None` = somebody changed all of them since.
pub fn taken_back(now: &Body, back: &[Back], policy: &Policy) -> Option<Body> {
    let (sent, other) = if is_card(now.format()) { whole(back)? } else { by_places(now, back)? };
    // The same merge as everywhere: halves that belong together come back together or not at all, and where somebody
    // changed the same, theirs stays.
    let inputs = Inputs::new(Some(&sent), Some(&other), Some(&now.bytes));
    let merge = record_merge::merge(now.format(), inputs, policy).ok()?;
    let Merged::Document(bytes) = merge.all_theirs() else { return None };
    let changed = !equal(now.format(), &bytes, &now.bytes, policy);
    changed.then(|| Body::new(bytes, now.media_type.clone()))
}

/// The record with what was sent at these places, and with what comes back there; all else is as it is now.
fn by_places(now: &Body, back: &[Back]) -> Option<(Vec<u8>, Vec<u8>)> {
    let put = |bytes: &[u8], path: &Path, value: &Option<Lexeme>| {
        let there = value_at(bytes, path).ok()?;
        let operation = match (value, there) {
            (Some(value), _) => Operation::Set { path: path.clone(), value: value.clone() },
            (None, Some(_)) => Operation::Unset { path: path.clone() },
            (None, None) => return Some(bytes.to_vec()),
        };
        record_merge::apply(bytes, &[operation]).ok()
    };
    let (mut sent, mut other) = (now.bytes.to_vec(), now.bytes.to_vec());
    for one in back {
        // A place that leads nowhere any more has nothing to come back to.
        if let Some(both) = put(&sent, &one.path, &one.sent).zip(put(&other, &one.path, &one.back)) {
            (sent, other) = both;
        }
    }
    (!back.is_empty()).then_some((sent, other))
}

/// The whole record as it was sent, and as it comes back.
fn whole(back: &[Back]) -> Option<(Vec<u8>, Vec<u8>)> {
    let [Back { path, sent: Some(sent), back: Some(back) }] = back else { return None };
    let text = |lexeme: &str| {
        let document = Document::parse(lexeme.as_bytes()).ok()?;
        Some(document.string(document.root())?.into_owned().into_bytes())
    };
    Some((text(sent).filter(|_| path.is_root())?, text(back)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(lines: &str) -> String {
        format!("BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u\r\n{lines}END:VCARD\r\n")
    }

    #[test]
    fn a_card_comes_back_where_nobody_changed_it_since() {
        let sent = card("FN:Anna\r\nTEL;TYPE=home:+351 911\r\nEMAIL:a@example.org\r\n");
        let other = card("FN:Anna\r\nTEL;TYPE=home:+351 922\r\nEMAIL:b@example.org\r\n");
        let back = Back { path: Path::root(), sent: Some(quote(&sent)), back: Some(quote(&other)) };
        for (now, expected) in [
            (sent.clone(), Some(other.clone())),
            // The number is another one by now and stays; a line that came stays, too.
            (
                card("FN:Anna\r\nTEL;TYPE=home:+351 933\r\nEMAIL:a@example.org\r\nNOTE:new\r\n"),
                Some(card("FN:Anna\r\nTEL;TYPE=home:+351 933\r\nEMAIL:b@example.org\r\nNOTE:new\r\n")),
            ),
            (card("FN:Anna\r\nTEL;TYPE=home:+351 933\r\nEMAIL:c@example.org\r\n"), None),
        ] {
            let now = Body::new(now.into_bytes(), "text/vcard");
            let found = taken_back(&now, std::slice::from_ref(&back), &Policy::default());
            assert_eq!(found.map(|body| String::from_utf8(body.bytes.to_vec()).unwrap()), expected);
        }
    }

    #[test]
    fn fields_come_back_together_or_not_at_all() {
        let path = |pointer: &str| Path::from_pointer(pointer).unwrap();
        let back = |pointer: &str, sent: &str, back: &str| Back {
            path: path(pointer),
            sent: Some(sent.to_owned()),
            back: Some(back.to_owned()),
        };
        let all = [
            back("/start", "\"2026-03-01\"", "\"2026-01-01\""),
            back("/end", "\"2026-04-01\"", "\"2026-02-01\""),
            back("/shelf", "\"B\"", "\"A\""),
            back("/place/room", "1", "2"),
        ];
        let record = |start: &str, end: &str, shelf: &str| {
            format!(r#"{{"start":"2026-{start}","end":"2026-{end}","shelf":"{shelf}","more": 1.0}}"#)
        };
        for (now, expected) in [
            (record("03-01", "04-01", "B"), Some(record("01-01", "02-01", "A"))),
            // The end is another one by now: a start from before it would be a time that nobody wrote.
            (record("03-01", "05-05", "B"), Some(record("03-01", "05-05", "A"))),
            (record("03-01", "05-05", "C"), None),
        ] {
            let found = taken_back(&Body::json(now.clone().into_bytes()), &all, &Policy::default());
            assert_eq!(found.map(|body| String::from_utf8(body.bytes.to_vec()).unwrap()), expected, "{now}");
        }
    }
}
