//! The clock and chance, drawn here and handed to the engine.

use std::time::{SystemTime, UNIX_EPOCH};
use sync_engine::{IdempotencyKey, RemoteId, Timestamp};

/// Now, for people and for "not before".
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// A number from 0 to 1.
pub(crate) fn jitter() -> f64 {
    let bytes = uuid::Uuid::new_v4().into_bytes();
    let [a, b, c, d, ..] = bytes;
    f64::from(u32::from_le_bytes([a, b, c, d])) / f64::from(u32::MAX)
}

/// A fresh key for `Idempotency-Key`.
pub(crate) fn idempotency_key() -> IdempotencyKey {
    IdempotencyKey(uuid::Uuid::new_v4().to_string())
}

/// A fresh id for a record that is created at an address of our choice.
pub(crate) fn remote_id() -> RemoteId {
    RemoteId(uuid::Uuid::new_v4().to_string())
}
