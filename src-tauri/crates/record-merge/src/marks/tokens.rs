//! The pieces of a text that marks and word merges never cut (M23).

use unicode_segmentation::UnicodeSegmentation;

/// Words of UAX 29 (where a script has no spaces: its characters as people see them); numbers, dates, e-mail addresses
/// and links in one piece.
pub(crate) fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let space = rest.find(|character: char| !character.is_whitespace()).unwrap_or(rest.len());
        let (blank, after) = rest.split_at(space);
        tokens.extend(blank.split_word_bounds());
        let end = after.find(char::is_whitespace).unwrap_or(after.len());
        let (chunk, after) = after.split_at(end);
        chunk_tokens(chunk, &mut tokens);
        rest = after;
    }
    tokens
}

fn chunk_tokens<'t>(chunk: &'t str, tokens: &mut Vec<&'t str>) {
    let opening = |character: char| matches!(character, '(' | '[' | '{' | '<' | '"' | '\'' | '«' | '“');
    let closing = |character: char| {
        matches!(
            character,
            ')' | ']' | '}' | '>' | '"' | '\'' | '»' | '”' | '.' | ',' | ';' | ':' | '!' | '?' | '…'
        )
    };
    let start = chunk.len() - chunk.trim_start_matches(opening).len();
    let (lead, rest) = chunk.split_at(start);
    let core = rest.trim_end_matches(closing);
    if !in_one_piece(core) {
        tokens.extend(chunk.split_word_bounds());
        return;
    }
    tokens.extend(lead.split_word_bounds());
    tokens.push(core);
    tokens.extend(rest.get(core.len()..).unwrap_or_default().split_word_bounds());
}

fn in_one_piece(core: &str) -> bool {
    let link = core.contains("://") || core.starts_with("www.") || core.starts_with("mailto:");
    let address = core.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    let figures = core.chars().any(|character| character.is_ascii_digit())
        && core.chars().all(|character| {
            character.is_ascii_digit()
                || matches!(character, '.' | ',' | ':' | '/' | '-' | '+' | '\'' | '%' | 'T' | 'Z')
        });
    link || address || figures
}
