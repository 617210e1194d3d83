//! Errors on their way to a person: a code and a sentence.

use ipc_types::{ErrorCode, ErrorReply};
use record_store::{OpenError, StoreError};
use sync_engine::StepError;

/// An error reply. Every public function of this crate answers one; none of them loses anything.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.words)]
pub struct Fault(pub ErrorReply);

/// What public functions answer.
pub type Answered<T> = Result<T, Fault>;

impl Fault {
    /// A code and words.
    pub fn new(code: ErrorCode, words: impl Into<String>) -> Self {
        Self(ErrorReply { code, words: words.into(), pointer: None, value: None })
    }

    /// Its code.
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    pub(crate) fn bad(words: impl Into<String>) -> Self {
        Self::new(ErrorCode::BadInput, words)
    }

    pub(crate) fn missing(what: impl std::fmt::Display) -> Self {
        Self::new(ErrorCode::NotFound, format!("There is no {what}."))
    }

    pub(crate) fn at(mut self, pointer: String) -> Self {
        self.0.pointer = Some(pointer);
        self
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            StoreError::Disk { .. } => ErrorCode::Disk,
            StoreError::Exists(_) => ErrorCode::BadInput,
            StoreError::Missing(_) => ErrorCode::NotFound,
            StoreError::Busy | StoreError::Closed => ErrorCode::Locked,
            StoreError::Row { .. } | StoreError::Panicked | StoreError::Sqlite(_) => ErrorCode::Internal,
        };
        Self::new(code, sentence(&error))
    }
}

impl From<OpenError> for Fault {
    fn from(error: OpenError) -> Self {
        let code = match &error {
            OpenError::Locked { .. } => ErrorCode::Locked,
            OpenError::NothingThere(_) => ErrorCode::NotFound,
            _ => ErrorCode::Disk,
        };
        Self::new(code, sentence(&error))
    }
}

impl From<StepError> for Fault {
    fn from(error: StepError) -> Self {
        let code = match &error {
            StepError::NotNow(_) => ErrorCode::NotNow,
            StepError::StillOpen(_) => ErrorCode::StillOpen,
            StepError::ChangedOnServer => ErrorCode::ChangedOnServer,
            StepError::Unmergeable(_) => ErrorCode::BadInput,
            StepError::State(_) => ErrorCode::Internal,
        };
        Self::new(code, sentence(&error))
    }
}

impl From<crate::keychain::KeychainError> for Fault {
    fn from(error: crate::keychain::KeychainError) -> Self {
        Self::new(ErrorCode::Keychain, sentence(&error))
    }
}

impl From<connectors::ProfileError> for Fault {
    fn from(error: connectors::ProfileError) -> Self {
        Self::bad(sentence(&error))
    }
}

impl From<connectors::BuildError> for Fault {
    fn from(error: connectors::BuildError) -> Self {
        Self::bad(sentence(&error))
    }
}

/// The error as a sentence: capital letter, full stop.
fn sentence(error: &dyn std::error::Error) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let first: String = letters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    let stop = if text.ends_with(['.', '?', '"']) { "" } else { "." };
    format!("{first}{}{stop}", letters.as_str())
}
