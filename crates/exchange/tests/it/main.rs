//! The crate from outside: exports of other programs, our own, and what attackers make of them.

#![allow(
    clippy::print_stdout,
    reason = "measurements and what was skipped are told"
)]

mod bombs;
mod docx;
mod export;
mod ghost;
mod hostile;
mod pages;
mod plan;
mod vault;
mod wordpress;

use std::io::{Cursor, Write};

use stoa_exchange::{
    Files, Format, Imported, ImportedPost, Limits, ProblemCode, Source, ZipSource, detect, read,
};
use zip::write::SimpleFileOptions;

fn files(files: &[(&str, &str)]) -> Files {
    files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()))
        .collect()
}

/// Reads a source as what it is found to be.
#[track_caller]
fn import(source: &mut dyn Source, format: Format) -> Imported {
    let limits = Limits::default();
    assert_eq!(detect(source, &limits), Some(format));
    read(source, format, &limits)
}

#[track_caller]
fn post<'i>(imported: &'i Imported, title: &str) -> &'i ImportedPost {
    let mut posts = imported.posts.iter();
    posts
        .find(|post| post.title == title)
        .unwrap_or_else(|| panic!("no post {title:?} in {imported:#?}"))
}

fn codes(imported: &Imported) -> Vec<ProblemCode> {
    imported
        .problems
        .iter()
        .map(|problem| problem.code)
        .collect()
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let packed = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (path, bytes) in files {
        zip.start_file(*path, packed).expect("memory takes it");
        zip.write_all(bytes).expect("memory takes it");
    }
    zip.finish().expect("memory takes it").into_inner()
}

fn open(bytes: Vec<u8>) -> ZipSource<Cursor<Vec<u8>>> {
    ZipSource::open(Cursor::new(bytes), &Limits::default()).expect("a zip that is let in")
}
