//! Single edits to a record, spliced: what `--set`, `--unset` and the form's fields do.

use crate::json::splice::{NewItem, Splice, Text};
use crate::json::{Document, Kind, NodeId, ParseError, quote};
use crate::model::{Lexeme, Path, Token};
use serde::{Deserialize, Serialize};

/// One edit to a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Operation {
    /// Puts a value at a path. A member is made if its object is there; an element at the end of its array.
    Set {
        /// Where.
        path: Path,
        /// The JSON text of the value.
        value: Lexeme,
    },
    /// Takes a member or an element away.
    Unset {
        /// Where.
        path: Path,
    },
}

/// Why an edit could not be made. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError {
    /// The record cannot be edited by fields.
    #[error("the record is not JSON that can be edited by fields: {0}")]
    Record(ParseError),
    /// The value is not JSON.
    #[error("the value for {path} is not JSON: {error}. Text must stand in double quotes.")]
    Value {
        /// Where it should have gone, as a JSON pointer.
        path: String,
        /// What is wrong with it.
        error: ParseError,
    },
    /// What the path leads through is not there.
    #[error("{missing} is not there, so {path} cannot be set. Set {missing} first.")]
    NoParent {
        /// The path asked for.
        path: String,
        /// The first part of it that is not there.
        missing: String,
    },
    /// What the path leads through is not an object or array.
    #[error("{parent} has no fields, so there is no {path}.")]
    NotContainer {
        /// The path asked for.
        path: String,
        /// The part of it that is a plain value.
        parent: String,
    },
    /// An object has a name twice.
    #[error(
        "{parent} has a name more than once, so its fields cannot be edited one by one. Edit its source."
    )]
    RepeatedNames {
        /// The object.
        parent: String,
    },
    /// A position that is not in the array.
    #[error("the list {parent} has {length} entries, so there is no {path}.")]
    NoElement {
        /// The path asked for.
        path: String,
        /// The array.
        parent: String,
        /// How many elements it has.
        length: usize,
    },
    /// Nothing to take away.
    #[error("{path} is not there, so it cannot be removed.")]
    NothingThere {
        /// The path asked for.
        path: String,
    },
    /// The whole record cannot be unset.
    #[error("the whole record cannot be removed by a field edit. Delete the record instead.")]
    WholeRecord,
}

/// Makes the edits one after the other, each on the outcome of those before.
///
/// # Errors
/// The first edit that cannot be made; then none is.
pub fn apply(body: &[u8], operations: &[Operation]) -> Result<Vec<u8>, ApplyError> {
    let mut bytes = body.to_vec();
    for operation in operations {
        bytes = apply_one(&bytes, operation)?;
    }
    Ok(bytes)
}

fn apply_one(body: &[u8], operation: &Operation) -> Result<Vec<u8>, ApplyError> {
    let document = Document::parse(body).map_err(ApplyError::Record)?;
    let mut splice = Splice::new(&document);
    match operation {
        Operation::Set { path, value } => {
            let pointer = path.to_pointer();
            Document::parse(value.as_bytes()).map_err(|error| ApplyError::Value { path: pointer, error })?;
            set(&document, &mut splice, path, value)?;
        }
        Operation::Unset { path } => unset(&document, &mut splice, path)?,
    }
    Ok(splice.finish())
}

/// The container a path ends in, its path, and the last step.
fn container<'p>(
    document: &Document,
    path: &'p Path,
) -> Result<Option<(NodeId, Path, &'p Token)>, ApplyError> {
    let Some((last, parents)) = path.0.split_last() else { return Ok(None) };
    let mut id = document.root();
    for (depth, token) in parents.iter().enumerate() {
        let so_far = || Path(parents.iter().take(depth + 1).cloned().collect()).to_pointer();
        id = match document.step(id, token) {
            Some(next) => next,
            None if document.kind(id).is_container() => {
                return Err(ApplyError::NoParent { path: path.to_pointer(), missing: so_far() });
            }
            None => return Err(not_container(path, parents, depth)),
        };
    }
    if !document.kind(id).is_container() {
        return Err(not_container(path, parents, parents.len()));
    }
    let place = Path(parents.to_vec());
    if document.is_atomic(id) {
        return Err(ApplyError::RepeatedNames { parent: words_for(&place) });
    }
    Ok(Some((id, place, last)))
}

fn not_container(path: &Path, parents: &[Token], depth: usize) -> ApplyError {
    let parent = Path(parents.iter().take(depth).cloned().collect());
    ApplyError::NotContainer { path: path.to_pointer(), parent: words_for(&parent) }
}

fn words_for(path: &Path) -> String {
    if path.is_root() { "the record".to_owned() } else { path.to_pointer() }
}

fn set(document: &Document, splice: &mut Splice<'_>, path: &Path, value: &str) -> Result<(), ApplyError> {
    let Some((parent, place, last)) = container(document, path)? else {
        splice.replace(document.root(), Text::alone(value));
        return Ok(());
    };
    if let Some(existing) = document.step(parent, last) {
        splice.replace(existing, Text::alone(value));
        return Ok(());
    }
    let value = Text::alone(value);
    match (document.kind(parent), last) {
        (Kind::Object, Token::Member(name)) => {
            splice.append(parent, NewItem { name: Some(quote(name)), value })
        }
        (Kind::Array, token) => {
            let length = document.children(parent).count();
            let position = match token {
                Token::Index(position) => Some(*position),
                Token::Member(name) => crate::path::index(name),
                Token::Identity(_) => None,
            };
            if position != Some(length) {
                return Err(ApplyError::NoElement {
                    path: path.to_pointer(),
                    parent: words_for(&place),
                    length,
                });
            }
            splice.append(parent, NewItem { name: None, value });
        }
        _ => return Err(ApplyError::NotContainer { path: path.to_pointer(), parent: words_for(&place) }),
    }
    Ok(())
}

fn unset(document: &Document, splice: &mut Splice<'_>, path: &Path) -> Result<(), ApplyError> {
    let nothing = || ApplyError::NothingThere { path: path.to_pointer() };
    let (parent, _, last) = match container(document, path) {
        Ok(Some(found)) => found,
        Ok(None) => return Err(ApplyError::WholeRecord),
        Err(ApplyError::NoParent { .. }) => return Err(nothing()),
        Err(other) => return Err(other),
    };
    let item = document.step(parent, last).ok_or_else(nothing)?;
    splice.remove(parent, item);
    Ok(())
}
