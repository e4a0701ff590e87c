//! `/v1/communities/{community}/articles/…`: what members read.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path, Query, State};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use stoa_domain::{BlobHash, CommunityId, DraftId, Tag, UserId};
use stoa_protocol::error::{ApiError, ApiErrorCode};
use stoa_protocol::member::{Article, Articles};

use super::blobs;
use super::caller::{Caller, bearer};
use crate::app::App;
use crate::member::{self, Addressed};
use crate::pages::Wanted;
use crate::refusal::Refusal;

/// How many articles a page has unless it says so.
const PAGE: u32 = 20;

/// Somebody who reads, with an account or without. A token that is wrong is refused: whoever sends
/// one wants to be known.
pub(crate) struct MaybeCaller(pub(crate) Option<UserId>);

impl FromRequestParts<Arc<App>> for MaybeCaller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refusal> {
        if bearer(&parts.headers).is_none() {
            return Ok(Self(None));
        }
        let caller = Caller::from_request_parts(parts, app).await?;
        Ok(Self(Some(caller.user)))
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Page {
    after: Option<String>,
    limit: Option<u32>,
    tag: Option<String>,
}

#[utoipa::path(
    get,
    path = "/v1/communities/{community}/articles",
    params(
        ("community" = String, Path, description = "An id"),
        ("after" = Option<String>, Query, description = "Where the page begins, as an answer said"),
        ("limit" = Option<u32>, Query, description = "At most 100; 20 unless it says so"),
        ("tag" = Option<String>, Query, max_length = 40, description = "Only what has this tag, or another word for it"),
    ),
    responses((status = 200, description = "What is published, the newest first", body = Articles), (status = "4XX", description = "What to do about it", body = ApiError)),
    security((), ("token" = [])),
)]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    MaybeCaller(user): MaybeCaller,
    Path(community): Path<String>,
    Query(page): Query<Page>,
) -> Result<axum::Json<Articles>, Refusal> {
    let community = community_id(&community)?;
    let wrong_tag = |_| Refusal::field("tag", "1 to 40 characters");
    let wanted = Wanted {
        after: page.after.map(|text| text.parse()).transpose()?,
        limit: page.limit.unwrap_or(PAGE),
        tag: page
            .tag
            .map(|text| Tag::parse(&text))
            .transpose()
            .map_err(wrong_tag)?,
    };
    let now = app.now();
    app.db
        .read(move |tx| member::articles(tx, (community, user), &wanted, now))
        .await
        .map(axum::Json)
}

#[utoipa::path(
    get,
    path = "/v1/communities/{community}/articles/{id}",
    params(
        ("community" = String, Path, description = "An id"),
        ("id" = String, Path, description = "An id"),
    ),
    responses((status = 200, description = "An article, with as much of its text as this reader may read", body = Article), (status = "4XX", description = "What to do about it", body = ApiError)),
    security((), ("token" = [])),
)]
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    MaybeCaller(user): MaybeCaller,
    Path((community, id)): Path<(String, String)>,
) -> Result<axum::Json<Article>, Refusal> {
    let community = community_id(&community)?;
    let id: DraftId = id
        .parse()
        .map_err(|_| Refusal::new(ApiErrorCode::NotFound, "no such article"))?;
    let now = app.now();
    app.db
        .read(move |tx| member::article(tx, (community, user), id, now))
        .await
        .map(axum::Json)
}

#[utoipa::path(
    get,
    path = "/v1/communities/{community}/articles/by-address/{slug}",
    params(
        ("community" = String, Path, description = "An id"),
        ("slug" = String, Path, description = "The last part of an address"),
    ),
    responses((status = 200, description = "The article that has this address", body = Article), (status = 308, description = "It has another one now, which is in `location`"), (status = "4XX", description = "What to do about it", body = ApiError)),
    security((), ("token" = [])),
)]
pub(crate) async fn at_address(
    State(app): State<Arc<App>>,
    MaybeCaller(user): MaybeCaller,
    Path((community, slug)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let community = community_id(&community)?;
    let now = app.now();
    let found = app
        .db
        .read(move |tx| member::at_address(tx, (community, user), &slug, now));
    Ok(match found.await? {
        Addressed::Here(article) => axum::Json(article).into_response(),
        Addressed::Moved(address) => Redirect::permanent(&address).into_response(),
    })
}

#[utoipa::path(
    get,
    path = "/v1/communities/{community}/articles/{id}/files/{b3}",
    params(
        ("community" = String, Path, description = "An id"),
        ("id" = String, Path, description = "An id"),
        ("b3" = String, Path, description = "64 hex digits"),
    ),
    responses((status = 200, description = "A file that the text names where this reader may read it; images, recordings and their tracks with their media type, all else as bytes to be kept under its name", body = Vec<u8>, content_type = "application/octet-stream"), (status = 206, description = "A range of it", body = Vec<u8>, content_type = "application/octet-stream"), (status = "4XX", description = "What to do about it", body = ApiError)),
    security((), ("token" = [])),
)]
pub(crate) async fn file(
    State(app): State<Arc<App>>,
    MaybeCaller(user): MaybeCaller,
    Path((community, id, b3)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let missing = |_| Refusal::new(ApiErrorCode::NotFound, "no such file");
    let community = community_id(&community)?;
    let id: DraftId = id.parse().map_err(|_| missing(()))?;
    let b3: BlobHash = b3.parse().map_err(|_| missing(()))?;
    let now = app.now();
    let (asked, given) = app
        .db
        .read(move |tx| member::file(tx, (community, user), (id, b3), now))
        .await?;
    blobs::answer(&app, asked, (b3, &given), &headers)
}

pub(super) fn community_id(text: &str) -> Result<CommunityId, Refusal> {
    text.parse()
        .map_err(|_| Refusal::new(ApiErrorCode::NotFound, "no such community"))
}
