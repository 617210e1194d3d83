//! What is measured.

mod deciding;
mod editing;
pub mod memory;
mod merging;
mod needing;
mod reading;
mod searching;
mod sending;
mod starting;

use crate::data;
use crate::limit::{self, Limit, Way};
use crate::machine::settle;
use crate::matchbook::Matchbook;
use crate::report::Row;
use crate::server::Server;
use anyhow::{Result, ensure};
use std::path::{Path, PathBuf};

/// Names of the parts, for `--only`.
pub const PARTS: [&str; 10] = [
    "merging",
    "first-pull",
    "reading",
    "sending",
    "needing",
    "deciding",
    "editing",
    "search",
    "start",
    "memory",
];

/// The collection everything happens in, and a second one of the same size.
const MAIN: &str = "tools";
const MORE: &str = "more";

/// One of the two whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Matchbook,
    Limit,
}

/// Whoever goes first sees another machine: they take turns.
fn turns(round: usize) -> [Side; 2] {
    if round.is_multiple_of(2) { [Side::Matchbook, Side::Limit] } else { [Side::Limit, Side::Matchbook] }
}

/// The server, and everything that is used more than once.
pub struct Stage {
    server: Server,
    folder: PathBuf,
    records: usize,
    repetitions: usize,
    /// Somebody else, who changes records on the server.
    colleague: Limit,
    /// Folders used so far.
    folders: usize,
    /// Deposits used so far: each edit writes another one.
    deposits: usize,
}

impl Stage {
    /// Starts the server and fills it.
    pub async fn set(folder: &Path, records: usize, repetitions: usize) -> Result<Self> {
        eprintln!("Filling the server: twice {records} records.");
        let server = Server::start(&folder.join("server"))?;
        limit::fill(server.url(), MAIN, records).await?;
        limit::fill(server.url(), MORE, records).await?;
        let mut colleague = Limit::open(&folder.join("colleague"), server.url(), MAIN)?;
        ensure!(colleague.pull().await? == records, "the server does not hold what it was given");
        let folder = folder.to_owned();
        Ok(Self { server, folder, records, repetitions, colleague, folders: 0, deposits: 0 })
    }

    /// Edits that are sent at once: a tenth of the records.
    pub fn edits(&self) -> usize {
        self.records / 10
    }

    /// Measures these parts, or all.
    pub async fn run(&mut self, only: &[String]) -> Result<Vec<Row>> {
        let mut rows = Vec::new();
        for part in PARTS {
            if !only.is_empty() && !only.iter().any(|wanted| wanted == part) {
                continue;
            }
            eprintln!("{part} ...");
            rows.extend(match part {
                "merging" => self.merging()?,
                "first-pull" => vec![self.first_pull().await?],
                "reading" => self.reading().await?,
                "sending" => self.sending().await?,
                "needing" => vec![self.needing().await?],
                "deciding" => self.deciding().await?,
                "editing" => self.editing().await?,
                "search" => self.search().await?,
                "start" => vec![self.start().await?],
                _ => vec![self.memory()?],
            });
            settle().await;
        }
        Ok(rows)
    }

    /// Leaves a data folder with everything read, at this place.
    pub async fn keep(&self, home: &Path) -> Result<()> {
        std::fs::create_dir_all(home)?;
        let matchbook = Matchbook::open(home, self.server.url(), MAIN, None).await?;
        matchbook.pull().await?;
        matchbook.close().await;
        Ok(())
    }

    /// An empty folder.
    fn folder(&mut self) -> Result<PathBuf> {
        self.folders += 1;
        let folder = self.folder.join(format!("home-{}", self.folders));
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// Matchbook that knows the collection and has read nothing.
    async fn new_matchbook(&mut self, profile: Option<String>) -> Result<Matchbook> {
        let home = self.folder()?;
        Matchbook::open(&home, self.server.url(), MAIN, profile).await
    }

    /// Matchbook with everything read and checked up.
    async fn matchbook(&mut self, profile: Option<String>) -> Result<Matchbook> {
        let matchbook = self.new_matchbook(profile).await?;
        matchbook.pull().await?;
        matchbook.check_up().await?;
        matchbook.pull().await?;
        Ok(matchbook)
    }

    fn new_limit(&mut self) -> Result<Limit> {
        let folder = self.folder()?;
        Limit::open(&folder, self.server.url(), MAIN)
    }

    /// The limit client with everything read.
    async fn limit(&mut self) -> Result<Limit> {
        let mut limit = self.new_limit()?;
        limit.pull().await?;
        Ok(limit)
    }

    /// Edits of these records, each with a deposit nobody wrote before.
    fn new_edits(&mut self, records: impl Iterator<Item = usize>) -> Vec<(usize, String)> {
        records
            .map(|number| {
                self.deposits += 1;
                (number, format!("{}.5", 1_000_000 + self.deposits))
            })
            .collect()
    }

    /// The colleague changes these records on the server.
    async fn colleague_changes(&mut self, records: impl Iterator<Item = usize>) -> Result<()> {
        let edits = self.new_edits(records);
        self.colleague.pull().await?;
        edit(&mut self.colleague, &edits)?;
        let (applied, refused) = self.colleague.push(Way::Batches).await?;
        ensure!((applied, refused) == (edits.len(), 0), "the colleague's changes were not taken");
        Ok(())
    }
}

/// Edits one field of each of these records.
fn edit(limit: &mut Limit, edits: &[(usize, String)]) -> Result<()> {
    for (number, deposit) in edits {
        let id = data::id(*number);
        let body = limit.store().body(&id)?;
        let body =
            data::with_deposit(&body, deposit).ok_or_else(|| anyhow::anyhow!("{id} has no deposit"))?;
        limit.store().save(&id, &body)?;
    }
    Ok(())
}
