//! Wall-clock time, for what people read (history, `Sunset`); no decision depends on it.

use std::time::{SystemTime, UNIX_EPOCH};
use time::{Date, OffsetDateTime};

/// Milliseconds since 1970, UTC.
pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// RFC 3339 in UTC with milliseconds, `2026-06-12T10:31:00.000Z`.
pub(crate) fn rfc3339(ms: i64) -> String {
    let at = OffsetDateTime::from_unix_timestamp_nanos(i128::from(ms) * 1_000_000);
    let at = at.unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (h, m, s, milli) = at.to_hms_milli();
    format!("{}T{h:02}:{m:02}:{s:02}.{milli:03}Z", date(at.date()))
}

/// `2026-06-12`.
pub(crate) fn date(date: Date) -> String {
    let (year, month, day) = date.to_calendar_date();
    format!("{year:04}-{:02}-{day:02}", u8::from(month))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        for (ms, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_781_260_260_007, "2026-06-12T10:31:00.007Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(rfc3339(ms), text);
        }
    }
}
