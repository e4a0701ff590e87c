//! A recording as it was asked for, read while it is sent.

use std::ops::Range;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use stoa_studio::{Playable, Wanted, wanted};
use tokio::sync::OwnedSemaphorePermit;

/// So much is decrypted at a time.
const PIECE: u64 = 256 * 1024;

pub(crate) fn answer(
    playable: Playable,
    headers: &HeaderMap,
    place: OwnedSemaphorePermit,
) -> Response {
    let size = playable.size;
    let range = headers.get(header::RANGE);
    let (status, range) = match wanted(range.and_then(|value| value.to_str().ok()), size) {
        Wanted::Whole => (StatusCode::OK, 0..size),
        Wanted::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
        Wanted::Nothing => {
            let mut response = StatusCode::RANGE_NOT_SATISFIABLE.into_response();
            insert(
                &mut response,
                header::CONTENT_RANGE,
                &format!("bytes */{size}"),
            );
            return response;
        }
    };
    let media_type = playable.media_type;
    let named = format!("bytes {}-{}/{size}", range.start, range.end - 1);
    let length = range.end - range.start;
    let mut response = (status, body(playable, range, place)).into_response();
    if status == StatusCode::PARTIAL_CONTENT {
        insert(&mut response, header::CONTENT_RANGE, &named);
    }
    let fixed = [
        (header::CONTENT_TYPE, media_type),
        (header::ACCEPT_RANGES, "bytes"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox",
        ),
    ];
    let out = response.headers_mut();
    for (name, value) in fixed {
        out.insert(name, HeaderValue::from_static(value));
    }
    out.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    response
}

fn insert(response: &mut Response, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::try_from(value) {
        response.headers_mut().insert(name, value);
    }
}

/// One piece after the other, for as long as somebody takes them.
fn body(playable: Playable, range: Range<u64>, place: OwnedSemaphorePermit) -> Body {
    let start = Some((playable, range, place));
    Body::from_stream(stream::unfold(start, |state| async {
        let (playable, range, place) = state?;
        if range.is_empty() {
            return None;
        }
        let end = range.end.min(range.start + PIECE);
        match playable.read(range.start..end).await {
            Ok((playable, bytes)) => {
                let rest = (playable, end..range.end, place);
                Some((Ok(Bytes::from(bytes)), Some(rest)))
            }
            Err(error) => {
                tracing::error!(%error, "a recording cannot be read");
                Some((Err(error), None))
            }
        }
    }))
}
