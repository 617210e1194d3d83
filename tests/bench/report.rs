//! Figures, the table, and the same as JSON.

use crate::machine::Took;
use anyhow::{Context as _, Result};
use serde::Serialize;
use std::path::Path;

/// Several measurements of the same thing.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Figures {
    /// Milliseconds, in the order they were measured.
    pub runs: Vec<f64>,
    /// Processor time of the client, the same way, where the system tells it.
    pub cpu: Vec<f64>,
}

impl Figures {
    /// Adds one.
    pub fn add(&mut self, took: Took) {
        self.runs.push(took.wall);
        self.cpu.extend(took.cpu);
    }

    /// The value that this part (0 to 1) of them does not exceed.
    pub fn part(&self, part: f64) -> f64 {
        at(&self.runs, part)
    }

    /// The one in the middle.
    pub fn median(&self) -> f64 {
        self.part(0.5)
    }

    /// The quickest.
    pub fn min(&self) -> f64 {
        self.part(0.0)
    }
}

fn at(numbers: &[f64], part: f64) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1) as f64;
    // Nearest rank; the numbers are few and not negative.
    let rank = (last * part).round() as usize;
    sorted.get(rank).copied().unwrap_or(f64::NAN)
}

/// What is to be reached.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// At most so many times the limit.
    Ratio(f64),
    /// At most so many milliseconds more than the limit.
    Over(f64),
    /// At most so much: milliseconds, or MB.
    AtMost(f64),
}

impl Goal {
    fn words(self, unit: &str) -> String {
        match self {
            Self::Ratio(ratio) => format!("<= {ratio}x"),
            Self::Over(more) => format!("<= limit + {more} {unit}"),
            Self::AtMost(most) => format!("<= {most} {unit}"),
        }
    }

    fn reached(self, ours: f64, limit: Option<f64>) -> bool {
        match (self, limit) {
            (Self::AtMost(most), _) => ours <= most,
            (Self::Ratio(ratio), Some(limit)) => ours <= limit * ratio,
            (Self::Over(more), Some(limit)) => ours <= limit + more,
            (Self::Ratio(_) | Self::Over(_), None) => false,
        }
    }
}

/// One line of the table.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// What was done.
    pub job: String,
    /// `ms` or `MB`.
    pub unit: &'static str,
    /// Matchbook's figure: a median unless `job` says otherwise.
    pub matchbook: f64,
    /// The limit's, where there is one.
    pub limit: Option<f64>,
    /// The quickest of each.
    pub quickest: Option<(f64, f64)>,
    /// Median processor time of each client.
    pub cpu: Option<(f64, f64)>,
    /// Requests of Matchbook and of the limit, where they are counted.
    pub requests: Option<(u32, u32)>,
    /// What is to be reached.
    pub goal: Goal,
    /// Whether it was.
    pub reached: bool,
    /// What else is to be known.
    pub note: String,
    /// Every measurement: Matchbook's and the limit's.
    pub all: Option<(Figures, Figures)>,
}

impl Row {
    /// Medians of both, and what goes with them.
    pub fn beside(job: &str, ours: Figures, limit: Figures, goal: Goal) -> Self {
        let (median, beside) = (ours.median(), limit.median());
        let cpu = (!ours.cpu.is_empty() && !limit.cpu.is_empty())
            .then(|| (at(&ours.cpu, 0.5), at(&limit.cpu, 0.5)));
        Self {
            quickest: Some((ours.min(), limit.min())),
            cpu,
            all: Some((ours, limit)),
            ..Self::figures(job, "ms", median, Some(beside), goal)
        }
    }

    /// Matchbook alone: what the window gets, of so many bytes, in the middle of some times; at most so many ms.
    pub fn answer(job: &str, ours: &Figures, bytes: usize, most: f64) -> Self {
        let note =
            format!("median of {}, slowest {:.0} ms, {} KB", ours.runs.len(), ours.part(1.0), bytes / 1024);
        Self::figures(job, "ms", ours.median(), None, Goal::AtMost(most)).note(note)
    }

    /// Two figures, or one alone.
    pub fn figures(job: &str, unit: &'static str, matchbook: f64, limit: Option<f64>, goal: Goal) -> Self {
        Self {
            job: job.to_owned(),
            unit,
            matchbook,
            limit,
            quickest: None,
            cpu: None,
            requests: None,
            goal,
            reached: goal.reached(matchbook, limit),
            note: String::new(),
            all: None,
        }
    }

    /// With the requests of both.
    pub fn requests(mut self, ours: u32, limit: u32) -> Self {
        self.requests = Some((ours, limit));
        self
    }

    /// With a remark.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    fn cells(&self) -> [String; 9] {
        let dash = || "-".to_owned();
        let pair = |(a, b): (f64, f64)| format!("{} / {}", figure(a), figure(b));
        let ratio = |a: f64, b: f64| format!("{:.2}x", a / b);
        [
            self.job.clone(),
            format!("{} {}", figure(self.matchbook), self.unit),
            self.limit.map_or_else(dash, |limit| format!("{} {}", figure(limit), self.unit)),
            self.limit.map_or_else(dash, |limit| ratio(self.matchbook, limit)),
            self.quickest.map_or_else(dash, |(ours, limit)| ratio(ours, limit)),
            self.goal.words(self.unit),
            if self.reached { "yes" } else { "NO" }.to_owned(),
            self.requests.map_or_else(dash, |(ours, limit)| format!("{ours} / {limit}")),
            // Steps of 10 ms say nothing about less.
            self.cpu.filter(|(ours, _)| *ours >= 50.0).map_or_else(dash, pair),
        ]
    }
}

fn figure(value: f64) -> String {
    match value {
        v if v >= 100.0 => format!("{v:.0}"),
        v if v >= 10.0 => format!("{v:.1}"),
        v => format!("{v:.2}"),
    }
}

/// The table, as wide as it has to be.
pub fn print(rows: &[Row]) {
    let head = ["job", "Matchbook", "limit", "ratio", "of quickest", "goal", "reached", "requests", "CPU ms"]
        .map(str::to_owned);
    let lines: Vec<[String; 9]> = std::iter::once(head).chain(rows.iter().map(Row::cells)).collect();
    let mut widths = [0_usize; 9];
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = (*width).max(cell.chars().count());
        }
    }
    for line in &lines {
        let cells: Vec<String> =
            line.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        println!("{}", cells.join("  ").trim_end());
    }
    println!();
    for row in rows.iter().filter(|row| !row.note.is_empty()) {
        println!("{}: {}", row.job, row.note);
    }
    println!("Pairs are Matchbook / limit. The limit is the least client that still does the honest work.");
}

/// What was measured, and how.
#[derive(Debug, Serialize)]
pub struct Report<'a> {
    /// Records of the collection.
    pub records: usize,
    /// Edits that were sent at once.
    pub edits: usize,
    /// How often everything was done.
    pub repetitions: usize,
    /// The table.
    pub rows: &'a [Row],
}

/// Writes the same as JSON.
pub fn write(file: &Path, report: &Report<'_>) -> Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let text = serde_json::to_string_pretty(report)?;
    std::fs::write(file, text + "\n").with_context(|| format!("{} cannot be written", file.display()))
}
