//! Exit codes, and how errors become them.

use ipc_types::ErrorCode;
use sync_runtime::Fault;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done,
    /// Done, but something needs a person.
    NeedsPerson,
    /// Offline, or a server that cannot be reached.
    Offline,
    /// A server asks to sign in.
    SignIn,
    /// Wrong usage, or bad input.
    Usage,
    /// An error.
    Error,
}

impl Exit {
    /// The number for the shell.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Error => 1,
            Self::Usage => 2,
            Self::NeedsPerson => 3,
            Self::Offline => 4,
            Self::SignIn => 5,
        }
    }

    /// The one that counts of two, as the contract of `sync` orders them: 1, 5, 4, 3, 0.
    #[must_use]
    pub fn worse(self, other: Self) -> Self {
        let rank = |exit| match exit {
            Self::Done => 0,
            Self::NeedsPerson => 1,
            Self::Offline => 2,
            Self::SignIn => 3,
            Self::Usage => 4,
            Self::Error => 5,
        };
        if rank(other) > rank(self) { other } else { self }
    }

    /// The code of an error.
    pub fn of(error: &anyhow::Error) -> Self {
        if error.is::<Usage>() {
            return Self::Usage;
        }
        let Some(fault) = error.downcast_ref::<Fault>() else { return Self::Error };
        match fault.code() {
            ErrorCode::BadInput => Self::Usage,
            ErrorCode::ChangedOnServer | ErrorCode::StillOpen | ErrorCode::WouldLose => Self::NeedsPerson,
            ErrorCode::Offline => Self::Offline,
            ErrorCode::SignIn => Self::SignIn,
            ErrorCode::NotFound
            | ErrorCode::ChangedHere
            | ErrorCode::NotNow
            | ErrorCode::Unprotected
            | ErrorCode::Server
            | ErrorCode::Disk
            | ErrorCode::Locked
            | ErrorCode::Keychain
            | ErrorCode::Internal => Self::Error,
        }
    }
}

/// Wrong usage that the parser could not see: an unreadable file, say. The words say what to do.
#[derive(Debug)]
pub struct Usage(pub String);

impl std::fmt::Display for Usage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

/// Wrong usage as an error.
pub fn usage(words: impl Into<String>) -> anyhow::Error {
    anyhow::Error::new(Usage(words.into()))
}

/// The words of an error, with what caused it and the field concerned.
pub fn words(error: &anyhow::Error) -> String {
    let mut words = format!("{error:#}");
    if let Some(pointer) = error.downcast_ref::<Fault>().and_then(|fault| fault.0.pointer.as_deref()) {
        words.push_str(&format!(" (at {pointer:?})"));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_have_the_codes_of_the_contract() {
        for (code, exit) in [
            (ErrorCode::BadInput, 2),
            (ErrorCode::NotFound, 1),
            (ErrorCode::ChangedOnServer, 3),
            (ErrorCode::StillOpen, 3),
            (ErrorCode::WouldLose, 3),
            (ErrorCode::Offline, 4),
            (ErrorCode::SignIn, 5),
            (ErrorCode::Locked, 1),
            (ErrorCode::NotNow, 1),
        ] {
            assert_eq!(Exit::of(&Fault::new(code, "words").into()).code(), exit, "{code:?}");
        }
        assert_eq!(Exit::of(&usage("x")).code(), 2);
        assert_eq!(Exit::of(&anyhow::anyhow!("x")).code(), 1);
    }

    #[test]
    fn the_worst_counts() {
        let order = [Exit::Done, Exit::NeedsPerson, Exit::Offline, Exit::SignIn, Exit::Error];
        for (at, a) in order.iter().enumerate() {
            for (other_at, b) in order.iter().enumerate() {
                assert_eq!(a.worse(*b), order[at.max(other_at)]);
            }
        }
    }
}
