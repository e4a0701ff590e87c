//! Commands as requests.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use stoa_ipc::{ErrorCode, Failure};

use crate::Shared;

/// `POST /rpc/{name}`: the reply as JSON, or the failure with status 400.
pub(crate) async fn call(
    State(shared): State<Arc<Shared>>,
    Path(name): Path<String>,
    payload: String,
) -> Response {
    if matches!(name.as_str(), "file.add" | "file.save") {
        let refused = Failure::new(ErrorCode::NotAllowed, "a page names no files");
        return (StatusCode::BAD_REQUEST, Json(refused)).into_response();
    }
    match shared.studio.call(&name, &payload).await {
        Ok(reply) => ([(header::CONTENT_TYPE, "application/json")], reply).into_response(),
        Err(failure) => (StatusCode::BAD_REQUEST, Json(failure)).into_response(),
    }
}
