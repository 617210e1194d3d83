//! What is kept beside the files of an opening: whose they are, what was seen, which program has them.

use super::files::{FOLDER, file};
use serde::{Deserialize, Serialize};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

const NAME: &str = "opening.json";

/// One opening of a merge in another program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct About {
    /// Local key of the record.
    pub key: i64,
    /// Name of the program.
    pub name: String,
    /// The server's version that the files were made with.
    pub seen: String,
    /// Ending of the file names.
    pub ending: String,
    /// Its process, once it is started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pid: Option<u32>,
    /// The person does not wait for it: what it saves is left alone.
    #[serde(default)]
    pub left: bool,
    /// The person was told that its result stays where it is: it is left alone, and never removed.
    #[serde(default)]
    pub stays: bool,
}

impl About {
    /// Writes it, in place of what was there; durable when this answers.
    pub fn write(&self, folder: &Path) -> std::io::Result<()> {
        let new = folder.join(format!("{NAME}.new"));
        let _ = std::fs::remove_file(&new);
        file(&new, &serde_json::to_vec(self)?)?;
        std::fs::rename(&new, folder.join(NAME))?;
        sync(folder)
    }

    /// The program that has the files still runs. A number that another program got since does not count.
    pub fn is_running(&self, folder: &Path) -> bool {
        let Some((pid, name)) = self.pid.zip(folder.file_name().and_then(OsStr::to_str)) else {
            return false;
        };
        words_of(pid).is_some_and(|words| words.contains(name))
    }
}

/// A name in a folder lasts when the folder is written, too.
#[cfg(unix)]
fn sync(folder: &Path) -> std::io::Result<()> {
    std::fs::File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// The command line of a process: the files are among its words. `None` = it has ended.
#[cfg(target_os = "linux")]
fn words_of(pid: u32) -> Option<String> {
    let words = std::fs::read(format!("/proc/{pid}/cmdline")).ok()?;
    Some(String::from_utf8_lossy(&words).into_owned())
}

#[cfg(all(unix, not(target_os = "linux")))]
fn words_of(pid: u32) -> Option<String> {
    said(std::process::Command::new("ps").args(["-ww", "-o", "command=", "-p"]).arg(pid.to_string()))
}

#[cfg(windows)]
fn words_of(pid: u32) -> Option<String> {
    let asked = format!("(Get-CimInstance Win32_Process -Filter 'ProcessId={pid}').CommandLine");
    said(std::process::Command::new("powershell").args(["-NoProfile", "-Command"]).arg(asked))
}

#[cfg(not(target_os = "linux"))]
fn said(command: &mut std::process::Command) -> Option<String> {
    let output = command.output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A folder that an earlier run left.
#[derive(Debug)]
pub(crate) enum Left {
    /// It was not opened: the run ended while the files were written.
    Nothing,
    /// It was.
    Opening(About),
    /// It cannot be said whose it is.
    Unknown,
}

/// The folders that earlier runs left.
pub(crate) fn left(home: &Path) -> Vec<(PathBuf, Left)> {
    let Ok(entries) = std::fs::read_dir(home.join(FOLDER)) else { return Vec::new() };
    let mut folders: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    let what = |folder: &Path| match std::fs::read(folder.join(NAME)) {
        Ok(bytes) => serde_json::from_slice(&bytes).map_or(Left::Unknown, Left::Opening),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Left::Nothing,
        Err(_) => Left::Unknown,
    };
    folders.into_iter().map(|folder| (folder.clone(), what(&folder))).collect()
}

/// The person does not wait for the program any more.
pub(crate) fn leave(folder: &Path) {
    let Ok(bytes) = std::fs::read(folder.join(NAME)) else { return };
    let Ok(about) = serde_json::from_slice::<About>(&bytes) else { return };
    if let Err(error) = (About { left: true, ..about }).write(folder) {
        tracing::warn!(%error, "it could not be noted that nobody waits for the other program");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_opening_is_known_again() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join(FOLDER).join("1-abc");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::create_dir_all(home.path().join(FOLDER).join("2-never")).unwrap();
        let about = About {
            key: 1,
            name: "Meld".into(),
            seen: "s".into(),
            ending: "json".into(),
            pid: None,
            left: false,
            stays: false,
        };
        about.write(&folder).unwrap();
        let running = About { pid: Some(std::process::id()), ..about };
        running.write(&folder).unwrap();
        assert!(!running.is_running(&folder), "another program with this number");
        leave(&folder);
        let found = left(home.path());
        assert!(
            matches!(&found[0].1, Left::Opening(about) if about.left && about.pid == running.pid),
            "{found:?}"
        );
        assert!(matches!(found[1].1, Left::Nothing));
        std::fs::write(folder.join(NAME), "{").unwrap();
        assert!(matches!(left(home.path())[0].1, Left::Unknown), "it is left alone");
    }
}
