//! Sounds and films of drafts: taken in without being held, looked at, played range by range, with
//! chapters; images cut to size.

use std::io::{Seek, SeekFrom, Write};
use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use stoa_domain::{DraftId, FileAddress, ImageHead, MediaForm, Recording};
use stoa_ipc::{
    AddDroppedRecording, AddRecording, AddTrack, AddedRecording, ChangeImage, CreateDraft, Event,
    Failure, GetTrack, ImageChange, ImageCrop, ImageSaved, ListFiles, ListRecordings,
    PlayRecording, StopAdding, TryImage,
};

use crate::support::{Computer, Program};

const FILM: &[u8] = include_bytes!("../data/film.mp4");
/// Bytes of a piece in these tests.
const PIECE: usize = 500;

fn ready(computer: &Computer) -> (Program, DraftId) {
    let program = computer.start();
    program.make_profile(None);
    let title = "第一讲".to_owned();
    let draft = program.run(CreateDraft::article(title)).unwrap().id;
    (program, draft)
}

fn piece(draft: DraftId, at: usize, bytes: &[u8], is_last: bool) -> AddRecording {
    AddRecording {
        draft,
        name: "第一讲.mp4".to_owned(),
        upload: 1,
        at: at as u64,
        bytes: STANDARD.encode(bytes),
        is_last,
    }
}

fn add(program: &Program, draft: DraftId, bytes: &[u8]) -> Result<AddedRecording, Failure> {
    let n = bytes.len().div_ceil(PIECE);
    for (nth, part) in bytes.chunks(PIECE).enumerate() {
        let added = program.run(piece(draft, nth * PIECE, part, nth + 1 == n))?;
        if let Some(recording) = added.recording {
            return Ok(recording);
        }
    }
    panic!("the last piece was answered with nothing");
}

/// Adds a film to a draft; its address.
pub(crate) fn film(program: &Program, draft: DraftId) -> String {
    add(program, draft, FILM).unwrap().address
}

fn recording(added: &AddedRecording) -> Recording {
    let address: FileAddress = added.address.parse().unwrap();
    assert_eq!(address.b3, added.file.b3);
    address.recording.unwrap()
}

fn reason(failure: &Failure) -> &str {
    &failure.fields[0].reason
}

fn n_files(program: &Program, draft: DraftId) -> usize {
    program.run(ListFiles { draft: Some(draft) }).unwrap().len()
}

#[test]
fn a_film_comes_in_piece_by_piece_and_says_what_it_is() {
    let computer = Computer::new();
    let (program, draft) = ready(&computer);
    let added = add(&program, draft, FILM).unwrap();
    let seen = recording(&added);
    assert_eq!((seen.form, seen.size), (MediaForm::Mp4, Some((64, 36))));
    assert!(added.file.is_here && added.plays_everywhere);
    assert_eq!(added.file.name, "第一讲.mp4");
    assert_eq!(add(&program, draft, FILM).unwrap().file, added.file);
    assert_eq!(n_files(&program, draft), 1);
    program.stop();
}

#[test]
fn what_is_no_recording_is_refused_and_nothing_of_it_is_kept() {
    let computer = Computer::new();
    let (program, draft) = ready(&computer);
    for bytes in [b"<html>hello</html>".as_slice(), &FILM[..FILM.len() - 300]] {
        let refused = add(&program, draft, bytes).unwrap_err();
        assert_eq!(reason(&refused), "not-a-recording");
    }
    let gap = program.run(piece(draft, 400, b"abc", true)).unwrap_err();
    assert_eq!(reason(&gap), "out-of-range");
    assert_eq!(n_files(&program, draft), 0);
    let kept = computer.profile_dir().join("files");
    let kept: Vec<PathBuf> = std::fs::read_dir(kept)
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect();
    assert_eq!(kept, Vec::<PathBuf>::new());
    program.stop();
}

#[test]
fn who_stops_or_begins_anew_leaves_nothing_behind() {
    let computer = Computer::new();
    let (program, draft) = ready(&computer);
    program.run(piece(draft, 0, &FILM[..PIECE], false)).unwrap();
    program.run(StopAdding { draft, upload: 1 }).unwrap();
    let after = program.run(piece(draft, PIECE, &FILM[PIECE..], true));
    assert_eq!(reason(&after.unwrap_err()), "out-of-range");
    program.run(piece(draft, 0, &FILM[..PIECE], false)).unwrap();
    assert!(add(&program, draft, FILM).is_ok(), "from the beginning");
    let begun = std::time::Instant::now();
    let incoming = computer.profile_dir().join("files/incoming");
    while std::fs::read_dir(&incoming).unwrap().count() > 0 {
        assert!(begun.elapsed().as_secs() < 20, "something is left");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    program.stop();
}

/// A film that is mostly a box which players skip, as large as is asked for.
fn large_film(computer: &Computer, mib: u32) -> PathBuf {
    let path = computer.path().join("长片.mp4");
    let mut file = std::fs::File::create(&path).unwrap();
    file.write_all(FILM).unwrap();
    file.write_all(&(mib * 1024 * 1024).to_be_bytes()).unwrap();
    file.write_all(b"free").unwrap();
    let end = FILM.len() as u64 + u64::from(mib) * 1024 * 1024;
    file.seek(SeekFrom::Start(end - 1)).unwrap();
    file.write_all(b"\0").unwrap();
    path
}

fn dropped(program: &Program, path: PathBuf, draft: DraftId) -> AddDroppedRecording {
    let mut events = program.studio.events();
    program.studio.drop_files(vec![path], (1, 1));
    let drop = loop {
        match events.try_recv() {
            Ok(Event::Dropped(dropped)) => break dropped.drop,
            Ok(_) => {}
            Err(error) => panic!("{error}"),
        }
    };
    AddDroppedRecording {
        drop,
        index: 0,
        draft,
        upload: 9,
    }
}

#[test]
fn a_large_film_from_the_disk_tells_how_far_it_is_and_is_read_anywhere() {
    let computer = Computer::new();
    let (program, draft) = ready(&computer);
    let request = dropped(&program, large_film(&computer, 24), draft);
    let mut events = program.studio.events();
    let added = program.run(request).unwrap();
    let size = added.file.size;
    assert_eq!(size, FILM.len() as u64 + 24 * 1024 * 1024);
    let mut told = Vec::new();
    while let Ok(event) = events.try_recv() {
        if let Event::Adding(adding) = event {
            assert_eq!((adding.draft, adding.upload), (draft, 9));
            told.push((adding.n_done, adding.n_total));
        }
    }
    assert!(
        told.is_sorted()
            && told
                .iter()
                .all(|(done, total)| done <= total && *total == size)
    );
    program.run(PlayRecording { b3: added.file.b3 }).unwrap();
    program.stop();
}

#[test]
fn chapters_are_kept_and_read_and_anything_else_is_refused() {
    let computer = Computer::new();
    let (program, draft) = ready(&computer);
    let track = |text: &str| AddTrack {
        draft,
        name: "章节.vtt".to_owned(),
        text: text.to_owned(),
    };
    let text = "WEBVTT\n\n00:00.000 --> 00:30.000\n开场\n\n00:30.000 --> 01:00.000\n<b>正题</b>\n";
    let kept = program.run(track(text)).unwrap();
    let cues = program.run(GetTrack { b3: kept.b3 }).unwrap();
    let words: Vec<(u64, &str)> = cues.iter().map(|cue| (cue.from, &*cue.text)).collect();
    assert_eq!(words, [(0, "开场"), (30_000, "正题")]);
    for (wrong, why) in [
        ("1\n00:00:01,000 --> 00:00:02,000\na", "not-a-track"),
        (&"WEBVTT\n".repeat(200_000), "track-too-large"),
    ] {
        assert_eq!(reason(&program.run(track(wrong)).unwrap_err()), why);
    }
    program.stop();
}

#[test]
fn an_image_is_tried_and_then_changed_and_the_one_before_stays() {
    let computer = Computer::new();
    let (program, draft) = ready(&computer);
    let picture = png(120, 80);
    let added = program.run(stoa_ipc::AddImage {
        draft,
        name: "封面.png".to_owned(),
        upload: 3,
        at: 0,
        bytes: STANDARD.encode(&picture),
        is_last: true,
    });
    let b3 = added.unwrap().file.unwrap().b3;
    let crop = ImageCrop {
        x: 10,
        y: 0,
        width: 60,
        height: 40,
    };
    let change = ImageChange {
        crop: Some(crop),
        most_side: Some(30),
        saved: ImageSaved::Jpeg { quality: 70 },
    };
    let tried = program
        .run(TryImage {
            b3,
            change: change.clone(),
        })
        .unwrap();
    assert_eq!((tried.width, tried.height), (30, 20));
    assert_eq!(tried.size_before, picture.len() as u64);
    assert_eq!(n_files(&program, draft), 1, "trying keeps nothing");
    let made = program
        .run(ChangeImage {
            draft,
            b3,
            change: change.clone(),
        })
        .unwrap();
    assert_eq!((made.width, made.height), (Some(30), Some(20)));
    assert_eq!((&*made.name, made.size), ("封面.jpg", tried.size));
    assert_eq!(n_files(&program, draft), 2, "the one before stays");
    let outside = ImageChange {
        crop: Some(ImageCrop { x: 100, ..crop }),
        ..change
    };
    let refused = program.run(TryImage {
        b3,
        change: outside,
    });
    assert_eq!(reason(&refused.unwrap_err()), "out-of-range");
    program.stop();
}

/// A PNG whose pixels are stored as they are.
fn png(width: u32, height: u32) -> Vec<u8> {
    use flate2::write::ZlibEncoder;
    let mut pixels = ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    for y in 0..height {
        pixels.write_all(&[0]).unwrap();
        for x in 0..width {
            pixels.write_all(&[x as u8, y as u8, 128]).unwrap();
        }
    }
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let head = [
        &width.to_be_bytes()[..],
        &height.to_be_bytes(),
        &[8, 2, 0, 0, 0],
    ];
    for (name, content) in [
        (b"IHDR", head.concat()),
        (b"IDAT", pixels.finish().unwrap()),
        (b"IEND", Vec::new()),
    ] {
        bytes.extend(u32::try_from(content.len()).unwrap().to_be_bytes());
        let mut crc = flate2::Crc::new();
        crc.update(name);
        crc.update(&content);
        bytes.extend(name);
        bytes.extend(&content);
        bytes.extend(crc.sum().to_be_bytes());
    }
    assert!(ImageHead::read(&bytes).is_ok());
    bytes
}

#[test]
fn the_recordings_of_a_draft_are_known_by_its_text_or_by_what_they_are() {
    let computer = Computer::new();
    let (program, draft) = ready(&computer);
    let list = || program.run(ListRecordings { draft }).unwrap();
    assert_eq!(list(), []);
    let track = AddTrack {
        draft,
        name: "章节.vtt".to_owned(),
        text: "WEBVTT\n\n00:00.000 --> 00:01.000\n开场\n".to_owned(),
    };
    let chapters = program.run(track).unwrap().b3;
    let address = film(&program, draft);
    let found = list();
    assert_eq!(found.len(), 1, "a track is no recording: {found:?}");
    assert_eq!(found[0].address, address);
    assert!(found[0].plays_everywhere);
    let named = format!("{address};chapters=attachment:{chapters}");
    crate::drafts::write(&program, draft, &format!("![第一讲.mp4]({named})\n"));
    assert_eq!(list()[0].address, named);
}
