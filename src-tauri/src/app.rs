//! What lives as long as the app: the engine, the demo server, the tour.

use crate::{demo, tour::Guide};
use ipc_types::{ErrorReply, Tour, TourAction};
use std::path::PathBuf;
use sync_runtime::{Options, SyncHandle};
use tokio::sync::Mutex;

/// The state behind every command.
pub struct App {
    home: PathBuf,
    engine: Result<SyncHandle, ErrorReply>,
    server: Mutex<Option<demo_server::Server>>,
    guide: Mutex<Guide>,
}

impl App {
    /// Opens the data folder. The app starts also when that fails: every command then says why, and nothing is
    /// written.
    ///
    /// With `demo`, a data folder without sources gets the demo and its tour at once.
    pub async fn open(home: PathBuf, demo: bool) -> Self {
        let engine = SyncHandle::open(Options::window(home.clone())).await.map_err(|fault| fault.0);
        let app = Self { home, engine, server: Mutex::default(), guide: Mutex::default() };
        if let Ok(engine) = &app.engine {
            let sources = engine.sources().await.unwrap_or_default();
            let begin = demo && sources.is_empty();
            if begin || sources.iter().any(|s| s.demo) {
                // Without the demo server the other sources work all the same; its own says "no connection".
                let _ = app.demo().await;
            }
            engine.start();
            if begin {
                let _ = app.tour_step(TourAction::Start).await;
            }
        }
        app
    }

    /// The engine, or why there is none.
    pub fn engine(&self) -> Result<&SyncHandle, ErrorReply> {
        self.engine.as_ref().map_err(Clone::clone)
    }

    /// The demo server and its source, started and made if they are not there.
    pub async fn demo(&self) -> Result<String, ErrorReply> {
        let engine = self.engine()?;
        let mut server = self.server.lock().await;
        if server.is_none() {
            *server = Some(demo::start(&self.home).await?);
        }
        match server.as_ref() {
            Some(server) => {
                demo::connect(engine, server).await.map_err(|fault| fault.0)?;
                Ok(server.base_url())
            }
            None => Err(demo::failed("The demo server is not there.")),
        }
    }

    /// Where the tour stands.
    pub async fn tour(&self) -> Result<Tour, ErrorReply> {
        self.guide.lock().await.view(self.engine()?).await
    }

    /// One step of the tour.
    pub async fn tour_step(&self, action: TourAction) -> Result<Tour, ErrorReply> {
        let engine = self.engine()?;
        let address = match action {
            TourAction::Leave => None,
            _ => Some(self.demo().await?),
        };
        self.guide.lock().await.act(engine, action, address).await
    }

    /// Stops the engine in order: what is committed stays, what is on the wire is looked up at the next start.
    pub async fn close(&self) {
        if let Ok(engine) = &self.engine {
            engine.stop().await;
        }
        if let Some(server) = self.server.lock().await.take() {
            server.stop().await;
        }
    }
}
