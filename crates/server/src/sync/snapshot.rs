//! Snapshots: a bucket as it was at one moment, as files that never change.
//!
//! A device that has nothing of a large bucket takes one, in any order and again after a break,
//! and then pulls what came since. The files lie in `DATA/snapshots/COMMUNITY/BUCKET/ID`: the
//! parts, and the manifest, which is written last. Built row by row from one snapshot of the
//! database; the two newest of a bucket are kept, so that devices half-way through the older one
//! can finish.

mod parts;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use stoa_domain::CommunityId;
use stoa_protocol::error::ApiErrorCode;
use stoa_protocol::sync::SnapshotManifest;

use super::pull::{lines, sum_of};
use super::tables_of;
use crate::config::{Config, Snapshots};
use crate::db::{Db, DbError, Tx};
use crate::refusal::Refusal;
use crate::tables::{bucket, community, server};
use parts::Parts;

const FOLDER: &str = "snapshots";
const MANIFEST: &str = "manifest.json";
/// Complete snapshots of a bucket that are kept.
const KEPT: usize = 2;

/// The snapshots of this server.
#[derive(Clone)]
pub(crate) struct SnapshotFiles {
    folder: PathBuf,
    pub(crate) rules: Snapshots,
    /// One is built at a time.
    building: Arc<tokio::sync::Mutex<()>>,
}

/// Which bucket, and what is known of it now.
#[derive(Debug, Clone)]
struct Now {
    epoch: String,
    head: i64,
    horizon: i64,
}

impl SnapshotFiles {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            folder: config.data.join(FOLDER),
            rules: config.snapshots,
            building: Arc::default(),
        }
    }

    /// The snapshot to take: the one that the device has begun with, the newest, or a new one
    /// under the given name.
    pub(crate) async fn manifest(
        &self,
        db: &Db,
        (community, bucket): (CommunityId, &'static str),
        begun: Option<String>,
        new_id: String,
    ) -> Result<SnapshotManifest, Refusal> {
        let _one = self.building.lock().await;
        let now = db.read(move |tx| now(tx, community, bucket)).await?;
        let folder = self.folder_of(community, bucket);
        let found = newest_first(&folder)
            .into_iter()
            .filter(|manifest| manifest.epoch == now.epoch && manifest.seq >= now.horizon);
        let usable: Vec<SnapshotManifest> = found.collect();
        let has_begun = |m: &&SnapshotManifest| begun.as_ref() == Some(&m.id);
        if let Some(manifest) = usable.iter().find(has_begun) {
            return Ok(manifest.clone());
        }
        let is_fresh = |m: &&SnapshotManifest| now.head - m.seq <= self.rules.max_behind;
        if let Some(manifest) = usable.first().filter(is_fresh) {
            return Ok(manifest.clone());
        }
        let rules = self.rules;
        let build = move |tx: &mut dyn Tx| {
            let place = folder.join(&new_id);
            let built = build(tx, (community, bucket), &place, rules);
            forget_old(&folder);
            Ok(built?)
        };
        db.read(build).await
    }

    /// The bytes of a part.
    pub(crate) fn part(
        &self,
        (community, bucket): (CommunityId, &str),
        (id, part): (&str, usize),
    ) -> Result<Vec<u8>, Refusal> {
        let gone = || Refusal::new(ApiErrorCode::NotFound, "no such snapshot");
        if id.len() != 32 || !id.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(gone());
        }
        let folder = self.folder_of(community, bucket).join(id);
        if !folder.join(MANIFEST).exists() {
            return Err(gone());
        }
        fs::read(folder.join(part.to_string())).map_err(|_| gone())
    }

    fn folder_of(&self, community: CommunityId, bucket: &str) -> PathBuf {
        self.folder.join(community.to_string()).join(bucket)
    }
}

fn now(tx: &mut dyn Tx, community: CommunityId, bucket: &str) -> Result<Now, Refusal> {
    let identity = server::identity(tx)?
        .ok_or_else(|| DbError::Stored("the database has no identity".into()))?;
    Ok(Now {
        epoch: identity.epoch,
        head: community::head(tx, community)?.unwrap_or_default(),
        horizon: bucket::sums(tx, community, bucket)?.horizon,
    })
}

/// The complete snapshots in a folder; what cannot be read is none.
fn newest_first(folder: &Path) -> Vec<SnapshotManifest> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<SnapshotManifest> = entries
        .filter_map(|entry| fs::read(entry.path().join(MANIFEST)).ok())
        .filter_map(|json| serde_json::from_slice(&json).ok())
        .collect();
    found.sort_by_key(|manifest| std::cmp::Reverse(manifest.seq));
    found
}

fn build(
    tx: &mut dyn Tx,
    (community, bucket): (CommunityId, &str),
    place: &Path,
    rules: Snapshots,
) -> Result<SnapshotManifest, DbError> {
    let now = match now(tx, community, bucket) {
        Ok(now) => now,
        Err(Refusal::Database(error)) => return Err(error),
        Err(Refusal::Said(said)) => return Err(DbError::Stored(said.message)),
    };
    // The job may run again; what an earlier run left is not complete.
    remove(place);
    fs::create_dir_all(place).map_err(failed)?;
    let mut parts = Parts::new(place, rules.part_bytes);
    lines::rows(tx, &mut parts, community, (bucket, (0, now.head)))?;
    let sum = sum_of(tx, community, bucket)?;
    let manifest = SnapshotManifest {
        id: place
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default()
            .to_owned(),
        bucket: bucket.to_owned(),
        epoch: now.epoch,
        seq: now.head,
        n: sum.n,
        x: sum.x,
        tables: tables_of(bucket)
            .map(|table| table.as_str().to_owned())
            .collect(),
        parts: parts.finish().map_err(failed)?,
    };
    let json = serde_json::to_vec(&manifest).map_err(|e| DbError::Stored(e.to_string()))?;
    let unfinished = place.join("manifest.new");
    fs::write(&unfinished, json).map_err(failed)?;
    fs::rename(&unfinished, place.join(MANIFEST)).map_err(failed)?;
    tracing::info!(
        bucket,
        rows = manifest.n,
        parts = manifest.parts.len(),
        "a snapshot was built"
    );
    Ok(manifest)
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn failed(error: io::Error) -> DbError {
    DbError::Stored(format!("a snapshot could not be written: {error}"))
}

/// Keeps the newest; the rest, and what was never finished, goes.
fn forget_old(folder: &Path) {
    let kept: Vec<String> = newest_first(folder)
        .into_iter()
        .take(KEPT)
        .map(|manifest| manifest.id)
        .collect();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_kept = entry
            .file_name()
            .to_str()
            .is_some_and(|name| kept.iter().any(|k| k == name));
        if !is_kept {
            remove(&entry.path());
        }
    }
}

fn remove(folder: &Path) {
    if let Err(error) = fs::remove_dir_all(folder)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(%error, "an old snapshot could not be removed");
    }
}
