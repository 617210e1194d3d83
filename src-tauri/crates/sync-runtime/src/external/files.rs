//! The files of one merge for another program, and the result that comes back. Beside them is written whose they are,
//! so that what the program saved is taken back also by a later start.

use super::{About, ExternalError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::{Duration, Instant};

/// The folder in the data folder that holds them.
pub(super) const FOLDER: &str = "external";
/// A copy of the result as it was handed out: what comes back is compared with it.
const WRITTEN: &str = "written";
/// Longest result that is read.
const MOST: u64 = 16 << 20;
/// A program that is done sooner has not asked anybody.
const AT_ONCE: Duration = Duration::from_secs(2);
/// Bytes of its own words that are shown.
const WORDS: u64 = 400;

/// The versions of a merge as texts; absent = there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Versions {
    pub before: Option<Vec<u8>>,
    pub server: Option<Vec<u8>>,
    pub yours: Option<Vec<u8>>,
    /// The result so far.
    pub result: Option<Vec<u8>>,
    /// Ending of the file names.
    pub ending: &'static str,
}

/// The files. They stay until what came back is taken and durable ([`Files::remove`]).
#[derive(Debug)]
pub(crate) struct Files {
    pub folder: PathBuf,
    pub before: PathBuf,
    pub server: PathBuf,
    pub yours: PathBuf,
    pub result: PathBuf,
    /// The result as it was handed out.
    pub written: Vec<u8>,
}

/// What came back.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fetched {
    /// Another result than was there before.
    Result(Vec<u8>),
    /// The same; in words.
    Unchanged(String),
    /// Nothing that can be used; in words. What the program saved all the same is beside them.
    Failed(String, Option<Vec<u8>>),
    /// A result that cannot be read here; in words. It stays a file.
    Stays(String),
}

impl Files {
    /// Writes the versions into a new folder that only this person can read, and beside them what `about` says.
    pub fn write(home: &Path, versions: &Versions, about: &About) -> Result<Self, ExternalError> {
        let all = [&versions.before, &versions.server, &versions.yours, &versions.result];
        if all.iter().copied().flatten().any(|bytes| std::str::from_utf8(bytes).is_err()) {
            return Err(ExternalError::NoText);
        }
        let outer = home.join(FOLDER);
        private(&outer)?;
        let folder = outer.join(format!("{}-{}", about.key, uuid::Uuid::new_v4().simple()));
        private(&folder)?;
        let written = versions.result.clone().or_else(|| versions.server.clone()).unwrap_or_default();
        let files = Self::in_folder(folder, versions.ending, written);
        let outcome = files.fill(versions, about);
        if outcome.is_err() {
            files.remove();
        }
        outcome.map(|()| files)
    }

    fn in_folder(folder: PathBuf, ending: &str, written: Vec<u8>) -> Self {
        let path = |name: &str| folder.join(format!("{name}.{ending}"));
        Self {
            before: path("before"),
            server: path("server"),
            yours: path("yours"),
            result: path("result"),
            written,
            folder,
        }
    }

    fn fill(&self, versions: &Versions, about: &About) -> Result<(), ExternalError> {
        let nothing = Vec::new();
        let put = |path: &Path, bytes: &Option<Vec<u8>>| file(path, bytes.as_ref().unwrap_or(&nothing));
        put(&self.before, &versions.before)?;
        put(&self.server, &versions.server)?;
        put(&self.yours, &versions.yours)?;
        file(&self.result, &self.written)?;
        file(&self.folder.join(WRITTEN), &self.written)?;
        about.write(&self.folder)?;
        Ok(())
    }

    /// The files of an opening that is left from before.
    pub fn of(folder: PathBuf, about: &About) -> std::io::Result<Self> {
        let written = std::fs::read(folder.join(WRITTEN))?;
        Ok(Self::in_folder(folder, &about.ending, written))
    }

    /// They are not needed any more.
    pub fn remove(&self) {
        if let Err(error) = std::fs::remove_dir_all(&self.folder) {
            tracing::warn!(%error, "files for another program could not be removed");
        }
    }

    /// Waits until the program ends, and reads what it left.
    pub fn wait(&self, mut child: Child) -> Fetched {
        let began = Instant::now();
        let stderr = child.stderr.take();
        let stdout = child.stdout.take();
        // Both are read while it runs: a full pipe would stop it.
        let reading = std::thread::spawn(move || {
            let _ = stdout.map(|mut from| std::io::copy(&mut from, &mut std::io::sink()));
        });
        let mut words = String::new();
        if let Some(mut from) = stderr {
            let _ = from.by_ref().take(WORDS).read_to_string(&mut words);
            let _ = std::io::copy(&mut from, &mut std::io::sink());
        }
        let ended = child.wait();
        let _ = reading.join();
        match ended {
            Err(error) => self.failed(format!("It could not be waited for: {error}. Nothing changed here.")),
            Ok(status) if !status.success() => {
                let code =
                    status.code().map_or_else(|| "it was stopped".to_owned(), |code| format!("code {code}"));
                let said = words.lines().find(|line| !line.trim().is_empty()).map(str::trim);
                let said = said.map(|line| format!(" It says: \u{201c}{line}\u{201d}.")).unwrap_or_default();
                self.failed(format!(
                    "The program ended without success ({code}). Nothing changed here.{said}"
                ))
            }
            Ok(_) => self.fetch(began.elapsed() < AT_ONCE),
        }
    }

    /// The program failed; what it saved all the same is not lost.
    fn failed(&self, words: String) -> Fetched {
        match self.fetch(false) {
            Fetched::Result(bytes) => Fetched::Failed(words, Some(bytes)),
            Fetched::Stays(_) => Fetched::Stays(words),
            Fetched::Unchanged(_) | Fetched::Failed(..) => Fetched::Failed(words, None),
        }
    }

    /// Reads what a program left that is closed. `at_once`: it was closed as soon as it was opened.
    pub fn fetch(&self, at_once: bool) -> Fetched {
        let failed = |words: String| Fetched::Failed(words, None);
        let found = match std::fs::metadata(&self.result) {
            Err(_) => return failed("The result is not there any more. Nothing changed here.".into()),
            Ok(found) => found,
        };
        if found.len() > MOST {
            return Fetched::Stays(
                "The result is larger than a record may be (16 MiB). Nothing changed here.".into(),
            );
        }
        match std::fs::read(&self.result) {
            Err(error) => {
                Fetched::Stays(format!("The result could not be read: {error}. Nothing changed here."))
            }
            Ok(bytes) if bytes == self.written && at_once => Fetched::Unchanged(
                "The program ended at once, without a change. If its window is open, what you do there does not come \
                 back here: its command needs an option to wait until it is closed."
                    .into(),
            ),
            Ok(bytes) if bytes == self.written => {
                Fetched::Unchanged("The program was closed without a change. Nothing changed here.".into())
            }
            Ok(bytes) => Fetched::Result(bytes),
        }
    }
}

/// A folder that only this person can open.
fn private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// A new file that only this person can read.
pub(super) fn file(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
