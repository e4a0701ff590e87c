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

/// The same, where what is wrong with a value is said with its place.
pub(crate) struct PlacedJson<T>(pub(crate) T);

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for PlacedJson<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let bytes = read_bytes(request, PUSH_MAX_BYTES).await?;
        let mut json = serde_json::Deserializer::from_slice(&bytes);
        let value = serde_path_to_error::deserialize(&mut json).map_err(|error| placed(&error))?;
        json.end().map_err(|error| malformed(error.to_string()))?;
        Ok(Self(value))
    }
}

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
    let bytes = read_bytes(request, limit).await?;
    serde_json::from_slice(&bytes).map_err(|error| malformed(error.to_string()))
}

/// What is no JSON is malformed; a value that does not fit its field is wrong there.
fn placed(error: &serde_path_to_error::Error<serde_json::Error>) -> Refusal {
    let (path, inner) = (error.path().to_string(), error.inner());
    match inner.is_data() && path.as_str() != "." {
        true => Refusal::field(&path, inner.to_string()),
        false => malformed(inner.to_string()),
    }
}

/// The bytes of a body, decompressed.
async fn read_bytes(request: Request, limit: usize) -> Result<Bytes, Refusal> {
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
    match parts.headers.get(header::CONTENT_ENCODING) {
        None => Ok(bytes),
        Some(encoding) if encoding == "zstd" => decompressed(&bytes, limit),
        Some(_) => Err(malformed("this content encoding is not understood")),
    }
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
