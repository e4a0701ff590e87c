//! Accounts, sessions and devices.
//!
//! | Request | Body → answer |
//! |---|---|
//! | `POST /v1/accounts/register` | [`Register`] → [`Session`] |
//! | `POST /v1/accounts/sign-in` | [`SignIn`] → [`Session`] |
//! | `POST /v1/accounts/refresh` | [`Refresh`] → [`Tokens`] |
//! | `POST /v1/accounts/sign-out` | – → 204 (revokes this device's session) |
//! | `GET /v1/accounts/me` | – → [`Account`] |
//!
//! What concerns the list of devices is in [`crate::device`].

use std::fmt;

use serde::{Deserialize, Serialize};
use stoa_domain::{CommunityId, DeviceId, Role, UserId};

/// A secret that is sent but never shown: it has no useful `Debug`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([redacted])")
    }
}

/// The installation that signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewDevice {
    pub id: DeviceId,
    /// At most 80 characters, for example `书房的电脑`.
    pub name: String,
    /// Ed25519 public key, 64 lower-case hex digits. Refreshing is bound to it.
    pub public_key: String,
}

/// A new account. On a server with a community, the account joins it as a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Register {
    pub email: String,
    pub password: Secret,
    pub name: String,
    pub device: NewDevice,
}

/// Signing in with a password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignIn {
    pub email: String,
    pub password: Secret,
    pub device: NewDevice,
}

/// New tokens for old. The refresh token is used once; the signature proves the device key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Refresh {
    pub device: DeviceId,
    pub refresh_token: Secret,
    /// Ed25519 over [`refresh_message`], 128 lower-case hex digits.
    pub signature: String,
}

/// The bytes that a device signs to refresh: purpose, device, one-use token and one-use nonce.
pub fn refresh_message(device: DeviceId, refresh_token: &Secret, nonce: &str) -> Vec<u8> {
    format!("stoa-refresh-v1\n{device}\n{}\n{nonce}", refresh_token.0).into_bytes()
}

/// Tokens: opaque, 256 random bits each, in base64url without padding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tokens {
    pub access_token: Secret,
    /// Seconds from the answer until the access token ends.
    pub expires_in: u64,
    pub refresh_token: Secret,
    /// To be signed at the next refresh.
    pub nonce: String,
}

/// An open session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    pub tokens: Tokens,
    pub account: Account,
}

/// The person behind a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Account {
    pub user: UserId,
    pub email: String,
    pub name: String,
    pub communities: Vec<Membership>,
}

/// A community that a person belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Membership {
    pub community: CommunityId,
    pub name: String,
    pub role: Role,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_show_itself() {
        let sign_in = SignIn {
            email: "lin@example.com".into(),
            password: Secret("hunter2".into()),
            device: NewDevice {
                id: DeviceId::from_bytes([0; 16]),
                name: "laptop".into(),
                public_key: String::new(),
            },
        };
        assert!(!format!("{sign_in:?}").contains("hunter2"));
    }
}
