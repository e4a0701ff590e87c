//! `/v1/accounts/…`

use std::sync::Arc;

use axum::extract::{Extension, State};
use axum::http::StatusCode;
use stoa_protocol::account::{Account, Refresh, Register, Session, SignIn, Tokens};
use stoa_protocol::error::ApiError;

use super::body::Json;
use super::caller::Caller;
use super::rates::ClientAddress;
use crate::accounts::session::FreshTokens;
use crate::accounts::{self, account_of};
use crate::app::App;
use crate::refusal::Refusal;
use crate::tables::session;

pub(super) type Answer<T> = Result<axum::Json<T>, Refusal>;

#[utoipa::path(
    post,
    path = "/v1/accounts/register",
    request_body = Register,
    responses((status = 200, description = "An account was made and signed in", body = Session), (status = "4XX", description = "What to do about it", body = ApiError)),
)]
pub(crate) async fn register(
    State(app): State<Arc<App>>,
    Extension(from): Extension<ClientAddress>,
    Json(request): Json<Register>,
) -> Answer<Session> {
    app.limits.register(from)?;
    accounts::register::register(&app, &request)
        .await
        .map(axum::Json)
}

#[utoipa::path(
    post,
    path = "/v1/accounts/sign-in",
    request_body = SignIn,
    responses((status = 200, description = "A session", body = Session), (status = "4XX", description = "What to do about it", body = ApiError)),
)]
pub(crate) async fn sign_in(
    State(app): State<Arc<App>>,
    Extension(from): Extension<ClientAddress>,
    Json(request): Json<SignIn>,
) -> Answer<Session> {
    app.limits.sign_in(from, &request.email)?;
    accounts::sign_in::sign_in(&app, &request)
        .await
        .map(axum::Json)
}

#[utoipa::path(
    post,
    path = "/v1/accounts/refresh",
    request_body = Refresh,
    responses((status = 200, description = "New tokens; the old refresh token is used up", body = Tokens), (status = "4XX", description = "What to do about it", body = ApiError)),
)]
pub(crate) async fn refresh(
    State(app): State<Arc<App>>,
    Json(request): Json<Refresh>,
) -> Answer<Tokens> {
    let fresh = FreshTokens::new(&app.entropy);
    let now = app.now();
    app.db
        .write(move |tx| accounts::session::refresh(tx, &request, &fresh, now))
        .await?
        .map(axum::Json)
}

#[utoipa::path(
    post,
    path = "/v1/accounts/sign-out",
    responses((status = 204, description = "The session has ended"), (status = "4XX", description = "What to do about it", body = ApiError)),
    security(("token" = [])),
)]
pub(crate) async fn sign_out(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<StatusCode, Refusal> {
    let now = app.now();
    app.db
        .write(move |tx| Ok(session::end(tx, caller.session, now)?))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(
    get,
    path = "/v1/accounts/me",
    responses((status = 200, description = "The person behind the session", body = Account), (status = "4XX", description = "What to do about it", body = ApiError)),
    security(("token" = [])),
)]
pub(crate) async fn me(State(app): State<Arc<App>>, caller: Caller) -> Answer<Account> {
    app.db
        .read(move |tx| account_of(tx, caller.user))
        .await
        .map(axum::Json)
}
