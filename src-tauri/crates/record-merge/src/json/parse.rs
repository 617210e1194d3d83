//! The tokenizer: strict RFC 8259, no recursion, spans instead of values.

use super::{Document, Kind, MAX_BYTES, MAX_DEPTH, Node, string};
use crate::lookup::Known;
use std::borrow::Cow;

/// Why a text is not JSON, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {words}")]
pub struct ParseError {
    /// Byte offset from the start.
    pub offset: usize,
    /// Line, from 1.
    pub line: usize,
    /// Character in the line, from 1.
    pub column: usize,
    /// What is wrong, in plain words.
    pub words: String,
}

impl ParseError {
    /// Something wrong in a record of another format.
    pub(crate) fn words_at(bytes: &[u8], offset: usize, words: impl Into<String>) -> ParseError {
        ParseError::new(bytes, offset, words)
    }

    fn new(bytes: &[u8], offset: usize, words: impl Into<String>) -> ParseError {
        let before = bytes.get(..offset.min(bytes.len())).unwrap_or_default();
        let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let column =
            String::from_utf8_lossy(before.get(line_start..).unwrap_or_default()).chars().count() + 1;
        ParseError { offset, line, column, words: words.into() }
    }
}

const BOM: &str = "\u{feff}";

pub(super) fn parse(bytes: &[u8]) -> Result<Document, ParseError> {
    if bytes.len() > MAX_BYTES {
        return Err(ParseError::new(
            &[],
            0,
            "this is larger than 16 MiB, too large to be merged field by field",
        ));
    }
    let source = std::str::from_utf8(bytes)
        .map_err(|error| ParseError::new(bytes, error.valid_up_to(), "this is not UTF-8 text"))?;
    let start = if source.starts_with(BOM) { BOM.len() } else { 0 };
    let mut parser = Parser {
        bytes,
        source,
        pos: start,
        nodes: Vec::new(),
        open: Vec::new(),
        name: (0, 0),
        expects_value: true,
    };
    parser.document()?;
    Ok(Document { source: source.to_owned(), nodes: parser.nodes })
}

struct Parser<'a> {
    bytes: &'a [u8],
    source: &'a str,
    pos: usize,
    nodes: Vec<Node>,
    /// Numbers of the containers that are not closed yet, outermost first.
    open: Vec<u32>,
    /// Span of the name that belongs to the next value.
    name: (u32, u32),
    /// A value comes next; else a comma or the end of the innermost open container.
    expects_value: bool,
}

impl Parser<'_> {
    fn error<T>(&self, words: &str) -> Result<T, ParseError> {
        Err(ParseError::new(self.bytes, self.pos, words))
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.pos).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.pos += 1;
        }
    }

    fn document(&mut self) -> Result<(), ParseError> {
        // A loop and a stack of open containers: deep nesting must not use up the thread's stack.
        while self.expects_value || !self.open.is_empty() {
            match self.open.last().copied() {
                Some(id) if !self.expects_value => self.next_item(id)?,
                _ => self.value()?,
            }
        }
        self.skip_space();
        if self.pos < self.bytes.len() {
            self.error("there is more after the end of the value")
        } else {
            Ok(())
        }
    }

    /// After a value inside container `id`: a comma and the next value, or the end of the container.
    fn next_item(&mut self, id: u32) -> Result<(), ParseError> {
        self.skip_space();
        let object = self.nodes.get(id as usize).is_some_and(|node| node.kind == Kind::Object);
        match (self.peek(), object) {
            (Some(b','), _) => {
                self.pos += 1;
                self.item(object)
            }
            (Some(b'}'), true) | (Some(b']'), false) => {
                self.pos += 1;
                self.close(id);
                Ok(())
            }
            (_, true) => self.error("a comma or } is missing here"),
            (_, false) => self.error("a comma or ] is missing here"),
        }
    }

    /// Before a value inside a container: its name, if the container is an object.
    fn item(&mut self, object: bool) -> Result<(), ParseError> {
        self.expects_value = true;
        if object {
            self.skip_space();
            if self.peek() != Some(b'"') {
                return self.error("a name in double quotes is missing here");
            }
            let start = self.pos;
            self.string()?;
            self.name = (offset(start), offset(self.pos));
            self.skip_space();
            if self.peek() != Some(b':') {
                return self.error("a colon is missing after the name");
            }
            self.pos += 1;
        }
        Ok(())
    }

    fn value(&mut self) -> Result<(), ParseError> {
        self.skip_space();
        self.expects_value = false;
        let start = self.pos;
        match self.peek() {
            Some(b'{') => return self.container(Kind::Object, b'}'),
            Some(b'[') => return self.container(Kind::Array, b']'),
            Some(b'"') => {
                self.string()?;
                self.push(Kind::String, start);
            }
            Some(b'-' | b'0'..=b'9') => {
                self.number()?;
                self.push(Kind::Number, start);
            }
            Some(b't') => self.word("true", Kind::Boolean)?,
            Some(b'f') => self.word("false", Kind::Boolean)?,
            Some(b'n') => self.word("null", Kind::Null)?,
            None => return self.error("the text ends where a value is expected"),
            Some(_) => return self.error("this is not a JSON value"),
        }
        Ok(())
    }

    fn word(&mut self, word: &str, kind: Kind) -> Result<(), ParseError> {
        let start = self.pos;
        if !self.source.get(start..).is_some_and(|rest| rest.starts_with(word)) {
            return self.error("this is not a JSON value");
        }
        self.pos += word.len();
        self.push(kind, start);
        Ok(())
    }

    fn push(&mut self, kind: Kind, start: usize) {
        let name = std::mem::take(&mut self.name);
        let past = offset(self.nodes.len() + 1);
        self.nodes.push(Node {
            kind,
            atomic: false,
            start: offset(start),
            end: offset(self.pos),
            name,
            past,
        });
    }

    fn container(&mut self, kind: Kind, end: u8) -> Result<(), ParseError> {
        if self.open.len() >= MAX_DEPTH {
            return self
                .error("this is nested more than 10,000 levels deep, too deep to be merged field by field");
        }
        let start = self.pos;
        self.pos += 1;
        let id = offset(self.nodes.len());
        self.push(kind, start);
        self.open.push(id);
        self.skip_space();
        if self.peek() == Some(end) {
            self.pos += 1;
            self.close(id);
            return Ok(());
        }
        self.item(kind == Kind::Object)
    }

    fn close(&mut self, id: u32) {
        self.open.pop();
        let past = offset(self.nodes.len());
        let atomic = self.names_repeat(id, past);
        if let Some(node) = self.nodes.get_mut(id as usize) {
            node.end = offset(self.pos);
            node.past = past;
            node.atomic = atomic;
        }
    }

    /// True if two names of the object are the same, or one is not text (a lone surrogate).
    fn names_repeat(&self, id: u32, past: u32) -> bool {
        let mut seen: Known<Cow<'_, str>> = Known::default();
        let mut next = id + 1;
        while next < past {
            let Some(node) = self.nodes.get(next as usize) else { return false };
            if node.name.1 == 0 {
                return false;
            }
            let text = self.source.get(node.name.0 as usize..node.name.1 as usize).unwrap_or_default();
            match string::unescape(text) {
                Some(name) => {
                    if !seen.insert(name) {
                        return true;
                    }
                }
                None => return true,
            }
            next = node.past;
        }
        false
    }

    fn string(&mut self) -> Result<(), ParseError> {
        self.pos += 1;
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.pos += 1;
                    return Ok(());
                }
                Some(b'\\') => self.escape()?,
                Some(0..=0x1f) => {
                    return self.error("a line break, tab or control character must be escaped here");
                }
                Some(_) => self.pos += 1,
                None => return self.error("the closing double quote is missing"),
            }
        }
    }

    fn escape(&mut self) -> Result<(), ParseError> {
        self.pos += 1;
        match self.peek() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.pos += 1;
                Ok(())
            }
            Some(b'u') => {
                self.pos += 1;
                for _ in 0..4 {
                    if !self.peek().is_some_and(|byte| byte.is_ascii_hexdigit()) {
                        return self.error("four hexadecimal digits must follow \\u");
                    }
                    self.pos += 1;
                }
                Ok(())
            }
            _ => self.error("this is not a JSON escape"),
        }
    }

    fn digits(&mut self) -> Result<(), ParseError> {
        if !self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            return self.error("a digit is missing here");
        }
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.pos += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<(), ParseError> {
        if self.peek() == Some(b'-') {
            self.pos += 1;
        }
        if self.peek() == Some(b'0') {
            self.pos += 1;
            if self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                return self.error("a number must not start with 0");
            }
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.pos += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.pos += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.pos += 1;
            }
            self.digits()?;
        }
        Ok(())
    }
}

/// Offsets fit: a document has at most [`MAX_BYTES`].
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
