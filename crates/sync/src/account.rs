//! Looking at a server, signing in, signing up.

use ed25519_dalek::SigningKey;
use stoa_domain::{DeviceId, Timestamp};
use stoa_protocol::account::{Membership, NewDevice, Register, Secret, Session, SignIn};
use stoa_protocol::device::WipeOrder;
use stoa_protocol::error::{ApiError, ApiErrorCode as Code};
use stoa_store::{Link, Random};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::address::{AddressError, normalise};
use crate::http::HttpTransport;
use crate::perform::zone;
use crate::session::{SessionError, caller, hex, stored, unhex};
use crate::tls::{Recorder, Trust, authority, fingerprint, same_fingerprint};
use crate::transport::{Transport, TransportError};

/// Why something about the account was not done, named for what the user can do.
#[derive(Debug, Error)]
pub enum AccountError {
    #[error("offline: {0}")]
    Offline(String),
    #[error("the session ended")]
    SignInAgain,
    #[error("e-mail and password do not match")]
    WrongPassword,
    #[error("too many tries")]
    SlowDown { retry_after: Option<u64> },
    /// Nobody vouches for the certificate; its fingerprint has to be compared.
    #[error("the server's certificate is not trusted: {0}")]
    UntrustedServer(String),
    /// The certificate is not the one that was compared.
    #[error("the server's certificate is not the one that was trusted")]
    ServerChanged,
    #[error("no Stoa server: {0}")]
    NotAServer(String),
    #[error("this program is too old for the server")]
    UpdateNeeded,
    #[error("this device was removed from the account")]
    DeviceRevoked,
    /// The order is still to be proved, see [`crate::wipe::is_genuine`].
    #[error("this device is to be wiped")]
    WipeOrdered(Box<WipeOrder>),
    #[error("the role does not allow it")]
    NotAllowed,
    #[error("there is no such thing")]
    NotFound,
    /// There is an account with this e-mail.
    #[error("there is one already")]
    AlreadyExists,
    #[error("a field breaks a rule: {0:?}")]
    InvalidInput(Option<String>),
    #[error("the server failed: {0}")]
    ServerFailed(String),
    #[error("the store: {0}")]
    Store(#[from] stoa_store::StoreError),
}

/// A server as it shows itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerProbe {
    /// The address in its standard form.
    pub url: String,
    /// Whether the system trusts its certificate.
    pub trusted: bool,
    /// When it does not: SHA-256 of the authority's certificate, to be compared.
    pub fingerprint: Option<String>,
    /// When it does not: the authority's certificate.
    pub ca_pem: Option<String>,
}

/// Which server, and how the user knows it.
#[derive(Debug, Clone, Copy)]
pub struct ServerChoice<'a> {
    pub url: &'a str,
    /// The fingerprint the user has compared; absent when the system's trust is enough.
    pub trust: Option<&'a str>,
}

/// What proves a person.
#[derive(Debug, Clone)]
pub struct Credentials {
    pub email: String,
    pub password: Secret,
}

/// This installation. A device that signs in again stays the same device: its numbers go on.
#[derive(Clone)]
pub struct Device {
    pub id: DeviceId,
    /// For the account's list of devices.
    pub name: String,
    key: Zeroizing<[u8; 32]>,
    /// The server it synced with and that server's epoch: a restored server is to be noticed.
    known: Option<(String, String)>,
}

impl Device {
    /// A new device with a key of its own.
    pub fn new(name: &str, now: Timestamp, random: &dyn Random) -> Self {
        let mut id = [0; 10];
        random.fill(&mut id);
        let mut key = Zeroizing::new([0; 32]);
        random.fill(&mut *key);
        Self {
            id: DeviceId::new(now, id),
            name: name.chars().take(80).collect(),
            key,
            known: None,
        }
    }

    /// The device that a profile was linked with before.
    pub fn of(link: &Link, name: &str) -> Self {
        Self {
            id: link.device,
            name: name.chars().take(80).collect(),
            key: link.device_key.clone(),
            known: Some((link.server_id.clone(), link.epoch.clone())),
        }
    }

    fn introduced(&self) -> NewDevice {
        let public = SigningKey::from_bytes(&self.key).verifying_key();
        NewDevice {
            id: self.id,
            name: self.name.clone(),
            public_key: hex(public.as_bytes()),
        }
    }
}

/// Looks at a server. Nothing about the user is sent.
///
/// # Errors
/// [`AccountError`], among them `NotAServer`, and `UntrustedServer` when not even the authority
/// the server names stands behind its certificate.
pub async fn probe(url: &str) -> Result<ServerProbe, AccountError> {
    let url = normalise(url)?;
    let seen = match HttpTransport::new(&url, Trust::System) {
        Ok(server) => look(&server).await,
        Err(error) => Err(error),
    };
    match seen {
        Ok(()) => Ok(ServerProbe {
            url,
            trusted: true,
            fingerprint: None,
            ca_pem: None,
        }),
        Err(TransportError::Untrusted(_)) => probe_untrusted(url).await,
        Err(error) => Err(error.into()),
    }
}

/// A server answers a hello without a session with an error of ours.
async fn look(server: &HttpTransport) -> Result<(), TransportError> {
    let (status, body) = server.get_text("/v1/sync/hello").await?;
    match serde_json::from_str::<ApiError>(&body) {
        Ok(error) if error.code.status() == status => Ok(()),
        _ => Err(TransportError::Unreadable(format!(
            "status {status} where a Stoa server refuses"
        ))),
    }
}

/// Asks the server for its authority over a connection that trusts nobody, and checks that the
/// certificate it showed stands under it.
async fn probe_untrusted(url: String) -> Result<ServerProbe, AccountError> {
    let untrusted = |why: String| AccountError::UntrustedServer(why);
    let (config, recorder) = Recorder::config().map_err(|e| untrusted(e.to_string()))?;
    let server = HttpTransport::with_tls(&url, config)?;
    let (status, ca_pem) = server.get_text("/v1/ca.pem").await?;
    let ca = match (status, authority(&ca_pem)) {
        (200, Ok(ca)) => ca,
        _ => return Err(untrusted("it names no authority".to_owned())),
    };
    let seen = recorder
        .seen()
        .ok_or_else(|| untrusted("it showed no certificate".to_owned()))?;
    seen.check_under(&ca)
        .map_err(|e| untrusted(e.to_string()))?;
    Ok(ServerProbe {
        url,
        trusted: false,
        fingerprint: Some(fingerprint(&ca)),
        ca_pem: Some(ca_pem),
    })
}

/// Signs in with a password.
///
/// # Errors
/// [`AccountError`]; `UntrustedServer` and `ServerChanged` come before anything was sent.
pub async fn sign_in(
    server: &ServerChoice<'_>,
    credentials: &Credentials,
    device: &Device,
    now: Timestamp,
) -> Result<Link, AccountError> {
    let server = Trusted::connect(server).await?;
    let request = SignIn {
        email: credentials.email.clone(),
        password: credentials.password.clone(),
        device: device.introduced(),
    };
    let session = server.transport.sign_in(&request).await;
    server.link(session, device, now).await
}

/// Makes an account, and signs in.
///
/// # Errors
/// As [`sign_in`]; `AlreadyExists` when the e-mail has an account.
pub async fn register(
    server: &ServerChoice<'_>,
    credentials: &Credentials,
    name: &str,
    device: &Device,
    now: Timestamp,
) -> Result<Link, AccountError> {
    let server = Trusted::connect(server).await?;
    let request = Register {
        email: credentials.email.clone(),
        password: credentials.password.clone(),
        name: name.to_owned(),
        device: device.introduced(),
    };
    let session = server.transport.register(&request).await;
    server.link(session, device, now).await
}

/// A server that may be told a password.
struct Trusted {
    url: String,
    ca_pem: Option<String>,
    transport: HttpTransport,
}

impl Trusted {
    async fn connect(server: &ServerChoice<'_>) -> Result<Self, AccountError> {
        let url = normalise(server.url)?;
        let Some(expected) = server.trust else {
            return Ok(Self {
                transport: HttpTransport::new(&url, Trust::System)?,
                url,
                ca_pem: None,
            });
        };
        let shown = probe_untrusted(url.clone()).await?;
        let is_same = shown
            .fingerprint
            .is_some_and(|print| same_fingerprint(&print, expected));
        let (true, Some(ca_pem)) = (is_same, shown.ca_pem) else {
            return Err(AccountError::ServerChanged);
        };
        Ok(Self {
            transport: HttpTransport::new(&url, Trust::Only(&ca_pem))?,
            url,
            ca_pem: Some(ca_pem),
        })
    }

    fn error(&self, error: TransportError) -> AccountError {
        match error {
            TransportError::Untrusted(_) if self.ca_pem.is_some() => AccountError::ServerChanged,
            error => error.into(),
        }
    }

    async fn link(
        self,
        session: Result<Session, TransportError>,
        device: &Device,
        now: Timestamp,
    ) -> Result<Link, AccountError> {
        let Session { tokens, account } = session.map_err(|e| self.error(e))?;
        let home = home(&account.communities).ok_or(AccountError::NotAllowed)?;
        let mut link = Link {
            server_url: self.url.clone(),
            server_id: String::new(),
            ca_pem: self.ca_pem.clone(),
            community: home.community,
            community_name: home.name.clone(),
            timezone: None,
            device: device.id,
            device_key: device.key.clone(),
            user: account.user,
            email: account.email,
            name: account.name,
            role: home.role,
            epoch: String::new(),
            tokens: Some(stored(tokens, now)),
            order_key: None,
        };
        let caller = caller(&link).ok_or(AccountError::SignInAgain)?;
        let hello = self.transport.hello(&caller).await;
        let hello = hello.map_err(|e| self.error(e))?;
        let community = hello.communities.iter().find(|c| c.id == link.community);
        link.timezone = community.and_then(zone);
        link.server_id = hello.server_id;
        link.order_key = hello.order_key.as_deref().and_then(unhex);
        if let Some((server_id, epoch)) = &device.known
            && *server_id == link.server_id
        {
            link.epoch.clone_from(epoch);
        }
        Ok(link)
    }
}

/// The community a studio opens: the first one the account may write in, else the first.
fn home(communities: &[Membership]) -> Option<&Membership> {
    let writable = communities.iter().find(|c| c.role.writes_drafts());
    writable.or(communities.first())
}

impl From<AddressError> for AccountError {
    fn from(error: AddressError) -> Self {
        Self::NotAServer(error.to_string())
    }
}

impl From<SessionError> for AccountError {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Transport(error) => error.into(),
            SessionError::Store(error) => error.into(),
            SessionError::SignedOut => Self::SignInAgain,
        }
    }
}

impl From<TransportError> for AccountError {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::Unreachable(why) => Self::Offline(why),
            TransportError::Untrusted(why) => Self::UntrustedServer(why),
            TransportError::Unreadable(why) | TransportError::Address(why) => Self::NotAServer(why),
            TransportError::Refused(error) => (*error).into(),
        }
    }
}

impl From<ApiError> for AccountError {
    fn from(error: ApiError) -> Self {
        match error.code {
            Code::SignInAgain => Self::SignInAgain,
            Code::WrongPassword => Self::WrongPassword,
            Code::DeviceRevoked => Self::DeviceRevoked,
            Code::WipeOrdered => match error.wipe {
                Some(order) => Self::WipeOrdered(Box::new(order)),
                None => Self::DeviceRevoked,
            },
            Code::NotAllowed => Self::NotAllowed,
            Code::NotFound => Self::NotFound,
            Code::AlreadyExists => Self::AlreadyExists,
            Code::ClientTooOld => Self::UpdateNeeded,
            Code::SlowDown | Code::Unavailable => Self::SlowDown {
                retry_after: error.retry_after,
            },
            Code::InvalidInput => Self::InvalidInput(error.field),
            Code::Malformed
            | Code::OutOfOrder
            | Code::EpochChanged
            | Code::CursorExpired
            | Code::TooLarge
            | Code::InvalidMutation
            | Code::NoSuchRange
            | Code::NoRoom
            | Code::Internal => Self::ServerFailed(error.message),
        }
    }
}
