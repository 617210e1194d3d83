//! Validators (RFC 9110 section 8.8): the version marks of representations.

use serde::{Deserialize, Serialize};

/// A validator exactly as the server spells it: an entity tag with its quotes and `W/`, or a body revision.
/// It is never altered: servers compare it byte for byte (servers.md, trap 9).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Validator(String);

/// Why a text is no validator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValidatorError {
    /// No characters.
    #[error("an empty version mark")]
    Empty,
    /// Longer than 1,024 bytes.
    #[error("a version mark of over 1,024 bytes")]
    TooLong,
    /// It could not be sent in a header.
    #[error("a version mark with a control character")]
    Control,
}

impl Validator {
    /// Takes a validator as the server spells it.
    pub fn new(text: impl Into<String>) -> Result<Self, ValidatorError> {
        let text: String = text.into();
        match text.as_str() {
            "" | "\"\"" | "W/\"\"" => Err(ValidatorError::Empty),
            t if t.len() > 1024 => Err(ValidatorError::TooLong),
            t if t.bytes().any(|b| b < 0x20 || b == 0x7f) => Err(ValidatorError::Control),
            _ => Ok(Self(text)),
        }
    }

    /// As the server spells it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A weak entity tag (`W/"..."`).
    pub fn is_weak(&self) -> bool {
        self.0.starts_with("W/")
    }
}

impl TryFrom<String> for Validator {
    type Error = ValidatorError;
    fn try_from(text: String) -> Result<Self, ValidatorError> {
        Self::new(text)
    }
}

impl From<Validator> for String {
    fn from(v: Validator) -> String {
        v.0
    }
}

impl std::fmt::Display for Validator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Which validators a source enforces; part of its profile, corrected by the check-up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValidatorProfile {
    /// The server enforces weak tags in `If-Match` (OData, SCIM, FHIR), against RFC 9110 section 13.1.1.
    pub weak_enforced: bool,
}

impl ValidatorProfile {
    /// The only way to a validator that may protect a write: a strong tag, or a weak one where it is enforced.
    pub fn admit(&self, validator: &Validator) -> Option<Usable> {
        (self.weak_enforced || !validator.is_weak()).then(|| Usable(validator.clone()))
    }

    /// There is a validator, and it may protect a write.
    pub fn admits(&self, validator: Option<&Validator>) -> bool {
        validator.and_then(|v| self.admit(v)).is_some()
    }
}

/// A validator that protects a write; made only by [`ValidatorProfile::admit`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usable(Validator);

impl Usable {
    /// The validator, to be sent verbatim.
    pub fn validator(&self) -> &Validator {
        &self.0
    }
}
