//! The outbox and what will be sent.

use crate::{EditKind, FieldChange, Mark, Millis, RecordState};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The outbox, in the order of sending.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Outbox {
    /// Entries; those that need a person are not here but in "Needs you".
    pub entries: Vec<OutboxEntry>,
}

/// One waiting edit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OutboxEntry {
    /// Local key.
    pub key: String,
    /// `source/collection/id`.
    pub address: String,
    /// Title.
    pub title: String,
    /// State.
    pub state: RecordState,
    /// Create, change or delete.
    pub kind: EditKind,
    /// Number of fields changed.
    pub fields: u32,
    /// Kept back by the person.
    pub held: bool,
    /// Requests made so far.
    pub attempts: u32,
    /// Why it waits: `next`, `held`, `offline`, `paused`, `server_busy`, `no_version_mark`, `not_checked`,
    /// `unprotected`, `lost_answer`, `refused`, `back_off`, `on_the_way`, `stays_here` (a second record that the server
    /// does not take).
    pub reason: String,
    /// Not before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub not_before: Option<Millis>,
    /// The server's words, when Rejected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub words: Option<String>,
    /// Version mark of the version edited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub base_validator: Option<String>,
    /// The precondition it will be sent with, as a header line (`If-Match: "..."`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub precondition: Option<String>,
    /// When it was saved here.
    pub saved_at: Millis,
}

/// The exact request, without the sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RequestPreview {
    /// Method.
    pub method: String,
    /// URL.
    pub url: String,
    /// Headers in order, without credentials.
    pub headers: Vec<Header>,
    /// Body as text; absent = no body or binary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub body: Option<String>,
    /// Size of the body in bytes.
    pub size: u32,
    /// Bytes more (or less) than the last synced version.
    pub size_change: i32,
    /// Lines of the body against the last synced version.
    pub diff: Vec<Mark>,
    /// Fields changed.
    pub changes: Vec<FieldChange>,
    /// Fields in all.
    pub fields: u32,
    /// The risk in words, where the source cannot protect the write (M45).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub risk: Option<String>,
}

/// One header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Header {
    /// Name.
    pub name: String,
    /// Value.
    pub value: String,
}

/// What the server said to a dry run ("Check with the server").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DryRunReply {
    /// It would be taken.
    pub ok: bool,
    /// In words.
    pub words: String,
    /// Fields it would refuse.
    pub fields: Vec<crate::RefusedField>,
}
