//! What is done in a process of its own, with the bus that its environment names.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use stoa_ipc::{
    AddPassphrase, CreateDraft, CreateProfile, ListDrafts, ProfileKind, Stage, Unlock, UnlockWith,
};
use stoa_store::test_support::CHEAP;
use stoa_store::{Keychain, NewVault, OsRandom, SecretStore, VaultError, create_vault};
use stoa_studio::{BuildKind, StudioOptions, Timestamp};

use super::Said;
use super::state::{entry, profile_dir};
use crate::support::{Program, SteppingClock};

const STEP: &str = "STOA_KEYCHAIN_WAY";
const FOLDER: &str = "STOA_KEYCHAIN_COMPUTER";
const RECOVERY: &str = "STOA_KEYCHAIN_RECOVERY";
const PASSPHRASE: &str = "山有木兮木有枝，心悦君兮";
const OTHER_PASSPHRASE: &str = "心悦君兮君不知，山有木兮";

/// Runs a step on this bus.
pub(super) fn run(
    step: &str,
    computer: &Path,
    env: &[(&'static str, String)],
    recovery: &str,
) -> Said {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "keychain::step::worker", "--nocapture"])
        .env(STEP, step)
        .env(FOLDER, computer)
        .env(RECOVERY, recovery)
        .envs(env.iter().map(|(name, value)| (*name, value.as_str())))
        .output()
        .unwrap();
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    let said = out.lines().find_map(|line| line.split_once("said|"));
    let (_, said) = said.unwrap_or_else(|| {
        panic!("{step}: {out}{}", String::from_utf8_lossy(&output.stderr));
    });
    let mut parts = said.split('|');
    let mut next = || parts.next().unwrap().to_owned();
    Said {
        what: next(),
        usable_ms: next().parse().unwrap(),
        settled_ms: next().parse().unwrap(),
    }
}

/// Not a test by itself: one step.
#[test]
fn worker() {
    let (Ok(step), Ok(computer)) = (std::env::var(STEP), std::env::var(FOLDER)) else {
        return;
    };
    let mut worker = Worker {
        computer: Path::new(&computer),
        recovery: std::env::var(RECOVERY).unwrap(),
        begun: Instant::now(),
        usable_ms: 0,
    };
    let what = match step.as_str() {
        "make" => worker.make(),
        "open" => worker.open(),
        "create" => worker.create(),
        "guess" => worker.guess(),
        "rekey" => worker.rekey(),
        "recover" => worker.recover(),
        "spoil" => worker.put(b"0123456789abcdef0123456789abcdef"),
        "truncate" => worker.put(b"short"),
        "forget" => worker.forget(),
        other => panic!("{other}"),
    };
    let settled_ms = worker.begun.elapsed().as_millis();
    println!("said|{what}|{}|{settled_ms}", worker.usable_ms);
}

struct Worker<'a> {
    computer: &'a Path,
    recovery: String,
    begun: Instant,
    usable_ms: u128,
}

impl Worker<'_> {
    /// The program as it starts, with the keychain of this bus.
    fn start(&mut self) -> Program {
        self.begun = Instant::now();
        let clock = Arc::new(SteppingClock::default());
        let program = Program::start(StudioOptions {
            secrets: Arc::new(keychain()),
            passphrase_cost: CHEAP,
            ..StudioOptions::new(self.computer.to_owned(), BuildKind::Test, clock)
        });
        // The window shows where it stands, whatever the keychain does.
        program.state();
        self.usable_ms = self.begun.elapsed().as_millis();
        program
    }

    fn make(&mut self) -> String {
        let program = self.start();
        let recovery = program.make_profile(Some(PASSPHRASE));
        program.run(CreateDraft::default()).unwrap();
        let id = program.state().profiles[0].id.clone();
        program.stop();
        std::fs::write(self.computer.join("first"), id).unwrap();
        recovery.groups.join(" ")
    }

    fn open(&mut self) -> String {
        let program = self.start();
        let stage = program.settled();
        if matches!(stage, Stage::Open { .. }) {
            check_work(&program);
        }
        told(&stage)
    }

    fn create(&mut self) -> String {
        let program = self.start();
        program.settled();
        self.begun = Instant::now();
        let made = program.run(CreateProfile {
            kind: ProfileKind::Local,
            name: "另一个".to_owned(),
            passphrase: None,
        });
        self.no_new_key();
        made.map_or_else(
            |failure| failure.code.as_str().to_owned(),
            |_| "made".to_owned(),
        )
    }

    /// Where there is a profile no other key is made, whatever the keychain is like.
    fn no_new_key(&self) {
        let new = NewVault {
            secrets: None,
            passphrase: Some(PASSPHRASE),
            cost: CHEAP,
        };
        let now = Timestamp::from_millis(1);
        let made = create_vault(&profile_dir(self.computer), &new, now, &OsRandom);
        assert!(matches!(made, Err(VaultError::AlreadyExists)));
    }

    fn guess(&mut self) -> String {
        let program = self.start();
        program.settled();
        let wrong = "A".repeat(52);
        [
            UnlockWith::Passphrase("一定不对的口令，再试一次".to_owned()),
            UnlockWith::RecoveryKey(self.wrong_recovery().unwrap_or(wrong)),
        ]
        .map(|with| program.run(Unlock { with }).unwrap_err().code.as_str())
        .join(" ")
    }

    /// A recovery key in the right form that is another's.
    fn wrong_recovery(&self) -> Option<String> {
        let elsewhere = tempfile::tempdir().ok()?;
        let new = NewVault {
            secrets: None,
            passphrase: Some(PASSPHRASE),
            cost: CHEAP,
        };
        let now = Timestamp::from_millis(1);
        let (_, recovery) = create_vault(elsewhere.path(), &new, now, &OsRandom).ok()?;
        Some(recovery.groups().join(" "))
    }

    fn rekey(&mut self) -> String {
        let program = self.start();
        // The keychain is still being asked.
        if let Err(code) = enter(&program, UnlockWith::Passphrase(PASSPHRASE.to_owned())) {
            return code;
        }
        self.usable_ms = self.begun.elapsed().as_millis();
        check_work(&program);
        let passphrase = OTHER_PASSPHRASE.to_owned();
        program.run(AddPassphrase { passphrase }).unwrap();
        program.stop();
        let program = self.start();
        let with = UnlockWith::Passphrase(OTHER_PASSPHRASE.to_owned());
        enter(&program, with).map_or_else(|code| code, |()| "open".to_owned())
    }

    fn recover(&mut self) -> String {
        let program = self.start();
        let with = UnlockWith::RecoveryKey(self.recovery.clone());
        if let Err(code) = enter(&program, with) {
            return code;
        }
        check_work(&program);
        program.stop();
        self.open()
    }

    fn put(&self, secret: &[u8]) -> String {
        let name = entry(&profile_dir(self.computer));
        keychain().set(&name, secret).unwrap();
        "put".to_owned()
    }

    fn forget(&self) -> String {
        let name = entry(&profile_dir(self.computer));
        keychain().delete(&name).unwrap();
        "forgotten".to_owned()
    }
}

fn keychain() -> Keychain {
    Keychain::open(stoa_store::BuildKind::Test)
}

/// Unlocks; the code when that fails.
fn enter(program: &Program, with: UnlockWith) -> Result<(), String> {
    let state = program.run(Unlock { with });
    let state = state.map_err(|failure| failure.code.as_str().to_owned())?;
    match &state.stage {
        Stage::Open { .. } => Ok(()),
        stage => Err(told(stage)),
    }
}

/// The draft that was written is there.
fn check_work(program: &Program) {
    let all = ListDrafts {
        limit: 10,
        ..ListDrafts::default()
    };
    assert_eq!(program.run(all).unwrap().n_total, 1);
}

fn told(stage: &Stage) -> String {
    match stage {
        Stage::Open { .. } => "open".to_owned(),
        Stage::Locked {
            reason,
            has_passphrase,
            ..
        } => {
            assert!(has_passphrase, "the passphrase is offered");
            reason.as_str().to_owned()
        }
        Stage::Broken { reason, .. } => reason.as_str().to_owned(),
        other => panic!("{other:?}"),
    }
}
