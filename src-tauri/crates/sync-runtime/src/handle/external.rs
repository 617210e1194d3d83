//! "Open in ...": the versions of a merge as files in another program, and its result back as decisions (M57).
//!
//! The files are in a folder of the data folder that only this person can read. The program is started without a shell.
//! Nothing it gives back is ever sent by itself.

use super::deciding::off_thread;
use super::{Decided, SyncHandle, key, typed};
use crate::clock;
use crate::external::{Command, Fetched, Files, Preset, clean, presets};
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
struct Opened {
    view: ExternalView,
    /// What its result made of the decisions.
    taken: Option<Decided>,
    /// Tells this opening from later ones of the same record.
    number: u64,
}

impl Tools {
    fn with<T>(&self, change: impl FnOnce(&mut BTreeMap<LocalKey, Opened>) -> T) -> T {
        change(&mut self.opened.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The record is open in this program from now on: its number, and what was there before. The name of the program it is
    /// open in already, if it is: two at once would give back two results.
    fn begin(&self, key: LocalKey, name: &str) -> Result<(u64, Option<Opened>), String> {
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
            _ => Ok((number, all.insert(key, Opened { view, taken: None, number }))),
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

    /// Says where the data folder is. Files that an app left which was killed go, if this program may write.
    pub fn prepare(&self, home: &Path, writable: bool) {
        let _ = self.home.set(home.to_owned());
        if writable {
            clean(home);
        }
    }

    fn home(&self) -> PathBuf {
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
            let files = Files::write(&home, state.record.key.0, &view::versions(state))
                .map_err(|error| Fault::bad(error.to_string()))?;
            Ok((view::seen_of(state.record), files))
        };
        let (seen, files) = self.look_at_merge(key, write).await?;
        let child = command.start(&files).map_err(|error| Fault::bad(error.to_string()))?;
        let handle = self.clone();
        let runtime = tokio::runtime::Handle::current();
        // A program can be open for hours: it gets a thread of its own.
        let waiting = std::thread::Builder::new().name("other program".into()).spawn(move || {
            let fetched = files.wait(child);
            runtime.block_on(handle.came_back(key, number, &seen, &name, fetched));
        });
        waiting
            .map(drop)
            .map_err(|error| Fault::new(ErrorCode::Internal, format!("It could not be waited for: {error}.")))
    }

    async fn came_back(&self, key: LocalKey, number: u64, seen: &str, name: &str, fetched: Fetched) {
        // The person does not wait for it any more.
        let waits = self.inner.tools.with(|all| {
            all.get(&key).is_some_and(|o| o.number == number && o.view.standing == ExternalStanding::Open)
        });
        if !waits {
            return;
        }
        let (standing, words, taken) = match fetched {
            Fetched::Unchanged(words) => (ExternalStanding::Unchanged, words, None),
            Fetched::Failed(words) => (ExternalStanding::Failed, words, None),
            Fetched::Result(bytes) => self.take_result(key, seen, name, bytes).await,
        };
        self.inner.tools.with(|all| {
            if let Some(opened) = all.get_mut(&key) {
                opened.view.standing = standing;
                opened.view.words = words;
                opened.view.at = clock::now().0;
                opened.view.can_undo = taken.is_some();
                opened.taken = taken;
            }
        });
        self.inner.hub.conflict(key);
    }

    /// A result becomes decisions; one that is not in order is kept as typed source.
    async fn take_result(
        &self,
        key: LocalKey,
        seen: &str,
        name: &str,
        bytes: Vec<u8>,
    ) -> (ExternalStanding, String, Option<Decided>) {
        let text = String::from_utf8(bytes.clone()).ok();
        match self.take_source(key, seen.to_owned(), bytes).await {
            Ok(taken) => {
                let misfits = self.misfits(key).await;
                let care = match misfits.as_slice() {
                    [] => String::new(),
                    [one] => format!(" {one}"),
                    [one, rest @ ..] => format!(" {one} {} more fields do not fit.", rest.len()),
                };
                let words = format!(
                    "{name} gave back a result. Look at it: nothing is sent before you send it.{care}"
                );
                (ExternalStanding::Taken, words, Some(taken))
            }
            Err(fault) => {
                let kept = match text {
                    Some(text) => {
                        let work = move |tx: &mut Tx<'_>| typed::keep_source(tx, key, text);
                        self.inner.store.try_write(Priority::Person, work).await.is_ok()
                    }
                    None => false,
                };
                let place = if kept { " Its text is kept under Show source." } else { "" };
                let words = format!("What {name} gave back was not taken. {}{place}", fault.0.words);
                (ExternalStanding::Failed, words, None)
            }
        }
    }

    /// What the schema says against the result so far, as sentences.
    async fn misfits(&self, key: LocalKey) -> Vec<String> {
        self.look_at_merge(key, |ctx, state| {
            let fields = view::result_body(state).map(|body| view::misfits(ctx, &body)).unwrap_or_default();
            Ok(fields.into_iter().map(|field| format!("{}: {}", field.label, field.words)).collect())
        })
        .await
        .unwrap_or_default()
    }

    /// The person is done with what the program gave back, or does not wait for it any more: what it gives back later
    /// is left alone.
    ///
    /// # Errors
    /// The record has no merge any more.
    pub async fn leave_external(&self, leave: LeaveExternal) -> Answered<MergeView> {
        let key = key(&leave.key)?;
        let opened = self.inner.tools.with(|all| all.remove(&key));
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
