//! The lock on the data folder: one writer at a time. The system frees it when the process ends, however it ends.

use crate::OpenError;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

/// Held as long as it lives.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
}

impl Lock {
    /// Takes `HOME/lock` and writes down who holds it.
    pub(crate) fn take(home: &Path) -> Result<Self, OpenError> {
        let folder =
            |error: std::io::Error| OpenError::Folder { folder: home.to_owned(), words: error.to_string() };
        std::fs::create_dir_all(home).map_err(folder)?;
        let path = home.join("lock");
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let mut file = options.open(path).map_err(folder)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(OpenError::Locked { holder: holder(&mut file) }),
            Err(TryLockError::Error(error)) => return Err(folder(error)),
        }
        // Only words for others: a disk too full for them is no reason not to open.
        let _ = write_holder(&mut file);
        Ok(Self { file })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.file.set_len(0);
        let _ = self.file.unlock();
    }
}

fn write_holder(file: &mut File) -> std::io::Result<()> {
    let program = std::env::current_exe().ok();
    let name = program.as_deref().and_then(Path::file_stem).and_then(|n| n.to_str()).unwrap_or("a program");
    file.set_len(0)?;
    file.seek(SeekFrom::Start(0))?;
    write!(file, "{name} (process {})", std::process::id())
}

/// Who holds it. Where a locked file cannot be read (Windows), just "another program".
fn holder(file: &mut File) -> String {
    let mut text = String::new();
    let read = file.take(200).read_to_string(&mut text);
    match (read, text.trim()) {
        (Ok(_), name) if !name.is_empty() => name.to_owned(),
        _ => "another program".to_owned(),
    }
}
