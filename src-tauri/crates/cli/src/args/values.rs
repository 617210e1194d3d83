//! Values of arguments: what they may be, and how they are read.

use clap::ValueEnum;

/// What happens to changes that do not clash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Policy {
    /// Shown first
    Review,
    /// Sent by themselves
    Auto,
}

/// Yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Answer {
    /// Yes
    Yes,
    /// No
    No,
}

/// States of a record, as programs name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum State {
    /// Same as the server
    Synced,
    /// Saved here, waiting
    Edited,
    /// On the way
    Sending,
    /// The answer was lost
    Uncertain,
    /// Refused, the server's version is being read
    Contested,
    /// Changed in two places
    NeedsYou,
    /// Refused by the server
    Rejected,
}

/// Which version of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// What you see.
    Current,
    /// The last synced one.
    Base,
    /// Yours.
    Mine,
    /// The server's.
    Theirs,
    /// One of the history.
    Number(u32),
}

pub(super) fn version(text: &str) -> Result<Version, String> {
    match text {
        "current" => Ok(Version::Current),
        "base" => Ok(Version::Base),
        "mine" => Ok(Version::Mine),
        "theirs" => Ok(Version::Theirs),
        number => number
            .parse()
            .map(Version::Number)
            .map_err(|_| "write current, base, mine, theirs, or a number of the history".to_owned()),
    }
}

/// Splits at the first `=`.
pub(super) fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
    Ok((key.to_owned(), value.to_owned()))
}

/// `--set`: a JSON pointer and JSON text.
pub(super) fn assignment(text: &str) -> Result<(String, String), String> {
    let (at, value) = text.split_once('=').ok_or("write POINTER=JSON, as in /name=\"Anna\"")?;
    Ok((pointer(at)?, json(value)?))
}

pub(super) fn pointer(text: &str) -> Result<String, String> {
    record_merge::Path::from_pointer(text).map_err(|e| e.to_string())?;
    Ok(text.to_owned())
}

pub(super) fn json(text: &str) -> Result<String, String> {
    record_merge::json::Document::parse(text.as_bytes())
        .map_err(|e| format!("this is not JSON: {e}. A text stands in double quotes"))?;
    Ok(text.to_owned())
}

/// A collection of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Source name.
    pub source: String,
    /// Collection, as the source names it.
    pub collection: String,
}

pub(super) fn place(text: &str) -> Result<Place, String> {
    let (source, collection) = text.split_once('/').ok_or("write SOURCE/COLLECTION")?;
    if collection.contains('/') {
        return Err("write SOURCE/COLLECTION, with %2F for a / inside a name".to_owned());
    }
    let decode = |part: &str| {
        let decoded = percent_encoding::percent_decode_str(part).decode_utf8();
        decoded.map(|text| text.into_owned()).map_err(|_| format!("{part:?} is not UTF-8"))
    };
    Ok(Place { source: decode(source)?, collection: decode(collection)? })
}

/// A row of a conflict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// By its number.
    Number(u32),
    /// By its place.
    Pointer(String),
}

pub(super) fn row(text: &str) -> Result<Row, String> {
    match text.parse() {
        Ok(number) => Ok(Row::Number(number)),
        Err(_) => pointer(text).map(Row::Pointer).map_err(|_| {
            "write the number that `conflict` shows, or a JSON pointer such as /phone".to_owned()
        }),
    }
}

/// What to do with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Choice {
    /// The server's
    Theirs,
    /// Yours
    Mine,
    /// Both
    Both,
    /// Your own value: --value
    Edit,
    /// Open again
    Later,
}

/// One of the two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Side {
    /// The server's
    Theirs,
    /// Yours
    Mine,
}
