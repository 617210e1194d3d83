//! A person with a data folder, and the engine as the window uses it.

use crate::stage::{Home, Stage, eventually};
use ipc_types::{
    BodyOperation, CheckReport, CheckUp, Choice, CreateRecord, Decide, ErrorCode, Grade, Hold, MergeView,
    RecordKey, RecordState, RecordView, Resolve, SaveEdit, Saved, SetSource, Side, SourceView, SyncNow,
    UndoMerge, UndoneHow, VersionKey,
};
use sync_runtime::{Fault, Options, RoundReport, RoundRequest, SyncHandle, Which};

/// Somebody in front of Matchbook.
pub struct Person {
    pub handle: SyncHandle,
    pub home: Home,
}

/// What a person does to one record.
pub struct On<'a> {
    pub person: &'a Person,
    address: String,
}

impl Person {
    /// Opens a data folder; nothing is read or sent by itself before [`Person::starts`].
    pub async fn at(folder: tempfile::TempDir) -> Self {
        Self::in_home(Home::Kept(folder)).await
    }

    /// As [`Person::at`].
    pub async fn in_home(home: Home) -> Self {
        let handle = SyncHandle::open(Options::window(home.path())).await.unwrap();
        Self { handle, home }
    }

    /// Reading and sending happen by themselves from now on.
    pub fn starts(&self) {
        self.handle.start();
    }

    /// Closes Matchbook and opens it again.
    pub async fn restarts(self) -> Self {
        let Self { handle, home } = self;
        handle.stop().await;
        drop(handle);
        // Tasks of the old run may hold the folder for a moment; opening waits for it.
        Self::in_home(home).await
    }

    /// One record of the stage's collection.
    pub fn on(&self, stage: &Stage, id: &str) -> On<'_> {
        self.on_address(&stage.address(id))
    }

    /// A record by `source/collection/id`.
    pub fn on_address(&self, address: &str) -> On<'_> {
        On { person: self, address: address.to_owned() }
    }

    async fn round(&self, pull: bool, push: bool) -> RoundReport {
        let wanted = RoundRequest { source: Some("work".to_owned()), pull, push };
        self.handle.round(wanted).await.unwrap().remove(0)
    }

    /// Reads and sends, however that ends.
    pub async fn tries(&self) {
        let wanted = RoundRequest { source: Some("work".to_owned()), pull: true, push: true };
        // A round that cannot be made says so; what it left behind is what counts.
        let _ = self.handle.round(wanted).await;
    }

    /// Reads everything; that has to work.
    pub async fn reads(&self) -> RoundReport {
        let report = self.round(true, false).await;
        assert_eq!((&report.failed, report.unreachable, report.sign_in), (&None, false, false));
        report
    }

    /// Sends what waits without reading the list before: what the server has is learnt from its refusals.
    pub async fn sends(&self) -> RoundReport {
        self.round(false, true).await
    }

    /// Reads, then sends.
    pub async fn syncs(&self) -> RoundReport {
        self.round(true, true).await
    }

    /// Makes a record; answers its local key.
    pub async fn creates(&self, stage: &Stage, id: Option<&str>, text: &str) -> Result<Saved, Fault> {
        let new = CreateRecord {
            source: "work".to_owned(),
            collection: stage.server.collection(),
            text: Some(text.to_owned()),
            id: id.map(str::to_owned),
        };
        self.handle.create_record(new).await
    }

    /// A record by its local key.
    pub async fn by_key(&self, key: &str) -> RecordView {
        self.handle.record(RecordKey { key: key.to_owned() }).await.unwrap()
    }

    /// Runs the check-up, and expects this grade.
    pub async fn checks(&self, grade: Option<Grade>) -> CheckReport {
        let check = CheckUp { source: "work".to_owned(), collection: None };
        let report = self.handle.check_up(check).await.unwrap().remove(0);
        assert!(grade.is_none_or(|grade| grade == report.grade), "{report:?}");
        report
    }

    /// The source as the sidebar shows it.
    pub async fn source(&self) -> SourceView {
        self.handle.sources().await.unwrap().remove(0)
    }

    /// "Sync now".
    pub async fn syncs_now(&self) {
        self.handle.sync_now(SyncNow { source: None }).await.unwrap();
    }

    /// Number and text of the newest version in a record's history that holds this text.
    pub async fn version_with(&self, key: &str, text: &str) -> Option<u32> {
        let history = self.handle.history(RecordKey { key: key.to_owned() }).await.unwrap();
        for entry in history.iter().rev().filter(|entry| entry.restorable) {
            let version = VersionKey { key: key.to_owned(), version: entry.version };
            let kept = self.handle.version(version).await.unwrap();
            if kept.text.is_some_and(|kept| kept.contains(text)) {
                return Some(entry.version);
            }
        }
        None
    }

    /// How many records wait in the outbox, and how many need the person.
    pub async fn waiting(&self) -> (u32, u32) {
        let status = self.handle.status().await.unwrap();
        (status.outbox, status.needs_you)
    }
}

impl On<'_> {
    /// Its local key.
    pub async fn key(&self) -> RecordKey {
        RecordKey { key: self.person.handle.find(&self.address).await.unwrap().to_string() }
    }

    /// The record as the window shows it; `None` = it is not there (any more).
    pub async fn view(&self) -> Option<RecordView> {
        let key = self.person.handle.find(&self.address).await.ok()?;
        match self.person.handle.record(RecordKey { key: key.to_string() }).await {
            Ok(view) => Some(view),
            Err(fault) => {
                assert_eq!(fault.code(), ErrorCode::NotFound, "{fault}");
                None
            }
        }
    }

    /// Its state; `None` = it is not there (any more).
    pub async fn state(&self) -> Option<RecordState> {
        self.view().await.map(|view| view.state)
    }

    /// Its text as the person sees it.
    pub async fn text(&self) -> String {
        let key = self.person.handle.find(&self.address).await.unwrap();
        let version = self.person.handle.version_bytes(key, Which::Current).await.unwrap();
        String::from_utf8(version.body.unwrap().bytes.to_vec()).unwrap()
    }

    /// Its validator, as of the last synced version.
    pub async fn tag(&self) -> Option<String> {
        self.view().await.unwrap().validator
    }

    /// Sets a field.
    pub async fn sets(&self, pointer: &str, json: &str) -> Result<Saved, Fault> {
        let view = self.view().await.unwrap();
        let set = BodyOperation::Set { pointer: pointer.to_owned(), json: json.to_owned() };
        let edit = SaveEdit { key: view.key, based_on_rev: view.rev, operations: vec![set] };
        self.person.handle.save_edit(edit).await
    }

    /// Replaces the whole text; that has to work.
    pub async fn replaces(&self, text: &str) {
        let view = self.view().await.unwrap();
        let text = BodyOperation::Replace { text: text.to_owned() };
        let edit = SaveEdit { key: view.key, based_on_rev: view.rev, operations: vec![text] };
        self.person.handle.save_edit(edit).await.unwrap();
    }

    /// Sets a field; that has to work.
    pub async fn set(&self, pointer: &str, json: &str) {
        self.sets(pointer, json).await.unwrap();
    }

    /// Deletes it.
    pub async fn delete(&self) {
        let key = self.key().await;
        self.person.handle.delete_record(key).await.unwrap();
    }

    /// Keeps it back, or releases it.
    pub async fn hold(&self, held: bool) {
        let keys = vec![self.key().await.key];
        self.person.handle.hold(Hold { keys, held }).await.unwrap();
    }

    /// Waits until it has this state.
    pub async fn comes_to(&self, state: Option<RecordState>) {
        eventually(&format!("{} is {state:?}", self.address), || async { self.state().await == state }).await;
    }

    /// The merge screen.
    pub async fn merge(&self) -> MergeView {
        let key = self.key().await;
        self.person.handle.merge(key).await.unwrap()
    }

    /// Decides the row of a field on the screen as it is now.
    pub async fn decide(&self, pointer: &str, choice: Choice) -> MergeView {
        let view = self.merge().await;
        let row = row(&view, pointer).row;
        let decide =
            Decide { key: view.key, rows: vec![row], choice, json: None, ready: None, seen: view.seen };
        self.person.handle.decide(decide).await.unwrap()
    }

    /// Queues the merged record, for the version of the server that is known now.
    pub async fn resolve(&self) {
        let view = self.merge().await;
        self.resolve_seen(&view.seen, None).await.unwrap();
    }

    /// Takes one side for every open row.
    pub async fn resolve_all(&self, side: Side) {
        let view = self.merge().await;
        self.resolve_seen(&view.seen, Some(side)).await.unwrap();
    }

    /// Sends, is refused because somebody changed the record too, takes what was put together, and sends that.
    pub async fn sends_merged(&self) {
        self.person.sends().await;
        assert_eq!(self.state().await, Some(RecordState::NeedsYou));
        self.resolve().await;
        self.person.sends().await;
    }

    /// Takes the last merge of it back.
    pub async fn undoes(&self, to: Option<Side>) -> UndoneHow {
        let undo = UndoMerge { key: self.key().await.key, version: None, to };
        self.person.handle.undo_merge(undo).await.unwrap().how
    }

    /// Queues the merged record for a version of the server that was looked at.
    pub async fn resolve_seen(&self, seen: &str, all: Option<Side>) -> Result<Saved, Fault> {
        let RecordKey { key } = self.key().await;
        self.person.handle.resolve(Resolve { key, seen: Some(seen.to_owned()), all }).await
    }
}

/// Settings of the source that change nothing.
pub fn nothing_set() -> SetSource {
    SetSource { name: "work".to_owned(), policy: None, allow_unprotected: None, user: None, secret: None }
}

/// The row of a field.
pub fn row<'a>(view: &'a MergeView, pointer: &str) -> &'a ipc_types::MergeRow {
    let found = view.rows.iter().find(|row| row.field.pointer == pointer);
    found.unwrap_or_else(|| panic!("no row {pointer} in {:?}", pointers(view)))
}

/// The fields on the merge screen, with whether they need a choice.
pub fn pointers(view: &MergeView) -> Vec<(String, bool)> {
    view.rows.iter().map(|row| (row.field.pointer.clone(), row.open)).collect()
}
