//! A file that belongs to a draft: its name, its kind, and the hash its contents are found by.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{AttachmentId, DraftId, Timestamp, UserId, text};

/// The largest file of any kind, in bytes.
pub const MAX_FILE_BYTES: u64 = 2 * 1024 * 1024 * 1024;
/// The largest image, in bytes.
pub const MAX_IMAGE_BYTES: u64 = 20 * 1024 * 1024;
/// The most pixels of an image, by its own header.
pub const MAX_IMAGE_PIXELS: u64 = 50_000_000;
/// The longest name, in characters.
const MAX_NAME_CHARS: usize = 200;

/// The 32 bytes that name the contents of a file: BLAKE3 over the hashes of its parts. As text, 64
/// lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
pub struct BlobHash([u8; 32]);

/// The text is not a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not 64 lower-case hex digits")]
pub struct BlobHashError;

impl BlobHash {
    /// The 32 bytes as stored in a database.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes as stored in a database.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for BlobHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for BlobHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BlobHash({self})")
    }
}

impl FromStr for BlobHash {
    type Err = BlobHashError;

    fn from_str(text: &str) -> Result<Self, BlobHashError> {
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return Err(BlobHashError);
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Ok(Self(bytes))
    }
}

fn digit(digit: u8) -> Result<u8, BlobHashError> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        _ => Err(BlobHashError),
    }
}

impl TryFrom<String> for BlobHash {
    type Error = BlobHashError;

    fn try_from(text: String) -> Result<Self, BlobHashError> {
        text.parse()
    }
}

impl From<BlobHash> for String {
    fn from(hash: BlobHash) -> Self {
        hash.to_string()
    }
}

/// What a file is, by its first bytes and never by its name. Everything that is not one of the
/// image forms is just bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MediaType {
    #[serde(rename = "image/png")]
    Png,
    #[serde(rename = "image/jpeg")]
    Jpeg,
    #[serde(rename = "image/gif")]
    Gif,
    #[serde(rename = "image/webp")]
    Webp,
    #[serde(rename = "image/avif")]
    Avif,
    #[serde(rename = "application/octet-stream")]
    Bytes,
}

impl MediaType {
    /// Every media type.
    pub const ALL: [MediaType; 6] = [
        MediaType::Png,
        MediaType::Jpeg,
        MediaType::Gif,
        MediaType::Webp,
        MediaType::Avif,
        MediaType::Bytes,
    ];

    /// The name on the wire and in the databases.
    pub fn as_str(self) -> &'static str {
        match self {
            MediaType::Png => "image/png",
            MediaType::Jpeg => "image/jpeg",
            MediaType::Gif => "image/gif",
            MediaType::Webp => "image/webp",
            MediaType::Avif => "image/avif",
            MediaType::Bytes => "application/octet-stream",
        }
    }

    /// Reads the name on the wire.
    pub fn parse(name: &str) -> Option<MediaType> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Whether a text shows it, rather than only names it.
    pub fn is_image(self) -> bool {
        self != MediaType::Bytes
    }
}

/// The name of a file: one line without slashes, 1 to 200 characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FileName(String);

/// Why a text cannot be the name of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FileNameError {
    #[error("a file needs a name")]
    Empty,
    #[error("the name has more than {MAX_NAME_CHARS} characters")]
    TooLong,
    #[error("the name holds control characters or slashes")]
    Form,
}

impl FileName {
    /// Checks a name.
    ///
    /// # Errors
    /// [`FileNameError`], named for the rule that is broken.
    pub fn parse(name: &str) -> Result<Self, FileNameError> {
        if name.trim().is_empty() {
            return Err(FileNameError::Empty);
        }
        if name.chars().count() > MAX_NAME_CHARS {
            return Err(FileNameError::TooLong);
        }
        if name
            .chars()
            .any(|c| c.is_control() || matches!(c, '/' | '\\'))
        {
            return Err(FileNameError::Form);
        }
        Ok(Self(name.to_owned()))
    }

    /// The nearest name to what a disk or a clipboard calls a file; `fallback` if nothing is left.
    pub fn of(name: &str, fallback: &str) -> Self {
        let clean: String = text::clean(name)
            .chars()
            .map(|c| {
                if c.is_control() || matches!(c, '/' | '\\') {
                    ' '
                } else {
                    c
                }
            })
            .collect();
        let clean = clean.trim();
        // The end says what kind of file it is.
        let n_chars = clean.chars().count();
        let kept: String = clean
            .chars()
            .skip(n_chars.saturating_sub(MAX_NAME_CHARS))
            .collect();
        Self(if kept.is_empty() {
            fallback.to_owned()
        } else {
            kept
        })
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for FileName {
    type Error = FileNameError;

    fn try_from(name: String) -> Result<Self, FileNameError> {
        Self::parse(&name)
    }
}

impl From<FileName> for String {
    fn from(name: FileName) -> Self {
        name.0
    }
}

/// That a draft uses a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    pub id: AttachmentId,
    pub draft: DraftId,
    /// What its contents are found by.
    pub b3: BlobHash,
    pub name: FileName,
    pub media_type: MediaType,
    /// Bytes.
    pub size: u64,
    /// Pixels; only of images.
    pub width: Option<u32>,
    pub height: Option<u32>,
    /// Who added it; set by the server from the session.
    pub author: Option<UserId>,
    pub made_at: Timestamp,
    /// When it was taken out of the draft.
    pub removed_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_64_lower_case_digits() {
        let text = "0f".repeat(32);
        let hash: BlobHash = text.parse().unwrap();
        assert_eq!(hash.to_string(), text);
        for wrong in [&text[1..], &text.to_uppercase(), "", &"zz".repeat(32)] {
            assert!(wrong.parse::<BlobHash>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_name_is_one_line_without_slashes() {
        assert!(FileName::parse("封面 1.png").is_ok());
        for wrong in ["", "  ", "a/b", "a\\b", "a\nb", "\0", &"长".repeat(201)] {
            assert!(FileName::parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn any_name_of_a_disk_becomes_one_that_is_allowed() {
        let long = format!("{}.png", "长".repeat(300));
        for odd in ["../../etc/passwd", "a\u{0}b.png", " ", &long] {
            let name = FileName::of(odd, "image.png");
            assert!(FileName::parse(name.as_str()).is_ok(), "{odd:?}");
        }
        assert!(FileName::of(&long, "x").as_str().ends_with(".png"));
        assert_eq!(FileName::of("\n", "image.png").as_str(), "image.png");
    }
}
