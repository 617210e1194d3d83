//! Texts that came back from another program when their merge was over: they are kept, and the person is told, for as long
//! as it takes, also at a later start (M51, M57).

use super::SyncHandle;
use crate::clock;
use crate::fault::{Answered, Fault};
use ipc_types::{ErrorCode, Status, UnusedKey, UnusedText};
use record_store::{Priority, Reader, Tx};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use sync_engine::LocalKey;

const SETTING: &str = "unused_texts";

/// A text that the person is told about until they have seen it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Unused {
    /// Local key of its record.
    key: i64,
    /// Name of the program.
    program: String,
    /// When it came, in milliseconds since 1970 UTC.
    at: i64,
    /// Number of the version in the history that holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    version: Option<u32>,
    /// The file it stays in, where no history could take it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    file: Option<PathBuf>,
}

impl Unused {
    /// One that is a version in the history.
    pub fn version(key: LocalKey, version: u32, program: String) -> Self {
        Self { key: key.0, program, at: clock::now().0, version: Some(version), file: None }
    }

    /// One that stays a file.
    pub fn file(key: LocalKey, file: &Path, program: String) -> Self {
        Self { key: key.0, program, at: clock::now().0, version: None, file: Some(file.to_owned()) }
    }

    /// Its name for the window; it lasts.
    fn id(&self) -> String {
        match (self.version, &self.file) {
            (Some(version), _) => format!("{}-{version}", self.key),
            (None, file) => file.as_deref().map(|file| file.display().to_string()).unwrap_or_default(),
        }
    }

    /// It is still there to be looked at: versions are kept as long as the person wants, and files can be removed.
    fn is_there(&self, reader: &Reader<'_>) -> record_store::Result<bool> {
        match (self.version, &self.file) {
            (Some(version), _) => Ok(reader.version(LocalKey(self.key), version)?.is_some()),
            (None, file) => Ok(file.as_deref().is_some_and(Path::exists)),
        }
    }

    fn shown(&self, reader: &Reader<'_>) -> record_store::Result<UnusedText> {
        let key = LocalKey(self.key);
        let title = match reader.brief(key)? {
            Some(brief) => Some(brief.title),
            None => reader.gone(key)?.map(|gone| gone.title),
        };
        Ok(UnusedText {
            id: self.id(),
            key: key.to_string(),
            title: title.filter(|title| !title.is_empty()),
            program: self.program.clone(),
            at: self.at,
            version: self.version,
            file: self.file.as_deref().map(|file| file.display().to_string()),
        })
    }
}

/// All of them, in the order they came. What cannot be read any more counts as none: the texts themselves are kept elsewhere.
fn read(reader: &Reader<'_>) -> record_store::Result<Vec<Unused>> {
    let text = reader.setting(SETTING)?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

fn write(tx: &mut Tx<'_>, all: &[Unused]) -> Answered<()> {
    let text = (!all.is_empty()).then(|| serde_json::to_string(all)).transpose().map_err(|error| {
        Fault::new(ErrorCode::Internal, format!("The notice could not be kept: {error}."))
    })?;
    Ok(tx.set_setting(SETTING, text.as_deref())?)
}

/// The person is to be told of this one, in the transaction that keeps its text. Those that are not there any more are
/// left out from now on.
pub(crate) fn add(tx: &mut Tx<'_>, one: Unused) -> Answered<()> {
    let mut all = Vec::new();
    for known in read(tx)? {
        if known.id() != one.id() && known.is_there(tx)? {
            all.push(known);
        }
    }
    all.push(one);
    write(tx, &all)
}

/// The first one that the person has not seen yet, for the bar at the bottom edge: one at a time.
pub(crate) fn first(reader: &Reader<'_>) -> record_store::Result<Option<UnusedText>> {
    for one in read(reader)? {
        if one.is_there(reader)? {
            return one.shown(reader).map(Some);
        }
    }
    Ok(None)
}

impl SyncHandle {
    /// The person has seen that a text was not used. The text stays where it is.
    ///
    /// # Errors
    /// Those of the disk.
    pub async fn close_unused(&self, seen: UnusedKey) -> Answered<Status> {
        let work = move |tx: &mut Tx<'_>| {
            let mut all = read(tx)?;
            all.retain(|one| one.id() != seen.id);
            write(tx, &all)
        };
        self.inner.store.try_write(Priority::Person, work).await?;
        self.inner.hub.status();
        self.status().await
    }
}
