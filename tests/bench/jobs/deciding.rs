//! The merge screen of a record with 1,000 fields, each changed in two places: how long one choice takes, from the
//! press to the answer as it crosses to the window.

use super::Stage;
use crate::data;
use crate::machine::{Watch, settle};
use crate::report::{Figures, Row};
use anyhow::{Context as _, Result, ensure};
use ipc_types::{BodyOperation, Choice};

/// Fields that clash.
const FIELDS: usize = 1_000;
/// Choices made.
const TIMES: usize = 25;

impl Stage {
    /// Opening it, and deciding rows one by one.
    pub(super) async fn deciding(&mut self) -> Result<Vec<Row>> {
        let id = data::id(self.records - 1);
        let here = self.matchbook(None).await?;
        here.set(&id, fields("before")).await?;
        here.sync().await?;
        let there = self.matchbook(None).await?;
        there.set(&id, fields("theirs")).await?;
        there.sync().await?;
        there.close().await;
        here.set(&id, fields("mine")).await?;
        here.sync().await?;
        ensure!(here.needs_you().await? == 1, "the record does not need the person");
        settle().await;
        let (key, _) = here.form(&id).await?;
        let (mut opened, mut decided) = (Figures::default(), Figures::default());
        let (mut bytes, mut sent) = (0, 0);
        for _ in 0..5 {
            let watch = Watch::start();
            bytes = serde_json::to_vec(&here.merge(&key).await?)?.len();
            opened.add(watch.read());
        }
        let view = here.merge(&key).await?;
        ensure!(view.choices as usize >= FIELDS, "{} choices instead of {FIELDS}", view.choices);
        for turn in 0..TIMES {
            let row = view.rows.get(turn * 7).context("fewer rows than fields")?.row;
            let choice = if turn % 2 == 0 { Choice::Mine } else { Choice::Theirs };
            let watch = Watch::start();
            let answer = here.decide(&key, row, choice, &view.seen).await?;
            sent = serde_json::to_vec(&answer)?.len();
            decided.add(watch.read());
            ensure!(sent > 0 && answer.decided as usize == turn + 1, "the choice is not in the answer");
        }
        here.close().await;
        Ok(vec![
            Row::answer("merge screen of 1,000 clashing fields", &opened, bytes, 200.0),
            Row::answer("one choice of 1,000, durable and answered", &decided, sent, 100.0),
        ])
    }
}

fn fields(side: &str) -> Vec<BodyOperation> {
    let set = |number: usize| BodyOperation::Set {
        pointer: format!("/field_{number}"),
        json: format!("\"{} {side}\"", data::word(number)),
    };
    (0..FIELDS).map(set).collect()
}
