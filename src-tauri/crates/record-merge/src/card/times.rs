//! Dates, lengths of time and rules, each in one spelling.

/// `2026-03-01`, `2026-03-01T10:00:00Z`, `2026-03-01T10:00:00 Europe/Lisbon`; anything else as it stands.
pub(super) fn date(value: &str, zone: Option<&str>) -> String {
    let value = value.trim();
    let day = |text: &str| match text.len() {
        8 if text.bytes().all(|b| b.is_ascii_digit()) => {
            Some(format!("{}-{}-{}", text.get(..4)?, text.get(4..6)?, text.get(6..)?))
        }
        10 if text
            .bytes()
            .enumerate()
            .all(|(at, b)| if at == 4 || at == 7 { b == b'-' } else { b.is_ascii_digit() }) =>
        {
            Some(text.to_owned())
        }
        _ => None,
    };
    let time = |text: &str| {
        let (digits, utc) = match text.strip_suffix(['Z', 'z']) {
            Some(digits) => (digits, "Z"),
            None => (text, ""),
        };
        let digits = digits.replace(':', "");
        (digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_digit()))
            .then(|| Some(format!("{}:{}:{}{utc}", digits.get(..2)?, digits.get(2..4)?, digits.get(4..)?)))
            .flatten()
    };
    let plain = match value.split_once(['T', 't']) {
        Some((d, t)) => day(d).zip(time(t)).map(|(d, t)| format!("{d}T{t}")),
        None => day(value),
    };
    let plain = plain.unwrap_or_else(|| value.to_owned());
    match zone {
        Some(zone) => format!("{plain} {zone}"),
        None => plain,
    }
}

/// `PT60M` and `PT1H` are one. A day is not 24 hours: clocks are changed. Anything else as it stands.
pub(super) fn duration(value: &str) -> String {
    let value = value.trim();
    let (sign, rest) = match value.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", value.strip_prefix('+').unwrap_or(value)),
    };
    let counted = || -> Option<(u64, u64)> {
        let (mut days, mut seconds, mut number, mut in_time) = (0_u64, 0_u64, None::<u64>, false);
        for character in rest.strip_prefix('P')?.chars() {
            if let Some(digit) = character.to_digit(10) {
                number = Some(number.unwrap_or(0).checked_mul(10)?.checked_add(u64::from(digit))?);
                continue;
            }
            if character == 'T' && number.is_none() && !in_time {
                in_time = true;
                continue;
            }
            let (total, unit) = match (character, in_time) {
                ('W', false) => (&mut days, 7),
                ('D', false) => (&mut days, 1),
                ('H', true) => (&mut seconds, 3600),
                ('M', true) => (&mut seconds, 60),
                ('S', true) => (&mut seconds, 1),
                _ => return None,
            };
            *total = total.checked_add(number.take()?.checked_mul(unit)?)?;
        }
        (number.is_none() && rest.len() > 2).then_some((days, seconds))
    };
    let Some((days, seconds)) = counted() else { return value.to_owned() };
    let part = |number: u64, unit: &str| if number > 0 { format!("{number}{unit}") } else { String::new() };
    let time = [part(seconds / 3600, "H"), part(seconds / 60 % 60, "M"), part(seconds % 60, "S")].concat();
    match (days, time.is_empty()) {
        (0, true) => "PT0S".to_owned(),
        (_, true) if days % 7 == 0 => format!("{sign}P{}W", days / 7),
        (_, true) => format!("{sign}P{days}D"),
        _ => format!("{sign}P{}T{time}", part(days, "D")),
    }
}

/// A rule with its parts, and the days and months each of them lists, in one order.
pub(super) fn rule(value: &str) -> String {
    let mut parts: Vec<String> = value
        .split(';')
        .map(|part| in_one_order(&part.trim().to_ascii_uppercase()))
        // What a rule says without saying it (RFC 5545 3.3.10).
        .filter(|part| !matches!(part.as_str(), "" | "INTERVAL=1" | "WKST=MO"))
        .collect();
    parts.sort_by_key(|part| (!part.starts_with("FREQ="), part.clone()));
    parts.join(";")
}

/// A part with its list in one order: numbers by size, weekdays as the week has them. None of these lists has an order
/// of its own, and an entry that stands there twice says nothing more (RFC 5545 3.3.10).
fn in_one_order(part: &str) -> String {
    let Some((name, list)) = part.split_once('=').filter(|(name, _)| name.starts_with("BY")) else {
        return part.to_owned();
    };
    let place = |entry: &str| {
        let digits = entry.trim_end_matches(|c: char| !c.is_ascii_digit());
        let rest = entry.get(digits.len()..).unwrap_or_default();
        let weekday = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"].iter().position(|day| *day == rest);
        (digits.parse::<i64>().ok(), weekday, entry.to_owned())
    };
    let mut entries: Vec<String> = list.split(',').map(|entry| plain_number(entry.trim())).collect();
    entries.sort_by_cached_key(|entry| place(entry));
    entries.dedup();
    format!("{name}={}", entries.join(","))
}

/// `+1MO` is `1MO`, `09` is `9` (RFC 5545 3.3.10: a plus may be left out).
fn plain_number(entry: &str) -> String {
    let (sign, rest) = match entry.strip_prefix(['+', '-']) {
        Some(rest) => (if entry.starts_with('-') { "-" } else { "" }, rest),
        None => ("", entry),
    };
    if !rest.starts_with(|c: char| c.is_ascii_digit()) {
        return entry.to_owned();
    }
    let bare = rest.trim_start_matches('0');
    let zero = if bare.starts_with(|c: char| c.is_ascii_digit()) { "" } else { "0" };
    format!("{sign}{zero}{bare}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_alike_however_they_are_spelled() {
        for (value, expected) in [
            ("PT60M", "PT1H"),
            ("-PT90M", "-PT1H30M"),
            ("+PT15M", "PT15M"),
            ("+P1DT15M", "P1DT15M"),
            ("P7D", "P1W"),
            ("P8D", "P8D"),
            ("PT24H", "PT24H"),
            ("P1DT0H", "P1D"),
            ("-PT0M", "PT0S"),
            ("P", "P"),
            ("PT", "PT"),
            ("P1H", "P1H"),
            ("PT99999999999999999999S", "PT99999999999999999999S"),
            ("20260301T101500Z", "20260301T101500Z"),
        ] {
            assert_eq!(duration(value), expected);
        }
        for (value, expected) in [
            ("freq=weekly;INTERVAL=1;WKST=MO", "FREQ=WEEKLY"),
            ("FREQ=WEEKLY;BYDAY=WE, mo,FR,MO", "FREQ=WEEKLY;BYDAY=MO,WE,FR"),
            ("BYDAY=-1FR,2TU,1SU,1MO;FREQ=MONTHLY", "FREQ=MONTHLY;BYDAY=-1FR,1MO,1SU,2TU"),
            ("FREQ=YEARLY;BYMONTH=10,9;BYMONTHDAY=-1,15", "FREQ=YEARLY;BYMONTH=9,10;BYMONTHDAY=-1,15"),
            ("FREQ=YEARLY;BYMONTH=5L,5,", "FREQ=YEARLY;BYMONTH=,5,5L"),
            ("FREQ=MONTHLY;BYDAY=+1MO,-1FR", "FREQ=MONTHLY;BYDAY=-1FR,1MO"),
            ("FREQ=YEARLY;BYMONTH=09;BYMONTHDAY=+15,015", "FREQ=YEARLY;BYMONTH=9;BYMONTHDAY=15"),
            ("FREQ=DAILY;BYHOUR=00,+,-MO", "FREQ=DAILY;BYHOUR=+,-MO,0"),
            // Nothing but lists.
            ("FREQ=DAILY;X-TO=B,A;BYDAY", "FREQ=DAILY;BYDAY;X-TO=B,A"),
        ] {
            assert_eq!(rule(value), expected, "{value}");
        }
    }

    #[test]
    fn dates_read_alike_however_they_are_spelled() {
        for (value, zone, expected) in [
            ("19850412", None, "1985-04-12"),
            ("1985-04-12", None, "1985-04-12"),
            ("--0412", None, "--0412"),
            ("20260301T101500Z", None, "2026-03-01T10:15:00Z"),
            ("2026-03-01T10:15:00Z", None, "2026-03-01T10:15:00Z"),
            ("20260301T101500", Some("Europe/Lisbon"), "2026-03-01T10:15:00 Europe/Lisbon"),
            ("PT1H", None, "PT1H"),
            ("20260301T1", None, "20260301T1"),
            ("日付二〇二", None, "日付二〇二"),
        ] {
            assert_eq!(date(value, zone), expected);
        }
    }
}
