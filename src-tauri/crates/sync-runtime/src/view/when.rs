//! Dates and times in records.

use ipc_types::Millis;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A full date of RFC 3339 (`YYYY-MM-DD`) that exists.
pub(crate) fn is_date(text: &str) -> bool {
    text.len() == 10 && OffsetDateTime::parse(&format!("{text}T00:00:00Z"), &Rfc3339).is_ok()
}

/// A date and time of RFC 3339.
pub(crate) fn is_date_time(text: &str) -> bool {
    text.len() <= 64 && OffsetDateTime::parse(text, &Rfc3339).is_ok()
}

/// Milliseconds since 1970 UTC of a date, a date and time, or a number of seconds or milliseconds.
pub(crate) fn millis(text: &str) -> Option<Millis> {
    if let Ok(number) = text.parse::<f64>() {
        return from_number(number);
    }
    let whole = if is_date(text) { format!("{text}T00:00:00Z") } else { text.to_owned() };
    let at = OffsetDateTime::parse(&whole, &Rfc3339).ok()?;
    Millis::try_from(at.unix_timestamp_nanos() / 1_000_000).ok()
}

/// Seconds until the year 5138, milliseconds above.
fn from_number(number: f64) -> Option<Millis> {
    let millis = if number.abs() < 1e11 { number * 1000.0 } else { number };
    // Within i64 and with room to spare: the conversion is exact enough for a time shown to people.
    #[allow(clippy::cast_possible_truncation)]
    (millis.is_finite() && millis.abs() < 1e15).then_some(millis as Millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read() {
        for (text, expected) in [
            ("1970-01-02", Some(86_400_000)),
            ("2026-06-12T10:31:00Z", Some(1_781_260_260_000)),
            ("2026-06-12T12:31:00+02:00", Some(1_781_260_260_000)),
            ("1781260260", Some(1_781_260_260_000)),
            ("1781260260000", Some(1_781_260_260_000)),
            ("yesterday", None),
            ("2026-02-30", None),
            ("1e300", None),
            ("NaN", None),
        ] {
            assert_eq!(millis(text), expected, "{text}");
        }
        assert!(is_date("2026-09-14") && !is_date("2026-13-01") && !is_date("14.09.2026"));
        assert!(is_date_time("2026-09-14T10:00:00.5Z") && !is_date_time("2026-09-14"));
    }
}
