//! Files of drafts: what comes back is what went in, or it is said to be damaged.

use std::io::{Cursor, Read};
use std::path::PathBuf;

use stoa_domain::{BlobHash, DraftId, ImageError, MediaType, PART_BYTES};
use stoa_store::test_support::Profile;
use stoa_store::{ChangeKind, FileRefusal, NewFile, Store, StoreError, Where};

use super::server::{Server, pull_all, push_all};
use super::{at, create, write};

const CHUNK: usize = 64 * 1024;

/// A PNG by its header, and after it bytes that nothing looks at.
pub(crate) fn png(width: u32, height: u32, n_bytes: usize) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend(noise(n_bytes.saturating_sub(bytes.len())));
    bytes
}

fn noise(n: usize) -> Vec<u8> {
    let mut bytes = vec![0; n];
    blake3::Hasher::new().finalize_xof().fill(&mut bytes);
    bytes
}

fn image(draft: DraftId) -> NewFile {
    NewFile {
        draft,
        name: "图.png".to_owned(),
        must_be_image: true,
    }
}

fn file(draft: DraftId) -> NewFile {
    NewFile {
        must_be_image: false,
        ..image(draft)
    }
}

fn add(
    store: &Store,
    new: &NewFile,
    bytes: &[u8],
    profile: &Profile,
) -> Result<BlobHash, StoreError> {
    let added = store.add_file(new, &mut Cursor::new(bytes), at(5), &profile.random)?;
    Ok(added.b3)
}

fn read_all(store: &Store, b3: BlobHash) -> Option<Vec<u8>> {
    let mut reader = store.open_file(b3).unwrap()?;
    let size = reader.size();
    reader.read(0..size).ok()
}

/// The files below the profile's folder of files, apart from those in `incoming`.
fn on_disk(profile: &Profile) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(profile.dir().join("files")) else {
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.is_file()).collect()
}

fn n_incoming(profile: &Profile) -> usize {
    std::fs::read_dir(profile.dir().join("files/incoming")).map_or(0, Iterator::count)
}

#[test]
fn a_file_comes_back_byte_for_byte_from_any_place() {
    let profile = Profile::new(300);
    let store = profile.open();
    let draft = create(&store, "稿", 1, &profile.random);
    for n_bytes in [24, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 77] {
        let bytes = png(4, 4, n_bytes);
        let b3 = add(&store, &image(draft), &bytes, &profile).unwrap();
        assert!(read_all(&store, b3).unwrap() == bytes, "{n_bytes}");
        let mut reader = store.open_file(b3).unwrap().unwrap();
        let size = n_bytes as u64;
        for start in [0, 1, CHUNK - 1, CHUNK, 2 * CHUNK + 5, n_bytes - 1, n_bytes] {
            for length in [0, 1, 20, CHUNK, 2 * CHUNK] {
                let range = start as u64..(start + length) as u64;
                let got = reader.read(range.clone()).unwrap();
                let end = (start + length).min(n_bytes);
                assert!(got == bytes[start.min(end)..end], "{range:?} of {size}");
            }
        }
    }
    let clear = png(4, 4, 24);
    let found = on_disk(&profile).into_iter().any(|path| {
        let bytes = std::fs::read(path).unwrap();
        bytes.windows(clear.len()).any(|window| window == clear)
    });
    assert!(!found, "nothing lies there in the clear");
}

#[test]
fn what_was_changed_on_the_disk_is_never_given_out() {
    let profile = Profile::new(301);
    let store = profile.open();
    let draft = create(&store, "稿", 1, &profile.random);
    let bytes = png(4, 4, 4 * CHUNK + 100);
    let b3 = add(&store, &image(draft), &bytes, &profile).unwrap();
    let path = on_disk(&profile).remove(0);
    let good = std::fs::read(&path).unwrap();
    let (header, sealed) = (48, CHUNK + 16);
    let mut spoilt: Vec<(String, Vec<u8>)> = Vec::new();
    for n in 0..5 {
        let mut one = good.clone();
        one[header + n * sealed + 50] ^= 1;
        spoilt.push((format!("a bit of chunk {n}"), one));
    }
    for at in [0, 20] {
        let mut one = good.clone();
        one[at] ^= 1;
        spoilt.push((format!("byte {at} of the header"), one));
    }
    spoilt.push(("cut off".into(), good[..good.len() - 1].to_vec()));
    spoilt.push((
        "a whole chunk cut off".into(),
        good[..header + 4 * sealed].to_vec(),
    ));
    spoilt.push(("longer".into(), [&good[..], &[0]].concat()));
    let chunk = |n: usize| &good[header + n * sealed..header + (n + 1) * sealed];
    let tail = &good[header + 2 * sealed..];
    spoilt.push((
        "two swapped".into(),
        [&good[..header], chunk(1), chunk(0), tail].concat(),
    ));
    spoilt.push((
        "one twice".into(),
        [&good[..header], chunk(0), chunk(0), tail].concat(),
    ));
    for (what, spoilt) in spoilt {
        std::fs::write(&path, spoilt).unwrap();
        let got = match store.open_file(b3).unwrap() {
            Some(mut reader) => reader.read(0..bytes.len() as u64).ok(),
            None => None,
        };
        assert!(got.is_none(), "{what}");
        // Put aside at the latest here; taken in again it is whole.
        store.file_is_damaged(b3).unwrap();
        assert!(
            path.with_extension("damaged").exists(),
            "{what}: nothing is deleted"
        );
        add(&store, &image(draft), &bytes, &profile).unwrap();
        assert!(read_all(&store, b3).unwrap() == bytes);
        // The salt is another one each time, and so is all that follows.
        assert!(std::fs::read(&path).unwrap() != good);
        std::fs::write(&path, &good).unwrap();
    }
}

#[test]
fn what_is_no_image_or_too_large_is_refused_and_leaves_the_draft_as_it_was() {
    let profile = Profile::new(302);
    let store = profile.open();
    let draft = create(&store, "稿", 1, &profile.random);
    let n_waiting = store.waiting(100).unwrap().len();
    let too_long = png(4, 4, 20 * 1024 * 1024 + 1);
    let cases: [(&[u8], FileRefusal); 5] = [
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            FileRefusal::NotAnImage(ImageError::Unknown),
        ),
        (b"", FileRefusal::Empty),
        (
            &png(8000, 8000, 100),
            FileRefusal::NotAnImage(ImageError::TooManyPixels),
        ),
        (&png(0, 8, 100), FileRefusal::NotAnImage(ImageError::Broken)),
        (
            &too_long,
            FileRefusal::TooLarge {
                limit: 20 * 1024 * 1024,
            },
        ),
    ];
    for (bytes, expected) in cases {
        match add(&store, &image(draft), bytes, &profile) {
            Err(StoreError::File(refusal)) => assert_eq!(refusal, expected),
            other => panic!("{other:?}"),
        }
    }
    let nowhere = DraftId::from_bytes([9; 16]);
    assert!(matches!(
        add(&store, &image(nowhere), &png(4, 4, 50), &profile),
        Err(StoreError::NotFound)
    ));
    assert_eq!(store.waiting(100).unwrap().len(), n_waiting);
    assert_eq!((on_disk(&profile).len(), n_incoming(&profile)), (0, 0));
    assert!(store.files(None).unwrap().is_empty());
}

#[test]
fn a_source_that_breaks_off_leaves_nothing() {
    struct Breaking(usize);
    impl Read for Breaking {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            let n = out.len().min(self.0);
            self.0 -= n;
            if n == 0 {
                return Err(std::io::Error::other("gone"));
            }
            Ok(n)
        }
    }
    let profile = Profile::new(303);
    let store = profile.open();
    let draft = create(&store, "稿", 1, &profile.random);
    for n in [0, 10, CHUNK, 5 * 1024 * 1024] {
        let added = store.add_file(&file(draft), &mut Breaking(n), at(2), &profile.random);
        assert!(matches!(added, Err(StoreError::DiskFailed(_))));
    }
    assert_eq!((on_disk(&profile).len(), n_incoming(&profile)), (0, 0));
}

#[test]
fn a_file_waits_in_the_outbox_until_it_is_on_the_server() {
    let profile = Profile::new(304);
    let store = profile.open();
    let mut server = Server::default();
    store.set_link(&super::server::link(1, "e")).unwrap();
    let draft = create(&store, "有图", 1, &profile.random);
    let b3 = add(&store, &image(draft), &png(4, 4, 500), &profile).unwrap();
    let other = create(&store, "别的", 6, &profile.random);
    push_all(&mut server, 1, &store, at(7));
    let waiting = store.waiting(10).unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!(
        (waiting[0].kind, waiting[0].draft),
        (ChangeKind::Attach, draft)
    );
    assert_ne!(waiting[0].draft, other);
    let to_send = store.files_to_send(10).unwrap();
    assert_eq!(
        (to_send.len(), to_send[0].b3, to_send[0].parts.len()),
        (1, b3, 1)
    );
    store.file_was_sent(b3).unwrap();
    assert!(store.files_to_send(10).unwrap().is_empty());
    push_all(&mut server, 1, &store, at(8));
    pull_all(&server, 1, &store, at(9));
    assert!(store.waiting(10).unwrap().is_empty());
    let files = store.files(Some(draft)).unwrap();
    assert_eq!(files.len(), 1);
    assert_eq!(files[0].attachment.media_type, MediaType::Png);
    assert!(files[0].is_on_server && files[0].here == Where::Whole);
    // The same again adds nothing and waits for nothing.
    add(&store, &image(draft), &png(4, 4, 500), &profile).unwrap();
    assert!(store.waiting(10).unwrap().is_empty());
    // In another draft it is another attachment of the same contents.
    add(&store, &image(other), &png(4, 4, 500), &profile).unwrap();
    assert_eq!(store.take_push(10, 1 << 20, at(10)).unwrap().len(), 1);
    assert_eq!(on_disk(&profile).len(), 1);
}

#[test]
fn a_removed_file_is_gone_from_its_draft_everywhere() {
    let (one, two) = (Profile::new(305), Profile::new(306));
    let (first, second) = (one.open(), two.open());
    let mut server = Server::default();
    first.set_link(&super::server::link(1, "e")).unwrap();
    second.set_link(&super::server::link(2, "e")).unwrap();
    let draft = create(&first, "稿", 1, &one.random);
    let b3 = add(&first, &image(draft), &png(4, 4, 99), &one).unwrap();
    first.file_was_sent(b3).unwrap();
    push_all(&mut server, 1, &first, at(2));
    pull_all(&server, 2, &second, at(3));
    let there = second.file(b3).unwrap();
    assert_eq!((there.here, there.is_on_server), (Where::Away, true));
    second.remove_file(there.attachment.id, at(4)).unwrap();
    assert!(second.files(Some(draft)).unwrap().is_empty());
    push_all(&mut server, 2, &second, at(5));
    pull_all(&server, 1, &first, at(6));
    assert!(first.files(None).unwrap().is_empty());
    // What was once here can still be read, should a text name it.
    assert!(read_all(&first, b3).is_some());
}

#[test]
fn a_file_is_fetched_part_by_part_and_goes_on_after_a_restart() {
    let (one, two) = (Profile::new(307), Profile::new(308));
    let first = one.open();
    let mut server = Server::default();
    first.set_link(&super::server::link(1, "e")).unwrap();
    let draft = create(&first, "稿", 1, &one.random);
    let bytes = noise(2 * PART_BYTES as usize + 12345);
    let b3 = add(&first, &file(draft), &bytes, &one).unwrap();
    let sent = first.files_to_send(1).unwrap().remove(0);
    assert_eq!(sent.parts.len(), 3);
    first.file_was_sent(b3).unwrap();
    push_all(&mut server, 1, &first, at(2));
    let second = two.open();
    second.set_link(&super::server::link(2, "e")).unwrap();
    pull_all(&server, 2, &second, at(3));
    assert!(
        second.files_to_fetch(9).unwrap().is_empty(),
        "only what somebody wants"
    );
    assert!(!second.want_file(b3, at(4)).unwrap());
    assert_eq!(second.files_to_fetch(9).unwrap(), [(b3, sent.size)]);
    let mut wrong = sent.parts.clone();
    wrong.swap(0, 1);
    assert!(
        second
            .begin_fetch(b3, sent.size, &wrong, &two.random)
            .is_err()
    );
    let missing = second
        .begin_fetch(b3, sent.size, &sent.parts, &two.random)
        .unwrap();
    assert_eq!(missing, [0, 1, 2]);
    let part = |n: usize| bytes.chunks(PART_BYTES as usize).nth(n).unwrap();
    assert!(second.take_part(b3, 0, part(1)).is_err());
    assert!(second.take_part(b3, 2, &part(2)[1..]).is_err());
    second.take_part(b3, 2, part(2)).unwrap();
    second.take_part(b3, 0, part(0)).unwrap();
    assert!(matches!(second.finish_fetch(b3), Err(StoreError::UnderWay)));
    assert!(
        second.open_file(b3).unwrap().is_none(),
        "half a file is none"
    );
    drop(second);
    let second = two.open();
    let missing = second
        .begin_fetch(b3, sent.size, &sent.parts, &two.random)
        .unwrap();
    assert_eq!(missing, [1]);
    second.take_part(b3, 1, part(1)).unwrap();
    second.finish_fetch(b3).unwrap();
    assert!(read_all(&second, b3).unwrap() == bytes);
    // Taken off this computer, wanted again, and not while it is to stay.
    second.keep_file(b3, true, at(5)).unwrap();
    assert!(matches!(second.evict_file(b3), Err(StoreError::UnderWay)));
    second.keep_file(b3, false, at(6)).unwrap();
    evict_in_vain(&second, &two, b3);
    let why = "what the disk did not let go of is still here";
    assert!(read_all(&second, b3).as_ref() == Some(&bytes), "{why}");
    second.evict_file(b3).unwrap();
    assert!(second.open_file(b3).unwrap().is_none());
    assert!(on_disk(&two).is_empty());
}

/// The disk does not let go of the contents.
fn evict_in_vain(store: &Store, profile: &Profile, b3: BlobHash) {
    let path = on_disk(profile).remove(0);
    let aside = path.with_extension("aside");
    std::fs::rename(&path, &aside).unwrap();
    std::fs::create_dir_all(path.join("in the way")).unwrap();
    assert!(store.evict_file(b3).is_err());
    std::fs::remove_dir_all(&path).unwrap();
    std::fs::rename(&aside, &path).unwrap();
}

#[test]
fn what_the_server_does_not_have_is_not_taken_off_this_computer() {
    let profile = Profile::new(309);
    let store = profile.open();
    let draft = create(&store, "稿", 1, &profile.random);
    let b3 = add(&store, &image(draft), &png(4, 4, 500), &profile).unwrap();
    assert!(matches!(store.evict_file(b3), Err(StoreError::UnderWay)));
    store.file_was_sent(b3).unwrap();
    // It has the contents, and nobody there uses them yet: they would be let go after a while.
    assert!(matches!(store.evict_file(b3), Err(StoreError::UnderWay)));
    assert_eq!(store.files_are_missing(&[b3]).unwrap(), 1);
    assert_eq!(store.files_to_send(9).unwrap().len(), 1, "it is sent again");
    assert!(matches!(store.evict_file(b3), Err(StoreError::UnderWay)));
}

#[test]
fn an_export_holds_the_files_and_the_texts_lead_to_them() {
    let profile = Profile::new(310);
    let store = profile.open();
    let draft = create(&store, "稿", 1, &profile.random);
    let bytes = png(4, 4, 3 * CHUNK);
    let b3 = add(&store, &image(draft), &bytes, &profile).unwrap();
    write(
        &store,
        draft,
        &format!("![图](attachment:{b3})"),
        6,
        &profile.random,
    );
    let folder = tempfile::tempdir().unwrap();
    store.export(folder.path()).unwrap();
    let text = std::fs::read_to_string(folder.path().join("posts/稿.md")).unwrap();
    let at = text.find("](../media/").unwrap() + "](../".len();
    let path = &text[at..at + text[at..].find(')').unwrap()];
    assert!(std::fs::read(folder.path().join(path)).unwrap() == bytes);
    let json = std::fs::read_to_string(folder.path().join("everything.json")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["attachments"][0]["file"], path);
}

#[cfg(target_os = "linux")]
mod killed {
    //! Killed at every write, flush and renaming of taking a file in.

    use std::os::unix::process::ExitStatusExt;
    use std::process::Command;

    use stoa_store::test_support::{SeededRandom, open_with_passphrase};

    use super::*;

    const FOLDER: &str = "STOA_FILES_FOLDER";

    /// Not a test by itself: what the test below runs under strace.
    #[test]
    fn taker() {
        let Ok(folder) = std::env::var(FOLDER) else {
            return;
        };
        let store = open_with_passphrase(std::path::Path::new(&folder));
        let draft = super::super::list(&store)[0].id;
        let bytes = png(4, 4, 3 * CHUNK);
        let random = SeededRandom::new(11);
        store
            .add_file(&image(draft), &mut Cursor::new(&bytes), at(5), &random)
            .unwrap();
        println!("ACK");
    }

    #[test]
    fn a_file_is_there_whole_or_not_at_all() {
        let mut n_points = 0;
        for call in ["write", "fsync", "rename", "pwrite64"] {
            for point in 1..60 {
                let profile = Profile::new(320);
                let draft = create(&profile.open(), "稿", 1, &profile.random);
                let inject = format!("inject={call}:signal=KILL:when={point}");
                let output = Command::new("strace")
                    .args([
                        "-f",
                        "-qq",
                        "-o",
                        "/dev/null",
                        "-e",
                        &format!("trace={call}"),
                        "-e",
                        &inject,
                    ])
                    .arg(std::env::current_exe().unwrap())
                    .args([
                        "--exact",
                        "files::killed::taker",
                        "--nocapture",
                        "--test-threads=1",
                    ])
                    .env(FOLDER, profile.dir())
                    .output();
                let Ok(output) = output else {
                    println!("strace is not there: nothing was tested");
                    return;
                };
                if String::from_utf8_lossy(&output.stderr).contains("Operation not permitted") {
                    return;
                }
                let is_told = String::from_utf8_lossy(&output.stdout).contains("ACK");
                let store = profile.open();
                let files = store.files(Some(draft)).unwrap();
                assert!(
                    files.len() <= 1 && (!is_told || files.len() == 1),
                    "{call} {point}"
                );
                for file in &files {
                    let bytes = read_all(&store, file.attachment.b3);
                    assert!(bytes.unwrap() == png(4, 4, 3 * CHUNK), "{call} {point}");
                }
                assert_eq!(n_incoming(&profile), 0, "{call} {point}");
                n_points += 1;
                if output.status.signal() != Some(9) {
                    break;
                }
            }
        }
        println!("{n_points} points");
        assert!(n_points > 10);
    }
}
