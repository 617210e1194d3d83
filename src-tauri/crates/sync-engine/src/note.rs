//! Why a version is as it is: kept beside it in the history (merge.md M49, M53).

use crate::ConflictKind;
use record_merge::{Choice, Path, Provenance, ReviewedRow, RowKind, Standing};
use serde::{Deserialize, Serialize};

/// Why a version is as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Note {
    /// A merge.
    Merge(MergeNote),
    /// An earlier version was brought back.
    BroughtBack {
        /// Its number.
        version: u32,
    },
    /// A merge was undone.
    Undone {
        /// Number of the merged version.
        version: u32,
    },
    /// Another program gave it back when its merge was over.
    CameBack {
        /// Name of the program.
        program: String,
    },
    /// The server refused it.
    Rejected {
        /// The server's words.
        words: String,
    },
}

/// A merge as it was decided. The numbers of the versions are filled in where they are given: by the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergeNote {
    /// Kind of the two changes that met.
    pub kind: ConflictKind,
    /// Its rows.
    pub rows: Vec<NoteRow>,
    /// Number of the version before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<u32>,
    /// Number of the server's version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theirs: Option<u32>,
    /// Number of the person's version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mine: Option<u32>,
}

/// One row of a merge: what was taken, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteRow {
    /// The node.
    pub path: Path,
    /// Its part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<u32>,
    /// What was taken.
    pub choice: Choice,
    /// The person decided it; else it was taken automatically.
    pub by_person: bool,
    /// Why there was a row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<RowKind>,
    /// Why it was taken, where no person decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Provenance>,
    /// The other fields of a group.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<Path>,
}

impl MergeNote {
    /// The note of a merge: its rows with the choices that acted.
    pub(crate) fn of(kind: ConflictKind, rows: &[ReviewedRow]) -> Self {
        let rows = rows.iter().filter_map(|reviewed| {
            let decision = reviewed.standing.acting();
            let by_person = match &reviewed.standing {
                Standing::Automatic | Standing::Undecided | Standing::Suggested(_) => false,
                Standing::Overridden(_)
                | Standing::Decided(_)
                | Standing::Followed(_)
                | Standing::Resting(_) => true,
            };
            Some(NoteRow {
                path: reviewed.row.path.clone(),
                part: reviewed.row.part,
                choice: decision.map(|d| d.choice).or(reviewed.row.automatic)?,
                by_person,
                kind: Some(reviewed.row.kind),
                rule: reviewed.row.rule.clone().filter(|_| !by_person),
                with: reviewed.row.with.clone(),
            })
        });
        Self { kind, rows: rows.collect(), before: None, theirs: None, mine: None }
    }

    /// The note of a choice about a record as a whole.
    pub(crate) fn whole(kind: ConflictKind) -> Self {
        Self { kind, rows: Vec::new(), before: None, theirs: None, mine: None }
    }
}
