//! A studio in a runtime of its own, so that it can be killed; a keychain that behaves as told.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use stoa_ipc::{
    AppState, ConfirmRecovery, CreateProfile, Event, Failure, ProfileKind, RecoveryKey, Stage,
};
use stoa_store::test_support::{CHEAP, SeededRandom};
use stoa_studio::{
    Answer, BuildKind, Clock, SecretError, SecretStore, Studio, StudioOptions, Timestamp,
};
use tokio::runtime::Runtime;
use zeroize::Zeroizing;

/// A test that waits this long for something waits for ever.
const TOO_LONG: Duration = Duration::from_secs(60);

/// A clock that goes on by a millisecond each time it is read.
#[derive(Default)]
pub(crate) struct SteppingClock(AtomicI64);

impl SteppingClock {
    /// Sets the clock on, or back.
    pub(crate) fn pass_days(&self, days: i64) {
        self.0.fetch_add(days * 86_400_000, Ordering::Relaxed);
    }
}

impl Clock for SteppingClock {
    fn now(&self) -> Timestamp {
        let steps = self.0.fetch_add(1, Ordering::Relaxed);
        Timestamp::from_millis(1_790_000_000_000 + steps)
    }
}

/// A keychain in memory that can be told to fail.
#[derive(Default)]
pub(crate) struct Keychain {
    entries: Mutex<BTreeMap<String, Vec<u8>>>,
    trouble: Mutex<Option<SecretError>>,
}

impl Keychain {
    pub(crate) fn fail_with(&self, trouble: SecretError) {
        *self.trouble.lock().unwrap() = Some(trouble);
    }

    pub(crate) fn recover(&self) {
        *self.trouble.lock().unwrap() = None;
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.lock().unwrap().is_empty()
    }

    pub(crate) fn forget_all(&self) {
        self.entries.lock().unwrap().clear();
    }

    pub(crate) fn spoil_all(&self) {
        for secret in self.entries.lock().unwrap().values_mut() {
            secret.iter_mut().for_each(|byte| *byte ^= 0x55);
        }
    }

    fn check(&self) -> Result<(), SecretError> {
        self.trouble.lock().unwrap().clone().map_or(Ok(()), Err)
    }
}

impl SecretStore for Keychain {
    fn backend(&self) -> String {
        "memory".to_owned()
    }

    fn get(&self, name: &str) -> Result<Zeroizing<Vec<u8>>, SecretError> {
        self.check()?;
        let entries = self.entries.lock().unwrap();
        let secret = entries.get(name).ok_or(SecretError::NoEntry)?;
        Ok(Zeroizing::new(secret.clone()))
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), SecretError> {
        self.check()?;
        let mut entries = self.entries.lock().unwrap();
        entries.insert(name.to_owned(), secret.to_vec());
        Ok(())
    }

    fn delete(&self, name: &str) -> Result<(), SecretError> {
        self.check()?;
        self.entries.lock().unwrap().remove(name);
        Ok(())
    }
}

/// One computer: a folder and a keychain that outlive the program.
pub(crate) struct Computer {
    dir: tempfile::TempDir,
    pub(crate) keychain: Arc<Keychain>,
    pub(crate) clock: Arc<SteppingClock>,
}

impl Computer {
    pub(crate) fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            keychain: Arc::default(),
            clock: Arc::default(),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// The folder of the only profile.
    pub(crate) fn profile_dir(&self) -> PathBuf {
        let profiles = std::fs::read_dir(self.path().join("profiles")).unwrap();
        let dirs: Vec<PathBuf> = profiles.map(|entry| entry.unwrap().path()).collect();
        assert_eq!(dirs.len(), 1, "there is one profile");
        dirs[0].clone()
    }

    /// Starts the program.
    pub(crate) fn start(&self) -> Program {
        static STARTS: AtomicU64 = AtomicU64::new(1);
        let random = SeededRandom::new(STARTS.fetch_add(1, Ordering::Relaxed));
        Program::start(StudioOptions {
            random: Arc::new(random),
            secrets: self.keychain.clone(),
            passphrase_cost: CHEAP,
            device_name: Some("书房的电脑".to_owned()),
            local_server: None,
            ..StudioOptions::new(self.path().to_owned(), BuildKind::Test, self.clock.clone())
        })
    }
}

/// A running studio.
pub(crate) struct Program {
    runtime: Runtime,
    pub(crate) studio: Studio,
}

impl Program {
    pub(crate) fn start(options: StudioOptions) -> Self {
        let runtime = Runtime::new().unwrap();
        let studio = runtime.block_on(async { Studio::start(options) });
        Self { runtime, studio }
    }

    pub(crate) fn run<C: Answer>(&self, command: C) -> Result<C::Reply, Failure> {
        self.runtime.block_on(self.studio.run(command))
    }

    pub(crate) fn open_files(&self, paths: Vec<std::path::PathBuf>) {
        self.runtime.block_on(self.studio.open_files(paths));
    }

    pub(crate) fn call(&self, name: &str, payload: &str) -> Result<String, Failure> {
        self.runtime.block_on(self.studio.call(name, payload))
    }

    pub(crate) fn state(&self) -> AppState {
        self.runtime.block_on(self.studio.state())
    }

    /// Waits until the state is as wanted, and answers it.
    #[track_caller]
    pub(crate) fn until(&self, wanted: impl Fn(&AppState) -> bool) -> AppState {
        let mut events = self.studio.events();
        loop {
            let state = self.state();
            if wanted(&state) {
                return state;
            }
            let next = async { tokio::time::timeout(TOO_LONG, events.recv()).await };
            let heard: Result<Result<Event, _>, _> = self.runtime.block_on(next);
            assert!(heard.is_ok(), "stuck at {state:?}");
        }
    }

    /// Waits until the keychain has answered.
    #[track_caller]
    pub(crate) fn settled(&self) -> Stage {
        self.until(|state| !matches!(state.stage, Stage::Unlocking { .. }))
            .stage
    }

    /// Makes a profile of one's own, writes down its recovery key and opens it.
    pub(crate) fn make_profile(&self, passphrase: Option<&str>) -> RecoveryKey {
        let created = self.run(CreateProfile {
            kind: ProfileKind::Local,
            name: "知行社".to_owned(),
            passphrase: passphrase.map(str::to_owned),
        });
        let recovery = created.unwrap().recovery.unwrap();
        let index = 3;
        let group = recovery.groups[index].to_lowercase();
        self.run(ConfirmRecovery { index, group }).unwrap();
        recovery
    }

    pub(crate) fn stop(self) {
        self.runtime.block_on(self.studio.stop());
        self.kill();
    }

    /// Ends without a word to anybody.
    pub(crate) fn kill(self) {
        self.runtime.shutdown_timeout(Duration::from_secs(10));
    }
}
