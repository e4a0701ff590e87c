//! Archives.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

use super::Made;
use crate::zip;

const MIB: usize = 1024 * 1024;

/// A file of so many MiB in which a few bytes of each stretch cannot be packed: what it unpacks
/// to stays just below what a zip may.
fn diluted(name: &str, mib: usize) -> Vec<u8> {
    let mut state = 1_u64;
    let mut packed = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    packed.start_file(name, options).expect("memory takes it");
    for _ in 0..mib * 16 {
        let mut stretch = vec![b' '; MIB / 16];
        for byte in &mut stretch[..1_800] {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            *byte = b'!' + (state >> 58) as u8;
        }
        packed.write_all(&stretch).expect("memory takes it");
    }
    packed.finish().expect("memory takes it").into_inner()
}

/// The same small file so many times.
fn repeated(ending: &str, n: usize, contents: &[u8]) -> Vec<u8> {
    let names: Vec<String> = (0..n).map(|n| format!("{n}.{ending}")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (&**name, contents)).collect();
    zip(&files)
}

/// The first file of the archive stands in the directory for all of them.
fn on_top_of_each_other() -> Vec<u8> {
    let mut bytes = repeated("md", 500, &vec![b'a'; MIB / 8]);
    let entries: Vec<usize> = (0..bytes.len() - 46)
        .filter(|at| bytes[*at..at + 4] == *b"PK\x01\x02")
        .collect();
    assert_eq!(entries.len(), 500);
    for at in entries {
        bytes[at + 42..at + 46].fill(0);
    }
    bytes
}

pub(super) const MADE: &[Made] = &[
    ("a note of zeros", "a.zip", || {
        zip(&[("a.md", &vec![0; 40 * MIB]), ("b.md", b"x")])
    }),
    ("an export of zeros", "a.zip", || {
        zip(&[
            ("a.json", &vec![0; 20 * MIB]),
            ("b.xml", &vec![0; 20 * MIB]),
        ])
    }),
    ("a file that only seems an export", "a.zip", || {
        diluted("a.json", 60)
    }),
    ("many small notes", "a.zip", || {
        repeated("md", 40, &vec![b'a'; MIB])
    }),
    ("many small files", "a.zip", || {
        repeated("png", 40, &vec![0; MIB])
    }),
    ("more files than may be", "a.zip", || {
        repeated("md", 25_000, b"")
    }),
    ("zips in a zip", "a.zip", || {
        let inner = zip(&[("a.md", &vec![0; 10 * MIB])]);
        repeated("zip", 50, &inner)
    }),
    ("files on top of each other", "a.zip", on_top_of_each_other),
    ("a document in a zip", "a.zip", || {
        zip(&[("a.docx", &zip(&[("word/document.xml", &vec![0; 10 * MIB])]))])
    }),
];
