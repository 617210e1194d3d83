//! Three-way merge of records, pure: bytes in, rows and bytes out (design: docs/merging.md).
//!
//! [`merge`] compares three versions and gives rows; [`review`] says how stored decisions stand to them; [`resolve`]
//! or [`Merge::result`] makes the bytes to send. [`classify`] tells the kinds of a refused write apart, [`equal`]
//! compares by value, [`apply`] makes single edits. Nothing here reads a clock, a file or a random number.

mod apply;
mod asked;
pub mod batch;
mod blend;
mod card;
mod classify;
mod content_line;
mod diff3;
mod equal;
pub mod json;
mod lookup;
pub mod marks;
mod merge;
mod model;
mod moment;
mod path;
mod pattern;
mod policy;
mod review;

pub use apply::{ApplyError, Operation, apply};
pub use asked::policy as read_policy;
pub use card::{
    apply_to, base_with_sent, fields, fields_together, label_of, label_of_kind, label_with, title_of,
};
pub use classify::{Classified, Classify, classify};
pub use equal::{changed_leaves_present, changed_paths, equal, value_at};
pub use json::ParseError;
pub use merge::{Merge, Merged, Side, StillOpen, Unmergeable, merge, merge_whole};
pub use model::*;
pub use path::PointerError;
pub use pattern::{PatternError, check_pattern, pattern_name, pattern_of};
pub use review::{ReviewedRow, Standing, resolve, review, standing_decisions};
