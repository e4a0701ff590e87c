//! The transport over HTTPS. The only place that knows the HTTP client.

mod coding;
mod files;
mod live;

use std::error::Error;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue, RETRY_AFTER,
};
use reqwest::{Client, Method, RequestBuilder, Response};
use rustls::ClientConfig;
use serde::Serialize;
use serde::de::DeserializeOwned;
use stoa_protocol::account::{Account, Refresh, Register, Secret, Session, SignIn, Tokens};
use stoa_protocol::device::{Device, RenameDevice, StepUp, Wiped};
use stoa_protocol::error::{ApiError, ApiErrorCode};
use stoa_protocol::proposal::{DecideProposals, Decided, ProposedBy};
use stoa_protocol::sync::{AckResults, Hello, Pull, Push, PushAnswer, SnapshotManifest};
use stoa_protocol::{PROTOCOL, SCHEMA, header};
use stoa_store::Snapshot;
use url::Url;

use crate::tls::{self, Trust};
use crate::transport::{
    Caller, DeviceChange, FileTransport, Pokes, PullLines, PulledLine, Transport, TransportError,
};
use coding::{Decoder, Lines, encode, unreadable};

/// How long to wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long to wait for the next bytes of an answer.
const READ_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a part of a file may take, over the slowest line there is.
const PART_TIMEOUT: Duration = Duration::from_secs(600);
/// How often a silent connection is tried.
const KEEP_ALIVE: Duration = Duration::from_secs(20);
/// An idle connection is kept this long: longer than the safety hello of a quiet studio.
const KEEP_IDLE: Duration = Duration::from_secs(90);
/// The most bytes of an answer that is not a pull.
const MAX_ANSWER_BYTES: usize = 16 * 1024 * 1024;
/// The most bytes of a pull.
const MAX_PULL_BYTES: usize = 1024 * 1024 * 1024;

/// One server over HTTPS.
pub struct HttpTransport {
    client: Client,
    /// For parts of files, which may take long to be sent.
    patient: Client,
    base: Url,
    tls: ClientConfig,
}

impl HttpTransport {
    /// Opens nothing yet; says whom to trust.
    ///
    /// # Errors
    /// The address is not `https`, or the trusted authority cannot be read.
    pub fn new(base: &str, trust: Trust<'_>) -> Result<Self, TransportError> {
        let tls =
            tls::client_config(trust).map_err(|e| TransportError::Untrusted(e.to_string()))?;
        Self::with_tls(base, tls)
    }

    pub(crate) fn with_tls(base: &str, tls: ClientConfig) -> Result<Self, TransportError> {
        let address = |why: String| TransportError::Address(why);
        let base = Url::parse(base).map_err(|e| address(e.to_string()))?;
        if base.scheme() != "https" {
            return Err(address("only https is spoken".to_owned()));
        }
        let client = |read_timeout| {
            Client::builder()
                .tls_backend_preconfigured(tls.clone())
                .https_only(true)
                .http1_only()
                .redirect(reqwest::redirect::Policy::none())
                .connect_timeout(CONNECT_TIMEOUT)
                .read_timeout(read_timeout)
                .pool_idle_timeout(KEEP_IDLE)
                .tcp_nodelay(true)
                .tcp_keepalive(KEEP_ALIVE)
                .user_agent(concat!("Stoa/", env!("CARGO_PKG_VERSION")))
                .build()
                .map_err(|e| address(e.to_string()))
        };
        Ok(Self {
            client: client(READ_TIMEOUT)?,
            patient: client(PART_TIMEOUT)?,
            base,
            tls,
        })
    }

    /// Reads a short text that needs no account. Answers the status and the body.
    pub(crate) async fn get_text(&self, path: &str) -> Result<(u16, String), TransportError> {
        let response = self.send(self.request(Method::GET, path)?).await?;
        let status = response.status().as_u16();
        let bytes = read_all(response).await?;
        Ok((status, String::from_utf8(bytes).map_err(unreadable)?))
    }

    fn request(&self, method: Method, path: &str) -> Result<RequestBuilder, TransportError> {
        let url = self
            .base
            .join(path)
            .map_err(|e| TransportError::Address(e.to_string()))?;
        Ok(self
            .client
            .request(method, url)
            .header(ACCEPT_ENCODING, "zstd, gzip")
            .header(header::PROTO, PROTOCOL)
            .header(header::SCHEMA, SCHEMA))
    }

    fn sync_request(
        &self,
        method: Method,
        caller: &Caller,
        path: &str,
    ) -> Result<RequestBuilder, TransportError> {
        let path = format!("/v1/sync/{}/{path}", caller.community);
        as_caller(self.request(method, &path)?, caller)
    }

    async fn send(&self, request: RequestBuilder) -> Result<Response, TransportError> {
        request.send().await.map_err(|e| transport_error(&e))
    }

    /// Sends and reads one JSON answer.
    async fn call<T: DeserializeOwned>(
        &self,
        request: RequestBuilder,
    ) -> Result<T, TransportError> {
        let response = accepted(self.send(request).await?).await?;
        serde_json::from_slice(&read_all(response).await?).map_err(unreadable)
    }

    /// Sends and expects no content.
    async fn tell(&self, request: RequestBuilder) -> Result<(), TransportError> {
        accepted(self.send(request).await?).await.map(|_| ())
    }

    fn account_request(
        &self,
        method: Method,
        path: &str,
        access: &Secret,
    ) -> Result<RequestBuilder, TransportError> {
        let request = self.request(method, &format!("/v1/accounts/{path}"))?;
        Ok(request.header(AUTHORIZATION, bearer(access)?))
    }
}

#[async_trait]
impl Transport for HttpTransport {
    fn files(&self) -> Option<&dyn FileTransport> {
        Some(self)
    }

    async fn hello(&self, caller: &Caller) -> Result<Hello, TransportError> {
        let request = self.request(Method::GET, "/v1/sync/hello")?;
        self.call(as_caller(request, caller)?).await
    }

    async fn push(&self, caller: &Caller, push: &Push) -> Result<PushAnswer, TransportError> {
        let request = self.sync_request(Method::POST, caller, "push")?;
        self.call(with_body(request, push)?).await
    }

    async fn pull(
        &self,
        caller: &Caller,
        pull: &Pull,
    ) -> Result<Box<dyn PullLines>, TransportError> {
        let request = self.sync_request(Method::POST, caller, "pull")?;
        let response = accepted(self.send(with_body(request, pull)?).await?).await?;
        Ok(Box::new(HttpLines {
            decoder: Decoder::new(encoding(&response).as_deref(), MAX_PULL_BYTES)?,
            lines: Lines::default(),
            response,
        }))
    }

    async fn snapshot(
        &self,
        caller: &Caller,
        bucket: &str,
        begun: Option<String>,
    ) -> Result<SnapshotManifest, TransportError> {
        let begun = begun.map_or_else(String::new, |id| format!("?begun={id}"));
        let path = format!("snapshots/{bucket}{begun}");
        self.call(self.sync_request(Method::GET, caller, &path)?)
            .await
    }

    async fn snapshot_part(
        &self,
        caller: &Caller,
        snapshot: &Snapshot,
        part: usize,
    ) -> Result<Vec<u8>, TransportError> {
        let path = format!("snapshots/{}/{}/{part}", snapshot.bucket, snapshot.id);
        let request = self.sync_request(Method::GET, caller, &path)?;
        read_all(accepted(self.send(request).await?).await?).await
    }

    async fn ack_results(&self, caller: &Caller, mid: i64) -> Result<(), TransportError> {
        let request = self.sync_request(Method::POST, caller, "results/ack")?;
        self.tell(with_body(request, &AckResults { mid })?).await
    }

    async fn live(&self, caller: &Caller) -> Result<Box<dyn Pokes>, TransportError> {
        let request = self.sync_request(Method::POST, caller, "live-ticket")?;
        let ticket = self.call(request).await?;
        live::open(&self.base, &self.tls, caller.community, ticket).await
    }

    async fn proposals(&self, caller: &Caller) -> Result<Vec<ProposedBy>, TransportError> {
        self.call(self.sync_request(Method::GET, caller, "proposals")?)
            .await
    }

    async fn decide_proposals(
        &self,
        caller: &Caller,
        decision: &DecideProposals,
    ) -> Result<Decided, TransportError> {
        let request = self.sync_request(Method::POST, caller, "proposals/decide")?;
        self.call(with_body(request, decision)?).await
    }

    async fn register(&self, account: &Register) -> Result<Session, TransportError> {
        let request = self.request(Method::POST, "/v1/accounts/register")?;
        self.call(with_body(request, account)?).await
    }

    async fn sign_in(&self, account: &SignIn) -> Result<Session, TransportError> {
        let request = self.request(Method::POST, "/v1/accounts/sign-in")?;
        self.call(with_body(request, account)?).await
    }

    async fn refresh(&self, refresh: &Refresh) -> Result<Tokens, TransportError> {
        let request = self.request(Method::POST, "/v1/accounts/refresh")?;
        self.call(with_body(request, refresh)?).await
    }

    async fn sign_out(&self, access: &Secret) -> Result<(), TransportError> {
        self.tell(self.account_request(Method::POST, "sign-out", access)?)
            .await
    }

    async fn me(&self, access: &Secret) -> Result<Account, TransportError> {
        self.call(self.account_request(Method::GET, "me", access)?)
            .await
    }

    async fn devices(&self, access: &Secret) -> Result<Vec<Device>, TransportError> {
        self.call(self.account_request(Method::GET, "devices", access)?)
            .await
    }

    async fn change_device(
        &self,
        access: &Secret,
        change: &DeviceChange,
    ) -> Result<(), TransportError> {
        let (path, password) = match change {
            DeviceChange::Rename { device, name } => {
                let path = format!("devices/{device}");
                let request = self.account_request(Method::PATCH, &path, access)?;
                let name = name.clone();
                return self.tell(with_body(request, &RenameDevice { name })?).await;
            }
            DeviceChange::Revoke { device, password } => {
                (format!("devices/{device}/revoke"), password)
            }
            DeviceChange::RevokeOthers { password } => {
                ("devices/revoke-others".to_owned(), password)
            }
            DeviceChange::Wipe { device, password } => (format!("devices/{device}/wipe"), password),
        };
        let request = self.account_request(Method::POST, &path, access)?;
        let password = password.clone();
        self.tell(with_body(request, &StepUp { password })?).await
    }

    async fn wiped(&self, said: &Wiped) -> Result<(), TransportError> {
        let request = self.request(Method::POST, "/v1/accounts/wiped")?;
        self.tell(with_body(request, said)?).await
    }
}

/// A pull on its way in.
struct HttpLines {
    response: Response,
    decoder: Decoder,
    lines: Lines,
}

#[async_trait]
impl PullLines for HttpLines {
    async fn next(&mut self) -> Result<Vec<PulledLine>, TransportError> {
        let mut out = Vec::new();
        while out.is_empty() {
            let chunk = self.response.chunk().await;
            let Some(chunk) = chunk.map_err(|e| transport_error(&e))? else {
                return match self.lines.is_cut() {
                    true => Err(unreadable("the pull ends inside a line")),
                    false => Ok(out),
                };
            };
            let lines = &mut self.lines;
            self.decoder
                .feed(&chunk, |bytes| lines.feed(bytes, &mut out))?;
        }
        Ok(out)
    }
}

fn as_caller(request: RequestBuilder, caller: &Caller) -> Result<RequestBuilder, TransportError> {
    Ok(request
        .header(AUTHORIZATION, bearer(&caller.access)?)
        .header(header::DEVICE, caller.device.to_string()))
}

fn bearer(access: &Secret) -> Result<HeaderValue, TransportError> {
    let mut value = HeaderValue::try_from(format!("Bearer {}", access.0)).map_err(unreadable)?;
    value.set_sensitive(true);
    Ok(value)
}

fn with_body(
    request: RequestBuilder,
    body: &impl Serialize,
) -> Result<RequestBuilder, TransportError> {
    let encoded = encode(serde_json::to_vec(body).map_err(unreadable)?);
    let request = request.header(CONTENT_TYPE, "application/json");
    let request = match encoded.is_zstd {
        true => request.header(CONTENT_ENCODING, "zstd"),
        false => request,
    };
    Ok(request.body(encoded.bytes))
}

fn encoding(response: &Response) -> Option<String> {
    let value = response.headers().get(CONTENT_ENCODING)?;
    Some(value.to_str().ok()?.trim().to_ascii_lowercase())
}

async fn read_all(mut response: Response) -> Result<Vec<u8>, TransportError> {
    let mut decoder = Decoder::new(encoding(&response).as_deref(), MAX_ANSWER_BYTES)?;
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|e| transport_error(&e))? {
        decoder.feed(&chunk, |bytes| {
            body.extend_from_slice(bytes);
            Ok(())
        })?;
    }
    Ok(body)
}

/// Lets answers of 2xx pass and reads the error of all others.
async fn accepted(response: Response) -> Result<Response, TransportError> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let retry_after = response
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let body = read_all(response).await?;
    let mut error = match serde_json::from_slice::<ApiError>(&body) {
        Ok(error) => error,
        Err(_) => foreign_error(status.as_u16())?,
    };
    error.retry_after = retry_after.or(error.retry_after);
    Err(TransportError::Refused(Box::new(error)))
}

/// What an answer without our error body means: one of something between us and the server, as
/// far as its status says what to do; otherwise this is no Stoa server.
fn foreign_error(status: u16) -> Result<ApiError, TransportError> {
    let code = match status {
        413 => ApiErrorCode::TooLarge,
        429 => ApiErrorCode::SlowDown,
        500 => ApiErrorCode::Internal,
        502..=504 => ApiErrorCode::Unavailable,
        _ => return Err(unreadable(format!("status {status} without a reason"))),
    };
    Ok(ApiError::new(code, format!("status {status}")))
}

/// Sorts a failure of the HTTP client by what can be done about it. Its text never has the URL,
/// which a log should not have either.
fn transport_error(error: &reqwest::Error) -> TransportError {
    if let Some(why) = certificate_error(error) {
        return TransportError::Untrusted(why);
    }
    let mut why = String::new();
    let mut source = error.source();
    while let Some(cause) = source {
        why = cause.to_string();
        source = cause.source();
    }
    if error.is_timeout() {
        why = "no answer in time".to_owned();
    }
    if error.is_builder() {
        return TransportError::Address(why);
    }
    TransportError::Unreachable(why)
}

/// The certificate error inside, if there is one.
fn certificate_error(error: &(dyn Error + 'static)) -> Option<String> {
    if let Some(rustls::Error::InvalidCertificate(why)) = error.downcast_ref() {
        return Some(why.to_string());
    }
    // An IO error hides what it wraps from `source`.
    let wrapped = error
        .downcast_ref::<std::io::Error>()
        .and_then(std::io::Error::get_ref);
    match wrapped {
        Some(inner) => certificate_error(inner),
        None => certificate_error(error.source()?),
    }
}
