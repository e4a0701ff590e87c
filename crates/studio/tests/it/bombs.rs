//! Files made to take time or memory, given to a running studio in every way that it takes files:
//! each is refused or taken, in little of both. Every one is set off in a process of its own.

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use stoa_domain::DraftId;
use stoa_ipc::{
    AddDropped, AddFile, AddImage, ChangeImage, CreateDraft, Event, Failure, GetImport,
    ImageChange, ImageCrop, ImageSaved, ImportMapping, ImportStage, LookAtImport, RunImport,
    TryImage,
};

use crate::support::{Computer, Program};

/// Names the bomb that a child process is to set off.
const BOMB: &str = "STOA_TEST_BOMB";
/// A debug build takes a multiple of what a release build takes.
const MOST_MILLIS: u64 = if cfg!(debug_assertions) {
    20_000
} else {
    2_000
};
const MOST_KIB: u64 = 64 * 1024;
const MIB: usize = 1024 * 1024;

/// What is ready when a bomb comes.
struct Scene {
    computer: Computer,
    program: Program,
    draft: DraftId,
}

type Bomb = (&'static str, fn(&Scene) -> String);

const BOMBS: &[Bomb] = &[
    ("a vast picture from the disk", |scene| {
        let path = scene.put("大.png", &vast());
        outcome(scene.attach(&path, true))
    }),
    ("a vast picture as any file", |scene| {
        let path = scene.put("大.png", &vast());
        outcome(scene.attach(&path, false))
    }),
    ("a vast picture that is pasted", |scene| {
        outcome(scene.program.run(AddImage {
            draft: scene.draft,
            name: "大.png".to_owned(),
            upload: 1,
            at: 0,
            bytes: STANDARD.encode(vast()),
            is_last: true,
        }))
    }),
    ("a vast picture that is dropped", |scene| {
        let mut events = scene.program.studio.events();
        let path = scene.put("大.png", &vast());
        scene.program.studio.drop_files(vec![path], (1, 1));
        let drop = loop {
            if let Event::Dropped(dropped) = events.try_recv().unwrap() {
                break dropped.drop;
            }
        };
        let (index, draft) = (0, scene.draft);
        outcome(scene.program.run(AddDropped { drop, index, draft }))
    }),
    ("a vast picture that is tried smaller", |scene| {
        let path = scene.put("大.png", &vast());
        let b3 = scene.attach(&path, false).unwrap().b3;
        let change = cut();
        outcome(scene.program.run(TryImage { b3, change }))
    }),
    ("a vast picture that is cut", |scene| {
        let path = scene.put("大.png", &vast());
        let b3 = scene.attach(&path, false).unwrap().b3;
        let (draft, change) = (scene.draft, cut());
        outcome(scene.program.run(ChangeImage { draft, b3, change }))
    }),
    ("a deep picture that is cut", |scene| {
        let path = scene.put("深.png", &png(7_000, 7_000, 16));
        let b3 = scene.attach(&path, true).unwrap().b3;
        let (draft, change) = (scene.draft, cut());
        outcome(scene.program.run(ChangeImage { draft, b3, change }))
    }),
    ("a note with a vast picture", |scene| {
        fs::create_dir(scene.computer.path().join("笔记")).unwrap();
        scene.put("笔记/大.png", &vast());
        let note = "---\ncover: 大.png\n---\n![大](大.png)\n";
        let note = scene.put("笔记/一.md", note.as_bytes());
        scene.import(note.parent().unwrap())
    }),
    ("a zip of zeros", |scene| {
        let path = scene.put("a.zip", &zip(&[("a.md", 40 * MIB)]));
        scene.import(&path)
    }),
    ("a zip of many small notes", |scene| {
        let names: Vec<String> = (0..40).map(|n| format!("{n}.md")).collect();
        let files: Vec<(&str, usize)> = names.iter().map(|name| (&**name, MIB)).collect();
        let path = scene.put("a.zip", &zip(&files));
        scene.import(&path)
    }),
    ("a document of zeros", |scene| {
        let path = scene.put("a.docx", &zip(&[("word/document.xml", 10 * MIB)]));
        scene.import(&path)
    }),
    ("an export that laughs", |scene| {
        let each = |n: usize| format!("<!ENTITY a{n} \"{}\">", format!("&a{};", n - 1).repeat(10));
        let all: String = (1..30).map(each).collect();
        let text = format!(
            "<!DOCTYPE rss [<!ENTITY a0 \"ha\">{all}]><rss xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel><item><wp:post_id>1</wp:post_id><title>&a29;</title></item></channel></rss>"
        );
        let path = scene.put("a.xml", text.as_bytes());
        scene.import(&path)
    }),
    ("an export that is too deep", |scene| {
        let text = format!(
            "<rss xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel>{}",
            "<item>".repeat(300_000)
        );
        let path = scene.put("a.xml", text.as_bytes());
        scene.import(&path)
    }),
];

impl Scene {
    fn new() -> Self {
        let computer = Computer::new();
        let program = computer.start();
        program.make_profile(None);
        let title = "收件".to_owned();
        let draft = program.run(CreateDraft::article(title)).unwrap().id;
        Self {
            computer,
            program,
            draft,
        }
    }

    fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.computer.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    fn attach(&self, path: &Path, must_be_image: bool) -> Result<stoa_ipc::AttachedFile, Failure> {
        self.program.run(AddFile {
            draft: self.draft,
            path: path.to_string_lossy().into_owned(),
            must_be_image,
        })
    }

    /// Looks at an export, and brings in what is in it.
    fn import(&self, path: &Path) -> String {
        let path = Some(path.display().to_string());
        let is_folder = false;
        self.program.run(LookAtImport { path, is_folder }).unwrap();
        let status = self.settled();
        let n_posts = status.found.as_ref().map_or(0, |found| found.n_posts);
        if status.stage == ImportStage::Ended || n_posts == 0 {
            return format!("refused, {:?} {:?}", status.found, status.report);
        }
        let (import, mapping) = (status.import, ImportMapping::default());
        self.program.run(RunImport { import, mapping }).unwrap();
        let report = loop {
            let status = self.settled();
            if status.stage == ImportStage::Ended {
                break status.report;
            }
            pause();
        };
        format!("taken, {report:?}")
    }

    fn settled(&self) -> stoa_ipc::ImportStatus {
        loop {
            let status = self.program.run(GetImport {}).unwrap().unwrap();
            if matches!(status.stage, ImportStage::Ready | ImportStage::Ended) {
                return status;
            }
            pause();
        }
    }
}

fn pause() {
    std::thread::sleep(std::time::Duration::from_millis(5));
}

fn outcome<T>(answer: Result<T, Failure>) -> String {
    match answer {
        Ok(_) => "taken".to_owned(),
        Err(failure) => format!("refused, {:?} {:?}", failure.code, failure.fields),
    }
}

fn cut() -> ImageChange {
    let (x, y, width, height) = (0, 0, 100, 100);
    ImageChange {
        crop: Some(ImageCrop {
            x,
            y,
            width,
            height,
        }),
        most_side: Some(50),
        saved: ImageSaved::Jpeg { quality: 70 },
    }
}

/// A picture whose head says 50,000 by 50,000, and which holds nothing of them.
fn vast() -> Vec<u8> {
    png(50_000, 50_000, 8)
}

/// A picture of so many bits a channel, with four channels, of which only the head is whole.
fn png(width: u32, height: u32, bits: u8) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let (width, height) = (width.to_be_bytes(), height.to_be_bytes());
    let head = [&width[..], &height, &[bits, 6, 0, 0, 0]].concat();
    let body = vec![0; 4_000];
    for (name, content) in [(b"IHDR", head), (b"IDAT", body), (b"IEND", Vec::new())] {
        bytes.extend(u32::try_from(content.len()).unwrap().to_be_bytes());
        let mut crc = flate2::Crc::new();
        crc.update(name);
        crc.update(&content);
        bytes.extend(name);
        bytes.extend(&content);
        bytes.extend(crc.sum().to_be_bytes());
    }
    bytes
}

/// A zip of files that are so many zeros, written piece by piece so that nobody holds them.
fn zip(files: &[(&str, usize)]) -> Vec<u8> {
    let mut zip = Cursor::new(Vec::new());
    let mut directory = Vec::new();
    for (name, size) in files {
        let at = u32::try_from(zip.position()).unwrap();
        let mut packed = flate2::write::DeflateEncoder::new(Vec::new(), Default::default());
        let mut crc = flate2::Crc::new();
        let piece = vec![b'a'; MIB];
        for _ in 0..size / MIB {
            packed.write_all(&piece).unwrap();
            crc.update(&piece);
        }
        let packed = packed.finish().unwrap();
        let four = |n: usize| u32::try_from(n).unwrap().to_le_bytes();
        let length = u16::try_from(name.len()).unwrap().to_le_bytes();
        let about = [
            &b"\x14\0\0\0\x08\0\0\0\0\0"[..],
            &crc.sum().to_le_bytes(),
            &four(packed.len()),
            &four(*size),
            &length,
            b"\0\0",
        ]
        .concat();
        let local = [&b"PK\x03\x04"[..], &about, name.as_bytes(), &packed].concat();
        zip.write_all(&local).unwrap();
        directory.extend([b"PK\x01\x02\x14\0", &about[..], &[0; 10], &at.to_le_bytes()].concat());
        directory.extend(name.as_bytes());
    }
    let n = u16::try_from(files.len()).unwrap().to_le_bytes();
    let start = u32::try_from(zip.position()).unwrap().to_le_bytes();
    let length = u32::try_from(directory.len()).unwrap().to_le_bytes();
    let end = [b"PK\x05\x06\0\0\0\0", &n[..], &n, &length, &start, b"\0\0"].concat();
    [zip.into_inner(), directory, end].concat()
}

/// The processor time of this process in milliseconds, so that a busy machine changes nothing.
fn spent() -> Option<u64> {
    let told = fs::read_to_string("/proc/self/stat").ok()?;
    let after_name = told.rsplit_once(')')?.1;
    let mut numbers = after_name.split_whitespace().skip(11);
    let user: u64 = numbers.next()?.parse().ok()?;
    let system: u64 = numbers.next()?.parse().ok()?;
    // Linux counts them in hundredths of a second.
    Some((user + system) * 10)
}

/// The most memory that this process had, in KiB.
fn peak_kib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// The child's part. That a bomb is made counts, too; it is little beside the limits.
fn set_off(name: &str) {
    let (_, act) = BOMBS.iter().find(|(bomb, _)| *bomb == name).unwrap();
    let scene = Scene::new();
    // Forgets the peak so far.
    let _ = fs::write("/proc/self/clear_refs", "5");
    let (began, low) = (spent(), peak_kib());
    let outcome = act(&scene);
    let took = |before: Option<u64>, after: Option<u64>| match before.zip(after) {
        Some((before, after)) => after.saturating_sub(before),
        None => 0,
    };
    let (millis, kib) = (took(began, spent()), took(low, peak_kib()));
    println!("\nbomb {millis} {kib} {outcome}");
    scene.program.stop();
}

fn fault_of(name: &str) -> Option<String> {
    let child = Command::new(env::current_exe().unwrap())
        .args([
            "--exact",
            "bombs::a_bomb_is_refused_or_taken_in_little_time_and_memory",
            "--nocapture",
        ])
        .env(BOMB, name)
        .output()
        .unwrap();
    let output = String::from_utf8_lossy(&child.stdout);
    let told = output.lines().find_map(|line| line.strip_prefix("bomb "));
    let Some(told) = told.filter(|_| child.status.success()) else {
        let said = String::from_utf8_lossy(&child.stderr);
        return Some(format!("{name}: it came to no end: {said}"));
    };
    println!("{name}: {told}");
    let mut words = told.splitn(3, ' ');
    let mut number = || words.next()?.parse::<u64>().ok();
    let (millis, kib) = (number()?, number()?);
    let outcome = words.next()?;
    // A file that nobody has to draw is kept as it is, and an export as far as it can be read.
    let may_be_taken = ["as any file", "a note with", "laughs", "too deep"];
    let is_right =
        outcome.starts_with("refused") || may_be_taken.iter().any(|part| name.contains(part));
    let is_good = millis <= MOST_MILLIS && kib <= MOST_KIB && is_right;
    (!is_good).then(|| format!("{name}: {millis} ms, {kib} KiB: {outcome}"))
}

#[test]
fn a_bomb_is_refused_or_taken_in_little_time_and_memory() {
    if let Ok(name) = env::var(BOMB) {
        return set_off(&name);
    }
    if spent().is_none() || peak_kib().is_none() {
        println!("skipped: time and memory, which only Linux tells; that all end is tested");
    }
    let faults: Vec<String> = BOMBS
        .iter()
        .filter_map(|(name, _)| fault_of(name))
        .collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
