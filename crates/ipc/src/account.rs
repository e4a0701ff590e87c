//! Connecting a profile to a server.

use serde::{Deserialize, Serialize};

/// Looks at a server without sending anything about the user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProbeServer {
    /// `https://` is added when missing.
    pub url: String,
}

/// A server as it shows itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerInfo {
    /// The address, brought into its standard form.
    pub url: String,
    /// Whether the system, or the user earlier, trusts its certificate.
    pub trusted: bool,
    /// SHA-256 of the certificate authority's certificate: 64 upper-case hex digits in groups of
    /// four. Absent when the system trusts it.
    pub fingerprint: Option<String>,
}

/// Signs the open profile in. A `Local` profile becomes `Connected`; its drafts are kept and sent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    pub url: String,
    pub email: String,
    pub password: String,
    /// The fingerprint the user has compared, when the system does not trust the server.
    pub trust: Option<String>,
}

/// Ends the session; everything on this computer stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignOut {}

/// The account that is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    pub name: String,
    pub email: String,
    pub community: String,
    pub role: stoa_domain::Role,
}
