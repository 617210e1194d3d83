//! The four-step tour (picture 09). Steps are counted here; what they do goes through the engine like everything a
//! person does. The colleague is another client of the same server.

use crate::demo;
use ipc_types::{
    BodyOperation, ErrorReply, RecordKey, RecordState, SaveEdit, SetOffline, SyncNow, Tour, TourAction,
};
use sync_runtime::SyncHandle;

/// The record of the tour: its id in the sample data.
const ID: &str = "T-142";
const COLLECTION: &str = "tools";
/// Steps: go offline, edit, a colleague edits, reconnect and merge; then done.
const LAST: u32 = 4;
/// Longest wait for the first reading.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(8);

/// Where the tour stands.
#[derive(Debug, Default)]
pub struct Guide {
    step: u32,
    colleague: Option<String>,
}

impl Guide {
    /// As the window shows it.
    pub async fn view(&self, engine: &SyncHandle) -> Result<Tour, ErrorReply> {
        let source = engine.sources().await.map_err(|f| f.0)?.into_iter().find(|s| s.demo).map(|s| s.name);
        let key = match &source {
            Some(source) => record(engine, source).await,
            None => None,
        };
        Ok(Tour {
            active: self.step > 0,
            step: self.step.max(1),
            key,
            collection: source.as_ref().map(|_| COLLECTION.to_owned()),
            source,
            colleague: self.colleague.clone(),
        })
    }

    /// Does what the person asked.
    pub async fn act(
        &mut self,
        engine: &SyncHandle,
        action: TourAction,
        address: Option<String>,
    ) -> Result<Tour, ErrorReply> {
        match action {
            TourAction::Start => {
                self.step = 1;
                self.colleague = None;
                engine.sync_now(SyncNow::default()).await.map_err(|f| f.0)?;
                wait_for_record(engine).await;
            }
            TourAction::Leave => self.step = 0,
            TourAction::DoIt => self.do_it(engine, address.as_deref()).await?,
            TourAction::Next => {
                self.prepare_next(engine, address.as_deref()).await?;
                self.step = if self.step > LAST { 0 } else { self.step + 1 };
            }
        }
        self.view(engine).await
    }

    /// The present step, done for the person; the step itself stays, so that they see what was done.
    async fn do_it(&mut self, engine: &SyncHandle, address: Option<&str>) -> Result<(), ErrorReply> {
        match self.step {
            1 => offline(engine, true).await,
            2 => edit(engine).await,
            3 => self.colleague_edits(engine, address).await,
            4 => offline(engine, false).await,
            _ => Ok(()),
        }
    }

    /// "Next" goes on only with what the next step needs.
    async fn prepare_next(&mut self, engine: &SyncHandle, address: Option<&str>) -> Result<(), ErrorReply> {
        match self.step {
            1 => offline(engine, true).await,
            2 if !edited(engine).await? => edit(engine).await,
            3 if self.colleague.is_none() => self.colleague_edits(engine, address).await,
            4 => offline(engine, false).await,
            _ => Ok(()),
        }
    }

    /// The colleague reads the record and writes it back with `If-Match`, as anybody would.
    async fn colleague_edits(
        &mut self,
        engine: &SyncHandle,
        address: Option<&str>,
    ) -> Result<(), ErrorReply> {
        let Some(address) = address else { return Err(demo::failed("The demo server is not there.")) };
        let changes = [
            BodyOperation::Set { pointer: "/deposit".to_owned(), json: "15.00".to_owned() },
            BodyOperation::Set { pointer: "/status".to_owned(), json: "\"in_repair\"".to_owned() },
        ];
        engine.colleague_writes(address, COLLECTION, ID, "Ines Duarte", &changes).await.map_err(|f| f.0)?;
        self.colleague = Some("Ines Duarte set the deposit to 15.00 and the status to In repair.".to_owned());
        Ok(())
    }
}

async fn offline(engine: &SyncHandle, offline: bool) -> Result<(), ErrorReply> {
    engine.set_offline(SetOffline { offline }).await.map_err(|f| f.0).map(drop)
}

async fn record(engine: &SyncHandle, source: &str) -> Option<String> {
    engine.key_of(source, COLLECTION, ID).await.ok().map(|key| key.to_string())
}

/// The first reading of the demo takes a moment; the tour begins with its record in view.
async fn wait_for_record(engine: &SyncHandle) {
    let mut events = engine.subscribe();
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while demo_record(engine).await.is_err() {
        match tokio::time::timeout_at(deadline, events.recv()).await {
            Ok(Ok(_) | Err(tokio::sync::broadcast::error::RecvError::Lagged(_))) => {}
            _ => return,
        }
    }
}

async fn demo_record(engine: &SyncHandle) -> Result<RecordKey, ErrorReply> {
    let source = engine.sources().await.map_err(|f| f.0)?.into_iter().find(|s| s.demo);
    let key = match source {
        Some(source) => record(engine, &source.name).await,
        None => None,
    };
    key.map(|key| RecordKey { key })
        .ok_or_else(|| demo::failed("The wheelbarrow is not here yet. Wait for the demo garden to be read."))
}

async fn edited(engine: &SyncHandle) -> Result<bool, ErrorReply> {
    let view = engine.record(demo_record(engine).await?).await.map_err(|f| f.0)?;
    Ok(view.state != RecordState::Synced)
}

async fn edit(engine: &SyncHandle) -> Result<(), ErrorReply> {
    let view = engine.record(demo_record(engine).await?).await.map_err(|f| f.0)?;
    let set = BodyOperation::Set { pointer: "/deposit".to_owned(), json: "12.00".to_owned() };
    let edit = SaveEdit { key: view.key, based_on_rev: view.rev, operations: vec![set] };
    engine.save_edit(edit).await.map_err(|f| f.0).map(drop)
}
