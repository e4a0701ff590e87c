//! `/v1/sync/{community}/snapshots/…`

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use stoa_protocol::error::{ApiError, ApiErrorCode};
use stoa_protocol::sync::SnapshotManifest;

use super::caller::{InCommunity, check_schema};
use crate::app::App;
use crate::db::DbError;
use crate::refusal::Refusal;
use crate::sync::{buckets_of, role_in};
use crate::tables::Sender;

/// So long a request waits while a snapshot is built; after that, the device comes back.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Debug, Deserialize)]
pub(crate) struct OfBucket {
    bucket: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct OfPart {
    bucket: String,
    id: String,
    part: usize,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Begun {
    /// The snapshot that the device has parts of.
    begun: Option<String>,
}

#[utoipa::path(
    get,
    path = "/v1/sync/{community}/snapshots/{bucket}",
    params(("community" = String, Path, description = "An id"), ("bucket" = String, Path, description = "Its name"), ("begun" = Option<String>, Query, description = "The snapshot the device has parts of")),
    responses((status = 200, description = "The parts of a snapshot", body = SnapshotManifest), (status = "4XX", description = "What to do about it", body = ApiError)),
    security(("token" = [])),
)]
pub(crate) async fn manifest(
    State(app): State<Arc<App>>,
    InCommunity(sender): InCommunity,
    headers: HeaderMap,
    Path(place): Path<OfBucket>,
    Query(begun): Query<Begun>,
) -> Result<axum::Json<SnapshotManifest>, Refusal> {
    check_schema(&headers, app.min_schema)?;
    let bucket = allowed(&app, sender, place.bucket).await?;
    let (files, db) = (app.snapshots.clone(), app.db.clone());
    let id: [u8; 16] = app.entropy.bytes();
    let id = format!("{:032x}", u128::from_be_bytes(id));
    let place = (sender.community, bucket);
    // It goes on being built when nobody waits any more.
    let building = tokio::spawn(async move { files.manifest(&db, place, begun.begun, id).await });
    match tokio::time::timeout(PATIENCE, building).await {
        Ok(built) => built.map_err(|_| DbError::Panicked)?.map(axum::Json),
        Err(_) => {
            let mut error = ApiError::new(ApiErrorCode::Unavailable, "the snapshot is being built");
            error.retry_after = Some(2);
            Err(error.into())
        }
    }
}

#[utoipa::path(
    get,
    path = "/v1/sync/{community}/snapshots/{bucket}/{id}/{part}",
    params(("community" = String, Path, description = "An id"), ("bucket" = String, Path, description = "Its name"), ("id" = String, Path, description = "The snapshot"), ("part" = usize, Path, description = "0, 1, 2 …")),
    responses((status = 200, description = "A zstd frame of lines; also 206 and 304", content_type = "application/zstd"), (status = "4XX", description = "What to do about it", body = ApiError)),
    security(("token" = [])),
)]
pub(crate) async fn part(
    State(app): State<Arc<App>>,
    InCommunity(sender): InCommunity,
    headers: HeaderMap,
    Path(place): Path<OfPart>,
) -> Result<Response, Refusal> {
    check_schema(&headers, app.min_schema)?;
    let bucket = allowed(&app, sender, place.bucket).await?;
    let (id, part) = (place.id, place.part);
    let etag = format!("\"{id}-{part}\"");
    let files = app.snapshots.clone();
    let read = move || files.part((sender.community, bucket), (&id, part));
    let bytes = tokio::task::spawn_blocking(read)
        .await
        .map_err(|_| DbError::Panicked)??;
    let asked = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let of_part = [
        (header::ETAG, etag.clone()),
        (
            header::CACHE_CONTROL,
            "private, max-age=604800, immutable".to_owned(),
        ),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::CONTENT_TYPE, "application/zstd".to_owned()),
        // It is packed as it is.
        (header::CONTENT_ENCODING, "identity".to_owned()),
    ];
    if asked(header::IF_NONE_MATCH) == Some(&etag) {
        return Ok((StatusCode::NOT_MODIFIED, of_part).into_response());
    }
    let Some(range) = asked(header::RANGE) else {
        return Ok((of_part, bytes).into_response());
    };
    let size = bytes.len();
    match range_of(range, size) {
        Some((from, to)) => {
            let content = [(
                header::CONTENT_RANGE,
                format!("bytes {from}-{}/{size}", to - 1),
            )];
            let slice = bytes[from..to].to_vec();
            Ok((StatusCode::PARTIAL_CONTENT, of_part, content, slice).into_response())
        }
        None => {
            let content = [(header::CONTENT_RANGE, format!("bytes */{size}"))];
            Ok((StatusCode::RANGE_NOT_SATISFIABLE, content).into_response())
        }
    }
}

/// A bucket that this person's role may hold, under its own name.
async fn allowed(app: &App, sender: Sender, bucket: String) -> Result<&'static str, Refusal> {
    let look = move |tx: &mut dyn crate::db::Tx| {
        let role = role_in(tx, sender.community, sender.user)?;
        buckets_of(role)
            .into_iter()
            .find(|name| *name == bucket)
            .ok_or_else(|| Refusal::new(ApiErrorCode::NotFound, "no such bucket"))
    };
    app.db.read(look).await
}

/// One range of bytes: the first, and the one after the last.
fn range_of(text: &str, size: usize) -> Option<(usize, usize)> {
    let (from, to) = text.strip_prefix("bytes=")?.split_once('-')?;
    let (from, to) = match (from, to) {
        ("", last) => (size.checked_sub(last.parse::<usize>().ok()?)?, size),
        (from, "") => (from.parse().ok()?, size),
        (from, to) => (
            from.parse().ok()?,
            to.parse::<usize>().ok()?.checked_add(1)?,
        ),
    };
    (from < to && from < size).then(|| (from, to.min(size)))
}

#[cfg(test)]
mod tests {
    use super::range_of;

    #[test]
    fn a_range_is_read_as_the_web_writes_it() {
        let cases = [
            ("bytes=0-9", Some((0, 10))),
            ("bytes=90-", Some((90, 100))),
            ("bytes=-10", Some((90, 100))),
            ("bytes=50-1000", Some((50, 100))),
            ("bytes=100-", None),
            ("bytes=9-3", None),
            ("bytes=0-1,4-5", None),
            ("items=0-1", None),
        ];
        for (text, expected) in cases {
            assert_eq!(range_of(text, 100), expected, "{text}");
        }
    }
}
