//! One edit, flushed to the disk: alone, and while another collection is read.

use super::{MORE, Side, Stage, turns};
use crate::data;
use crate::limit::connect;
use crate::machine::{Watch, settle};
use crate::report::{Figures, Goal, Row};
use anyhow::{Context as _, Result, ensure};
use rusqlite::Connection;
use std::sync::Arc;
use std::time::Duration;

/// Edits in one turn, and turns of each side.
const BLOCK: usize = 50;
const BLOCKS: usize = 10;

impl Stage {
    /// Both.
    pub(super) async fn editing(&mut self) -> Result<Vec<Row>> {
        let mut rows = self.durable().await?;
        rows.push(self.while_reading().await?);
        Ok(rows)
    }

    async fn durable(&mut self) -> Result<Vec<Row>> {
        let matchbook = self.matchbook(None).await?;
        let bare = Bare::open(&self.folder()?)?;
        settle().await;
        let (mut ours, mut limits) = (Figures::default(), Figures::default());
        for block in 0..BLOCKS {
            let edits = self.new_edits(block * BLOCK..(block + 1) * BLOCK);
            let mut forms = Vec::new();
            for (number, _) in &edits {
                forms.push(matchbook.form(&data::id(*number)).await?);
            }
            for side in turns(block) {
                match side {
                    Side::Matchbook => {
                        for (form, (_, deposit)) in forms.iter().zip(&edits) {
                            let watch = Watch::start();
                            matchbook.save(form.clone(), deposit).await?;
                            ours.add(watch.read());
                        }
                    }
                    Side::Limit => {
                        for (number, _) in &edits {
                            let body = data::body(*number);
                            let watch = Watch::start();
                            bare.save(*number, &body)?;
                            limits.add(watch.read());
                        }
                    }
                }
                settle().await;
            }
        }
        matchbook.close().await;
        let row = |name: &str, part: f64, goal: Goal| {
            let (figure, beside) = (ours.part(part), limits.part(part));
            Row::figures(&format!("one edit, durable, {name}"), "ms", figure, Some(beside), goal)
        };
        let words =
            format!("{} edits; the limit is a bare SQLite commit (WAL, FULL) of 1 KB", BLOCK * BLOCKS);
        Ok(vec![row("p50", 0.5, Goal::Ratio(1.5)).note(words), row("p99", 0.99, Goal::Ratio(3.0))])
    }

    async fn while_reading(&mut self) -> Result<Row> {
        let matchbook = Arc::new(self.matchbook(None).await?);
        let mut ours = Figures::default();
        let mut number = 0;
        for round in 0..self.repetitions {
            let source = format!("{MORE}-{round}");
            matchbook.add(&source, self.server.url(), MORE, None).await?;
            let reader = Arc::clone(&matchbook);
            let reading = tokio::spawn(async move { reader.pull_of(&source).await });
            while !reading.is_finished() {
                let edits = self.new_edits(std::iter::once(number % self.records));
                number += 1;
                for (number, deposit) in edits {
                    let form = matchbook.form(&data::id(number)).await?;
                    let watch = Watch::start();
                    matchbook.save(form, &deposit).await?;
                    ours.add(watch.read());
                }
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            let report = reading.await??;
            ensure!(report.pulled[0] as usize == self.records, "not everything was read");
            settle().await;
        }
        if let Some(matchbook) = Arc::into_inner(matchbook) {
            matchbook.close().await;
        }
        let (p50, p99, most) = (ours.part(0.5), ours.part(0.99), ours.part(1.0));
        let words = format!("{} edits, p50 {p50:.1} ms, slowest {most:.1} ms", ours.runs.len());
        let job = "one edit while a pull runs, p99";
        Ok(Row::figures(job, "ms", p99, None, Goal::AtMost(30.0)).note(words))
    }
}

/// The least that is durable: one row in one commit.
struct Bare(Connection);

impl Bare {
    fn open(folder: &std::path::Path) -> Result<Self> {
        let connection = connect(&folder.join("bare.db"))?;
        connection.execute_batch("CREATE TABLE edit (key INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT")?;
        Ok(Self(connection))
    }

    fn save(&self, number: usize, body: &str) -> Result<()> {
        let sql = "INSERT INTO edit (key, body) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET body = ?2";
        let key = i64::try_from(number).context("too many records")?;
        self.0.prepare_cached(sql)?.execute((key, body.as_bytes()))?;
        Ok(())
    }
}
