//! Files going out.

use std::ops::Range;

use bytes::Bytes;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use stoa_domain::{BlobHash, CommunityId};
use stoa_protocol::blob::{BlobParts, PART_BYTES, part_size};

use super::{check_right, failed, find, no_such_file};
use crate::app::App;
use crate::db::{Db, Tx};
use crate::objects::{Contents, Object, ObjectError, Objects};
use crate::refusal::Refusal;
use crate::tables::Sender;
use crate::tables::blob::{self, Blob};

/// So many parts are looked for at once.
const LOOKS_AT_ONCE: usize = 16;

/// A file somebody may read.
pub(crate) struct Asked(Blob);

impl Asked {
    /// Bytes.
    pub(crate) fn size(&self) -> u64 {
        self.0.size
    }

    /// Some of its bytes, read as they are sent.
    pub(crate) fn bytes(self, app: &App, range: Range<u64>) -> Contents {
        let (objects, db) = (app.blobs.objects.clone(), app.db.clone());
        let pieces = pieces(&self.0, range);
        stream::iter(pieces)
            .then(move |piece| open(objects.clone(), db.clone(), piece))
            .try_flatten()
            .boxed()
    }
}

/// Bytes wanted of a part.
struct Piece {
    object: Object,
    range: Range<u64>,
    /// What they are, when it is the whole part.
    b3: Option<BlobHash>,
}

/// The parts that hold a range, each with the bytes wanted of it.
fn pieces(blob: &Blob, range: Range<u64>) -> Vec<Piece> {
    let n_parts = u32::try_from(blob.parts.len()).unwrap_or(u32::MAX);
    let wanted = |n: u32| {
        let start = u64::from(n) * PART_BYTES;
        let size = part_size(blob.size, n)?;
        let from = range.start.max(start);
        let to = range.end.min(start + size);
        let object = Object {
            place: blob.place,
            n,
        };
        (from < to).then(|| Piece {
            object,
            range: from - start..to - start,
            b3: blob
                .parts
                .get(n as usize)
                .copied()
                .filter(|_| to - from == size),
        })
    };
    (0..n_parts).filter_map(wanted).collect()
}

/// A part that is not there although its row says so is noted as missing: whoever has the file is
/// then asked for it again.
async fn open(
    objects: Objects,
    db: Db,
    Piece { object, range, b3 }: Piece,
) -> Result<Contents, ObjectError> {
    let opened = objects.read(object, range).await;
    if let Err(ObjectError::NotFound) = &opened {
        tracing::error!(n = object.n, "a part of a file is not in the object store");
        let noted = db.write(move |tx| Ok(blob::part_lost(tx, object.place, object.n)?));
        if noted.await.is_err() {
            tracing::error!("a missing part could not be noted");
        }
    }
    opened.map(|contents| match b3 {
        Some(b3) => verified(contents, b3),
        None => contents,
    })
}

/// Hashes a part as it passes, and holds its last bytes back until they are known to be right: who
/// asked is left with too little rather than with something else.
fn verified(contents: Contents, b3: BlobHash) -> Contents {
    let begun = (contents, blake3::Hasher::new(), None);
    let pieces = stream::try_unfold(begun, move |(mut contents, mut hasher, held)| async move {
        let mut held: Option<Bytes> = held;
        while let Some(piece) = contents.try_next().await? {
            hasher.update(&piece);
            if let Some(before) = held.replace(piece) {
                return Ok(Some((before, (contents, hasher, held))));
            }
        }
        if held.is_some() && hasher.finalize() != *b3.as_bytes() {
            tracing::error!(%b3, "the object store holds other bytes than it was given");
            return Err(ObjectError::Failed("other bytes than were kept".to_owned()));
        }
        Ok(held.map(|last| (last, (contents, hasher, None))))
    });
    pieces.boxed()
}

/// A whole file of this community.
pub(crate) async fn give(app: &App, sender: Sender, b3: BlobHash) -> Result<Asked, Refusal> {
    app.db
        .read(move |tx| {
            check_right(tx, sender)?;
            whole(tx, sender.community, b3)
        })
        .await
}

/// A file that is here whole. Whether it may be read is decided before.
pub(crate) fn whole(
    tx: &mut dyn Tx,
    community: CommunityId,
    b3: BlobHash,
) -> Result<Asked, Refusal> {
    let blob = find(tx, community, b3)?;
    match blob.is_complete {
        true => Ok(Asked(blob)),
        false => Err(no_such_file()),
    }
}

/// What a file consists of.
pub(crate) async fn parts_of(
    app: &App,
    sender: Sender,
    b3: BlobHash,
) -> Result<BlobParts, Refusal> {
    let Asked(blob) = give(app, sender, b3).await?;
    Ok(BlobParts {
        size: blob.size,
        parts: blob.parts,
    })
}

/// Those of the files that are not there whole. Who asks to `look` is about to take a copy away: the
/// object store is asked too, and what it does not have is noted as missing.
pub(crate) async fn which_are_missing(
    app: &App,
    sender: Sender,
    asked: Vec<BlobHash>,
    look: bool,
) -> Result<Vec<BlobHash>, Refusal> {
    let (mut missing, there) = app
        .db
        .read(move |tx| {
            check_right(tx, sender)?;
            let missing = blob::not_whole(tx, sender.community, &asked)?;
            let mut there = Vec::new();
            for b3 in asked.iter().filter(|b3| look && !missing.contains(b3)) {
                there.push((*b3, find(tx, sender.community, *b3)?));
            }
            Ok((missing, there))
        })
        .await?;
    for (b3, blob) in there {
        if !is_in_the_store(app, &blob).await? {
            missing.push(b3);
        }
    }
    Ok(missing)
}

async fn is_in_the_store(app: &App, blob: &Blob) -> Result<bool, Refusal> {
    let (place, size) = (blob.place, blob.size);
    let n_parts = u32::try_from(blob.parts.len()).unwrap_or(u32::MAX);
    let look = |n: u32| {
        let objects = app.blobs.objects.clone();
        async move {
            let size = part_size(size, n).unwrap_or_default();
            let has = objects.has(Object { place, n }, size).await;
            has.map(|has| (n, has))
        }
    };
    let looks: Vec<_> = (0..n_parts).map(look).collect();
    let looked: Vec<(u32, bool)> = stream::iter(looks)
        .buffer_unordered(LOOKS_AT_ONCE)
        .try_collect()
        .await
        .map_err(|error| failed(&error))?;
    let lost: Vec<u32> = looked
        .into_iter()
        .filter_map(|(n, has)| (!has).then_some(n))
        .collect();
    if lost.is_empty() {
        return Ok(true);
    }
    tracing::error!(
        n = lost.len(),
        "parts of a file are not in the object store"
    );
    app.db
        .write(move |tx| {
            lost.iter()
                .try_for_each(|n| Ok(blob::part_lost(tx, place, *n)?))
        })
        .await?;
    Ok(false)
}
