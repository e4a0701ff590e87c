//! Files coming in.

use std::time::Duration;

use axum::body::Body;
use futures_util::StreamExt;
use stoa_domain::BlobHash;
use stoa_protocol::blob::{MissingParts, OfferBlob, n_parts, part_size};
use stoa_protocol::error::ApiErrorCode;

use super::{check_right, failed, find, no_room, no_such_file, root};
use crate::app::App;
use crate::db::Tx;
use crate::objects::{Object, Spool, Spooled};
use crate::refusal::Refusal;
use crate::tables::blob::{self, Blob, Place};
use crate::tables::{Sender, community};

/// A sender that is silent for so long is gone.
const SILENCE: Duration = Duration::from_secs(30);

/// Notes a file and says what is missing of it.
pub(crate) async fn offer(
    app: &App,
    sender: Sender,
    offer: OfferBlob,
) -> Result<MissingParts, Refusal> {
    let place = Place {
        community: sender.community,
        id: app.entropy.bytes(),
    };
    let (now, quota) = (app.now(), app.blobs.quota);
    app.db
        .write(move |tx| {
            check_right(tx, sender)?;
            check_offer(&offer)?;
            // Whoever offers waits for the others, so that the quota holds.
            community::lock(tx, sender.community)?;
            if blob::find(tx, sender.community, offer.b3)?.is_none() {
                let taken = blob::total_size(tx, sender.community)?;
                if taken.saturating_add(offer.size) > quota {
                    return Err(no_room("quota"));
                }
                blob::insert(tx, place, &offer, now)?;
            }
            blob::touch_each(tx, sender.community, &[offer.b3], now)?;
            let known = find(tx, sender.community, offer.b3)?;
            missing(tx, &known)
        })
        .await
}

fn check_offer(offer: &OfferBlob) -> Result<(), Refusal> {
    let n =
        n_parts(offer.size).ok_or_else(|| Refusal::field("size", "a file has 1 byte to 2 GiB"))?;
    if u32::try_from(offer.parts.len()) != Ok(n) {
        return Err(Refusal::field(
            "parts",
            "not the number of parts of this size",
        ));
    }
    if root(offer.size, &offer.parts) != offer.b3 {
        return Err(Refusal::field("b3", "not the root over these parts"));
    }
    Ok(())
}

fn missing(tx: &mut dyn Tx, known: &Blob) -> Result<MissingParts, Refusal> {
    let arrived = blob::arrived(tx, known.place)?;
    let n_parts = u32::try_from(known.parts.len()).unwrap_or(u32::MAX);
    let missing = (0..n_parts).filter(|n| arrived.binary_search(n).is_err());
    Ok(MissingParts {
        missing: missing.collect(),
    })
}

/// Takes one part in: kept only when it is the part that was offered, to the byte.
pub(crate) async fn take_part(
    app: &App,
    sender: Sender,
    (b3, n): (BlobHash, u32),
    body: Body,
) -> Result<(), Refusal> {
    let known = app
        .db
        .read(move |tx| {
            check_right(tx, sender)?;
            find(tx, sender.community, b3)
        })
        .await?;
    let size = part_size(known.size, n)
        .ok_or_else(|| Refusal::new(ApiErrorCode::NotFound, "the file has no such part"))?;
    let Ok(_place) = app.blobs.taking.acquire().await else {
        return Err(Refusal::new(ApiErrorCode::Unavailable, "the server stops"));
    };
    let spooled = receive(app, body, size).await?;
    let is_right = known
        .parts
        .get(n as usize)
        .is_some_and(|part| *part.as_bytes() == spooled.b3);
    if spooled.n_bytes != size || !is_right {
        return Err(Refusal::field("b3", "not the bytes that were offered"));
    }
    keep(
        app,
        Object {
            place: known.place,
            n,
        },
        spooled,
    )
    .await
}

async fn receive(app: &App, body: Body, size: u64) -> Result<Spooled, Refusal> {
    let cut = || Refusal::new(ApiErrorCode::Malformed, "the body ended early");
    let spool = Spool::begin(&app.blobs.spool, app.entropy.bytes()).await;
    let mut spool = spool.map_err(|error| failed(&error))?;
    let mut pieces = body.into_data_stream();
    loop {
        let next = tokio::time::timeout(SILENCE, pieces.next()).await;
        let Some(piece) = next.map_err(|_| cut())? else {
            break;
        };
        let piece = piece.map_err(|_| cut())?;
        if spool.n_bytes() + piece.len() as u64 > size {
            let message = format!("more than the {size} bytes of this part");
            return Err(Refusal::new(ApiErrorCode::TooLarge, message));
        }
        spool.write(&piece).await.map_err(|error| failed(&error))?;
    }
    if spool.n_bytes() < size {
        return Err(cut());
    }
    spool.finish().await.map_err(|error| failed(&error))
}

/// The object first, then the row that says it is there: a crash between costs one part.
async fn keep(app: &App, object: Object, spooled: Spooled) -> Result<(), Refusal> {
    let kept = app.blobs.objects.put(object, spooled).await;
    kept.map_err(|error| failed(&error))?;
    let is_wanted = app
        .db
        .write(move |tx| Ok(blob::part_arrived(tx, object.place, object.n)?))
        .await?;
    if is_wanted {
        return Ok(());
    }
    // The file was let go of meanwhile; its place is never used again, so what just came goes too.
    let (place, n_parts) = (object.place, object.n + 1);
    app.db
        .write(move |tx| Ok(blob::to_sweep(tx, place, n_parts)?))
        .await?;
    Err(no_such_file())
}

/// The sender has sent all; says what is missing all the same.
pub(crate) async fn complete(
    app: &App,
    sender: Sender,
    b3: BlobHash,
) -> Result<MissingParts, Refusal> {
    let now = app.now();
    app.db
        .write(move |tx| {
            check_right(tx, sender)?;
            let known = find(tx, sender.community, b3)?;
            let missing = missing(tx, &known)?;
            if missing.missing.is_empty() {
                blob::complete(tx, known.place, now)?;
            }
            Ok(missing)
        })
        .await
}
