//! Where an export goes: always into a new folder named for the day.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use stoa_domain::Timestamp;

use crate::dates::date;

/// Makes a folder in `parent` that was not there before.
pub(crate) fn new_folder(parent: &Path, now: Timestamp) -> io::Result<PathBuf> {
    fs::create_dir_all(parent)?;
    let day = format!("stoa-export-{}", date(now));
    let later = (2..1_000).map(|n| format!("{day}-{n}"));
    for name in std::iter::once(day.clone()).chain(later) {
        let folder = parent.join(name);
        match fs::create_dir(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_exports_of_a_day_do_not_meet() {
        let dir = tempfile::tempdir().unwrap();
        let names: Vec<String> = (0..3)
            .map(|_| new_folder(dir.path(), Timestamp::from_millis(0)).unwrap())
            .map(|folder| folder.file_name().unwrap().to_string_lossy().into_owned())
            .collect();
        assert_eq!(
            names,
            [
                "stoa-export-1970-01-01",
                "stoa-export-1970-01-01-2",
                "stoa-export-1970-01-01-3"
            ]
        );
    }
}
