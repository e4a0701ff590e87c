//! `/v1/sync/…`, apart from the WebSocket.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use stoa_mutators::MAX_MUTATION_BYTES;
use stoa_protocol::error::ApiError;
use stoa_protocol::sync::{
    AckResults, Hello, Limits, LiveTicket, MutationOutcome, MutationResult, Pull, PullLine, Push,
    PushAnswer, Range,
};
use stoa_protocol::{PROTOCOL, PUSH_MAX_BYTES, PUSH_MAX_MUTATIONS, SCHEMA};

use super::body::{Json, LargeJson};
use super::caller::{Caller, InCommunity, check_schema};
use super::streamed::{self, Coding};
use crate::accounts::wipe;
use crate::app::App;
use crate::db::DbError;
use crate::refusal::Refusal;
use crate::sync::horizon;
use crate::sync::standing::Standing;
use crate::sync::{pull, push, role_in};
use crate::tables::{
    Sender, community, device_progress, live_ticket, membership, mutation_result, server,
};

/// How long a ticket opens a WebSocket.
const TICKET_MILLIS: i64 = 30_000;
/// An answer smaller than this is not worth compressing.
const COMPRESS_FROM: i64 = 1024;

#[utoipa::path(
    get,
    path = "/v1/sync/hello",
    responses((status = 200, description = "What the server is and takes", body = Hello), (status = "4XX", description = "What to do about it", body = ApiError)),
    security(("token" = [])),
)]
pub(crate) async fn hello(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<axum::Json<Hello>, Refusal> {
    let (server_time, min_schema) = (app.now(), app.min_schema);
    let hello = app.db.read(move |tx| {
        let identity = server::identity(tx)?
            .ok_or_else(|| DbError::Stored("the database has no identity".into()))?;
        let mut communities = membership::of_user(tx, caller.user)?;
        for community in &mut communities {
            community.reset_token = server::reset_token(tx, community.id, server_time)?;
        }
        Ok(Hello {
            server_id: identity.server_id,
            epoch: identity.epoch,
            proto: Range {
                min: PROTOCOL,
                max: PROTOCOL,
            },
            schema: Range {
                min: min_schema,
                max: SCHEMA,
            },
            communities,
            limits: Limits {
                push_max_mutations: PUSH_MAX_MUTATIONS,
                push_max_bytes: PUSH_MAX_BYTES,
                mutation_max_bytes: MAX_MUTATION_BYTES,
            },
            server_time,
            order_key: Some(wipe::announced_key(&server::order_key(tx)?)),
        })
    });
    hello.await.map(axum::Json)
}

#[utoipa::path(
    post,
    path = "/v1/sync/{community}/push",
    params(("community" = String, Path, description = "An id")),
    request_body = Push,
    responses((status = 200, description = "One result for each mutation looked at", body = PushAnswer), (status = "4XX", description = "What to do about it", body = ApiError)),
    security(("token" = [])),
)]
pub(crate) async fn push(
    State(app): State<Arc<App>>,
    InCommunity(sender): InCommunity,
    LargeJson(push): LargeJson<Push>,
) -> Result<axum::Json<PushAnswer>, Refusal> {
    let incoming = push::read(&push.mutations)?;
    let Ok(_place) = app.pushes.try_acquire() else {
        return deferred(&app, sender, &push).await.map(axum::Json);
    };
    let now = app.now();
    let answer = app
        .db
        .write_in(sender.community, move |tx| {
            push::push(tx, sender, &push.epoch, &incoming, now)
        })
        .await?;
    metrics::counter!("stoa_mutations_total").increment(answer.results.len() as u64);
    Ok(axum::Json(answer))
}

/// Nothing was looked at; the device comes back.
async fn deferred(app: &App, sender: Sender, push: &Push) -> Result<PushAnswer, Refusal> {
    let first = push.mutations.first().map(|mutation| mutation.mid);
    app.db
        .read(move |tx| {
            Standing::of(tx, sender)?;
            Ok(PushAnswer {
                lmid: device_progress::lmid(tx, sender)?,
                head: community::head(tx, sender.community)?.unwrap_or_default(),
                results: first
                    .map(|mid| MutationResult {
                        mid,
                        outcome: MutationOutcome::Deferred { retry_after: 1 },
                    })
                    .into_iter()
                    .collect(),
            })
        })
        .await
}

#[utoipa::path(
    post,
    path = "/v1/sync/{community}/pull",
    params(("community" = String, Path, description = "An id")),
    request_body = Pull,
    responses((status = 200, description = "Lines of PullLine", body = PullLine, content_type = "application/x-ndjson"), (status = "4XX", description = "What to do about it", body = ApiError)),
    security(("token" = [])),
)]
pub(crate) async fn pull(
    State(app): State<Arc<App>>,
    InCommunity(sender): InCommunity,
    headers: HeaderMap,
    Json(pull): Json<Pull>,
) -> Result<Response, Refusal> {
    check_schema(&headers, app.min_schema)?;
    let takes_zstd = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(',').any(|one| one.trim().starts_with("zstd")));
    let (large, now) = (app.snapshots.rules.from_rows, app.now());
    let asked = pull.clone();
    let answer = streamed::answer(&app.db, move |tx, begin| {
        let plan = pull::plan(tx, sender, &pull, (large, now))?;
        let coding = match takes_zstd && plan.n_bytes >= COMPRESS_FROM {
            true => Coding::Zstd,
            false => Coding::Plain,
        };
        Ok(begin.body(coding, |out| plan.write(tx, out))?)
    });
    let (coding, body) = answer.await?;
    horizon::note_place(&app, sender, &asked, now).await?;
    let encoding = match coding {
        Coding::Zstd => "zstd",
        Coding::Plain => "identity",
    };
    let headers = [
        (header::CONTENT_TYPE, "application/x-ndjson"),
        (header::CONTENT_ENCODING, encoding),
    ];
    Ok((headers, body).into_response())
}

#[utoipa::path(
    post,
    path = "/v1/sync/{community}/results/ack",
    params(("community" = String, Path, description = "An id")),
    request_body = AckResults,
    responses((status = 204, description = "The results are forgotten"), (status = "4XX", description = "What to do about it", body = ApiError)),
    security(("token" = [])),
)]
pub(crate) async fn acknowledge(
    State(app): State<Arc<App>>,
    InCommunity(sender): InCommunity,
    Json(ack): Json<AckResults>,
) -> Result<StatusCode, Refusal> {
    app.db
        .write(move |tx| {
            Standing::of(tx, sender)?;
            Ok(mutation_result::forget(tx, sender, ack.mid)?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(
    post,
    path = "/v1/sync/{community}/live-ticket",
    params(("community" = String, Path, description = "An id")),
    responses((status = 200, description = "Opens one WebSocket", body = LiveTicket), (status = "4XX", description = "What to do about it", body = ApiError)),
    security(("token" = [])),
)]
pub(crate) async fn live_ticket(
    State(app): State<Arc<App>>,
    InCommunity(sender): InCommunity,
) -> Result<axum::Json<LiveTicket>, Refusal> {
    let ticket = app.entropy.token();
    let answer = LiveTicket {
        ticket: ticket.clone(),
    };
    let expires_at = app.now().plus_millis(TICKET_MILLIS);
    app.db
        .write(move |tx| {
            role_in(tx, sender.community, sender.user)?;
            Ok(live_ticket::insert(tx, &ticket, sender, expires_at)?)
        })
        .await?;
    Ok(axum::Json(answer))
}
