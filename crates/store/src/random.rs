//! Where randomness comes from: always passed in, so that a test can repeat a run exactly.

use std::sync::atomic::{AtomicU64, Ordering};

use stoa_domain::{
    AttachmentId, DraftId, ReviewCommentId, ReviewId, SectionId, Timestamp, UpdateId, VersionId,
};

/// A source of random bytes fit for keys.
pub trait Random: Send + Sync {
    /// Fills the whole slice.
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's source.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsRandom;

impl Random for OsRandom {
    fn fill(&self, bytes: &mut [u8]) {
        use rand::TryRng;
        rand::rngs::SysRng
            .try_fill_bytes(bytes)
            .expect("the operating system always has random bytes once it has started");
    }
}

pub(crate) fn bytes<const N: usize>(random: &dyn Random) -> [u8; N] {
    let mut bytes = [0; N];
    random.fill(&mut bytes);
    bytes
}

pub(crate) fn draft_id(now: Timestamp, random: &dyn Random) -> DraftId {
    DraftId::new(now, bytes(random))
}

pub(crate) fn update_id(now: Timestamp, random: &dyn Random) -> UpdateId {
    UpdateId::new(now, bytes(random))
}

pub(crate) fn attachment_id(now: Timestamp, random: &dyn Random) -> AttachmentId {
    AttachmentId::new(now, bytes(random))
}

pub(crate) fn version_id(now: Timestamp, random: &dyn Random) -> VersionId {
    VersionId::new(now, bytes(random))
}

pub(crate) fn review_id(now: Timestamp, random: &dyn Random) -> ReviewId {
    ReviewId::new(now, bytes(random))
}

pub(crate) fn comment_id(now: Timestamp, random: &dyn Random) -> ReviewCommentId {
    ReviewCommentId::new(now, bytes(random))
}

pub(crate) fn section_id(now: Timestamp, random: &dyn Random) -> SectionId {
    SectionId::new(now, bytes(random))
}

/// What is at the end of a place in an order, so that two devices never make the same.
pub(crate) fn place_digits(random: &dyn Random) -> String {
    crate::hex::encode(&bytes::<2>(random))
}

/// A new author of one editing session. The largest number is reserved by the document format.
pub(crate) fn peer_id(random: &dyn Random) -> u64 {
    u64::from_le_bytes(bytes(random)).min(u64::MAX - 1)
}

/// Bytes that follow from a seed that was drawn once, for what has to be done without a source.
/// What they are for goes into them, so that a seed that was used before gives others.
pub(crate) struct Drawn {
    seed: [u8; 32],
    n_calls: AtomicU64,
}

impl Drawn {
    pub(crate) fn new(seed: &[u8; 32], what_for: &[u8]) -> Self {
        Self {
            seed: *blake3::keyed_hash(seed, what_for).as_bytes(),
            n_calls: AtomicU64::new(0),
        }
    }
}

impl Random for Drawn {
    fn fill(&self, bytes: &mut [u8]) {
        let n = self.n_calls.fetch_add(1, Ordering::Relaxed);
        let mut hasher = blake3::Hasher::new_keyed(&self.seed);
        hasher.update(&n.to_le_bytes());
        hasher.finalize_xof().fill(bytes);
    }
}
