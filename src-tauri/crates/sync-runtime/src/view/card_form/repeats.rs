//! Rules by which an event repeats (RFC 5545 3.3.10), and lengths of time, in plain words.

/// What a choice of the form stands for, and its name: rules that have nothing but how often.
pub(super) const SIMPLE: [(&str, &str); 5] = [
    ("NEVER", "Does not repeat"),
    ("DAILY", "Every day"),
    ("WEEKLY", "Every week"),
    ("MONTHLY", "Every month"),
    ("YEARLY", "Every year"),
];

/// The choice that a rule is; `None` = it says more than how often.
pub(super) fn simple(rule: &str) -> Option<&'static str> {
    let plain = rule.strip_suffix(";INTERVAL=1").unwrap_or(rule);
    let often = plain.strip_prefix("FREQ=")?;
    SIMPLE.iter().map(|(word, _)| *word).find(|word| *word == often)
}

/// "Every 2 weeks on Tuesday and Thursday, 20 times"; a rule that is not understood as it stands.
pub(super) fn in_words(rule: &str) -> String {
    told(rule).unwrap_or_else(|| rule.to_owned())
}

fn told(rule: &str) -> Option<String> {
    let mut words = String::new();
    let (mut often, mut every) = ("", 1_u32);
    let mut details: Vec<String> = Vec::new();
    let mut end = String::new();
    for part in rule.split(';') {
        match part.split_once('=')? {
            ("FREQ", freq) => {
                often = match freq {
                    "HOURLY" => "hour",
                    "DAILY" => "day",
                    "WEEKLY" => "week",
                    "MONTHLY" => "month",
                    "YEARLY" => "year",
                    _ => return None,
                };
            }
            ("INTERVAL", number) => every = number.parse().ok()?,
            ("BYDAY", days) => {
                let days: Option<Vec<String>> = days.split(',').map(day).collect();
                details.push(format!("on {}", list(&days?)));
            }
            ("BYMONTHDAY", days) => details.push(format!("on day {}", list(&split(days)))),
            ("BYMONTH", months) => {
                let months: Option<Vec<String>> = months.split(',').map(month).collect();
                details.push(format!("in {}", list(&months?)));
            }
            ("COUNT", "1") => end = ", once".to_owned(),
            ("COUNT", number) => end = format!(", {number} times"),
            ("UNTIL", date) => {
                let (year, rest) = date.split_at_checked(4)?;
                let (month, rest) = rest.split_at_checked(2)?;
                end = format!(", until {year}-{month}-{}", rest.get(..2)?);
            }
            ("WKST", _) => {}
            _ => return None,
        }
    }
    match every {
        _ if often.is_empty() => return None,
        1 => words.push_str(&format!("Every {often}")),
        number => words.push_str(&format!("Every {number} {often}s")),
    }
    for detail in details {
        words.push(' ');
        words.push_str(&detail);
    }
    Some(words + &end)
}

fn split(text: &str) -> Vec<String> {
    text.split(',').map(str::to_owned).collect()
}

fn list(names: &[String]) -> String {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    crate::view::group_plan::list(&names)
}

/// `TU`, `1MO`, `-1FR`.
fn day(text: &str) -> Option<String> {
    let at = text.len().checked_sub(2)?;
    let (which, day) = text.split_at_checked(at)?;
    let day = match day {
        "MO" => "Monday",
        "TU" => "Tuesday",
        "WE" => "Wednesday",
        "TH" => "Thursday",
        "FR" => "Friday",
        "SA" => "Saturday",
        "SU" => "Sunday",
        _ => return None,
    };
    Some(match which {
        "" => day.to_owned(),
        "1" => format!("the first {day}"),
        "2" => format!("the second {day}"),
        "3" => format!("the third {day}"),
        "4" => format!("the fourth {day}"),
        "-1" => format!("the last {day}"),
        _ => return None,
    })
}

fn month(text: &str) -> Option<String> {
    Some(time::Month::try_from(text.parse::<u8>().ok()?).ok()?.to_string())
}

/// `PT1H30M` as "1 hour 30 minutes"; `None` = it is no such length.
pub(super) fn length(text: &str) -> Option<String> {
    let text = text.strip_prefix('-').or_else(|| text.strip_prefix('+')).unwrap_or(text);
    let rest = text.strip_prefix('P')?;
    let mut words: Vec<String> = Vec::new();
    let mut number = String::new();
    for letter in rest.chars() {
        if letter.is_ascii_digit() {
            number.push(letter);
            continue;
        }
        let unit = match letter {
            'T' => continue,
            'W' => "week",
            'D' => "day",
            'H' => "hour",
            'M' => "minute",
            'S' => "second",
            _ => return None,
        };
        let count: u32 = std::mem::take(&mut number).parse().ok()?;
        if count > 0 {
            words.push(format!("{count} {unit}{}", if count == 1 { "" } else { "s" }));
        }
    }
    (number.is_empty() && !words.is_empty()).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_read_like_sentences() {
        for (rule, expected) in [
            ("FREQ=WEEKLY;BYDAY=TU;COUNT=20", "Every week on Tuesday, 20 times"),
            ("FREQ=WEEKLY;BYDAY=TU,TH;INTERVAL=2", "Every 2 weeks on Tuesday and Thursday"),
            (
                "FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20261231T000000Z",
                "Every month on the last Friday, until 2026-12-31",
            ),
            ("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1", "Every year in March on day 1"),
            ("FREQ=WEEKLY;BYSETPOS=1", "FREQ=WEEKLY;BYSETPOS=1"),
            ("", ""),
            ("FREQ", "FREQ"),
        ] {
            assert_eq!(in_words(rule), expected);
        }
        assert_eq!((simple("FREQ=DAILY"), simple("FREQ=WEEKLY;INTERVAL=1")), (Some("DAILY"), Some("WEEKLY")));
        assert_eq!(simple("FREQ=WEEKLY;BYDAY=TU"), None);
        assert_eq!(length("PT1H30M").as_deref(), Some("1 hour 30 minutes"));
        assert_eq!(length("-P1D").as_deref(), Some("1 day"));
        assert_eq!((length("P"), length("PT0S"), length("1H")), (None, None, None));
    }
}
