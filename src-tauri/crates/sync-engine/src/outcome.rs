//! What servers answer, without status numbers: those end in `connectors`.

use crate::{Body, RemoteId, Timestamp, Validator};
use serde::{Deserialize, Serialize};

/// A representation with its canonical validator, if it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The bytes.
    pub body: Body,
    /// The validator.
    pub validator: Option<Validator>,
}

/// What a server holds at an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Current {
    /// This.
    Present(Version),
    /// Nothing (404, 410, a tombstone).
    Gone,
}

/// Answer to a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteOutcome {
    /// 2xx that matches: applied.
    Applied {
        /// Canonical validator of the answer.
        validator: Option<Validator>,
        /// The representation, if the answer carries it.
        body: Option<Body>,
        /// Another address than the one asked for (`Location`, or an id in the body).
        id: Option<RemoteId>,
    },
    /// 202: taken, perhaps not applied yet.
    Accepted,
    /// 412, or 409 where the family uses it for that.
    PreconditionFailed {
        /// What is there now, if the answer tells.
        current: Option<Current>,
        /// The server's words.
        words: String,
    },
    /// 404 or 410.
    NotThere,
    /// The server refuses this content, this person or this request.
    Refused(Refusal),
    /// Later: 423, 425, 429, 503.
    Later {
        /// Not before, if the server said when.
        not_before: Option<Timestamp>,
        /// The server's words.
        words: String,
    },
    /// Nobody knows whether it was applied: 500, 502, 504, time-out, reset, short body, unreadable 2xx.
    Unknown {
        /// In words.
        words: String,
    },
    /// It was surely not sent: refused connection, no address.
    NotSent {
        /// In words.
        words: String,
    },
    /// Not from our server: a captive portal, say.
    NotOurs {
        /// In words.
        words: String,
    },
    /// The source asks to sign in (401), or the proxy (407), or the network (511).
    SignIn(crate::PauseReason),
    /// 507, 402: no room or no money there.
    Full {
        /// The server's words.
        words: String,
    },
    /// For `ComparedJustBefore`: the read before the write showed something else; nothing was written.
    Differs {
        /// What is there.
        current: Current,
    },
}

/// Answer to a read of one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadOutcome {
    /// What is there.
    Found(Version),
    /// 404, 410.
    Gone,
    /// Later.
    Later {
        /// Not before.
        not_before: Option<Timestamp>,
        /// The server's words.
        words: String,
    },
    /// No usable answer.
    Unknown {
        /// In words.
        words: String,
    },
    /// The server could not be reached.
    NotSent {
        /// In words.
        words: String,
    },
    /// Not from our server.
    NotOurs {
        /// In words.
        words: String,
    },
    /// Sign in first.
    SignIn(crate::PauseReason),
    /// This person may not read it.
    Forbidden {
        /// The server's words.
        words: String,
    },
}

/// What is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// This content.
    Content,
    /// This person.
    Permission,
    /// This kind of request.
    Protocol,
}

/// One place in the content that the server names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pointed {
    /// JSON pointer (RFC 6901).
    pub pointer: String,
    /// The server's words.
    pub words: String,
}

/// A refusal in the server's words (RFC 9457 where it speaks it).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// What is refused.
    pub kind: RefusalKind,
    /// The server's words.
    pub words: String,
    /// Places it names.
    pub pointers: Vec<Pointed>,
}
