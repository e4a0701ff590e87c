//! Steps with the files of drafts.

use std::io::Cursor;

use stoa_store::NewFile;

use super::{Before, Outcome, Person, Scenario, close_text, create, edit, open_text, start_again};

/// A PNG by its header, of several encrypted chunks.
fn png(seed: u8, n_bytes: usize) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bytes.extend([0, 0, 0, 4, 0, 0, 0, seed, 8, 2, 0, 0, 0]);
    let mut rest = vec![0; n_bytes - bytes.len()];
    blake3::Hasher::new()
        .update(&[seed])
        .finalize_xof()
        .fill(&mut rest);
    bytes.extend(rest);
    bytes
}

fn take_in_of(p: &mut Person, seed: u8, n_bytes: usize) -> Outcome {
    let new = NewFile {
        draft: *p.drafts.last().unwrap(),
        name: format!("图 {seed}.png"),
        must_be_image: true,
    };
    let (now, random) = (p.now(), p.random());
    let mut bytes = Cursor::new(png(seed, n_bytes));
    let added = p.store().add_file(&new, &mut bytes, now, &random)?;
    p.files.push(added);
    Ok(())
}

fn take_in(p: &mut Person) -> Outcome {
    take_in_of(p, 1, 150_000)
}

fn take_in_another(p: &mut Person) -> Outcome {
    take_in_of(p, 2, 70_000)
}

/// The server has the first one whole.
fn it_was_sent(p: &mut Person) -> Outcome {
    Ok(p.store().file_was_sent(p.files[0].b3)?)
}

/// Its contents leave this computer.
fn evict(p: &mut Person) -> Outcome {
    Ok(p.store().evict_file(p.files[0].b3)?)
}

fn take_out(p: &mut Person) -> Outcome {
    Ok(p.store().remove_file(p.files[0].id, p.now())?)
}

/// Files are taken in, sent, evicted and brought again.
pub(crate) const FILES: Scenario = Scenario {
    name: "files",
    before: Before::Profile,
    steps: &[
        start_again,
        create,
        take_in,
        open_text,
        edit,
        close_text,
        it_was_sent,
        take_in_another,
        evict,
        start_again,
        take_in,
        take_out,
        start_again,
    ],
};

/// The same without what takes contents off this computer: when its last call fails, nobody counts
/// on the contents any more, and the bytes are still there.
pub(crate) const FILES_TAKEN: Scenario = Scenario {
    name: "files-taken",
    before: Before::Profile,
    steps: &[
        start_again,
        create,
        take_in,
        open_text,
        edit,
        close_text,
        it_was_sent,
        take_in_another,
        take_out,
        start_again,
        take_in,
        start_again,
    ],
};
