//! Values of other documents, laid out like the document they come into (merge.md 2.5): its indentation, its line ends,
//! its spaces. Only the white space between tokens changes. No recursion: depth costs no stack.

use super::Document;

/// A value that would get longer than this many times itself, and some more, stands in one line.
const MOST_SPACE: usize = 32;
const ROOM: usize = 4096;

/// A token, and what it is in its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'t> {
    /// An object or array begins.
    Open(Shape),
    Close,
    Comma,
    Colon,
    /// A string, number or word.
    Single(&'t str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Object,
    Array,
}

/// What is known of objects, and of arrays.
#[derive(Clone, Debug, Default)]
struct Each<T> {
    object: T,
    array: T,
}

impl<T> Each<T> {
    fn of(&self, shape: Shape) -> &T {
        match shape {
            Shape::Object => &self.object,
            Shape::Array => &self.array,
        }
    }

    fn of_mut(&mut self, shape: Shape) -> &mut T {
        match shape {
            Shape::Object => &mut self.object,
            Shape::Array => &mut self.array,
        }
    }
}

/// The tokens of a JSON text that is known to be one, each with the white space before it.
struct Tokens<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Tokens<'t> {
    fn of(text: &'t str) -> Tokens<'t> {
        Tokens { text, at: 0 }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_while(&mut self, skips: impl Fn(u8) -> bool) -> &'t str {
        let start = self.at;
        while self.byte().is_some_and(&skips) {
            self.at += 1;
        }
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn string(&mut self) -> &'t str {
        let start = self.at;
        self.at += 1;
        while let Some(byte) = self.byte().filter(|byte| *byte != b'"') {
            self.at += if byte == b'\\' { 2 } else { 1 };
        }
        self.at += 1;
        self.text.get(start..self.at).unwrap_or_default()
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

impl<'t> Iterator for Tokens<'t> {
    type Item = (&'t str, Token<'t>);

    fn next(&mut self) -> Option<Self::Item> {
        let space = self.skip_while(is_space);
        let sign = match self.byte()? {
            b'{' => Token::Open(Shape::Object),
            b'[' => Token::Open(Shape::Array),
            b'}' | b']' => Token::Close,
            b',' => Token::Comma,
            b':' => Token::Colon,
            b'"' => return Some((space, Token::Single(self.string()))),
            _ => {
                let word = self.skip_while(|byte| !is_space(byte) && !b",:{}[]\"".contains(&byte));
                return (!word.is_empty()).then_some((space, Token::Single(word)));
            }
        };
        self.at += 1;
        Some((space, sign))
    }
}

/// White space, and where in a value it stands.
enum Gap<'t> {
    /// Before the value.
    Outside,
    /// In an object or array without anything in it.
    Empty(Shape, &'t str),
    /// Behind an opening bracket.
    First(Shape, &'t str),
    /// Before and behind a comma.
    Comma(&'t str, &'t str),
    /// Before and behind a colon.
    Colon(&'t str, &'t str),
    /// Before a closing bracket.
    Last(&'t str),
}

/// Goes through a JSON text; `visit` gets each piece of white space with the token behind it. Commas and colons are with
/// the white space around them.
fn each<'t>(text: &'t str, mut visit: impl FnMut(Gap<'t>, Token<'t>)) {
    let mut before: Option<(Token<'t>, &'t str)> = None;
    for (space, token) in Tokens::of(text) {
        if !matches!(token, Token::Comma | Token::Colon) {
            let gap = match before {
                None => Gap::Outside,
                Some((Token::Open(shape), _)) if token == Token::Close => Gap::Empty(shape, space),
                Some((Token::Open(shape), _)) => Gap::First(shape, space),
                Some((Token::Comma, left)) => Gap::Comma(left, space),
                Some((Token::Colon, left)) => Gap::Colon(left, space),
                Some(_) => Gap::Last(space),
            };
            visit(gap, token);
        }
        before = Some((token, space));
    }
}

/// The habits of one document, as far as it shows them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layout {
    /// It has line breaks between its tokens.
    lines: bool,
    line_break: &'static str,
    /// One step of indentation.
    unit: String,
    /// White space around a colon and around a comma within a line.
    colon: Option<(String, String)>,
    comma: Option<(String, String)>,
    /// White space inside brackets within a line.
    pad: Each<Option<String>>,
    empty: Each<Option<String>>,
    /// Behind the last comma of a line.
    tail: String,
    comma_begins_line: bool,
    /// A closing bracket has a line of its own.
    closes_alone: Option<bool>,
    /// How many below the outermost are written in one line, and over several.
    spread: Each<(usize, usize)>,
    /// Where its lines begin.
    starts: Vec<usize>,
}

/// An object or array that is not closed yet, as it is read.
struct Reading<'t> {
    shape: Shape,
    spread: bool,
    filled: bool,
    /// The indentation of what is in it.
    indent: Option<&'t str>,
}

impl Layout {
    pub(crate) fn of(document: &Document) -> Layout {
        let text = document.text(document.root());
        let mut layout = Layout {
            lines: text.contains('\n'),
            line_break: if text.contains("\r\n") { "\r\n" } else { "\n" },
            ..Layout::default()
        };
        if layout.lines {
            let breaks = document.source().match_indices('\n').map(|(at, _)| at + 1);
            layout.starts = std::iter::once(0).chain(breaks).collect();
        }
        let mut open: Vec<Reading<'_>> = Vec::new();
        let (mut unit, mut outermost) = (None, None);
        each(text, |gap, token| {
            layout.learn(&gap, open.last_mut());
            if let (Gap::First(_, space), Some(own)) = (&gap, open.last_mut()) {
                own.indent = indent_in(space);
                outermost = outermost.or(own.indent);
            }
            match token {
                Token::Open(shape) => {
                    open.push(Reading { shape, spread: false, filled: false, indent: None });
                }
                Token::Close => {
                    let Some(own) = open.pop() else { return };
                    if let (Gap::Last(space), Some(inner), None) = (&gap, own.indent, &unit) {
                        let step = indent_in(space).and_then(|outer| inner.strip_prefix(outer));
                        unit = step.filter(|step| !step.is_empty());
                    }
                    if own.filled && !open.is_empty() {
                        let (inline, spread) = layout.spread.of_mut(own.shape);
                        *if own.spread { spread } else { inline } += 1;
                    }
                }
                _ => {}
            }
        });
        layout.unit = unit.or(outermost).unwrap_or("  ").to_owned();
        layout
    }

    fn learn(&mut self, gap: &Gap<'_>, around: Option<&mut Reading<'_>>) {
        let Some(around) = around else { return };
        let keep = |slot: &mut Option<String>, space: &str| {
            slot.get_or_insert_with(|| space.to_owned());
        };
        around.filled |= !matches!(gap, Gap::Empty(..));
        match *gap {
            Gap::Empty(shape, space) if !space.contains('\n') => keep(self.empty.of_mut(shape), space),
            Gap::First(_, space) if space.contains('\n') => around.spread = true,
            Gap::First(shape, space) => keep(self.pad.of_mut(shape), space),
            Gap::Comma(left, right) if left.contains('\n') || right.contains('\n') => {
                around.spread = true;
                self.comma_begins_line |= left.contains('\n');
                if self.tail.is_empty() && right.contains('\n') {
                    self.tail = right.split(['\r', '\n']).next().unwrap_or_default().to_owned();
                }
            }
            Gap::Comma(left, right) => {
                self.comma.get_or_insert_with(|| (left.to_owned(), right.to_owned()));
            }
            Gap::Colon(left, right) if !left.contains('\n') && !right.contains('\n') => {
                self.colon.get_or_insert_with(|| (left.to_owned(), right.to_owned()));
            }
            Gap::Last(space) if around.spread => {
                self.closes_alone.get_or_insert(space.contains('\n'));
            }
            _ => {}
        }
    }

    /// The indentation of the line with this offset, and whether nothing else stands before it there.
    pub(crate) fn indent<'d>(&self, document: &'d Document, offset: u32) -> (&'d str, bool) {
        let offset = offset as usize;
        let number = self.starts.partition_point(|start| *start <= offset);
        let start = number.checked_sub(1).and_then(|number| self.starts.get(number)).copied().unwrap_or(0);
        let line = document.source().get(start..offset).unwrap_or_default();
        let line = line.trim_start_matches('\u{feff}');
        let indent = line.trim_start_matches([' ', '\t']);
        (line.get(..line.len() - indent.len()).unwrap_or_default(), indent.is_empty())
    }

    /// A span of the document goes over several lines. Asked for each item of a list: the list must not be read each time.
    pub(crate) fn has_lines(&self, (start, end): (u32, u32)) -> bool {
        let before = |offset: u32| self.starts.partition_point(|line| *line <= offset as usize);
        before(start) < before(end)
    }

    /// The value as this document would have it. `indent`: of the line in which it begins. `lines`: it may take more than
    /// that one. `meant`: it comes from a document that is written over several lines, so that its own breaks say
    /// something. What is in one line and comes into a line keeps its bytes.
    pub(crate) fn lay(&self, value: &str, indent: &str, lines: bool, meant: bool) -> String {
        let has_lines = value.contains('\n') || (lines && self.lines);
        if !has_lines || !value.starts_with(['{', '[']) {
            return value.to_owned();
        }
        // What is nested so deep that it would be nothing but indentation stands in one line.
        let most = value.len().saturating_mul(MOST_SPACE).saturating_add(ROOM);
        let over_lines = self.laid(value, indent, lines, meant, most);
        let in_one = || self.laid(value, "", false, meant, usize::MAX).filter(|_| value.contains('\n'));
        over_lines.or_else(in_one).unwrap_or_else(|| value.to_owned())
    }

    /// `None` if it takes more room than that.
    fn laid(&self, value: &str, indent: &str, lines: bool, meant: bool, most: usize) -> Option<String> {
        let spread = match (lines && self.lines, meant) {
            (false, _) => Vec::new(),
            (true, true) => as_meant(value),
            (true, false) => self.as_here(value),
        };
        let mut laying = Laying { layout: self, indent, meant, depth: 0, open: Vec::new() };
        let mut spread = spread.into_iter();
        let mut out = String::with_capacity(value.len() + value.len() / 4);
        each(value, |gap, token| {
            if out.len() > most {
                return;
            }
            let leaves = token == Token::Close;
            laying.gap(&gap, leaves, &mut out);
            match token {
                Token::Open(shape) => {
                    out.push(if shape == Shape::Object { '{' } else { '[' });
                    let spread = spread.next().unwrap_or(false);
                    laying.depth += usize::from(spread);
                    laying.open.push((shape, spread));
                }
                Token::Close => {
                    let closed = laying.open.pop().map(|(shape, _)| shape);
                    out.push(if closed == Some(Shape::Object) { '}' } else { ']' });
                }
                Token::Single(text) => out.push_str(text),
                Token::Comma | Token::Colon => {}
            }
        });
        (out.len() <= most).then_some(out)
    }

    /// For each object and array of a value that comes from one line, in order: it is written over several.
    fn as_here(&self, value: &str) -> Vec<bool> {
        let over_lines = |shape| {
            let (inline, spread) = *self.spread.of(shape);
            spread >= inline
        };
        let mut all = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        each(value, |gap, token| match token {
            Token::Open(shape) => {
                open.push(all.len());
                all.push(over_lines(shape));
            }
            Token::Close => {
                let own = open.pop().and_then(|own| all.get_mut(own));
                let spread = own.is_some_and(|own| {
                    *own &= !matches!(gap, Gap::Empty(..));
                    *own
                });
                if let Some(around) = open.last().and_then(|around| all.get_mut(*around)) {
                    *around |= spread;
                }
            }
            _ => {}
        });
        all
    }

    fn colon<'s>(&'s self, own: (&'s str, &'s str)) -> (&'s str, &'s str) {
        match (&self.colon, &self.comma) {
            (Some((left, right)), _) => (left, right),
            (None, Some((_, right))) => ("", right),
            (None, None) => (in_line(own.0), in_line(own.1)),
        }
    }

    fn comma<'s>(&'s self, own: (&'s str, &'s str)) -> (&'s str, &'s str) {
        match (&self.comma, &self.colon) {
            (Some((left, right)), _) => (left, right),
            (None, Some((_, right))) => ("", right),
            (None, None) => (in_line(own.0), in_line(own.1)),
        }
    }

    fn pad<'s>(&'s self, shape: Shape, own: &'s str) -> &'s str {
        let other = if shape == Shape::Object { Shape::Array } else { Shape::Object };
        match (self.pad.of(shape), self.pad.of(other)) {
            (Some(pad), _) => pad,
            (None, Some(other)) if other.is_empty() => other,
            _ => in_line(own),
        }
    }
}

/// White space that does not end the line.
fn in_line(space: &str) -> &str {
    if space.contains('\n') { "" } else { space }
}

fn indent_in(space: &str) -> Option<&str> {
    space.rsplit_once('\n').map(|(_, indent)| indent)
}

fn breaks(space: &str) -> usize {
    space.bytes().filter(|byte| *byte == b'\n').count()
}

/// For each object and array of a value, in order: it has line breaks between what is in it.
fn as_meant(value: &str) -> Vec<bool> {
    let mut all = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    each(value, |gap, token| {
        let breaks = match gap {
            Gap::First(_, space) => space.contains('\n'),
            Gap::Comma(left, right) => left.contains('\n') || right.contains('\n'),
            _ => false,
        };
        if let Some(own) = open.last().and_then(|own| all.get_mut(*own)) {
            *own |= breaks;
        }
        match token {
            Token::Open(_) => {
                open.push(all.len());
                all.push(false);
            }
            Token::Close => drop(open.pop()),
            _ => {}
        }
    });
    all
}

/// A value while it is written.
struct Laying<'l> {
    layout: &'l Layout,
    indent: &'l str,
    meant: bool,
    /// How many of the open ones are written over several lines.
    depth: usize,
    open: Vec<(Shape, bool)>,
}

impl Laying<'_> {
    fn gap(&mut self, gap: &Gap<'_>, leaves: bool, out: &mut String) {
        let (shape, spread) = self.open.last().copied().unwrap_or((Shape::Array, false));
        if leaves {
            self.depth -= usize::from(spread).min(self.depth);
        }
        // How many line breaks the value has here; one where they say nothing.
        let own = |space: &str| if self.meant { breaks(space) } else { 1 };
        match *gap {
            Gap::Outside => {}
            Gap::Empty(shape, space) => {
                let empty = self.layout.empty.of(shape).as_deref();
                out.push_str(empty.unwrap_or(in_line(space)));
            }
            Gap::First(_, space) if spread && own(space) > 0 => self.new_line(own(space), out),
            Gap::First(shape, space) => out.push_str(self.layout.pad(shape, space)),
            Gap::Comma(left, right) if spread && own(left) + own(right) > 0 => {
                let times = if self.meant { own(left) + own(right) } else { 1 };
                if self.layout.comma_begins_line {
                    self.new_line(times, out);
                    out.push(',');
                    out.push_str(self.layout.comma((left, right)).1);
                } else {
                    out.push(',');
                    out.push_str(&self.layout.tail);
                    self.new_line(times, out);
                }
            }
            Gap::Comma(left, right) => {
                let (left, right) = self.layout.comma((left, right));
                out.extend([left, ",", right]);
            }
            Gap::Colon(left, right) => {
                let (left, right) = self.layout.colon((left, right));
                out.extend([left, ":", right]);
            }
            Gap::Last(space) if spread => {
                let alone = self.layout.closes_alone.unwrap_or(true);
                let times = if self.meant { breaks(space) } else { usize::from(alone) };
                if times > 0 {
                    self.new_line(times, out);
                }
            }
            Gap::Last(space) => out.push_str(self.layout.pad(shape, space)),
        }
    }

    fn new_line(&self, times: usize, out: &mut String) {
        for _ in 0..times {
            out.push_str(self.layout.line_break);
        }
        out.push_str(self.indent);
        for _ in 0..self.depth {
            out.push_str(&self.layout.unit);
        }
    }
}
