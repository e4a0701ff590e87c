//! The short names, for a program of a few lines: `/v1/register`, `/v1/login`, `/v1/user`,
//! `/v1/publish` and `/v1/article/{id}`, each without `/v1` as well. They do what the routes with
//! the long names do, by the same rules.

use std::sync::Arc;

use axum::extract::{Extension, Path, Query, State};
use axum::http::{HeaderMap, header};
use serde::Deserialize;
use stoa_domain::{CommunityId, DraftId};
use stoa_protocol::account::Account;
use stoa_protocol::error::{ApiError, ApiErrorCode};
use stoa_protocol::member::{
    Article, LoggedIn, Login, Publish, Published, Registered, ShortRegister,
};

use super::accounts::{self as long, Answer};
use super::articles::MaybeCaller;
use super::body::{Json, PlacedJson};
use super::caller::Caller;
use super::rates::ClientAddress;
use crate::accounts::{account_of, register as new, sign_in};
use crate::app::App;
use crate::member;
use crate::publish::{self, Key};
use crate::refusal::Refusal;

/// How a request names itself.
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// What a session is called that did not say it.
const DEVICE_NAME: &str = "API";

/// The route with the version, and what it is called without.
pub(crate) const ALIASES: [(&str, &str); 5] = [
    ("/v1/register", "/register"),
    ("/v1/login", "/login"),
    ("/v1/user", "/user"),
    ("/v1/publish", "/publish"),
    ("/v1/article/{id}", "/article/{id}"),
];

#[utoipa::path(
    post,
    path = "/v1/register",
    request_body = ShortRegister,
    responses((status = 200, description = "An account was made", body = Registered), (status = "4XX", description = "What to do about it", body = ApiError)),
)]
pub(crate) async fn register(
    State(app): State<Arc<App>>,
    Extension(from): Extension<ClientAddress>,
    headers: HeaderMap,
    Json(request): Json<ShortRegister>,
) -> Answer<Registered> {
    app.limits.register(from)?;
    let before_at = request.username.trim().split('@').next();
    let name = request.name.as_deref().or(before_at).unwrap_or_default();
    let name: String = name.chars().take(80).collect();
    let user = new::account(&app, &request.username, &name, &request.password)
        .await
        .map_err(|refusal| refusal.renamed("email", "username"))?;
    let user = app.db.read(move |tx| account_of(tx, user)).await?;
    let message = said(&headers, "注册成功", "Registered");
    Ok(axum::Json(Registered { message, user }))
}

#[utoipa::path(
    post,
    path = "/v1/login",
    request_body = Login,
    responses((status = 200, description = "A session that ends with its token", body = LoggedIn), (status = "4XX", description = "What to do about it", body = ApiError)),
)]
pub(crate) async fn login(
    State(app): State<Arc<App>>,
    Extension(from): Extension<ClientAddress>,
    Json(request): Json<Login>,
) -> Answer<LoggedIn> {
    app.limits.sign_in(from, &request.username)?;
    let user = sign_in::known(&app, &request.username, &request.password).await?;
    let device = request.device_name.as_deref().unwrap_or(DEVICE_NAME);
    let session = sign_in::open_without_key(&app, user, device).await?;
    Ok(axum::Json(LoggedIn {
        token: session.tokens.access_token,
        expires_in: session.tokens.expires_in,
        user: session.account,
    }))
}

#[utoipa::path(
    get,
    path = "/v1/user",
    responses((status = 200, description = "The person behind the session", body = Account), (status = "4XX", description = "What to do about it", body = ApiError)),
    security(("token" = [])),
)]
pub(crate) async fn user(app: State<Arc<App>>, caller: Caller) -> Answer<Account> {
    long::me(app, caller).await
}

#[utoipa::path(
    post,
    path = "/v1/publish",
    params(("idempotency-key" = Option<String>, Header, description = "A second request with the same one gets the same answer, and nothing is done twice")),
    request_body = Publish,
    responses((status = 200, description = "The article was published", body = Published), (status = "4XX", description = "What to do about it", body = ApiError)),
    security(("token" = [])),
)]
pub(crate) async fn publish(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    PlacedJson(request): PlacedJson<Publish>,
) -> Answer<Published> {
    let key = headers.get(IDEMPOTENCY_KEY).map(|value| {
        let key = value.to_str().ok().and_then(Key::parse);
        let message = "1 to 200 letters, digits and signs without spaces";
        key.ok_or_else(|| Refusal::field(IDEMPOTENCY_KEY, message))
    });
    let published = publish::publish(&app, caller, key.transpose()?, request).await?;
    let message = said(&headers, "文章发布成功", "Published");
    Ok(axum::Json(Published {
        message,
        ..published
    }))
}

/// Where an article is.
#[derive(Debug, Deserialize)]
pub(crate) struct In {
    community: Option<CommunityId>,
}

#[utoipa::path(
    get,
    path = "/v1/article/{id}",
    params(
        ("id" = String, Path, description = "An id"),
        ("community" = Option<String>, Query, description = "An id; the community that people who register join when it is absent"),
    ),
    responses((status = 200, description = "An article, with as much of its text as this reader may read", body = Article), (status = "4XX", description = "What to do about it", body = ApiError)),
    security((), ("token" = [])),
)]
pub(crate) async fn article(
    State(app): State<Arc<App>>,
    MaybeCaller(user): MaybeCaller,
    Path(id): Path<String>,
    Query(place): Query<In>,
) -> Answer<Article> {
    let id: DraftId = id
        .parse()
        .map_err(|_| Refusal::new(ApiErrorCode::NotFound, "no such article"))?;
    let now = app.now();
    app.db
        .read(move |tx| {
            let community = member::community_or_first(tx, place.community)?;
            member::article(tx, (community, user), id, now)
        })
        .await
        .map(axum::Json)
}

/// A sentence for people, in the language that the request names first.
fn said(headers: &HeaderMap, zh: &str, en: &str) -> String {
    let wanted = headers.get(header::ACCEPT_LANGUAGE);
    let is_zh = wanted
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.trim().to_lowercase().starts_with("zh"));
    if is_zh { zh } else { en }.to_owned()
}
