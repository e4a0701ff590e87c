//! A wipe by order of the account, killed or cut from power at any change it makes: the profile is
//! whole, or the next start finishes.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use stoa_domain::{DeviceId, DraftId, Title};
use stoa_store::test_support::{CHEAP, SeededRandom};
use stoa_store::{
    ManifestError, NewFile, NewVault, Opened, SecretError, SecretStore, Store, Vault, VaultError,
    Wipe, WipeReport, create_vault,
};
use zeroize::Zeroizing;

use super::at;
use super::diary::{self, Entry};
use super::failing::{FAULTS, Fault, count_struck};
use super::power_cut::Cuts;
use super::preload::{self, disarm};
use super::replay::{Disk, Files, SECTOR, gather, lay_out};

const ROOT: &str = "STOA_FAULTS_ROOT";
const WIPES: &str = "STOA_FAULTS_WIPES";
const FAILS: &str = "STOA_FAULTS_WIPE_FAILS";
const N_DRAFTS: usize = 3;
const N_FILES: u8 = 80;
/// How many kills there are at least.
const N_KILLS: usize = 100;
const N_CUTS: usize = 300;

/// A keychain whose entries are files, so that the recorder sees them go.
struct Drawer(PathBuf);

impl Drawer {
    fn in_root(root: &Path) -> Self {
        Self(root.join("keychain"))
    }

    fn is_empty(&self) -> bool {
        std::fs::read_dir(&self.0).is_ok_and(|mut entries| entries.next().is_none())
    }
}

fn failed(error: &io::Error) -> SecretError {
    match error.kind() {
        io::ErrorKind::NotFound => SecretError::NoEntry,
        _ => SecretError::Unavailable(error.to_string()),
    }
}

impl SecretStore for Drawer {
    fn backend(&self) -> String {
        "drawer".to_owned()
    }

    fn get(&self, name: &str) -> Result<Zeroizing<Vec<u8>>, SecretError> {
        std::fs::read(self.0.join(name))
            .map(Zeroizing::new)
            .map_err(|error| failed(&error))
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), SecretError> {
        std::fs::write(self.0.join(name), secret).map_err(|error| failed(&error))
    }

    fn delete(&self, name: &str) -> Result<(), SecretError> {
        match std::fs::remove_file(self.0.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(&error)),
            _ => {}
        }
        let folder = std::fs::File::open(&self.0).map_err(|error| failed(&error))?;
        folder.sync_all().map_err(|error| failed(&error))
    }
}

/// A profile somebody has worked in; its recovery key.
fn prepare(root: &Path) -> String {
    let profile = root.join("profile");
    let drawer = Drawer::in_root(root);
    std::fs::create_dir_all(&drawer.0).unwrap();
    let random = SeededRandom::new(1);
    let new = NewVault {
        secrets: Some(&drawer),
        passphrase: Some("erste"),
        cost: CHEAP,
    };
    let (key, recovery) = create_vault(&profile, &new, at(0), &random).unwrap();
    let store = Store::create(&profile, &key, at(0), &random).unwrap();
    let mut drafts: Vec<DraftId> = Vec::new();
    for n in 0..N_DRAFTS {
        let title = Title::parse(&format!("第 {n} 篇")).unwrap();
        drafts.push(store.create_draft(title, at(1), &random).unwrap().id);
    }
    for n in 0..N_FILES {
        let new = NewFile {
            draft: drafts[0],
            name: format!("{n}.bin"),
            must_be_image: false,
        };
        let mut contents: &[u8] = &[n; 200];
        store.add_file(&new, &mut contents, at(2), &random).unwrap();
    }
    store.backup(at(3)).unwrap();
    recovery.to_string()
}

fn report() -> WipeReport {
    WipeReport {
        server_url: "https://stoa.example".to_owned(),
        ca_pem: None,
        device: DeviceId::from_bytes([1; 16]),
        nonce: "ab".repeat(32),
        signature: "cd".repeat(64),
    }
}

/// Not a test by itself: what is run under the recorder.
#[test]
fn wiper() {
    let (Ok(_), Ok(root)) = (std::env::var(WIPES), std::env::var(ROOT)) else {
        return;
    };
    wipe(Path::new(&root)).unwrap();
    std::process::exit(0);
}

fn wipe(root: &Path) -> Result<(), String> {
    let profile = root.join("profile");
    let mut wipe =
        Wipe::begin(&profile, "知行社", report(), at(4)).map_err(|error| error.to_string())?;
    wipe.finish(&profile, &[], &Drawer::in_root(root))
        .map_err(|error| error.to_string())
}

/// What lay there, and what the wipe did to the disk. `None` where nothing can be recorded.
fn record() -> Option<(Files, Vec<Entry>)> {
    let scratch = super::scratch();
    let root = scratch.path().join("root");
    prepare(&root);
    let before = gather(&root);
    let log = scratch.path().join("diary");
    let mut command = preload::again("wiped::wiper", &root)?;
    command.env(WIPES, "1").env("STOA_FAULTS_LOG", &log);
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    Some((before, diary::read(&log, &root)))
}

/// Looks at one state of the disk, as the next start does. A keychain that does not answer holds up
/// nothing: its entry may then be there longer than the locks.
fn check(files: &Files, keychain_answers: bool) -> Result<(), String> {
    let scratch = super::scratch();
    let root = scratch.path();
    lay_out(files, root);
    let profile = root.join("profile");
    let drawer = Drawer::in_root(root);
    std::fs::create_dir_all(&drawer.0).unwrap();
    match Wipe::find(&profile) {
        Ok(Some(record)) => check_goes_on(&profile, &drawer, record, keychain_answers),
        Ok(None) => check_whole(&profile, &drawer),
        Err(error) => Err(format!("the record: {error}")),
    }
}

/// Before the record is there, nothing is missing, and the next contact brings the order again.
fn check_whole(profile: &Path, drawer: &Drawer) -> Result<(), String> {
    let vault = Vault::read(profile).map_err(|e| e.to_string())?;
    let key = vault
        .unlock_with_keychain(drawer)
        .map_err(|e| e.to_string())?;
    let opened = Store::open(profile, &key, at(5)).map_err(|e| e.to_string())?;
    let Opened::ReadWrite(store) = opened else {
        return Err("open for reading only".to_owned());
    };
    let faults = store.verify().map_err(|e| e.to_string())?;
    let n_files = std::fs::read_dir(profile.join("files"))
        .map_err(|e| e.to_string())?
        .filter(|entry| entry.as_ref().is_ok_and(|e| e.path().is_file()))
        .count();
    match (faults.first(), n_files == usize::from(N_FILES)) {
        (None, true) => Ok(()),
        (fault, _) => Err(format!("not whole: {fault:?}, {n_files} files")),
    }
}

/// From the record on it never opens, the keychain's entry goes first, and one more start leaves
/// nothing.
fn check_goes_on(
    profile: &Path,
    drawer: &Drawer,
    mut record: Wipe,
    keychain_answers: bool,
) -> Result<(), String> {
    if !matches!(Vault::read(profile), Err(ManifestError::Wiped)) {
        return Err("it still opens".to_owned());
    }
    let is_slot_gone = ["vault.toml", "vault.toml.copy"].iter().any(|name| {
        let slot = std::fs::read(profile.join(name)).unwrap_or_default();
        !slot.starts_with(b"checksum")
    });
    if keychain_answers && is_slot_gone && !drawer.is_empty() {
        return Err("a lock went before the keychain's entry".to_owned());
    }
    record
        .finish(profile, &[], drawer)
        .map_err(|e| e.to_string())?;
    let left: Vec<String> = gather(profile).into_keys().collect();
    if left != ["wipe.toml"] || !drawer.is_empty() {
        return Err(format!("left over: {left:?}"));
    }
    match Wipe::find(profile) {
        Ok(Some(found)) if found == record && found.is_done && !found.is_over() => Ok(()),
        other => Err(format!("the record: {other:?}")),
    }
}

/// Every different state once; how many there were.
fn check_all(make: impl FnOnce(&mut dyn FnMut(&str, Files))) -> usize {
    let (mut seen, mut broken) = (HashSet::new(), Vec::new());
    make(&mut |name, files| {
        let hash = blake3::hash(format!("{files:?}").as_bytes());
        if seen.insert(hash)
            && let Err(why) = check(&files, true)
        {
            broken.push(format!("{name}: {why}"));
        }
    });
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    seen.len()
}

#[test]
fn a_wipe_that_is_killed_anywhere_is_finished_by_the_next_start_or_has_not_begun() {
    let Some((before, entries)) = record() else {
        return;
    };
    let n_states = check_all(|offer| {
        let mut disk = Disk::of(&before);
        offer("before", disk.as_left());
        for (n, entry) in entries.iter().enumerate() {
            if let Entry::Write { fd, at, bytes } = entry
                && bytes.len() > SECTOR
            {
                let mut torn = disk.clone();
                torn.apply(&Entry::Write {
                    fd: *fd,
                    at: *at,
                    bytes: bytes[..bytes.len() / 2].to_vec(),
                });
                offer(&format!("{n}-torn"), torn.as_left());
            }
            disk.apply(entry);
            if entry.is_change() {
                offer(&n.to_string(), disk.as_left());
            }
        }
    });
    let n_kills = entries.iter().filter(|entry| entry.is_change()).count();
    println!("{n_kills} kills, {n_states} different states");
    assert!(n_kills >= N_KILLS, "only {n_kills} kills");
}

#[test]
fn a_power_cut_during_a_wipe_leaves_it_to_the_next_start_too() {
    let Some((before, entries)) = record() else {
        return;
    };
    let n_states = check_all(|offer| {
        let cuts = Cuts {
            name: "wipe",
            entries: &entries,
            n_images: N_CUTS * super::times(),
        };
        cuts.make(&Disk::of(&before), 0, &mut |image| {
            offer(&image.name, image.files);
        });
    });
    println!("{n_states} states after a power cut");
    assert!(n_states >= 30, "only {n_states}");
}

#[test]
fn the_recovery_key_does_not_revive_a_profile_that_was_wiped() {
    let scratch = super::scratch();
    let root = scratch.path();
    let recovery = prepare(root).parse().unwrap();
    let (profile, drawer) = (root.join("profile"), Drawer::in_root(root));
    let kept = gather(&profile);
    let vault = Vault::read(&profile).unwrap();
    assert!(vault.unlock_with_recovery(&recovery).is_ok());
    let mut wipe = Wipe::begin(&profile, "知行社", report(), at(4)).unwrap();
    wipe.finish(&profile, &[], &drawer).unwrap();
    assert!(matches!(Vault::read(&profile), Err(ManifestError::Wiped)));
    // Not even with the encrypted files put back and the record taken away.
    std::fs::remove_file(profile.join("wipe.toml")).unwrap();
    let noise = kept
        .into_iter()
        .filter(|(name, _)| !name.starts_with("vault.toml"));
    lay_out(&noise.collect(), &profile);
    assert!(matches!(Vault::read(&profile), Err(ManifestError::Missing)));
    let new = NewVault {
        secrets: Some(&drawer),
        passphrase: None,
        cost: CHEAP,
    };
    let again = create_vault(&profile, &new, at(6), &SeededRandom::new(2));
    assert!(matches!(again, Err(VaultError::AlreadyExists)));
}

/// Its silence holds up nothing: what it keeps wraps a key that is gone.
#[test]
fn a_keychain_that_does_not_answer_does_not_keep_the_data() {
    struct Silent;
    impl SecretStore for Silent {
        fn backend(&self) -> String {
            "silent".to_owned()
        }
        fn get(&self, _: &str) -> Result<Zeroizing<Vec<u8>>, SecretError> {
            Err(SecretError::Timeout)
        }
        fn set(&self, _: &str, _: &[u8]) -> Result<(), SecretError> {
            Err(SecretError::Timeout)
        }
        fn delete(&self, _: &str) -> Result<(), SecretError> {
            Err(SecretError::Timeout)
        }
    }
    let scratch = super::scratch();
    let root = scratch.path();
    prepare(root);
    let (profile, drawer) = (root.join("profile"), Drawer::in_root(root));
    let mut wipe = Wipe::begin(&profile, "知行社", report(), at(4)).unwrap();
    wipe.finish(&profile, &[], &Silent).unwrap();
    let left: Vec<String> = gather(&profile).into_keys().collect();
    assert_eq!(left, ["wipe.toml"]);
    wipe.seen(&profile).unwrap();
    wipe.reported(&profile).unwrap();
    assert!(!wipe.is_over() && !drawer.is_empty());
    let mut wipe = Wipe::find(&profile).unwrap().unwrap();
    wipe.finish(&profile, &[], &drawer).unwrap();
    assert!(wipe.is_over() && drawer.is_empty());
}

/// A link that somebody put into the folder leads the wipe nowhere else.
#[test]
fn nothing_outside_of_the_profile_is_touched() {
    let scratch = super::scratch();
    let root = scratch.path();
    prepare(root);
    let profile = root.join("profile");
    let elsewhere = root.join("elsewhere");
    std::fs::create_dir(&elsewhere).unwrap();
    let precious = elsewhere.join("precious");
    std::fs::write(&precious, "not ours").unwrap();
    std::os::unix::fs::symlink(&elsewhere, profile.join("link")).unwrap();
    let mut wipe = Wipe::begin(&profile, "知行社", report(), at(4)).unwrap();
    std::fs::remove_file(profile.join("vault.toml.copy")).unwrap();
    std::os::unix::fs::symlink(&precious, profile.join("vault.toml.copy")).unwrap();
    wipe.finish(&profile, &[], &Drawer::in_root(root)).unwrap();
    assert_eq!(std::fs::read_to_string(&precious).unwrap(), "not ours");
    assert_eq!(gather(&profile).len(), 1);
}

/// Not a test by itself: a wipe with the n-th call failing, for every n until none fails.
#[test]
fn wiper_on_a_failing_disk() {
    let (Ok(name), Ok(root)) = (std::env::var(FAILS), std::env::var(ROOT)) else {
        return;
    };
    let (fault, root) = (Fault::named(&name), Path::new(&root));
    let first = root.join("before");
    prepare(&first);
    let before = gather(&first);
    let (mut n, mut n_struck, mut is_through) = (fault.first(), 0, false);
    while !is_through {
        let place = root.join(n.to_string());
        lay_out(&before, &place);
        fault.arm(n);
        let wiped = wipe(&place);
        let has_struck = disarm();
        assert!(has_struck || wiped.is_ok(), "{name}, call {n}: {wiped:?}");
        let left = check(&gather(&place), false);
        assert_eq!(left, Ok(()), "{name}, call {n}: {wiped:?}");
        std::fs::remove_dir_all(&place).unwrap();
        n_struck += usize::from(has_struck);
        is_through = !has_struck;
        n += 1;
    }
    println!("struck {n_struck}");
}

#[test]
fn a_wipe_on_a_disk_that_fails_at_any_call_is_finished_by_the_next_start_or_has_not_begun() {
    for fault in FAULTS {
        let scratch = super::scratch();
        let worker = preload::again("wiped::wiper_on_a_failing_disk", scratch.path());
        let Some(mut worker) = worker else {
            return;
        };
        let n_struck = count_struck(worker.env(FAILS, fault.name));
        println!("{}: {n_struck} calls failed", fault.name);
        assert!(n_struck > 0, "{}", fault.name);
    }
}
