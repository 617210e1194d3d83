//! The full-text index and the words to search it with.

use crate::{Result, Tx};
use sync_engine::LocalKey;

/// Replaces the text a record is found by.
pub(crate) fn save(tx: &Tx<'_>, key: LocalKey, text: &str) -> Result<()> {
    tx.execute("INSERT OR REPLACE INTO record_text (rowid, text) VALUES (?1, ?2)", (key.0, text))?;
    Ok(())
}

/// As [`save`], for a record that has none yet.
pub(crate) fn insert(tx: &Tx<'_>, key: LocalKey, text: &str) -> Result<()> {
    tx.execute("INSERT INTO record_text (rowid, text) VALUES (?1, ?2)", (key.0, text))?;
    Ok(())
}

/// Takes the record out of the index.
pub(crate) fn delete(tx: &Tx<'_>, key: LocalKey) -> Result<()> {
    tx.execute("DELETE FROM record_text WHERE rowid = ?1", [key.0])?;
    Ok(())
}

/// What a person typed as an FTS5 query: every word must begin a word of the record. `None` = no words.
pub(crate) fn query(typed: &str) -> Option<String> {
    let mut query = String::new();
    for word in typed.split(|c: char| c.is_whitespace() || c.is_control()) {
        // Words of punctuation alone mean nothing to the index.
        if !word.contains(char::is_alphanumeric) {
            continue;
        }
        if !query.is_empty() {
            query.push(' ');
        }
        query.push('"');
        query.push_str(&word.replace('"', "\"\""));
        query.push_str("\"*");
    }
    (!query.is_empty()).then_some(query)
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
