//! Files that do not travel for now, while others do.

use std::collections::BTreeMap;
use std::time::Duration;

use stoa_domain::BlobHash;
use tokio::time::Instant;

use super::{FileTrouble, StuckFile};

/// A file the server does not take or give is tried again after this long.
const REST: Duration = Duration::from_secs(600);

struct Rest {
    until: Instant,
    trouble: FileTrouble,
    is_outgoing: bool,
    /// Bytes that do not travel meanwhile.
    size: u64,
}

/// What rests, until when, and why.
#[derive(Default)]
pub(super) struct Resting(BTreeMap<BlobHash, Rest>);

impl Resting {
    pub(super) fn add(&mut self, stuck: StuckFile, size: u64) {
        let rest = Rest {
            until: Instant::now() + REST,
            trouble: stuck.trouble,
            is_outgoing: stuck.is_outgoing,
            size,
        };
        self.0.insert(stuck.b3, rest);
    }

    pub(super) fn has(&self, b3: BlobHash) -> bool {
        self.0.contains_key(&b3)
    }

    /// What has rested long enough may be tried again.
    pub(super) fn wake(&mut self) {
        let now = Instant::now();
        self.0.retain(|_, rest| rest.until > now);
    }

    /// Everything is tried again now.
    pub(super) fn wake_all(&mut self) {
        self.0.clear();
    }

    /// How long until the first is tried again.
    pub(super) fn ends_in(&self) -> Option<Duration> {
        let first = self.0.values().map(|rest| rest.until).min()?;
        Some(first.saturating_duration_since(Instant::now()))
    }

    /// Bytes that rest.
    pub(super) fn bytes(&self) -> u64 {
        self.0.values().map(|rest| rest.size).sum()
    }

    /// The most telling reason.
    pub(super) fn trouble(&self) -> Option<FileTrouble> {
        self.0.values().map(|rest| rest.trouble).max()
    }

    pub(super) fn stuck(&self) -> Vec<StuckFile> {
        let stuck = |(b3, rest): (&BlobHash, &Rest)| StuckFile {
            b3: *b3,
            trouble: rest.trouble,
            is_outgoing: rest.is_outgoing,
        };
        self.0.iter().map(stuck).collect()
    }
}
