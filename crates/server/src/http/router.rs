//! Which path leads where, and what every request passes through.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use stoa_protocol::error::{ApiError, ApiErrorCode};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::sensitive_headers::SetSensitiveRequestHeadersLayer;
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;

use super::{accounts, live, rates, sync, system};
use crate::app::App;
use crate::refusal::Refusal;

const TIMEOUT: Duration = Duration::from_secs(30);
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Everything the server answers.
pub(crate) fn router(app: Arc<App>) -> Router {
    let counted = Router::new()
        .route("/v1/accounts/register", post(accounts::register))
        .route("/v1/accounts/sign-in", post(accounts::sign_in))
        .route("/v1/accounts/refresh", post(accounts::refresh))
        .route("/v1/accounts/sign-out", post(accounts::sign_out))
        .route("/v1/accounts/me", get(accounts::me))
        .route("/v1/accounts/devices", get(accounts::devices))
        .route("/v1/accounts/devices/{id}", delete(accounts::revoke_device))
        .route("/v1/sync/hello", get(sync::hello))
        .route("/v1/sync/{community}/push", post(sync::push))
        .route("/v1/sync/{community}/pull", post(sync::pull))
        .route("/v1/sync/{community}/results/ack", post(sync::acknowledge))
        .route("/v1/sync/{community}/live-ticket", post(sync::live_ticket))
        .route("/v1/sync/{community}/live", get(live::live))
        .route("/v1/ca.pem", get(system::ca_pem))
        .route("/metrics", get(system::metrics))
        .route_layer(middleware::from_fn_with_state(
            Arc::clone(&app),
            rates::count,
        ));
    Router::new()
        .merge(counted)
        .route("/healthz", get(system::health))
        .fallback(no_such_page)
        .method_not_allowed_fallback(no_such_page)
        .layer(middleware::from_fn(measure))
        .layer(CompressionLayer::new())
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            TIMEOUT,
        ))
        .layer(CatchPanicLayer::custom(|_| panicked()))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
        .layer(SetSensitiveRequestHeadersLayer::new([
            header::AUTHORIZATION,
            header::COOKIE,
        ]))
        .with_state(app)
}

/// The path without its query: a query may hold a ticket.
fn span(request: &Request) -> tracing::Span {
    let id = request
        .headers()
        .get(REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    tracing::info_span!("request", method = %request.method(), path = request.uri().path(), id)
}

async fn no_such_page() -> Refusal {
    Refusal::new(ApiErrorCode::NotFound, "no such page")
}

fn panicked() -> Response {
    tracing::error!("a request panicked");
    Refusal::from(ApiError::new(
        ApiErrorCode::Internal,
        "the server could not do it",
    ))
    .into_response()
}

async fn measure(request: Request, next: Next) -> Response {
    let path = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("none", |path| path.as_str())
        .to_owned();
    let started = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    metrics::counter!("stoa_requests_total", "path" => path.clone(), "status" => status)
        .increment(1);
    metrics::histogram!("stoa_request_seconds", "path" => path)
        .record(started.elapsed().as_secs_f64());
    response
}
