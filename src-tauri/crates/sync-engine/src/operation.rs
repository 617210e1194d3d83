//! What may be asked of a server. A write without a precondition cannot be built.

use crate::{Body, Hash, RemoteId, Usable};
use serde::{Deserialize, Serialize};

/// Key of `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header), drawn by the runtime.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IdempotencyKey(pub String);

/// The condition under which a server may apply a write (RFC 9110 section 13).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Precondition {
    /// `If-Match` with a validator that is enforced.
    IfMatch(Usable),
    /// `If-None-Match: *`.
    MustNotExist,
    /// A new member of a collection whose server chooses the address; for a record never confirmed.
    PostNew {
        /// Sent where the source understands it.
        key: Option<IdempotencyKey>,
    },
    /// Read, compare with this hash, then write, in one go: only in a source that the person opened although it is
    /// Unprotected. `None` = it must not be there.
    ComparedJustBefore {
        /// Hash of the base that must still be there.
        hash: Option<Hash>,
    },
}

/// One write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// A new record.
    Create {
        /// Its address, where the client chooses it.
        id: Option<RemoteId>,
        /// Its representation.
        body: Body,
        /// `MustNotExist`, `PostNew` or `ComparedJustBefore`.
        precondition: Precondition,
    },
    /// A whole new representation.
    Replace {
        /// Address.
        id: RemoteId,
        /// Representation.
        body: Body,
        /// `IfMatch` or `ComparedJustBefore`.
        precondition: Precondition,
    },
    /// Removal.
    Delete {
        /// Address.
        id: RemoteId,
        /// `IfMatch` or `ComparedJustBefore`.
        precondition: Precondition,
    },
}

impl Write {
    /// Its precondition.
    pub fn precondition(&self) -> &Precondition {
        match self {
            Self::Create { precondition, .. }
            | Self::Replace { precondition, .. }
            | Self::Delete { precondition, .. } => precondition,
        }
    }

    /// The representation it carries.
    pub fn body(&self) -> Option<&Body> {
        match self {
            Self::Create { body, .. } | Self::Replace { body, .. } => Some(body),
            Self::Delete { .. } => None,
        }
    }
}

/// One read of one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// Address.
    pub id: RemoteId,
}
