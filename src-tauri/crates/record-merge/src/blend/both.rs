//! Both versions of a clash, one after the other (M13).

use super::Clash;

/// Both, and both in the other order. The server's comes first, unless both sides only put something in here and both
/// wrote a date into it: then the earlier one does.
pub(super) fn ordered(clash: &Clash, line_break: &str) -> (String, String) {
    let Clash { base, mine, theirs, .. } = clash;
    let server_first = joined(theirs, mine, line_break);
    let mine_first = joined(mine, theirs, line_break);
    let earlier = match (date(mine), date(theirs)) {
        (Some(mine), Some(theirs)) if base.is_empty() && mine.len() == theirs.len() => mine < theirs,
        _ => false,
    };
    if earlier { (mine_first, server_first) } else { (server_first, mine_first) }
}

fn joined(first: &str, second: &str, line_break: &str) -> String {
    let gap =
        if first.is_empty() || second.is_empty() || first.ends_with(line_break) { "" } else { line_break };
    format!("{first}{gap}{second}")
}

/// The first date of a text as year, month and day, with hour and minute if they follow (ISO 8601). Dates written in
/// other ways do not say which number is the day.
fn date(text: &str) -> Option<&str> {
    const DATE: &str = "0000-00-00";
    const TIME: &str = "0000-00-00T00:00";
    let fits = |start: usize, pattern: &str| {
        let part = text.get(start..start + pattern.len())?;
        let alike = part.bytes().zip(pattern.bytes()).all(|(byte, wanted)| match wanted {
            b'0' => byte.is_ascii_digit(),
            b'T' => byte == b'T' || byte == b' ',
            other => byte == other,
        });
        alike.then_some(part)
    };
    let digit = |at: Option<usize>| at.and_then(|at| text.as_bytes().get(at)).is_some_and(u8::is_ascii_digit);
    let month_and_day = |date: &str| {
        let number = |from: usize| date.get(from..from + 2).and_then(|two| two.parse::<u8>().ok());
        number(5).is_some_and(|month| (1..=12).contains(&month))
            && number(8).is_some_and(|day| (1..=31).contains(&day))
    };
    let starts = text.bytes().enumerate().filter(|(_, byte)| byte.is_ascii_digit()).map(|(at, _)| at);
    starts.filter(|at| !digit(at.checked_sub(1))).find_map(|at| {
        let found = fits(at, TIME).or_else(|| fits(at, DATE))?;
        (month_and_day(found) && !digit(Some(at + found.len()))).then_some(found)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_found() {
        for (text, expected) in [
            ("2026-11-22: called", Some("2026-11-22")),
            ("- at 2026-11-22 10:40 she called", Some("2026-11-22 10:40")),
            ("[2026-11-22T10:40:05Z] x", Some("2026-11-22T10:40")),
            ("é 2026-11-22", Some("2026-11-22")),
            ("12026-11-22", None),
            ("2026-13-22 2026-11-222", None),
            ("22.11.2026", None),
            ("", None),
        ] {
            assert_eq!(date(text), expected, "{text}");
        }
    }

    #[test]
    fn the_servers_comes_first_unless_dates_say_otherwise() {
        let cases = [
            ("", "m\n", "t\n", "t\nm\n", "m\nt\n"),
            (
                "",
                "2026-11-21 m\n",
                "2026-11-22 t\n",
                "2026-11-21 m\n2026-11-22 t\n",
                "2026-11-22 t\n2026-11-21 m\n",
            ),
            (
                "",
                "2026-11-22 m\n",
                "2026-11-22 t\n",
                "2026-11-22 t\n2026-11-22 m\n",
                "2026-11-22 m\n2026-11-22 t\n",
            ),
            // a time on one side only says nothing
            (
                "",
                "2026-11-21 10:40 m\n",
                "2026-11-22 t\n",
                "2026-11-22 t\n2026-11-21 10:40 m\n",
                "2026-11-21 10:40 m\n2026-11-22 t\n",
            ),
            // not only put in
            (
                "x\n",
                "2026-11-21 m\n",
                "2026-11-22 t\n",
                "2026-11-22 t\n2026-11-21 m\n",
                "2026-11-21 m\n2026-11-22 t\n",
            ),
            ("x\n", "", "t\n", "t\n", "t\n"),
            ("x\n", "m", "t", "t\nm", "m\nt"),
        ];
        for (base, mine, theirs, both, switched) in cases {
            let [base, mine, theirs] = [base, mine, theirs].map(str::to_owned);
            let clash = Clash { base, mine, theirs, number: 0, suggestion: None };
            assert_eq!(ordered(&clash, "\n"), (both.to_owned(), switched.to_owned()));
        }
    }
}
