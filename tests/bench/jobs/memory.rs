//! Memory of the engine: of a process that does nothing but a first pull.

use super::{MAIN, Stage};
use crate::machine::memory;
use crate::matchbook::Matchbook;
use crate::report::{Goal, Row};
use anyhow::{Context as _, Result, ensure};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::process::Command;

/// What the process says of itself, in MB.
#[derive(Serialize, Deserialize)]
struct Memory {
    /// Resident after the folder was opened and the source added.
    before: f64,
    /// The most it was.
    most: f64,
    /// Resident at the end.
    after: f64,
}

impl Stage {
    /// Starts this program again to read everything once.
    pub(super) fn memory(&mut self) -> Result<Row> {
        let home = self.folder()?;
        let program = std::env::current_exe()?;
        let output = Command::new(program).arg("--pull").arg(self.server.url()).arg(&home).output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let Memory { before, most, after } = serde_json::from_slice(&output.stdout)?;
        let row = Row::figures("engine memory, first pull, most", "MB", most, None, Goal::AtMost(60.0));
        Ok(row.note(format!(
            "resident {before:.0} MB before, {after:.0} MB after: it grew by {:.0} MB",
            most - before
        )))
    }
}

/// The other end: reads everything, and says what it took.
pub async fn pull(url: &str, home: &Path) -> Result<()> {
    let known = "this system does not tell the memory of a process";
    let matchbook = Matchbook::open(home, url, MAIN, None).await?;
    let before = memory("VmRSS").context(known)?;
    matchbook.pull().await?;
    let (most, after) = (memory("VmHWM").context(known)?, memory("VmRSS").context(known)?);
    println!("{}", serde_json::to_string(&Memory { before, most, after })?);
    matchbook.close().await;
    Ok(())
}
