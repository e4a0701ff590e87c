//! Health, metrics and the certificate authority.

use std::sync::{Arc, LazyLock};

use axum::extract::{Extension, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use stoa_protocol::error::{ApiError, ApiErrorCode};

use super::rates::ClientAddress;
use crate::app::App;
use crate::refusal::Refusal;
use crate::tables::server;

/// Counters are of the process, however many servers run in it.
static METRICS: LazyLock<Option<PrometheusHandle>> =
    LazyLock::new(|| PrometheusBuilder::new().install_recorder().ok());

/// Starts counting.
pub(crate) fn install_metrics() {
    LazyLock::force(&METRICS);
}

/// 200 when the database answers.
#[utoipa::path(
    get,
    path = "/healthz",
    responses((status = 200, description = "The database answers"), (status = "4XX", description = "What to do about it", body = ApiError)),
)]
pub(crate) async fn health(State(app): State<Arc<App>>) -> Result<StatusCode, Refusal> {
    app.db.read(|tx| Ok(server::identity(tx)?)).await?;
    Ok(StatusCode::OK)
}

/// Only for this machine: the numbers are nobody else's business.
#[utoipa::path(
    get,
    path = "/metrics",
    responses((status = 200, description = "Prometheus text, for this machine only", body = String, content_type = "text/plain"), (status = "4XX", description = "What to do about it", body = ApiError)),
)]
pub(crate) async fn metrics(
    Extension(ClientAddress(from)): Extension<ClientAddress>,
) -> Result<Response, Refusal> {
    let not_found = || Refusal::new(ApiErrorCode::NotFound, "no such page");
    if !from.to_canonical().is_loopback() {
        return Err(not_found());
    }
    let text = METRICS.as_ref().ok_or_else(not_found)?.render();
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
    Ok((kind, text).into_response())
}

/// The certificate that a desktop trusts after comparing its fingerprint.
#[utoipa::path(
    get,
    path = "/v1/ca.pem",
    responses((status = 200, description = "The authority to trust", body = String, content_type = "application/x-pem-file"), (status = "4XX", description = "What to do about it", body = ApiError)),
)]
pub(crate) async fn ca_pem(State(app): State<Arc<App>>) -> Result<Response, Refusal> {
    let pem = app.ca_pem.clone().ok_or_else(|| {
        Refusal::new(
            ApiErrorCode::NotFound,
            "this server has no authority of its own",
        )
    })?;
    Ok(([(header::CONTENT_TYPE, "application/x-pem-file")], pem).into_response())
}
