//! Values replaced by others of the same shape, for files that go to support (M58).
//!
//! Words and numbers become others of the same length, the same word always the same one, another word always another
//! one: what is equal stays equal, what differs differs. Spaces, punctuation and line breaks stay; dates become dates,
//! all moved by the same number of days. Names of members stay.

use super::when;
use record_merge::json::{Document, quote};
use std::collections::{BTreeMap, BTreeSet};

/// Tries to find a word that is not taken.
const TRIES: u64 = 2_000;

/// Replaces values; the same value by the same one for as long as it lives.
pub(crate) struct Redactor {
    secret: [u8; 32],
    words: BTreeMap<String, String>,
    taken: BTreeSet<String>,
    days: i64,
}

impl Redactor {
    /// With a secret that nobody keeps.
    pub fn new(secret: [u8; 32]) -> Self {
        let days = i64::from(u16::from_le_bytes([secret[0], secret[1]])) % 3_000 + 100;
        Self { secret, words: BTreeMap::new(), taken: BTreeSet::new(), days: -days }
    }

    /// A document: JSON by its values, anything else as text.
    pub fn document(&mut self, bytes: &[u8], json: bool) -> String {
        let text = String::from_utf8_lossy(bytes);
        if json && Document::parse(bytes).is_ok() { self.json(&text) } else { self.lines(&text) }
    }

    /// JSON text: strings that are values, and numbers. The text must be JSON.
    pub fn json(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let length = match first {
                '"' => string_end(rest),
                '-' | '0'..='9' => rest.find(|c: char| !"-+.eE0123456789".contains(c)).unwrap_or(rest.len()),
                _ => first.len_utf8(),
            };
            let (token, after) = rest.split_at(length.max(1).min(rest.len()));
            match first {
                '"' if !after.trim_start().starts_with(':') => out.push_str(&self.string(token)),
                '-' | '0'..='9' => out.push_str(&self.number(token)),
                _ => out.push_str(token),
            }
            rest = after;
        }
        out
    }

    fn string(&mut self, lexeme: &str) -> String {
        let parsed = Document::parse(lexeme.as_bytes()).ok();
        let text = parsed.as_ref().and_then(|d| d.string(d.root())).map(|text| text.into_owned());
        match text {
            Some(text) => quote(&self.text(&text)),
            None => quote("(not text)"),
        }
    }

    /// A content line (vCard, iCalendar) keeps its name; in other texts there is none.
    fn lines(&mut self, text: &str) -> String {
        let card = text.trim_start().get(..6).is_some_and(|head| head.eq_ignore_ascii_case("BEGIN:"));
        let mut out = String::with_capacity(text.len());
        for line in text.split_inclusive('\n') {
            let end =
                line.find([':', ';']).filter(|end| card && is_name(line.get(..*end).unwrap_or_default()));
            let name = end.and_then(|end| line.get(..end)).unwrap_or_default();
            let fixed = matches!(name.to_ascii_uppercase().as_str(), "BEGIN" | "END" | "VERSION");
            out.push_str(name);
            let value = line.get(name.len()..).unwrap_or_default();
            if fixed { out.push_str(value) } else { out.push_str(&self.text(value)) }
        }
        out
    }

    /// Any text: its words and numbers.
    pub fn text(&mut self, text: &str) -> String {
        if let Some(date) = self.date(text) {
            return date;
        }
        let mut out = String::with_capacity(text.len());
        let mut word = String::new();
        for character in text.chars() {
            if character.is_alphanumeric() {
                word.push(character);
            } else {
                self.flush(&mut word, &mut out);
                out.push(character);
            }
        }
        self.flush(&mut word, &mut out);
        out
    }

    fn flush(&mut self, word: &mut String, out: &mut String) {
        if !word.is_empty() {
            out.push_str(&self.word(word));
            word.clear();
        }
    }

    /// `2026-09-14`, alone or before a time of day.
    fn date(&self, text: &str) -> Option<String> {
        let day = text.get(..10)?;
        let rest = text.get(10..)?;
        if !when::is_date(day) || !(rest.is_empty() || when::is_date_time(text)) {
            return None;
        }
        let part = |from: usize, to: usize| day.get(from..to)?.parse::<u16>().ok();
        let month = time::Month::try_from(u8::try_from(part(5, 7)?).ok()?).ok()?;
        let date =
            time::Date::from_calendar_date(i32::from(part(0, 4)?), month, u8::try_from(part(8, 10)?).ok()?);
        let moved = date.ok()?.checked_add(time::Duration::days(self.days))?;
        Some(format!("{:04}-{:02}-{:02}{rest}", moved.year(), u8::from(moved.month()), moved.day()))
    }

    /// The sign, the point and the exponent stay, and so does a fraction of zeros.
    fn number(&mut self, lexeme: &str) -> String {
        let mantissa = lexeme.find(['e', 'E']).unwrap_or(lexeme.len());
        let (mantissa, exponent) = lexeme.split_at(mantissa);
        let (sign, digits) = match mantissa.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", mantissa),
        };
        let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
        let whole = if whole == "0" { whole.to_owned() } else { self.word(whole) };
        let fraction = fraction.map(|fraction| {
            let plain = fraction.trim_end_matches('0');
            let zeros = fraction.get(plain.len()..).unwrap_or_default();
            format!(".{}{zeros}", if plain.is_empty() { String::new() } else { self.fraction(plain) })
        });
        format!("{sign}{whole}{}{exponent}", fraction.unwrap_or_default())
    }

    /// Ends in no zero, so that equal values stay equal.
    fn fraction(&mut self, digits: &str) -> String {
        let reversed: String = digits.chars().rev().collect();
        self.word(&reversed).chars().rev().collect()
    }

    fn word(&mut self, word: &str) -> String {
        if let Some(known) = self.words.get(word) {
            return known.clone();
        }
        let made = (0..TRIES).map(|attempt| self.made(word, attempt)).find(|made| !self.taken.contains(made));
        // So many words of one shape cannot be told apart any more: better equal than readable.
        let made = made.unwrap_or_else(|| self.made(word, 0));
        self.taken.insert(made.clone());
        self.words.insert(word.to_owned(), made.clone());
        made
    }

    fn made(&self, word: &str, attempt: u64) -> String {
        let mut hasher = blake3::Hasher::new_keyed(&self.secret);
        hasher.update(word.as_bytes()).update(&attempt.to_le_bytes());
        let mut stream = hasher.finalize_xof();
        let mut next = || {
            let mut byte = [0];
            stream.fill(&mut byte);
            u32::from(byte[0])
        };
        let letter =
            |from: char, number: u32, of: u32| char::from_u32(u32::from(from) + number % of).unwrap_or(from);
        let character = |(at, c): (usize, char)| match c {
            '0'..='9' if at == 0 => letter('1', next(), 9),
            '0'..='9' => letter('0', next(), 10),
            'a'..='z' => letter('a', next(), 26),
            'A'..='Z' => letter('A', next(), 26),
            // Of as many bytes in UTF-8.
            c if c.len_utf8() == 2 => letter('\u{e0}', next(), 16),
            c if c.len_utf8() == 3 => letter('\u{4e00}', next(), 512),
            c => c,
        };
        word.chars().enumerate().map(character).collect()
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
}

/// The length of a JSON string with its quotation marks.
fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use record_merge::{Format, Policy, equal};

    #[test]
    fn shape_and_equality_stay_and_nothing_can_be_read() {
        let source = r#"{"name": "Ines Duarte", "again":["Ines","Duarte", "Ines"], "no":118, "same":118.0, "price": -20.50, "on":true, "at":"2026-09-14", "then":"2026-09-15T10:30:00Z", "e":"ann@example.org ", "n":null, "x":"\u00e9\n"}"#;
        let made = Redactor::new([7; 32]).json(source);
        let old = Document::parse(source.as_bytes()).unwrap();
        let new = Document::parse(made.as_bytes()).unwrap();
        let text = |document: &Document, name: &str| {
            let id = document.member(document.root(), name).unwrap();
            document.string(id).map_or_else(|| document.text(id).to_owned(), |text| text.into_owned())
        };
        for (name, _) in old.members(old.root()) {
            assert_eq!(
                text(&old, &name).chars().count(),
                text(&new, &name).chars().count(),
                "{name}: {made}"
            );
        }
        for secret in ["Ines", "Duarte", "118", "example", "2026-09-14", "20.50"] {
            assert!(!made.contains(secret), "{secret} in {made}");
        }
        let again: Vec<String> = {
            let id = new.member(new.root(), "again").unwrap();
            new.children(id).map(|c| new.string(c).unwrap().into_owned()).collect()
        };
        assert!(again[0] == again[2] && again[0] != again[1]);
        assert_eq!(text(&new, "name"), format!("{} {}", again[0], again[1]));
        let same = |a: &str, b: &str| {
            equal(Format::Json, text(&new, a).as_bytes(), text(&new, b).as_bytes(), &Policy::default())
        };
        assert!(same("no", "same"));
        assert_eq!((text(&new, "on"), text(&new, "n")), ("true".to_owned(), "null".to_owned()));
        assert!(when::is_date(&text(&new, "at")) && when::is_date_time(&text(&new, "then")));
        assert!(text(&new, "e").ends_with(' ') && text(&new, "e").contains('@'));
    }

    #[test]
    fn different_numbers_stay_different() {
        let mut redactor = Redactor::new([3; 32]);
        let made: BTreeSet<String> =
            (1..=9).chain(10..=99).map(|n| redactor.number(&n.to_string())).collect();
        assert_eq!(made.len(), 99);
    }

    #[test]
    fn cards_keep_their_names() {
        let made = Redactor::new([1; 32])
            .document(b"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ines Duarte\r\nEND:VCARD\r\n", false);
        assert!(made.starts_with("BEGIN:VCARD\r\nVERSION:4.0\r\nFN:") && !made.contains("Ines"), "{made}");
        assert!(made.ends_with("END:VCARD\r\n"));
    }
}
