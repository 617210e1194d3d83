//! Bytes to components.

use super::text::decode_param;
use super::{Component, File, Item, Line, MAX_DEPTH, Param};
use crate::json::{MAX_BYTES, ParseError};
use std::ops::Range;

/// Reads a file of cards or calendars.
///
/// # Errors
/// More than 16 MiB, text that is not UTF-8 once unfolded, a line that is no property, `BEGIN` and `END` that do not
/// fit, nothing at all.
pub(crate) fn read(bytes: &[u8]) -> Result<File, ParseError> {
    if bytes.len() > MAX_BYTES {
        return Err(ParseError::words_at(
            &[],
            0,
            "this is larger than 16 MiB, too large to be merged by fields",
        ));
    }
    let mut reader = Reader { bytes, components: Vec::new(), open: Vec::new() };
    let mark: usize = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let mut windows = 0usize;
    let mut unix = 0usize;
    let mut at = mark;
    while at < bytes.len() {
        let start = at;
        let mut text = Vec::new();
        loop {
            let line = physical(bytes, at);
            text.extend_from_slice(bytes.get(line.content.clone()).unwrap_or_default());
            match line.end.len() {
                2 => windows += 1,
                1 => unix += 1,
                _ => {}
            }
            at = line.end.end;
            // A line that begins with a space or tab goes on with the one before.
            match bytes.get(at) {
                Some(b' ' | b'\t') => at += 1,
                _ => break,
            }
        }
        reader.line(&text, start..at)?;
    }
    if let Some(open) = reader.open.last() {
        let words = format!("BEGIN:{} has no END:{}", open.name, open.name);
        return Err(ParseError::words_at(bytes, open.begin.start, words));
    }
    if reader.components.is_empty() {
        return Err(ParseError::words_at(bytes, 0, "there is nothing between BEGIN and END here"));
    }
    let line_end = if windows >= unix { "\r\n" } else { "\n" };
    Ok(File { bytes: bytes.to_vec(), components: reader.components, line_end })
}

/// One line of the file.
struct Physical {
    content: Range<usize>,
    /// The line end; empty at the end of the file.
    end: Range<usize>,
}

fn physical(bytes: &[u8], at: usize) -> Physical {
    let rest = bytes.get(at..).unwrap_or_default();
    let Some(length) = rest.iter().position(|byte| *byte == b'\n') else {
        return Physical { content: at..bytes.len(), end: bytes.len()..bytes.len() };
    };
    let stop = at + length;
    let windows = length > 0 && bytes.get(stop - 1) == Some(&b'\r');
    let content = if windows { stop - 1 } else { stop };
    Physical { content: at..content, end: content..stop + 1 }
}

struct Reader<'a> {
    bytes: &'a [u8],
    components: Vec<Component>,
    /// Components without their `END` yet, outermost first.
    open: Vec<Component>,
}

impl Reader<'_> {
    fn line(&mut self, text: &[u8], span: Range<usize>) -> Result<(), ParseError> {
        let start = span.start;
        let error = |words: &str| Err(ParseError::words_at(self.bytes, start, words.to_owned()));
        let Ok(text) = std::str::from_utf8(text) else { return error("this line is not UTF-8 text") };
        if text.trim().is_empty() {
            self.blank(span);
            return Ok(());
        }
        let line = match parse(text, span) {
            Ok(line) => line,
            Err(words) => return error(&words),
        };
        match line.name.as_str() {
            "BEGIN" if self.open.len() >= MAX_DEPTH => {
                error("components are nested more than 16 levels deep")
            }
            "BEGIN" => {
                self.open.push(Component {
                    name: line.value.trim().to_ascii_uppercase(),
                    begin: line.span,
                    end: 0..0,
                    lines: Vec::new(),
                    components: Vec::new(),
                    items: Vec::new(),
                });
                Ok(())
            }
            "END" => self.end(line),
            _ => match self.open.last_mut() {
                Some(open) => {
                    open.items.push(Item::Line(open.lines.len()));
                    open.lines.push(line);
                    Ok(())
                }
                None => error("this line stands outside of BEGIN and END"),
            },
        }
    }

    fn end(&mut self, line: Line) -> Result<(), ParseError> {
        let name = line.value.trim().to_ascii_uppercase();
        match self.open.pop() {
            Some(mut done) if done.name == name => {
                done.end = line.span;
                match self.open.last_mut() {
                    Some(outer) => {
                        outer.items.push(Item::Component(outer.components.len()));
                        outer.components.push(done);
                    }
                    None => self.components.push(done),
                }
                Ok(())
            }
            Some(other) => {
                let words = format!("END:{name} stands where END:{} is expected", other.name);
                Err(ParseError::words_at(self.bytes, line.span.start, words))
            }
            None => {
                let words = format!("END:{name} has no BEGIN:{name}");
                Err(ParseError::words_at(self.bytes, line.span.start, words))
            }
        }
    }

    /// A blank line belongs to what is before it.
    fn blank(&mut self, span: Range<usize>) {
        let last = match self.open.last_mut() {
            Some(open) => match open.items.last() {
                Some(Item::Line(at)) => open.lines.get_mut(*at).map(|line| &mut line.span),
                Some(Item::Component(at)) => open.components.get_mut(*at).map(|inner| &mut inner.end),
                None => Some(&mut open.begin),
            },
            None => self.components.last_mut().map(|done| &mut done.end),
        };
        if let Some(last) = last {
            last.end = span.end;
        }
    }
}

/// Reads one unfolded line.
fn parse(text: &str, span: Range<usize>) -> Result<Line, String> {
    let junk = || format!("{:?} is no property: a name and a colon are expected", clipped(text));
    let name_end = text.find([';', ':']).ok_or_else(junk)?;
    let full = text.get(..name_end).unwrap_or_default();
    let (group, spelled) = match full.rsplit_once('.') {
        Some((group, name)) => (Some(group.to_ascii_lowercase()), name),
        None => (None, full),
    };
    let fits = |name: &str| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    if !fits(spelled) || !group.as_deref().is_none_or(fits) {
        return Err(junk());
    }
    let mut params = Vec::new();
    let mut rest = text.get(name_end..).unwrap_or_default();
    while let Some(after) = rest.strip_prefix(';') {
        let length = param_length(after).ok_or_else(|| {
            format!("the parameters of {:?} have no end: a quote or a colon is missing", clipped(text))
        })?;
        let (raw, next) = after.split_at(length);
        params.push(param(raw));
        rest = next;
    }
    let value = rest.strip_prefix(':').ok_or_else(junk)?;
    Ok(Line {
        span,
        group,
        name: spelled.to_ascii_uppercase(),
        spelled: spelled.to_owned(),
        params,
        value: value.to_owned(),
    })
}

fn clipped(text: &str) -> String {
    if text.chars().count() > 40 {
        format!("{}…", text.chars().take(40).collect::<String>())
    } else {
        text.to_owned()
    }
}

/// Bytes up to the `;` or `:` that ends a parameter, quotes respected.
fn param_length(text: &str) -> Option<usize> {
    let mut quoted = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b';' | b':' if !quoted => return Some(at),
            _ => {}
        }
    }
    None
}

fn param(raw: &str) -> Param {
    let (name, values) = raw.split_once('=').unwrap_or(("TYPE", raw));
    let mut out = Vec::new();
    let mut rest = values;
    loop {
        let mut quoted = false;
        let end = rest
            .bytes()
            .position(|byte| {
                quoted ^= byte == b'"';
                byte == b',' && !quoted
            })
            .unwrap_or(rest.len());
        let (value, next) = rest.split_at(end);
        let bare = value.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')).unwrap_or(value);
        out.push(decode_param(bare));
        match next.strip_prefix(',') {
            Some(more) => rest = more,
            None => break,
        }
    }
    Param { name: name.trim().to_ascii_uppercase(), values: out, raw: raw.to_owned() }
}
