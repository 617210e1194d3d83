//! Reading: everything, nothing new, a few changes.

use super::{Side, Stage, turns};
use crate::machine::{Watch, settle};
use crate::report::{Figures, Goal, Row};
use anyhow::{Result, ensure};

/// Records that others changed.
const CHANGED: usize = 100;
/// A check is quick: it is done more often.
const CHECKS: usize = 30;

impl Stage {
    /// Everything, into an empty folder.
    pub(super) async fn first_pull(&mut self) -> Result<Row> {
        let (mut ours, mut limits) = (Figures::default(), Figures::default());
        let mut requests = (0, 0);
        for round in 0..self.repetitions {
            for side in turns(round) {
                match side {
                    Side::Matchbook => {
                        let matchbook = self.new_matchbook(None).await?;
                        let watch = Watch::start();
                        let report = matchbook.pull().await?;
                        ours.add(watch.read());
                        ensure!(report.pulled[0] as usize == self.records, "not everything was read");
                        requests.0 = report.requests;
                        matchbook.close().await;
                    }
                    Side::Limit => {
                        let mut limit = self.new_limit()?;
                        let watch = Watch::start();
                        let count = limit.pull().await?;
                        limits.add(watch.read());
                        ensure!(count == self.records, "the limit client did not read everything");
                        requests.1 = limit.requests();
                        settle().await;
                    }
                }
            }
        }
        let job = format!("first pull of {}", self.records);
        Ok(Row::beside(&job, ours, limits, Goal::Ratio(1.3)).requests(requests.0, requests.1))
    }

    /// Nothing new, and some changes.
    pub(super) async fn reading(&mut self) -> Result<Vec<Row>> {
        Ok(vec![self.nothing_new().await?, self.some_changed().await?])
    }

    async fn nothing_new(&mut self) -> Result<Row> {
        let matchbook = self.matchbook(None).await?;
        let mut limit = self.limit().await?;
        settle().await;
        let (mut ours, mut limits) = (Figures::default(), Figures::default());
        let mut requests = (0, 0);
        limit.requests();
        for round in 0..CHECKS {
            for side in turns(round) {
                let watch = Watch::start();
                match side {
                    Side::Matchbook => {
                        let report = matchbook.pull().await?;
                        ours.add(watch.read());
                        ensure!(report.pulled == [0; 4], "something was new");
                        requests.0 = report.requests;
                    }
                    Side::Limit => {
                        ensure!(limit.pull().await? == 0, "something was new to the limit client");
                        limits.add(watch.read());
                        requests.1 = limit.requests();
                    }
                }
            }
        }
        matchbook.close().await;
        let row = Row::beside("no change", ours, limits, Goal::Over(5.0));
        Ok(row
            .requests(requests.0, requests.1)
            .note(format!("median of {CHECKS}; 1 request is the goal, too")))
    }

    async fn some_changed(&mut self) -> Result<Row> {
        let matchbook = self.matchbook(None).await?;
        let mut limit = self.limit().await?;
        let (mut ours, mut limits) = (Figures::default(), Figures::default());
        let mut requests = (0, 0);
        let rounds = self.repetitions * 3;
        for round in 0..rounds {
            let step = self.records / CHANGED;
            let first = round % step;
            self.colleague_changes((0..CHANGED).map(|n| first + n * step)).await?;
            settle().await;
            limit.requests();
            for side in turns(round) {
                let watch = Watch::start();
                match side {
                    Side::Matchbook => {
                        let report = matchbook.pull().await?;
                        ours.add(watch.read());
                        ensure!(
                            report.pulled[1] as usize == CHANGED,
                            "not every change was read: {report:?}"
                        );
                        requests.0 = report.requests;
                    }
                    Side::Limit => {
                        ensure!(limit.pull().await? == CHANGED, "the limit client did not read every change");
                        limits.add(watch.read());
                        requests.1 = limit.requests();
                    }
                }
                settle().await;
            }
        }
        matchbook.close().await;
        let job = format!("{CHANGED} changed of {}", self.records);
        let row = Row::beside(&job, ours, limits, Goal::Ratio(1.3));
        Ok(row
            .requests(requests.0, requests.1)
            .note(format!("median of {rounds}; at most 2 requests is the goal, too")))
    }
}
