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
        Some(folder) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

/// Makes a folder, if there is none, whose name survives a power cut. One that is there is flushed
/// too: the program that made it may have ended before it did that.
pub(crate) fn make_folder(path: &Path) -> io::Result<()> {
    std::fs::create_dir_all(path)?;
    sync_folder(path)
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
