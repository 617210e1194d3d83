//! Searching as one types: the first 50.

use super::{Side, Stage, turns};
use crate::data;
use crate::limit::Limit;
use crate::machine::{Watch, settle};
use crate::matchbook::Matchbook;
use crate::report::{Figures, Goal, Row};
use anyhow::{Result, ensure};

/// Times each search is done.
const TIMES: usize = 15;

/// One search, done many times.
#[derive(Default)]
struct Searched {
    typed: String,
    total: usize,
    ours: Figures,
    limits: Figures,
}

impl Stage {
    /// All searches of `data::searches`.
    pub(super) async fn search(&mut self) -> Result<Vec<Row>> {
        let matchbook = self.matchbook(None).await?;
        let mut limit = self.limit().await?;
        settle().await;
        let mut all = Vec::new();
        for typed in data::searches() {
            all.push(search(&matchbook, &mut limit, typed).await?);
        }
        matchbook.close().await;
        all.sort_by(|a, b| a.ours.median().total_cmp(&b.ours.median()));
        let row = |name: &str, searched: Option<&Searched>| {
            let (ours, limit) =
                searched.map_or((f64::NAN, f64::NAN), |s| (s.ours.median(), s.limits.median()));
            let note = searched.map(|s| format!("median of {TIMES} of \"{}\", {} records", s.typed, s.total));
            Row::figures(&format!("search, first 50, {name}"), "ms", ours, Some(limit), Goal::AtMost(5.0))
                .note(note.unwrap_or_default())
        };
        Ok(vec![row("usual", all.get(all.len() / 2)), row("slowest", all.last())])
    }
}

async fn search(matchbook: &Matchbook, limit: &mut Limit, typed: String) -> Result<Searched> {
    let mut searched = Searched { typed, ..Searched::default() };
    let typed = &searched.typed;
    for round in 0..TIMES {
        for side in turns(round) {
            let watch = Watch::start();
            let (total, shown) = match side {
                Side::Matchbook => {
                    let page = matchbook.search(typed).await?;
                    // As it crosses to the window.
                    let crossing = serde_json::to_vec(&page)?;
                    searched.ours.add(watch.read());
                    ensure!(!crossing.is_empty(), "an empty answer");
                    (page.total as usize, page.rows.len())
                }
                Side::Limit => {
                    let (total, rows) = limit.store().search(typed)?;
                    searched.limits.add(watch.read());
                    (total, rows.len())
                }
            };
            ensure!(shown == total.min(50), "{typed}: {shown} of {total} are shown");
            ensure!(round == 0 || searched.total == total, "{typed}: the two do not find the same");
            searched.total = total;
        }
    }
    Ok(searched)
}
