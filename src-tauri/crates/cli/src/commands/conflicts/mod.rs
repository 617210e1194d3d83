//! Records changed in two places: the list of them, their rows, decisions, the result.

mod decide;
mod list;
mod resolve;
mod rows;

use super::{Home, local_key, state_of, wrote};

pub use decide::decide;
pub use list::list;
pub use resolve::resolve;
pub use rows::rows;

/// An open row for tests, or an automatic one.
#[cfg(test)]
fn row(
    number: u32,
    pointer: &str,
    group: record_merge::Group,
    part: Option<u32>,
) -> sync_runtime::ConflictRow {
    use record_merge::{Path, Row, RowKind};
    let row =
        Row { part, group, ..Row::open(Path::from_pointer(pointer).unwrap(), RowKind::EditedDifferently) };
    sync_runtime::ConflictRow { number, row, decision: None, rule: String::new() }
}
