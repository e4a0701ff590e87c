//! The diary that the recorder keeps: every change to a profile's files, in order.

use std::path::Path;

/// One change, or a note of the program itself. Paths are within the profile.
#[derive(Debug, Clone)]
pub(crate) enum Entry {
    Open {
        fd: i32,
        path: String,
        is_cut: bool,
        is_new: bool,
    },
    Close(i32),
    Write {
        fd: i32,
        at: usize,
        bytes: Vec<u8>,
    },
    Sync(i32),
    Cut {
        fd: i32,
        len: usize,
    },
    Rename(String, String),
    Remove(String),
    Folder(String),
    /// So many steps are done.
    Note(usize),
}

impl Entry {
    /// Whether the disk looks different afterwards, or holds more for certain.
    pub(crate) fn is_change(&self) -> bool {
        match self {
            Entry::Open { is_cut, is_new, .. } => *is_cut || *is_new,
            Entry::Close(_) | Entry::Note(_) => false,
            _ => true,
        }
    }
}

/// Reads a diary of changes below `root`. One that breaks off was killed while writing.
pub(crate) fn read(log: &Path, root: &Path) -> Vec<Entry> {
    let bytes = std::fs::read(log).unwrap();
    let mut rest = bytes.as_slice();
    let mut entries = Vec::new();
    while let Some(entry) = next(&mut rest, root) {
        entries.push(entry);
    }
    entries
}

fn next(rest: &mut &[u8], root: &Path) -> Option<Entry> {
    const HEAD: usize = 21;
    let (head, body) = rest.split_at_checked(HEAD)?;
    let fd = i32::from_le_bytes(head[1..5].try_into().unwrap());
    let at = i64::from_le_bytes(head[5..13].try_into().unwrap());
    let n_a = u32::from_le_bytes(head[13..17].try_into().unwrap()) as usize;
    let n_b = u32::from_le_bytes(head[17..21].try_into().unwrap()) as usize;
    let (a, body) = body.split_at_checked(n_a)?;
    let (b, body) = body.split_at_checked(n_b)?;
    *rest = body;
    let path = |bytes: &[u8]| {
        let path = Path::new(std::str::from_utf8(bytes).unwrap());
        let inside = path.strip_prefix(root).unwrap();
        inside.to_str().unwrap().to_owned()
    };
    let size = usize::try_from(at).unwrap();
    Some(match head[0] {
        1 => Entry::Open {
            fd,
            path: path(a),
            is_cut: at & 1 != 0,
            is_new: at & 2 != 0,
        },
        2 => Entry::Close(fd),
        3 => Entry::Write {
            fd,
            at: size,
            bytes: a.to_vec(),
        },
        4 => Entry::Sync(fd),
        5 => Entry::Cut { fd, len: size },
        6 => Entry::Rename(path(a), path(b)),
        7 => Entry::Remove(path(a)),
        8 => Entry::Folder(path(a)),
        9 => Entry::Note(std::str::from_utf8(a).unwrap().parse().unwrap()),
        other => panic!("no such entry: {other}"),
    })
}
