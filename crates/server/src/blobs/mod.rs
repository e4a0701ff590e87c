//! Taking in the contents of files part by part, giving them out, letting go of what nothing uses.
//!
//! A file is known by the root over the hashes of its parts, so that each part can be checked
//! when it arrives and all of them when the file is offered. Nothing here reaches across
//! communities: the same contents in two of them are two files.

mod collect;
mod give;
mod take;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use stoa_domain::{BlobHash, CommunityId};
use stoa_protocol::blob::root_input;
use stoa_protocol::error::{ApiError, ApiErrorCode};
use tokio::sync::Semaphore;

use crate::config::Config;
use crate::db::Tx;
use crate::objects::{ObjectError, Objects};
use crate::refusal::Refusal;
use crate::sync::role_in;
use crate::tables::Sender;
use crate::tables::blob::{self, Blob};

pub(crate) use collect::collect;
pub(crate) use give::{Asked, give, parts_of, which_are_missing, whole};
pub(crate) use take::{complete, offer, take_part};

/// Parts that may be on their way in at once; the others wait.
const PARTS_AT_ONCE: usize = 16;

/// Where files are kept, and how much of them.
pub(crate) struct Blobs {
    pub(crate) objects: Objects,
    /// Parts lie here until they are checked. On the same disk as a folder of objects.
    spool: PathBuf,
    /// Bytes that one community may keep.
    quota: u64,
    taking: Arc<Semaphore>,
}

impl Blobs {
    /// Files in an object store, received below a server's folder.
    pub(crate) fn new(config: &Config, objects: Objects) -> Self {
        Self {
            objects,
            spool: config.data.join("blobs").join("incoming"),
            quota: config.files_quota,
            taking: Arc::new(Semaphore::new(PARTS_AT_ONCE)),
        }
    }

    /// Takes away what a server that was killed had not finished receiving.
    pub(crate) fn forget_unfinished(&self) -> io::Result<()> {
        match std::fs::remove_dir_all(&self.spool) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => std::fs::create_dir_all(&self.spool),
        }
    }
}

/// Only who may see drafts may see what is in them; a community that is not theirs is not there.
fn check_right(tx: &mut dyn Tx, sender: Sender) -> Result<(), Refusal> {
    if role_in(tx, sender.community, sender.user)?.writes_drafts() {
        Ok(())
    } else {
        Err(Refusal::new(ApiErrorCode::NotAllowed, "not with this role"))
    }
}

/// The file, if it is one of this community.
fn find(tx: &mut dyn Tx, community: CommunityId, b3: BlobHash) -> Result<Blob, Refusal> {
    blob::find(tx, community, b3)?.ok_or_else(no_such_file)
}

fn no_such_file() -> Refusal {
    Refusal::new(ApiErrorCode::NotFound, "no such file")
}

fn root(size: u64, parts: &[BlobHash]) -> BlobHash {
    BlobHash::from_bytes(*blake3::hash(&root_input(size, parts)).as_bytes())
}

fn no_room(of: &str) -> Refusal {
    let mut error = ApiError::new(ApiErrorCode::NoRoom, "no room for this file");
    error.field = Some(of.to_owned());
    error.into()
}

fn failed(error: &ObjectError) -> Refusal {
    match error {
        ObjectError::NotFound => no_such_file(),
        ObjectError::NoRoom => {
            tracing::error!("no room for a file");
            no_room("disk")
        }
        ObjectError::Failed(why) => {
            tracing::error!(%why, "the object store refused a request");
            Refusal::new(ApiErrorCode::Internal, "the server could not do it")
        }
    }
}
