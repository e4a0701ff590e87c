//! Reading JSON bodies, plain or zstd, never more than allowed.

use std::io::Read;

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header;
use bytes::Bytes;
use serde::de::DeserializeOwned;
use stoa_protocol::PUSH_MAX_BYTES;
use stoa_protocol::error::ApiErrorCode;

use crate::refusal::Refusal;

/// Enough for everything but a push.
const SMALL: usize = 64 * 1024;
/// A window beyond this (8 MiB) is not worth its memory.
const MAX_WINDOW_LOG: u32 = 23;

/// A small JSON body.
pub(crate) struct Json<T>(pub(crate) T);

/// A JSON body of up to [`PUSH_MAX_BYTES`], before compression.
pub(crate) struct LargeJson<T>(pub(crate) T);

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        read(request, SMALL).await.map(Self)
    }
}

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for LargeJson<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        read(request, PUSH_MAX_BYTES).await.map(Self)
    }
}

async fn read<T: DeserializeOwned>(request: Request, limit: usize) -> Result<T, Refusal> {
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, limit).await.map_err(|error| {
        let is_too_large = std::error::Error::source(&error)
            .is_some_and(|source| source.to_string().contains("length limit exceeded"));
        if is_too_large {
            too_large(limit)
        } else {
            malformed("the body ended early")
        }
    })?;
    let plain = match parts.headers.get(header::CONTENT_ENCODING) {
        None => bytes,
        Some(encoding) if encoding == "zstd" => decompressed(&bytes, limit)?,
        Some(_) => return Err(malformed("this content encoding is not understood")),
    };
    serde_json::from_slice(&plain).map_err(|error| malformed(error.to_string()))
}

fn decompressed(bytes: &[u8], limit: usize) -> Result<Bytes, Refusal> {
    let not_zstd = |_| malformed("the body is not zstd");
    let mut decoder = zstd::stream::read::Decoder::new(bytes).map_err(not_zstd)?;
    decoder.window_log_max(MAX_WINDOW_LOG).map_err(not_zstd)?;
    let mut plain = Vec::new();
    decoder
        .take(limit as u64 + 1)
        .read_to_end(&mut plain)
        .map_err(not_zstd)?;
    if plain.len() > limit {
        return Err(too_large(limit));
    }
    Ok(plain.into())
}

fn malformed(message: impl Into<String>) -> Refusal {
    Refusal::new(ApiErrorCode::Malformed, message)
}

fn too_large(limit: usize) -> Refusal {
    Refusal::new(ApiErrorCode::TooLarge, format!("more than {limit} bytes"))
}
