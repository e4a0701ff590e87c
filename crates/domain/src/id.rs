//! Identifiers: UUIDv7, one newtype for each kind of thing, so that they cannot be mixed up.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

/// The text is not a UUID.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is not an id")]
pub struct IdError(String);

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, format = Uuid))]
        pub struct $name(Uuid);

        impl $name {
            /// Makes a version 7 id from a time in milliseconds since 1970 and ten random bytes.
            pub fn new(now: crate::Timestamp, random: [u8; 10]) -> Self {
                let millis = u64::try_from(now.millis()).unwrap_or(0);
                Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
            }

            /// When it was made, by its maker's clock.
            pub fn made_at(&self) -> crate::Timestamp {
                let mut millis = [0; 8];
                millis[2..].copy_from_slice(&self.0.as_bytes()[..6]);
                crate::Timestamp::from_millis(i64::from_be_bytes(millis))
            }

            /// The 16 bytes as stored in a database.
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// The 16 bytes as stored in a database.
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Uuid::parse_str(text).map(Self).map_err(|_| IdError(text.chars().take(64).collect()))
            }
        }
    )+};
}

ids! {
    /// One creator's community, the tenant of everything else.
    CommunityId,
    /// A person with an account.
    UserId,
    /// One installation of the studio, as the server knows it.
    DeviceId,
    /// A draft, and the document that holds its text.
    DraftId,
    /// One update to the text of a draft.
    UpdateId,
    /// A file that belongs to a draft.
    AttachmentId,
    /// A state of a draft's text that somebody named.
    VersionId,
    /// A request to review a draft.
    ReviewId,
    /// A remark in the margin of a draft.
    ReviewCommentId,
    /// A section of a course.
    SectionId,
    /// A tag that has synonyms; see [`Tag::id`](crate::Tag::id).
    TagId,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;

    #[test]
    fn an_id_survives_text_and_bytes() {
        let id = DraftId::new(Timestamp::from_millis(1_700_000_000_000), [7; 10]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(DraftId::from_bytes(*id.as_bytes()), id);
    }

    #[test]
    fn later_ids_sort_after_earlier_ones() {
        let early = DraftId::new(Timestamp::from_millis(1), [255; 10]);
        let late = DraftId::new(Timestamp::from_millis(2), [0; 10]);
        assert!(early < late);
    }

    #[test]
    fn a_word_is_not_an_id() {
        assert!("draft".parse::<DraftId>().is_err());
    }
}
