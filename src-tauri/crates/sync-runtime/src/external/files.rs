//! The files of one merge for another program, and the result that comes back.

use super::ExternalError;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::{Duration, Instant};

/// The folder in the data folder that holds them.
const FOLDER: &str = "external";
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

/// The files. They go with this value.
#[derive(Debug)]
pub(crate) struct Files {
    pub folder: PathBuf,
    pub before: PathBuf,
    pub server: PathBuf,
    pub yours: PathBuf,
    pub result: PathBuf,
    written: Vec<u8>,
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// What came back.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fetched {
    /// Another result than was there before.
    Result(Vec<u8>),
    /// The same; in words.
    Unchanged(String),
    /// Nothing that can be used; in words.
    Failed(String),
}

impl Files {
    /// Writes the versions into a new folder that only this person can read.
    pub fn write(home: &Path, key: i64, versions: &Versions) -> Result<Self, ExternalError> {
        let all = [&versions.before, &versions.server, &versions.yours, &versions.result];
        if all.iter().copied().flatten().any(|bytes| std::str::from_utf8(bytes).is_err()) {
            return Err(ExternalError::NoText);
        }
        let outer = home.join(FOLDER);
        private(&outer)?;
        let folder = outer.join(format!("{key}-{}", uuid::Uuid::new_v4().simple()));
        private(&folder)?;
        let path = |name: &str| folder.join(format!("{name}.{}", versions.ending));
        let written = versions.result.clone().or_else(|| versions.server.clone()).unwrap_or_default();
        let files = Self {
            before: path("before"),
            server: path("server"),
            yours: path("yours"),
            result: path("result"),
            folder,
            written,
        };
        let nothing = Vec::new();
        let put = |path: &Path, bytes: &Option<Vec<u8>>| file(path, bytes.as_ref().unwrap_or(&nothing));
        put(&files.before, &versions.before)?;
        put(&files.server, &versions.server)?;
        put(&files.yours, &versions.yours)?;
        file(&files.result, &files.written)?;
        Ok(files)
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
            Err(error) => {
                Fetched::Failed(format!("It could not be waited for: {error}. Nothing changed here."))
            }
            Ok(status) if !status.success() => {
                let code =
                    status.code().map_or_else(|| "it was stopped".to_owned(), |code| format!("code {code}"));
                let said = words.lines().find(|line| !line.trim().is_empty()).map(str::trim);
                let said = said.map(|line| format!(" It says: \u{201c}{line}\u{201d}.")).unwrap_or_default();
                Fetched::Failed(format!(
                    "The program ended without success ({code}). Nothing changed here.{said}"
                ))
            }
            Ok(_) => self.fetch(began.elapsed() < AT_ONCE),
        }
    }

    fn fetch(&self, at_once: bool) -> Fetched {
        let found = match std::fs::metadata(&self.result) {
            Err(_) => {
                return Fetched::Failed("The result is not there any more. Nothing changed here.".into());
            }
            Ok(found) => found,
        };
        if found.len() > MOST {
            return Fetched::Failed(
                "The result is larger than a record may be (16 MiB). Nothing changed here.".into(),
            );
        }
        match std::fs::read(&self.result) {
            Err(error) => Fetched::Failed(format!("The result could not be read: {error}. Nothing changed here.")),
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

/// Removes what an app that was killed left.
pub(crate) fn clean(home: &Path) {
    let _ = std::fs::remove_dir_all(home.join(FOLDER));
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
fn file(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(bytes)
}
