//! "Open in ...": the versions of a merge as files in another program, and its result back as decisions (M57).
//!
//! The files are in a folder of the data folder that only this person can read. The program is started without a shell.
//! Nothing it gives back is ever sent by itself.

use super::deciding::off_thread;
use super::{Decided, SyncHandle, key};
use crate::clock;
use crate::external::{About, Command, Files, Preset, presets};
use crate::fault::{Answered, Fault};
use crate::view::{self, MergeState, ViewContext};
use ipc_types::{
    ErrorCode, ExternalStanding, ExternalTools, ExternalView, LeaveExternal, MergeView, RecordKey,
    SetExternalTool, ToolPreset,
};
use record_store::{Priority, Tx};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use sync_engine::LocalKey;

const SETTING: &str = "external_tool";

/// What is open in another program, or came back from it.
#[derive(Debug, Default)]
pub(crate) struct Tools {
    opened: Mutex<BTreeMap<LocalKey, Opened>>,
    /// Number of the last opening.
    last: AtomicU64,
    home: OnceLock<PathBuf>,
}

#[derive(Clone, Debug)]
pub(super) struct Opened {
    pub view: ExternalView,
    /// What its result made of the decisions.
    pub taken: Option<Decided>,
    /// Tells this opening from later ones of the same record.
    pub number: u64,
    /// Where its files are, once they are written.
    folder: Option<PathBuf>,
}

impl Tools {
    pub(super) fn with<T>(&self, change: impl FnOnce(&mut BTreeMap<LocalKey, Opened>) -> T) -> T {
        change(&mut self.opened.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The record is open in this program from now on: its number, and what was there before. The name of the program it is
    /// open in already, if it is: two at once would give back two results.
    pub(super) fn begin(&self, key: LocalKey, name: &str) -> Result<(u64, Option<Opened>), String> {
        let number = self.last.fetch_add(1, Ordering::Relaxed);
        let view = ExternalView {
            name: name.to_owned(),
            standing: ExternalStanding::Open,
            words: format!("Open in {name}. Nothing changes here before it is closed."),
            at: clock::now().0,
            can_undo: false,
        };
        self.with(|all| match all.get(&key) {
            Some(open) if open.view.standing == ExternalStanding::Open => Err(open.view.name.clone()),
            _ => Ok((number, all.insert(key, Opened { view, taken: None, number, folder: None }))),
        })
    }

    /// It could not be opened: all is as it was before.
    fn give_up(&self, key: LocalKey, number: u64, before: Option<Opened>) {
        self.with(|all| {
            if all.get(&key).is_some_and(|opened| opened.number == number) {
                match before {
                    Some(before) => all.insert(key, before),
                    None => all.remove(&key),
                };
            }
        });
    }

    /// The files of an opening are here.
    pub(super) fn files_in(&self, key: LocalKey, number: u64, folder: &Path) {
        self.with(|all| {
            if let Some(opened) = all.get_mut(&key).filter(|opened| opened.number == number) {
                opened.folder = Some(folder.to_owned());
            }
        });
    }

    /// Says where the data folder is.
    pub fn prepare(&self, home: &Path) {
        let _ = self.home.set(home.to_owned());
    }

    pub(super) fn home(&self) -> PathBuf {
        self.home.get().cloned().unwrap_or_default()
    }
}

impl SyncHandle {
    /// The program that is chosen, and those that are known.
    ///
    /// # Errors
    /// Those of the disk.
    pub async fn external_tools(&self) -> Answered<ExternalTools> {
        let command = self.inner.store.read(|r| r.setting(SETTING)).await?;
        off_thread(move || {
            let shown = |preset: &Preset| ToolPreset {
                id: preset.id.to_owned(),
                name: preset.name.to_owned(),
                command: preset.command.to_owned(),
                found: preset.found(),
            };
            let name =
                command.as_deref().and_then(|text| Command::read(text).ok()).map(|command| command.name());
            Ok(ExternalTools { command, name, presets: presets().iter().map(shown).collect() })
        })
        .await
    }

    /// Chooses the program.
    ///
    /// # Errors
    /// A command without `{result}`, or with quotation marks that do not end.
    pub async fn set_external_tool(&self, wanted: SetExternalTool) -> Answered<ExternalTools> {
        let command = wanted.command.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        if let Some(text) = &command {
            Command::read(text).map_err(|error| Fault::bad(error.to_string()))?;
        }
        let work = move |tx: &mut Tx<'_>| Ok::<_, Fault>(tx.set_setting(SETTING, command.as_deref())?);
        self.inner.store.try_write(Priority::Person, work).await?;
        self.external_tools().await
    }

    /// Opens the versions of a merge in the program. Answers at once; the result comes back when the program ends.
    ///
    /// # Errors
    /// No program is chosen, or it cannot be started; the record is open in it already, or is no text.
    pub async fn open_external(&self, wanted: RecordKey) -> Answered<MergeView> {
        let key = key(&wanted.key)?;
        let command = self.inner.store.read(|r| r.setting(SETTING)).await?;
        let command = command.ok_or_else(|| {
            Fault::new(
                ErrorCode::NotNow,
                "No other program is chosen yet. Choose one first: More, Open in another program.",
            )
        })?;
        let command = Command::read(&command).map_err(|error| Fault::bad(error.to_string()))?;
        let name = command.name();
        let (number, before) = self.inner.tools.begin(key, &name).map_err(|name| {
            Fault::new(ErrorCode::NotNow, format!("It is open in {name} already. Close it there first."))
        })?;
        if let Err(fault) = self.hand_over(key, number, name, &command).await {
            self.inner.tools.give_up(key, number, before);
            return Err(fault);
        }
        self.merge_by_key(key).await
    }

    /// Writes the files, starts the program, and waits for its end beside everything else.
    async fn hand_over(&self, key: LocalKey, number: u64, name: String, command: &Command) -> Answered<()> {
        let looked = std::sync::Arc::clone(&self.inner.looked);
        let home = self.inner.tools.home();
        let write = move |_: &ViewContext<'_>, state: &MergeState<'_>| {
            looked.note(state.record);
            let versions = view::versions(state);
            let about = About {
                key: state.record.key.0,
                name,
                seen: view::seen_of(state.record),
                ending: versions.ending.to_owned(),
                pid: None,
                left: false,
                stays: false,
            };
            let files =
                Files::write(&home, &versions, &about).map_err(|error| Fault::bad(error.to_string()))?;
            Ok((about, files))
        };
        let (mut about, files) = self.look_at_merge(key, write).await?;
        let child = command.start(&files).map_err(|error| {
            files.remove();
            Fault::bad(error.to_string())
        })?;
        about.pid = Some(child.id());
        if let Err(error) = about.write(&files.folder) {
            // A later start takes its result at once and does not wait for it.
            tracing::warn!(%error, "the number of the other program could not be noted");
        }
        self.inner.tools.files_in(key, number, &files.folder);
        self.wait_for(about, files, number, move |files| Some(files.wait(child)))
    }

    /// The person is done with what the program gave back, or does not wait for it any more: what it gives back later
    /// is left alone.
    ///
    /// # Errors
    /// The record has no merge any more.
    pub async fn leave_external(&self, leave: LeaveExternal) -> Answered<MergeView> {
        let key = key(&leave.key)?;
        let opened = self.inner.tools.with(|all| all.remove(&key));
        if let Some(opened) = opened.as_ref().filter(|o| o.view.standing == ExternalStanding::Open)
            && let Some(folder) = opened.folder.clone()
        {
            off_thread(move || {
                crate::external::leave(&folder);
                Ok(())
            })
            .await?;
        }
        if let (true, Some(taken)) = (leave.undo, opened.and_then(|opened| opened.taken)) {
            self.take_step_back(key, taken).await?;
        }
        self.merge_by_key(key).await
    }

    /// Where the program stands with a record.
    pub(crate) fn external_of(&self, key: LocalKey) -> Option<ExternalView> {
        self.inner.tools.with(|all| all.get(&key).map(|opened| opened.view.clone()))
    }
}
