//! What can be read of a damaged profile is read, and the profile stays as it is.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use stoa_store::test_support::{PagedRow, Profile, rows_with_pages, table_rows};
use stoa_store::{NewFile, OpenError, Salvaged, Store, salvage};
use tempfile::TempDir;

use super::server::{Server, link, pull_all, push_all};
use super::{at, create, title, write};

const PAGE: usize = 4_096;
const N_IMAGES: usize = 1_000;

/// A profile with all there is: drafts, long texts, what waits, what came from the server.
fn lived_in(seed: u64) -> Profile {
    let profile = Profile::new(seed);
    let store = profile.open();
    let mut server = Server::default();
    store.set_link(&link(1, "e")).unwrap();
    for n in 0..24 {
        let id = create(&store, &format!("第 {n} 篇"), n, &profile.random);
        write(
            &store,
            id,
            &format!("{n} 知识付费。\n\n").repeat(12),
            n,
            &profile.random,
        );
        store
            .rename_draft(id, title(&format!("改名 {n}")), at(n))
            .unwrap();
        if n == 12 {
            push_all(&mut server, 1, &store, at(n));
            pull_all(&server, 1, &store, at(n));
        }
    }
    let text: String = (0..400)
        .map(|n| format!("{n}. 会员制社群 {}\n\n", n * 7919))
        .collect();
    for n in 0..2 {
        let name = title(&format!("长文 {n}"));
        store
            .import_draft(name, &text, at(50 + n), &profile.random)
            .unwrap();
    }
    // Empties the log.
    assert!(store.verify().unwrap().is_empty());
    drop(store);
    profile
}

fn copy_file(from: &Path, to: &Path) {
    std::fs::write(to, std::fs::read(from).unwrap()).unwrap();
}

fn scratch() -> TempDir {
    let memory = tempfile::Builder::new().tempdir_in("/dev/shm");
    memory.or_else(|_| tempfile::tempdir()).unwrap()
}

/// The lines of every table that was written.
fn lines(folder: &Path) -> HashSet<(String, String)> {
    let mut lines = HashSet::new();
    for entry in std::fs::read_dir(folder.join("tables")).unwrap() {
        let path = entry.unwrap().path();
        let table = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        lines.extend(text.lines().map(|line| (table.clone(), line.to_owned())));
    }
    lines
}

fn taken_out(profile: &Profile) -> (TempDir, Salvaged) {
    let folder = scratch();
    let salvaged = salvage(profile.dir(), &profile.key, folder.path()).unwrap();
    (folder, salvaged)
}

fn raw(profile: &Profile) -> rusqlite::Connection {
    let db = rusqlite::Connection::open(profile.dir().join("studio.db")).unwrap();
    db.pragma(None, "key", profile.raw_database_key().as_str(), |_| Ok(()))
        .unwrap();
    db
}

#[test]
fn of_a_whole_database_every_row_of_every_table_is_read() {
    let profile = lived_in(950);
    let (_folder, salvaged) = taken_out(&profile);
    assert_eq!((salvaged.n_damaged_pages, salvaged.n_broken_rows), (0, 0));
    assert_eq!(salvaged.n_drafts, 26);
    assert!(salvaged.n_unsent > 20, "{salvaged:?}");
    let whole = table_rows(&profile.dir().join("studio.db"), &profile.key);
    let mut n_rows = 0;
    for table in &salvaged.tables {
        let n = whole[&table.name].n;
        assert_eq!((table.n_rows, table.n_loose_rows), (n, 0), "{}", table.name);
        n_rows += n;
    }
    assert!(n_rows > 200, "{n_rows}");
    assert_eq!(salvaged.n_rows, n_rows);
}

#[test]
fn values_come_out_as_they_were_and_keys_do_not() {
    let profile = lived_in(951);
    let (folder, _) = taken_out(&profile);
    let store = profile.open();
    for draft in super::list(&store) {
        let file = folder.path().join(format!("{}.md", draft.title));
        let text = std::fs::read_to_string(file).unwrap();
        let (head, body) = text.split_once("---\n\n").unwrap();
        assert!(head.contains(&draft.id.to_string()), "{head}");
        assert_eq!(body, store.markdown(draft.id).unwrap());
    }
    for (_, line) in lines(folder.path()) {
        assert!(!line.contains("device_key"), "{line}");
    }
}

#[test]
fn what_is_still_in_the_log_is_read_from_there() {
    let profile = lived_in(952);
    let store = profile.open();
    create(&store, "还在日志里", 60, &profile.random);
    let copy = scratch();
    for name in ["studio.db", "studio.db-wal", "vault.toml", "outbox.log"] {
        copy_file(&profile.dir().join(name), &copy.path().join(name));
    }
    let folder = scratch();
    let salvaged = salvage(copy.path(), &profile.key, folder.path()).unwrap();
    assert_eq!(salvaged.n_drafts, 27);
    assert!(folder.path().join("还在日志里.md").exists());
}

#[test]
fn without_a_database_the_second_copy_of_unsent_work_is_taken_out() {
    let profile = lived_in(953);
    std::fs::remove_file(profile.dir().join("studio.db")).unwrap();
    let (folder, salvaged) = taken_out(&profile);
    assert_eq!((salvaged.n_pages, salvaged.n_rows), (0, 0));
    let unsent = std::fs::read_to_string(folder.path().join("unsent.jsonl")).unwrap();
    assert_eq!(unsent.lines().count() as u64, salvaged.n_unsent);
    assert!(unsent.contains("长文"));
}

#[test]
fn a_newer_schema_is_read_as_it_describes_itself() {
    let profile = lived_in(954);
    let db = raw(&profile);
    db.execute_batch(
        "alter table draft add column colour text not null default 'blue';
         create table later (id integer primary key, what text) strict;
         insert into later (what) values ('something new');
         pragma user_version = 99;",
    )
    .unwrap();
    db.close().unwrap();
    let (folder, salvaged) = taken_out(&profile);
    assert_eq!(salvaged.n_damaged_pages, 0);
    let lines = lines(folder.path());
    assert!(lines.contains(&(
        "later".to_owned(),
        r#"{"id":1,"what":"something new"}"#.to_owned()
    )));
    let drafts = lines.iter().filter(|(table, _)| table == "draft");
    assert!(drafts.clone().count() > 10);
    assert!(
        drafts
            .into_iter()
            .all(|(_, line)| line.contains(r#""colour":"blue""#))
    );
}

#[test]
fn another_vaults_key_and_a_profile_in_use_are_refused() {
    let (profile, other) = (lived_in(955), Profile::new(956));
    let folder = scratch();
    let refused = salvage(profile.dir(), &other.key, folder.path());
    assert!(matches!(refused, Err(OpenError::ForeignDatabase)));
    let _store = profile.open();
    let refused = salvage(profile.dir(), &profile.key, folder.path());
    assert!(matches!(refused, Err(OpenError::InUse)));
}

#[test]
fn attachments_that_are_here_come_along() {
    let profile = Profile::new(957);
    let store = profile.open();
    let new = NewFile {
        draft: create(&store, "稿", 1, &profile.random),
        name: "a.txt".to_owned(),
        must_be_image: false,
    };
    let contents = "附件".repeat(300_000).into_bytes();
    store
        .add_file(&new, &mut contents.as_slice(), at(2), &profile.random)
        .unwrap();
    drop(store);
    let (folder, _) = taken_out(&profile);
    let mut files = std::fs::read_dir(folder.path().join("attachments")).unwrap();
    let path = files.next().unwrap().unwrap().path();
    assert!(path.to_str().unwrap().ends_with("-a.txt"));
    assert!(std::fs::read(path).unwrap() == contents);
}

/// Spoils an image; answers the pages that are not whole any more.
fn spoil(image: &mut Vec<u8>, random: &mut StdRng) -> BTreeSet<u32> {
    let n_pages = image.len() / PAGE;
    let mut damaged = BTreeSet::new();
    for _ in 0..random.random_range(1..=5) {
        let page = random.random_range(0..n_pages);
        let from = page * PAGE;
        match random.random_range(0..6) {
            0 => image[from + random.random_range(0..PAGE)] ^= 1 << random.random_range(0..8),
            1 => image[from..from + PAGE].fill(0),
            2 => {
                let sector = from + random.random_range(0..PAGE / 512) * 512;
                random.fill(&mut image[sector..sector + 512]);
            }
            3 => image[from..from + PAGE].fill(0xff),
            4 => {
                // Written to the wrong place.
                let other = random.random_range(0..n_pages);
                let bytes = image[other * PAGE..(other + 1) * PAGE].to_vec();
                if other == page {
                    continue;
                }
                image[from..from + PAGE].copy_from_slice(&bytes);
            }
            _ => random.fill(&mut image[from..from + PAGE]),
        }
        damaged.insert(u32::try_from(page + 1).unwrap());
    }
    if random.random_bool(0.1) {
        // Cut off, also in the middle of a page.
        let end = random.random_range(image.len() / 2..image.len());
        damaged.extend((end / PAGE..n_pages).map(|page| u32::try_from(page + 1).unwrap()));
        image.truncate(end);
    }
    damaged
}

struct Spoilt {
    n_expected: usize,
    n_found: usize,
}

fn try_image(profile: &Profile, whole: &[u8], rows: &[PagedRow], seed: u64) -> Spoilt {
    let mut random = StdRng::seed_from_u64(seed);
    let mut image = whole.to_vec();
    let damaged = spoil(&mut image, &mut random);
    let dir = scratch();
    let path: PathBuf = dir.path().join("studio.db");
    std::fs::write(&path, &image).unwrap();
    copy_file(
        &profile.dir().join("vault.toml"),
        &dir.path().join("vault.toml"),
    );
    let folder = scratch();
    let salvaged = salvage(dir.path(), &profile.key, folder.path())
        .unwrap_or_else(|error| panic!("seed {seed}: {error}"));
    assert!(salvaged.n_damaged_pages > 0, "seed {seed}");
    assert!(
        std::fs::read(&path).unwrap() == image,
        "seed {seed}: changed"
    );
    assert!(!dir.path().join("studio.db-wal").exists());
    let found = lines(folder.path());
    let expected = rows
        .iter()
        .filter(|row| row.pages.iter().all(|page| !damaged.contains(page)));
    let is_found = |row: &&PagedRow| found.contains(&(row.table.clone(), row.json.clone()));
    Spoilt {
        n_expected: expected.clone().count(),
        n_found: expected.filter(is_found).count(),
    }
}

#[test]
fn of_a_thousand_damaged_databases_nearly_every_row_on_whole_pages_is_read() {
    let profile = lived_in(960);
    let whole = std::fs::read(profile.dir().join("studio.db")).unwrap();
    let rows = rows_with_pages(profile.dir(), &profile.key);
    assert!(rows.len() > 200, "{}", rows.len());
    let (next, n_expected, n_found) = <(AtomicUsize, AtomicUsize, AtomicUsize)>::default();
    let begun = std::time::Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= N_IMAGES {
                        return;
                    }
                    let spoilt = try_image(&profile, &whole, &rows, n as u64);
                    n_expected.fetch_add(spoilt.n_expected, Ordering::Relaxed);
                    n_found.fetch_add(spoilt.n_found, Ordering::Relaxed);
                }
            });
        }
    });
    let (n_expected, n_found) = (n_expected.into_inner(), n_found.into_inner());
    println!(
        "{n_found} of {n_expected} rows, {} pages, {:?}",
        whole.len() / PAGE,
        begun.elapsed()
    );
    assert!(n_expected > 100_000, "{n_expected}");
    assert!(
        n_found * 100 >= n_expected * 99,
        "{n_found} of {n_expected}"
    );
}

/// The store itself says what is wrong and leaves it at that.
#[test]
fn a_store_that_does_not_open_is_left_as_it_is() {
    let profile = lived_in(961);
    let path = profile.dir().join("studio.db");
    let mut image = std::fs::read(&path).unwrap();
    image[100] ^= 1;
    std::fs::write(&path, &image).unwrap();
    let opened = Store::open(profile.dir(), &profile.key, at(1));
    assert!(matches!(opened, Err(OpenError::Damaged(_))));
    let (folder, salvaged) = taken_out(&profile);
    assert_eq!((salvaged.n_damaged_pages, salvaged.n_drafts), (1, 26));
    assert!(folder.path().join("长文 1.md").exists());
    assert!(std::fs::read(&path).unwrap() == image);
}

const FROM: &str = "STOA_SALVAGE_FROM";
const TO: &str = "STOA_SALVAGE_TO";

/// Not a test by itself: what the test below runs with a limit on the size of files.
#[test]
fn short_of_room() {
    let (Ok(from), Ok(to)) = (std::env::var(FROM), std::env::var(TO)) else {
        return;
    };
    let key = stoa_store::test_support::key_by_passphrase(Path::new(&from));
    let failed = salvage(Path::new(&from), &key, Path::new(&to)).unwrap_err();
    assert!(
        matches!(failed, OpenError::DiskFull | OpenError::DiskFailed(_)),
        "{failed}"
    );
    println!("TOLD");
}

#[test]
fn a_disk_that_is_full_ends_a_salvage_and_a_second_one_has_all() {
    let profile = lived_in(953);
    let before: Vec<_> = ["studio.db", "vault.toml", "outbox.log"]
        .map(|name| std::fs::read(profile.dir().join(name)).unwrap())
        .into();
    let folder = scratch();
    let output = std::process::Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 24; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "salvage::short_of_room", "--nocapture"])
        .env(FROM, profile.dir())
        .env(TO, folder.path())
        .output()
        .unwrap();
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        out.contains("TOLD"),
        "{out}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        !folder.path().join("report.json").exists(),
        "nobody takes half of it for all"
    );
    for (name, bytes) in ["studio.db", "vault.toml", "outbox.log"].iter().zip(before) {
        assert!(
            std::fs::read(profile.dir().join(name)).unwrap() == bytes,
            "{name}"
        );
    }
    let again = salvage(profile.dir(), &profile.key, folder.path()).unwrap();
    assert_eq!(again.n_drafts, 26);
}
