//! Bytes on their way in: a file that has no name in the object store until all of it was checked.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use bytes::BytesMut;
use tokio::task::JoinHandle;

use super::ObjectError;

/// So much is hashed and written at a time, while the next bytes arrive.
const PIECE_BYTES: usize = 512 * 1024;

/// A file that is being received. Dropped before it is kept, it is gone.
pub(crate) struct Spool {
    gathered: BytesMut,
    /// Hashing and writing the piece before; absent only while it is awaited.
    working: Option<JoinHandle<io::Result<Writing>>>,
    n_bytes: u64,
}

struct Writing {
    file: File,
    name: Unkept,
    hasher: blake3::Hasher,
}

/// A name that is taken away when nobody keeps it.
struct Unkept(PathBuf);

impl Drop for Unkept {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.0)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "a file that is not needed stays in the spool");
        }
    }
}

/// Bytes that arrived, are hashed, and lie on the disk under a name that goes with this.
pub(crate) struct Spooled {
    pub(super) file: File,
    name: Unkept,
    pub(crate) n_bytes: u64,
    pub(crate) b3: [u8; 32],
}

impl Spooled {
    pub(super) fn path(&self) -> &Path {
        &self.name.0
    }
}

impl Spool {
    /// Begins a file below `folder` under a name nobody else has.
    pub(crate) async fn begin(folder: &Path, name: [u8; 16]) -> Result<Self, ObjectError> {
        let name: String = name.iter().map(|byte| format!("{byte:02x}")).collect();
        let path = folder.join(name);
        let folder = folder.to_owned();
        let working = tokio::task::spawn_blocking(move || {
            std::fs::create_dir_all(folder)?;
            let file = File::create_new(&path)?;
            Ok(Writing {
                file,
                name: Unkept(path),
                hasher: blake3::Hasher::new(),
            })
        });
        Ok(Self {
            gathered: BytesMut::with_capacity(PIECE_BYTES),
            working: Some(working),
            n_bytes: 0,
        })
    }

    /// How many bytes came so far.
    pub(crate) fn n_bytes(&self) -> u64 {
        self.n_bytes
    }

    /// Takes more bytes; waits only when the disk is slower than the sender.
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> Result<(), ObjectError> {
        self.n_bytes += bytes.len() as u64;
        self.gathered.extend_from_slice(bytes);
        if self.gathered.len() >= PIECE_BYTES {
            self.hand_over().await?;
        }
        Ok(())
    }

    async fn hand_over(&mut self) -> Result<(), ObjectError> {
        let mut writing = self.written().await?;
        let piece = std::mem::replace(&mut self.gathered, BytesMut::with_capacity(PIECE_BYTES));
        self.working = Some(tokio::task::spawn_blocking(move || {
            writing.hasher.update(&piece);
            writing.file.write_all(&piece)?;
            Ok(writing)
        }));
        Ok(())
    }

    async fn written(&mut self) -> Result<Writing, ObjectError> {
        let ended = || ObjectError::Failed("receiving broke off".to_owned());
        let working = self.working.take().ok_or_else(ended)?;
        Ok(working.await.map_err(|_| ended())??)
    }

    /// All of it came.
    pub(crate) async fn finish(mut self) -> Result<Spooled, ObjectError> {
        self.hand_over().await?;
        let writing = self.written().await?;
        Ok(Spooled {
            b3: *writing.hasher.finalize().as_bytes(),
            file: writing.file,
            name: writing.name,
            n_bytes: self.n_bytes,
        })
    }
}
