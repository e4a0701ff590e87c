//! `/v1/communities/{community}/feeds/…`: what anybody may read, for programs that look for news.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use stoa_protocol::error::{ApiError, ApiErrorCode};

use super::{address, articles};
use crate::app::App;
use crate::feed::{self, Asked, Format, Known, Validators};
use crate::refusal::Refusal;

/// For how long a copy is shown without asking whether it is the newest.
const CACHE: &str = "public, max-age=60";

#[derive(Debug, Deserialize)]
pub(crate) struct At {
    after: Option<String>,
}

#[utoipa::path(
    get,
    path = "/v1/communities/{community}/feeds/rss",
    params(
        ("community" = String, Path, description = "An id"),
        ("after" = Option<String>, Query, description = "Where the page begins, as its `next` said"),
    ),
    responses((status = 200, description = "RSS 2.0: the newest 50 articles", body = String, content_type = "application/rss+xml"), (status = 304, description = "As it was"), (status = "4XX", description = "What to do about it", body = ApiError)),
)]
pub(crate) async fn rss(
    app: State<Arc<App>>,
    community: Path<String>,
    at: Query<At>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    give(&app, Format::Rss, (&community, at.0), (&uri, &headers)).await
}

#[utoipa::path(
    get,
    path = "/v1/communities/{community}/feeds/atom",
    params(
        ("community" = String, Path, description = "An id"),
        ("after" = Option<String>, Query, description = "Where the page begins, as its `next` said"),
    ),
    responses((status = 200, description = "Atom 1.0: the newest 50 articles", body = String, content_type = "application/atom+xml"), (status = 304, description = "As it was"), (status = "4XX", description = "What to do about it", body = ApiError)),
)]
pub(crate) async fn atom(
    app: State<Arc<App>>,
    community: Path<String>,
    at: Query<At>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    give(&app, Format::Atom, (&community, at.0), (&uri, &headers)).await
}

#[utoipa::path(
    get,
    path = "/v1/communities/{community}/feeds/json",
    params(
        ("community" = String, Path, description = "An id"),
        ("after" = Option<String>, Query, description = "Where the page begins, as its `next_url` said"),
    ),
    responses((status = 200, description = "JSON Feed 1.1: the newest 50 articles", body = String, content_type = "application/feed+json"), (status = 304, description = "As it was"), (status = "4XX", description = "What to do about it", body = ApiError)),
)]
pub(crate) async fn json(
    app: State<Arc<App>>,
    community: Path<String>,
    at: Query<At>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    give(&app, Format::Json, (&community, at.0), (&uri, &headers)).await
}

/// A page of a feed. Who asks makes no difference.
async fn give(
    app: &App,
    format: Format,
    (community, at): (&str, At),
    (uri, headers): (&Uri, &HeaderMap),
) -> Result<Response, Refusal> {
    let text_of = |name| Some(headers.get(name)?.to_str().ok()?.to_owned());
    let asked = Asked {
        community: articles::community_id(community)?,
        after: at.after.map(|text| text.parse()).transpose()?,
        origin: address::origin(app, uri, headers)?,
        known: Known {
            tags: text_of(header::IF_NONE_MATCH),
            since: text_of(header::IF_MODIFIED_SINCE),
        },
    };
    let _turn = app.feeds.acquire().await.map_err(|_| not_done())?;
    let now = app.now();
    let read = app.db.read(move |tx| feed::page(tx, &asked, format, now));
    let (page, validators, is_known) = read.await?;
    if is_known {
        return with_headers(StatusCode::NOT_MODIFIED.into_response(), &validators);
    }
    let written = tokio::task::spawn_blocking(move || page.write(format)).await;
    let body = written
        .map_err(std::io::Error::other)
        .flatten()
        .map_err(|_| not_done())?;
    let media_type = [(header::CONTENT_TYPE, format.media_type())];
    with_headers((media_type, body).into_response(), &validators)
}

fn with_headers(mut response: Response, validators: &Validators) -> Result<Response, Refusal> {
    let mut set = |name: HeaderName, value: &str| {
        let value = HeaderValue::try_from(value).map_err(|_| not_done())?;
        response.headers_mut().insert(name, value);
        Ok::<(), Refusal>(())
    };
    // Weak: on its way it may be compressed.
    set(header::ETAG, &format!("W/{}", validators.tag))?;
    if let Some(at) = &validators.last_modified {
        set(header::LAST_MODIFIED, at)?;
    }
    set(header::CACHE_CONTROL, CACHE)?;
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff")?;
    Ok(response)
}

fn not_done() -> Refusal {
    Refusal::new(ApiErrorCode::Internal, "the server could not do it")
}
