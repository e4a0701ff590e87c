//! How far back the tombstones of a bucket reach, and letting go of those that nobody needs.

use stoa_domain::{CommunityId, Timestamp};
use stoa_protocol::sync::Pull;

use crate::app::App;
use crate::db::{DbError, Tx};
use crate::refusal::Refusal;
use crate::tables::{Sender, bucket, community, device_place, tombstone};

/// So long a tombstone is kept at least, and so long a silent device counts.
const KEEP_MILLIS: i64 = 180 * 86_400_000;

/// Notes up to where a device has heard of everything, by what its pull asks for.
pub(crate) async fn note_place(
    app: &App,
    sender: Sender,
    pull: &Pull,
    now: Timestamp,
) -> Result<(), Refusal> {
    let Some(seq) = place(pull) else {
        return Ok(());
    };
    let is_news = app
        .db
        .read(move |tx| Ok(device_place::is_news(tx, sender, (seq, now))?))
        .await?;
    if is_news {
        app.db
            .write(move |tx| Ok(device_place::put(tx, sender, (seq, now))?))
            .await?;
    }
    Ok(())
}

/// The number below which the device has heard of every deletion in what it holds; `None` when it
/// holds nothing.
fn place(pull: &Pull) -> Option<i64> {
    let held = pull.buckets.iter().filter(|asked| asked.cursor > 0);
    held.map(|asked| asked.cursor.max(asked.began)).min()
}

/// Lets go of tombstones that are older than 180 days and that every device has heard of which
/// was seen since. Whoever comes later starts the bucket anew.
pub(crate) async fn collect(app: &App) -> Result<(), Refusal> {
    let before = app.now().plus_millis(-KEEP_MILLIS);
    let communities = app.db.read(|tx| Ok(community::heads(tx)?)).await?;
    for (community, _) in communities {
        let forgotten = app
            .db
            .write(move |tx| Ok(collect_one(tx, community, before)?));
        let n = forgotten.await?;
        if n > 0 {
            tracing::info!(%community, n, "old tombstones are let go");
        }
    }
    Ok(())
}

fn collect_one(tx: &mut dyn Tx, community: CommunityId, before: Timestamp) -> Result<u64, DbError> {
    let Some(head) = community::lock(tx, community)? else {
        return Ok(0);
    };
    let seen = device_place::lowest(tx, community, before)?.unwrap_or(head);
    let last = tombstone::last_old(tx, community, (before, seen))?;
    for (bucket, seq) in &last {
        bucket::raise_horizon(tx, community, (bucket, *seq))?;
    }
    match last.is_empty() {
        true => Ok(0),
        false => tombstone::forget_old(tx, community, (before, seen)),
    }
}
