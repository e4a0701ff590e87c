//! An open session with one server: who we are, and tokens that stay fresh.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ed25519_dalek::{Signer, SigningKey};
use stoa_domain::Timestamp;
use stoa_protocol::account::{Refresh, Secret, Tokens, refresh_message};
use stoa_protocol::device::Device;
use stoa_protocol::error::ApiErrorCode;
use stoa_protocol::proposal::{DecideProposals, Decided, ProposedBy};
use stoa_store::{Link, Store, StoreError, StoredTokens};
use thiserror::Error;
use tokio::sync::Mutex;
use zeroize::Zeroizing;

use crate::clock::Clock;
use crate::http::HttpTransport;
use crate::snapshot::Snapshots;
use crate::tls::Trust;
use crate::transport::{Caller, DeviceChange, Pokes, Transport, TransportError};

/// A request, or what it needs of the own store, failed.
#[derive(Debug, Error)]
pub(crate) enum SessionError {
    #[error(transparent)]
    Transport(#[from] TransportError),
    #[error("the store: {0}")]
    Store(#[from] StoreError),
    #[error("nobody is signed in")]
    SignedOut,
}

/// The session of the profile's link.
pub(crate) struct Session {
    store: Store,
    /// One call into the store at a time, each to its end, even when nobody waits for it any more.
    turn: Arc<Mutex<()>>,
    /// One refresh at a time: a refresh token is used once.
    refreshing: Mutex<()>,
    pub(crate) transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    pub(crate) snapshots: Snapshots,
    is_tidying: Arc<AtomicBool>,
}

impl Session {
    pub(crate) fn new(store: Store, transport: Arc<dyn Transport>, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            turn: Arc::new(Mutex::new(())),
            refreshing: Mutex::new(()),
            transport,
            clock,
            snapshots: Snapshots::default(),
            is_tidying: Arc::default(),
        }
    }

    /// The transport that a link asks for.
    pub(crate) fn dial(link: &Link) -> Result<Arc<dyn Transport>, TransportError> {
        let trust = match &link.ca_pem {
            Some(pem) => Trust::Only(pem),
            None => Trust::System,
        };
        Ok(Arc::new(HttpTransport::new(&link.server_url, trust)?))
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Calls the store off the runtime's threads.
    pub(crate) async fn with_store<T: Send + 'static>(
        &self,
        call: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let turn = self.turn.clone().lock_owned().await;
        let store = self.store.clone();
        let done = tokio::task::spawn_blocking(move || {
            let result = call(&store);
            drop(turn);
            result
        });
        done.await
            .map_err(|e| StoreError::Internal(format!("a call into the store broke off: {e}")))?
    }

    /// Merges what a large pull has left for later and lets files of deleted drafts go, beside all
    /// else and in small steps, until all is done or the session ends.
    pub(crate) fn tidy_later(&self) {
        if self.is_tidying.swap(true, Ordering::SeqCst) {
            return;
        }
        let (store, now) = (self.store.clone(), self.now());
        let (is_tidying, alive) = (self.is_tidying.clone(), Arc::downgrade(&self.turn));
        tokio::task::spawn_blocking(move || {
            while alive.strong_count() > 0 {
                match store
                    .tidy()
                    .and_then(|more| Ok(more || store.let_files_go(now)?))
                {
                    Ok(true) => {}
                    Ok(false) => break,
                    Err(error) => {
                        tracing::warn!(%error, "what was left for later stays for later");
                        break;
                    }
                }
            }
            is_tidying.store(false, Ordering::SeqCst);
        });
    }

    pub(crate) async fn link(&self) -> Result<Link, SessionError> {
        let link = self.with_store(Store::link).await?;
        link.ok_or(SessionError::SignedOut)
    }

    /// Fetches new tokens and has them on disk before anybody uses them.
    ///
    /// A reply that is lost does no harm: the same request is sent again, and the server knows a
    /// repetition by the device's signature.
    pub(crate) async fn refresh(&self) -> Result<(), SessionError> {
        let _one = self.refreshing.lock().await;
        let link = self.link().await?;
        let tokens = link.tokens.as_ref().ok_or(SessionError::SignedOut)?;
        let request = signed_refresh(&link, tokens);
        let answer = self.transport.refresh(&request).await?;
        let tokens = stored(answer, self.clock.now());
        self.with_store(move |store| store.set_tokens(Some(&tokens)))
            .await?;
        Ok(())
    }

    pub(crate) async fn open_live(&self) -> Result<Box<dyn Pokes>, SessionError> {
        let link = self.link().await?;
        let caller = caller(&link).ok_or(SessionError::SignedOut)?;
        Ok(self.transport.live(&caller).await?)
    }

    /// The devices of the account.
    pub(crate) async fn devices(&self) -> Result<Vec<Device>, SessionError> {
        let access = self.access().await?;
        match self.transport.devices(&access).await {
            Err(e) if e.code() == Some(ApiErrorCode::SignInAgain) => {
                let access = self.access_after(&access).await?;
                Ok(self.transport.devices(&access).await?)
            }
            other => Ok(other?),
        }
    }

    /// Changes the list of devices.
    pub(crate) async fn change_device(&self, change: &DeviceChange) -> Result<(), SessionError> {
        let access = self.access().await?;
        match self.transport.change_device(&access, change).await {
            Err(e) if e.code() == Some(ApiErrorCode::SignInAgain) => {
                let access = self.access_after(&access).await?;
                Ok(self.transport.change_device(&access, change).await?)
            }
            other => Ok(other?),
        }
    }

    /// Work that waits for an owner's decision.
    pub(crate) async fn proposals(&self) -> Result<Vec<ProposedBy>, SessionError> {
        let caller = self.caller().await?;
        match self.transport.proposals(&caller).await {
            Err(e) if e.code() == Some(ApiErrorCode::SignInAgain) => {
                self.access_after(&caller.access).await?;
                Ok(self.transport.proposals(&self.caller().await?).await?)
            }
            other => Ok(other?),
        }
    }

    /// Decides about work of others. Repeating it does no harm.
    pub(crate) async fn decide(&self, decision: &DecideProposals) -> Result<Decided, SessionError> {
        let caller = self.caller().await?;
        match self.transport.decide_proposals(&caller, decision).await {
            Err(e) if e.code() == Some(ApiErrorCode::SignInAgain) => {
                self.access_after(&caller.access).await?;
                let caller = self.caller().await?;
                Ok(self.transport.decide_proposals(&caller, decision).await?)
            }
            other => Ok(other?),
        }
    }

    /// Ends the session. The tokens here are forgotten even if the server cannot be told.
    pub(crate) async fn sign_out(&self) -> Result<(), SessionError> {
        if let Ok(access) = self.access().await
            && let Err(e) = self.transport.sign_out(&access).await
        {
            tracing::info!(error = %e, "the server could not be told of the sign-out");
        }
        self.with_store(|store| store.set_tokens(None)).await?;
        Ok(())
    }

    /// Who asks, with the access token as it is now.
    pub(crate) async fn caller(&self) -> Result<Caller, SessionError> {
        caller(&self.link().await?).ok_or(SessionError::SignedOut)
    }

    /// The same with a token that is not the one that was refused.
    pub(crate) async fn caller_after(&self, refused: &Secret) -> Result<Caller, SessionError> {
        self.access_after(refused).await?;
        self.caller().await
    }

    async fn access(&self) -> Result<Secret, SessionError> {
        Ok(self.caller().await?.access)
    }

    /// A token that is not the one that was refused: perhaps somebody refreshed it meanwhile.
    async fn access_after(&self, refused: &Secret) -> Result<Secret, SessionError> {
        let access = self.access().await?;
        if access != *refused {
            return Ok(access);
        }
        self.refresh().await?;
        self.access().await
    }
}

/// Who asks, when somebody is signed in.
pub(crate) fn caller(link: &Link) -> Option<Caller> {
    let tokens = link.tokens.as_ref()?;
    Some(Caller {
        access: Secret(tokens.access.to_string()),
        device: link.device,
        community: link.community,
    })
}

/// Tokens as they are kept, with the end of the access token by the device's clock.
pub(crate) fn stored(tokens: Tokens, now: Timestamp) -> StoredTokens {
    let millis = i64::try_from(tokens.expires_in.saturating_mul(1000)).unwrap_or(i64::MAX);
    StoredTokens {
        access: Zeroizing::new(tokens.access_token.0),
        access_expires_at: now.plus_millis(millis),
        refresh: Zeroizing::new(tokens.refresh_token.0),
        nonce: tokens.nonce,
    }
}

fn signed_refresh(link: &Link, tokens: &StoredTokens) -> Refresh {
    let refresh_token = Secret(tokens.refresh.to_string());
    let message = refresh_message(link.device, &refresh_token, &tokens.nonce);
    let signature = SigningKey::from_bytes(&link.device_key).sign(&message);
    Refresh {
        device: link.device,
        refresh_token,
        signature: hex(&signature.to_bytes()),
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads exactly `N` bytes of lower-case hex.
pub(crate) fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

fn digit(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}
