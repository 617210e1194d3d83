//! Values made ready from both sides: words put together, both in the other order (M13, 2.6).

use super::value::value;
use ipc_types::{Mark, ReadyKind, ReadyValue, Value};
use record_merge::{Choice, Lexeme, Merge, Row, Standing};

/// Both sides one after the other, in either order.
struct Orders {
    server_first: Lexeme,
    /// Where it is another.
    mine_first: Option<Lexeme>,
    /// The merge itself would put the person's first: both carry a date, and theirs is the later one.
    mine_is_usual: bool,
}

impl Orders {
    fn of(merge: &Merge, row: &Row) -> Option<Self> {
        let mut both = merge.both(row).into_iter();
        let usual = both.next()?;
        let Some(other) = both.next() else {
            return Some(Self { server_first: usual, mine_first: None, mine_is_usual: false });
        };
        let alike = |side: &Option<Lexeme>| {
            let side = side.as_deref().unwrap_or_default();
            usual.bytes().zip(side.bytes()).take_while(|(a, b)| a == b).count()
        };
        // What comes first is what the whole begins like.
        Some(if alike(&row.mine) > alike(&row.theirs) {
            Self { server_first: other, mine_first: Some(usual), mine_is_usual: true }
        } else {
            Self { server_first: usual, mine_first: Some(other), mine_is_usual: false }
        })
    }

    /// The value that is stored with "both": none for the usual order.
    fn stored(&self, mine_first: bool) -> Option<Lexeme> {
        match (mine_first, self.mine_is_usual) {
            (true, true) | (false, false) => None,
            (true, false) => self.mine_first.clone(),
            (false, true) => Some(self.server_first.clone()),
        }
    }
}

/// What a row offers beside one side or the other.
pub(crate) struct Made {
    /// The values that are taken by their kind.
    pub ready: Vec<ReadyValue>,
    /// What "both" comes to.
    pub both: Option<Value>,
}

/// What can be made of both sides of a row.
pub(crate) fn made(
    merge: &Merge,
    row: &Row,
    standing: &Standing,
    marks: impl Fn(&Value) -> Vec<Mark>,
) -> Made {
    let decided = standing.acting();
    let offer = |kind: ReadyKind, lexeme: &Lexeme, by_date: bool, chosen: bool| {
        let value = value(Some(lexeme));
        ReadyValue { marks: marks(&value), chosen, kind, value, by_date }
    };
    let combined = row.suggestion.as_ref().map(|lexeme| {
        let is_it = decided.is_some_and(|d| d.choice == Choice::Edit && d.value.as_ref() == Some(lexeme));
        offer(ReadyKind::Combined, lexeme, false, is_it)
    });
    let orders = Orders::of(merge, row);
    let turned = orders.as_ref().and_then(|orders| {
        let stored = orders.stored(true);
        let is_it = decided.is_some_and(|d| d.choice == Choice::Both && d.value == stored);
        Some(offer(ReadyKind::MineFirst, orders.mine_first.as_ref()?, orders.mine_is_usual, is_it))
    });
    Made {
        ready: combined.into_iter().chain(turned).collect(),
        both: orders.map(|orders| value(Some(&orders.server_first))),
    }
}

/// What a kind is stored as.
pub(crate) fn ready_value(merge: &Merge, row: &Row, kind: ReadyKind) -> Option<(Choice, Option<Lexeme>)> {
    match kind {
        ReadyKind::Combined => Some((Choice::Edit, Some(row.suggestion.clone()?))),
        ReadyKind::MineFirst => {
            let orders = Orders::of(merge, row)?;
            orders.mine_first.as_ref()?;
            Some((Choice::Both, orders.stored(true)))
        }
    }
}

/// What "both" is stored as: the server's first, whatever the dates say.
pub(crate) fn both_value(merge: &Merge, row: &Row) -> Option<Lexeme> {
    Orders::of(merge, row)?.stored(false)
}
