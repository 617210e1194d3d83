//! What another program gives back: when it is closed, and at a later start if Matchbook was closed before it (M51, M57).

use super::SyncHandle;
use super::deciding::{Decided, off_thread};
use super::taking::{KeptAt, KeptText, Text, TextTaken};
use super::unused::{self, Unused};
use crate::clock;
use crate::external::{About, Fetched, Files, Left, left};
use crate::fault::{Answered, Fault};
use crate::view;
use ipc_types::{ErrorCode, ExternalStanding};
use record_store::{Priority, Tx};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use sync_engine::LocalKey;

/// How often a program is looked at that an earlier run started.
const LOOK: Duration = Duration::from_millis(500);

/// What became of a result.
struct Came {
    standing: ExternalStanding,
    words: String,
    step: Option<Decided>,
    files: Then,
    /// The merge is over: there is no screen that could say it, the person is told elsewhere.
    over: bool,
}

/// What becomes of the files of an opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    /// Nothing is only in them any more.
    Go,
    /// They are looked at again at the next start.
    Wait,
    /// They stay for good: the person was told where they are.
    Stay,
}

impl Came {
    fn failed(words: String, files: Then) -> Self {
        Self { standing: ExternalStanding::Failed, words, step: None, files, over: false }
    }
}

impl SyncHandle {
    /// Waits for the end of a program on a thread of its own: it can be open for hours. If Matchbook is closed before it,
    /// its files stay for the next start; so they do if `wait` answers nothing.
    pub(super) fn wait_for(
        &self,
        about: About,
        files: Files,
        number: u64,
        wait: impl FnOnce(&Files) -> Option<Fetched> + Send + 'static,
    ) -> Answered<()> {
        // The data folder is let go of when Matchbook is closed, whatever is open elsewhere.
        let inner = Arc::downgrade(&self.inner);
        let runtime = tokio::runtime::Handle::current();
        let waiting = std::thread::Builder::new().name("other program".into()).spawn(move || {
            let Some(fetched) = wait(&files) else { return };
            let Some(inner) = inner.upgrade() else { return };
            if *inner.stop.borrow() {
                return;
            }
            runtime.block_on(Self { inner }.came_back(&about, &files, number, fetched));
        });
        waiting
            .map(drop)
            .map_err(|error| Fault::new(ErrorCode::Internal, format!("It could not be waited for: {error}.")))
    }

    async fn came_back(&self, about: &About, files: &Files, number: u64, fetched: Fetched) {
        let key = LocalKey(about.key);
        // The person does not wait for it any more.
        let waits = self.inner.tools.with(|all| {
            all.get(&key).is_some_and(|o| o.number == number && o.view.standing == ExternalStanding::Open)
        });
        if !waits {
            files.remove();
            return;
        }
        let came = match fetched {
            Fetched::Unchanged(words) => {
                Came { standing: ExternalStanding::Unchanged, ..Came::failed(words, Then::Go) }
            }
            Fetched::Failed(words, None) => Came::failed(words, Then::Go),
            Fetched::Failed(words, Some(saved)) => self.keep_result(about, files, words, saved).await,
            Fetched::Stays(words) => self.leave_result(about, files, words).await,
            Fetched::Result(bytes) => self.take_result(about, files, bytes).await,
        };
        match came.files {
            Then::Go => files.remove(),
            Then::Wait => {}
            Then::Stay => {
                if let Err(error) = (About { stays: true, ..about.clone() }).write(&files.folder) {
                    tracing::warn!(%error, "it could not be noted that a result stays");
                }
            }
        }
        // What is told about a merge that is over would stand in the next one of this record.
        let record = self.inner.store.read(move |r| r.load(key)).await;
        let over = came.over || record.is_ok_and(|r| r.is_none_or(|r| r.conflict.is_none()));
        self.inner.tools.with(|all| {
            if over {
                all.remove(&key);
            } else if let Some(opened) = all.get_mut(&key).filter(|opened| opened.number == number) {
                opened.view.standing = came.standing;
                opened.view.words = came.words;
                opened.view.at = clock::now().0;
                opened.view.can_undo = came.step.is_some();
                opened.taken = came.step;
            }
        });
        self.inner.hub.conflict(key);
    }

    /// A result becomes decisions; one that is not in order is kept.
    async fn take_result(&self, about: &About, files: &Files, bytes: Vec<u8>) -> Came {
        let (key, name) = (LocalKey(about.key), &about.name);
        let shown = Some(files.written.clone());
        let text = Text { seen: about.seen.clone(), bytes: bytes.clone(), shown };
        match self.take_source(key, text, Some(name.clone())).await {
            Ok(taken) => {
                let care = care(&self.misfits(key).await);
                let words = format!(
                    "{name} gave back a result. Look at it: nothing is sent before you send it.{}{care}",
                    left_words(&taken, name)
                );
                let came = Came::failed(words, Then::Go);
                Came { standing: ExternalStanding::Taken, step: Some(taken.step), ..came }
            }
            Err(fault) => {
                let words = format!("What {name} gave back was not taken. {}", fault.0.words);
                self.keep_result(about, files, words, bytes).await
            }
        }
    }

    /// What the program saved is kept where the person finds it; else its files stay.
    async fn keep_result(&self, about: &About, files: &Files, words: String, saved: Vec<u8>) -> Came {
        let written = Some(files.written.clone());
        match self.keep_text(LocalKey(about.key), saved, written, about.name.clone()).await {
            Ok(Some(KeptText { at, over })) => {
                if over && matches!(at, KeptAt::History(_)) {
                    self.inner.hub.records([LocalKey(about.key)]);
                }
                let words = match at {
                    KeptAt::Source => format!("{words} Its text is kept {}.", at.words()),
                    KeptAt::Record | KeptAt::History(_) => format!("{words} It is kept {}.", at.words()),
                };
                Came { over, ..Came::failed(words, Then::Go) }
            }
            Ok(None) => self.leave_result(about, files, words).await,
            Err(_) => Came::failed(stays(&words, files), Then::Wait),
        }
    }

    /// What the program saved can be kept nowhere else: it stays a file. Where there is no merge that could say so, the
    /// person is told beside everything else.
    async fn leave_result(&self, about: &About, files: &Files, words: String) -> Came {
        let key = LocalKey(about.key);
        let one = Unused::file(key, &files.result, about.name.clone());
        let work = move |tx: &mut Tx<'_>| {
            let over = tx.load(key)?.is_none_or(|record| record.conflict.is_none());
            if over {
                unused::add(tx, one)?;
            }
            Ok::<_, Fault>(over)
        };
        let words = stays(&words, files);
        match self.inner.store.try_write(Priority::Person, work).await {
            Ok(over) => Came { over, ..Came::failed(words, Then::Stay) },
            Err(_) => Came::failed(words, Then::Wait),
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

    /// At a start: what other programs saved while Matchbook was closed is taken back as if it had been open; one that
    /// is still open is waited for.
    pub(super) async fn take_what_was_left(self) {
        if !self.inner.store.writable() {
            return;
        }
        let home = self.inner.tools.home();
        let found = off_thread(move || Ok(left(&home))).await.unwrap_or_default();
        for (folder, left) in found {
            match left {
                Left::Unknown => tracing::warn!(?folder, "it is not known what was open in another program"),
                Left::Nothing => drop(std::fs::remove_dir_all(&folder)),
                Left::Opening(about) => self.take_opening(folder, about).await,
            }
        }
    }

    async fn take_opening(&self, folder: PathBuf, about: About) {
        if about.stays {
            return;
        }
        let Ok(files) = Files::of(folder, &about) else {
            tracing::warn!(key = about.key, "the files for another program cannot be read");
            return;
        };
        let running = about.is_running(&files.folder);
        if !running && (about.left || matches!(files.fetch(false), Fetched::Unchanged(_))) {
            files.remove();
            return;
        }
        if about.left {
            return;
        }
        // Another result of the same record may be waited for: this one has its turn at a later start.
        let Ok((number, _)) = self.inner.tools.begin(LocalKey(about.key), &about.name) else { return };
        self.inner.tools.files_in(LocalKey(about.key), number, &files.folder);
        if !running {
            let fetched = files.fetch(false);
            self.came_back(&about, &files, number, fetched).await;
            return;
        }
        self.inner.hub.conflict(LocalKey(about.key));
        let inner = Arc::downgrade(&self.inner);
        let again = about.clone();
        let wait = move |files: &Files| {
            while again.is_running(&files.folder) {
                std::thread::sleep(LOOK);
                // Closed again before the program.
                inner.upgrade()?;
            }
            Some(files.fetch(false))
        };
        if let Err(fault) = self.wait_for(about, files, number, wait) {
            tracing::warn!(words = fault.0.words, "another program is not waited for");
        }
    }
}

fn stays(words: &str, files: &Files) -> String {
    format!("{words} Its file stays here: {}", files.result.display())
}

/// Rows that are as they were, and those that were decided here meanwhile.
fn left_words(taken: &TextTaken, name: &str) -> String {
    let mut words = match taken.still_open {
        0 => String::new(),
        1 => " 1 field is as it was; it still needs your choice.".to_owned(),
        many => format!(" {many} fields are as they were; they still need your choice."),
    };
    if let Some(kept) = taken.kept {
        let places = taken.both.join(", ");
        words.push_str(&format!(
            " What you chose here meanwhile stays ({places}). What {name} has there is kept {}.",
            kept.words()
        ));
    }
    words
}

fn care(misfits: &[String]) -> String {
    match misfits {
        [] => String::new(),
        [one] => format!(" {one}"),
        [one, rest @ ..] => format!(" {one} {} more fields do not fit.", rest.len()),
    }
}
