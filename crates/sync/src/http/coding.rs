//! Bodies on the wire: compressing what is sent, and expanding what arrives within limits, so
//! that a small answer cannot become a large one in memory.

use std::io::{self, Write};

use flate2::write::GzDecoder;
use zstd::stream::{raw, write, zio};

use crate::line;
use crate::transport::{PulledLine, TransportError};

/// Bodies above this many bytes are sent compressed.
const COMPRESS_ABOVE: usize = 1024;
/// The largest window a zstd answer may ask for: 8 MiB.
const WINDOW_LOG_MAX: u32 = 23;
/// So much may one slice of an answer expand to before it is looked at.
const MAX_BURST_BYTES: usize = 16 * 1024 * 1024;
/// Answers are expanded in slices of this size.
const SLICE_BYTES: usize = 1024;
/// The longest line of a pull: one mutation's worth of columns and some more.
const MAX_LINE_BYTES: usize = 1024 * 1024;

/// A body and how it is encoded.
pub(super) struct Encoded {
    pub(super) bytes: Vec<u8>,
    pub(super) is_zstd: bool,
}

/// Compresses a body when that is worth it.
pub(super) fn encode(json: Vec<u8>) -> Encoded {
    if json.len() > COMPRESS_ABOVE
        && let Ok(bytes) = zstd::bulk::compress(&json, 1)
    {
        return Encoded {
            bytes,
            is_zstd: true,
        };
    }
    Encoded {
        bytes: json,
        is_zstd: false,
    }
}

/// Expands an answer as it arrives.
pub(super) enum Decoder {
    Plain(Sink),
    Zstd(Box<write::Decoder<'static, Sink>>),
    Gzip(Box<GzDecoder<Sink>>),
}

/// Where expanded bytes gather, up to what is left of the limits.
pub(super) struct Sink {
    bytes: Vec<u8>,
    left: usize,
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() > self.left || self.bytes.len() + bytes.len() > MAX_BURST_BYTES {
            return Err(io::Error::other("the answer is larger than allowed"));
        }
        self.left -= bytes.len();
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Decoder {
    /// A decoder for a `Content-Encoding`, with the most bytes the whole answer may have.
    pub(super) fn new(encoding: Option<&str>, limit: usize) -> Result<Self, TransportError> {
        let sink = Sink {
            bytes: Vec::new(),
            left: limit,
        };
        match encoding {
            None | Some("identity" | "") => Ok(Self::Plain(sink)),
            Some("zstd") => {
                let mut decoder = raw::Decoder::new().map_err(unreadable)?;
                decoder
                    .set_parameter(zstd::zstd_safe::DParameter::WindowLogMax(WINDOW_LOG_MAX))
                    .map_err(unreadable)?;
                let writer = zio::Writer::new(sink, decoder);
                Ok(Self::Zstd(Box::new(write::Decoder::with_writer(writer))))
            }
            Some("gzip") => Ok(Self::Gzip(Box::new(GzDecoder::new(sink)))),
            Some(other) => Err(unreadable(format!("encoding `{other}`"))),
        }
    }

    /// Expands a piece and hands what came of it to `take`, in bounded portions.
    pub(super) fn feed(
        &mut self,
        piece: &[u8],
        mut take: impl FnMut(&[u8]) -> Result<(), TransportError>,
    ) -> Result<(), TransportError> {
        for slice in piece.chunks(SLICE_BYTES) {
            let sink = self.expand(slice).map_err(unreadable)?;
            take(&sink.bytes)?;
            sink.bytes.clear();
        }
        Ok(())
    }

    fn expand(&mut self, slice: &[u8]) -> io::Result<&mut Sink> {
        match self {
            Self::Plain(sink) => {
                sink.write_all(slice)?;
                Ok(sink)
            }
            Self::Zstd(decoder) => {
                decoder.write_all(slice)?;
                decoder.flush()?;
                Ok(decoder.get_mut())
            }
            Self::Gzip(decoder) => {
                decoder.write_all(slice)?;
                decoder.flush()?;
                Ok(decoder.get_mut())
            }
        }
    }
}

/// Cuts expanded bytes into lines and reads them.
#[derive(Default)]
pub(super) struct Lines {
    partial: Vec<u8>,
}

impl Lines {
    /// Takes bytes and appends every line they complete.
    pub(super) fn feed(
        &mut self,
        bytes: &[u8],
        lines: &mut Vec<PulledLine>,
    ) -> Result<(), TransportError> {
        let mut rest = bytes;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let (head, tail) = rest.split_at(end);
            rest = &tail[1..];
            if self.partial.is_empty() {
                read_line(head, lines)?;
            } else {
                self.partial.extend_from_slice(head);
                read_line(&self.partial, lines)?;
                self.partial.clear();
            }
        }
        self.partial.extend_from_slice(rest);
        if self.partial.len() > MAX_LINE_BYTES {
            return Err(unreadable("a line is longer than allowed"));
        }
        Ok(())
    }

    /// Whether the stream ended inside a line.
    pub(super) fn is_cut(&self) -> bool {
        !self.partial.is_empty()
    }
}

fn read_line(line: &[u8], lines: &mut Vec<PulledLine>) -> Result<(), TransportError> {
    if line.len() > MAX_LINE_BYTES {
        return Err(unreadable("a line is longer than allowed"));
    }
    if !line.iter().all(u8::is_ascii_whitespace) {
        lines.push(line::read(line).map_err(unreadable)?);
    }
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
pub(super) fn unreadable(why: impl ToString) -> TransportError {
    TransportError::Unreadable(why.to_string())
}

#[cfg(test)]
mod tests {
    use stoa_protocol::sync::PullLine;

    use super::*;

    fn expand(
        encoding: Option<&str>,
        body: &[u8],
        limit: usize,
    ) -> Result<Vec<u8>, TransportError> {
        let mut decoder = Decoder::new(encoding, limit)?;
        let mut out = Vec::new();
        for piece in body.chunks(7) {
            decoder.feed(piece, |bytes| {
                out.extend_from_slice(bytes);
                Ok(())
            })?;
        }
        Ok(out)
    }

    fn gzip(body: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(body).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn every_encoding_expands_to_the_same() {
        let text = "知识付费\n".repeat(5_000).into_bytes();
        let zstd = encode(text.clone());
        assert!(zstd.is_zstd);
        let limit = text.len();
        assert_eq!(expand(None, &text, limit).unwrap(), text);
        assert_eq!(expand(Some("zstd"), &zstd.bytes, limit).unwrap(), text);
        assert_eq!(expand(Some("gzip"), &gzip(&text), limit).unwrap(), text);
    }

    #[test]
    fn several_frames_one_after_the_other_are_one_answer() {
        let mut body = zstd::bulk::compress(b"one\n", 1).unwrap();
        body.extend(zstd::bulk::compress(b"two\n", 1).unwrap());
        assert_eq!(expand(Some("zstd"), &body, 100).unwrap(), b"one\ntwo\n");
    }

    #[test]
    fn a_small_answer_does_not_become_a_large_one() {
        let bomb = vec![0; 64 * 1024 * 1024];
        for (encoding, body) in [
            ("zstd", zstd::bulk::compress(&bomb, 1).unwrap()),
            ("gzip", gzip(&bomb)),
        ] {
            assert!(
                expand(Some(encoding), &body, 1_000_000).is_err(),
                "{encoding}"
            );
        }
    }

    #[test]
    fn a_line_without_end_is_refused() {
        let mut lines = Lines::default();
        let mut out = Vec::new();
        let piece = vec![b'x'; 100_000];
        let refused = (0..12).any(|_| lines.feed(&piece, &mut out).is_err());
        assert!(refused);
    }

    #[test]
    fn lines_are_found_wherever_the_pieces_are_cut() {
        let text = "{\"ok\":1}\n\n{\"ok\":22}\n{\"ok\":3";
        for size in 1..text.len() {
            let mut lines = Lines::default();
            let mut out = Vec::new();
            for piece in text.as_bytes().chunks(size) {
                lines.feed(piece, &mut out).unwrap();
            }
            let expected = [1, 22].map(|upto| PulledLine::Said(PullLine::Ok(upto)));
            assert_eq!(out, expected);
            assert!(lines.is_cut());
        }
    }
}
