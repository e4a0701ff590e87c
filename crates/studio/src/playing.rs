//! Sounds and films as a host gives them to a player, range by range.

use std::io;
use std::ops::Range;
use std::time::Instant;

use stoa_domain::{BlobHash, MediaForm};
use stoa_store::{FileReader, StoreError};

use crate::studio::{Studio, blocking};

/// So much is enough to know what a file is.
const HEAD: u64 = 4096;
/// Random bytes in a ticket.
const TICKET_BYTES: usize = 32;

/// A recording that is on this computer.
pub struct Playable {
    /// By its first bytes, never by its name.
    pub media_type: &'static str,
    /// Bytes, never zero.
    pub size: u64,
    reader: FileReader,
}

impl Playable {
    /// Some of its bytes, and itself for the next ones.
    ///
    /// # Errors
    /// `InvalidData` when they are not what was written, else the disk's error.
    pub async fn read(mut self, range: Range<u64>) -> io::Result<(Self, Vec<u8>)> {
        let read = blocking(move || {
            let bytes = self.reader.read(range)?;
            Ok((self, bytes))
        });
        let ended = |_| io::Error::other("the file cannot be read");
        read.await.map_err(ended)?
    }
}

impl Studio {
    /// A recording that a draft uses and that is on this computer, by the 64 digits of its hash.
    /// Anything else is not there.
    pub async fn recording(&self, b3: &str) -> Option<Playable> {
        self.playable(b3.parse().ok()?).await
    }

    /// What a ticket plays, while it is good.
    pub async fn ticketed(&self, ticket: &str) -> Option<Playable> {
        let b3 = self.inner.tickets.file(ticket, Instant::now())?;
        self.playable(b3).await
    }

    pub(crate) async fn playable(&self, b3: BlobHash) -> Option<Playable> {
        let store = self.profile().ok()?.store.clone();
        let opened = blocking(move || {
            store.file(b3)?;
            let Some(mut reader) = store.open_file(b3)? else {
                return Ok(None);
            };
            let head = match reader.read(0..HEAD) {
                Ok(head) => head,
                Err(error) => {
                    tracing::error!(%error, "a recording cannot be read");
                    store.file_is_damaged(b3)?;
                    return Ok(None);
                }
            };
            Ok(MediaForm::sniff(&head).map(|form| Playable {
                media_type: form.as_str(),
                size: reader.size(),
                reader,
            }))
        });
        let opened: Result<Option<Playable>, StoreError> = opened.await.ok()?;
        opened.ok().flatten()
    }

    /// A word that plays a recording for a while.
    pub(crate) fn new_ticket(&self, b3: BlobHash, now: Instant) -> String {
        let mut word = [0; TICKET_BYTES];
        self.inner.options.random.fill(&mut word);
        let word: String = word.iter().map(|byte| format!("{byte:02x}")).collect();
        self.inner.tickets.keep(word.clone(), b3, now);
        word
    }
}
