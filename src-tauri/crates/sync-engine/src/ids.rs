//! Small types for ids, counters and times.

use serde::{Deserialize, Serialize};

macro_rules! number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number! {
    /// Names a record on this computer for ever; history, merges and IPC use it.
    LocalKey
}
number! {
    /// Names a source on this computer.
    SourceId
}
number! {
    /// Counts the versions of what the person sees of one record; rises with each saved edit and each change of a
    /// record without an edit.
    Rev
}
number! {
    /// Names one run of the program: an answer awaited by another run is lost.
    RunId
}
number! {
    /// Orders requests and stored answers (sync.md 3.1: a pulled item counts only if its request began after the
    /// last stored answer). Not a clock.
    Seq
}
number! {
    /// Milliseconds since 1970 UTC. Shown to people and used for "not before"; never decides an order.
    Timestamp
}

impl Timestamp {
    /// This many milliseconds later.
    #[must_use]
    pub fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }
}

impl Rev {
    /// The next one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// The id of a record on its server, decoded.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RemoteId(pub String);

impl std::fmt::Display for RemoteId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
