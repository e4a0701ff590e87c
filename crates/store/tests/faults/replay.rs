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
enum Naming {
    Add(String, usize),
    Move(String, String),
    Remove(String),
}

impl Naming {
    fn apply(&self, names: &mut BTreeMap<String, usize>) {
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

    /// The folders that are changed: two, when a name moves from one to another.
    fn folders(&self) -> Vec<&str> {
        match self {
            Naming::Add(path, _) | Naming::Remove(path) => vec![folder_of(path)],
            Naming::Move(from, to) => vec![folder_of(from), folder_of(to)],
        }
    }
}

/// Which of the changes are on the disk when all of a folder's own are. A move from one folder to
/// another is in both or in neither, as file systems with a journal have it, and never without what
/// was changed in the other before.
fn written_with(folder: &str, changes: &[Naming]) -> BTreeSet<usize> {
    let mut folders = BTreeSet::from([folder]);
    let mut written = BTreeSet::new();
    for (n, naming) in changes.iter().enumerate().rev() {
        let changed = naming.folders();
        if changed.iter().any(|folder| folders.contains(folder)) {
            folders.extend(changed);
            written.insert(n);
        }
    }
    written
}

fn folder_of(path: &str) -> &str {
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
    flushed_names: BTreeMap<String, usize>,
    /// In the order they were made.
    pending_names: Vec<Naming>,
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
            pending_names: Vec::new(),
            open: HashMap::new(),
            open_files: HashMap::new(),
        };
        for (path, bytes) in files {
            for folder in Path::new(path).ancestors().skip(1) {
                let folder = folder.to_str().unwrap().to_owned();
                disk.names.insert(folder, FOLDER);
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
            self.sync_names(&self.open[&fd].clone());
            return;
        }
        let file = &mut self.contents[file];
        file.flushed = file.now.clone();
        file.pending.clear();
    }

    fn sync_names(&mut self, folder: &str) {
        let written = written_with(folder, &self.pending_names);
        let pending = std::mem::take(&mut self.pending_names);
        for (n, naming) in pending.into_iter().enumerate() {
            match written.contains(&n) {
                true => naming.apply(&mut self.flushed_names),
                false => self.pending_names.push(naming),
            }
        }
    }

    fn name(&mut self, naming: Naming) {
        naming.apply(&mut self.names);
        self.pending_names.push(naming);
    }

    /// The names that are on the disk when each folder was written as far as `how_far` says, which
    /// is told how many changes there are.
    pub(crate) fn names_written(
        &self,
        mut how_far: impl FnMut(usize) -> usize,
    ) -> BTreeMap<String, usize> {
        let pending = &self.pending_names;
        let folders: BTreeSet<&str> = pending.iter().flat_map(Naming::folders).collect();
        let mut written = BTreeSet::new();
        for folder in folders {
            let so_far = &pending[..how_far(pending.len())];
            written.append(&mut written_with(folder, so_far));
        }
        let mut names = self.flushed_names.clone();
        for n in written {
            pending[n].apply(&mut names);
        }
        names
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A disk with the folder `in` and the file `in/a`, all of it flushed.
    fn disk() -> Disk {
        Disk::of(&Files::from([("in/a".to_owned(), b"whole".to_vec())]))
    }

    fn play(disk: &mut Disk, entries: &[Entry]) {
        entries.iter().for_each(|entry| disk.apply(entry));
    }

    fn open(path: &str, is_new: bool) -> Entry {
        Entry::Open {
            fd: 3,
            path: path.to_owned(),
            is_cut: false,
            is_new,
        }
    }

    fn rename(from: &str, to: &str) -> Entry {
        Entry::Rename(from.to_owned(), to.to_owned())
    }

    /// The files that are certain to be found.
    fn flushed(disk: &Disk) -> Vec<String> {
        let names = disk.names_written(|_| 0).into_iter();
        let files = names.filter(|(_, file)| !Disk::is_folder(*file));
        files.map(|(path, _)| path).collect()
    }

    #[test]
    fn a_new_file_that_moved_is_certain_once_the_folder_it_is_in_is_flushed() {
        let mut disk = disk();
        let moved = [open("in/b", true), rename("in/b", "b")];
        play(&mut disk, &moved);
        assert_eq!(flushed(&disk), ["in/a"]);
        play(&mut disk, &[open("", false), Entry::Sync(3)]);
        assert_eq!(flushed(&disk), ["b", "in/a"]);
    }

    #[test]
    fn a_file_that_moved_is_in_one_folder_wherever_the_power_goes() {
        let mut disk = disk();
        let moves = [rename("in/a", "a"), open("in/b", true), rename("a", "in/c")];
        play(&mut disk, &moves);
        for written in (0..16).map(|n| [n / 4, n % 4]) {
            let mut each = written.into_iter();
            let names = disk.names_written(|_| each.next().unwrap());
            let places = ["in/a", "a", "in/c"];
            let n_places = places.iter().filter(|path| names.contains_key(**path));
            assert_eq!(n_places.count(), 1, "{written:?}: {names:?}");
        }
    }

    #[test]
    fn a_folder_that_is_new_is_certain_once_the_one_above_is_flushed() {
        let mut disk = disk();
        let made = [
            Entry::Folder("new".to_owned()),
            open("new", false),
            Entry::Sync(3),
        ];
        play(&mut disk, &made);
        assert!(!disk.names_written(|_| 0).contains_key("new"));
        play(&mut disk, &[open("", false), Entry::Sync(3)]);
        assert!(disk.names_written(|_| 0).contains_key("new"));
    }
}
