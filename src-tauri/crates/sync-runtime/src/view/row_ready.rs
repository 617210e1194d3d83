//! Values made ready from both sides: words put together, both in the other order (M13, 2.6).

use super::value::{text_value, value};
use super::when;
use ipc_types::{Mark, ReadyKind, ReadyValue, Value};
use record_merge::{Choice, Row, Standing};

/// The values that can be taken beside the choices of a row.
pub(crate) fn ready(
    row: &Row,
    standing: &Standing,
    theirs: &Value,
    mine: &Value,
    marks: impl Fn(&Value) -> Vec<Mark>,
) -> Vec<ReadyValue> {
    let decided = standing.acting().filter(|decision| decision.choice == Choice::Edit);
    let offer = |kind: ReadyKind, value: Value, by_date: bool| ReadyValue {
        marks: marks(&value),
        chosen: decided.is_some_and(|decision| decision.value.as_deref() == Some(value.json.as_str())),
        kind,
        value,
        by_date,
    };
    let combined =
        row.suggestion.as_deref().map(|lexeme| offer(ReadyKind::Combined, value(Some(lexeme)), false));
    let other_order = (row.part.is_some() && row.choices.contains(&Choice::Both))
        .then(|| offer(ReadyKind::MineFirst, both(mine, theirs), mine_is_earlier(theirs, mine)));
    combined.into_iter().chain(other_order).collect()
}

/// The value of a kind, to be decided.
pub(crate) fn ready_value(row: &Row, kind: ReadyKind) -> Option<String> {
    let (theirs, mine) = (value(row.theirs.as_deref()), value(row.mine.as_deref()));
    let all = ready(row, &Standing::Undecided, &theirs, &mine, |_| Vec::new());
    all.into_iter().find(|ready| ready.kind == kind).map(|ready| ready.value.json)
}

/// Both stretches of a text, one after the other.
pub(crate) fn both(first: &Value, second: &Value) -> Value {
    let windows = [first, second].iter().any(|value| value.text.contains("\r\n"));
    let line_break = if windows { "\r\n" } else { "\n" };
    let gap = first.text.is_empty() || second.text.is_empty() || first.text.ends_with(line_break);
    text_value(&format!("{}{}{}", first.text, if gap { "" } else { line_break }, second.text))
}

/// Both begin with a date, and the person's is the earlier one.
fn mine_is_earlier(theirs: &Value, mine: &Value) -> bool {
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
