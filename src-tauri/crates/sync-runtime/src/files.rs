//! Files that people name: written whole, or not at all.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

/// Writes a file. What stood there stays until the new bytes are on the disk: a full disk must not cost the old ones.
///
/// # Errors
/// Those of the disk.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // Behind a link is the file that is meant.
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let there = std::fs::metadata(&target).ok();
    let Some(name) = target.file_name().filter(|_| there.as_ref().is_none_or(|there| there.is_file())) else {
        // A device or a pipe has nothing to lose.
        return std::fs::write(path, bytes);
    };
    let mut partial = name.to_owned();
    partial.push(format!(".{}.partial", std::process::id()));
    let partial = target.with_file_name(partial);
    // New: a file of somebody else that is called so is left alone.
    let mut file = File::options().write(true).create_new(true).open(&partial)?;
    let mut write = || {
        file.write_all(bytes)?;
        if let Some(there) = &there {
            file.set_permissions(there.permissions())?;
        }
        file.sync_all()?;
        std::fs::rename(&partial, &target)
    };
    write().inspect_err(|_| drop(std::fs::remove_file(&partial)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_as_a_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("result.json");
        for text in ["a longer first text", "short", ""] {
            write_whole(&path, text.as_bytes()).unwrap();
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
        assert!(write_whole(&folder.path().join("none/x"), b"1").is_err());
        assert!(write_whole(folder.path(), b"1").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_one_and_rights_stay_as_they_are() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        std::fs::write(&file, "old").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        symlink(&file, &link).unwrap();
        write_whole(&link, b"new").unwrap();
        assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        write_whole(Path::new("/dev/null"), b"1").unwrap();
    }
}
