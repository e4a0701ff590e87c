//! The folder being filled. Files are added under names with their hash, the
//! page is written last and only then are files of earlier builds removed, so
//! that a window opened in between finds everything it asks for.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

pub(crate) struct Dist {
    folder: PathBuf,
    /// Paths below the folder that belong to this build, with `/` between.
    written: BTreeSet<String>,
}

impl Dist {
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        Ok(Self {
            folder: folder.to_path_buf(),
            written: BTreeSet::new(),
        })
    }

    /// Writes `content` as `name` with its hash and tells the resulting name.
    pub(crate) fn add(&mut self, name: &str, content: &[u8]) -> Result<String> {
        let name = hashed(name, content);
        self.add_as(&name, content)?;
        Ok(name)
    }

    /// Like [`Dist::add`], for a file on disk.
    pub(crate) fn add_file(&mut self, file: &Path, name: &str) -> Result<String> {
        let content = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        self.add(name, &content)
    }

    /// Writes `content` under exactly this name, which others refer to.
    pub(crate) fn add_as(&mut self, name: &str, content: &[u8]) -> Result<()> {
        let path = self.folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        if fs::read(&path).ok().as_deref() != Some(content) {
            fs::write(&path, content)
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
        self.written.insert(name.to_owned());
        Ok(())
    }

    /// Writes the page and removes what earlier builds left.
    pub(crate) fn finish(mut self, page: &str) -> Result<()> {
        self.add_as("index.html", page.as_bytes())?;
        self.remove_stale(&self.folder, "")
    }

    fn remove_stale(&self, folder: &Path, prefix: &str) -> Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                self.remove_stale(&entry.path(), &format!("{name}/"))?;
                // Succeeds only for a folder that has become empty.
                fs::remove_dir(entry.path()).ok();
            } else if !self.written.contains(&name) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}

/// `boot.js` → `boot-1f2e3d4c5b.js`.
fn hashed(name: &str, content: &[u8]) -> String {
    let hash = blake3::hash(content).to_hex();
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let dot = if extension.is_empty() { "" } else { "." };
    format!("{stem}-{}{dot}{extension}", &hash[..10])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_content_has_the_same_name() {
        let name = hashed("boot.js", b"one");
        assert_eq!(name, hashed("boot.js", b"one"));
        assert_ne!(name, hashed("boot.js", b"two"));
        assert!(name.starts_with("boot-") && name.ends_with(".js"), "{name}");
        assert_eq!(name.len(), "boot-.js".len() + 10);
    }

    #[test]
    fn a_name_without_an_extension_gets_none() {
        assert!(!hashed("fonts/LICENSE", b"x").contains('.'));
    }

    #[test]
    fn files_of_an_earlier_build_are_gone_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let stale = folder.path().join("snippets/old");
        fs::create_dir_all(&stale).unwrap();
        fs::write(stale.join("inline0.js"), "").unwrap();
        fs::write(folder.path().join("boot-0000000000.js"), "").unwrap();
        let mut dist = Dist::open(folder.path()).unwrap();
        let boot = dist.add("boot.js", b"new").unwrap();
        dist.finish("<html>").unwrap();
        let mut left: Vec<String> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        left.sort();
        assert_eq!(left, [boot, "index.html".to_owned()]);
    }
}
