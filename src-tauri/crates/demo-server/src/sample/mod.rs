//! Sample data: a community tool library.

use crate::problem::Fail;
use crate::store::Db;

/// Fills an empty database; one that has collections is left alone.
pub(crate) fn seed(_db: &Db) -> Result<(), Fail> {
    Ok(())
}
