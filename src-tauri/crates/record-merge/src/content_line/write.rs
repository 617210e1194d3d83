//! Lines written anew.

/// Most octets of a line, its end not counted (RFC 6350 3.2, RFC 5545 3.1).
const WIDTH: usize = 75;

/// A line, folded between characters.
pub(crate) fn folded(line: &str, line_end: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(line.len() + line.len() / WIDTH * 3 + 2);
    let mut used = 0;
    for character in line.chars() {
        let length = character.len_utf8();
        if used + length > WIDTH {
            out.extend_from_slice(line_end.as_bytes());
            out.push(b' ');
            used = 1;
        }
        let mut buffer = [0; 4];
        out.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
        used += length;
    }
    out.extend_from_slice(line_end.as_bytes());
    out
}

/// The bytes of a line without its folds and its end.
pub(crate) fn unfolded(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for (number, part) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let part = part.strip_suffix(b"\r").unwrap_or(part);
        out.extend_from_slice(if number == 0 { part } else { part.get(1..).unwrap_or_default() });
    }
    out
}

/// Bytes of another file with the line ends of this one, and one at the end.
pub(crate) fn with_line_ends(bytes: &[u8], line_end: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 2);
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| *byte == b'\n') {
        let (line, next) = rest.split_at(at);
        out.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
        out.extend_from_slice(line_end.as_bytes());
        rest = next.get(1..).unwrap_or_default();
    }
    if !rest.is_empty() {
        out.extend_from_slice(rest);
        out.extend_from_slice(line_end.as_bytes());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_folded_between_characters() {
        let line = format!("NOTE:{}", "ä".repeat(60));
        let folded = folded(&line, "\r\n");
        let text = String::from_utf8(folded).unwrap();
        let lines: Vec<&str> = text.split("\r\n").collect();
        assert!(lines.iter().all(|line| line.len() <= WIDTH));
        assert_eq!(lines.len(), 3);
        assert_eq!(text.replace("\r\n ", ""), format!("{line}\r\n"));
        assert_eq!(super::folded("A:b", "\n"), b"A:b\n");
        assert_eq!(unfolded(text.as_bytes()), line.as_bytes());
    }

    #[test]
    fn line_ends_follow_the_file() {
        assert_eq!(with_line_ends(b"A:b\n c\r\n", "\r\n"), b"A:b\r\n c\r\n");
        assert_eq!(with_line_ends(b"A:b", "\n"), b"A:b\n");
    }
}
