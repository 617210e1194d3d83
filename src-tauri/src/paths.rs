//! Where things are on this computer.

use std::path::PathBuf;

/// The data folder: `MATCHBOOK_HOME`, else the system's place for application data.
pub fn home() -> Result<PathBuf, String> {
    sync_runtime::default_home().ok_or_else(|| {
        "There is no home folder to keep records in. Set MATCHBOOK_HOME to a folder on this computer."
            .to_owned()
    })
}
