//! The truth table of merge.md 2.3 for one node, as a function of nothing but what the three versions have there.

use crate::json::Kind;
use crate::json::classes::MISSING;
use crate::model::{Choice, RowKind};

/// What one version has at a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Equal values have equal classes; [`MISSING`] = not there.
    pub(crate) class: u32,
    /// The type; `None` = not there.
    pub(crate) kind: Option<Kind>,
    /// An object that must not be taken apart.
    pub(crate) atomic: bool,
}

impl Seen {
    fn is_missing(self) -> bool {
        self.class == MISSING
    }

    fn is_null(self) -> bool {
        self.kind == Some(Kind::Null)
    }

    fn is_object(self) -> bool {
        self.kind == Some(Kind::Object)
    }

    fn opens(self) -> bool {
        self.is_object() && !self.atomic
    }

    fn is_array(self) -> bool {
        self.kind == Some(Kind::Array)
    }
}

/// What to do at a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Both sides say the same.
    Agreed,
    /// Merge the members one by one; `added` = the base has no object here.
    Members {
        /// Listed as added by both.
        added: bool,
    },
    /// Arrays on both sides: by array mode, else as the row given.
    Array(RowKind, Option<Choice>),
    /// One row: automatic with that side's value, or open.
    Row(RowKind, Option<Choice>),
}

/// Rows 2 and 3 come after row 4 here: members of objects are merged one by one even when only one side changed, so
/// that each is a row of its own. The outcome is the same.
pub(crate) fn verdict(base: Seen, mine: Seen, theirs: Seen) -> Verdict {
    if mine.class == theirs.class {
        return Verdict::Agreed;
    }
    if mine.opens() && theirs.opens() && (base.is_missing() || base.opens()) {
        return Verdict::Members { added: base.is_missing() };
    }
    let (kind, automatic) = one_value(base, mine, theirs);
    if mine.is_array() && theirs.is_array() && (base.is_missing() || base.is_array()) {
        return Verdict::Array(kind, automatic);
    }
    Verdict::Row(kind, automatic)
}

/// The table for a node that is not taken apart; both sides differ.
pub(super) fn one_value(base: Seen, mine: Seen, theirs: Seen) -> (RowKind, Option<Choice>) {
    if mine.class == base.class {
        return (RowKind::TheirsOnly, Some(Choice::Theirs));
    }
    if theirs.class == base.class {
        return (RowKind::MineOnly, Some(Choice::Mine));
    }
    let kind = if (mine.is_null() && theirs.is_missing()) || (mine.is_missing() && theirs.is_null()) {
        RowKind::NullVsMissing
    } else if mine.is_missing() {
        RowKind::DeletedByMeEditedByServer
    } else if theirs.is_missing() {
        RowKind::EditedByMeDeletedByServer
    } else if base.is_missing() {
        RowKind::AddedDifferently
    } else if mine.is_null() || theirs.is_null() {
        RowKind::EditedDifferently
    } else if changed_type(base, mine, theirs) {
        RowKind::TypeChanged
    } else {
        RowKind::EditedDifferently
    };
    (kind, None)
}

/// An object stopped being one on one side (row 12), or something else became two different objects (row 13).
fn changed_type(base: Seen, mine: Seen, theirs: Seen) -> bool {
    if base.is_object() {
        mine.is_object() != theirs.is_object()
    } else {
        mine.is_object() && theirs.is_object()
    }
}
