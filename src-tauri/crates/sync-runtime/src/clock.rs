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

/// Milliseconds since 1970 as RFC 3339 in UTC; empty for a time outside of the calendar.
#[must_use]
pub fn rfc3339(millis: i64) -> String {
    use time::format_description::well_known::Rfc3339;
    time::OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000)
        .ok()
        .and_then(|at| at.format(&Rfc3339).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::rfc3339;

    #[test]
    fn times_are_rfc_3339() {
        for (at, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (1_795_366_668_602, "2026-11-22T16:57:48.602Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (i64::MAX, ""),
        ] {
            assert_eq!(rfc3339(at), text);
        }
    }
}
