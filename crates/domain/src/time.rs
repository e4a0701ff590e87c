//! Instants, in milliseconds since 1970 UTC, and the names of time zones. A device's clock only ever
//! decides what is shown.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// An instant in milliseconds since 1970-01-01T00:00:00Z.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Timestamp(i64);

impl Timestamp {
    /// Wraps milliseconds since 1970 UTC.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970 UTC.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// This instant moved by `millis`, stopping at the ends of the range.
    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` to this instant, negative if it is later.
    pub const fn millis_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// The longest name of a time zone, in bytes. The longest of the database has 32.
const MAX_ZONE_BYTES: usize = 64;

/// The name of a time zone in the form that the IANA's database has, such as `Asia/Shanghai`, or
/// `UTC`. Which of them there are is known by the system that reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ZoneName(String);

/// Why a text is not the name of a time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not the name of a time zone such as Asia/Shanghai")]
pub struct ZoneNameError;

impl ZoneName {
    /// Reads a name.
    ///
    /// # Errors
    /// [`ZoneNameError`] when it does not have the form of one.
    pub fn parse(name: &str) -> Result<Self, ZoneNameError> {
        let is_part = |part: &str| {
            !part.is_empty()
                && part
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "_+-".contains(c))
        };
        let is_name = name == "UTC" || name.contains('/') && name.split('/').all(is_part);
        match is_name && name.len() <= MAX_ZONE_BYTES {
            true => Ok(Self(name.to_owned())),
            false => Err(ZoneNameError),
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ZoneName {
    type Error = ZoneNameError;

    fn try_from(name: String) -> Result<Self, ZoneNameError> {
        Self::parse(&name)
    }
}

impl From<ZoneName> for String {
    fn from(name: ZoneName) -> String {
        name.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_time_zone_is_that_of_the_database() {
        for name in [
            "UTC",
            "Asia/Shanghai",
            "America/Argentina/Buenos_Aires",
            "Etc/GMT+8",
        ] {
            assert_eq!(ZoneName::parse(name).unwrap().as_str(), name);
        }
        let long = format!("Asia/{}", "a".repeat(60));
        for name in [
            "",
            "Shanghai",
            "Asia/",
            "/Shanghai",
            "Asia//X",
            "Asia/上海",
            "../etc/x",
            &long,
        ] {
            assert_eq!(ZoneName::parse(name), Err(ZoneNameError), "{name}");
        }
    }
}
