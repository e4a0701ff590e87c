//! What went wrong below, as the window learns it: every error of vault, store and sync has
//! exactly one code. The match is exhaustive, so that a new error asks for its code here.

use stoa_domain::{ImageError, MAX_IMAGE_BYTES};
use stoa_ipc::{ErrorCode, Failure};
use stoa_mutators::{Reject, RejectCode};
use stoa_store::{
    FileRefusal, ManifestError, OpenError, SecretError, StoreError, UnlockError, VaultError,
};
use stoa_sync::AccountError;

/// An error that becomes a [`Failure`].
pub(crate) trait Fails {
    fn failure(self) -> Failure;
}

/// A result whose error becomes a [`Failure`].
pub(crate) trait OrFailure<T> {
    fn or_failure(self) -> Result<T, Failure>;
}

impl<T, E: Fails> OrFailure<T> for Result<T, E> {
    fn or_failure(self) -> Result<T, Failure> {
        self.map_err(Fails::failure)
    }
}

impl Fails for StoreError {
    fn failure(self) -> Failure {
        let code = match &self {
            Self::DiskFull => ErrorCode::DiskFull,
            Self::DiskFailed(_) => ErrorCode::DiskFailed,
            Self::Damaged(_) => ErrorCode::StoreDamaged,
            Self::TooLarge { .. } => ErrorCode::TooLarge,
            Self::NotFound => ErrorCode::NotFound,
            Self::Rejected(reject) => return refusal(reject),
            Self::ReadOnly => ErrorCode::StoreTooNew,
            Self::SessionEnded => ErrorCode::SessionEnded,
            Self::UnderWay => return Failure::field("lid", "under-way"),
            Self::File(refusal) => return Failure::field("file", unfit(*refusal)),
            Self::OtherCommunity => return Failure::field("email", "other-account"),
            Self::RemovalHeld(_) => ErrorCode::RemovalHeld,
            Self::Internal(_) => ErrorCode::Internal,
        };
        Failure::new(code, self.to_string())
    }
}

/// Why a file cannot belong to a draft, as a text of `field-…`.
fn unfit(refusal: FileRefusal) -> &'static str {
    match refusal {
        FileRefusal::Empty => "file-empty",
        FileRefusal::TooLarge { limit } if limit == MAX_IMAGE_BYTES => "image-too-large",
        FileRefusal::TooLarge { .. } => "file-too-large",
        FileRefusal::NotAnImage(ImageError::Unknown) => "not-an-image",
        FileRefusal::NotAnImage(ImageError::Broken) => "image-broken",
        FileRefusal::NotAnImage(ImageError::TooManyPixels) => "too-many-pixels",
        FileRefusal::NotARecording => "not-a-recording",
    }
}

/// A change that the rules refuse on this computer already.
fn refusal(reject: &Reject) -> Failure {
    if let Some(failure) = of_course(reject) {
        return failure;
    }
    if let Some(failure) = of_tags(reject) {
        return failure;
    }
    // What can be seen of a review before it is sent.
    match (reject.code, reject.field.as_deref()) {
        (RejectCode::NotAllowed, Some("own")) => return Failure::field("reviewer", "own-work"),
        (RejectCode::Invalid, Some("reviewer")) => {
            return Failure::field("reviewer", "not-a-reviewer");
        }
        (RejectCode::AlreadyExists, Some("review")) => {
            return Failure::field("review", "already-exists");
        }
        (RejectCode::Invalid, Some("comments")) => return Failure::field("comments", "too-many"),
        _ => {}
    }
    let code = match reject.code {
        RejectCode::NotAllowed => ErrorCode::NotAllowed,
        RejectCode::NotFound | RejectCode::Deleted => ErrorCode::NotFound,
        RejectCode::Invalid | RejectCode::TooLate | RejectCode::WordTaken => {
            ErrorCode::InvalidInput
        }
        // These are a server's answers; here they would be a defect.
        RejectCode::AlreadyExists
        | RejectCode::Conflict
        | RejectCode::AlreadyDecided
        | RejectCode::Unknown
        | RejectCode::Parked
        | RejectCode::Proposed => ErrorCode::Internal,
    };
    match (&reject.field, code) {
        (Some(field), ErrorCode::InvalidInput) => Failure::field(field, "invalid"),
        _ => Failure::new(code, reject.code.as_str()),
    }
}

/// What can be seen of a change of the book of tags before it is sent.
fn of_tags(reject: &Reject) -> Option<Failure> {
    let reason = match (reject.code, reject.field.as_deref()?) {
        (RejectCode::WordTaken, _) => "word-taken",
        (RejectCode::Invalid, "synonym") => "same-word",
        (RejectCode::Invalid, "synonyms") => "too-many-synonyms",
        (RejectCode::Invalid, "tags") => "too-many-entries",
        _ => return None,
    };
    Some(Failure::field("synonym", reason))
}

/// What can be seen of a change of a course before it is sent.
fn of_course(reject: &Reject) -> Option<Failure> {
    Some(match (reject.code, reject.field.as_deref()?) {
        (RejectCode::AlreadyExists, "lesson") => Failure::field("draft", "in-another-course"),
        (RejectCode::AlreadyExists, "place") => Failure::field("draft", "already-exists"),
        (RejectCode::Invalid, "kind") => Failure::field("draft", "not-a-lesson"),
        (RejectCode::Invalid, "course") => Failure::field("course", "not-a-course"),
        (RejectCode::Invalid, field @ ("sections" | "lessons")) => {
            Failure::field(field, "too-many")
        }
        _ => return None,
    })
}

impl Fails for OpenError {
    fn failure(self) -> Failure {
        let code = match &self {
            Self::Missing => ErrorCode::StoreMissing,
            Self::Empty | Self::Damaged(_) => ErrorCode::StoreDamaged,
            Self::AlreadyExists => return Failure::field("profile", "already-exists"),
            Self::InUse => ErrorCode::InUse,
            Self::NoSuchBackup => ErrorCode::NotFound,
            Self::ForeignDatabase => ErrorCode::ForeignDatabase,
            Self::DiskFull => ErrorCode::DiskFull,
            Self::DiskFailed(_) => ErrorCode::DiskFailed,
            Self::Manifest(error) => manifest(error),
            Self::Migration { .. } | Self::OldSqlite(_) | Self::Internal(_) => ErrorCode::Internal,
        };
        Failure::new(code, self.to_string())
    }
}

impl Fails for ManifestError {
    fn failure(self) -> Failure {
        Failure::new(manifest(&self), self.to_string())
    }
}

fn manifest(error: &ManifestError) -> ErrorCode {
    match error {
        ManifestError::Missing => ErrorCode::StoreMissing,
        ManifestError::Wiped => ErrorCode::Wiped,
        ManifestError::Damaged(_) => ErrorCode::StoreDamaged,
        ManifestError::TooNew(_) => ErrorCode::StoreTooNew,
        ManifestError::DiskFull => ErrorCode::DiskFull,
        ManifestError::DiskFailed(_) => ErrorCode::DiskFailed,
    }
}

impl Fails for UnlockError {
    fn failure(self) -> Failure {
        let code = match &self {
            Self::KeyMissing => ErrorCode::KeyMissing,
            Self::KeychainRefused => ErrorCode::KeychainRefused,
            Self::KeychainUnavailable(_) => ErrorCode::KeychainUnavailable,
            Self::KeychainTimeout => ErrorCode::KeychainTimeout,
            Self::WrongKey => ErrorCode::WrongKey,
            Self::WrongPassphrase => ErrorCode::WrongPassphrase,
            Self::WrongRecoveryKey => ErrorCode::WrongRecoveryKey,
            Self::Manifest(error) => manifest(error),
        };
        Failure::new(code, self.to_string())
    }
}

impl Fails for VaultError {
    fn failure(self) -> Failure {
        let code = match &self {
            Self::AlreadyExists => return Failure::field("profile", "already-exists"),
            Self::NoLock => ErrorCode::KeychainUnavailable,
            Self::Keychain(error) => keychain(error),
            Self::Manifest(error) => manifest(error),
        };
        Failure::new(code, self.to_string())
    }
}

/// A keychain that did not take a new key. What it does not give back it did not take.
fn keychain(error: &SecretError) -> ErrorCode {
    match error {
        SecretError::NoEntry | SecretError::Unavailable(_) => ErrorCode::KeychainUnavailable,
        SecretError::Refused => ErrorCode::KeychainRefused,
        SecretError::Timeout => ErrorCode::KeychainTimeout,
        SecretError::Ambiguous => ErrorCode::WrongKey,
    }
}

impl Fails for AccountError {
    fn failure(self) -> Failure {
        if let Self::Store(error) = self {
            return error.failure();
        }
        let code = match &self {
            Self::Offline(_) => ErrorCode::Offline,
            Self::ServerFailed(_) => ErrorCode::ServerTrouble,
            Self::SignInAgain => ErrorCode::SignInAgain,
            Self::WrongPassword => ErrorCode::WrongPassword,
            Self::SlowDown { .. } => ErrorCode::SlowDown,
            Self::UntrustedServer(_) => ErrorCode::UntrustedServer,
            Self::ServerChanged => ErrorCode::ServerChanged,
            Self::NotAServer(_) => ErrorCode::NotAServer,
            Self::UpdateNeeded => ErrorCode::UpdateNeeded,
            Self::DeviceRevoked | Self::WipeOrdered(_) => ErrorCode::DeviceRevoked,
            Self::NotAllowed => ErrorCode::NotAllowed,
            Self::NotFound => ErrorCode::NotFound,
            Self::AlreadyExists => return Failure::field("email", "already-exists"),
            Self::InvalidInput(Some(field)) => return Failure::field(field, "invalid"),
            Self::InvalidInput(None) => ErrorCode::InvalidInput,
            Self::Store(_) => ErrorCode::Internal,
        };
        Failure::new(code, self.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(error: impl Fails, code: ErrorCode) {
        assert_eq!(error.failure().code, code);
    }

    #[test]
    fn every_error_of_an_open_store_has_its_code() {
        check(StoreError::DiskFull, ErrorCode::DiskFull);
        check(StoreError::DiskFailed(String::new()), ErrorCode::DiskFailed);
        check(StoreError::Damaged(String::new()), ErrorCode::StoreDamaged);
        check(StoreError::TooLarge { limit: 1 }, ErrorCode::TooLarge);
        check(StoreError::NotFound, ErrorCode::NotFound);
        check(StoreError::ReadOnly, ErrorCode::StoreTooNew);
        check(StoreError::SessionEnded, ErrorCode::SessionEnded);
        check(StoreError::UnderWay, ErrorCode::InvalidInput);
        check(StoreError::OtherCommunity, ErrorCode::InvalidInput);
        check(StoreError::Internal(String::new()), ErrorCode::Internal);
    }

    #[test]
    fn every_local_refusal_has_its_code() {
        let cases = [
            (RejectCode::NotAllowed, ErrorCode::NotAllowed),
            (RejectCode::NotFound, ErrorCode::NotFound),
            (RejectCode::Deleted, ErrorCode::NotFound),
            (RejectCode::Invalid, ErrorCode::InvalidInput),
            (RejectCode::TooLate, ErrorCode::InvalidInput),
            (RejectCode::WordTaken, ErrorCode::InvalidInput),
            (RejectCode::AlreadyExists, ErrorCode::Internal),
            (RejectCode::Conflict, ErrorCode::Internal),
            (RejectCode::AlreadyDecided, ErrorCode::Internal),
            (RejectCode::Unknown, ErrorCode::Internal),
            (RejectCode::Parked, ErrorCode::Internal),
            (RejectCode::Proposed, ErrorCode::Internal),
        ];
        assert_eq!(cases.len(), RejectCode::ALL.len());
        for (reject, code) in cases {
            check(StoreError::Rejected(Reject::new(reject)), code);
        }
    }

    #[test]
    fn every_error_of_opening_has_its_code() {
        check(OpenError::Missing, ErrorCode::StoreMissing);
        check(OpenError::Empty, ErrorCode::StoreDamaged);
        check(OpenError::Damaged(String::new()), ErrorCode::StoreDamaged);
        check(OpenError::AlreadyExists, ErrorCode::InvalidInput);
        check(OpenError::InUse, ErrorCode::InUse);
        check(OpenError::ForeignDatabase, ErrorCode::ForeignDatabase);
        check(OpenError::DiskFull, ErrorCode::DiskFull);
        check(OpenError::DiskFailed(String::new()), ErrorCode::DiskFailed);
        check(
            OpenError::Manifest(ManifestError::Missing),
            ErrorCode::StoreMissing,
        );
        check(OpenError::OldSqlite(String::new()), ErrorCode::Internal);
    }

    #[test]
    fn every_error_of_unlocking_has_its_code() {
        check(UnlockError::KeyMissing, ErrorCode::KeyMissing);
        check(UnlockError::KeychainRefused, ErrorCode::KeychainRefused);
        check(
            UnlockError::KeychainUnavailable(String::new()),
            ErrorCode::KeychainUnavailable,
        );
        check(UnlockError::KeychainTimeout, ErrorCode::KeychainTimeout);
        check(UnlockError::WrongKey, ErrorCode::WrongKey);
        check(UnlockError::WrongPassphrase, ErrorCode::WrongPassphrase);
        check(UnlockError::WrongRecoveryKey, ErrorCode::WrongRecoveryKey);
        check(ManifestError::Missing, ErrorCode::StoreMissing);
        check(ManifestError::Wiped, ErrorCode::Wiped);
        check(
            ManifestError::Damaged(String::new()),
            ErrorCode::StoreDamaged,
        );
        check(ManifestError::TooNew(9), ErrorCode::StoreTooNew);
    }

    #[test]
    fn every_error_of_making_a_vault_has_its_code() {
        check(VaultError::AlreadyExists, ErrorCode::InvalidInput);
        check(VaultError::NoLock, ErrorCode::KeychainUnavailable);
        check(
            VaultError::Keychain(SecretError::Refused),
            ErrorCode::KeychainRefused,
        );
        check(
            VaultError::Keychain(SecretError::Timeout),
            ErrorCode::KeychainTimeout,
        );
        check(
            VaultError::Keychain(SecretError::Ambiguous),
            ErrorCode::WrongKey,
        );
        check(
            VaultError::Keychain(SecretError::NoEntry),
            ErrorCode::KeychainUnavailable,
        );
    }

    #[test]
    fn every_answer_about_an_account_has_its_code() {
        let text = String::new;
        check(AccountError::Offline(text()), ErrorCode::Offline);
        check(AccountError::ServerFailed(text()), ErrorCode::ServerTrouble);
        check(AccountError::SignInAgain, ErrorCode::SignInAgain);
        check(AccountError::WrongPassword, ErrorCode::WrongPassword);
        check(
            AccountError::SlowDown { retry_after: None },
            ErrorCode::SlowDown,
        );
        check(
            AccountError::UntrustedServer(text()),
            ErrorCode::UntrustedServer,
        );
        check(AccountError::ServerChanged, ErrorCode::ServerChanged);
        check(AccountError::NotAServer(text()), ErrorCode::NotAServer);
        check(AccountError::UpdateNeeded, ErrorCode::UpdateNeeded);
        check(AccountError::DeviceRevoked, ErrorCode::DeviceRevoked);
        check(AccountError::NotAllowed, ErrorCode::NotAllowed);
        check(AccountError::NotFound, ErrorCode::NotFound);
        check(AccountError::AlreadyExists, ErrorCode::InvalidInput);
        check(AccountError::InvalidInput(None), ErrorCode::InvalidInput);
        check(
            AccountError::Store(StoreError::DiskFull),
            ErrorCode::DiskFull,
        );
    }
}
