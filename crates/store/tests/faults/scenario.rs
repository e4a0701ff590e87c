//! What is done to a profile while its disk is watched: steps that each are done wholly or not at
//! all, the same in every run.

use std::path::{Path, PathBuf};

use stoa_domain::{Attachment, ContentValues, DraftId, Splice, Timestamp, Title};
use stoa_store::test_support::{CHEAP, Profile, SeededRandom};
use stoa_store::{
    HistoryKind, ManifestError, NewVault, OpenError, Opened, OutgoingMutation, PostToImport,
    PushOutcome, RestoreFrom, Store, StoreError, UnlockError, Vault, VaultError, VaultKey,
    create_vault, restore,
};
use tempfile::TempDir;

mod days;
mod files;

pub(crate) use days::{AFTERNOON, ARRIVAL, EXCHANGE, LARGE, RESTORE, START, migrate};
pub(crate) use files::{FETCH, FILES};

use super::arrival;
use super::at;
use super::golden::Golden;
use super::server::{Server, link, pull_all, push_all};
use super::view::{self, View};

/// What stopped a step.
#[derive(Debug)]
pub(crate) enum Trouble {
    Store(StoreError),
    Open(OpenError),
    Vault(VaultError),
    Unlock(UnlockError),
}

impl Trouble {
    pub(crate) fn is_full(&self) -> bool {
        matches!(
            self,
            Trouble::Store(StoreError::DiskFull)
                | Trouble::Open(OpenError::DiskFull | OpenError::Manifest(ManifestError::DiskFull))
                | Trouble::Vault(VaultError::Manifest(ManifestError::DiskFull))
                | Trouble::Unlock(UnlockError::Manifest(ManifestError::DiskFull))
        )
    }

    pub(crate) fn is_disk_failed(&self) -> bool {
        use ManifestError::DiskFailed as Manifest;
        matches!(
            self,
            Trouble::Store(StoreError::DiskFailed(_))
                | Trouble::Open(OpenError::DiskFailed(_) | OpenError::Manifest(Manifest(_)))
                | Trouble::Vault(VaultError::Manifest(Manifest(_)))
                | Trouble::Unlock(UnlockError::Manifest(Manifest(_)))
        )
    }
}

macro_rules! trouble {
    ($($from:ty => $variant:ident),+) => {
        $(impl From<$from> for Trouble {
            fn from(error: $from) -> Self {
                Self::$variant(error)
            }
        })+
    };
}
trouble!(StoreError => Store, OpenError => Open, VaultError => Vault, UnlockError => Unlock);

impl From<ManifestError> for Trouble {
    fn from(error: ManifestError) -> Self {
        Self::Vault(error.into())
    }
}

pub(crate) type Outcome = Result<(), Trouble>;

/// What is there before the first step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Before {
    Nothing,
    Profile,
    /// The profile of an older program.
    Golden(u32),
}

#[derive(Clone, Copy)]
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) before: Before,
    pub(crate) steps: &'static [fn(&mut Person) -> Outcome],
}

/// Somebody who works on a profile.
pub(crate) struct Person {
    pub(crate) dir: PathBuf,
    pub(crate) passphrase: Option<String>,
    pub(crate) store: Option<Store>,
    /// How many steps are done.
    pub(crate) n_done: usize,
    drafts: Vec<DraftId>,
    session: Option<u64>,
    sent: Vec<OutgoingMutation>,
    answers: Vec<(i64, PushOutcome)>,
    server: Server,
    other: Option<(TempDir, Store)>,
    files: Vec<Attachment>,
}

impl Person {
    pub(crate) fn new(dir: &Path) -> Self {
        Self {
            dir: dir.to_owned(),
            passphrase: None,
            store: None,
            n_done: 0,
            drafts: Vec::new(),
            session: None,
            sent: Vec::new(),
            answers: Vec::new(),
            server: Server::default(),
            other: None,
            files: Vec::new(),
        }
    }

    /// Goes one step on; tried again, a step does the same.
    pub(crate) fn step(&mut self, scenario: Scenario) -> Outcome {
        scenario.steps[self.n_done](self)?;
        self.n_done += 1;
        Ok(())
    }

    /// What is to be seen now.
    pub(crate) fn view(&self) -> View {
        match (&self.store, &self.passphrase) {
            (Some(store), Some(passphrase)) => View::Store {
                passphrase: passphrase.clone(),
                lines: view::lines(store).unwrap(),
                drafts: view::drafts(store).unwrap(),
                backups: view::backups(&self.dir),
            },
            (None, Some(passphrase)) => View::Locked {
                passphrase: passphrase.clone(),
            },
            (_, None) => View::Nothing,
        }
    }

    /// After a step that failed: what it had half made is found, and the store is open again.
    /// With `is_clean`, what was not made left nothing.
    pub(crate) fn settle(&mut self, is_clean: bool) {
        if self.passphrase.is_none() {
            let is_made = Vault::read(&self.dir).is_ok();
            assert!(!(is_made && is_clean), "a vault was made and not told");
            if is_made {
                self.passphrase = Some("erste".to_owned());
                self.n_done += 1;
            }
            return;
        }
        let new = new_passphrase(self.n_done);
        let vault = Vault::read(&self.dir).unwrap();
        if !is_clean && vault.unlock_with_passphrase(&new).is_ok() {
            // In place when the disk broke for good, and could not be taken back.
            self.passphrase = Some(new);
            self.n_done += 1;
        }
        if self.store.is_some() || !self.has_database() {
            return;
        }
        start_again(self).unwrap();
        // The database of a new profile was made, and only then something failed.
        self.n_done += usize::from(self.n_done == 1 && self.drafts.is_empty());
    }

    /// Whether there is one, or a restore is decided that will put one there.
    fn has_database(&self) -> bool {
        let mut entries = std::fs::read_dir(&self.dir).unwrap();
        entries.any(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            name == "studio.db" || name.ends_with(".ready")
        })
    }

    fn store(&self) -> &Store {
        self.store.as_ref().unwrap()
    }

    /// Other bytes in every step, the same when it is tried again.
    fn random(&self) -> SeededRandom {
        SeededRandom::new(1_000 + self.n_done as u64)
    }

    fn now(&self) -> Timestamp {
        at(60_000 * (1 + self.n_done as i64))
    }

    fn key(&self) -> Result<VaultKey, Trouble> {
        let passphrase = self.passphrase.as_deref().unwrap();
        Ok(Vault::read(&self.dir)?.unlock_with_passphrase(passphrase)?)
    }
}

fn title(text: &str) -> Title {
    Title::parse(text).unwrap()
}

// ---- steps

fn make_vault(p: &mut Person) -> Outcome {
    let new = NewVault {
        secrets: None,
        passphrase: Some("erste"),
        cost: CHEAP,
    };
    create_vault(&p.dir, &new, p.now(), &p.random())?;
    p.passphrase = Some("erste".to_owned());
    Ok(())
}

fn make_store(p: &mut Person) -> Outcome {
    let key = p.key()?;
    p.store = Some(Store::create(&p.dir, &key, p.now(), &p.random())?);
    Ok(())
}

/// Closes the store and opens it again, as the next start of the program does.
fn start_again(p: &mut Person) -> Outcome {
    p.session = None;
    p.store = None;
    let key = p.key()?;
    match Store::open(&p.dir, &key, p.now())? {
        Opened::ReadWrite(store) => p.store = Some(store),
        Opened::ReadOnly(_) => panic!("the store is open for reading only"),
    }
    Ok(())
}

/// Puts the oldest backup in the place of the database, and opens the store again.
fn go_back(p: &mut Person) -> Outcome {
    p.session = None;
    p.store = None;
    let key = p.key()?;
    let oldest = stoa_store::backups(&p.dir, &key)?.pop().unwrap();
    restore(
        &p.dir,
        &key,
        RestoreFrom::Backup(&oldest.name),
        p.now(),
        &p.random(),
    )?;
    start_again(p)
}

/// Begins with an empty database and what was never sent.
fn begin_empty(p: &mut Person) -> Outcome {
    p.session = None;
    p.store = None;
    let key = p.key()?;
    restore(&p.dir, &key, RestoreFrom::Nothing, p.now(), &p.random())?;
    start_again(p)
}

fn shut(p: &mut Person) -> Outcome {
    p.store = None;
    Ok(())
}

fn create(p: &mut Person) -> Outcome {
    let name = title(&format!("第 {} 篇", p.n_done));
    let draft = p.store().create_draft(name, p.now(), &p.random())?;
    p.drafts.push(draft.id);
    Ok(())
}

fn open_text(p: &mut Person) -> Outcome {
    let draft = *p.drafts.last().unwrap();
    p.session = Some(p.store().open_text(draft, &p.random())?.session);
    Ok(())
}

fn edit(p: &mut Person) -> Outcome {
    let piece = format!("第{}次写了一句话。", p.n_done);
    type_at_start(p, &piece)
}

/// More than one page of the database.
fn paste(p: &mut Person) -> Outcome {
    let piece: String = (0..700).map(|n| format!("{n} 知识付费。")).collect();
    type_at_start(p, &piece)
}

fn type_at_start(p: &Person, piece: &str) -> Outcome {
    let splice = Splice {
        at: 0,
        delete: 0,
        insert: piece.to_owned(),
    };
    let session = p.session.unwrap();
    p.store()
        .edit_text(session, None, &[splice], p.now(), &p.random())?;
    Ok(())
}

fn close_text(p: &mut Person) -> Outcome {
    p.store().close_text(p.session.unwrap())?;
    p.session = None;
    Ok(())
}

fn rename(p: &mut Person) -> Outcome {
    let name = title(&format!("改名 {}", p.n_done));
    p.store().rename_draft(p.drafts[0], name, p.now())?;
    Ok(())
}

fn bin(p: &mut Person) -> Outcome {
    p.store().bin_draft(p.drafts[0], p.now())?;
    Ok(())
}

fn take_out_of_bin(p: &mut Person) -> Outcome {
    p.store().restore_draft(p.drafts[0], p.now())?;
    Ok(())
}

fn duplicate(p: &mut Person) -> Outcome {
    let draft = *p.drafts.last().unwrap();
    let (now, random) = (p.now(), p.random());
    p.store()
        .duplicate_draft(draft, title("副本"), now, &random)?;
    Ok(())
}

fn import(p: &mut Person) -> Outcome {
    import_of(p, 300)
}

/// Large enough that the log is written back into the database.
fn import_much(p: &mut Person) -> Outcome {
    import_of(p, 9_000)
}

fn import_of(p: &mut Person, n_lines: usize) -> Outcome {
    let text: String = (0..n_lines)
        .map(|n| format!("{n}. 会员制社群最难的不是拉新。{}\n\n", n * 7919))
        .collect();
    let (now, random) = (p.now(), p.random());
    p.store().import_draft(title("导入"), &text, now, &random)?;
    Ok(())
}

/// Posts of another program, all in one transaction.
fn import_posts(p: &mut Person) -> Outcome {
    let (now, random) = (p.now(), p.random());
    let texts: Vec<(String, String)> = (0..6)
        .map(|n| (format!("post:{n}"), format!("搬来的第 {n} 篇。")))
        .collect();
    let posts: Vec<PostToImport<'_>> = texts
        .iter()
        .map(|(source_id, markdown)| PostToImport {
            source_id,
            hash: [1; 32],
            draft: Store::new_draft_id(now, &random),
            title: title("搬来的"),
            markdown,
            values: ContentValues::default(),
            files: Vec::new(),
            cover: None,
            is_published: false,
            scheduled_at: None,
        })
        .collect();
    p.store().import_posts(&posts, None, now, &random)?;
    Ok(())
}

/// Takes the oldest change back that waits.
fn discard(p: &mut Person) -> Outcome {
    let newest = p.store().waiting(1_000)?.into_iter().map(|e| e.lid).max();
    p.store().discard(newest.unwrap(), p.now())?;
    Ok(())
}

fn record(p: &mut Person) -> Outcome {
    p.store().record(HistoryKind::Offline, 1, None, p.now())?;
    Ok(())
}

fn backup(p: &mut Person) -> Outcome {
    p.store().backup(p.now())?;
    Ok(())
}

fn change_passphrase(p: &mut Person) -> Outcome {
    let key = p.key()?;
    let new = new_passphrase(p.n_done);
    Vault::read(&p.dir)?.set_passphrase(&key, &new, CHEAP, &p.random())?;
    p.passphrase = Some(new);
    Ok(())
}

fn new_passphrase(step: usize) -> String {
    format!("passphrase {step}")
}

fn link_up(p: &mut Person) -> Outcome {
    p.store().set_link(&link(1, "e"))?;
    Ok(())
}

fn take(p: &mut Person) -> Outcome {
    p.sent = p.store().take_push(50, 1 << 20, p.now())?;
    Ok(())
}

fn answer(p: &mut Person) -> Outcome {
    let now = p.now();
    for mutation in std::mem::take(&mut p.sent) {
        p.answers
            .push((mutation.mid, p.server.push(1, &mutation, now)));
    }
    let lmid = p.server.lmid(1);
    p.store().apply_results(&p.answers, lmid, now)?;
    p.answers.clear();
    Ok(())
}

fn pull(p: &mut Person) -> Outcome {
    let pulled = p.server.try_pull(1, p.store(), 100, p.now())?;
    assert!(pulled.checksum_ok);
    Ok(())
}

fn fetch_parts(p: &mut Person) -> Outcome {
    Ok(arrival::fetch(p.store())?)
}

fn fill(p: &mut Person) -> Outcome {
    Ok(arrival::apply(p.store())?)
}

/// Another device writes meanwhile; its own disk is well.
fn meanwhile_elsewhere(p: &mut Person) -> Outcome {
    let (now, random) = (p.now(), p.random());
    let (_, other) = p.other.get_or_insert_with(|| other_device(now, &random));
    pull_all(&p.server, 2, other, now);
    let theirs = other.create_draft(title("那边的"), now, &random).unwrap();
    for draft in [theirs.id, p.drafts[0]] {
        let opened = other.open_text(draft, &random).unwrap();
        let splice = Splice {
            at: 0,
            delete: 0,
            insert: "那边写的。".to_owned(),
        };
        other
            .edit_text(opened.session, None, &[splice], now, &random)
            .unwrap();
        other.close_text(opened.session).unwrap();
    }
    push_all(&mut p.server, 2, other, now);
    Ok(())
}

fn other_device(now: Timestamp, random: &SeededRandom) -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let new = NewVault {
        secrets: None,
        passphrase: Some("andere"),
        cost: CHEAP,
    };
    let (key, _) = create_vault(folder.path(), &new, now, random).unwrap();
    let store = Store::create(folder.path(), &key, now, random).unwrap();
    store.set_link(&link(2, "e")).unwrap();
    (folder, store)
}

/// The scenario of this name.
pub(crate) fn by_name(name: &str) -> Scenario {
    if let Some(version) = name.strip_prefix("migrate-") {
        return migrate(version.parse().unwrap());
    }
    let all = [
        AFTERNOON, EXCHANGE, LARGE, ARRIVAL, FILES, FETCH, RESTORE, START,
    ];
    all.into_iter().find(|s| s.name == name).unwrap()
}

/// Puts into the folder what lies there before a scenario begins.
pub(crate) fn prepare(scenario: Scenario, person: &mut Person) {
    match scenario.before {
        Before::Nothing => return,
        Before::Profile => {
            let profile = Profile::new(77);
            let files = super::replay::gather(profile.dir());
            super::replay::lay_out(&files, &person.dir);
        }
        Before::Golden(version) => Golden::of(version).lay_out(&person.dir),
    }
    person.passphrase = Some(stoa_store::test_support::PASSPHRASE.to_owned());
}
