//! The commands, each in a module of its subject.

mod conflicts;
mod edits;
mod merge;
mod past;
mod queue;
mod records;
mod secret;
mod serve;
mod sources;
mod sync;

use crate::args::{Cli, Command};
use crate::exit::{Exit, usage};
use crate::output::Output;
use ipc_types::{ErrorCode, Saved};
use serde::Serialize;
use std::path::{Path, PathBuf};
use sync_engine::LocalKey;
use sync_runtime::{Fault, Options, SyncHandle};

/// Performs a command.
///
/// # Errors
/// In plain words; [`Exit::of`] gives the code.
pub async fn run(cli: Cli, out: &mut Output) -> anyhow::Result<Exit> {
    let home = Home(cli.home);
    match cli.command {
        Command::Serve(args) => serve::serve(args, out).await,
        Command::Source(args) => sources::source(&home, args, out).await,
        Command::Check(args) => sources::check(&home, args, out).await,
        Command::Sync(args) => sync::sync(&home, args, out).await,
        Command::Records(args) => records::records(&home, args, out).await,
        Command::Show(args) => records::show(&home, args, out).await,
        Command::Edit(args) => edits::edit(&home, args, out).await,
        Command::New(args) => edits::new(&home, args, out).await,
        Command::Outbox => queue::outbox(&home, out).await,
        Command::Retry(args) => queue::retry(&home, args, out).await,
        Command::Hold(args) => queue::hold(&home, args, true, out).await,
        Command::Release(args) => queue::hold(&home, args, false, out).await,
        Command::Discard(args) => queue::discard(&home, args, out).await,
        Command::Settle(args) => queue::settle(&home, args, out).await,
        Command::Conflicts => conflicts::list(&home, out).await,
        Command::Conflict(args) => conflicts::rows(&home, args, out).await,
        Command::Decide(args) => conflicts::decide(&home, args, out).await,
        Command::Resolve(args) => conflicts::resolve(&home, args, out).await,
        Command::History(args) => past::history(&home, args, out).await,
        Command::Undo(args) => past::undo(&home, args, out).await,
        Command::Restore(args) => past::restore(&home, args, out).await,
        Command::Merge(args) => merge::merge(args, out),
        Command::Mirror(_) => Err(later("mirror")),
        Command::Export(_) => Err(later("export")),
        Command::Import(_) => Err(later("import")),
    }
}

fn later(name: &str) -> anyhow::Error {
    usage(format!("`{name}` is not there yet; it comes with a later version. Nothing was done."))
}

/// The data folder named on the command line, if any.
pub struct Home(Option<PathBuf>);

impl Home {
    fn folder(&self) -> anyhow::Result<PathBuf> {
        let folder = self.0.clone().filter(|folder| !folder.as_os_str().is_empty());
        folder
            .or_else(sync_runtime::default_home)
            .ok_or_else(|| usage("There is no home folder to keep data in. Name one with --home DIR."))
    }

    /// For commands that write: with the lock, waiting for another program to let go of it.
    async fn open(&self) -> anyhow::Result<SyncHandle> {
        Ok(SyncHandle::open(Options::window(self.folder()?)).await?)
    }

    /// For commands that only read: without the lock. `None`: there is no data yet.
    async fn open_to_list(&self) -> anyhow::Result<Option<SyncHandle>> {
        let folder = self.folder()?;
        match SyncHandle::open(Options::reading(&folder)).await {
            Ok(handle) => Ok(Some(handle)),
            // Only a folder can be empty: anything else is not what was meant.
            Err(fault) if fault.code() == ErrorCode::NotFound && (folder.is_dir() || !folder.exists()) => {
                Ok(None)
            }
            Err(fault) => Err(fault.into()),
        }
    }

    /// As [`Home::open_to_list`], where no data is an error.
    async fn open_to_read(&self) -> anyhow::Result<SyncHandle> {
        Ok(SyncHandle::open(Options::reading(self.folder()?)).await?)
    }
}

/// What writing commands print.
#[derive(Serialize)]
struct Written<'a> {
    record: &'a str,
    state: &'static str,
}

/// The word for a record that is only in the history any more.
const GONE: &str = "gone";

/// Prints what a writing command left behind.
async fn wrote(handle: &SyncHandle, saved: &Saved, out: &mut Output) -> anyhow::Result<Exit> {
    let key = local_key(&saved.key)?;
    state_of(handle, key, out).await?;
    Ok(Exit::Done)
}

/// Prints address and state of a record.
async fn state_of(handle: &SyncHandle, key: LocalKey, out: &mut Output) -> anyhow::Result<()> {
    let (record, state) = handle.address_of(key).await?;
    let state = state.map_or(GONE, |state| state.name());
    if out.json() {
        out.object(&Written { record: &record, state })
    } else {
        out.line(&format!("{record}  {state}"))
    }
}

/// A local key as the engine writes it.
fn local_key(text: &str) -> anyhow::Result<LocalKey> {
    text.parse()
        .map(LocalKey)
        .map_err(|_| Fault::new(ErrorCode::Internal, format!("{text:?} is no record.")).into())
}

/// The bytes of a file named by the person; `-` is standard input.
fn file(path: &Path) -> anyhow::Result<Vec<u8>> {
    let read = if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut bytes).map(|_| bytes)
    } else {
        std::fs::read(path)
    };
    read.map_err(|error| usage(format!("{} cannot be read: {error}.", path.display())))
}
