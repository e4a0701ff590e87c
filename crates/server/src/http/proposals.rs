//! `/v1/sync/{community}/proposals…`

use std::sync::Arc;

use axum::extract::State;
use stoa_protocol::error::ApiError;
use stoa_protocol::proposal::{DecideProposals, Decided, ProposedBy};

use super::body::Json;
use super::caller::InCommunity;
use crate::app::App;
use crate::refusal::Refusal;
use crate::sync::proposals;

#[utoipa::path(
    get,
    path = "/v1/sync/{community}/proposals",
    params(("community" = String, Path, description = "An id")),
    responses((status = 200, description = "What waits for a decision, person by person", body = Vec<ProposedBy>), (status = "4XX", description = "What to do about it", body = ApiError)),
    security(("token" = [])),
)]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    InCommunity(sender): InCommunity,
) -> Result<axum::Json<Vec<ProposedBy>>, Refusal> {
    let list = app.db.read(move |tx| proposals::list(tx, sender));
    list.await.map(axum::Json)
}

#[utoipa::path(
    post,
    path = "/v1/sync/{community}/proposals/decide",
    params(("community" = String, Path, description = "An id")),
    request_body = DecideProposals,
    responses((status = 200, description = "What came of it", body = Decided), (status = "4XX", description = "What to do about it", body = ApiError)),
    security(("token" = [])),
)]
pub(crate) async fn decide(
    State(app): State<Arc<App>>,
    InCommunity(sender): InCommunity,
    Json(request): Json<DecideProposals>,
) -> Result<axum::Json<Decided>, Refusal> {
    let now = app.now();
    let decided = app
        .db
        .write(move |tx| proposals::decide(tx, sender, &request, now));
    decided.await.map(axum::Json)
}
