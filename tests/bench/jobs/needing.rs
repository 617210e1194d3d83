//! "Needs you" with many records in it: how long until the list is there.

use super::Stage;
use crate::machine::{Watch, settle};
use crate::report::{Figures, Row};
use anyhow::{Result, ensure};

/// Times the list is opened.
const TIMES: usize = 9;

impl Stage {
    /// As many clashes as edits are sent elsewhere (1,000 of 10,000 records), each in the same field.
    pub(super) async fn needing(&mut self) -> Result<Row> {
        let matchbook = self.matchbook(None).await?;
        let edits = self.edits();
        let here = self.new_edits(0..edits);
        matchbook.edit(&here).await?;
        self.colleague_changes(0..edits).await?;
        matchbook.sync().await?;
        let open = matchbook.needs_you().await? as usize;
        ensure!(open == edits, "{open} records need the person instead of {edits}");
        settle().await;
        let mut figures = Figures::default();
        let mut bytes = 0;
        for _ in 0..TIMES {
            let watch = Watch::start();
            let list = matchbook.list_needs_you().await?;
            // As it crosses to the window.
            bytes = serde_json::to_vec(&list)?.len();
            figures.add(watch.read());
            let listed: usize = list.groups.iter().map(|group| group.records.len()).sum();
            ensure!(listed == edits, "{listed} records are listed instead of {edits}");
        }
        matchbook.close().await;
        Ok(Row::answer(&format!("list of {edits} records that need you"), &figures, bytes, 200.0))
    }
}
