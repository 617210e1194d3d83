//! Values made ready from both sides: words put together, both in the other order (M13, 2.6).

use super::value::value;
use super::when;
use ipc_types::{Mark, ReadyKind, ReadyValue, Value};
use record_merge::{Choice, Decision, Lexeme, Merge, Row, Standing};

/// The values that can be taken beside the choices of a row.
pub(crate) fn ready(
    merge: &Merge,
    row: &Row,
    standing: &Standing,
    marks: impl Fn(&Value) -> Vec<Mark>,
) -> Vec<ReadyValue> {
    let decided = standing.acting();
    let offer = |kind: ReadyKind, lexeme: &Lexeme, by_date: bool| {
        let value = value(Some(lexeme));
        let is_it = |decision: &Decision| {
            decision.choice == choice(kind) && decision.value.as_deref() == Some(lexeme.as_str())
        };
        ReadyValue { marks: marks(&value), chosen: decided.is_some_and(is_it), kind, value, by_date }
    };
    let combined = row.suggestion.as_ref().map(|lexeme| offer(ReadyKind::Combined, lexeme, false));
    let both = merge.both(row);
    let turned = both.get(1).map(|lexeme| offer(ReadyKind::MineFirst, lexeme, mine_is_earlier(row)));
    combined.into_iter().chain(turned).collect()
}

/// The value of a kind, and the choice it is stored with.
pub(crate) fn ready_value(merge: &Merge, row: &Row, kind: ReadyKind) -> Option<(Choice, Lexeme)> {
    let lexeme = match kind {
        ReadyKind::Combined => row.suggestion.clone(),
        ReadyKind::MineFirst => merge.both(row).into_iter().nth(1),
    };
    Some((choice(kind), lexeme?))
}

fn choice(kind: ReadyKind) -> Choice {
    match kind {
        ReadyKind::Combined => Choice::Edit,
        ReadyKind::MineFirst => Choice::Both,
    }
}

/// Both begin with a date, and the person's is the earlier one.
fn mine_is_earlier(row: &Row) -> bool {
    let (theirs, mine) = (value(row.theirs.as_deref()), value(row.mine.as_deref()));
    match (leading_date(&theirs.text), leading_date(&mine.text)) {
        (Some(theirs), Some(mine)) => mine < theirs,
        _ => false,
    }
}

/// The date a text begins with, behind marks of a list.
fn leading_date(text: &str) -> Option<&str> {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || "-*+#[(>".contains(c));
    let date = text.get(..10)?;
    when::is_date(date).then_some(date)
}
