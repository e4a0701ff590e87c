//! Sounds and films for a player in the window, over an address of this computer.
//!
//! A player sends no header of ours and, on Linux, plays nothing from a scheme of the program. So a
//! recording is given to whoever has a ticket for it: 256 random bits in the address, good for one
//! file and some minutes. Only this computer reaches it, under its own name; pages of other origins
//! are refused; it reads and does nothing else.

mod answer;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use stoa_studio::Studio;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// Players that are given something at the same time.
const MOST_AT_ONCE: usize = 8;

/// What the routes need.
#[derive(Clone)]
struct Shared {
    studio: Studio,
    places: Arc<Semaphore>,
}

/// `GET /play/{ticket}`, for a host that guards its names and origins itself.
pub fn routes<S: Clone + Send + Sync + 'static>(studio: Studio) -> Router<S> {
    let shared = Shared {
        studio,
        places: Arc::new(Semaphore::new(MOST_AT_ONCE)),
    };
    Router::new()
        .route("/play/{ticket}", get(play))
        .with_state(shared)
}

async fn play(
    State(shared): State<Shared>,
    Path(ticket): Path<String>,
    request: Request,
) -> Response {
    let Ok(place) = shared.places.try_acquire_owned() else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    match shared.studio.ticketed(&ticket).await {
        Some(playable) => answer::answer(playable, request.headers(), place),
        None => (StatusCode::NOT_FOUND, "nothing to be played").into_response(),
    }
}

/// An address of this computer that is listened on, before the studio is there.
pub struct Listening {
    listener: std::net::TcpListener,
    port: u16,
}

impl Listening {
    /// Takes a free port.
    ///
    /// # Errors
    /// When this computer has none.
    pub fn begin() -> std::io::Result<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        Ok(Self { listener, port })
    }

    /// What stands before a ticket in an address.
    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}/play/", self.port)
    }

    /// Serves players of the page with this origin until the program ends.
    ///
    /// # Errors
    /// When the runtime cannot take the listener.
    pub async fn serve(self, studio: Studio, origin: &'static str) -> std::io::Result<()> {
        let listener = TcpListener::from_std(self.listener)?;
        let page = Page {
            host: SocketAddr::from((Ipv4Addr::LOCALHOST, self.port)).to_string(),
            origin,
        };
        let app = routes(studio).layer(middleware::from_fn_with_state(page, guard));
        axum::serve(listener, app).await
    }
}

/// Who may ask.
#[derive(Clone)]
struct Page {
    host: String,
    origin: &'static str,
}

/// A foreign name that resolves here is an attack called DNS rebinding.
async fn guard(State(page): State<Page>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let mut hosts = headers.get_all(header::HOST).iter();
    let is_own =
        matches!((hosts.next(), hosts.next()), (Some(host), None) if host == page.host.as_str());
    if !is_own {
        return (StatusCode::MISDIRECTED_REQUEST, "not this host").into_response();
    }
    let mut origins = headers.get_all(header::ORIGIN).iter();
    if !origins.all(|origin| origin == page.origin) {
        return (StatusCode::FORBIDDEN, "not this origin").into_response();
    }
    let mut response = next.run(request).await;
    // So that a picture of a film can be taken in the window.
    let allowed = HeaderValue::from_static(page.origin);
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
    headers.insert(header::VARY, HeaderValue::from_static("origin"));
    response
}
