//! How much noise a failure makes, by its code, and what can be done about it. One table; the
//! message of a failure is never read.

use stoa_ipc::ErrorCode;

/// How a failure is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Severity {
    /// Something is broken.
    Error,
    /// This cannot be done now.
    Warning,
    /// The status bar says it already.
    Silent,
}

impl Severity {
    pub(crate) fn class(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Silent => "",
        }
    }
}

/// How a code is shown, and the command behind the button `error-<code>-action`, if any.
pub(crate) fn treatment(code: ErrorCode) -> (Severity, Option<&'static str>) {
    use ErrorCode as C;
    match code {
        C::Offline => (Severity::Silent, Some("sync.now")),
        C::SignInAgain | C::ServerChanged => (Severity::Warning, Some("account.connect")),
        C::DeviceRevoked | C::StoreTooNew => (Severity::Error, Some("app.export")),
        C::WrongPassword
        | C::SlowDown
        | C::UntrustedServer
        | C::OtherServer
        | C::RemovalHeld
        | C::ServerTrouble
        | C::NoRoom
        | C::FilesPaused
        | C::NotAServer
        | C::UpdateNeeded
        | C::NotAllowed
        | C::NotFound
        | C::InvalidInput
        | C::TooLarge
        | C::SessionEnded
        | C::Locked
        | C::AwayTooLong
        | C::Wiped
        | C::WrongPassphrase
        | C::WrongRecoveryKey
        | C::InUse => (Severity::Warning, None),
        C::KeyMissing
        | C::KeychainRefused
        | C::KeychainUnavailable
        | C::KeychainTimeout
        | C::WrongKey
        | C::ForeignDatabase
        | C::StoreMissing
        | C::StoreDamaged
        | C::DiskFull
        | C::DiskFailed
        | C::Internal => (Severity::Error, None),
    }
}

/// The key of a code's text.
pub(crate) fn text_key(code: ErrorCode) -> String {
    format!("error-{}", code.as_str().replace('_', "-"))
}

/// The key of the label of a code's one button.
pub(crate) fn action_key(code: ErrorCode) -> String {
    format!("{}-action", text_key(code))
}

/// Whether nothing was done, so that the same request can simply be made again.
pub(crate) fn surely_not_done(code: ErrorCode) -> bool {
    code != ErrorCode::Internal
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::Words;

    #[test]
    fn every_code_has_its_texts_and_every_command_its_label() {
        for language in ["zh-CN", "en"] {
            let words = Words::new(language);
            for code in ErrorCode::ALL {
                assert!(words.has(&text_key(*code)), "{language} {code:?}");
                let (_, command) = treatment(*code);
                assert!(
                    command.is_none() || words.has(&action_key(*code)),
                    "{code:?}"
                );
            }
        }
    }

    #[test]
    fn being_offline_makes_no_noise() {
        assert_eq!(treatment(ErrorCode::Offline).0, Severity::Silent);
    }
}
