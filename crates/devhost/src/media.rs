//! Images of drafts. The page fetches them with the token and shows them from its own memory, so
//! that no address with a secret in it stands in the page.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::Shared;

/// `GET /media/{b3}`: an image that a draft uses and that is on this computer.
pub(crate) async fn image(State(shared): State<Arc<Shared>>, Path(b3): Path<String>) -> Response {
    match shared.studio.media(&b3).await {
        Some(media) => ([(header::CONTENT_TYPE, media.media_type)], media.bytes).into_response(),
        None => (StatusCode::NOT_FOUND, "no such image").into_response(),
    }
}
