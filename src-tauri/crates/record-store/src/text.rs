//! The full-text index and the words to search it with.

use crate::{CollectionId, Result, Tx};
use sync_engine::{LocalKey, SourceId};

/// Replaces the text a record is found by; its row is there already.
pub(crate) fn save(tx: &Tx<'_>, key: LocalKey, text: &str) -> Result<()> {
    tx.execute(
        "INSERT OR REPLACE INTO record_text (rowid, place, text)
         SELECT key, 's' || source_id || ' c' || collection_id, ?2 FROM record WHERE key = ?1",
        (key.0, text),
    )?;
    Ok(())
}

/// As [`save`], for a record that has none yet.
pub(crate) fn insert(tx: &Tx<'_>, key: LocalKey, at: (SourceId, CollectionId), text: &str) -> Result<()> {
    let place = format!("s{} c{}", at.0.0, at.1.0);
    tx.execute("INSERT INTO record_text (rowid, place, text) VALUES (?1, ?2, ?3)", (key.0, place, text))?;
    Ok(())
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
