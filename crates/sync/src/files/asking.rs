//! Asking the server about files, and what its refusals mean for the lane.

use std::sync::Arc;

use stoa_domain::BlobHash;
use stoa_protocol::blob::WhichBlobs;
use stoa_protocol::error::{ApiError, ApiErrorCode as Code};
use stoa_store::StoreError;

use super::FileTrouble;
use crate::session::{Session, SessionError};
use crate::transport::{Caller, FileTransport, Transport, TransportError};

/// Why a file did not travel.
#[derive(Debug)]
pub(super) enum Failed {
    /// Of the line or the server as a whole: the lane waits.
    Lane(FileTrouble, String),
    /// Of this file: it rests, others go on.
    File(FileTrouble, String),
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self::Lane(FileTrouble::Disk, error.to_string())
    }
}

impl From<SessionError> for Failed {
    /// What the server says of a file is about that file.
    fn from(error: SessionError) -> Self {
        let why = error.to_string();
        let refusal = match error {
            SessionError::Store(error) => return error.into(),
            SessionError::Transport(TransportError::Refused(refusal)) => refusal,
            SessionError::Transport(_) | SessionError::SignedOut => {
                return Self::Lane(FileTrouble::Offline, why);
            }
        };
        match refusal.code {
            Code::NoRoom => Self::File(no_room(&refusal), why),
            Code::InvalidInput
            | Code::TooLarge
            | Code::NotFound
            | Code::NotAllowed
            | Code::Malformed
            | Code::NoSuchRange => Self::File(FileTrouble::Refused, why),
            _ => Self::Lane(FileTrouble::Offline, why),
        }
    }
}

fn no_room(refusal: &ApiError) -> FileTrouble {
    match refusal.field.as_deref() {
        Some("quota") => FileTrouble::OverQuota,
        _ => FileTrouble::NoRoom,
    }
}

/// The way to the server, for as long as one request takes.
pub(super) struct Way(Arc<dyn Transport>);

impl Way {
    pub(super) fn files(&self) -> Result<&dyn FileTransport, TransportError> {
        let none = || TransportError::Address("no files travel this way".to_owned());
        self.0.files().ok_or_else(none)
    }
}

/// Asks the server; when the access token has ended, once more with a new one.
pub(super) async fn ask<T, F>(
    session: &Arc<Session>,
    mut request: impl FnMut(Way, Caller) -> F,
) -> Result<T, SessionError>
where
    F: Future<Output = Result<T, TransportError>>,
{
    let caller = session.caller().await?;
    let refused = caller.access.clone();
    match request(Way(session.transport.clone()), caller).await {
        Err(error) if error.code() == Some(Code::SignInAgain) => {
            let caller = session.caller_after(&refused).await?;
            Ok(request(Way(session.transport.clone()), caller).await?)
        }
        answer => Ok(answer?),
    }
}

/// Which of the files the server does not have whole.
pub(crate) async fn which_are_missing(
    session: &Arc<Session>,
    asked: &WhichBlobs,
) -> Result<Vec<BlobHash>, SessionError> {
    let answer = ask(session, |way, caller| async move {
        way.files()?.missing(&caller, asked).await
    });
    Ok(answer.await?.missing)
}
