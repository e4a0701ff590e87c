//! Steps with the files of drafts.

use std::io::Cursor;

use stoa_domain::BlobHash;
use stoa_store::NewFile;

use super::{
    Before, Outcome, Person, Scenario, close_text, create, edit, link_up, open_text, other_device,
    pull, push_all, start_again, title,
};

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

fn take_out(p: &mut Person) -> Outcome {
    Ok(p.store().remove_file(p.files[0].id, p.now())?)
}

/// The other device's file has one part.
fn part() -> Vec<u8> {
    png(3, 150_000)
}

/// A file is taken in on another device, whose own disk is well, and sent.
fn take_in_elsewhere(p: &mut Person) -> Outcome {
    let (now, random) = (p.now(), p.random());
    let (_, other) = p.other.get_or_insert_with(|| other_device(now, &random));
    let draft = other.create_draft(title("那边的"), now, &random).unwrap();
    let new = NewFile {
        draft: draft.id,
        name: "图.png".to_owned(),
        must_be_image: true,
    };
    let mut bytes = Cursor::new(part());
    let added = other.add_file(&new, &mut bytes, now, &random).unwrap();
    other.file_was_sent(added.b3).unwrap();
    push_all(&mut p.server, 2, other, now);
    p.files.push(added);
    Ok(())
}

fn want(p: &mut Person) -> Outcome {
    p.store().want_file(p.files[0].b3, p.now())?;
    Ok(())
}

fn begin_to_fetch(p: &mut Person) -> Outcome {
    let parts = [BlobHash::from_bytes(*blake3::hash(&part()).as_bytes())];
    let wanted = &p.files[0];
    p.store()
        .begin_fetch(wanted.b3, wanted.size, &parts, &p.random())?;
    Ok(())
}

fn take_part(p: &mut Person) -> Outcome {
    Ok(p.store().take_part(p.files[0].b3, 0, &part())?)
}

fn finish_fetching(p: &mut Person) -> Outcome {
    Ok(p.store().finish_fetch(p.files[0].b3)?)
}

/// Files are taken in, sent, taken out of the text and brought again.
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
        take_out,
        start_again,
        take_in,
        start_again,
    ],
};

/// A file that another device has taken in is fetched from the server.
pub(crate) const FETCH: Scenario = Scenario {
    name: "fetch",
    before: Before::Profile,
    steps: &[
        start_again,
        link_up,
        take_in_elsewhere,
        pull,
        want,
        begin_to_fetch,
        take_part,
        finish_fetching,
        start_again,
    ],
};
