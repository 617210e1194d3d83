//! Content lines: `[group.]NAME;PARAM=value:value`, folded, between `BEGIN` and `END` (RFC 6350 3.2, RFC 5545 3.1).
//!
//! Each line remembers its bytes, so that what nobody touches is written as it was read: folding, letter case,
//! quoting and the order of parameters are somebody's choice and not ours.

mod read;
pub(crate) mod text;
pub(crate) mod write;

pub(crate) use read::read;

use std::collections::BTreeMap;
use std::ops::Range;

/// Deepest nesting of components that is read. Calendars need three levels.
pub(crate) const MAX_DEPTH: usize = 16;

/// One parameter of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Param {
    /// In capitals. A value without a name, as old cards have it (`TEL;HOME:`), is a `TYPE`.
    pub(crate) name: String,
    /// Without quotes, RFC 6868 escapes read.
    pub(crate) values: Vec<String>,
    /// As it stands in the line, without the `;` before it.
    pub(crate) raw: String,
}

/// One unfolded line.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// Bytes of the file, with folds, the line end, and blank lines after it.
    pub(crate) span: Range<usize>,
    /// `item1` of `item1.TEL`, in small letters.
    pub(crate) group: Option<String>,
    /// In capitals.
    pub(crate) name: String,
    /// As it stands in the line.
    pub(crate) spelled: String,
    /// In order.
    pub(crate) params: Vec<Param>,
    /// After the colon, unfolded, escapes as they stand.
    pub(crate) value: String,
}

impl Line {
    /// The first value of a parameter.
    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        let param = self.params.iter().find(|param| param.name == name)?;
        param.values.first().map(String::as_str)
    }

    /// All values of a parameter, however often it stands there.
    pub(crate) fn param_values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.params.iter().filter(move |p| p.name == name).flat_map(|p| &p.values).map(String::as_str)
    }
}

/// What stands between `BEGIN` and `END`, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    /// By position in [`Component::lines`].
    Line(usize),
    /// By position in [`Component::components`].
    Component(usize),
}

/// A card, a calendar, an event, an alarm.
#[derive(Clone, Debug)]
pub(crate) struct Component {
    /// In capitals.
    pub(crate) name: String,
    /// The `BEGIN` line.
    pub(crate) begin: Range<usize>,
    /// The `END` line.
    pub(crate) end: Range<usize>,
    pub(crate) lines: Vec<Line>,
    pub(crate) components: Vec<Component>,
    pub(crate) items: Vec<Item>,
}

impl Component {
    /// All its bytes, from `BEGIN` to `END`.
    pub(crate) fn span(&self) -> Range<usize> {
        self.begin.start..self.end.end
    }

    /// Lines of that name.
    pub(crate) fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Line> {
        self.lines.iter().filter(move |line| line.name == name)
    }

    /// The first line of each name.
    pub(crate) fn first_of_each(&self) -> BTreeMap<&str, &Line> {
        self.lines.iter().rev().map(|line| (line.name.as_str(), line)).collect()
    }

    /// The value of the first line of that name.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.lines.iter().find(|line| line.name == name).map(|line| line.value.as_str())
    }
}

/// A whole file.
#[derive(Clone, Debug)]
pub(crate) struct File {
    bytes: Vec<u8>,
    /// Cards or calendars, in order.
    pub(crate) components: Vec<Component>,
    /// How most of its lines end.
    pub(crate) line_end: &'static str,
}

impl File {
    /// All bytes, as read.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Some of the bytes.
    pub(crate) fn slice(&self, span: &Range<usize>) -> &[u8] {
        self.bytes.get(span.clone()).unwrap_or_default()
    }

    /// Bytes before the first component: a byte-order mark, blank lines.
    pub(crate) fn lead(&self) -> &[u8] {
        let end = self.components.first().map_or(self.bytes.len(), |first| first.begin.start);
        self.slice(&(0..end))
    }
}
