//! Where the program stands: no profile, one that is shut and why, or one that is open.

use std::sync::Arc;

use stoa_ipc::{ErrorCode, ProfileInfo, ProfileKind, Stage};
use stoa_store::{VaultKey, Wipe};

use crate::folder::ProfileFile;
use crate::open_profile::OpenProfile;

/// The profile in hand.
#[derive(Clone, Default)]
pub(crate) enum Place {
    #[default]
    Nothing,
    Shut(Shut),
    /// Made, and its recovery key not yet typed back; nothing can be written.
    Unconfirmed(Arc<OpenProfile>),
    Open(Arc<OpenProfile>),
    /// Away from its server for too long: it syncs, and shows nothing before that has succeeded or
    /// somebody has brought a key.
    Away(Arc<OpenProfile>),
    /// Wiped by order of its account.
    Wiped(Wiped),
}

/// A profile of which only the record of its end is left.
#[derive(Clone)]
pub(crate) struct Wiped {
    pub(crate) id: String,
    pub(crate) record: Wipe,
}

impl Wiped {
    fn stage(&self) -> Stage {
        Stage::Wiped {
            profile: ProfileInfo {
                id: self.id.clone(),
                name: self.record.name.clone(),
                timezone: None,
                kind: ProfileKind::Connected,
                server: None,
                email: None,
            },
            at: self.record.begun_at,
            is_told: self.record.report.is_none(),
        }
    }
}

/// A profile that is not open.
#[derive(Clone)]
pub(crate) struct Shut {
    pub(crate) id: String,
    pub(crate) file: ProfileFile,
    pub(crate) why: Why,
    /// The key, when it was found and the store does not open.
    pub(crate) key: Option<VaultKey>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// The keychain is being asked.
    Unlocking,
    /// Its files are being worked on; it is opened afterwards.
    Busy,
    /// No key.
    Locked {
        reason: ErrorCode,
        has_passphrase: bool,
    },
    /// There is a key or none is needed to see that something is wrong.
    Broken { reason: ErrorCode },
}

impl Place {
    /// The stage as the window learns it.
    pub(crate) fn stage(&self) -> Stage {
        match self {
            Place::Nothing => Stage::FirstRun,
            Place::Shut(shut) => shut.stage(),
            Place::Unconfirmed(open) => Stage::ConfirmRecovery {
                profile: open.info(),
            },
            Place::Away(open) => Stage::Locked {
                profile: open.info(),
                reason: ErrorCode::AwayTooLong,
                has_passphrase: open.has_passphrase(),
            },
            Place::Wiped(wiped) => wiped.stage(),
            Place::Open(open) if open.is_read_only => Stage::ReadOnly {
                profile: open.info(),
            },
            Place::Open(open) => Stage::Open {
                profile: open.info(),
            },
        }
    }

    /// The id of the profile in hand.
    pub(crate) fn id(&self) -> Option<&str> {
        match self {
            Place::Nothing => None,
            Place::Shut(shut) => Some(&shut.id),
            Place::Unconfirmed(open) | Place::Open(open) | Place::Away(open) => Some(&open.id),
            Place::Wiped(wiped) => Some(&wiped.id),
        }
    }

    /// The open profile, confirmed or not.
    pub(crate) fn profile(&self) -> Option<&Arc<OpenProfile>> {
        match self {
            Place::Unconfirmed(open) | Place::Open(open) | Place::Away(open) => Some(open),
            Place::Nothing | Place::Shut(_) | Place::Wiped(_) => None,
        }
    }
}

impl Shut {
    pub(crate) fn info(&self) -> ProfileInfo {
        self.file.info(&self.id)
    }

    fn stage(&self) -> Stage {
        let profile = self.info();
        match self.why {
            Why::Unlocking => Stage::Unlocking { profile },
            Why::Busy => Stage::Busy { profile },
            Why::Locked {
                reason,
                has_passphrase,
            } => Stage::Locked {
                profile,
                reason,
                has_passphrase,
            },
            Why::Broken { reason } => Stage::Broken { profile, reason },
        }
    }
}
