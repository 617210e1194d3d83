//! Keys of members as names for people.

/// Words that are always written in capitals.
const CAPITALS: [&str; 8] = ["id", "url", "uri", "iban", "bic", "vat", "ip", "api"];

/// A key in words: `next_safety_check`, `nextSafetyCheck` and `next-safety-check` are all "Next safety check".
/// A key without a letter or digit is shown as it is; an empty one as `(no name)`.
pub fn label(key: &str) -> String {
    if key.is_empty() {
        return "(no name)".to_owned();
    }
    let words = split(key);
    if words.is_empty() {
        return key.to_owned();
    }
    let words: Vec<String> = words.iter().map(|word| in_words(word)).collect();
    capitalised(&words.join(" "))
}

/// With a capital first letter.
pub(crate) fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

fn in_words(word: &str) -> String {
    let lower = word.to_lowercase();
    let shouted = word.chars().count() > 1 && word.chars().all(|c| c.is_uppercase() || c.is_numeric());
    if CAPITALS.contains(&lower.as_str()) {
        word.to_uppercase()
    } else if shouted {
        word.to_owned()
    } else {
        lower
    }
}

/// Words end at anything that is no letter or digit, before a capital after a small letter, and before the last
/// capital of a row of them (`HTTPServer` is two words).
fn split(key: &str) -> Vec<String> {
    let characters: Vec<char> = key.chars().take(200).collect();
    let mut words = Vec::new();
    let mut word = String::new();
    for (at, character) in characters.iter().enumerate() {
        if !character.is_alphanumeric() {
            words.push(std::mem::take(&mut word));
            continue;
        }
        let before = at.checked_sub(1).and_then(|at| characters.get(at));
        let small_after = characters.get(at + 1).is_some_and(|next| next.is_lowercase());
        let starts = character.is_uppercase()
            && before
                .is_some_and(|b| b.is_lowercase() || b.is_numeric() || (b.is_uppercase() && small_after));
        if starts {
            words.push(std::mem::take(&mut word));
        }
        word.push(*character);
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn keys_become_words() {
        for (key, words) in [
            ("next_safety_check", "Next safety check"),
            ("nextSafetyCheck", "Next safety check"),
            ("Next-Safety-Check", "Next safety check"),
            ("deposit", "Deposit"),
            ("id", "ID"),
            ("contact_id", "Contact ID"),
            ("HTTPServer", "HTTP server"),
            ("manualURL", "Manual URL"),
            ("address.street", "Address street"),
            ("größe", "Größe"),
            ("line2Text", "Line2 text"),
            ("@", "@"),
            ("", "(no name)"),
        ] {
            assert_eq!(label(key), words, "{key}");
        }
    }
}
