//! What every simulation begins with, made once and copied: a server with two people and a store
//! for each of their computers, signed in.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};

use ed25519_dalek::SigningKey;
use stoa_domain::{CommunityId, DeviceId, Role, Timestamp, UserId};
use stoa_protocol::account::{Secret, Tokens};
use stoa_server::admin::{self, NewUser};
use stoa_server::test_support::{NewDevice, QuietServer};
use stoa_server::{Config, Entropy, Rates};
use stoa_store::{Link, NewVault, PassphraseCost, Random, Store, VaultKey, create_vault};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use zeroize::Zeroizing;

use crate::session::stored;

/// The simulation begins in 2026.
pub(super) const BEGIN_MILLIS: i64 = 1_767_225_600_000;
/// Computers 0 and 1 are Lin's, computer 2 is Wang's.
const OWNERS: [usize; 3] = [0, 0, 1];
const DEVICE_KEY: [u8; 32] = [3; 32];

/// Numbers that only the seed decides.
pub(super) struct Seeded(AtomicI64);

impl Seeded {
    pub(super) fn new(seed: u64) -> Self {
        Self(AtomicI64::new(seed.cast_signed()))
    }
}

impl Random for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            let step = 0x9E37_79B9_7F4A_7C15_u64.cast_signed();
            let x = self.0.fetch_add(step, Ordering::SeqCst).cast_unsigned();
            let mixed = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            *byte = (mixed >> 56) as u8;
        }
    }
}

/// The beginning that all simulations share.
pub(super) struct Place {
    folder: TempDir,
    pub(super) key: VaultKey,
    pub(super) community: CommunityId,
    people: Vec<UserId>,
}

impl Place {
    /// The one of this process.
    pub(super) fn shared() -> &'static Self {
        static SHARED: OnceLock<Place> = OnceLock::new();
        SHARED.get_or_init(Self::make)
    }

    fn make() -> Self {
        let folder = fast_folder();
        let rt = super::runtime();
        let config = config(folder.path(), Arc::new(AtomicI64::new(BEGIN_MILLIS)), 0);
        let (community, people) = rt.block_on(people(&config));
        let vault = NewVault {
            secrets: None,
            passphrase: Some("correct horse"),
            cost: PassphraseCost {
                memory_kib: 8,
                passes: 1,
                lanes: 1,
            },
        };
        let (random, now) = (Seeded::new(1), Timestamp::from_millis(BEGIN_MILLIS));
        let blank = folder.path().join("blank");
        std::fs::create_dir(&blank).unwrap();
        let (key, _) = create_vault(&blank, &vault, now, &random).unwrap();
        drop(Store::create(&blank, &key, now, &random).unwrap());
        let place = Self {
            folder,
            key,
            community,
            people,
        };
        place.sign_everybody_in(&rt, &config, &blank);
        place
    }

    fn sign_everybody_in(&self, rt: &Runtime, config: &Config, blank: &Path) {
        let server = rt.block_on(QuietServer::open(config)).unwrap();
        for number in 0..OWNERS.len() {
            let dir = self.machine(number);
            copy(blank, &dir);
            let tokens = rt.block_on(server.sign_in(&self.device(number))).unwrap();
            let now = Timestamp::from_millis(BEGIN_MILLIS);
            let opened = Store::open(&dir, &self.key, now).unwrap();
            let stoa_store::Opened::ReadWrite(store) = opened else {
                panic!("the store is not newer than itself");
            };
            let server_id = rt.block_on(server.server_id()).unwrap();
            store
                .set_link(&self.link(number, server_id, tokens))
                .unwrap();
        }
        rt.block_on(server.close());
    }

    fn machine(&self, number: usize) -> PathBuf {
        self.folder.path().join(format!("machine-{number}"))
    }

    /// The person whose computer this is.
    pub(super) fn owner(&self, number: usize) -> UserId {
        self.people[OWNERS[number]]
    }

    pub(super) fn person(&self, number: usize) -> UserId {
        self.people[number % self.people.len()]
    }

    pub(super) fn device(&self, number: usize) -> NewDevice {
        NewDevice {
            user: self.owner(number),
            id: DeviceId::from_bytes([number as u8 + 1; 16]),
            public_key: SigningKey::from_bytes(&DEVICE_KEY)
                .verifying_key()
                .to_bytes(),
        }
    }

    fn link(&self, number: usize, server_id: String, tokens: Tokens) -> Link {
        Link {
            server_url: "https://simulated.example".to_owned(),
            server_id,
            ca_pem: None,
            community: self.community,
            community_name: "社群".to_owned(),
            timezone: None,
            device: self.device(number).id,
            device_key: Zeroizing::new(DEVICE_KEY),
            user: self.owner(number),
            email: "lin@example.com".to_owned(),
            name: "林".to_owned(),
            role: Role::Editor,
            epoch: String::new(),
            tokens: Some(stored(tokens, Timestamp::from_millis(BEGIN_MILLIS))),
            order_key: None,
        }
    }

    /// A copy of the server's folder.
    pub(super) fn copy_server(&self, to: &Path) {
        copy(&self.folder.path().join("server"), &to.join("server"));
    }

    /// A copy of a computer's profile.
    pub(super) fn copy_machine(&self, number: usize, to: &Path) {
        copy(&self.machine(number), to);
    }
}

async fn people(config: &Config) -> (CommunityId, Vec<UserId>) {
    let community = admin::create_community(config, "知行社", "Asia/Shanghai")
        .await
        .unwrap();
    let mut people = Vec::new();
    for email in ["lin@example.com", "wang@example.com"] {
        let new = NewUser {
            community: community.to_string(),
            email: email.to_owned(),
            role: Role::Editor,
            name: "林".to_owned(),
            password: Secret("correct horse battery".to_owned()),
        };
        people.push(admin::create_user(config, &new).await.unwrap().0);
    }
    (community, people)
}

/// A server's configuration over the simulation's time.
pub(super) fn config(folder: &Path, millis: Arc<AtomicI64>, seed: u64) -> Config {
    let clock = move || Timestamp::from_millis(millis.load(Ordering::SeqCst));
    let mut config = Config::new(folder.join("server"), Arc::new(clock));
    config.rates = Rates::generous();
    config.entropy = Entropy::from_seed(seed);
    config
}

/// A folder in memory where the system has one: what survives a crash is modelled, not the disk.
pub(super) fn fast_folder() -> TempDir {
    let builder = |dir: &Path| tempfile::Builder::new().prefix("stoa-sim-").tempdir_in(dir);
    builder(Path::new("/dev/shm"))
        .or_else(|_| builder(&std::env::temp_dir()))
        .unwrap()
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            // Everything is closed here, and its log with it.
            let bytes = std::fs::read(entry.path()).unwrap();
            std::fs::write(to.join(entry.file_name()), bytes).unwrap();
        }
    }
}
