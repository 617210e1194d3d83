//! [`SyncHandle`]: the engine as the window and the command line use it.

mod adding;
pub(crate) mod authors;
pub(crate) mod batch;
mod colleague;
mod command_line;
mod deciding;
mod edits;
pub(crate) mod external;
mod external_back;
pub(crate) mod looked;
mod merging;
mod needs_you;
mod outbox;
pub(crate) mod past;
mod records;
pub(crate) mod rights;
mod round;
mod rules;
pub(crate) mod sample;
mod sources;
mod status;
pub(crate) mod taking;
pub(crate) mod typed;
pub(crate) mod unused;

pub(crate) use deciding::Decided;
pub(crate) use records::context;

pub use command_line::{ConflictHead, ListRequest, ListedRecord};
#[cfg(test)]
pub(crate) use deciding::decided;
pub use merging::ConflictRow;
pub use records::{VersionBytes, Which};
pub use round::{RoundReport, RoundRequest};

use crate::desk::Applied;
use crate::engine::Inner;
use crate::fault::{Answered, Fault};
use crate::keychain::Keychain;
use crate::transport::{HttpTransport, Transport};
use crate::{clock, view};
use ipc_types::{ErrorCode, Event as Told, Saved};
use record_store::{OpenError, Priority, Store};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use sync_engine::{Event, LocalKey, Record};
use tokio::sync::broadcast;

/// How the data folder is opened.
#[derive(Clone)]
pub struct Options {
    /// The data folder.
    pub home: PathBuf,
    /// Only to read, without the lock.
    pub read_only: bool,
    /// How long to wait for another program to let go of the lock.
    pub patience: Duration,
    /// Another transport than HTTP (tests).
    pub transport: Option<Arc<dyn Transport>>,
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options")
            .field("home", &self.home)
            .field("read_only", &self.read_only)
            .finish_non_exhaustive()
    }
}

impl Options {
    /// For the window, and for commands that write.
    pub fn window(home: impl Into<PathBuf>) -> Self {
        Self { home: home.into(), read_only: false, patience: Duration::from_secs(5), transport: None }
    }

    /// For commands that only read: without the lock, beside a running window.
    pub fn reading(home: impl Into<PathBuf>) -> Self {
        Self { read_only: true, ..Self::window(home) }
    }
}

/// The engine in use. Cheap to clone.
#[derive(Clone, Debug)]
pub struct SyncHandle {
    pub(crate) inner: Arc<Inner>,
}

const OFFLINE: &str = "offline";

impl SyncHandle {
    /// Opens the data folder. Nothing is sent or read before [`SyncHandle::start`] or a round.
    ///
    /// # Errors
    /// The folder is locked by another program (named), damaged, or from a newer version.
    pub async fn open(options: Options) -> Answered<Self> {
        let (home, patience) = (options.home.clone(), options.patience);
        let open = move || match options.read_only {
            true => Store::open_read_only(&home),
            false => Store::open_waiting(&home, patience),
        };
        let store = tokio::task::spawn_blocking(open)
            .await
            .map_err(|_| Fault::new(ErrorCode::Internal, "The data folder could not be opened."))?
            .map_err(|e: OpenError| Fault::from(e))?;
        let transport = match options.transport {
            Some(transport) => transport,
            None => {
                Arc::new(HttpTransport::new().map_err(|e| Fault::new(ErrorCode::Internal, e.to_string()))?)
            }
        };
        let keychain = Keychain::new(&options.home);
        let inner = Arc::new(Inner::new(store, transport, keychain));
        inner.tools.prepare(&options.home);
        let offline = inner.store.read(|r| r.setting(OFFLINE)).await?;
        inner.offline.store(offline.as_deref() == Some("yes"), Ordering::Relaxed);
        inner.reload().await?;
        if inner.store.writable() {
            inner.stop_old_batches().await?;
        }
        let handle = Self { inner };
        handle.note_device().await?;
        Ok(handle)
    }

    /// Starts reading and sending by itself, and takes back what other programs saved while this one was closed.
    pub fn start(&self) {
        if !self.inner.started.swap(true, Ordering::Relaxed) {
            tokio::spawn(Arc::clone(&self.inner).drive());
            tokio::spawn(Arc::clone(&self.inner).keep_clean());
            tokio::spawn(Arc::clone(&self.inner).watch_records());
            tokio::spawn(self.clone().take_what_was_left());
        }
    }

    /// Stops reading and sending. What is on the wire is looked up at the next start.
    pub async fn stop(&self) {
        self.inner.stop.send_replace(true);
        // A last flush in order: whatever was asked to be written before is written after this.
        let _ = self.inner.store.write(Priority::Sync, |_| Ok(())).await;
    }

    /// What changes from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Told> {
        self.inner.hub.subscribe()
    }

    /// One event of a person for one record: durable when this answers.
    pub(crate) async fn act(&self, key: LocalKey, event: Event) -> Answered<Saved> {
        let applied = self.inner.store.try_write(Priority::Person, self.inner.stepping(key, event)).await?;
        self.saved(&applied)
    }

    pub(crate) fn saved(&self, applied: &Applied) -> Answered<Saved> {
        let now = clock::now();
        self.inner.figures.saved_at.store(now.0, Ordering::Relaxed);
        if let Some(record) = &applied.record {
            self.shown(record);
        }
        self.inner.told(applied);
        self.inner.wake.notify_one();
        let rev = applied.record.as_ref().map_or(0, |r| r.rev.0);
        Ok(Saved {
            key: applied.key.to_string(),
            state: applied.state.map(view::state_of),
            rev: u32::try_from(rev).unwrap_or(u32::MAX),
            saved_at: now.0,
        })
    }

    /// Remembers what the person sees of a record, for edits "based on" it.
    pub(crate) fn shown(&self, record: &Record) {
        if let Some(body) = record.visible() {
            self.inner.shown.note(record.key, record.rev.0, body);
        }
    }

    pub(crate) async fn load(&self, key: LocalKey) -> Answered<Record> {
        let record = self.inner.store.read(move |r| r.load(key)).await?;
        record.ok_or_else(|| Fault::missing("such record any more"))
    }
}

/// A local key as it crosses to the window.
pub(crate) fn key(text: &str) -> Answered<LocalKey> {
    text.parse().map(LocalKey).map_err(|_| Fault::missing(format!("record \"{text}\"")))
}

/// The folder for application data of this system; `MATCHBOOK_HOME` goes first.
pub fn default_home() -> Option<PathBuf> {
    let var = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    if let Some(home) = var("MATCHBOOK_HOME") {
        return Some(home);
    }
    #[cfg(target_os = "macos")]
    let folder = var("HOME").map(|home| home.join("Library/Application Support"));
    #[cfg(target_os = "windows")]
    let folder = var("APPDATA");
    #[cfg(not(any(target_os = "macos", target_os = "windows")))]
    let folder = var("XDG_DATA_HOME").or_else(|| var("HOME").map(|home| home.join(".local/share")));
    folder.map(|folder| folder.join("matchbook"))
}
