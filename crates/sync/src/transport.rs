//! What the engine needs of a server, whatever carries it: the seam between the driver and HTTP.

use std::ops::Range;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream::BoxStream;
use stoa_domain::{BlobHash, CommunityId, DeviceId};
use stoa_protocol::account::{Account, Refresh, Register, Secret, Session, SignIn, Tokens};
use stoa_protocol::blob::{BlobParts, MissingBlobs, MissingParts, OfferBlob, WhichBlobs};
use stoa_protocol::device::{Device, Wiped};
use stoa_protocol::error::{ApiError, ApiErrorCode};
use stoa_protocol::proposal::{DecideProposals, Decided, ProposedBy};
use stoa_protocol::sync::{Hello, Pull, PullLine, Push, PushAnswer, SnapshotManifest};
use stoa_store::Snapshot;
use thiserror::Error;

use crate::files::PartBody;

/// Who asks: sent with every request that carries data.
#[derive(Debug, Clone)]
pub struct Caller {
    pub access: Secret,
    pub device: DeviceId,
    pub community: CommunityId,
}

/// What is changed about the devices of an account. Taking access away asks for the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeviceChange {
    Rename {
        device: DeviceId,
        name: String,
    },
    Revoke {
        device: DeviceId,
        password: Secret,
    },
    /// All but the one that asks.
    RevokeOthers {
        password: Secret,
    },
    /// Everything is to be wiped from the device when it next asks for anything.
    Wipe {
        device: DeviceId,
        password: Secret,
    },
}

/// Why a request brought no answer, or none that can be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TransportError {
    /// No connection, or it ended before the answer was complete. The request may have arrived.
    #[error("the server cannot be reached: {0}")]
    Unreachable(String),
    /// The answer is not what this program understands.
    #[error("the answer cannot be read: {0}")]
    Unreadable(String),
    /// The certificate is not the one that is trusted; nothing was sent.
    #[error("the server's certificate is not trusted: {0}")]
    Untrusted(String),
    /// The address cannot be used.
    #[error("the address is not one of a server: {0}")]
    Address(String),
    /// The server answered that it will not do it.
    #[error("the server refused ({:?}): {}", .0.code, .0.message)]
    Refused(Box<ApiError>),
}

impl TransportError {
    /// The code of a refusal.
    pub fn code(&self) -> Option<ApiErrorCode> {
        match self {
            Self::Refused(error) => Some(error.code),
            _ => None,
        }
    }
}

/// A line of a pull.
#[derive(Debug, Clone, PartialEq)]
pub enum PulledLine {
    /// A row.
    Row(PulledRow),
    /// Anything else, or a row that is written in an unusual way.
    Said(PullLine),
}

/// A row with its columns as they came, for the store to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PulledRow {
    pub table: String,
    pub pk: String,
    pub version: i64,
    pub seq: i64,
    /// A JSON object.
    pub columns: String,
}

/// The lines of one pull as they arrive. Dropping it gives the pull up.
#[async_trait]
pub trait PullLines: Send {
    /// Some more lines in order; empty when the stream is over.
    async fn next(&mut self) -> Result<Vec<PulledLine>, TransportError>;
}

/// The server's calls that there is something to be pulled.
#[async_trait]
pub trait Pokes: Send {
    /// Waits for the next poke and answers the sequence number it tells.
    async fn next(&mut self) -> Result<i64, TransportError>;
}

/// A transport that carries synchronisation only.
fn not_carried() -> TransportError {
    TransportError::Unreachable("this way carries synchronisation only".to_owned())
}

/// One server's files.
#[async_trait]
pub trait FileTransport: Send + Sync {
    async fn offer(
        &self,
        caller: &Caller,
        offer: &OfferBlob,
    ) -> Result<MissingParts, TransportError>;
    /// Sends a part: which file, which part, how many bytes, the bytes.
    async fn put_part(
        &self,
        caller: &Caller,
        part: (BlobHash, u32),
        size: u64,
        body: PartBody,
    ) -> Result<(), TransportError>;
    async fn complete(&self, caller: &Caller, b3: BlobHash)
    -> Result<MissingParts, TransportError>;
    async fn parts(&self, caller: &Caller, b3: BlobHash) -> Result<BlobParts, TransportError>;
    /// Some bytes of a file, as they arrive.
    async fn part(
        &self,
        caller: &Caller,
        b3: BlobHash,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, Result<Bytes, TransportError>>, TransportError>;
    async fn missing(
        &self,
        caller: &Caller,
        asked: &WhichBlobs,
    ) -> Result<MissingBlobs, TransportError>;
}

/// One server.
#[async_trait]
pub trait Transport: Send + Sync {
    /// The part of it that moves files, if it does.
    fn files(&self) -> Option<&dyn FileTransport> {
        None
    }

    async fn hello(&self, caller: &Caller) -> Result<Hello, TransportError>;
    async fn push(&self, caller: &Caller, push: &Push) -> Result<PushAnswer, TransportError>;
    async fn pull(
        &self,
        caller: &Caller,
        pull: &Pull,
    ) -> Result<Box<dyn PullLines>, TransportError>;
    /// The snapshot of a bucket; the one that was begun, if it is still there.
    async fn snapshot(
        &self,
        _caller: &Caller,
        _bucket: &str,
        _begun: Option<String>,
    ) -> Result<SnapshotManifest, TransportError> {
        Err(no_snapshots())
    }

    /// The bytes of a part, not looked at yet.
    async fn snapshot_part(
        &self,
        _caller: &Caller,
        _snapshot: &Snapshot,
        _part: usize,
    ) -> Result<Vec<u8>, TransportError> {
        Err(no_snapshots())
    }

    async fn ack_results(&self, caller: &Caller, mid: i64) -> Result<(), TransportError>;
    async fn live(&self, caller: &Caller) -> Result<Box<dyn Pokes>, TransportError>;

    /// Work that waits for an owner's decision.
    async fn proposals(&self, _caller: &Caller) -> Result<Vec<ProposedBy>, TransportError> {
        Err(not_carried())
    }

    async fn decide_proposals(
        &self,
        _caller: &Caller,
        _decision: &DecideProposals,
    ) -> Result<Decided, TransportError> {
        Err(not_carried())
    }

    async fn register(&self, account: &Register) -> Result<Session, TransportError>;
    async fn sign_in(&self, account: &SignIn) -> Result<Session, TransportError>;
    async fn refresh(&self, refresh: &Refresh) -> Result<Tokens, TransportError>;
    async fn sign_out(&self, access: &Secret) -> Result<(), TransportError>;
    async fn me(&self, access: &Secret) -> Result<Account, TransportError>;
    async fn devices(&self, access: &Secret) -> Result<Vec<Device>, TransportError>;

    /// Changes the list of devices.
    async fn change_device(
        &self,
        _access: &Secret,
        _change: &DeviceChange,
    ) -> Result<(), TransportError> {
        Err(not_carried())
    }

    /// Tells that this device was wiped.
    async fn wiped(&self, _said: &Wiped) -> Result<(), TransportError> {
        Err(not_carried())
    }
}

fn no_snapshots() -> TransportError {
    TransportError::Unreadable("this server hands out no snapshots".to_owned())
}
