//! How the contents of a file are cut into parts, and what names them.

use crate::{BlobHash, MAX_FILE_BYTES};

/// The bytes of every part but the last, which may have fewer.
pub const PART_BYTES: u64 = 8 * 1024 * 1024;

/// How many parts a file of this many bytes has; `None` for an empty or too large one.
pub fn n_parts(size: u64) -> Option<u32> {
    if size == 0 || size > MAX_FILE_BYTES {
        return None;
    }
    u32::try_from(size.div_ceil(PART_BYTES)).ok()
}

/// How many bytes a part has; `None` when the file has no such part.
pub fn part_size(size: u64, n: u32) -> Option<u64> {
    if n >= n_parts(size)? {
        return None;
    }
    Some((size - u64::from(n) * PART_BYTES).min(PART_BYTES))
}

/// The bytes whose BLAKE3 names a file: what this is, its size, the hash of each part.
pub fn root_input(size: u64, parts: &[BlobHash]) -> Vec<u8> {
    const WHAT: &[u8] = b"stoa blob 1\0";
    let mut input = Vec::with_capacity(WHAT.len() + 8 + parts.len() * 32);
    input.extend_from_slice(WHAT);
    input.extend_from_slice(&size.to_le_bytes());
    for part in parts {
        input.extend_from_slice(part.as_bytes());
    }
    input
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_belongs_to_one_part() {
        for size in [
            1,
            PART_BYTES - 1,
            PART_BYTES,
            PART_BYTES + 1,
            MAX_FILE_BYTES,
        ] {
            let n = n_parts(size).unwrap();
            let sum: u64 = (0..n).filter_map(|n| part_size(size, n)).sum();
            assert_eq!(sum, size);
            assert_eq!(part_size(size, n), None);
        }
        assert_eq!((n_parts(0), n_parts(MAX_FILE_BYTES + 1)), (None, None));
    }

    #[test]
    fn a_root_says_size_and_order() {
        let (a, b) = (BlobHash::from_bytes([1; 32]), BlobHash::from_bytes([2; 32]));
        let roots = [
            root_input(1, &[a, b]),
            root_input(2, &[a, b]),
            root_input(1, &[b, a]),
            root_input(1, &[a]),
        ];
        for (i, root) in roots.iter().enumerate() {
            assert!(roots[..i].iter().all(|other| other != root));
        }
    }
}
