//! `/v1/accounts/devices/…`

use std::sync::Arc;

use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use stoa_domain::DeviceId;
use stoa_protocol::device::{Device, RenameDevice, StepUp, Wiped};
use stoa_protocol::error::{ApiError, ApiErrorCode};

use super::body::Json;
use super::caller::Caller;
use super::rates::ClientAddress;
use crate::accounts::{rules, step_up, wipe};
use crate::app::App;
use crate::refusal::Refusal;
use crate::tables::{device, session};

#[utoipa::path(
    get,
    path = "/v1/accounts/devices",
    responses((status = 200, description = "The person's devices", body = Vec<Device>), (status = "4XX", description = "What to do about it", body = ApiError)),
    security(("token" = [])),
)]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<axum::Json<Vec<Device>>, Refusal> {
    app.db
        .read(move |tx| Ok(device::of_user(tx, caller.user, caller.device)?))
        .await
        .map(axum::Json)
}

#[utoipa::path(
    patch,
    path = "/v1/accounts/devices/{id}",
    params(("id" = String, Path, description = "An id")),
    request_body = RenameDevice,
    responses((status = 204, description = "The device has the name"), (status = "4XX", description = "What to do about it", body = ApiError)),
    security(("token" = [])),
)]
pub(crate) async fn rename(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    Json(request): Json<RenameDevice>,
) -> Result<StatusCode, Refusal> {
    let id = device_id(&id)?;
    let name = rules::name("name", &request.name)?;
    let is_there = app
        .db
        .write(move |tx| Ok(device::rename(tx, caller.user, id, &name)?));
    found(is_there.await?)
}

/// Takes the access of one of the caller's own devices away; its sessions end at once.
#[utoipa::path(
    post,
    path = "/v1/accounts/devices/{id}/revoke",
    params(("id" = String, Path, description = "An id")),
    request_body = StepUp,
    responses((status = 204, description = "The device has no access any more"), (status = "4XX", description = "What to do about it", body = ApiError)),
    security(("token" = [])),
)]
pub(crate) async fn revoke(
    State(app): State<Arc<App>>,
    Extension(from): Extension<ClientAddress>,
    caller: Caller,
    Path(id): Path<String>,
    Json(request): Json<StepUp>,
) -> Result<StatusCode, Refusal> {
    let id = device_id(&id)?;
    step_up::check(&app, from, caller, &request).await?;
    let now = app.now();
    let is_there = app.db.write(move |tx| {
        session::end_of_device(tx, caller.user, id, now)?;
        Ok(device::revoke(tx, caller.user, id, now)?)
    });
    let is_there = is_there.await?;
    app.connections.look_again(caller.user);
    found(is_there)
}

/// Takes the access of all of the caller's devices away but the one that asks.
#[utoipa::path(
    post,
    path = "/v1/accounts/devices/revoke-others",
    request_body = StepUp,
    responses((status = 204, description = "Only this device has access"), (status = "4XX", description = "What to do about it", body = ApiError)),
    security(("token" = [])),
)]
pub(crate) async fn revoke_others(
    State(app): State<Arc<App>>,
    Extension(from): Extension<ClientAddress>,
    caller: Caller,
    Json(request): Json<StepUp>,
) -> Result<StatusCode, Refusal> {
    step_up::check(&app, from, caller, &request).await?;
    let now = app.now();
    let revoked = app.db.write(move |tx| {
        session::end_of_others(tx, caller.user, caller.device, now)?;
        Ok(device::revoke_others(tx, caller.user, caller.device, now)?)
    });
    revoked.await?;
    app.connections.look_again(caller.user);
    Ok(StatusCode::NO_CONTENT)
}

/// Orders everything to be wiped from one of the caller's devices when it next asks for anything.
/// The device has no access from now on.
#[utoipa::path(
    post,
    path = "/v1/accounts/devices/{id}/wipe",
    params(("id" = String, Path, description = "An id")),
    request_body = StepUp,
    responses((status = 204, description = "The order waits for the device"), (status = "4XX", description = "What to do about it", body = ApiError)),
    security(("token" = [])),
)]
pub(crate) async fn wipe(
    State(app): State<Arc<App>>,
    Extension(from): Extension<ClientAddress>,
    caller: Caller,
    Path(id): Path<String>,
    Json(request): Json<StepUp>,
) -> Result<StatusCode, Refusal> {
    let id = device_id(&id)?;
    step_up::check(&app, from, caller, &request).await?;
    let (now, nonce) = (app.now(), app.entropy.bytes::<32>());
    let is_there = app.db.write(move |tx| {
        session::end_of_device(tx, caller.user, id, now)?;
        device::revoke(tx, caller.user, id, now)?;
        Ok(device::order_wipe(tx, caller.user, id, (nonce, now))?)
    });
    let is_there = is_there.await?;
    app.connections.look_again(caller.user);
    found(is_there)
}

/// A device tells that it was wiped. Its key stands for it: it has no session any more.
#[utoipa::path(
    post,
    path = "/v1/accounts/wiped",
    request_body = Wiped,
    responses((status = 204, description = "It is noted"), (status = "4XX", description = "What to do about it", body = ApiError)),
)]
pub(crate) async fn wiped(
    State(app): State<Arc<App>>,
    Json(said): Json<Wiped>,
) -> Result<StatusCode, Refusal> {
    let now = app.now();
    let noted = app
        .db
        .write(move |tx| wipe::carried_out(tx, &said, now))
        .await?;
    tracing::info!(user = %noted, "a device was wiped");
    Ok(StatusCode::NO_CONTENT)
}

fn device_id(id: &str) -> Result<DeviceId, Refusal> {
    id.parse().map_err(|_| not_found())
}

fn found(is_there: bool) -> Result<StatusCode, Refusal> {
    match is_there {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(not_found()),
    }
}

fn not_found() -> Refusal {
    Refusal::new(ApiErrorCode::NotFound, "no such device")
}
