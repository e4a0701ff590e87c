//! How the program ends, by number.

use std::process::ExitCode;

use stoa_ipc::ErrorCode;

/// What the exit code says. The numbers are for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Done = 0,
    Failed = 1,
    /// What was typed cannot be meant.
    Usage = 2,
    /// The profile stays locked.
    Locked = 3,
    Offline = 4,
    /// The server, or the role, does not allow it.
    Refused = 5,
    /// The profile's files are missing, damaged, in use, or the disk does not take more.
    Store = 6,
}

impl From<End> for ExitCode {
    fn from(end: End) -> Self {
        Self::from(end as u8)
    }
}

impl End {
    /// How the program ends after a failure.
    pub(crate) fn of(code: ErrorCode) -> Self {
        match code {
            ErrorCode::InvalidInput | ErrorCode::TooLarge => Self::Usage,
            ErrorCode::Locked
            | ErrorCode::AwayTooLong
            | ErrorCode::KeyMissing
            | ErrorCode::KeychainRefused
            | ErrorCode::KeychainUnavailable
            | ErrorCode::KeychainTimeout
            | ErrorCode::WrongKey
            | ErrorCode::WrongPassphrase
            | ErrorCode::WrongRecoveryKey => Self::Locked,
            ErrorCode::Offline => Self::Offline,
            ErrorCode::SignInAgain
            | ErrorCode::WrongPassword
            | ErrorCode::SlowDown
            | ErrorCode::UntrustedServer
            | ErrorCode::ServerChanged
            | ErrorCode::OtherServer
            | ErrorCode::RemovalHeld
            | ErrorCode::ServerTrouble
            | ErrorCode::NoRoom
            | ErrorCode::NotAServer
            | ErrorCode::UpdateNeeded
            | ErrorCode::DeviceRevoked
            | ErrorCode::NotAllowed => Self::Refused,
            ErrorCode::ForeignDatabase
            | ErrorCode::StoreMissing
            | ErrorCode::StoreDamaged
            | ErrorCode::StoreTooNew
            | ErrorCode::Wiped
            | ErrorCode::DiskFull
            | ErrorCode::DiskFailed
            | ErrorCode::InUse => Self::Store,
            ErrorCode::NotFound
            | ErrorCode::SessionEnded
            | ErrorCode::FilesPaused
            | ErrorCode::Internal => Self::Failed,
        }
    }
}
