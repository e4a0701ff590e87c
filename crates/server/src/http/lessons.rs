//! `/v1/communities/{community}/articles/{id}/done`: which lessons a member has finished.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use stoa_domain::{CommunityId, DraftId};
use stoa_protocol::error::{ApiError, ApiErrorCode};

use super::articles::community_id;
use super::caller::Caller;
use crate::app::App;
use crate::lessons;
use crate::refusal::Refusal;

#[utoipa::path(
    put,
    path = "/v1/communities/{community}/articles/{id}/done",
    params(
        ("community" = String, Path, description = "An id"),
        ("id" = String, Path, description = "An id"),
    ),
    responses((status = 204, description = "The lesson is finished, since now or since it was before"), (status = "4XX", description = "What to do about it", body = ApiError)),
    security(("token" = [])),
)]
pub(crate) async fn finish(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((community, id)): Path<(String, String)>,
) -> Result<StatusCode, Refusal> {
    let (community, id) = lesson(&community, &id)?;
    let (of, now) = ((community, caller.user), app.now());
    app.db
        .write(move |tx| lessons::finish(tx, of, id, now))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(
    delete,
    path = "/v1/communities/{community}/articles/{id}/done",
    params(
        ("community" = String, Path, description = "An id"),
        ("id" = String, Path, description = "An id"),
    ),
    responses((status = 204, description = "The lesson is not finished"), (status = "4XX", description = "What to do about it", body = ApiError)),
    security(("token" = [])),
)]
pub(crate) async fn take_up_again(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((community, id)): Path<(String, String)>,
) -> Result<StatusCode, Refusal> {
    let (community, id) = lesson(&community, &id)?;
    let (of, now) = ((community, caller.user), app.now());
    app.db
        .write(move |tx| lessons::take_up_again(tx, of, id, now))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn lesson(community: &str, id: &str) -> Result<(CommunityId, DraftId), Refusal> {
    let missing = |_| Refusal::new(ApiErrorCode::NotFound, "no such lesson");
    Ok((community_id(community)?, id.parse().map_err(missing)?))
}
