//! An export on the disk: a folder, a zip, or one file.

use std::fs::{self, File};
use std::io::{self, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use stoa_exchange::{
    Entry, Files, Limits, ReadError, RefusedEntry, Source, ZipRefused, ZipSource, entry_name,
};

/// Folders in each other at most.
const MAX_DEPTH: usize = 32;
/// The largest file that is unpacked from a zip or a document.
const MAX_UNPACKED: u64 = 512 * 1024 * 1024;

/// Why an export cannot be read at all.
#[derive(Debug)]
pub(super) enum NotRead {
    Io(io::Error),
    Zip(ZipRefused),
    TooLarge,
}

impl From<io::Error> for NotRead {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// An export whose reading can be stopped and watched.
pub(super) struct Watched {
    inner: OnDisk,
    stop: Arc<AtomicBool>,
    n_read: u64,
    on_read: Box<dyn FnMut(u64, u64) + Send>,
}

enum OnDisk {
    Folder(Folder),
    Zip(Box<ZipSource<BufReader<File>>>),
    One(Files),
}

impl Watched {
    /// Opens what lies at `path`; `on_read` learns how many files were read, and how many there
    /// are.
    pub(super) fn open(
        path: &Path,
        limits: &Limits,
        stop: Arc<AtomicBool>,
        on_read: Box<dyn FnMut(u64, u64) + Send>,
    ) -> Result<Self, NotRead> {
        Ok(Self {
            inner: OnDisk::open(path, limits)?,
            stop,
            n_read: 0,
            on_read,
        })
    }

    /// A file's contents from front to back. Those of a folder are not held in memory.
    pub(super) fn contents(
        &mut self,
        path: &str,
        limits: &Limits,
    ) -> Result<Box<dyn Read>, ReadError> {
        if let OnDisk::Folder(folder) = &self.inner
            && let Some(place) = folder.place(path)
        {
            let file = File::open(place).map_err(|error| unreadable(&error))?;
            return Ok(Box::new(file));
        }
        let bytes = stoa_exchange::read_file(self, path, MAX_UNPACKED, limits)?;
        Ok(Box::new(Cursor::new(bytes)))
    }
}

impl OnDisk {
    fn open(path: &Path, limits: &Limits) -> Result<Self, NotRead> {
        if fs::metadata(path)?.is_dir() {
            return Ok(Self::Folder(Folder::list(path, limits)?));
        }
        let mut file = File::open(path)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let mut head = [0; 4];
        let n = file.read(&mut head)?;
        // A document of a word processor is a zip, too.
        let is_document = name.to_lowercase().ends_with(".docx");
        if head[..n] == *b"PK\x03\x04" && !is_document {
            let reader = BufReader::new(File::open(path)?);
            let zip = ZipSource::open(reader, limits).map_err(NotRead::Zip)?;
            return Ok(Self::Zip(Box::new(zip)));
        }
        let mut bytes = head[..n].to_vec();
        file.take(limits.export_bytes).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limits.export_bytes {
            return Err(NotRead::TooLarge);
        }
        Ok(Self::One(Files::single(&name, bytes)))
    }
}

impl Source for Watched {
    fn entries(&self) -> &[Entry] {
        match &self.inner {
            OnDisk::Folder(folder) => &folder.entries,
            OnDisk::Zip(zip) => zip.entries(),
            OnDisk::One(files) => files.entries(),
        }
    }

    fn refused(&self) -> &[RefusedEntry] {
        match &self.inner {
            OnDisk::Folder(folder) => &folder.refused,
            OnDisk::Zip(zip) => zip.refused(),
            OnDisk::One(files) => files.refused(),
        }
    }

    fn read(&mut self, path: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(ReadError::Unreadable("stopped".to_owned()));
        }
        self.n_read += 1;
        let n_total = self.entries().len() as u64;
        (self.on_read)(self.n_read.min(n_total), n_total);
        match &mut self.inner {
            OnDisk::Folder(folder) => folder.read(path, limit),
            OnDisk::Zip(zip) => zip.read(path, limit),
            OnDisk::One(files) => files.read(path, limit),
        }
    }

    fn head(&mut self, path: &str, most: usize) -> Result<Vec<u8>, ReadError> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(ReadError::Unreadable("stopped".to_owned()));
        }
        match &mut self.inner {
            OnDisk::Folder(folder) => folder.head(path, most),
            OnDisk::Zip(zip) => zip.head(path, most),
            OnDisk::One(files) => files.head(path, most),
        }
    }
}

/// The files below a folder. Links are not followed: they may lead anywhere.
struct Folder {
    root: PathBuf,
    entries: Vec<Entry>,
    refused: Vec<RefusedEntry>,
}

impl Folder {
    fn list(root: &Path, limits: &Limits) -> Result<Self, NotRead> {
        let mut folder = Self {
            root: root.to_owned(),
            entries: Vec::new(),
            refused: Vec::new(),
        };
        let mut to_do = vec![(root.to_owned(), String::new(), 0)];
        while let Some((dir, prefix, depth)) = to_do.pop() {
            for found in fs::read_dir(&dir)? {
                let found = found?;
                let name = format!("{prefix}{}", found.file_name().to_string_lossy());
                let kind = found.file_type()?;
                if kind.is_dir() && depth < MAX_DEPTH {
                    to_do.push((found.path(), format!("{name}/"), depth + 1));
                } else if kind.is_file() {
                    folder.add(name, found.metadata()?.len());
                } else {
                    folder.refuse(name, ReadError::UnsafeName);
                }
                if folder.entries.len() + folder.refused.len() > limits.entries {
                    return Err(NotRead::TooLarge);
                }
            }
        }
        folder.entries.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(folder)
    }

    fn add(&mut self, name: String, size: u64) {
        match entry_name(&name) {
            // What the name cannot say is not found by it either.
            Some(path) if path == name && self.root.join(&path).exists() => {
                self.entries.push(Entry { path, size });
            }
            _ => self.refuse(name, ReadError::UnsafeName),
        }
    }

    fn refuse(&mut self, name: String, why: ReadError) {
        self.refused.push(RefusedEntry { name, why });
    }

    /// Where a listed file lies.
    fn place(&self, path: &str) -> Option<PathBuf> {
        let by_path = |entry: &Entry| entry.path.as_str().cmp(path);
        self.entries.binary_search_by(by_path).ok()?;
        Some(self.root.join(path))
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        let bytes = self.begin(path, limit.saturating_add(1))?;
        match bytes.len() as u64 > limit {
            true => Err(ReadError::TooLarge { limit }),
            false => Ok(bytes),
        }
    }

    fn head(&self, path: &str, most: usize) -> Result<Vec<u8>, ReadError> {
        self.begin(path, most as u64)
    }

    fn begin(&self, path: &str, most: u64) -> Result<Vec<u8>, ReadError> {
        let place = self.place(path).ok_or(ReadError::NotFound)?;
        let mut bytes = Vec::new();
        let file = File::open(place).map_err(|error| unreadable(&error))?;
        let read = file.take(most).read_to_end(&mut bytes);
        read.map_err(|error| unreadable(&error))?;
        Ok(bytes)
    }
}

fn unreadable(error: &io::Error) -> ReadError {
    match error.kind() {
        io::ErrorKind::NotFound => ReadError::NotFound,
        kind => ReadError::Unreadable(kind.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(path: &Path) -> Watched {
        let stop = Arc::new(AtomicBool::new(false));
        Watched::open(path, &Limits::default(), stop, Box::new(|_, _| {})).unwrap()
    }

    fn paths(source: &Watched) -> Vec<&str> {
        let entries = source.entries().iter();
        entries.map(|entry| entry.path.as_str()).collect()
    }

    #[test]
    fn a_folder_is_listed_with_what_lies_below_it() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("笔记/图")).unwrap();
        fs::write(dir.path().join("笔记/一.md"), "一").unwrap();
        fs::write(dir.path().join("笔记/图/a.png"), "png").unwrap();
        fs::write(dir.path().join("z.md"), "z").unwrap();
        let mut source = open(dir.path());
        assert_eq!(paths(&source), ["z.md", "笔记/一.md", "笔记/图/a.png"]);
        assert_eq!(source.read("笔记/一.md", 10), Ok("一".as_bytes().to_vec()));
        let too_large = source.read("笔记/一.md", 2);
        assert_eq!(too_large, Err(ReadError::TooLarge { limit: 2 }));
        assert_eq!(source.read("../z.md", 10), Err(ReadError::NotFound));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_a_folder_is_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("secret.md"), "x").unwrap();
        std::os::unix::fs::symlink(outside.path(), dir.path().join("in")).unwrap();
        let file = outside.path().join("secret.md");
        std::os::unix::fs::symlink(file, dir.path().join("a.md")).unwrap();
        let source = open(dir.path());
        assert_eq!(paths(&source), Vec::<&str>::new());
        assert_eq!(source.refused().len(), 2);
    }

    #[test]
    fn reading_stops_when_it_is_told_to() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("a.md"), "a").unwrap();
        let mut source = open(dir.path());
        source.stop.store(true, Ordering::Relaxed);
        assert!(matches!(
            source.read("a.md", 10),
            Err(ReadError::Unreadable(_))
        ));
    }
}
