//! The closed list of errors a command can answer.

use crate::Value;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What went wrong, as a code a program can act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The request itself is not usable: a bad address, a bad pointer, broken JSON.
    BadInput,
    /// No such record, source or version here.
    NotFound,
    /// The field was changed by another writer since `based_on_rev`; nothing was saved.
    ChangedHere,
    /// The server's version shown is not the newest any more.
    ChangedOnServer,
    /// Rows are still open.
    StillOpen,
    /// Not possible in the record's present state (the answer of the server is not known yet, say).
    NotNow,
    /// The source is read-only until sending without protection is allowed.
    Unprotected,
    /// Edits or decisions would be lost.
    WouldLose,
    /// The server cannot be reached.
    Offline,
    /// The source asks to sign in.
    SignIn,
    /// The server's answer was refused or made no sense.
    Server,
    /// The disk is full, read-only or failing: nothing was saved.
    Disk,
    /// Another program holds the data folder.
    Locked,
    /// The keychain cannot be used.
    Keychain,
    /// A defect of ours.
    Internal,
}

/// An error reply: a code for the program, a sentence for the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ErrorReply {
    /// What went wrong.
    pub code: ErrorCode,
    /// What happened and what to do, in plain words.
    pub words: String,
    /// The field concerned, as a JSON pointer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub pointer: Option<String>,
    /// For `changed_here`: the value there now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub value: Option<Value>,
}
