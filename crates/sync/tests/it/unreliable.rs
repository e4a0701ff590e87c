//! A transport to a real server on which a test decides what goes wrong.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use stoa_protocol::account::{Account, Refresh, Register, Secret, Session, SignIn, Tokens};
use stoa_protocol::device::Device;
use stoa_protocol::error::{ApiError, ApiErrorCode};
use stoa_protocol::sync::{Hello, Pull, Push, PushAnswer, SnapshotManifest};
use stoa_store::{Link, Snapshot};
use stoa_sync::http::HttpTransport;
use stoa_sync::tls::Trust;
use stoa_sync::transport::{Caller, Pokes, PullLines, Transport, TransportError};

/// Which request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    Hello,
    Push,
    Pull,
    Part,
    Refresh,
}

/// What happens to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mishap {
    /// The server carries it out, and the answer is lost.
    ReplyLost,
    Refused(ApiErrorCode),
    /// A byte of a part is another on its way.
    Spoiled,
}

pub(crate) struct Unreliable {
    inner: HttpTransport,
    mishaps: Mutex<VecDeque<(Call, Mishap)>>,
    n_requests: AtomicUsize,
    /// The parts of snapshots that came whole.
    parts: Mutex<Vec<(String, usize)>>,
}

impl Unreliable {
    pub(crate) fn to(link: &Link) -> Arc<Self> {
        let trust = link.ca_pem.as_deref().map_or(Trust::System, Trust::Only);
        Arc::new(Self {
            inner: HttpTransport::new(&link.server_url, trust).unwrap(),
            mishaps: Mutex::new(VecDeque::new()),
            n_requests: AtomicUsize::new(0),
            parts: Mutex::new(Vec::new()),
        })
    }

    /// The next request of this kind meets this.
    pub(crate) fn meet(&self, call: Call, mishap: Mishap) {
        self.mishaps.lock().unwrap().push_back((call, mishap));
    }

    /// All that was to go wrong has gone wrong.
    pub(crate) fn is_through(&self) -> bool {
        self.mishaps.lock().unwrap().is_empty()
    }

    pub(crate) fn n_requests(&self) -> usize {
        self.n_requests.load(Ordering::SeqCst)
    }

    pub(crate) fn parts(&self) -> Vec<(String, usize)> {
        self.parts.lock().unwrap().clone()
    }

    fn mishap(&self, call: Call) -> Option<Mishap> {
        self.n_requests.fetch_add(1, Ordering::SeqCst);
        let mut mishaps = self.mishaps.lock().unwrap();
        let at = mishaps.iter().position(|(which, _)| *which == call)?;
        mishaps.remove(at).map(|(_, mishap)| mishap)
    }

    async fn send<T>(
        &self,
        call: Call,
        request: impl Future<Output = Result<T, TransportError>>,
    ) -> Result<T, TransportError> {
        match self.mishap(call) {
            None => request.await,
            Some(Mishap::Refused(code)) => {
                let error = ApiError::new(code, "a mishap");
                Err(TransportError::Refused(Box::new(error)))
            }
            Some(Mishap::Spoiled | Mishap::ReplyLost) => {
                request.await?;
                Err(TransportError::Unreachable("a mishap".to_owned()))
            }
        }
    }
}

#[async_trait]
impl Transport for Unreliable {
    async fn hello(&self, caller: &Caller) -> Result<Hello, TransportError> {
        self.send(Call::Hello, self.inner.hello(caller)).await
    }
    async fn push(&self, caller: &Caller, push: &Push) -> Result<PushAnswer, TransportError> {
        self.send(Call::Push, self.inner.push(caller, push)).await
    }
    async fn pull(
        &self,
        caller: &Caller,
        pull: &Pull,
    ) -> Result<Box<dyn PullLines>, TransportError> {
        self.send(Call::Pull, self.inner.pull(caller, pull)).await
    }
    async fn snapshot(
        &self,
        caller: &Caller,
        bucket: &str,
        begun: Option<String>,
    ) -> Result<SnapshotManifest, TransportError> {
        self.inner.snapshot(caller, bucket, begun).await
    }
    async fn snapshot_part(
        &self,
        caller: &Caller,
        snapshot: &Snapshot,
        part: usize,
    ) -> Result<Vec<u8>, TransportError> {
        let mishap = self.mishap(Call::Part);
        let mut bytes = self.inner.snapshot_part(caller, snapshot, part).await?;
        match mishap {
            None => {
                let name = (snapshot.bucket.clone(), part);
                self.parts.lock().unwrap().push(name);
            }
            Some(Mishap::Spoiled) => bytes[10] ^= 1,
            Some(_) => return Err(TransportError::Unreachable("a mishap".to_owned())),
        }
        Ok(bytes)
    }
    async fn refresh(&self, refresh: &Refresh) -> Result<Tokens, TransportError> {
        self.send(Call::Refresh, self.inner.refresh(refresh)).await
    }
    async fn ack_results(&self, caller: &Caller, mid: i64) -> Result<(), TransportError> {
        self.inner.ack_results(caller, mid).await
    }
    async fn live(&self, caller: &Caller) -> Result<Box<dyn Pokes>, TransportError> {
        self.inner.live(caller).await
    }
    async fn register(&self, account: &Register) -> Result<Session, TransportError> {
        self.inner.register(account).await
    }
    async fn sign_in(&self, account: &SignIn) -> Result<Session, TransportError> {
        self.inner.sign_in(account).await
    }
    async fn sign_out(&self, access: &Secret) -> Result<(), TransportError> {
        self.inner.sign_out(access).await
    }
    async fn me(&self, access: &Secret) -> Result<Account, TransportError> {
        self.inner.me(access).await
    }
    async fn devices(&self, access: &Secret) -> Result<Vec<Device>, TransportError> {
        self.inner.devices(access).await
    }
}
