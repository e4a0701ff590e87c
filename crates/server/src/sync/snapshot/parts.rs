//! Lines on their way into files: packed, counted and hashed while they are written.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use stoa_protocol::sync::SnapshotPart;
use stoa_protocol::{SNAPSHOT_PART_BYTES, SNAPSHOT_PART_RAW_BYTES};
use zstd::stream::Encoder;

/// What is written after the limit was seen: the last line, and what the packer holds back.
const SLACK: u64 = 1024 * 1024;
/// A part of very even rows does not unpack to more than so many times its size.
const RAW_PER_PACKED: u64 = 16;

/// Cuts what is written into parts, each of whole lines.
pub(super) struct Parts {
    folder: PathBuf,
    part_bytes: u64,
    open: Option<Open>,
    done: Vec<SnapshotPart>,
}

struct Open {
    packed: Encoder<'static, Counted>,
    raw: u64,
    rows: u64,
}

/// A file that knows its length and BLAKE3.
struct Counted {
    file: File,
    size: u64,
    b3: blake3::Hasher,
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.file.write(bytes)?;
        self.b3.update(&bytes[..n]);
        self.size += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Parts {
    pub(super) fn new(folder: &Path, part_bytes: u64) -> Self {
        Self {
            folder: folder.to_owned(),
            part_bytes: part_bytes.min(SNAPSHOT_PART_BYTES - SLACK),
            open: None,
            done: Vec::new(),
        }
    }

    pub(super) fn finish(mut self) -> io::Result<Vec<SnapshotPart>> {
        self.close()?;
        Ok(self.done)
    }

    fn open(&mut self) -> io::Result<&mut Open> {
        match &mut self.open {
            Some(open) => Ok(open),
            none => {
                let file = File::create(self.folder.join(self.done.len().to_string()))?;
                let counted = Counted {
                    file,
                    size: 0,
                    b3: blake3::Hasher::new(),
                };
                Ok(none.insert(Open {
                    packed: Encoder::new(counted, 1)?,
                    raw: 0,
                    rows: 0,
                }))
            }
        }
    }

    fn close(&mut self) -> io::Result<()> {
        let Some(open) = self.open.take() else {
            return Ok(());
        };
        let counted = open.packed.finish()?;
        counted.file.sync_all()?;
        self.done.push(SnapshotPart {
            size: counted.size,
            raw: open.raw,
            rows: open.rows,
            b3: counted.b3.finalize().to_hex().to_string(),
        });
        Ok(())
    }
}

impl Write for Parts {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let part_bytes = self.part_bytes;
        let most_raw = (part_bytes * RAW_PER_PACKED).min(SNAPSHOT_PART_RAW_BYTES / 2);
        let open = self.open()?;
        open.packed.write_all(bytes)?;
        open.raw += bytes.len() as u64;
        let ends_line = bytes.last() == Some(&b'\n');
        open.rows += u64::from(ends_line);
        let is_full = open.packed.get_ref().size >= part_bytes || open.raw >= most_raw;
        if ends_line && is_full {
            self.close()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
