//! What becomes of the files of a draft that is deleted for good.

use stoa_domain::{BlobHash, DraftId, Splice};
use stoa_store::test_support::Profile;
use stoa_store::{NewFile, Store, StoreError};

use super::super::{at, create, title, write};
use super::Two;

const DAY: i64 = 24 * 60 * 60 * 1_000;

/// Adds a file to a draft and hands it to the server.
fn add_sent(store: &Store, profile: &Profile, draft: DraftId, bytes: &[u8]) -> BlobHash {
    let new = NewFile {
        draft,
        name: "附件.txt".to_owned(),
        must_be_image: false,
    };
    let mut source = bytes;
    let file = store.add_file(&new, &mut source, at(3), &profile.random);
    let b3 = file.unwrap().b3;
    store.file_was_sent(b3).unwrap();
    b3
}

fn n_on_disk(profile: &Profile) -> usize {
    let files = std::fs::read_dir(profile.dir().join("files")).map(Iterator::count);
    let incoming = profile.dir().join("files/incoming").is_dir();
    files.unwrap_or(0) - usize::from(incoming)
}

/// Lets go of what is due so many days after the first.
fn let_go(store: &Store, days: i64) {
    while store.let_files_go(at(days * DAY)).unwrap() {}
}

#[test]
fn the_files_of_a_draft_that_was_deleted_leave_the_disk() {
    let (mut two, id) = Two::sharing(980);
    let kept = create(&two.a, "留着", 3, &two.one.random);
    add_sent(&two.a, &two.one, id, b"only of the deleted draft");
    let shared = add_sent(&two.a, &two.one, id, b"of both");
    assert_eq!(
        add_sent(&two.a, &two.one, kept, b"of both"),
        shared,
        "the same contents are one file"
    );
    let named = add_sent(&two.a, &two.one, id, b"named by another text");
    let text = format!("![图](attachment:{named})");
    write(&two.a, kept, &text, 4, &two.one.random);
    // One that was taken out before belongs to the draft all the same.
    let removed = add_sent(&two.a, &two.one, id, b"taken out");
    let file = two.a.file(removed).unwrap().attachment.id;
    two.a.remove_file(file, at(5)).unwrap();
    two.exchange();
    assert_eq!(n_on_disk(&two.one), 4);
    two.a.bin_draft(id, at(10)).unwrap();
    two.a.delete_drafts(&[id], at(11)).unwrap();
    let_go(&two.a, 60);
    assert_eq!(n_on_disk(&two.one), 4, "the server has not agreed yet");
    two.send_a();
    let_go(&two.a, 29);
    assert_eq!(n_on_disk(&two.one), 4, "a backup may bring the draft back");
    assert!(two.a.has_files_to_let_go(at(31 * DAY)).unwrap());
    let_go(&two.a, 31);
    assert!(!two.a.has_files_to_let_go(at(31 * DAY)).unwrap());
    assert_eq!(n_on_disk(&two.one), 2);
    for b3 in [shared, named] {
        assert!(two.a.open_file(b3).unwrap().is_some(), "still of use");
    }
    assert!(matches!(two.a.file(removed), Err(StoreError::NotFound)));
    // What a text shows no more goes when it is looked at again.
    write(&two.a, kept, "", 40 * DAY, &two.one.random);
    replace_all(&two, kept);
    let_go(&two.a, 62);
    assert_eq!(n_on_disk(&two.one), 1);
    assert!(two.a.open_file(shared).unwrap().is_some());
}

/// Nothing of a text stays.
fn replace_all(two: &Two, draft: DraftId) {
    let session = two.a.open_text(draft, &two.one.random).unwrap().session;
    let all = Splice {
        at: 0,
        delete: two.a.markdown(draft).unwrap().encode_utf16().count(),
        insert: String::new(),
    };
    let now = at(41 * DAY);
    two.a
        .edit_text(session, None, &[all], now, &two.one.random)
        .unwrap();
    two.a.close_text(session).unwrap();
}

#[test]
fn a_file_that_a_refused_change_could_bring_back_stays() {
    let (mut two, id) = Two::sharing(988);
    let b3 = add_sent(&two.a, &two.one, id, b"on the server of both");
    let other = create(&two.a, "另一篇", 3, &two.one.random);
    two.exchange();
    // At b the same file is added to a draft that somebody deletes before it is sent.
    add_sent(&two.b, &two.other, other, b"on the server of both");
    for draft in [id, other] {
        two.a.bin_draft(draft, at(9)).unwrap();
    }
    two.a.delete_drafts(&[id, other], at(10)).unwrap();
    two.send_a();
    two.send_b();
    let refused = two.b.failed(9).unwrap();
    assert!(!refused.is_empty());
    let_go(&two.b, 31);
    assert!(
        two.b.open_file(b3).unwrap().is_some(),
        "it may be kept as new"
    );
    for entry in refused {
        two.b.discard(entry.lid, at(12)).unwrap();
    }
    let_go(&two.b, 62);
    assert_eq!(n_on_disk(&two.other), 0);
}

#[test]
fn what_the_disk_does_not_let_go_of_goes_later() {
    let profile = Profile::new(982);
    let store = profile.open();
    let id = create(&store, "只在本机", 1, &profile.random);
    let b3 = add_sent(&store, &profile, id, b"contents");
    store.bin_draft(id, at(9)).unwrap();
    // In its place lies a folder: not even the owner of all files removes that as a file.
    let path = std::fs::read_dir(profile.dir().join("files"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.is_file())
        .unwrap();
    std::fs::rename(&path, profile.dir().join("aside")).unwrap();
    std::fs::create_dir(&path).unwrap();
    store.delete_drafts(&[id], at(10)).unwrap();
    let_go(&store, 31);
    assert!(path.exists());
    std::fs::remove_dir(&path).unwrap();
    std::fs::rename(profile.dir().join("aside"), &path).unwrap();
    drop(store);
    let store = profile.open();
    let_go(&store, 32);
    assert!(path.exists(), "it was looked at a day ago");
    let_go(&store, 62);
    assert!(!path.exists());
    assert!(matches!(store.file(b3), Err(StoreError::NotFound)));
}

#[test]
fn the_files_of_kept_work_stay_until_it_is_decided() {
    let (mut two, id) = Two::sharing(984);
    let b3 = add_sent(&two.b, &two.other, id, b"kept");
    two.exchange();
    two.exchange();
    two.a.bin_draft(id, at(9)).unwrap();
    two.a.delete_drafts(&[id], at(10)).unwrap();
    two.send_a();
    write(&two.b, id, "还没发送", 20, &two.other.random);
    two.send_b();
    let_go(&two.b, 31);
    assert_eq!(two.b.kept_work().unwrap().len(), 1);
    assert_eq!(n_on_disk(&two.other), 1, "a copy may want it");
    let lid = two.b.failed(1).unwrap()[0].lid;
    two.b.discard(lid, at(41)).unwrap();
    assert_eq!(two.b.kept_work().unwrap().len(), 0);
    let_go(&two.b, 32);
    assert_eq!(n_on_disk(&two.other), 0);
    assert!(matches!(two.b.file(b3), Err(StoreError::NotFound)));
}

#[test]
fn a_copy_keeps_the_images_of_a_draft_that_is_deleted() {
    let (mut two, id) = Two::sharing(972);
    let new = NewFile {
        draft: id,
        name: "附件.txt".to_owned(),
        must_be_image: false,
    };
    let random = &two.one.random;
    let file = two
        .a
        .add_file(&new, &mut b"file".as_slice(), at(3), random)
        .unwrap();
    two.a.file_was_sent(file.b3).unwrap();
    write(
        &two.a,
        id,
        &format!("[附件](attachment:{})", file.b3),
        4,
        random,
    );
    let copy = two
        .a
        .duplicate_draft(id, title("副本"), at(5), random)
        .unwrap();
    two.exchange();
    two.delete_at_a(id);
    two.send_b();
    for store in [&two.a, &two.b] {
        let files = store.files(Some(copy.id)).unwrap();
        assert_eq!(files.len(), 1);
        assert_eq!(files[0].attachment.b3, file.b3);
        assert_eq!(store.files(Some(id)).unwrap().len(), 0);
    }
}
