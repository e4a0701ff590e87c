//! What a host decides when it starts a studio.

use std::path::PathBuf;
use std::sync::Arc;

use stoa_ipc::{Language, LocalServer};
use stoa_store::{Keychain, OsRandom, PassphraseCost, Random, SecretStore};
use stoa_sync::Clock;

/// Which program this is. Each has its own part of the keychain, so that a development build or a
/// test never touches what a person really uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BuildKind {
    Release,
    Development,
    Test,
}

impl BuildKind {
    /// The kind of this very build.
    pub fn of_this_build() -> Self {
        if cfg!(debug_assertions) {
            Self::Development
        } else {
            Self::Release
        }
    }

    fn of_secrets(self) -> stoa_store::BuildKind {
        match self {
            Self::Release => stoa_store::BuildKind::Release,
            Self::Development => stoa_store::BuildKind::Development,
            Self::Test => stoa_store::BuildKind::Test,
        }
    }
}

/// What guessing a passphrase costs: 64 MiB, three passes, about half a second.
const PASSPHRASE_COST: PassphraseCost = PassphraseCost {
    memory_kib: 64 * 1024,
    passes: 3,
    lanes: 1,
};

/// Where a studio lives and what it is given from outside.
#[derive(Clone)]
pub struct StudioOptions {
    /// Settings and profiles; made when missing.
    pub data_dir: PathBuf,
    /// Where an export goes when no folder is chosen; the data folder when absent.
    pub documents_dir: Option<PathBuf>,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
    /// Where profiles' keys are kept.
    pub secrets: Arc<dyn SecretStore>,
    pub passphrase_cost: PassphraseCost,
    /// A backend that was started together with this program.
    pub local_server: Option<LocalServer>,
    /// Where the host gives recordings to players by tickets (`/play/`), which stand behind it;
    /// absent where it has a scheme of its own for them.
    pub player: Option<String>,
    /// What the account's list of devices calls this computer, if the system tells.
    pub device_name: Option<String>,
    /// Any BCP 47 tag, used until a language is chosen.
    pub system_language: String,
}

impl StudioOptions {
    /// The real keychain and randomness, and the local server named in the environment
    /// (`STOA_LOCAL_SERVER`, `STOA_LOCAL_EMAIL`).
    pub fn new(data_dir: PathBuf, build: BuildKind, clock: Arc<dyn Clock>) -> Self {
        Self {
            data_dir,
            documents_dir: None,
            clock,
            random: Arc::new(OsRandom),
            secrets: Arc::new(Keychain::open(build.of_secrets())),
            passphrase_cost: PASSPHRASE_COST,
            local_server: local_server(),
            player: None,
            device_name: device_name(),
            system_language: "zh-CN".to_owned(),
        }
    }
}

fn local_server() -> Option<LocalServer> {
    Some(LocalServer {
        url: std::env::var("STOA_LOCAL_SERVER").ok()?,
        email: std::env::var("STOA_LOCAL_EMAIL").unwrap_or_default(),
    })
}

/// The computer's own name, where the system tells it without a question.
fn device_name() -> Option<String> {
    ["COMPUTERNAME", "HOSTNAME"]
        .iter()
        .find_map(|name| std::env::var(name).ok())
        .or_else(|| std::fs::read_to_string("/etc/hostname").ok())
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
}

/// What to call a computer that does not tell its name.
pub(crate) fn unnamed_device(language: Language) -> &'static str {
    match language {
        Language::Chinese => "一台电脑",
        Language::English => "A computer",
    }
}
