//! The words of a field name: `startDate`, `start_date` and `Start date` are the same two.

/// Longest name that is looked at, in bytes; longer ones are text.
const LONGEST: usize = 48;

/// Words that are written without a sign between them often enough to be known.
const GLUED: &[&str] = &["datetime", "date", "time", "at", "on"];
const BEFORE: &[&str] = &[
    "start", "starts", "started", "begin", "begins", "end", "ends", "ended", "stop", "finish", "from", "to",
    "due",
];

/// The words in small letters; none for a name that is too long to be one.
pub(super) fn words(name: &str) -> Vec<String> {
    if name.len() > LONGEST {
        return Vec::new();
    }
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let letters: Vec<char> = name.chars().collect();
    for (at, c) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        let after = letters.get(at + 1);
        let starts = c.is_uppercase()
            && (before.is_some_and(|c| c.is_lowercase() || c.is_numeric())
                || (before.is_some_and(|c| c.is_uppercase()) && after.is_some_and(|c| c.is_lowercase())));
        if (starts || !c.is_alphanumeric()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words.into_iter().flat_map(apart).collect()
}

/// `startdate` as `start` and `date`.
fn apart(word: String) -> Vec<String> {
    for last in GLUED {
        if let Some(first) = word.strip_suffix(last).filter(|first| BEFORE.contains(first)) {
            return vec![first.to_owned(), (*last).to_owned()];
        }
    }
    vec![word]
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn names_as_they_are_written() {
        for (name, expected) in [
            ("startDate", "start date"),
            ("start_date", "start date"),
            ("Start date", "start date"),
            ("startdate", "start date"),
            ("startsAt", "starts at"),
            ("startDateTime", "start date time"),
            ("endTZ", "end tz"),
            ("TZName", "tz name"),
            ("schema:addressLocality", "schema address locality"),
            ("line1", "line1"),
            ("fromage", "fromage"),
            ("weekend", "weekend"),
            ("", ""),
            ("_-", ""),
            ("Größe", "größe"),
        ] {
            assert_eq!(words(name).join(" "), expected, "{name}");
        }
        assert!(words(&"start".repeat(10)).is_empty());
    }
}
