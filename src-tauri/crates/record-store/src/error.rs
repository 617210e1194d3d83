//! What can go wrong, in words a person can act on.

use rusqlite::ErrorCode;
use std::path::PathBuf;

/// Why the store could not be opened. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another program may write now.
    #[error("the data folder is in use by {holder}; close it and try again")]
    Locked {
        /// Program and process id, as it wrote them down; "another program" if it did not.
        holder: String,
    },
    /// No store in this folder yet (only when opened read-only).
    #[error("there is no data in {}", .0.display())]
    NothingThere(PathBuf),
    /// The file is not one of ours.
    #[error("{} is not a Matchbook file; move it away or choose another folder", .0.display())]
    NotOurs(PathBuf),
    /// A newer program wrote it.
    #[error(
        "this data was written by a newer Matchbook (data version {found}, this one knows {known}); update Matchbook"
    )]
    Newer {
        /// Its version.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// An older program wrote it, and a read-only opening cannot bring it up to date (only when opened read-only).
    #[error(
        "this data was written by an older Matchbook (data version {found}); open it once with the window or a writing command"
    )]
    Older {
        /// Its version.
        found: i64,
    },
    /// The file is damaged.
    #[error(
        "the data file is damaged ({words}); a copy from before the last update may be in the folder \"backup\""
    )]
    Damaged {
        /// What SQLite found first.
        words: String,
    },
    /// The folder could not be made or written.
    #[error("the data folder {} cannot be used: {words}", folder.display())]
    Folder {
        /// Which.
        folder: PathBuf,
        /// Why.
        words: String,
    },
    /// The disk or the database answered an error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is wrong with the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiskTrouble {
    /// No room.
    Full,
    /// Reading or writing failed.
    Broken,
    /// The file is damaged.
    Damaged,
    /// It may not be written.
    ReadOnly,
}

/// Why a read or write failed. The transaction was rolled back.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk refused: nothing of this transaction is stored, keep what was to be saved.
    #[error("{words}")]
    Disk {
        /// What kind.
        trouble: DiskTrouble,
        /// For people.
        words: String,
    },
    /// A row that fits no state: a defect or a damaged file.
    #[error("table {table}, row {id}: {words}")]
    Row {
        /// Table.
        table: &'static str,
        /// Its key.
        id: i64,
        /// What does not fit.
        words: String,
    },
    /// A name or an address is used already.
    #[error("{0} exists already")]
    Exists(String),
    /// What was asked for is not there.
    #[error("there is no {0}")]
    Missing(String),
    /// The database is busy with another program for over five seconds.
    #[error("another program keeps the data file busy; close it and try again")]
    Busy,
    /// The store was closed.
    #[error("the data file is closed")]
    Closed,
    /// The work given to the store failed by a defect; nothing was stored.
    #[error("an internal error while saving; nothing was stored")]
    Panicked,
    /// A defect: SQLite refused a statement.
    #[error("the data file refused this: {0}")]
    Sqlite(rusqlite::Error),
}

impl StoreError {
    /// A row that does not fit.
    pub(crate) fn row(table: &'static str, id: i64, words: impl std::fmt::Display) -> Self {
        Self::Row { table, id, words: words.to_string() }
    }

    /// The connection cannot be trusted any more: it is opened and checked anew before the next write.
    pub(crate) fn breaks_connection(&self) -> bool {
        matches!(self, Self::Disk { trouble: DiskTrouble::Broken | DiskTrouble::Damaged, .. })
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let disk = |trouble, words: &str| Self::Disk { trouble, words: words.to_owned() };
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => {
                disk(DiskTrouble::Full, "The disk is full. Nothing was saved; make room, then try again.")
            }
            Some(ErrorCode::SystemIoFailure) => disk(
                DiskTrouble::Broken,
                &format!("The disk could not be read or written ({error}). Nothing was saved."),
            ),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                disk(DiskTrouble::Damaged, "The data file is damaged. Nothing was saved.")
            }
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => disk(
                DiskTrouble::ReadOnly,
                "The data file may not be written. Nothing was saved; check who owns the data folder.",
            ),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            _ => Self::Sqlite(error),
        }
    }
}

/// What the functions of this crate answer.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;
