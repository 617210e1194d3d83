//! A text as lines: how its document spells them, and as people read them.

use crate::json::string;
use crate::marks::Invisible;
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

/// How a line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum End {
    /// It does not: the last line of a text without a final line break.
    None,
    Unix,
    Windows,
    Mac,
}

impl End {
    /// As a document spells it that says nothing else.
    pub(super) fn spelled(self, json: bool) -> &'static str {
        match (self, json) {
            (End::Windows, false) => "\r\n",
            (End::Windows, true) => "\\r\\n",
            (End::Mac, false) => "\r",
            (End::Mac, true) => "\\r",
            (_, false) => "\n",
            (_, true) => "\\n",
        }
    }
}

/// One line: from where to where in the source, and where its end begins.
#[derive(Clone, Copy, Debug)]
struct Line {
    start: usize,
    content: usize,
    next: usize,
    end: End,
}

/// The lines of one version.
pub(super) struct Text<'a> {
    source: &'a str,
    json: bool,
    lines: Vec<Line>,
}

impl<'a> Text<'a> {
    /// A text as it stands in a file, or between the quotes of a JSON string.
    pub(super) fn of(source: &'a str, json: bool) -> Text<'a> {
        if json { Text::json(source) } else { Text::plain(source) }
    }

    fn plain(source: &'a str) -> Text<'a> {
        let mut text = Text { source, json: false, lines: Vec::new() };
        let bytes = source.as_bytes();
        let mut start = 0;
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            let (end, length) = match byte {
                b'\n' => (End::Unix, 1),
                b'\r' if bytes.get(at + 1) == Some(&b'\n') => (End::Windows, 2),
                b'\r' => (End::Mac, 1),
                _ => (End::None, 1),
            };
            if end != End::None {
                text.lines.push(Line { start, content: at, next: at + length, end });
                start = at + length;
            }
            at += length;
        }
        text.last(start);
        text
    }

    /// Cut after the escapes that break lines.
    fn json(source: &'a str) -> Text<'a> {
        let mut text = Text { source, json: true, lines: Vec::new() };
        let code = |at: usize| {
            let rest = source.get(at..).filter(|rest| rest.starts_with('\\'))?;
            let (code, length) = string::escape(rest);
            Some((char::from_u32(code).unwrap_or('?'), at + length))
        };
        let mut start = 0;
        let mut at = 0;
        while let Some(found) = source.get(at..).and_then(|rest| rest.find('\\')) {
            let content = at + found;
            let Some((first, after)) = code(content) else { break };
            let (end, next) = match (first, code(after)) {
                ('\r', Some(('\n', next))) => (End::Windows, next),
                ('\r', _) => (End::Mac, after),
                ('\n', _) => (End::Unix, after),
                _ => (End::None, after),
            };
            if end != End::None {
                text.lines.push(Line { start, content, next, end });
                start = next;
            }
            at = next;
        }
        text.last(start);
        text
    }

    fn last(&mut self, start: usize) {
        let length = self.source.len();
        if start < length {
            self.lines.push(Line { start, content: length, next: length, end: End::None });
        }
    }

    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// The line without its end, as the document spells it.
    pub(super) fn content(&self, at: usize) -> &'a str {
        self.lines.get(at).and_then(|line| self.source.get(line.start..line.content)).unwrap_or_default()
    }

    /// The lines as they are, with their ends.
    pub(super) fn source(&self, range: &Range<usize>) -> &'a str {
        let start = self.lines.get(range.start).map(|line| line.start);
        let end = range.end.checked_sub(1).and_then(|last| self.lines.get(last)).map(|line| line.next);
        start.zip(end).and_then(|(start, end)| self.source.get(start..end)).unwrap_or_default()
    }

    /// Its end, and how the document spells it.
    pub(super) fn end(&self, at: usize) -> (End, &'a str) {
        let Some(line) = self.lines.get(at) else { return (End::None, "") };
        (line.end, self.source.get(line.content..line.next).unwrap_or_default())
    }

    /// How these lines end.
    pub(super) fn ends_in(&self, range: &Range<usize>) -> impl Iterator<Item = End> {
        self.lines.get(range.clone()).into_iter().flatten().map(|line| line.end)
    }

    /// The line without its end, as people read it.
    pub(super) fn read(&self, at: usize) -> Cow<'a, str> {
        let content = self.content(at);
        if self.json && content.contains('\\') {
            string::unescape_lossy(content)
        } else {
            Cow::Borrowed(content)
        }
    }

    /// The same lines, each with this end if it has one.
    pub(super) fn ended(&self, end: &str) -> String {
        let end_of = |at: usize| if self.end(at).0 == End::None { "" } else { end };
        (0..self.len()).flat_map(|at| [self.content(at), end_of(at)]).collect()
    }

    /// The kinds of line ends it has.
    pub(super) fn ends(&self) -> Ends {
        let mut ends = Ends { one: None, mixed: false };
        for end in self.lines.iter().map(|line| line.end).filter(|end| *end != End::None) {
            ends.mixed |= ends.one.is_some_and(|one| one != end);
            ends.one = ends.one.or(Some(end));
        }
        ends
    }

    /// The text ends with a line break; `None` for an empty one.
    pub(super) fn final_break(&self) -> Option<bool> {
        self.lines.last().map(|line| line.end != End::None)
    }
}

/// The kinds of line ends of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ends {
    /// The first.
    pub(super) one: Option<End>,
    /// There are others.
    pub(super) mixed: bool,
}

/// Numbers for lines: the same number for lines that look the same (trailing space, Unicode form and the kind of a
/// space do not count).
#[derive(Default)]
pub(super) struct Numbers<'a> {
    // Only asked, never gone through: its order is nobody's.
    known: HashMap<Cow<'a, str>, u32>,
    last: Option<(&'a str, u32)>,
}

impl<'a> Numbers<'a> {
    pub(super) fn of(&mut self, text: &Text<'a>) -> Vec<u32> {
        (0..text.len()).map(|at| self.line(text, at)).collect()
    }

    fn line(&mut self, text: &Text<'a>, at: usize) -> u32 {
        let content = text.content(at);
        if let Some((last, number)) = self.last
            && last == content
        {
            return number;
        }
        let number = self.number(Invisible::seen(text.read(at)));
        self.last = Some((content, number));
        number
    }

    pub(super) fn number(&mut self, text: Cow<'a, str>) -> u32 {
        let next = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
        *self.known.entry(text).or_insert(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(text: &Text<'_>) -> Vec<String> {
        (0..text.len()).map(|at| format!("{}|{:?}", text.read(at), text.end(at).0)).collect()
    }

    #[test]
    fn lines_are_cut_at_every_kind_of_end() {
        let cases: [(&str, &[&str]); 7] = [
            ("", &[]),
            ("a", &["a|None"]),
            ("a\n", &["a|Unix"]),
            ("a\r\nb\rc\n\n", &["a|Windows", "b|Mac", "c|Unix", "|Unix"]),
            ("\r\r\n\n", &["|Mac", "|Windows", "|Unix"]),
            ("é\u{2028}x\ny", &["é\u{2028}x|Unix", "y|None"]),
            ("a\\nb\n", &["a\\nb|Unix"]),
        ];
        for (source, expected) in cases {
            assert_eq!(drawn(&Text::plain(source)), expected, "{source:?}");
            let quoted = crate::json::quote(source);
            assert_eq!(drawn(&Text::json(string::inner(&quoted))), expected, "{quoted}");
        }
        assert_eq!(drawn(&Text::json(r"a\u000d\u000ab\\nc\u000A")), ["a|Windows", "b\\nc|Unix"]);
    }
}
