//! Escapes of values and parameters.

/// The text of a value: `\n`, `\,`, `\;`, `\\` read (RFC 6350 3.4, RFC 5545 3.3.11). `\:` is read too: some programs
/// write it. A backslash before anything else stands for itself.
pub(crate) fn unescape(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find('\\') {
        out.push_str(rest.get(..at).unwrap_or_default());
        let mut after = rest.get(at + 1..).unwrap_or_default().chars();
        match after.next() {
            Some('n' | 'N') => out.push('\n'),
            Some(plain @ ('\\' | ',' | ';' | ':')) => out.push(plain),
            Some(other) => {
                out.push('\\');
                out.push(other);
            }
            None => out.push('\\'),
        }
        rest = after.as_str();
    }
    out.push_str(rest);
    out
}

/// A text as a value.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' if characters.peek() == Some(&'\n') => {}
            '\n' | '\r' => out.push_str("\\n"),
            '\\' => out.push_str("\\\\"),
            ',' => out.push_str("\\,"),
            ';' => out.push_str("\\;"),
            other => out.push(other),
        }
    }
    out
}

/// Cuts a value at each `separator` that is not escaped.
pub(crate) fn split(value: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut escaped = false;
    for (at, character) in value.char_indices() {
        if character == separator && !escaped {
            parts.push(value.get(start..at).unwrap_or_default());
            start = at + character.len_utf8();
        }
        escaped = character == '\\' && !escaped;
    }
    parts.push(value.get(start..).unwrap_or_default());
    parts
}

/// Lines of a text value as they are spelled, without the `\n` between them, and how each of these is spelled.
pub(crate) fn spelled_lines(value: &str) -> (Vec<&str>, Vec<&'static str>) {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut escaped = false;
    let mut breaks = Vec::new();
    for (at, character) in value.char_indices() {
        if escaped && matches!(character, 'n' | 'N') {
            breaks.push(if character == 'N' { "\\N" } else { "\\n" });
            lines.push(value.get(start..at - 1).unwrap_or_default());
            start = at + 1;
        }
        escaped = character == '\\' && !escaped;
    }
    lines.push(value.get(start..).unwrap_or_default());
    (lines, breaks)
}

/// RFC 6868: `^n`, `^'` and `^^` in a parameter's value.
pub(crate) fn decode_param(value: &str) -> String {
    if !value.contains('^') {
        return value.to_owned();
    }
    let mut out = String::with_capacity(value.len());
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        if character != '^' {
            out.push(character);
            continue;
        }
        let mut ahead = characters.clone();
        match ahead.next() {
            Some('n' | 'N') => out.push('\n'),
            Some('\'') => out.push('"'),
            Some('^') => out.push('^'),
            _ => {
                out.push('^');
                continue;
            }
        }
        characters = ahead;
    }
    out
}

/// A parameter's value, in quotes where they are needed.
pub(crate) fn encode_param(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for character in value.chars() {
        match character {
            '^' => out.push_str("^^"),
            '\n' => out.push_str("^n"),
            '"' => out.push_str("^'"),
            '\r' => {}
            other => out.push(other),
        }
    }
    if out.contains([':', ';', ',']) { format!("\"{out}\"") } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_go_there_and_back() {
        for text in ["", "a, b; c\\d\ne", "\\n is two characters", "ä:b"] {
            assert_eq!(unescape(&escape(text)), text);
        }
        assert_eq!(escape("a\r\nb"), "a\\nb");
        for (value, text) in [(r"http\://x", "http://x"), (r"a\xb", r"a\xb"), ("a\\", "a\\"), (r"\N", "\n")] {
            assert_eq!(unescape(value), text);
        }
    }

    #[test]
    fn values_are_cut_where_nothing_escapes() {
        assert_eq!(split(r"a;b\;c;;d\\;e", ';'), ["a", r"b\;c", "", r"d\\", "e"]);
        assert_eq!(split("", ','), [""]);
        assert_eq!(spelled_lines(r"a\nb\\n\Nc"), (vec!["a", r"b\\n", "c"], vec!["\\n", "\\N"]));
        assert_eq!(spelled_lines(r"a\Nb"), (vec!["a", "b"], vec!["\\N"]));
    }

    #[test]
    fn parameters_go_there_and_back() {
        for value in ["Anna", "Keller, Anna", "the \"boss\"", "a^b", "two\nlines", "^n"] {
            let written = encode_param(value);
            let bare = written.strip_prefix('"').and_then(|v| v.strip_suffix('"')).unwrap_or(&written);
            assert_eq!(decode_param(bare), value);
        }
        assert_eq!(decode_param("^x^"), "^x^");
    }
}
