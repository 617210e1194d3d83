//! Matchbook's engine as the window and the command line use it.

use crate::data;
use anyhow::{Context as _, Result, ensure};
use ipc_types::{
    AddSource, BodyOperation, CheckUp, Choice, Decide, MergeView, NeedsYou, RecordKey, RecordState,
    RecordsPage, RecordsQuery, SaveEdit,
};
use std::path::Path;
use sync_runtime::{Options, RoundReport, RoundRequest, SyncHandle, Which};

/// The profile of the reference server.
const PROFILE: &str = include_str!("../../src-tauri/crates/connectors/profiles/reference.toml");

/// The same server as a client sees it that knows of no batches.
pub fn without_batches() -> Result<String> {
    let (before, rest) = PROFILE.split_once("[batch]").context("the profile has no batches")?;
    let (_, after) = rest.split_once("\n[").context("the profile ends with its batches")?;
    Ok(format!("{before}[{after}"))
}

/// The engine with one source of one collection, both of the same name.
pub struct Matchbook {
    handle: SyncHandle,
    name: String,
}

impl Matchbook {
    /// Opens (or makes) a data folder and adds the collection as a source. Nothing is read yet.
    pub async fn open(home: &Path, server: &str, collection: &str, profile: Option<String>) -> Result<Self> {
        let handle = SyncHandle::open(Options::window(home)).await?;
        let matchbook = Self { handle, name: collection.to_owned() };
        matchbook.add(collection, server, collection, profile).await?;
        Ok(matchbook)
    }

    /// Adds another source.
    pub async fn add(
        &self,
        name: &str,
        server: &str,
        collection: &str,
        profile: Option<String>,
    ) -> Result<()> {
        let add = AddSource {
            name: name.to_owned(),
            url: server.to_owned(),
            family: "rest".to_owned(),
            collections: vec![collection.to_owned()],
            user: None,
            secret: None,
            profile,
            headers: Vec::new(),
        };
        self.handle.add_source(add).await?;
        Ok(())
    }

    /// Learns what the server promises, so that sending need not.
    pub async fn check_up(&self) -> Result<()> {
        let check = CheckUp { source: self.name.clone(), collection: None };
        let reports = self.handle.check_up(check).await?;
        ensure!(
            reports.iter().all(|report| report.grade == ipc_types::Grade::Protected),
            "the server does not protect"
        );
        Ok(())
    }

    async fn round(&self, source: &str, push: bool) -> Result<RoundReport> {
        let wanted = RoundRequest { source: Some(source.to_owned()), pull: true, push };
        let report = self.handle.round(wanted).await?.pop().context("a round without a report")?;
        ensure!(
            !report.unreachable && !report.sign_in && report.failed.is_none(),
            "a round failed: {report:?}"
        );
        Ok(report)
    }

    /// Reads what is new.
    pub async fn pull(&self) -> Result<RoundReport> {
        self.round(&self.name, false).await
    }

    /// Reads what is new in another source.
    pub async fn pull_of(&self, source: &str) -> Result<RoundReport> {
        self.round(source, false).await
    }

    /// Reads, then sends.
    pub async fn sync(&self) -> Result<RoundReport> {
        self.round(&self.name, true).await
    }

    /// The record as a form has it before it is edited: its key and rev.
    pub async fn form(&self, id: &str) -> Result<(String, u32)> {
        let key = self.handle.key_of(&self.name, &self.name, id).await?.to_string();
        let view = self.handle.record(RecordKey { key: key.clone() }).await?;
        Ok((key, view.rev))
    }

    /// Saves one field: flushed to the disk when this returns.
    pub async fn save(&self, (key, rev): (String, u32), deposit: &str) -> Result<()> {
        let set = BodyOperation::Set { pointer: "/deposit".to_owned(), json: deposit.to_owned() };
        self.handle.save_edit(SaveEdit { key, based_on_rev: rev, operations: vec![set] }).await?;
        Ok(())
    }

    /// Saves these changes of a record.
    pub async fn set(&self, id: &str, operations: Vec<BodyOperation>) -> Result<()> {
        let (key, based_on_rev) = self.form(id).await?;
        self.handle.save_edit(SaveEdit { key, based_on_rev, operations }).await?;
        Ok(())
    }

    /// The merge screen of a record.
    pub async fn merge(&self, key: &str) -> Result<MergeView> {
        Ok(self.handle.merge(RecordKey { key: key.to_owned() }).await?)
    }

    /// One choice, as the window makes it.
    pub async fn decide(&self, key: &str, row: u32, choice: Choice, seen: &str) -> Result<MergeView> {
        let (key, seen) = (key.to_owned(), seen.to_owned());
        let decide = Decide { key, rows: vec![row], choice, json: None, ready: None, seen };
        Ok(self.handle.decide(decide).await?)
    }

    /// The person's version, if there is an edit.
    pub async fn mine(&self, id: &str) -> Result<Option<String>> {
        let key = self.handle.key_of(&self.name, &self.name, id).await?;
        let Ok(version) = self.handle.version_bytes(key, Which::Mine).await else { return Ok(None) };
        version.body.map(|body| Ok(String::from_utf8(body.bytes.to_vec())?)).transpose()
    }

    /// Records that need the person.
    pub async fn needs_you(&self) -> Result<u32> {
        let query = RecordsQuery { state: Some(RecordState::NeedsYou), limit: 1, ..RecordsQuery::default() };
        Ok(self.handle.records(query).await?.total)
    }

    /// The list of records that need the person.
    pub async fn list_needs_you(&self) -> Result<NeedsYou> {
        Ok(self.handle.needs_you().await?)
    }

    /// The first 50 records that hold words beginning so.
    pub async fn search(&self, typed: &str) -> Result<RecordsPage> {
        let query = RecordsQuery {
            source: Some(self.name.clone()),
            collection: Some(self.name.clone()),
            text: typed.to_owned(),
            limit: 50,
            ..RecordsQuery::default()
        };
        Ok(self.handle.records(query).await?)
    }

    /// Edits one field of each of these records; the deposit is the number given.
    pub async fn edit(&self, edits: &[(usize, String)]) -> Result<()> {
        for (number, deposit) in edits {
            self.save(self.form(&data::id(*number)).await?, deposit).await?;
        }
        Ok(())
    }

    /// Ends it in order.
    pub async fn close(self) {
        self.handle.stop().await;
        drop(self.handle);
        crate::machine::settle().await;
    }
}
