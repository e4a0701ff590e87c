//! Why an image of a text is not on this computer.

use stoa_domain::BlobHash;
use stoa_ipc::{Connection, FilesTrouble};

/// How the studio stands with its server, as far as images are concerned.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Standing {
    pub(super) is_out_of_reach: bool,
    pub(super) is_paused: bool,
    /// How much of what goes to the server is through, in percent, while it goes.
    pub(super) sent: Option<u64>,
    /// Files that do not come, and why.
    pub(super) stuck: Vec<(BlobHash, FilesTrouble)>,
}

/// Why an image is not here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Away {
    Coming,
    Paused,
    OutOfReach,
    Lost,
    Refused,
}

impl Away {
    pub(super) fn key(self) -> &'static str {
        match self {
            Away::Coming => "image-coming",
            Away::Paused => "image-paused",
            Away::OutOfReach => "image-out-of-reach",
            Away::Lost => "image-lost",
            Away::Refused => "image-not-given",
        }
    }
}

impl Standing {
    /// Why a file is not here that the server has, or does not have.
    pub(super) fn away(&self, b3: BlobHash, is_on_server: bool) -> Away {
        let stuck = self.stuck.iter().find(|(known, _)| *known == b3);
        match stuck {
            Some((_, FilesTrouble::Lost)) => Away::Lost,
            Some(_) => Away::Refused,
            None if !is_on_server => Away::Lost,
            None if self.is_paused => Away::Paused,
            None if self.is_out_of_reach => Away::OutOfReach,
            None => Away::Coming,
        }
    }
}

/// Whether nothing comes from the server now.
pub(super) fn is_out_of_reach(connection: Connection) -> bool {
    !matches!(
        connection,
        Connection::Synced
            | Connection::Syncing
            | Connection::FilesHeld
            | Connection::RemovalHeld
            | Connection::Rejected
            | Connection::Conflict
            | Connection::UpdateNeeded
            | Connection::TooManyResets
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::Words;

    #[test]
    fn an_image_that_is_not_here_says_why_and_what_helps() {
        let (b3, other) = (BlobHash::from_bytes([1; 32]), BlobHash::from_bytes([2; 32]));
        let standing = |is_out_of_reach, is_paused, stuck: &[(BlobHash, FilesTrouble)]| Standing {
            is_out_of_reach,
            is_paused,
            sent: None,
            stuck: stuck.to_vec(),
        };
        let cases = [
            (standing(false, false, &[]), true, Away::Coming),
            (standing(true, false, &[]), true, Away::OutOfReach),
            (standing(true, true, &[]), true, Away::Paused),
            (standing(false, false, &[]), false, Away::Lost),
            (
                standing(false, false, &[(b3, FilesTrouble::Lost)]),
                true,
                Away::Lost,
            ),
            (
                standing(false, false, &[(b3, FilesTrouble::Refused)]),
                true,
                Away::Refused,
            ),
            (
                standing(false, false, &[(other, FilesTrouble::Refused)]),
                true,
                Away::Coming,
            ),
        ];
        for (standing, is_on_server, away) in cases {
            assert_eq!(standing.away(b3, is_on_server), away, "{standing:?}");
            for language in ["en", "zh-CN"] {
                assert!(Words::new(language).has(away.key()), "{language} {away:?}");
            }
        }
    }

    #[test]
    fn what_comes_only_with_the_server_is_out_of_reach_without_it() {
        for connection in [
            Connection::Offline,
            Connection::WaitingForSignIn,
            Connection::Revoked,
        ] {
            assert!(is_out_of_reach(connection), "{connection:?}");
        }
        for connection in [
            Connection::Synced,
            Connection::Conflict,
            Connection::FilesHeld,
        ] {
            assert!(!is_out_of_reach(connection), "{connection:?}");
        }
    }
}
