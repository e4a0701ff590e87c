//! How much of an export is looked at.

/// Beyond these an entry, or the whole export, is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Files of a source, and posts of an import.
    pub entries: usize,
    /// Of one file that is read as text: a note, a page, a document.
    pub text_bytes: u64,
    /// Of an export that is one JSON or XML file.
    pub export_bytes: u64,
    /// Of all that is read in one import.
    pub total_bytes: u64,
    /// Of one file of a zip, unpacked.
    pub entry_bytes: u64,
    /// Of all files of a zip, unpacked.
    pub unpacked_bytes: u64,
    /// Unpacked bytes for each packed one, of files above a mebibyte.
    pub ratio: u64,
    /// The same of all files of a zip together, when they are above 32 mebibytes.
    pub whole_ratio: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            entries: 20_000,
            text_bytes: 8 * MIB,
            export_bytes: 64 * MIB,
            total_bytes: 1024 * MIB,
            entry_bytes: 2048 * MIB,
            unpacked_bytes: 16 * 1024 * MIB,
            ratio: 200,
            whole_ratio: 50,
        }
    }
}

pub(crate) const MIB: u64 = 1024 * 1024;
/// How deep elements may lie in each other, in XML and HTML.
pub(crate) const MAX_DEPTH: usize = 100;
/// The longest body of a post, in bytes.
pub(crate) const MAX_BODY_BYTES: usize = stoa_domain::MAX_BODY_BYTES;
