//! A state that a crash left, opened with the real store.

use std::collections::HashSet;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};

use stoa_store::test_support::{CHEAP, SeededRandom};
use stoa_store::{
    DraftFilter, ManifestError, NewVault, OpenError, Opened, RestoreFrom, Store, Vault, VaultKey,
    create_vault, restore,
};

use super::replay::{Files, lay_out};
use super::view::{self, View, difference, n_differing};
use super::{at, scratch};

/// One state of the disk.
pub(crate) struct Image {
    pub(crate) files: Files,
    /// How many steps had been acknowledged.
    pub(crate) n_done: usize,
    /// How it came about, to make it again.
    pub(crate) name: String,
}

/// Opens an image; what is wrong with it, if anything is.
pub(crate) fn check(dir: &Path, n_done: usize, views: &[View]) -> Result<(), String> {
    // The step under way is done or not done.
    let allowed = &views[n_done..views.len().min(n_done + 2)];
    let vault = match Vault::read(dir) {
        Ok(vault) => vault,
        Err(ManifestError::Missing) if allowed.contains(&View::Nothing) => return begin_anew(dir),
        Err(error) => return Err(format!("manifest: {error}")),
    };
    let (key, passphrase) = unlock(&vault, allowed)?;
    let store = match Store::open(dir, &key, at(0)) {
        Ok(Opened::ReadWrite(store)) => store,
        Ok(Opened::ReadOnly(_)) => return Err("open for reading only".to_owned()),
        Err(OpenError::Missing) if allowed.iter().any(|view| view.lines().is_none()) => {
            Store::create(dir, &key, at(0), &SeededRandom::new(5)).map_err(|e| e.to_string())?
        }
        Err(error) => return Err(format!("open: {error}")),
    };
    let found = view::lines(&store).map_err(|error| error.to_string())?;
    check_view(dir, allowed, &passphrase, &found)?;
    check_whole(&store)?;
    // Work goes on.
    let title = stoa_domain::Title::parse("danach").unwrap();
    let made = store.create_draft(title, at(9), &SeededRandom::new(6));
    made.map(|_| ()).map_err(|error| format!("after: {error}"))
}

/// Whether the second copy alone, without any database, gives back every draft that was never
/// sent.
fn check_second_copy(dir: &Path, n_done: usize, views: &[View]) -> Result<(), String> {
    let allowed = &views[n_done..views.len().min(n_done + 2)];
    let is_unsent = |view: &View| {
        view.lines()
            .is_some_and(|l| l.iter().any(|l| l.starts_with("None, ")))
    };
    if !allowed.iter().all(is_unsent) {
        return Ok(());
    }
    let vault = Vault::read(dir).map_err(|error| error.to_string())?;
    let (key, _) = unlock(&vault, allowed)?;
    let alone = scratch();
    for name in ["vault.toml", "vault.toml.copy", "outbox.log"] {
        if let Ok(bytes) = std::fs::read(dir.join(name)) {
            std::fs::write(alone.path().join(name), bytes).map_err(|e| e.to_string())?;
        }
    }
    let random = SeededRandom::new(7);
    let restored = restore(alone.path(), &key, RestoreFrom::Nothing, at(0), &random);
    restored.map_err(|error| format!("the second copy: {error}"))?;
    let Ok(Opened::ReadWrite(store)) = Store::open(alone.path(), &key, at(0)) else {
        return Err("the second copy does not open".to_owned());
    };
    let found = view::drafts(&store).map_err(|error| error.to_string())?;
    let mut unsent = allowed.iter().filter_map(View::drafts);
    match unsent.any(|drafts| drafts == found) {
        true => Ok(()),
        false => Err(format!("the second copy holds {found:?}")),
    }
}

/// A profile that was never acknowledged can be made in the same place.
fn begin_anew(dir: &Path) -> Result<(), String> {
    let new = NewVault {
        secrets: None,
        passphrase: Some("noch einmal"),
        cost: CHEAP,
    };
    let random = SeededRandom::new(4);
    let (key, _) = create_vault(dir, &new, at(0), &random).map_err(|e| e.to_string())?;
    let made = Store::create(dir, &key, at(0), &random);
    made.map(|_| ()).map_err(|error| error.to_string())
}

fn unlock(vault: &Vault, allowed: &[View]) -> Result<(VaultKey, String), String> {
    // Before the vault was acknowledged, it may be there already.
    let passphrases = allowed.iter().filter_map(View::passphrase);
    passphrases
        .map(|passphrase| (vault.unlock_with_passphrase(passphrase), passphrase))
        .find_map(|(key, passphrase)| Some((key.ok()?, passphrase.to_owned())))
        .ok_or_else(|| "no passphrase opens the vault".to_owned())
}

fn check_view(
    dir: &Path,
    allowed: &[View],
    passphrase: &str,
    found: &[String],
) -> Result<(), String> {
    let is_found = |view: &View| match view {
        View::Store {
            lines,
            passphrase: with,
            ..
        } => lines == found && with == passphrase,
        // Made, and nobody was told yet: empty.
        View::Locked { .. } | View::Nothing => found.len() == 1,
    };
    if !allowed.iter().any(is_found) {
        // What is wrong shows against the state it is nearest to, not against a step still to come.
        let lines = allowed.iter().filter_map(View::lines);
        let nearest = lines.min_by_key(|lines| n_differing(found, lines));
        let why = difference(found, nearest.unwrap_or(&[]));
        return Err(format!("the view: {why}"));
    }
    let there = view::backups(dir);
    let is_before_migration = |name: &String| name.starts_with("before-migration-");
    let was_migrated = |view: &View| {
        view.backups()
            .unwrap_or(&[])
            .iter()
            .any(is_before_migration)
    };
    if allowed.iter().any(was_migrated) && !there.iter().any(is_before_migration) {
        return Err("nothing was copied before a migration".to_owned());
    }
    // An old copy may be gone before the step that takes it away is told.
    let mut expected = allowed.iter().filter_map(View::backups);
    let after = allowed.last().and_then(View::backups).unwrap_or(&[]);
    let first = expected.next().unwrap_or(&[]);
    let mut needed = first.iter().filter(|name| after.contains(name));
    match needed.find(|name| !there.contains(name)) {
        Some(name) => Err(format!("the copy {name} is gone")),
        None => Ok(()),
    }
}

/// Every page can be read, and every text is what its draft says.
fn check_whole(store: &Store) -> Result<(), String> {
    let faults = store.verify().map_err(|error| error.to_string())?;
    if let Some(fault) = faults.first() {
        return Err(format!("damaged: {fault}"));
    }
    let filter = DraftFilter {
        limit: 200,
        ..DraftFilter::default()
    };
    let drafts = store.list_drafts(&filter).map_err(|e| e.to_string())?;
    for draft in drafts.drafts {
        let opened = store
            .open_text(draft.id, &SeededRandom::new(8))
            .map_err(|error| format!("a text does not open: {error}"))?;
        let markdown = store.markdown(draft.id).map_err(|e| e.to_string())?;
        if opened.markdown != markdown {
            return Err("document and Markdown differ".to_owned());
        }
    }
    Ok(())
}

/// What became of many images.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    /// Different ones.
    pub(crate) n_images: usize,
    pub(crate) broken: Vec<String>,
}

impl Verdict {
    pub(crate) fn add(&mut self, other: Verdict) {
        self.n_images += other.n_images;
        self.broken.extend(other.broken);
    }

    /// At least so many images, and none of them broken.
    #[track_caller]
    pub(crate) fn expect(&self, n_images: usize) {
        let n_broken = self.broken.len();
        assert!(
            n_broken == 0,
            "{n_broken} broken:\n{}",
            self.broken.join("\n")
        );
        assert!(self.n_images >= n_images, "only {} images", self.n_images);
    }
}

/// Checks images on every processor, each different one once.
pub(crate) fn check_all(views: &[View], make: impl FnOnce(&mut dyn FnMut(Image))) -> Verdict {
    let n_threads = std::thread::available_parallelism().map_or(2, usize::from);
    let verdict = Mutex::new(Verdict::default());
    let (sender, receiver) = sync_channel::<Image>(2 * n_threads);
    let receiver = Mutex::new(receiver);
    std::thread::scope(|scope| {
        for _ in 0..n_threads {
            scope.spawn(|| work(&receiver, views, &verdict));
        }
        offer(sender, make);
    });
    verdict.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn offer(sender: SyncSender<Image>, make: impl FnOnce(&mut dyn FnMut(Image))) {
    let mut seen = HashSet::new();
    make(&mut |image| {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&image.n_done.to_le_bytes());
        for (path, bytes) in &image.files {
            hasher.update(path.as_bytes());
            hasher.update(&bytes.len().to_le_bytes());
            hasher.update(bytes);
        }
        if seen.insert(hasher.finalize()) {
            sender.send(image).unwrap();
        }
    });
    drop(sender);
}

fn work(receiver: &Mutex<Receiver<Image>>, views: &[View], verdict: &Mutex<Verdict>) {
    loop {
        let next = receiver.lock().unwrap().recv();
        let Ok(image) = next else {
            return;
        };
        let dir = scratch();
        lay_out(&image.files, dir.path());
        let checked = || {
            // Another whole profile each: of every fourth is enough.
            if blake3::hash(image.name.as_bytes()).as_bytes()[0].is_multiple_of(4) {
                check_second_copy(dir.path(), image.n_done, views)?;
            }
            check(dir.path(), image.n_done, views)
        };
        let checked = std::panic::catch_unwind(checked)
            .unwrap_or_else(|_| Err("the store panicked".to_owned()));
        let mut verdict = verdict.lock().unwrap_or_else(PoisonError::into_inner);
        verdict.n_images += 1;
        if let Err(why) = checked {
            keep(&image);
            verdict.broken.push(format!("{}: {why}", image.name));
        }
    }
}

/// Leaves a broken image where it can be looked at.
fn keep(image: &Image) {
    if let Ok(folder) = std::env::var("STOA_FAULTS_KEEP") {
        lay_out(&image.files, &Path::new(&folder).join(&image.name));
    }
}
