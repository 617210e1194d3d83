//! Times of an event as the form shows them: `2026-12-01 10:30`, whole days by their last day.

use time::{Date, Duration, Month};

/// A time of an event taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    /// `2026-12-01 10:30`, or a date alone.
    pub(super) text: String,
    /// `Europe/Lisbon`, `UTC`; `None` = wherever one is.
    pub(super) zone: Option<String>,
}

impl Moment {
    /// Of `2026-12-01T10:30:00 Europe/Lisbon`; `None` = it is no such time.
    pub(super) fn of(value: &str) -> Option<Moment> {
        let (plain, zone) = match value.split_once(' ') {
            Some((_, rest)) if rest.starts_with('(') => return None,
            Some((plain, zone)) => (plain, Some(zone.to_owned())),
            None => (value, None),
        };
        let (plain, zone) = match plain.strip_suffix('Z') {
            Some(plain) => (plain, Some("UTC".to_owned())),
            None => (plain, zone),
        };
        let Some((day, time)) = plain.split_once('T') else {
            return date(plain).map(|_| Moment { text: plain.to_owned(), zone: None });
        };
        date(day)?;
        let time = time.strip_suffix(":00").filter(|short| short.len() == 5).unwrap_or(time);
        Some(Moment { text: format!("{day} {time}"), zone })
    }

    pub(super) fn is_whole_day(&self) -> bool {
        self.text.len() == 10
    }

    /// The day before, for the end of an event of whole days: what the file says is the first day after it.
    pub(super) fn last_day(self) -> Moment {
        let text = moved(&self.text, -1).unwrap_or(self.text);
        Moment { text, ..self }
    }
}

/// What a person typed as the value of the field, in the zone it has; `None` = no time yet.
pub(super) fn typed(text: &str, zone: Option<&str>, whole_day: bool, is_end: bool) -> Option<String> {
    let text = text.trim();
    let (day, time) = match text.split_once([' ', 'T']) {
        Some((day, time)) => (day, Some(time.trim())),
        None => (text, None),
    };
    date(day)?;
    match (whole_day, time) {
        (true, None) if is_end => moved(day, 1),
        (true, None) => Some(day.to_owned()),
        (false, Some(time)) => {
            let time = time.strip_suffix('Z').unwrap_or(time);
            let full = if time.len() == 5 { format!("{time}:00") } else { time.to_owned() };
            let shaped = full.len() == 8
                && full
                    .bytes()
                    .enumerate()
                    .all(|(at, b)| if at == 2 || at == 5 { b == b':' } else { b.is_ascii_digit() });
            let [hour, minute, second] = [0, 3, 6]
                .map(|at| full.get(at..at + 2).and_then(|part| part.parse::<u8>().ok()).unwrap_or(99));
            if !shaped || hour > 23 || minute > 59 || second > 59 {
                return None;
            }
            Some(match zone {
                Some("UTC") => format!("{day}T{full}Z"),
                Some(zone) => format!("{day}T{full} {zone}"),
                None => format!("{day}T{full}"),
            })
        }
        _ => None,
    }
}

fn date(text: &str) -> Option<Date> {
    if text.len() != 10 {
        return None;
    }
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
    Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()
}

fn moved(day: &str, by: i64) -> Option<String> {
    let moved = date(day)?.checked_add(Duration::days(by))?;
    Some(format!("{:04}-{:02}-{:02}", moved.year(), u8::from(moved.month()), moved.day()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_go_there_and_back() {
        for (value, shown, zone) in [
            ("2026-03-03T19:00:00 Europe/Lisbon", "2026-03-03 19:00", Some("Europe/Lisbon")),
            ("2026-03-03T19:00:30Z", "2026-03-03 19:00:30", Some("UTC")),
            ("2026-03-03T19:00:00", "2026-03-03 19:00", None),
        ] {
            let moment = Moment::of(value).unwrap();
            assert_eq!((moment.text.as_str(), moment.zone.as_deref()), (shown, zone));
            assert_eq!(typed(shown, zone, false, false).as_deref(), Some(value));
        }
        let day = Moment::of("2026-03-01").unwrap();
        assert!(day.is_whole_day());
        assert_eq!(day.last_day().text, "2026-02-28");
        assert_eq!(typed("2026-02-28", None, true, true).as_deref(), Some("2026-03-01"));
        for text in ["", "2026-03-0", "2026-02-30", "2026-03-03 1", "2026-03-03 24:00", "2026-03-03 19-00"] {
            assert_eq!(typed(text, None, false, false), None, "{text}");
        }
        assert_eq!(Moment::of("PT1H"), None);
        assert_eq!(Moment::of("2026-03-03T19:00:00 (X-A=1)"), None);
    }
}
