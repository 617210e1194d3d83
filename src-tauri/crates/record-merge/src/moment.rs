//! Dates and moments as RFC 3339 writes them, to tell which of two is the later one.

use std::cmp::Ordering;

/// Compares two dates (`2026-11-05`), two moments (`2026-11-05T10:40:00+01:00`) or two times of day without a zone
/// (`2026-11-05T10:40:00`). `None` if they are not of one kind, or not valid: then nobody can tell.
pub(crate) fn compare(a: &str, b: &str) -> Option<Ordering> {
    let (a, b) = (Moment::read(a)?, Moment::read(b)?);
    if a.kind != b.kind {
        return None;
    }
    Some((a.seconds, a.fraction).cmp(&(b.seconds, b.fraction)))
}

#[derive(PartialEq, Eq)]
enum Kind {
    Date,
    Local,
    Moment,
}

struct Moment<'a> {
    kind: Kind,
    /// Seconds since the year 0, in UTC where the zone is known.
    seconds: i64,
    /// Digits behind the second, without zeros at the end: compared as text.
    fraction: &'a str,
}

impl<'a> Moment<'a> {
    fn read(text: &'a str) -> Option<Moment<'a>> {
        let (date, rest) = text.split_at_checked(10)?;
        let days = days(date)?;
        if rest.is_empty() {
            return Some(Moment { kind: Kind::Date, seconds: days * 86_400, fraction: "" });
        }
        let time = rest.strip_prefix(['T', 't', ' '])?;
        let (clock, rest) = time.split_at_checked(8)?;
        let (fraction, zone) = match rest.strip_prefix('.') {
            Some(rest) => {
                let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
                rest.split_at_checked(end).filter(|(digits, _)| !digits.is_empty())?
            }
            None => ("", rest),
        };
        let (kind, offset) = match zone {
            "" => (Kind::Local, 0),
            "Z" | "z" => (Kind::Moment, 0),
            zone => (Kind::Moment, self::offset(zone)?),
        };
        let seconds = days * 86_400 + self::clock(clock)? - offset;
        Some(Moment { kind, seconds, fraction: fraction.trim_end_matches('0') })
    }
}

fn number(text: &str, most: i64) -> Option<i64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|number: &i64| plain && *number <= most)
}

/// Days since the first of March of the year 0 (so that the leap day is the last of its year).
pub(crate) fn days(date: &str) -> Option<i64> {
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return None;
    }
    let (year, month, day) = (number(year, 9999)?, number(month, 12)?, number(day, 31)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        0 => return None,
        _ => 31,
    };
    if day == 0 || day > length {
        return None;
    }
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    Some(
        year * 365 + year.div_euclid(4) - year.div_euclid(100)
            + year.div_euclid(400)
            + (153 * month + 2) / 5
            + day,
    )
}

/// Seconds of the day; a leap second counts as the first of the next minute.
fn clock(text: &str) -> Option<i64> {
    let mut parts = text.split(':');
    let (hour, minute, second) = (parts.next()?, parts.next()?, parts.next()?);
    if (hour.len(), minute.len(), second.len()) != (2, 2, 2) {
        return None;
    }
    Some(number(hour, 23)? * 3600 + number(minute, 59)? * 60 + number(second, 60)?)
}

fn offset(text: &str) -> Option<i64> {
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hour, minute) = text.get(1..)?.split_once(':')?;
    if (hour.len(), minute.len()) != (2, 2) {
        return None;
    }
    Some(sign * (number(hour, 23)? * 3600 + number(minute, 59)? * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_later_one_is_found() {
        let cases = [
            ("2026-11-05", "2026-11-06", Some(Ordering::Less)),
            ("2026-12-01", "2026-11-30", Some(Ordering::Greater)),
            ("2024-02-29", "2024-03-01", Some(Ordering::Less)),
            ("2026-11-05T10:00:00Z", "2026-11-05T10:30:00+01:00", Some(Ordering::Greater)),
            ("2026-11-05T10:00:00Z", "2026-11-05T11:00:00+01:00", Some(Ordering::Equal)),
            ("2026-11-05T10:00:00.5Z", "2026-11-05T10:00:00.45Z", Some(Ordering::Greater)),
            ("2026-11-05T10:00:00.50Z", "2026-11-05t10:00:00.5z", Some(Ordering::Equal)),
            ("2026-01-01T00:30:00+01:00", "2025-12-31T23:00:00Z", Some(Ordering::Greater)),
            ("2026-11-05T10:00:00", "2026-11-05T09:00:00", Some(Ordering::Greater)),
            // not of one kind: nobody can tell
            ("2026-11-05T10:00:00", "2026-11-05T09:00:00Z", None),
            ("2026-11-05", "2026-11-05T09:00:00Z", None),
            ("2026-02-29", "2026-02-28", None),
            ("2026-13-01", "2026-02-28", None),
            ("2026-11-05T24:00:00Z", "2026-11-05T09:00:00Z", None),
            ("2026-11-05T10:00Z", "2026-11-05T09:00:00Z", None),
            ("tomorrow", "2026-11-05", None),
            ("12", "13", None),
            ("2026-1é-05", "2026-11-05", None),
        ];
        for (a, b, expected) in cases {
            assert_eq!(compare(a, b), expected, "{a} {b}");
            assert_eq!(compare(b, a), expected.map(Ordering::reverse), "{b} {a}");
        }
    }
}
