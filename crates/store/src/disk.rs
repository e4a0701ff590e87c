//! Small files that must survive a power cut: written beside, flushed, then put in place.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// How the names of files end that are not in place yet.
pub(crate) const UNFINISHED: &str = ".new";

/// Replaces a file in one step; afterwards it has the old contents or the new, never a mixture.
pub(crate) fn replace_file(path: &Path, contents: &[u8]) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(UNFINISHED);
    let beside = path.with_file_name(name);
    let mut file = private_file(&beside)?;
    file.write_all(contents)?;
    file.sync_all()?;
    drop(file);
    std::fs::rename(&beside, path)?;
    sync_folder(path)
}

/// Flushes the folder a file lies in, so that its name survives a power cut too.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        #[cfg(unix)]
        Some(folder) if folder.as_os_str().is_empty() => File::open(".")?.sync_all(),
        #[cfg(unix)]
        Some(folder) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

/// Makes a folder, and those above it, if there is none, whose name survives a power cut. One that
/// is there is flushed too: the program that made it may have ended before it did that.
///
/// # Errors
/// Whatever the disk says. A folder above that may be entered but not read is left to the system.
pub fn make_folder(path: &Path) -> io::Result<()> {
    let above = path.ancestors().skip(1);
    let missing = above.take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists());
    let missing: Vec<&Path> = missing.collect();
    std::fs::create_dir_all(path)?;
    for made in std::iter::once(path).chain(missing) {
        match sync_folder(made) {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
            flushed => flushed?,
        }
    }
    Ok(())
}

/// A new file only its owner can read; one that is left over is emptied.
pub(crate) fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Whether this is the disk's "no space left" (or a quota).
pub(crate) fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_made_with_those_above_it_and_may_be_there() {
        let place = tempfile::tempdir().unwrap();
        let deep = place.path().join("one/two/three");
        make_folder(&deep).unwrap();
        make_folder(&deep).unwrap();
        assert!(deep.is_dir());
        std::fs::write(place.path().join("file"), b"").unwrap();
        assert!(make_folder(&place.path().join("file/below")).is_err());
    }

    #[test]
    fn a_name_without_a_folder_lies_in_the_current_one() {
        sync_folder(Path::new("name")).unwrap();
    }
}
