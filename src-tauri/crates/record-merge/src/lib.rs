//! Three-way merge of records, pure: bytes in, rows and bytes out (design: docs/merging.md).

mod model;

pub use model::*;
