//! Where a row stands, and where its value comes from, in the words that cross to the window.

use super::value::value;
use ipc_types::{Choice, Provenance, Standing, Value};
use record_merge::{ReviewedRow, RowKind};

pub(crate) fn ipc_choice(choice: record_merge::Choice) -> Choice {
    match choice {
        record_merge::Choice::Theirs => Choice::Theirs,
        record_merge::Choice::Mine => Choice::Mine,
        record_merge::Choice::Both => Choice::Both,
        record_merge::Choice::Edit => Choice::Edit,
        record_merge::Choice::Later => Choice::Later,
    }
}

/// The choice that acts or is suggested.
pub(crate) fn choice_of(reviewed: &ReviewedRow) -> Option<Choice> {
    use record_merge::Standing as S;
    match &reviewed.standing {
        S::Suggested(decision) => Some(ipc_choice(decision.choice)),
        S::Undecided => None,
        S::Automatic => reviewed.row.automatic.map(ipc_choice),
        other => other.acting().map(|decision| ipc_choice(decision.choice)),
    }
}

pub(crate) fn standing(standing: &record_merge::Standing) -> Standing {
    use record_merge::Standing as S;
    match standing {
        S::Undecided => Standing::Undecided,
        // The decision waits for the record to be brought back, and then acts.
        S::Decided(_) | S::Resting(_) => Standing::Decided,
        S::Suggested(_) => Standing::Suggested,
        S::Followed(_) => Standing::Followed,
        S::Automatic => Standing::Automatic,
        S::Overridden(_) => Standing::Overridden,
    }
}

pub(crate) fn theirs_then(standing: &record_merge::Standing) -> Option<Value> {
    use record_merge::Standing as S;
    match standing {
        S::Suggested(decision) | S::Followed(decision) => Some(value(decision.theirs_then.as_deref())),
        _ => None,
    }
}

/// What the person wrote, where that is only a suggestion now.
pub(crate) fn wrote(standing: &record_merge::Standing) -> Option<Value> {
    match standing {
        record_merge::Standing::Suggested(decision) if decision.choice == record_merge::Choice::Edit => {
            Some(value(decision.value.as_deref()))
        }
        _ => None,
    }
}

pub(crate) fn ready_provenance(kind: ipc_types::ReadyKind) -> Provenance {
    match kind {
        ipc_types::ReadyKind::Combined => Provenance::Combined,
        ipc_types::ReadyKind::MineFirst => Provenance::Both,
    }
}

/// Where the value of a row comes from.
pub(crate) fn provenance(kind: RowKind, choice: Choice) -> Provenance {
    match choice {
        Choice::Theirs => Provenance::Server,
        Choice::Both if kind == RowKind::Combined => Provenance::Combined,
        Choice::Mine => Provenance::Mine,
        Choice::Both => Provenance::Both,
        Choice::Edit => Provenance::Edited,
        Choice::Later => Provenance::Combined,
    }
}

/// The stable name of a row's kind, as its serialised form.
pub(crate) fn kind_name(kind: RowKind) -> String {
    match kind {
        RowKind::TheirsOnly => "theirs_only",
        RowKind::MineOnly => "mine_only",
        RowKind::EditedDifferently => "edited_differently",
        RowKind::AddedDifferently => "added_differently",
        RowKind::AddedByBoth => "added_by_both",
        RowKind::DeletedByMeEditedByServer => "deleted_by_me_edited_by_server",
        RowKind::EditedByMeDeletedByServer => "edited_by_me_deleted_by_server",
        RowKind::NullVsMissing => "null_vs_missing",
        RowKind::TypeChanged => "type_changed",
        RowKind::Combined => "combined",
        RowKind::Reordered => "reordered",
        RowKind::EditDelete => "edit_delete",
        RowKind::DeleteEdit => "delete_edit",
    }
    .to_owned()
}
