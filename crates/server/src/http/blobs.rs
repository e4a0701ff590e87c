//! `/v1/blobs/…`: the contents of attachments.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use stoa_domain::{BlobHash, FileName, Wanted, wanted};
use stoa_protocol::blob::{
    BlobParts, MAX_ASKED, MissingBlobs, MissingParts, OfferBlob, WhichBlobs,
};
use stoa_protocol::error::{ApiError, ApiErrorCode};

use super::body::Json;
use super::caller::InCommunity;
use crate::app::App;
use crate::blobs::{self, Asked};
use crate::member::Given;
use crate::refusal::Refusal;

/// The hash in a path.
#[derive(Deserialize)]
pub(crate) struct Named {
    b3: String,
}

/// A part in a path.
#[derive(Deserialize)]
pub(crate) struct NamedPart {
    b3: String,
    n: String,
}

fn hash(b3: &str) -> Result<BlobHash, Refusal> {
    b3.parse()
        .map_err(|_| Refusal::new(ApiErrorCode::NotFound, "no such file"))
}

#[utoipa::path(
    post,
    path = "/v1/blobs/{community}",
    params(("community" = String, Path, description = "An id")),
    request_body = OfferBlob,
    responses((status = 200, description = "What is missing of the file", body = MissingParts), (status = "4XX", description = "What to do about it", body = ApiError), (status = 507, description = "No room", body = ApiError)),
    security(("token" = [])),
)]
pub(crate) async fn offer(
    State(app): State<Arc<App>>,
    InCommunity(sender): InCommunity,
    Json(offer): Json<OfferBlob>,
) -> Result<axum::Json<MissingParts>, Refusal> {
    blobs::offer(&app, sender, offer).await.map(axum::Json)
}

#[utoipa::path(
    put,
    path = "/v1/blobs/{community}/{b3}/parts/{n}",
    params(("community" = String, Path, description = "An id"), ("b3" = String, Path, description = "64 hex digits"), ("n" = u32, Path, description = "The place of the part, from 0")),
    responses((status = 204, description = "The part is kept"), (status = "4XX", description = "What to do about it", body = ApiError), (status = 507, description = "No room", body = ApiError)),
    security(("token" = [])),
)]
pub(crate) async fn take_part(
    State(app): State<Arc<App>>,
    InCommunity(sender): InCommunity,
    Path(NamedPart { b3, n }): Path<NamedPart>,
    request: Request,
) -> Result<StatusCode, Refusal> {
    let n = n
        .parse()
        .map_err(|_| Refusal::new(ApiErrorCode::NotFound, "the file has no such part"))?;
    blobs::take_part(&app, sender, (hash(&b3)?, n), request.into_body()).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(
    post,
    path = "/v1/blobs/{community}/{b3}/complete",
    params(("community" = String, Path, description = "An id"), ("b3" = String, Path, description = "64 hex digits")),
    responses((status = 200, description = "What is missing of the file; nothing when it is whole", body = MissingParts), (status = "4XX", description = "What to do about it", body = ApiError)),
    security(("token" = [])),
)]
pub(crate) async fn complete(
    State(app): State<Arc<App>>,
    InCommunity(sender): InCommunity,
    Path(Named { b3 }): Path<Named>,
) -> Result<axum::Json<MissingParts>, Refusal> {
    let b3 = hash(&b3)?;
    blobs::complete(&app, sender, b3).await.map(axum::Json)
}

#[utoipa::path(
    get,
    path = "/v1/blobs/{community}/{b3}/parts",
    params(("community" = String, Path, description = "An id"), ("b3" = String, Path, description = "64 hex digits")),
    responses((status = 200, description = "What the file consists of", body = BlobParts), (status = "4XX", description = "What to do about it", body = ApiError)),
    security(("token" = [])),
)]
pub(crate) async fn parts(
    State(app): State<Arc<App>>,
    InCommunity(sender): InCommunity,
    Path(Named { b3 }): Path<Named>,
) -> Result<axum::Json<BlobParts>, Refusal> {
    let b3 = hash(&b3)?;
    blobs::parts_of(&app, sender, b3).await.map(axum::Json)
}

#[utoipa::path(
    post,
    path = "/v1/blobs/{community}/missing",
    params(("community" = String, Path, description = "An id")),
    request_body = WhichBlobs,
    responses((status = 200, description = "Those that are not there whole", body = MissingBlobs), (status = "4XX", description = "What to do about it", body = ApiError)),
    security(("token" = [])),
)]
pub(crate) async fn missing(
    State(app): State<Arc<App>>,
    InCommunity(sender): InCommunity,
    Json(asked): Json<WhichBlobs>,
) -> Result<axum::Json<MissingBlobs>, Refusal> {
    if asked.blobs.len() > MAX_ASKED {
        return Err(Refusal::new(ApiErrorCode::TooLarge, "too many at once"));
    }
    let missing = blobs::which_are_missing(&app, sender, asked.blobs, asked.look).await?;
    Ok(axum::Json(MissingBlobs { missing }))
}

#[utoipa::path(
    get,
    path = "/v1/blobs/{community}/{b3}",
    params(("community" = String, Path, description = "An id"), ("b3" = String, Path, description = "64 hex digits")),
    responses((status = 200, description = "The file", body = Vec<u8>, content_type = "application/octet-stream"), (status = 206, description = "A range of it", body = Vec<u8>, content_type = "application/octet-stream"), (status = 304, description = "It never changes"), (status = "4XX", description = "What to do about it", body = ApiError)),
    security(("token" = [])),
)]
pub(crate) async fn give(
    State(app): State<Arc<App>>,
    InCommunity(sender): InCommunity,
    Path(Named { b3 }): Path<Named>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let b3 = hash(&b3)?;
    let asked = blobs::give(&app, sender, b3).await?;
    answer(&app, asked, (b3, &Given::Kept(None)), &headers)
}

/// A file as it was asked for. What is known to be shown or played is, as its media type; all else
/// is bytes to be kept.
pub(super) fn answer(
    app: &App,
    asked: Asked,
    (b3, given): (BlobHash, &Given),
    headers: &HeaderMap,
) -> Result<Response, Refusal> {
    let (size, etag) = (asked.size(), format!("\"{b3}\""));
    if names(headers, header::IF_NONE_MATCH, &etag) {
        let not_modified = StatusCode::NOT_MODIFIED.into_response();
        return with_fixed(not_modified, &etag, given);
    }
    let is_same =
        !headers.contains_key(header::IF_RANGE) || names(headers, header::IF_RANGE, &etag);
    let range = headers.get(header::RANGE).filter(|_| is_same);
    let (status, range) = match wanted(range.and_then(|value| value.to_str().ok()), size) {
        Wanted::Whole => (StatusCode::OK, 0..size),
        Wanted::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
        Wanted::Nothing => return no_such_range(size),
    };
    let named = format!("bytes {}-{}/{size}", range.start, range.end - 1);
    let length = range.end - range.start;
    let body = Body::from_stream(asked.bytes(app, range));
    let mut response = (status, body).into_response();
    let out = response.headers_mut();
    out.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    if status == StatusCode::PARTIAL_CONTENT {
        out.insert(header::CONTENT_RANGE, value(&named)?);
    }
    with_fixed(response, &etag, given)
}

/// Whether a condition names this version.
fn names(headers: &HeaderMap, condition: header::HeaderName, etag: &str) -> bool {
    let named = headers.get(condition).and_then(|value| value.to_str().ok());
    named.is_some_and(|named| {
        let mut each = named
            .split(',')
            .map(|one| one.trim().trim_start_matches("W/"));
        each.any(|one| one == etag || one == "*")
    })
}

/// Never a page to be shown.
fn with_fixed(mut response: Response, etag: &str, given: &Given) -> Result<Response, Refusal> {
    let (kind, disposition) = match given {
        Given::Shown(kind) => (*kind, "inline".to_owned()),
        Given::Kept(name) => ("application/octet-stream", kept_as(name.as_ref())),
    };
    let fixed = [
        (header::CONTENT_TYPE, kind),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::ACCEPT_RANGES, "bytes"),
        (
            header::CACHE_CONTROL,
            "private, max-age=31536000, immutable",
        ),
    ];
    let headers = response.headers_mut();
    for (name, fixed) in fixed {
        headers.insert(name, HeaderValue::from_static(fixed));
    }
    headers.insert(header::CONTENT_DISPOSITION, value(&disposition)?);
    headers.insert(header::ETAG, value(etag)?);
    Ok(response)
}

/// What needs no percent in an extended value of a header.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');

/// A browser keeps it and opens nothing. The name stands there twice: programs that do not know the
/// second one read the first.
fn kept_as(name: Option<&FileName>) -> String {
    let Some(name) = name.map(FileName::as_str) else {
        return "attachment".to_owned();
    };
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | ' ');
    let plain: String = name
        .chars()
        .map(|c| if is_plain(c) { c } else { '_' })
        .collect();
    let whole = utf8_percent_encode(name, PLAIN);
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

fn no_such_range(size: u64) -> Result<Response, Refusal> {
    let refusal = Refusal::new(ApiErrorCode::NoSuchRange, "the file has no such bytes");
    let mut response = refusal.into_response();
    let range = value(&format!("bytes */{size}"))?;
    response.headers_mut().insert(header::CONTENT_RANGE, range);
    Ok(response)
}

fn value(text: &str) -> Result<HeaderValue, Refusal> {
    HeaderValue::try_from(text)
        .map_err(|_| Refusal::new(ApiErrorCode::Internal, "the server could not do it"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_kept_by_its_name_whatever_that_holds() {
        let kept = |name: &str| kept_as(FileName::parse(name).ok().as_ref());
        let cases = [
            (
                "notes 1.pdf",
                "\"notes 1.pdf\"; filename*=UTF-8''notes%201.pdf",
            ),
            (
                "讲义.pdf",
                "\"__.pdf\"; filename*=UTF-8''%E8%AE%B2%E4%B9%89.pdf",
            ),
            (
                "a\"; x=\"b.svg",
                "\"a__ x__b.svg\"; filename*=UTF-8''a%22%3B%20x%3D%22b.svg",
            ),
        ];
        for (name, said) in cases {
            let told = kept(name);
            assert_eq!(told, format!("attachment; filename={said}"));
            assert!(value(&told).is_ok());
        }
        assert_eq!(kept_as(None), "attachment");
    }
}
