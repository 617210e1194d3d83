//! What a text has besides its contents (merge.md 2.6, step 2): byte-order mark, kind of line ends, final line break,
//! and per line trailing space and Unicode form. Each is merged as one value; there is always an answer: what
//! both sides changed differently is the server's.

use super::lines::{End, Text};

/// Three-way merge of one value.
pub(super) fn settle<V: PartialEq>(base: V, mine: V, theirs: V) -> V {
    if theirs == base { mine } else { theirs }
}

/// A value that some texts say nothing about: those count as unchanged.
fn settle_known<V: PartialEq + Copy>(values: [Option<V>; 3]) -> Option<V> {
    match values {
        [Some(base), mine, theirs] => Some(settle(base, mine.unwrap_or(base), theirs.unwrap_or(base))),
        [None, mine, theirs] => theirs.or(mine),
    }
}

/// How the lines of the outcome end.
pub(super) struct Frame {
    /// All of them like this; `None` = each as it was.
    pub(super) uniform: Option<End>,
    /// For a line that has no end and needs one.
    pub(super) filler: End,
    /// The last line has no end.
    pub(super) cut_final: bool,
    /// The sides differ in it.
    pub(super) changed: bool,
}

pub(super) fn frame(all: &[Text<'_>; 3]) -> Frame {
    let ends = all.each_ref().map(|text| text.ends());
    let mixed = ends.iter().any(|ends| ends.mixed);
    let [base, mine, theirs] = ends.map(|ends| ends.one);
    let one = settle_known([base, mine, theirs]).unwrap_or(End::Unix);
    Frame {
        uniform: (!mixed).then_some(one),
        filler: if mixed { theirs.or(mine).or(base).unwrap_or(End::Unix) } else { one },
        cut_final: match all.each_ref().map(|text| text.final_break()) {
            // Nobody changed anything: if one of two new texts ends its last line, the outcome does.
            [None, Some(mine), Some(theirs)] => !(mine || theirs),
            known => settle_known(known) == Some(false),
        },
        changed: !mixed && mine.zip(theirs).is_some_and(|(mine, theirs)| mine != theirs),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_of_three() {
        for (base, mine, theirs, expected) in
            [(1, 1, 2, 2), (1, 2, 1, 2), (1, 2, 2, 2), (1, 3, 2, 2), (1, 2, 3, 3)]
        {
            assert_eq!(settle(base, mine, theirs), expected);
        }
        for (values, expected) in [
            ([None, None, None], None),
            ([Some(1), None, Some(2)], Some(2)),
            ([Some(1), Some(2), None], Some(2)),
            ([None, Some(2), Some(1)], Some(1)),
            ([None, Some(1), None], Some(1)),
        ] {
            assert_eq!(settle_known(values), expected, "{values:?}");
        }
    }
}
