//! The time machine: versions, comparison, bringing back, undo, keeping, export.

mod compare;
mod deleted;
mod export;
mod keeping;
mod undo;
mod version;

pub use compare::*;
pub use deleted::*;
pub use export::*;
pub use keeping::*;
pub use undo::*;
pub use version::*;
