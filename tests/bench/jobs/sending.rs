//! Sending many edits: in batches, one by one, and with some that others were quicker with.

use super::{Side, Stage, edit, turns};
use crate::data;
use crate::limit::{Limit, Way};
use crate::machine::{Watch, settle};
use crate::matchbook::{Matchbook, without_batches};
use crate::report::{Figures, Goal, Row};
use anyhow::{Result, ensure};

/// What the two sides took.
#[derive(Default)]
struct Both {
    ours: Figures,
    limits: Figures,
    requests: (u32, u32),
}

impl Both {
    fn row(self, job: &str, goal: Goal) -> Row {
        Row::beside(job, self.ours, self.limits, goal).requests(self.requests.0, self.requests.1)
    }
}

impl Stage {
    /// All three.
    pub(super) async fn sending(&mut self) -> Result<Vec<Row>> {
        let matchbook = self.matchbook(None).await?;
        let mut limit = self.limit().await?;
        let edits = self.edits();
        let batches = self.plain(&matchbook, &mut limit, Way::Batches).await?;
        let without = batches.ours.median();
        let (contested, dropped) = self.contested(&matchbook, &mut limit).await?;
        matchbook.close().await;
        let alone = self.matchbook(Some(without_batches()?)).await?;
        let singly = self.plain(&alone, &mut limit, Way::Singly).await?;
        alone.close().await;
        let beside = format!(
            "the goal is beside the same without (Matchbook {without:.0} ms); beside the limit it is {:.2}x; edits dropped: {dropped}",
            contested.ours.median() / contested.limits.median()
        );
        let mut row =
            contested.row(&format!("push {edits}, 10 % in conflict"), Goal::Ratio(1.3)).note(beside);
        row.reached = dropped == 0 && row.matchbook <= without * 1.3;
        Ok(vec![
            batches.row(&format!("push {edits} in batches"), Goal::Ratio(1.5)),
            row,
            singly.row(&format!("push {edits} one by one"), Goal::Ratio(1.15)),
        ])
    }

    /// The records of one repetition: none is used twice by the same client.
    fn slot(&self, number: usize) -> std::ops::Range<usize> {
        number * self.edits()..(number + 1) * self.edits()
    }

    async fn plain(&mut self, matchbook: &Matchbook, limit: &mut Limit, way: Way) -> Result<Both> {
        let mut both = Both::default();
        for round in 0..self.repetitions {
            for side in turns(round) {
                let edits = self.new_edits(self.slot(round));
                match side {
                    Side::Matchbook => {
                        matchbook.pull().await?;
                        matchbook.edit(&edits).await?;
                        settle().await;
                        let watch = Watch::start();
                        let report = matchbook.sync().await?;
                        both.ours.add(watch.read());
                        ensure!(
                            report.pushed == [u32::try_from(edits.len())?, 0, 0, 0],
                            "not sent: {report:?}"
                        );
                        both.requests.0 = report.requests;
                    }
                    Side::Limit => {
                        limit.pull().await?;
                        edit(limit, &edits)?;
                        settle().await;
                        limit.requests();
                        let watch = Watch::start();
                        limit.pull().await?;
                        let done = limit.push(way).await?;
                        both.limits.add(watch.read());
                        ensure!(done == (edits.len(), 0), "the limit client could not send");
                        both.requests.1 = limit.requests();
                    }
                }
                settle().await;
            }
        }
        Ok(both)
    }

    /// The colleague changes the same field of every tenth record between edit and sending. Also counts Matchbook's
    /// edits that are neither on the server nor kept beside the colleague's version.
    async fn contested(&mut self, matchbook: &Matchbook, limit: &mut Limit) -> Result<(Both, usize)> {
        let mut both = Both::default();
        let mut dropped = 0;
        for round in 0..self.repetitions {
            for side in turns(round) {
                // The slots of the plain sending are the first five.
                let slot = self.slot(5 + round);
                let (first, tenth) = (slot.start, self.edits() / 10);
                let edits = self.new_edits(slot);
                match side {
                    Side::Matchbook => {
                        matchbook.pull().await?;
                        matchbook.edit(&edits).await?;
                        self.colleague_changes((0..tenth).map(|n| first + n * 10)).await?;
                        settle().await;
                        let before = matchbook.needs_you().await?;
                        let watch = Watch::start();
                        let report = matchbook.sync().await?;
                        both.ours.add(watch.read());
                        both.requests.0 = report.requests;
                        let asked = (report.needs_you - before) as usize;
                        ensure!(
                            asked == tenth,
                            "{asked} records need the person instead of {tenth}: {report:?}"
                        );
                        dropped += self.dropped(matchbook, &edits).await?;
                    }
                    Side::Limit => {
                        limit.pull().await?;
                        edit(limit, &edits)?;
                        self.colleague_changes((0..tenth).map(|n| first + n * 10)).await?;
                        settle().await;
                        let before = limit.store().contested()?;
                        limit.requests();
                        let watch = Watch::start();
                        limit.pull().await?;
                        let (applied, _) = limit.push(Way::Batches).await?;
                        both.limits.add(watch.read());
                        both.requests.1 = limit.requests();
                        let contested = limit.store().contested()? - before;
                        ensure!(
                            (applied, contested) == (edits.len() - tenth, tenth),
                            "the limit client lost edits"
                        );
                    }
                }
                settle().await;
            }
        }
        ensure!(dropped == 0, "{dropped} edits were dropped");
        Ok((both, dropped))
    }

    async fn dropped(&mut self, matchbook: &Matchbook, edits: &[(usize, String)]) -> Result<usize> {
        self.colleague.pull().await?;
        let mut dropped = 0;
        for (number, deposit) in edits {
            let id = data::id(*number);
            let there = self.colleague.store().body(&id)?;
            if data::deposit(&there) == Some(deposit) {
                continue;
            }
            let mine = matchbook.mine(&id).await?;
            dropped += usize::from(mine.as_deref().and_then(data::deposit) != Some(deposit));
        }
        Ok(dropped)
    }
}
