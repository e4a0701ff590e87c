//! What is on this computer: how many drafts, how many bytes.

use std::path::Path;

use chrono::NaiveDateTime;
use stoa_domain::Timestamp;

use super::Store;
use crate::db::FILE;
use crate::db::backup::FOLDER as BACKUPS;
use crate::table::{doc, listing, used_file};
use crate::{Storage, StoreError};

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
        Ok(storage)
    }
}

fn size(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |file| file.len())
}

fn count_backups(folder: &Path, storage: &mut Storage) -> Result<(), StoreError> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    for entry in entries {
        let path = entry?.path();
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
