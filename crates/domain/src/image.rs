//! What the first bytes of a file say: which kind of image, and how many pixels.
//!
//! Only the header is read, so that a file which claims more pixels than a window can hold is
//! refused before anything decodes it.

use thiserror::Error;

use crate::{MAX_IMAGE_PIXELS, MediaType};

/// So much of a file is enough to look at. A camera may put half a megabyte before the size.
pub const HEAD_BYTES: usize = 4 * 1024 * 1024;

/// An image by its header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageHead {
    pub media_type: MediaType,
    /// Pixels.
    pub width: u32,
    pub height: u32,
}

/// Why a file is no image that can be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ImageError {
    #[error("not a PNG, JPEG, GIF, WebP or AVIF")]
    Unknown,
    #[error("the header is cut off or makes no sense")]
    Broken,
    #[error("more than {MAX_IMAGE_PIXELS} pixels")]
    TooManyPixels,
}

impl ImageHead {
    /// Reads the header from the first [`HEAD_BYTES`] of a file.
    ///
    /// # Errors
    /// [`ImageError`], named for what is wrong.
    pub fn read(bytes: &[u8]) -> Result<Self, ImageError> {
        let media_type = kind(bytes).ok_or(ImageError::Unknown)?;
        let size = match media_type {
            MediaType::Png => png(bytes),
            MediaType::Jpeg => jpeg(bytes),
            MediaType::Gif => gif(bytes),
            MediaType::Webp => webp(bytes),
            MediaType::Avif => avif(bytes),
            MediaType::Bytes => None,
        };
        let (width, height) = size.ok_or(ImageError::Broken)?;
        if width == 0 || height == 0 {
            return Err(ImageError::Broken);
        }
        if u64::from(width) * u64::from(height) > MAX_IMAGE_PIXELS {
            return Err(ImageError::TooManyPixels);
        }
        Ok(Self {
            media_type,
            width,
            height,
        })
    }
}

fn kind(bytes: &[u8]) -> Option<MediaType> {
    let at = |from: usize, what: &[u8]| bytes.get(from..from + what.len()) == Some(what);
    if at(0, b"\x89PNG\r\n\x1a\n") {
        Some(MediaType::Png)
    } else if at(0, b"\xff\xd8\xff") {
        Some(MediaType::Jpeg)
    } else if at(0, b"GIF87a") || at(0, b"GIF89a") {
        Some(MediaType::Gif)
    } else if at(0, b"RIFF") && at(8, b"WEBP") {
        Some(MediaType::Webp)
    } else if at(4, b"ftypavif") || at(4, b"ftypavis") {
        Some(MediaType::Avif)
    } else {
        None
    }
}

fn array<const N: usize>(bytes: &[u8], from: usize) -> Option<[u8; N]> {
    bytes.get(from..from.checked_add(N)?)?.try_into().ok()
}

fn be32(bytes: &[u8], from: usize) -> Option<u32> {
    array(bytes, from).map(u32::from_be_bytes)
}

fn be16(bytes: &[u8], from: usize) -> Option<u32> {
    array(bytes, from).map(|two| u16::from_be_bytes(two).into())
}

fn le16(bytes: &[u8], from: usize) -> Option<u32> {
    array(bytes, from).map(|two| u16::from_le_bytes(two).into())
}

fn le24(bytes: &[u8], from: usize) -> Option<u32> {
    let [a, b, c] = array(bytes, from)?;
    Some(u32::from_le_bytes([a, b, c, 0]))
}

fn png(bytes: &[u8]) -> Option<(u32, u32)> {
    (bytes.get(12..16)? == b"IHDR").then_some(())?;
    Some((be32(bytes, 16)?, be32(bytes, 20)?))
}

fn gif(bytes: &[u8]) -> Option<(u32, u32)> {
    Some((le16(bytes, 6)?, le16(bytes, 8)?))
}

/// Walks the segments up to the one that tells the size.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        (*bytes.get(at)? == 0xff).then_some(())?;
        let marker = *bytes.get(at + 1)?;
        match marker {
            // A fill byte, or a marker without a length.
            0xff => at += 1,
            0x01 | 0xd0..=0xd8 => at += 2,
            // The pixels or the end came before the size.
            0xd9 | 0xda => return None,
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                return Some((be16(bytes, at + 7)?, be16(bytes, at + 5)?));
            }
            _ => {
                let length = be16(bytes, at + 2)? as usize;
                (length >= 2).then_some(())?;
                at += 2 + length;
            }
        }
    }
}

fn webp(bytes: &[u8]) -> Option<(u32, u32)> {
    match bytes.get(12..16)? {
        b"VP8X" => Some((le24(bytes, 24)? + 1, le24(bytes, 27)? + 1)),
        b"VP8L" => {
            (*bytes.get(20)? == 0x2f).then_some(())?;
            let bits = u32::from_le_bytes(array(bytes, 21)?);
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        b"VP8 " => {
            (bytes.get(23..26)? == b"\x9d\x01\x2a").then_some(())?;
            Some((le16(bytes, 26)? & 0x3fff, le16(bytes, 28)? & 0x3fff))
        }
        _ => None,
    }
}

/// The largest of the sizes that the header's boxes name: thumbnails and tiles name smaller ones.
fn avif(bytes: &[u8]) -> Option<(u32, u32)> {
    let head = &bytes[..bytes.len().min(256 * 1024)];
    let mut largest = None;
    for at in 0..head.len().saturating_sub(20) {
        if &head[at + 4..at + 8] == b"ispe" && be32(head, at) == Some(20) {
            let size = (be32(head, at + 12)?, be32(head, at + 16)?);
            let area = |(w, h): (u32, u32)| u64::from(w) * u64::from(h);
            if largest.is_none_or(|other| area(size) > area(other)) {
                largest = Some(size);
            }
        }
    }
    largest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png_of(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes
    }

    fn jpeg_of(width: u16, height: u16) -> Vec<u8> {
        let mut bytes = b"\xff\xd8\xff\xe1\0\x06Exif\xff\xff\xc2\0\x11\x08".to_vec();
        bytes.extend(height.to_be_bytes());
        bytes.extend(width.to_be_bytes());
        bytes
    }

    fn webp_of(chunk: &[u8; 4], rest: &[u8]) -> Vec<u8> {
        [b"RIFF\0\0\0\0WEBP", &chunk[..], b"\0\0\0\0", rest].concat()
    }

    fn avif_of(sizes: &[(u32, u32)]) -> Vec<u8> {
        let mut bytes = b"\0\0\0\x1cftypavif\0\0\0\0".to_vec();
        for (width, height) in sizes {
            bytes.extend(b"\0\0\0\x14ispe\0\0\0\0");
            bytes.extend(width.to_be_bytes());
            bytes.extend(height.to_be_bytes());
        }
        bytes.extend([0; 4]);
        bytes
    }

    #[track_caller]
    fn check(bytes: &[u8], media_type: MediaType, width: u32, height: u32) {
        let head = ImageHead {
            media_type,
            width,
            height,
        };
        assert_eq!(ImageHead::read(bytes), Ok(head));
        for cut in 0..bytes.len().min(40) {
            // Whatever the answer is, it is one.
            let _ = ImageHead::read(&bytes[..cut]);
        }
    }

    #[test]
    fn each_kind_tells_its_size() {
        check(&png_of(640, 480), MediaType::Png, 640, 480);
        check(&jpeg_of(640, 480), MediaType::Jpeg, 640, 480);
        check(b"GIF89a\x80\x02\xe0\x01", MediaType::Gif, 640, 480);
        let extended = webp_of(b"VP8X", b"\0\0\0\0\x7f\x02\0\xdf\x01\0");
        check(&extended, MediaType::Webp, 640, 480);
        let lossless = webp_of(b"VP8L", &[0x2f, 0x7f, 0xc2, 0x77, 0]);
        check(&lossless, MediaType::Webp, 640, 480);
        let lossy = webp_of(b"VP8 ", b"\0\0\0\x9d\x01\x2a\x80\x02\xe0\x01");
        check(&lossy, MediaType::Webp, 640, 480);
        check(&avif_of(&[(64, 64), (640, 480)]), MediaType::Avif, 640, 480);
    }

    #[test]
    fn what_claims_too_many_pixels_is_refused_by_its_header() {
        assert!(ImageHead::read(&png_of(10_000, 5_000)).is_ok());
        for bytes in [
            png_of(10_000, 5_001),
            png_of(u32::MAX, u32::MAX),
            jpeg_of(u16::MAX, u16::MAX),
        ] {
            assert_eq!(ImageHead::read(&bytes), Err(ImageError::TooManyPixels));
        }
    }

    #[test]
    fn what_is_no_image_is_said_to_be_none() {
        for bytes in [
            &b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..],
            b"",
            b"%PDF-1.7",
            b"BM",
        ] {
            assert_eq!(ImageHead::read(bytes), Err(ImageError::Unknown));
        }
        for bytes in [
            png_of(0, 4),
            b"\xff\xd8\xff\xda\0\0".to_vec(),
            b"\xff\xd8\xff\xe0\0\0".to_vec(),
        ] {
            assert_eq!(ImageHead::read(&bytes), Err(ImageError::Broken));
        }
    }
}
