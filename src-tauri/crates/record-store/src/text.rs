//! The full-text index and the words to search it with.

use crate::{CollectionId, Result, Tx};
use std::hash::{DefaultHasher, Hasher};
use sync_engine::{LocalKey, SourceId};

/// Begins the words for places; of private use (U+F8FF), so nobody types or writes it.
const MARK: char = '\u{f8ff}';

/// The word every record of a source has.
pub(crate) fn source_word(source: SourceId) -> String {
    format!("{MARK}s{source}")
}

/// The word every record of a collection has.
pub(crate) fn collection_word(collection: CollectionId) -> String {
    format!("{MARK}c{}", collection.0)
}

/// Tells whether a text changed: each change of the index costs five pages.
pub(crate) fn hash(text: &str) -> i64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(text.as_bytes());
    hasher.finish().cast_signed()
}

/// Replaces the text a record is found by, if it changed; its row is there already.
pub(crate) fn save(tx: &Tx<'_>, key: LocalKey, text: &str) -> Result<()> {
    tx.still_open()?;
    let sql = "UPDATE record SET text_hash = ?2 WHERE key = ?1 AND text_hash <> ?2 RETURNING source_id, collection_id";
    let at =
        tx.row(sql, (key.0, hash(text)), |row| Ok((SourceId(row.get(0)?), CollectionId(row.get(1)?))))?;
    let Some(at) = at else { return Ok(()) };
    let sql = "INSERT OR REPLACE INTO record_text (rowid, text) VALUES (?1, ?2)";
    tx.execute(sql, (key.0, with_place(at, text)))?;
    Ok(())
}

/// Indexes a record whose row was inserted with the [`hash`] of this text.
pub(crate) fn insert(tx: &Tx<'_>, key: LocalKey, at: (SourceId, CollectionId), text: &str) -> Result<()> {
    tx.execute("INSERT INTO record_text (rowid, text) VALUES (?1, ?2)", (key.0, with_place(at, text)))?;
    Ok(())
}

fn with_place(at: (SourceId, CollectionId), text: &str) -> String {
    format!("{} {} {text}", source_word(at.0), collection_word(at.1))
}

/// Takes the record out of the index.
pub(crate) fn delete(tx: &Tx<'_>, key: LocalKey) -> Result<()> {
    tx.execute("DELETE FROM record_text WHERE rowid = ?1", [key.0])?;
    Ok(())
}

/// What a person typed, for the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Typed {
    /// No words.
    Nothing,
    /// One letter: too many words begin with it, so titles that do.
    Letter(char),
    /// An FTS5 expression: every word must begin a word of the record.
    Words(String),
}

impl Typed {
    pub(crate) fn read(typed: &str) -> Self {
        // Words of punctuation alone mean nothing to the index.
        let words: Vec<&str> = typed
            .split(|c: char| c.is_whitespace() || c.is_control())
            .filter(|word| word.contains(char::is_alphanumeric))
            .collect();
        match words.as_slice() {
            [] => return Self::Nothing,
            [one] => {
                let mut letters = one.chars();
                if let (Some(letter), None) = (letters.next(), letters.next())
                    && letter.is_ascii_alphabetic()
                {
                    return Self::Letter(letter.to_ascii_lowercase());
                }
            }
            _ => {}
        }
        let quoted: Vec<String> = words.iter().map(|w| format!("\"{}\"*", w.replace('"', "\"\""))).collect();
        Self::Words(quoted.join(" AND "))
    }
}

/// The key titles are sorted by: without regard to case, numbers by value ("Item 2" before "Item 10").
pub(crate) fn sort_key(title: &str) -> String {
    const LONGEST: usize = 60;
    let mut key = String::new();
    let mut characters = title.trim_start().chars().take(LONGEST).peekable();
    while let Some(c) = characters.next() {
        if !c.is_ascii_digit() {
            key.extend(c.to_lowercase());
            continue;
        }
        let mut number = String::from(c);
        while let Some(digit) = characters.next_if(char::is_ascii_digit) {
            number.push(digit);
        }
        let number = number.trim_start_matches('0');
        // One character that rises with the number of digits stays among the digits up to nine, then goes on after them.
        key.push(char::from_u32(0x30 + u32::try_from(number.len()).unwrap_or(0)).unwrap_or('9'));
        key.push_str(number);
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed() {
        let words = |expression: &str| Typed::Words(expression.to_owned());
        for (typed, expected) in [
            ("", Typed::Nothing),
            (" \t - \" * ", Typed::Nothing),
            ("a", Typed::Letter('a')),
            (" Z ", Typed::Letter('z')),
            ("7", words("\"7\"*")),
            ("é", words("\"é\"*")),
            ("ab", words("\"ab\"*")),
            ("a b", words("\"a\"* AND \"b\"*")),
            ("say \"hi\" (now)", words("\"say\"* AND \"\"\"hi\"\"\"* AND \"(now)\"*")),
            ("NOT x OR", words("\"NOT\"* AND \"x\"* AND \"OR\"*")),
        ] {
            assert_eq!(Typed::read(typed), expected, "{typed:?}");
        }
    }

    #[test]
    fn titles_in_order() {
        let order = [
            "",
            "#",
            "0",
            "00",
            "1",
            "2 a",
            "02 b",
            "10",
            "123456789",
            "1234567890123",
            "a",
            "A1",
            "a2",
            "a10",
            "b",
            "É",
            "ü",
        ];
        let keys: Vec<String> = order.iter().map(|t| sort_key(t)).collect();
        for (pair, titles) in keys.windows(2).zip(order.windows(2)) {
            assert!(pair[0] <= pair[1], "{titles:?}: {pair:?}");
        }
        assert_eq!(sort_key("  Ann"), sort_key("ann"));
        assert!(sort_key(&"x".repeat(10_000)).len() < 100);
    }
}
