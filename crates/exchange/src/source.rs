//! Where an export comes from. A folder, a zip and a single file look the same to the readers.

use std::collections::BTreeMap;

use thiserror::Error;

/// A file of a source. The path has `/` between its parts and is safe: see [`entry_name`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub path: String,
    pub size: u64,
}

/// Files by path. What an implementation lists has passed [`entry_name`] and its own limits.
pub trait Source {
    /// Every file, in the order of their paths.
    fn entries(&self) -> &[Entry];

    /// Files that are there and not listed, and why.
    fn refused(&self) -> &[RefusedEntry] {
        &[]
    }

    /// The contents of a listed file.
    ///
    /// # Errors
    /// [`ReadError`]; never more than `limit` bytes are held.
    fn read(&mut self, path: &str, limit: u64) -> Result<Vec<u8>, ReadError>;

    /// How a listed file begins: at most so many bytes, however long it is.
    ///
    /// # Errors
    /// [`ReadError`]; nothing behind the beginning is unpacked or held.
    fn head(&mut self, path: &str, most: usize) -> Result<Vec<u8>, ReadError>;
}

/// A file that the source has and does not list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedEntry {
    pub name: String,
    pub why: ReadError,
}

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReadError {
    #[error("there is no such file")]
    NotFound,
    #[error("the name leads out of the folder")]
    UnsafeName,
    #[error("more than {limit} bytes")]
    TooLarge { limit: u64 },
    #[error("it unpacks to far more than it is, or to another size than it says")]
    Bomb,
    #[error("{0}")]
    Unreadable(String),
}

/// The name of an entry, with `/` between its parts; `None` when it is absolute, leads out of the
/// folder, or no system would take it.
pub fn entry_name(name: &str) -> Option<String> {
    let name = name.replace('\\', "/");
    let drive = name.as_bytes().get(1) == Some(&b':') && name.as_bytes()[0].is_ascii_alphabetic();
    if drive || name.len() > 1024 || name.contains(|c: char| c.is_control()) {
        return None;
    }
    let is_safe = name
        .split('/')
        .all(|part| !matches!(part, "" | "." | "..") && part.len() <= 255);
    is_safe.then_some(name)
}

/// Files in memory: a single file, or a few.
#[derive(Debug, Default)]
pub struct Files {
    entries: Vec<Entry>,
    refused: Vec<RefusedEntry>,
    bytes: BTreeMap<String, Vec<u8>>,
}

impl Files {
    pub fn single(name: &str, bytes: Vec<u8>) -> Files {
        [(name.to_owned(), bytes)].into_iter().collect()
    }
}

impl FromIterator<(String, Vec<u8>)> for Files {
    fn from_iter<I: IntoIterator<Item = (String, Vec<u8>)>>(files: I) -> Files {
        let mut all = Files::default();
        for (name, bytes) in files {
            match entry_name(&name) {
                Some(path) => drop(all.bytes.insert(path, bytes)),
                None => all.refused.push(RefusedEntry {
                    name,
                    why: ReadError::UnsafeName,
                }),
            }
        }
        all.entries = all
            .bytes
            .iter()
            .map(|(path, bytes)| Entry {
                path: path.clone(),
                size: bytes.len() as u64,
            })
            .collect();
        all
    }
}

impl Source for Files {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn refused(&self) -> &[RefusedEntry] {
        &self.refused
    }

    fn read(&mut self, path: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        let bytes = self.bytes.get(path).ok_or(ReadError::NotFound)?;
        if bytes.len() as u64 > limit {
            return Err(ReadError::TooLarge { limit });
        }
        Ok(bytes.clone())
    }

    fn head(&mut self, path: &str, most: usize) -> Result<Vec<u8>, ReadError> {
        let bytes = self.bytes.get(path).ok_or(ReadError::NotFound)?;
        Ok(bytes[..bytes.len().min(most)].to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_leaves_the_folder_is_no_entry() {
        for name in [
            "../a",
            "a/../../b",
            "a/..",
            "/etc/passwd",
            "\\\\server\\share",
            "..\\a",
            "C:\\a",
            "c:a",
            "a\0b",
            "a//b",
            "",
            "./a",
        ] {
            assert_eq!(entry_name(name), None, "{name:?}");
        }
        assert_eq!(entry_name("a\\b.md").as_deref(), Some("a/b.md"));
        assert_eq!(entry_name("笔记/..a.md").as_deref(), Some("笔记/..a.md"));
    }
}
