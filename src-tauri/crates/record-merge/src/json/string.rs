//! Strings by code points: escapes undone to compare, never to write back.

use std::borrow::Cow;

/// A code unit sequence of a JSON string as bytes: UTF-8, a lone surrogate as its three generalised UTF-8 bytes.
/// Two lexemes are the same string exactly if these bytes are equal.
pub(crate) fn code_points(lexeme: &str) -> Cow<'_, [u8]> {
    let inner = inner(lexeme);
    if !inner.contains('\\') {
        return Cow::Borrowed(inner.as_bytes());
    }
    let mut out = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        out.extend_from_slice(rest.get(..at).unwrap_or_default().as_bytes());
        let (code, length) = escape(rest.get(at..).unwrap_or_default());
        push(&mut out, code);
        rest = rest.get(at + length..).unwrap_or_default();
    }
    out.extend_from_slice(rest.as_bytes());
    Cow::Owned(out)
}

/// The characters of a string lexeme; `None` if it has lone surrogates.
pub(crate) fn unescape(lexeme: &str) -> Option<Cow<'_, str>> {
    match code_points(lexeme) {
        Cow::Borrowed(_) => Some(Cow::Borrowed(inner(lexeme))),
        Cow::Owned(bytes) => String::from_utf8(bytes).ok().map(Cow::Owned),
    }
}

/// Like [`unescape`], lone surrogates as U+FFFD.
pub(crate) fn unescape_lossy(lexeme: &str) -> Cow<'_, str> {
    unescape(lexeme).unwrap_or_else(|| Cow::Owned(String::from_utf8_lossy(&code_points(lexeme)).into_owned()))
}

/// A text as a JSON string with only the escapes that RFC 8259 section 7 demands.
pub fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            control if u32::from(control) < 0x20 => out.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

pub(crate) fn inner(lexeme: &str) -> &str {
    lexeme.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(lexeme)
}

/// The code point of the escape at the start of `text`, and its length; a surrogate pair is one escape.
pub(crate) fn escape(text: &str) -> (u32, usize) {
    let plain = |code: char| (u32::from(code), 2);
    match text.as_bytes().get(1) {
        Some(b'u') => {
            let first = unit(text.get(2..6));
            if (0xd800..0xdc00).contains(&first) && text.get(6..8) == Some("\\u") {
                let second = unit(text.get(8..12));
                if (0xdc00..0xe000).contains(&second) {
                    return (0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00), 12);
                }
            }
            (first, 6)
        }
        Some(b'b') => plain('\u{8}'),
        Some(b'f') => plain('\u{c}'),
        Some(b'n') => plain('\n'),
        Some(b'r') => plain('\r'),
        Some(b't') => plain('\t'),
        Some(other) => plain(char::from(*other)),
        None => (u32::from('\\'), 1),
    }
}

fn unit(digits: Option<&str>) -> u32 {
    digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or(0xfffd)
}

fn push(out: &mut Vec<u8>, code: u32) {
    match char::from_u32(code) {
        Some(character) => {
            let mut buffer = [0; 4];
            out.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
        }
        None => {
            let six = |shift: u32| u8::try_from((code >> shift) & 0x3f).unwrap_or(0);
            out.extend_from_slice(&[0xe0 | six(12), 0x80 | six(6), 0x80 | six(0)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{code_points, quote, unescape};

    #[test]
    fn escapes_do_not_matter() {
        for (a, b) in [
            (r#""\u00e9""#, "\"é\""),
            (r#""\/""#, r#""/""#),
            (r#""\ud83d\ude00""#, "\"😀\""),
            (r#""\u0041\n""#, r#""A\u000a""#),
            (r#""\b\f\t\"\\""#, r#""\u0008\u000C\u0009\u0022\u005c""#),
        ] {
            assert_eq!(code_points(a), code_points(b), "{a} {b}");
        }
        assert_ne!(code_points(r#""\ud83d""#), code_points(r#""\ud83e""#));
        assert_ne!(code_points("\"é\""), code_points("\"e\u{301}\""));
    }

    #[test]
    fn lone_surrogates_are_not_text() {
        assert_eq!(unescape(r#""a\ud800""#), None);
        assert_eq!(unescape(r#""\udc00\ud800""#), None);
        assert_eq!(unescape(r#""\u0000""#).as_deref(), Some("\0"));
    }

    #[test]
    fn quoting_is_undone_by_reading() {
        for text in ["", "a\"b\\c\n\r\t\u{8}\u{c}\u{1}", "é 😀 \u{2028}"] {
            assert_eq!(unescape(&quote(text)).as_deref(), Some(text));
        }
    }
}
