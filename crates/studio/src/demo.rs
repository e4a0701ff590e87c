//! The demo: its own profile and database, filled with example drafts, never sent to anybody.
//!
//! It holds nothing of the user, so its vault key lies in a file beside it instead of the
//! keychain: a demo opens on any computer without a question, and leaves nothing behind in the
//! keychain when its folder is removed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::PoisonError;

use stoa_domain::{Timestamp, Title};
use stoa_store::{Random, SecretError, SecretStore, Store, StoreError};
use zeroize::Zeroizing;

use crate::import::front_matter;

/// The name of the example community, in both languages.
pub(crate) const NAME: &str = "知行社";
/// The file with the key.
pub(crate) const KEY_FILE: &str = "demo.key";
/// Every demo has the same ids.
const SEED: u64 = 20_240_229;
const HOUR_MILLIS: i64 = 3_600_000;

const SAMPLES: &[&str] = &[
    include_str!("../../../assets/sample-data/12-glossary.md"),
    include_str!("../../../assets/sample-data/11-letter-to-members.md"),
    include_str!("../../../assets/sample-data/10-community-rules.md"),
    include_str!("../../../assets/sample-data/09-launch-checklist.md"),
    include_str!("../../../assets/sample-data/08-expert-interview.md"),
    include_str!("../../../assets/sample-data/07-reading-notes.md"),
    include_str!("../../../assets/sample-data/06-retention.md"),
    include_str!("../../../assets/sample-data/05-feedback-guide.md"),
    include_str!("../../../assets/sample-data/04-cohort-21-days.md"),
    include_str!("../../../assets/sample-data/03-offline-first.md"),
    include_str!("../../../assets/sample-data/02-pricing.md"),
    include_str!("../../../assets/sample-data/01-welcome.md"),
];

/// Writes the example drafts as if they had been written over the past weeks.
pub(crate) fn fill(store: &Store, now: Timestamp) -> Result<(), StoreError> {
    let random = Seeded::new(SEED);
    for sample in SAMPLES {
        let sample = Sample::read(sample);
        let at = now.plus_millis(-sample.hours * HOUR_MILLIS);
        store.import_draft(sample.title, sample.markdown, at, &random)?;
    }
    store.forget_steps()
}

struct Sample {
    title: Title,
    /// How long ago it was written.
    hours: i64,
    markdown: &'static str,
}

impl Sample {
    fn read(text: &'static str) -> Self {
        let (fields, markdown) = front_matter(text);
        let value = |key: &str| {
            fields
                .iter()
                .find(|field| field.key == key)
                .map(|f| f.value)
        };
        Self {
            title: value("title")
                .and_then(|title| Title::parse(title).ok())
                .unwrap_or_default(),
            hours: value("hours")
                .and_then(|hours| hours.parse().ok())
                .unwrap_or_default(),
            markdown,
        }
    }
}

/// Numbers that look random and are the same each time (SplitMix64). Only for the demo's ids.
struct Seeded(Mutex<u64>);

impl Seeded {
    fn new(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }

    fn next(&self) -> u64 {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = *state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

impl Random for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let next = self.next().to_le_bytes();
            chunk.copy_from_slice(&next[..chunk.len()]);
        }
    }
}

/// The demo's key, in a file beside its database.
pub(crate) struct KeyFile {
    path: PathBuf,
}

impl KeyFile {
    pub(crate) fn in_folder(dir: &Path) -> Self {
        Self {
            path: dir.join(KEY_FILE),
        }
    }
}

impl SecretStore for KeyFile {
    fn backend(&self) -> String {
        "file".to_owned()
    }

    fn get(&self, _name: &str) -> Result<Zeroizing<Vec<u8>>, SecretError> {
        fs::read(&self.path)
            .map(Zeroizing::new)
            .map_err(|error| not_given(&error))
    }

    fn set(&self, _name: &str, secret: &[u8]) -> Result<(), SecretError> {
        fs::write(&self.path, secret).map_err(|error| not_given(&error))
    }

    fn delete(&self, _name: &str) -> Result<(), SecretError> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(not_given(&error)),
            _ => Ok(()),
        }
    }
}

fn not_given(error: &io::Error) -> SecretError {
    match error.kind() {
        io::ErrorKind::NotFound => SecretError::NoEntry,
        io::ErrorKind::PermissionDenied => SecretError::Refused,
        kind => SecretError::Unavailable(kind.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_has_a_title_a_time_and_a_text() {
        let samples: Vec<Sample> = SAMPLES.iter().map(|text| Sample::read(text)).collect();
        assert_eq!(samples.len(), 12);
        for sample in &samples {
            let title = sample.title.as_str();
            assert!(!title.is_empty());
            assert!(sample.hours > 0, "{title}");
            assert!(sample.markdown.len() > 200, "{title}");
            assert!(!sample.markdown.starts_with("---"), "{title}");
        }
        assert!(
            samples.is_sorted_by(|a, b| a.hours > b.hours),
            "oldest first"
        );
    }

    #[test]
    fn the_seed_gives_the_same_bytes_each_time() {
        let bytes = |n: usize| {
            let mut bytes = vec![0; n];
            Seeded::new(SEED).fill(&mut bytes);
            bytes
        };
        assert_eq!(bytes(10), bytes(10));
        assert_ne!(bytes(16), vec![0; 16]);
    }

    #[test]
    fn the_key_file_gives_back_what_it_took() {
        let dir = tempfile::tempdir().unwrap();
        let file = KeyFile::in_folder(dir.path());
        assert_eq!(file.get("any"), Err(SecretError::NoEntry));
        file.set("any", b"key").unwrap();
        assert_eq!(file.get("any").unwrap().as_slice(), b"key");
        file.delete("any").unwrap();
        file.delete("any").unwrap();
    }
}
