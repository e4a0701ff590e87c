//! Files of drafts: how they travel, what stays on this computer, what is dropped on the window.

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use stoa_domain::{BlobHash, DraftId, MediaType};
use stoa_ipc::{
    AddDropped, AddFile, AttachDropped, AttachFile, AttachedFile, BinDraft, Connection,
    CreateDraft, DeleteDrafts, ErrorCode, Event, EvictFile, EvictFiles, Failure, FilesPlace,
    FilesTrouble, GetFiles, GetStorage, GetSync, ImportDropped, KeepAllFiles, KeepFile, LimitFiles,
    ListDrafts, ListFiles, ListUsedFiles, PauseFiles, SaveFile, StopAdding, UsedFile,
};

use crate::support::{Computer, Program};
use crate::syncing::{Backend, signed_in, synced};

/// A file of so many bytes that no other call makes.
fn file(folder: &Path, name: &str, n: usize) -> PathBuf {
    let path = folder.join(name);
    let line = format!("{name} ");
    std::fs::write(&path, &line.repeat(n / line.len() + 1)[..n]).unwrap();
    path
}

fn draft(program: &Program, title: &str) -> DraftId {
    let title = title.to_owned();
    program.run(CreateDraft::article(title)).unwrap().id
}

fn attach(program: &Program, draft: DraftId, path: &Path) -> AttachedFile {
    let added = program.run(AddFile {
        draft,
        path: path.to_string_lossy().into_owned(),
        must_be_image: false,
    });
    added.unwrap()
}

fn used(program: &Program) -> Vec<UsedFile> {
    let listed = program.run(ListUsedFiles {
        place: FilesPlace::Anywhere,
        limit: 100,
    });
    listed.unwrap()
}

fn one(program: &Program, b3: BlobHash) -> UsedFile {
    used(program)
        .into_iter()
        .find(|file| file.b3 == b3)
        .unwrap()
}

fn reason(failure: &Failure) -> &str {
    &failure.fields[0].reason
}

fn n_on_disk(computer: &Computer) -> usize {
    let files = computer.profile_dir().join("files");
    let entries = std::fs::read_dir(files).into_iter().flatten().flatten();
    entries.filter(|entry| entry.path().is_file()).count()
}

/// Deletes a draft with a file for good, and starts again after a month.
#[track_caller]
fn leaves_the_disk_after_a_month(computer: &Computer, program: Program, agreed: fn(&Program)) {
    let doomed = draft(&program, "不要了");
    attach(&program, doomed, &file(computer.path(), "b.bin", 5_000));
    agreed(&program);
    program.run(BinDraft { id: doomed }).unwrap();
    program.run(DeleteDrafts { ids: vec![doomed] }).unwrap();
    agreed(&program);
    assert_eq!(n_on_disk(computer), 1, "a backup may bring the draft back");
    computer.clock.pass_days(31);
    program.stop();
    let program = computer.start();
    program.settled();
    let begun = std::time::Instant::now();
    while n_on_disk(computer) > 0 {
        assert!(
            begun.elapsed().as_secs() < 30,
            "it is still there: {:?}",
            program.state().sync
        );
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    program.stop();
}

#[test]
fn the_files_of_deleted_drafts_leave_this_computer_by_themselves() {
    let computer = Computer::new();
    let program = computer.start();
    program.make_profile(None);
    leaves_the_disk_after_a_month(&computer, program, |_| ());
}

#[test]
fn the_files_of_deleted_drafts_leave_a_connected_computer_by_themselves() {
    let backend = Backend::start();
    let computer = Computer::new();
    let program = signed_in(&computer, &backend);
    leaves_the_disk_after_a_month(&computer, program, |program| {
        program.until(|state| {
            state.sync.n_waiting == 0 && state.sync.connection == Connection::Synced
        });
    });
}

#[test]
fn a_pause_and_a_limit_of_files_outlast_the_program() {
    let backend = Backend::start();
    let computer = Computer::new();
    let program = signed_in(&computer, &backend);
    synced(&program);
    program.run(PauseFiles { paused: true }).unwrap();
    let limited = program.run(LimitFiles {
        bytes_per_second: Some(300_000),
    });
    assert!(limited.unwrap().is_paused);
    let nothing = program.run(LimitFiles {
        bytes_per_second: Some(0),
    });
    assert_eq!(nothing.unwrap_err().code, ErrorCode::InvalidInput);
    let with_file = draft(&program, "有附件");
    let added = attach(&program, with_file, &file(computer.path(), "a.bin", 5_000));
    draft(&program, "别的");
    program.kill();

    let program = computer.start();
    program.settled();
    // Everything else is through; the file waits, and the status says why.
    let state = program
        .until(|state| state.sync.connection == Connection::FilesHeld && state.sync.n_waiting == 1);
    assert_eq!(state.sync.files_held, Some(FilesTrouble::Paused));
    assert_eq!(state.sync.n_moving, 0);
    let files = program.run(GetFiles {}).unwrap();
    assert_eq!(
        (files.is_paused, files.bytes_per_second, files.to_send),
        (true, Some(300_000), 5_000)
    );
    assert!(!one(&program, added.b3).is_on_server);
    // What is asked for while files are paused is not waited for.
    program.run(PauseFiles { paused: false }).unwrap();
    synced(&program);
    assert!(one(&program, added.b3).is_on_server);
    program.stop();
}

#[test]
fn a_file_goes_from_this_computer_only_after_the_server_was_asked() {
    let mut backend = Backend::start();
    let computer = Computer::new();
    let program = signed_in(&computer, &backend);
    let first = draft(&program, "第一课");
    let path = file(computer.path(), "讲义.pdf", 70_000);
    let b3 = attach(&program, first, &path).b3;
    assert!(!one(&program, b3).can_go, "the server does not have it yet");
    let early = program.run(EvictFile { b3 }).unwrap_err();
    assert_eq!(reason(&early), "file-must-stay");
    program.until(|_| one(&program, b3).can_go);

    // The server's disk lost it and nobody has noticed: it is found out, and sent again.
    backend.lose_files();
    let lost = program.run(EvictFile { b3 }).unwrap_err();
    assert_eq!(reason(&lost), "file-must-stay");
    assert!(one(&program, b3).is_here);
    program.until(|_| one(&program, b3).can_go);

    program.run(EvictFile { b3 }).unwrap();
    let gone = one(&program, b3);
    assert!(!gone.is_here && gone.is_on_server && gone.title == "第一课");
    let sums = program.run(GetStorage {}).unwrap().files;
    assert_eq!((sums.here.n, sums.only_on_server.n), (0, 1));
    assert_eq!(sums.only_on_server.bytes, 70_000);

    // Looked at again, it comes back as it was.
    let saved = computer.path().join("saved.pdf");
    let to = saved.to_string_lossy().into_owned();
    let save = |replaces: bool| {
        let path = to.clone();
        program.run(SaveFile { b3, path, replaces })
    };
    save(false).unwrap();
    let is_whole = || std::fs::read(&saved).unwrap() == std::fs::read(&path).unwrap();
    assert!(is_whole());
    // What is there stays, unless somebody said that it may go.
    std::fs::write(&saved, "mine").unwrap();
    assert!(save(false).is_err());
    assert_eq!(std::fs::read(&saved).unwrap(), b"mine");
    save(true).unwrap();
    assert!(is_whole());
    let left = std::fs::read_dir(computer.path()).unwrap();
    let left = left.filter_map(Result::ok).map(|entry| entry.file_name());
    assert!(
        left.into_iter()
            .all(|name| !name.to_string_lossy().starts_with(".stoa-"))
    );
    backend.go_away();
    let offline = program.run(EvictFile { b3 }).unwrap_err();
    assert_eq!(offline.code, ErrorCode::Offline);
    assert!(one(&program, b3).is_here);
    program.stop();
}

#[test]
fn all_files_are_kept_or_let_go_together() {
    let backend = Backend::start();
    let computer = Computer::new();
    let program = signed_in(&computer, &backend);
    let first = draft(&program, "第一课");
    let files: Vec<BlobHash> = [("a", 1_000), ("b", 2_000), ("c", 3_000)]
        .map(|(name, n)| attach(&program, first, &file(computer.path(), name, n)).b3)
        .to_vec();
    program.until(|_| used(&program).iter().all(|file| file.can_go));
    program
        .run(KeepFile {
            b3: files[0],
            keep: true,
        })
        .unwrap();
    let evicted = program.run(EvictFiles {}).unwrap();
    assert_eq!(
        (evicted.gone.n, evicted.gone.bytes, evicted.n_stayed),
        (2, 5_000, 0)
    );
    assert!(one(&program, files[0]).is_here);
    // Kept offline, what is away is fetched by itself and stays.
    program.run(KeepAllFiles { keep: true }).unwrap();
    program.until(|_| {
        used(&program)
            .iter()
            .all(|file| file.is_here && file.is_kept)
    });
    assert_eq!(program.run(EvictFiles {}).unwrap().gone.n, 0);
    program.run(KeepAllFiles { keep: false }).unwrap();
    assert_eq!(program.run(EvictFiles {}).unwrap().gone.n, 3);
    program.stop();
}

#[test]
fn a_community_without_room_is_told_by_name_and_everything_else_flows_on() {
    let backend = Backend::with_quota(5_000);
    let computer = Computer::new();
    let program = signed_in(&computer, &backend);
    let large = draft(&program, "附件太大");
    attach(&program, large, &file(computer.path(), "large.bin", 6_000));
    draft(&program, "没有附件");
    let state = program
        .until(|state| state.sync.connection == Connection::FilesHeld && state.sync.n_waiting == 1);
    assert_eq!(state.sync.files_held, Some(FilesTrouble::OverQuota));
    let files = program.run(GetFiles {}).unwrap();
    let stuck = &files.stuck[0];
    assert_eq!(
        (&*stuck.name, &*stuck.title, stuck.size, stuck.trouble),
        ("large.bin", "附件太大", 6_000, FilesTrouble::OverQuota)
    );
    // What fits goes past it.
    let fits = attach(&program, large, &file(computer.path(), "fits.bin", 4_000));
    program.until(|_| one(&program, fits.b3).is_on_server);
    let status = program.run(GetSync {}).unwrap();
    assert_eq!(status.n_failed, 0);
    program.stop();
}

/// The head of an image, which is all that is looked at.
fn png(folder: &Path, name: &str) -> PathBuf {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x04\0\0\0\x04\x08\x02\0\0\0".to_vec();
    bytes.extend(name.as_bytes());
    bytes.resize(300, 7);
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn dropped_files_become_images_or_drafts_as_the_page_says_and_it_never_names_a_path() {
    let computer = Computer::new();
    let program = computer.start();
    program.make_profile(None);
    let id = draft(&program, "图文");
    let folder = computer.path();
    let paths = vec![
        png(folder, "b.png"),
        file(folder, "notes.pdf", 900),
        png(folder, "a.png"),
        file(folder, "笔记.md", 400),
        folder.join("profiles"),
    ];
    let mut events = program.studio.events();
    program.studio.drop_files(paths, (120, 40));
    let dropped = loop {
        match events.try_recv() {
            Ok(Event::Dropped(dropped)) => break dropped,
            Ok(_) => {}
            Err(error) => panic!("nothing was told: {error}"),
        }
    };
    assert_eq!((dropped.x, dropped.y), (120, 40));
    assert_eq!(dropped.names[..3], ["b.png", "notes.pdf", "a.png"]);
    let add = |index| {
        program.run(AddDropped {
            drop: dropped.drop,
            index,
            draft: id,
        })
    };
    assert_eq!(add(0).unwrap().name, "b.png");
    assert_eq!(reason(&add(1).unwrap_err()), "not-an-image");
    assert_eq!(add(2).unwrap().name, "a.png");
    assert_eq!(add(4).unwrap_err().code, ErrorCode::InvalidInput);
    assert_eq!(add(9).unwrap_err().code, ErrorCode::NotFound);
    let attach = |index| {
        program.run(AttachDropped {
            drop: dropped.drop,
            index,
            draft: id,
            upload: 1 + index,
        })
    };
    let kept = attach(1).unwrap();
    assert_eq!((&*kept.name, kept.size), ("notes.pdf", 900));
    assert_eq!(kept.media_type, MediaType::Bytes);
    assert_eq!(reason(&attach(4).unwrap_err()), "is-a-folder");
    assert_eq!(attach(9).unwrap_err().code, ErrorCode::NotFound);
    let import = ImportDropped {
        drop: dropped.drop,
        indexes: vec![3],
    };
    program.run(import).unwrap();
    let page = program.run(ListDrafts {
        limit: 9,
        ..ListDrafts::default()
    });
    assert_eq!(page.unwrap().drafts.len(), 2);
    program.stop();
}

fn piece(draft: DraftId, at: u64, bytes: &[u8], is_last: bool) -> AttachFile {
    AttachFile {
        draft,
        name: "讲义.html".to_owned(),
        upload: 5,
        at,
        bytes: STANDARD.encode(bytes),
        is_last,
    }
}

#[test]
fn a_file_of_any_kind_comes_in_pieces_and_stopped_or_empty_nothing_of_it_stays() {
    let computer = Computer::new();
    let program = computer.start();
    program.make_profile(None);
    let id = draft(&program, "讲义");
    let page = b"<script>alert(1)</script>";
    let first = program.run(piece(id, 0, &page[..10], false)).unwrap();
    assert_eq!(first.file, None);
    let last = program.run(piece(id, 10, &page[10..], true)).unwrap();
    let file = last.file.unwrap();
    assert_eq!((&*file.name, file.size), ("讲义.html", page.len() as u64));
    // The window is never given it to show.
    assert_eq!(file.media_type, MediaType::Bytes);

    let empty = program.run(piece(id, 0, b"", true)).unwrap_err();
    assert_eq!(reason(&empty), "file-empty");
    program.run(piece(id, 0, b"abc", false)).unwrap();
    let stop = StopAdding {
        draft: id,
        upload: 5,
    };
    program.run(stop).unwrap();
    assert!(program.run(piece(id, 3, b"def", true)).is_err());
    let files = program.run(ListFiles { draft: Some(id) }).unwrap();
    assert_eq!(files.len(), 1);
    program.stop();
}
