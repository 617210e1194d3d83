//! When to come back (`Retry-After`, `Backoff`), and times in records.

use crate::{Answer, Response};
use std::time::{SystemTime, UNIX_EPOCH};
use sync_engine::Timestamp;

/// Longest wait a server can ask for, in milliseconds: an hour. A longer one is shown, not obeyed.
const LONGEST: i64 = 60 * 60 * 1000;

/// Before when nothing should be sent to this host, if the answer says so: `Retry-After` of a 429 or 503 (RFC 9110
/// section 10.2.3), `Backoff` of any answer (Kinto). At most an hour from `now`.
pub fn not_before(answer: &Answer, now: Timestamp) -> Option<Timestamp> {
    let response = answer.as_ref().ok()?;
    let asked = if matches!(response.status, 429 | 503) { retry_after(response, now) } else { None };
    asked.max(backoff(response, now))
}

/// `Retry-After` or `Backoff` of a refusal, whichever is later.
pub(crate) fn later(response: &Response, now: Timestamp) -> Option<Timestamp> {
    retry_after(response, now).max(backoff(response, now))
}

fn backoff(response: &Response, now: Timestamp) -> Option<Timestamp> {
    seconds(response.header("backoff")?).and_then(|millis| ahead(now, millis))
}

fn retry_after(response: &Response, now: Timestamp) -> Option<Timestamp> {
    let text = response.header("retry-after")?;
    if let Some(millis) = seconds(text) {
        return ahead(now, millis);
    }
    let then = http_date(text)?;
    // The server's own clock, where it tells: what counts is how long, not when.
    let clock = response.header("date").and_then(http_date).unwrap_or(now.0);
    ahead(now, then.saturating_sub(clock))
}

fn ahead(now: Timestamp, millis: i64) -> Option<Timestamp> {
    (millis > 0).then(|| now.plus_millis(millis.min(LONGEST)))
}

/// Whole seconds, of any length, as milliseconds; a fraction is dropped.
fn seconds(text: &str) -> Option<i64> {
    let whole = text.split('.').next().unwrap_or_default();
    let digits = !whole.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    digits.then(|| whole.parse::<i64>().unwrap_or(i64::MAX).saturating_mul(1000))
}

fn http_date(text: &str) -> Option<i64> {
    let time = httpdate::parse_http_date(text).ok()?;
    millis(time)
}

fn millis(time: SystemTime) -> Option<i64> {
    i64::try_from(time.duration_since(UNIX_EPOCH).ok()?.as_millis()).ok()
}

/// A time in a record or history: RFC 3339, an HTTP date, or a number of seconds or milliseconds since 1970.
pub(crate) fn read(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(number) = text.parse::<i64>() {
        // Seconds until the year 5138; nobody's milliseconds are that small after 1973.
        let millis =
            if number.unsigned_abs() < 100_000_000_000 { number.saturating_mul(1000) } else { number };
        return Some(Timestamp(millis));
    }
    rfc3339(text).or_else(|| http_date(text)).map(Timestamp)
}

/// RFC 3339 section 5.6, also with a space for the `T` and without an offset (then UTC).
fn rfc3339(text: &str) -> Option<i64> {
    let number = |range: std::ops::Range<usize>| -> Option<i64> {
        let part = text.get(range)?;
        if part.bytes().all(|b| b.is_ascii_digit()) { part.parse().ok() } else { None }
    };
    let mark = |at: usize, wanted: &[u8]| text.as_bytes().get(at).is_some_and(|b| wanted.contains(b));
    if !(mark(4, b"-") && mark(7, b"-") && mark(10, b"Tt ") && mark(13, b":") && mark(16, b":")) {
        return None;
    }
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let mut rest = text.get(19..)?;
    let mut fraction = 0;
    if let Some(after) = rest.strip_prefix('.') {
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            return None;
        }
        let three: String = after.chars().take(digits).chain("000".chars()).take(3).collect();
        fraction = three.parse().ok()?;
        rest = after.get(digits..)?;
    }
    let seconds = days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - offset(rest)?;
    Some(seconds * 1000 + fraction)
}

/// Seconds east of UTC.
fn offset(text: &str) -> Option<i64> {
    if matches!(text, "" | "Z" | "z") {
        return Some(0);
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits: String = text.get(1..)?.chars().filter(|c| *c != ':').collect();
    if digits.len() != 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number: i64 = digits.parse().ok()?;
    Some(sign * ((number / 100) * 3_600 + (number % 100) * 60))
}

/// Days since 1970-01-01 in the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderMap, HeaderName, HeaderValue};

    fn answer(status: u16, headers: &[(&str, &str)]) -> Answer {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(
                HeaderName::from_bytes(name.as_bytes()).unwrap(),
                HeaderValue::from_str(value).unwrap(),
            );
        }
        Ok(Response { status, headers: map, body: Vec::new().into() })
    }

    #[test]
    fn waits() {
        // 2026-11-22T14:00:00Z
        let now = Timestamp(1_795_356_000_000);
        let retry = "retry-after";
        for (status, headers, seconds) in [
            (503, vec![(retry, "3")], Some(3)),
            (429, vec![(retry, "120")], Some(120)),
            (503, vec![(retry, "1.5")], Some(1)),
            (503, vec![(retry, "0")], None),
            (503, vec![(retry, "-5")], None),
            (503, vec![(retry, "soon")], None),
            (503, vec![(retry, "")], None),
            (503, vec![(retry, "99999999999999999999999999")], Some(3600)),
            (503, vec![(retry, "315360000")], Some(3600)),
            (503, vec![(retry, "Sun, 22 Nov 2026 14:00:30 GMT")], Some(30)),
            (503, vec![(retry, "Sun, 22 Nov 2026 13:00:30 GMT")], None),
            (503, vec![(retry, "Sun, 22 Nov 2037 13:00:30 GMT")], Some(3600)),
            // The clocks differ by years; the difference counts.
            (
                503,
                vec![(retry, "Tue, 22 Nov 1994 08:00:20 GMT"), ("date", "Tue, 22 Nov 1994 08:00:00 GMT")],
                Some(20),
            ),
            (200, vec![("backoff", "30")], Some(30)),
            (200, vec![("backoff", "x")], None),
            (503, vec![(retry, "3"), ("backoff", "30")], Some(30)),
            (200, vec![(retry, "3")], None),
            (200, vec![], None),
        ] {
            let wanted = seconds.map(|s| now.plus_millis(s * 1000));
            assert_eq!(not_before(&answer(status, &headers), now), wanted, "{status} {headers:?}");
        }
        assert_eq!(not_before(&Err(crate::TransportError::Lost { words: String::new() }), now), None);
    }

    #[test]
    fn times() {
        for (text, wanted) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2026-11-22T14:00:00Z", Some(1_795_356_000_000)),
            ("2026-11-22T14:00:00.5Z", Some(1_795_356_000_500)),
            ("2026-11-22T16:30:00.123456+02:30", Some(1_795_356_000_123)),
            ("2026-11-22 14:00:00", Some(1_795_356_000_000)),
            ("2000-02-29T00:00:00Z", Some(951_782_400_000)),
            ("Sun, 22 Nov 2026 14:00:00 GMT", Some(1_795_356_000_000)),
            ("1795356000", Some(1_795_356_000_000)),
            ("1795356000123", Some(1_795_356_000_123)),
            ("2026-13-22T14:00:00Z", None),
            ("2026-11-22T14:00:00+0", None),
            ("2026-11-22T14:00:00.Z", None),
            ("yesterday", None),
            ("", None),
            ("２０２６-11-22T14:00:00Z", None),
        ] {
            assert_eq!(read(text).map(|t| t.0), wanted, "{text}");
        }
    }
}
