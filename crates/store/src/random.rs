//! Where randomness comes from: always passed in, so that a test can repeat a run exactly.

use stoa_domain::{AttachmentId, DraftId, Timestamp, UpdateId};

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

/// A new author of one editing session. The largest number is reserved by the document format.
pub(crate) fn peer_id(random: &dyn Random) -> u64 {
    u64::from_le_bytes(bytes(random)).min(u64::MAX - 1)
}
