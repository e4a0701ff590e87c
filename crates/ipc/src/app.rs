//! The state of the program as a whole, and its preferences.

use serde::{Deserialize, Serialize};
use stoa_domain::{Timestamp, ZoneName};

use crate::{ErrorCode, SyncStatus};

/// Asks for [`AppState`].
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct GetState {}

/// All the window needs to draw itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AppState {
    /// Grows with every state that is told. Answers and events reach the window on ways of their
    /// own: of two states the one with the lower number has the older stage.
    pub revision: u64,
    pub stage: Stage,
    pub preferences: Preferences,
    /// Every profile on this computer.
    pub profiles: Vec<ProfileInfo>,
    pub sync: SyncStatus,
    /// The version of this program.
    pub version: String,
    /// Where the open profile (or the data folder) lies, for help and rescue.
    pub data_path: String,
    /// A local backend that was started with this program, with its demo account; only in
    /// development.
    pub local_server: Option<LocalServer>,
}

/// A backend on this computer, offered as a suggestion when connecting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalServer {
    pub url: String,
    pub email: String,
}

/// Where the program stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Stage {
    /// No profile yet.
    FirstRun,
    /// A profile was made; its recovery key has to be confirmed as saved.
    ConfirmRecovery { profile: ProfileInfo },
    /// The keychain is being asked. Passphrase and recovery key are offered at once.
    Unlocking { profile: ProfileInfo },
    /// Locked, and why; offered are passphrase (if set), recovery key, and asking again.
    Locked {
        profile: ProfileInfo,
        reason: ErrorCode,
        has_passphrase: bool,
    },
    /// Its files are being worked on (a backup is put back); it opens by itself afterwards.
    Busy { profile: ProfileInfo },
    /// Open for work.
    Open { profile: ProfileInfo },
    /// Open for reading and export only: a newer Stoa wrote it.
    ReadOnly { profile: ProfileInfo },
    /// The account had everything of this profile wiped from this computer.
    Wiped {
        profile: ProfileInfo,
        at: Timestamp,
        /// Whether the account's other devices know.
        is_told: bool,
    },
    /// The profile cannot be opened; why. Nothing was changed.
    Broken {
        profile: ProfileInfo,
        reason: ErrorCode,
    },
}

/// A profile: one community's data on this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileInfo {
    /// The name of its folder.
    pub id: String,
    /// The community's name.
    pub name: String,
    /// In which the community tells time; absent where that is the computer's business.
    #[serde(default)]
    pub timezone: Option<ZoneName>,
    pub kind: ProfileKind,
    /// The server, when connected.
    pub server: Option<String>,
    /// The account, when signed in.
    pub email: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfileKind {
    /// Example data that is never sent to anybody.
    Demo,
    /// This computer only.
    Local,
    /// Syncs with a server.
    Connected,
}

/// What a person set to their liking. Kept outside the vault, so that the first frame is right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// `None` until chosen on first run; the window then follows the system.
    pub language: Option<Language>,
    pub theme: Theme,
    pub density: Density,
    /// Single-letter shortcuts (WCAG 2.1.4).
    pub letter_keys: bool,
    pub sidebar_shown: bool,
    /// Percent, 50 to 300.
    pub zoom: u16,
    /// Whether the editor shows Markdown source.
    pub source_mode: bool,
    /// How long what goes out to others is held before it is sent, one of [`HOLD_SECONDS`].
    pub hold_seconds: u8,
}

/// What `hold_seconds` may be.
pub const HOLD_SECONDS: [u8; 4] = [0, 5, 10, 30];

impl Default for Preferences {
    fn default() -> Self {
        Self {
            language: None,
            theme: Theme::System,
            density: Density::Regular,
            letter_keys: true,
            sidebar_shown: true,
            zoom: 100,
            source_mode: false,
            hold_seconds: 10,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    #[serde(rename = "zh-CN")]
    Chinese,
    #[serde(rename = "en")]
    English,
}

impl Language {
    pub const ALL: [Language; 2] = [Language::Chinese, Language::English];

    /// The BCP 47 tag, which is also the folder of its texts.
    pub fn tag(self) -> &'static str {
        match self {
            Language::Chinese => "zh-CN",
            Language::English => "en",
        }
    }

    /// Any tag of the system, brought to a language we have.
    pub fn from_system_tag(tag: &str) -> Language {
        if tag.to_ascii_lowercase().starts_with("zh") {
            Language::Chinese
        } else {
            Language::English
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    System,
    Light,
    Dark,
    /// Pure system colours.
    Contrast,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Density {
    Compact,
    Regular,
    Comfortable,
}

/// Changes preferences; fields left out stay.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SetPreferences {
    pub language: Option<Language>,
    pub theme: Option<Theme>,
    pub density: Option<Density>,
    pub letter_keys: Option<bool>,
    pub sidebar_shown: Option<bool>,
    pub zoom: Option<u16>,
    pub source_mode: Option<bool>,
    pub hold_seconds: Option<u8>,
}

/// Writes every draft as Markdown, and everything as JSON, into a new folder.
/// Works while read-only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportEverything {
    /// The folder to make the export in; the default is the user's documents folder.
    pub folder: Option<String>,
}

/// Where an export went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exported {
    pub path: String,
    pub n_drafts: u64,
}
