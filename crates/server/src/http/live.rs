//! The WebSocket that says when there is something to pull. Data never comes this way.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use serde::Deserialize;
use stoa_protocol::error::{ApiError, ApiErrorCode};
use stoa_protocol::sync::Poke;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior};

use crate::app::App;
use crate::db::News;
use crate::refusal::Refusal;
use crate::sync::live::OpenConnection;
use crate::sync::role_in;
use crate::tables::{Sender, community, device, live_ticket};

const KEEP_ALIVE: Duration = Duration::from_secs(20);
/// A peer that has not answered for this long is gone.
const SILENCE: Duration = Duration::from_secs(50);
const MAX_FRAME: usize = 64 * 1024;

const GOING_AWAY: u16 = 1001;
const NO_LONGER: (u16, &str) = (1008, "no longer allowed");

#[derive(Deserialize)]
pub(crate) struct Ticket {
    ticket: String,
}

#[utoipa::path(
    get,
    path = "/v1/sync/{community}/live",
    params(("community" = String, Path, description = "An id"), ("ticket" = String, Query, description = "Used once, within 30 seconds")),
    responses((status = 101, description = "A WebSocket of Poke", body = Poke), (status = "4XX", description = "What to do about it", body = ApiError)),
)]
pub(crate) async fn live(
    State(app): State<Arc<App>>,
    Path(community): Path<String>,
    Query(Ticket { ticket }): Query<Ticket>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Refusal> {
    check_origin(&headers, &app.origins)?;
    let now = app.now();
    let sender = app
        .db
        .write(move |tx| Ok(live_ticket::take(tx, &ticket, now)?))
        .await?
        .filter(|sender| community.parse() == Ok(sender.community))
        .ok_or_else(|| Refusal::new(ApiErrorCode::SignInAgain, "this ticket does not hold"))?;
    let place = app
        .connections
        .open(sender.user, sender.device)
        .ok_or_else(|| Refusal::slow_down(30))?;
    Ok(upgrade
        .max_message_size(MAX_FRAME)
        .max_frame_size(MAX_FRAME)
        .on_upgrade(move |socket| serve(app, socket, sender, place)))
}

/// A web page says where it comes from and must be known; a program says nothing.
fn check_origin(headers: &HeaderMap, allowed: &[String]) -> Result<(), Refusal> {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return Ok(());
    };
    let is_allowed = origin
        .to_str()
        .is_ok_and(|origin| allowed.iter().any(|one| one == origin));
    if is_allowed {
        Ok(())
    } else {
        Err(Refusal::new(ApiErrorCode::NotAllowed, "not from this page"))
    }
}

async fn serve(app: Arc<App>, mut socket: WebSocket, sender: Sender, _place: OpenConnection) {
    let ended = poke(&app, &mut socket, sender).await;
    if let Some((code, reason)) = ended {
        let frame = CloseFrame {
            code,
            reason: reason.into(),
        };
        // The peer may be gone already.
        let _ = socket.send(Message::Close(Some(frame))).await;
    }
}

/// Runs until the peer goes (`None`) or the server ends it, with the reason to give.
async fn poke(app: &App, socket: &mut WebSocket, sender: Sender) -> Option<(u16, &'static str)> {
    let mut news = app.db.news();
    let mut stopping = app.stopping.clone();
    let mut keep_alive = tokio::time::interval(KEEP_ALIVE);
    keep_alive.set_missed_tick_behavior(MissedTickBehavior::Delay);
    keep_alive.reset();
    let mut heard_at = Instant::now();
    let mut calls = app.connections.calls();
    // It may have been revoked since it got its ticket.
    if !still_may(app, sender).await {
        return Some(NO_LONGER);
    }
    let mut said = current_head(app, sender).await?;
    say(socket, said).await?;
    loop {
        tokio::select! {
            () = stopped(&mut stopping) => {
                return Some((GOING_AWAY, "the server stops"));
            }
            message = socket.recv() => match message {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => heard_at = Instant::now(),
            },
            item = news.recv() => {
                let head = match item {
                    Ok(News::Head { community, head }) if community == sender.community => head,
                    Ok(News::Head { .. }) => continue,
                    Ok(News::LookAgain) | Err(RecvError::Lagged(_)) => {
                        current_head(app, sender).await?
                    }
                    Err(RecvError::Closed) => return Some((GOING_AWAY, "the server stops")),
                };
                if head > said {
                    said = head;
                    say(socket, said).await?;
                }
            }
            called = calls.recv() => {
                let is_meant = !matches!(called, Ok(user) if user != sender.user);
                if is_meant && !still_may(app, sender).await {
                    return Some(NO_LONGER);
                }
            }
            _ = keep_alive.tick() => {
                if heard_at.elapsed() > SILENCE {
                    return None;
                }
                if !still_may(app, sender).await {
                    return Some(NO_LONGER);
                }
                socket.send(Message::Ping(bytes::Bytes::new())).await.ok()?;
            }
        }
    }
}

/// Waits until the server stops.
async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // An error means that the server is gone already.
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

async fn say(socket: &mut WebSocket, head: i64) -> Option<()> {
    let poke = serde_json::to_string(&Poke { head }).ok()?;
    socket.send(Message::Text(poke.into())).await.ok()
}

async fn current_head(app: &App, sender: Sender) -> Option<i64> {
    app.db
        .read(move |tx| Ok(community::head(tx, sender.community)?))
        .await
        .ok()
        .flatten()
}

/// Whether the device and the membership still hold.
async fn still_may(app: &App, sender: Sender) -> bool {
    app.db
        .read(move |tx| {
            role_in(tx, sender.community, sender.user)?;
            let device = device::find(tx, sender.user, sender.device)?;
            Ok(device.is_some_and(|device| device.revoked_at.is_none()))
        })
        .await
        .unwrap_or(false)
}
