//! Events over a WebSocket.

use std::sync::Arc;

use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use stoa_ipc::Event;
use stoa_studio::Studio;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use crate::Shared;

/// `GET /events`: every event as JSON, the state first.
pub(crate) async fn listen(
    State(shared): State<Arc<Shared>>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let studio = shared.studio.clone();
    upgrade
        .protocols(["stoa"])
        .on_upgrade(move |socket| pass_on(studio, socket))
}

async fn pass_on(studio: Studio, mut socket: WebSocket) {
    let mut events = studio.events();
    let mut event = state(&studio).await;
    loop {
        let Ok(text) = serde_json::to_string(&event) else {
            return;
        };
        if socket.send(Message::Text(text.into())).await.is_err() {
            return;
        }
        let Some(next) = next(&studio, &mut events, &mut socket).await else {
            return;
        };
        event = next;
    }
}

/// The next event; `None` when either side has gone.
async fn next(
    studio: &Studio,
    events: &mut Receiver<Event>,
    socket: &mut WebSocket,
) -> Option<Event> {
    loop {
        tokio::select! {
            event = events.recv() => return match event {
                Ok(event) => Some(event),
                // Too slow to hear everything: the state as it is now says it all.
                Err(RecvError::Lagged(_)) => Some(state(studio).await),
                Err(RecvError::Closed) => None,
            },
            heard = socket.recv() => match heard {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            },
        }
    }
}

async fn state(studio: &Studio) -> Event {
    Event::State(Box::new(studio.state().await))
}
