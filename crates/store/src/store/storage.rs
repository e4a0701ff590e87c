//! What is on this computer: how many drafts, how many bytes.

use std::path::{Path, PathBuf};

use chrono::NaiveDateTime;
use stoa_domain::Timestamp;

use super::Store;
use crate::db::FILE;
use crate::db::backup::FOLDER as BACKUPS;
use crate::restore::SET_ASIDE;
use crate::table::{doc, listing, used_file};
use crate::{FileSum, Storage, StoreError};

impl Store {
    /// Counts what is kept on this computer.
    ///
    /// # Errors
    /// [`StoreError`] when the disk fails.
    pub fn storage(&self) -> Result<Storage, StoreError> {
        let mut storage = self.read(|db| {
            let (n_drafts, n_in_bin) = listing::counts(db)?;
            Ok(Storage {
                n_drafts,
                n_in_bin,
                text_bytes: doc::text_bytes(db)?,
                files: used_file::sums(db)?,
                ..Storage::default()
            })
        })?;
        storage.is_unsent_kept_twice = self.is_unsent_kept_twice();
        let dir = &self.inner.dir;
        for end in ["", "-wal", "-shm"] {
            storage.database_bytes += size(&dir.join(format!("{FILE}{end}")));
        }
        count_backups(&dir.join(BACKUPS), &mut storage)?;
        storage.set_aside = set_aside(&dir.join(SET_ASIDE))?;
        Ok(storage)
    }
}

fn size(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |file| file.len())
}

/// What restores put aside: a folder each, in which nothing changes any more.
fn set_aside(folder: &Path) -> Result<FileSum, StoreError> {
    let mut sum = FileSum::default();
    for replaced in entries(folder)?.iter().filter(|path| path.is_dir()) {
        sum.n += 1;
        sum.bytes += entries(replaced)?
            .iter()
            .map(|path| size(path))
            .sum::<u64>();
    }
    Ok(sum)
}

/// What a folder holds; nothing when it is not there.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let found = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        found => found?,
    };
    found.map(|entry| Ok(entry?.path())).collect()
}

fn count_backups(folder: &Path, storage: &mut Storage) -> Result<(), StoreError> {
    for path in entries(folder)? {
        if path.extension().is_none_or(|extension| extension != "db") {
            continue;
        }
        storage.n_backups += 1;
        storage.backup_bytes += size(&path);
        storage.last_backup_at = storage.last_backup_at.max(made_at(&path));
    }
    Ok(())
}

/// When a backup was made, as its name tells.
pub(crate) fn made_at(path: &Path) -> Option<Timestamp> {
    let stem = path.file_stem()?.to_str()?;
    let stamp = stem.split('-').find(|part| part.ends_with('Z'))?;
    let at = NaiveDateTime::parse_from_str(stamp, "%Y%m%dT%H%M%S%3fZ").ok()?;
    Some(Timestamp::from_millis(at.and_utc().timestamp_millis()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_backup_tells_when_it_was_made() {
        let at = |name: &str| made_at(Path::new(name)).map(Timestamp::millis);
        assert_eq!(at("studio-20260102T030405678Z.db"), Some(1_767_323_045_678));
        assert_eq!(
            at("before-migration-20260102T030405678Z-from-3.db"),
            Some(1_767_323_045_678)
        );
        assert_eq!(at("other.db"), None);
    }
}
