//! Starting and stopping.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::serve::ListenerExt;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::options::Options;
use crate::rate::Buckets;
use crate::sample;
use crate::sign_in::Account;
use crate::store::Store;
use crate::surface::{App, router};

/// Name of the database in the data folder.
const FILE: &str = "records.sqlite3";
/// How long open connections may finish when the server stops.
const GRACE: Duration = Duration::from_secs(3);

/// Why a server could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port is taken or not allowed.
    #[error(
        "port {port} on 127.0.0.1 cannot be used ({source}). Choose another port, or 0 for any free one."
    )]
    Port {
        /// The port asked for.
        port: u16,
        /// What the system said.
        source: std::io::Error,
    },
    /// The data folder cannot be made or used.
    #[error(
        "the folder {folder} cannot be used ({source}). Choose another folder, or make this one writable."
    )]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The database is damaged, of another version, or cannot be written.
    #[error("the database {file} cannot be used ({source}). Move it away to start with an empty one.")]
    Database {
        /// The file.
        file: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// The sample data could not be written.
    #[error("the sample data could not be written to {file}. The log says why.")]
    Sample {
        /// The database file.
        file: PathBuf,
    },
}

/// A running server. Dropping it stops it; [`Server::stop`] also waits until it has stopped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    task: Option<JoinHandle<()>>,
}

impl Server {
    /// Where it answers: `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Stops it: no new connections, running requests get their answer (for at most three seconds), the database is
    /// closed. After that the same port and folder can be used again.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        if let Some(task) = self.task.take()
            && let Err(error) = task.await
        {
            tracing::error!(%error, "the server did not stop in order");
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

/// Starts a server on 127.0.0.1, in the background of the current tokio runtime. It answers when this returns.
///
/// # Errors
/// See [`StartError`]; nothing is left running then.
pub async fn start(options: Options) -> Result<Server, StartError> {
    let (folder, temporary) = folder(options.data)?;
    let port = options.port;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|source| StartError::Port { port, source })?;
    let address = listener.local_addr().map_err(|source| StartError::Port { port, source })?;
    let file = folder.join(FILE);
    let store = Store::open(&file, temporary.is_none(), options.on_request.clone())
        .map_err(|source| StartError::Database { file: file.clone(), source })?;
    if options.sample {
        match store.write(sample::seed).await {
            Some(Ok(())) => {}
            Some(Err(fail)) => {
                tracing::error!(?fail, "the sample data could not be written");
                return Err(StartError::Sample { file });
            }
            None => return Err(StartError::Sample { file }),
        }
    }
    let (stop, stopping) = watch::channel(false);
    let app = Arc::new(App {
        store,
        account: options.user.map(|(name, secret)| Account::new(name, &secret)),
        buckets: Buckets::new(options.rate),
        observer: options.on_request,
        stopping: stopping.clone(),
        id_prefix: uuid::Uuid::new_v4().simple().to_string().chars().take(6).collect(),
        next_id: AtomicU64::new(1),
        running: Mutex::new(BTreeSet::new()),
    });
    let task = tokio::spawn(run(listener, app, stopping, temporary));
    Ok(Server { address, stop, task: Some(task) })
}

async fn run(
    listener: TcpListener,
    app: Arc<App>,
    stopping: watch::Receiver<bool>,
    temporary: Option<TempDir>,
) {
    let listener = listener.tap_io(|connection| {
        // Small answers must not wait for more to send.
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "no TCP_NODELAY");
        }
    });
    let serving =
        axum::serve(listener, router(Arc::clone(&app))).with_graceful_shutdown(stopped(stopping.clone()));
    tokio::select! {
        served = async { serving.await } => {
            if let Err(error) = served {
                tracing::error!(%error, "the server ended");
            }
        }
        () = async { stopped(stopping).await; tokio::time::sleep(GRACE).await } => {
            tracing::warn!("connections were still open when the server stopped");
        }
    }
    let closed = tokio::task::spawn_blocking(move || {
        app.store.close();
        drop(temporary);
    });
    if let Err(error) = closed.await {
        tracing::error!(%error, "the database was not closed in order");
    }
}

async fn stopped(mut stopping: watch::Receiver<bool>) {
    // An error means that the server's handle is gone, which stops it too.
    let _ = stopping.wait_for(|stop| *stop).await;
}

fn folder(data: Option<PathBuf>) -> Result<(PathBuf, Option<TempDir>), StartError> {
    match data {
        Some(folder) => match std::fs::create_dir_all(&folder) {
            Ok(()) => Ok((folder, None)),
            Err(source) => Err(StartError::Folder { folder, source }),
        },
        None => match TempDir::with_prefix("demo-server-") {
            Ok(temporary) => Ok((temporary.path().to_owned(), Some(temporary))),
            Err(source) => Err(StartError::Folder { folder: std::env::temp_dir(), source }),
        },
    }
}
