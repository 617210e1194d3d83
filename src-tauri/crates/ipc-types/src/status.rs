//! The status bar, events, and what the window tells about itself.

use crate::{Millis, UnusedText};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Is there a way to the servers?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Connection {
    /// The last request was answered.
    Online,
    /// Servers do not answer; tried again by itself.
    NoConnection,
    /// The person switched to working offline.
    WorkingOffline,
}

/// The status bar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Status {
    /// Connection.
    pub connection: Connection,
    /// Last successful round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub synced_at: Option<Millis>,
    /// Last edit saved on this computer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub saved_at: Option<Millis>,
    /// Records kept.
    pub records: u32,
    /// Edits in the outbox (without those that need a person).
    pub outbox: u32,
    /// Records that need a person.
    pub needs_you: u32,
    /// Sending now: done and all of this run; absent when idle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub sending: Option<Progress>,
    /// Reading now, as a collection title and records so far; absent when idle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reading: Option<Reading>,
    /// Trouble of the disk or the lock that must be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub trouble: Option<String>,
    /// Versions are kept for so many days; absent = for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub keep_days: Option<u32>,
    /// A text of another program that came back when its merge was over: told until the person has seen it. One at a time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub unused: Option<UnusedText>,
    /// Newest event number.
    pub event: u32,
}

/// Done of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Progress {
    /// Done.
    pub done: u32,
    /// All.
    pub all: u32,
}

/// A first reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Reading {
    /// Collection title.
    pub collection: String,
    /// Records so far.
    pub records: u32,
}

/// Something changed; the window reads again what it shows. Sent with a rising number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Change {
    /// These records (local keys; empty = many).
    RecordsChanged {
        /// Local keys.
        keys: Vec<String>,
    },
    /// The outbox.
    OutboxChanged,
    /// The merge of this record.
    ConflictChanged {
        /// Local key.
        key: String,
    },
    /// A batch, or a record of it.
    BatchChanged {
        /// Its number.
        batch: String,
    },
    /// Sources or collections.
    SourceChanged,
    /// The status bar.
    StatusChanged,
}

/// An event with its number; on a gap everything is read again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Event {
    /// Rising by one.
    pub number: u32,
    /// What changed, folded over 100 ms.
    pub changes: Vec<Change>,
}

/// What the window shows: records on the screen are looked at on the server more often.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Watched {
    /// Local key of the record that is open; absent = none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub key: Option<String>,
    /// The window can be seen.
    pub shown: bool,
}
