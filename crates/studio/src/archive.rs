//! Profiles that were put aside: whole folders below `archive/`, each with a note of when and how
//! much of it was never sent. Nothing in them is changed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use stoa_domain::Timestamp;
use stoa_ipc::ArchiveInfo;

use crate::folder::{self, DataFolder, ProfileFile};

const FOLDER: &str = "archive";
const NOTE: &str = "archive.toml";

/// What is known of an archive without opening it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Note {
    pub(crate) archived_at: Timestamp,
    /// Changes that the server had not accepted.
    pub(crate) n_unsent: u64,
}

impl DataFolder {
    /// Where an archive lies, whether it exists or not.
    fn archive_dir(&self, id: &str) -> PathBuf {
        self.root().join(FOLDER).join(id)
    }

    /// Every archive, the latest first.
    pub(crate) fn archives(&self) -> Vec<ArchiveInfo> {
        let Ok(entries) = fs::read_dir(self.root().join(FOLDER)) else {
            return Vec::new();
        };
        let ids = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut archives: Vec<ArchiveInfo> = ids.filter_map(|id| self.archive(id)).collect();
        archives.sort_by(|a, b| b.archived_at.cmp(&a.archived_at).then(a.id.cmp(&b.id)));
        archives
    }

    fn archive(&self, id: String) -> Option<ArchiveInfo> {
        let dir = self.archive_dir(&id);
        let file = folder::describe(&dir, &id)?;
        let note: Option<Note> = folder::read_note(&dir.join(NOTE));
        Some(ArchiveInfo {
            id,
            email: file.owner().cloned(),
            name: file.name,
            server: file.server,
            archived_at: note.map_or_else(Timestamp::default, |note| note.archived_at),
            n_unsent: note.map_or(0, |note| note.n_unsent),
            path: dir.display().to_string(),
        })
    }

    /// The folder of an archive that is there.
    pub(crate) fn existing_archive(&self, id: &str) -> Option<PathBuf> {
        let is_there = self.archives().iter().any(|archive| archive.id == id);
        is_there.then(|| self.archive_dir(id))
    }

    /// The folders of archives of the same account on the same server.
    pub(crate) fn archives_beside(&self, id: &str) -> Vec<PathBuf> {
        let profile = folder::describe(&self.profile_dir(id), id);
        let of = |file: ProfileFile| Some((file.owner()?.clone(), file.server?));
        let Some((email, server)) = profile.and_then(of) else {
            return Vec::new();
        };
        let archives = self.archives().into_iter().filter(|archive| {
            archive.server.as_ref() == Some(&server) && archive.email.as_ref() == Some(&email)
        });
        archives
            .map(|archive| self.archive_dir(&archive.id))
            .collect()
    }

    /// Puts a profile aside. Until it has moved it stays the profile it was.
    pub(crate) fn put_aside(&self, id: &str, note: &Note) -> io::Result<()> {
        if self.is_one_profile() {
            return Err(io::ErrorKind::Unsupported.into());
        }
        let from = self.profile_dir(id);
        folder::replace(&from.join(NOTE), &folder::to_toml(note))?;
        move_folder(&from, &self.archive_dir(id))
    }

    /// Makes an archive a profile again.
    pub(crate) fn put_back(&self, id: &str) -> io::Result<()> {
        let to = self.profile_dir(id);
        move_folder(&self.archive_dir(id), &to)?;
        match fs::remove_file(to.join(NOTE)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

/// Moves a folder to a place where there is none.
fn move_folder(from: &Path, to: &Path) -> io::Result<()> {
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent)?;
        folder::sync_parent(parent)?;
    }
    if to.try_exists()? {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    fs::rename(from, to)?;
    folder::sync_parent(to)?;
    folder::sync_parent(from)
}

#[cfg(test)]
mod tests {
    use stoa_ipc::ProfileKind;

    use super::*;
    use crate::folder::ProfileFile;

    const NOTE_OF_TODAY: Note = Note {
        archived_at: Timestamp::from_millis(1_700_000_000_000),
        n_unsent: 3,
    };

    fn folder_with(id: &str) -> (tempfile::TempDir, DataFolder) {
        let dir = tempfile::tempdir().unwrap();
        let folder = DataFolder::of_profiles(dir.path().join("data"));
        let file = ProfileFile {
            name: "知行社".to_owned(),
            kind: ProfileKind::Connected,
            timezone: None,
            server: Some("https://stoa.example".to_owned()),
            // Whoever changes accounts has signed out first.
            email: None,
            account: Some("lin@example.com".to_owned()),
            is_confirmed: true,
        };
        folder.write_profile(id, &file).unwrap();
        fs::write(folder.profile_dir(id).join("studio.db"), "all of it").unwrap();
        (dir, folder)
    }

    #[test]
    fn a_profile_that_is_put_aside_and_back_is_the_same() {
        let (_dir, folder) = folder_with("p");
        let before = folder.profiles();
        folder.put_aside("p", &NOTE_OF_TODAY).unwrap();
        assert_eq!(folder.profiles(), []);
        let archive = folder.archives().remove(0);
        assert_eq!((archive.name.as_str(), archive.n_unsent), ("知行社", 3));
        assert_eq!(archive.archived_at, NOTE_OF_TODAY.archived_at);
        assert_eq!(archive.email.as_deref(), Some("lin@example.com"));
        let moved = Path::new(&archive.path).join("studio.db");
        assert_eq!(fs::read_to_string(moved).unwrap(), "all of it");
        folder.put_back("p").unwrap();
        assert_eq!(folder.profiles(), before);
        assert_eq!(folder.archives(), []);
        let left = fs::read_dir(folder.profile_dir("p")).unwrap().count();
        assert_eq!(left, 2, "the note is gone");
    }

    #[test]
    fn the_archives_of_an_account_are_found_though_it_had_signed_out() {
        let (_dir, folder) = folder_with("p");
        folder.put_aside("p", &NOTE_OF_TODAY).unwrap();
        let mut file = folder::describe(&folder.archive_dir("p"), "p").unwrap();
        folder.write_profile("q", &file).unwrap();
        assert_eq!(folder.archives_beside("q").len(), 1);
        file.account = Some("wang@example.com".to_owned());
        folder.write_profile("q", &file).unwrap();
        assert_eq!(folder.archives_beside("q"), [] as [PathBuf; 0]);
    }

    #[test]
    fn nothing_is_ever_moved_over_something_else() {
        let (_dir, folder) = folder_with("p");
        folder.put_aside("p", &NOTE_OF_TODAY).unwrap();
        let file = folder::describe(&folder.archive_dir("p"), "p").unwrap();
        folder.write_profile("p", &file).unwrap();
        for moved in [folder.put_back("p"), folder.put_aside("p", &NOTE_OF_TODAY)] {
            assert_eq!(moved.unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        }
        assert_eq!((folder.profiles().len(), folder.archives().len()), (1, 1));
    }

    #[test]
    fn one_single_profile_is_not_put_aside() {
        let dir = tempfile::tempdir().unwrap();
        let folder = DataFolder::of_one_profile(dir.path().join("mine"));
        let (_other, other) = folder_with("p");
        folder
            .write_profile("mine", &other.profiles()[0].1)
            .unwrap();
        assert!(folder.put_aside("mine", &NOTE_OF_TODAY).is_err());
        assert_eq!(folder.profiles().len(), 1);
    }

    #[test]
    fn an_archive_is_found_by_its_own_name_only() {
        let (_dir, folder) = folder_with("p");
        folder.put_aside("p", &NOTE_OF_TODAY).unwrap();
        assert!(folder.existing_archive("p").is_some());
        for wrong in ["", ".", "..", "../archive/p", "p/", "q"] {
            assert_eq!(folder.existing_archive(wrong), None, "{wrong}");
        }
    }
}
