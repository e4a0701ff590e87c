//! Whether anything changed: one number over the names, sizes and times of
//! many files. Cheap enough to ask several times a second.

use std::{
    fmt, fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use anyhow::{Context, Result};

/// Folders that are made, not written by people.
const GENERATED: [&str; 3] = ["dist", "node_modules", "target"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fingerprint(u64);

impl Fingerprint {
    /// Over every file below `roots`; a root that does not exist counts as such.
    pub(crate) fn of(roots: &[PathBuf]) -> Result<Self> {
        let mut hasher = DefaultHasher::new();
        for root in roots {
            add(root, &mut hasher)?;
        }
        Ok(Self(hasher.finish()))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

pub(crate) fn hash_of(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

fn add(path: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    path.hash(hasher);
    let Ok(about) = fs::metadata(path) else {
        return Ok(());
    };
    if about.is_dir() {
        for entry in entries(path)? {
            add(&entry, hasher)?;
        }
        return Ok(());
    }
    let changed = about.modified()?.duration_since(UNIX_EPOCH)?;
    (about.len(), changed.as_nanos()).hash(hasher);
    Ok(())
}

/// What is in a folder, in an order that does not depend on the disk.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let listed = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()));
    let mut paths: Vec<PathBuf> = listed?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| !is_generated(path))
        .collect();
    paths.sort();
    Ok(paths)
}

fn is_generated(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy());
    name.is_some_and(|name| GENERATED.contains(&name.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fingerprint(folder: &Path) -> Fingerprint {
        Fingerprint::of(&[folder.to_path_buf()]).unwrap()
    }

    #[test]
    fn a_changed_added_or_removed_file_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.rs");
        fs::write(&file, "one").unwrap();
        let first = fingerprint(folder.path());
        assert_eq!(first, fingerprint(folder.path()));
        fs::write(&file, "three").unwrap();
        let changed = fingerprint(folder.path());
        assert_ne!(first, changed);
        fs::write(folder.path().join("b.rs"), "").unwrap();
        let added = fingerprint(folder.path());
        assert_ne!(changed, added);
        fs::remove_file(&file).unwrap();
        assert_ne!(added, fingerprint(folder.path()));
    }

    #[test]
    fn generated_folders_do_not_count() {
        let folder = tempfile::tempdir().unwrap();
        let before = fingerprint(folder.path());
        fs::create_dir(folder.path().join("node_modules")).unwrap();
        fs::write(folder.path().join("node_modules/x.js"), "x").unwrap();
        assert_eq!(before, fingerprint(folder.path()));
    }

    #[test]
    fn a_root_that_is_not_there_yet_is_no_error() {
        let missing = Path::new("/no/such/folder").to_path_buf();
        assert!(Fingerprint::of(&[missing]).is_ok());
    }
}
