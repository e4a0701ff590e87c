//! Which path leads where, and what every request passes through.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use stoa_protocol::error::{ApiError, ApiErrorCode};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::sensitive_headers::SetSensitiveRequestHeadersLayer;
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;

use utoipa::openapi::path::{HttpMethod, OperationBuilder};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{InfoBuilder, OpenApi, ResponseBuilder};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{
    accounts, articles, blobs, devices, feeds, lessons, live, proposals, rates, short, snapshots,
    sync, system,
};
use crate::app::App;
use crate::refusal::Refusal;

const TIMEOUT: Duration = Duration::from_secs(30);
/// A part of a file over a slow line.
const FILE_TIMEOUT: Duration = Duration::from_secs(600);
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Everything the server answers.
pub(crate) fn router(app: Arc<App>) -> Router {
    let (counted, mut api) = counted_routes().split_for_parts();
    let (health, health_api) = OpenApiRouter::new()
        .routes(routes!(system::health))
        .split_for_parts();
    api.merge(health_api);
    let (files, files_api) = file_routes().split_for_parts();
    api.merge(files_api);
    let description = describe(api);
    let counted = counted
        .route("/openapi.json", get(move || async move { description }))
        .merge(aliases())
        .route_layer(middleware::from_fn_with_state(
            Arc::clone(&app),
            rates::count,
        ));
    Router::new()
        .merge(counted)
        .merge(health)
        .fallback(no_such_page)
        .method_not_allowed_fallback(no_such_page)
        .layer(middleware::from_fn(measure))
        .layer(CompressionLayer::new())
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            TIMEOUT,
        ))
        .merge(slow(files, &app))
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

/// The routes that are counted against a limit, each with its description.
fn counted_routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(accounts::register))
        .routes(routes!(accounts::sign_in))
        .routes(routes!(accounts::refresh))
        .routes(routes!(accounts::sign_out))
        .routes(routes!(accounts::me))
        .routes(routes!(articles::list))
        .routes(routes!(articles::read))
        .routes(routes!(articles::at_address))
        .routes(routes!(lessons::finish, lessons::take_up_again))
        .routes(routes!(feeds::rss))
        .routes(routes!(feeds::atom))
        .routes(routes!(feeds::json))
        .routes(routes!(short::register))
        .routes(routes!(short::login))
        .routes(routes!(short::user))
        .routes(routes!(short::publish))
        .routes(routes!(short::article))
        .routes(routes!(devices::list))
        .routes(routes!(devices::rename))
        .routes(routes!(devices::revoke))
        .routes(routes!(devices::revoke_others))
        .routes(routes!(devices::wipe))
        .routes(routes!(devices::wiped))
        .routes(routes!(sync::hello))
        .routes(routes!(sync::push))
        .routes(routes!(sync::pull))
        .routes(routes!(snapshots::manifest))
        .routes(routes!(snapshots::part))
        .routes(routes!(sync::acknowledge))
        .routes(routes!(sync::live_ticket))
        .routes(routes!(proposals::list))
        .routes(routes!(proposals::decide))
        .routes(routes!(live::live))
        .routes(routes!(system::ca_pem))
        .routes(routes!(system::metrics))
}

/// The short names without their version; [`short::ALIASES`] describes them.
fn aliases() -> Router<Arc<App>> {
    Router::new()
        .route("/register", post(short::register))
        .route("/login", post(short::login))
        .route("/user", get(short::user))
        .route("/publish", post(short::publish))
        .route("/article/{id}", get(short::article))
}

/// The routes that move files. They may take longer than others, watch the silence of their sender
/// themselves, and compress nothing.
fn file_routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(blobs::offer))
        .routes(routes!(blobs::missing))
        .routes(routes!(blobs::take_part))
        .routes(routes!(blobs::complete))
        .routes(routes!(blobs::parts))
        .routes(routes!(blobs::give))
        .routes(routes!(articles::file))
}

fn slow(routes: Router<Arc<App>>, app: &Arc<App>) -> Router<Arc<App>> {
    let status = StatusCode::SERVICE_UNAVAILABLE;
    routes
        .route_layer(middleware::from_fn_with_state(
            Arc::clone(app),
            rates::count,
        ))
        .layer(middleware::from_fn(measure))
        .layer(TimeoutLayer::with_status_code(status, FILE_TIMEOUT))
}

/// The description of the API as JSON, itself included.
fn describe(mut api: OpenApi) -> axum::Json<OpenApi> {
    api.info = InfoBuilder::new()
        .title("Stoa server")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Accounts, what members read, and Stoa Sync v1; see docs/member-api.md and docs/sync.md",
        ))
        .build();
    for (versioned, alias) in short::ALIASES {
        if let Some(item) = api.paths.paths.get(versioned).cloned() {
            api.paths.paths.insert(alias.to_owned(), item);
        }
    }
    let own = OperationBuilder::new()
        .summary(Some("This description"))
        .response("200", ResponseBuilder::new().description("OpenAPI").build())
        .build();
    api.paths
        .add_path_operation("/openapi.json", vec![HttpMethod::Get], own);
    name_operations(&mut api);
    let token = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    api.components
        .get_or_insert_default()
        .add_security_scheme("token", token);
    axum::Json(api)
}

/// Every operation is called by its method and path: the functions behind them are often called
/// the same.
fn name_operations(api: &mut OpenApi) {
    for (path, item) in &mut api.paths.paths {
        let path = path.replace(['{', '}'], "");
        let operations = [
            ("get", &mut item.get),
            ("post", &mut item.post),
            ("put", &mut item.put),
            ("patch", &mut item.patch),
            ("delete", &mut item.delete),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                operation.operation_id = Some(format!("{method}{}", path.replace('/', "_")));
            }
        }
    }
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
