//! A disk in memory: what is in the files, what of it has been flushed, and what is on its way.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use super::diary::Entry;

/// The unit a disk writes all of or, when the power goes, a part of the request in.
pub(crate) const SECTOR: usize = 512;

/// A change of a file's contents that has not been flushed.
#[derive(Clone)]
pub(crate) enum Change {
    Write { at: usize, bytes: Vec<u8> },
    Cut(usize),
}

impl Change {
    pub(crate) fn apply(&self, contents: &mut Vec<u8>) {
        match self {
            Change::Write { at, bytes } => put(contents, *at, bytes),
            Change::Cut(len) => contents.resize(*len, 0),
        }
    }
}

/// Writes into contents that grow where they must.
pub(crate) fn put(contents: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    let end = at + bytes.len();
    if contents.len() < end {
        contents.resize(end, 0);
    }
    contents[at..end].copy_from_slice(bytes);
}

#[derive(Clone, Default)]
pub(crate) struct Contents {
    pub(crate) now: Vec<u8>,
    pub(crate) flushed: Vec<u8>,
    pub(crate) pending: Vec<Change>,
}

/// A change of names that its folder has not been flushed after.
#[derive(Clone, Debug)]
pub(crate) enum Naming {
    Add(String, usize),
    Move(String, String),
    Remove(String),
}

impl Naming {
    pub(crate) fn apply(&self, names: &mut BTreeMap<String, usize>) {
        match self {
            Naming::Add(path, file) => {
                names.insert(path.clone(), *file);
            }
            Naming::Move(from, to) => {
                if let Some(file) = names.remove(from) {
                    names.insert(to.clone(), file);
                }
            }
            Naming::Remove(path) => {
                names.remove(path);
            }
        }
    }

    fn folder(&self) -> &str {
        let (Naming::Add(path, _) | Naming::Move(path, _) | Naming::Remove(path)) = self;
        folder_of(path)
    }
}

pub(crate) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Folders are files without contents.
const FOLDER: usize = 0;

/// Files by name, with their contents.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

#[derive(Clone)]
pub(crate) struct Disk {
    pub(crate) contents: Vec<Contents>,
    pub(crate) names: BTreeMap<String, usize>,
    pub(crate) flushed_names: BTreeMap<String, usize>,
    /// In the order they were made, per folder.
    pub(crate) pending_names: BTreeMap<String, Vec<Naming>>,
    open: HashMap<i32, String>,
    open_files: HashMap<i32, usize>,
}

impl Disk {
    /// The disk before anything was recorded: what lies in a folder, all of it flushed.
    pub(crate) fn of(files: &Files) -> Self {
        let mut disk = Self {
            contents: vec![Contents::default()],
            names: BTreeMap::from([(String::new(), FOLDER)]),
            flushed_names: BTreeMap::new(),
            pending_names: BTreeMap::new(),
            open: HashMap::new(),
            open_files: HashMap::new(),
        };
        for (path, bytes) in files {
            if let (folder, true) = (folder_of(path), path.contains('/')) {
                disk.names.insert(folder.to_owned(), FOLDER);
            }
            disk.names.insert(path.clone(), disk.contents.len());
            disk.contents.push(Contents {
                now: bytes.clone(),
                flushed: bytes.clone(),
                pending: Vec::new(),
            });
        }
        disk.flushed_names = disk.names.clone();
        disk
    }

    pub(crate) fn apply(&mut self, entry: &Entry) {
        match entry {
            Entry::Open {
                fd,
                path,
                is_cut,
                is_new,
            } => self.open(*fd, path, *is_cut, *is_new),
            Entry::Close(fd) => {
                self.open.remove(fd);
                self.open_files.remove(fd);
            }
            Entry::Write { fd, at, bytes } => self.change(
                *fd,
                Change::Write {
                    at: *at,
                    bytes: bytes.clone(),
                },
            ),
            Entry::Cut { fd, len } => self.change(*fd, Change::Cut(*len)),
            Entry::Sync(fd) => self.sync(*fd),
            Entry::Rename(from, to) => self.name(Naming::Move(from.clone(), to.clone())),
            Entry::Remove(path) => self.name(Naming::Remove(path.clone())),
            Entry::Folder(path) => self.name(Naming::Add(path.clone(), FOLDER)),
            Entry::Note(_) => {}
        }
    }

    fn open(&mut self, fd: i32, path: &str, is_cut: bool, is_new: bool) {
        if is_new {
            self.contents.push(Contents::default());
            self.name(Naming::Add(path.to_owned(), self.contents.len() - 1));
        }
        let file = *self.names.get(path).unwrap();
        self.open.insert(fd, path.to_owned());
        self.open_files.insert(fd, file);
        if is_cut && !is_new {
            self.change(fd, Change::Cut(0));
        }
    }

    fn change(&mut self, fd: i32, change: Change) {
        let file = &mut self.contents[self.open_files[&fd]];
        change.apply(&mut file.now);
        file.pending.push(change);
    }

    fn sync(&mut self, fd: i32) {
        let file = self.open_files[&fd];
        if file == FOLDER {
            let folder = self.open[&fd].clone();
            for naming in self.pending_names.remove(&folder).unwrap_or_default() {
                naming.apply(&mut self.flushed_names);
            }
            return;
        }
        let file = &mut self.contents[file];
        file.flushed = file.now.clone();
        file.pending.clear();
    }

    fn name(&mut self, naming: Naming) {
        naming.apply(&mut self.names);
        let folder = naming.folder().to_owned();
        self.pending_names.entry(folder).or_default().push(naming);
    }

    /// What a program that was killed leaves: everything the system was given.
    pub(crate) fn as_left(&self) -> Files {
        let files = self.names.iter().filter(|(_, file)| **file != FOLDER);
        files
            .map(|(path, file)| (path.clone(), self.contents[*file].now.clone()))
            .collect()
    }

    pub(crate) fn is_folder(file: usize) -> bool {
        file == FOLDER
    }
}

/// Puts files into an empty folder.
pub(crate) fn lay_out(files: &Files, dir: &Path) {
    let folders: BTreeSet<&str> = files.keys().map(|path| folder_of(path)).collect();
    for folder in folders {
        std::fs::create_dir_all(dir.join(folder)).unwrap();
    }
    for (path, bytes) in files {
        std::fs::write(dir.join(path), bytes).unwrap();
    }
}

/// Reads what lies in a folder, without the memory behind the write-ahead log.
pub(crate) fn gather(dir: &Path) -> Files {
    let mut files = Files::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(dir).unwrap().to_str().unwrap().to_owned();
            if !name.ends_with("-shm") {
                files.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    files
}
