//! What goes wrong, as the window learns it.

use serde::{Deserialize, Serialize};

/// A command that was not carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    pub code: ErrorCode,
    /// For the log; never shown.
    pub message: String,
    /// The fields to blame, for forms.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
}

/// One field of a request and what is wrong with it, as a text key (`field-<reason>`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    pub field: String,
    pub reason: String,
}

impl Failure {
    /// A failure that blames no field.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            fields: Vec::new(),
        }
    }

    /// Input that breaks a rule in one field.
    pub fn field(field: &str, reason: &str) -> Self {
        Self {
            code: ErrorCode::InvalidInput,
            message: format!("{field}: {reason}"),
            fields: vec![FieldError {
                field: field.to_owned(),
                reason: reason.to_owned(),
            }],
        }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $code:ident = $name:literal),+ $(,)?) => {
        /// What the user can do about it. Each code has `error-<name>` (what happened, what is
        /// safe) and may have `error-<name>-action` in both languages.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum ErrorCode {
            $($(#[$doc])* #[serde(rename = $name)] $code),+
        }

        impl ErrorCode {
            /// Every code, for the test that each has its texts.
            pub const ALL: &'static [ErrorCode] = &[$(ErrorCode::$code),+];

            /// The name that travels; with dashes it is the key of the text.
            pub fn as_str(self) -> &'static str {
                match self { $(ErrorCode::$code => $name),+ }
            }
        }
    };
}

codes! {
    /// No network, or the server does not answer. Work goes on; it is sent later.
    Offline = "offline",
    /// The session ended.
    SignInAgain = "sign_in_again",
    /// E-mail and password do not match.
    WrongPassword = "wrong_password",
    /// Too many tries; wait.
    SlowDown = "slow_down",
    /// The server's certificate is not trusted yet; its fingerprint has to be compared.
    UntrustedServer = "untrusted_server",
    /// The server's certificate is not the one that was trusted before.
    ServerChanged = "server_changed",
    /// Another server answers at this address.
    OtherServer = "other_server",
    /// What the server sent would take much away; consent is needed.
    RemovalHeld = "removal_held",
    /// The server is there and cannot do it now.
    ServerTrouble = "server_trouble",
    /// This is no Stoa server, or one of another time.
    NotAServer = "not_a_server",
    /// The server has no room for a file. Everything else goes on.
    NoRoom = "no_room",
    /// Files do not travel because somebody paused them.
    FilesPaused = "files_paused",
    /// This program is too old for the server.
    UpdateNeeded = "update_needed",
    /// This device was removed from the account.
    DeviceRevoked = "device_revoked",
    /// The role does not allow it.
    NotAllowed = "not_allowed",
    /// The thing is not there (any more).
    NotFound = "not_found",
    /// A field breaks a rule; see `fields`.
    InvalidInput = "invalid_input",
    /// More than fits (text, paste, file).
    TooLarge = "too_large",
    /// The editing session has ended; open the draft again.
    SessionEnded = "session_ended",
    /// The profile is locked.
    Locked = "locked",
    /// The keychain has no entry for this profile.
    KeyMissing = "key_missing",
    /// The keychain refused or was dismissed.
    KeychainRefused = "keychain_refused",
    /// There is no keychain on this computer, or it failed.
    KeychainUnavailable = "keychain_unavailable",
    /// The keychain did not answer in time.
    KeychainTimeout = "keychain_timeout",
    /// The key found does not open this profile (another profile's, or damaged).
    WrongKey = "wrong_key",
    /// The passphrase does not open this profile.
    WrongPassphrase = "wrong_passphrase",
    /// The recovery key does not open this profile.
    WrongRecoveryKey = "wrong_recovery_key",
    /// The database file belongs to another vault.
    ForeignDatabase = "foreign_database",
    /// The database or its manifest is not where it must be.
    StoreMissing = "store_missing",
    /// The database is damaged; it was left as it is.
    StoreDamaged = "store_damaged",
    /// A newer Stoa wrote this; it is open for reading and export.
    StoreTooNew = "store_too_new",
    /// No space left on the disk; nothing that was saved is lost.
    DiskFull = "disk_full",
    /// The disk could not be read or written.
    DiskFailed = "disk_failed",
    /// Another Stoa has this profile open.
    InUse = "in_use",
    /// The account had the profile wiped from this computer.
    Wiped = "wiped",
    /// The profile has been without contact to its server for too long.
    AwayTooLong = "away_too_long",
    /// A defect of this program.
    Internal = "internal",
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.message)
    }
}

impl std::error::Error for Failure {}
